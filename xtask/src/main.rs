//! The project's own commands, `cargo xtask …`.
//!
//! This crate stays light on purpose (serde_json and nothing heavier), because it installs what the rest needs before
//! anything else can be built. Exit 0: ran and held; 1: a check failed; 2: wrong usage. Progress goes to stderr; the
//! last line of stdout is one JSON summary.

mod bench;
mod bindings;
mod canaries;
mod coverage;
mod demo;
mod fuzz;
mod ids;
mod libtest;
mod package;
mod postgres;
mod promises;
mod requirements;
mod session;
mod setup;
mod shell;
mod sim;
mod test;
mod test_programs;
mod tidy;
mod torture;
mod where_is;

use std::process::ExitCode;

use shell::{Summary, Usage, say};

type Run = fn(&[String]) -> anyhow::Result<Summary>;

const COMMANDS: &[(&str, &str, Run)] = &[
    ("setup", "install what is missing and build the UI", setup::run),
    (
        "test [--only unit|stories|window|ui]",
        "every test, lint and check",
        test::run,
    ),
    (
        "coverage [--json]",
        "which requirements are proven, from the last test run",
        coverage::run,
    ),
    (
        "demo [--headless] [--sabotage STEP] [--store sqlite|postgres]",
        "the whole day in a seeded town",
        demo::run,
    ),
    (
        "bench [NAME…] [--peers] [--runs N] [--sizes N,N…] [--store S]",
        "ours beside the floor, in one run",
        bench::run,
    ),
    (
        "sim [--seeds N] [--from S] [--seed S] [--mutants]",
        "many devices, a bad network",
        sim::run,
    ),
    (
        "canaries [--histories N] [--from S] [--seed S] [--mutants]",
        "no text reaches or stays with whoever may not see it",
        canaries::run,
    ),
    (
        "torture [--kills N] [--store sqlite|postgres] [--only FAULT]",
        "processes and files, killed, cut, filled and damaged",
        torture::run,
    ),
    (
        "fuzz [--examples N]",
        "the server, asked at random by every role and by nobody",
        fuzz::run,
    ),
    ("package", "the office and the window as packages", package::run),
    ("where COMMAND", "the files that make a command", where_is::run),
    ("tidy", "checks of the repository itself", tidy::run),
    (
        "bindings [--check]",
        "TypeScript types generated from Rust",
        bindings::run,
    ),
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let summary = match dispatch(&args) {
        Ok(summary) => summary,
        Err(error) => {
            let code = if error.is::<Usage>() { 2 } else { 1 };
            say(&format!("{error:#}"));
            Summary {
                code,
                line: serde_json::json!({ "error": format!("{error:#}") }).to_string(),
            }
        }
    };
    shell::print_line(&summary.line);
    ExitCode::from(summary.code)
}

fn dispatch(args: &[String]) -> anyhow::Result<Summary> {
    let Some(name) = args.first() else {
        return Err(Usage(accepted()).into());
    };
    for (usage, _, run) in COMMANDS {
        if usage.split(' ').next() == Some(name) {
            return run(&args[1..]);
        }
    }
    Err(Usage(format!("unknown command {name:?}\n{}", accepted())).into())
}

fn accepted() -> String {
    let lines = COMMANDS
        .iter()
        .map(|(usage, does, _)| format!("  {usage:<52} {does}"));
    format!(
        "cargo xtask COMMAND, where COMMAND is one of\n{}",
        lines.collect::<Vec<_>>().join("\n")
    )
}
