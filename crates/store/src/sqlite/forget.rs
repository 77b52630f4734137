//! What a person may no longer see leaves the cache, and is searched for afterwards.

use super::Cache;
use super::cache::{find_view, set_meta};
use super::keys::refresh;
use super::pictures::drop_pictures;
use crate::{Fault, Result};
use planted::{Bug, planted};
use policy::views::View;
use policy::{Millis, Rights};
use rusqlite::Transaction;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The fact that something was removed and the file not yet cleaned.
const UNCLEAN: &str = "unclean";

/// How long records that left a view one by one may lie in unused space: to write the file anew takes about 2 s for 50,000
/// records.
const CLEAN_EVERY: Millis = 10 * 60 * 1000;

/// What was removed since the file was last cleaned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Unclean {
    /// Records that left views, and names that left the rights.
    Rows,
    /// Whole views: a right has ended.
    Views,
}

/// Notes that a record is about to leave a view, or a name the rights.
pub(super) fn note_removal(tx: &Transaction<'_>) -> Result<()> {
    let sql = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING";
    tx.prepare_cached(sql)?
        .execute((UNCLEAN, serde_json::to_string(&Unclean::Rows)?))?;
    Ok(())
}

/// What losing views took away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forgotten {
    pub records: u64,
    /// A search afterwards found nothing of them.
    pub verified: bool,
}

/// What the index of words is searched for after a removal.
enum Trace {
    /// Records that have gone, by their number here: the words each was found by.
    Of(Vec<(i64, String)>),
    /// Any record that is not there: less than half is left to look through.
    OfAny,
}

impl Cache {
    /// Removes everything that only these views showed: rows, keys, full text, photos. What other views still show
    /// stays. So do the rights, where they are not replaced: what they said before, such as the names of places, goes with
    /// the records. The file is cleaned, and searched afterwards.
    pub fn forget(&mut self, views: &[View], rights: Option<&Rights>) -> Result<Forgotten> {
        let tx = self.db.transaction()?;
        if let Some(rights) = rights.filter(|_| !planted(Bug::RightsLeft)) {
            set_meta(&tx, "rights", rights)?;
        }
        let touched = rows_of(&tx, views)?;
        let held = records(&tx)?;
        // To take a record out of every index costs more than to put one in.
        let trace = if touched.len() as u64 * 2 > held {
            begin_anew_without(&tx, views)?;
            Trace::OfAny
        } else {
            let texts = touched
                .iter()
                .map(|n| Ok((*n, text_of(&tx, *n)?)))
                .collect::<Result<Vec<_>>>()?;
            take_out(&tx, views, &touched)?;
            let mut gone = Vec::new();
            for (n, text) in texts {
                if !is_held(&tx, n)? {
                    gone.push((n, text));
                }
            }
            Trace::Of(gone)
        };
        let gone = held - records(&tx)?;
        drop_pictures(&tx)?;
        set_meta(&tx, UNCLEAN, &Unclean::Views)?;
        tx.commit()?;
        let verified = self.clean_where_room()? && self.nothing_left_of(views, &trace)?;
        Ok(Forgotten {
            records: gone,
            verified,
        })
    }

    /// Empties a view whose tally differs from the office's, to fetch it again.
    pub fn drop_view(&mut self, view: &View) -> Result<()> {
        self.forget(std::slice::from_ref(view), None).map(drop)
    }

    /// Cleans the file where records left views one by one since it was last cleaned, at most once in `CLEAN_EVERY`. True
    /// where it did.
    pub fn clean_where_due(&self, now: Millis) -> Result<bool> {
        let last: Millis = self.meta("cleaned_at")?.unwrap_or_default();
        if self.meta::<Unclean>(UNCLEAN)?.is_none() || (0..CLEAN_EVERY).contains(&(now - last)) {
            return Ok(false);
        }
        let is_clean = self.clean_where_room()?;
        if is_clean {
            self.set_meta("cleaned_at", &now)?;
        }
        Ok(is_clean)
    }

    /// What was removed is gone from every list, whether there is room to clean or not. Where there is none, a later exchange
    /// or the next opening cleans.
    fn clean_where_room(&self) -> Result<bool> {
        match self.clean() {
            Err(Fault::DiskFull) => Ok(false),
            cleaned => cleaned,
        }
    }

    /// Finishes the cleaning of a removal that was interrupted.
    pub(super) fn finish_cleaning(&self) -> Result<()> {
        if self.meta(UNCLEAN)? == Some(Unclean::Views) {
            self.clean()?;
        }
        Ok(())
    }

    /// Writes the file anew and everything out of the journal, so that nothing removed is left in either. `secure_delete`
    /// overwrites a row where it lies; the copy that was left behind when it moved to another page stays in the unused
    /// space of the first. False where the journal could not be emptied. What is in memory has neither.
    fn clean(&self) -> Result<bool> {
        if !planted(Bug::CopiesLeft) {
            self.db
                .prepare_cached("INSERT INTO words (words) VALUES ('optimize')")?
                .execute([])?;
            if self.db.path().is_some_and(|path| !path.is_empty()) {
                self.db.execute_batch("VACUUM")?;
            }
        }
        let is_clean = self.truncate_journal()?;
        if is_clean {
            self.db
                .prepare_cached("DELETE FROM meta WHERE key = ?")?
                .execute([UNCLEAN])?;
        }
        Ok(is_clean)
    }

    /// Empties the journal; false where somebody still reads what is in it. In memory there is none.
    pub(super) fn truncate_journal(&self) -> Result<bool> {
        if planted(Bug::JournalLeft) {
            return Ok(true);
        }
        let is_busy: bool = self
            .db
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(!is_busy)
    }

    fn nothing_left_of(&self, views: &[View], trace: &Trace) -> Result<bool> {
        // One snapshot, which is locked and checked once.
        let _snapshot = self.db.unchecked_transaction()?;
        for view in views {
            if find_view(&self.db, view)?.is_some() {
                return Ok(false);
            }
        }
        // Whatever belongs to a record that is not there.
        let strays = "SELECT EXISTS (SELECT 1 FROM view_row WHERE n NOT IN (SELECT n FROM record))
                          OR EXISTS (SELECT 1 FROM record_key WHERE n NOT IN (SELECT n FROM record))
                          OR EXISTS (SELECT 1 FROM news WHERE n NOT IN (SELECT n FROM record))";
        let mut find = self.db.prepare_cached(strays)?;
        if find.query_row([], |row| row.get(0))? || self.has_stray_pictures()? {
            return Ok(false);
        }
        if self.is_found(trace)? {
            return Ok(false);
        }
        let secure: i64 = self.db.query_row("PRAGMA secure_delete", [], |row| row.get(0))?;
        Ok(secure == 1)
    }

    /// Whether the index of words still leads to what has gone.
    fn is_found(&self, trace: &Trace) -> Result<bool> {
        let gone = match trace {
            Trace::Of(gone) => gone,
            Trace::OfAny => {
                let strays =
                    "SELECT EXISTS (SELECT 1 FROM temp.word WHERE doc NOT IN (SELECT n FROM record))";
                return Ok(self.db.prepare_cached(strays)?.query_row([], |row| row.get(0))?);
            }
        };
        for (n, text) in gone {
            if self.leads_to(*n, text)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the index of words leads from any word of a text to a record.
    fn leads_to(&self, n: i64, text: &str) -> Result<bool> {
        let words: BTreeSet<&str> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        if words.is_empty() {
            return Ok(false);
        }
        let any: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        let mut find = self
            .db
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM words WHERE words MATCH ? AND rowid = ?)")?;
        Ok(find.query_row((any.join(" OR "), n), |row| row.get(0))?)
    }
}

/// How many records are held.
fn records(tx: &Transaction<'_>) -> Result<u64> {
    let mut count = tx.prepare_cached("SELECT count(*) FROM record")?;
    Ok(count.query_row([], |row| row.get(0))?)
}

/// The records that any of these views shows.
fn rows_of(tx: &Transaction<'_>, views: &[View]) -> Result<BTreeSet<i64>> {
    let mut touched = BTreeSet::new();
    for view in views {
        let Some(id) = find_view(tx, view)? else { continue };
        let mut find = tx.prepare_cached("SELECT n FROM view_row WHERE view = ?")?;
        let rows = find.query_map([id], |row| row.get::<_, i64>(0))?;
        touched.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
    }
    Ok(touched)
}

fn text_of(tx: &Transaction<'_>, n: i64) -> Result<String> {
    let mut find = tx.prepare_cached("SELECT text FROM record WHERE n = ?")?;
    Ok(find.query_row([n], |row| row.get(0))?)
}

fn is_held(tx: &Transaction<'_>, n: i64) -> Result<bool> {
    let mut find = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM record WHERE n = ?)")?;
    Ok(find.query_row([n], |row| row.get(0))?)
}

fn drop_views(tx: &Transaction<'_>, views: &[View]) -> Result<()> {
    for view in views {
        tx.prepare_cached("DELETE FROM view WHERE name = ?")?
            .execute([view.to_string()])?;
    }
    Ok(())
}

/// Takes views out row by row, and brings in line what else showed their records.
fn take_out(tx: &Transaction<'_>, views: &[View], touched: &BTreeSet<i64>) -> Result<()> {
    for view in views {
        if let Some(id) = find_view(tx, view)? {
            tx.prepare_cached("DELETE FROM view_row WHERE view = ?")?
                .execute([id])?;
        }
    }
    drop_views(tx, views)?;
    for n in touched {
        refresh(tx, *n)?;
    }
    Ok(())
}

/// Empties everything but the views themselves, and puts back what the others show: less than half of what was held, and
/// in memory meanwhile. No table is made or dropped, because that has every statement prepared anew.
fn begin_anew_without(tx: &Transaction<'_>, views: &[View]) -> Result<()> {
    drop_views(tx, views)?;
    let kept = Kept::read(tx)?;
    // The file is about to be written anew: to overwrite each page first would only put all of them through the journal.
    tx.execute_batch("PRAGMA secure_delete = FAST")?;
    let emptied = EMPTY
        .iter()
        .try_for_each(|sql| tx.prepare_cached(sql)?.execute([]).map(drop));
    tx.execute_batch("PRAGMA secure_delete = ON")?;
    emptied?;
    kept.write(tx)?;
    for (n, ..) in &kept.records {
        refresh(tx, *n)?;
    }
    Ok(())
}

const EMPTY: [&str; 5] = [
    "DELETE FROM news WHERE n NOT IN (SELECT n FROM view_row WHERE view IN (SELECT id FROM view))",
    "DELETE FROM view_row",
    "DELETE FROM record_key",
    "DELETE FROM record",
    "INSERT INTO words (words) VALUES ('delete-all')",
];

/// What the views that stay show, without what it is found by.
struct Kept {
    /// Number, id, kind and revision.
    records: Vec<(i64, String, String, i64)>,
    /// View, number, body and hash.
    rows: Vec<(i64, i64, String, Vec<u8>)>,
}

impl Kept {
    fn read(tx: &Transaction<'_>) -> Result<Kept> {
        let mut find = tx.prepare_cached(
            "SELECT n, id, kind, revision FROM record
             WHERE n IN (SELECT n FROM view_row WHERE view IN (SELECT id FROM view)) ORDER BY n",
        )?;
        let records = find.query_map([], |row| row.try_into())?;
        let mut find = tx.prepare_cached(
            "SELECT view, n, body, hash FROM view_row WHERE view IN (SELECT id FROM view) ORDER BY n, view",
        )?;
        let rows = find.query_map([], |row| row.try_into())?;
        Ok(Kept {
            records: records.collect::<rusqlite::Result<_>>()?,
            rows: rows.collect::<rusqlite::Result<_>>()?,
        })
    }

    fn write(&self, tx: &Transaction<'_>) -> Result<()> {
        let mut add = tx.prepare_cached("INSERT INTO record (n, id, kind, revision) VALUES (?, ?, ?, ?)")?;
        for (n, id, kind, revision) in &self.records {
            add.execute((n, id, kind, revision))?;
        }
        let mut add = tx.prepare_cached("INSERT INTO view_row (view, n, body, hash) VALUES (?, ?, ?, ?)")?;
        for (view, n, body, hash) in &self.rows {
            add.execute((view, n, body, hash))?;
        }
        Ok(())
    }
}
