// Light, dark, high contrast, or as the system says. Kept on this laptop.

import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark" | "contrast";

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const more = window.matchMedia("(prefers-contrast: more)");
const watchers = new Set<() => void>();

export const theme = (): Theme => {
  const kept = localStorage.getItem("theme");
  return kept === "light" || kept === "dark" || kept === "contrast" ? kept : "system";
};

export function setTheme(next: Theme) {
  localStorage.setItem("theme", next);
  applyTheme();
  watchers.forEach((watcher) => watcher());
}

export function applyTheme() {
  // A system that asks for more contrast gets it, unless somebody chose otherwise here.
  const chosen = theme() === "system" && more.matches ? "contrast" : theme();
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}

more.addEventListener("change", applyTheme);

// Another window of the same profile may have chosen.
window.addEventListener("storage", (event) => {
  if (event.key !== "theme") return;
  applyTheme();
  watchers.forEach((watcher) => watcher());
});

export const useTheme = () => useSyncExternalStore(watch, theme);

/** Says when colours have changed, for whoever draws with them by hand. */
export const useColours = () => useSyncExternalStore(watch, () => `${theme()} ${dark.matches} ${more.matches}`);

function watch(watcher: () => void) {
  watchers.add(watcher);
  dark.addEventListener("change", watcher);
  more.addEventListener("change", watcher);
  return () => {
    watchers.delete(watcher);
    dark.removeEventListener("change", watcher);
    more.removeEventListener("change", watcher);
  };
}
