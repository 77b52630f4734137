// The rules of the calendars one looks after, and whether one may change them.

import { plural, t } from "@lingui/core/macro";
import { useList, useSheets } from "../../bridge/queries";
import type { Affordance, CalendarRules, Denial, Row } from "../../bindings";
import { offer } from "../../commands/doing";
import { calendarOf } from "../words";

export interface RuledCalendar {
  row: Row;
  affordance: Affordance | null;
}

export function useRules() {
  const { data: calendars = NONE } = useList({ kind: "calendar", index: "all", from: "", to: "\uffff", limit: 500 });
  const sheets = useSheets(calendars.map((row) => row.id));
  const ruled: RuledCalendar[] = sheets
    .filter((sheet) => offer(sheet, "block_time")?.allowed || offer(sheet, "change_calendar_rules")?.allowed)
    .map((sheet) => ({ row: sheet.row, affordance: offer(sheet, "change_calendar_rules") }));
  const changeable = ruled.filter(({ affordance }) => affordance?.allowed).map(({ row }) => row);
  const denial: Denial | null = changeable.length > 0 ? null : (ruled[0]?.affordance?.denial ?? null);
  return { ruled, changeable, denial };
}

export function rulesOf(row: Row): CalendarRules {
  const { cutoff_minute, reschedule_hours, cancel_hours, photo_location = false } = calendarOf(row);
  return { cutoff_minute, reschedule_hours, cancel_hours, photo_location };
}

/** "until 24 hours before", or "until it begins". */
export const hoursWords = (hours: number) =>
  hours === 0 ? t`until it begins` : plural(hours, { one: "until # hour before", other: "until # hours before" });

const NONE: Row[] = [];
