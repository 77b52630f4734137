//! Inspection calendars.

use crate::{Body, Need, Record};
use policy::{CalendarId, CalendarPlace, DepartmentId, Kind, Places, TeamId, TeamPlace};
use serde::{Deserialize, Serialize};

/// A calendar: who is inspected by whom, and by which rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Calendar {
    pub name: String,
    pub department: DepartmentId,
    pub department_name: String,
    pub public: bool,
    #[serde(default = "yes")]
    pub active: bool,
    /// What applicants must know before they book.
    #[serde(default)]
    pub requirements: Vec<String>,
    /// Until this minute of the day a visit of that day may be asked to be reassigned (C-INS-UP1).
    #[serde(default = "eight")]
    pub cutoff_minute: u16,
    #[serde(default)]
    pub teams: Vec<Team>,
}

/// A team of inspectors in a calendar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Team {
    pub id: TeamId,
    pub name: String,
}

fn yes() -> bool {
    true
}

fn eight() -> u16 {
    8 * 60
}

/// All calendars, as a rule asks for them.
pub(crate) fn all_calendars() -> Need {
    Need::Index {
        kind: Kind::Calendar,
        index: "all",
        prefix: String::new(),
    }
}

/// The map that these calendars draw.
pub fn places(calendars: &[Record]) -> Places {
    let mut places = Places::default();
    for record in calendars {
        let Body::Calendar(body) = &record.body else {
            continue;
        };
        let calendar: CalendarId = record.id.clone().into();
        for team in &body.teams {
            let place = TeamPlace {
                name: team.name.clone(),
                calendar: calendar.clone(),
            };
            places.teams.insert(team.id.clone(), place);
        }
        places
            .departments
            .insert(body.department.clone(), body.department_name.clone());
        let place = CalendarPlace {
            name: body.name.clone(),
            department: body.department.clone(),
            public: body.public,
            active: body.active,
        };
        places.calendars.insert(calendar, place);
    }
    places
}
