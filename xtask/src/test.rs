//! `cargo xtask test`: all set-up, then every lint, check and test. What fails does not keep the rest from running.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use anyhow::Result;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::libtest::{Outcome, Reader};
use crate::postgres::{Disk, Postgres};
use crate::session::Session;
use crate::shell::{self, Summary, Usage, say};
use crate::test_programs::{self, STORIES, TestProgram};
use crate::{bindings, canaries, demo, ids, requirements, setup, sim, tidy};

pub const LEVELS: [&str; 4] = ["policy", "server", "device", "window"];

/// One requirement that one test names. A run writes what it ran: only a whole run fills the file.
#[derive(Serialize, Deserialize)]
pub struct Row {
    pub id: String,
    pub level: String,
    pub test: String,
    pub ok: bool,
}

/// How many seeds of the simulator every full run plays.
const SEEDS: &str = "1000";
/// How many histories with canaries.
const HISTORIES: &str = "300";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Only {
    All,
    Unit,
    Stories,
    Window,
    Ui,
}

#[derive(Default)]
struct Report {
    steps: BTreeMap<String, bool>,
    rows: Vec<Row>,
    passed: usize,
    failed: Vec<Failure>,
}

/// A test that failed, and what it said.
struct Failure {
    test: String,
    cause: String,
}

pub fn run(args: &[String]) -> Result<Summary> {
    let only = parse(args)?;
    let mut report = Report::default();
    report.step("setup", || setup::all().map(|()| true));
    if only == Only::All {
        report.step("format", || {
            shell::held(shell::cargo().args(["fmt", "--all", "--check"]))
        });
        report.step("clippy", clippy);
        report.step("pure", pure_crates_alone);
    }
    if matches!(only, Only::All | Only::Ui) {
        report.step("ui check", || npm(&["run", "check"]));
        report.step("ui test", || npm(&["test", "--if-present"]));
    }
    let mut programs = Vec::new();
    report.step("build", || {
        let held = only == Only::Ui || shell::held(shell::cargo().args(["build", "--workspace"]))?;
        programs = test_programs::build()?;
        Ok(held)
    });
    if matches!(only, Only::All | Only::Ui) && !programs.is_empty() {
        report.step("bindings", || bindings::are_current(&programs));
    }
    for program in programs.iter().filter(|program| only.wants(program)) {
        for store in stores_of(program) {
            report.run(program, *store);
        }
    }
    if matches!(only, Only::All | Only::Stories) {
        report.step("the day on PostgreSQL", || {
            let options = demo::Options {
                headless: true,
                postgres: true,
                ..demo::Options::default()
            };
            demo::play(&options).map(|summary| summary.code == 0)
        });
    }
    if only == Only::All {
        let seeds = ["--seeds".to_owned(), SEEDS.to_owned()];
        report.step("simulator", || sim::run(&seeds).map(|summary| summary.code == 0));
        let histories = ["--histories".to_owned(), HISTORIES.to_owned()];
        report.step("canaries", || {
            canaries::run(&histories).map(|summary| summary.code == 0)
        });
        report.step("tidy", || tidy::run(&[]).map(|summary| summary.code == 0));
    }
    let rows = std::mem::take(&mut report.rows);
    report.step("test names", || names_exist(&rows));
    write(&rows)?;
    Ok(report.summary())
}

/// The office's database a test program runs with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Store {
    Sqlite,
    Postgres,
}

/// The stories of the server are told with both databases.
fn stores_of(program: &TestProgram) -> &'static [Store] {
    if program.is_story("server") {
        &[Store::Sqlite, Store::Postgres]
    } else if program.is_story("stores") {
        &[Store::Postgres]
    } else {
        &[Store::Sqlite]
    }
}

fn parse(args: &[String]) -> Result<Only> {
    let accepted = "test accepts --only unit, --only stories, --only window or --only ui";
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => Ok(Only::All),
        ["--only", "unit"] => Ok(Only::Unit),
        ["--only", "stories"] => Ok(Only::Stories),
        ["--only", "window"] => Ok(Only::Window),
        ["--only", "ui"] => Ok(Only::Ui),
        _ => Err(Usage(accepted.into()).into()),
    }
}

impl Only {
    fn wants(self, program: &TestProgram) -> bool {
        let is_story = program.package == STORIES && program.is_integration;
        let is_window = program.is_story("window");
        match self {
            Self::All => true,
            Self::Unit => !is_story,
            Self::Stories => is_story && !is_window,
            Self::Window => is_window,
            Self::Ui => false,
        }
    }
}

fn clippy() -> Result<bool> {
    let mut clippy = shell::cargo();
    clippy.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    shell::held(&mut clippy)
}

/// Alone, so that no other member can switch on a feature that lets a pure crate read the clock.
fn pure_crates_alone() -> Result<bool> {
    let mut held = true;
    for package in ["bailiwick-policy", "bailiwick-domain", "bailiwick-sync"] {
        let mut check = shell::cargo();
        check.args(["check", "-p", package, "--target-dir", "target/pure"]);
        held &= shell::held(&mut check)?;
    }
    Ok(held)
}

/// A requirement that a test names exists. `tidy` reads names in the sources; this sees the ones made while running.
fn names_exist(rows: &[Row]) -> Result<bool> {
    let known: BTreeSet<String> = requirements::read()?.into_iter().map(|line| line.id).collect();
    let unknown = rows
        .iter()
        .filter(|row| !known.contains(&row.id) && !ids::is_promise(&row.id));
    Ok(unknown
        .inspect(|row| say(&format!("{} names {}, which is no requirement", row.test, row.id)))
        .count()
        == 0)
}

fn write(rows: &[Row]) -> Result<()> {
    let folder = shell::reports().join("test");
    std::fs::create_dir_all(&folder)?;
    let rows: Result<Vec<String>, _> = rows.iter().map(serde_json::to_string).collect();
    std::fs::write(
        folder.join("results.json"),
        format!("[\n{}\n]\n", rows?.join(",\n")),
    )?;
    Ok(())
}

fn npm(args: &[&str]) -> Result<bool> {
    shell::held(shell::npm(&shell::root().join("ui")).args(args))
}

impl Report {
    fn step(&mut self, name: &str, check: impl FnOnce() -> Result<bool>) {
        say(&format!("--- {name}"));
        let held = check().unwrap_or_else(|error| {
            say(&format!("{error:#}"));
            false
        });
        let so_far = self.steps.entry(name.to_owned()).or_insert(true);
        *so_far &= held;
    }

    fn run(&mut self, program: &TestProgram, store: Store) {
        let mut reader = Reader::default();
        let mut held = false;
        let on = if store == Store::Postgres {
            " on PostgreSQL"
        } else {
            ""
        };
        self.step(&format!("{} {}{on}", program.package, program.target), || {
            held = run_program(program, store, &mut reader)?;
            Ok(held)
        });
        let finished = reader.finished();
        let failed_before = self.failed.len();
        for (name, outcome) in reader.tests() {
            self.take(program, &name, outcome, &reader);
        }
        if !held && (!finished || self.failed.len() == failed_before) {
            self.failed.push(Failure {
                test: format!("{}: the test program itself", program.target),
                cause: String::new(),
            });
        }
    }

    fn take(&mut self, program: &TestProgram, name: &str, outcome: Outcome, reader: &Reader) {
        let test = format!("{}::{name}", program.target);
        let ok = match outcome {
            Outcome::Ignored => return,
            Outcome::Passed => true,
            Outcome::Failed => false,
        };
        let level = level(&program.package, &program.target, program.is_integration, name);
        for id in ids::carried(name).ids {
            self.rows.push(Row {
                id,
                level: level.to_owned(),
                test: test.clone(),
                ok,
            });
        }
        if ok {
            self.passed += 1;
        } else {
            let cause = reader.cause(name);
            self.failed.push(Failure { test, cause });
        }
    }

    fn summary(&self) -> Summary {
        let steps_failed: Vec<&str> = self
            .steps
            .iter()
            .filter(|(_, held)| !**held)
            .map(|(name, _)| &**name)
            .collect();
        if !steps_failed.is_empty() {
            shell::print_line(&format!("Failed: {}", steps_failed.join(", ")));
        }
        for Failure { test, cause } in &self.failed {
            shell::print_line(&format!("  {test}: {cause}"));
        }
        let (passed, failed) = (self.passed, self.failed.len());
        shell::print_line(&format!("{passed} passed, {failed} failed"));
        let held = steps_failed.is_empty() && failed == 0;
        Summary::new(
            held,
            &json!({ "passed": passed, "failed": failed, "steps": self.steps }),
        )
    }
}

fn run_program(program: &TestProgram, store: Store, reader: &mut Reader) -> Result<bool> {
    let postgres = (store == Store::Postgres)
        .then(|| Postgres::start(Disk::DoesNotWait))
        .transpose()?;
    let session = program.is_windowed().then(Session::open).transpose()?;
    let mut command = program.command(|executable| match &session {
        Some(session) => session.command(executable),
        None => Command::new(executable),
    });
    if session.is_some() {
        command.arg("--test-threads=1");
    }
    if let Some(postgres) = &postgres {
        command.env("BAILIWICK_TEST_POSTGRES", postgres.url());
        // What concerns the embedded database's own file.
        command.args(["--skip", "embedded::"]);
    }
    // Tests that export types belong to `bindings`; here they must not write beside the sources.
    command.env("TS_RS_EXPORT_DIR", shell::reports().join("test/bindings"));
    let status = shell::each_line(&mut command, |line| {
        say(line);
        reader.line(line);
    })?;
    Ok(status.success() && reader.finished())
}

/// Where a test proves something. An integration test says so by its first module or its target's name; a unit test
/// proves what its crate is. Where an integration test says nothing, it had a server at its other end.
fn level(package: &str, target: &str, is_integration: bool, name: &str) -> &'static str {
    let said = |word: &str| LEVELS.into_iter().find(|level| *level == word);
    if is_integration {
        let first_module = name.split_once("::").and_then(|(module, _)| said(module));
        if let Some(level) = first_module.or_else(|| said(target)) {
            return level;
        }
        if package == STORIES {
            return match target {
                "matrix" => "policy",
                "demo" => "window",
                _ => "server",
            };
        }
    }
    match package {
        "bailiwick-store" | "bailiwick-server" => "server",
        "bailiwick-device" => "device",
        "bailiwick" => "window",
        _ => "policy",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_follows_from_module_target_and_package() {
        let cases = [
            (STORIES, "stories", true, "device::c_ins_08_requests", "device"),
            (STORIES, "window", true, "c_ins_08_requests", "window"),
            (STORIES, "matrix", true, "c_mx_01::guest", "policy"),
            (STORIES, "demo", true, "x_06_withdrawn", "window"),
            (STORIES, "stories", true, "x_06_withdrawn", "server"),
            (
                "bailiwick-policy",
                "policy",
                false,
                "grant::tests::x_01_several",
                "policy",
            ),
            (
                "bailiwick-store",
                "store",
                false,
                "submit::tests::x_09_twice",
                "server",
            ),
            ("bailiwick-device", "device", false, "x_05_lease", "device"),
            ("bailiwick", "bailiwick", false, "x_13_sees", "window"),
            // A module of that name in the server's own unit tests makes it no device.
            (
                "bailiwick-server",
                "server",
                false,
                "device::x_06_returned",
                "server",
            ),
        ];
        for (package, target, is_integration, name, expected) in cases {
            assert_eq!(
                level(package, target, is_integration, name),
                expected,
                "{package} {target} {name}"
            );
        }
    }

    #[test]
    fn unknown_flags_are_refused() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(parse(&words("--only window")).is_ok_and(|only| only == Only::Window));
        assert!(parse(&words("--only everything")).is_err_and(|error| error.is::<Usage>()));
        assert!(parse(&words("--fast")).is_err_and(|error| error.is::<Usage>()));
    }
}
