// The day of a team as plain data: who has which visits, how much, and what lies on top of what.

import { t } from "@lingui/core/macro";
import type { Row, VisitStatus } from "../../bindings";
import { minutesOf, personOf, visitOf } from "../words";

export interface Lane {
  /** Nothing for the visits nobody has. */
  person: string | null;
  name: string;
  /** Their profile, where this laptop has it. */
  profile?: Row;
  inspects: string[];
  visits: Row[];
  minutes: number;
  counts: Partial<Record<VisitStatus, number>>;
}

/** One lane per inspector who is on the roster or has visits, in the order of names; unassigned visits first. */
export function lanesOf(people: Row[], visits: Row[]): Lane[] {
  const lanes = new Map<string | null, Lane>();
  for (const row of people) {
    const person = personOf(row);
    lanes.set(row.id, { ...lane(row.id, person.name, person.inspects ?? []), profile: row });
  }
  for (const row of visits) {
    const visit = visitOf(row);
    const person = visit.assignee ?? null;
    const own = lanes.get(person) ?? lane(person, visit.assignee_name || (person ? t`Inspector not on this laptop` : t`Nobody assigned`), []);
    own.visits.push(row);
    own.minutes += minutesOf(visit);
    own.counts[visit.status] = (own.counts[visit.status] ?? 0) + 1;
    lanes.set(person, own);
  }
  return [...lanes.values()].sort((a, b) => Number(a.person !== null) - Number(b.person !== null) || a.name.localeCompare(b.name));
}

/** Visits of a lane that share time with the given one. */
export function overlaps(row: Row, others: Row[]): Row[] {
  const visit = visitOf(row);
  const { from_minute: from, to_minute: to } = visit;
  if (from == null || to == null || visit.status === "cancelled") return [];
  return others.filter((other) => {
    const { from_minute, to_minute, status } = visitOf(other);
    if (other.id === row.id || from_minute == null || to_minute == null || status === "cancelled") return false;
    return from_minute < to && from < to_minute;
  });
}

/** A line of its own for every visit that would cover another. */
export function stacked(visits: Row[], linesMax: number): { row: Row; line: number }[] {
  const ends: number[] = [];
  return visits.flatMap((row) => {
    const { from_minute, to_minute } = visitOf(row);
    const from = from_minute ?? 0;
    const free = ends.findIndex((end) => end <= from);
    const line = free === -1 ? ends.length : free;
    if (line >= linesMax) return [];
    ends[line] = to_minute ?? from + 30;
    return [{ row, line }];
  });
}

function lane(person: string | null, name: string, inspects: string[]): Lane {
  return { person, name, inspects, visits: [], minutes: 0, counts: {} };
}
