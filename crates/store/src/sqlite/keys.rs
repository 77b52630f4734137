//! The keys and words a record of the cache is found by. They lie in its row too, so that they can be taken away again.

use super::cache::read;
use crate::Result;
use domain::Record;
use planted::{Bug, planted};
use rusqlite::{OptionalExtension, Transaction, params};

/// What a record is found by.
#[derive(Debug)]
pub(super) struct FoundBy {
    /// Pairs of index and key, in order.
    pub keys: Vec<(&'static str, String)>,
    /// The same as the record's row keeps it.
    pub keys_text: String,
    pub text: String,
}

impl FoundBy {
    pub(super) fn of(record: &Record) -> Result<FoundBy> {
        let mut keys = record.index_keys();
        keys.sort_unstable();
        keys.dedup();
        Ok(FoundBy {
            keys_text: serde_json::to_string(&keys)?,
            keys,
            text: record.search_text().trim().to_owned(),
        })
    }
}

/// What a record has been found by so far, as its row keeps it.
struct Kept {
    kind: String,
    keys: String,
    text: String,
}

impl Kept {
    fn read(tx: &Transaction<'_>, n: i64) -> Result<Option<Kept>> {
        let mut find = tx.prepare_cached("SELECT kind, keys, text FROM record WHERE n = ?")?;
        let row = find.query_row([n], |row| {
            Ok(Kept {
                kind: row.get(0)?,
                keys: row.get(1)?,
                text: row.get(2)?,
            })
        });
        Ok(row.optional()?)
    }

    fn take_keys(&self, tx: &Transaction<'_>, n: i64) -> Result<()> {
        let keys: Vec<(String, String)> = serde_json::from_str(&self.keys)?;
        for (name, key) in keys {
            tx.prepare_cached("DELETE FROM record_key WHERE kind = ? AND name = ? AND key = ? AND n = ?")?
                .execute(params![self.kind, name, key, n])?;
        }
        Ok(())
    }

    fn take_words(&self, tx: &Transaction<'_>, n: i64) -> Result<()> {
        if !self.text.is_empty() {
            tx.prepare_cached("INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)")?
                .execute(params![n, self.text])?;
        }
        Ok(())
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

/// Takes a record out of the cache, with its news and what it was found by.
fn take_record(tx: &Transaction<'_>, n: i64) -> Result<()> {
    if let Some(kept) = Kept::read(tx, n)? {
        if !planted(Bug::KeysLeft) {
            kept.take_keys(tx, n)?;
        }
        if !planted(Bug::WordsLeft) {
            kept.take_words(tx, n)?;
        }
    }
    tx.prepare_cached("DELETE FROM news WHERE n = ?")?.execute([n])?;
    tx.prepare_cached("DELETE FROM record WHERE n = ?")?
        .execute([n])?;
    Ok(())
}

/// Brings what a record is found by in line with the rows it has left, and gives it; none where it has none and is gone.
pub(super) fn refresh(tx: &Transaction<'_>, n: i64) -> Result<Option<Record>> {
    let Some(record) = read(tx, n)? else {
        take_record(tx, n)?;
        return Ok(None);
    };
    bring_in_line(tx, n, &FoundBy::of(&record)?)?;
    Ok(Some(record))
}

/// Has a record found by this. What has not changed is not written again: taking a text out of the index for good costs far
/// more than reading it.
pub(super) fn bring_in_line(tx: &Transaction<'_>, n: i64, new: &FoundBy) -> Result<()> {
    let Some(old) = Kept::read(tx, n)? else {
        return Ok(());
    };
    let (same_keys, same_text) = (old.keys == new.keys_text, old.text == new.text);
    if same_keys && same_text {
        return Ok(());
    }
    if !same_keys {
        old.take_keys(tx, n)?;
        for (name, key) in &new.keys {
            add_key(tx, n, &old.kind, name, key)?;
        }
    }
    if !same_text {
        old.take_words(tx, n)?;
        add_words(tx, n, &new.text)?;
    }
    tx.prepare_cached("UPDATE record SET keys = ?, text = ? WHERE n = ?")?
        .execute(params![new.keys_text, new.text, n])?;
    Ok(())
}
