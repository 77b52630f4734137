// How the team's day is shown, as it was left on this laptop.

import { useState } from "react";

export type TeamView = "timeline" | "map" | "table";

const KEY = "team-view";

export function useTeamView(): [TeamView, (view: TeamView) => void] {
  const [view, setView] = useState<TeamView>(() => {
    const left = localStorage.getItem(KEY);
    return left === "map" || left === "table" ? left : "timeline";
  });
  const change = (next: TeamView) => {
    localStorage.setItem(KEY, next);
    setView(next);
  };
  return [view, change];
}
