//! One field of a row: its text, its day or its degrees, or why the row is refused.

use chrono::{DateTime, Datelike as _, NaiveDate};
use csv::StringRecord;
use domain::inspections::Overall;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What fills a field, with the column's place in a row.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) from: From,
    pub(super) map: Option<BTreeMap<String, String>>,
    /// The form of a day.
    pub(super) format: String,
}

/// A column of the row, or one value for all rows.
#[derive(Debug)]
pub(super) enum From {
    Column { name: String, index: usize },
    Fixed(String),
}

impl Cell {
    /// The text of the field in a row, or why the row is refused. An empty cell is empty whatever the map says.
    pub(super) fn text<'a>(&'a self, row: &'a StringRecord) -> Result<&'a str, String> {
        let (name, raw) = match &self.from {
            From::Fixed(value) => return Ok(value),
            From::Column { name, index } => (name, row.get(*index).unwrap_or_default()),
        };
        match &self.map {
            Some(map) if !raw.trim().is_empty() => match map.get(raw.trim()) {
                Some(value) => Ok(value),
                None => Err(format!(
                    "{name}: `{raw}` is not in the map; accepted are {}",
                    listed(map.keys())
                )),
            },
            _ => Ok(raw),
        }
    }

    /// The text of a field that must not be empty, without the space around it.
    pub(super) fn needed<'a>(&'a self, row: &'a StringRecord) -> Result<&'a str, String> {
        let text = self.text(row)?.trim();
        if text.is_empty() {
            Err(format!("{} is empty", self.name()))
        } else {
            Ok(text)
        }
    }

    /// The day in a row.
    pub(super) fn day(&self, row: &StringRecord) -> Result<NaiveDate, String> {
        let text = self.needed(row)?;
        let year = |day: &NaiveDate| (1900..2200).contains(&day.year());
        NaiveDate::parse_from_str(text, &self.format)
            .ok()
            .filter(year)
            .ok_or_else(|| {
                format!(
                    "{}: `{text}` is not a day; accepted is {} in 1900 to 2199",
                    self.name(),
                    self.format
                )
            })
    }

    /// The degrees in a row, if any.
    pub(super) fn degrees(&self, row: &StringRecord, most: f64) -> Result<Option<f64>, String> {
        let text = self.text(row)?.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let degrees = text.parse::<f64>().ok().filter(|degrees| degrees.abs() <= most);
        let wrong = || {
            format!(
                "{}: `{text}` is not a coordinate; accepted are -{most} to {most}",
                self.name()
            )
        };
        degrees.map(Some).ok_or_else(wrong)
    }

    fn name(&self) -> &str {
        match &self.from {
            From::Column { name, .. } => name,
            From::Fixed(value) => value,
        }
    }
}

/// The overall result of that name.
pub(super) fn overall(name: &str) -> Option<Overall> {
    match name {
        "passed" => Some(Overall::Passed),
        "passed_with_conditions" => Some(Overall::PassedWithConditions),
        "failed" => Some(Overall::Failed),
        _ => None,
    }
}

pub(super) const OVERALLS: &str = "passed, passed_with_conditions, failed";

/// Names as a message lists them.
pub(super) fn listed<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    let quoted: Vec<String> = names
        .into_iter()
        .map(|name| format!("`{}`", name.as_ref()))
        .collect();
    quoted.join(", ")
}

/// Whether a day that is written in this form can be read from it again.
pub(super) fn tells_days(format: &str) -> bool {
    let Some(noon) = DateTime::from_timestamp(1_416_744_000, 0) else {
        return false;
    };
    let mut text = String::new();
    let written = write!(text, "{}", noon.format(format)).is_ok();
    written && NaiveDate::parse_from_str(&text, format) == Ok(noon.date_naive())
}
