// What a person entered, without the parts that only machines need.

const HIDDEN = new Set([
  "appointment", "permit", "note", "saw", "hash", "bytes", "media_type", "inspection_type", "assignee", "to",
  "reinspects", "overlap_accepted", "block", "calendar", "person", "absence",
]);

/** Named values in the order they were entered. */
export function typed(input: unknown): [string, string][] {
  if (typeof input !== "object" || input === null) return [];
  return Object.entries(input)
    .filter(([name, value]) => !HIDDEN.has(name) && value != null && value !== "")
    .map(([name, value]) => [label(name), valueWords(value)]);
}

/** A value as words: findings read as "fail, 12, cracked". */
export function valueWords(value: unknown): string {
  if (value == null || value === "") return "empty";
  if (Array.isArray(value)) return value.map(valueWords).join(", ");
  if (typeof value === "object") {
    const parts = Object.values(value).filter((part) => part != null && part !== "");
    return parts.length === 0 ? "empty" : parts.map(valueWords).join(", ");
  }
  return typeof value === "string" ? value.replaceAll("_", " ") : String(value);
}

const label = (name: string) => {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};
