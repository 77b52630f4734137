//! Plays seeds on all cores and says which failed; with planted bugs, which were noticed.

#[cfg(feature = "planted")]
mod mutants;

use clap::Parser;
use serde_json::json;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Instant;

/// Histories take and give back memory all the time, SQLite's pages among it.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
struct Args {
    /// How many seeds.
    #[arg(long, default_value_t = 1000)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// One seed alone, told step by step.
    #[arg(long)]
    seed: Option<u64>,
    /// Plants one bug after the other; one that is not noticed is a failure. Writes what came of them to this file.
    #[cfg(feature = "planted")]
    #[arg(long)]
    mutants: Option<std::path::PathBuf>,
}

#[derive(Default)]
struct Sum {
    steps: usize,
    commands: usize,
    failed: Vec<u64>,
    /// Does not depend on the order in which seeds end.
    trace: [u8; 32],
}

fn main() -> ExitCode {
    let args = Args::parse();
    // Rules panic on purpose there, and are caught.
    #[cfg(feature = "planted")]
    std::panic::set_hook(Box::new(|_| {}));
    #[cfg(feature = "planted")]
    if let Some(report) = &args.mutants {
        return plant_all(report);
    }
    let (from, count) = args.seed.map_or((args.from, args.seeds), |seed| (seed, 1));
    let begun = Instant::now();
    let mut sum = Sum::default();
    let play = |seed| match args.seed {
        Some(_) => sim::told(seed, &mut |step| say(step)),
        None => sim::run(seed),
    };
    sim::on_all_cores(from..from + count, play, |seed, outcome| match outcome {
        Ok(outcome) => {
            sum.steps += outcome.steps;
            sum.commands += outcome.commands;
            sum.trace
                .iter_mut()
                .zip(outcome.trace)
                .for_each(|(all, one)| *all ^= one);
        }
        Err(error) => {
            sum.failed.push(seed);
            say(&format!("seed {seed}: {error:#}"));
        }
    });
    sum.failed.sort_unstable();
    let trace: String = sum.trace.iter().map(|byte| format!("{byte:02x}")).collect();
    let summary = json!({
        "seeds": count, "steps": sum.steps, "commands": sum.commands, "passed": count - sum.failed.len() as u64,
        "failed": sum.failed, "trace_hash": trace, "seconds": begun.elapsed().as_secs_f64(),
    });
    let _ = writeln!(std::io::stdout(), "{summary}");
    exit(sum.failed.is_empty())
}

fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn exit(is_right: bool) -> ExitCode {
    if is_right {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[cfg(feature = "planted")]
fn plant_all(report: &std::path::Path) -> ExitCode {
    let begun = Instant::now();
    let caught = mutants::all(&|caught| {
        let seed = caught
            .seed
            .map_or("no seed".to_owned(), |seed| format!("seed {seed}"));
        let silent = if caught.is_silent { "" } else { " NOT SILENT" };
        let said: String = caught.said.chars().take(160).collect();
        say(&format!("{}: {seed}{silent}: {said}", caught.bug.name()));
    });
    let lines: Vec<_> = caught.iter().map(mutants::Caught::to_json).collect();
    let written = report
        .parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| std::fs::write(report, format!("{:#}\n", json!(lines))));
    if let Err(error) = &written {
        say(&format!("{}: {error}", report.display()));
    }
    let wrong = caught.iter().filter(|caught| !caught.is_right());
    let wrong: Vec<&str> = wrong.map(|caught| caught.bug.name()).collect();
    let summary = json!({
        "mutants": caught.len(), "caught": caught.len() - wrong.len(), "missed": wrong,
        "seconds": begun.elapsed().as_secs_f64(),
    });
    let _ = writeln!(std::io::stdout(), "{summary}");
    exit(wrong.is_empty() && written.is_ok())
}
