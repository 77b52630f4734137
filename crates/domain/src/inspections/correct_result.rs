//! A manager corrects the result of a completed visit. What it was before stays in the history.

use super::appointment::{put, visit};
use super::checklist::inspection_type;
use super::record_result::{answered_or_denied, passes_or_denied, summary_or_denied};
use super::{Answered, Appointment, Change, Event, Finding, Outcome, Overall, Status};
use crate::Body;
use crate::because::because;
use crate::command::{Contest, Context, Effect, Refusal, Rule};
use crate::found::{Found, Need};
use crate::merge::{Merge, field};
use policy::{Code, Denial, RecordId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A result as it was seen, or as it should be. Of the findings, the lines that are to be corrected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Correction {
    pub overall: Overall,
    pub summary: String,
    #[serde(default)]
    pub findings: BTreeMap<String, Finding>,
}

/// Corrects a result. `saw` is what the author had before them; what is the same in both is left as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct CorrectResult {
    pub appointment: RecordId,
    pub saw: Correction,
    pub correction: Correction,
    pub because: String,
}

impl Rule for CorrectResult {
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
        visit.override_or_denied(context)?;
        let Some(mut result) = visit.result.clone().filter(|_| !visit.is_open()) else {
            let sentence = "Only the result of a completed inspection can be corrected.";
            let denial = Denial::new(Code::WrongState, "C-MGR-07", sentence);
            return Err(denial
                .fact(format!("Its status is {}.", visit.status.words()))
                .into());
        };
        let because = because(&self.because)?;
        summary_or_denied(&self.correction.summary)?;
        let mut event = Event::new(context, "correct_result", because);
        self.correct_outcome(&visit, &mut result, &mut event.changes)?;
        let kind = visit
            .inspection_type
            .as_ref()
            .and_then(|id| inspection_type(found, id));
        for (key, finding) in &self.correction.findings {
            if kind.is_some_and(|kind| kind.item(key).is_none()) {
                return Err(Denial::invalid("item", key, "a line of this inspection's checklist").into());
            }
            finding.acceptable()?;
            self.correct_finding(context, &mut visit, (key, finding), &mut event.changes)?;
        }
        if event.changes.is_empty() {
            return Ok(put(&self.appointment, visit));
        }
        if let Some(kind) = kind {
            // An imported visit may never have had its answers: only what is corrected must be whole.
            if !self.correction.findings.is_empty() {
                answered_or_denied(&visit, kind)?;
            }
            passes_or_denied(result.overall, &visit, kind)?;
        }
        // What is inspected again had failed; what did not fail is completed.
        if result.overall != Overall::Failed {
            visit.status = Status::Completed;
        }
        result.by = context.actor.name().to_owned();
        result.at = Some(context.claimed_at);
        visit.result = Some(result);
        visit.history.push(event);
        Ok(Effect {
            asks_office: kind.is_none(),
            ..put(&self.appointment, visit)
        })
    }
}

impl CorrectResult {
    /// The same correction by somebody who has seen the other value of the field it was contested in.
    pub(crate) fn over(mut self, contest: &Contest) -> CorrectResult {
        let theirs = contest.theirs.clone();
        match contest.field.as_str() {
            "overall" => self.saw.overall = serde_json::from_value(theirs).unwrap_or(self.saw.overall),
            "summary" => self.saw.summary = serde_json::from_value(theirs).unwrap_or_default(),
            name => {
                let key = name.strip_prefix("findings.").unwrap_or(name).to_owned();
                let finding = serde_json::from_value(theirs).unwrap_or_default();
                self.saw.findings.insert(key, finding);
            }
        }
        self
    }

    fn correct_outcome(
        &self,
        visit: &Appointment,
        result: &mut Outcome,
        changes: &mut Vec<Change>,
    ) -> Result<(), Refusal> {
        let (saw, wanted) = (&self.saw, &self.correction);
        if is_set(("overall", visit), &result.overall, &saw.overall, &wanted.overall)? {
            let (from, to) = (result.overall.words(), wanted.overall.words());
            changes.push(change("overall", from, to));
            result.overall = wanted.overall;
        }
        if is_set(("summary", visit), &result.summary, &saw.summary, &wanted.summary)? {
            changes.push(change("summary", &result.summary, &wanted.summary));
            result.summary.clone_from(&wanted.summary);
        }
        Ok(())
    }

    fn correct_finding(
        &self,
        context: Context<'_>,
        visit: &mut Appointment,
        (key, wanted): (&String, &Finding),
        changes: &mut Vec<Change>,
    ) -> Result<(), Refusal> {
        let name = format!("findings.{key}");
        let current = visit.findings.get(key).cloned().unwrap_or_default();
        let saw = self.saw.findings.get(key).cloned().unwrap_or_default();
        if !is_set((&name, visit), &current, &saw, wanted)? {
            return Ok(());
        }
        changes.push(change(&name, &current.words(), &wanted.words()));
        let answered = Answered {
            by: context.actor.name().to_owned(),
            at: context.at,
        };
        visit.answered.insert(key.clone(), answered);
        if *wanted == Finding::default() {
            visit.findings.remove(key);
        } else {
            visit.findings.insert(key.clone(), wanted.clone());
        }
        Ok(())
    }
}

fn change(field: &str, from: &str, to: &str) -> Change {
    Change {
        field: field.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
    }
}

/// Whether a value is to be written: not where the author left it alone, nor where it is there already.
fn is_set<T: PartialEq + serde::Serialize>(
    (name, visit): (&str, &Appointment),
    current: &T,
    saw: &T,
    wanted: &T,
) -> Result<bool, Refusal> {
    if saw == wanted {
        return Ok(false);
    }
    match field(current, saw, wanted) {
        Merge::Set => Ok(true),
        Merge::Same => Ok(false),
        Merge::Contested => {
            let value = |value: &T| serde_json::to_value(value).unwrap_or(Value::Null);
            let corrections = visit.history.iter().rev();
            let last = corrections
                .into_iter()
                .find(|event| event.changes.iter().any(|change| change.field == name));
            Err(Refusal::Contested(Contest {
                field: name.to_owned(),
                mine: value(wanted),
                theirs: value(current),
                theirs_by: last.map(|event| event.by.clone()),
                theirs_at: last.map(|event| event.at),
            }))
        }
    }
}
