//! What is left over of photos goes after a day, and what a record names never does.

use crate::caller::Caller;
use crate::doing;
use crate::resuming::hash_of;
use crate::town::{PHOTO, Town};
use anyhow::{Result, ensure};
use bailiwick_tests::office::{OfficeProcess, cli};
use reqwest::Method;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

pub const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A picture of one colour.
pub fn picture(colour: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image::GrayImage::from_pixel(4, 4, image::Luma([colour]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("it is encoded");
    bytes.into_inner()
}

fn names(ana: &Caller, bytes: &[u8]) -> Result<String> {
    let hash = hash_of(bytes);
    ana.takes(doing::photo("v-ana", &hash, bytes.len()))?;
    Ok(hash)
}

fn sends(ana: &Caller, bytes: &[u8]) -> Result<String> {
    let hash = names(ana, bytes)?;
    let path = format!("/api/photos/{hash}?record=v-ana");
    let reply = ana.asks(Method::PUT, &path, Some(("image/png", bytes.to_vec())))?;
    ensure!(reply.status == 200, "{}", reply.said());
    Ok(hash)
}

fn place(folder: &Path, name: &str) -> PathBuf {
    folder.join("photos").join(&name[..2]).join(name)
}

/// Lays down a file that was written a while ago.
pub fn lays(path: &Path, age: Duration) -> Result<()> {
    if !path.exists() {
        std::fs::create_dir_all(path.parent().unwrap_or(path))?;
        std::fs::write(path, "left over")?;
    }
    let file = std::fs::File::options().write(true).open(path)?;
    Ok(file.set_modified(SystemTime::now() - age)?)
}

fn starts_again(town: &mut Town, waits_for: &Path) -> Result<()> {
    town.office.stop()?;
    town.office = OfficeProcess::serve(town.folder.path())?;
    let begun = Instant::now();
    while waits_for.exists() && begun.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// The office's rows of a photo: what it is, and for which records it was sent.
fn rows(town: &Town, hash: &str) -> Result<(i64, i64)> {
    let count = |table: &str| {
        let sql = format!("SELECT count(*) FROM {table} WHERE hash = ?");
        town.office.look(&sql, &[&hash])
    };
    Ok((count("photo")?, count("photo_sent")?))
}

#[test]
fn c_ins_07_photos_no_record_names_go_after_a_day_and_named_ones_never() -> Result<()> {
    let mut town = Town::open()?;
    let folder = town.folder.path().to_owned();
    let ana = town.person("ana")?;
    let [named, unnamed, recent] = [picture(1), picture(2), picture(3)].map(|bytes| sends(&ana, &bytes));
    let (named, unnamed, recent) = (named?, unnamed?, recent?);
    let pending = names(&ana, &picture(4))?;
    let nobodys = hash_of(b"nobody's");
    let fresh = hash_of(b"nobody's, and of today");
    // Two are no longer named, one of them since today only.
    for hash in [&unnamed, &recent] {
        let changed = town
            .office
            .change("DELETE FROM record_key WHERE name = 'photo' AND key = ?", &[hash])?;
        ensure!(changed == 1);
    }
    let ago = i64::try_from(2 * DAY.as_millis())?;
    for table in ["photo", "photo_sent"] {
        let sql = format!("UPDATE {table} SET received_at = received_at - ? WHERE hash <> ?");
        town.office.change(&sql, &[&ago, &recent])?;
    }
    let small = |hash: &str| format!("{hash}.thumbnail.jpg");
    let goes = [
        unnamed.clone(),
        small(&unnamed),
        nobodys.clone(),
        small(&nobodys),
        format!("{nobodys}.0011223344556677.part"),
        format!("{named}#1"),
    ];
    let stays = [
        named.clone(),
        small(&named),
        recent.clone(),
        small(&recent),
        pending.clone(),
        PHOTO.to_owned(),
    ];
    let foreign = "notes-of-the-administrator.txt".to_owned();
    for name in goes.iter().chain(&stays).chain([&foreign]) {
        lays(&place(&folder, name), 2 * DAY)?;
    }
    let of_today = [fresh.clone(), format!("{nobodys}.8899aabbccddeeff.part")];
    for name in &of_today {
        lays(&place(&folder, name), DAY / 2)?;
    }
    starts_again(&mut town, &place(&folder, &nobodys))?;
    // Files go one after another.
    std::thread::sleep(Duration::from_millis(500));
    for name in &goes {
        ensure!(!place(&folder, name).exists(), "{name} is left");
    }
    for name in stays.iter().chain(&of_today).chain([&foreign]) {
        ensure!(place(&folder, name).exists(), "{name} is gone");
    }
    ensure!(rows(&town, &unnamed)? == (0, 0) && rows(&town, &recent)? == (1, 1));
    ensure!(rows(&town, &named)? == (1, 1) && rows(&town, PHOTO)? == (1, 1));
    let ana = Caller::nobody(&town.office.address)?.with_credential(ana.credential.as_deref());
    ensure!(ana.get(&format!("/api/photos/{named}"))?.bytes == picture(1));
    Ok(())
}

#[test]
fn c_ins_07_what_a_restored_copy_does_not_know_is_left_for_a_day() -> Result<()> {
    let mut town = Town::open()?;
    let folder = town.folder.path().to_owned();
    let backups = tempfile::tempdir()?;
    let copy = backups.path().join("copy.db");
    town.office.administrator(&["backup", &copy.to_string_lossy()])?;
    let newer = sends(&town.person("ana")?, &picture(1))?;
    let nobodys = hash_of(b"nobody's");
    lays(&place(&folder, &newer), 2 * DAY)?;
    town.office.stop()?;
    let restored = cli(&folder, &["restore", &copy.to_string_lossy()], "")?;
    ensure!(restored.status.success(), "{restored:?}");
    let half = place(&folder, &format!("{newer}#1"));
    for left in [&place(&folder, &nobodys), &half] {
        lays(left, 2 * DAY)?;
    }
    town.office = OfficeProcess::serve(&folder)?;
    // What was being written belongs to nobody's copy; it goes last.
    starts_again(&mut town, &half)?;
    ensure!(!half.exists() && place(&folder, &nobodys).exists() && place(&folder, &newer).exists());
    lays(&folder.join("photos/restored"), 2 * DAY)?;
    starts_again(&mut town, &place(&folder, &nobodys))?;
    ensure!(!place(&folder, &nobodys).exists() && !place(&folder, &newer).exists());
    Ok(())
}

#[test]
fn c_ins_07_an_office_that_knows_no_photo_removes_none() -> Result<()> {
    let mut town = Town::open()?;
    let folder = town.folder.path().to_owned();
    let hash = sends(&town.person("ana")?, &picture(1))?;
    lays(&place(&folder, &hash), 2 * DAY)?;
    // What nobody finished goes first, so that it is seen that the office has tidied up.
    let part = folder.join("photos-arriving/somebody").join(hash_of(b"part"));
    lays(&part, 8 * DAY)?;
    town.office.stop()?;
    let wrong = format!("sqlite:{}", folder.join("wrong.db").display());
    town.office = OfficeProcess::serve_with(&folder, &["--database", &wrong], None)?;
    let begun = Instant::now();
    while part.exists() && begun.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(50));
    }
    std::thread::sleep(Duration::from_millis(500));
    ensure!(!part.exists() && place(&folder, &hash).exists());
    Ok(())
}
