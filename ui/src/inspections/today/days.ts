// Finding a day that has visits, by asking whether spans of days hold any.

import { list } from "../../bridge";
import { addDays } from "../../parts/time";
import { visitOf } from "../words";

/** The keys of one day in the index by day and minute. */
export const dayRange = (day: string) => ({ from: `${day}|`, to: `${day}|~` });

const SPANS = [7, 31, 366, 3_660, 36_600];

/** The nearest days with visits before and after the given one. */
export async function nearestDays(day: string): Promise<{ before: string | null; after: string | null }> {
  const [before, after] = await Promise.all([lastBefore(day), firstFrom(addDays(day, 1), "9999-12-31")]);
  return { before, after };
}

async function firstFrom(from: string, to: string): Promise<string | null> {
  const rows = await list({ kind: "appointment", index: "day", from: `${from}|`, to: `${to}|~`, limit: 1 });
  return rows[0] ? (visitOf(rows[0]).day ?? null) : null;
}

/** The index runs forwards only, so the last day is found by halving the span it must be in. */
async function lastBefore(day: string): Promise<string | null> {
  for (const span of SPANS) {
    let found = await firstFrom(addDays(day, -span), addDays(day, -1));
    if (!found) continue;
    let end = addDays(day, -1);
    while (found < end) {
      const half = middle(found, end);
      const later: string | null = await firstFrom(addDays(half, 1), end);
      if (later) found = later;
      else end = half;
    }
    return found;
  }
  return null;
}

function middle(from: string, to: string): string {
  const days = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
  return addDays(from, Math.floor(days / 2));
}
