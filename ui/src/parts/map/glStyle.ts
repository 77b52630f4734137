// The look of the basemap, drawn from this app's own colours. Labels are drawn with the system's fonts: there is no glyph server.

import type { FeatureCollection } from "geojson";
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { MapGround } from "./geo";

const EMPTY = { type: "FeatureCollection" as const, features: [] };
export const collection = (features: unknown) => (features ?? EMPTY) as FeatureCollection;

export function glStyle(ground: MapGround | null): StyleSpecification {
  const colour = (name: string) => resolved(`var(--${name})`);
  const areas: LayerSpecification[] = ["park", "beach", "water"].map((name) => ({
    id: name,
    type: "fill",
    source: "ground",
    filter: ["all", ["==", ["get", "class"], name], ["==", ["geometry-type"], "Polygon"]],
    paint: { "fill-color": colour(`map-${name}`) },
  }));
  return {
    version: 8,
    sources: {
      ground: { type: "geojson", data: collection(ground?.features), tolerance: 0.4 },
      route: { type: "geojson", data: collection(null) },
      dots: { type: "geojson", data: collection(null) },
    },
    layers: [
      { id: "land", type: "background", paint: { "background-color": colour("map-land") } },
      ...areas,
      road("path", 13.5, [13, 0.5, 17, 1.5], colour("map-road-edge")),
      road("residential", 11, [11, 0.4, 14, 2, 17, 9], colour("map-road")),
      road("secondary", 9, [10, 0.8, 14, 3.5, 17, 13], colour("map-road")),
      road("primary", 0, [10, 1.2, 14, 5, 17, 16], colour("map-road")),
      road("motorway", 0, [10, 1.6, 14, 6, 17, 18], colour("map-road-edge")),
      {
        id: "names",
        type: "symbol",
        source: "ground",
        minzoom: 13,
        filter: ["all", ["has", "name"], ["!=", ["get", "name"], ""], ["==", ["geometry-type"], "LineString"]],
        layout: {
          "symbol-placement": "line",
          "symbol-spacing": 320,
          "text-field": ["get", "name"],
          "text-font": ["sans-serif"],
          "text-size": 12,
        },
        paint: { "text-color": colour("ink-soft"), "text-halo-color": colour("map-land"), "text-halo-width": 1.5 },
      },
      {
        id: "route",
        type: "line",
        source: "route",
        layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": ["get", "colour"], "line-opacity": ["case", ["get", "faint"], 0.25, 1], "line-width": 3, "line-dasharray": [2, 1.6] },
      },
      {
        id: "dots",
        type: "circle",
        source: "dots",
        paint: {
          "circle-radius": 5,
          "circle-color": ["get", "colour"],
          "circle-opacity": ["case", ["get", "faint"], 0.25, 1],
          "circle-stroke-width": 1.5,
          "circle-stroke-color": colour("surface"),
        },
      },
    ],
  };
}

function road(name: string, minzoom: number, widths: number[], colour: string): LayerSpecification {
  return {
    id: name,
    type: "line",
    source: "ground",
    minzoom,
    filter: ["==", ["get", "class"], name],
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": colour, "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], ...widths] as never },
  };
}

/** A colour token as the canvas understands it. */
export function resolved(value: string): string {
  const probe = document.createElement("span");
  probe.style.color = value;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
