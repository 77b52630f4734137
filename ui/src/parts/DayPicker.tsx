// Which day is shown: one back, one on, today, or any.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button } from "./Button";
import { DayField } from "./DayField";
import { addDays } from "./time";

interface DayPickerProps {
  day: string;
  today: string;
  onChange: (day: string) => void;
}

export function DayPicker({ day, today, onChange }: DayPickerProps) {
  return (
    <div className="day-picker" role="group" aria-label={t`Day shown`}>
      <Button icon="left" label={t`Previous day`} testid="prev-day" onPress={() => onChange(addDays(day, -1))}>{null}</Button>
      <Button testid="go-today" pressed={day === today} onPress={() => onChange(today)}><Trans>Today</Trans></Button>
      <Button icon="right" label={t`Next day`} testid="next-day" onPress={() => onChange(addDays(day, 1))}>{null}</Button>
      <DayField label={t`Day`} day={day} onChange={onChange} />
    </div>
  );
}
