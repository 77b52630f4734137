//! `cargo xtask sim`: builds the simulator for release, then runs it; only the run is timed. With `--mutants` it plants bugs.

use std::process::Command;

use anyhow::Result;

use crate::shell::{self, Summary, Usage};

pub fn run(args: &[String]) -> Result<Summary> {
    check(args)?;
    if args.iter().any(|word| word == "--mutants") {
        return mutants();
    }
    shell::must(shell::cargo().args(["build", "--release", "-p", "bailiwick-sim"]))?;
    played(Command::new(shell::programs("release").join("bailiwick-sim")).args(args))
}

/// Plants bugs, in a build of its own that knows how; nothing else is ever built with that feature.
fn mutants() -> Result<Summary> {
    let build = [
        "build",
        "--release",
        "-p",
        "bailiwick-sim",
        "--features",
        "planted",
    ];
    shell::must(shell::cargo().args(build))?;
    let report = shell::root().join("target/sim/mutants.json");
    let program = shell::programs("release").join("bailiwick-sim");
    played(Command::new(program).arg("--mutants").arg(report))
}

fn played(command: &mut Command) -> Result<Summary> {
    shell::passed_on(command.current_dir(shell::root()))
}

fn check(args: &[String]) -> Result<(), Usage> {
    if args.len() > 1 && args.iter().any(|word| word == "--mutants") {
        return Err(Usage("--mutants stands alone".to_owned()));
    }
    let mut words = args.iter();
    while let Some(word) = words.next() {
        let accepted = match word.as_str() {
            "--mutants" => true,
            "--seeds" | "--from" | "--seed" => {
                words.next().is_some_and(|number| number.parse::<u64>().is_ok())
            }
            _ => false,
        };
        if !accepted {
            return Err(Usage(format!(
                "not accepted: {word}; sim takes --seeds N, --from S, --seed S and --mutants"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_checked_before_anything_is_built() {
        let accepts = |text: &str| check(&text.split(' ').map(str::to_owned).collect::<Vec<_>>()).is_ok();
        assert!(accepts("--seeds 500 --from 1000") && accepts("--seed 7") && accepts("--mutants"));
        assert!(
            !accepts("--mutants --seed 7") && !accepts("--seed") && !accepts("--seed x") && !accepts("500")
        );
    }
}
