//! An upgrade killed at any moment: from the state before each step of each database, over and over, until it goes through.
//! Nothing that was there before is gone afterwards.

use crate::laptop::KEY;
use crate::office::{Kind, flag, program};
use crate::report::Row;
use anyhow::{Context as _, Result, ensure};
use rusqlite::Connection;
use rusqlite::types::Value;
use sim::Rng;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use store::Place;
use store::sqlite::{FileKey, steps};

/// How many files of each step are brought up to date, and how often at most each is killed on the way.
const KILLS: u64 = 12;
/// A row of each table that was there before: what it looked like under the columns there were.
type Content = BTreeMap<String, (Vec<String>, Vec<Vec<Value>>)>;

/// A database that SQLite keeps, and what it was made by.
struct Subject {
    fault: &'static str,
    store: &'static str,
    file: &'static str,
    key: Option<FileKey>,
    steps: &'static [&'static str],
    /// An upgrade keeps what is there; a cache may be filled anew.
    keeps: bool,
}

const SUBJECTS: [Subject; 3] = [
    Subject {
        fault: "upgrade of the outbox killed",
        store: "device",
        file: "outbox.db",
        key: Some(KEY),
        steps: steps::OUTBOX,
        keeps: true,
    },
    Subject {
        fault: "upgrade of the cache killed",
        store: "device",
        file: "cache.db",
        key: Some(KEY),
        steps: steps::CACHE,
        keeps: false,
    },
    Subject {
        fault: "upgrade of the office killed",
        store: "sqlite",
        file: "office.db",
        key: None,
        steps: steps::OFFICE,
        keeps: true,
    },
];

/// What the work of an outbox, the rows of a cache and the records of an office look like before an upgrade; each statement
/// where its table has these columns already, or still.
const ROWS: &[&str] = &[
    "INSERT INTO meta (key, value) SELECT 'k' || value, hex(randomblob(40)) FROM generate",
    "INSERT INTO entry (id, envelope, target_title, state, asks_office)
     SELECT printf('%032x', value), '{\"id\":\"' || printf('%032x', value) || '\",\"claimed_at\":1,\"command\":{\"name\":\"add_photo\",\"input\":{\"appointment\":\"visit-00\",\"caption\":\"x\"}}}',
            'Calle', 'waiting', 0 FROM generate",
    "INSERT INTO photo (hash, media_type, bytes, command)
     SELECT printf('%064x', value), 'image/png', randomblob(3000), printf('%032x', value) FROM generate",
    "INSERT INTO photo (hash, media_type, bytes) SELECT printf('%064x', value), 'image/png', randomblob(3000) FROM generate",
    "INSERT INTO journal (id, envelope, taken_at) SELECT printf('%032x', value + 900), '{}', 1 FROM generate",
    "INSERT INTO view (name, count, sum) SELECT 'v' || value, 1, randomblob(16) FROM generate",
    "INSERT INTO record (id, kind, revision) SELECT 'r' || value, 'appointment', 1 FROM generate",
    "INSERT INTO view_row (view, n, body, hash) SELECT 1, value, hex(randomblob(200)), randomblob(16) FROM generate",
    "INSERT INTO org (id, name, zone, incarnation, policy_version, secret) VALUES ('main', 'Town', 'UTC', 'life', 1, randomblob(32))",
    "INSERT INTO record (org, id, kind, revision, body) SELECT 'main', 'r' || value, 'person', 1, '{}' FROM generate",
    "INSERT INTO account (org, person, username, password_hash) SELECT 'main', 'p' || value, 'u' || value, hex(randomblob(40)) FROM generate",
    "INSERT INTO photo (org, hash, media_type, bytes, person, received_at)
     SELECT 'main', printf('%064x', value), 'image/png', 3, 'p1', 1 FROM generate",
];

/// Kills the upgrades of the laptop's two files and of the embedded office.
pub fn of_files(seed: u64) -> Result<Vec<Row>> {
    let mut rng = Rng::new(seed);
    SUBJECTS
        .iter()
        .map(|subject| of_file(subject, &mut rng))
        .collect()
}

fn of_file(subject: &Subject, rng: &mut Rng) -> Result<Row> {
    let mut row = Row::of(subject.fault, subject.store);
    for from in 1..subject.steps.len() {
        let first = tempfile::tempdir()?;
        before(subject, &first.path().join(subject.file), from)?;
        let mut took = Duration::from_millis(20);
        for _ in 0..KILLS {
            let folder = tempfile::tempdir()?;
            crate::here::copy(first.path(), folder.path())?;
            let path = folder.path().join(subject.file);
            let content = content(&open(subject, &path)?)?;
            // Killed anywhere in what it takes, again and again, and then let go through.
            for _ in 0..KILLS {
                row.runs += 1;
                if killed(&mut upgrading(subject, &path)?, took, rng)? != Some(false) {
                    break;
                }
                let db = open(subject, &path)?;
                let now: usize = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
                ensure!(
                    (from..=subject.steps.len()).contains(&now),
                    "step {now} of a file from step {from}"
                );
            }
            let begun = Instant::now();
            let ended = upgrading(subject, &path)?.status()?;
            took = took.min(begun.elapsed()) + Duration::from_millis(1);
            if !ended.success() {
                row.is_corrupt(&format!("from step {from} it does not go through: {ended}"));
                continue;
            }
            let db = open(subject, &path)?;
            is_sound(&mut row, &db, from)?;
            if subject.keeps {
                compare(&mut row, &content, &db, from)?;
            }
        }
    }
    Ok(row)
}

/// A file as the first steps made it, with something in it.
fn before(subject: &Subject, path: &Path, from: usize) -> Result<()> {
    let db = open(subject, path)?;
    for step in &subject.steps[..from] {
        db.execute_batch(step)?;
    }
    db.pragma_update(None, "user_version", i64::try_from(from)?)?;
    db.execute_batch(
        "CREATE TEMP TABLE generate AS WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 60)
         SELECT value FROM n",
    )?;
    let mut done = 0;
    for sql in ROWS {
        // Not every file has every table.
        done += usize::from(db.execute(sql, []).is_ok());
    }
    ensure!(done >= 3, "{}: only {done} kinds of rows", subject.fault);
    Ok(())
}

fn open(subject: &Subject, path: &Path) -> Result<Connection> {
    let db = Connection::open(path)?;
    if let Some(key) = &subject.key {
        let hex: String = key.0.iter().map(|byte| format!("{byte:02x}")).collect();
        db.pragma_update(None, "key", format!("x'{hex}'"))?;
    }
    Ok(db)
}

fn upgrading(subject: &Subject, path: &Path) -> Result<Command> {
    let mut command = if subject.key.is_some() {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["open", "--file"]).arg(path);
        command
    } else {
        migrating(&Place::Sqlite(path.to_owned()))?
    };
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    Ok(command)
}

fn migrating(place: &Place) -> Result<Command> {
    let mut command = Command::new(program("bailiwick-server")?);
    command.args(["--database", &flag(place), "migrate"]);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    Ok(command)
}

/// Starts something and kills it within this time; whether it was done before. None where it failed by itself.
fn killed(command: &mut Command, within: Duration, rng: &mut Rng) -> Result<Option<bool>> {
    let mut process = command.spawn()?;
    let micros = usize::try_from(within.as_micros())?;
    std::thread::sleep(Duration::from_micros(rng.below(micros) as u64));
    process.kill()?;
    let ended = process.wait()?;
    Ok(match ended.code() {
        None => Some(false),
        Some(0) => Some(true),
        Some(_) => None,
    })
}

/// Opens a laptop's file, which brings it up to date: the process that is killed.
pub fn open_file(path: &Path) -> Result<()> {
    let name = path.file_name().context("a file")?.to_string_lossy().into_owned();
    if name.starts_with("outbox") {
        store::sqlite::Outbox::open(Some(path), &KEY)?;
    } else {
        store::sqlite::Cache::open(Some(path), &KEY)?;
    }
    Ok(())
}

/// What stands in the tables, but for what an index of words keeps for itself.
fn content(db: &Connection) -> Result<Content> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'words%' AND name NOT LIKE 'sqlite_%'";
    let tables: Vec<String> = db
        .prepare(sql)?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut content = Content::new();
    for table in tables {
        let columns = columns(db, &table)?;
        let rows = rows(db, &table, &columns)?;
        content.insert(table, (columns, rows));
    }
    Ok(content)
}

fn columns(db: &Connection, table: &str) -> Result<Vec<String>> {
    let find = db.prepare(&format!("SELECT * FROM \"{table}\""))?;
    Ok(find.column_names().into_iter().map(str::to_owned).collect())
}

fn rows(db: &Connection, table: &str, columns: &[String]) -> Result<Vec<Vec<Value>>> {
    let names = columns.join(", ");
    let mut find = db.prepare(&format!("SELECT {names} FROM \"{table}\" ORDER BY {names}"))?;
    let rows = find.query_map([], |row| (0..columns.len()).map(|index| row.get(index)).collect())?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn is_sound(row: &mut Row, db: &Connection, from: usize) -> Result<()> {
    let version: usize = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let sound: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if sound != "ok" {
        row.is_corrupt(&format!("from step {from} to {version}: {sound}"));
    }
    Ok(())
}

/// By which rules an office's records are listed: an upgrade lists them anew.
const NOTED_ANEW: &str = "policy_version";

/// Everything that was there is there, under the columns that are still there.
fn compare(row: &mut Row, before: &Content, db: &Connection, from: usize) -> Result<()> {
    for (table, (columns_before, rows_before)) in before {
        let now = columns(db, table)?;
        let left: Vec<usize> = (0..columns_before.len())
            .filter(|index| now.contains(&columns_before[*index]) && columns_before[*index] != NOTED_ANEW)
            .collect();
        let names: Vec<String> = left.iter().map(|index| columns_before[*index].clone()).collect();
        let mut expected: Vec<Vec<Value>> = rows_before
            .iter()
            .map(|row| left.iter().map(|index| row[*index].clone()).collect())
            .collect();
        let mut found = rows(db, table, &names)?;
        let key = |row: &Vec<Value>| format!("{row:?}");
        expected.sort_by_key(key);
        found.sort_by_key(key);
        if expected != found {
            row.is_lost(&format!("rows of {table} in an upgrade from step {from}"));
        }
    }
    Ok(())
}

/// Kills the upgrade of an office on PostgreSQL, from before each step.
pub async fn of_postgres(kind: &Kind, seed: u64) -> Result<Row> {
    static STEPS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations/postgres");
    let mut row = Row::of("upgrade of the office killed", "postgres");
    let mut rng = Rng::new(seed);
    if matches!(kind, Kind::Sqlite) {
        return Ok(row);
    }
    for from in 1..STEPS.migrations.len() {
        for _ in 0..KILLS {
            let folder = tempfile::tempdir()?;
            let there = kind.clone();
            let path = folder.path().to_owned();
            let place = tokio::task::spawn_blocking(move || there.place(&path)).await??;
            let Place::Postgres(url) = &place else {
                return Ok(row);
            };
            let first = sqlx::migrate::Migrator {
                migrations: Cow::Owned(STEPS.migrations[..from].to_vec()),
                ..sqlx::migrate::Migrator::DEFAULT
            };
            let mut db = <sqlx::PgConnection as sqlx::Connection>::connect(url).await?;
            first.run(&mut db).await?;
            let fill = "INSERT INTO org (id, name, zone, incarnation, policy_version, secret) VALUES ('main', 'Town', 'UTC', 'life', 1, 'x');
                        INSERT INTO photo (org, hash, media_type, bytes, person, received_at) SELECT 'main', n::text, 'image/png', 3, 'p1', 1 FROM generate_series(1, 60) n";
            sqlx::Executor::execute(&mut db, sqlx::raw_sql(fill)).await?;
            let count = "SELECT (SELECT count(*) FROM photo) + (SELECT count(*) FROM org)";
            let before: i64 = sqlx::query_scalar(count).fetch_one(&mut db).await?;
            loop {
                row.runs += 1;
                match killed(&mut migrating(&place)?, Duration::from_millis(45), &mut rng)? {
                    Some(true) => break,
                    Some(false) if rng.chance(85) => {}
                    _ => break,
                }
            }
            let ended = migrating(&place)?.status()?;
            if !ended.success() {
                row.is_corrupt(&format!("from step {from} it does not go through: {ended}"));
            }
            let after: i64 = sqlx::query_scalar(count).fetch_one(&mut db).await?;
            let done: i64 = sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations WHERE success")
                .fetch_one(&mut db)
                .await?;
            if before != after {
                row.is_lost(&format!("rows in an upgrade from step {from}"));
            }
            if usize::try_from(done)? != STEPS.migrations.len() {
                row.is_corrupt(&format!("from step {from} only {done} steps are done"));
            }
            sqlx::Connection::close(db).await?;
            let there = kind.clone();
            tokio::task::spawn_blocking(move || there.clear(folder.path())).await??;
        }
    }
    Ok(row)
}
