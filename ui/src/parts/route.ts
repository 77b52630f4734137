// Where the window is, kept in the address's hash so that going back works and a test can go anywhere.

import { useSyncExternalStore } from "react";

export type Place =
  | { screen: "today"; day: string | null }
  | { screen: "week"; day: string | null }
  | { screen: "team"; day: string | null }
  | { screen: "emergency"; day: string | null }
  | { screen: "inspection"; id: string }
  | { screen: "permit"; id: string }
  | { screen: "sync" }
  | { screen: "access" };

export function href(place: Place): string {
  const arg = "id" in place ? place.id : "day" in place ? place.day : null;
  return arg ? `#/${place.screen}/${encodeURIComponent(arg)}` : `#/${place.screen}`;
}

export function go(place: Place) {
  window.location.hash = href(place);
}

/** Back to where the person came from, or to the given place when the window opened here. */
export function back(otherwise: Place) {
  if (window.history.length > 1) window.history.back();
  else go(otherwise);
}

/** The place of a record, where there is a screen for its kind. */
export function placeOf(kind: string | null, id: string): Place | null {
  if (kind === "appointment") return { screen: "inspection", id };
  return kind === "permit" ? { screen: "permit", id } : null;
}

export const usePlace = (): Place => read(useSyncExternalStore(listen, () => window.location.hash));

function read(hash: string): Place {
  const [screen, ...rest] = hash.replace(/^#\//, "").split("/");
  const arg = rest.length > 0 ? decodeURIComponent(rest.join("/")) : null;
  switch (screen) {
    case "week":
    case "team":
    case "emergency":
      return { screen, day: arg };
    case "inspection":
    case "permit":
      return arg ? { screen, id: arg } : { screen: "today", day: null };
    case "sync":
    case "access":
      return { screen };
    default:
      return { screen: "today", day: arg };
  }
}

function listen(changed: () => void) {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}
