//! The report: one JSON line for each row that was refused or marked.

use serde::Serialize;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

/// What became of a row, or of a permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fate {
    Created,
    Updated,
    Unchanged,
    Refused,
}

/// One line of the report.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    pub(super) line: u64,
    pub(super) id: Option<String>,
    pub(super) outcome: Fate,
    pub(super) marks: Vec<String>,
    pub(super) reason: Option<String>,
}

/// The report's file, if one is wanted.
pub(super) struct Report(Option<BufWriter<File>>);

impl Report {
    /// Begins a report.
    pub(super) fn open(path: Option<&Path>) -> Result<Report, String> {
        let open = |path: &Path| {
            let file = File::create(path);
            file.map_err(|error| format!("{}: the report cannot be written: {error}", path.display()))
        };
        Ok(Report(path.map(open).transpose()?.map(BufWriter::new)))
    }

    /// Tells of a row where there is something to tell.
    pub(super) fn tell(&mut self, outcome: &Outcome) -> anyhow::Result<()> {
        let Some(file) = &mut self.0 else {
            return Ok(());
        };
        if outcome.outcome == Fate::Refused || !outcome.marks.is_empty() {
            serde_json::to_writer(&mut *file, outcome)?;
            file.write_all(b"\n")?;
        }
        Ok(())
    }

    /// Ends the report, or a part of it that must not be lost.
    pub(super) fn flush(&mut self) -> anyhow::Result<()> {
        if let Some(file) = &mut self.0 {
            file.flush()?;
        }
        Ok(())
    }
}
