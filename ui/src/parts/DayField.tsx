// A day, typed or picked from a calendar.

import { t } from "@lingui/core/macro";
import { parseDate } from "@internationalized/date";
import {
  Button as AriaButton, Calendar, CalendarCell, CalendarGrid, DateInput, DatePicker, DateSegment, Dialog, Group,
  Heading, Label, Popover,
} from "react-aria-components";
import { Icon } from "./Icon";

interface DayFieldProps {
  label: string;
  /** Whether the label is written above it; it is always read out. */
  shown?: boolean;
  day: string;
  onChange: (day: string) => void;
}

export function DayField({ label, shown, day, onChange }: DayFieldProps) {
  return (
    <DatePicker
      className={shown ? "field" : undefined} aria-label={shown ? undefined : label}
      value={parseDate(day)} onChange={(date) => date && onChange(date.toString())}
    >
      {shown && <Label>{label}</Label>}
      <Group className="date-field">
        <DateInput className="date-input">{(segment) => <DateSegment segment={segment} />}</DateInput>
        <AriaButton className="button quiet" aria-label={t`Choose a day`}><Icon name="today" /></AriaButton>
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
  );
}
