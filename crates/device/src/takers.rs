//! Who could take a set of visits: what a manager looks at before giving many of them away.

use crate::overlay::Held;
use crate::person::Device;
use domain::inspections::{self, Takers};
use domain::{Body, Context, Found, Need, Refusal};
use policy::{CalendarId, Kind, Millis, PersonId, RecordId};
use std::collections::BTreeSet;
use store::{Lookup as _, Result};

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
        let found = pollster::block_on(looked_up(&mut held, visits, &people))?;
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

async fn looked_up(held: &mut Held<'_>, visits: &[RecordId], people: &[PersonId]) -> Result<Found> {
    let mut found = Found::default();
    loop {
        let missing = inspections::takers_missing(visits, people, &found);
        if missing.is_empty() {
            return Ok(found);
        }
        for need in missing {
            match &need {
                Need::Record(id) => {
                    let answer = held.record(id).await?;
                    found.records.insert(id.clone(), answer);
                }
                Need::Index { kind, index, prefix } => {
                    let range = held.range(*kind, index, prefix).await?;
                    found.ranges.insert(need, range);
                }
            }
        }
    }
}
