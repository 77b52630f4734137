// The names and shapes the native side speaks. Types only.

/** Milliseconds since 1970 in UTC. */
export type Millis = number;

export type Phase = "starting" | "signed_out" | "locked" | "lease_over" | "open";

export interface Denial {
  code: string;
  sentence: string;
  fact?: string | null;
  rule: string;
  who?: string | null;
}

export interface Problem {
  code: string;
  sentence: string;
  denial: Denial | null;
}

export interface Account {
  username: string;
  name: string;
}

export interface Receipt {
  at: Millis;
  titles: string[];
  records: number;
  verified: boolean;
}

export interface Progress {
  done: number;
  total: number;
}

export interface Status {
  phase: Phase;
  server: string | null;
  person: string | null;
  name: string | null;
  username: string | null;
  supervises: boolean; roles: string;
  online: boolean;
  syncing: boolean;
  progress: Progress | null;
  last_sync: Millis | null;
  rights_as_of: Millis | null;
  lease_until: Millis | null;
  lease_ended: Millis | null;
  waiting: number;
  returned: number;
  photos_waiting: number;
  zone: string;
  /** YYYY-MM-DD in the zone. */
  today: string;
  now_minute: number;
  problem: Problem | null;
  accounts: Account[];
  forgotten: Receipt | null;
}

export interface Row {
  id: string;
  kind: string;
  revision: number;
  body: any;
  waiting: string[];
}

export interface Affordance {
  command: string;
  allowed: boolean;
  asks_office: boolean;
  denial: Denial | null;
}

export interface Sheet {
  row: Row;
  permit: Row | null;
  inspection_type: Row | null;
  calendar: Row | null;
  affordances: Affordance[];
}

export interface Command {
  name: string;
  input: any;
}

export interface Submitted {
  id: string;
  asks_office: boolean;
}

export interface Waiting {
  id: string;
  name: string;
  target: string;
  target_title: string;
  at: Millis;
  state: "waiting" | "sending";
  summary: string;
}

export interface Contest {
  field: string;
  mine: any;
  theirs: any;
  theirs_by?: string | null;
}

export interface Returned {
  id: string;
  name: string;
  target: string;
  target_title: string;
  at: Millis;
  input: any;
  denial: Denial | null;
  contest: Contest | null;
}

export interface AccessLine {
  verb: string;
  allowed: boolean;
  reach: string;
  denial: Denial | null;
}

export interface AccessPlace {
  id: string;
  title: string;
  lines: AccessLine[];
}

export interface AccessRole {
  title: string;
  because: string;
  granted_by: string;
  from: Millis | null;
  until: Millis | null;
}

export interface Access {
  name: string;
  roles: AccessRole[];
  contacts: string[];
  places: AccessPlace[];
}

export interface HeldView {
  view: string;
  title: string;
  records: number;
}

export interface Holdings {
  views: HeldView[];
  records: { kind: string; count: number }[];
  photos: number;
  bytes: number;
  receipts: Receipt[];
  checked: Millis | null;
}

export interface PhotoBytes {
  media_type: string;
  base64: string;
}

export interface Basemap {
  attribution: string;
  bounds: [number, number, number, number];
  features: any;
}

export type VisitStatus =
  | "scheduled"
  | "confirmed"
  | "in_progress"
  | "completed"
  | "cancelled"
  | "no_show"
  | "require_reassignment"
  | "require_reinspection"
  | "require_reschedule";
export type Priority = "normal" | "urgent" | "emergency";
export type Overall = "passed" | "passed_with_conditions" | "failed";
export type CheckAnswer = "pass" | "fail" | "not_applicable";
export type RequestReason = "conflict" | "illness" | "equipment" | "certification" | "safety";

export interface Finding {
  answer?: CheckAnswer;
  measurement?: number;
  observation?: string;
}

export interface Outcome {
  overall: Overall;
  summary?: string;
  by?: string;
  at: Millis | null;
}

export interface Note {
  id: string;
  by: string;
  at: Millis;
  text: string;
}

export interface Photo {
  hash: string;
  media_type: string;
  bytes: number;
  caption?: string;
  by: string;
  at: Millis;
}

export interface ReassignmentRequest {
  reason: RequestReason;
  text?: string;
  by: string;
  at: Millis;
}

export interface HistoryEvent {
  what: string;
  by: string;
  at: Millis;
  claimed_at: Millis;
  detail?: string;
}

export interface Source {
  system: string;
  id: string;
  facts?: Record<string, string>;
  marks?: string[];
}

export interface Appointment {
  permit?: string;
  permit_number?: string;
  permit_type?: string;
  inspection_type?: string;
  inspection_type_name?: string;
  calendar?: string;
  team?: string;
  assignee?: string;
  assignee_name?: string;
  applicant?: string;
  contact_name?: string;
  contact_phone?: string;
  contact_email?: string;
  establishment?: string;
  address?: string;
  latitude?: number;
  longitude?: number;
  day: string | null;
  from_minute?: number;
  to_minute?: number;
  priority: Priority;
  special_notes?: string;
  status: VisitStatus;
  started_at?: Millis;
  completed_at?: Millis;
  findings?: Record<string, Finding>;
  result?: Outcome;
  notes?: Note[];
  photos?: Photo[];
  request?: ReassignmentRequest;
  history?: HistoryEvent[];
  source?: Source;
}

export interface Permit {
  number: string;
  permit_type: string;
  description?: string;
  status: "applied" | "issued" | "suspended" | "closed";
  fee_paid?: boolean;
  contact_name?: string;
  contact_phone?: string;
  contact_email?: string;
  establishment?: string;
  address: string;
  latitude?: number;
  longitude?: number;
  calendar?: string;
  inspection_types?: string[];
}

export interface ChecklistItem {
  key: string;
  text: string;
  unit?: string;
  required: boolean;
}

export interface InspectionType {
  name: string;
  calendar: string;
  duration_minutes: number;
  requirements?: string[];
  checklist?: ChecklistItem[];
}

export interface Calendar {
  name: string;
  department_name: string;
  requirements?: string[];
  cutoff_minute?: number;
}

export interface Person {
  name: string;
  username?: string;
  email?: string;
  phone?: string;
  inspects?: string[];
}
