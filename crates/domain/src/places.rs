//! The map of the organization, as its records draw it.

use crate::{Body, Need, Record};
use policy::{CalendarId, CalendarPlace, Kind, Places, TeamPlace};

/// All calendars, as a rule asks for them.
pub(crate) fn all_calendars() -> Need {
    Need::Index {
        kind: Kind::Calendar,
        index: "all",
        prefix: String::new(),
    }
}

/// The map that these calendars draw.
pub fn places_of(calendars: &[Record]) -> Places {
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
