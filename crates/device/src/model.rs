//! What the screen is given. The window passes these on as they are.

use domain::Contest;
use domain::inspections::News;
use policy::{CalendarId, Denial, GrantId, Millis};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// A record as the person sees it, waiting work included.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Row {
    pub id: String,
    pub kind: String,
    pub revision: i64,
    pub body: Value,
    /// The names of commands on it that the office has not answered.
    pub waiting: Vec<String>,
    /// What changed since the person last looked at it.
    pub news: BTreeSet<News>,
}

/// Whether a command can be given now, and why not.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Affordance {
    pub command: String,
    pub allowed: bool,
    pub asks_office: bool,
    pub denial: Option<Denial>,
    /// What somebody else wrote first, where the command would be given over it.
    pub contest: Option<Contest>,
}

/// A visit with what belongs to it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Sheet {
    pub row: Row,
    pub permit: Option<Row>,
    pub inspection_type: Option<Row>,
    pub calendar: Option<Row>,
    pub affordances: Vec<Affordance>,
}

/// A command that is safe on the disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Submitted {
    pub id: String,
    pub asks_office: bool,
}

/// Whether a change is on its way this very moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum SendState {
    Waiting,
    Sending,
}

/// A change on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Waiting {
    pub id: String,
    pub name: String,
    pub target: String,
    /// Its kind, where it is on this laptop.
    pub target_kind: Option<String>,
    pub target_title: String,
    pub at: Millis,
    pub state: SendState,
    pub summary: String,
}

/// Where a photo's bytes stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum PhotoState {
    /// The change that names it goes first.
    Held,
    Waiting,
    Sending,
    /// It came to nothing, and is tried again.
    Later,
    /// The office will not have it as it is.
    Refused,
}

/// A photo whose bytes are not at the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct WaitingPhoto {
    /// The command that names it.
    pub id: String,
    pub hash: String,
    pub target: String,
    pub target_title: String,
    pub caption: String,
    pub at: Millis,
    pub bytes: u64,
    pub state: PhotoState,
    /// How many bytes have left, while it is being sent.
    pub sent: u64,
    /// Why it was not kept, and when it is tried again.
    pub problem: Option<String>,
    pub again_at: Option<Millis>,
}

/// The photos that wait on this laptop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct PhotoQueue {
    /// Held back for a better connection.
    pub paused: bool,
    pub photos: Vec<WaitingPhoto>,
}

/// Work the office did not take: what was typed, and why not.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Returned {
    pub id: String,
    pub name: String,
    pub target: String,
    /// Its kind, where it is on this laptop.
    pub target_kind: Option<String>,
    pub target_title: String,
    pub at: Millis,
    pub input: Value,
    pub denial: Option<Denial>,
    pub contest: Option<Contest>,
}

/// One line of "what I can and cannot do".
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct AccessLine {
    pub verb: String,
    pub allowed: bool,
    pub reach: String,
    pub denial: Option<Denial>,
}

/// A calendar with its lines.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct AccessPlace {
    pub id: String,
    pub title: String,
    pub lines: Vec<AccessLine>,
    /// Whether it may be opened in an emergency now.
    pub may_open: bool,
}

/// A role the person holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct AccessRole {
    pub title: String,
    pub because: String,
    pub granted_by: String,
    pub from: Option<Millis>,
    pub until: Option<Millis>,
}

/// A calendar that the person has opened in an emergency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct EmergencyAccess {
    pub grant: GrantId,
    pub calendar: CalendarId,
    pub title: String,
    pub until: Millis,
    /// The person has ended it, and the office does not know yet.
    pub is_ending: bool,
}

/// "My access": what I can and cannot do, why, and who can change it (C-BP-07).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Access {
    pub name: String,
    pub roles: Vec<AccessRole>,
    pub contacts: Vec<String>,
    pub places: Vec<AccessPlace>,
    /// The person is one of those who may open a calendar in an emergency, now or at another time.
    pub opens_in_emergency: bool,
    /// Why no calendar may be opened in an emergency now; none where one may.
    pub emergency_denial: Option<Denial>,
}

/// A view in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct HeldView {
    pub view: String,
    pub title: String,
    pub records: u64,
}

/// What was removed from this laptop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "Receipt"))]
pub struct ReceiptShown {
    pub at: Millis,
    pub titles: Vec<String>,
    pub records: u64,
    pub verified: bool,
}

/// How many records of a kind are held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct HeldKind {
    pub kind: String,
    pub count: u64,
}

/// What this laptop holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Holdings {
    pub views: Vec<HeldView>,
    pub records: Vec<HeldKind>,
    pub photos: u64,
    pub bytes: u64,
    pub receipts: Vec<ReceiptShown>,
    /// When counts and sums last agreed with the office's.
    pub checked: Option<Millis>,
}
