//! The device's outbox: work not yet safe at the office. Precious, synchronous to the disk, never rebuilt.

use super::photos::{NewPhoto, add_photo, forget_photo};
use super::{FileKey, is_sound, migrate, open_encrypted, settle_in};
use crate::{Fault, Result};
use domain::{CommandId, Contest};
use planted::{Bug, planted};
use policy::{Denial, Millis};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;
use std::path::Path;
use sync::{Envelope, Receipt};

pub const STEPS: &[&str] = &[
    include_str!("../../../../migrations/device/0001_outbox.sql"),
    include_str!("../../../../migrations/device/0002_outbox_photos.sql"),
    include_str!("../../../../migrations/device/0003_outbox_journal.sql"),
];

/// How long commands the office took are kept, in milliseconds: 30 days.
const JOURNAL_MILLIS: Millis = 30 * 24 * 60 * 60 * 1000;

/// The outbox file of one person.
pub struct Outbox {
    pub(super) db: Connection,
}

/// One command on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxEntry {
    pub envelope: Envelope,
    pub target_title: String,
    /// The office has taken it, and its change has not come back yet.
    pub taken: bool,
    pub asks_office: bool,
}

/// What a push can carry, and what is too big for any.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ToSend {
    pub commands: Vec<Envelope>,
    pub too_big: Vec<Envelope>,
}

/// Work the office did not take.
#[derive(Debug, Clone, PartialEq)]
pub struct ReturnedRow {
    pub envelope: Envelope,
    pub target_title: String,
    pub denial: Option<Denial>,
    pub contest: Option<Contest>,
    pub at: Millis,
}

/// What was removed from this laptop, in words, and whether the person has seen it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRow {
    pub receipt: Receipt,
    pub titles: Vec<String>,
    pub seen: bool,
}

impl Outbox {
    /// Opens the outbox file with its key, or an outbox in memory.
    pub fn open(path: Option<&Path>, key: &FileKey) -> Result<Outbox> {
        Outbox::on(open_encrypted(path, key, STEPS)?)
    }

    /// An outbox on a database that is open already.
    pub fn on(mut db: Connection) -> Result<Outbox> {
        settle_in(&db)?;
        db.execute_batch("PRAGMA synchronous = FULL;")?;
        migrate(&mut db, STEPS)?;
        give_back_bit_by_bit(&db)?;
        Ok(Outbox { db })
    }

    /// The database, to look into.
    pub fn db(&self) -> &Connection {
        &self.db
    }

    /// The database, to keep it when the outbox is closed.
    pub fn into_db(self) -> Connection {
        self.db
    }

    /// Whether the whole file is as it was written, and the work in it can be read. A page that is missing at the end of a
    /// file is read as if it were empty, so that only its content tells.
    pub fn is_sound(&self) -> Result<bool> {
        let read = || -> Result<()> {
            self.entries()?;
            self.returned()?;
            self.receipts().map(drop)
        };
        match read() {
            Err(Fault::Damaged | Fault::Unreadable(_)) => Ok(false),
            read => read.and_then(|()| is_sound(&self.db)),
        }
    }

    /// A value kept beside the work.
    pub fn meta(&self, key: &str) -> Result<Option<String>> {
        Ok(self
            .db
            .prepare_cached("SELECT value FROM meta WHERE key = ?")?
            .query_row([key], |row| row.get(0))
            .optional()?)
    }

    /// Keeps a value beside the work.
    pub fn set_meta(&mut self, key: &str, value: &str) -> Result<()> {
        let sql =
            "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value";
        self.db.prepare_cached(sql)?.execute([key, value])?;
        Ok(())
    }

    /// Forgets a value kept beside the work.
    pub fn forget_meta(&mut self, key: &str) -> Result<()> {
        self.db
            .prepare_cached("DELETE FROM meta WHERE key = ?")?
            .execute([key])?;
        Ok(())
    }

    /// Adds a command and, with it, the bytes of a photo. It is on the disk when this returns.
    pub fn add(&mut self, entry: &OutboxEntry, photo: Option<&NewPhoto>) -> Result<()> {
        let tx = self.db.transaction()?;
        let sql = "INSERT INTO entry (id, envelope, target_title, state, asks_office) VALUES (?, ?, ?, 'waiting', ?)";
        tx.prepare_cached(sql)?.execute(params![
            entry.envelope.id.as_str(),
            serde_json::to_string(&entry.envelope)?,
            entry.target_title,
            entry.asks_office
        ])?;
        if let Some(photo) = photo {
            let said = (entry.target_title.as_str(), entry.envelope.claimed_at);
            add_photo(&tx, &entry.envelope.id, said, photo)?;
        }
        Ok(tx.commit()?)
    }

    /// All commands on their way, oldest first.
    pub fn entries(&self) -> Result<Vec<OutboxEntry>> {
        let mut find = self
            .db
            .prepare_cached("SELECT envelope, target_title, state, asks_office FROM entry ORDER BY n")?;
        let rows = find.query_map([], |row| {
            let texts: (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok((texts, row.get(3)?))
        })?;
        rows.map(|row| {
            let ((envelope, target_title, state), asks_office) = row?;
            let envelope = serde_json::from_str(&envelope)?;
            Ok(OutboxEntry {
                envelope,
                target_title,
                taken: state == "taken",
                asks_office,
            })
        })
        .collect()
    }

    /// The oldest commands that wait, at most so many and so many bytes, but those of these ids.
    pub fn to_send(&self, except: &BTreeSet<CommandId>, limit: usize, bytes_max: usize) -> Result<ToSend> {
        let mut find = self
            .db
            .prepare_cached("SELECT envelope FROM entry WHERE state = 'waiting' ORDER BY n LIMIT ?")?;
        let most = i64::try_from(limit + except.len()).unwrap_or(i64::MAX);
        let rows = find.query_map([most], |row| row.get::<_, String>(0))?;
        let (mut to_send, mut bytes) = (ToSend::default(), 0);
        for row in rows {
            let text = row?;
            let envelope: Envelope = serde_json::from_str(&text)?;
            if except.contains(&envelope.id) {
                continue;
            }
            if text.len() > bytes_max && !planted(Bug::TooBigIsSent) {
                to_send.too_big.push(envelope);
                continue;
            }
            bytes += text.len();
            if to_send.commands.len() == limit || !to_send.commands.is_empty() && bytes > bytes_max {
                break;
            }
            to_send.commands.push(envelope);
        }
        Ok(to_send)
    }

    /// What the author of a command on its way read on the screen.
    pub fn title(&self, id: &CommandId) -> Result<Option<String>> {
        let mut find = self
            .db
            .prepare_cached("SELECT target_title FROM entry WHERE id = ?")?;
        Ok(find.query_row([id.as_str()], |row| row.get(0)).optional()?)
    }

    /// Takes a command out that was not sent; false where it is not there to take.
    pub fn remove_waiting(&mut self, id: &CommandId) -> Result<bool> {
        let tx = self.db.transaction()?;
        let gone = tx
            .prepare_cached("DELETE FROM entry WHERE id = ? AND state = 'waiting'")?
            .execute([id.as_str()])?
            > 0;
        let is_lighter = gone && forget_photo(&tx, id)?;
        tx.commit()?;
        if is_lighter {
            self.give_space_back()?;
        }
        Ok(gone)
    }

    /// Notes the office's answers: taken entries stay until their change has come back, others are returned. One
    /// transaction. `at` is an instant of the office's clock: what is kept for 30 days must not go with a laptop's clock.
    pub fn settle(&mut self, taken: &[&CommandId], returned: &[ReturnedRow], at: Millis) -> Result<()> {
        if planted(Bug::ReturnedInTwoSteps) {
            for row in returned {
                self.db
                    .prepare_cached("DELETE FROM entry WHERE id = ?")?
                    .execute([row.envelope.id.as_str()])?;
            }
        }
        let tx = self.db.transaction()?;
        for id in taken {
            tx.prepare_cached("UPDATE entry SET state = 'taken' WHERE id = ?")?
                .execute([id.as_str()])?;
            if planted(Bug::JournalNotWritten) {
                continue;
            }
            tx.prepare_cached(
                "INSERT INTO journal (id, envelope, taken_at, n) SELECT id, envelope, ?, n FROM entry WHERE id = ?
                 ON CONFLICT DO NOTHING",
            )?
            .execute(params![at, id.as_str()])?;
        }
        for row in returned {
            let id = row.envelope.id.as_str();
            tx.prepare_cached("DELETE FROM entry WHERE id = ?")?
                .execute([id])?;
            tx.prepare_cached(
                "INSERT INTO returned (id, envelope, target_title, denial, contest, returned_at)
                 VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            )?
            .execute(params![
                id,
                serde_json::to_string(&row.envelope)?,
                row.target_title,
                row.denial.as_ref().map(serde_json::to_string).transpose()?,
                row.contest.as_ref().map(serde_json::to_string).transpose()?,
                row.at
            ])?;
        }
        tx.prepare_cached("DELETE FROM journal WHERE taken_at < ?")?
            .execute([at - JOURNAL_MILLIS])?;
        Ok(tx.commit()?)
    }

    /// Removes the taken entries: their changes have come back.
    pub fn clear_taken(&mut self) -> Result<()> {
        let sql = "DELETE FROM entry WHERE state = 'taken'";
        self.db.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// Puts the commands the office once took back in the queue, for an office restored from an older backup: in the
    /// order they were done, and before what has not been sent yet, which may rest on them.
    pub fn offer_journal_again(&mut self) -> Result<usize> {
        let tx = self.db.transaction()?;
        let sent = tx
            .prepare_cached("UPDATE entry SET state = 'waiting' WHERE state = 'taken'")?
            .execute([])?;
        if planted(Bug::WaitingBeforeJournal) {
            let offered = tx.prepare_cached("INSERT INTO entry (id, envelope, target_title, state, asks_office)
                 SELECT id, envelope, '', 'waiting', 0 FROM journal WHERE id NOT IN (SELECT id FROM entry) ORDER BY n")?.execute([],
            )?;
            tx.commit()?;
            return Ok(sent + offered);
        }
        let offered = tx
            .prepare_cached(
                "INSERT INTO entry (n, id, envelope, target_title, state, asks_office)
             SELECT (SELECT coalesce(min(n), 1) FROM entry) - 1 - count(*) OVER ()
                      + row_number() OVER (ORDER BY n, taken_at, json_extract(envelope, '$.claimed_at')),
                    id, envelope, '', 'waiting', 0
             FROM journal WHERE id NOT IN (SELECT id FROM entry)",
            )?
            .execute([])?;
        tx.commit()?;
        Ok(sent + offered)
    }

    /// Work that was returned, newest first.
    pub fn returned(&self) -> Result<Vec<ReturnedRow>> {
        let sql = "SELECT envelope, target_title, denial, contest, returned_at FROM returned ORDER BY returned_at DESC, id";
        let mut find = self.db.prepare_cached(sql)?;
        let rows = find.query_map([], |row| {
            let texts: (String, String) = (row.get(0)?, row.get(1)?);
            Ok((
                texts,
                row.get::<_, Option<String>>(2)?,
                row.get::<_, Option<String>>(3)?,
                row.get(4)?,
            ))
        })?;
        rows.map(|row| {
            let ((envelope, target_title), denial, contest, at) = row?;
            Ok(ReturnedRow {
                envelope: serde_json::from_str(&envelope)?,
                target_title,
                denial: denial.map(|text| serde_json::from_str(&text)).transpose()?,
                contest: contest.map(|text| serde_json::from_str(&text)).transpose()?,
                at,
            })
        })
        .collect()
    }

    /// Removes returned work its author has dealt with.
    pub fn dismiss(&mut self, id: &CommandId) -> Result<()> {
        let tx = self.db.transaction()?;
        let gone = tx
            .prepare_cached("DELETE FROM returned WHERE id = ?")?
            .execute([id.as_str()])?
            > 0;
        let is_lighter = gone && forget_photo(&tx, id)?;
        tx.commit()?;
        if is_lighter {
            self.give_space_back()
        } else {
            Ok(())
        }
    }

    /// Whether any command waits.
    pub fn has_waiting(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM entry WHERE state = 'waiting')";
        Ok(self.db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    /// How many wait, were returned, and how many photos wait.
    pub fn counts(&self) -> Result<(u64, u64, u64)> {
        let sql =
            "SELECT (SELECT count(*) FROM entry WHERE state = 'waiting'), (SELECT count(*) FROM returned),
                          (SELECT count(*) FROM photo)";
        let mut count = self.db.prepare_cached(sql)?;
        Ok(count.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
    }

    /// Keeps the proof of a removal until the office has it.
    pub fn add_receipt(&mut self, receipt: &Receipt, titles: &[String]) -> Result<()> {
        let args = params![serde_json::to_string(receipt)?, serde_json::to_string(titles)?];
        let sql = "INSERT INTO receipt (receipt, titles) VALUES (?, ?)";
        self.db.prepare_cached(sql)?.execute(args)?;
        Ok(())
    }

    /// Receipts the office has not been told of.
    pub fn receipts_to_send(&self) -> Result<Vec<Receipt>> {
        let mut find = self
            .db
            .prepare_cached("SELECT receipt FROM receipt WHERE sent = 0 ORDER BY n")?;
        let rows = find.query_map([], |row| row.get::<_, String>(0))?;
        rows.map(|text| serde_json::from_str(&text?).map_err(Fault::from))
            .collect()
    }

    /// Notes that the office knows.
    pub fn receipts_sent(&mut self) -> Result<()> {
        self.db
            .prepare_cached("UPDATE receipt SET sent = 1")?
            .execute([])?;
        Ok(())
    }

    /// All receipts, newest first.
    pub fn receipts(&self) -> Result<Vec<ReceiptRow>> {
        let mut find = self
            .db
            .prepare_cached("SELECT receipt, titles, seen FROM receipt ORDER BY n DESC")?;
        let rows = find.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get(2)?))
        })?;
        rows.map(|row| {
            let (receipt, titles, seen) = row?;
            Ok(ReceiptRow {
                receipt: serde_json::from_str(&receipt)?,
                titles: serde_json::from_str(&titles)?,
                seen,
            })
        })
        .collect()
    }

    /// Notes that the person has seen what was removed.
    pub fn receipts_seen(&mut self) -> Result<()> {
        self.db
            .prepare_cached("UPDATE receipt SET seen = 1")?
            .execute([])?;
        Ok(())
    }
}

/// Has the file give back what is free in it when asked to. A file that does not do so yet is written anew, once.
fn give_back_bit_by_bit(db: &Connection) -> Result<()> {
    const INCREMENTAL: i64 = 2;
    let mode: i64 = db.query_row("PRAGMA auto_vacuum", [], |row| row.get(0))?;
    if mode != INCREMENTAL {
        db.pragma_update(None, "auto_vacuum", INCREMENTAL)?;
        db.execute_batch("VACUUM")?;
    }
    Ok(())
}
