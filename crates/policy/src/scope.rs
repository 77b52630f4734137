//! Where a role applies, and the map of the organization that says what lies where.

use crate::{CalendarId, DepartmentId, TeamId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The container a role applies in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "kind", content = "id", deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Scope {
    Organization,
    Department(DepartmentId),
    Calendar(CalendarId),
    Team(TeamId),
}

impl Scope {
    /// Reads `organization`, `department/ID`, `calendar/ID` or `team/ID`.
    pub fn parse(text: &str) -> Result<Scope, String> {
        let wrong =
            || format!("scope `{text}`: expected organization, department/ID, calendar/ID or team/ID");
        if text == "organization" {
            return Ok(Scope::Organization);
        }
        let (kind, id) = text.split_once('/').ok_or_else(wrong)?;
        match kind {
            "department" => DepartmentId::parse(id)
                .map(Scope::Department)
                .map_err(|_| wrong()),
            "calendar" => CalendarId::parse(id).map(Scope::Calendar).map_err(|_| wrong()),
            "team" => TeamId::parse(id).map(Scope::Team).map_err(|_| wrong()),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::Organization => f.write_str("organization"),
            Scope::Department(id) => write!(f, "department/{id}"),
            Scope::Calendar(id) => write!(f, "calendar/{id}"),
            Scope::Team(id) => write!(f, "team/{id}"),
        }
    }
}

/// What the rules need to know of a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CalendarPlace {
    pub name: String,
    pub department: DepartmentId,
    /// Shown to people who are not signed in (C-CAL-04).
    pub public: bool,
    /// An inactive calendar gives its inspectors nothing (C-INS-21).
    pub active: bool,
}

/// What the rules need to know of a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TeamPlace {
    pub name: String,
    pub calendar: CalendarId,
}

/// The map of an organization: which calendar lies in which department. What depends on a container is resolved here,
/// on the person's side, so that moving a calendar touches people and not its thousand records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Places {
    pub calendars: BTreeMap<CalendarId, CalendarPlace>,
    pub teams: BTreeMap<TeamId, TeamPlace>,
    pub departments: BTreeMap<DepartmentId, String>,
}

impl Places {
    /// The active calendars that lie in a scope. A team's scope holds no calendar: it holds the team's work only.
    pub fn calendars_in(&self, scope: &Scope) -> Vec<&CalendarId> {
        let inside = |(id, place): &(&CalendarId, &CalendarPlace)| match scope {
            Scope::Organization => place.active,
            Scope::Department(department) => place.active && place.department == *department,
            Scope::Calendar(calendar) => place.active && *id == calendar,
            Scope::Team(_) => false,
        };
        self.calendars.iter().filter(inside).map(|(id, _)| id).collect()
    }

    /// Whether there is such a place.
    pub fn knows(&self, scope: &Scope) -> bool {
        match scope {
            Scope::Organization => true,
            Scope::Department(id) => self.departments.contains_key(id),
            Scope::Calendar(id) => self.calendars.contains_key(id),
            Scope::Team(id) => self.teams.contains_key(id),
        }
    }

    /// Whether a calendar is known and active.
    pub fn is_active(&self, calendar: &CalendarId) -> bool {
        self.calendars.get(calendar).is_some_and(|place| place.active)
    }

    /// A scope as a person reads it: `Building inspections`, never an id alone where a name is known (AMB-21).
    pub fn title(&self, scope: &Scope) -> String {
        match scope {
            Scope::Organization => "whole organization".to_owned(),
            Scope::Department(id) => match self.departments.get(id) {
                Some(name) => format!("{name} department"),
                None => format!("department {id}"),
            },
            Scope::Calendar(id) => self.calendar_title(id),
            Scope::Team(id) => match self.teams.get(id) {
                Some(team) => format!("team {}", team.name),
                None => format!("team {id}"),
            },
        }
    }

    /// A calendar's name, or its id where the name is not known here.
    pub fn calendar_title(&self, id: &CalendarId) -> String {
        match self.calendars.get(id) {
            Some(place) => place.name.clone(),
            None => format!("calendar {id}"),
        }
    }
}
