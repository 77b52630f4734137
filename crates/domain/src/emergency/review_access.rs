//! A supervisor of a calendar says whether it was opened for a good reason. Where it was not, the access ends at once.

use super::emergency_or_denied;
use crate::Record;
use crate::because::because;
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::Found;
use crate::people::{AccessFinding, Review};
use policy::inspections::{Action, AppointmentFacts, may};
use policy::{Code, Denial, GrantId, RecordId};
use serde::{Deserialize, Serialize};

/// Reviews an emergency access.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ReviewAccess {
    pub grant: GrantId,
    pub finding: AccessFinding,
    pub because: String,
}

impl Rule for ReviewAccess {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.grant.clone().into()]
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let (mut grant, mut emergency) = emergency_or_denied(found, &self.grant)?;
        if grant.person == *context.person() {
            let denial = Denial::new(
                Code::Ceiling,
                "C-BP-06",
                "Nobody reviews their own emergency access.",
            );
            return Err(denial
                .who(format!("a manager of {}", emergency.calendar_name))
                .into());
        }
        let of_calendar = AppointmentFacts::of_calendar(emergency.calendar.clone());
        may(context.actor, Action::ReviewAccess, &of_calendar)?;
        if let Some(review) = &emergency.review {
            let sentence = "Somebody has reviewed this emergency access already.";
            let (when, finding) = (context.said(review.at), review.finding.words());
            let fact = format!("{} found it {finding} {when}.", review.by);
            return Err(Denial::new(Code::WrongState, "C-BP-06", sentence)
                .fact(fact)
                .into());
        }
        let because = because(&self.because)?;
        if self.finding == AccessFinding::NotJustified && grant.is_in_force(context.at) {
            let (when, by) = (context.said(context.at), context.actor.name());
            grant.withdrawn = Some(format!("{when} by {by}: not justified"));
        }
        emergency.review = Some(Review {
            finding: self.finding,
            by: context.actor.name().to_owned(),
            at: context.at,
            because,
        });
        grant.emergency = Some(emergency);
        Ok(Effect::puts(vec![Record::new(self.grant.clone(), grant)]))
    }
}
