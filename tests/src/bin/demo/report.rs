//! What came of each step.

use anyhow::Result;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The steps of the day, in order.
pub const STEPS: [&str; 12] = [
    "sign-in",
    "first-sync",
    "offline",
    "visit",
    "photo",
    "online",
    "arrived-once",
    "supervisor-sees",
    "reassign",
    "laptop-follows",
    "withdraw",
    "laptop-forgets",
];

/// The report in the making; on the disk after every step.
pub struct Report {
    path: PathBuf,
    rows: Vec<Value>,
}

impl Report {
    /// An empty report.
    pub fn new(folder: &Path) -> Report {
        Report {
            path: folder.join("report.json"),
            rows: Vec::new(),
        }
    }

    /// Adds what came of a step.
    pub fn add(
        &mut self,
        step: &str,
        who: &str,
        outcome: &Result<String>,
        took: Duration,
        screenshot: &Path,
    ) -> Result<()> {
        let witness = match outcome {
            Ok(witness) => witness.clone(),
            Err(error) => format!("{error:#}"),
        };
        let ms = u64::try_from(took.as_millis())?;
        self.rows.push(json!({
            "step": step, "who": who, "ok": outcome.is_ok(), "ms": ms, "screenshot": screenshot, "witness": witness,
        }));
        std::fs::write(&self.path, serde_json::to_vec_pretty(&self.rows)?)?;
        Ok(())
    }

    /// Whether every step is there and held.
    pub fn holds(&self) -> bool {
        self.rows.len() == STEPS.len() && self.rows.iter().all(|row| row["ok"] == json!(true))
    }

    /// How many steps held.
    pub fn held(&self) -> usize {
        self.rows.iter().filter(|row| row["ok"] == json!(true)).count()
    }
}
