//! The files of photos: each under the hash of its bytes, written whole or not at all, and read back before anybody is
//! told that it is there.

use crate::Problem;
use crate::office::random;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use store::Fault;

/// The folder of photos within a folder.
pub const FOLDER: &str = "photos";

/// What follows the hash in the name of a thumbnail.
pub const THUMBNAIL: &str = ".thumbnail.jpg";

/// Where a photo lies below a folder of photos.
pub fn path(folder: &Path, hash: &str) -> PathBuf {
    folder.join(&hash[..2]).join(hash)
}

/// Where a photo's thumbnail lies below a folder of photos. It can be made again.
pub fn thumbnail_path(folder: &Path, hash: &str) -> PathBuf {
    path(folder, &format!("{hash}{THUMBNAIL}"))
}

/// What lies in a folder; nothing where there is none.
pub fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    match std::fs::read_dir(folder) {
        Ok(found) => found.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// The hash of what lies in a file; none where there is no such file.
pub fn hash_of(path: &Path) -> std::io::Result<Option<String>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(blake3::hash(&bytes).to_hex().to_string())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// What lies in a file from a byte on, and how many bytes it has in all.
pub fn read_from(path: &Path, from: u64) -> std::io::Result<(Vec<u8>, u64)> {
    let mut file = std::fs::File::open(path)?;
    let whole = file.metadata()?.len();
    let mut bytes = Vec::new();
    if from < whole {
        file.seek(SeekFrom::Start(from))?;
        file.read_to_end(&mut bytes)?;
    }
    Ok((bytes, whole))
}

/// Writes a file beside its place, flushes and renames it, so that a name never leads to half a file. Two may write the
/// same one at once.
pub fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().ok_or(std::io::ErrorKind::NotFound)?;
    std::fs::create_dir_all(folder)?;
    let chance = random::<8>().map_err(std::io::Error::other)?;
    let beside = path.with_extension(format!("{}.part", hex::encode(chance)));
    let written = write_through(&beside, bytes).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written?;
    flush_folder(folder)
}

fn write_through(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A name is safe once its folder is on the disk.
#[cfg(unix)]
fn flush_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn flush_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// What a caller is told of a disk that failed.
pub fn fault(error: &std::io::Error) -> Problem {
    match error.kind() {
        std::io::ErrorKind::StorageFull => Fault::DiskFull.into(),
        _ => Fault::Other(format!("a photo's file: {error}")).into(),
    }
}
