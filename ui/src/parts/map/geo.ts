// What a map is given: a basemap kept on this device, and places on it.

export interface MapPoint {
  id: string;
  /** Short, in the pin: a number. */
  label: string;
  /** In full, for those who hear it. */
  title: string;
  longitude: number;
  latitude: number;
  tone: "open" | "next" | "done" | "nobody";
  /** Which of the colours of several routes, from 0; without one, the app's own. */
  hue?: number;
  /** Stands back while another route is looked at. */
  faint?: boolean;
}

/** Places joined by a line, in their order. */
export interface MapRoute {
  id: string;
  points: MapPoint[];
}

export const HUES = 8;
export const hueOf = (point: MapPoint | undefined) => (point?.hue === undefined ? null : `var(--hue-${point.hue % HUES})`);

export interface MapFeature {
  type: "Feature";
  properties: { class?: string; name?: string } | null;
  geometry: { type: string; coordinates: unknown };
}

export interface MapGround {
  attribution: string;
  bounds: [number, number, number, number];
  features: { type: "FeatureCollection"; features: MapFeature[] };
}

export interface MapProps {
  ground: MapGround | null;
  points: MapPoint[];
  routes: MapRoute[];
  selected: string | null;
  onSelect: (id: string) => void;
}

export type Bounds = [number, number, number, number];

/** The area to show: round the points that do not stand back, or all of the ground when there are none. */
export function frame(ground: MapGround | null, all: MapPoint[]): Bounds {
  const near = all.filter((point) => !point.faint);
  const points = near.length > 0 ? near : all;
  if (points.length === 0) return ground?.bounds ?? [-1, -1, 1, 1];
  const longitudes = points.map((point) => point.longitude);
  const latitudes = points.map((point) => point.latitude);
  const room = 0.004;
  return [
    Math.min(...longitudes) - room, Math.min(...latitudes) - room,
    Math.max(...longitudes) + room, Math.max(...latitudes) + room,
  ];
}

/** Above this many, pins hide each other and the list is the better way; the map draws dots. */
export const PINS_MAX = 200;

export const ROAD_WIDTHS: Record<string, number> = { motorway: 3, primary: 2.4, secondary: 1.8, residential: 1, path: 0.5 };
export const AREAS = ["park", "beach", "water"];
