//! SQLite: the office's embedded database, and the device's two encrypted files.

mod arrive;
mod cache;
mod devices;
mod forget;
mod keys;
mod office;
mod outbox;
mod photos;
mod pictures;
mod transfer;

pub use cache::{Cache, ListQuery, Listed};
pub use forget::Forgotten;
pub use office::{OfficeDb, SqliteTx};
pub use outbox::{Outbox, OutboxEntry, ReceiptRow, ReturnedRow, ToSend};
pub use photos::{NewPhoto, OutboxPhoto, PhotoProblem, PhotoToSend, QueuedPhoto};

/// The steps each of these databases is made by, in order.
pub mod steps {
    pub use super::cache::STEPS as CACHE;
    pub use super::office::STEPS as OFFICE;
    pub use super::outbox::STEPS as OUTBOX;
}

use crate::{Fault, Result};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::path::Path;

/// The raw key of a person's files: 256 random bits.
#[derive(Clone)]
pub struct FileKey(pub [u8; 32]);

/// Opens an encrypted file with its raw key, or an encrypted database in memory where there is no path. Fails where
/// the build has no cipher: the file would be plain text. A file that is ahead of these steps is left alone.
fn open_encrypted(path: Option<&Path>, key: &FileKey, steps: &[&str]) -> Result<Connection> {
    match open_with(path, key, steps, "NORMAL") {
        // What connections share takes space on the disk. Whoever has the file for themselves needs nothing to share, so
        // that it can be read, and space be made, where none is left.
        Err(Fault::DiskFull) => open_with(path, key, steps, "EXCLUSIVE"),
        opened => opened,
    }
}

fn open_with(path: Option<&Path>, key: &FileKey, steps: &[&str], locking: &str) -> Result<Connection> {
    let db = match path {
        Some(path) => Connection::open(path)?,
        None => Connection::open_in_memory()?,
    };
    let hex: String = key.0.iter().map(|byte| format!("{byte:02x}")).collect();
    db.pragma_update(None, "key", format!("x'{hex}'"))?;
    let cipher: Option<String> = db.query_row("PRAGMA cipher_version", [], |row| row.get(0)).ok();
    if cipher.is_none() {
        return Err(Fault::NoCipher);
    }
    // Until the file is known to be sound nothing is written to it, not even what its journal holds.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    db.pragma_update(None, "locking_mode", locking)?;
    // A wrong key or a damaged header shows itself at the first read.
    db.execute_batch("PRAGMA cipher_log = off;").ok();
    db.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    let is_known = version(&db, steps);
    if let Ok(_) | Err(Fault::Newer { .. }) = is_known {
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    }
    is_known?;
    settle_in(&db)?;
    Ok(db)
}

/// How many prepared statements a connection keeps: more than there are, because one is dropped for every other beyond it.
const STATEMENTS_KEPT: usize = 256;

/// What holds for both files of a person, however they were opened.
fn settle_in(db: &Connection) -> Result<()> {
    guard(db)?;
    Ok(db.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -8000;",
    )?)
}

/// References are kept, and a schema runs nothing. Not said by a PRAGMA, which has every statement prepared anew each time; as
/// has, where plans may depend on what is bound, every LIMIT.
fn guard(db: &Connection) -> Result<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(())
}

/// Whether every page of an encrypted file is as it was written, and the database makes sense.
fn is_sound(db: &Connection) -> Result<bool> {
    let finds_nothing = |sql: &str| -> Result<bool> {
        let mut check = db.prepare(sql)?;
        let mut found = check.query([])?;
        Ok(found
            .next()?
            .is_none_or(|row| row.get::<_, String>(0).is_ok_and(|said| said == "ok")))
    };
    match finds_nothing("PRAGMA cipher_integrity_check")
        .and_then(|sound| Ok(sound && finds_nothing("PRAGMA quick_check")?))
    {
        Err(Fault::Damaged) => Ok(false),
        checked => checked,
    }
}

/// Closes an office's database for good: writes its journal into it and removes it. Fails with [`Fault::Busy`] where
/// another process has it open.
pub fn put_away(path: &Path) -> Result<()> {
    let db = Connection::open(path)?;
    db.busy_timeout(std::time::Duration::ZERO)?;
    db.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT;")?;
    db.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    Ok(())
}

/// How many of these steps a database has had. One that is ahead of them was written by a newer version and must be
/// left alone: ask before anything that writes to the file, and changing its journal does.
fn version(db: &Connection, steps: &[&str]) -> Result<i64> {
    let known = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    let found: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > known {
        Err(Fault::Newer { found, known })
    } else {
        Ok(found)
    }
}

/// Brings a database to the newest of these steps; each is applied once, in one transaction.
fn migrate(db: &mut Connection, steps: &[&str]) -> Result<()> {
    let found = version(db, steps)?;
    for (index, step) in steps.iter().enumerate().skip(usize::try_from(found).unwrap_or(0)) {
        let tx = db.transaction()?;
        tx.execute_batch(step)?;
        tx.pragma_update(None, "user_version", i64::try_from(index + 1).unwrap_or(i64::MAX))?;
        tx.commit()?;
    }
    Ok(())
}
