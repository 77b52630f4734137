// Words grow when they are translated. The pseudo-locale grows them by a third, so that tests see where they no longer fit.

import type { Plugin } from "vite";

type Compiled = string | (string | unknown[])[];

const GROWTH = 0.35;

export function lengthen(catalogue: string): Plugin {
  return {
    name: "lengthen",
    transform(code, id) {
      if (!id.endsWith(catalogue)) return null;
      return code.replace(/JSON\.parse\((".*")\)/s, (_, text: string) => {
        const messages = JSON.parse(JSON.parse(text) as string) as Record<string, Compiled>;
        const longer = Object.entries(messages).map(([id, message]) => [id, grown(message)]);
        return `JSON.parse(${JSON.stringify(JSON.stringify(Object.fromEntries(longer)))})`;
      });
    },
  };
}

function grown(message: Compiled): Compiled {
  const parts = typeof message === "string" ? [message] : message;
  const words = parts.filter((part) => typeof part === "string").join("");
  const length = Math.ceil(words.replaceAll(/<\/?\d+\/?>/g, "").length * GROWTH);
  return length === 0 ? message : [...parts, ` ${"ũñ".repeat(length).slice(0, length)}`];
}
