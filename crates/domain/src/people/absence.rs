//! Days on which a person is not there. Why is one of a few words: nothing here says what somebody is ill with.

use chrono::NaiveDate;
use policy::{Millis, RecordId};
use serde::{Deserialize, Serialize};

/// One absence covers at most this many days.
pub const ABSENCE_DAYS_MAX: u64 = 366;
/// The most absences, present and to come, that one profile keeps.
pub const ABSENCES_MAX: usize = 50;

/// Why somebody is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum AbsenceReason {
    Illness,
    Leave,
    Training,
    Other,
}

/// Days on which a person takes no visits, the first and the last among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Absence {
    pub id: RecordId,
    pub from_day: NaiveDate,
    pub until_day: NaiveDate,
    pub reason: AbsenceReason,
    pub by: String,
    pub at: Millis,
}

impl Absence {
    /// Whether it covers a day.
    pub fn covers(&self, day: NaiveDate) -> bool {
        (self.from_day..=self.until_day).contains(&day)
    }

    /// When and why, in words.
    pub fn words(&self) -> String {
        let reason = match self.reason {
            AbsenceReason::Illness => "illness",
            AbsenceReason::Leave => "leave",
            AbsenceReason::Training => "training",
            AbsenceReason::Other => "other",
        };
        format!("from {} to {} ({reason})", self.from_day, self.until_day)
    }
}
