//! A page that has come is taken into the cache.

use super::Cache;
use super::cache::{find_record, read, set_meta, view_id};
use super::forget::note_removal;
use super::keys::{FoundBy, add_key, add_words, refresh};
use super::pictures::drop_pictures;
use crate::{Fault, Result};
use domain::Record;
use domain::record::union;
use rusqlite::{OptionalExtension, Transaction, params};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use sync::{Page, Row, Sum, Tally};

impl Cache {
    /// Applies a page, whole or not at all, together with the facts that belong to it (the cursor among them). Of a
    /// record that changed in a view that had arrived whole before, `tell` says what is news about it, from what it was
    /// and what it is.
    pub fn apply(
        &mut self,
        page: &Page,
        facts: &[(&str, Value)],
        tell: impl Fn(Option<&Record>, &Record) -> Vec<&'static str>,
    ) -> Result<()> {
        let tx = self.db.transaction()?;
        let mut arrival = Arrival::begin(&tx, page)?;
        for removed in &page.removed {
            if let Some(n) = find_record(&tx, &removed.id)? {
                arrival.touch(n, std::iter::once(removed.view))?;
                arrival.take_row(removed.view, n)?;
            }
        }
        let mut keys = Vec::new();
        for rows in by_record(&page.rows) {
            match find_record(&tx, &rows[0].id)? {
                Some(n) => arrival.change(n, &rows)?,
                None => arrival.add(&rows, &mut keys, &tell)?,
            }
        }
        // In the order of the index, so that a page of it is written once.
        keys.sort_unstable();
        for (kind, name, key, n) in keys {
            add_key(&tx, n, kind, &name, &key)?;
        }
        arrival.finish(&tell)?;
        if page.complete {
            tx.prepare_cached("UPDATE view SET whole = 1 WHERE whole = 0")?
                .execute([])?;
        }
        for (key, value) in facts {
            set_meta(&tx, key, value)?;
        }
        if !page.removed.is_empty() {
            drop_pictures(&tx)?;
            note_removal(&tx)?;
        }
        tx.commit()?;
        if !page.removed.is_empty() {
            self.truncate_journal()?;
        }
        Ok(())
    }
}

/// The rows of each record, in the order the records came in. Of two rows of one view the last counts.
fn by_record(rows: &[Row]) -> Vec<Vec<&Row>> {
    let mut places: HashMap<&str, usize> = HashMap::with_capacity(rows.len());
    let mut records: Vec<Vec<&Row>> = Vec::with_capacity(rows.len());
    for row in rows {
        let next = records.len();
        let place = *places.entry(row.id.as_str()).or_insert(next);
        if place == next {
            records.push(vec![row]);
        } else {
            records[place].retain(|other| other.view != row.view);
            records[place].push(row);
        }
    }
    records
}

/// A key to be written: kind, index, key and record.
type Key = (&'static str, String, String, i64);

/// A view as it is held here.
struct Held {
    id: i64,
    tally: Tally,
    /// It had arrived whole before this page.
    is_whole: bool,
}

/// A page on its way in.
struct Arrival<'a> {
    tx: &'a Transaction<'a>,
    views: Vec<Held>,
    /// The records there was more of here: as they were, where what changes in them is news.
    touched: BTreeMap<i64, Option<Record>>,
}

impl<'a> Arrival<'a> {
    fn begin(tx: &'a Transaction<'a>, page: &Page) -> Result<Arrival<'a>> {
        let mut views = Vec::new();
        for view in &page.views {
            let id = view_id(tx, view)?;
            let mut find = tx.prepare_cached("SELECT count, sum, whole FROM view WHERE id = ?")?;
            views.push(find.query_row([id], |row| {
                let sum: Vec<u8> = row.get(1)?;
                Ok(Held {
                    id,
                    tally: Tally {
                        count: row.get(0)?,
                        sum: Sum::from_bytes(&sum),
                    },
                    is_whole: row.get(2)?,
                })
            })?);
        }
        let touched = BTreeMap::new();
        Ok(Arrival { tx, views, touched })
    }

    fn view(&mut self, index: u16) -> Result<&mut Held> {
        self.views
            .get_mut(usize::from(index))
            .ok_or_else(|| Fault::Unreadable("a page names no such view".to_owned()))
    }

    /// Notes that a record changes in these views.
    fn touch(&mut self, n: i64, mut views: impl Iterator<Item = u16>) -> Result<()> {
        let is_news = views.try_fold(false, |is, view| Ok::<_, Fault>(is || self.view(view)?.is_whole))?;
        let before = self.touched.entry(n).or_default();
        if is_news && before.is_none() {
            *before = read(self.tx, n)?;
        }
        Ok(())
    }

    fn take_row(&mut self, view: u16, n: i64) -> Result<()> {
        let tx = self.tx;
        let held = self.view(view)?;
        let mut take = tx.prepare_cached("DELETE FROM view_row WHERE view = ? AND n = ? RETURNING hash")?;
        let hash: Option<Vec<u8>> = take.query_row([held.id, n], |row| row.get(0)).optional()?;
        if let Some(hash) = hash {
            held.tally.remove(Sum::from_bytes(&hash));
        }
        Ok(())
    }

    fn add_row(&mut self, n: i64, row: &Row) -> Result<()> {
        let tx = self.tx;
        let held = self.view(row.view)?;
        let hash = row.hash();
        held.tally.add(hash);
        tx.prepare_cached("INSERT INTO view_row (view, n, body, hash) VALUES (?, ?, ?, ?)")?
            .execute(params![held.id, n, row.body.get(), hash.to_bytes()])?;
        Ok(())
    }

    /// A record of which there is more here already.
    fn change(&mut self, n: i64, rows: &[&Row]) -> Result<()> {
        self.touch(n, rows.iter().map(|row| row.view))?;
        let revision = rows.iter().map(|row| row.revision).max();
        self.tx
            .prepare_cached("UPDATE record SET revision = ? WHERE n = ?")?
            .execute(params![revision, n])?;
        for row in rows {
            self.take_row(row.view, n)?;
            self.add_row(n, row)?;
        }
        Ok(())
    }

    /// A record that comes with this page alone.
    fn add(
        &mut self,
        rows: &[&Row],
        keys: &mut Vec<Key>,
        tell: impl Fn(Option<&Record>, &Record) -> Vec<&'static str>,
    ) -> Result<()> {
        let first = rows[0];
        let bodies: Vec<&str> = rows.iter().map(|row| row.body.get()).collect();
        let record = Record {
            id: first.id.clone(),
            revision: first.revision,
            body: union(first.kind, &bodies)?,
        };
        let found_by = FoundBy::of(&record);
        let kind = first.kind.name();
        let mut save = self
            .tx
            .prepare_cached("INSERT INTO record (id, kind, revision, keys, text) VALUES (?, ?, ?, ?, ?)")?;
        let n = save.insert(params![
            record.id.as_str(),
            kind,
            record.revision,
            found_by.keys_as_text()?,
            found_by.text
        ])?;
        let mut is_news = false;
        for row in rows {
            is_news |= self.view(row.view)?.is_whole;
            self.add_row(n, row)?;
        }
        add_words(self.tx, n, &found_by.text)?;
        keys.extend(found_by.keys.into_iter().map(|(name, key)| (kind, name, key, n)));
        if is_news {
            add_news(self.tx, n, &tell(None, &record))?;
        }
        Ok(())
    }

    /// Writes the tallies, and brings the records that were touched in line.
    fn finish(self, tell: impl Fn(Option<&Record>, &Record) -> Vec<&'static str>) -> Result<()> {
        for held in &self.views {
            self.tx
                .prepare_cached("UPDATE view SET count = ?, sum = ? WHERE id = ?")?
                .execute(params![held.tally.count, held.tally.sum.to_bytes(), held.id])?;
        }
        for (n, before) in self.touched {
            let now = refresh(self.tx, n)?;
            if let (Some(before), Some(now)) = (before, now) {
                add_news(self.tx, n, &tell(Some(&before), &now))?;
            }
        }
        Ok(())
    }
}

fn add_news(tx: &Transaction<'_>, n: i64, news: &[&str]) -> Result<()> {
    for what in news {
        tx.prepare_cached("INSERT INTO news (n, what) VALUES (?, ?) ON CONFLICT DO NOTHING")?
            .execute(params![n, what])?;
    }
    Ok(())
}
