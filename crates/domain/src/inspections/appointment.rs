//! A visit to inspect something under a permit.

use super::Finding;
use crate::command::{Context, Refusal};
use crate::found::Found;
use crate::record::is_empty;
use crate::{Body, Record};
use chrono::NaiveDate;
use policy::inspections::AppointmentFacts;
use policy::{CalendarId, Denial, Millis, PersonId, RecordId, TeamId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a visit stands (C-INS-UP2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "VisitStatus"))]
pub enum Status {
    #[default]
    Scheduled,
    Confirmed,
    InProgress,
    Completed,
    Cancelled,
    NoShow,
    RequireReassignment,
    RequireReinspection,
    RequireReschedule,
}

/// How urgent a visit is (C-INS-UP3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Priority {
    #[default]
    Normal,
    Urgent,
    Emergency,
}

/// The overall result of an inspection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Overall {
    Passed,
    PassedWithConditions,
    Failed,
}

/// What was found overall, by whom and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Outcome {
    pub overall: Overall,
    #[serde(default)]
    pub summary: String,
    #[serde(default)]
    pub by: String,
    pub at: Option<Millis>,
}

/// Who answered a line of the checklist, and when by the office's clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Answered {
    pub by: String,
    pub at: Millis,
}

/// A note on a visit. Notes are for staff; applicants never see them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Note {
    pub id: RecordId,
    pub by: String,
    pub at: Millis,
    pub text: String,
}

/// A photo on a visit: what it is; its bytes travel on their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Photo {
    /// SHA-less content address: 64 hexadecimal digits of the BLAKE3 hash of the bytes.
    pub hash: String,
    pub media_type: String,
    pub bytes: u32,
    #[serde(default)]
    pub caption: String,
    pub by: String,
    pub at: Millis,
    /// Its bytes are not at the office yet.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub pending: bool,
}

/// Why an inspector asks for somebody else to go (C-INS-UP1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum RequestReason {
    Conflict,
    Illness,
    Equipment,
    Certification,
    Safety,
}

/// An open request to be relieved of a visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ReassignmentRequest {
    pub reason: RequestReason,
    #[serde(default)]
    pub text: String,
    pub by: String,
    pub at: Millis,
    /// The status before it was asked for, to go back to where it is declined.
    #[serde(default)]
    pub was: Status,
}

/// Why a visit did not take place: cancelled, nobody there, or no way in. Its applicant reads it too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct CalledOff {
    pub because: String,
    pub by: String,
    pub at: Millis,
}

/// A manager's word that a visit stays as it is (C-INS-20).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "VisitLock"))]
pub struct Lock {
    pub because: String,
    pub by: String,
    pub at: Millis,
}

/// A value that was changed afterwards, in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "HistoryChange"))]
pub struct Change {
    pub field: String,
    pub from: String,
    pub to: String,
}

/// One line of a visit's history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "HistoryEvent"))]
pub struct Event {
    /// The command's name.
    pub what: String,
    pub by: String,
    /// The server's time of receipt; on a device that has not sent it yet, the device's own.
    pub at: Millis,
    /// When the person says it was done.
    pub claimed_at: Millis,
    #[serde(default)]
    pub detail: String,
    #[serde(default, skip_serializing_if = "is_empty")]
    #[cfg_attr(feature = "bindings", ts(as = "Option<Vec<Change>>", optional))]
    pub changes: Vec<Change>,
}

impl Event {
    /// What happens now.
    pub(crate) fn new(context: Context<'_>, what: &str, detail: impl Into<String>) -> Event {
        Event {
            what: what.to_owned(),
            by: context.actor.name().to_owned(),
            at: context.at,
            claimed_at: context.claimed_at,
            detail: detail.into(),
            changes: Vec::new(),
        }
    }
}

/// Where an imported visit came from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Source {
    pub system: String,
    pub id: String,
    /// Columns of the source that the visit has no field for, as they were.
    #[serde(default)]
    pub facts: BTreeMap<String, String>,
    /// What the source lacked, by name, such as `without_coordinates`.
    #[serde(default)]
    pub marks: Vec<String>,
}

/// A visit. On a device, the fields its masks hide are empty.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(optional_fields))]
pub struct Appointment {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permit: Option<RecordId>,
    #[serde(skip_serializing_if = "is_empty")]
    pub permit_number: String,
    #[serde(skip_serializing_if = "is_empty")]
    pub permit_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inspection_type: Option<RecordId>,
    #[serde(skip_serializing_if = "is_empty")]
    pub inspection_type_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<PersonId>,
    #[serde(skip_serializing_if = "is_empty")]
    pub assignee_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applicant: Option<PersonId>,
    #[serde(skip_serializing_if = "is_empty")]
    pub contact_name: String,
    #[serde(skip_serializing_if = "is_empty")]
    pub contact_phone: String,
    #[serde(skip_serializing_if = "is_empty")]
    pub contact_email: String,
    #[serde(skip_serializing_if = "is_empty")]
    pub establishment: String,
    #[serde(skip_serializing_if = "is_empty")]
    pub address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<NaiveDate>,
    /// Minutes of the day; absent where only the day is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_minute: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_minute: Option<u16>,
    pub priority: Priority,
    #[serde(skip_serializing_if = "is_empty")]
    pub special_notes: String,
    pub status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Millis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Millis>,
    /// What was found, by the key of the checklist's item.
    #[serde(skip_serializing_if = "is_empty")]
    pub findings: BTreeMap<String, Finding>,
    /// Who answered each line last, and when.
    #[serde(skip_serializing_if = "is_empty")]
    pub answered: BTreeMap<String, Answered>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Outcome>,
    #[serde(skip_serializing_if = "is_empty")]
    pub notes: Vec<Note>,
    #[serde(skip_serializing_if = "is_empty")]
    pub photos: Vec<Photo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<ReassignmentRequest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub called_off: Option<CalledOff>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock: Option<Lock>,
    /// The visit that failed, of which this one is the re-inspection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reinspects: Option<RecordId>,
    /// The re-inspection booked because this one failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reinspection: Option<RecordId>,
    /// What failed in the visit before, by the key of the checklist's item: where there is any, only these need answers.
    #[serde(skip_serializing_if = "is_empty")]
    pub found_before: BTreeMap<String, Finding>,
    #[serde(skip_serializing_if = "is_empty")]
    pub history: Vec<Event>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

impl Appointment {
    /// The facts the rules look at. A visit without a calendar belongs to none that anybody holds.
    pub fn facts(&self) -> AppointmentFacts {
        AppointmentFacts {
            calendar: self.calendar.clone().unwrap_or_else(nowhere),
            team: self.team.clone(),
            assignee: self.assignee.clone(),
            applicant: self.applicant.clone(),
        }
    }

    /// The bytes of a photo are safe at the office; false where nobody waited for them.
    pub fn photo_arrived(&mut self, hash: &str) -> bool {
        let waited_for = |photo: &&mut Photo| photo.hash == hash && photo.pending;
        match self.photos.iter_mut().find(waited_for) {
            Some(photo) => {
                photo.pending = false;
                true
            }
            None => false,
        }
    }

    /// Whether the visit is still to be made.
    pub fn is_open(&self) -> bool {
        match self.status {
            Status::Scheduled
            | Status::Confirmed
            | Status::InProgress
            | Status::RequireReassignment
            | Status::RequireReschedule => true,
            Status::Completed | Status::Cancelled | Status::NoShow | Status::RequireReinspection => false,
        }
    }

    /// Adds a line to the history.
    pub(crate) fn remember(&mut self, context: Context<'_>, what: &str, detail: impl Into<String>) {
        self.history.push(Event::new(context, what, detail));
    }

    pub(crate) fn index_keys(&self) -> Vec<(&'static str, String)> {
        let day = self.day.map(|day| day.to_string()).unwrap_or_default();
        let when = format!("{day}|{:04}", self.from_minute.unwrap_or(0));
        let mut keys = vec![("day", when.clone())];
        if let Some(person) = &self.assignee {
            keys.push(("assignee_day", format!("{person}|{when}")));
        }
        if let Some(permit) = &self.permit {
            keys.push(("permit", format!("{permit}|")));
        }
        if self.request.is_some() {
            keys.push(("request", when));
        }
        keys.extend(self.photos.iter().map(|photo| ("photo", photo.hash.clone())));
        if let Some(source) = &self.source {
            keys.push(("source", format!("{}|{}", source.system, source.id)));
        }
        keys
    }

    pub(crate) fn search_text(&self) -> String {
        [
            &self.permit_number,
            &self.establishment,
            &self.address,
            &self.inspection_type_name,
        ]
        .map(String::as_str)
        .join(" ")
    }
}

impl Status {
    /// The status in words.
    pub fn words(self) -> &'static str {
        match self {
            Status::Scheduled => "scheduled",
            Status::Confirmed => "confirmed",
            Status::InProgress => "in progress",
            Status::Completed => "completed",
            Status::Cancelled => "cancelled",
            Status::NoShow => "no show",
            Status::RequireReassignment => "reassignment asked for",
            Status::RequireReinspection => "re-inspection needed",
            Status::RequireReschedule => "new date needed",
        }
    }
}

fn nowhere() -> CalendarId {
    RecordId::parse("none")
        .map(CalendarId::from)
        .unwrap_or_else(|_| unreachable!("`none` is an id"))
}

/// The visit a command is about.
pub(crate) fn visit(found: &Found, id: &RecordId) -> Result<Appointment, Refusal> {
    match found.record(id).map(|record| &record.body) {
        Some(Body::Appointment(visit)) => Ok(visit.as_ref().clone()),
        _ => Err(Denial::not_found().into()),
    }
}

/// The effect of writing one visit.
pub(crate) fn put(id: &RecordId, visit: Appointment) -> crate::Effect {
    crate::Effect::puts(vec![Record::new(id.clone(), visit)])
}
