//! A denial is a value: grey buttons, API errors and returned work all show the same one.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The stable code of a denial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Code {
    /// No role of the person includes the action.
    NotGranted,
    /// The person's role includes the action, but not here.
    OutOfScope,
    /// The action is for the person the work is assigned to.
    NotAssigned,
    /// The action is for the applicant.
    NotApplicant,
    /// There is no such record, or it is not one the person may see; the two are never told apart.
    NotFound,
    /// The record is not on this device, so the device cannot decide.
    NotHeldHere,
    /// The record's state does not allow the action.
    WrongState,
    /// The inspection is already completed.
    AlreadyCompleted,
    /// A time limit has passed.
    CutoffPassed,
    /// The person named cannot take the work.
    NotEligible,
    /// The slot is taken.
    SlotTaken,
    /// The inspector has another visit then, which is all that stands against it, and the asker may accept that.
    Overlap,
    /// A field's value is not one that is accepted.
    InvalidInput,
    /// The permit does not allow the booking (C-CIT-17).
    PermitNotReady,
    /// The record or command id exists already with other content.
    AlreadyExists,
    /// A rule that no role may loosen.
    Ceiling,
    /// It was left at the office by somebody who was shut out, and waits for a supervisor.
    Held,
    /// The office failed while it decided: its fault, and nobody's who asked.
    OfficeFault,
}

impl Code {
    /// Whether it is for want of a right: the first thing any rule looks at.
    pub fn is_of_rights(self) -> bool {
        matches!(
            self,
            Code::NotGranted | Code::OutOfScope | Code::NotAssigned | Code::NotApplicant | Code::NotFound
        )
    }
}

/// Why not: the code, a plain sentence, the fact that decided, the rule, and who can change it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(optional_fields))]
pub struct Denial {
    pub code: Code,
    pub sentence: String,
    /// The fact that decided, such as "completed at 10:42"; already cut to what the reader may see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
    /// The requirement the rule comes from.
    pub rule: String,
    /// Who can change it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
}

impl Denial {
    /// A denial without a fact and without anyone who could change it.
    pub fn new(code: Code, rule: &str, sentence: impl Into<String>) -> Denial {
        Denial {
            code,
            sentence: sentence.into(),
            fact: None,
            rule: rule.to_owned(),
            who: None,
        }
    }

    /// The same denial with the fact that decided.
    pub fn fact(mut self, fact: impl Into<String>) -> Denial {
        self.fact = Some(fact.into());
        self
    }

    /// The same denial with who can change it.
    pub fn who(mut self, who: impl Into<String>) -> Denial {
        self.who = Some(who.into());
        self
    }

    /// The one answer for a record that is absent and for one that must not be seen (SEC-5).
    pub fn not_found() -> Denial {
        let sentence = "There is no such record, or it is not one you may see.";
        Denial::new(Code::NotFound, "SEC-5", sentence)
    }

    /// A field's value that is not accepted: names the field, the value and what would be accepted.
    pub fn invalid(field: &str, value: impl fmt::Display, accepted: &str) -> Denial {
        let value: String = value.to_string().chars().take(80).collect();
        let sentence = format!("{field} is `{value}`; accepted is {accepted}.");
        Denial::new(Code::InvalidInput, "X-10", sentence)
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Denial {}
