//! `cargo xtask sim`: builds the simulator for release, then runs it; only the run is timed. With `--mutants` it plants bugs.

use std::process::Command;

use anyhow::Result;

use crate::shell::{self, Summary, Usage};

/// Says that bugs are to be planted.
pub const MUTANTS: &str = "--mutants";

pub fn run(args: &[String]) -> Result<Summary> {
    check(args)?;
    if args.iter().any(|word| word == MUTANTS) {
        let report = shell::root().join("target/sim/mutants.json");
        return shell::passed_on(simulator("bailiwick-sim", true)?.arg(MUTANTS).arg(report));
    }
    shell::passed_on(simulator("bailiwick-sim", false)?.args(args))
}

/// A program of the simulator, built for release. One that plants bugs is a build of its own that knows how; nothing else is
/// ever built with that feature.
pub fn simulator(program: &str, plants: bool) -> Result<Command> {
    let mut build = shell::cargo();
    build.args(["build", "--release", "-p", "bailiwick-sim", "--bin", program]);
    if plants {
        build.args(["--features", "planted"]);
    }
    shell::must(&mut build)?;
    let mut command = Command::new(shell::programs("release").join(program));
    command.current_dir(shell::root());
    Ok(command)
}

fn check(args: &[String]) -> Result<(), Usage> {
    if args.len() > 1 && args.iter().any(|word| word == MUTANTS) {
        return Err(Usage("--mutants stands alone".to_owned()));
    }
    let mut words = args.iter();
    while let Some(word) = words.next() {
        let accepted = match word.as_str() {
            MUTANTS => true,
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
