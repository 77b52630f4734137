//! A manager says that an inspector is there after all.

use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::Found;
use crate::{Body, Record};
use policy::people::may_mark_absence;
use policy::{Code, Denial, PersonId, RecordId};
use serde::{Deserialize, Serialize};

/// Takes an absence back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct MarkAvailable {
    pub person: PersonId,
    pub absence: RecordId,
}

impl Rule for MarkAvailable {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.person.clone().into()]
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let id: RecordId = self.person.clone().into();
        let Some(Body::Person(profile)) = found.record(&id).map(|record| &record.body) else {
            return Err(Denial::not_found().into());
        };
        may_mark_absence(context.actor, &profile.facts(self.person.clone()))?;
        let mut profile = profile.clone();
        let before = profile.absences.len();
        profile.absences.retain(|absence| absence.id != self.absence);
        if profile.absences.len() == before {
            let sentence = "There is no such absence; somebody may have taken it back.";
            return Err(Denial::new(Code::WrongState, "C-MGR-08", sentence).into());
        }
        Ok(Effect::puts(vec![Record::new(id, profile)]))
    }
}
