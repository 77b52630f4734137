//! What is left over of photos is removed when the office is started, and once a day: what no record names any more, and what
//! a crash left behind. Each has a day of grace, so that nothing is taken away from under a photo that is on its way.

use super::arriving;
use super::photo_store::{fault, hash_in, restored};
use crate::office::Office;
use anyhow::Context as _;
use object_store::Error;
use object_store::path::Path;
use policy::Millis;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use store::OfficeTx as _;

/// How often the office tidies up, and how long something must have been of no use.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How many are looked up at once, and removed while nothing is written.
const AT_ONCE: usize = 100;

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
    let old = left_alone(office, now).context("the list of photos")?;
    for some in old.chunks(AT_ONCE) {
        files += remove_unwanted(office, some)?;
    }
    for half in office.photos.half_written().context("the folder of photos")? {
        if is_old(std::fs::metadata(&half)?.modified()?, now) {
            std::fs::remove_file(&half)?;
            files += 1;
        }
    }
    Ok(Removed { parts, photos, files })
}

/// Something nobody has written for a day, and the photo it belongs to.
struct Old {
    name: Path,
    hash: String,
}

/// What is the office's and old enough to be of no use. Nothing is, for a day after the office was put back: what this copy
/// does not know may be of a newer one, which is put in place next.
fn left_alone(office: &Office, now: SystemTime) -> Result<Vec<Old>, Error> {
    let here = office.photos.list()?;
    let put_back = here.iter().find(|kept| kept.location == restored());
    if put_back.is_some_and(|mark| !is_old(mark.last_modified.into(), now)) {
        return Ok(Vec::new());
    }
    let mut old = Vec::new();
    for kept in here {
        let Some(hash) = hash_in(&kept.location) else {
            continue;
        };
        if is_old(kept.last_modified.into(), now) {
            old.push(Old {
                hash: hash.to_owned(),
                name: kept.location,
            });
        }
    }
    Ok(old)
}

fn is_old(written: SystemTime, now: SystemTime) -> bool {
    now.duration_since(written).is_ok_and(|age| age > DAY)
}

/// Removes those that neither the office knows nor a record names; nothing is named meanwhile, as that waits for this.
fn remove_unwanted(office: &Office, old: &[Old]) -> anyhow::Result<usize> {
    let hashes: Vec<String> = old.iter().map(|kept| kept.hash.clone()).collect();
    let removed = office.write(async |tx| {
        let wanted = tx.wanted_photos(&hashes).await?;
        let unwanted = old.iter().filter(|kept| !wanted.contains(&kept.hash));
        let names = unwanted.map(|kept| kept.name.clone()).collect();
        office.photos.remove(names).map_err(|error| fault(&error))
    });
    removed.map_err(|problem| anyhow::anyhow!(problem.sentence))
}
