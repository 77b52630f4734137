//! Photos: whoever may see the visit may see them, and only what is an image is kept.

use crate::caller::{Caller, Reply};
use crate::doing;
use crate::town::{PHOTO, PHOTO_OF_FIRE, PHOTO_OF_FIRE_BYTES, Town, bytes};
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::office::{OfficeProcess, cli};
use policy::Code;
use reqwest::Method;
use std::path::Path;

/// An image of one grey pixel, and its hash.
const PIXEL: &str = "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a4944415478da6368000000820081da45083b0000000049454e44ae426082";
const PIXEL_HASH: &str = "3c2ce754aa59f302d2408b1fee76bb23097fbc13a3211f37ba3b5d7696ace61a";
/// Another.
const OTHER: &str = "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a4944415478da637000000042004184bf8e620000000049454e44ae426082";
const OTHER_HASH: &str = "756349fe7745d95d59a658a84042029c5892b1c054ef3b1773819c5f82d35da1";
/// 66 bytes that say they are 20,000 by 20,000 pixels.
const FLOOD: &str = "89504e470d0a1a0a0000000d4948445200004e2000004e200800000000c61b19e5000000094944415478da63000000010001b10db6930000000049454e44ae426082";
const FLOOD_HASH: &str = "077d22cefcee7977bd7cf5b9c61472d12ebc8701d0093e8161350bb0551a71cd";

fn put(caller: &Caller, visit: &str, hash: &str, bytes: Vec<u8>) -> Result<Reply> {
    caller.asks(
        Method::PUT,
        &format!("/api/photos/{hash}?record={visit}"),
        Some(("image/png", bytes)),
    )
}

/// The office keeps it, and says which.
fn kept(reply: &Reply, hash: &str) -> Result<()> {
    ensure!(
        reply.status == 200 && reply.json()?["hash"] == hash,
        "{}",
        reply.said()
    );
    Ok(())
}

fn status(caller: &Caller, hash: &str) -> Result<u16> {
    let (whole, small) = (
        caller.get(&format!("/api/photos/{hash}"))?.status,
        caller.get(&format!("/api/photos/{hash}/thumbnail"))?.status,
    );
    ensure!(whole == small, "{hash}: {whole}, but {small} made small");
    Ok(whole)
}

fn is_pending(town: &Town, visit: &str, hash: &str) -> Result<bool> {
    let photos = town.visit(visit)?.photos;
    let photo = photos.iter().find(|photo| photo.hash == hash);
    Ok(photo.context("the visit does not name it")?.pending)
}

/// Every file below a folder.
fn files(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path.to_string_lossy().into_owned());
        }
    }
    found.sort();
    Ok(found)
}

#[test]
fn c_ins_07_a_photo_is_kept_and_shown_to_those_who_see_the_visit() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    let image = bytes(PIXEL);
    // Before the command that names it, there is no place for it.
    put(&ana, "v-ana", PIXEL_HASH, image.clone())?.is(404, "not_found")?;
    ana.takes(doing::photo("v-ana", PIXEL_HASH, image.len()))?;
    ana.get(&format!("/api/photos/{PIXEL_HASH}"))?
        .is(404, "not_found")?;
    ensure!(is_pending(&town, "v-ana", PIXEL_HASH)?);
    for _ in 0..2 {
        kept(&put(&ana, "v-ana", PIXEL_HASH, image.clone())?, PIXEL_HASH)?;
    }
    ensure!(!is_pending(&town, "v-ana", PIXEL_HASH)?);
    for (person, sees) in [
        ("ana", true),
        ("marta", true),
        ("laura", true),
        ("bruno", false),
        ("tomas", false),
        ("carla", false),
        ("nadia", false),
    ] {
        let reply = town.person(person)?.get(&format!("/api/photos/{PIXEL_HASH}"))?;
        if sees {
            ensure!(
                reply.status == 200 && reply.bytes == image,
                "{person}: {}",
                reply.status
            );
            ensure!(reply.header("content-type") == Some("image/png"));
            ensure!(reply.header("x-content-type-options") == Some("nosniff"));
            ensure!(reply.header("cache-control") == Some("private, no-store"));
            let small = town
                .person(person)?
                .get(&format!("/api/photos/{PIXEL_HASH}/thumbnail"))?;
            ensure!(small.status == 200 && small.header("content-type") == Some("image/jpeg"));
            ensure!(small.bytes.starts_with(&[0xff, 0xd8]) && small.bytes != image);
        } else {
            reply.is(404, "not_found")?;
        }
    }
    // It follows the visit to whoever has to go.
    town.person("marta")?
        .takes(doing::reassign("v-ana", "bruno", Some("ana")))?;
    ensure!(
        town.person("bruno")?
            .get(&format!("/api/photos/{PIXEL_HASH}"))?
            .status
            == 200
    );
    ana.get(&format!("/api/photos/{PIXEL_HASH}"))?
        .is(404, "not_found")
}

#[test]
fn att_11_what_is_not_the_named_image_is_refused_and_nothing_is_stored() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    let html = "<script>alert(1)</script>";
    let html_hash: String = sync::credential_hash(html)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    ana.takes(doing::photo("v-ana", PIXEL_HASH, 67))?;
    ana.takes(doing::photo_of_type("v-ana", OTHER_HASH, 67, "image/jpeg"))?;
    ana.takes(doing::photo("v-ana", FLOOD_HASH, 66))?;
    ana.takes(doing::photo("v-ana", &html_hash, html.len()))?;
    let cut = bytes(PIXEL)[..50].to_vec();
    let cut_hash = blake3::hash(&cut).to_hex().to_string();
    ana.takes(doing::photo("v-ana", &cut_hash, cut.len()))?;
    let before = (files(town.folder.path())?.len(), town.count("photo")?);
    put(&ana, "v-ana", PIXEL_HASH, bytes(OTHER))?.is(422, "wrong_hash")?;
    put(&ana, "v-ana", PIXEL_HASH, Vec::new())?.is(422, "wrong_hash")?;
    put(&ana, "v-ana", &html_hash, html.as_bytes().to_vec())?.is(422, "not_an_image")?;
    put(&ana, "v-ana", OTHER_HASH, bytes(OTHER))?.is(422, "not_an_image")?;
    put(&ana, "v-ana", FLOOD_HASH, bytes(FLOOD))?.is(422, "too_many_pixels")?;
    put(&ana, "v-ana", &cut_hash, cut.clone())?.is(422, "damaged_image")?;
    for hash in [
        "x",
        "..%2f..%2foffice.db",
        "%2e%2e",
        &"A".repeat(64),
        "é",
        &PIXEL_HASH[..63],
        &"0".repeat(64),
        "office.db",
    ] {
        // What is no hash at all may be no address either.
        ensure!(put(&ana, "v-ana", hash, bytes(PIXEL))?.status == 404, "{hash}");
        ensure!(ana.get(&format!("/api/photos/{hash}"))?.status == 404, "{hash}");
    }
    ensure!(
        (files(town.folder.path())?.len(), town.count("photo")?) == before,
        "something was stored"
    );
    ana.get(&format!("/api/photos/{PIXEL_HASH}"))?
        .is(404, "not_found")?;
    // A path, a wrong type and a wrong size are refused by the command already.
    for hash in ["../../office.db", "x", "", &"G".repeat(64)] {
        ana.refused(doing::photo("v-ana", hash, 10), Code::InvalidInput)?;
    }
    for media_type in ["image/svg+xml", "text/html", "application/pdf", ""] {
        ana.refused(
            doing::photo_of_type("v-ana", &"d".repeat(64), 10, media_type),
            Code::InvalidInput,
        )?;
    }
    for size in [0, 8 * 1024 * 1024 + 1] {
        ana.refused(doing::photo("v-ana", &"d".repeat(64), size), Code::InvalidInput)?;
    }
    Ok(())
}

#[test]
fn att_11_nine_megabytes_are_turned_away() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    ana.takes(doing::photo("v-ana", PIXEL_HASH, 67))?;
    let before = files(town.folder.path())?.len();
    let fits = put(&ana, "v-ana", PIXEL_HASH, vec![0; 8 * 1024 * 1024])?;
    fits.is(422, "wrong_hash")?;
    // The office hangs up before it has read everything, so the client may see only that.
    if let Ok(reply) = put(&ana, "v-ana", PIXEL_HASH, vec![0; 9 * 1024 * 1024]) {
        reply.is(413, "too_large")?;
    }
    ensure!(files(town.folder.path())?.len() == before);
    ensure!(ana.get("/healthz")?.status == 200);
    Ok(())
}

#[test]
fn att_11_naming_somebody_elses_photo_neither_opens_it_nor_tells_that_it_is_there() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    ensure!(status(&ana, PHOTO)? == 200 && status(&ana, PHOTO_OF_FIRE)? == 404);
    put(&ana, "v-ana", PHOTO_OF_FIRE, bytes(PIXEL))?.is(404, "not_found")?;
    put(&ana, "v-carla", PHOTO_OF_FIRE, bytes(PHOTO_OF_FIRE_BYTES))?.is(404, "not_found")?;
    // Named on a visit of her own, one that the office has and one that nobody has answer alike.
    let unknown = "c".repeat(64);
    let mut said = Vec::new();
    for hash in [PHOTO_OF_FIRE, unknown.as_str()] {
        ana.takes(doing::photo("v-ana", hash, 68))?;
        ensure!(is_pending(&town, "v-ana", hash)?);
        let wrong = put(&ana, "v-ana", hash, bytes(PIXEL))?;
        wrong.is(422, "wrong_hash")?;
        ensure!(status(&ana, hash)? == 404, "{hash} is opened by naming it");
        let reply = ana.get(&format!("/api/photos/{hash}"))?;
        said.push((wrong.bytes, reply.bytes));
    }
    ensure!(said[0] == said[1], "the replies differ");
    // Whoever has the bytes has seen them: sent whole for her visit, they are shown with it, and with it alone.
    let bruno = town.person("bruno")?;
    ensure!(status(&bruno, PHOTO_OF_FIRE)? == 404);
    kept(
        &put(&ana, "v-ana", PHOTO_OF_FIRE, bytes(PHOTO_OF_FIRE_BYTES))?,
        PHOTO_OF_FIRE,
    )?;
    ensure!(!is_pending(&town, "v-ana", PHOTO_OF_FIRE)?);
    ensure!(status(&ana, PHOTO_OF_FIRE)? == 200 && status(&bruno, PHOTO_OF_FIRE)? == 404);
    bruno.takes(doing::photo("v-bruno", PHOTO_OF_FIRE, 68))?;
    ensure!(
        status(&bruno, PHOTO_OF_FIRE)? == 404,
        "another record's bytes were taken for this one"
    );
    Ok(())
}

#[test]
fn att_11_a_photo_without_a_record_or_for_another_is_refused() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    ana.takes(doing::photo("v-ana", PIXEL_HASH, 67))?;
    let path = format!("/api/photos/{PIXEL_HASH}");
    for asked in ["", "?record=", "?record=a%20b", "?record=v-ana&more=1"] {
        let reply = ana.asks(
            Method::PUT,
            &format!("{path}{asked}"),
            Some(("image/png", bytes(PIXEL))),
        )?;
        reply.is(400, "query_invalid").context(asked)?;
    }
    for visit in ["v-ana-done", "v-carla", "no-such-record", "p-ready", "ana"] {
        put(&ana, visit, PIXEL_HASH, bytes(PIXEL))?
            .is(404, "not_found")
            .context(visit)?;
    }
    ensure!(town.count("photo_sent")? == 2, "something was noted");
    ensure!(is_pending(&town, "v-ana", PIXEL_HASH)?);
    Ok(())
}

#[test]
fn c_ins_07_whoever_sees_the_visit_hears_that_a_photo_has_arrived() -> Result<()> {
    let town = Town::open()?;
    let (ana, marta) = (town.person("ana")?, town.person("marta")?);
    ana.takes(doing::photo("v-ana", PIXEL_HASH, 67))?;
    let mut holding = marta.sees()?;
    let shown = |holding: &crate::caller::Holding| -> Result<serde_json::Value> {
        let body = holding.shows("v-ana")?;
        let photos = body["photos"].as_array().context("no photos")?;
        let photo = photos.iter().find(|photo| photo["hash"] == PIXEL_HASH);
        Ok(photo.context("it is not named")?["pending"].clone())
    };
    ensure!(shown(&holding)? == serde_json::json!(true));
    put(&ana, "v-ana", PIXEL_HASH, bytes(PIXEL))?;
    let before = holding.rows.clone();
    marta.pulls(&mut holding)?;
    ensure!(
        shown(&holding)?.is_null(),
        "{}",
        holding.shows("v-ana")?["photos"]
    );
    let changed = holding
        .rows
        .iter()
        .filter(|(key, row)| before.get(key) != Some(row));
    ensure!(
        changed.map(|((_, id), _)| id.as_str()).all(|id| id == "v-ana"),
        "more than the visit was sent"
    );
    // Sent again it changes nothing, and nobody is called.
    let revision = |town: &Town| -> Result<i64> {
        town.office
            .look("SELECT revision FROM record WHERE id = 'v-ana'", &[])
    };
    let was = revision(&town)?;
    put(&ana, "v-ana", PIXEL_HASH, bytes(PIXEL))?;
    ensure!(revision(&town)? == was);
    Ok(())
}

#[test]
fn rel_4_a_backup_has_the_photos_and_a_restore_brings_them_back() -> Result<()> {
    let mut town = Town::open()?;
    let ana = town.person("ana")?;
    ana.takes(doing::photo("v-ana", PIXEL_HASH, 67))?;
    put(&ana, "v-ana", PIXEL_HASH, bytes(PIXEL))?;
    let backups = tempfile::tempdir()?;
    let (first, second) = (backups.path().join("first.db"), backups.path().join("second.db"));
    let done = town.office.administrator(&["backup", &first.to_string_lossy()])?;
    ensure!(done["photos"] == 3, "{done}");
    ensure!(files(&backups.path().join("photos"))?.len() == 3);
    // A second one shares the folder: what lies there stays as it is, and what went bad is put right.
    let at = |folder: &Path, hash: &str| folder.join("photos").join(&hash[..2]).join(hash);
    std::fs::write(at(backups.path(), PHOTO), "rotten")?;
    town.office
        .administrator(&["backup", &second.to_string_lossy()])?;
    ensure!(files(&backups.path().join("photos"))?.len() == 3);
    ensure!(std::fs::read(at(backups.path(), PHOTO))? == bytes(crate::town::PHOTO_BYTES));
    // The office loses one and damages another; both come back, and the thumbnail is made again.
    town.office.stop()?;
    std::fs::remove_dir_all(town.folder.path().join("photos").join(&PIXEL_HASH[..2]))?;
    std::fs::write(at(town.folder.path(), PHOTO), "rotten")?;
    let restored = cli(town.folder.path(), &["restore", &first.to_string_lossy()], "")?;
    ensure!(
        restored.status.success(),
        "{}",
        String::from_utf8_lossy(&restored.stderr)
    );
    town.office = OfficeProcess::serve(town.folder.path())?;
    let ana = town.person("ana")?;
    for (hash, own) in [(PIXEL_HASH, PIXEL), (PHOTO, crate::town::PHOTO_BYTES)] {
        ensure!(
            ana.get(&format!("/api/photos/{hash}"))?.bytes == bytes(own),
            "{hash}"
        );
        ensure!(status(&ana, hash)? == 200);
    }
    // What neither side has whole is named, and everything else is done all the same.
    std::fs::write(at(town.folder.path(), PIXEL_HASH), "rotten")?;
    let third = tempfile::tempdir()?;
    let copy = third.path().join("third.db");
    let failed = cli(town.folder.path(), &["backup", &copy.to_string_lossy()], "")?;
    let said = String::from_utf8_lossy(&failed.stderr).into_owned();
    ensure!(failed.status.code() == Some(1), "{failed:?}");
    ensure!(
        said.contains("2 of 3 photos") && said.contains(PIXEL_HASH),
        "{said}"
    );
    ensure!(copy.exists() && files(&third.path().join("photos"))?.len() == 2);
    Ok(())
}
