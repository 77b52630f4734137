//! Copies of the whole database: a backup, its return, and the move from one kind of database to the other.

use super::Failure;
use super::photos::{self, Carried};
use crate::Opening;
use crate::photos::photo_store::restored;
use crate::photos::{PhotoPlace, PhotoStore};
use anyhow::{Context as _, bail};
use policy::OrgId;
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::Path;
use store::{Database, Fault, Place, There, transfer};

/// Writes a copy of an office's database to a new file, which is an embedded database whatever the office's own is, and its
/// photos beside it.
pub(super) fn backup(opening: &Opening, file: &Path) -> anyhow::Result<Carried> {
    if file.exists() {
        bail!("{} exists already; name a new file", file.display());
    }
    let mut database = open(opening)?;
    match &mut database {
        Database::Sqlite(db) => db.backup(file)?,
        other => {
            let part = file.with_extension("part");
            let _ = std::fs::remove_file(&part);
            let mut copy = Database::open(&Place::Sqlite(part.clone()), &opening.org)?;
            transfer(other, &mut copy, There::Keep, &mut progress)?;
            drop(copy);
            store::sqlite::put_away(&part)?;
            std::fs::rename(&part, file).with_context(|| format!("{} cannot be written", file.display()))?;
        }
    }
    // Listed after the copy: each that a record of the copy names is among them. What no record named may be gone by now.
    let known = photos::known(&mut database)?;
    photos::carry(&known, &opening.photos, &beside(file))
}

/// Puts the photos of a restored office in place, from the folder beside the backup.
pub(super) fn restore_photos(file: &Path, opening: &Opening) -> anyhow::Result<Carried> {
    let known = photos::known(&mut open(opening)?)?;
    PhotoStore::open(&opening.photos)?
        .write(restored(), Vec::new())
        .with_context(|| format!("{} cannot be written to", opening.photos))?;
    photos::carry(&known, &beside(file), &opening.photos)
}

/// Where the photos of a backup lie.
fn beside(file: &Path) -> PhotoPlace {
    PhotoPlace::below(file.parent().unwrap_or(Path::new("")))
}

fn open(opening: &Opening) -> anyhow::Result<Database> {
    Database::open(&opening.database, &opening.org)
        .with_context(|| format!("the database {} cannot be opened", opening.database))
}

/// Puts a backup in place, after checking that it is one and that nobody is using the database.
pub(super) fn restore(file: &Path, opening: &Opening) -> anyhow::Result<()> {
    let Opening { database, org, .. } = opening;
    let header = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    if !header.starts_with(b"SQLite format 3\0") {
        bail!("{} is not a backup of an office", file.display());
    }
    ensure_unused(database, org)?;
    match database {
        Place::Sqlite(database) => {
            for suffix in ["-wal", "-shm"] {
                // What a killed server left beside the old database must not be read into the new one.
                let _ = std::fs::remove_file(format!("{}{suffix}", database.display()));
            }
            if let Some(folder) = database.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let part = database.with_extension("restoring");
            std::fs::copy(file, &part)?;
            std::fs::rename(&part, database)?;
        }
        Place::Postgres(_) => {
            let mut from = Database::open(&Place::Sqlite(file.to_owned()), org)?;
            let mut to = Database::open(database, org)?;
            transfer(&mut from, &mut to, There::Replace, &mut progress)?;
        }
    }
    Ok(())
}

/// Carries an office into another database that has none yet.
pub(super) fn move_office(opening: &Opening, to: &Place) -> Result<Value, Failure> {
    let Opening {
        database: from, org, ..
    } = opening;
    if let Place::Sqlite(file) = from
        && !file.exists()
    {
        return Err(anyhow::anyhow!("there is no office in {from}").into());
    }
    ensure_unused(from, org)?;
    let mut source = Database::open(from, org).with_context(|| format!("{from} cannot be opened"))?;
    let mut target = Database::open(to, org).with_context(|| format!("{to} cannot be opened"))?;
    let rows = transfer(&mut source, &mut target, There::Keep, &mut progress)
        .with_context(|| format!("{to} was left as it was"))?;
    Ok(json!({ "moved": to.to_string(), "rows": rows }))
}

fn ensure_unused(database: &Place, org: &OrgId) -> anyhow::Result<()> {
    match Database::ensure_unused(database, org) {
        Ok(()) => Ok(()),
        Err(Fault::Busy) => bail!("{database} is in use; stop the server first"),
        // A damaged database is no reason not to put a good one in its place.
        Err(Fault::Damaged) => Ok(()),
        Err(fault) => Err(fault.into()),
    }
}

fn progress(table: &str, rows: u64) {
    if rows.is_multiple_of(100_000) {
        let _ = writeln!(std::io::stderr(), "{table}: {rows} rows");
    }
}
