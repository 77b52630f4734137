//! The overall result is recorded, and the inspection is completed.

use super::appointment::visit;
use super::checklist::inspection_type;
use super::permit::relinked;
use super::{Appointment, CheckAnswer, InspectionType, Outcome, Overall, Status};
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::{Found, Need};
use crate::{Body, Record};
use policy::inspections::{Action, may};
use policy::{Code, Denial, RecordId};
use serde::{Deserialize, Serialize};

/// The longest summary, in characters.
pub const SUMMARY_MAX: usize = 4000;

/// Completes a visit with its result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RecordResult {
    pub appointment: RecordId,
    pub overall: Overall,
    #[serde(default)]
    pub summary: String,
}

impl Rule for RecordResult {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.appointment.clone()]
    }

    fn needs(&self, found: &Found) -> Vec<Need> {
        let mut needs = vec![Need::Record(self.appointment.clone())];
        if let Some(Body::Appointment(visit)) = found.record(&self.appointment).map(|record| &record.body) {
            needs.extend(visit.inspection_type.clone().map(Need::Record));
            needs.extend(visit.permit.clone().map(Need::Record));
        }
        needs
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let before = visit(found, &self.appointment)?;
        may(context.actor, Action::UpdateStatus, &before.facts())?;
        before.open_or_denied(context)?;
        if before.status != Status::InProgress {
            let denial = Denial::new(
                Code::WrongState,
                "C-INS-05",
                "Start the inspection before recording its result.",
            );
            return Err(denial
                .fact(format!("Its status is {}.", before.status.words()))
                .into());
        }
        if self.summary.chars().count() > SUMMARY_MAX {
            let length = self.summary.chars().count();
            return Err(Denial::invalid("summary", format!("{length} characters"), "at most 4000").into());
        }
        let kind = before
            .inspection_type
            .as_ref()
            .and_then(|id| inspection_type(found, id));
        if let Some(kind) = kind {
            self.agrees_with_checklist(&before, kind)?;
        }
        let mut after = before.clone();
        after.status = Status::Completed;
        after.completed_at = Some(context.claimed_at);
        after.request = None;
        after.result = Some(Outcome {
            overall: self.overall,
            summary: self.summary.clone(),
            by: context.actor.name().to_owned(),
            at: Some(context.claimed_at),
        });
        after.remember(context, "record_result", self.overall.words());
        let permit = relinked(found, Some(&before), &after)?;
        let mut puts = vec![Record::new(self.appointment.clone(), after)];
        puts.extend(permit);
        Ok(Effect {
            puts,
            asks_office: kind.is_none(),
        })
    }
}

impl RecordResult {
    /// Every required line is answered, and nothing failed where the result says passed.
    fn agrees_with_checklist(&self, visit: &Appointment, kind: &InspectionType) -> Result<(), Denial> {
        let answer = |key: &str| visit.findings.get(key).and_then(|finding| finding.answer);
        if let Some(item) = kind
            .checklist
            .iter()
            .find(|item| item.required && answer(&item.key).is_none())
        {
            let sentence = "Answer every required line of the checklist before recording the result.";
            let fact = format!("Not answered: {}", item.text);
            return Err(Denial::new(Code::WrongState, "C-INS-05", sentence).fact(fact));
        }
        let failed = kind
            .checklist
            .iter()
            .find(|item| answer(&item.key) == Some(CheckAnswer::Fail));
        if let (Overall::Passed, Some(item)) = (self.overall, failed) {
            let sentence = "A line of the checklist failed, so the result cannot be a plain pass.";
            return Err(
                Denial::new(Code::WrongState, "C-INS-05", sentence).fact(format!("Failed: {}", item.text))
            );
        }
        Ok(())
    }
}

impl Overall {
    /// The result in words.
    pub fn words(self) -> &'static str {
        match self {
            Overall::Passed => "passed",
            Overall::PassedWithConditions => "passed with conditions",
            Overall::Failed => "failed",
        }
    }
}
