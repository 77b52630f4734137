//! What the office's database knows of photos; their bytes lie in files.

use super::SqliteTx;
use crate::{Fault, Result, StoredPhoto};
use policy::{Millis, PersonId, RecordId};
use rusqlite::{OptionalExtension, Row, params};
use std::collections::BTreeSet;

impl SqliteTx<'_> {
    pub(super) fn find_photo(&self, hash: &str) -> Result<Option<StoredPhoto>> {
        let sql = "SELECT hash, media_type, bytes FROM photo WHERE org = ? AND hash = ?";
        let args = params![self.org.as_str(), hash];
        Ok(self
            .tx
            .prepare_cached(sql)?
            .query_row(args, stored_photo)
            .optional()?)
    }

    pub(super) fn find_photos(&self) -> Result<Vec<StoredPhoto>> {
        let sql = "SELECT hash, media_type, bytes FROM photo WHERE org = ? ORDER BY hash";
        let mut find = self.tx.prepare(sql)?;
        let rows = find.query_map([self.org.as_str()], stored_photo)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    pub(super) fn find_photo_records(&self, hash: &str) -> Result<Vec<RecordId>> {
        let sql = "SELECT record FROM photo_sent WHERE org = ? AND hash = ?";
        let mut find = self.tx.prepare_cached(sql)?;
        let rows = find.query_map(params![self.org.as_str(), hash], |row| row.get::<_, String>(0))?;
        rows.map(|row| RecordId::parse(row?).map_err(|error| Fault::Unreadable(error.to_string())))
            .collect()
    }

    pub(super) fn delete_unnamed_photos(&self, before: Millis) -> Result<u64> {
        let args = params![self.org.as_str(), before];
        let sql = "DELETE FROM photo_sent WHERE org = ?1 AND received_at < ?2 AND NOT EXISTS (
               SELECT 1 FROM record_key k JOIN record r ON r.n = k.n
               WHERE k.org = photo_sent.org AND k.kind IN ('appointment', 'returned_work') AND k.name = 'photo'
                 AND k.key = photo_sent.hash AND (r.id = photo_sent.record OR k.kind = 'returned_work'))";
        self.tx.prepare_cached(sql)?.execute(args)?;
        let gone = self.tx.prepare_cached("DELETE FROM photo WHERE org = ?1 AND received_at < ?2
               AND NOT EXISTS (SELECT 1 FROM photo_sent s WHERE s.org = photo.org AND s.hash = photo.hash)
               AND NOT EXISTS (
                 SELECT 1 FROM record_key k WHERE k.org = photo.org AND k.kind IN ('appointment', 'returned_work')
                   AND k.name = 'photo' AND k.key = photo.hash)")?.execute(args,
        )?;
        Ok(gone as u64)
    }

    pub(super) fn find_wanted_photos(&self, hashes: &[String]) -> Result<BTreeSet<String>> {
        let mut find = self.tx.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM photo WHERE org = ?1 AND hash = ?2) OR EXISTS (
               SELECT 1 FROM record_key
               WHERE org = ?1 AND kind IN ('appointment', 'returned_work') AND name = 'photo' AND key = ?2)",
        )?;
        let mut wanted = BTreeSet::new();
        for hash in hashes {
            if find.query_row([self.org.as_str(), hash], |row| row.get(0))? {
                wanted.insert(hash.clone());
            }
        }
        Ok(wanted)
    }

    pub(super) fn sum_photo_bytes(&self, person: &PersonId, since: Millis) -> Result<u64> {
        let sql = "SELECT coalesce(sum(p.bytes), 0) FROM photo_sent s JOIN photo p ON p.org = s.org AND p.hash = s.hash
                   WHERE s.org = ? AND s.person = ? AND s.received_at >= ?";
        let mut find = self.tx.prepare_cached(sql)?;
        let args = params![self.org.as_str(), person.as_str(), since];
        Ok(find.query_row(args, |row| row.get(0))?)
    }

    pub(super) fn insert_photo(
        &self,
        photo: &StoredPhoto,
        record: &RecordId,
        person: &PersonId,
        at: Millis,
    ) -> Result<()> {
        let (org, person) = (self.org.as_str(), person.as_str());
        let sql =
            "INSERT INTO photo (org, hash, media_type, bytes, person, received_at) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT DO NOTHING";
        self.tx.prepare_cached(sql)?.execute(params![
            org,
            photo.hash,
            photo.media_type,
            photo.bytes,
            person,
            at
        ])?;
        self.tx
            .prepare_cached(
                "INSERT INTO photo_sent (org, hash, record, person, received_at) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT DO NOTHING",
            )?
            .execute(params![org, photo.hash, record.as_str(), person, at])?;
        Ok(())
    }
}

fn stored_photo(row: &Row<'_>) -> rusqlite::Result<StoredPhoto> {
    Ok(StoredPhoto {
        hash: row.get(0)?,
        media_type: row.get(1)?,
        bytes: row.get(2)?,
    })
}
