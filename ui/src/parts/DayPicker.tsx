// Which day is shown: one back, one on, today, or any.

import { parseDate } from "@internationalized/date";
import {
  Button as AriaButton, Calendar, CalendarCell, CalendarGrid, DateInput, DatePicker, DateSegment, Dialog, Group,
  Heading, I18nProvider, Popover,
} from "react-aria-components";
import { Button } from "./Button";
import { Icon } from "./Icon";
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
      <I18nProvider locale="en-GB">
        <DatePicker aria-label="Day" value={parseDate(day)} onChange={(date) => date && onChange(date.toString())}>
          <Group className="date-field">
            <DateInput className="date-input">{(segment) => <DateSegment segment={segment} />}</DateInput>
            <AriaButton className="button quiet" aria-label="Choose a day"><Icon name="today" /></AriaButton>
          </Group>
          <Popover className="popover">
            <Dialog className="calendar-dialog">
              <Calendar>
                <header>
                  <AriaButton slot="previous" className="button quiet"><Icon name="left" /></AriaButton>
                  <Heading level={2} />
                  <AriaButton slot="next" className="button quiet"><Icon name="right" /></AriaButton>
                </header>
                <CalendarGrid>{(date) => <CalendarCell date={date} />}</CalendarGrid>
              </Calendar>
            </Dialog>
          </Popover>
        </DatePicker>
      </I18nProvider>
    </div>
  );
}
