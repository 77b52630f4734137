// How a visit's state looks everywhere: an icon and a word.

import { Trans } from "@lingui/react/macro";
import type { Row } from "../bindings";
import { Chip } from "../parts/bits";
import { OVERALL, PRIORITY, STATUS, visitOf, type Word } from "./words";

export const WordChip = ({ word, testid }: { word: Word; testid?: string }) => (
  <Chip icon={word.icon} tone={word.tone} testid={testid}>{word.label}</Chip>
);

export function VisitChips({ row, status }: { row: Row; status?: boolean }) {
  const visit = visitOf(row);
  const priority = PRIORITY[visit.priority];
  return (
    <>
      {priority && <WordChip word={priority} />}
      {status !== false && <WordChip word={STATUS[visit.status]} />}
      {visit.result && <WordChip word={OVERALL[visit.result.overall]} />}
      {row.waiting.length > 0 && <Chip icon="send" tone="accent"><Trans>Waiting to send</Trans></Chip>}
    </>
  );
}
