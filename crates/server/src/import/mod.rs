//! Imports: records of another system come in through a mapping, again and again if need be.
//!
//! The file is read twice. The first reading checks the header against the mapping and gathers what needs the whole
//! file: licences, teams, types. The second writes, 500 rows to a transaction. Each row compares with what is stored, so
//! an import that was interrupted is simply run again. Nothing is invented: what the source lacks stays empty and is
//! marked.

mod cell;
mod columns;
mod gather;
mod lines;
mod mapping;
mod merge;
mod plan;
mod report;
mod row;
mod setting;
mod write;

use crate::{Office, Problem};
use columns::Columns;
use lines::Lines;
use mapping::Mapping;
use report::Report;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What is imported, from where and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which kind of source: `inspections`.
    pub kind: String,
    /// The rows, as `.csv` or `.csv.gz`.
    pub file: PathBuf,
    /// What each column means.
    pub mapping: PathBuf,
    /// Say what would be done and write nothing.
    pub dry_run: bool,
    /// Where to write one JSON line for each row that was refused or marked.
    pub report: Option<PathBuf>,
}

/// What an import did, or would do, counted in rows of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub read: u64,
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub refused: u64,
    /// How many rows lack what a mark names; `several_names` counts permits.
    pub marked: BTreeMap<String, u64>,
}

/// Why an import came to nothing, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The call, the mapping or the header is wrong. Nothing was written.
    #[error("{0}")]
    Usage(String),
    /// Something failed on the way; what was written stays, and running it again continues.
    #[error("{0:#}")]
    Fault(#[from] anyhow::Error),
}

impl ImportError {
    /// The exit code of a command that ends with it.
    pub fn exit_code(&self) -> u8 {
        match self {
            ImportError::Usage(_) => 2,
            ImportError::Fault(_) => 1,
        }
    }
}

impl From<Problem> for ImportError {
    fn from(problem: Problem) -> ImportError {
        ImportError::Fault(anyhow::anyhow!(problem.sentence))
    }
}

/// Imports a file. `progress` hears how many rows have been dealt with, chunk by chunk.
pub fn run(
    office: &Office,
    options: &Options,
    progress: &mut dyn FnMut(u64),
) -> Result<Summary, ImportError> {
    if options.kind != "inspections" {
        let sentence = format!(
            "import `{}`: there is no such kind of source; accepted is: inspections",
            options.kind
        );
        return Err(ImportError::Usage(sentence));
    }
    let mapping = Mapping::open(&options.mapping).map_err(ImportError::Usage)?;
    let mut lines = Lines::open(&options.file).map_err(ImportError::Usage)?;
    let columns = Columns::bind(&mapping, lines.header(), &options.file).map_err(ImportError::Usage)?;
    let gathered = gather::gather(&mapping, &columns, &mut lines).map_err(ImportError::Usage)?;
    setting::check(office, &mapping, &gathered)?;
    let report = Report::open(options.report.as_deref()).map_err(ImportError::Usage)?;
    let lines = Lines::open(&options.file).map_err(anyhow::Error::msg)?;
    let job = write::Job {
        office,
        mapping: &mapping,
        columns: &columns,
        dry_run: options.dry_run,
    };
    job.run(lines, gathered, report, progress)
}
