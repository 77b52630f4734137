//! A manager says that an inspector is not there for some days.

use super::absence::{ABSENCE_DAYS_MAX, ABSENCES_MAX};
use super::{Absence, AbsenceReason};
use crate::command::{Context, Effect, Refusal, Rule};
use crate::days::span;
use crate::found::Found;
use crate::{Body, Record, time};
use chrono::NaiveDate;
use policy::people::may_mark_absence;
use policy::{Code, Denial, PersonId, RecordId};
use serde::{Deserialize, Serialize};

/// Marks a person as unavailable. `absence` is a fresh random id. Visits they have stay theirs until they are given away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct MarkUnavailable {
    pub person: PersonId,
    pub absence: RecordId,
    pub from_day: NaiveDate,
    pub until_day: NaiveDate,
    pub reason: AbsenceReason,
}

impl Rule for MarkUnavailable {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.person.clone().into()]
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let id: RecordId = self.person.clone().into();
        let Some(Body::Person(profile)) = found.record(&id).map(|record| &record.body) else {
            return Err(Denial::not_found().into());
        };
        may_mark_absence(context.actor, &profile.facts(self.person.clone()))?;
        span(context, (self.from_day, self.until_day), ABSENCE_DAYS_MAX)?;
        let mut profile = profile.clone();
        if profile.absences.iter().any(|absence| absence.id == self.absence) {
            let sentence = "There is already an absence with this id.";
            return Err(Denial::new(Code::AlreadyExists, "X-09", sentence).into());
        }
        let today = time::local(context.at, context.zone()).0;
        profile.absences.retain(|absence| absence.until_day >= today);
        if profile.absences.len() >= ABSENCES_MAX {
            let accepted = "at most 50 absences, present and to come";
            return Err(Denial::invalid("absences", profile.absences.len(), accepted).into());
        }
        profile.absences.push(Absence {
            id: self.absence.clone(),
            from_day: self.from_day,
            until_day: self.until_day,
            reason: self.reason,
            by: context.actor.name().to_owned(),
            at: context.at,
        });
        Ok(Effect::puts(vec![Record::new(id, profile)]))
    }
}
