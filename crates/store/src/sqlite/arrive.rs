//! A page that has come is taken into the cache.

use super::Cache;
use super::cache::{find_record, read, set_meta, view_id};
use super::forget::note_removal;
use super::keys::{FoundBy, add_key, add_words, bring_in_line, refresh};
use super::pictures::drop_pictures;
use crate::{Fault, Result};
use domain::Record;
use domain::record::union;
use policy::{Kind, RecordId};
use rusqlite::{OptionalExtension, Transaction, params};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::mpsc::sync_channel;
use sync::{Page, Row, Sum, Tally};

/// So many records are read before they are handed on, and so many such parts may wait to be written.
const READ_AT_ONCE: usize = 64;
const READ_AHEAD: usize = 8;

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
        let tells_news = arrival.views.iter().any(|held| held.is_whole);
        each_read(by_record(&page.rows), tells_news, |coming| {
            match find_record(&tx, coming.id)? {
                Some(n) => arrival.change(n, coming),
                None => arrival.add(coming, &mut keys, &tell),
            }
        })?;
        // In the order of the index, so that a page of it is written once.
        keys.sort_unstable();
        for (kind, name, key, n) in keys {
            add_key(&tx, n, kind, name, &key)?;
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

/// The rows of one record, and what it is by them alone.
struct Coming<'a> {
    id: &'a RecordId,
    kind: Kind,
    revision: i64,
    rows: Vec<(&'a Row, Sum)>,
    /// Where it may be news. Otherwise it ends on the thread that read it: one thread that gives back the memory of another has
    /// both wait.
    record: Option<Record>,
    found_by: FoundBy,
}

impl<'a> Coming<'a> {
    fn read(rows: &[&'a Row], tells_news: bool) -> Result<Coming<'a>> {
        let first = rows[0];
        let bodies: Vec<&str> = rows.iter().map(|row| row.body.get()).collect();
        let record = Record {
            id: first.id.clone(),
            revision: rows
                .iter()
                .map(|row| row.revision)
                .max()
                .unwrap_or(first.revision),
            body: union(first.kind, &bodies)?,
        };
        Ok(Coming {
            id: &first.id,
            kind: record.kind(),
            revision: record.revision,
            rows: rows.iter().map(|row| (*row, row.hash())).collect(),
            found_by: FoundBy::of(&record)?,
            record: tells_news.then_some(record),
        })
    }
}

/// Hands on what each record says, in the order they came in. Where there are many they are read on a thread of their own,
/// while those before them are written.
fn each_read<'a>(
    records: Vec<Vec<&'a Row>>,
    tells_news: bool,
    mut take: impl FnMut(Coming<'a>) -> Result<()>,
) -> Result<()> {
    let read = |records: &[Vec<&'a Row>]| -> Vec<Result<Coming<'a>>> {
        records
            .iter()
            .map(|rows| Coming::read(rows, tells_news))
            .collect()
    };
    if records.len() <= READ_AT_ONCE {
        return read(&records).into_iter().try_for_each(|coming| take(coming?));
    }
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(READ_AHEAD);
        scope.spawn(move || {
            for part in records.chunks(READ_AT_ONCE) {
                if sender.send(read(part)).is_err() {
                    // Whoever writes has given up.
                    return;
                }
            }
        });
        receiver
            .into_iter()
            .flatten()
            .try_for_each(|coming| take(coming?))
    })
}

/// A key to be written: kind, index, key and record.
type Key = (&'static str, &'static str, String, i64);

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
    /// The records there was more of here.
    touched: BTreeMap<i64, Touched>,
}

/// A record there was more of here.
#[derive(Default)]
struct Touched {
    /// As it was, where what changes in it is news.
    before: Option<Record>,
    /// What came of it: the number of its rows, and what it is and is found by if these are all it has.
    came: Option<(usize, Option<Record>, FoundBy)>,
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
        let touched = self.touched.entry(n).or_default();
        if is_news && touched.before.is_none() {
            touched.before = read(self.tx, n)?;
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

    fn add_row(&mut self, n: i64, (row, hash): (&Row, Sum)) -> Result<()> {
        let tx = self.tx;
        let held = self.view(row.view)?;
        held.tally.add(hash);
        tx.prepare_cached("INSERT INTO view_row (view, n, body, hash) VALUES (?, ?, ?, ?)")?
            .execute(params![held.id, n, row.body.get(), hash.to_bytes()])?;
        Ok(())
    }

    /// A record of which there is more here already.
    fn change(&mut self, n: i64, coming: Coming<'_>) -> Result<()> {
        self.touch(n, coming.rows.iter().map(|(row, _)| row.view))?;
        self.tx
            .prepare_cached("UPDATE record SET revision = ? WHERE n = ?")?
            .execute(params![coming.revision, n])?;
        for (row, hash) in &coming.rows {
            self.take_row(row.view, n)?;
            self.add_row(n, (row, *hash))?;
        }
        let came = (coming.rows.len(), coming.record, coming.found_by);
        self.touched.entry(n).or_default().came = Some(came);
        Ok(())
    }

    /// A record that comes with this page alone.
    fn add(
        &mut self,
        coming: Coming<'_>,
        keys: &mut Vec<Key>,
        tell: impl Fn(Option<&Record>, &Record) -> Vec<&'static str>,
    ) -> Result<()> {
        let Coming {
            id,
            kind,
            revision,
            rows,
            record,
            found_by,
        } = coming;
        let kind = kind.name();
        let mut save = self
            .tx
            .prepare_cached("INSERT INTO record (id, kind, revision, keys, text) VALUES (?, ?, ?, ?, ?)")?;
        let n = save.insert(params![
            id.as_str(),
            kind,
            revision,
            found_by.keys_text,
            found_by.text
        ])?;
        let mut is_news = false;
        for (row, hash) in rows {
            is_news |= self.view(row.view)?.is_whole;
            self.add_row(n, (row, hash))?;
        }
        add_words(self.tx, n, &found_by.text)?;
        keys.extend(found_by.keys.into_iter().map(|(name, key)| (kind, name, key, n)));
        if let Some(record) = record.filter(|_| is_news) {
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
        for (n, Touched { before, came }) in self.touched {
            let now = match came {
                Some((rows, record, found_by)) if rows == rows_of(self.tx, n)? => {
                    bring_in_line(self.tx, n, &found_by)?;
                    record
                }
                _ => refresh(self.tx, n)?,
            };
            if let (Some(before), Some(now)) = (before, now) {
                add_news(self.tx, n, &tell(Some(&before), &now))?;
            }
        }
        Ok(())
    }
}

/// How many views show a record.
fn rows_of(tx: &Transaction<'_>, n: i64) -> Result<usize> {
    let mut count = tx.prepare_cached("SELECT count(*) FROM view_row WHERE n = ?")?;
    Ok(count.query_row([n], |row| row.get(0))?)
}

fn add_news(tx: &Transaction<'_>, n: i64, news: &[&str]) -> Result<()> {
    for what in news {
        tx.prepare_cached("INSERT INTO news (n, what) VALUES (?, ?) ON CONFLICT DO NOTHING")?
            .execute(params![n, what])?;
    }
    Ok(())
}
