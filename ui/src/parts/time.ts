// Times as the municipality reads them: its zone, a 24-hour clock, days as words.

import { createContext, useContext, useMemo } from "react";

type Maybe<T> = T | null | undefined;

/** The zone, and which day it is there by the device's best estimate. */
export const PlaceInTime = createContext({ zone: "UTC", today: "" });

/** Formats instants in the municipality's zone. */
export function useTimes() {
  const { zone, today } = useContext(PlaceInTime);
  return useMemo(() => {
    const clock = formatter({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, zone);
    const date = formatter({ weekday: "short", day: "numeric", month: "short" }, zone);
    const full = formatter({ day: "numeric", month: "long", year: "numeric" }, zone);
    const parts = formatter({ year: "numeric", month: "2-digit", day: "2-digit" }, zone);
    const at = (millis: number) => {
      const when = new Date(millis);
      return isoDay(parts, when) === today ? clock.format(when) : `${date.format(when)}, ${clock.format(when)}`;
    };
    return {
      clock: (millis: number) => clock.format(new Date(millis)),
      /** The clock today, the day and the clock otherwise. */
      at,
      orNever: (millis: Maybe<number>) => (millis == null ? "never" : at(millis)),
      date: (millis: number) => full.format(new Date(millis)),
    };
  }, [zone, today]);
}

/** "Tuesday 3 November 2026" */
export const dayWords = (day: string) => words.format(noon(day));
/** "Tue 3 Nov" */
export const dayShort = (day: string) => short.format(noon(day));

export function addDays(day: string, count: number): string {
  const date = noon(day);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** "Tue 3 Nov", or "Tue 3 Nov to Fri 6 Nov". */
export const daysWords = (from: string, until: string) => (from === until ? dayShort(from) : `${dayShort(from)} to ${dayShort(until)}`);

/** The Monday of a day's week. */
export const weekOf = (day: string) => addDays(day, -((noon(day).getUTCDay() + 6) % 7));

/** "Today", "Tomorrow", "Yesterday", or nothing for other days. */
export function nearWord(day: string, today: string): string | null {
  if (day === today) return "Today";
  if (day === addDays(today, 1)) return "Tomorrow";
  return day === addDays(today, -1) ? "Yesterday" : null;
}

/** A minute of the day as "09:30". */
export function minuteClock(minute: number): string {
  return `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;
}

/** The window of a visit, or that none is set. */
export function windowWords(from: Maybe<number>, to: Maybe<number>): string {
  if (from == null) return "Any time";
  return to == null ? minuteClock(from) : `${minuteClock(from)}–${minuteClock(to)}`;
}

/** "45 min", "1 h 30 min" */
export function lengthWords(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

const words = formatter({ weekday: "long", day: "numeric", month: "long", year: "numeric" }, "UTC");
const short = formatter({ weekday: "short", day: "numeric", month: "short" }, "UTC");

function formatter(options: Intl.DateTimeFormatOptions, zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone || "UTC" });
  } catch {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
  }
}

function isoDay(format: Intl.DateTimeFormat, when: Date): string {
  const part = Object.fromEntries(format.formatToParts(when).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day}`;
}

const noon = (day: string) => new Date(`${day}T12:00:00Z`);
const pad = (value: number) => String(value).padStart(2, "0");
