//! The inspector was there, and was not let in: a new date is needed.

use super::appointment::{put, visit};
use super::{CalledOff, Status};
use crate::because::because;
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::Found;
use policy::{Code, Denial, RecordId};
use serde::{Deserialize, Serialize};

/// Records that there was no way in. The visit stays open and waits for another day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct MarkAccessRefused {
    pub appointment: RecordId,
    pub because: String,
}

impl Rule for MarkAccessRefused {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.appointment.clone()]
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let mut visit = visit(found, &self.appointment)?;
        visit.updatable_or_denied(context)?;
        visit.its_day_or_denied(context)?;
        if visit.status == Status::RequireReschedule {
            let denial = Denial::new(
                Code::WrongState,
                "C-INS-UP2",
                "This visit waits for a new date already.",
            );
            return Err(denial.who(visit.manager(context)).into());
        }
        let because = because(&self.because)?;
        visit.status = Status::RequireReschedule;
        visit.request = None;
        visit.started_at = None;
        visit.called_off = Some(CalledOff {
            because: because.clone(),
            by: context.actor.name().to_owned(),
            at: context.claimed_at,
        });
        visit.remember(context, "mark_access_refused", because);
        Ok(put(&self.appointment, visit))
    }
}
