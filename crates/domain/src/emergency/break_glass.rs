//! Somebody opens a calendar for themselves, without anybody's leave, because something has happened.

use crate::because::because;
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::{Found, Need};
use crate::people::{Emergency, GrantBody};
use crate::{Body, Record};
use policy::inspections::{
    Action, AppointmentFacts, BECAUSE_MIN, EMERGENCY_HOURS, EMERGENCY_ROLE, UNREVIEWED_MAX, emergency_role,
    may,
};
use policy::{CalendarId, Code, Denial, GrantId, Kind, Millis, RecordId, Scope};
use serde::{Deserialize, Serialize};

const HOUR: Millis = 3_600_000;

/// Opens a calendar in an emergency. `grant` is a fresh random id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct BreakGlass {
    pub grant: GrantId,
    pub calendar: CalendarId,
    pub because: String,
}

/// The accesses that were taken in emergencies. They are few, and each was reviewed.
fn of_emergencies() -> (Kind, &'static str, String) {
    (Kind::Grant, "role", format!("{EMERGENCY_ROLE}|"))
}

impl Rule for BreakGlass {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.calendar.clone().into()]
    }

    fn needs(&self, _: &Found) -> Vec<Need> {
        let (kind, index, prefix) = of_emergencies();
        vec![
            Need::Record(self.calendar.clone().into()),
            Need::Record(self.grant.clone().into()),
            Need::Index { kind, index, prefix },
        ]
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let calendar: RecordId = self.calendar.clone().into();
        let Some(Body::Calendar(calendar)) = found.record(&calendar).map(|record| &record.body) else {
            return Err(Denial::not_found().into());
        };
        let of_calendar = AppointmentFacts::of_calendar(self.calendar.clone());
        may(context.actor, Action::BreakGlass, &of_calendar)?;
        if found.record(&self.grant.clone().into()).is_some() {
            let sentence = "There is already a record with this grant's id.";
            return Err(Denial::new(Code::AlreadyExists, "X-09", sentence).into());
        }
        let because = self.because_or_denied()?;
        let (kind, index, prefix) = of_emergencies();
        let emergencies = found.range(kind, index, &prefix);
        let own: Vec<&GrantBody> = emergencies
            .records
            .iter()
            .filter_map(|record| match &record.body {
                Body::Grant(grant) if grant.person == *context.person() => Some(grant),
                _ => None,
            })
            .collect();
        one_at_a_time_or_denied(context, &own)?;
        reviewed_or_denied(context, &own)?;
        let emergency = Emergency {
            calendar: self.calendar.clone(),
            calendar_name: calendar.name.clone(),
            review: None,
        };
        let body = GrantBody {
            person: context.person().clone(),
            role: emergency_role(),
            scope: Scope::Calendar(self.calendar.clone()),
            from: Some(context.at),
            until: Some(context.at + Millis::from(EMERGENCY_HOURS) * HOUR),
            granted_by: context.actor.name().to_owned(),
            because,
            withdrawn: None,
            emergency: Some(emergency),
        };
        Ok(Effect {
            puts: vec![Record::new(self.grant.clone(), body)],
            // From when it counts the office says; until then nothing of the calendar is here.
            asks_office: !emergencies.complete,
        })
    }
}

impl BreakGlass {
    fn because_or_denied(&self) -> Result<String, Denial> {
        let because = because(&self.because)?;
        match because.chars().count() {
            BECAUSE_MIN.. => Ok(because),
            _ => {
                let accepted = format!("what has happened, in at least {BECAUSE_MIN} characters");
                Err(Denial::invalid("because", because, &accepted))
            }
        }
    }
}

fn one_at_a_time_or_denied(context: Context<'_>, own: &[&GrantBody]) -> Result<(), Denial> {
    let Some(open) = own.iter().find(|grant| grant.is_in_force(context.at)) else {
        return Ok(());
    };
    let opened = context.actor.places().title(&open.scope);
    let until = open.until.map(|until| context.said(until)).unwrap_or_default();
    let sentence = "You have opened a calendar in an emergency already; one is open at a time.";
    let denial =
        Denial::new(Code::WrongState, "C-DEPT-08", sentence).fact(format!("{opened}, until {until}."));
    Err(denial.who("yourself: end the other access first"))
}

fn reviewed_or_denied(context: Context<'_>, own: &[&GrantBody]) -> Result<(), Denial> {
    let waiting: Vec<&str> = own
        .iter()
        .filter_map(|grant| grant.emergency.as_ref())
        .filter(|emergency| emergency.review.is_none())
        .map(|emergency| emergency.calendar_name.as_str())
        .collect();
    if waiting.len() < UNREVIEWED_MAX {
        return Ok(());
    }
    let sentence = format!(
        "{UNREVIEWED_MAX} of your emergency accesses wait for a review; no other is opened before that."
    );
    let denial = Denial::new(Code::WrongState, "C-BP-06", sentence)
        .fact(format!("They are of {}.", waiting.join(", ")));
    Err(denial.who(format!(
        "a manager of {}, or {}",
        waiting[0],
        context.actor.who_can_grant()
    )))
}
