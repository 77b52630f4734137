//! The benchmarks: ours beside a floor, in one run. What falls short is said and is no failure; what could not be
//! measured is.

mod connected;
mod floor;
mod measure;
mod ours;
mod report;
mod table;
mod town;
mod wire;

use anyhow::{Context as _, Result};
use clap::Parser;
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use store::Place;
use wire::Which;

/// The benchmarks there are.
const NAMES: [&str; 1] = ["sync"];

#[derive(Parser)]
#[command(about = "Measures ours beside its floor; results go to target/bench/NAME.json")]
struct Args {
    /// Which benchmarks; all by default.
    names: Vec<String>,
    /// How often everything is measured; the median counts.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// How many records lie in the calendar that is synced, and in each of nineteen others.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(100..))]
    records: u32,
    /// Measures other products too, where a benchmark knows how.
    #[arg(long)]
    peers: bool,
    /// Serves one side of a measure; started by the measure itself.
    #[arg(long, hide = true, requires = "at")]
    serve: Option<Which>,
    #[arg(long, hide = true)]
    at: Option<PathBuf>,
    #[arg(long, hide = true)]
    database: Option<String>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    if let (Some(which), Some(at), Some(database)) = (args.serve, &args.at, &args.database) {
        let place = Place::parse(database).map_err(anyhow::Error::msg);
        let served = place.and_then(|place| match which {
            Which::Ours => ours::serve(&place, at),
            Which::Floor => floor::serve(&place),
        });
        return ended(served.map(|()| json!({})));
    }
    if let Some(name) = args.names.iter().find(|name| !NAMES.contains(&name.as_str())) {
        let _ = writeln!(
            std::io::stderr(),
            "no benchmark `{name}`; there is: {}",
            NAMES.join(", ")
        );
        let _ = writeln!(
            std::io::stdout(),
            "{}",
            json!({ "error": "no such benchmark", "known": NAMES })
        );
        return ExitCode::from(2);
    }
    if args.peers {
        let _ = writeln!(
            std::io::stderr(),
            "no benchmark knows how to measure other products"
        );
    }
    ended(run(&args).map(|summary| {
        let _ = writeln!(std::io::stdout(), "{summary}");
        summary
    }))
}

fn ended(result: Result<Value>) -> ExitCode {
    match result {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error:#}");
            let _ = writeln!(std::io::stdout(), "{}", json!({ "error": format!("{error:#}") }));
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<Value> {
    let (runs, records) = (usize::from(args.runs), usize::try_from(args.records)?);
    let mut measures = measure::sync(runs, records, None).context("sync could not be measured")?;
    // `cargo xtask bench` starts one, which waits for the disk as in an office.
    if let Ok(server) = std::env::var("BAILIWICK_BENCH_POSTGRES") {
        let there = measure::sync(runs, records, Some(&server));
        measures.extend(there.context("sync could not be measured on PostgreSQL")?);
    }
    report::print(&measures)?;
    let file = report::save("sync", &measures)?;
    let short: Vec<&str> = measures
        .iter()
        .filter(|line| !line.ok)
        .map(|line| line.measure.as_str())
        .collect();
    Ok(json!({
        "bench": "sync",
        "runs": runs,
        "records": records,
        "measures": measures.len(),
        "short": short,
        "file": file,
    }))
}
