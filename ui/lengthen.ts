// Words grow when they are translated. In the pseudo-locale every vowel is there twice, which makes it a third longer:
// tests see where it no longer fits, and a word stays the same word wherever it is said.

import type { Plugin } from "vite";

const ACCENTED_VOWELS = /[àēĩōũŷÀĒĨŌŨŶ]/g;

export function lengthen(catalogue: string): Plugin {
  return {
    name: "lengthen",
    transform: (code, id) => (id.endsWith(catalogue) ? code.replace(ACCENTED_VOWELS, "$&$&") : null),
  };
}
