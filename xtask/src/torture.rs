//! `cargo xtask torture`: builds the product's programs for release, starts a PostgreSQL, and has them killed.

use std::process::Command;

use anyhow::Result;
use serde_json::json;

use crate::postgres::{Disk, Postgres};
use crate::shell::{self, Summary, Usage};

pub fn run(args: &[String]) -> Result<Summary> {
    let wants_postgres = check(args)?;
    let programs = ["--bin", "bailiwick-torture", "--bin", "bailiwick-server"];
    shell::must(
        shell::cargo()
            .args([
                "build",
                "--release",
                "-p",
                "bailiwick-torture",
                "-p",
                "bailiwick-server",
            ])
            .args(programs),
    )?;
    let postgres = wants_postgres.then(|| Postgres::start(Disk::Waits)).transpose()?;
    let mut command = Command::new(shell::programs("release").join("bailiwick-torture"));
    command.env("BAILIWICK_BIN_DIR", shell::programs("release"));
    if let Some(postgres) = &postgres {
        command.env("BAILIWICK_TORTURE_POSTGRES", postgres.url());
        command.env("BAILIWICK_TORTURE_PG_CTL", json!(postgres.control()).to_string());
    }
    shell::passed_on(command.args(args).current_dir(shell::root()))
}

/// Whether PostgreSQL takes part.
fn check(args: &[String]) -> Result<bool, Usage> {
    let mut wants_postgres = true;
    let mut words = args.iter();
    while let Some(word) = words.next() {
        let accepted = match word.as_str() {
            "--kills" | "--cut-every" | "--seed" => {
                words.next().is_some_and(|number| number.parse::<u64>().is_ok())
            }
            "--store" => {
                let store = words.next().map(String::as_str);
                wants_postgres = store != Some("sqlite");
                matches!(store, Some("sqlite" | "postgres"))
            }
            "--only" => words.next().is_some(),
            "--skip-disks" => true,
            "golden" => {
                wants_postgres = false;
                words.next().is_some_and(|word| word == "--to") && words.next().is_some()
            }
            _ => false,
        };
        if !accepted {
            return Err(Usage(format!(
                "not accepted: {word}; torture takes --kills N, --store sqlite|postgres, --only FAULT, --cut-every N, \
                 --skip-disks and --seed S, or golden --to FOLDER"
            )));
        }
    }
    Ok(wants_postgres)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Result<bool, Usage> {
        check(&text.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn flags_are_checked_before_anything_is_built() {
        assert!(checked("--kills 20 --store postgres").is_ok_and(|wants| wants));
        assert!(checked("--only logs --store sqlite --skip-disks").is_ok_and(|wants| !wants));
        assert!(checked("golden --to tests/golden/2").is_ok_and(|wants| !wants));
        for wrong in ["--kills", "--kills many", "--store oracle", "golden", "20"] {
            assert!(checked(wrong).is_err(), "{wrong}");
        }
    }
}
