// The map with WebGL. Loaded only when a map is shown.

import { t } from "@lingui/core/macro";
import * as maplibregl from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { useEffect, useRef } from "react";
import { useSpoken } from "../language";
import { useColours } from "../theme";
import { frame, hueOf, type MapPoint, type MapProps, type MapRoute, PINS_MAX } from "./geo";
import { collection, glStyle, resolved } from "./glStyle";

maplibregl.setWorkerUrl(worker);

export default function MapGl({ ground, points, routes, selected, onSelect, onFailed }: MapProps & { onFailed: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  const map = useRef<maplibregl.Map | null>(null);
  const select = useRef(onSelect);
  select.current = onSelect;
  const colours = useColours();
  const spoken = useSpoken();
  const places = JSON.stringify(points);
  const lines = JSON.stringify(routes);

  useEffect(() => {
    if (!box.current) return;
    box.current.removeAttribute("data-drawn");
    let made: maplibregl.Map;
    try {
      made = new maplibregl.Map({
        container: box.current,
        style: glStyle(ground),
        bounds: frame(ground, []),
        attributionControl: false,
        locale: { "NavigationControl.ZoomIn": t`Zoom in`, "NavigationControl.ZoomOut": t`Zoom out`, "Map.Title": t`Map` },
        fadeDuration: 0,
        dragRotate: false,
        pitchWithRotate: false,
        maxPitch: 0,
        maxZoom: 18,
      });
    } catch {
      onFailed();
      return;
    }
    made.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
    made.getCanvas().setAttribute("aria-label", t`Map. The list beside it holds the same visits.`);
    made.on("click", "dots", (event) => {
      const id: unknown = event.features?.[0]?.properties.id;
      if (typeof id === "string") select.current(id);
    });
    // Said on the page, so that whoever takes a picture of it can wait for the streets.
    made.on("idle", () => made.getContainer().setAttribute("data-drawn", ground ? "streets" : "empty"));
    map.current = made;
    return () => {
      map.current = null;
      made.remove();
    };
  }, [ground, colours, spoken, onFailed]);

  useEffect(() => {
    const shown = map.current;
    if (!shown) return;
    const here = JSON.parse(places) as MapPoint[];
    const draw = () => {
      source(shown, "route")?.setData(collection({ type: "FeatureCollection", features: (JSON.parse(lines) as MapRoute[]).map(line) }));
      source(shown, "dots")?.setData(collection({ type: "FeatureCollection", features: here.length > PINS_MAX ? here.map(dot) : [] }));
    };
    if (source(shown, "route")) draw();
    else shown.once("style.load", draw);
    shown.fitBounds(frame(ground, here), { padding: 48, maxZoom: 16, animate: false });
  }, [places, lines, ground, colours, spoken]);

  useEffect(() => {
    const shown = map.current;
    const here = JSON.parse(places) as MapPoint[];
    if (!shown || here.length > PINS_MAX) return;
    const pins = here.map((point) => pin(point, point.id === selected, () => select.current(point.id)).addTo(shown));
    const chosen = here.find((point) => point.id === selected);
    if (chosen && !shown.getBounds().contains([chosen.longitude, chosen.latitude])) {
      shown.panTo([chosen.longitude, chosen.latitude], { animate: false });
    }
    return () => pins.forEach((one) => one.remove());
  }, [places, selected, ground, colours, spoken]);

  return <div ref={box} className="map-canvas" dir="ltr" />;
}

function pin(point: MapPoint, selected: boolean, pressed: () => void): maplibregl.Marker {
  const element = document.createElement("button");
  element.type = "button";
  // The list is the keyboard's way to the same visits; 40 more tab stops would only be in the way.
  element.tabIndex = -1;
  element.className = `pin ${point.tone}${selected ? " selected" : ""}${point.faint ? " faint" : ""}`;
  const hue = hueOf(point);
  if (hue) {
    element.style.setProperty("--pin", hue);
    element.style.setProperty("--on-pin", "var(--on-hue)");
  }
  element.translate = false;
  element.textContent = point.faint ? "" : point.label;
  element.setAttribute("aria-label", point.title);
  element.addEventListener("click", pressed);
  return new maplibregl.Marker({ element }).setLngLat([point.longitude, point.latitude]);
}

const source = (map: maplibregl.Map, name: string) => map.getSource<maplibregl.GeoJSONSource>(name);
const position = (point: MapPoint) => [point.longitude, point.latitude];
const look = (point: MapPoint | undefined, otherwise: string) => ({ colour: resolved(hueOf(point) ?? `var(--${otherwise})`), faint: point?.faint ?? false });
const line = ({ points }: MapRoute) => ({
  type: "Feature", properties: look(points[0], "route"), geometry: { type: "LineString", coordinates: points.map(position) },
});
const dot = (point: MapPoint) => ({
  type: "Feature", properties: { id: point.id, ...look(point, "accent") }, geometry: { type: "Point", coordinates: position(point) },
});
