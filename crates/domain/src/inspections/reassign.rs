//! A manager gives a visit to another inspector.

use super::Status;
use super::appointment::visit;
use super::eligible::eligible;
use super::permit::relinked;
use super::slot::{Wanted, slot_needs};
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::{Found, Need};
use crate::{Body, Record};
use policy::inspections::{Action, may};
use policy::{Denial, PersonId, RecordId};
use serde::{Deserialize, Serialize};

/// Reassigns a visit; this also answers an open request. `saw` is the inspector the author saw it with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
            let slot = visit
                .day
                .map(|day| slot_needs(visit.calendar.as_ref(), day, Some(&self.to)));
            needs.extend(slot.unwrap_or_default());
        }
        needs
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let before = visit(found, &self.appointment)?;
        may(context.actor, Action::Reassign, &before.facts())?;
        before.open_or_denied(context)?;
        let name = eligible(context, found, &self.to, (&before.facts(), before.day))?;
        if before.assignee != self.saw && before.assignee.as_ref() != Some(&self.to) {
            return Err(self.contest(&before));
        }
        let asks_office = self.free_or_denied(context, found, &before)?;
        let mut after = before.clone();
        after.assignee = Some(self.to.clone());
        after.assignee_name = name.clone();
        after.request = None;
        if after.status == Status::RequireReassignment {
            after.status = match before.request.as_ref().map(|request| request.was) {
                Some(Status::RequireReschedule) => Status::RequireReschedule,
                _ => Status::Scheduled,
            };
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
    /// Refuses a time the inspector does not have, unless the manager means it; true where only the office can tell.
    fn free_or_denied(
        &self,
        context: Context<'_>,
        found: &Found,
        visit: &super::Appointment,
    ) -> Result<bool, Denial> {
        let Some(day) = visit.day else {
            return Ok(false);
        };
        let wanted = Wanted {
            visit: &self.appointment,
            facts: &visit.facts(),
            day,
            minutes: visit.from_minute.zip(visit.to_minute),
            person: Some(&self.to),
            overlap_accepted: Some(self.overlap_accepted),
        };
        wanted.free_or_denied(context, found)
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
