//! A visit that was asked for is confirmed.

use super::Status;
use super::appointment::{put, visit};
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::Found;
use policy::{Code, Denial, RecordId};
use serde::{Deserialize, Serialize};

/// Confirms a visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ConfirmAppointment {
    pub appointment: RecordId,
}

impl Rule for ConfirmAppointment {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.appointment.clone()]
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let mut visit = visit(found, &self.appointment)?;
        visit.updatable_or_denied(context)?;
        if visit.status != Status::Scheduled {
            let sentence = "Only a visit that is scheduled can be confirmed.";
            let denial = Denial::new(Code::WrongState, "C-INS-UP2", sentence);
            return Err(denial
                .fact(format!("Its status is {}.", visit.status.words()))
                .into());
        }
        visit.status = Status::Confirmed;
        visit.remember(context, "confirm_appointment", "");
        Ok(put(&self.appointment, visit))
    }
}
