// Times as the municipality reads them: its zone, a 24-hour clock, days as words of the language chosen.

import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { createContext, useContext, useMemo } from "react";
import { numbersOf, useSpoken } from "./language";

type Maybe<T> = T | null | undefined;

/** The zone, and which day it is there by the device's best estimate. */
export const PlaceInTime = createContext({ zone: "UTC", today: "" });

/** Formats instants in the municipality's zone. */
export function useTimes() {
  const { zone, today } = useContext(PlaceInTime);
  const spoken = useSpoken();
  return useMemo(() => {
    const clock = formatter({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, zone, spoken);
    const date = formatter(SHORT, zone, spoken);
    const full = formatter({ day: "numeric", month: "long", year: "numeric" }, zone, spoken);
    const parts = formatter({ year: "numeric", month: "2-digit", day: "2-digit" }, zone, "en");
    const at = (millis: number) => {
      const when = new Date(millis);
      return isoDay(parts, when) === today ? clock.format(when) : `${date.format(when)}, ${clock.format(when)}`;
    };
    return {
      clock: (millis: number) => clock.format(new Date(millis)),
      /** The clock today, the day and the clock otherwise. */
      at,
      orNever: (millis: Maybe<number>) => (millis == null ? t`never` : at(millis)),
      date: (millis: number) => full.format(new Date(millis)),
    };
  }, [zone, today, spoken]);
}

/** "Tuesday 3 November 2026" */
export const dayWords = (day: string) => dayFormat(LONG).format(noon(day));
/** "Tue 3 Nov" */
export const dayShort = (day: string) => dayFormat(SHORT).format(noon(day));

export function addDays(day: string, count: number): string {
  const date = noon(day);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** "Tue 3 Nov", or "Tue 3 Nov to Fri 6 Nov". */
export function daysWords(from: string, until: string): string {
  const [first, last] = [dayShort(from), dayShort(until)];
  return from === until ? first : t`${first} to ${last}`;
}

/** The Monday of a day's week. */
export const weekOf = (day: string) => addDays(day, -((noon(day).getUTCDay() + 6) % 7));

/** "Today", "Tomorrow", "Yesterday", or nothing for other days. */
export function nearWord(day: string, today: string): string | null {
  if (day === today) return t`Today`;
  if (day === addDays(today, 1)) return t`Tomorrow`;
  return day === addDays(today, -1) ? t`Yesterday` : null;
}

/** A minute of the day as "09:30". */
export function minuteClock(minute: number): string {
  return `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;
}

/** The window of a visit, or that none is set. */
export function windowWords(from: Maybe<number>, to: Maybe<number>): string {
  if (from == null) return t`Any time`;
  return to == null ? minuteClock(from) : `${minuteClock(from)}–${minuteClock(to)}`;
}

/** "45 min", "1 h 30 min" */
export function lengthWords(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return t`${rest} min`;
  return rest === 0 ? t`${hours} h` : t`${hours} h ${rest} min`;
}

const LONG: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
const SHORT: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short" };

/** Formats are dear to make, and a list asks for the same one on every line. */
const formats = new Map<string, Intl.DateTimeFormat>();

function dayFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${i18n.locale} ${options.weekday}`;
  const held = formats.get(key) ?? formatter(options, "UTC", i18n.locale);
  formats.set(key, held);
  return held;
}

function formatter(options: Intl.DateTimeFormatOptions, zone: string, spoken: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(numbersOf(spoken), { ...options, timeZone: zone || "UTC" });
  } catch {
    return new Intl.DateTimeFormat(numbersOf(spoken), { ...options, timeZone: "UTC" });
  }
}

function isoDay(format: Intl.DateTimeFormat, when: Date): string {
  const part = Object.fromEntries(format.formatToParts(when).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day}`;
}

const noon = (day: string) => new Date(`${day}T12:00:00Z`);
const pad = (value: number) => String(value).padStart(2, "0");
