// When somebody is not there, and what is blocked: the days of it, as they were written down.

import type { Absence, Block, Row } from "../../bindings";
import { daysWords, windowWords } from "../../parts/time";
import { ABSENCE, blockOf, personOf } from "../words";

interface Days {
  from_day: string;
  until_day: string;
}

/** A part of a day that is drawn as not free. */
export interface Hatch {
  id: string;
  /** Minutes of the day; absent for the whole of it. */
  from?: number;
  to?: number;
  words: string;
}

export const covers = ({ from_day, until_day }: Days, day: string) => from_day <= day && day <= until_day;

export const absenceOn = (person: Row | undefined, day: string): Absence | null =>
  (person && personOf(person).absences?.find((absence) => covers(absence, day))) ?? null;

/** Absences that are not over. */
export const absencesFrom = (person: Row, today: string): Absence[] =>
  (personOf(person).absences ?? []).filter((absence) => absence.until_day >= today);

export const absenceWords = (absence: Absence) => `Unavailable: ${ABSENCE[absence.reason].toLowerCase()}, ${daysWords(absence.from_day, absence.until_day)}`;

export const blockTime = (block: Block) =>
  `${daysWords(block.from_day, block.until_day)}, ${block.from_minute == null ? "whole day" : windowWords(block.from_minute, block.to_minute)}`;

/** What is not free on an inspector's day: their own absence, their blocks and those of their calendars. */
export function hatchesOf(person: Row | undefined, blocks: Row[], day: string): Hatch[] {
  if (!person) return [];
  const { inspects = [] } = personOf(person);
  const absence = absenceOn(person, day);
  const theirs = blocks.filter((row) => {
    const block = blockOf(row);
    return covers(block, day) && (block.person ? block.person === person.id : inspects.includes(block.calendar));
  });
  return [
    ...(absence ? [{ id: absence.id, words: absenceWords(absence) }] : []),
    ...theirs.map((row) => {
      const { from_minute, to_minute, because } = blockOf(row);
      return { id: row.id, from: from_minute, to: to_minute, words: because ? `Blocked: ${because}` : "Blocked" };
    }),
  ];
}
