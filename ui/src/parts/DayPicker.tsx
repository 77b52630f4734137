// Which day is shown: one back, one on, today, or any.

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
    <div className="day-picker" role="group" aria-label="Day shown">
      <Button icon="left" label="Previous day" testid="prev-day" onPress={() => onChange(addDays(day, -1))}>{null}</Button>
      <Button testid="go-today" pressed={day === today} onPress={() => onChange(today)}>Today</Button>
      <Button icon="right" label="Next day" testid="next-day" onPress={() => onChange(addDays(day, 1))}>{null}</Button>
      <DayField label="Day" day={day} onChange={onChange} />
    </div>
  );
}
