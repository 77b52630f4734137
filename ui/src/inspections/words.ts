// What the data is called on the screen, with the icon that always goes with the word.

import type { AbsenceReason, Appointment, Block, Calendar, CheckAnswer, Command, Finding, InspectionType, News, Overall, Permit, Person, Priority, RequestReason, Row, VisitStatus } from "../bindings";
import type { Tone } from "../parts/bits";
import type { IconName } from "../parts/Icon";

export interface Word {
  label: string;
  icon: IconName;
  tone: Tone;
}

export const STATUS: Record<VisitStatus, Word> = {
  scheduled: { label: "Scheduled", icon: "circle", tone: "neutral" },
  confirmed: { label: "Confirmed", icon: "check", tone: "accent" },
  in_progress: { label: "In progress", icon: "half", tone: "accent" },
  completed: { label: "Completed", icon: "check", tone: "good" },
  cancelled: { label: "Cancelled", icon: "cross", tone: "neutral" },
  no_show: { label: "No show", icon: "absent", tone: "attention" },
  require_reassignment: { label: "Reassignment asked for", icon: "swap", tone: "attention" },
  require_reinspection: { label: "Re-inspection needed", icon: "repeat", tone: "attention" },
  require_reschedule: { label: "New date needed", icon: "today", tone: "attention" },
};

export const PRIORITY: Record<Priority, Word | null> = {
  normal: null,
  urgent: { label: "Urgent", icon: "alert", tone: "attention" },
  emergency: { label: "Emergency", icon: "alert", tone: "bad" },
};

export const OVERALL: Record<Overall, Word> = {
  passed: { label: "Passed", icon: "check", tone: "good" },
  passed_with_conditions: { label: "Passed with conditions", icon: "note", tone: "attention" },
  failed: { label: "Failed", icon: "cross", tone: "bad" },
};

export const REASON: Record<RequestReason, string> = {
  conflict: "Conflict of interest",
  illness: "Illness",
  equipment: "Equipment",
  certification: "Certification",
  safety: "Safety",
};

export const ANSWER: Record<CheckAnswer, string> = { pass: "Pass", fail: "Fail", not_applicable: "Not applicable" };

export const ABSENCE: Record<AbsenceReason, string> = { illness: "Illness", leave: "Leave", training: "Training", other: "Other" };

export const PERMIT_STATUS: Record<Permit["status"], Word> = {
  applied: { label: "Applied for", icon: "clock", tone: "neutral" },
  issued: { label: "Issued", icon: "check", tone: "good" },
  suspended: { label: "Suspended", icon: "alert", tone: "bad" },
  closed: { label: "Closed", icon: "minus", tone: "neutral" },
};

/** What changed since somebody last looked, as the end of "Changed: …". */
export const NEWS: Record<News, string> = {
  new: "new",
  time: "time",
  inspector: "inspector",
  cancelled: "cancelled",
  status: "status",
  result: "result",
  request: "request for reassignment",
  lock: "lock",
  priority: "priority",
  instructions: "instructions",
  contact: "contact or address",
  note: "note",
};

/** "New", or "Changed: time, note"; nothing where nothing changed. */
export function newsWords(news: News[]): string | null {
  if (news.length === 0) return null;
  return news.includes("new") ? "New" : `Changed: ${news.map((one) => NEWS[one]).join(", ")}`;
}

/** Commands as people read them in a history. */
export const DONE: Record<Command["name"], string> = {
  book_appointment: "Booked",
  confirm_appointment: "Confirmed",
  reschedule: "Rescheduled",
  cancel_appointment: "Cancelled",
  start_inspection: "Started the inspection",
  record_checklist_item: "Answered a checklist line",
  record_result: "Recorded the result",
  mark_no_show: "Nobody was there",
  mark_access_refused: "Access was refused",
  correct_result: "Corrected the result",
  book_reinspection: "Booked the re-inspection",
  add_note: "Added a note",
  add_photo: "Added a photo",
  request_reassignment: "Asked for reassignment",
  reassign: "Reassigned",
  decline_request: "Declined the reassignment",
  lock_appointment: "Locked",
  unlock_appointment: "Unlocked",
  block_time: "Blocked",
  unblock_time: "Took the block back",
  change_calendar_rules: "Changed the calendar's rules",
  mark_unavailable: "Marked as unavailable",
  mark_available: "Marked as available again",
  grant_role: "Gave a role",
  withdraw_grant: "Withdrew a role",
};

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
export const placeName = (visit: Appointment) => visit.address || visit.establishment || "Address not given";

export const isOver = (visit: Appointment) =>
  ["completed", "cancelled", "no_show", "require_reinspection"].includes(visit.status);

/** Minutes of a visit's window, where both ends are known. */
export const minutesOf = (visit: Appointment) =>
  visit.from_minute != null && visit.to_minute != null ? visit.to_minute - visit.from_minute : 0;

/** A fresh random id with a prefix that says what it is. */
export function freshId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `${prefix}-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
