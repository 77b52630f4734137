// One inspector's day: name, how much there is to do, the visits.

import { plural, t } from "@lingui/core/macro";
import type { PointerEvent, ReactNode } from "react";
import type { Row, VisitStatus } from "../../bindings";
import { Data } from "../../parts/bits";
import { Icon } from "../../parts/Icon";
import { lengthWords, minuteClock, windowWords } from "../../parts/time";
import { isOver, newsWords, PRIORITY, placeName, STATUS, visitOf } from "../words";
import type { Hatch } from "./away";
import { type Lane, overlaps, stacked } from "./load";

interface LaneRowProps {
  lane: Lane;
  span: { from: number; to: number };
  now: number | null;
  selected: string | null;
  tabStop: string | null;
  over: boolean;
  /** What of the day is not free. */
  hatches: Hatch[];
  menu: ReactNode;
  onSelect: (id: string) => void;
  onGrab: (event: PointerEvent, id: string) => void;
}

const LINES_MAX = 6;
/** The height of a line below the visits, where it is written what the hatching means. */
const HATCH_WORDS = 1.75;

export function LaneRow({ lane, span, now, selected, tabStop, over, hatches, menu, onSelect, onGrab }: LaneRowProps) {
  const bars = stacked(lane.visits, LINES_MAX);
  const lines = Math.max(1, ...bars.map((bar) => bar.line + 1));
  const hidden = lane.visits.length - bars.length;
  const at = (minute: number) => `${(100 * (minute - span.from)) / (span.to - span.from)}%`;
  const title = lane.person ?? "nobody";
  const { name } = lane;
  return (
    <li className={`lane${over ? " over" : ""}${lane.person ? "" : " nobody"}`} data-lane data-person={lane.person ?? ""} data-testid={`inspector-${title}`} data-count={lane.visits.length} aria-labelledby={`lane-${title}`}>
      <div className="lane-head">
        <div className="lane-words">
          <h2 id={`lane-${title}`}>{lane.person ? <Data>{name}</Data> : name}</h2>
          <Workload lane={lane} />
        </div>
        {menu}
      </div>
      <ul className="track" style={{ height: `${lines * 3.5 + hatches.length * HATCH_WORDS}rem` }} aria-label={t`Visits of ${name}`}>
        {hatches.map((hatch, line) => <Hatched key={hatch.id} hatch={hatch} line={line} span={span} at={at} />)}
        {bars.map(({ row, line }) => (
          <Bar
            key={row.id} row={row} at={at} span={span} top={line}
            clash={lane.person !== null && overlaps(row, lane.visits).length > 0}
            selected={row.id === selected} tabStop={row.id === tabStop} onSelect={onSelect} onGrab={onGrab}
          />
        ))}
        {now !== null && now >= span.from && now <= span.to && <li className="now" aria-hidden="true" style={{ insetInlineStart: at(now) }} />}
        {hidden > 0 && <li className="lane-more">{t`${hidden} more in the table`}</li>}
      </ul>
    </li>
  );
}

interface HatchedProps {
  hatch: Hatch;
  /** Which line of words below the visits is its own. */
  line: number;
  span: { from: number; to: number };
  at: (minute: number) => string;
}

function Hatched({ hatch, line, span, at }: HatchedProps) {
  const from = Math.max(span.from, hatch.from ?? span.from);
  const to = Math.min(span.to, hatch.to ?? span.to);
  if (to <= from) return null;
  return (
    <li className="hatched" style={{ insetInlineStart: at(from), width: `calc(${at(to)} - ${at(from)})` }} data-testid={`hatched-${hatch.id}`} title={hatch.words}>
      <span className="hatched-words" style={{ marginBottom: `${line * HATCH_WORDS}rem` }}><Icon name="absent" />{hatch.shown}</span>
    </li>
  );
}

function Workload({ lane }: { lane: Lane }) {
  const counts = Object.entries(lane.counts) as [VisitStatus, number][];
  const total = lane.visits.length;
  const done = lane.visits.filter((row) => isOver(visitOf(row))).length;
  const open = total - done;
  const words = counts.map(([status, count]) => `${count} ${STATUS[status].label.toLowerCase()}`).join(", ");
  return (
    <div className="workload">
      <p className="small">{total === 0 ? t`No visits` : plural(total, { one: "# visit", other: "# visits" })}{lane.minutes > 0 && `, ${lengthWords(lane.minutes)}`}</p>
      {total > 0 && (
        <>
          <span className="workload-bar" aria-hidden="true">
            {counts.map(([status, count]) => <span key={status} className={STATUS[status].tone} style={{ flexGrow: count }} />)}
          </span>
          <p className="soft workload-words" title={words}>{t`${done} done, ${open} to do`}<span className="visually-hidden">: {words}</span></p>
        </>
      )}
    </div>
  );
}

interface BarProps {
  row: Row;
  at: (minute: number) => string;
  span: { from: number; to: number };
  top: number;
  clash: boolean;
  selected: boolean;
  tabStop: boolean;
  onSelect: (id: string) => void;
  onGrab: (event: PointerEvent, id: string) => void;
}

function Bar({ row, at, span, top, clash, selected, tabStop, onSelect, onGrab }: BarProps) {
  const visit = visitOf(row);
  const from = visit.from_minute ?? span.from;
  const to = visit.to_minute ?? from + 30;
  const status = STATUS[visit.status];
  const priority = PRIORITY[visit.priority];
  const news = newsWords(row.news);
  const said = [
    status.label, priority?.label, news, clash && t`overlaps another visit`, row.waiting.length > 0 && t`waiting to send`,
  ].filter(Boolean).join(", ");
  const rest = [visit.inspection_type_name, said].filter(Boolean).join(", ");
  return (
    <li className="bar-place" style={{ insetInlineStart: at(from), width: `calc(${at(to)} - ${at(from)})`, top: `${top * 3.5 + 0.25}rem` }}>
      <button
        type="button"
        className={`bar ${status.tone}${selected ? " selected" : ""}${clash ? " clash" : ""}`}
        data-bar
        data-testid={`bar-${row.id}`}
        aria-pressed={selected}
        title={`${windowWords(visit.from_minute, visit.to_minute)}, ${placeName(visit)}, ${rest}`}
        tabIndex={tabStop ? 0 : -1}
        onFocus={() => onSelect(row.id)}
        onClick={() => onSelect(row.id)}
        onPointerDown={(event) => onGrab(event, row.id)}
      >
        <span className="bar-top">
          {visit.from_minute == null ? t`Any` : minuteClock(visit.from_minute)}
          {visit.to_minute != null && <span className="visually-hidden"> {t`to ${minuteClock(visit.to_minute)}`}, </span>}
          {news && <span className="bar-news" aria-hidden="true"><Icon name="news" />{row.news.includes("new") ? t`New` : t`Changed`}</span>}
        </span>
        <span className="bar-words"><Icon name={clash ? "alert" : (priority?.icon ?? status.icon)} /><Data>{placeName(visit)}</Data></span>
        <span className="visually-hidden">, <Data>{visit.inspection_type_name}</Data>, {said}</span>
      </button>
    </li>
  );
}
