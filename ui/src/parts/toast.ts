// What was just done, with ten seconds to take it back. Saving is quiet; undoing replaces asking.

import { useSyncExternalStore } from "react";

export interface Toast {
  id: number;
  text: string;
  tone: "done" | "attention";
  /** Of a sentence of the rules, which speak English. */
  lang?: "en";
  undo?: () => void;
}

const UNDO_MILLIS = 10_000;
let toast: Toast | null = null;
let timer: number | undefined;
let count = 0;
const watchers = new Set<() => void>();

export function say(text: string, undo?: () => void) {
  show({ id: ++count, text, tone: "done", undo });
}

/** Something did not work. It stays until it is closed. */
export function warn(text: string, lang?: "en") {
  show({ id: ++count, text, tone: "attention", lang });
}

export function closeToast() {
  window.clearTimeout(timer);
  set(null);
}

/** Holds the toast while it is pointed at or focused, so that nobody has to hurry. */
export function holdToast(held: boolean) {
  window.clearTimeout(timer);
  if (!held && toast?.tone === "done") timer = window.setTimeout(closeToast, UNDO_MILLIS);
}

export const useToast = () => useSyncExternalStore(watch, () => toast);

function show(next: Toast) {
  set(next);
  holdToast(false);
}

function set(next: Toast | null) {
  toast = next;
  watchers.forEach((watcher) => watcher());
}

function watch(watcher: () => void) {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}
