//! The command line: serve, and what an administrator does from a script. Exit 0 = done, 1 = a fault or a refusal, 2 =
//! wrong usage. The last line of stdout is one JSON summary; `serve` prints its address first.

use crate::office::{Office, Opening, random};
use crate::{Problem, accounts, http, import, seed};
use anyhow::{Context as _, bail};
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use domain::people::{GrantBody, GrantRole, Person, WithdrawGrant};
use domain::{Answer, Body, Command, CommandId, Effect, Record};
use policy::{Actor, GrantId, Kind, Millis, OrgId, PersonId, RecordId, RoleName, Scope};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use store::{Account, Lookup as _, OfficeTx, Submission, submit, system_rights, write};
use sync::Envelope;

#[derive(Parser)]
#[command(
    name = "bailiwick-server",
    version,
    about = "The office of Bailiwick: keeps the records, decides, and syncs"
)]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Do,
}

#[derive(Args)]
struct Place {
    /// Where the records are: sqlite:FILE. By default a file in the data folder.
    #[arg(long, global = true, env = "BAILIWICK_DATABASE")]
    database: Option<String>,
    /// The folder for photos, the basemap and, by default, the database.
    #[arg(
        long,
        global = true,
        env = "BAILIWICK_DATA_DIR",
        default_value = "bailiwick-data"
    )]
    data_dir: PathBuf,
}

#[derive(Subcommand)]
enum Do {
    /// Serves devices over HTTP until it is stopped.
    Serve {
        /// The address and port; port 0 takes a free one.
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: SocketAddr,
    },
    /// Brings the database up to date.
    Migrate,
    /// Writes a copy of the database to a file.
    Backup { file: PathBuf },
    /// Puts a copy in place of the database; devices learn that it is another life of it.
    Restore { file: PathBuf },
    /// Accounts.
    #[command(subcommand)]
    User(User),
    /// Roles given to people.
    #[command(subcommand)]
    Grant(Grant),
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
    let database = database_file(&cli.place)?;
    if let Do::Restore { file } = &cli.command {
        restore(file, &database)?;
    }
    let org = OrgId::parse("main").context("the organization's id")?;
    let opening = Opening {
        database,
        data_dir: cli.place.data_dir.clone(),
        org,
    };
    let office = Office::open(&opening)?;
    match cli.command {
        Do::Serve { listen } => serve(Arc::new(office), listen).map(|()| None),
        Do::Migrate => Ok(Some(json!({ "migrated": true }))),
        Do::Backup { file } => {
            office.with_database(|db| Ok(db.backup(&file)?))?;
            Ok(Some(json!({ "backup": file })))
        }
        Do::Restore { file } => {
            let incarnation = hex::encode(random::<8>()?);
            office.with_database(|db| Ok(db.begin_incarnation(&incarnation)?))?;
            Ok(Some(json!({ "restored": file, "incarnation": incarnation })))
        }
        Do::User(User::Add { username, name, .. }) => add_user(&office, &username, name.as_deref()).map(Some),
        Do::User(User::Off { username }) => switch_off(&office, &username).map(Some),
        Do::Grant(grant) => change_grant(&office, grant).map(Some),
        Do::Seed {
            scale,
            seed: number,
            day,
        } => {
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
            &office,
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

fn database_file(place: &Place) -> Result<PathBuf, Failure> {
    match place.database.as_deref() {
        None => Ok(place.data_dir.join("office.db")),
        Some(url) => match url.strip_prefix("sqlite:") {
            Some(file) if !file.is_empty() => Ok(PathBuf::from(file.trim_start_matches("//"))),
            _ => Err(usage(format!("--database is `{url}`; accepted is sqlite:FILE"))),
        },
    }
}

fn serve(office: Arc<Office>, listen: SocketAddr) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime")?;
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind(listen)
            .await
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::AddrInUse => {
                    anyhow::anyhow!("{listen} is in use by another program; choose another --listen")
                }
                _ => anyhow::anyhow!("{listen} cannot be listened on: {error}"),
            })?;
        let address = listener.local_addr().context("the address")?;
        say(&json!({ "listening": format!("http://{address}") }));
        tokio::spawn(Arc::clone(&office).watch());
        let stopped = async {
            let _ = tokio::signal::ctrl_c().await;
        };
        tokio::select! {
            served = axum::serve(listener, http::router(office)) => served.context("serving")?,
            () = stopped => {}
            () = terminated() => {}
        }
        anyhow::Ok(())
    })?;
    // Streams that are still open do not hold up the end.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    Ok(())
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}

/// Puts a backup in place, after checking that it is one and that nobody is using the database.
fn restore(file: &Path, database: &Path) -> anyhow::Result<()> {
    let header = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    if !header.starts_with(b"SQLite format 3\0") {
        bail!("{} is not a backup of an office", file.display());
    }
    for suffix in ["-wal", "-shm"] {
        let beside = PathBuf::from(format!("{}{suffix}", database.display()));
        if beside.exists() {
            bail!("{} is in use; stop the server first", database.display());
        }
    }
    if let Some(folder) = database.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let part = database.with_extension("restoring");
    std::fs::copy(file, &part)?;
    std::fs::rename(&part, database)?;
    Ok(())
}

fn read_password() -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        let _ = writeln!(std::io::stderr(), "The password, then Enter:");
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.chars().count() < accounts::PASSWORD_MIN {
        bail!(
            "the password is too short: at least {} characters are accepted",
            accounts::PASSWORD_MIN
        );
    }
    Ok(password)
}

fn add_user(office: &Office, username: &str, name: Option<&str>) -> Result<Value, Failure> {
    let person = PersonId::parse(format!("person-{username}")).map_err(|_| {
        usage(format!(
            "NAME is `{username}`; accepted are letters, digits, `.`, `_` and `-`"
        ))
    })?;
    let password_hash = accounts::hash_password(&read_password()?)?;
    let name = name.unwrap_or(username).to_owned();
    let added = office.write(async |tx| {
        let known = tx.account(username).await?;
        let id = known
            .as_ref()
            .map_or(person.clone(), |account| account.person.clone());
        let account = Account {
            person: id.clone(),
            username: username.to_owned(),
            password_hash,
            is_active: true,
        };
        tx.save_account(&account).await?;
        if known.is_some() {
            return Ok((false, BTreeSet::new()));
        }
        let body = Person {
            name,
            username: username.to_owned(),
            ..Person::default()
        };
        let (_, changed) = write(tx, &Effect::puts(vec![Record::new(id, body)])).await?;
        Ok((true, changed))
    })?;
    Ok(json!({ "username": username, "added": added, "password_changed": !added }))
}

fn switch_off(office: &Office, username: &str) -> Result<Value, Failure> {
    let off = office.write(async |tx| {
        let Some(account) = tx.account(username).await? else {
            return Ok((false, BTreeSet::new()));
        };
        tx.save_account(&Account {
            is_active: false,
            ..account
        })
        .await?;
        // The number moves on, so that a serving process hears of it and closes the person's channels.
        tx.next_seq().await?;
        Ok((true, BTreeSet::new()))
    })?;
    if off {
        Ok(json!({ "username": username, "is_active": false }))
    } else {
        Err(unknown_user(username))
    }
}

fn unknown_user(username: &str) -> Failure {
    Failure {
        code: 1,
        sentence: format!("there is no account `{username}`"),
    }
}

fn change_grant(office: &Office, grant: Grant) -> Result<Value, Failure> {
    match grant {
        Grant::List => list_grants(office),
        Grant::Add {
            username,
            role,
            scope,
            until,
            because,
        } => {
            let scope = Scope::parse(&scope).map_err(usage)?;
            let role = known_role(&role)?;
            let person = person_of(office, &username)?;
            let id = GrantId::parse(format!("grant-{}", hex::encode(random::<12>()?))).context("an id")?;
            let until = until.map(|until| until.timestamp_millis());
            let grant = id.clone();
            as_system(
                office,
                GrantRole {
                    grant,
                    person,
                    role,
                    scope,
                    from: None,
                    until,
                    because,
                }
                .into(),
            )?;
            Ok(json!({ "granted": id }))
        }
        Grant::Withdraw {
            username,
            role,
            scope,
            because,
        } => {
            let scope = Scope::parse(&scope).map_err(usage)?;
            let role = known_role(&role)?;
            let person = person_of(office, &username)?;
            let held = grants(office, Some(&person))?;
            let matching = held
                .into_iter()
                .filter(|(_, body)| body.withdrawn.is_none() && body.role == role && body.scope == scope);
            let mut withdrawn = Vec::new();
            for (grant, _) in matching {
                as_system(
                    office,
                    WithdrawGrant {
                        grant: grant.clone(),
                        because: because.clone(),
                    }
                    .into(),
                )?;
                withdrawn.push(grant);
            }
            if withdrawn.is_empty() {
                let sentence = format!("{username} does not hold {role} in {scope}");
                return Err(Failure { code: 1, sentence });
            }
            Ok(json!({ "withdrawn": withdrawn }))
        }
    }
}

fn known_role(name: &str) -> Result<RoleName, Failure> {
    let roles = policy::shipped_roles();
    match roles.iter().find(|role| role.name.0 == name) {
        Some(role) => Ok(role.name.clone()),
        None => {
            let names: Vec<&str> = roles.iter().map(|role| role.name.0.as_str()).collect();
            Err(usage(format!(
                "ROLE is `{name}`; accepted are {}",
                names.join(", ")
            )))
        }
    }
}

fn person_of(office: &Office, username: &str) -> Result<PersonId, Failure> {
    let account = office.read(async |tx| Ok(tx.account(username).await?))?;
    account
        .map(|account| account.person)
        .ok_or_else(|| unknown_user(username))
}

fn grants(office: &Office, person: Option<&PersonId>) -> Result<Vec<(GrantId, GrantBody)>, Problem> {
    let prefix = person.map(|person| format!("{person}|")).unwrap_or_default();
    let records = office.read(async |tx| Ok(tx.range(Kind::Grant, "person", &prefix).await?.records))?;
    Ok(records
        .into_iter()
        .filter_map(|record| match record.body {
            Body::Grant(body) => Some((record.id.into(), body)),
            _ => None,
        })
        .collect())
}

fn list_grants(office: &Office) -> Result<Value, Failure> {
    let mut rows = Vec::new();
    for (id, body) in grants(office, None)? {
        let person: RecordId = body.person.clone().into();
        let profile = office.read(async |tx| Ok(tx.record(&person).await?))?;
        let username = match profile {
            Answer::Found(Record {
                body: Body::Person(profile),
                ..
            }) => profile.username,
            _ => body.person.to_string(),
        };
        rows.push(json!({
            "id": id, "username": username, "role": body.role, "scope": body.scope.to_string(), "until": body.until,
            "because": body.because, "granted_by": body.granted_by, "withdrawn": body.withdrawn,
        }));
    }
    Ok(json!({ "grants": rows }))
}

/// Decides a command as the office's own administrator, through the same door as everybody's.
fn as_system(office: &Office, command: Command) -> Result<(), Failure> {
    let at: Millis = office.now();
    let id = CommandId::from_random(u128::from_le_bytes(random::<16>()?));
    let envelope = Envelope {
        id,
        claimed_at: at,
        after: Vec::new(),
        command,
    };
    let answered = office.write(async |tx| {
        let actor = Actor::new(system_rights(tx).await?);
        Ok(submit(
            tx,
            Submission {
                actor: &actor,
                device: "command-line",
                at,
            },
            &envelope,
        )
        .await?)
    })?;
    match answered.answer {
        sync::Answer::Taken => Ok(()),
        sync::Answer::Refused { denial } => Err(Failure {
            code: 1,
            sentence: denial.sentence,
        }),
        sync::Answer::Contested { contest } => Err(Failure {
            code: 1,
            sentence: format!("{} was changed by somebody else", contest.field),
        }),
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
