//! The whole town as plain data: what a caller stores, sends or prints.

use anyhow::ensure;
use serde::{Deserialize, Serialize};

use crate::catalogue::{CALENDARS, CalendarEntry, Check, TypeEntry};
use crate::day::Day;
use crate::geography::Geography;
use crate::people::{self, Grant, Person};
use crate::permits::{self, Permit};
use crate::timetable::{DAY_FROM_MINUTE, DAY_TO_MINUTE};
use crate::visits::{self, Visit};

/// The id of the one organization.
pub(crate) const ORGANIZATION: &str = "montevideo";

/// A town: who, what, where and when. Ids are stable for a given seed and scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The day the demonstration begins, `YYYY-MM-DD`; visits before it are done.
    pub first_day: String,
    /// The municipality.
    pub organization: Organization,
    /// Its departments.
    pub departments: Vec<Department>,
    /// Their calendars.
    pub calendars: Vec<Calendar>,
    /// What can be booked in each calendar.
    pub inspection_types: Vec<InspectionType>,
    /// Everyone with an account.
    pub people: Vec<Person>,
    /// What they were granted.
    pub grants: Vec<Grant>,
    /// Permits and licences.
    pub permits: Vec<Permit>,
    /// Visits, done and planned, by day, inspector and time.
    pub visits: Vec<Visit>,
}

/// The municipality.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Organization {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its time zone's IANA name.
    pub zone: String,
}

/// A department.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Department {
    /// Its id, `dep-building`.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A calendar inspections are booked in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calendar {
    /// Its id, `cal-building`.
    pub id: String,
    /// The department it belongs to.
    pub department: String,
    /// Its name.
    pub name: String,
    /// Whether anyone may see which times are free.
    pub public: bool,
    /// When visits may begin, in minutes of the day.
    pub from_minute: u32,
    /// When the last must end.
    pub to_minute: u32,
}

/// A kind of inspection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InspectionType {
    /// Its id, `type-foundation`.
    pub id: String,
    /// The calendar it is booked in.
    pub calendar: String,
    /// Its name.
    pub name: String,
    /// How long it takes.
    pub duration_minutes: u32,
    /// What the applicant must have ready.
    pub requirements: Vec<String>,
    /// What the inspector goes through.
    pub checklist: Vec<ChecklistItem>,
}

/// One line of a checklist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChecklistItem {
    /// Unique within the checklist.
    pub key: String,
    /// What to look at.
    pub text: String,
    /// The unit, where a value is to be measured.
    pub unit: Option<String>,
    /// Whether the visit can be completed without it.
    pub required: bool,
}

/// Plans a town. The same arguments give the same town.
///
/// `scale` 1 is an ordinary town; larger scales multiply inspectors, applicants, permits and visits, while what one
/// inspector has to do stays the same. `first_day` is `YYYY-MM-DD`.
pub fn plan(geography: &Geography, seed: u64, scale: u32, first_day: &str) -> anyhow::Result<Plan> {
    ensure!(scale > 0, "a town needs a scale of at least 1");
    ensure!(
        !geography.addresses.is_empty(),
        "the map holds no address to put a permit at"
    );
    let day = Day::parse(first_day)?;
    let population = people::populate(seed, scale);
    let permits = permits::issue(geography, seed, scale, day, &population);
    let visits = visits::book(seed, day, &population, &permits);
    Ok(Plan {
        first_day: first_day.to_owned(),
        organization: Organization {
            id: ORGANIZATION.to_owned(),
            name: "Municipality of Montevideo (demo)".to_owned(),
            zone: "America/Montevideo".to_owned(),
        },
        departments: [
            ("dep-building", "Building"),
            ("dep-fire", "Fire"),
            ("dep-health", "Health"),
        ]
        .map(|(id, name)| Department {
            id: id.to_owned(),
            name: name.to_owned(),
        })
        .to_vec(),
        calendars: CALENDARS.map(calendar).to_vec(),
        inspection_types: CALENDARS
            .iter()
            .flat_map(|entry| entry.types.iter().map(|kind| inspection_type(entry, kind)))
            .collect(),
        people: population.people,
        grants: population.grants,
        permits,
        visits,
    })
}

fn calendar(entry: &CalendarEntry) -> Calendar {
    Calendar {
        id: entry.id.to_owned(),
        department: entry.department.to_owned(),
        name: entry.name.to_owned(),
        public: entry.public,
        from_minute: DAY_FROM_MINUTE,
        to_minute: DAY_TO_MINUTE,
    }
}

fn inspection_type(calendar: &CalendarEntry, entry: &TypeEntry) -> InspectionType {
    InspectionType {
        id: entry.id.to_owned(),
        calendar: calendar.id.to_owned(),
        name: entry.name.to_owned(),
        duration_minutes: entry.minutes,
        requirements: entry.requirements.iter().map(|text| (*text).to_owned()).collect(),
        checklist: entry.checks.iter().map(checklist_item).collect(),
    }
}

fn checklist_item(check: &Check) -> ChecklistItem {
    ChecklistItem {
        key: check.key.to_owned(),
        text: check.text.to_owned(),
        unit: check.measure.as_ref().map(|measure| measure.unit.to_owned()),
        required: check.required,
    }
}
