//! What past visits found.

use serde::{Deserialize, Serialize};

use crate::catalogue::{Check, TypeEntry};
use crate::chance::Chance;

/// The result of a completed visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Whether it passed: no required line failed.
    pub passed: bool,
    /// When the inspector completed it, in minutes of the day.
    pub completed_minute: u32,
    /// One answer per line of the checklist that was gone through.
    pub answers: Vec<Answer>,
    /// What the inspector wrote for the applicant.
    pub summary: String,
}

/// The answer to one line of a checklist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The line's key.
    pub key: String,
    /// What was found.
    pub verdict: Verdict,
    /// The reading, in the line's unit.
    pub value: Option<f64>,
    /// What was wrong.
    pub note: Option<String>,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// As it should be.
    Pass,
    /// Not as it should be.
    Fail,
    /// Does not apply here.
    NotApplicable,
}

/// Draws the result of a visit that ends at `to_minute`; about one in five fails.
pub(crate) fn outcome(entry: &TypeEntry, to_minute: u32, chance: &mut Chance) -> Outcome {
    let fails = chance.percent(20);
    // One line surely fails then, and now and then another.
    let required: Vec<usize> = (0..entry.checks.len())
        .filter(|line| entry.checks[*line].required)
        .collect();
    let broken = *chance.pick(&required);
    let answers: Vec<Answer> = entry
        .checks
        .iter()
        .enumerate()
        .map(|(line, check)| {
            answer(
                check,
                verdict(check, fails && (line == broken || chance.percent(10)), chance),
                chance,
            )
        })
        .collect();
    Outcome {
        passed: !fails,
        completed_minute: to_minute - chance.between(0, 8),
        summary: summary(&answers),
        answers,
    }
}

fn verdict(check: &Check, fails: bool, chance: &mut Chance) -> Verdict {
    match (fails, check.required) {
        (true, _) => Verdict::Fail,
        (false, false) if chance.percent(30) => Verdict::NotApplicable,
        _ => Verdict::Pass,
    }
}

fn answer(check: &Check, verdict: Verdict, chance: &mut Chance) -> Answer {
    let reading = check.measure.as_ref().and_then(|measure| match verdict {
        Verdict::Pass => Some(measure.pass),
        Verdict::Fail => Some(measure.fail),
        Verdict::NotApplicable => None,
    });
    Answer {
        key: check.key.to_owned(),
        verdict,
        value: reading.map(|(least, most)| f64::from(chance.between(least, most))),
        note: (verdict == Verdict::Fail).then(|| check.finding.to_owned()),
    }
}

fn summary(answers: &[Answer]) -> String {
    let findings: Vec<&str> = answers
        .iter()
        .filter_map(|answer| answer.note.as_deref())
        .collect();
    match findings.as_slice() {
        [] => "No findings.".to_owned(),
        [one] => format!("To be put right: {one}."),
        several => format!(
            "To be put right, {} points: {}.",
            several.len(),
            several.join("; ")
        ),
    }
}
