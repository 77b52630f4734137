// What the data is called on the screen, with the icon that always goes with the word.

import type { Appointment, Calendar, InspectionType, Overall, Permit, Person, Priority, RequestReason, Row, VisitStatus } from "../bindings";
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

export const PERMIT_STATUS: Record<Permit["status"], Word> = {
  applied: { label: "Applied for", icon: "clock", tone: "neutral" },
  issued: { label: "Issued", icon: "check", tone: "good" },
  suspended: { label: "Suspended", icon: "alert", tone: "bad" },
  closed: { label: "Closed", icon: "minus", tone: "neutral" },
};

/** Commands as people read them in a history. */
export const DONE: Record<string, string> = {
  book_appointment: "Booked",
  start_inspection: "Started the inspection",
  record_checklist_item: "Answered a checklist line",
  record_result: "Recorded the result",
  add_note: "Added a note",
  add_photo: "Added a photo",
  request_reassignment: "Asked for reassignment",
  reassign: "Reassigned",
};

export const visitOf = (row: Row) => row.body as Appointment;
export const permitOf = (row: Row) => row.body as Permit;
export const typeOf = (row: Row) => row.body as InspectionType;
export const calendarOf = (row: Row) => row.body as Calendar;
export const personOf = (row: Row) => row.body as Person;

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
