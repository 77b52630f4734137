//! Inspection calendars.

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

fn yes() -> bool {
    true
}

fn eight() -> u16 {
    8 * 60
}
