//! A manager gives a visit to another inspector.

use super::Status;
use super::appointment::visit;
use super::permit::relinked;
use crate::command::{Context, Effect, Refusal, Rule, not_held_here};
use crate::found::{Found, Need};
use crate::{Body, Record, time};
use chrono::NaiveDate;
use policy::inspections::{Action, may};
use policy::{CalendarId, Code, Denial, Kind, PersonId, RecordId};
use serde::{Deserialize, Serialize};

/// Reassigns a visit; this also answers an open request. `saw` is the inspector the author saw it with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Reassign {
    pub appointment: RecordId,
    pub to: PersonId,
    #[serde(default)]
    pub saw: Option<PersonId>,
    /// The manager has seen that the inspector has another visit at that time, and means it (C-MGR-07).
    #[serde(default)]
    pub overlap_accepted: bool,
}

impl Rule for Reassign {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.appointment.clone()]
    }

    fn needs(&self, found: &Found) -> Vec<Need> {
        let mut needs = vec![
            Need::Record(self.appointment.clone()),
            Need::Record(self.to.clone().into()),
        ];
        if let Some(Body::Appointment(visit)) = found.record(&self.appointment).map(|record| &record.body) {
            needs.extend(visit.permit.clone().map(Need::Record));
            needs.extend(visit.day.map(|day| day_of(&self.to, day)));
        }
        needs
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let before = visit(found, &self.appointment)?;
        may(context.actor, Action::Reassign, &before.facts())?;
        before.open_or_denied(context)?;
        let name = eligible(context, found, &self.to, before.calendar.as_ref())?;
        if before.assignee != self.saw && before.assignee.as_ref() != Some(&self.to) {
            return Err(self.contest(&before));
        }
        let asks_office = self.overlap(found, &before)?;
        let mut after = before.clone();
        after.assignee = Some(self.to.clone());
        after.assignee_name = name.clone();
        after.request = None;
        if after.status == Status::RequireReassignment {
            after.status = Status::Scheduled;
        }
        let from = if before.assignee_name.is_empty() {
            "nobody"
        } else {
            &before.assignee_name
        };
        after.remember(context, "reassign", format!("from {from} to {name}"));
        let permit = relinked(found, Some(&before), &after)?;
        let mut puts = vec![Record::new(self.appointment.clone(), after)];
        puts.extend(permit);
        Ok(Effect { puts, asks_office })
    }
}

impl Reassign {
    /// Refuses a time the inspector already has, unless the manager means it; true where only the office can tell.
    fn overlap(&self, found: &Found, visit: &super::Appointment) -> Result<bool, Denial> {
        match (visit.day, visit.from_minute, visit.to_minute) {
            (Some(day), Some(from), Some(to)) if !self.overlap_accepted => {
                clash(found, &self.to, (day, from, to), &self.appointment)
            }
            _ => Ok(false),
        }
    }

    fn contest(&self, current: &super::Appointment) -> Refusal {
        let person = |id: &Option<PersonId>| {
            id.as_ref()
                .map_or(serde_json::Value::Null, |id| id.as_str().into())
        };
        let last = current
            .history
            .iter()
            .rev()
            .find(|event| event.what == "reassign");
        Refusal::Contested(crate::Contest {
            field: "assignee".to_owned(),
            mine: person(&Some(self.to.clone())),
            theirs: person(&current.assignee),
            theirs_by: last.map(|event| event.by.clone()),
            theirs_at: last.map(|event| event.at),
        })
    }
}

/// The name of a person who may be given visits of a calendar. Nobody, and somebody who does not inspect there, get the
/// same answer.
pub(super) fn eligible(
    context: Context<'_>,
    found: &Found,
    person: &PersonId,
    calendar: Option<&CalendarId>,
) -> Result<String, Denial> {
    let id = person.clone().into();
    if found.not_held(&id) {
        return Err(not_held_here());
    }
    match found.record(&id).map(|record| &record.body) {
        Some(Body::Person(profile)) if profile.inspects(calendar) => Ok(profile.name.clone()),
        _ => {
            let title = calendar
                .map(|calendar| context.actor.places().calendar_title(calendar))
                .unwrap_or_default();
            let sentence = format!("That person cannot be given this visit: only inspectors of {title} can.");
            let denial = Denial::new(Code::NotEligible, "C-MGR-20", sentence);
            Err(denial.who(context.actor.who_can_grant()))
        }
    }
}

/// What must be looked up to know a person's day.
pub(super) fn day_of(person: &PersonId, day: NaiveDate) -> Need {
    Need::Index {
        kind: Kind::Appointment,
        index: "assignee_day",
        prefix: format!("{person}|{day}|"),
    }
}

/// Refuses a time a person already has another open visit at; true where only the office can tell.
pub(super) fn clash(
    found: &Found,
    person: &PersonId,
    (day, from, to): (NaiveDate, u16, u16),
    except: &RecordId,
) -> Result<bool, Denial> {
    let range = found.range(Kind::Appointment, "assignee_day", &format!("{person}|{day}|"));
    for record in range.records.iter().filter(|record| record.id != *except) {
        let Body::Appointment(other) = &record.body else {
            continue;
        };
        let (Some(begins), Some(ends)) = (other.from_minute, other.to_minute) else {
            continue;
        };
        if other.is_open() && begins < to && from < ends {
            let sentence = "The inspector already has a visit at that time.";
            let fact = format!("Taken from {} to {}.", time::clock(begins), time::clock(ends));
            return Err(Denial::new(Code::SlotTaken, "C-MGR-20", sentence)
                .fact(fact)
                .who("a manager, by accepting it"));
        }
    }
    Ok(!range.complete)
}
