//! Accounts' profiles and grants: who may see whom, and who may give a role.

use crate::views::{Dimension, Mask, Shown, View};
use crate::{Actor, CalendarId, Code, Denial, Kind, PersonId, RoleName, Scope, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What can be done with people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// See the inspectors of a calendar.
    ViewRoster,
    /// See everybody's grants.
    ViewGrants,
    /// Say that an inspector is not there for some days.
    MarkAbsence,
}

/// The facts of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonFacts {
    pub person: PersonId,
    /// The calendars the person inspects in.
    pub inspects: BTreeSet<CalendarId>,
}

/// The facts of a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantFacts {
    pub person: PersonId,
    /// The calendar it opens, where it was taken in an emergency.
    pub emergency: Option<CalendarId>,
}

impl GrantFacts {
    /// The facts of a role that somebody else gave.
    pub fn given(person: PersonId) -> GrantFacts {
        GrantFacts {
            person,
            emergency: None,
        }
    }
}

/// A grant is for whoever holds it; an access taken in an emergency is also for those who supervise what it opens.
pub(crate) fn grant_views(facts: &GrantFacts) -> Vec<View> {
    let mut views = vec![View::new(Dimension::Person(facts.person.clone()), Mask::Own)];
    let supervised = |calendar: &CalendarId| View::new(Dimension::Calendar(calendar.clone()), Mask::Limited);
    views.extend(facts.emergency.iter().map(supervised));
    views
}

pub(crate) fn person_views(facts: &PersonFacts) -> Vec<View> {
    let mut views = vec![View::new(Dimension::Person(facts.person.clone()), Mask::Own)];
    let roster = |calendar: &CalendarId| View::new(Dimension::Roster(calendar.clone()), Mask::Roster);
    views.extend(facts.inspects.iter().take(INSPECTS_MAX).map(roster));
    views
}

/// A person inspects in at most this many calendars, so that a profile keeps within the budget of views.
pub const INSPECTS_MAX: usize = 6;

pub(crate) fn fields(kind: Kind, mask: Mask) -> Shown {
    match (kind, mask) {
        (Kind::Person, Mask::Own) => {
            Shown::Only(&["name", "username", "email", "phone", "inspects", "absences"])
        }
        (Kind::Person, Mask::Roster) => Shown::Only(&["name", "phone", "inspects", "absences"]),
        (Kind::Grant, Mask::Own | Mask::Limited) => Shown::Only(&[
            "person",
            "role",
            "scope",
            "from",
            "until",
            "granted_by",
            "because",
            "withdrawn",
            "emergency",
        ]),
        _ => Shown::Only(&[]),
    }
}

/// Whether an actor sees the inspectors of any calendar.
pub fn supervises(actor: &Actor) -> bool {
    actor
        .held_for(crate::Action::People(Action::ViewRoster))
        .next()
        .is_some()
}

/// Whether an actor may say that somebody is not there: in a calendar of theirs in which that person inspects.
pub fn may_mark_absence(actor: &Actor, facts: &PersonFacts) -> Verdict {
    let mut held = actor
        .held_for(crate::Action::People(Action::MarkAbsence))
        .peekable();
    if held.peek().is_none() {
        return Err(actor.not_granted("C-MGR-08", "say when an inspector is not available"));
    }
    let covers = |calendar: &CalendarId, scope: &Scope| actor.covers(scope, calendar);
    if held.any(|held| {
        facts
            .inspects
            .iter()
            .any(|calendar| covers(calendar, &held.grant.scope))
    }) {
        return Ok(());
    }
    let sentence = "This person inspects in none of the calendars you manage.";
    Err(Denial::new(Code::OutOfScope, "C-MGR-13", sentence).who(actor.who_can_grant()))
}

/// Whether an actor may give or withdraw a role in a scope. Nobody grants outside their may-grant set, nor to
/// themselves (DEC-3, C-MGR-12, C-MX-15).
pub fn may_grant(actor: &Actor, role: &RoleName, scope: &Scope, to: &PersonId) -> Verdict {
    if to == actor.person() {
        let sentence = "Nobody changes their own roles.";
        return Err(Denial::new(Code::Ceiling, "C-MGR-12", sentence).who(actor.who_can_grant()));
    }
    let gives = |grant: &crate::Grant| {
        let includes = actor
            .role(&grant.role)
            .is_some_and(|own| own.may_grant.contains(role));
        includes && contains(actor, &grant.scope, scope)
    };
    if actor.rights.grants.iter().any(gives) {
        return Ok(());
    }
    Err(actor.not_granted(
        "C-MX-15",
        &format!("give the role {role} in {}", actor.places().title(scope)),
    ))
}

fn contains(actor: &Actor, outer: &Scope, inner: &Scope) -> bool {
    let places = actor.places();
    outer == inner
        || *outer == Scope::Organization
        || match (outer, inner) {
            (Scope::Department(_), Scope::Calendar(calendar)) => actor.covers(outer, calendar),
            (Scope::Department(_) | Scope::Calendar(_), Scope::Team(team)) => places
                .teams
                .get(team)
                .is_some_and(|team| actor.covers(outer, &team.calendar)),
            _ => false,
        }
}
