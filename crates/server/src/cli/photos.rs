//! The photos of an office in its copies: a folder `photos` beside the copy of the database, each under its hash. Copies
//! that lie in one folder share it, so that a second one adds only what is new.

use crate::photos::photo_store::whole;
use crate::photos::{PhotoPlace, PhotoStore};
use anyhow::Context as _;
use store::{Database, Fault, OfficeTx as _, StoredPhoto};

/// What came of carrying photos.
pub(super) struct Carried {
    pub photos: usize,
    /// Neither side has these whole.
    pub missing: Vec<String>,
}

impl Carried {
    /// Fails where a photo is missing, after everything else was done.
    pub(super) fn whole(&self, done: &str) -> anyhow::Result<()> {
        if self.missing.is_empty() {
            return Ok(());
        }
        let named: Vec<&str> = self.missing.iter().take(10).map(String::as_str).collect();
        let more = if self.missing.len() > named.len() {
            ", …"
        } else {
            ""
        };
        anyhow::bail!(
            "{done}, with {} of {} photos; missing or damaged: {}{more}",
            self.photos - self.missing.len(),
            self.photos,
            named.join(", ")
        )
    }
}

/// The photos an office knows.
pub(super) fn known(database: &mut Database) -> anyhow::Result<Vec<StoredPhoto>> {
    let known = database.read(async |tx| Ok::<_, Fault>(tx.photos().await?));
    known.context("the list of photos cannot be read")
}

/// Copies photos from one place to another. Each is checked against its hash; what lies there whole already stays.
pub(super) fn carry(photos: &[StoredPhoto], from: &PhotoPlace, to: &PhotoPlace) -> anyhow::Result<Carried> {
    let mut missing = Vec::new();
    if !photos.is_empty() {
        let (source, target) = (PhotoStore::open(from)?, PhotoStore::open(to)?);
        for StoredPhoto { hash, .. } in photos {
            if target
                .hash_of(whole(hash))
                .with_context(|| format!("{hash} in {to} cannot be read"))?
                .as_ref()
                == Some(hash)
            {
                continue;
            }
            let found = source.read(whole(hash), 0);
            match found.with_context(|| format!("{hash} in {from} cannot be read"))? {
                Some((bytes, _)) if blake3::hash(&bytes).to_hex().as_str() == hash => target
                    .write(whole(hash), bytes)
                    .with_context(|| format!("{hash} in {to} cannot be written"))?,
                _ => missing.push(hash.clone()),
            }
        }
    }
    Ok(Carried {
        photos: photos.len(),
        missing,
    })
}
