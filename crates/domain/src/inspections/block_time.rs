//! A manager blocks a time, for a calendar or for one inspector in it.

use super::eligible::eligible;
use super::slot::DAY_MINUTES;
use super::{Block, Event};
use crate::because::because;
use crate::command::{Context, Effect, Refusal, Rule};
use crate::days::span;
use crate::found::{Found, Need};
use crate::{Body, Record};
use chrono::NaiveDate;
use policy::inspections::{Action, AppointmentFacts, may};
use policy::{CalendarId, Code, Denial, PersonId, RecordId};
use serde::{Deserialize, Serialize};

/// Blocks a time. `block` is a fresh random id; without minutes whole days are blocked. Visits that are there stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(optional_fields))]
pub struct BlockTime {
    pub block: RecordId,
    pub calendar: CalendarId,
    #[serde(default)]
    pub person: Option<PersonId>,
    pub from_day: NaiveDate,
    pub until_day: NaiveDate,
    #[serde(default)]
    pub from_minute: Option<u16>,
    #[serde(default)]
    pub to_minute: Option<u16>,
    pub because: String,
}

impl Rule for BlockTime {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.calendar.clone().into()]
    }

    fn needs(&self, _: &Found) -> Vec<Need> {
        let mut needs = vec![
            Need::Record(self.calendar.clone().into()),
            Need::Record(self.block.clone()),
        ];
        needs.extend(self.person.clone().map(|person| Need::Record(person.into())));
        needs
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let id: RecordId = self.calendar.clone().into();
        let Some(Body::Calendar(_)) = found.record(&id).map(|record| &record.body) else {
            return Err(Denial::not_found().into());
        };
        let facts = AppointmentFacts::of_calendar(self.calendar.clone());
        may(context.actor, Action::BlockTime, &facts)?;
        if found.record(&self.block).is_some() {
            let sentence = "There is already a record with the id of this block.";
            return Err(Denial::new(Code::AlreadyExists, "X-09", sentence).into());
        }
        let person_name = match &self.person {
            Some(person) => eligible(context, found, person, (&facts, None))?,
            None => String::new(),
        };
        span(context, (self.from_day, self.until_day), super::BLOCK_DAYS_MAX)?;
        self.minutes_or_denied()?;
        let block = Block {
            calendar: self.calendar.clone(),
            person: self.person.clone(),
            person_name,
            from_day: self.from_day,
            until_day: self.until_day,
            from_minute: self.from_minute,
            to_minute: self.to_minute,
            lifted: false,
            because: because(&self.because)?,
            history: vec![Event::new(context, "block_time", "")],
        };
        Ok(Effect::puts(vec![Record::new(self.block.clone(), block)]))
    }
}

impl BlockTime {
    fn minutes_or_denied(&self) -> Result<(), Denial> {
        match (self.from_minute, self.to_minute) {
            (None, None) => Ok(()),
            (Some(from), Some(to)) if from < to && to <= DAY_MINUTES => Ok(()),
            (Some(_), Some(to)) => Err(Denial::invalid(
                "to_minute",
                to,
                "a minute after the first, 1440 at most",
            )),
            (Some(_), None) => Err(Denial::invalid("to_minute", "missing", "both minutes or none")),
            (None, Some(_)) => Err(Denial::invalid("from_minute", "missing", "both minutes or none")),
        }
    }
}
