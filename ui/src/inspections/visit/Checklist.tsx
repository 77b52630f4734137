// The checklist, one line at a time. It is made for one hand: arrows move, a letter answers, everything is saved as it is set.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { ChecklistItem, Sheet } from "../../bindings";
import { Ruled } from "../../parts/bits";
import { DenialDialog } from "../../parts/Denial";
import { offer } from "../../commands/doing";
import { typeOf, visitOf } from "../words";
import { ChecklistLine } from "./ChecklistLine";
import { useFindings } from "./useFindings";

export function Checklist({ sheet }: { sheet: Sheet }) {
  const visit = visitOf(sheet.row);
  const items = (sheet.inspection_type && typeOf(sheet.inspection_type).checklist) ?? [];
  const findings = visit.findings ?? {};
  const before = visit.found_before ?? {};
  const again = Object.keys(before).length > 0;
  const lines = items.length;
  const answered = items.filter((item) => findings[item.key]?.answer != null).length;
  const affordance = offer(sheet, "record_checklist_item");
  const denial = affordance?.allowed ? null : (affordance?.denial ?? null);
  const locked = !affordance?.allowed;
  const change = useFindings(sheet);
  const list = useRef<HTMLOListElement>(null);
  const [current, setCurrent] = useState(() => firstOpen(items, findings));
  const [asked, setAsked] = useState(false);
  const reason = useId();

  // Whoever opens a visit that is under way can answer the next line without looking for it.
  useEffect(() => {
    if (visit.status === "in_progress" && !locked) focusLine(list.current, current);
    // Only on opening: later the person decides where to be.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  const move = (event: KeyboardEvent, index: number) => {
    const steps: Record<string, number> = { ArrowDown: index + 1, ArrowUp: index - 1 };
    const wanted = steps[event.key];
    if (wanted === undefined || !items[wanted]) return;
    event.preventDefault();
    focusLine(list.current, wanted);
  };

  if (items.length === 0) return null;
  return (
    <section className="section checklist" aria-labelledby="checklist-title">
      <h2 id="checklist-title" className="checklist-title">
        <Trans>Checklist</Trans>
        <span className="checklist-progress" data-testid="progress">
          <span className="meter" aria-hidden="true"><span style={{ width: `${(100 * answered) / items.length}%` }} /></span>
          {t`${answered} of ${lines} answered`}
        </span>
      </h2>
      {denial && (
        <p className="notice" id={reason}>
          <span><Ruled>{denial.sentence}</Ruled> <button type="button" className="link" onClick={() => setAsked(true)}><Trans>Why?</Trans></button></span>
        </p>
      )}
      {!locked && (
        <p className="soft small" id={reason}>
          <Trans>
            Arrows move between lines. <kbd translate="no">P</kbd> pass <kbd translate="no">F</kbd> fail <kbd translate="no">N</kbd> not
            applicable <kbd translate="no">M</kbd> measurement <kbd translate="no">O</kbd> observation
          </Trans>
        </p>
      )}
      <ol ref={list}>
        {items.map((item, index) => (
          <ChecklistLine
            key={item.key}
            item={item}
            number={index + 1}
            finding={findings[item.key] ?? {}}
            before={before[item.key] ?? null}
            optional={again ? !before[item.key] : !item.required}
            current={index === current}
            locked={locked}
            describedBy={reason}
            onFocus={() => setCurrent(index)}
            onMove={(event) => move(event, index)}
            onChange={(to) => void change(item.key, to)}
          />
        ))}
      </ol>
      {denial && <DenialDialog denial={denial} title={t`Fill in the checklist`} isOpen={asked} onClose={() => setAsked(false)} />}
    </section>
  );
}

function firstOpen(items: ChecklistItem[], findings: Record<string, { answer?: unknown }>): number {
  return Math.max(0, items.findIndex((item) => findings[item.key]?.answer == null));
}

function focusLine(list: HTMLOListElement | null, index: number) {
  const line = list?.querySelectorAll<HTMLElement>("[data-line]")[index];
  line?.focus({ preventScroll: true });
  line?.scrollIntoView({ block: "nearest" });
}
