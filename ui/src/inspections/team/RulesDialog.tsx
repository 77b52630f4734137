// The rules of a calendar, each with what it means, its unit and its limits.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { type CalendarRules, HOURS_MAX, type Problem, type Row } from "../../bindings";
import { Check, Field } from "../../parts/bits";
import { Dialog } from "../../parts/Dialog";
import { count } from "../../parts/language";
import { minuteClock } from "../../parts/time";
import { CommandForm } from "../../commands/CommandForm";
import { perform } from "../../commands/doing";
import { calendarOf } from "../words";
import { rulesOf } from "./useRules";

interface RulesDialogProps {
  /** The calendars whose rules the person may change. */
  calendars: Row[];
  calendar: string;
  onClose: () => void;
}

/** Every quarter of an hour of the day, and its last minute. */
const CUTOFFS = [...Array.from({ length: 96 }, (_, index) => index * 15), 24 * 60 - 1];

export function RulesDialog({ calendars, calendar, onClose }: RulesDialogProps) {
  const [id, setId] = useState(calendar);
  const row = calendars.find((one) => one.id === id);
  return (
    <Dialog title={t`Calendar rules`} isOpen onClose={onClose} wide testid="rules-dialog">
      <Field label={t`Calendar`}>
        {(ids) => (
          <select {...ids} data-testid="rules-calendar" value={id} onChange={(event) => setId(event.target.value)}>
            {calendars.map((one) => <option key={one.id} value={one.id}>{calendarOf(one).name}</option>)}
          </select>
        )}
      </Field>
      {row && <Form key={id} row={row} onClose={onClose} />}
    </Dialog>
  );
}

function Form({ row, onClose }: { row: Row; onClose: () => void }) {
  // What was there when the person began: the office is told, and says so where somebody else changed it meanwhile.
  const [saw] = useState(() => rulesOf(row));
  const [cutoff, setCutoff] = useState(saw.cutoff_minute);
  const [reschedule, setReschedule] = useState(String(saw.reschedule_hours));
  const [cancel, setCancel] = useState(String(saw.cancel_hours));
  const [location, setLocation] = useState(saw.photo_location ?? false);
  const give = async () => {
    const rules: CalendarRules = { cutoff_minute: cutoff, reschedule_hours: hoursOf(reschedule), cancel_hours: hoursOf(cancel), photo_location: location };
    const change = (from: CalendarRules, to: CalendarRules) =>
      ({ name: "change_calendar_rules" as const, input: { calendar: row.id, saw: from, rules: to } });
    await perform(change(saw, rules), t`Rules changed. Saved on this laptop.`, change(rules, saw));
  };
  const cutoffs = CUTOFFS.includes(saw.cutoff_minute) ? CUTOFFS : [...CUTOFFS, saw.cutoff_minute].sort((a, b) => a - b);
  const now = minuteClock(saw.cutoff_minute);
  return (
    <CommandForm confirm={t`Change rules`} testid="confirm-rules" give={give} onDone={onClose} onCancel={onClose}>
      <Field label={t`Inspectors may ask for reassignment until`} hint={t`A time of day, on the day of the visit, 00:00 to 23:59. Later than that only a manager reassigns. Now ${now}.`}>
        {(ids) => (
          <select {...ids} data-testid="rules-cutoff" value={cutoff} onChange={(event) => setCutoff(Number(event.target.value))}>
            {cutoffs.map((minute) => <option key={minute} value={minute}>{minuteClock(minute)}</option>)}
          </select>
        )}
      </Field>
      <Hours label={t`Applicants may reschedule until`} testid="rules-reschedule" now={saw.reschedule_hours} value={reschedule} onChange={setReschedule} />
      <Hours label={t`Applicants may cancel until`} testid="rules-cancel" now={saw.cancel_hours} value={cancel} onChange={setCancel} />
      <Check label={t`Photos keep where they were taken`} hint={t`Cameras write the place into a photo. Unless this is ticked it is taken out before the photo is saved.`} testid="rules-location" checked={location} onChange={setLocation} />
      <p className="soft"><Trans>The new rules apply to visits that are booked already too, as soon as the office has them.</Trans></p>
    </CommandForm>
  );
}

function Hours({ label, testid, now, value, onChange }: { label: string; testid: string; now: number; value: string; onChange: (value: string) => void }) {
  const [most, days, hours] = [count(HOURS_MAX), count(HOURS_MAX / 24), count(now)];
  return (
    <Field label={label} hint={t`Hours before the visit begins, 0 to ${most} (${days} days). With 0 they may until it begins. Now ${hours}.`}>
      {(ids) => <input {...ids} type="text" inputMode="numeric" autoComplete="off" data-testid={testid} value={value} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}

/** What was typed as hours; throws what is wrong with it where it is none. */
function hoursOf(typed: string): number {
  if (/^\d{1,4}$/.test(typed.trim())) return Number(typed);
  const problem: Problem = { code: "incomplete", sentence: t`Give the hours as a whole number, such as 24.`, denial: null };
  throw problem;
}
