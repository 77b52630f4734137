//! The rules of a calendar are changed: until when inspectors may ask, and applicants may change their mind, and whether
//! photos keep where they were taken.

use super::Calendar;
use crate::command::{Contest, Context, Effect, Refusal, Rule};
use crate::found::Found;
use crate::merge::{Merge, field};
use crate::record::is_empty;
use crate::{Body, Record};
use policy::inspections::{Action, AppointmentFacts, may};
use policy::{CalendarId, Denial, RecordId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The last minute of a day.
const MINUTE_MAX: u16 = 24 * 60 - 1;
/// Applicants may be held to what they booked this many hours before, and no longer.
pub const HOURS_MAX: u16 = 14 * 24;

/// What a calendar leaves to inspectors and applicants, and until when, and what it keeps of photos. None of it gives a
/// role more than it has (C-CAL-06): at their widest, applicants may change a visit until it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct CalendarRules {
    pub cutoff_minute: u16,
    pub reschedule_hours: u16,
    pub cancel_hours: u16,
    /// Whether photos keep where they were taken.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub photo_location: bool,
}

/// Changes a calendar's rules. `saw` is what the author had before them; what is the same in both is left as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ChangeCalendarRules {
    pub calendar: CalendarId,
    pub saw: CalendarRules,
    pub rules: CalendarRules,
}

impl Rule for ChangeCalendarRules {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.calendar.clone().into()]
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let id: RecordId = self.calendar.clone().into();
        let Some(Body::Calendar(calendar)) = found.record(&id).map(|record| &record.body) else {
            return Err(Denial::not_found().into());
        };
        let facts = AppointmentFacts::of_calendar(self.calendar.clone());
        may(context.actor, Action::EditCalendar, &facts)?;
        self.rules.acceptable()?;
        let mut calendar = calendar.clone();
        let mut current = calendar.rules();
        for name in CalendarRules::NAMES {
            let (saw, wanted) = (self.saw.value(name), self.rules.value(name));
            if saw == wanted {
                continue;
            }
            if field(&current.value(name), &saw, &wanted) == Merge::Contested {
                return Err(Refusal::Contested(Contest {
                    field: name.to_owned(),
                    mine: wanted,
                    theirs: current.value(name),
                    theirs_by: None,
                    theirs_at: None,
                }));
            }
            current.set(name, &wanted);
        }
        calendar.set_rules(current);
        Ok(Effect::puts(vec![Record::new(id, calendar)]))
    }
}

impl ChangeCalendarRules {
    /// The same change by somebody who has seen the other value of the field it was contested in.
    pub(crate) fn over(mut self, contest: &Contest) -> ChangeCalendarRules {
        self.saw.set(&contest.field, &contest.theirs);
        self
    }
}

impl CalendarRules {
    const NAMES: [&str; 4] = [
        "cutoff_minute",
        "reschedule_hours",
        "cancel_hours",
        "photo_location",
    ];

    fn acceptable(self) -> Result<(), Denial> {
        if self.cutoff_minute > MINUTE_MAX {
            let accepted = "a minute of the day, 0 to 1439";
            return Err(Denial::invalid("cutoff_minute", self.cutoff_minute, accepted));
        }
        for (name, hours) in [
            ("reschedule_hours", self.reschedule_hours),
            ("cancel_hours", self.cancel_hours),
        ] {
            if hours > HOURS_MAX {
                return Err(Denial::invalid(name, hours, "0 to 336 hours"));
            }
        }
        Ok(())
    }

    fn value(self, name: &str) -> Value {
        match name {
            "cutoff_minute" => self.cutoff_minute.into(),
            "reschedule_hours" => self.reschedule_hours.into(),
            "cancel_hours" => self.cancel_hours.into(),
            _ => self.photo_location.into(),
        }
    }

    /// Sets a rule; what is no value for it leaves it as it is.
    fn set(&mut self, name: &str, value: &Value) {
        let number = || value.as_u64().and_then(|number| u16::try_from(number).ok());
        match name {
            "cutoff_minute" => self.cutoff_minute = number().unwrap_or(self.cutoff_minute),
            "reschedule_hours" => self.reschedule_hours = number().unwrap_or(self.reschedule_hours),
            "cancel_hours" => self.cancel_hours = number().unwrap_or(self.cancel_hours),
            "photo_location" => self.photo_location = value.as_bool().unwrap_or(self.photo_location),
            _ => {}
        }
    }
}

impl Calendar {
    /// The rules as they stand.
    pub fn rules(&self) -> CalendarRules {
        CalendarRules {
            cutoff_minute: self.cutoff_minute,
            reschedule_hours: self.reschedule_hours,
            cancel_hours: self.cancel_hours,
            photo_location: self.photo_location,
        }
    }

    fn set_rules(&mut self, rules: CalendarRules) {
        self.cutoff_minute = rules.cutoff_minute;
        self.reschedule_hours = rules.reschedule_hours;
        self.cancel_hours = rules.cancel_hours;
        self.photo_location = rules.photo_location;
    }
}
