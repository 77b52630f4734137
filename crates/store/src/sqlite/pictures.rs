//! Pictures in the cache: those of records held here and of no others, within a quota.

use super::Cache;
use crate::Result;
use planted::{Bug, planted};
use rusqlite::{OptionalExtension, Transaction, params};

/// How many bytes of whole pictures are kept.
const PHOTO_BYTES_KEPT: u64 = 256 * 1024 * 1024;
/// How many bytes of thumbnails are kept: some four thousand.
const THUMBNAIL_BYTES_KEPT: u64 = 64 * 1024 * 1024;

/// Whether a record held here shows a picture. With the kind named, one look into the index answers it.
macro_rules! is_shown {
    ($hash:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM record_key WHERE kind = 'appointment' AND name = 'photo' AND key = ",
            $hash,
            ")"
        )
    };
}

impl Cache {
    /// A photo's media type and bytes, where it was fetched.
    pub fn photo(&self, hash: &str) -> Result<Option<(String, Vec<u8>)>> {
        let sql = "SELECT media_type, bytes FROM photo WHERE hash = ?";
        let row = self
            .db
            .prepare_cached(sql)?
            .query_row([hash], |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(row.optional()?)
    }

    /// Keeps a photo to look at, where a record held here shows it. What was fetched first makes room.
    pub fn keep_photo(&self, hash: &str, media_type: &str, bytes: &[u8]) -> Result<()> {
        let sql = concat!(
            "INSERT INTO photo (hash, media_type, bytes) SELECT ?1, ?2, ?3 WHERE ",
            is_shown!("?1"),
            " ON CONFLICT DO NOTHING"
        );
        self.db
            .prepare_cached(sql)?
            .execute(params![hash, media_type, bytes])?;
        self.keep_within("photo", PHOTO_BYTES_KEPT)
    }

    /// A photo's thumbnail, where it is here.
    pub fn thumbnail(&self, hash: &str) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT bytes FROM thumbnail WHERE hash = ?";
        Ok(self
            .db
            .prepare_cached(sql)?
            .query_row([hash], |row| row.get(0))
            .optional()?)
    }

    /// Keeps a photo's thumbnail, where a record held here shows it.
    pub fn keep_thumbnail(&self, hash: &str, bytes: &[u8]) -> Result<()> {
        let sql = concat!(
            "INSERT INTO thumbnail (hash, bytes) SELECT ?1, ?2 WHERE ",
            is_shown!("?1"),
            " ON CONFLICT DO NOTHING"
        );
        self.db.prepare_cached(sql)?.execute(params![hash, bytes])?;
        self.keep_within("thumbnail", THUMBNAIL_BYTES_KEPT)
    }

    fn keep_within(&self, table: &str, quota: u64) -> Result<()> {
        let sql = format!(
            "DELETE FROM {table} WHERE rowid IN (
               SELECT number FROM (
                 SELECT rowid AS number, sum(length(bytes)) OVER (ORDER BY rowid DESC) AS so_far FROM {table})
               WHERE so_far > ?)"
        );
        self.db.prepare_cached(&sql)?.execute([quota])?;
        Ok(())
    }

    /// Whether a picture is left that no record held here shows.
    pub(super) fn has_stray_pictures(&self) -> Result<bool> {
        let sql = concat!(
            "SELECT EXISTS (SELECT 1 FROM photo WHERE NOT ",
            is_shown!("photo.hash"),
            ") OR EXISTS (SELECT 1 FROM thumbnail WHERE NOT ",
            is_shown!("thumbnail.hash"),
            ")"
        );
        Ok(self.db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }
}

/// Removes the pictures no record held here shows any more.
pub(super) fn drop_pictures(tx: &Transaction<'_>) -> Result<()> {
    if planted(Bug::PicturesLeft) {
        return Ok(());
    }
    for sql in [
        concat!("DELETE FROM photo WHERE NOT ", is_shown!("photo.hash")),
        concat!("DELETE FROM thumbnail WHERE NOT ", is_shown!("thumbnail.hash")),
    ] {
        tx.prepare_cached(sql)?.execute([])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::FileKey;

    #[test]
    fn what_was_fetched_first_makes_room() {
        let cache = Cache::open(None, &FileKey([7; 32])).expect("a cache");
        cache.keep_thumbnail("a", b"1234").expect("it is asked");
        assert_eq!(
            cache.thumbnail("a").expect("an answer"),
            None,
            "no record shows it"
        );
        for hash in ["a", "b", "c"] {
            let sql = "INSERT INTO record_key (kind, name, key, n) VALUES ('appointment', 'photo', ?, 1)";
            cache.db.execute(sql, [hash]).expect("a key");
            cache.keep_thumbnail(hash, b"1234").expect("it is kept");
        }
        cache.keep_within("thumbnail", 8).expect("room is made");
        let held = ["a", "b", "c"].map(|hash| cache.thumbnail(hash).expect("an answer").is_some());
        assert_eq!(held, [false, true, true]);
    }
}
