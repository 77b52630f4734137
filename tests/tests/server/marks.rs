//! Marks: every field and every id of a town's records, each with a text of its own that can be searched for.

use crate::town::records;
use anyhow::{Context as _, Result, ensure};
use domain::{Body, Record};
use policy::views::{Shown, fields};
use policy::{Kind, RecordId};
use serde_json::{Map, Value, json};
use sim::Rng;
use std::collections::{BTreeMap, BTreeSet};

/// The marks: what each stands for.
pub struct Marks {
    pub rng: Rng,
    pub meaning: BTreeMap<String, String>,
}

impl Marks {
    pub fn new() -> Marks {
        Marks {
            rng: Rng::new(u64::from(std::process::id())),
            meaning: BTreeMap::new(),
        }
    }

    pub fn fresh(&mut self, meaning: String) -> String {
        let mark = format!("{:016x}{:016x}", self.rng.bits(), self.rng.bits());
        assert!(
            self.meaning.insert(mark.clone(), meaning).is_none(),
            "two marks are the same"
        );
        mark
    }

    /// The marks that stand in these bytes.
    pub fn found(&self, bytes: &[u8]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for run in bytes
            .split(|byte| !byte.is_ascii_hexdigit())
            .filter(|run| run.len() >= 32)
        {
            for window in run.windows(32) {
                let text = String::from_utf8_lossy(window).to_ascii_lowercase();
                if self.meaning.contains_key(&text) {
                    found.insert(text);
                }
            }
        }
        found
    }

    pub fn said(&self, marks: &BTreeSet<String>) -> Vec<&str> {
        marks
            .iter()
            .filter_map(|mark| self.meaning.get(mark))
            .map(String::as_str)
            .collect()
    }
}

/// Ids whose marks stand for them: the town's own names are only ever used inside this file.
pub type Ids = BTreeMap<String, String>;

/// The town with a mark for every id and in every text. A text that only certain words may stand in keeps its word.
pub fn marked(marks: &mut Marks) -> Result<(Vec<Record>, Ids)> {
    let plain = records()?;
    let mut ids = Ids::new();
    for record in &plain {
        let mut known = vec![record.id.to_string()];
        match &record.body {
            Body::Calendar(body) => {
                known.push(body.department.to_string());
                // One department has one name, however many calendars it has.
                known.push(body.department_name.clone());
                known.extend(body.teams.iter().map(|team| team.id.to_string()));
            }
            Body::InspectionType(body) => known.extend(body.checklist.iter().map(|item| item.key.clone())),
            Body::Appointment(body) => known.extend(body.notes.iter().map(|note| note.id.to_string())),
            Body::Person(body) => known.extend(body.absences.iter().map(|absence| absence.id.to_string())),
            _ => {}
        }
        for known in known {
            let name = format!("the id {known}");
            ids.entry(known)
                .or_insert_with(|| format!("i-{}", marks.fresh(name)));
        }
    }
    let mut records = Vec::new();
    for record in plain {
        let kind = record.kind();
        let body = record.body.to_value()?;
        let name = format!("{} {}", kind.name(), record.id);
        let mut body = renamed(body, &ids);
        for path in texts(&body, &[]) {
            let before = at(&mut body, &path).context("a path")?.take();
            if before
                .as_str()
                .is_some_and(|text| ids.values().any(|id| id == text))
                || keeps(&path)
            {
                *at(&mut body, &path).context("a path")? = before;
                continue;
            }
            let mark = marks.fresh(format!("{name}: {}", path.join(".")));
            *at(&mut body, &path).context("a path")? = Value::String(format!("a {mark} b"));
            if Body::from_json(kind, &body.to_string()).is_err() {
                marks.meaning.remove(&mark);
                *at(&mut body, &path).context("a path")? = before;
            }
        }
        let id = RecordId::parse(ids[record.id.as_str()].clone())?;
        records.push(Record::new(id, Body::from_json(kind, &body.to_string())?));
    }
    everything_shown_is_filled(&records)?;
    Ok((records, ids))
}

/// Words that mean something to the rules although any text may stand there.
pub fn keeps(path: &[String]) -> bool {
    matches!(
        path.last().map(String::as_str),
        Some("role" | "hash" | "media_type")
    )
}

pub fn renamed(value: Value, ids: &Ids) -> Value {
    match value {
        Value::String(text) => Value::String(ids.get(&text).cloned().unwrap_or(text)),
        Value::Array(values) => Value::Array(values.into_iter().map(|value| renamed(value, ids)).collect()),
        Value::Object(fields) => {
            let field = |(name, value)| (ids.get(&name).cloned().unwrap_or(name), renamed(value, ids));
            Value::Object(fields.into_iter().map(field).collect())
        }
        other => other,
    }
}

/// Where the texts of a body are.
pub fn texts(value: &Value, path: &[String]) -> Vec<Vec<String>> {
    let below = |name: String, value: &Value| texts(value, &[path, &[name]].concat());
    match value {
        Value::String(_) => vec![path.to_vec()],
        Value::Array(values) => values
            .iter()
            .enumerate()
            .flat_map(|(n, value)| below(n.to_string(), value))
            .collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| below(name.clone(), value))
            .collect(),
        _ => Vec::new(),
    }
}

pub fn at<'a>(value: &'a mut Value, path: &[String]) -> Option<&'a mut Value> {
    path.iter().try_fold(value, |value, name| match value {
        Value::Array(values) => values.get_mut(name.parse::<usize>().ok()?),
        other => other.get_mut(name),
    })
}

/// A field that some mask shows and that stands nowhere in this town would never be looked for.
pub fn everything_shown_is_filled(records: &[Record]) -> Result<()> {
    let mut filled: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for record in records {
        if let Value::Object(body) = record.body.to_value()? {
            filled.entry(record.kind().name()).or_default().extend(body);
        }
    }
    use policy::views::Mask::{Limited, Onsite, Own, Public, Roster, Staff};
    for kind in Kind::ALL {
        for mask in [Limited, Onsite, Own, Public, Roster, Staff] {
            let Shown::Only(names) = fields(kind, mask) else {
                continue;
            };
            for name in names {
                let known = &filled[kind.name()];
                let mut asked = known.clone();
                asked.insert((*name).to_owned(), json!({ "no such": "value" }));
                let read = Body::from_json(kind, &Value::Object(asked).to_string());
                let exists = read.is_err();
                ensure!(
                    known.contains_key(*name) || !exists,
                    "no {} in this town has {name}",
                    kind.name()
                );
            }
        }
    }
    Ok(())
}
