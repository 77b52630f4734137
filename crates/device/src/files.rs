//! The two files of a person, in one folder: opened together, and told apart when one of them is damaged. The cache can be
//! fetched again and makes way for an empty one. The outbox is left as it is, whatever is wrong with it.

use crate::exchange::{Exchange, TURN};
use crate::news;
use crate::person::Device;
use policy::Rights;
use std::path::{Path, PathBuf};
use store::Fault;
use store::sqlite::{Cache, FileKey, Outbox};

/// What a person may see.
const CACHE: &str = "cache.db";
/// What they have not sent yet.
const OUTBOX: &str = "outbox.db";
/// A database and what SQLite keeps beside it.
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

/// Why the files of a person were not opened.
#[derive(Debug)]
pub enum FilesError {
    /// The outbox is damaged, or gone while the cache is there. Nothing was touched.
    OutboxDamaged,
    Fault(Fault),
}

impl From<Fault> for FilesError {
    fn from(fault: Fault) -> FilesError {
        FilesError::Fault(fault)
    }
}

impl FilesError {
    /// A fault of something that concerns the outbox alone.
    pub fn of_outbox(fault: Fault) -> FilesError {
        match fault {
            Fault::Damaged => FilesError::OutboxDamaged,
            other => FilesError::Fault(other),
        }
    }
}

/// The two files, open.
pub struct Files {
    pub cache: Cache,
    pub outbox: Outbox,
    /// The cache was damaged, and is an empty one now.
    pub is_anew: bool,
}

impl Files {
    /// Opens the files of a person with their key, or makes them where there are none.
    pub fn open(folder: &Path, key: &FileKey) -> Result<Files, FilesError> {
        let (cache, outbox) = (folder.join(CACHE), folder.join(OUTBOX));
        // The outbox is made first. Without it, or with nothing in it, unsent work may be gone.
        if is_filled(&cache)? && !is_filled(&outbox)? {
            return Err(FilesError::OutboxDamaged);
        }
        let outbox = Outbox::open(Some(&outbox), key).map_err(FilesError::of_outbox)?;
        let (cache, is_anew) = match Cache::open(Some(&cache), key) {
            Err(Fault::Damaged) => {
                remove_cache(folder)?;
                (Cache::open(Some(&cache), key)?, true)
            }
            opened => (opened?, false),
        };
        Ok(Files {
            cache,
            outbox,
            is_anew,
        })
    }

    /// The office has signed this laptop in as another device than before, as one does that was restored from a backup
    /// older than the laptop. The place in its log was another device's; what waits here is offered again.
    pub fn is_another_device(&mut self) -> store::Result<()> {
        begin_as_another(&mut self.cache, &mut self.outbox)
    }

    /// Joins them. What is damaged may show itself only now; a damaged cache makes way for an empty one. Says whether the
    /// cache is such a one.
    pub fn join(self, folder: &Path, key: &FileKey, rights: Rights) -> Result<(Device, bool), FilesError> {
        let is_anew = self.is_anew;
        let fault = match Device::open(self.cache, self.outbox, rights.clone()) {
            Ok(device) => return Ok((device, is_anew)),
            Err(fault @ (Fault::Damaged | Fault::Unreadable(_))) => fault,
            Err(fault) => return Err(fault.into()),
        };
        let Files { cache, outbox, .. } = Files::open(folder, key)?;
        if !outbox.is_sound()? {
            return Err(FilesError::OutboxDamaged);
        }
        if cache.is_sound()? {
            return Err(fault.into());
        }
        drop(cache);
        remove_cache(folder)?;
        let cache = Cache::open(Some(&folder.join(CACHE)), key)?;
        Ok((Device::open(cache, outbox, rights)?, true))
    }
}

fn begin_as_another(cache: &mut Cache, outbox: &mut Outbox) -> store::Result<()> {
    outbox.forget_meta(TURN)?;
    cache.forget_place()
}

/// Removes the cache of a person, as the first of their files to go.
pub fn remove_cache(folder: &Path) -> store::Result<()> {
    for part in PARTS {
        let path = PathBuf::from(format!("{}{part}", folder.join(CACHE).display()));
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(&error)),
            _ => {}
        }
    }
    Ok(())
}

fn is_filled(path: &Path) -> store::Result<bool> {
    match std::fs::metadata(path) {
        Ok(known) => Ok(known.len() > 0),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed(&error)),
    }
}

pub(crate) fn failed(error: &std::io::Error) -> Fault {
    match error.kind() {
        std::io::ErrorKind::StorageFull => Fault::DiskFull,
        _ => Fault::Other(format!("a file of this laptop: {error}")),
    }
}

impl Device {
    /// [`Files::is_another_device`], of files that are joined.
    pub fn is_another_device(&mut self) -> store::Result<()> {
        begin_as_another(&mut self.cache, &mut self.outbox)
    }

    /// Something in the files turned out to be damaged. Where it is the cache, an empty one takes its place, to be filled
    /// by the next exchange; true where it was. These are the files of that folder.
    pub fn mend(&mut self, folder: &Path, key: &FileKey) -> Result<bool, FilesError> {
        if !self.outbox.is_sound()? {
            return Err(FilesError::OutboxDamaged);
        }
        if self.cache.is_sound()? {
            return Ok(false);
        }
        // A file that is open cannot be removed everywhere.
        self.cache = Cache::open(None, key)?;
        remove_cache(folder)?;
        self.cache = Cache::open(Some(&folder.join(CACHE)), key)?;
        self.news = news::read(&self.cache)?;
        self.exchange = Exchange::default();
        self.rebuild_overlay()?;
        Ok(true)
    }
}
