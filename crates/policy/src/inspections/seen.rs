//! The views that lead to the records of inspections.

use super::{AppointmentFacts, BlockFacts, PermitFacts};
use crate::views::{Dimension, Mask, View};
use crate::{CalendarId, Kind, TeamId};

pub(crate) fn appointment_views(facts: &AppointmentFacts) -> Vec<View> {
    let calendar = |mask| View::new(Dimension::Calendar(facts.calendar.clone()), mask);
    let mut views = vec![calendar(Mask::Limited), calendar(Mask::Onsite)];
    if let Some(person) = &facts.assignee {
        let assigned = Dimension::Assigned(person.clone(), facts.calendar.clone());
        views.push(View::new(assigned, Mask::Onsite));
    }
    if let Some(team) = &facts.team {
        views.extend(team_views(team));
    }
    if let Some(person) = &facts.applicant {
        views.push(View::new(Dimension::Applicant(person.clone()), Mask::Own));
    }
    views
}

fn team_views(team: &TeamId) -> [View; 2] {
    [Mask::Onsite, Mask::Limited].map(|mask| View::new(Dimension::Team(team.clone()), mask))
}

/// What the links of one permit may cost in views: a person one, a team two.
pub const PERMIT_LINKS_MAX: usize = 5;

/// The views that links to these people and teams would cost.
pub fn links_cost(people: usize, teams: usize) -> usize {
    people + 2 * teams
}

pub(crate) fn permit_views(facts: &PermitFacts) -> Vec<View> {
    let mut views = vec![View::new(
        Dimension::Calendar(facts.calendar.clone()),
        Mask::Limited,
    )];
    if let Some(person) = &facts.applicant {
        views.push(View::new(Dimension::Applicant(person.clone()), Mask::Own));
    }
    for person in &facts.people {
        let assigned = Dimension::Assigned(person.clone(), facts.calendar.clone());
        views.push(View::new(assigned, Mask::Onsite));
    }
    views.extend(facts.teams.iter().flat_map(team_views));
    views
}

pub(crate) fn offer_views(kind: Kind, calendar: &CalendarId) -> Vec<View> {
    let offer = |mask| View::new(Dimension::Offer(calendar.clone()), mask);
    let mut views = vec![offer(Mask::Public), offer(Mask::Staff)];
    if kind == Kind::Calendar {
        views.push(View::new(Dimension::Calendar(calendar.clone()), Mask::Limited));
    }
    views
}

/// That a calendar is closed for a time is part of what it offers. That one inspector is not to be had is for those who
/// assign work there, and for that inspector (AMB-12).
pub(crate) fn block_views(facts: &BlockFacts) -> Vec<View> {
    let calendar = &facts.calendar;
    match &facts.person {
        None => offer_views(Kind::Block, calendar),
        Some(person) => vec![
            View::new(Dimension::Calendar(calendar.clone()), Mask::Limited),
            View::new(
                Dimension::Assigned(person.clone(), calendar.clone()),
                Mask::Onsite,
            ),
        ],
    }
}

/// Work that came back is for those who supervise where it belongs. What its author may still decide, because it is only a
/// conflict, is theirs too: `assignee` says who. Those who are shut out are told nothing.
pub(crate) fn returned_work_views(facts: &AppointmentFacts) -> Vec<View> {
    let calendar = Dimension::Calendar(facts.calendar.clone());
    let mut views = vec![View::new(calendar, Mask::Limited)];
    if let Some(team) = &facts.team {
        views.push(View::new(Dimension::Team(team.clone()), Mask::Limited));
    }
    if let Some(author) = &facts.assignee {
        let assigned = Dimension::Assigned(author.clone(), facts.calendar.clone());
        views.push(View::new(assigned, Mask::Onsite));
    }
    views
}
