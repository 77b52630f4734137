//! The inspector asks for somebody else to go, before the cutoff of the day.

use super::appointment::{put, visit};
use super::calendar::calendar_of;
use super::{ReassignmentRequest, RequestReason, Status};
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::{Found, Need};
use crate::{Body, time};
use policy::inspections::{Action, may};
use policy::{Code, Denial, RecordId};
use serde::{Deserialize, Serialize};

/// Asks for a visit to be reassigned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RequestReassignment {
    pub appointment: RecordId,
    pub reason: RequestReason,
    #[serde(default)]
    pub text: String,
}

impl Rule for RequestReassignment {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.appointment.clone()]
    }

    fn needs(&self, found: &Found) -> Vec<Need> {
        let mut needs = vec![Need::Record(self.appointment.clone())];
        if let Some(Body::Appointment(visit)) = found.record(&self.appointment).map(|record| &record.body) {
            needs.extend(
                visit
                    .calendar
                    .clone()
                    .map(|calendar| Need::Record(calendar.into())),
            );
        }
        needs
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let mut visit = visit(found, &self.appointment)?;
        may(context.actor, Action::RequestReassignment, &visit.facts())?;
        visit.open_or_denied(context)?;
        if visit.status == Status::InProgress {
            let sentence = "This inspection is in progress; complete it, or ask your manager to step in.";
            return Err(Denial::new(Code::WrongState, "C-INS-08", sentence).into());
        }
        if self.text.chars().count() > 1000 {
            return Err(Denial::invalid("text", &self.text, "at most 1000 characters").into());
        }
        let cutoff = calendar_of(found, &visit).map(|calendar| calendar.cutoff_minute);
        if let (Some(cutoff), Some(day)) = (cutoff, visit.day) {
            let (today, minute) = time::local(context.at, context.zone());
            if today > day || (today == day && minute >= cutoff) {
                let cutoff = time::clock(cutoff);
                let sentence = format!("A visit can be asked to be reassigned until {cutoff} on its day.");
                let fact = format!("The cutoff was {day} {cutoff}.");
                let denial = Denial::new(Code::CutoffPassed, "C-INS-22", sentence).fact(fact);
                return Err(denial.who("your manager can still reassign it").into());
            }
        }
        let was = match &visit.request {
            Some(request) => request.was,
            None if visit.status == Status::RequireReassignment => Status::Scheduled,
            None => visit.status,
        };
        visit.status = Status::RequireReassignment;
        visit.request = Some(ReassignmentRequest {
            reason: self.reason,
            text: self.text.trim().to_owned(),
            by: context.actor.name().to_owned(),
            at: context.claimed_at,
            was,
        });
        visit.remember(context, "request_reassignment", "");
        Ok(Effect {
            asks_office: cutoff.is_none(),
            ..put(&self.appointment, visit)
        })
    }
}
