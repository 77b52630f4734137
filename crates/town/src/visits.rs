//! Who visits which door when: seven working days that are done, the first day, and six that are planned.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::catalogue::{CALENDARS, TypeEntry};
use crate::chance::Chance;
use crate::day::Day;
use crate::office::Office;
use crate::people::Population;
use crate::permits::Permit;
use crate::results::{self, Outcome};

const DAYS_DONE: i64 = 7;
const DAYS_PLANNED: i64 = 6;

const NOTES: &[&str] = &[
    "Dog in yard, ring first",
    "Site hut key at number 12",
    "Ask for the caretaker, bell 1",
    "No parking in front, use the side street",
    "Applicant asks for a call half an hour before",
    "Entrance through the garage",
    "Steep ladder to the roof, wear boots",
    "Basement floods after rain, bring lamp",
    "Neighbour complained of noise, keep it short",
    "Deliveries until 10:00, loading bay blocked",
    "Owner is hard of hearing, knock loudly",
    "No signal in the basement",
];

const URGENT_NOTES: &[&str] = &[
    "Concrete lorry booked for the afternoon",
    "Opening planned for this weekend",
    "Tenants are waiting to move in",
];

const EMERGENCY_NOTES: &[&str] = &[
    "Crack reported after the storm, building partly cleared",
    "Smell of burning reported by a neighbour",
];

/// One visit by one inspector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// `visit-000123`.
    pub id: String,
    /// What is visited.
    pub permit: String,
    /// The calendar it is booked in.
    pub calendar: String,
    /// What is inspected.
    pub inspection_type: String,
    /// The person who goes.
    pub inspector: String,
    /// `YYYY-MM-DD`.
    pub day: String,
    /// When it may begin, in minutes of the day.
    pub from_minute: u32,
    /// When it ends.
    pub to_minute: u32,
    /// Its place in the inspector's day, from 1, along a sensible way.
    pub position: u32,
    /// How pressing it is.
    pub priority: Priority,
    /// What the inspector should know before ringing.
    pub special_notes: Option<String>,
    /// Where it stands.
    pub status: VisitStatus,
    /// What was found, once completed.
    pub outcome: Option<Outcome>,
}

/// How pressing a visit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Priority {
    /// As booked.
    Normal,
    /// Work waits for it.
    Urgent,
    /// Someone may be in danger.
    Emergency,
}

/// Where a visit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VisitStatus {
    /// Booked.
    Scheduled,
    /// Booked, and the applicant said yes.
    Confirmed,
    /// Done, with an outcome.
    Completed,
    /// Nobody opened.
    NoShow,
}

/// Books every inspector's days.
pub(crate) fn book(seed: u64, first_day: Day, population: &Population, permits: &[Permit]) -> Vec<Visit> {
    let mut done = first_day.working_days(-DAYS_DONE);
    done.reverse();
    let days: Vec<Day> = done
        .into_iter()
        .chain([first_day])
        .chain(first_day.working_days(DAYS_PLANNED))
        .collect();
    let mut chance = Chance::about("visits", seed);
    let mut offices: Vec<Office<'_>> = CALENDARS
        .iter()
        .map(|calendar| Office::of(calendar, population, permits))
        .collect();
    let mut visits = Vec::new();
    for day in days {
        for office in &mut offices {
            visits.append(&mut office.book(day, first_day, &mut chance));
        }
    }
    for (index, visit) in visits.iter_mut().enumerate() {
        visit.id = format!("visit-{:06}", index + 1);
    }
    visits
}

/// Who goes when.
pub(crate) struct Errand<'a> {
    pub(crate) inspector: &'a str,
    pub(crate) day: Day,
    pub(crate) first_day: Day,
    pub(crate) position: u32,
    pub(crate) window: (u32, u32),
}

impl Visit {
    /// A visit on an errand, with what chance adds to it. It gets its id when all are booked.
    pub(crate) fn drawn(
        permit: &Permit,
        entry: &TypeEntry,
        errand: &Errand<'_>,
        chance: &mut Chance,
    ) -> Visit {
        let (status, outcome) = standing(entry, errand, chance);
        let (priority, special_notes) = urgency(chance);
        Visit {
            id: String::new(),
            permit: permit.id.clone(),
            calendar: permit.calendar.clone(),
            inspection_type: entry.id.to_owned(),
            inspector: errand.inspector.to_owned(),
            day: errand.day.to_string(),
            from_minute: errand.window.0,
            to_minute: errand.window.1,
            position: errand.position,
            priority,
            special_notes,
            status,
            outcome,
        }
    }
}

/// Days before the first day are done, the first day is mostly confirmed, later days less so.
fn standing(entry: &TypeEntry, errand: &Errand<'_>, chance: &mut Chance) -> (VisitStatus, Option<Outcome>) {
    let confirmed_percent = match errand.day.cmp(&errand.first_day) {
        Ordering::Less if chance.percent(4) => return (VisitStatus::NoShow, None),
        Ordering::Less => {
            return (
                VisitStatus::Completed,
                Some(results::outcome(entry, errand.window.1, chance)),
            );
        }
        Ordering::Equal => 80,
        Ordering::Greater => 35,
    };
    let confirmed = chance.percent(confirmed_percent);
    (
        if confirmed {
            VisitStatus::Confirmed
        } else {
            VisitStatus::Scheduled
        },
        None,
    )
}

fn urgency(chance: &mut Chance) -> (Priority, Option<String>) {
    let note = |notes: &[&str], chance: &mut Chance| Some((*chance.pick(notes)).to_owned());
    match chance.below(100) {
        0..2 => (Priority::Emergency, note(EMERGENCY_NOTES, chance)),
        2..9 => (Priority::Urgent, note(URGENT_NOTES, chance)),
        9..34 => (Priority::Normal, note(NOTES, chance)),
        _ => (Priority::Normal, None),
    }
}
