//! Other products on the same work, in the same run: the harness of the shared folder, copied, set up and started as it is.
//! This file knows where it lies and what its lines of results are called, and nothing of the products.

use crate::report::{percentile, say};
use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where the harness works, below the folder the program is started in.
const FOLDER: &str = "target/peers";
/// The works of the harness.
const WORKS: [&str; 6] = ["W1", "W2", "W3", "W4", "W5", "W6"];
/// Where a line of the comparison stands in the results of the harness: the work, the field, by one of these names, and by
/// what it is multiplied to be milliseconds.
const FIELDS: [(Line, &str, &[&str], f64); 12] = [
    (Line::FirstWall, "W1", &["persistedS", "wallSpawn"], 1e3),
    (Line::FirstCpu, "W1", &["srvCpu"], 1e3),
    (Line::PullWall, "W2", &["wallSpawn"], 1e3),
    (Line::PullCpu, "W2", &["srvCpu"], 1e3),
    (Line::MoveWall, "W3", &["wall"], 1e3),
    (Line::MoveCpu, "W3", &["srvCpu"], 1e3),
    (Line::PushWall, "W4", &["wallFromOnline", "wall"], 1e3),
    (Line::PushCpu, "W4", &["srvCpu"], 1e3),
    (Line::HerdWall, "W5", &["wall"], 1e3),
    (Line::HerdCpu, "W5", &["cpuPerPull"], 1e3),
    (Line::Word, "W6", &["p50ms"], 1.0),
    (Line::WordLast, "W6", &["p99ms"], 1.0),
];

/// What ours may be of the floor where less cannot be had.
const OF_FLOOR: f64 = 1.5;

/// One line of the comparison, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    FirstWall,
    FirstCpu,
    PullWall,
    PullCpu,
    MoveWall,
    MoveCpu,
    PushWall,
    PushCpu,
    HerdWall,
    HerdCpu,
    Word,
    WordLast,
}

impl Line {
    /// All of them, in the order they are printed.
    pub const ALL: [Line; 12] = [
        Line::FirstWall,
        Line::FirstCpu,
        Line::PullWall,
        Line::PullCpu,
        Line::MoveWall,
        Line::MoveCpu,
        Line::PushWall,
        Line::PushCpu,
        Line::HerdWall,
        Line::HerdCpu,
        Line::Word,
        Line::WordLast,
    ];

    /// What it is called in the results.
    pub fn name(self) -> &'static str {
        match self {
            Line::FirstWall => "W1 first sync: wall",
            Line::FirstCpu => "W1 first sync: server cpu",
            Line::PullWall => "W2 pull of 1000: wall",
            Line::PullCpu => "W2 pull of 1000: server cpu",
            Line::MoveWall => "W3 department changed: wall",
            Line::MoveCpu => "W3 department changed: server cpu",
            Line::PushWall => "W4 push of 500: wall",
            Line::PushCpu => "W4 push of 500: server cpu",
            Line::HerdWall => "W5 50 at once: wall",
            Line::HerdCpu => "W5 50 at once: server cpu of each",
            Line::Word => "W6 commit to connected: p50",
            Line::WordLast => "W6 commit to connected: p99",
        }
    }

    /// What our figure may be at most, as a part of another product's `figure`. Where the floor of that work, `least`, stands in
    /// the way, it may be so many times that, and never more than the other's.
    pub fn asked_beside(self, figure: f64, least: Option<f64>) -> f64 {
        let of_floor = least.map_or(0.0, |least| OF_FLOOR * least / figure);
        self.asked().max(of_floor).min(1.0)
    }

    fn asked(self) -> f64 {
        match self {
            Line::FirstWall | Line::FirstCpu | Line::PullWall | Line::PullCpu => 0.25,
            Line::MoveWall | Line::MoveCpu => 0.2,
            Line::HerdCpu => 0.1,
            _ => 1.0,
        }
    }
}

/// What one product needed, by line.
pub struct Peer {
    pub name: String,
    pub figures: Vec<(Line, f64)>,
}

impl Peer {
    /// What it needed for one line, where that was measured.
    pub fn figure(&self, line: Line) -> Option<f64> {
        let found = self.figures.iter().find(|(found, _)| *found == line);
        found.map(|(_, figure)| *figure)
    }
}

/// PowerSync's service is in no package registry: its figures as the harness's folder prints them, from another run on
/// another day, in milliseconds.
pub const POWERSYNC: [(Line, f64); 12] = [
    (Line::FirstWall, 1_720.0),
    (Line::FirstCpu, 790.0),
    (Line::PullWall, 930.0),
    (Line::PullCpu, 180.0),
    (Line::MoveWall, 1_500.0),
    (Line::MoveCpu, 1_120.0),
    (Line::PushWall, 340.0),
    (Line::PushCpu, 200.0),
    (Line::HerdWall, 50.0 / 128.0 * 1e3),
    (Line::HerdCpu, 7.4),
    (Line::Word, 16.3),
    (Line::WordLast, 31.1),
];

/// The harness, ready to be run.
pub struct Harness {
    folder: PathBuf,
}

impl Harness {
    /// Copies the harness, installs what the products need and fills its database. An error where a part of it is missing.
    pub fn set_up() -> Result<Harness> {
        for program in ["npm", "node", "psql", "bash"] {
            let found = Command::new(program)
                .arg("--version")
                .stdout(Stdio::null())
                .status();
            ensure!(
                found.is_ok_and(|status| status.success()),
                "`{program}` is not installed; other products cannot be measured without it"
            );
        }
        let shared = std::env::var_os("BAILIWICK_SHARED").map_or_else(|| "../shared".into(), PathBuf::from);
        let original = shared.join("peers");
        ensure!(
            original.is_dir(),
            "the folder `peers` with the other products is not at {}",
            shared.display()
        );
        let folder = std::path::absolute(FOLDER)?;
        std::fs::create_dir_all(&folder)?;
        must(Command::new("cp").arg("-R").arg(original.join(".")).arg(&folder))?;
        // The shared folder may be one that nobody writes to.
        must(Command::new("chmod").args(["-R", "u+w"]).arg(&folder))?;
        say("setting the other products up")?;
        let harness = Harness { folder };
        must(&mut harness.script("setup.sh"))?;
        Ok(harness)
    }

    /// Measures one product `runs` times, each work with its server started anew: one that breaks off loses its own lines and
    /// no others. Gives what broke off beside the figures.
    pub fn measure(&self, product: &str, runs: usize) -> Result<(Peer, Vec<String>)> {
        let results = self.folder.join("results.jsonl");
        let before = lines(&results).len();
        let script = format!("{product}/run.sh");
        let mut broken = Vec::new();
        for work in WORKS {
            say(&format!("measuring {work} of {product}"))?;
            let mut command = self.script(&script);
            if let Err(error) = must(command.arg(work).env("RUNS", runs.to_string())) {
                broken.push(format!("{work} of {product}: {error:#}"));
            }
        }
        let lines = lines(&results).split_off(before);
        let peer = Peer {
            name: product.to_owned(),
            figures: figures(&lines),
        };
        Ok((peer, broken))
    }

    /// A script of the harness, with the priority of this program.
    fn script(&self, script: &str) -> Command {
        let mut command = Command::new("bash");
        command
            .arg(self.folder.join(script))
            .env("PEERS", &self.folder)
            .env("NICE", "0");
        command
    }
}

impl Drop for Harness {
    fn drop(&mut self) {
        let _ = self.script("common/pg.sh").arg("stop").status();
    }
}

/// Runs to its end; what it says goes where our progress goes.
fn must(command: &mut Command) -> Result<()> {
    let shown = format!("{command:?}");
    let status = command.stdout(std::io::stderr()).status();
    match status.with_context(|| format!("{shown} cannot be started"))? {
        status if status.success() => Ok(()),
        status => bail!("{shown} ended with {status}"),
    }
}

fn lines(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

/// Whether a line of results is one of work that was done: a client that gives up on its offline edits says so here only.
fn has_arrived(found: &Value) -> bool {
    found["acked"].as_u64() != Some(0) && found["fail"].as_u64().unwrap_or_default() == 0
}

/// The median of each line that was measured.
fn figures(lines: &[Value]) -> Vec<(Line, f64)> {
    let mut figures = Vec::new();
    for (line, work, fields, unit) in FIELDS {
        let of_work = lines
            .iter()
            .filter(|found| found["w"] == work && has_arrived(found));
        let values = of_work.filter_map(|found| fields.iter().find_map(|field| found[*field].as_f64()));
        let values: Vec<f64> = values.map(|value| value * unit).collect();
        if !values.is_empty() {
            figures.push((line, percentile(values, 50)));
        }
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_medians_in_milliseconds() {
        let line = |text| serde_json::from_str(text).expect("a line");
        let lines: Vec<Value> = vec![
            line(r#"{"peer":"zero","w":"W4","wallFromOnline":5,"wall":9,"srvCpu":6.1}"#),
            line(r#"{"peer":"zero","w":"W1","wallSpawn":2.25,"srvCpu":1.5}"#),
            line(r#"{"peer":"zero","w":"W1after","srvCpu":9}"#),
            line(r#"{"peer":"zero","w":"W4","wallFromOnline":203,"srvCpu":1,"acked":0,"err":500}"#),
        ];
        let expected = vec![
            (Line::FirstWall, 2_250.0),
            (Line::FirstCpu, 1_500.0),
            (Line::PushWall, 5_000.0),
            (Line::PushCpu, 6_100.0),
        ];
        assert_eq!(figures(&lines), expected);
    }

    #[test]
    fn what_is_asked_is_not_below_the_floor_and_not_above_the_other() {
        assert_eq!(Line::MoveWall.asked_beside(2_000.0, None), 0.2);
        assert_eq!(Line::MoveWall.asked_beside(2_000.0, Some(100.0)), 0.2);
        assert_eq!(Line::MoveWall.asked_beside(2_000.0, Some(400.0)), 0.3);
        assert_eq!(Line::MoveWall.asked_beside(2_000.0, Some(4_000.0)), 1.0);
    }
}
