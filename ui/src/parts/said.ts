// Words that are needed by a key. They are looked up when they are read, in the language of that moment.

import { i18n, type MessageDescriptor } from "@lingui/core";

export function said<K extends string>(words: Record<K, MessageDescriptor>): Record<K, string> {
  const getters = Object.entries<MessageDescriptor>(words).map(([key, word]) => [key, { enumerable: true, get: () => i18n._(word) }]);
  return Object.defineProperties({}, Object.fromEntries(getters)) as Record<K, string>;
}
