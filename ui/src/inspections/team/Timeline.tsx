// One line per inspector, from 08 to 17. Arrows move between visits, R reassigns; dragging does the same for a mouse.

import { Trans } from "@lingui/react/macro";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { minuteClock } from "../../parts/time";
import { visitOf } from "../words";
import type { Hatch } from "./away";
import { LaneRow } from "./LaneRow";
import type { Lane } from "./load";
import { useDrop } from "./useDrop";

interface TimelineProps {
  lanes: Lane[];
  now: number | null;
  selected: string | null;
  onSelect: (id: string) => void;
  onDrop: (id: string, to: string) => void;
  hatchesOf: (lane: Lane) => Hatch[];
  menuOf: (lane: Lane) => ReactNode;
}

const FIRST = 8 * 60;
const LAST = 17 * 60;

export function Timeline({ lanes, now, selected, onSelect, onDrop, hatchesOf, menuOf }: TimelineProps) {
  const box = useRef<HTMLDivElement>(null);
  const { dragging, start } = useDrop(onDrop);
  const span = spanOf(lanes);
  const hours = Array.from({ length: (span.to - span.from) / 60 }, (_, index) => span.from + index * 60);
  const first = lanes.find((lane) => lane.visits.length > 0)?.visits[0]?.id ?? null;

  const move = (event: KeyboardEvent) => {
    const bar = (event.target as HTMLElement).closest<HTMLElement>("[data-bar]");
    if (!bar || !box.current) return;
    if (event.key === "Enter") {
      event.preventDefault();
      document.querySelector<HTMLElement>("[data-selected-actions] button, [data-selected-actions] a")?.focus();
      return;
    }
    const next = neighbour(box.current, bar, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  return (
    <div className="timeline-box">
      <p className="soft small"><Trans>Arrows move between visits. <kbd translate="no">R</kbd> reassign <kbd translate="no">Enter</kbd> what can be done</Trans></p>
      {/* It only moves the focus between the bars. */}
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div className="timeline" ref={box} onKeyDown={move}>
        <div className="hours" aria-hidden="true">
          {hours.map((minute) => <span key={minute}>{minuteClock(minute)}</span>)}
        </div>
        <ul className="lanes" style={{ "--hours": hours.length } as React.CSSProperties}>
          {lanes.map((lane) => (
            <LaneRow
              key={lane.person ?? "nobody"}
              lane={lane}
              span={span}
              now={now}
              selected={selected}
              tabStop={selected ?? first}
              hatches={hatchesOf(lane)}
              menu={menuOf(lane)}
              over={dragging !== null && dragging.over === lane.person}
              onSelect={onSelect}
              onGrab={start}
            />
          ))}
        </ul>
      </div>
    </div>
  );
}

/** Eight to five, or wider when somebody starts earlier or ends later. */
function spanOf(lanes: Lane[]): { from: number; to: number } {
  let from = FIRST;
  let to = LAST;
  for (const row of lanes.flatMap((lane) => lane.visits)) {
    const { from_minute, to_minute } = visitOf(row);
    if (from_minute != null) from = Math.min(from, Math.floor(from_minute / 60) * 60);
    if (to_minute != null) to = Math.max(to, Math.ceil(to_minute / 60) * 60);
  }
  return { from, to };
}

function neighbour(box: HTMLElement, bar: HTMLElement, key: string): HTMLElement | undefined {
  const rows = [...box.querySelectorAll<HTMLElement>("[data-lane]")]
    .map((lane) => [...lane.querySelectorAll<HTMLElement>("[data-bar]")].sort((a, b) => a.offsetLeft - b.offsetLeft))
    .filter((row) => row.length > 0);
  const at = rows.findIndex((row) => row.includes(bar));
  const row = rows[at] ?? [];
  const [onward, backward] = getComputedStyle(box).direction === "rtl" ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
  if (key === onward) return row[row.indexOf(bar) + 1];
  if (key === backward) return row[row.indexOf(bar) - 1];
  const other = key === "ArrowDown" ? rows[at + 1] : key === "ArrowUp" ? rows[at - 1] : undefined;
  const distance = (one: HTMLElement) => Math.abs(one.offsetLeft - bar.offsetLeft);
  return other?.reduce((best, one) => (distance(one) < distance(best) ? one : best));
}
