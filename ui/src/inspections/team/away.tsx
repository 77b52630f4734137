// When somebody is not there, and what is blocked: the days of it, as they were written down.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { Absence, Block, Row } from "../../bindings";
import { Data } from "../../parts/bits";
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
  /** The same, with what somebody wrote marked as theirs. */
  shown: ReactNode;
}

export const covers = ({ from_day, until_day }: Days, day: string) => from_day <= day && day <= until_day;

export const absenceOn = (person: Row | undefined, day: string): Absence | null =>
  (person && personOf(person).absences?.find((absence) => covers(absence, day))) ?? null;

/** Absences that are not over. */
export const absencesFrom = (person: Row, today: string): Absence[] =>
  (personOf(person).absences ?? []).filter((absence) => absence.until_day >= today);

export function absenceWords({ reason, from_day, until_day }: Absence): string {
  const [why, days] = [ABSENCE[reason].toLowerCase(), daysWords(from_day, until_day)];
  return t`Unavailable: ${why}, ${days}`;
}

export const blockTime = (block: Block) =>
  `${daysWords(block.from_day, block.until_day)}, ${block.from_minute == null ? t`whole day` : windowWords(block.from_minute, block.to_minute)}`;

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
    ...(absence ? [{ id: absence.id, words: absenceWords(absence), shown: absenceWords(absence) }] : []),
    ...theirs.map((row) => {
      const { from_minute, to_minute, because } = blockOf(row);
      return {
        id: row.id, from: from_minute, to: to_minute,
        words: because ? t`Blocked: ${because}` : t`Blocked`,
        shown: because ? <Trans>Blocked: <Data>{because}</Data></Trans> : <Trans>Blocked</Trans>,
      };
    }),
  ];
}
