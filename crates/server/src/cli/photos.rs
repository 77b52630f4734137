//! The photos of an office in its copies: a folder `photos` beside the copy of the database, each under its hash. Copies
//! that lie in one folder share it, so that a second one adds only what is new.

use crate::photos::files;
use anyhow::Context as _;
use std::path::Path;
use std::time::SystemTime;
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

/// Copies photos from one folder to another. Each is checked against its hash; what lies there whole already stays.
pub(super) fn carry(photos: &[StoredPhoto], from: &Path, to: &Path) -> anyhow::Result<Carried> {
    let mut missing = Vec::new();
    for StoredPhoto { hash, .. } in photos {
        let (source, target) = (files::path(from, hash), files::path(to, hash));
        let is_whole = |path: &Path| {
            let found = files::hash_of(path).with_context(|| format!("{} cannot be read", path.display()))?;
            anyhow::Ok(found.as_ref() == Some(hash))
        };
        if is_whole(&target)? {
            continue;
        }
        if !is_whole(&source)? {
            missing.push(hash.clone());
            continue;
        }
        let bytes = std::fs::read(&source).with_context(|| format!("{} cannot be read", source.display()))?;
        files::write(&target, &bytes).with_context(|| format!("{} cannot be written", target.display()))?;
    }
    Ok(Carried {
        photos: photos.len(),
        missing,
    })
}

/// Has what lies in a folder of photos count as written now.
pub(super) fn spare(folder: &Path) -> std::io::Result<()> {
    for first in files::entries(folder)?.into_iter().filter(|path| path.is_dir()) {
        for path in files::entries(&first)? {
            let file = std::fs::File::options().write(true).open(&path)?;
            file.set_modified(SystemTime::now())?;
        }
    }
    Ok(())
}
