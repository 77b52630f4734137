//! What a rule asked for, and what was found. "Not held here" never reads as "does not exist".

use crate::Record;
use policy::{Kind, RecordId};
use std::collections::BTreeMap;

/// Something a rule must look at before it can decide.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    Record(RecordId),
    /// The records of a kind whose key in an index begins with `prefix`.
    Index {
        kind: Kind,
        index: &'static str,
        prefix: String,
    },
}

/// What became of a need for one record.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "found is what it nearly always is, and it is taken apart at once"
)]
pub enum Answer {
    Found(Record),
    Absent,
    /// This copy does not hold it, and cannot say whether it exists.
    NotHeld,
}

/// What became of a need for a range.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Range {
    pub records: Vec<Record>,
    /// False where this copy may hold only a part of the range.
    pub complete: bool,
}

/// All that was looked up for one command.
#[derive(Debug, Clone, Default)]
pub struct Found {
    pub records: BTreeMap<RecordId, Answer>,
    pub ranges: BTreeMap<Need, Range>,
}

impl Found {
    /// Whether a need has been looked up.
    pub fn has(&self, need: &Need) -> bool {
        match need {
            Need::Record(id) => self.records.contains_key(id),
            Need::Index { .. } => self.ranges.contains_key(need),
        }
    }

    /// The record, where it was found.
    pub fn record(&self, id: &RecordId) -> Option<&Record> {
        match self.records.get(id) {
            Some(Answer::Found(record)) => Some(record),
            _ => None,
        }
    }

    /// Whether this copy cannot say if the record exists.
    pub fn not_held(&self, id: &RecordId) -> bool {
        !matches!(self.records.get(id), Some(Answer::Found(_) | Answer::Absent))
    }

    /// The range, empty and incomplete where nothing was looked up.
    pub fn range(&self, kind: Kind, index: &'static str, prefix: &str) -> Range {
        let need = Need::Index {
            kind,
            index,
            prefix: prefix.to_owned(),
        };
        self.ranges.get(&need).cloned().unwrap_or_default()
    }
}
