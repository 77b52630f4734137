//! Photos over a connection that breaks: what has arrived is not sent again, and says nothing to anybody else.

use crate::caller::{Caller, Reply};
use crate::doing;
use crate::town::{PASSWORD, Town};
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::office::OfficeProcess;
use bailiwick_tests::wire::{Way, Wire};
use device::{PhotoOutcome, PhotoToSend};
use domain::CommandId;
use policy::RecordId;
use reqwest::Method;
use std::fs::File;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// A picture of about 600 kB that nothing can make smaller.
pub fn large() -> Vec<u8> {
    let mut state = 7_u32;
    let noise = image::RgbImage::from_fn(450, 450, |_, _| {
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        };
        image::Rgb([next(), next(), next()])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    noise
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("it is encoded");
    bytes.into_inner()
}

pub fn hash_of(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

pub fn to_send(visit: &str, bytes: &[u8]) -> PhotoToSend {
    PhotoToSend {
        command: CommandId::from_random(1),
        hash: hash_of(bytes),
        record: RecordId::parse(visit).expect("an id"),
        media_type: "image/png".to_owned(),
        bytes: bytes.to_vec(),
    }
}

/// What waits for the network, on a thread of its own.
pub fn waited<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(work)
}

/// The laptop sends a photo, by the client it has; gives what came of it, and how many bytes it says have left.
pub fn sends(
    address: &str,
    person: &Caller,
    photo: &PhotoToSend,
) -> Result<(Result<PhotoOutcome, link::Trouble>, u64)> {
    let credential = person.credential.as_deref().unwrap_or_default();
    let client =
        link::Client::new(address, credential).map_err(|trouble| anyhow::anyhow!("{}", trouble.sentence))?;
    let sent = Arc::new(AtomicU64::new(0));
    let outcome = waited(client.send_photo(photo, &sent));
    Ok((outcome, sent.load(Ordering::Relaxed)))
}

fn arrived(caller: &Caller, visit: &str, hash: &str) -> Result<Reply> {
    caller.get(&format!("/api/photos/{hash}/arrived?record={visit}"))
}

fn arrived_bytes(caller: &Caller, visit: &str, hash: &str) -> Result<u64> {
    let reply = arrived(caller, visit, hash)?;
    ensure!(reply.status == 200, "{}", reply.said());
    reply.json()?["arrived"].as_u64().context("no number")
}

fn put_from(caller: &Caller, visit: &str, hash: &str, from: u64, bytes: &[u8]) -> Result<Reply> {
    let path = format!("/api/photos/{hash}?record={visit}&from={from}");
    caller.asks(Method::PUT, &path, Some(("image/png", bytes.to_vec())))
}

/// The parts that lie at the office.
fn parts(town: &Town) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let Ok(devices) = std::fs::read_dir(town.folder.path().join("photos-arriving")) else {
        return Ok(found);
    };
    for device in devices {
        for part in std::fs::read_dir(device?.path())? {
            found.push(part?.path());
        }
    }
    Ok(found)
}

/// A connection that breaks after so many bytes of a photo; gives how many the office has of them.
pub fn breaks_off(town: &Town, person: &Caller, photo: &PhotoToSend, after: u64) -> Result<u64> {
    let wire = Wire::to(town.office.authority())?;
    wire.breaks_after(Way::ToOffice, after);
    let (outcome, _) = sends(&wire.address(), person, photo)?;
    let trouble = outcome.err().context("nothing broke")?;
    ensure!(trouble.code == "server_unreachable", "{trouble:?}");
    // The office may still be writing what has come.
    let begun = Instant::now();
    let mut before = 0;
    loop {
        let now = arrived_bytes(person, photo.record.as_str(), &photo.hash)?;
        if (now == before && now > 0) || begun.elapsed() > Duration::from_secs(10) {
            return Ok(now);
        }
        before = now;
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn x_09_and_flt_22_a_photo_goes_on_where_it_was_cut_although_both_were_started_again() -> Result<()> {
    let mut town = Town::open()?;
    let (ana, bytes) = (town.person("ana")?, large());
    let photo = to_send("v-ana", &bytes);
    arrived(&ana, "v-ana", &photo.hash)?.is(404, "not_found")?;
    ana.takes(doing::photo("v-ana", &photo.hash, bytes.len()))?;
    ensure!(arrived_bytes(&ana, "v-ana", &photo.hash)? == 0);
    let first = breaks_off(&town, &ana, &photo, 250_000)?;
    ensure!((200_000..=250_000).contains(&first), "{first}");
    // It is nobody's but this laptop's, and nothing of it is shown.
    ana.get(&format!("/api/photos/{}", photo.hash))?
        .is(404, "not_found")?;
    let others_laptop = Caller::signed_in(&town.office.address, "ana", PASSWORD)?;
    for other in [&others_laptop, &town.person("marta")?] {
        ensure!(
            arrived_bytes(other, "v-ana", &photo.hash)? == 0,
            "another's part is told"
        );
    }
    for stranger in ["bruno", "carla", "tomas", "nadia"] {
        arrived(&town.person(stranger)?, "v-ana", &photo.hash)?.is(404, "not_found")?;
    }
    arrived(&ana, "v-carla", &photo.hash)?.is(404, "not_found")?;
    // The office is started again, and so is the laptop: it is cut once more, further on.
    town.office.stop()?;
    town.office = OfficeProcess::serve(town.folder.path())?;
    let ana = Caller::nobody(&town.office.address)?.with_credential(ana.credential.as_deref());
    ensure!(arrived_bytes(&ana, "v-ana", &photo.hash)? == first);
    let second = breaks_off(&town, &ana, &photo, 150_000)?;
    ensure!(second > first + 100_000, "{second} after {first}");
    let wire = Wire::to(town.office.authority())?;
    let (outcome, sent) = sends(&wire.address(), &ana, &photo)?;
    let hash = photo.hash.clone();
    ensure!(outcome == Ok(PhotoOutcome::Kept { hash }), "{outcome:?}");
    let (rest, whole) = (bytes.len() as u64 - second, bytes.len() as u64);
    let passed = wire.passed(Way::ToOffice);
    ensure!(passed < rest + 2_000, "{passed} bytes passed for {rest}");
    ensure!(sent == whole, "the screen says {sent} of {whole}");
    let shown = ana.get(&format!("/api/photos/{}", photo.hash))?;
    ensure!(shown.status == 200 && shown.bytes == bytes);
    ensure!(parts(&town)?.is_empty(), "the part stays");
    Ok(())
}

#[test]
fn x_09_a_part_that_is_not_the_beginning_of_the_photo_is_sent_anew() -> Result<()> {
    let town = Town::open()?;
    let (ana, bytes) = (town.person("ana")?, large());
    let photo = to_send("v-ana", &bytes);
    ana.takes(doing::photo("v-ana", &photo.hash, bytes.len()))?;
    let arrived = breaks_off(&town, &ana, &photo, 100_000)?;
    let part = parts(&town)?.pop().context("no part")?;
    std::fs::write(&part, vec![0; usize::try_from(arrived)?])?;
    let (outcome, sent) = sends(&town.office.address, &ana, &photo)?;
    let hash = photo.hash.clone();
    ensure!(outcome == Ok(PhotoOutcome::Kept { hash }), "{outcome:?}");
    ensure!(sent == bytes.len() as u64 && parts(&town)?.is_empty());
    Ok(())
}

#[test]
fn x_09_a_part_goes_on_only_where_it_ends_and_never_beyond_the_photo() -> Result<()> {
    let town = Town::open()?;
    let (ana, bytes) = (town.person("ana")?, large());
    let (hash, length) = (hash_of(&bytes), bytes.len() as u64);
    put_from(&ana, "v-ana", &hash, 0, &bytes)?.is(404, "not_found")?;
    ensure!(
        parts(&town)?.is_empty(),
        "somebody who may not add it left a part"
    );
    ana.takes(doing::photo("v-ana", &hash, bytes.len()))?;
    let arrived = breaks_off(&town, &ana, &to_send("v-ana", &bytes), 100_000)?;
    for from in [0, 1, arrived - 1, arrived + 1, length, u64::MAX] {
        let reply = put_from(&ana, "v-ana", &hash, from, b"")?;
        reply.is(409, "out_of_step")?;
        ensure!(reply.json()?["arrived"] == arrived && reply.said().contains(&arrived.to_string()));
    }
    for from in ["-1", "1.5", "x", ""] {
        let path = format!("/api/photos/{hash}?record=v-ana&from={from}");
        ana.asks(Method::PUT, &path, Some(("image/png", Vec::new())))?
            .is(400, "query_invalid")?;
    }
    // More than the photo has, and not even ended: no more than the photo lies here.
    let wire = Wire::to(town.office.authority())?;
    wire.breaks_after(Way::ToOffice, 2 * length);
    let through = Caller::nobody(&wire.address())?.with_credential(ana.credential.as_deref());
    let long = vec![7; 3 * bytes.len()];
    ensure!(put_from(&through, "v-ana", &hash, arrived, &long).is_err());
    let begun = Instant::now();
    while arrived_bytes(&ana, "v-ana", &hash)? < length {
        ensure!(begun.elapsed() < Duration::from_secs(10), "it does not come");
        std::thread::sleep(Duration::from_millis(50));
    }
    let part = parts(&town)?.pop().context("no part")?;
    ensure!(std::fs::metadata(&part)?.len() == length);
    // Ended in order and not the photo, it is gone.
    put_from(&ana, "v-ana", &hash, length, b"")?.is(422, "wrong_hash")?;
    ensure!(parts(&town)?.is_empty());
    put_from(&ana, "v-ana", &hash, 0, &bytes[..1000])?.is(422, "wrong_hash")?;
    ensure!(parts(&town)?.is_empty());
    // Rights that end, end this too.
    ana.takes(doing::photo("v-ana-begun", &hash, bytes.len()))?;
    let half = &to_send("v-ana", &bytes);
    let arrived = breaks_off(&town, &ana, half, 100_000)?;
    town.person("marta")?
        .takes(doing::reassign("v-ana", "bruno", Some("ana")))?;
    self::arrived(&ana, "v-ana", &hash)?.is(404, "not_found")?;
    put_from(&ana, "v-ana", &hash, arrived, &bytes[usize::try_from(arrived)?..])?.is(404, "not_found")
}

#[test]
fn x_09_a_part_nobody_finishes_is_removed_after_a_week() -> Result<()> {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let mut town = Town::open()?;
    let (ana, bytes) = (town.person("ana")?, large());
    let photo = to_send("v-ana", &bytes);
    ana.takes(doing::photo("v-ana", &photo.hash, bytes.len()))?;
    let arrived = breaks_off(&town, &ana, &photo, 100_000)?;
    let part = parts(&town)?.pop().context("no part")?;
    for (age, left) in [(6 * DAY, true), (8 * DAY, false)] {
        File::options()
            .write(true)
            .open(&part)?
            .set_modified(SystemTime::now() - age)?;
        town.office.stop()?;
        town.office = OfficeProcess::serve(town.folder.path())?;
        let begun = Instant::now();
        while part.exists() != left && begun.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(50));
        }
        if left {
            // Whether it is removed is not seen at once.
            std::thread::sleep(Duration::from_millis(500));
        }
        let ana = Caller::nobody(&town.office.address)?.with_credential(ana.credential.as_deref());
        let wanted = if left { arrived } else { 0 };
        ensure!(arrived_bytes(&ana, "v-ana", &photo.hash)? == wanted, "{age:?}");
    }
    Ok(())
}

#[test]
fn x_09_a_photo_is_fetched_on_from_where_the_connection_broke() -> Result<()> {
    let town = Town::open()?;
    let (ana, bytes) = (town.person("ana")?, large());
    let photo = to_send("v-ana", &bytes);
    ana.takes(doing::photo("v-ana", &photo.hash, bytes.len()))?;
    let (outcome, _) = sends(&town.office.address, &ana, &photo)?;
    ensure!(matches!(outcome, Ok(PhotoOutcome::Kept { .. })), "{outcome:?}");
    let marta = town.person("marta")?;
    let credential = marta.credential.as_deref().unwrap_or_default();
    let fetches = |wire: &Wire| -> Result<_> {
        let client = link::Client::new(&wire.address(), credential)
            .map_err(|trouble| anyhow::anyhow!("{}", trouble.sentence))?;
        Ok(waited(client.photo(&photo.hash)))
    };
    let whole = bytes.len() as u64;
    for after in [0, 100, 5_000, whole / 2, whole - 1] {
        let wire = Wire::to(town.office.authority())?;
        wire.breaks_after(Way::ToLaptop, after);
        let fetched = fetches(&wire)?.map_err(|trouble| anyhow::anyhow!("{after}: {trouble:?}"))?;
        let fetched = fetched.context("there is none")?;
        ensure!(
            fetched.bytes == bytes && fetched.media_type == "image/png",
            "{after}"
        );
        let passed = wire.passed(Way::ToLaptop);
        ensure!(
            passed < whole + 10_000,
            "after {after}: {passed} bytes passed for {whole}"
        );
    }
    // A wire that stays cut is given up.
    let wire = Wire::to(town.office.authority())?;
    wire.cut();
    let trouble = fetches(&wire)?.err().context("it came over no wire")?;
    ensure!(trouble.code == "server_unreachable", "{trouble:?}");
    Ok(())
}

#[test]
fn x_09_a_range_gives_the_rest_and_one_beyond_the_end_the_size() -> Result<()> {
    let town = Town::open()?;
    let (ana, bytes) = (town.person("ana")?, large());
    let photo = to_send("v-ana", &bytes);
    ana.takes(doing::photo("v-ana", &photo.hash, bytes.len()))?;
    let (outcome, _) = sends(&town.office.address, &ana, &photo)?;
    ensure!(matches!(outcome, Ok(PhotoOutcome::Kept { .. })), "{outcome:?}");
    let whole = bytes.len();
    let asks = |caller: &Caller, range: &str| {
        caller.asks_with(&format!("/api/photos/{}", photo.hash), ("range", range))
    };
    for from in [0, 1, 1000, whole - 1] {
        let reply = asks(&ana, &format!("bytes={from}-"))?;
        ensure!(
            reply.status == 206 && reply.bytes == bytes[from..],
            "{from}: {}",
            reply.status
        );
        let range = format!("bytes {from}-{}/{whole}", whole - 1);
        ensure!(reply.header("content-range") == Some(range.as_str()));
        ensure!(reply.header("cache-control") == Some("private, no-store"));
        ensure!(reply.header("content-type") == Some("image/png"));
    }
    for from in [whole as u64, u64::MAX] {
        let reply = asks(&ana, &format!("bytes={from}-"))?;
        reply.is(416, "beyond_the_end")?;
        let range = format!("bytes */{whole}");
        ensure!(reply.header("content-range") == Some(range.as_str()));
    }
    for other in [
        "bytes=-5",
        "bytes=0-5",
        "bytes=1-,3-",
        "bytes=+1-",
        "lines=1-",
        "bytes=-",
        "",
    ] {
        let reply = asks(&ana, other)?;
        ensure!(
            reply.status == 200 && reply.bytes == bytes,
            "{other}: {}",
            reply.status
        );
    }
    // Whoever may not see it is not told its size.
    for from in ["bytes=1-", "bytes=99999999-"] {
        asks(&town.person("bruno")?, from)?.is(404, "not_found")?;
    }
    Ok(())
}
