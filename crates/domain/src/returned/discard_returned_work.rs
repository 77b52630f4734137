//! Work that came back shall not count: of two values the other one stands. It stays on record, with who decided that and why.

use super::{Decision, reason, undecided_or_denied};
use crate::Record;
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::Found;
use policy::RecordId;
use serde::{Deserialize, Serialize};

/// Discards returned work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct DiscardReturnedWork {
    pub work: RecordId,
    pub because: String,
}

impl Rule for DiscardReturnedWork {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.work.clone()]
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let mut work = undecided_or_denied(context, found, &self.work)?;
        let because = reason(&work, &self.because)?;
        work.decision = Some(Decision {
            is_adopted: false,
            instead: None,
            by: context.actor.name().to_owned(),
            at: context.at,
            because,
        });
        Ok(Effect::puts(vec![Record::new(self.work.clone(), work)]))
    }
}
