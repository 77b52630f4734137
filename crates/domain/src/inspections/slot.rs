//! The time at which a visit is to be made, and what stands against it: another visit, a blocked time.

use super::eligible::assigns;
use crate::command::Context;
use crate::found::{Found, Need};
use crate::{Body, time};
use chrono::NaiveDate;
use policy::inspections::{Action, AppointmentFacts, may};
use policy::{CalendarId, Code, Denial, Kind, PersonId, RecordId};
use serde::{Deserialize, Serialize};

/// The last minute a visit may end at.
pub(super) const DAY_MINUTES: u16 = 24 * 60;

/// The day and the minute at which a visit begins.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Slot {
    #[serde(default)]
    pub day: Option<NaiveDate>,
    #[serde(default)]
    pub from_minute: Option<u16>,
}

/// A visit at a time, perhaps with a person: what is asked of the calendar and of that person's day.
pub(super) struct Wanted<'a> {
    pub visit: &'a RecordId,
    pub facts: &'a AppointmentFacts,
    pub day: NaiveDate,
    /// From and to; absent where only the day is known.
    pub minutes: Option<(u16, u16)>,
    pub person: Option<&'a PersonId>,
    /// Whether a manager has seen that the person has another visit then, and means it (C-MGR-07). Nothing where the
    /// command does not ask for that.
    pub overlap_accepted: Option<bool>,
}

/// What must be looked up to know whether a time is free.
pub(super) fn slot_needs(
    calendar: Option<&CalendarId>,
    day: NaiveDate,
    person: Option<&PersonId>,
) -> Vec<Need> {
    let blocks = calendar.map(|calendar| Need::Index {
        kind: Kind::Block,
        index: "calendar_day",
        prefix: calendar_day(calendar, day),
    });
    let visits = person.map(|person| Need::Index {
        kind: Kind::Appointment,
        index: "assignee_day",
        prefix: assignee_day(person, day),
    });
    blocks.into_iter().chain(visits).collect()
}

/// When a visit that begins then would end, on a day that is not past.
pub(super) fn end_of(
    context: Context<'_>,
    (day, from_minute): (NaiveDate, u16),
    duration_minutes: u16,
) -> Result<u16, Denial> {
    let to_minute = from_minute.saturating_add(duration_minutes);
    if from_minute >= DAY_MINUTES || to_minute > DAY_MINUTES {
        let accepted = "a start that ends on the same day";
        return Err(Denial::invalid("from_minute", from_minute, accepted));
    }
    if day < time::local(context.at, context.zone()).0 {
        return Err(Denial::invalid("day", day, "today or a later day"));
    }
    Ok(to_minute)
}

pub(super) fn assignee_day(person: &PersonId, day: NaiveDate) -> String {
    format!("{person}|{day}|")
}

pub(super) fn calendar_day(calendar: &CalendarId, day: NaiveDate) -> String {
    format!("{calendar}|{day}|")
}

impl Wanted<'_> {
    /// Refuses a time that is blocked or taken; true where only the office can tell.
    pub(super) fn free_or_denied(&self, context: Context<'_>, found: &Found) -> Result<bool, Denial> {
        let blocks_unknown = self.not_blocked(context, found)?;
        match (self.person, self.minutes) {
            (Some(person), Some(minutes)) if self.overlap_accepted != Some(true) => {
                Ok(self.not_taken(context, found, (person, minutes))? || blocks_unknown)
            }
            _ => Ok(blocks_unknown),
        }
    }

    /// C-MGR-08: the block is named, its reason to those who assign work.
    fn not_blocked(&self, context: Context<'_>, found: &Found) -> Result<bool, Denial> {
        let calendar = &self.facts.calendar;
        let range = found.range(Kind::Block, "calendar_day", &calendar_day(calendar, self.day));
        for record in &range.records {
            let Body::Block(block) = &record.body else {
                continue;
            };
            if !block.stands_against(self.person, self.minutes) {
                continue;
            }
            let title = context.actor.places().calendar_title(calendar);
            let knows = assigns(context, self.facts);
            let sentence = match block.person {
                Some(_) => "The inspector is not available at that time.".to_owned(),
                None => format!("{title} is closed at that time."),
            };
            let denial =
                Denial::new(Code::SlotTaken, "C-MGR-08", sentence).who(format!("a manager of {title}"));
            return Err(match &block.person {
                _ if knows => denial.fact(format!("Blocked {}: {}", block.words(), block.because)),
                Some(_) => denial,
                None => denial.fact(format!("Blocked {}.", block.words())),
            });
        }
        Ok(!range.complete && !self.is_sent_blocks(context))
    }

    /// Whether the actor is sent the blocks that matter here: a calendar's go to whoever may see its availability, a
    /// person's to whoever may see that person's visits.
    fn is_sent_blocks(&self, context: Context<'_>) -> bool {
        let facts = AppointmentFacts {
            assignee: self.person.cloned(),
            ..AppointmentFacts::of_calendar(self.facts.calendar.clone())
        };
        let sees = |action| may(context.actor, action, &facts).is_ok();
        sees(Action::ViewAvailability) && (self.person.is_none() || sees(Action::ViewAppointments))
    }

    /// Refuses a time the person already has another open visit at; true where only the office can tell.
    fn not_taken(
        &self,
        context: Context<'_>,
        found: &Found,
        (person, (from, to)): (&PersonId, (u16, u16)),
    ) -> Result<bool, Denial> {
        let range = found.range(Kind::Appointment, "assignee_day", &assignee_day(person, self.day));
        for record in range.records.iter().filter(|record| record.id != *self.visit) {
            let Body::Appointment(other) = &record.body else {
                continue;
            };
            let (Some(begins), Some(ends)) = (other.from_minute, other.to_minute) else {
                continue;
            };
            if other.is_open() && begins < to && from < ends {
                let denial = |code| {
                    Denial::new(
                        code,
                        "C-MGR-20",
                        "The inspector already has a visit at that time.",
                    )
                };
                let fact = format!("Taken from {} to {}.", time::clock(begins), time::clock(ends));
                return Err(match (assigns(context, self.facts), self.overlap_accepted) {
                    (true, Some(_)) => denial(Code::Overlap).fact(fact).who("a manager, by accepting it"),
                    (true, None) => denial(Code::SlotTaken).fact(fact),
                    (false, _) => denial(Code::SlotTaken),
                });
            }
        }
        Ok(!range.complete)
    }
}
