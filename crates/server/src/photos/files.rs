//! Files of the data folder that belong to photos on their way.

use crate::Problem;
use std::path::{Path, PathBuf};
use store::Fault;

/// What lies in a folder; nothing where there is none.
pub fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    match std::fs::read_dir(folder) {
        Ok(found) => found.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// What a caller is told of a disk that failed.
pub fn fault(error: &std::io::Error) -> Problem {
    match error.kind() {
        std::io::ErrorKind::StorageFull => Fault::DiskFull.into(),
        _ => Fault::Other(format!("a photo's file: {error}")).into(),
    }
}
