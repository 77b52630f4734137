//! A visit is given another time.

use super::appointment::{put, visit};
use super::calendar::calendar_of;
use super::eligible::{assigns, available};
use super::slot::{Slot, Wanted, end_of, slot_needs};
use super::{Appointment, Status};
use crate::because::because;
use crate::command::{Contest, Context, Effect, Refusal, Rule};
use crate::found::{Found, Need};
use crate::merge::{Merge, field};
use crate::{Body, time};
use chrono::NaiveDate;
use policy::inspections::{Action, may};
use policy::{Denial, RecordId};
use serde::{Deserialize, Serialize};

/// Reschedules a visit; it lasts as long as before. `saw` is the time the author saw it at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Reschedule {
    pub appointment: RecordId,
    pub day: NaiveDate,
    pub from_minute: u16,
    #[serde(default)]
    pub saw: Slot,
    /// Why; a manager says so where it is too late for the applicant.
    #[serde(default)]
    pub because: String,
    /// The manager has seen that the inspector has another visit at that time, and means it (C-MGR-07).
    #[serde(default)]
    pub overlap_accepted: bool,
}

impl Rule for Reschedule {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.appointment.clone()]
    }

    fn needs(&self, found: &Found) -> Vec<Need> {
        let mut needs = vec![Need::Record(self.appointment.clone())];
        if let Some(Body::Appointment(visit)) = found.record(&self.appointment).map(|record| &record.body) {
            needs.extend(slot_needs(
                visit.calendar.as_ref(),
                self.day,
                visit.assignee.as_ref(),
            ));
            needs.extend(visit.calendar.clone().map(|id| Need::Record(id.into())));
            needs.extend(visit.assignee.clone().map(|person| Need::Record(person.into())));
        }
        needs
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let mut visit = visit(found, &self.appointment)?;
        may(context.actor, Action::Reschedule, &visit.facts())?;
        visit.open_or_denied(context)?;
        visit.not_begun_or_denied(context)?;
        let hours = calendar_of(found, &visit).map(|calendar| calendar.reschedule_hours);
        let because = self.because_or_denied(context, &visit, hours)?;
        let current = visit.slot();
        let merge = field(&current, &self.saw, &self.wanted());
        if merge == Merge::Contested {
            return Err(self.contest(context, &visit));
        }
        if merge == Merge::Same && visit.status != Status::RequireReschedule {
            return Ok(put(&self.appointment, visit));
        }
        let asks_office = self.move_visit(context, found, &mut visit)?;
        visit.remember(context, "reschedule", moved(&current, &self.wanted(), &because));
        Ok(Effect {
            asks_office: asks_office || hours.is_none(),
            ..put(&self.appointment, visit)
        })
    }
}

impl Reschedule {
    fn wanted(&self) -> Slot {
        Slot {
            day: Some(self.day),
            from_minute: Some(self.from_minute),
        }
    }

    /// C-CIT-03, C-CIT-08: the applicant in time; a manager later too, with a reason.
    fn because_or_denied(
        &self,
        context: Context<'_>,
        visit: &Appointment,
        hours: Option<u16>,
    ) -> Result<String, Denial> {
        let late = hours.and_then(|hours| visit.late(context, hours, ("C-CIT-08", "rescheduled")));
        match late {
            Some(denial) if visit.override_or_denied(context).is_err() => Err(denial),
            None if self.because.trim().is_empty() => Ok(String::new()),
            _ => because(&self.because),
        }
    }

    /// The visit at its new time, where nothing stands against it; true where only the office can tell.
    fn move_visit(
        &self,
        context: Context<'_>,
        found: &Found,
        visit: &mut Appointment,
    ) -> Result<bool, Denial> {
        let facts = visit.facts();
        let lasts = match (visit.from_minute, visit.to_minute) {
            (Some(from), Some(to)) => Some(to.saturating_sub(from)),
            _ => None,
        };
        let to_minute = end_of(context, (self.day, self.from_minute), lasts.unwrap_or(0))?;
        let manages = visit.override_or_denied(context).is_ok();
        let wanted = Wanted {
            visit: &self.appointment,
            facts: &facts,
            day: self.day,
            minutes: lasts.map(|_| (self.from_minute, to_minute)),
            person: visit.assignee.as_ref(),
            overlap_accepted: manages.then_some(self.overlap_accepted),
        };
        if let Some(person) = &visit.assignee {
            available(context, found, person, (&facts, Some(self.day)))?;
        }
        let asks_office = wanted.free_or_denied(context, found)?;
        // An applicant's copy knows the inspector's name alone, and not every manager's has the profile.
        let hidden = match &visit.assignee {
            Some(person) => found.not_held(&person.clone().into()),
            None => !visit.assignee_name.is_empty(),
        };
        visit.day = Some(self.day);
        visit.from_minute = Some(self.from_minute);
        visit.to_minute = lasts.map(|_| to_minute);
        visit.called_off = None;
        if let Some(request) = &mut visit.request {
            request.was = Status::Scheduled;
        }
        // What was confirmed was the time before.
        if visit.status != Status::RequireReassignment {
            visit.status = Status::Scheduled;
        }
        Ok(asks_office || hidden)
    }

    fn contest(&self, context: Context<'_>, visit: &Appointment) -> Refusal {
        let value = |slot: &Slot| serde_json::to_value(slot).unwrap_or_default();
        let last = visit
            .history
            .iter()
            .rev()
            .find(|event| event.what == "reschedule" && assigns(context, &visit.facts()));
        Refusal::Contested(Contest {
            field: "slot".to_owned(),
            mine: value(&self.wanted()),
            theirs: value(&visit.slot()),
            theirs_by: last.map(|event| event.by.clone()),
            theirs_at: last.map(|event| event.at),
        })
    }
}

fn moved(from: &Slot, to: &Slot, because: &str) -> String {
    let moved = format!("from {} to {}", from.words(), to.words());
    if because.is_empty() {
        moved
    } else {
        format!("{moved}: {because}")
    }
}

impl Slot {
    fn words(&self) -> String {
        match (self.day, self.from_minute) {
            (Some(day), Some(from)) => format!("{day} {}", time::clock(from)),
            (Some(day), None) => day.to_string(),
            (None, _) => "no day".to_owned(),
        }
    }
}

impl Appointment {
    pub(super) fn slot(&self) -> Slot {
        Slot {
            day: self.day,
            from_minute: self.from_minute,
        }
    }
}
