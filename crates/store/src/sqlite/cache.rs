//! The device's cache: exactly the records its user may see. Disposable.

use super::pictures::drop_pictures;
use super::{FileKey, migrate, open_encrypted, settle_in};
use crate::lookup::after_prefix;
use crate::{Fault, Result};
use domain::record::union;
use domain::{Body, Record};
use policy::views::View;
use policy::{Kind, RecordId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use sync::{Page, Row, Sum, Tally};

const STEPS: &[&str] = &[
    concat!(
        include_str!("../../../../migrations/device/0001_cache.sql"),
        include_str!("../../../../migrations/device/words.sql")
    ),
    include_str!("../../../../migrations/device/0002_cache_pictures.sql"),
    include_str!("../../../../migrations/device/0003_cache_news.sql"),
];
/// The index of words alone.
const WORDS: &str = include_str!("../../../../migrations/device/words.sql");

/// The size of an encrypted page, in bytes: the cipher's own default.
const CIPHER_PAGE: u64 = 4096;

/// The cache file of one person.
pub struct Cache {
    pub(super) db: Connection,
}

/// What a page changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    pub records: BTreeSet<RecordId>,
}

/// What losing views took away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forgotten {
    pub records: u64,
    /// A search afterwards found nothing of them.
    pub verified: bool,
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
        // A first sync touches its indexes everywhere; a page read twice is deciphered twice.
        db.execute_batch(
            "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 4000;",
        )?;
        db.set_prepared_statement_cache_capacity(64);
        migrate(&mut db, STEPS)?;
        Ok(Cache { db })
    }

    /// The database, to look into.
    pub fn db(&self) -> &Connection {
        &self.db
    }

    /// The database, to keep it when the cache is closed.
    pub fn into_db(self) -> Connection {
        self.db
    }

    /// A value kept beside the records.
    pub fn meta<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        let sql = "SELECT value FROM meta WHERE key = ?";
        let text: Option<String> = self
            .db
            .prepare_cached(sql)?
            .query_row([key], |row| row.get(0))
            .optional()?;
        text.map(|text| serde_json::from_str(&text).map_err(Fault::from))
            .transpose()
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
        let photos = self.db.query_row(sql, [], |row| row.get(0))?;
        let pages: u64 = self.db.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        Ok((photos, pages * CIPHER_PAGE))
    }

    /// Notes what the control step said, in one transaction: views gained appear empty, and `facts` are kept.
    pub fn begin_views(&mut self, gained: &[View], facts: &[(&str, Value)]) -> Result<()> {
        let tx = self.db.transaction()?;
        for view in gained {
            view_id(&tx, view)?;
        }
        for (key, value) in facts {
            set_meta(&tx, key, value)?;
        }
        Ok(tx.commit()?)
    }

    /// Removes everything that only these views showed: rows, keys, full text, photos. What other views still show
    /// stays. The file is cleaned, and searched afterwards.
    pub fn forget(&mut self, views: &[View]) -> Result<Forgotten> {
        let tx = self.db.transaction()?;
        let mut touched = BTreeSet::new();
        for view in views {
            let Some(id) = find_view(&tx, view)? else { continue };
            let mut find = tx.prepare_cached("SELECT n FROM view_row WHERE view = ?")?;
            let rows = find.query_map([id], |row| row.get::<_, i64>(0))?;
            touched.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
            tx.execute("DELETE FROM view_row WHERE view = ?", [id])?;
            tx.execute("DELETE FROM view WHERE id = ?", [id])?;
        }
        let gone = forget_records(&tx, &touched)?;
        drop_pictures(&tx)?;
        tx.commit()?;
        self.clean()?;
        let verified = self.nothing_left_of(views, &touched)?;
        Ok(Forgotten {
            records: gone,
            verified,
        })
    }

    /// Writes everything out of the journal, so that nothing removed is left in it.
    fn clean(&self) -> Result<()> {
        self.db
            .execute_batch("INSERT INTO words (words) VALUES ('optimize')")?;
        self.truncate_journal()
    }

    fn truncate_journal(&self) -> Result<()> {
        // The pragma answers with a row; in memory there is no journal to truncate.
        self.db
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    fn nothing_left_of(&self, views: &[View], touched: &BTreeSet<i64>) -> Result<bool> {
        for view in views {
            if find_view(&self.db, view)?.is_some() {
                return Ok(false);
            }
        }
        let count = |sql: &str, n: i64| -> Result<i64> {
            Ok(self.db.prepare_cached(sql)?.query_row([n], |row| row.get(0))?)
        };
        for n in touched {
            if count("SELECT count(*) FROM view_row WHERE n = ?", *n)? > 0 {
                continue;
            }
            let left = count("SELECT count(*) FROM record WHERE n = ?", *n)?
                + count("SELECT count(*) FROM record_key WHERE n = ?", *n)?
                + count("SELECT count(*) FROM words WHERE rowid = ?", *n)?
                + count("SELECT count(*) FROM news WHERE n = ?", *n)?;
            if left > 0 {
                return Ok(false);
            }
        }
        if self.has_stray_pictures()? {
            return Ok(false);
        }
        let secure: i64 = self.db.query_row("PRAGMA secure_delete", [], |row| row.get(0))?;
        Ok(secure == 1)
    }

    /// Applies a page, whole or not at all, together with the facts that belong to it (the cursor among them). Of a
    /// record that changed in a view that had arrived whole before, `tell` says what is news about it, from what it was
    /// and what it is.
    pub fn apply(
        &mut self,
        page: &Page,
        facts: &[(&str, Value)],
        tell: impl Fn(Option<&Record>, &Record) -> Vec<&'static str>,
    ) -> Result<Applied> {
        let tx = self.db.transaction()?;
        let ids = page
            .views
            .iter()
            .map(|view| view_id(&tx, view))
            .collect::<Result<Vec<_>>>()?;
        let view_of = |index: u16| {
            ids.get(usize::from(index))
                .copied()
                .ok_or_else(|| Fault::Unreadable("a page names no such view".to_owned()))
        };
        let mut tallies = ids.iter().map(|id| tally(&tx, *id)).collect::<Result<Vec<_>>>()?;
        let mut applied = Applied::default();
        let newest: i64 = tx.query_row("SELECT coalesce(max(n), 0) FROM record", [], |row| row.get(0))?;
        // Records that came with this page alone, and those there is more of: other rows, or older ones.
        let mut fresh: BTreeMap<i64, &Row> = BTreeMap::new();
        let mut touched: BTreeSet<i64> = BTreeSet::new();
        let whole = ids
            .iter()
            .map(|id| is_whole(&tx, *id))
            .collect::<Result<Vec<_>>>()?;
        let mut before: BTreeMap<i64, Option<Record>> = BTreeMap::new();
        for removed in &page.removed {
            let view = view_of(removed.view)?;
            let Some(n) = find_record(&tx, &removed.id)? else {
                continue;
            };
            if whole[usize::from(removed.view)] {
                remember(&tx, &mut before, n)?;
            }
            if let Some(old) = take_row(&tx, view, n)? {
                tallies[usize::from(removed.view)].remove(old);
            }
            touched.insert(n);
            applied.records.insert(removed.id.clone());
        }
        for row in &page.rows {
            let view = view_of(row.view)?;
            let n = record_n(&tx, &row.id, row.kind, row.revision)?;
            if whole[usize::from(row.view)] {
                remember(&tx, &mut before, n)?;
            }
            let hash = row.hash();
            let tally = &mut tallies[usize::from(row.view)];
            if n > newest && !touched.contains(&n) && !fresh.contains_key(&n) {
                fresh.insert(n, row);
            } else {
                fresh.remove(&n);
                touched.insert(n);
                if let Some(old) = take_row(&tx, view, n)? {
                    tally.remove(old);
                }
            }
            tally.add(hash);
            tx.prepare_cached("INSERT INTO view_row (view, n, body, hash) VALUES (?, ?, ?, ?)")?
                .execute(params![view, n, row.body.get(), hash.to_bytes()])?;
            applied.records.insert(row.id.clone());
        }
        for (id, tally) in ids.iter().zip(&tallies) {
            tx.prepare_cached("UPDATE view SET count = ?, sum = ? WHERE id = ?")?
                .execute(params![tally.count, tally.sum.to_bytes(), id])?;
        }
        for n in touched {
            let now = refresh(&tx, n)?;
            if let (Some(before), Some(now)) = (before.get(&n), &now) {
                add_news(&tx, n, &tell(before.as_ref(), now))?;
            }
        }
        let mut keys = Vec::new();
        for (n, row) in fresh {
            let record = Record {
                id: row.id.clone(),
                revision: row.revision,
                body: Body::from_json(row.kind, row.body.get())?,
            };
            let of_record = record.index_keys().into_iter();
            keys.extend(of_record.map(|(name, key)| (row.kind.name(), name, key, n)));
            add_words(&tx, n, &record.search_text())?;
            if let Some(before) = before.get(&n) {
                add_news(&tx, n, &tell(before.as_ref(), &record))?;
            }
        }
        // In the order of the index, so that a page of it is written once.
        keys.sort_unstable();
        for (kind, name, key, n) in keys {
            add_key(&tx, n, kind, name, &key)?;
        }
        if page.complete {
            tx.execute("UPDATE view SET whole = 1 WHERE whole = 0", [])?;
        }
        for (key, value) in facts {
            set_meta(&tx, key, value)?;
        }
        if !page.removed.is_empty() {
            drop_pictures(&tx)?;
        }
        tx.commit()?;
        if !page.removed.is_empty() {
            self.truncate_journal()?;
        }
        Ok(applied)
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

    /// Empties a view whose tally differs from the office's, to fetch it again.
    pub fn drop_view(&mut self, view: &View) -> Result<()> {
        self.forget(std::slice::from_ref(view)).map(drop)
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

fn set_meta<T: Serialize + ?Sized>(db: &Connection, key: &str, value: &T) -> Result<()> {
    let sql = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value";
    db.prepare_cached(sql)?
        .execute(params![key, serde_json::to_string(value)?])?;
    Ok(())
}

fn find_view(db: &Connection, view: &View) -> Result<Option<i64>> {
    let mut find = db.prepare_cached("SELECT id FROM view WHERE name = ?")?;
    Ok(find.query_row([view.to_string()], |row| row.get(0)).optional()?)
}

fn view_id(tx: &Transaction<'_>, view: &View) -> Result<i64> {
    if let Some(id) = find_view(tx, view)? {
        return Ok(id);
    }
    let mut add = tx.prepare_cached("INSERT INTO view (name, count, sum) VALUES (?, 0, ?)")?;
    Ok(add.insert(params![view.to_string(), Sum::default().to_bytes()])?)
}

fn tally(tx: &Transaction<'_>, view: i64) -> Result<Tally> {
    let mut find = tx.prepare_cached("SELECT count, sum FROM view WHERE id = ?")?;
    Ok(find.query_row([view], |row| {
        let sum: Vec<u8> = row.get(1)?;
        Ok(Tally {
            count: row.get(0)?,
            sum: Sum::from_bytes(&sum),
        })
    })?)
}

fn is_whole(tx: &Transaction<'_>, view: i64) -> Result<bool> {
    let mut find = tx.prepare_cached("SELECT whole FROM view WHERE id = ?")?;
    Ok(find.query_row([view], |row| row.get(0))?)
}

/// Keeps a record as it was before this page touched it.
fn remember(tx: &Transaction<'_>, before: &mut BTreeMap<i64, Option<Record>>, n: i64) -> Result<()> {
    if let Entry::Vacant(place) = before.entry(n) {
        place.insert(read(tx, n)?);
    }
    Ok(())
}

fn add_news(tx: &Transaction<'_>, n: i64, news: &[&str]) -> Result<()> {
    for what in news {
        tx.prepare_cached("INSERT INTO news (n, what) VALUES (?, ?) ON CONFLICT DO NOTHING")?
            .execute(params![n, what])?;
    }
    Ok(())
}

fn find_record(db: &Connection, id: &RecordId) -> Result<Option<i64>> {
    let mut find = db.prepare_cached("SELECT n FROM record WHERE id = ?")?;
    Ok(find.query_row([id.as_str()], |row| row.get(0)).optional()?)
}

fn record_n(tx: &Transaction<'_>, id: &RecordId, kind: Kind, revision: i64) -> Result<i64> {
    let mut save = tx.prepare_cached(
        "INSERT INTO record (id, kind, revision) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET revision = excluded.revision RETURNING n",
    )?;
    Ok(save.query_row(params![id.as_str(), kind.name(), revision], |row| row.get(0))?)
}

/// Removes a row of a view; gives the hash it was counted as.
fn take_row(tx: &Transaction<'_>, view: i64, n: i64) -> Result<Option<Sum>> {
    let mut take = tx.prepare_cached("DELETE FROM view_row WHERE view = ? AND n = ? RETURNING hash")?;
    let hash: Option<Vec<u8>> = take.query_row([view, n], |row| row.get(0)).optional()?;
    Ok(hash.map(|hash| Sum::from_bytes(&hash)))
}

/// Brings a record's keys and words in line with the rows it has left, and gives it; none where it has none and is gone.
/// What has not changed is not written again: taking a text out of the index for good costs far more than reading it.
fn refresh(tx: &Transaction<'_>, n: i64) -> Result<Option<Record>> {
    let Some(record) = read(tx, n)? else {
        tx.prepare_cached("DELETE FROM record_key WHERE n = ?")?
            .execute([n])?;
        tx.prepare_cached("DELETE FROM words WHERE rowid = ?")?
            .execute([n])?;
        tx.prepare_cached("DELETE FROM record WHERE n = ?")?
            .execute([n])?;
        return Ok(None);
    };
    refresh_keys(tx, n, &record)?;
    refresh_words(tx, n, &record)?;
    Ok(Some(record))
}

/// Takes out the records that no view shows any more, and brings the others in line; gives how many are gone.
fn forget_records(tx: &Transaction<'_>, touched: &BTreeSet<i64>) -> Result<u64> {
    let is_shown = |n: i64| -> Result<bool> {
        let mut find = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM view_row WHERE n = ?)")?;
        Ok(find.query_row([n], |row| row.get(0))?)
    };
    let (mut shown, mut gone) = (Vec::new(), Vec::new());
    for n in touched {
        if is_shown(*n)? {
            shown.push(*n)
        } else {
            gone.push(*n)
        };
    }
    let count: usize = tx.query_row("SELECT count(*) FROM record", [], |row| row.get(0))?;
    // Taking a text out of the index for good costs more than putting one in.
    let begins_anew = gone.len() * 2 > count;
    if begins_anew {
        tx.execute_batch("DROP TABLE words")?;
        tx.execute_batch(WORDS)?;
    }
    for n in &gone {
        tx.prepare_cached("DELETE FROM record_key WHERE n = ?")?
            .execute([n])?;
        if !begins_anew {
            tx.prepare_cached("DELETE FROM words WHERE rowid = ?")?
                .execute([n])?;
        }
        tx.prepare_cached("DELETE FROM record WHERE n = ?")?
            .execute([n])?;
    }
    if begins_anew {
        let mut find = tx.prepare("SELECT n FROM record")?;
        let left = find.query_map([], |row| row.get(0))?;
        shown = left.collect::<rusqlite::Result<_>>()?;
    }
    for n in shown {
        refresh(tx, n)?;
    }
    Ok(gone.len() as u64)
}

fn refresh_keys(tx: &Transaction<'_>, n: i64, record: &Record) -> Result<()> {
    let wanted: BTreeSet<(String, String)> = record
        .index_keys()
        .into_iter()
        .map(|(name, key)| (name.to_owned(), key))
        .collect();
    let mut find = tx.prepare_cached("SELECT name, key FROM record_key WHERE n = ?")?;
    let held = find.query_map([n], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if held.collect::<rusqlite::Result<BTreeSet<(String, String)>>>()? == wanted {
        return Ok(());
    }
    tx.prepare_cached("DELETE FROM record_key WHERE n = ?")?
        .execute([n])?;
    let kind = record.kind().name();
    wanted
        .iter()
        .try_for_each(|(name, key)| add_key(tx, n, kind, name, key))
}

fn add_key(tx: &Transaction<'_>, n: i64, kind: &str, name: &str, key: &str) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO record_key (kind, name, key, n) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
    )?
    .execute(params![kind, name, key, n])?;
    Ok(())
}

fn refresh_words(tx: &Transaction<'_>, n: i64, record: &Record) -> Result<()> {
    let wanted = record.search_text();
    let mut find = tx.prepare_cached("SELECT text FROM words WHERE rowid = ?")?;
    let held: Option<String> = find.query_row([n], |row| row.get(0)).optional()?;
    if held.as_deref().unwrap_or_default().trim() == wanted.trim() {
        return Ok(());
    }
    tx.prepare_cached("DELETE FROM words WHERE rowid = ?")?
        .execute([n])?;
    add_words(tx, n, &wanted)
}

fn add_words(tx: &Transaction<'_>, n: i64, text: &str) -> Result<()> {
    if !text.trim().is_empty() {
        tx.prepare_cached("INSERT INTO words (rowid, text) VALUES (?, ?)")?
            .execute(params![n, text])?;
    }
    Ok(())
}

fn read(db: &Connection, n: i64) -> Result<Option<Record>> {
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
