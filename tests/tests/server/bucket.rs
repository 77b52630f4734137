//! Photos in a bucket of an S3-compatible store, instead of the data folder.

use crate::caller::{Caller, Reply};
use crate::doing;
use crate::leftovers::{DAY, lays, picture};
use crate::resuming::hash_of;
use crate::town::{PHOTO, PHOTO_BYTES, PHOTO_OF_FIRE, PHOTO_OF_FIRE_BYTES, Town, bytes};
use anyhow::{Result, ensure};
use bailiwick_tests::bucket::Bucket;
use bailiwick_tests::office::{OfficeProcess, command, run};
use reqwest::Method;
use std::time::{Duration, Instant};

/// A town whose office keeps its photos in a bucket.
struct Beside {
    town: Town,
    bucket: Bucket,
}

impl Beside {
    fn open() -> Result<Beside> {
        let mut beside = Beside {
            town: Town::open()?,
            bucket: Bucket::serve()?,
        };
        beside.town.office.stop()?;
        beside.serves()?;
        Ok(beside)
    }

    fn serves(&mut self) -> Result<()> {
        let folder = self.town.folder.path();
        let mut command = command(folder)?;
        command.envs(self.bucket.environment());
        self.town.office = OfficeProcess::start(folder, &mut command, &[])?;
        Ok(())
    }

    /// An administrator's command beside the office, or while it is closed.
    fn administrator(&self, args: &[&str]) -> Result<()> {
        let mut command = command(self.town.folder.path())?;
        let done = run(command.envs(self.bucket.environment()).args(args), "")?;
        ensure!(
            done.status.success(),
            "{args:?}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
        Ok(())
    }

    fn lies_here(&self, name: &str) -> Result<bool> {
        Ok(self.bucket.file(name)?.exists())
    }
}

fn puts(caller: &Caller, bytes: &[u8]) -> Result<(String, Reply)> {
    let hash = hash_of(bytes);
    caller.takes(doing::photo("v-ana", &hash, bytes.len()))?;
    let reply = sends(caller, &hash, bytes)?;
    Ok((hash, reply))
}

fn sends(caller: &Caller, hash: &str, bytes: &[u8]) -> Result<Reply> {
    let path = format!("/api/photos/{hash}?record=v-ana");
    caller.asks(Method::PUT, &path, Some(("image/png", bytes.to_vec())))
}

#[test]
fn c_ins_07_photos_are_kept_in_a_bucket_and_shown_from_it() -> Result<()> {
    let beside = Beside::open()?;
    let (ana, marta) = (beside.town.person("ana")?, beside.town.person("marta")?);
    let bytes = picture(1);
    let (hash, kept) = puts(&ana, &bytes)?;
    ensure!(
        kept.status == 200 && kept.json()?["hash"] == hash,
        "{}",
        kept.said()
    );
    ensure!(std::fs::read(beside.bucket.file(&hash)?)? == bytes);
    let folder = beside.town.folder.path().join("photos").join(&hash[..2]);
    ensure!(!folder.join(&hash).exists(), "it lies in the data folder too");
    let photo = format!("/api/photos/{hash}");
    ensure!(marta.get(&photo)?.bytes == bytes);
    ensure!(marta.get(&format!("{photo}/thumbnail"))?.status == 200);
    let rest = marta.asks_with(&photo, ("range", "bytes=10-"))?;
    ensure!(rest.status == 206 && rest.bytes == bytes[10..]);
    let beyond = marta.asks_with(&photo, ("range", "bytes=9999-"))?;
    ensure!(beyond.status == 416, "{}", beyond.said());
    beside.town.guest()?.get(&photo)?.is(401, "credential_missing")
}

#[test]
fn c_ins_07_a_bucket_that_does_not_answer_is_waited_for() -> Result<()> {
    let mut beside = Beside::open()?;
    let ana = beside.town.person("ana")?;
    let (first, kept) = puts(&ana, &picture(1))?;
    ensure!(kept.status == 200, "{}", kept.said());
    beside.bucket.stop();
    ana.get(&format!("/api/photos/{first}"))?.is(503, "no_photos")?;
    let bytes = picture(2);
    let (second, refused) = puts(&ana, &bytes)?;
    refused.is(503, "no_photos")?;
    // Everything but photos goes on, and what came of the photo is not sent again.
    ana.takes(doing::note("v-ana", "n-while-away", "The bucket is away."))?;
    beside.bucket.start()?;
    let arrived = ana.get(&format!("/api/photos/{second}/arrived?record=v-ana"))?;
    ensure!(arrived.json()?["arrived"] == bytes.len(), "{}", arrived.said());
    ensure!(sends(&ana, &second, &bytes)?.status == 200);
    ensure!(ana.get(&format!("/api/photos/{second}"))?.bytes == bytes);
    Ok(())
}

#[test]
fn rel_4_a_backup_has_the_photos_of_a_bucket_and_a_restore_brings_them_back() -> Result<()> {
    let mut beside = Beside::open()?;
    for (hash, own) in [(PHOTO, PHOTO_BYTES), (PHOTO_OF_FIRE, PHOTO_OF_FIRE_BYTES)] {
        let file = beside.bucket.file(hash)?;
        std::fs::create_dir_all(file.parent().expect("a folder"))?;
        std::fs::write(file, bytes(own))?;
    }
    let photo = picture(1);
    let (hash, kept) = puts(&beside.town.person("ana")?, &photo)?;
    ensure!(kept.status == 200, "{}", kept.said());
    let backups = tempfile::tempdir()?;
    let copy = backups.path().join("copy.db");
    beside.administrator(&["backup", &copy.to_string_lossy()])?;
    ensure!(std::fs::read(backups.path().join("photos").join(&hash[..2]).join(&hash))? == photo);
    beside.town.office.stop()?;
    std::fs::write(beside.bucket.file(&hash)?, "rotten")?;
    beside.administrator(&["restore", &copy.to_string_lossy()])?;
    beside.serves()?;
    ensure!(
        beside
            .town
            .person("ana")?
            .get(&format!("/api/photos/{hash}"))?
            .bytes
            == photo
    );
    Ok(())
}

#[test]
fn c_ins_07_what_no_record_names_goes_from_a_bucket_too() -> Result<()> {
    let mut beside = Beside::open()?;
    let (named, kept) = puts(&beside.town.person("ana")?, &picture(1))?;
    ensure!(kept.status == 200, "{}", kept.said());
    let nobodys = hash_of(b"nobody's");
    for name in [&named, &nobodys] {
        lays(&beside.bucket.file(name)?, 2 * DAY)?;
    }
    beside.town.office.stop()?;
    beside.serves()?;
    let begun = Instant::now();
    while beside.lies_here(&nobodys)? && begun.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(50));
    }
    ensure!(!beside.lies_here(&nobodys)? && beside.lies_here(&named)?);
    Ok(())
}
