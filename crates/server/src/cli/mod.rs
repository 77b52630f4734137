//! The command line: serve, and what an administrator does from a script. Exit 0 = done, 1 = a fault or a refusal, 2 =
//! wrong usage. The last line of stdout is one JSON summary; `serve` prints its address first.

mod devices;
mod keeping;
mod people;
mod photos;
mod serve;

use crate::office::{Office, Opening, random};
use crate::photos::PhotoPlace;
use crate::{Problem, import, seed};
use anyhow::Context as _;
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use devices::{Ledger, list_devices, look_up, wipe};
use people::{add_user, change_grant, switch_off};
use policy::OrgId;
use serde_json::{Value, json};
use serve::{Serving, serve};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use store::{OfficeTx as _, Place};

#[derive(Parser)]
#[command(
    name = "bailiwick-server",
    version,
    about = "The office of Bailiwick: keeps the records, decides, and syncs"
)]
struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Do,
}

#[derive(Args)]
struct Options {
    /// Where the records are: sqlite:FILE or postgres://…. By default a file in the data folder.
    #[arg(long, global = true, env = "BAILIWICK_DATABASE")]
    database: Option<String>,
    /// The folder for the basemap and, by default, the photos and the database.
    #[arg(
        long,
        global = true,
        env = "BAILIWICK_DATA_DIR",
        default_value = "bailiwick-data"
    )]
    data_dir: PathBuf,
    /// Where the photos are: a folder, or s3://BUCKET/PREFIX of an S3-compatible store, whose address and keys are
    /// AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. By default the folder `photos` in the data
    /// folder.
    #[arg(long, global = true, env = "BAILIWICK_PHOTOS", value_parser = PhotoPlace::parse)]
    photos: Option<PhotoPlace>,
}

#[derive(Subcommand)]
enum Do {
    /// Serves devices over HTTP until it is stopped.
    Serve(Serving),
    /// Brings the database up to date.
    Migrate,
    /// Writes a copy of the database to a file, and the photos to the folder `photos` beside it.
    Backup { file: PathBuf },
    /// Puts a copy in place of the database, and its photos in place; devices learn that it is another life of it.
    Restore { file: PathBuf },
    /// Carries the whole office into another, empty database: sqlite:FILE or postgres://…. Nobody may be serving it.
    Move {
        #[arg(long)]
        to: String,
    },
    /// Accounts.
    #[command(subcommand)]
    User(User),
    /// Roles given to people.
    #[command(subcommand)]
    Grant(Grant),
    /// Laptops.
    #[command(subcommand)]
    Device(Device),
    /// Who holds or held a record, or what a laptop holds and held: since when, until when, and when it proved to have let go.
    Ledger(Ledger),
    /// Fills the database with a demonstration town.
    Seed {
        #[arg(long, default_value_t = 1)]
        scale: u32,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// The town's first day; today by default.
        #[arg(long)]
        day: Option<NaiveDate>,
    },
    /// Imports records from a file.
    Import {
        kind: String,
        file: PathBuf,
        #[arg(long)]
        mapping: PathBuf,
        #[arg(long)]
        dry_run: bool,
        #[arg(long)]
        report: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
enum User {
    /// Adds an account; its password is read from standard input.
    Add {
        username: String,
        /// The person's name; the username by default.
        #[arg(long)]
        name: Option<String>,
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Switches an account off: it can no longer sign in, and its devices are refused.
    Off { username: String },
}

#[derive(Subcommand)]
enum Grant {
    /// Gives a role in a scope: organization, department/ID, calendar/ID or team/ID.
    Add {
        username: String,
        role: String,
        scope: String,
        /// When it ends, as RFC 3339.
        #[arg(long)]
        until: Option<chrono::DateTime<chrono::FixedOffset>>,
        #[arg(long, default_value = "Given from the command line")]
        because: String,
    },
    /// Takes a role back.
    Withdraw {
        username: String,
        role: String,
        scope: String,
        #[arg(long, default_value = "Withdrawn from the command line")]
        because: String,
    },
    /// Lists the grants.
    List,
}

#[derive(Subcommand)]
enum Device {
    /// Lists the laptops.
    List,
    /// Has a laptop emptied as soon as it reaches the office. Work it has not sent is left for supervisors first.
    Wipe { device: String },
}

/// A failure with the exit code it ends in.
struct Failure {
    code: u8,
    sentence: String,
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Failure {
        Failure {
            code: 1,
            sentence: format!("{error:#}"),
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Failure {
        Failure {
            code: 1,
            sentence: problem.sentence,
        }
    }
}

fn usage(sentence: impl Into<String>) -> Failure {
    Failure {
        code: 2,
        sentence: sentence.into(),
    }
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_env("BAILIWICK_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .json()
        .init();
    match run(cli) {
        Ok(Some(summary)) => {
            say(&summary);
            ExitCode::SUCCESS
        }
        Ok(None) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "bailiwick-server: {}", failure.sentence);
            ExitCode::from(failure.code)
        }
    }
}

fn say(value: &Value) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{value}");
    let _ = out.flush();
}

fn run(cli: Cli) -> Result<Option<Value>, Failure> {
    let database = place_of(&cli.options)?;
    let org = OrgId::parse("main").context("the organization's id")?;
    let opening = Opening {
        database,
        photos: cli
            .options
            .photos
            .unwrap_or_else(|| PhotoPlace::below(&cli.options.data_dir)),
        data_dir: cli.options.data_dir,
        org,
    };
    let office = || Office::open(&opening);
    match cli.command {
        Do::Serve(serving) => serve(Arc::new(office()?), serving).map(|()| None),
        Do::Migrate => {
            office()?;
            Ok(Some(json!({ "migrated": true })))
        }
        Do::Backup { file } => {
            let carried = keeping::backup(&opening, &file)?;
            carried.whole("the database was copied")?;
            Ok(Some(json!({ "backup": file, "photos": carried.photos })))
        }
        Do::Restore { file } => {
            keeping::restore(&file, &opening)?;
            let incarnation = hex::encode(random::<8>()?);
            office()?.write(async |tx| Ok(tx.begin_incarnation(&incarnation).await?))?;
            let carried = keeping::restore_photos(&file, &opening)?;
            carried.whole("the database was restored")?;
            Ok(Some(
                json!({ "restored": file, "incarnation": incarnation, "photos": carried.photos }),
            ))
        }
        Do::Move { to } => {
            let to = Place::parse(&to).map_err(|error| usage(format!("--to is {error}")))?;
            keeping::move_office(&opening, &to).map(Some)
        }
        Do::User(User::Add { username, name, .. }) => {
            add_user(&office()?, &username, name.as_deref()).map(Some)
        }
        Do::User(User::Off { username }) => switch_off(&office()?, &username).map(Some),
        Do::Grant(grant) => change_grant(&office()?, grant).map(Some),
        Do::Device(Device::List) => list_devices(&office()?).map(Some),
        Do::Device(Device::Wipe { device }) => wipe(&office()?, &device).map(Some),
        Do::Ledger(asked) => look_up(&office()?, &asked).map(Some),
        Do::Seed {
            scale,
            seed: number,
            day,
        } => {
            let office = office()?;
            let day = day.unwrap_or_else(|| domain::time::local(office.now(), "America/Montevideo").0);
            let seeded = seed::seed(&office, scale, number, day)?;
            Ok(Some(serde_json::to_value(seeded).context("the summary")?))
        }
        Do::Import {
            kind,
            file,
            mapping,
            dry_run,
            report,
        } => import_file(
            &office()?,
            &import::Options {
                kind,
                file,
                mapping,
                dry_run,
                report,
            },
        )
        .map(Some),
    }
}

fn place_of(options: &Options) -> Result<Place, Failure> {
    match &options.database {
        None => Ok(Place::Sqlite(options.data_dir.join("office.db"))),
        Some(text) => Place::parse(text).map_err(|error| usage(format!("--database is {error}"))),
    }
}

fn import_file(office: &Office, options: &import::Options) -> Result<Value, Failure> {
    let mut progress = |rows: u64| {
        let _ = writeln!(std::io::stderr(), "{rows} rows");
    };
    match import::run(office, options, &mut progress) {
        Ok(summary) => Ok(serde_json::to_value(summary).context("the summary")?),
        Err(error) => Err(Failure {
            code: error.exit_code(),
            sentence: error.to_string(),
        }),
    }
}
