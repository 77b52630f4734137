// The same map without WebGL: drawn once, as a picture with pins.

import { type CSSProperties, memo } from "react";
import { AREAS, type Bounds, frame, hueOf, type MapGround, type MapPoint, type MapProps, ROAD_WIDTHS } from "./geo";

const WIDTH = 800;
const HEIGHT = 640;

export function MapSvg({ ground, points, routes, selected, onSelect }: MapProps) {
  const bounds = frame(ground, points);
  const place = projection(bounds);
  return (
    <svg className="map-svg" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="xMidYMid slice" aria-label="Map of the visits" role="group">
      <Ground ground={ground} west={bounds[0]} south={bounds[1]} east={bounds[2]} north={bounds[3]} />
      {routes.map((route) => (
        <polyline
          key={route.id} className={`map-route${route.points[0]?.faint ? " faint" : ""}`} style={colours(route.points[0])}
          points={route.points.map((point) => place(point.longitude, point.latitude).join()).join(" ")}
        />
      ))}
      {points.map((point) => {
        const [x, y] = place(point.longitude, point.latitude);
        return (
          // The list beside the map is the keyboard's way to the same visits.
           
          <g key={point.id} className={`map-pin ${point.tone}${point.id === selected ? " selected" : ""}${point.faint ? " faint" : ""}`} style={colours(point)} onClick={() => onSelect(point.id)}>
            <title translate="no">{point.title}</title>
            {point.tone === "nobody" && !point.faint ? <rect x={x - 14} y={y - 14} width={28} height={28} /> : <circle cx={x} cy={y} r={point.faint ? 6 : 15} />}
            {!point.faint && <text x={x} y={y} dy="0.35em" textAnchor="middle">{point.label}</text>}
          </g>
        );
      })}
    </svg>
  );
}

const colours = (point: MapPoint | undefined) => {
  const hue = hueOf(point);
  return hue ? ({ "--pin": hue, "--on-pin": "var(--on-hue)" } as CSSProperties) : undefined;
};

interface GroundProps {
  ground: MapGround | null;
  west: number;
  south: number;
  east: number;
  north: number;
}

const Ground = memo(function Ground({ ground, west, south, east, north }: GroundProps) {
  const place = projection([west, south, east, north]);
  const drawn = (ground?.features.features ?? []).filter((feature) => near(feature.geometry.coordinates, [west, south, east, north]));
  return (
    <g>
      {drawn.map((feature, index) => {
        const name = feature.properties?.class ?? "path";
        const area = AREAS.includes(name);
        const path = lines(feature.geometry).map((line) => trace(line, place) + (area ? "Z" : "")).join("");
        return <path key={index} d={path} className={area ? `area-${name}` : `road`} strokeWidth={area ? 0 : (ROAD_WIDTHS[name] ?? 1) * 2} />;
      })}
    </g>
  );
});

function projection([west, south, east, north]: Bounds) {
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min((WIDTH * 0.8) / ((east - west) * narrow), (HEIGHT * 0.8) / (north - south));
  return (longitude: number, latitude: number): [number, number] => [
    WIDTH / 2 + (longitude - (west + east) / 2) * narrow * scale,
    HEIGHT / 2 - (latitude - (south + north) / 2) * scale,
  ];
}

type Line = [number, number][];

function lines({ type, coordinates }: { type: string; coordinates: unknown }): Line[] {
  if (type === "LineString") return [coordinates as Line];
  if (type === "Polygon" || type === "MultiLineString") return coordinates as Line[];
  return type === "MultiPolygon" ? (coordinates as Line[][]).flat() : [];
}

const trace = (line: Line, place: ReturnType<typeof projection>) =>
  line.map(([x, y], index) => `${index ? "L" : "M"}${place(x, y).map((value) => value.toFixed(1)).join(" ")}`).join("");

/** Whether any corner lies in the area shown, with its own width around it. */
function near(coordinates: unknown, [west, south, east, north]: Bounds): boolean {
  if (!Array.isArray(coordinates)) return false;
  if (typeof coordinates[0] !== "number") return coordinates.some((inner) => near(inner, [west, south, east, north]));
  const [x, y] = coordinates as number[] as [number, number];
  return x > west - (east - west) && x < east + (east - west) && y > south - (north - south) && y < north + (north - south);
}
