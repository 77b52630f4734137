//! The benchmarks: ours beside a floor, in one run. What falls short is said and is no failure; what could not be
//! measured is.

mod apart;
mod compared;
mod connected;
mod flatness;
mod floor;
mod grow;
mod herd;
mod light;
mod measure;
mod office;
mod ours;
mod peers;
mod place;
mod process;
mod queue;
mod report;
mod table;
mod town;
mod wire;

use anyhow::{Context as _, Result, ensure};
use clap::Parser;
use report::Measure;
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use store::Place;
use wire::Which;

/// The benchmarks there are.
const NAMES: [&str; 4] = ["sync", "flatness", "herd", "queue"];

/// The smallest town of `flatness`: a hundred records in each department.
const SMALLEST: u32 = 2_000;
/// The largest town that is built on PostgreSQL.
const POSTGRES_INSPECTIONS_MAX: usize = 2_000_000;
/// Names the address of a PostgreSQL server, which `cargo xtask bench` starts: it waits for the disk as in an office.
const POSTGRES: &str = "BAILIWICK_BENCH_POSTGRES";

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
    /// How many records the towns of `flatness` have, the smallest first; a twentieth of the smallest is synced.
    #[arg(long, value_delimiter = ',', default_value = "200000,2000000,10000000")]
    sizes: Vec<u32>,
    /// Measures one store alone; both by default.
    #[arg(long)]
    store: Option<Store>,
    /// Measures other products on the same work, and nothing else unless a benchmark is named too.
    #[arg(long)]
    peers: bool,
    /// Is one device of a measure; started by the measure itself.
    #[arg(long, hide = true)]
    apart: bool,
    /// Serves one side of a measure; started by the measure itself.
    #[arg(long, hide = true, requires = "at")]
    serve: Option<Which>,
    #[arg(long, hide = true)]
    at: Option<PathBuf>,
    #[arg(long, hide = true)]
    database: Option<String>,
}

/// Where an office keeps its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Store {
    Sqlite,
    Postgres,
}

fn main() -> ExitCode {
    let args = Args::parse();
    if args.apart {
        return ended(apart::carry_out().and_then(|done| {
            let done = serde_json::to_value(done)?;
            let _ = writeln!(std::io::stdout(), "{done}");
            Ok(done)
        }));
    }
    if let (Some(which), Some(at), Some(database)) = (args.serve, &args.at, &args.database) {
        let place = Place::parse(database).map_err(anyhow::Error::msg);
        let served = place.and_then(|place| match which {
            Which::Ours => office::serve(&place, at),
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
    if !are_sizes(&args.sizes) {
        let said = format!("--sizes: accepted are numbers from {SMALLEST} on, the smallest first");
        let _ = writeln!(std::io::stderr(), "{said}");
        let _ = writeln!(std::io::stdout(), "{}", json!({ "error": said }));
        return ExitCode::from(2);
    }
    ended(run(&args).map(|summary| {
        let _ = writeln!(std::io::stdout(), "{summary}");
        summary
    }))
}

/// Whether each town is at least as large as the one before it, and the smallest has records enough to change.
fn are_sizes(sizes: &[u32]) -> bool {
    sizes.is_sorted() && sizes.first().is_some_and(|smallest| *smallest >= SMALLEST)
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
    let stores = stores(args.store)?;
    let servers = || stores.iter().map(Option::as_deref);
    let mut summaries = Vec::new();
    if args.peers {
        let measures = compared::compared(runs, servers());
        let (measures, missing) = measures.context("other products could not be compared")?;
        summaries.push(finished("peers", runs, &measures)?);
        ensure!(
            missing.is_empty(),
            "could not be measured: {}",
            missing.join(", ")
        );
    }
    for name in NAMES {
        let is_asked = args.names.iter().any(|asked| asked == name);
        if !is_asked && (args.peers || !args.names.is_empty()) {
            continue;
        }
        let mut measures = Vec::new();
        for server in servers() {
            let store = if server.is_some() {
                "PostgreSQL"
            } else {
                "the embedded database"
            };
            let measured = match name {
                "flatness" => flatness::flatness(runs, &sizes(args, server), server),
                "herd" => herd::herd(runs, server),
                "queue" => queue::queue(server),
                _ => measure::sync(runs, records, server),
            };
            measures.extend(measured.with_context(|| format!("{name} could not be measured on {store}"))?);
        }
        summaries.push(finished(name, runs, &measures)?);
    }
    Ok(match summaries.as_slice() {
        [summary] => summary.clone(),
        _ => json!({ "benches": summaries }),
    })
}

/// The stores that are measured: the embedded database, and the address of a PostgreSQL server.
fn stores(only: Option<Store>) -> Result<Vec<Option<String>>> {
    let mut stores = Vec::new();
    if only != Some(Store::Postgres) {
        stores.push(None);
    }
    if only != Some(Store::Sqlite) {
        match std::env::var(POSTGRES) {
            Ok(server) => stores.push(Some(server)),
            Err(_) => ensure!(
                only.is_none(),
                "{POSTGRES} does not name a server; `cargo xtask bench` starts one"
            ),
        }
    }
    Ok(stores)
}

/// The sizes of the towns that are built in a store.
fn sizes(args: &Args, server: Option<&str>) -> Vec<usize> {
    let sizes = args.sizes.iter().map(|size| *size as usize);
    sizes
        .filter(|size| server.is_none() || *size <= POSTGRES_INSPECTIONS_MAX)
        .collect()
}

/// Prints and keeps the results of a benchmark; gives its summary.
fn finished(name: &str, runs: usize, measures: &[Measure]) -> Result<Value> {
    report::print(measures)?;
    let file = report::save(name, measures)?;
    let short: Vec<&str> = measures
        .iter()
        .filter(|line| !line.ok)
        .map(|line| line.measure.as_str())
        .collect();
    Ok(json!({
        "bench": name,
        "runs": runs,
        "measures": measures.len(),
        "short": short,
        "file": file,
    }))
}
