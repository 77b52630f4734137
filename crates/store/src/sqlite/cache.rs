//! The device's cache: exactly the records its user may see. Disposable.

use super::forget::note_removal;
use super::{FileKey, is_sound, migrate, open_encrypted, settle_in};
use crate::lookup::after_prefix;
use crate::{Fault, Result};
use domain::Record;
use domain::record::union;
use planted::{Bug, planted};
use policy::views::View;
use policy::{Kind, RecordId, Rights};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use sync::{Sum, Tally};

pub const STEPS: &[&str] = &[
    concat!(
        include_str!("../../../../migrations/device/0001_cache.sql"),
        include_str!("../../../../migrations/device/words.sql")
    ),
    include_str!("../../../../migrations/device/0002_cache_pictures.sql"),
    include_str!("../../../../migrations/device/0003_cache_news.sql"),
    concat!(
        include_str!("../../../../migrations/device/0004_cache_keys.sql"),
        include_str!("../../../../migrations/device/0004_cache_words.sql"),
        "INSERT INTO words (words) VALUES ('rebuild');"
    ),
];

/// The size of an encrypted page, in bytes: the cipher's own default.
const CIPHER_PAGE: u64 = 4096;

/// The cache file of one person.
pub struct Cache {
    pub(super) db: Connection,
}

/// A range of an index: `from` inclusive, `to` exclusive.
#[derive(Debug, Clone, Copy)]
pub struct ListQuery<'a> {
    pub kind: Kind,
    pub index: &'a str,
    pub from: &'a str,
    pub to: &'a str,
    pub limit: usize,
}

/// A record of a list with the key it was found under.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    pub key: String,
    pub record: Record,
}

impl Cache {
    /// Opens the cache file with its key, or a cache in memory.
    pub fn open(path: Option<&Path>, key: &FileKey) -> Result<Cache> {
        Cache::on(open_encrypted(path, key, STEPS)?)
    }

    /// A cache on a database that is open already.
    pub fn on(mut db: Connection) -> Result<Cache> {
        settle_in(&db)?;
        // A first sync touches its indexes everywhere; a page read twice is deciphered twice. Its journal, of 64 MiB at most, is
        // written back when the exchange is over ([`Cache::write_back`]).
        db.execute_batch(
            "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 16000;",
        )?;
        migrate(&mut db, STEPS)?;
        // Every word of the index and where it leads, to look through after a removal; it is kept nowhere.
        db.execute_batch(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.word USING fts5vocab(main, words, instance)",
        )?;
        let cache = Cache { db };
        // What ended between a removal and its cleaning left what was removed in the journal.
        match cache.truncate_journal().and_then(|_| cache.finish_cleaning()) {
            // A full disk keeps nobody from reading; the next opening cleans.
            Ok(()) | Err(Fault::DiskFull) => Ok(cache),
            Err(fault) => Err(fault),
        }
    }

    /// The database, to look into.
    pub fn db(&self) -> &Connection {
        &self.db
    }

    /// The database, to keep it when the cache is closed.
    pub fn into_db(self) -> Connection {
        self.db
    }

    /// Whether the whole file is as it was written.
    pub fn is_sound(&self) -> Result<bool> {
        is_sound(&self.db)
    }

    /// Writes the journal back into the file, as far as nobody reads what is in it. A full disk is left to a later moment.
    pub fn write_back(&self) -> Result<()> {
        let written = self
            .db
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        match written.map_err(Fault::from) {
            Err(Fault::DiskFull) => Ok(()),
            written => written,
        }
    }

    /// A value kept beside the records.
    pub fn meta<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        meta_text(&self.db, key)?
            .map(|text| serde_json::from_str(&text).map_err(Fault::from))
            .transpose()
    }

    /// Forgets where in the office's log this laptop is: the next exchange begins as on a new one.
    pub fn forget_place(&self) -> Result<()> {
        self.db
            .prepare_cached("DELETE FROM meta WHERE key = 'cursor'")?
            .execute([])?;
        Ok(())
    }

    /// Keeps a value beside the records.
    pub fn set_meta<T: Serialize>(&self, key: &str, value: &T) -> Result<()> {
        set_meta(&self.db, key, value)
    }

    /// The views the device holds, with their tallies.
    pub fn views(&self) -> Result<Vec<(View, Tally)>> {
        let mut find = self
            .db
            .prepare_cached("SELECT name, count, sum FROM view ORDER BY name")?;
        let rows = find.query_map([], |row| {
            let sum: Vec<u8> = row.get(2)?;
            Ok((
                row.get::<_, String>(0)?,
                Tally {
                    count: row.get(1)?,
                    sum: Sum::from_bytes(&sum),
                },
            ))
        })?;
        rows.map(|row| {
            let (name, tally) = row?;
            Ok((View::try_from(name).map_err(Fault::Unreadable)?, tally))
        })
        .collect()
    }

    /// How many records of each kind are held.
    pub fn counts(&self) -> Result<Vec<(String, u64)>> {
        let mut find = self
            .db
            .prepare_cached("SELECT kind, count(*) FROM record GROUP BY kind ORDER BY kind")?;
        let rows = find.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many photos are held, and the size of the file in bytes.
    pub fn size(&self) -> Result<(u64, u64)> {
        let sql = "SELECT count(*) FROM (SELECT hash FROM photo UNION SELECT hash FROM thumbnail)";
        let photos = self.db.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        let pages: u64 = self.db.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        Ok((photos, pages * CIPHER_PAGE))
    }

    /// Notes what the control step said, in one transaction: views gained appear empty, and `facts` are kept. Names that the
    /// rights said before are cleaned away as records are that left.
    pub fn begin_views(&mut self, gained: &[View], rights: &Rights, facts: &[(&str, Value)]) -> Result<()> {
        let rights = serde_json::to_string(rights)?;
        let tx = self.db.transaction()?;
        let before = meta_text(&tx, "rights")?;
        let is_told_otherwise = before.as_ref().is_some_and(|before| *before != rights);
        for view in gained {
            view_id(&tx, view)?;
        }
        if is_told_otherwise && !planted(Bug::RightsLeft) {
            note_removal(&tx)?;
        }
        if before.is_none() || is_told_otherwise {
            set_meta_text(&tx, "rights", &rights)?;
        }
        for (key, value) in facts {
            set_meta(&tx, key, value)?;
        }
        Ok(tx.commit()?)
    }

    /// What changed since the person last looked, by record.
    pub fn news(&self) -> Result<Vec<(RecordId, String)>> {
        let mut find = self
            .db
            .prepare_cached("SELECT r.id, s.what FROM news s JOIN record r ON r.n = s.n")?;
        let rows = find.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        rows.map(|row| {
            let (id, what) = row?;
            let id = RecordId::parse(id).map_err(|error| Fault::Unreadable(error.to_string()))?;
            Ok((id, what))
        })
        .collect()
    }

    /// Notes that the person has looked at these records; true where there was news of any.
    pub fn looked_at(&mut self, ids: &[RecordId]) -> Result<bool> {
        let tx = self.db.transaction()?;
        let mut gone = 0;
        for id in ids {
            let mut take =
                tx.prepare_cached("DELETE FROM news WHERE n = (SELECT n FROM record WHERE id = ?)")?;
            gone += take.execute([id.as_str()])?;
        }
        tx.commit()?;
        Ok(gone > 0)
    }

    /// Every row, by view and record.
    pub fn rows(&self) -> Result<BTreeMap<(View, RecordId), Value>> {
        let sql = "SELECT v.name, r.id, w.body FROM view_row w JOIN view v ON v.id = w.view JOIN record r ON r.n = w.n";
        let mut find = self.db.prepare_cached(sql)?;
        let rows = find.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        rows.map(|row| {
            let (view, id, body): (String, String, String) = row?;
            let id = RecordId::parse(id).map_err(|error| Fault::Unreadable(error.to_string()))?;
            Ok((
                (View::try_from(view).map_err(Fault::Unreadable)?, id),
                serde_json::from_str(&body)?,
            ))
        })
        .collect()
    }

    /// A record as the union of what its views show.
    pub fn record(&self, id: &RecordId) -> Result<Option<Record>> {
        let Some(n) = find_record(&self.db, id)? else {
            return Ok(None);
        };
        read(&self.db, n)
    }

    /// The records of a range, in the order of their keys.
    pub fn list(&self, query: ListQuery<'_>) -> Result<Vec<Listed>> {
        let mut find = self.db.prepare_cached(
            "SELECT key, n FROM record_key WHERE kind = ? AND name = ? AND key >= ? AND key < ? ORDER BY key, n LIMIT ?",
        )?;
        let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
        let args = params![query.kind.name(), query.index, query.from, query.to, limit];
        let rows = find.query_map(args, |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
        let mut listed = Vec::new();
        for row in rows {
            let (key, n) = row?;
            if let Some(record) = read(&self.db, n)? {
                listed.push(Listed { key, record });
            }
        }
        Ok(listed)
    }

    /// The records whose key begins with `prefix`.
    pub fn range(&self, kind: Kind, index: &str, prefix: &str) -> Result<Vec<Record>> {
        let to = after_prefix(prefix);
        let listed = self.list(ListQuery {
            kind,
            index,
            from: prefix,
            to: &to,
            limit: usize::MAX,
        })?;
        Ok(listed.into_iter().map(|listed| listed.record).collect())
    }

    /// The records found by words, the newest first. What is between two blanks stands together in a record, as in
    /// B-2026-0417, and is the beginning of what stands there, unless it ends in a single letter or digit.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<Record>> {
        let words: Vec<String> = text.split_whitespace().filter_map(as_phrase).collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let mut find = self
            .db
            .prepare_cached("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?")?;
        let args = params![words.join(" "), i64::try_from(limit).unwrap_or(i64::MAX)];
        let rows = find.query_map(args, |row| row.get::<_, i64>(0))?;
        let mut records = Vec::new();
        for n in rows {
            records.extend(read(&self.db, n?)?);
        }
        Ok(records)
    }
}

/// What to look for in the index where this was typed. A beginning of one letter would be that of half the words there are.
fn as_phrase(typed: &str) -> Option<String> {
    let words: Vec<&str> = typed
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let begins = words.last()?.chars().nth(1).map_or("", |_| "*");
    Some(format!("\"{}\"{begins}", words.join(" ")))
}

fn meta_text(db: &Connection, key: &str) -> Result<Option<String>> {
    let mut find = db.prepare_cached("SELECT value FROM meta WHERE key = ?")?;
    Ok(find.query_row([key], |row| row.get(0)).optional()?)
}

pub(super) fn set_meta<T: Serialize + ?Sized>(db: &Connection, key: &str, value: &T) -> Result<()> {
    set_meta_text(db, key, &serde_json::to_string(value)?)
}

fn set_meta_text(db: &Connection, key: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value";
    db.prepare_cached(sql)?.execute([key, value])?;
    Ok(())
}

pub(super) fn find_view(db: &Connection, view: &View) -> Result<Option<i64>> {
    let mut find = db.prepare_cached("SELECT id FROM view WHERE name = ?")?;
    Ok(find.query_row([view.to_string()], |row| row.get(0)).optional()?)
}

pub(super) fn view_id(tx: &Transaction<'_>, view: &View) -> Result<i64> {
    if let Some(id) = find_view(tx, view)? {
        return Ok(id);
    }
    let mut add = tx.prepare_cached("INSERT INTO view (name, count, sum) VALUES (?, 0, ?)")?;
    Ok(add.insert(params![view.to_string(), Sum::default().to_bytes()])?)
}

pub(super) fn find_record(db: &Connection, id: &RecordId) -> Result<Option<i64>> {
    let mut find = db.prepare_cached("SELECT n FROM record WHERE id = ?")?;
    Ok(find.query_row([id.as_str()], |row| row.get(0)).optional()?)
}

pub(super) fn read(db: &Connection, n: i64) -> Result<Option<Record>> {
    let mut find = db.prepare_cached(
        "SELECT r.id, r.kind, r.revision, v.body FROM view_row v JOIN record r ON r.n = v.n WHERE v.n = ? ORDER BY v.view",
    )?;
    let mut rows = find.query([n])?;
    let mut head: Option<(String, String, i64)> = None;
    let mut bodies = Vec::new();
    while let Some(row) = rows.next()? {
        bodies.push(row.get::<_, String>(3)?);
        head.get_or_insert((row.get(0)?, row.get(1)?, row.get(2)?));
    }
    let Some((id, kind, revision)) = head else {
        return Ok(None);
    };
    let kind = Kind::named(&kind).ok_or_else(|| Fault::Unreadable(format!("{id} is a {kind}")))?;
    let id = RecordId::parse(id).map_err(|error| Fault::Unreadable(error.to_string()))?;
    Ok(Some(Record {
        id,
        revision,
        body: union(kind, &bodies)?,
    }))
}
