// The language of the window. Kept on this laptop, and for everybody who chose one themselves.

import { i18n, type Messages } from "@lingui/core";
import { useSyncExternalStore } from "react";

/** What can be chosen. */
export type Language = "system" | "en" | "es";

interface Spoken {
  load: () => Promise<{ messages: Messages }>;
  /** Whose days, numbers and plurals go with it. */
  numbers: string;
  direction: "ltr" | "rtl";
}

const english = () => import("../languages/en.po");
const accented = () => import("../languages/en-XA.po");

// The last two are never offered; tests choose them. Their dates are foreign, so that an English word beside them is seen.
const SPOKEN: Record<string, Spoken> = {
  en: { load: english, numbers: "en-GB", direction: "ltr" },
  es: { load: () => import("../languages/es.po"), numbers: "es-MX", direction: "ltr" },
  "en-XA": { load: accented, numbers: "el", direction: "ltr" },
  "ar-XB": { load: accented, numbers: "he", direction: "rtl" },
};

let person: string | null = null;
/** Chosen where one signs in. */
let early: Language | null = null;
const watchers = new Set<() => void>();

const keyOf = (name: string) => `language of ${name}`;

/** What was chosen. */
export function language(): Language {
  const kept = early ?? ((person !== null && localStorage.getItem(keyOf(person))) || localStorage.getItem("language"));
  return kept !== null && kept in SPOKEN ? (kept as Language) : "system";
}

export function setLanguage(next: Language) {
  localStorage.setItem("language", next);
  if (person !== null) localStorage.setItem(keyOf(person), next);
  void speak();
}

/** Chooses for whoever signs in next; the person who was here keeps theirs. */
export function setLanguageBeforehand(next: Language) {
  localStorage.setItem("language", next);
  early = next;
  void speak();
}

/** Follows who is at the window, and whether they have shown that it is them. */
export function speakFor(name: string | null, isOpen: boolean) {
  person = name;
  if (isOpen && person !== null && early !== null) {
    localStorage.setItem(keyOf(person), early);
    early = null;
  }
  void speak();
}

/** Puts the window into the language chosen. Nothing is drawn before it was called once. */
export async function speak(): Promise<void> {
  const name = spoken();
  const { load, numbers, direction } = SPOKEN[name] ?? SPOKEN.en!;
  const { messages } = await load();
  // Another may have been chosen meanwhile.
  if (name !== spoken()) return;
  i18n.loadAndActivate({ locale: name, locales: numbers, messages });
  document.documentElement.lang = name;
  document.documentElement.dir = direction;
  watchers.forEach((watcher) => watcher());
}

// Another window of the same profile may have chosen.
window.addEventListener("storage", (event) => {
  if (event.key?.startsWith("language")) void speak();
});

export const useLanguage = () => useSyncExternalStore(watch, language);

/** The language on the screen; whoever draws from it draws again when it changes. */
export const useSpoken = () => useSyncExternalStore(watch, () => i18n.locale);

/** For days and numbers. */
export const numbersOf = (name: string) => (SPOKEN[name] ?? SPOKEN.en!).numbers;

export const count = (value: number, options?: Intl.NumberFormatOptions) => i18n.number(value, options);

/** "Ana, Bruno or Marta". */
export const eitherOf = (names: string[]) => new Intl.ListFormat(numbersOf(i18n.locale), { type: "disjunction" }).format(names);

function spoken(): string {
  const chosen = language();
  if (chosen !== "system") return chosen;
  const known = navigator.languages.map((tag) => tag.split("-")[0] ?? "").find((tag) => tag in SPOKEN);
  return known ?? "en";
}

function watch(watcher: () => void) {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}
