//! What a grant says that somebody took for themselves in an emergency.

use policy::{CalendarId, Millis};
use serde::{Deserialize, Serialize};

/// What was opened, and what was found of it afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(optional_fields))]
pub struct Emergency {
    pub calendar: CalendarId,
    /// The calendar's name at the time, for whoever reads of it later.
    pub calendar_name: String,
    /// What a supervisor of the calendar found, once somebody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
}

/// What a supervisor found about an access in an emergency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Review {
    pub finding: AccessFinding,
    pub by: String,
    pub at: Millis,
    pub because: String,
}

/// Whether there was reason enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum AccessFinding {
    Justified,
    NotJustified,
}

impl AccessFinding {
    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            AccessFinding::Justified => "justified",
            AccessFinding::NotJustified => "not justified",
        }
    }
}
