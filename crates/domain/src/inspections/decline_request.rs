//! A manager declines a request to be relieved of a visit. Giving it to somebody else is the other answer.

use super::Status;
use super::appointment::{put, visit};
use crate::because::because;
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::Found;
use policy::inspections::{Action, may};
use policy::{Code, Denial, RecordId};
use serde::{Deserialize, Serialize};

/// Declines an open request. The visit goes back to where it stood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct DeclineRequest {
    pub appointment: RecordId,
    pub because: String,
}

impl Rule for DeclineRequest {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.appointment.clone()]
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let mut visit = visit(found, &self.appointment)?;
        may(context.actor, Action::Reassign, &visit.facts())?;
        visit.open_or_denied(context)?;
        let Some(request) = visit.request.take() else {
            let sentence = "Nobody asks to be relieved of this visit.";
            let denial = Denial::new(Code::WrongState, "C-MGR-04", sentence);
            return Err(denial
                .fact(format!("Its status is {}.", visit.status.words()))
                .into());
        };
        let because = because(&self.because)?;
        if visit.status == Status::RequireReassignment {
            visit.status = request.was;
        }
        visit.remember(context, "decline_request", because);
        Ok(put(&self.appointment, visit))
    }
}
