//! The main job, once through: an inspector's day on a real window and a real office. `--headless` plays it and leaves
//! pictures and a report in `target/demo`; without it, the two windows are yours.

mod day;
mod report;
mod screens;

use anyhow::{Context as _, Result, bail};
use bailiwick_tests::office::{OfficeProcess, PASSWORD};
use bailiwick_tests::{program, root};
use report::STEPS;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let outcome = match arguments() {
        Ok((true, sabotage)) => day::play(sabotage.as_deref()),
        Ok((false, _)) => show(),
        Err(usage) => {
            say(&format!("demo: {usage}"));
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("demo: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Whether to play by itself, and which step to break.
fn arguments() -> Result<(bool, Option<String>)> {
    let mut headless = false;
    let mut sabotage = None;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--headless" => headless = true,
            "--sabotage" => {
                let step = args.next().context("--sabotage needs a step")?;
                if !STEPS.contains(&step.as_str()) {
                    bail!("--sabotage is `{step}`; accepted are {}", STEPS.join(", "));
                }
                sabotage = Some(step);
            }
            other => bail!("{other} is not known; accepted are --headless and --sabotage STEP"),
        }
    }
    Ok((headless, sabotage))
}

/// Tells the person at the terminal.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The folder of the demo's files, empty.
pub fn fresh_folder() -> Result<PathBuf> {
    let on_postgres = std::env::var_os("BAILIWICK_TEST_POSTGRES").is_some();
    let name = if on_postgres {
        "target/demo-postgres"
    } else {
        "target/demo"
    };
    let folder = root().canonicalize()?.join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Opens a seeded town and two windows, and leaves them to whoever is there.
fn show() -> Result<bool> {
    let folder = fresh_folder()?;
    let office = OfficeProcess::seeded(&folder.join("office"), &day::today())?;
    say(&format!("The office listens on {}.", office.address));
    let mut windows = Vec::new();
    for (username, who) in [("ana", "Ana, inspector"), ("marta", "Marta, manager")] {
        say(&format!(
            "{who}: server {}, username {username}, password {PASSWORD}",
            office.address
        ));
        let window = Command::new(program("bailiwick")?)
            .arg("--profile")
            .arg(folder.join(username))
            .spawn()?;
        windows.push(window);
    }
    for mut window in windows {
        window.wait()?;
    }
    let _ = writeln!(std::io::stdout(), "{{\"demo\":\"closed\"}}");
    Ok(true)
}
