//! What of a visit is not as its reader last saw it.
//!
//! What an inspector fills in on the way, such as answers and photos, is not news before there is a result; nor is that
//! they have begun.

use super::{Appointment, Lock, Outcome, ReassignmentRequest, Status};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One thing about a visit that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum News {
    /// It was not there before: booked, or given to the reader.
    New,
    Time,
    Inspector,
    Cancelled,
    Status,
    Result,
    Request,
    Lock,
    Priority,
    Instructions,
    Contact,
    Note,
}

impl News {
    /// Every kind of news, in the order people read them.
    pub const ALL: [News; 12] = [
        News::New,
        News::Time,
        News::Inspector,
        News::Cancelled,
        News::Status,
        News::Result,
        News::Request,
        News::Lock,
        News::Priority,
        News::Instructions,
        News::Contact,
        News::Note,
    ];

    /// Its name, as it is kept.
    pub fn name(self) -> &'static str {
        match self {
            News::New => "new",
            News::Time => "time",
            News::Inspector => "inspector",
            News::Cancelled => "cancelled",
            News::Status => "status",
            News::Result => "result",
            News::Request => "request",
            News::Lock => "lock",
            News::Priority => "priority",
            News::Instructions => "instructions",
            News::Contact => "contact",
            News::Note => "note",
        }
    }

    /// The news of that name.
    pub fn named(name: &str) -> Option<News> {
        News::ALL.into_iter().find(|news| news.name() == name)
    }
}

/// What changed between two states of a visit, for a reader of that name. What they did themselves, on this laptop or on
/// another, is no news to them.
pub fn news(before: Option<&Appointment>, after: &Appointment, reader: &str) -> BTreeSet<News> {
    let known = before.map_or(0, |before| before.history.len());
    let events = after.history.get(known..).unwrap_or_default();
    if !events.is_empty() && events.iter().all(|event| event.by == reader) {
        return BTreeSet::new();
    }
    match before {
        Some(before) => differences(before, after),
        None => BTreeSet::from([News::New]),
    }
}

/// What differs between two states of a visit, whoever made the difference.
pub fn differences(before: &Appointment, after: &Appointment) -> BTreeSet<News> {
    News::ALL
        .into_iter()
        .filter(|news| news.tells(before, after))
        .collect()
}

impl News {
    fn tells(self, before: &Appointment, after: &Appointment) -> bool {
        match self {
            News::New => false,
            News::Time => window(before) != window(after),
            News::Inspector => before.assignee != after.assignee,
            News::Cancelled => before.status != after.status && after.status == Status::Cancelled,
            News::Status => before.status != after.status && is_told(after.status),
            News::Result => result(before) != result(after),
            News::Request => request(before) != request(after),
            News::Lock => lock(before) != lock(after),
            News::Priority => before.priority != after.priority,
            News::Instructions => before.special_notes != after.special_notes,
            News::Contact => contact(before) != contact(after),
            News::Note => after.notes.iter().any(|note| {
                let is_known = before.notes.iter().any(|known| known.id == note.id);
                !is_known
            }),
        }
    }
}

/// Whether a status says something that nothing else here says.
fn is_told(status: Status) -> bool {
    match status {
        Status::Scheduled
        | Status::Confirmed
        | Status::NoShow
        | Status::RequireReinspection
        | Status::RequireReschedule => true,
        Status::InProgress | Status::Completed | Status::Cancelled | Status::RequireReassignment => false,
    }
}

fn window(visit: &Appointment) -> impl PartialEq {
    (visit.day, visit.from_minute, visit.to_minute)
}

// The laptop and the office each write down their own time, so when something was said does not make it news.

fn result(visit: &Appointment) -> impl PartialEq {
    let said = |result: &Outcome| (result.overall, result.summary.clone(), result.by.clone());
    visit.result.as_ref().map(said)
}

fn request(visit: &Appointment) -> impl PartialEq {
    let said = |request: &ReassignmentRequest| (request.reason, request.text.clone(), request.by.clone());
    visit.request.as_ref().map(said)
}

fn lock(visit: &Appointment) -> impl PartialEq {
    let said = |lock: &Lock| (lock.because.clone(), lock.by.clone());
    visit.lock.as_ref().map(said)
}

fn contact(visit: &Appointment) -> impl PartialEq {
    (
        visit.contact_name.clone(),
        visit.contact_phone.clone(),
        visit.address.clone(),
    )
}
