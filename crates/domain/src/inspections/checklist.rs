//! Kinds of inspection and their checklists.

use policy::{CalendarId, Denial, RecordId};
use serde::{Deserialize, Serialize};

/// A kind of inspection a calendar offers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct InspectionType {
    pub name: String,
    pub calendar: CalendarId,
    pub duration_minutes: u16,
    /// What an applicant must have ready.
    #[serde(default)]
    pub requirements: Vec<String>,
    #[serde(default)]
    pub checklist: Vec<ChecklistItem>,
}

/// One line of a checklist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(optional_fields))]
pub struct ChecklistItem {
    pub key: String,
    pub text: String,
    /// The unit of a measurement to take, such as `mm`; absent where nothing is measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    pub required: bool,
}

/// The answer to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum CheckAnswer {
    Pass,
    Fail,
    NotApplicable,
}

/// What was found for one line.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(optional_fields))]
pub struct Finding {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<CheckAnswer>,
    /// In the unit of the item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measurement: Option<f64>,
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(as = "Option<String>", optional))]
    pub observation: String,
}

/// The longest observation, in characters.
pub const OBSERVATION_MAX: usize = 2000;

impl Finding {
    /// Refuses a remark that is too long and a measurement that is none.
    pub(super) fn acceptable(&self) -> Result<(), Denial> {
        let length = self.observation.chars().count();
        if length > OBSERVATION_MAX {
            let said = format!("{length} characters");
            return Err(Denial::invalid("observation", said, "at most 2000"));
        }
        if self.measurement.is_some_and(|value| !value.is_finite()) {
            return Err(Denial::invalid("measurement", "not a number", "a number"));
        }
        Ok(())
    }

    /// What was found, in words.
    pub(super) fn words(&self) -> String {
        let answer = self.answer.map_or("no answer", CheckAnswer::words).to_owned();
        let measured = self.measurement.map(|value| value.to_string());
        let observed = Some(self.observation.clone()).filter(|text| !text.is_empty());
        [Some(answer), measured, observed]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ")
    }
}

impl CheckAnswer {
    fn words(self) -> &'static str {
        match self {
            CheckAnswer::Pass => "pass",
            CheckAnswer::Fail => "fail",
            CheckAnswer::NotApplicable => "not applicable",
        }
    }
}

impl InspectionType {
    /// The line of that key.
    pub fn item(&self, key: &str) -> Option<&ChecklistItem> {
        self.checklist.iter().find(|item| item.key == key)
    }
}

/// The inspection type among what was found.
pub(crate) fn inspection_type<'a>(found: &'a crate::Found, id: &RecordId) -> Option<&'a InspectionType> {
    match found.record(id).map(|record| &record.body) {
        Some(crate::Body::InspectionType(body)) => Some(body),
        _ => None,
    }
}
