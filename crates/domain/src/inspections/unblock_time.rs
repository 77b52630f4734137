//! A manager takes a block back. It stays on record, and blocks nothing any more.

use super::Event;
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::Found;
use crate::{Body, Record};
use policy::inspections::{Action, AppointmentFacts, may};
use policy::{Code, Denial, RecordId};
use serde::{Deserialize, Serialize};

/// Takes a block back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct UnblockTime {
    pub block: RecordId,
}

impl Rule for UnblockTime {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.block.clone()]
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let Some(Body::Block(block)) = found.record(&self.block).map(|record| &record.body) else {
            return Err(Denial::not_found().into());
        };
        let facts = AppointmentFacts::of_calendar(block.calendar.clone());
        may(context.actor, Action::BlockTime, &facts)?;
        if block.lifted {
            let denial = Denial::new(Code::WrongState, "C-MGR-08", "This block was taken back already.");
            return Err(denial.into());
        }
        let mut block = block.clone();
        block.lifted = true;
        block.history.push(Event::new(context, "unblock_time", ""));
        Ok(Effect::puts(vec![Record::new(self.block.clone(), block)]))
    }
}
