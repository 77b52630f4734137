// The visits of a day in order. Arrows move, Enter opens; only what is on the screen is drawn.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef } from "react";
import type { Row } from "../../bindings";
import { Data } from "../../parts/bits";
import { Icon } from "../../parts/Icon";
import { href } from "../../parts/route";
import { minuteClock } from "../../parts/time";
import { VisitChips } from "../chips";
import { isOver, placeName, visitOf } from "../words";

interface VisitListProps {
  rows: Row[];
  selected: string | null;
  onSelect: (id: string) => void;
  showAssignee: boolean;
}

/** Up to here every row is drawn, which lets the browser's own search find it. */
const DRAWN_MAX = 200;

export function VisitList({ rows, selected, onSelect, showAssignee }: VisitListProps) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => 76,
    overscan: rows.length > DRAWN_MAX ? 6 : DRAWN_MAX,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const at = Math.max(0, rows.findIndex((row) => row.id === selected));

  useEffect(() => {
    if (selected !== null) virtual.scrollToIndex(at, { align: "auto" });
  }, [selected, at, virtual]);

  const move = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 };
    const wanted = steps[event.key];
    const row = wanted === undefined ? undefined : rows[wanted];
    if (wanted === undefined || !row) return;
    event.preventDefault();
    onSelect(row.id);
    virtual.scrollToIndex(wanted, { align: "auto" });
    focusWhenDrawn(row.id);
  };

  return (
    <div ref={box} className="visit-list" data-count={rows.length}>
      {/* The list answers to arrows on behalf of the links in it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <ol style={{ height: virtual.getTotalSize() }} onKeyDown={move} aria-label={t`Visits in order`}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return row && (
            <li
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              aria-setsize={rows.length}
              aria-posinset={item.index + 1}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <VisitLine row={row} number={item.index + 1} current={item.index === at} selected={row.id === selected} onSelect={onSelect} showAssignee={showAssignee} />
            </li>
          );
        })}
      </ol>
    </div>
  );
}

interface LineProps {
  row: Row;
  number: number;
  current: boolean;
  selected: boolean;
  onSelect: (id: string) => void;
  showAssignee: boolean;
}

function VisitLine({ row, number, current, selected, onSelect, showAssignee }: LineProps) {
  const visit = visitOf(row);
  return (
    <a
      className={`visit${isOver(visit) ? " over" : ""}${selected ? " selected" : ""}`}
      id={`visit-${row.id}`}
      data-testid={`visit-${row.id}`}
      data-status={visit.status}
      href={href({ screen: "inspection", id: row.id })}
      tabIndex={current ? 0 : -1}
      onFocus={() => onSelect(row.id)}
    >
      <span className="visit-number" aria-hidden="true">{number}</span>
      <span className="visit-time">
        {visit.from_minute == null ? t`Any time` : minuteClock(visit.from_minute)}
        {visit.to_minute != null && <span className="soft">{minuteClock(visit.to_minute)}</span>}
      </span>
      <span className="visit-what">
        <strong><Data>{placeName(visit)}</Data></strong>
        <span className="visit-kind" translate="no">
          {[visit.inspection_type_name, visit.permit_type].filter(Boolean).join(" · ")}
          {visit.permit_number && <> · <span className="nowrap">{visit.permit_number}</span></>}
        </span>
        {showAssignee && <span className="soft small">{visit.assignee_name ? <Data>{visit.assignee_name}</Data> : <Trans>Nobody assigned</Trans>}</span>}
        {visit.special_notes && <span className="visit-note"><Icon name="note" /><Data>{visit.special_notes}</Data></span>}
      </span>
      <span className="chips"><VisitChips row={row} /></span>
    </a>
  );
}

/** A row far away is drawn a moment after it was scrolled to. */
function focusWhenDrawn(id: string, tries = 10) {
  const element = document.getElementById(`visit-${id}`);
  if (element) element.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusWhenDrawn(id, tries - 1));
}
