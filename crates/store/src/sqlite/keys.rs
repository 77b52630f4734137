//! The keys and words a record of the cache is found by. They lie in its row too, so that they can be taken away again.

use super::cache::read;
use crate::Result;
use domain::Record;
use planted::{Bug, planted};
use rusqlite::{OptionalExtension, Transaction, params};

/// What a record is found by.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FoundBy {
    /// Pairs of index and key, in order.
    pub keys: Vec<(String, String)>,
    pub text: String,
}

impl FoundBy {
    pub(super) fn of(record: &Record) -> FoundBy {
        let keys = record.index_keys().into_iter();
        let mut keys: Vec<(String, String)> = keys.map(|(name, key)| (name.to_owned(), key)).collect();
        keys.sort_unstable();
        keys.dedup();
        FoundBy {
            keys,
            text: record.search_text().trim().to_owned(),
        }
    }

    /// As the record's row keeps it.
    fn read(tx: &Transaction<'_>, n: i64) -> Result<Option<(String, FoundBy)>> {
        let mut find = tx.prepare_cached("SELECT kind, keys, text FROM record WHERE n = ?")?;
        let row = find.query_row([n], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get(2)?))
        });
        let Some((kind, keys, text)) = row.optional()? else {
            return Ok(None);
        };
        let keys = serde_json::from_str(&keys)?;
        Ok(Some((kind, FoundBy { keys, text })))
    }

    pub(super) fn keys_as_text(&self) -> Result<String> {
        Ok(serde_json::to_string(&self.keys)?)
    }
}

pub(super) fn add_key(tx: &Transaction<'_>, n: i64, kind: &str, name: &str, key: &str) -> Result<()> {
    tx.prepare_cached("INSERT INTO record_key (kind, name, key, n) VALUES (?, ?, ?, ?)")?
        .execute(params![kind, name, key, n])?;
    Ok(())
}

pub(super) fn add_words(tx: &Transaction<'_>, n: i64, text: &str) -> Result<()> {
    if !text.is_empty() {
        tx.prepare_cached("INSERT INTO words (rowid, text) VALUES (?, ?)")?
            .execute(params![n, text])?;
    }
    Ok(())
}

fn take_keys(tx: &Transaction<'_>, n: i64, kind: &str, keys: &[(String, String)]) -> Result<()> {
    for (name, key) in keys {
        tx.prepare_cached("DELETE FROM record_key WHERE kind = ? AND name = ? AND key = ? AND n = ?")?
            .execute(params![kind, name, key, n])?;
    }
    Ok(())
}

fn take_words(tx: &Transaction<'_>, n: i64, text: &str) -> Result<()> {
    if !text.is_empty() {
        tx.prepare_cached("INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)")?
            .execute(params![n, text])?;
    }
    Ok(())
}

/// Takes a record out of the cache, with its news and what it was found by.
fn take_record(tx: &Transaction<'_>, n: i64) -> Result<()> {
    if let Some((kind, found_by)) = FoundBy::read(tx, n)? {
        if !planted(Bug::KeysLeft) {
            take_keys(tx, n, &kind, &found_by.keys)?;
        }
        if !planted(Bug::WordsLeft) {
            take_words(tx, n, &found_by.text)?;
        }
    }
    tx.prepare_cached("DELETE FROM news WHERE n = ?")?.execute([n])?;
    tx.prepare_cached("DELETE FROM record WHERE n = ?")?
        .execute([n])?;
    Ok(())
}

/// Brings what a record is found by in line with the rows it has left, and gives it; none where it has none and is gone.
/// What has not changed is not written again: taking a text out of the index for good costs far more than reading it.
pub(super) fn refresh(tx: &Transaction<'_>, n: i64) -> Result<Option<Record>> {
    let Some(record) = read(tx, n)? else {
        take_record(tx, n)?;
        return Ok(None);
    };
    let Some((kind, old)) = FoundBy::read(tx, n)? else {
        return Ok(None);
    };
    let new = FoundBy::of(&record);
    if old == new {
        return Ok(Some(record));
    }
    if old.keys != new.keys {
        take_keys(tx, n, &kind, &old.keys)?;
        for (name, key) in &new.keys {
            add_key(tx, n, &kind, name, key)?;
        }
    }
    if old.text != new.text {
        take_words(tx, n, &old.text)?;
        add_words(tx, n, &new.text)?;
    }
    tx.prepare_cached("UPDATE record SET keys = ?, text = ? WHERE n = ?")?
        .execute(params![new.keys_as_text()?, new.text, n])?;
    Ok(Some(record))
}
