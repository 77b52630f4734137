//! A manager locks a visit: its inspector can no longer update it.

use super::Lock;
use super::appointment::{put, visit};
use crate::because::because;
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::Found;
use policy::{Code, Denial, RecordId};
use serde::{Deserialize, Serialize};

/// Locks an open visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct LockAppointment {
    pub appointment: RecordId,
    pub because: String,
}

impl Rule for LockAppointment {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.appointment.clone()]
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let mut visit = visit(found, &self.appointment)?;
        visit.override_or_denied(context)?;
        visit.open_or_denied(context)?;
        if let Some(lock) = &visit.lock {
            let fact = format!("Locked {} by {}.", context.said(lock.at), lock.by);
            let denial = Denial::new(Code::WrongState, "C-INS-20", "This inspection is locked already.");
            return Err(denial.fact(fact).into());
        }
        let because = because(&self.because)?;
        visit.lock = Some(Lock {
            because: because.clone(),
            by: context.actor.name().to_owned(),
            at: context.at,
        });
        visit.remember(context, "lock_appointment", because);
        Ok(put(&self.appointment, visit))
    }
}
