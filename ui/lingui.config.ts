import { formatter } from "@lingui/format-po";
import type { LinguiConfig } from "@lingui/conf";

// English is what the sources say. en-XA is made of it with accents, for tests; its file stays empty.
const config: LinguiConfig = {
  sourceLocale: "en",
  locales: ["en", "es", "en-XA"],
  pseudoLocale: "en-XA",
  fallbackLocales: { "en-XA": "en" },
  catalogs: [{ path: "<rootDir>/src/languages/{locale}", include: ["<rootDir>/src"] }],
  format: formatter({ lineNumbers: false }),
};

export default config;
