//! How much one person may send on one day.

use crate::doing;
use crate::resuming::{hash_of, large, sends, to_send};
use crate::town::Town;
use anyhow::{Result, ensure};
use bailiwick_tests::wire::{Way, Wire};
use device::{PhotoOutcome, PhotoProblem};

/// The limit of a day.
const LIMIT: u64 = 2 * 1024 * 1024 * 1024;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Has the office believe that somebody sent so many bytes at an instant.
fn has_sent(town: &Town, person: &str, name: &str, bytes: u64, at: i64) -> Result<()> {
    let bytes = i64::try_from(bytes)?;
    let org: String = town.office.look("SELECT id FROM org", &[])?;
    town.office.change(
        "INSERT INTO photo (org, hash, media_type, bytes, person, received_at) VALUES (?, ?, 'image/png', ?, ?, ?)",
        &[&org, &name, &bytes, &person, &at],
    )?;
    town.office.change(
        "INSERT INTO photo_sent (org, hash, record, person, received_at) VALUES (?, ?, 'v-elsewhere', ?, ?)",
        &[&org, &name, &person, &at],
    )?;
    Ok(())
}

#[test]
fn c_ins_07_a_day_has_a_limit_and_a_photo_beyond_it_waits_on_the_laptop() -> Result<()> {
    let town = Town::open()?;
    let (ana, bytes) = (town.person("ana")?, large());
    let now = chrono::Utc::now().timestamp_millis();
    let photo = to_send("v-ana", &bytes);
    ana.takes(doing::photo("v-ana", &photo.hash, bytes.len()))?;
    let length = bytes.len() as u64;
    // Neither yesterday nor what somebody else sent counts, and today there is one byte too many.
    has_sent(&town, "ana", "yesterday", LIMIT, now - DAY - 1)?;
    has_sent(&town, "marta", "another", LIMIT, now)?;
    has_sent(&town, "ana", "today", LIMIT - length + 1, now)?;
    let wire = Wire::to(town.office.authority())?;
    let (outcome, _) = sends(&wire.address(), &ana, &photo)?;
    let Ok(PhotoOutcome::Failed(PhotoProblem {
        code,
        sentence,
        refused,
    })) = outcome
    else {
        anyhow::bail!("{outcome:?}")
    };
    ensure!(
        code == "photo_quota" && !refused,
        "{code}: the laptop would give it up"
    );
    ensure!(
        sentence.contains("2 GiB") && sentence.contains("00:00"),
        "{sentence}"
    );
    let passed = wire.passed(Way::ToOffice);
    ensure!(passed < 2_000, "{passed} bytes were sent for nothing");
    let path = format!("/api/photos/{}?record=v-ana", photo.hash);
    let whole = || ana.asks(reqwest::Method::PUT, &path, Some(("image/png", bytes.clone())));
    // The office may hang up before it has read everything, so the client may see only that.
    if let Ok(reply) = whole() {
        reply.is(429, "photo_quota")?;
    }
    // To the byte it fits, and sent again it counts no further.
    let set = "UPDATE photo SET bytes = ? WHERE hash = 'today'";
    town.office.change(set, &[&i64::try_from(LIMIT - length)?])?;
    for _ in 0..2 {
        let hash = hash_of(&bytes);
        let (outcome, _) = sends(&town.office.address, &ana, &photo)?;
        ensure!(outcome == Ok(PhotoOutcome::Kept { hash }), "{outcome:?}");
    }
    // The next one does not, for another visit neither; on the next day it would.
    ana.takes(doing::photo("v-ana-begun", &photo.hash, bytes.len()))?;
    let next = to_send("v-ana-begun", &bytes);
    let (outcome, _) = sends(&town.office.address, &ana, &next)?;
    ensure!(matches!(outcome, Ok(PhotoOutcome::Failed(_))), "{outcome:?}");
    town.office.change(
        "UPDATE photo_sent SET received_at = received_at - ?",
        &[&(DAY + 1)],
    )?;
    let (outcome, _) = sends(&town.office.address, &ana, &next)?;
    ensure!(matches!(outcome, Ok(PhotoOutcome::Kept { .. })), "{outcome:?}");
    Ok(())
}

#[test]
fn c_ins_07_photos_half_sent_count_as_well() -> Result<()> {
    let town = Town::open()?;
    let (ana, bytes) = (town.person("ana")?, large());
    let length = bytes.len() as u64;
    has_sent(
        &town,
        "ana",
        "today",
        LIMIT - length - 50_000,
        chrono::Utc::now().timestamp_millis(),
    )?;
    let other = [large(), b"more".to_vec()].concat();
    for bytes in [&bytes, &other] {
        ana.takes(doing::photo("v-ana", &hash_of(bytes), bytes.len()))?;
    }
    // The first fits, and so would the second without what is here of the first.
    crate::resuming::breaks_off(&town, &ana, &to_send("v-ana", &bytes), 200_000)?;
    let path = format!("/api/photos/{}/arrived?record=v-ana", hash_of(&other));
    ana.get(&path)?.is(429, "photo_quota")?;
    // Finished, or gone, it makes room.
    let (outcome, _) = sends(&town.office.address, &ana, &to_send("v-ana", &bytes))?;
    ensure!(matches!(outcome, Ok(PhotoOutcome::Kept { .. })), "{outcome:?}");
    Ok(())
}
