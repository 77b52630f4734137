//! Plays seeds on all cores and says which failed.

use clap::Parser;
use serde_json::json;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

#[derive(Parser)]
struct Args {
    /// How many seeds.
    #[arg(long, default_value_t = 1000)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// One seed alone.
    #[arg(long)]
    seed: Option<u64>,
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
    let (from, count) = args.seed.map_or((args.from, args.seeds), |seed| (seed, 1));
    let begun = Instant::now();
    let next = AtomicU64::new(from);
    let sum = Mutex::new(Sum::default());
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= from + count {
                        return;
                    }
                    let outcome = sim::run(seed);
                    let Ok(mut sum) = sum.lock() else { return };
                    match outcome {
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
                            let _ = writeln!(std::io::stderr(), "seed {seed}: {error:#}");
                        }
                    }
                }
            });
        }
    });
    let Ok(sum) = sum.into_inner() else {
        return ExitCode::FAILURE;
    };
    let trace: String = sum.trace.iter().map(|byte| format!("{byte:02x}")).collect();
    let summary = json!({
        "seeds": count, "steps": sum.steps, "commands": sum.commands, "passed": count - sum.failed.len() as u64,
        "failed": sum.failed, "trace_hash": trace, "seconds": begun.elapsed().as_secs_f64(),
    });
    let _ = writeln!(std::io::stdout(), "{summary}");
    if sum.failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
