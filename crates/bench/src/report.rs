//! What was measured, as a table for people and as a file for programs.

use anyhow::{Context as _, Result};
use serde::Serialize;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Where results lie, below the folder the program is started in.
const FOLDER: &str = "target/bench";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Ratio,
    Absolute,
}

/// One figure beside its floor, or alone.
#[derive(Debug, Clone, Serialize)]
pub struct Measure {
    pub measure: String,
    pub store: &'static str,
    pub ours: f64,
    pub floor: Option<f64>,
    /// Another product's figure from the same run.
    pub peer: Option<f64>,
    pub unit: &'static str,
    pub ratio: Option<f64>,
    /// What the ratio, or the figure where there is none, may be at most.
    pub asked: Option<f64>,
    /// Whether it is; true where nothing was asked.
    pub ok: bool,
    pub runs: usize,
    pub kind: Kind,
}

/// To three decimals: more would only look precise.
fn rounded(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

impl Measure {
    /// Ours beside its floor.
    pub fn ratio(
        measure: &str,
        unit: &'static str,
        ours: f64,
        floor: f64,
        asked: Option<f64>,
        runs: usize,
    ) -> Measure {
        let ratio = ours / floor;
        Measure {
            floor: Some(rounded(floor)),
            ratio: Some(rounded(ratio)),
            ok: ratio.is_finite() && asked.is_none_or(|asked| ratio <= asked),
            kind: Kind::Ratio,
            ..Measure::absolute(measure, unit, ours, asked, runs)
        }
    }

    /// Ours beside another product's figure, both in milliseconds.
    pub fn beside_peer(measure: &str, ours: f64, peer: f64, asked: Option<f64>, runs: usize) -> Measure {
        Measure {
            floor: None,
            peer: Some(rounded(peer)),
            ..Measure::ratio(measure, "ms", ours, peer, asked, runs)
        }
    }

    /// Ours alone.
    pub fn absolute(
        measure: &str,
        unit: &'static str,
        ours: f64,
        asked: Option<f64>,
        runs: usize,
    ) -> Measure {
        Measure {
            measure: measure.to_owned(),
            store: "sqlite",
            ours: rounded(ours),
            floor: None,
            peer: None,
            unit,
            ratio: None,
            asked,
            ok: asked.is_none_or(|asked| ours <= asked),
            runs,
            kind: Kind::Absolute,
        }
    }
}

/// Prints the table on stderr.
pub fn print(measures: &[Measure]) -> Result<()> {
    let mut out = std::io::stderr().lock();
    writeln!(
        out,
        "{:<58} {:<8} {:>10} {:>10} {:>5} {:>7} {:>7}",
        "measure", "store", "ours", "floor/peer", "", "ratio", "asked"
    )?;
    for line in measures {
        let number = |value: Option<f64>| value.map(|value| format!("{value:.2}")).unwrap_or_default();
        writeln!(
            out,
            "{:<58} {:<8} {:>10.2} {:>10} {:<5} {:>7} {:>7} {}",
            line.measure,
            line.store,
            line.ours,
            number(line.floor.or(line.peer)),
            line.unit,
            number(line.ratio),
            number(line.asked),
            if line.ok { "" } else { "short" },
        )?;
    }
    Ok(())
}

/// Writes `target/bench/NAME.json`; gives its path.
pub fn save(name: &str, measures: &[Measure]) -> Result<PathBuf> {
    let path = Path::new(FOLDER).join(format!("{name}.json"));
    std::fs::create_dir_all(FOLDER)?;
    let text = serde_json::to_string_pretty(measures)?;
    std::fs::write(&path, text + "\n").with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(path)
}

/// A folder for the files of a run, on the same disk as the results and gone afterwards.
pub fn workplace() -> Result<tempfile::TempDir> {
    std::fs::create_dir_all(FOLDER)?;
    Ok(tempfile::tempdir_in(FOLDER)?)
}

/// Progress, on stderr.
pub fn say(text: &str) -> Result<()> {
    Ok(writeln!(std::io::stderr(), "{text}")?)
}

/// The value that this share of the values, in hundredths, does not exceed.
pub fn percentile(mut values: Vec<f64>, share: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let rank = (values.len() * share).div_ceil(100).saturating_sub(1);
    values.get(rank).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_judged_by_what_was_asked() {
        let at = |asked| Measure::ratio("m", "ms", 3.0, 2.0, asked, 1);
        assert!(at(Some(1.5)).ok && at(None).ok && !at(Some(1.4)).ok);
        assert!(
            !Measure::ratio("m", "ms", 3.0, 0.0, None, 1).ok,
            "a floor of nothing is no floor"
        );
    }

    #[test]
    fn a_figure_alone_is_judged_by_itself() {
        assert!(!Measure::absolute("m", "ms", 51.0, Some(50.0), 1).ok);
        assert!(Measure::absolute("m", "ms", 50.0, Some(50.0), 1).ok);
    }

    #[test]
    fn percentiles_are_values_that_occurred() {
        let values: Vec<f64> = (1..=20).rev().map(f64::from).collect();
        assert_eq!(percentile(values.clone(), 50), 10.0);
        assert_eq!(percentile(values.clone(), 95), 19.0);
        assert_eq!(percentile(values, 100), 20.0);
        assert_eq!(percentile(vec![7.0], 50), 7.0);
    }
}
