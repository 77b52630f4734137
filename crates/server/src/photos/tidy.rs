//! What is left over of photos is removed when the office is started, and once a day: what no record names any more, and what
//! a crash left behind. Each has a day of grace, so that nothing is taken away from under a photo that is on its way.

use super::{arriving, files};
use crate::office::Office;
use anyhow::Context as _;
use policy::Millis;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use store::OfficeTx as _;

/// How often the office tidies up, and how long something must have been of no use.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How many files are looked up at once.
const AT_ONCE: usize = 500;

/// What was removed.
#[derive(Debug, Default, PartialEq, Eq)]
struct Removed {
    /// Parts of photos that nobody finished.
    parts: usize,
    /// Photos the office no longer knows of.
    photos: u64,
    /// Files of photos, and of writing that was cut off.
    files: usize,
}

/// Tidies up until the program ends. What cannot be removed now is tried again on the next day.
pub async fn now_and_then(office: Arc<Office>) {
    loop {
        let here = Arc::clone(&office);
        match tokio::task::spawn_blocking(move || tidy(&here, SystemTime::now())).await {
            Ok(Ok(removed)) if removed == Removed::default() => {}
            Ok(Ok(removed)) => {
                let Removed { parts, photos, files } = removed;
                tracing::info!(parts, photos, files, "what was left over of photos was removed");
            }
            Ok(Err(error)) => {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "what is left over of photos cannot be removed"
                );
            }
            Err(error) => tracing::error!(%error, "tidying up did not finish"),
        }
        tokio::time::sleep(DAY).await;
    }
}

fn tidy(office: &Office, now: SystemTime) -> anyhow::Result<Removed> {
    let parts = arriving::forget_old(office, now).context("parts of photos")?;
    let day = Millis::try_from(DAY.as_millis())?;
    let before = office.now() - day;
    let photos = office
        .write(async |tx| Ok(tx.forget_unnamed_photos(before).await?))
        .map_err(|problem| anyhow::anyhow!(problem.sentence))?;
    let known = office.read(async |tx| Ok(tx.photos().await?.len()));
    let mut files = 0;
    if known.map_err(|problem| anyhow::anyhow!(problem.sentence))? == 0 {
        // A database that knows no photo at all may be the wrong one for this folder.
        return Ok(Removed { parts, photos, files });
    }
    let old = left_alone(&office.file(files::FOLDER), now).context("the folder of photos")?;
    for some in old.chunks(AT_ONCE) {
        files += remove_unwanted(office, some)?;
    }
    Ok(Removed { parts, photos, files })
}

/// A file that nobody has written to for a day, and the photo it belongs to; none for what was being written.
struct Old {
    path: PathBuf,
    hash: Option<String>,
}

/// The files below the folder of photos that are old enough to be of no use. What is named like nothing of the office's is
/// not the office's to remove.
fn left_alone(folder: &Path, now: SystemTime) -> std::io::Result<Vec<Old>> {
    let mut old = Vec::new();
    for first in files::entries(folder)? {
        if !first.is_dir() {
            continue;
        }
        for path in files::entries(&first)? {
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            let (hash, rest) = name.split_at_checked(64).unwrap_or((name, ""));
            let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            let hash = match rest {
                _ if !is_hash => continue,
                "" | files::THUMBNAIL => Some(hash.to_owned()),
                part if part.ends_with(".part") => None,
                _ => continue,
            };
            let written = std::fs::metadata(&path)?.modified()?;
            if now.duration_since(written).is_ok_and(|age| age > DAY) {
                old.push(Old { path, hash });
            }
        }
    }
    Ok(old)
}

/// Removes those that neither the office knows nor a record names; nothing is named meanwhile, as that waits for this.
fn remove_unwanted(office: &Office, old: &[Old]) -> anyhow::Result<usize> {
    let hashes: Vec<String> = old.iter().filter_map(|file| file.hash.clone()).collect();
    let removed = office.write(async |tx| {
        let wanted = tx.wanted_photos(&hashes).await?;
        let is_wanted = |file: &&Old| file.hash.as_ref().is_some_and(|hash| wanted.contains(hash));
        let mut removed = 0;
        for file in old.iter().filter(|file| !is_wanted(file)) {
            match std::fs::remove_file(&file.path) {
                Ok(()) => removed += 1,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(files::fault(&error)),
            }
        }
        Ok(removed)
    });
    removed.map_err(|problem| anyhow::anyhow!(problem.sentence))
}
