//! `cargo xtask demo`: sets up, builds, and lets the demo live through its day.

use std::process::Command;

use anyhow::{Result, bail};

use crate::postgres::{Disk, Postgres};
use crate::session::Session;
use crate::setup;
use crate::shell::{self, Summary, Usage};

const STEPS: [&str; 12] = [
    "sign-in",
    "first-sync",
    "offline",
    "visit",
    "photo",
    "online",
    "arrived-once",
    "supervisor-sees",
    "reassign",
    "laptop-follows",
    "withdraw",
    "laptop-forgets",
];

pub fn run(args: &[String]) -> Result<Summary> {
    let options = parse(args)?;
    setup::all()?;
    shell::must(shell::cargo().args(["build", "--workspace"]))?;
    play(&options)
}

/// What the demo is to do.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    pub headless: bool,
    pub sabotage: Option<String>,
    pub postgres: bool,
}

/// Plays the day with the programs that are built.
pub fn play(options: &Options) -> Result<Summary> {
    let program = shell::programs("debug").join(format!("demo{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        bail!(
            "the build left no demo program in {}",
            shell::programs("debug").display()
        );
    }
    let postgres = options
        .postgres
        .then(|| Postgres::start(Disk::DoesNotWait))
        .transpose()?;
    let session = options.headless.then(Session::open).transpose()?;
    let mut command = match &session {
        Some(session) => session.command(&program),
        None => Command::new(&program),
    };
    if options.headless {
        command.arg("--headless");
    }
    if let Some(step) = &options.sabotage {
        command.args(["--sabotage", step]);
    }
    if let Some(postgres) = &postgres {
        command.env("BAILIWICK_TEST_POSTGRES", postgres.url());
    }
    shell::give_places(&mut command);
    shell::passed_on(command.current_dir(shell::root()))
}

fn parse(args: &[String]) -> Result<Options> {
    let mut options = Options::default();
    let mut words = args.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "--headless" => options.headless = true,
            "--sabotage" => match words.next() {
                Some(step) if STEPS.contains(&step) => options.sabotage = Some(step.to_owned()),
                _ => {
                    return Err(Usage(format!("--sabotage takes one of {}", STEPS.join(", "))).into());
                }
            },
            "--store" => match words.next() {
                Some("sqlite") => options.postgres = false,
                Some("postgres") => options.postgres = true,
                _ => return Err(Usage("--store takes sqlite or postgres".into()).into()),
            },
            _ => {
                let accepted = "demo accepts --headless, --sabotage STEP and --store sqlite|postgres";
                return Err(Usage(format!("unknown {word:?}; {accepted}")).into());
            }
        }
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_steps_can_be_sabotaged() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let args = words("--headless --sabotage withdraw");
        let wanted = Options {
            headless: true,
            sabotage: Some("withdraw".to_owned()),
            postgres: false,
        };
        assert_eq!(parse(&args).ok(), Some(wanted));
        assert!(parse(&words("--store postgres")).is_ok_and(|options| options.postgres));
        assert!(parse(&words("--store mysql")).is_err_and(|error| error.is::<Usage>()));
        let refusal = parse(&words("--sabotage lunch")).expect_err("no such step");
        assert!(refusal.is::<Usage>() && refusal.to_string().contains("laptop-forgets"));
        assert!(parse(&words("--sabotage")).is_err_and(|error| error.is::<Usage>()));
    }
}
