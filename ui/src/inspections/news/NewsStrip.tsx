// How many visits changed since the person last looked, which, and that they have seen them all.

import { useState } from "react";
import { lookedAt, problemOf } from "../../bridge";
import { refreshAll, useNews } from "../../bridge/queries";
import type { Row } from "../../bindings";
import { useActions } from "../../parts/actions";
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
  useActions(rows.length === 0 ? [] : [{ name: "mark_all_seen", label: "Mark all changes as seen", run: seen }]);
  if (rows.length === 0) return null;
  return (
    <section className="news" aria-label="Changed since you last looked" data-testid="news" data-count={rows.length}>
      <div className="news-head">
        <p role="status"><Icon name="news" />{rows.length === 1 ? "1 visit changed since you last looked" : `${rows.length.toLocaleString("en")} visits changed since you last looked`}</p>
        <div className="buttons">
          <Button onPress={() => setOpen(!open)} testid="show-news">{open ? "Hide" : "Show"}</Button>
          <Button onPress={seen} icon="check" testid="mark-all-seen">Mark all as seen</Button>
        </div>
      </div>
      {open && <ul>{rows.slice(0, LINES_MAX).map((row) => <Line key={row.id} row={row} />)}</ul>}
      {open && rows.length > LINES_MAX && <p className="small">{rows.length - LINES_MAX} more, marked on their days.</p>}
    </section>
  );
}

function Line({ row }: { row: Row }) {
  const visit = visitOf(row);
  return (
    <li data-testid={`news-${row.id}`}>
      <span>{visit.day && `${dayShort(visit.day)}, `}{windowWords(visit.from_minute, visit.to_minute)}</span>
      <a href={href({ screen: "inspection", id: row.id })}>{placeName(visit)}</a>
      <strong>{newsWords(row.news)}</strong>
    </li>
  );
}

/** All that were shown; what arrives meanwhile is not among them. */
async function seeAll(rows: Row[]) {
  try {
    await lookedAt({ records: rows.map((row) => row.id) });
    say("Marked as seen.");
  } catch (error) {
    warn(problemOf(error).sentence);
  }
  await refreshAll();
}

const NONE: Row[] = [];
