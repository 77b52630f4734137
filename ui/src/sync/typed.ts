// What a person entered, without the parts that only machines need.

import { msg, t } from "@lingui/core/macro";
import type { Command } from "../bindings";
import { said } from "../parts/said";

const HIDDEN = new Set([
  "appointment", "permit", "note", "saw", "hash", "bytes", "media_type", "inspection_type", "assignee", "to",
  "reinspects", "overlap_accepted", "block", "calendar", "person", "absence", "work", "over", "grant",
]);

const COMMANDS = said<Command["name"]>({
  book_appointment: msg`Book a visit`,
  confirm_appointment: msg`Confirm a visit`,
  reschedule: msg`Reschedule`,
  cancel_appointment: msg`Cancel a visit`,
  start_inspection: msg`Start inspection`,
  record_checklist_item: msg`Answer a checklist line`,
  record_result: msg`Record a result`,
  mark_no_show: msg`Record that nobody was there`,
  mark_access_refused: msg`Record that access was refused`,
  correct_result: msg`Correct a result`,
  book_reinspection: msg`Book a re-inspection`,
  add_note: msg`Add a note`,
  add_photo: msg`Add a photo`,
  request_reassignment: msg`Ask for reassignment`,
  reassign: msg`Reassign`,
  decline_request: msg`Decline a request`,
  lock_appointment: msg`Lock a visit`,
  unlock_appointment: msg`Unlock a visit`,
  block_time: msg`Block time`,
  unblock_time: msg`Lift a block`,
  change_calendar_rules: msg`Change a calendar’s rules`,
  mark_unavailable: msg`Mark as unavailable`,
  mark_available: msg`Mark as available again`,
  grant_role: msg`Give a role`,
  withdraw_grant: msg`Withdraw a role`,
  break_glass: msg`Open a calendar in an emergency`,
  end_access: msg`End an emergency access`,
  review_access: msg`Review an emergency access`,
  adopt_returned_work: msg`Adopt returned work`,
  discard_returned_work: msg`Discard returned work`,
});

const FIELDS: Record<string, string> = said({
  item: msg`Checklist line`,
  finding: msg`Finding`,
  text: msg`Text`,
  because: msg`Reason`,
  reason: msg`Reason`,
  overall: msg`Overall`,
  summary: msg`Summary`,
  correction: msg`Correction`,
  caption: msg`Caption`,
  day: msg`Day`,
  from_minute: msg`From minute`,
  to_minute: msg`To minute`,
  from_day: msg`First day`,
  until_day: msg`Last day`,
  priority: msg`Priority`,
  special_notes: msg`Note for the inspector`,
  rules: msg`Rules`,
});

/** What can be chosen; all else that is entered is somebody's own words. */
const CHOSEN = new Set(["answer", "overall", "reason", "priority", "finding"]);

const CHOICES: Record<string, string> = said({
  pass: msg`pass`,
  fail: msg`fail`,
  not_applicable: msg`not applicable`,
  passed: msg`passed`,
  passed_with_conditions: msg`passed with conditions`,
  failed: msg`failed`,
  conflict: msg`conflict of interest`,
  illness: msg`illness`,
  equipment: msg`equipment`,
  certification: msg`certification`,
  safety: msg`safety`,
  leave: msg`leave`,
  training: msg`training`,
  other: msg`other`,
  justified: msg`justified`,
  not_justified: msg`not justified`,
  normal: msg`normal`,
  urgent: msg`urgent`,
  emergency: msg`emergency`,
});

/** A command by its name. A server newer than this window may name one that is not known here. */
export const commandWords = (name: string) => (COMMANDS as Record<string, string>)[name] ?? plain(name);

/** Named values in the order they were entered. */
export function typed(input: unknown): [string, string][] {
  if (typeof input !== "object" || input === null) return [];
  return Object.entries(input)
    .filter(([name, value]) => !HIDDEN.has(name) && value != null && value !== "")
    .map(([name, value]) => [FIELDS[name] ?? plain(name), valueWords(value, name)]);
}

/** A value as words: findings read as "fail, 12, cracked". */
export function valueWords(value: unknown, name?: string): string {
  if (value == null || value === "") return t`empty`;
  if (Array.isArray(value)) return value.map((one) => valueWords(one, name)).join(", ");
  if (typeof value === "object") {
    const parts = Object.entries(value).filter(([, part]) => part != null && part !== "");
    return parts.length === 0 ? t`empty` : parts.map(([key, part]) => valueWords(part, key)).join(", ");
  }
  if (typeof value !== "string") return String(value);
  return (name && CHOSEN.has(name) && CHOICES[value]) || value.replaceAll("_", " ");
}

const plain = (name: string) => {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};
