//! The inspector was there, and nobody else was.

use super::appointment::visit;
use super::permit::relinked;
use super::{CalledOff, Status};
use crate::because::because;
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::{Found, Need};
use crate::{Body, Record};
use policy::RecordId;
use serde::{Deserialize, Serialize};

/// Records that nobody was there. The visit is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct MarkNoShow {
    pub appointment: RecordId,
    pub because: String,
}

impl Rule for MarkNoShow {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.appointment.clone()]
    }

    fn needs(&self, found: &Found) -> Vec<Need> {
        let mut needs = vec![Need::Record(self.appointment.clone())];
        if let Some(Body::Appointment(visit)) = found.record(&self.appointment).map(|record| &record.body) {
            needs.extend(visit.permit.clone().map(Need::Record));
        }
        needs
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let before = visit(found, &self.appointment)?;
        before.updatable_or_denied(context)?;
        before.its_day_or_denied(context)?;
        let because = because(&self.because)?;
        let mut after = before.clone();
        after.status = Status::NoShow;
        after.request = None;
        after.called_off = Some(CalledOff {
            because: because.clone(),
            by: context.actor.name().to_owned(),
            at: context.claimed_at,
        });
        after.remember(context, "mark_no_show", because);
        let permit = relinked(found, Some(&before), &after)?;
        let mut puts = vec![Record::new(self.appointment.clone(), after)];
        puts.extend(permit);
        Ok(Effect::puts(puts))
    }
}
