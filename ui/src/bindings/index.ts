// Generated from Rust by `cargo xtask bindings`; changes here are lost.

/** Milliseconds since 1970-01-01 UTC. */
export type Millis = number;

export type RecordId = string;

export type PersonId = string;

export type CalendarId = string;

export type DepartmentId = string;

export type TeamId = string;

export type GrantId = string;

export type RoleName = string;

export type Scope = { "kind": "organization" } | { "kind": "department", "id": DepartmentId } | { "kind": "calendar", "id": CalendarId } | { "kind": "team", "id": TeamId };

export type Code = "not_granted" | "out_of_scope" | "not_assigned" | "not_applicant" | "not_found" | "not_held_here" | "wrong_state" | "already_completed" | "cutoff_passed" | "not_eligible" | "slot_taken" | "overlap" | "invalid_input" | "permit_not_ready" | "already_exists" | "ceiling" | "held" | "office_fault";

export type Denial = { code: Code, sentence: string, 
/**
 * The fact that decided, such as "completed at 10:42"; already cut to what the reader may see.
 */
fact?: string, 
/**
 * The requirement the rule comes from.
 */
rule: string, 
/**
 * Who can change it.
 */
who?: string, };

export type Contest = { field: string, mine: any, theirs: any, 
/**
 * Who wrote the other value, where the reader may know.
 */
theirs_by?: string, 
/**
 * When, by the office's clock.
 */
theirs_at?: number, };

export type Problem = { code: string, sentence: string, denial: Denial | null, };

export type Phase = "starting" | "signed_out" | "locked" | "lease_over" | "open";

export type Account = { username: string, name: string, };

export type Progress = { done: number, total: number, };

export type Receipt = { at: number, titles: Array<string>, records: number, verified: boolean, };

export type Status = { 
/**
 * Grows with every status made, so that an older one that arrives late is known for what it is.
 */
version: number, phase: Phase, server: string | null, person: string | null, name: string | null, username: string | null, roles: string, 
/**
 * Whether the person sees the inspectors of a calendar, and so their days.
 */
supervises: boolean, online: boolean, syncing: boolean, progress: Progress | null, last_sync: number | null, rights_as_of: number | null, lease_until: number | null, lease_ended: number | null, waiting: number, returned: number, 
/**
 * Other people's work and emergency accesses that wait for this person to decide.
 */
to_decide: number, 
/**
 * The calendars that are open in an emergency.
 */
emergencies: Array<EmergencyAccess>, photos_waiting: number, 
/**
 * What waited when the files were closed is at the office now.
 */
handed_over: boolean, 
/**
 * Of these, how many the office will not have as they are.
 */
photos_refused: number, 
/**
 * Photos are held back for a better connection.
 */
photos_paused: boolean, zone: string, today: string, now_minute: number, problem: Problem | null, accounts: Array<Account>, forgotten: Receipt | null, };

export type News = "new" | "time" | "inspector" | "cancelled" | "status" | "result" | "request" | "lock" | "priority" | "instructions" | "contact" | "note";

export type Row = { id: string, kind: string, revision: number, body: any, 
/**
 * The names of commands on it that the office has not answered.
 */
waiting: Array<string>, 
/**
 * What changed since the person last looked at it.
 */
news: Array<News>, };

export type Affordance = { command: string, allowed: boolean, asks_office: boolean, denial: Denial | null, 
/**
 * What somebody else wrote first, where the command would be given over it.
 */
contest: Contest | null, };

export type Sheet = { row: Row, permit: Row | null, inspection_type: Row | null, calendar: Row | null, affordances: Array<Affordance>, };

export type Submitted = { id: string, asks_office: boolean, };

export type SendState = "waiting" | "sending";

export type Waiting = { id: string, name: string, target: string, 
/**
 * Its kind, where it is on this laptop.
 */
target_kind: string | null, target_title: string, at: number, state: SendState, summary: string, };

export type Returned = { id: string, name: string, target: string, 
/**
 * Its kind, where it is on this laptop.
 */
target_kind: string | null, target_title: string, at: number, input: any, denial: Denial | null, contest: Contest | null, };

export type PhotoState = "held" | "waiting" | "sending" | "later" | "refused";

export type WaitingPhoto = { 
/**
 * The command that names it.
 */
id: string, hash: string, target: string, target_title: string, caption: string, at: number, bytes: number, state: PhotoState, 
/**
 * How many bytes have left, while it is being sent.
 */
sent: number, 
/**
 * Why it was not kept, and when it is tried again.
 */
problem: string | null, again_at: number | null, };

export type PhotoQueue = { 
/**
 * Held back for a better connection.
 */
paused: boolean, photos: Array<WaitingPhoto>, };

export type EmergencyAccess = { grant: GrantId, calendar: CalendarId, title: string, until: number, 
/**
 * The person has ended it, and the office does not know yet.
 */
is_ending: boolean, };

export type AccessLine = { verb: string, allowed: boolean, reach: string, denial: Denial | null, };

export type AccessPlace = { id: string, title: string, lines: Array<AccessLine>, 
/**
 * Whether it may be opened in an emergency now.
 */
may_open: boolean, };

export type AccessRole = { title: string, because: string, granted_by: string, from: number | null, until: number | null, };

export type Access = { name: string, roles: Array<AccessRole>, contacts: Array<string>, places: Array<AccessPlace>, 
/**
 * The person is one of those who may open a calendar in an emergency, now or at another time.
 */
opens_in_emergency: boolean, 
/**
 * Why no calendar may be opened in an emergency now; none where one may.
 */
emergency_denial: Denial | null, };

export type HeldView = { view: string, title: string, records: number, };

export type HeldKind = { kind: string, count: number, };

export type Holdings = { views: Array<HeldView>, records: Array<HeldKind>, photos: number, bytes: number, receipts: Array<Receipt>, 
/**
 * When counts and sums last agreed with the office's.
 */
checked: number | null, };

export type PhotoBytes = { media_type: string, base64: string, };

export type About = { version: string, 
/**
 * It was built to look for newer versions of itself.
 */
updates_itself: boolean, };

export type Basemap = { attribution: string, 
/**
 * West, south, east, north.
 */
bounds: [number, number, number, number], features: any, };

/** How long a calendar stays open that was opened in an emergency. */
export const EMERGENCY_HOURS = 4;

/** Applicants may be held to what they booked so many hours before, and no longer. */
export const HOURS_MAX = 336;

export type VisitStatus = "scheduled" | "confirmed" | "in_progress" | "completed" | "cancelled" | "no_show" | "require_reassignment" | "require_reinspection" | "require_reschedule";

export type Priority = "normal" | "urgent" | "emergency";

export type Overall = "passed" | "passed_with_conditions" | "failed";

export type CheckAnswer = "pass" | "fail" | "not_applicable";

export type RequestReason = "conflict" | "illness" | "equipment" | "certification" | "safety";

export type Finding = { answer?: CheckAnswer, 
/**
 * In the unit of the item.
 */
measurement?: number, observation?: string, };

export type Answered = { by: string, at: number, };

export type Outcome = { overall: Overall, summary: string, by: string, at: number | null, };

export type Note = { id: RecordId, by: string, at: number, text: string, };

export type Photo = { 
/**
 * SHA-less content address: 64 hexadecimal digits of the BLAKE3 hash of the bytes.
 */
hash: string, media_type: string, bytes: number, caption: string, by: string, at: number, 
/**
 * Its bytes are not at the office yet.
 */
pending?: boolean, };

export type ReassignmentRequest = { reason: RequestReason, text: string, by: string, at: number, 
/**
 * The status before it was asked for, to go back to where it is declined.
 */
was: VisitStatus, };

export type CalledOff = { because: string, by: string, at: number, };

export type VisitLock = { because: string, by: string, at: number, };

export type HistoryChange = { field: string, from: string, to: string, };

export type HistoryEvent = { 
/**
 * The command's name.
 */
what: string, by: string, 
/**
 * The server's time of receipt; on a device that has not sent it yet, the device's own.
 */
at: number, 
/**
 * When the person says it was done.
 */
claimed_at: number, detail: string, changes?: Array<HistoryChange>, };

export type Source = { system: string, id: string, 
/**
 * Columns of the source that the visit has no field for, as they were.
 */
facts: { [key in string]: string }, 
/**
 * What the source lacked, by name, such as `without_coordinates`.
 */
marks: Array<string>, };

export type ChecklistItem = { key: string, text: string, 
/**
 * The unit of a measurement to take, such as `mm`; absent where nothing is measured.
 */
unit?: string, required: boolean, };

export type Team = { id: TeamId, name: string, };

export type PermitStatus = "applied" | "issued" | "suspended" | "closed";

export type InspectionType = { name: string, calendar: CalendarId, duration_minutes: number, 
/**
 * What an applicant must have ready.
 */
requirements: Array<string>, checklist: Array<ChecklistItem>, };

export type Calendar = { name: string, department: DepartmentId, department_name: string, public: boolean, active: boolean, 
/**
 * What applicants must know before they book.
 */
requirements: Array<string>, 
/**
 * Until this minute of the day a visit of that day may be asked to be reassigned (C-INS-UP1).
 */
cutoff_minute: number, 
/**
 * Until so many hours before a visit begins its applicant may reschedule it (C-CIT-08).
 */
reschedule_hours: number, 
/**
 * The same for cancelling it (C-CIT-04).
 */
cancel_hours: number, 
/**
 * Whether photos keep where they were taken. They do not unless somebody says so.
 */
photo_location?: boolean, teams: Array<Team>, };

export type CalendarRules = { cutoff_minute: number, reschedule_hours: number, cancel_hours: number, 
/**
 * Whether photos keep where they were taken.
 */
photo_location?: boolean, };

export type Block = { calendar: CalendarId, person?: PersonId, person_name?: string, from_day: string, 
/**
 * The last day, which is blocked too.
 */
until_day: string, 
/**
 * Minutes of each of the days; absent where whole days are blocked.
 */
from_minute?: number, to_minute?: number, 
/**
 * Taken back: it blocks nothing any more.
 */
lifted: boolean, because?: string, history?: Array<HistoryEvent>, };

export type Slot = { day?: string | null, from_minute?: number | null, };

export type Correction = { overall: Overall, summary: string, findings: { [key in string]: Finding }, };

export type Taker = { person: PersonId, name: string, 
/**
 * Open visits they have that day.
 */
visits: number, };

export type NoTaker = { person: PersonId, denial: Denial, };

export type Takers = { appointment: RecordId, 
/**
 * Those with the fewest visits that day first.
 */
takers: Array<Taker>, 
/**
 * Why each of the others could not.
 */
others: Array<NoTaker>, };

export type AbsenceReason = "illness" | "leave" | "training" | "other";

export type Away = { name: string, person: PersonId, reason: AbsenceReason, };

export type Gap = { appointment: RecordId, 
/**
 * The inspector who has it and is not there; nobody where it is assigned to nobody.
 */
away: Away | null, };

export type Absence = { id: RecordId, from_day: string, until_day: string, reason: AbsenceReason, by: string, at: number, };

export type AccessFinding = "justified" | "not_justified";

export type Review = { finding: AccessFinding, by: string, at: number, because: string, };

export type Emergency = { calendar: CalendarId, 
/**
 * The calendar's name at the time, for whoever reads of it later.
 */
calendar_name: string, 
/**
 * What a supervisor of the calendar found, once somebody has.
 */
review?: Review, };

type WholeAppointment = { permit?: RecordId, permit_number: string, permit_type: string, inspection_type?: RecordId, inspection_type_name: string, calendar?: CalendarId, team?: TeamId, assignee?: PersonId, assignee_name: string, applicant?: PersonId, contact_name: string, contact_phone: string, contact_email: string, establishment: string, address: string, latitude?: number, longitude?: number, day?: string, 
/**
 * Minutes of the day; absent where only the day is known.
 */
from_minute?: number, to_minute?: number, priority: Priority, special_notes: string, status: VisitStatus, started_at?: number, completed_at?: number, 
/**
 * What was found, by the key of the checklist's item.
 */
findings: { [key in string]: Finding }, 
/**
 * Who answered each line last, and when.
 */
answered: { [key in string]: Answered }, result?: Outcome, notes: Array<Note>, photos: Array<Photo>, request?: ReassignmentRequest, called_off?: CalledOff, lock?: VisitLock, 
/**
 * The visit that failed, of which this one is the re-inspection.
 */
reinspects?: RecordId, 
/**
 * The re-inspection booked because this one failed.
 */
reinspection?: RecordId, 
/**
 * What failed in the visit before, by the key of the checklist's item: where there is any, only these need answers.
 */
found_before: { [key in string]: Finding }, history: Array<HistoryEvent>, source?: Source, };
export type Appointment = Partial<WholeAppointment> & Pick<WholeAppointment, "status" | "priority">;

type WholePermit = { number: string, permit_type: string, description: string, status: PermitStatus, fee_paid?: boolean, applicant?: PersonId, contact_name: string, contact_phone: string, contact_email: string, establishment: string, address: string, latitude?: number, longitude?: number, calendar?: CalendarId, 
/**
 * The inspections that may be booked under it.
 */
inspection_types: Array<RecordId>, 
/**
 * How many open visits under it each person has: whoever has one sees the permit (C-INS-09).
 */
people: { [key in PersonId]: number }, 
/**
 * The same for teams.
 */
teams: { [key in TeamId]: number }, source?: Source, };
export type Permit = Partial<WholePermit> & Pick<WholePermit, "number" | "permit_type" | "status" | "address">;

type WholePerson = { name: string, username: string, email: string, phone: string, 
/**
 * The calendars the person inspects in; follows from the grants.
 */
inspects: Array<CalendarId>, 
/**
 * Days on which the person is not there.
 */
absences: Array<Absence>, };
export type Person = Partial<WholePerson> & Pick<WholePerson, "name">;

export type GrantBody = { person: PersonId, role: RoleName, scope: Scope, from?: number, until?: number, granted_by: string, because: string, 
/**
 * When and by whom it was taken back.
 */
withdrawn?: string, 
/**
 * That its holder took it themselves, in an emergency.
 */
emergency?: Emergency, };

export type BookAppointment = { appointment: RecordId, permit: RecordId, inspection_type: RecordId, day: string, from_minute: number, assignee?: PersonId, priority: Priority, special_notes: string, };

export type ConfirmAppointment = { appointment: RecordId, };

export type Reschedule = { appointment: RecordId, day: string, from_minute: number, saw: Slot, 
/**
 * Why; a manager says so where it is too late for the applicant.
 */
because: string, 
/**
 * The manager has seen that the inspector has another visit at that time, and means it (C-MGR-07).
 */
overlap_accepted: boolean, };

export type CancelAppointment = { appointment: RecordId, because: string, };

export type StartInspection = { appointment: RecordId, };

export type RecordChecklistItem = { appointment: RecordId, item: string, saw: Finding, finding: Finding, };

export type RecordResult = { appointment: RecordId, overall: Overall, summary: string, };

export type MarkNoShow = { appointment: RecordId, because: string, };

export type MarkAccessRefused = { appointment: RecordId, because: string, };

export type CorrectResult = { appointment: RecordId, saw: Correction, correction: Correction, because: string, };

export type BookReinspection = { appointment: RecordId, reinspects: RecordId, day: string, from_minute: number, assignee?: PersonId, };

export type AddNote = { appointment: RecordId, note: RecordId, text: string, };

export type AddPhoto = { appointment: RecordId, hash: string, media_type: string, bytes: number, caption: string, };

export type RequestReassignment = { appointment: RecordId, reason: RequestReason, text: string, };

export type Reassign = { appointment: RecordId, to: PersonId, saw?: PersonId | null, 
/**
 * The manager has seen that the inspector has another visit at that time, and means it (C-MGR-07).
 */
overlap_accepted: boolean, };

export type DeclineRequest = { appointment: RecordId, because: string, };

export type LockAppointment = { appointment: RecordId, because: string, };

export type UnlockAppointment = { appointment: RecordId, because: string, };

export type BlockTime = { block: RecordId, calendar: CalendarId, person?: PersonId, from_day: string, until_day: string, from_minute?: number, to_minute?: number, because: string, };

export type UnblockTime = { block: RecordId, };

export type ChangeCalendarRules = { calendar: CalendarId, saw: CalendarRules, rules: CalendarRules, };

export type MarkUnavailable = { person: PersonId, absence: RecordId, from_day: string, until_day: string, reason: AbsenceReason, };

export type MarkAvailable = { person: PersonId, absence: RecordId, };

export type GrantRole = { grant: GrantId, person: PersonId, role: RoleName, scope: Scope, from?: number, until?: number, because: string, };

export type WithdrawGrant = { grant: GrantId, because: string, };

export type BreakGlass = { grant: GrantId, calendar: CalendarId, because: string, };

export type EndAccess = { grant: GrantId, };

export type ReviewAccess = { grant: GrantId, finding: AccessFinding, because: string, };

export type AdoptReturnedWork = { work: RecordId, because: string, over?: Contest, 
/**
 * The same command with other values, where neither side was right.
 */
instead?: Command, };

export type DiscardReturnedWork = { work: RecordId, because: string, };

export type Decision = { is_adopted: boolean, 
/**
 * What was done in its place.
 */
instead?: Command, by: string, at: number, because: string, };

export type ReturnedWork = { 
/**
 * Where its target belongs, so that those who supervise there see it.
 */
calendar: CalendarId, team?: TeamId, target: RecordId, target_title: string, author: PersonId, author_name: string, command: Command, denial?: Denial, contest?: Contest, 
/**
 * When its author says it was done.
 */
claimed_at: number, 
/**
 * When it arrived, by the office's clock.
 */
received_at: number, 
/**
 * What a supervisor made of it.
 */
decision?: Decision, };

export type Command = { "name": "book_appointment", "input": BookAppointment } | { "name": "confirm_appointment", "input": ConfirmAppointment } | { "name": "reschedule", "input": Reschedule } | { "name": "cancel_appointment", "input": CancelAppointment } | { "name": "start_inspection", "input": StartInspection } | { "name": "record_checklist_item", "input": RecordChecklistItem } | { "name": "record_result", "input": RecordResult } | { "name": "mark_no_show", "input": MarkNoShow } | { "name": "mark_access_refused", "input": MarkAccessRefused } | { "name": "correct_result", "input": CorrectResult } | { "name": "book_reinspection", "input": BookReinspection } | { "name": "add_note", "input": AddNote } | { "name": "add_photo", "input": AddPhoto } | { "name": "request_reassignment", "input": RequestReassignment } | { "name": "reassign", "input": Reassign } | { "name": "decline_request", "input": DeclineRequest } | { "name": "lock_appointment", "input": LockAppointment } | { "name": "unlock_appointment", "input": UnlockAppointment } | { "name": "block_time", "input": BlockTime } | { "name": "unblock_time", "input": UnblockTime } | { "name": "change_calendar_rules", "input": ChangeCalendarRules } | { "name": "mark_unavailable", "input": MarkUnavailable } | { "name": "mark_available", "input": MarkAvailable } | { "name": "grant_role", "input": GrantRole } | { "name": "withdraw_grant", "input": WithdrawGrant } | { "name": "break_glass", "input": BreakGlass } | { "name": "end_access", "input": EndAccess } | { "name": "review_access", "input": ReviewAccess } | { "name": "adopt_returned_work", "input": AdoptReturnedWork } | { "name": "discard_returned_work", "input": DiscardReturnedWork };
