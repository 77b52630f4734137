//! Whoever opened a calendar in an emergency needs it no longer.

use super::emergency_or_denied;
use crate::Record;
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::Found;
use policy::{Code, Denial, GrantId, RecordId};
use serde::{Deserialize, Serialize};

/// Ends an emergency access of one's own before its time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct EndAccess {
    pub grant: GrantId,
}

impl Rule for EndAccess {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.grant.clone().into()]
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let (mut grant, _) = emergency_or_denied(found, &self.grant)?;
        if grant.person != *context.person() {
            let sentence = "Whoever opened the calendar ends that early; a supervisor ends it by a review.";
            let denial = Denial::new(Code::NotGranted, "C-DEPT-08", sentence);
            return Err(denial.who(grant.granted_by).into());
        }
        if !grant.is_in_force(context.at) {
            let ended = grant
                .until
                .map(|until| format!("It was until {}.", context.said(until)));
            let fact = grant.withdrawn.or(ended).unwrap_or_default();
            let denial = Denial::new(Code::WrongState, "C-DEPT-08", "This emergency access is over.");
            return Err(denial.fact(fact).into());
        }
        let when = context.said(context.at);
        grant.withdrawn = Some(format!("{when} by {}: no longer needed", context.actor.name()));
        Ok(Effect::puts(vec![Record::new(self.grant.clone(), grant)]))
    }
}
