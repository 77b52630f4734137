//! Who inspects where. Profiles say it, so that a calendar's roster can be read; it follows from the grants and the clock.

use super::{GrantBody, Person};
use crate::places::places_of;
use crate::{Body, Context, Found, Record};
use policy::{CalendarId, GrantId, Kind, Millis, PersonId, Places};
use std::collections::BTreeSet;

/// The index, and the key in it, under which the grants lie that make a roster.
pub const ROSTER_GRANTS: (&str, &str) = ("role", "inspections.inspector|");

/// The profile with `inspects` as these grants make it.
pub(crate) fn profile_with(
    context: Context<'_>,
    found: &Found,
    person: &PersonId,
    changed: (&GrantId, &GrantBody),
) -> Option<Record> {
    let id = person.clone().into();
    let Some(Body::Person(profile)) = found.record(&id).map(|record| &record.body) else {
        return None;
    };
    let held = found.range(Kind::Grant, "person", &format!("{person}|"));
    let others = held
        .records
        .iter()
        .filter(|record| record.id != changed.0.clone().into());
    // The whole map, and not the part of it that whoever gives the role may see.
    let places = places_of(&found.range(Kind::Calendar, "all", "").records);
    let mut profile = profile.clone();
    profile.inspects = inspected(
        others.filter_map(grant_of).chain([changed.1]),
        &places,
        context.at,
    );
    Some(Record::new(id, profile))
}

/// Whose roster the clock has changed after `since` and until `at`, without a word: one of their grants began or ended.
pub fn turned(grants: &[Record], since: Millis, at: Millis) -> BTreeSet<PersonId> {
    let has_come = |time: Option<Millis>| time.is_some_and(|time| since < time && time <= at);
    grants
        .iter()
        .filter_map(grant_of)
        .filter(|grant| grant.withdrawn.is_none() && (has_come(grant.from) || has_come(grant.until)))
        .map(|grant| grant.person.clone())
        .collect()
}

/// A profile as these grants make it at an instant; none where it says so already. `calendars` are all there are.
pub fn profile_at(profile: &Record, grants: &[Record], calendars: &[Record], at: Millis) -> Option<Record> {
    let Body::Person(person) = &profile.body else {
        return None;
    };
    let of_person = grants
        .iter()
        .filter_map(grant_of)
        .filter(|grant| profile.id == grant.person.clone().into());
    let inspects = inspected(of_person, &places_of(calendars), at);
    (inspects != person.inspects).then(|| {
        let person = Person {
            inspects,
            ..person.clone()
        };
        Record::new(profile.id.clone(), person)
    })
}

/// The calendars that these grants of one person let them inspect in at an instant.
fn inspected<'a>(
    grants: impl Iterator<Item = &'a GrantBody>,
    places: &Places,
    at: Millis,
) -> BTreeSet<CalendarId> {
    grants
        .filter(|grant| grant.is_in_force(at) && grant.role.0 == "inspections.inspector")
        .flat_map(|grant| places.calendars_in(&grant.scope))
        .take(policy::people::INSPECTS_MAX)
        .cloned()
        .collect()
}

fn grant_of(record: &Record) -> Option<&GrantBody> {
    match &record.body {
        Body::Grant(body) => Some(body),
        _ => None,
    }
}
