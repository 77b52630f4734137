//! Whether every text of every record has a canary of its own.

use super::book::{Canaries, Searcher};
use anyhow::{Result, bail, ensure};
use domain::Record;
use policy::Kind;
use serde_json::Value;
use std::collections::BTreeSet;

/// Texts that nobody types, and what they are instead. `*` stands for a place in a list or a key of a map.
const MADE: &[(&str, &str)] = &[
    ("appointment permit", "id"),
    ("appointment inspection_type", "id"),
    ("appointment calendar", "id"),
    ("appointment team", "id"),
    ("appointment assignee", "id"),
    ("appointment applicant", "id"),
    ("appointment reinspects", "id"),
    ("appointment reinspection", "id"),
    ("appointment notes.*.id", "id"),
    ("appointment day", "day"),
    ("appointment priority", "closed list"),
    ("appointment status", "closed list"),
    ("appointment findings.*.answer", "closed list"),
    ("appointment found_before.*.answer", "closed list"),
    ("appointment result.overall", "closed list"),
    ("appointment request.reason", "closed list"),
    ("appointment request.was", "closed list"),
    ("appointment history.*.what", "name of a command"),
    ("appointment photos.*.hash", "hash of bytes that are a canary"),
    ("appointment photos.*.media_type", "closed list"),
    ("permit applicant", "id"),
    ("permit calendar", "id"),
    ("permit inspection_types.*", "id"),
    ("permit people key", "id"),
    ("permit teams key", "id"),
    ("permit status", "closed list"),
    ("calendar department", "id"),
    ("calendar teams.*.id", "id"),
    ("inspection_type calendar", "id"),
    ("block calendar", "id"),
    ("block person", "id"),
    ("block from_day", "day"),
    ("block until_day", "day"),
    ("block history.*.what", "name of a command"),
    ("person inspects.*", "id"),
    ("person absences.*.id", "id"),
    ("person absences.*.from_day", "day"),
    ("person absences.*.until_day", "day"),
    ("person absences.*.reason", "closed list"),
    ("grant person", "id"),
    ("grant role", "closed list"),
    ("grant scope.kind", "closed list"),
    ("grant scope.id", "id"),
    ("grant emergency.calendar", "id"),
    ("grant emergency.review.finding", "closed list"),
    ("returned_work calendar", "id"),
    ("returned_work target", "id"),
    ("returned_work author", "id"),
    ("returned_work command.name", "name of a command"),
    ("returned_work command.input.appointment", "id"),
    ("returned_work command.input.note", "id"),
    ("returned_work denial.code", "closed list"),
    ("returned_work denial.rule", "closed list"),
    ("returned_work decision.instead.name", "name of a command"),
    ("returned_work decision.instead.input.appointment", "id"),
    ("returned_work decision.instead.input.note", "id"),
];

/// Objects whose names are not those of fields.
const MAPS: [&str; 7] = [
    "appointment findings",
    "appointment answered",
    "appointment found_before",
    "appointment source.facts",
    "permit source.facts",
    "permit people",
    "permit teams",
];

/// Fails where a text has no canary or one that stands elsewhere too, where a kind has no record, and where an exception is
/// of nothing any more.
pub fn everything_is_planted(records: &[Record]) -> Result<()> {
    let mut walk = Walk::default();
    for record in records {
        walk.value(record.kind().name(), " ", &record.body.to_value()?)?;
    }
    for kind in Kind::ALL {
        let has_one = records.iter().any(|record| record.kind() == kind);
        ensure!(has_one, "there is no {} in the town", kind.name());
    }
    let stale = MADE.iter().find(|(path, _)| !walk.excused.contains(path));
    ensure!(stale.is_none(), "no record has {stale:?} any more");
    Ok(())
}

#[derive(Default)]
struct Walk {
    searcher: Searcher,
    seen: Canaries,
    excused: BTreeSet<&'static str>,
}

impl Walk {
    fn value(&mut self, path: &str, before: &str, value: &Value) -> Result<()> {
        match value {
            Value::String(text) => {
                let found: Vec<_> = self.searcher.found(text.as_bytes()).collect();
                match found.as_slice() {
                    [] => self.made(path, text)?,
                    found => ensure!(
                        found.iter().all(|canary| self.seen.insert(*canary)),
                        "the canary of {path} stands elsewhere too"
                    ),
                }
            }
            Value::Array(values) => {
                for value in values {
                    self.value(&format!("{path}{before}*"), ".", value)?;
                }
            }
            Value::Object(fields) if MAPS.contains(&path) => {
                for (key, value) in fields {
                    if self.searcher.found(key.as_bytes()).next().is_none() {
                        self.made(&format!("{path} key"), key)?;
                    }
                    self.value(&format!("{path}{before}*"), ".", value)?;
                }
            }
            Value::Object(fields) => {
                for (name, value) in fields {
                    let is_field = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
                    ensure!(is_field, "{path} is a map: its keys are texts");
                    self.value(&format!("{path}{before}{name}"), ".", value)?;
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
        Ok(())
    }

    fn made(&mut self, path: &str, text: &str) -> Result<()> {
        let Some((path, _)) = MADE.iter().find(|(made, _)| *made == path) else {
            bail!("{path} is `{text}` and has no canary");
        };
        self.excused.insert(path);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canaries::town;
    use domain::Body;

    #[test]
    fn every_text_of_every_kind_of_record_has_a_canary_of_its_own() {
        let (mut records, book) = town::records().expect("a town");
        everything_is_planted(&records).expect("nothing is left out");
        assert!(book.len() > 500, "{} canaries", book.len());
        let forgotten = records.iter_mut().find_map(|record| match &mut record.body {
            Body::Block(block) => Some(&mut block.because),
            _ => None,
        });
        *forgotten.expect("a block") = "closed".to_owned();
        assert!(everything_is_planted(&records).is_err(), "a text was forgotten");
    }
}
