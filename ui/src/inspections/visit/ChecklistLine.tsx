// One line: what to look at, three large answers, a measurement where there is a unit, an observation.

import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { CheckAnswer, ChecklistItem, Finding } from "../../bindings";
import { singleKeys, typing } from "../../parts/actions";
import { Data } from "../../parts/bits";
import { Icon, type IconName } from "../../parts/Icon";
import { findingWords } from "../words";

const ANSWERS: { value: CheckAnswer; short: string; key: string; label: MessageDescriptor; icon: IconName }[] = [
  { value: "pass", short: "pass", key: "p", label: msg`Pass`, icon: "check" },
  { value: "fail", short: "fail", key: "f", label: msg`Fail`, icon: "cross" },
  { value: "not_applicable", short: "na", key: "n", label: msg`N/A`, icon: "minus" },
];

interface LineProps {
  item: ChecklistItem;
  number: number;
  finding: Finding;
  /** What was found in the visit that failed, on a line that has to be looked at again. */
  before: Finding | null;
  optional: boolean;
  current: boolean;
  locked: boolean;
  describedBy: string;
  onFocus: () => void;
  onMove: (event: KeyboardEvent) => void;
  onChange: (change: (before: Finding) => Finding) => void;
}

export function ChecklistLine({ item, number, finding, before, optional, current, locked, describedBy, onFocus, onMove, onChange }: LineProps) {
  const box = useRef<HTMLDivElement>(null);
  const unit = item.unit ?? "";
  const id = `item-${item.key}`;
  const tab = current ? 0 : -1;
  const answer = (value: CheckAnswer) => !locked && onChange((before) => ({ ...before, answer: value }));
  const field = (name: string) => box.current?.querySelector<HTMLInputElement>(`[data-field=${name}]`);

  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape" && typing(event.target)) {
      event.preventDefault();
      box.current?.focus();
    }
    if (typing(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
    onMove(event);
    const key = event.key.toLowerCase();
    const chosen = ANSWERS.find((one) => one.key === key);
    const target = key === "m" ? field("measurement") : key === "o" ? field("observation") : null;
    if ((!chosen && !target) || !singleKeys()) return;
    event.preventDefault();
    if (chosen) answer(chosen.value);
    target?.focus();
  };

  return (
    <li>
      {/* The line takes the focus, so that letters answer it and a screen reader reads it whole. */}
      {/* eslint-disable jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={box}
        role="group"
        className={`line ${finding.answer ?? "open"}${current ? " current" : ""}`}
        aria-labelledby={`${id}-text`}
        aria-describedby={describedBy}
        tabIndex={tab}
        data-line
        data-testid={id}
        data-answer={finding.answer ?? ""}
        onFocus={onFocus}
        onKeyDown={press}
      >
        {/* eslint-enable jsx-a11y/no-noninteractive-element-interactions */}
        <p className="line-text" id={`${id}-text`}>
          <span className="line-number">{number}.</span> <Data>{item.text}</Data>
          {optional && <span className="soft small"> <Trans>(optional)</Trans></span>}
          {before && <span className="line-before"><Icon name="repeat" /><Trans>Found before: <Data>{findingWords(before, item.unit)}</Data></Trans></span>}
        </p>
        <div className="answers" role="group" aria-label={t`Answer`}>
          {ANSWERS.map((one) => (
            <button
              key={one.value}
              type="button"
              className={`answer ${one.value}`}
              aria-pressed={finding.answer === one.value}
              aria-disabled={locked || undefined}
              tabIndex={tab}
              data-testid={`${id}-${one.short}`}
              onClick={() => answer(one.value)}
            >
              <Icon name={one.icon} />{i18n._(one.label)}
              {one.value === "not_applicable" && <span className="visually-hidden">, <Trans>not applicable</Trans></span>}
            </button>
          ))}
        </div>
        <div className="line-fields">
          {item.unit && (
            <DraftField
              name="measurement" label={t`Measurement in ${unit}`} unit={item.unit} testid={`${id}-measurement`} tab={tab} locked={locked}
              value={finding.measurement == null ? "" : String(finding.measurement)}
              accept={(text) => text.trim() === "" || Number.isFinite(asNumber(text))}
              onSave={(text) => onChange((before) => ({ ...before, measurement: text.trim() === "" ? undefined : asNumber(text) }))}
            />
          )}
          <DraftField
            name="observation" label={t`Observation`} testid={`${id}-observation`} tab={tab} locked={locked} value={finding.observation ?? ""}
            accept={() => true}
            onSave={(text) => onChange((before) => ({ ...before, observation: text }))}
          />
        </div>
      </div>
    </li>
  );
}

/** People write decimals with a point or a comma. */
const asNumber = (text: string) => Number(text.trim().replace(",", "."));

interface DraftProps {
  name: string;
  label: string;
  unit?: string;
  testid: string;
  tab: number;
  locked: boolean;
  value: string;
  accept: (text: string) => boolean;
  onSave: (text: string) => void;
}

/** A field saved when it is left, on Enter, and after a second without typing. */
function DraftField({ name, label, unit, testid, tab, locked, value, accept, onSave }: DraftProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const wrong = draft !== null && !accept(draft);
  const latest = useRef<() => void>(() => {});
  latest.current = () => {
    if (draft === null || wrong) return;
    if (draft !== value) onSave(draft);
  };
  useEffect(() => {
    if (draft === null) return;
    const timer = window.setTimeout(() => latest.current(), 1000);
    return () => window.clearTimeout(timer);
  }, [draft]);
  useEffect(() => () => latest.current(), []);
  return (
    <span className={`line-field ${name}`}>
      <input
        type="text"
        inputMode={unit ? "decimal" : undefined}
        aria-label={label}
        aria-invalid={wrong || undefined}
        placeholder={unit ? t`Measurement` : label}
        readOnly={locked}
        tabIndex={tab}
        data-field={name}
        data-testid={testid}
        value={draft ?? value}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && !event.ctrlKey && latest.current()}
        onBlur={() => {
          latest.current();
          if (!wrong) setDraft(null);
        }}
      />
      {unit && <span className="unit" aria-hidden="true" translate="no">{unit}</span>}
      {wrong && <span className="field-wrong" role="alert"><Trans>Numbers only, such as 12.5</Trans></span>}
    </span>
  );
}
