// Every word of the sources is in the catalogues and said in every language, with the same places in it to fill.

import { getCatalogs } from "@lingui/cli/api";
import { getConfig } from "@lingui/conf";

const config = getConfig();
const wrong = [];
for (const catalog of await getCatalogs(config)) {
  const said = await catalog.collect();
  if (!said) throw new Error("the words of the sources cannot be read");
  const ids = Object.keys(said);
  for (const locale of config.locales.filter((one) => one !== config.pseudoLocale)) {
    const kept = (await catalog.read(locale)) ?? {};
    const tell = (what, message) => wrong.push(`${locale}.po: ${what}: ${JSON.stringify(message)}`);
    for (const id of ids) {
      const { message } = said[id];
      const { translation } = kept[id] ?? {};
      if (!kept[id]) tell("is not there", message);
      else if (!translation) tell("is not translated", message);
      else if (places(translation) !== places(message)) tell("has other places to fill", message);
    }
    for (const [id, { message }] of Object.entries(kept)) {
      if (!said[id]) tell("is said nowhere", message);
    }
  }
}
if (wrong.length > 0) {
  console.error(`${wrong.join("\n")}\n\nnpm run words brings the catalogues in src/languages up to the sources; the translations are then to be written.`);
  process.exit(1);
}

/** The names in a message and its elements, each once. */
function places(message) {
  const found = message.match(/\{\s*\w+|<\/?\d+\/?>/g) ?? [];
  // The words of a plural's branches are in braces as well.
  const names = found.filter((one) => one.startsWith("<") || new RegExp(`\\${one}\\s*[,}]`).test(message));
  return [...new Set(names)].sort().join();
}
