// How a visit's state looks everywhere: an icon and a word.

import { Trans } from "@lingui/react/macro";
import type { News, Row } from "../bindings";
import { Chip } from "../parts/bits";
import { Icon } from "../parts/Icon";
import { newsWords, OVERALL, PRIORITY, STATUS, visitOf, type Word } from "./words";

export const WordChip = ({ word, testid }: { word: Word; testid?: string }) => (
  <Chip icon={word.icon} tone={word.tone} testid={testid}>{word.label}</Chip>
);

/** A quiet mark on what changed since its reader last looked. */
export function NewsChip({ news }: { news: News[] }) {
  const words = newsWords(news);
  return words && <span className="news-chip" data-testid="news-chip" data-news={news.join(" ")}><Icon name="news" />{words}</span>;
}

export function VisitChips({ row, status }: { row: Row; status?: boolean }) {
  const visit = visitOf(row);
  const priority = PRIORITY[visit.priority];
  return (
    <>
      {priority && <WordChip word={priority} />}
      {status !== false && <WordChip word={STATUS[visit.status]} />}
      {visit.result && <WordChip word={OVERALL[visit.result.overall]} />}
      <NewsChip news={row.news} />
      {row.waiting.length > 0 && <Chip icon="send" tone="accent"><Trans>Waiting to send</Trans></Chip>}
    </>
  );
}
