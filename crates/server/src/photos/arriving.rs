//! What one device has sent of a photo, until it is whole. It lies in a folder of its own that nothing is served from, under
//! the device that sent it: nobody else is told of it, so that it says nothing about what others have.

use super::files::entries;
use crate::engine::Caller;
use crate::office::Office;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Result, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// The folder of what is arriving within the data folder.
const FOLDER: &str = "photos-arriving";
/// How long a part is kept after the last of it came.
const KEPT_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What one device has sent of one photo.
pub struct Arriving {
    path: PathBuf,
}

impl Arriving {
    /// The part of a photo whose hash a visit names; the device's id goes into the name by its hash, whatever it is.
    pub fn of(office: &Office, caller: &Caller, hash: &str) -> Arriving {
        let device = blake3::hash(caller.device.as_bytes()).to_hex();
        let path = office.file(FOLDER).join(&device[..32]).join(hash);
        Arriving { path }
    }

    /// How many bytes are here.
    pub fn length(&self) -> Result<u64> {
        match std::fs::metadata(&self.path) {
            Ok(known) => Ok(known.len()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// How many bytes of other photos the same device has sent and not finished.
    pub fn beside(&self) -> Result<u64> {
        let Some(device) = self.path.parent() else {
            return Ok(0);
        };
        let others = entries(device)?.into_iter().filter(|part| *part != self.path);
        others.map(|part| Ok(std::fs::metadata(part)?.len())).sum()
    }

    /// Opens it to be written from its beginning. Whoever still writes to what was here before writes to nothing.
    pub fn anew(&self) -> Result<File> {
        self.forget()?;
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        OpenOptions::new().write(true).create_new(true).open(&self.path)
    }

    /// Opens it to be written on from a place. Two connections of one device write the same bytes to the same places.
    pub fn from(&self, at: u64) -> Result<File> {
        let mut file = OpenOptions::new().write(true).open(&self.path)?;
        file.seek(SeekFrom::Start(at))?;
        Ok(file)
    }

    /// All that is here.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        std::fs::read(&self.path)
    }

    /// Removes it, where it is there.
    pub fn forget(&self) -> Result<()> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// Removes what nothing was added to for a week; gives how many.
pub fn forget_old(office: &Office, now: SystemTime) -> Result<usize> {
    let mut forgotten = 0;
    for device in entries(&office.file(FOLDER))? {
        for part in entries(&device)? {
            let written = std::fs::metadata(&part)?.modified()?;
            if now.duration_since(written).is_ok_and(|age| age > KEPT_FOR) {
                std::fs::remove_file(&part)?;
                forgotten += 1;
            }
        }
    }
    Ok(forgotten)
}
