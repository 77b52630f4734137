//! What is counted, and where it is written.

use anyhow::Result;
use serde::Serialize;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What came of one fault on one store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    pub fault: String,
    /// The office's database; `device` where only a laptop's files were treated.
    pub store: String,
    pub runs: u64,
    /// Work that was called saved and is nowhere.
    pub lost: u64,
    /// Other people's records on a laptop, or records whose right has ended.
    pub leaked: u64,
    /// Files that are not sound, work that was done twice or by half, replies that were taken for what they are not.
    pub corrupt: u64,
}

impl Row {
    /// A fault that has not struck yet.
    pub fn of(fault: &str, store: &str) -> Row {
        Row {
            fault: fault.to_owned(),
            store: store.to_owned(),
            runs: 0,
            lost: 0,
            leaked: 0,
            corrupt: 0,
        }
    }

    /// It struck, and everything was as it must be.
    pub fn held(&self) -> bool {
        self.runs > 0 && self.lost + self.leaked + self.corrupt == 0
    }

    /// Counts something that is not as it must be, and says so.
    pub fn is_corrupt(&mut self, what: &str) {
        self.corrupt += 1;
        say(&format!("{}, {}: {what}", self.fault, self.store));
    }

    pub fn is_lost(&mut self, what: &str) {
        self.lost += 1;
        say(&format!("{}, {}: lost: {what}", self.fault, self.store));
    }

    pub fn is_leaked(&mut self, what: &str) {
        self.leaked += 1;
        say(&format!("{}, {}: leaked: {what}", self.fault, self.store));
    }
}

/// Progress, on stderr.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Where the rows are written unless somebody says otherwise.
pub fn usual_place() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/torture/report.json")
}

/// Writes the rows to a file.
pub fn save(rows: &[Row], file: &Path) -> Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let lines: Result<Vec<String>, _> = rows.iter().map(serde_json::to_string).collect();
    Ok(std::fs::write(file, format!("[\n{}\n]\n", lines?.join(",\n")))?)
}
