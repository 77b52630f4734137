//! What the office's database knows of photos; their bytes lie in files.

use super::tx::PostgresTx;
use crate::{Fault, Result, StoredPhoto};
use policy::{Millis, PersonId, RecordId};
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use std::collections::BTreeSet;

impl PostgresTx<'_> {
    pub(super) async fn find_photo(&mut self, hash: &str) -> Result<Option<StoredPhoto>> {
        let row = sqlx::query("SELECT hash, media_type, bytes FROM photo WHERE org = $1 AND hash = $2")
            .bind(self.org.as_str())
            .bind(hash)
            .fetch_optional(&mut *self.tx)
            .await?;
        row.as_ref().map(stored_photo).transpose()
    }

    pub(super) async fn find_photos(&mut self) -> Result<Vec<StoredPhoto>> {
        let rows = sqlx::query("SELECT hash, media_type, bytes FROM photo WHERE org = $1 ORDER BY hash")
            .bind(self.org.as_str())
            .fetch_all(&mut *self.tx)
            .await?;
        rows.iter().map(stored_photo).collect()
    }

    pub(super) async fn find_photo_records(&mut self, hash: &str) -> Result<Vec<RecordId>> {
        let rows: Vec<String> =
            sqlx::query_scalar("SELECT record FROM photo_sent WHERE org = $1 AND hash = $2")
                .bind(self.org.as_str())
                .bind(hash)
                .fetch_all(&mut *self.tx)
                .await?;
        rows.into_iter()
            .map(|row| RecordId::parse(row).map_err(|error| Fault::Unreadable(error.to_string())))
            .collect()
    }

    pub(super) async fn delete_unnamed_photos(&mut self, before: Millis) -> Result<u64> {
        sqlx::query(
            "DELETE FROM photo_sent s WHERE s.org = $1 AND s.received_at < $2 AND NOT EXISTS (
               SELECT 1 FROM record_key k JOIN record r ON r.n = k.n
               WHERE k.org = s.org AND k.kind IN ('appointment', 'returned_work') AND k.name = 'photo'
                 AND k.key = s.hash AND (r.id = s.record OR k.kind = 'returned_work'))",
        )
        .bind(self.org.as_str())
        .bind(before)
        .execute(&mut *self.tx)
        .await?;
        let gone = sqlx::query(
            "DELETE FROM photo p WHERE p.org = $1 AND p.received_at < $2
               AND NOT EXISTS (SELECT 1 FROM photo_sent s WHERE s.org = p.org AND s.hash = p.hash)
               AND NOT EXISTS (
                 SELECT 1 FROM record_key k WHERE k.org = p.org AND k.kind IN ('appointment', 'returned_work')
                   AND k.name = 'photo' AND k.key = p.hash)",
        )
        .bind(self.org.as_str())
        .bind(before)
        .execute(&mut *self.tx)
        .await?;
        Ok(gone.rows_affected())
    }

    pub(super) async fn find_wanted_photos(&mut self, hashes: &[String]) -> Result<BTreeSet<String>> {
        let wanted: Vec<String> = sqlx::query_scalar(
            "SELECT hash FROM photo WHERE org = $1 AND hash = ANY($2)
             UNION SELECT key FROM record_key
             WHERE org = $1 AND kind IN ('appointment', 'returned_work') AND name = 'photo' AND key = ANY($2)",
        )
        .bind(self.org.as_str())
        .bind(hashes)
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(wanted.into_iter().collect())
    }

    pub(super) async fn sum_photo_bytes(&mut self, person: &PersonId, since: Millis) -> Result<u64> {
        let sum: i64 = sqlx::query_scalar(
            "SELECT coalesce(sum(p.bytes), 0)::bigint FROM photo_sent s
             JOIN photo p ON p.org = s.org AND p.hash = s.hash
             WHERE s.org = $1 AND s.person = $2 AND s.received_at >= $3",
        )
        .bind(self.org.as_str())
        .bind(person.as_str())
        .bind(since)
        .fetch_one(&mut *self.tx)
        .await?;
        Ok(u64::try_from(sum).unwrap_or_default())
    }

    pub(super) async fn insert_photo(
        &mut self,
        photo: &StoredPhoto,
        record: &RecordId,
        person: &PersonId,
        at: Millis,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO photo (org, hash, media_type, bytes, person, received_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        )
        .bind(self.org.as_str())
        .bind(&photo.hash)
        .bind(&photo.media_type)
        .bind(i64::from(photo.bytes))
        .bind(person.as_str())
        .bind(at)
        .execute(&mut *self.tx)
        .await?;
        sqlx::query(
            "INSERT INTO photo_sent (org, hash, record, person, received_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        )
        .bind(self.org.as_str())
        .bind(&photo.hash)
        .bind(record.as_str())
        .bind(person.as_str())
        .bind(at)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}

fn stored_photo(row: &PgRow) -> Result<StoredPhoto> {
    Ok(StoredPhoto {
        hash: row.try_get(0)?,
        media_type: row.try_get(1)?,
        bytes: u32::try_from(row.try_get::<i64, _>(2)?).unwrap_or(u32::MAX),
    })
}
