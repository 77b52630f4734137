//! Who could take a visit: what a manager looks at before many are given away, as when an inspector is ill.
//!
//! The answers are those of `Reassign` itself, so what is offered here is taken there. Nothing is written: the visits are
//! then given away one by one, each decided, answered and undone alone.

use super::appointment::visit;
use super::slot::assignee_day;
use super::{Appointment, Reassign};
use crate::command::{Context, Refusal, Rule, visible_or_denied};
use crate::found::{Answer, Found, Need};
use crate::{Body, Effect};
use policy::inspections::{Action, may};
use policy::{Denial, Kind, PersonId, RecordId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Who could take one visit, and who could not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Takers {
    pub appointment: RecordId,
    /// Those with the fewest visits that day first.
    pub takers: Vec<Taker>,
    /// Why each of the others could not.
    pub others: Vec<NoTaker>,
}

/// Somebody who could take a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Taker {
    pub person: PersonId,
    pub name: String,
    /// Open visits they have that day.
    pub visits: u32,
}

/// Somebody who could not, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct NoTaker {
    pub person: PersonId,
    pub denial: Denial,
}

/// What must still be looked up before [`takers`] can answer.
pub fn takers_missing(visits: &[RecordId], people: &[PersonId], found: &Found) -> Vec<Need> {
    let tries = visits
        .iter()
        .flat_map(|visit| people.iter().map(move |person| (visit, person)));
    let needs: BTreeSet<Need> = tries
        .flat_map(|(visit, person)| attempt(visit, None, person).needs(found))
        .chain(visits.iter().cloned().map(Need::Record))
        .collect();
    needs.into_iter().filter(|need| !found.has(need)).collect()
}

/// For each visit, who of these people could take it. A visit counts as given to its first taker when the next one is
/// looked at, so that taking the first of each works out.
pub fn takers(
    context: Context<'_>,
    visits: &[RecordId],
    people: &[PersonId],
    found: &Found,
) -> Result<Vec<Takers>, Refusal> {
    visible_or_denied(context, found, visits)?;
    let mut found = found.clone();
    visits
        .iter()
        .map(|id| {
            let visit = visit(&found, id)?;
            may(context.actor, Action::BulkChange, &visit.facts())?;
            Ok(takers_of(context, (id, &visit), people, &mut found))
        })
        .collect()
}

fn takers_of(
    context: Context<'_>,
    (id, visit): (&RecordId, &Appointment),
    people: &[PersonId],
    found: &mut Found,
) -> Takers {
    let (mut able, mut others) = (Vec::new(), Vec::new());
    for person in people
        .iter()
        .filter(|person| visit.assignee.as_ref() != Some(person))
    {
        match attempt(id, visit.assignee.as_ref(), person).decide(context, found) {
            Ok(effect) => able.push((taker(found, visit, person), effect)),
            Err(Refusal::Denied(denial)) => others.push(NoTaker {
                person: person.clone(),
                denial,
            }),
            // The visit is tried as it was found, so nobody can have changed it meanwhile.
            Err(Refusal::Contested(_)) => {}
        }
    }
    able.sort_by(|(a, _), (b, _)| (a.visits, &a.name, &a.person).cmp(&(b.visits, &b.name, &b.person)));
    if let Some((first, effect)) = able.first() {
        give(found, visit, &first.person, effect);
    }
    Takers {
        appointment: id.clone(),
        takers: able.into_iter().map(|(taker, _)| taker).collect(),
        others,
    }
}

fn attempt(visit: &RecordId, saw: Option<&PersonId>, to: &PersonId) -> Reassign {
    Reassign {
        appointment: visit.clone(),
        to: to.clone(),
        saw: saw.cloned(),
        overlap_accepted: false,
    }
}

fn taker(found: &Found, visit: &Appointment, person: &PersonId) -> Taker {
    let record = found.record(&person.clone().into());
    let name = match record.map(|record| &record.body) {
        Some(Body::Person(profile)) => profile.name.clone(),
        _ => person.to_string(),
    };
    let open = |body: &Body| matches!(body, Body::Appointment(visit) if visit.is_open());
    let visits = visit.day.map_or(0, |day| {
        let range = found.range(Kind::Appointment, "assignee_day", &assignee_day(person, day));
        range.records.iter().filter(|record| open(&record.body)).count()
    });
    Taker {
        person: person.clone(),
        name,
        visits: u32::try_from(visits).unwrap_or(u32::MAX),
    }
}

/// Lays a visit that was given away over what was found.
fn give(found: &mut Found, visit: &Appointment, to: &PersonId, effect: &Effect) {
    for record in &effect.puts {
        found
            .records
            .insert(record.id.clone(), Answer::Found(record.clone()));
    }
    let visits = || {
        effect
            .puts
            .iter()
            .filter(|record| record.kind() == Kind::Appointment)
    };
    let ids: BTreeSet<&RecordId> = visits().map(|record| &record.id).collect();
    for (need, range) in &mut found.ranges {
        if let Need::Index {
            index: "assignee_day",
            prefix,
            ..
        } = need
        {
            range.records.retain(|record| !ids.contains(&record.id));
            if visit.day.is_some_and(|day| *prefix == assignee_day(to, day)) {
                range.records.extend(visits().cloned());
            }
        }
    }
}
