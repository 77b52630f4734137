//! A manager unlocks a visit.

use super::appointment::{put, visit};
use crate::because::because;
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::Found;
use policy::{Code, Denial, RecordId};
use serde::{Deserialize, Serialize};

/// Unlocks a visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct UnlockAppointment {
    pub appointment: RecordId,
    pub because: String,
}

impl Rule for UnlockAppointment {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.appointment.clone()]
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let mut visit = visit(found, &self.appointment)?;
        visit.override_or_denied(context)?;
        if visit.lock.is_none() {
            let denial = Denial::new(Code::WrongState, "C-INS-20", "This inspection is not locked.");
            return Err(denial.into());
        }
        let because = because(&self.because)?;
        visit.lock = None;
        visit.remember(context, "unlock_appointment", because);
        Ok(put(&self.appointment, visit))
    }
}
