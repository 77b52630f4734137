//! The overall result is recorded, and the inspection is completed.

use super::appointment::visit;
use super::checklist::inspection_type;
use super::permit::relinked;
use super::{Appointment, CheckAnswer, ChecklistItem, InspectionType, Outcome, Overall, Status};
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::{Found, Need};
use crate::{Body, Record};
use policy::{Code, Denial, RecordId};
use serde::{Deserialize, Serialize};

/// The longest summary, in characters.
pub const SUMMARY_MAX: usize = 4000;

/// Completes a visit with its result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
        before.updatable_or_denied(context)?;
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
        summary_or_denied(&self.summary)?;
        let kind = before
            .inspection_type
            .as_ref()
            .and_then(|id| inspection_type(found, id));
        if let Some(kind) = kind {
            answered_or_denied(&before, kind)?;
            passes_or_denied(self.overall, &before, kind)?;
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

pub(super) fn summary_or_denied(summary: &str) -> Result<(), Denial> {
    match summary.chars().count() {
        0..=SUMMARY_MAX => Ok(()),
        length => Err(Denial::invalid(
            "summary",
            format!("{length} characters"),
            "at most 4000",
        )),
    }
}

/// Every required line is answered. In a re-inspection the lines that failed before are the required ones.
pub(super) fn answered_or_denied(visit: &Appointment, kind: &InspectionType) -> Result<(), Denial> {
    let required = |item: &ChecklistItem| match visit.found_before.is_empty() {
        true => item.required,
        false => visit.found_before.contains_key(&item.key),
    };
    match kind
        .checklist
        .iter()
        .find(|item| required(item) && answer(visit, item).is_none())
    {
        Some(item) => {
            let sentence = "Answer every required line of the checklist before recording the result.";
            let fact = format!("Not answered: {}", item.text);
            Err(Denial::new(Code::WrongState, "C-INS-05", sentence).fact(fact))
        }
        None => Ok(()),
    }
}

/// Nothing failed where the result says passed.
pub(super) fn passes_or_denied(
    overall: Overall,
    visit: &Appointment,
    kind: &InspectionType,
) -> Result<(), Denial> {
    let failed = kind
        .checklist
        .iter()
        .find(|item| answer(visit, item) == Some(CheckAnswer::Fail));
    match (overall, failed) {
        (Overall::Passed, Some(item)) => {
            let sentence = "A line of the checklist failed, so the result cannot be a plain pass.";
            let fact = format!("Failed: {}", item.text);
            Err(Denial::new(Code::WrongState, "C-INS-05", sentence).fact(fact))
        }
        _ => Ok(()),
    }
}

fn answer(visit: &Appointment, item: &ChecklistItem) -> Option<CheckAnswer> {
    visit.findings.get(&item.key).and_then(|finding| finding.answer)
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
