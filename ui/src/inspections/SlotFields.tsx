// The day and the minute at which a visit is to begin.

import { t } from "@lingui/core/macro";
import { Field } from "../parts/bits";
import { DayPicker } from "../parts/DayPicker";
import { dayWords, minuteClock } from "../parts/time";

interface SlotFieldsProps {
  day: string;
  minute: number;
  today: string;
  onDay: (day: string) => void;
  onMinute: (minute: number) => void;
  testid: string;
}

const STEPS = Array.from({ length: 20 }, (_, index) => 8 * 60 + index * 30);

export function SlotFields({ day, minute, today, onDay, onMinute, testid }: SlotFieldsProps) {
  const steps = STEPS.includes(minute) ? STEPS : [...STEPS, minute].sort((a, b) => a - b);
  return (
    <>
      <div>
        <p><strong>{dayWords(day)}</strong></p>
        <DayPicker day={day} today={today} onChange={onDay} />
      </div>
      <Field label={t`From`}>
        {(ids) => (
          <select {...ids} data-testid={testid} value={minute} onChange={(event) => onMinute(Number(event.target.value))}>
            {steps.map((step) => <option key={step} value={step}>{minuteClock(step)}</option>)}
          </select>
        )}
      </Field>
    </>
  );
}
