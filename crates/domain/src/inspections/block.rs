//! A time in which nothing is booked: a dated exception that a manager makes (C-MGR-08, AMB-10).

use super::Event;
use super::slot::calendar_day;
use crate::record::is_empty;
use crate::time;
use chrono::NaiveDate;
use policy::inspections::BlockFacts;
use policy::{CalendarId, PersonId};
use serde::{Deserialize, Serialize};

/// A block covers at most this many days, so that it keeps few keys.
pub const BLOCK_DAYS_MAX: u64 = 62;

/// A blocked time of a calendar, or of one inspector in it. On a device, the fields its masks hide are empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(optional_fields))]
pub struct Block {
    pub calendar: CalendarId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    #[serde(default, skip_serializing_if = "is_empty")]
    #[cfg_attr(feature = "bindings", ts(as = "Option<String>", optional))]
    pub person_name: String,
    pub from_day: NaiveDate,
    /// The last day, which is blocked too.
    pub until_day: NaiveDate,
    /// Minutes of each of the days; absent where whole days are blocked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_minute: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_minute: Option<u16>,
    /// Taken back: it blocks nothing any more.
    #[serde(default)]
    pub lifted: bool,
    #[serde(default, skip_serializing_if = "is_empty")]
    #[cfg_attr(feature = "bindings", ts(as = "Option<String>", optional))]
    pub because: String,
    #[serde(default, skip_serializing_if = "is_empty")]
    #[cfg_attr(feature = "bindings", ts(as = "Option<Vec<Event>>", optional))]
    pub history: Vec<Event>,
}

impl Block {
    pub(crate) fn facts(&self) -> BlockFacts {
        BlockFacts {
            calendar: self.calendar.clone(),
            person: self.person.clone(),
        }
    }

    /// What is lifted has no days any more, so nobody who looks for a day's blocks finds it.
    pub(crate) fn index_keys(&self) -> Vec<(&'static str, String)> {
        let mut keys = vec![("calendar", format!("{}|", self.calendar))];
        let days = self.from_day.iter_days().take_while(|day| *day <= self.until_day);
        if !self.lifted {
            keys.extend(days.map(|day| ("calendar_day", calendar_day(&self.calendar, day))));
        }
        keys
    }

    /// Whether a visit at these minutes of one of its days, by this person, may not be made. A visit of which only the
    /// day is known is kept out by whole days alone.
    pub(super) fn stands_against(&self, person: Option<&PersonId>, minutes: Option<(u16, u16)>) -> bool {
        let concerns = self.person.is_none() || self.person.as_ref() == person;
        let meets = match (self.from_minute, self.to_minute, minutes) {
            (Some(begins), Some(ends), Some((from, to))) => begins < to && from < ends,
            (Some(_), Some(_), None) => false,
            _ => true,
        };
        concerns && meets
    }

    /// When, in words: `from 2026-11-24 to 2026-11-26, 09:00 to 12:00`.
    pub fn words(&self) -> String {
        let days = if self.from_day == self.until_day {
            format!("on {}", self.from_day)
        } else {
            format!("from {} to {}", self.from_day, self.until_day)
        };
        match (self.from_minute, self.to_minute) {
            (Some(from), Some(to)) => format!("{days}, {} to {}", time::clock(from), time::clock(to)),
            _ => days,
        }
    }
}
