//! A visit is called off before it begins.

use super::appointment::visit;
use super::calendar::calendar_of;
use super::permit::relinked;
use super::{CalledOff, Status};
use crate::because::because;
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::{Found, Need};
use crate::{Body, Record};
use policy::RecordId;
use policy::inspections::{Action, may};
use serde::{Deserialize, Serialize};

/// Cancels a visit: its applicant in time, a manager at any time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct CancelAppointment {
    pub appointment: RecordId,
    pub because: String,
}

impl Rule for CancelAppointment {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.appointment.clone()]
    }

    fn needs(&self, found: &Found) -> Vec<Need> {
        let mut needs = vec![Need::Record(self.appointment.clone())];
        if let Some(Body::Appointment(visit)) = found.record(&self.appointment).map(|record| &record.body) {
            needs.extend(visit.permit.clone().map(Need::Record));
            needs.extend(visit.calendar.clone().map(|id| Need::Record(id.into())));
        }
        needs
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let before = visit(found, &self.appointment)?;
        may(context.actor, Action::Cancel, &before.facts())?;
        before.open_or_denied(context)?;
        before.not_begun_or_denied(context)?;
        let hours = calendar_of(found, &before).map(|calendar| calendar.cancel_hours);
        let late = hours.and_then(|hours| before.late(context, hours, ("C-CIT-04", "cancelled")));
        if let Some(denial) = late
            && before.override_or_denied(context).is_err()
        {
            return Err(denial.into());
        }
        let because = because(&self.because)?;
        let mut after = before.clone();
        after.status = Status::Cancelled;
        after.request = None;
        after.called_off = Some(CalledOff {
            because: because.clone(),
            by: context.actor.name().to_owned(),
            at: context.claimed_at,
        });
        after.remember(context, "cancel_appointment", because);
        let permit = relinked(found, Some(&before), &after)?;
        let mut puts = vec![Record::new(self.appointment.clone(), after)];
        puts.extend(permit);
        Ok(Effect {
            puts,
            asks_office: hours.is_none(),
        })
    }
}
