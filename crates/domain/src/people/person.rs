//! A profile, and a role given.

use super::{Absence, Emergency};
use crate::record::is_empty;
use chrono::NaiveDate;
use policy::people::{GrantFacts, PersonFacts};
use policy::{CalendarId, Grant, GrantId, Millis, PersonId, RoleName, Scope};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The profile of a person with an account. On a device, the fields its masks hide are empty.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Person {
    pub name: String,
    #[serde(skip_serializing_if = "is_empty")]
    pub username: String,
    #[serde(skip_serializing_if = "is_empty")]
    pub email: String,
    #[serde(skip_serializing_if = "is_empty")]
    pub phone: String,
    /// The calendars the person inspects in; follows from the grants.
    #[serde(skip_serializing_if = "is_empty")]
    pub inspects: BTreeSet<CalendarId>,
    /// Days on which the person is not there.
    #[serde(skip_serializing_if = "is_empty")]
    pub absences: Vec<Absence>,
}

impl Person {
    pub(crate) fn facts(&self, person: PersonId) -> PersonFacts {
        PersonFacts {
            person,
            inspects: self.inspects.clone(),
        }
    }

    pub(crate) fn index_keys(&self) -> Vec<(&'static str, String)> {
        let mut keys = vec![("username", format!("{}|", self.username))];
        keys.extend(
            self.inspects
                .iter()
                .map(|calendar| ("calendar", format!("{calendar}|"))),
        );
        keys
    }

    /// The absence that covers a day.
    pub fn absence_on(&self, day: NaiveDate) -> Option<&Absence> {
        self.absences.iter().find(|absence| absence.covers(day))
    }

    /// Whether the person inspects in a calendar.
    pub fn inspects(&self, calendar: Option<&CalendarId>) -> bool {
        calendar.is_some_and(|calendar| self.inspects.contains(calendar))
    }
}

/// A grant as a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(optional_fields))]
pub struct GrantBody {
    pub person: PersonId,
    pub role: RoleName,
    pub scope: Scope,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Millis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Millis>,
    pub granted_by: String,
    pub because: String,
    /// When and by whom it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<String>,
    /// That its holder took it themselves, in an emergency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<Emergency>,
}

impl GrantBody {
    pub(crate) fn facts(&self) -> GrantFacts {
        GrantFacts {
            person: self.person.clone(),
            emergency: self
                .emergency
                .as_ref()
                .map(|emergency| emergency.calendar.clone()),
        }
    }

    pub(crate) fn index_keys(&self) -> Vec<(&'static str, String)> {
        let mut keys = vec![
            ("person", format!("{}|", self.person)),
            ("role", format!("{}|", self.role)),
        ];
        match &self.emergency {
            Some(Emergency {
                review: Some(review), ..
            }) => keys.push(("reviewed", format!("{:015}", review.at))),
            Some(_) => keys.push(("unreviewed", format!("{:015}", self.from.unwrap_or_default()))),
            None => {}
        }
        keys
    }

    /// Whether it gives anything at an instant.
    pub fn is_in_force(&self, at: Millis) -> bool {
        let begun = self.from.is_none_or(|from| from <= at);
        self.withdrawn.is_none() && begun && self.until.is_none_or(|until| at < until)
    }

    /// The grant as the rules see it; none where it was withdrawn.
    pub fn as_grant(&self, id: GrantId) -> Option<Grant> {
        self.withdrawn.is_none().then(|| Grant {
            id,
            person: self.person.clone(),
            role: self.role.clone(),
            scope: self.scope.clone(),
            from: self.from,
            until: self.until,
            granted_by: self.granted_by.clone(),
            because: self.because.clone(),
        })
    }
}
