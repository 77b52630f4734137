//! The inspector begins on site.

use super::Status;
use super::appointment::{put, visit};
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::Found;
use policy::{Code, Denial, RecordId};
use serde::{Deserialize, Serialize};

/// Sets a visit in progress.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct StartInspection {
    pub appointment: RecordId,
}

impl Rule for StartInspection {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.appointment.clone()]
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let mut visit = visit(found, &self.appointment)?;
        visit.updatable_or_denied(context)?;
        if visit.status == Status::InProgress {
            let since = visit
                .started_at
                .map(|at| format!("Started {}.", context.said(at)));
            let denial = Denial::new(
                Code::WrongState,
                "C-INS-05",
                "This inspection is already in progress.",
            );
            return Err(denial.fact(since.unwrap_or_default()).into());
        }
        visit.status = Status::InProgress;
        visit.started_at = Some(context.claimed_at);
        visit.request = None;
        visit.called_off = None;
        visit.remember(context, "start_inspection", "");
        Ok(put(&self.appointment, visit))
    }
}
