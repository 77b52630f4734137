//! `cargo xtask bench`: builds the benchmarks for release and runs them.

use std::process::Command;

use anyhow::Result;

use crate::postgres::{Disk, Postgres};
use crate::shell::{self, Summary, Usage};

pub fn run(args: &[String]) -> Result<Summary> {
    check(args)?;
    shell::must(shell::cargo().args(["build", "--release", "--workspace", "--bin", "bailiwick-bench"]))?;
    let postgres = Postgres::start(Disk::Waits)?;
    let mut command = Command::new(shell::programs("release").join("bailiwick-bench"));
    shell::give_places(&mut command);
    command.env("BAILIWICK_BENCH_POSTGRES", postgres.url());
    shell::passed_on(command.args(args).current_dir(shell::root()))
}

fn check(args: &[String]) -> Result<(), Usage> {
    let mut words = args.iter();
    while let Some(word) = words.next() {
        let accepted = match word.as_str() {
            "--peers" => true,
            "--runs" | "--records" => words.next().is_some_and(|number| is_number(number)),
            "--store" => words
                .next()
                .is_some_and(|store| ["sqlite", "postgres"].contains(&store.as_str())),
            "--sizes" => words.next().is_some_and(|sizes| sizes.split(',').all(is_number)),
            name => !name.starts_with('-'),
        };
        if !accepted {
            return Err(Usage(format!(
                "not accepted: {word}; bench takes names, --peers, --runs N, --records N, --sizes N,N… and --store sqlite|postgres"
            )));
        }
    }
    Ok(())
}

fn is_number(text: &str) -> bool {
    text.parse::<u32>().is_ok_and(|number| number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_checked_before_anything_is_built() {
        let accepts = |text: &str| check(&text.split(' ').map(str::to_owned).collect::<Vec<_>>()).is_ok();
        assert!(accepts("sync --peers --runs 3"));
        assert!(accepts("herd --store postgres") && !accepts("--store oracle"));
        assert!(accepts("flatness --sizes 20000,200000") && !accepts("--sizes 20000,many"));
        assert!(!accepts("--runs") && !accepts("--runs few") && !accepts("--fast"));
    }
}
