//! Disks: databases in memory that start as copies of a template, can be copied at any moment, and lose what was not
//! committed when the power goes.

use crate::town::Town;
use anyhow::{Context as _, Result};
use policy::OrgId;
use rusqlite::Connection;
use rusqlite::backup::Backup;
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use store::sqlite::{Cache, OfficeDb, Outbox};

/// More unused pages than a file has that held nothing large.
const FREE_PAGES_MANY: u32 = 64;

/// Where the disks of laptops are.
#[derive(Debug)]
pub enum Disks {
    Memory,
    /// Plain files in this folder, each with its journal beside it.
    Folder(PathBuf),
}

impl Disks {
    /// The files of a laptop nobody has used.
    pub fn new_files(&self, number: usize) -> Result<(Connection, Connection)> {
        match self {
            Disks::Memory => new_files(),
            Disks::Folder(folder) => {
                let [cache, outbox] = file_names(folder, number);
                templates(|made| copy_into(&made.cache, &cache))?;
                templates(|made| copy_into(&made.outbox, &outbox))?;
                Ok((Connection::open(cache)?, Connection::open(outbox)?))
            }
        }
    }
}

/// The cache and the outbox of a laptop whose disk is in a folder.
pub fn file_names(folder: &Path, number: usize) -> [PathBuf; 2] {
    ["cache", "outbox"].map(|name| folder.join(format!("{name}-{number}.db")))
}

/// A new office and a new laptop, made once in each thread: making them anew costs more than many steps.
struct Templates {
    office: Connection,
    cache: Connection,
    outbox: Connection,
}

thread_local! {
    static TEMPLATES: RefCell<Option<Templates>> = const { RefCell::new(None) };
    static SPARE: RefCell<Vec<(Connection, Connection)>> = const { RefCell::new(Vec::new()) };
    static SPARE_OFFICES: RefCell<Vec<Connection>> = const { RefCell::new(Vec::new()) };
    static SPARE_SNAPSHOTS: RefCell<Vec<Connection>> = const { RefCell::new(Vec::new()) };
}

fn templates<R>(take: impl FnOnce(&Templates) -> Result<R>) -> Result<R> {
    TEMPLATES.with_borrow_mut(|made| {
        if made.is_none() {
            // The cipher is not what is simulated: these files are plain.
            *made = Some(Templates {
                office: Town::office()?.into_db(),
                cache: Cache::on(Connection::open_in_memory()?)?.into_db(),
                outbox: Outbox::on(Connection::open_in_memory()?)?.into_db(),
            });
        }
        take(made.as_ref().context("no templates")?)
    })
}

/// The small town's office, as it begins. That of a history that is over is made so again, for what it costs to open another
/// ([`new_files`]).
pub fn new_office() -> Result<OfficeDb> {
    let Some(db) = SPARE_OFFICES.with_borrow_mut(Vec::pop) else {
        let office = open_office(templates(|made| copy(&made.office))?)?;
        for name in tables(office.db())? {
            let sql = format!("CREATE TEMP TABLE first_{name} AS SELECT * FROM {name}");
            office.db().execute_batch(&sql)?;
        }
        return Ok(office);
    };
    let at_once = db.unchecked_transaction()?;
    for name in tables(&db)? {
        for sql in [
            format!("DELETE FROM {name}"),
            format!("INSERT INTO {name} SELECT * FROM first_{name}"),
        ] {
            db.prepare_cached(&sql)?.execute([])?;
        }
    }
    at_once.commit()?;
    open_office(db)
}

/// Keeps the office of a history that is over for another one.
pub fn keep_office(office: OfficeDb) {
    SPARE_OFFICES.with_borrow_mut(|spare| spare.push(office.into_db()));
}

fn tables(db: &Connection) -> Result<Vec<String>> {
    let sql = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'";
    let mut find = db.prepare_cached(sql)?;
    let names = find.query_map([], |row| row.get(0))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}

/// An office on a disk.
pub fn open_office(db: Connection) -> Result<OfficeDb> {
    Ok(OfficeDb::on(db, &OrgId::parse("main")?)?)
}

/// The files in memory of a laptop nobody has used. Those of a world that is over are emptied and used again: what costs most is to
/// read the schema and to prepare every statement anew. One that has grown is made as a new one is: it stays as large, and so would
/// every snapshot of it.
fn new_files() -> Result<(Connection, Connection)> {
    let Some((mut cache, mut outbox)) = SPARE.with_borrow_mut(Vec::pop) else {
        return templates(|made| Ok((copy(&made.cache)?, copy(&made.outbox)?)));
    };
    templates(|made| {
        for (db, new) in [(&mut cache, &made.cache), (&mut outbox, &made.outbox)] {
            db.commit_hook(None::<fn() -> bool>)?;
            match free_pages(db)? {
                0..FREE_PAGES_MANY => empty(db)?,
                _ => put_over(new, db)?,
            }
        }
        Ok(())
    })?;
    Ok((cache, outbox))
}

fn free_pages(db: &Connection) -> Result<u32> {
    Ok(db.query_row("PRAGMA freelist_count", [], |row| row.get(0))?)
}

/// Keeps files in memory for another laptop. Those of a folder are closed.
pub fn keep_files(files: (Connection, Connection)) {
    if files.0.path().is_none_or(str::is_empty) {
        SPARE.with_borrow_mut(|spare| spare.push(files));
    }
}

/// Removes every row of every table, and empties the index of words.
fn empty(db: &Connection) -> Result<()> {
    let at_once = db.unchecked_transaction()?;
    let sql =
        "SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual')
               AND (name = 'sqlite_sequence' OR name NOT LIKE 'sqlite%') ORDER BY type DESC, name DESC";
    let mut find = db.prepare_cached(sql)?;
    let tables = find.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let tables = tables.collect::<rusqlite::Result<Vec<_>>>()?;
    for (name, kind) in tables {
        let sql = match kind.as_str() {
            "virtual" => format!("INSERT INTO {name} ({name}) VALUES ('delete-all')"),
            _ => format!("DELETE FROM {name}"),
        };
        db.prepare_cached(&sql)?.execute([])?;
    }
    Ok(at_once.commit()?)
}

/// What was on a disk at some moment. The memory it is in is used again for the next one: it need not be asked for anew.
#[derive(Debug)]
pub struct Snapshot(Option<Connection>);

impl Snapshot {
    /// Takes it of a disk.
    pub fn of(disk: &Connection) -> Result<Snapshot> {
        let mut spare = match SPARE_SNAPSHOTS.with_borrow_mut(Vec::pop) {
            Some(spare) => spare,
            None => Connection::open_in_memory()?,
        };
        put_over(disk, &mut spare)?;
        Ok(Snapshot(Some(spare)))
    }

    /// Puts it in place of what is on a disk.
    pub fn put_over(&self, disk: &mut Connection) -> Result<()> {
        put_over(self.0.as_ref().context("a snapshot that is gone")?, disk)
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        SPARE_SNAPSHOTS.with_borrow_mut(|spare| spare.extend(self.0.take()));
    }
}

/// A copy of a disk, to go on with.
pub fn copy(from: &Connection) -> Result<Connection> {
    let mut to = Connection::open_in_memory()?;
    put_over(from, &mut to)?;
    Ok(to)
}

fn put_over(from: &Connection, to: &mut Connection) -> Result<()> {
    Backup::new(from, to)?.step(-1)?;
    Ok(())
}

fn copy_into(from: &Connection, path: &Path) -> Result<()> {
    put_over(from, &mut Connection::open(path)?)
}

/// What ends a laptop's power: before one of its next commits, which then comes to nothing, as do all later ones.
#[derive(Debug, Clone, Default)]
pub struct Fuse(Arc<Power>);

#[derive(Debug, Default)]
struct Power {
    is_set: AtomicBool,
    commits_left: AtomicI64,
    is_blown: AtomicBool,
}

impl Fuse {
    /// Has the power fail before the commit after so many.
    pub fn set(&self, commits: usize) {
        let commits = i64::try_from(commits).unwrap_or(i64::MAX);
        self.0.commits_left.store(commits, Ordering::Relaxed);
        self.0.is_set.store(true, Ordering::Relaxed);
    }

    /// Gives the power back; true where it had failed.
    pub fn mend(&self) -> bool {
        self.0.is_set.store(false, Ordering::Relaxed);
        self.0.is_blown.swap(false, Ordering::Relaxed)
    }

    /// Whether the power has failed.
    pub fn is_blown(&self) -> bool {
        self.0.is_blown.load(Ordering::Relaxed)
    }

    /// Has this disk depend on it.
    pub fn guard(&self, db: &Connection) -> Result<()> {
        let power = Arc::clone(&self.0);
        let fails = move || {
            if !power.is_set.load(Ordering::Relaxed) {
                return false;
            }
            let fails = power.commits_left.fetch_sub(1, Ordering::Relaxed) <= 0;
            power.is_blown.fetch_or(fails, Ordering::Relaxed);
            fails
        };
        Ok(db.commit_hook(Some(fails))?)
    }
}
