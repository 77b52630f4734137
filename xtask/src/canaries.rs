//! `cargo xtask canaries`: builds the histories with canaries for release, then plays them; only the run is timed.

use anyhow::Result;

use crate::shell::{self, Summary, Usage};
use crate::sim::{MUTANTS, simulator};

pub fn run(args: &[String]) -> Result<Summary> {
    check(args)?;
    let plants = args.iter().any(|word| word == MUTANTS);
    shell::passed_on(simulator("bailiwick-canaries", plants)?.args(args))
}

fn check(args: &[String]) -> Result<(), Usage> {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let numbers = |words: &[&str]| {
        words.chunks(2).all(|pair| {
            matches!(pair, ["--histories" | "--from" | "--seed", number] if number.parse::<u64>().is_ok())
        })
    };
    if words == [MUTANTS] || numbers(&words) {
        return Ok(());
    }
    Err(Usage(format!(
        "not accepted: {}; canaries takes --histories N, --from S and --seed S, or {MUTANTS} alone",
        words.join(" ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_checked_before_anything_is_built() {
        let accepts = |text: &str| {
            let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            check(&words).is_ok()
        };
        assert!(accepts("") && accepts("--histories 500 --from 1000") && accepts("--seed 7"));
        assert!(accepts("--mutants") && !accepts("--mutants --seed 7"));
        assert!(!accepts("--seed") && !accepts("--histories many") && !accepts("500"));
    }
}
