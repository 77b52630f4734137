//! `cargo xtask demo`: sets up, builds, and lets the demo live through its day.

use std::process::Command;

use anyhow::{Result, bail};

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
    let (headless, sabotage) = parse(args)?;
    setup::all()?;
    shell::must(shell::cargo().args(["build", "--workspace"]))?;
    let program = shell::programs("debug").join(format!("demo{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        bail!(
            "the build left no demo program in {}",
            shell::programs("debug").display()
        );
    }
    let session = headless.then(Session::open).transpose()?;
    let mut command = match &session {
        Some(session) => session.command(&program),
        None => Command::new(&program),
    };
    if headless {
        command.arg("--headless");
    }
    if let Some(step) = sabotage {
        command.args(["--sabotage", step]);
    }
    shell::give_places(&mut command);
    shell::passed_on(command.current_dir(shell::root()))
}

fn parse(args: &[String]) -> Result<(bool, Option<&str>)> {
    let (mut headless, mut sabotage) = (false, None);
    let mut words = args.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "--headless" => headless = true,
            "--sabotage" => match words.next() {
                Some(step) if STEPS.contains(&step) => sabotage = Some(step),
                _ => {
                    return Err(Usage(format!("--sabotage takes one of {}", STEPS.join(", "))).into());
                }
            },
            _ => {
                return Err(Usage(format!(
                    "unknown {word:?}; demo accepts --headless and --sabotage STEP"
                ))
                .into());
            }
        }
    }
    Ok((headless, sabotage))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_steps_can_be_sabotaged() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let args = words("--headless --sabotage withdraw");
        assert_eq!(parse(&args).ok(), Some((true, Some("withdraw"))));
        let refusal = parse(&words("--sabotage lunch")).expect_err("no such step");
        assert!(refusal.is::<Usage>() && refusal.to_string().contains("laptop-forgets"));
        assert!(parse(&words("--sabotage")).is_err_and(|error| error.is::<Usage>()));
    }
}
