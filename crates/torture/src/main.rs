//! `cargo xtask torture`, and the processes that it kills.

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand, ValueEnum};
use serde_json::json;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;
use tokio::runtime::Runtime;
use torture::office::Kind;
use torture::report::{self, Row, say};
use torture::{blows, cuts, damage, disks, golden, logs, strange, upgrade};

#[derive(Parser)]
#[command(about = "Kills, cuts, fills and damages; results go to target/torture/report.json")]
struct Args {
    /// How often each process is killed with each store.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..))]
    kills: u64,
    /// One store only; both by default.
    #[arg(long)]
    store: Option<Store>,
    /// These faults only.
    #[arg(long, value_enum)]
    only: Vec<Fault>,
    /// The network is cut after every so many bytes.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    cut_every: u64,
    /// Does not ask for small disks, which only an administrator can make.
    #[arg(long)]
    skip_disks: bool,
    /// Where the counts are written; target/torture/report.json by default.
    #[arg(long)]
    report: Option<PathBuf>,
    /// Where the random moments begin.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Store {
    Sqlite,
    Postgres,
}

/// By the names under which `docs/promises.md` refers to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Fault {
    #[value(name = "laptop")]
    Laptop,
    #[value(name = "server")]
    Server,
    #[value(name = "network")]
    Network,
    #[value(name = "answers")]
    Answers,
    #[value(name = "disks")]
    Disks,
    #[value(name = "logs")]
    Logs,
    #[value(name = "damage")]
    Damage,
    #[value(name = "upgrades")]
    Upgrades,
}

#[derive(Subcommand)]
enum Part {
    /// A laptop at work, to be killed.
    #[command(hide = true)]
    Laptop {
        #[arg(long)]
        folder: PathBuf,
        #[arg(long)]
        server: String,
        #[arg(long)]
        seed: u64,
    },
    /// Makes golden files of the format of cache and outbox as it is now, as `tests/golden/1` has those of the first.
    Golden {
        #[arg(long)]
        to: PathBuf,
    },
    /// Opens a file of a laptop, to be killed while it is brought up to date.
    #[command(hide = true)]
    Open {
        #[arg(long)]
        file: PathBuf,
    },
}

fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("{error:#}"));
            let _ = writeln!(std::io::stdout(), "{}", json!({ "error": format!("{error:#}") }));
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<bool> {
    match &args.part {
        Some(Part::Laptop { folder, server, seed }) => blows::work(folder, server, *seed).map(|()| true),
        Some(Part::Golden { to }) => {
            let runtime = Runtime::new()?;
            runtime.block_on(golden::make(to))?;
            let _ = writeln!(std::io::stdout(), "{}", json!({ "golden": to }));
            Ok(true)
        }
        Some(Part::Open { file }) => upgrade::open_file(file).map(|()| true),
        None => torment(args),
    }
}

/// The stores that were asked for.
fn kinds(args: &Args) -> Result<Vec<Kind>> {
    let mut kinds = Vec::new();
    if args.store != Some(Store::Postgres) {
        kinds.push(Kind::Sqlite);
    }
    if args.store != Some(Store::Sqlite) {
        let server = std::env::var("BAILIWICK_TORTURE_POSTGRES").ok();
        kinds.push(Kind::Postgres(server.context(
            "no PostgreSQL: run this through `cargo xtask torture`, or say --store sqlite",
        )?));
    }
    Ok(kinds)
}

/// What has struck so far.
struct Run<'a> {
    args: &'a Args,
    runtime: Runtime,
    rows: Vec<Row>,
}

fn torment(args: &Args) -> Result<bool> {
    let kinds = kinds(args)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut run = Run {
        args,
        runtime,
        rows: Vec::new(),
    };
    let (kills, seed) = (args.kills, args.seed);
    for kind in &kinds {
        run.strikes(Fault::Laptop, |_| Ok(vec![blows::on_device(kind, kills, seed)?]))?;
        run.strikes(Fault::Server, |_| blows::on_server(kind, kills, seed))?;
        run.strikes(Fault::Upgrades, |runtime| match kind {
            Kind::Sqlite => upgrade::of_files(seed),
            Kind::Postgres(_) => Ok(vec![runtime.block_on(upgrade::of_postgres(kind, seed))?]),
        })?;
        if !args.skip_disks {
            run.strikes(Fault::Disks, |runtime| match disks::can_be_made() {
                Err(why) => Ok(vec![Row::of(
                    &format!("office's disk full: skipped, {why}"),
                    kind.name(),
                )]),
                Ok(()) => Ok(vec![runtime.block_on(disks::of_office(kind, seed))?]),
            })?;
        }
    }
    // These concern a laptop and the embedded office alone.
    if args.store != Some(Store::Postgres) {
        run.strikes(Fault::Logs, |_| logs::everywhere(seed))?;
        run.strikes(Fault::Network, |runtime| {
            runtime.block_on(cuts::everywhere(args.cut_every, seed))
        })?;
        run.strikes(Fault::Answers, |runtime| {
            Ok(vec![runtime.block_on(strange::everything(seed))?])
        })?;
        run.strikes(Fault::Damage, |runtime| {
            runtime.block_on(damage::everything(seed))
        })?;
        if !args.skip_disks {
            run.strikes(Fault::Disks, |runtime| match disks::can_be_made() {
                Err(why) => Ok(vec![Row::of(
                    &format!("laptop's disk full: skipped, {why}"),
                    "device",
                )]),
                Ok(()) => Ok(vec![runtime.block_on(disks::of_laptop(seed))?]),
            })?;
        }
    }
    let file = args.report.clone().unwrap_or_else(report::usual_place);
    report::save(&run.rows, &file)?;
    say(&format!("written to {}", file.display()));
    let _ = writeln!(std::io::stdout(), "{}", serde_json::to_string(&run.rows)?);
    Ok(run.rows.iter().all(Row::held))
}

impl Run<'_> {
    /// Strikes, where that was asked for, and keeps what came of it.
    fn strikes(&mut self, fault: Fault, strike: impl FnOnce(&Runtime) -> Result<Vec<Row>>) -> Result<()> {
        if !self.args.only.is_empty() && !self.args.only.contains(&fault) {
            return Ok(());
        }
        let begun = Instant::now();
        let rows = strike(&self.runtime)?;
        for row in &rows {
            say(&format!("{}", json!(row)));
        }
        say(&format!("{fault:?}: {:.1} s", begun.elapsed().as_secs_f64()));
        self.rows.extend(rows);
        Ok(())
    }
}
