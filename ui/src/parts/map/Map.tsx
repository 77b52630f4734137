// A map of a few places. It chooses how to draw; whoever shows it does not notice.

import { Trans } from "@lingui/react/macro";
import { lazy, Suspense, useCallback, useState } from "react";
import type { MapProps } from "./geo";
import { MapSvg } from "./MapSvg";
import "./map.css";

const MapGl = lazy(() => import("./MapGl"));

export function Map(props: MapProps) {
  const [gl, setGl] = useState(hasWebGl);
  const failed = useCallback(() => setGl(false), []);
  return (
    <div className="map" data-testid="map" data-points={props.points.length} data-drawn-with={gl ? "webgl" : "svg"}>
      {gl ? (
        <Suspense fallback={<p className="map-loading"><Trans>Drawing the map…</Trans></p>}>
          <MapGl {...props} onFailed={failed} />
        </Suspense>
      ) : (
        <MapSvg {...props} />
      )}
      {props.ground?.attribution && <p className="map-attribution" lang="en" dir="ltr" translate="no">{props.ground.attribution}</p>}
      {!props.ground && <p className="map-attribution"><Trans>The street map is not on this laptop yet.</Trans></p>}
    </div>
  );
}

function hasWebGl(): boolean {
  if (localStorage.getItem("map") === "svg") return false;
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}
