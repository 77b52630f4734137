// The days beside each other. Arrows move between visits, Enter opens one.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type KeyboardEvent, useRef } from "react";
import type { Row } from "../../bindings";
import { Data } from "../../parts/bits";
import { Icon } from "../../parts/Icon";
import { href } from "../../parts/route";
import { dayShort, minuteClock } from "../../parts/time";
import { NewsChip } from "../chips";
import { isOver, placeName, PRIORITY, STATUS, visitOf } from "../words";

export interface WeekDay {
  day: string;
  visits: Row[];
}

export function WeekColumns({ days, today }: { days: WeekDay[]; today: string }) {
  const box = useRef<HTMLOListElement>(null);
  const move = (event: KeyboardEvent) => {
    const next = box.current && neighbour(box.current, event.target as HTMLElement, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  return (
    /* The list answers to arrows on behalf of the links in it. */
    /* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */
    <ol className="week" ref={box} onKeyDown={move}>
      {days.map(({ day, visits }) => (
        <li key={day} className={`week-day${day === today ? " today" : ""}`} data-week-day data-testid={`week-${day}`} data-count={visits.length}>
          <h2><a href={href({ screen: "today", day: day === today ? null : day })}>{dayShort(day)}</a>{day === today && <span className="week-today"><Trans>Today</Trans></span>}</h2>
          {visits.length === 0 ? <p className="soft small"><Trans>No visits</Trans></p> : (
            <ul>{visits.map((row) => <li key={row.id}><Short row={row} /></li>)}</ul>
          )}
        </li>
      ))}
    </ol>
  );
}

function Short({ row }: { row: Row }) {
  const visit = visitOf(row);
  const status = STATUS[visit.status];
  const priority = PRIORITY[visit.priority];
  return (
    <a className={`week-visit ${status.tone}${isOver(visit) ? " over" : ""}`} data-week-visit data-testid={`week-visit-${row.id}`} href={href({ screen: "inspection", id: row.id })}>
      <strong>{visit.from_minute == null ? t`Any time` : minuteClock(visit.from_minute)}</strong>
      <span className="week-place"><Data>{placeName(visit)}</Data></span>
      <span className="week-status"><Icon name={status.icon} />{status.label}</span>
      {priority && <span className="week-status"><Icon name={priority.icon} />{priority.label}</span>}
      <NewsChip news={row.news} />
    </a>
  );
}

function neighbour(box: HTMLElement, from: HTMLElement, key: string): HTMLElement | undefined {
  const columns = [...box.querySelectorAll<HTMLElement>("[data-week-day]")]
    .map((column) => [...column.querySelectorAll<HTMLElement>("[data-week-visit]")])
    .filter((column) => column.length > 0);
  const at = columns.findIndex((column) => column.includes(from));
  const column = columns[at] ?? [];
  const line = column.indexOf(from);
  if (key === "ArrowDown") return column[line + 1];
  if (key === "ArrowUp") return column[line - 1];
  const [onward, backward] = getComputedStyle(box).direction === "rtl" ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
  const other = key === onward ? columns[at + 1] : key === backward ? columns[at - 1] : undefined;
  return at === -1 ? undefined : (other?.[line] ?? other?.at(-1));
}
