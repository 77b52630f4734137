// What the data is called on the screen, with the icon that always goes with the word.

import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import type { AbsenceReason, Appointment, Block, Calendar, CheckAnswer, Command, Finding, InspectionType, News, Overall, Permit, Person, Priority, RequestReason, Row, VisitStatus } from "../bindings";
import type { Tone } from "../parts/bits";
import type { IconName } from "../parts/Icon";
import { said } from "../parts/said";

export interface Word {
  label: string;
  icon: IconName;
  tone: Tone;
}

/** A word is looked up when it is read, in the language of that moment. */
const word = (label: MessageDescriptor, icon: IconName, tone: Tone): Word => ({
  get label() {
    return i18n._(label);
  },
  icon,
  tone,
});

export const STATUS: Record<VisitStatus, Word> = {
  scheduled: word(msg`Scheduled`, "circle", "neutral"),
  confirmed: word(msg`Confirmed`, "check", "accent"),
  in_progress: word(msg`In progress`, "half", "accent"),
  completed: word(msg`Completed`, "check", "good"),
  cancelled: word(msg`Cancelled`, "cross", "neutral"),
  no_show: word(msg`No show`, "absent", "attention"),
  require_reassignment: word(msg`Reassignment asked for`, "swap", "attention"),
  require_reinspection: word(msg`Re-inspection needed`, "repeat", "attention"),
  require_reschedule: word(msg`New date needed`, "today", "attention"),
};

export const PRIORITY: Record<Priority, Word | null> = {
  normal: null,
  urgent: word(msg`Urgent`, "alert", "attention"),
  emergency: word(msg`Emergency`, "alert", "bad"),
};

export const OVERALL: Record<Overall, Word> = {
  passed: word(msg`Passed`, "check", "good"),
  passed_with_conditions: word(msg`Passed with conditions`, "note", "attention"),
  failed: word(msg`Failed`, "cross", "bad"),
};

export const REASON = said<RequestReason>({
  conflict: msg`Conflict of interest`,
  illness: msg`Illness`,
  equipment: msg`Equipment`,
  certification: msg`Certification`,
  safety: msg`Safety`,
});

export const ANSWER = said<CheckAnswer>({ pass: msg`Pass`, fail: msg`Fail`, not_applicable: msg`Not applicable` });

export const ABSENCE = said<AbsenceReason>({ illness: msg`Illness`, leave: msg`Leave`, training: msg`Training`, other: msg`Other` });

export const PERMIT_STATUS: Record<Permit["status"], Word> = {
  applied: word(msg`Applied for`, "clock", "neutral"),
  issued: word(msg`Issued`, "check", "good"),
  suspended: word(msg`Suspended`, "alert", "bad"),
  closed: word(msg`Closed`, "minus", "neutral"),
};

/** What changed since somebody last looked, as the end of "Changed: …". */
export const NEWS = said<News>({
  new: msg`new`,
  time: msg`time`,
  inspector: msg`inspector`,
  cancelled: msg`cancelled`,
  status: msg`status`,
  result: msg`result`,
  request: msg`request for reassignment`,
  lock: msg`lock`,
  priority: msg`priority`,
  instructions: msg`instructions`,
  contact: msg`contact or address`,
  note: msg`note`,
});

/** "New", or "Changed: time, note"; nothing where nothing changed. */
export function newsWords(news: News[]): string | null {
  if (news.length === 0) return null;
  const what = news.map((one) => NEWS[one]).join(", ");
  return news.includes("new") ? t`New` : t`Changed: ${what}`;
}

/** Commands as people read them in a history. */
export const DONE = said<Command["name"]>({
  book_appointment: msg`Booked`,
  confirm_appointment: msg`Confirmed`,
  reschedule: msg`Rescheduled`,
  cancel_appointment: msg`Cancelled`,
  start_inspection: msg`Started the inspection`,
  record_checklist_item: msg`Answered a checklist line`,
  record_result: msg`Recorded the result`,
  mark_no_show: msg`Nobody was there`,
  mark_access_refused: msg`Access was refused`,
  correct_result: msg`Corrected the result`,
  book_reinspection: msg`Booked the re-inspection`,
  add_note: msg`Added a note`,
  add_photo: msg`Added a photo`,
  request_reassignment: msg`Asked for reassignment`,
  reassign: msg`Reassigned`,
  decline_request: msg`Declined the reassignment`,
  lock_appointment: msg`Locked`,
  unlock_appointment: msg`Unlocked`,
  block_time: msg`Blocked`,
  unblock_time: msg`Took the block back`,
  change_calendar_rules: msg`Changed the calendar's rules`,
  mark_unavailable: msg`Marked as unavailable`,
  mark_available: msg`Marked as available again`,
  grant_role: msg`Gave a role`,
  withdraw_grant: msg`Withdrew a role`,
  break_glass: msg`Opened the calendar in an emergency`,
  end_access: msg`Ended the emergency access`,
  review_access: msg`Reviewed the emergency access`,
  adopt_returned_work: msg`Adopted returned work`,
  discard_returned_work: msg`Discarded returned work`,
});

/** A command's name in a history, in words. A server newer than this window may name one that is not known here. */
export const doneWords = (name: string) => (DONE as Record<string, string>)[name] ?? name.replaceAll("_", " ");

export const visitOf = (row: Row) => row.body as Appointment;
export const permitOf = (row: Row) => row.body as Permit;
export const typeOf = (row: Row) => row.body as InspectionType;
export const calendarOf = (row: Row) => row.body as Calendar;
export const personOf = (row: Row) => row.body as Person;
export const blockOf = (row: Row) => row.body as Block;

/** What was found on a line, with the unit it was measured in. */
export const findingWords = ({ answer, measurement, observation }: Finding, unit?: string) =>
  [answer && ANSWER[answer], measurement != null && [measurement, unit].filter(Boolean).join(" "), observation].filter(Boolean).join(", ");

/** Where the visit is, in the fewest words that find it. */
export const placeName = (visit: Appointment) => visit.address || visit.establishment || t`Address not given`;

export const isOver = (visit: Appointment) =>
  ["completed", "cancelled", "no_show", "require_reinspection"].includes(visit.status);

/** Minutes of a visit's window, where both ends are known. */
export const minutesOf = (visit: Appointment) =>
  visit.from_minute != null && visit.to_minute != null ? visit.to_minute - visit.from_minute : 0;
