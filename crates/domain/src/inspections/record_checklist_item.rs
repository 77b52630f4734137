//! One line of the checklist is answered: pass, fail or not applicable, a measurement, an observation.

use super::appointment::{put, visit};
use super::checklist::inspection_type;
use super::{Answered, Appointment, Finding, Status};
use crate::Body;
use crate::command::{Contest, Context, Effect, Refusal, Rule};
use crate::found::{Found, Need};
use crate::merge::{Merge, field};
use policy::{Code, Denial, RecordId};
use serde::{Deserialize, Serialize};

/// Writes what was found for one line. `saw` is what the author had before them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RecordChecklistItem {
    pub appointment: RecordId,
    pub item: String,
    #[serde(default)]
    pub saw: Finding,
    pub finding: Finding,
}

impl Rule for RecordChecklistItem {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.appointment.clone()]
    }

    fn needs(&self, found: &Found) -> Vec<Need> {
        let mut needs = vec![Need::Record(self.appointment.clone())];
        if let Some(Body::Appointment(visit)) = found.record(&self.appointment).map(|record| &record.body) {
            needs.extend(visit.inspection_type.clone().map(Need::Record));
        }
        needs
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let mut visit = visit(found, &self.appointment)?;
        visit.updatable_or_denied(context)?;
        if visit.status != Status::InProgress {
            let denial = Denial::new(
                Code::WrongState,
                "C-INS-05",
                "Start the inspection before its checklist.",
            );
            return Err(denial
                .fact(format!("Its status is {}.", visit.status.words()))
                .into());
        }
        let kind = visit
            .inspection_type
            .as_ref()
            .and_then(|id| inspection_type(found, id));
        if kind.is_some_and(|kind| kind.item(&self.item).is_none()) {
            return Err(Denial::invalid("item", &self.item, "a line of this inspection's checklist").into());
        }
        self.finding.acceptable()?;
        let current = visit.findings.get(&self.item).cloned().unwrap_or_default();
        match field(&current, &self.saw, &self.finding) {
            Merge::Same => return Ok(put(&self.appointment, visit)),
            Merge::Contested => return Err(self.contest(&visit, &current)),
            Merge::Set => {}
        }
        let answered = Answered {
            by: context.actor.name().to_owned(),
            at: context.at,
        };
        visit.answered.insert(self.item.clone(), answered);
        if self.finding == Finding::default() {
            visit.findings.remove(&self.item);
        } else {
            visit.findings.insert(self.item.clone(), self.finding.clone());
        }
        Ok(Effect {
            asks_office: kind.is_none(),
            ..put(&self.appointment, visit)
        })
    }
}

impl RecordChecklistItem {
    fn contest(&self, visit: &Appointment, theirs: &Finding) -> Refusal {
        let answered = visit.answered.get(&self.item);
        let value = |finding: &Finding| serde_json::to_value(finding).unwrap_or_default();
        Refusal::Contested(Contest {
            field: format!("findings.{}", self.item),
            mine: value(&self.finding),
            theirs: value(theirs),
            theirs_by: answered.map(|answered| answered.by.clone()),
            theirs_at: answered.map(|answered| answered.at),
        })
    }
}
