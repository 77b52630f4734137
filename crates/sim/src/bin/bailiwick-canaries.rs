//! Plays histories with canaries on all cores and says which leaked; with planted bugs, which were noticed.

use clap::Parser;
use serde_json::json;
use sim::canaries::{self, Played};
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Instant;

#[derive(Parser)]
struct Args {
    /// How many histories.
    #[arg(long, default_value_t = 1000)]
    histories: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// One seed alone, told step by step.
    #[arg(long)]
    seed: Option<u64>,
    /// Plants one bug after the other; one that is not noticed is a failure.
    #[cfg(feature = "planted")]
    #[arg(long)]
    mutants: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    #[cfg(feature = "planted")]
    if args.mutants {
        return plant_all();
    }
    let (from, count) = args.seed.map_or((args.from, args.histories), |seed| (seed, 1));
    let begun = Instant::now();
    let (mut all, mut failed) = (Played::default(), Vec::new());
    let play = |seed| match args.seed {
        Some(_) => canaries::told(seed, &mut |step| say(step)),
        None => canaries::run(seed),
    };
    sim::on_all_cores(from..from + count, play, |seed, played| match played {
        Ok(played) => all += played,
        Err(error) => {
            failed.push(seed);
            say(&format!("seed {seed}: {error:#}"));
        }
    });
    failed.sort_unstable();
    let summary = json!({
        "histories": count, "steps": all.steps, "changes": all.changes, "commands": all.commands,
        "round_trips": all.requests, "canaries_planted": all.planted, "searches": all.looked.times,
        "bytes_searched": all.looked.bytes, "canaries_permitted": all.looked.permitted,
        "leaked": failed, "seconds": begun.elapsed().as_secs_f64(),
    });
    let _ = writeln!(std::io::stdout(), "{summary}");
    exit(failed.is_empty())
}

/// A bug must be noticed within so many histories.
#[cfg(feature = "planted")]
const NOTICED_WITHIN: u64 = 500;

#[cfg(feature = "planted")]
fn plant_all() -> ExitCode {
    let begun = Instant::now();
    let bugs = canaries::leaks();
    let bug = |number: u64| bugs[usize::try_from(number).unwrap_or_default()];
    let mut missed = Vec::new();
    let play = |number| canaries::noticed(bug(number), NOTICED_WITHIN);
    sim::on_all_cores(0..bugs.len() as u64, play, |number, noticed| {
        let name = bug(number).name();
        match noticed {
            Some((seed, leak)) => say(&format!("{name}: seed {seed}: {leak}")),
            None => {
                missed.push(name);
                say(&format!("{name}: not noticed"));
            }
        }
    });
    let summary = json!({
        "mutants": bugs.len(), "caught": bugs.len() - missed.len(), "missed": missed,
        "seconds": begun.elapsed().as_secs_f64(),
    });
    let _ = writeln!(std::io::stdout(), "{summary}");
    exit(missed.is_empty())
}

fn exit(is_right: bool) -> ExitCode {
    match is_right {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
