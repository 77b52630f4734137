//! The journal of each database cut off, as a power cut leaves it: at every frame of a log of 200 commits, and within. What
//! opens afterwards is exactly what the commits before made.

use crate::here::scratch;
use crate::laptop::KEY;
use crate::report::{Row, say};
use crate::town;
use anyhow::{Context as _, Result, ensure};
use domain::{Body, CommandId, Effect, Record};
use policy::OrgId;
use policy::views::View;
use rusqlite::Connection;
use serde_json::json;
use sim::Rng;
use std::path::{Path, PathBuf};
use store::sqlite::{Cache, FileKey, Outbox, OutboxEntry};
use store::{Database, Fault, OfficeTx as _, Place, write};
use sync::{Cursor, Envelope, Page, Row as PageRow};

/// How many commits a log has.
const COMMITS: usize = 200;
/// At how many random bytes it is cut beside all frames.
const WITHIN: usize = 600;
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// One of the databases: how it is filled, and how much of it is there.
struct Subject {
    name: &'static str,
    store: &'static str,
    file: &'static str,
    key: Option<FileKey>,
    /// Makes the file, without any of the commits.
    make: fn(&Path) -> Result<()>,
    /// Makes the commits, one after another.
    commit: fn(&Path) -> Result<()>,
    /// How many of the commits are there; an error where it is something between two of them.
    count: fn(&Path) -> Result<usize>,
}

const SUBJECTS: [Subject; 3] = [
    Subject {
        name: "outbox's log cut",
        store: "device",
        file: "outbox.db",
        key: Some(KEY),
        make: make_outbox,
        commit: fill_outbox,
        count: count_outbox,
    },
    Subject {
        name: "cache's log cut",
        store: "device",
        file: "cache.db",
        key: Some(KEY),
        make: make_cache,
        commit: fill_cache,
        count: count_cache,
    },
    Subject {
        name: "office's log cut",
        store: "sqlite",
        file: "office.db",
        key: None,
        make: |path| town::build(&Place::Sqlite(path.to_owned())),
        commit: fill_office,
        count: count_office,
    },
];

/// Cuts the logs of the laptop's two files, and of the embedded office.
pub fn everywhere(seed: u64) -> Result<Vec<Row>> {
    SUBJECTS.iter().map(|subject| cut(subject, seed)).collect()
}

fn cut(subject: &Subject, seed: u64) -> Result<Row> {
    let mut row = Row::of(subject.name, subject.store);
    let folder = scratch()?;
    let (database, log) = log_of(subject, folder.path())?;
    let page = page_size(&log)?;
    let frames = log[LOG_HEADER..].chunks_exact(FRAME_HEADER + page);
    // A frame that ends a commit says how large the database is then.
    let ends: Vec<bool> = frames.map(|frame| frame[4..8] != [0; 4]).collect();
    let commits = ends.iter().filter(|ends| **ends).count();
    ensure!(commits == COMMITS, "{}: a log of {commits} commits", subject.name);
    say(&format!("{}: {} frames", subject.name, ends.len()));
    let mut rng = Rng::new(seed);
    let boundaries = (0..=ends.len()).map(|frames| LOG_HEADER + frames * (FRAME_HEADER + page));
    let within = (0..WITHIN).map(|_| rng.below(log.len()));
    for length in boundaries.chain(within) {
        let whole = length.saturating_sub(LOG_HEADER) / (FRAME_HEADER + page);
        let expected = ends[..whole].iter().filter(|ends| **ends).count();
        let run = scratch()?;
        let path = run.path().join(subject.file);
        std::fs::write(&path, &database)?;
        std::fs::write(run.path().join(format!("{}-wal", subject.file)), &log[..length])?;
        row.runs += 1;
        match (subject.count)(&path) {
            Ok(count) if count == expected => {}
            Ok(count) if count < expected => {
                row.is_lost(&format!("{count} of {expected} commits after a cut at {length}"));
            }
            Ok(count) => row.is_corrupt(&format!("{count} instead of {expected} commits after {length}")),
            Err(error) => row.is_corrupt(&format!("a cut at {length}: {error:#}")),
        }
    }
    Ok(row)
}

/// The file before the commits, and the log of all of them.
fn log_of(subject: &Subject, folder: &Path) -> Result<(Vec<u8>, Vec<u8>)> {
    let path = folder.join(subject.file);
    (subject.make)(&path)?;
    let database = std::fs::read(&path)?;
    // As long as somebody reads what was there before, the log is not written back.
    let reader = Connection::open(&path)?;
    if let Some(key) = &subject.key {
        let hex: String = key.0.iter().map(|byte| format!("{byte:02x}")).collect();
        reader.pragma_update(None, "key", format!("x'{hex}'"))?;
    }
    reader.execute_batch("BEGIN; SELECT count(*) FROM sqlite_master;")?;
    (subject.commit)(&path)?;
    let log = std::fs::read(log_path(&path))?;
    ensure!(
        std::fs::read(&path)? == database,
        "{}: the log was written back",
        subject.name
    );
    Ok((database, log))
}

fn log_path(path: &Path) -> PathBuf {
    PathBuf::from(format!("{}-wal", path.display()))
}

fn page_size(log: &[u8]) -> Result<usize> {
    let bytes: [u8; 4] = log.get(8..12).context("a log without a header")?.try_into()?;
    Ok(usize::try_from(u32::from_be_bytes(bytes))?)
}

fn entry(rng: &mut Rng, number: usize) -> Result<OutboxEntry> {
    Ok(OutboxEntry {
        envelope: Envelope {
            id: CommandId::from_random(number as u128 + 1),
            claimed_at: 0,
            after: Vec::new(),
            command: town::note(rng)?,
        },
        target_title: "Calle Propia".to_owned(),
        taken: false,
        asks_office: false,
    })
}

fn make_outbox(path: &Path) -> Result<()> {
    Outbox::open(Some(path), &KEY)?;
    Ok(())
}

fn make_cache(path: &Path) -> Result<()> {
    Cache::open(Some(path), &KEY)?;
    Ok(())
}

fn fill_outbox(path: &Path) -> Result<()> {
    let mut rng = Rng::new(1);
    let mut outbox = Outbox::open(Some(path), &KEY)?;
    for number in 0..COMMITS {
        outbox.add(&entry(&mut rng, number)?, None)?;
    }
    Ok(())
}

fn count_outbox(path: &Path) -> Result<usize> {
    let mut rng = Rng::new(1);
    let mut outbox = Outbox::open(Some(path), &KEY)?;
    let entries = outbox.entries()?;
    for (number, found) in entries.iter().enumerate() {
        ensure!(*found == entry(&mut rng, number)?, "entry {number} is another");
    }
    ensure!(outbox.is_sound()?, "not sound");
    outbox
        .add(&entry(&mut rng, COMMITS)?, None)
        .context("it does not go on")?;
    Ok(entries.len())
}

/// A page that brings one visit.
fn page(number: usize) -> Result<Page> {
    let body = Body::Appointment(Box::new(domain::inspections::Appointment {
        address: format!("Calle Propia {number}"),
        ..Default::default()
    }));
    Ok(Page {
        epoch: "an epoch".to_owned(),
        views: vec![View::try_from("assigned/ana/building#onsite".to_owned()).map_err(anyhow::Error::msg)?],
        rows: vec![PageRow {
            view: 0,
            id: policy::RecordId::parse(format!("visit-{number:03}"))?,
            kind: policy::Kind::Appointment,
            revision: 1,
            body: serde_json::value::to_raw_value(&body.to_value()?)?,
        }],
        removed: Vec::new(),
        cursor: Cursor(number.to_string()),
        complete: false,
        tally: None,
        tallies: Vec::new(),
        at: 0,
    })
}

fn fill_cache(path: &Path) -> Result<()> {
    let mut cache = Cache::open(Some(path), &KEY)?;
    for number in 1..=COMMITS {
        let facts = [("cursor", json!(Cursor(number.to_string())))];
        cache.apply(&page(number)?, &facts, |_, _| Vec::new())?;
    }
    Ok(())
}

fn count_cache(path: &Path) -> Result<usize> {
    let cache = Cache::open(Some(path), &KEY)?;
    let cursor: Option<Cursor> = cache.meta("cursor")?;
    let count = cursor.map_or(Ok(0), |cursor| cursor.0.parse())?;
    let tally = cache.views()?.first().map_or(0, |(_, tally)| tally.count);
    let found = cache.search("Propia", COMMITS + 1)?.len();
    ensure!(
        cache.rows()?.len() == count && usize::try_from(tally)? == count && found == count,
        "the cursor says {count}, and there are {} rows, {tally} counted, {found} found",
        cache.rows()?.len()
    );
    ensure!(cache.is_sound()?, "not sound");
    cache.set_meta("it", &"goes on")?;
    Ok(count)
}

/// What the office counts after each commit: a calendar's name.
fn calendar(number: usize) -> Result<Record> {
    let found = sim::Town::records()?
        .into_iter()
        .find(|record| record.id.as_str() == sim::FIRE);
    let mut record = found.context("the small town has changed")?;
    if let Body::Calendar(calendar) = &mut record.body {
        calendar.name = format!("Name {number}");
    }
    Ok(record)
}

fn fill_office(path: &Path) -> Result<()> {
    let mut db = Database::open(&Place::Sqlite(path.to_owned()), &OrgId::parse("main")?)?;
    for number in 1..=COMMITS {
        let record = calendar(number)?;
        db.write(async |tx| write(tx, &Effect::puts(vec![record])).await)?;
    }
    Ok(())
}

fn count_office(path: &Path) -> Result<usize> {
    let mut db = Database::open(&Place::Sqlite(path.to_owned()), &OrgId::parse("main")?)?;
    let id = policy::RecordId::parse(sim::FIRE)?;
    let (seq, found) = db.read(async |tx| {
        use store::Lookup as _;
        Ok::<_, Fault>((tx.org().await?.seq, tx.record(&id).await?))
    })?;
    let domain::Answer::Found(record) = found else {
        anyhow::bail!("the calendar is gone")
    };
    // The town itself was the first number, and wrote the calendar once.
    let count = usize::try_from(seq - 1)?;
    ensure!(
        usize::try_from(record.revision - 1)? == count,
        "number {seq} beside revision {}",
        record.revision
    );
    drop(db);
    let db = Connection::open(path)?;
    let said: String = db.query_row("PRAGMA quick_check", [], |row| row.get(0))?;
    ensure!(said == "ok", "{said}");
    Ok(count)
}
