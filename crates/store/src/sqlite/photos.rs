//! Photos in the outbox: a queue of their own. Bytes are kept until the office has confirmed them.

use super::Outbox;
use crate::{Fault, Result};
use domain::CommandId;
use policy::{Millis, RecordId};
use rusqlite::{OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};

/// A photo as it is added: with its bytes, or where they wait here already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPhoto {
    pub hash: String,
    pub record: RecordId,
    pub caption: String,
    pub picture: Option<OutboxPhoto>,
}

/// A photo's bytes, and a small JPEG of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxPhoto {
    pub media_type: String,
    pub bytes: Vec<u8>,
    pub thumbnail: Vec<u8>,
}

/// A photo whose turn it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoToSend {
    pub command: CommandId,
    pub hash: String,
    pub record: RecordId,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// Why the office has not kept a photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoProblem {
    pub code: String,
    pub sentence: String,
    /// The office will not have it as it is; otherwise something failed on the way.
    pub refused: bool,
}

/// A photo in the queue, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedPhoto {
    pub command: CommandId,
    pub hash: String,
    pub record: RecordId,
    pub target_title: String,
    pub caption: String,
    pub added_at: Millis,
    pub bytes: u64,
    pub attempts: u32,
    /// When it is tried again.
    pub next_at: Millis,
    pub problem: Option<PhotoProblem>,
    /// Its change has not been taken by the office yet, or came back.
    pub held: bool,
}

/// What keeps a photo from being sent, whatever the time.
const IS_HELD: &str =
    "(s.command IN (SELECT id FROM entry WHERE state = 'waiting') OR s.command IN (SELECT id FROM returned))";

/// A wait longer than this comes from a clock that has gone back, in milliseconds.
const WAIT_LONGEST: Millis = 2 * 60 * 60 * 1000;

impl Outbox {
    /// The next photo whose command the office has taken and whose time has come: those that never failed first. That of a
    /// returned command stays with its author.
    pub fn photo_to_send(&self, now: Millis) -> Result<Option<PhotoToSend>> {
        let sql = format!(
            "SELECT s.command, s.hash, s.record, p.media_type, p.bytes
             FROM photo_send s JOIN photo p ON p.hash = s.hash
             WHERE NOT {IS_HELD} AND (s.next_at <= ?1 OR s.next_at > ?1 + ?2) ORDER BY s.attempts, s.n LIMIT 1"
        );
        let found = self
            .db
            .prepare_cached(&sql)?
            .query_row([now, WAIT_LONGEST], |row| {
                Ok((
                    (row.get::<_, String>(0)?, row.get(1)?, row.get::<_, String>(2)?),
                    row.get(3)?,
                    row.get(4)?,
                ))
            });
        let Some(((command, hash, record), media_type, bytes)) = found.optional()? else {
            return Ok(None);
        };
        Ok(Some(PhotoToSend {
            command: CommandId::try_from(command).map_err(Fault::Unreadable)?,
            hash,
            record: record_id(record)?,
            media_type,
            bytes,
        }))
    }

    /// All photos in the queue, in the order they were added.
    pub fn photo_queue(&self) -> Result<Vec<QueuedPhoto>> {
        let sql = format!(
            "SELECT s.command, s.hash, s.record, s.target_title, s.caption, s.added_at, length(p.bytes), s.attempts,
                    s.next_at, s.problem, {IS_HELD}
             FROM photo_send s JOIN photo p ON p.hash = s.hash ORDER BY s.n"
        );
        let mut find = self.db.prepare_cached(&sql)?;
        let rows = find.query_map([], |row| {
            let ids: (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let words: (String, String) = (row.get(3)?, row.get(4)?);
            let numbers: (Millis, u64, u32, Millis) = (row.get(5)?, row.get(6)?, row.get(7)?, row.get(8)?);
            Ok((
                ids,
                words,
                numbers,
                row.get::<_, Option<String>>(9)?,
                row.get(10)?,
            ))
        })?;
        rows.map(|row| {
            let ((command, hash, record), (target_title, caption), numbers, problem, held) = row?;
            let (added_at, bytes, attempts, next_at) = numbers;
            Ok(QueuedPhoto {
                command: CommandId::try_from(command).map_err(Fault::Unreadable)?,
                hash,
                record: record_id(record)?,
                target_title,
                caption,
                added_at,
                bytes,
                attempts,
                next_at,
                problem: problem.map(|text| serde_json::from_str(&text)).transpose()?,
                held,
            })
        })
        .collect()
    }

    /// A photo that waits here: its media type and bytes.
    pub fn photo(&self, hash: &str) -> Result<Option<(String, Vec<u8>)>> {
        let sql = "SELECT media_type, bytes FROM photo WHERE hash = ?";
        let row = self
            .db
            .prepare_cached(sql)?
            .query_row([hash], |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(row.optional()?)
    }

    /// The thumbnail of a photo that waits here, where one was made.
    pub fn thumbnail(&self, hash: &str) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT thumbnail FROM photo WHERE hash = ?";
        let row = self.db.prepare_cached(sql)?.query_row([hash], |row| row.get(0));
        Ok(row.optional()?.flatten())
    }

    /// The office has confirmed the bytes of a photo for the record of a command. Where no other change still needs them
    /// they are removed, and their space is given back.
    pub fn photo_sent(&mut self, command: &CommandId) -> Result<()> {
        self.drop_photo(command)
    }

    /// Removes a photo that will not be sent.
    pub fn remove_photo(&mut self, command: &CommandId) -> Result<()> {
        self.drop_photo(command)
    }

    /// Notes that a photo came to nothing, and when it is tried again.
    pub fn photo_failed(
        &mut self,
        command: &CommandId,
        problem: &PhotoProblem,
        next_at: Millis,
    ) -> Result<()> {
        self.db
            .prepare_cached(
                "UPDATE photo_send SET attempts = attempts + 1, next_at = ?, problem = ? WHERE command = ?",
            )?
            .execute(params![
                next_at,
                serde_json::to_string(problem)?,
                command.as_str()
            ])?;
        Ok(())
    }

    /// Tries every photo again at once.
    pub fn hurry_photos(&mut self) -> Result<()> {
        self.db
            .prepare_cached("UPDATE photo_send SET next_at = 0")?
            .execute([])?;
        Ok(())
    }

    fn drop_photo(&mut self, command: &CommandId) -> Result<()> {
        let tx = self.db.transaction()?;
        let gone = forget_photo(&tx, command)?;
        tx.commit()?;
        if gone { self.give_space_back() } else { Ok(()) }
    }

    /// Gives what is free in the file back to the disk.
    pub(super) fn give_space_back(&self) -> Result<()> {
        let mut vacuum = self.db.prepare("PRAGMA incremental_vacuum")?;
        // Each row that is asked for frees a page.
        let mut pages = vacuum.query([])?;
        while pages.next()?.is_some() {}
        drop(pages);
        drop(vacuum);
        self.db
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

/// Notes that a command brings a photo. Without bytes it stands only where they wait here already.
pub(super) fn add_photo(
    tx: &Transaction<'_>,
    command: &CommandId,
    (target_title, at): (&str, Millis),
    photo: &NewPhoto,
) -> Result<()> {
    if let Some(picture) = &photo.picture {
        tx.prepare_cached("INSERT INTO photo (hash, media_type, bytes, thumbnail) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")?.execute(params![photo.hash, picture.media_type, picture.bytes, picture.thumbnail],
        )?;
    }
    tx.prepare_cached(
        "INSERT INTO photo_send (command, hash, record, target_title, caption, added_at)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM photo WHERE hash = ?2)",
    )?
    .execute(params![
        command.as_str(),
        photo.hash,
        photo.record.as_str(),
        target_title,
        photo.caption,
        at
    ])?;
    Ok(())
}

/// Takes the photo of a command out of the queue; true where its bytes went with it, because nothing else needs them.
pub(super) fn forget_photo(tx: &Transaction<'_>, command: &CommandId) -> Result<bool> {
    let sql = "DELETE FROM photo_send WHERE command = ? RETURNING hash";
    let hash: Option<String> = tx
        .prepare_cached(sql)?
        .query_row([command.as_str()], |row| row.get(0))
        .optional()?;
    let Some(hash) = hash else { return Ok(false) };
    let sql = "DELETE FROM photo WHERE hash = ?1 AND NOT EXISTS (SELECT 1 FROM photo_send WHERE hash = ?1)";
    Ok(tx.prepare_cached(sql)?.execute([hash])? > 0)
}

fn record_id(text: String) -> Result<RecordId> {
    RecordId::parse(text).map_err(|error| Fault::Unreadable(error.to_string()))
}
