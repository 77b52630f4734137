// An action is an object: name, label, shortcut, whether it is offered, what it does. Buttons, the palette and keys draw from it.

import { useEffect, useRef, useSyncExternalStore } from "react";
import { warn } from "./toast";

/** Why something is not offered. */
export interface Reason {
  sentence: string;
  fact?: string | null;
  rule: string;
  who?: string | null;
}

export interface Action {
  name: string;
  label: string;
  /** What else somebody may type who looks for it. */
  words?: string;
  /** "Ctrl+Enter", "Alt+1", "/" */
  shortcut?: string;
  /** Set when the action is not offered now. */
  denial?: Reason | null;
  /** The device cannot decide alone; the office will. */
  asksOffice?: boolean;
  /** Shown by whoever lists actions, never bound to keys. */
  hidden?: boolean;
  run: () => void;
}

let offered: readonly (readonly Action[])[] = [];
const watchers = new Set<() => void>();

/** Makes a screen's actions answer to their keys and appear in the palette while the screen is shown. */
export function useActions(actions: Action[]) {
  const live = useRef<Action[]>([]);
  live.current = actions;
  const names = actions.map((action) => `${action.name}${action.label}${action.denial ? "-" : "+"}`).join();
  useEffect(() => {
    const group = live.current.map((action) => ({ ...action, run: () => current(live.current, action.name)?.run() }));
    change([...offered, group]);
    return () => change(offered.filter((other) => other !== group));
  }, [names]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector("[role=dialog], [role=alertdialog]")) return;
      const action = live.current.find((one) => one.shortcut && matches(event, one.shortcut));
      if (!action) return;
      event.preventDefault();
      if (action.denial) warn([`${action.label}: ${action.denial.sentence}`, action.denial.fact].filter(Boolean).join(" "));
      else action.run();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}

/** Every action offered right now, the newest screen's first. */
export function useOffered(): Action[] {
  return [...useSyncExternalStore(watch, () => offered)].reverse().flat();
}

/** Whether a key press is the given shortcut. A lone character never answers while somebody types. */
export function matches(event: KeyboardEvent, shortcut: string): boolean {
  const parts = shortcut.split("+");
  const key = parts.pop() ?? "";
  const modified = parts.includes("Ctrl") === (event.ctrlKey || event.metaKey) && parts.includes("Alt") === event.altKey;
  if (!modified || event.key.toLowerCase() !== key.toLowerCase()) return false;
  if (parts.length > 0) return true;
  if (key === "Escape") return !typing(event.target);
  return singleKeys() && !typing(event.target);
}

/** Shortcuts of one character can be switched off, for people who dictate (WCAG 2.1.4). */
export const singleKeys = () => localStorage.getItem("single-keys") !== "off";
export const setSingleKeys = (on: boolean) => localStorage.setItem("single-keys", on ? "on" : "off");

export function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const text = target instanceof HTMLInputElement && !["radio", "checkbox", "button", "file"].includes(target.type);
  return text || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

const current = (actions: Action[], name: string) => actions.find((action) => action.name === name);

function change(next: typeof offered) {
  offered = next;
  watchers.forEach((watcher) => watcher());
}

function watch(watcher: () => void) {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}
