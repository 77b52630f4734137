//! Permits and licences, each at a real address.

use serde::{Deserialize, Serialize};

use crate::catalogue::{CALENDARS, CalendarEntry, PermitKind};
use crate::chance::Chance;
use crate::day::Day;
use crate::geography::{Address, Geography};
use crate::names::SIGNS;
use crate::people::Population;
use crate::plan::ORGANIZATION;
use crate::position::Position;

/// A permit or licence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Permit {
    /// `permit-000123`.
    pub id: String,
    /// As printed on it, `B-2026-0143`.
    pub number: String,
    /// The calendar its inspections are booked in.
    pub calendar: String,
    /// The department that issued it.
    pub department: String,
    /// What kind of permit it is.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is for.
    pub description: String,
    /// The name over the door, where the public comes in.
    pub establishment: Option<String>,
    /// Where it stands.
    pub status: PermitStatus,
    /// Whether the fee was paid.
    pub fee_paid: bool,
    /// The day it was applied for, `YYYY-MM-DD`.
    pub applied_on: String,
    /// The person who applied.
    pub applicant: String,
    /// Street and number.
    pub address: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// The inspection types that may be booked for it.
    pub inspection_types: Vec<String>,
}

impl Permit {
    /// Where it is.
    pub fn position(&self) -> Position {
        Position {
            longitude: self.longitude,
            latitude: self.latitude,
        }
    }

    /// Whether an inspection can be booked.
    pub fn is_bookable(&self) -> bool {
        self.status == PermitStatus::Issued && self.fee_paid
    }
}

/// Where a permit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PermitStatus {
    /// Being looked at; nothing can be booked yet.
    InReview,
    /// In force.
    Issued,
    /// Stopped until something is put right.
    OnHold,
    /// Ran out.
    Expired,
}

impl PermitStatus {
    fn drawn(chance: &mut Chance) -> PermitStatus {
        match chance.below(100) {
            0..86 => PermitStatus::Issued,
            86..93 => PermitStatus::InReview,
            93..97 => PermitStatus::OnHold,
            _ => PermitStatus::Expired,
        }
    }
}

/// Issues the permits of every calendar over the thirteen months before `first_day`.
pub(crate) fn issue(
    geography: &Geography,
    seed: u64,
    scale: u32,
    first_day: Day,
    population: &Population,
) -> Vec<Permit> {
    let mut chance = Chance::about("permits", seed);
    let mut addresses: Vec<&Address> = geography.addresses.iter().collect();
    chance.shuffle(&mut addresses);
    let mut signs = SIGNS.to_vec();
    chance.shuffle(&mut signs);
    let applicants = population.holders("inspections.citizen", ORGANIZATION);
    let mut permits = Vec::new();
    for calendar in CALENDARS {
        let applied = days_applied(calendar.permit_count * scale as usize, first_day, &mut chance);
        let mut numbers = Numbers {
            letter: calendar.letter,
            year: 0,
            last: 0,
        };
        for day in applied {
            let address = addresses[permits.len() % addresses.len()];
            let applicant = *chance.pick(&applicants);
            let number = numbers.next(day, &mut chance);
            let id = format!("permit-{:06}", permits.len() + 1);
            let sign = signs[permits.len() % signs.len()];
            permits.push(permit(
                calendar,
                Application {
                    id,
                    number,
                    day,
                    address,
                    applicant,
                    sign,
                },
                &mut chance,
            ));
        }
    }
    permits
}

/// Days of application, earliest first, the last long enough ago to be worth a visit.
fn days_applied(count: usize, first_day: Day, chance: &mut Chance) -> Vec<Day> {
    let mut days: Vec<Day> = (0..count)
        .map(|_| first_day.plus(-i64::from(chance.between(25, 400))))
        .collect();
    days.sort();
    days
}

/// Counts the permits of one letter, anew each year; the gaps are permits the demonstration does not show.
struct Numbers {
    letter: char,
    year: i64,
    last: u32,
}

impl Numbers {
    fn next(&mut self, day: Day, chance: &mut Chance) -> String {
        if day.year() != self.year {
            *self = Numbers {
                letter: self.letter,
                year: day.year(),
                last: 0,
            };
        }
        self.last += chance.between(1, 5);
        format!("{}-{}-{:04}", self.letter, self.year, self.last)
    }
}

struct Application<'a> {
    id: String,
    number: String,
    day: Day,
    address: &'a Address,
    applicant: &'a str,
    sign: &'a str,
}

fn permit(calendar: &CalendarEntry, application: Application<'_>, chance: &mut Chance) -> Permit {
    let kind = chance.pick(calendar.kinds);
    let project = chance.pick(kind.projects);
    let status = PermitStatus::drawn(chance);
    let fee_paid = chance.percent(if status == PermitStatus::InReview { 50 } else { 94 });
    Permit {
        id: application.id,
        number: application.number,
        calendar: calendar.id.to_owned(),
        department: calendar.department.to_owned(),
        kind: kind.name.to_owned(),
        description: project.description.to_owned(),
        establishment: project.trade.map(|trade| format!("{trade} {}", application.sign)),
        status,
        fee_paid,
        applied_on: application.day.to_string(),
        applicant: application.applicant.to_owned(),
        address: application.address.text(),
        latitude: application.address.latitude,
        longitude: application.address.longitude,
        inspection_types: allowed(calendar, kind),
    }
}

/// The steps of the kind, what follows them, and what follows a failure of any, in the order of the calendar.
fn allowed(calendar: &CalendarEntry, kind: &PermitKind) -> Vec<String> {
    let mut wanted = kind.steps.to_vec();
    wanted.extend(kind.afterwards);
    let follow_ups: Vec<&str> = wanted
        .iter()
        .filter_map(|id| calendar.type_named(id)?.after_failure)
        .collect();
    wanted.extend(follow_ups);
    calendar
        .types
        .iter()
        .filter(|entry| wanted.contains(&entry.id))
        .map(|entry| entry.id.to_owned())
        .collect()
}
