//! `cargo xtask sim`: builds the simulator for release, then runs it; only the run is timed.

use std::process::Command;

use anyhow::Result;

use crate::shell::{self, Summary, Usage};

pub fn run(args: &[String]) -> Result<Summary> {
    check(args)?;
    shell::must(shell::cargo().args(["build", "--release", "-p", "bailiwick-sim"]))?;
    let mut command = Command::new(shell::programs("release").join("bailiwick-sim"));
    shell::passed_on(command.args(args).current_dir(shell::root()))
}

fn check(args: &[String]) -> Result<(), Usage> {
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
        assert!(!accepts("--seed") && !accepts("--seed x") && !accepts("500"));
    }
}
