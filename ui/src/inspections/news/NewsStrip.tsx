// How many visits changed since the person last looked, which, and that they have seen them all.

import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { lookedAt, problemOf } from "../../bridge";
import { refreshAll, useNews } from "../../bridge/queries";
import type { Row } from "../../bindings";
import { useActions } from "../../parts/actions";
import { Data } from "../../parts/bits";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { href } from "../../parts/route";
import { dayShort, windowWords } from "../../parts/time";
import { say, warn } from "../../parts/toast";
import { newsWords, placeName, visitOf } from "../words";
import "./news.css";

/** Longer lists are better read day by day. */
const LINES_MAX = 50;

export function NewsStrip() {
  const { data: rows = NONE } = useNews();
  const [open, setOpen] = useState(false);
  const seen = () => void seeAll(rows);
  useActions(rows.length === 0 ? [] : [{ name: "mark_all_seen", label: t`Mark all changes as seen`, run: seen }]);
  if (rows.length === 0) return null;
  const more = rows.length - LINES_MAX;
  return (
    <section className="news" aria-label={t`Changed since you last looked`} data-testid="news" data-count={rows.length}>
      <div className="news-head">
        <p role="status"><Icon name="news" />{plural(rows.length, { one: "# visit changed since you last looked", other: "# visits changed since you last looked" })}</p>
        <div className="buttons">
          <Button onPress={() => setOpen(!open)} testid="show-news">{open ? t`Hide` : t`Show`}</Button>
          <Button onPress={seen} icon="check" testid="mark-all-seen"><Trans>Mark all as seen</Trans></Button>
        </div>
      </div>
      {open && <ul>{rows.slice(0, LINES_MAX).map((row) => <Line key={row.id} row={row} />)}</ul>}
      {open && more > 0 && <p className="small">{plural(more, { one: "# more, marked on its day.", other: "# more, marked on their days." })}</p>}
    </section>
  );
}

function Line({ row }: { row: Row }) {
  const visit = visitOf(row);
  return (
    <li data-testid={`news-${row.id}`}>
      <span>{visit.day && `${dayShort(visit.day)}, `}{windowWords(visit.from_minute, visit.to_minute)}</span>
      <a href={href({ screen: "inspection", id: row.id })}><Data>{placeName(visit)}</Data></a>
      <strong>{newsWords(row.news)}</strong>
    </li>
  );
}

/** All that were shown; what arrives meanwhile is not among them. */
async function seeAll(rows: Row[]) {
  try {
    await lookedAt({ records: rows.map((row) => row.id) });
    say(t`Marked as seen.`);
  } catch (error) {
    warn(problemOf(error).sentence, "en");
  }
  await refreshAll();
}

const NONE: Row[] = [];
