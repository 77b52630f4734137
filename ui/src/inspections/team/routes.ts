// The day's ways of all inspectors as plain data: who goes where, in the order of time, and how it is marked.

import type { Row } from "../../bindings";
import type { MapPoint, MapRoute } from "../../parts/map/geo";
import { windowWords } from "../../parts/time";
import { isOver, placeName, visitOf } from "../words";
import type { Lane } from "./load";

export interface Stop {
  row: Row;
  /** As on the pin: "B3". */
  label: string;
  point: MapPoint | null;
}

export interface Way {
  /** Nothing for the visits nobody has. */
  person: string | null;
  name: string;
  letter: string;
  hue?: number;
  stops: Stop[];
}

/** One way per inspector with visits that day; what nobody has comes first and is not joined. */
export function waysOf(lanes: Lane[], chosen: string | null): Way[] {
  let count = 0;
  return lanes.flatMap((lane) => {
    const visits = inOrder(lane.visits);
    if (visits.length === 0) return [];
    const hue = lane.person === null ? undefined : count++;
    const letter = hue === undefined ? "?" : letters(hue);
    const faint = chosen !== null && chosen !== (lane.person ?? NOBODY);
    const stops = visits.map((row, index) => {
      const label = hue === undefined ? letter : `${letter}${index + 1}`;
      return { row, label, point: pointOf(row, { label, hue, faint, name: lane.name }) };
    });
    return [{ person: lane.person, name: lane.name, letter, hue, stops }];
  });
}

/** How the visits nobody has are called where inspectors are called by their ids. */
export const NOBODY = "nobody";

/** Points in the order in which they are drawn: what stands back first, what nobody has on top. */
export const pointsOf = (ways: Way[]): MapPoint[] => ways.flatMap(placesOf).sort((a, b) => height(a) - height(b));

const height = ({ faint, tone }: MapPoint) => (faint ? 0 : tone === "nobody" ? 2 : 1);

export const routesOf = (ways: Way[]): MapRoute[] =>
  ways.flatMap((way) => (way.person === null ? [] : [{ id: way.person, points: placesOf(way) }])).filter((route) => route.points.length > 1);

const placesOf = (way: Way) => way.stops.flatMap((stop) => stop.point ?? []);

function inOrder(visits: Row[]): Row[] {
  const begins = (row: Row) => visitOf(row).from_minute ?? 0;
  return visits.filter((row) => visitOf(row).status !== "cancelled").sort((a, b) => begins(a) - begins(b));
}

function pointOf(row: Row, { label, hue, faint, name }: { label: string; hue?: number; faint: boolean; name: string }): MapPoint | null {
  const visit = visitOf(row);
  const { latitude, longitude } = visit;
  if (longitude == null || latitude == null) return null;
  const tone = hue === undefined ? "nobody" : isOver(visit) ? "done" : "open";
  const title = `${label}. ${name}, ${windowWords(visit.from_minute, visit.to_minute)}, ${placeName(visit)}`;
  return { id: row.id, label, title, longitude, latitude, tone, hue, faint };
}

/** A to Z, then AA to AZ and on. */
function letters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}
