//! Who could take a set of visits: what a manager looks at before giving many of them away.

use crate::overlay::Held;
use crate::person::Device;
use domain::inspections::{self, Takers};
use domain::{Body, Context, Found, Refusal};
use policy::{CalendarId, Kind, Millis, PersonId, RecordId};
use std::collections::BTreeSet;
use store::{Result, find_for};

impl Device {
    /// For each visit who of those on this laptop could take it, or why nobody can. Nothing is written.
    pub fn takers(
        &self,
        now: Millis,
        visits: &[RecordId],
    ) -> Result<std::result::Result<Vec<Takers>, Refusal>> {
        let actor = self.actor(now)?;
        let context = Context {
            at: self.office_time(now)?,
            claimed_at: now,
            actor: &actor,
        };
        let mut held = self.held();
        let people = inspectors(&held, visits)?;
        let missing = |found: &Found| inspections::takers_missing(visits, &people, found);
        let found = pollster::block_on(find_for(&mut held, missing))?;
        Ok(inspections::takers(context, visits, &people, &found))
    }
}

/// The people this laptop knows to inspect in a calendar of these visits.
fn inspectors(held: &Held<'_>, visits: &[RecordId]) -> Result<Vec<PersonId>> {
    let mut calendars = BTreeSet::<CalendarId>::new();
    for visit in visits {
        if let Some(Body::Appointment(visit)) = held.get(visit)?.map(|record| record.body) {
            calendars.extend(visit.calendar);
        }
    }
    let mut people = BTreeSet::<PersonId>::new();
    for calendar in calendars {
        let roster = held
            .cache
            .range(Kind::Person, "calendar", &format!("{calendar}|"))?;
        people.extend(roster.into_iter().map(|record| PersonId::from(record.id)));
    }
    Ok(people.into_iter().collect())
}
