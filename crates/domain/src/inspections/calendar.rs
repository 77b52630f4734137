//! Inspection calendars.

use super::Appointment;
use crate::record::is_empty;
use crate::{Body, Found};
use policy::{DepartmentId, TeamId};
use serde::{Deserialize, Serialize};

/// A calendar: who is inspected by whom, and by which rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Calendar {
    pub name: String,
    pub department: DepartmentId,
    pub department_name: String,
    pub public: bool,
    #[serde(default = "yes")]
    pub active: bool,
    /// What applicants must know before they book.
    #[serde(default)]
    pub requirements: Vec<String>,
    /// Until this minute of the day a visit of that day may be asked to be reassigned (C-INS-UP1).
    #[serde(default = "eight")]
    pub cutoff_minute: u16,
    /// Until so many hours before a visit begins its applicant may reschedule it (C-CIT-08).
    #[serde(default = "a_day")]
    pub reschedule_hours: u16,
    /// The same for cancelling it (C-CIT-04).
    #[serde(default = "a_day")]
    pub cancel_hours: u16,
    /// Whether photos keep where they were taken. They do not unless somebody says so.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub photo_location: bool,
    #[serde(default)]
    pub teams: Vec<Team>,
}

/// A team of inspectors in a calendar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Team {
    pub id: TeamId,
    pub name: String,
}

/// The calendar of a visit among what was found.
pub(super) fn calendar_of<'a>(found: &'a Found, visit: &Appointment) -> Option<&'a Calendar> {
    match &found.record(&visit.calendar.clone()?.into())?.body {
        Body::Calendar(calendar) => Some(calendar),
        _ => None,
    }
}

fn yes() -> bool {
    true
}

fn eight() -> u16 {
    8 * 60
}

fn a_day() -> u16 {
    24
}
