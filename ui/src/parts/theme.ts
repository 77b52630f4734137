// Light, dark, or as the system says. Kept on this laptop.

import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const system = window.matchMedia("(prefers-color-scheme: dark)");
const watchers = new Set<() => void>();

export const theme = (): Theme => {
  const kept = localStorage.getItem("theme");
  return kept === "light" || kept === "dark" ? kept : "system";
};

export function setTheme(next: Theme) {
  localStorage.setItem("theme", next);
  applyTheme();
  watchers.forEach((watcher) => watcher());
}

export function applyTheme() {
  const chosen = theme();
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}

// Another window of the same profile may have chosen.
window.addEventListener("storage", (event) => {
  if (event.key !== "theme") return;
  applyTheme();
  watchers.forEach((watcher) => watcher());
});

export const useTheme = () => useSyncExternalStore(watch, theme);
export const useDark = () => useSyncExternalStore(watch, () => (theme() === "system" ? system.matches : theme() === "dark"));

function watch(watcher: () => void) {
  watchers.add(watcher);
  system.addEventListener("change", watcher);
  return () => {
    watchers.delete(watcher);
    system.removeEventListener("change", watcher);
  };
}
