//! A manager gives a visit to another inspector.

use super::Status;
use super::appointment::visit;
use super::permit::relinked;
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::{Found, Need};
use crate::{Body, Record};
use policy::inspections::{Action, may};
use policy::{Code, Denial, PersonId, RecordId};
use serde::{Deserialize, Serialize};

/// Reassigns a visit; this also answers an open request. `saw` is the inspector the author saw it with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reassign {
    pub appointment: RecordId,
    pub to: PersonId,
    #[serde(default)]
    pub saw: Option<PersonId>,
}

impl Rule for Reassign {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.appointment.clone()]
    }

    fn needs(&self, found: &Found) -> Vec<Need> {
        let mut needs = vec![Need::Record(self.appointment.clone()), Need::Record(self.to.clone().into())];
        if let Some(Body::Appointment(visit)) = found.record(&self.appointment).map(|record| &record.body) {
            needs.extend(visit.permit.clone().map(Need::Record));
        }
        needs
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let before = visit(found, &self.appointment)?;
        may(context.actor, Action::Reassign, &before.facts())?;
        before.open_or_denied(context)?;
        let to: RecordId = self.to.clone().into();
        let name = match found.record(&to).map(|record| &record.body) {
            Some(Body::Person(person)) if person.inspects(before.calendar.as_ref()) => person.name.clone(),
            _ => return Err(self.not_eligible(context, &before).into()),
        };
        if before.assignee != self.saw && before.assignee.as_ref() != Some(&self.to) {
            return Err(self.contest(&before));
        }
        let mut after = before.clone();
        after.assignee = Some(self.to.clone());
        after.assignee_name = name.clone();
        after.request = None;
        if after.status == Status::RequireReassignment {
            after.status = Status::Scheduled;
        }
        let from = if before.assignee_name.is_empty() { "nobody" } else { &before.assignee_name };
        after.remember(context, "reassign", format!("from {from} to {name}"));
        let permit = relinked(found, Some(&before), &after)?;
        let mut puts = vec![Record::new(self.appointment.clone(), after)];
        puts.extend(permit);
        Ok(Effect::puts(puts))
    }
}

impl Reassign {
    fn not_eligible(&self, context: Context<'_>, visit: &super::Appointment) -> Denial {
        let calendar = context.actor.places().calendar_title(&visit.facts().calendar);
        let sentence = format!("That person cannot be given this visit: only inspectors of {calendar} can.");
        Denial::new(Code::NotEligible, "C-MGR-20", sentence).who(context.actor.who_can_grant())
    }

    fn contest(&self, current: &super::Appointment) -> Refusal {
        let person = |id: &Option<PersonId>| id.as_ref().map_or(serde_json::Value::Null, |id| id.as_str().into());
        Refusal::Contested(crate::Contest {
            field: "assignee".to_owned(),
            mine: person(&Some(self.to.clone())),
            theirs: person(&current.assignee),
            theirs_by: current.history.last().map(|event| event.by.clone()),
        })
    }
}
