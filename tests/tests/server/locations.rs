//! Where photos were taken: kept by those calendars alone that say so.

use crate::doing;
use crate::resuming::hash_of;
use crate::town::Town;
use anyhow::{Context as _, Result, ensure};
use domain::Command;
use reqwest::Method;
use serde_json::json;
use std::io::Cursor;

/// A JPEG whose camera wrote down 34° south, as cameras do.
fn photo_with_place() -> Vec<u8> {
    let mut jpeg = Cursor::new(Vec::new());
    image::RgbImage::new(8, 8)
        .write_to(&mut jpeg, image::ImageFormat::Jpeg)
        .expect("it is encoded");
    let jpeg = jpeg.into_inner();
    let mut tiff = b"MM\0\x2a\0\0\0\x08".to_vec();
    // One field, which leads to the place; there, south and 34 degrees.
    tiff.extend(b"\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0");
    tiff.extend(b"\0\x02\0\x01\0\x02\0\0\0\x02S\0\0\0\0\x02\0\x05\0\0\0\x03\0\0\0\x38\0\0\0\0");
    for degrees in [34_u32, 1, 0, 1, 0, 1] {
        tiff.extend(degrees.to_be_bytes());
    }
    let length = u16::try_from(tiff.len() + 8).expect("it is short").to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, b"Exif\0\0", &tiff, &jpeg[2..]].concat()
}

fn keeps_location(keeps: bool) -> Command {
    let rules = |keeps: bool| json!({ "cutoff_minute": 480, "reschedule_hours": 24, "cancel_hours": 24, "photo_location": keeps });
    let input = json!({ "calendar": "building", "saw": rules(!keeps), "rules": rules(keeps) });
    serde_json::from_value(json!({ "name": "change_calendar_rules", "input": input })).expect("a command")
}

#[test]
fn c_ins_07_and_att_11_the_office_takes_a_place_only_where_the_calendar_keeps_it() -> Result<()> {
    let town = Town::open()?;
    let (ana, laura) = (town.person("ana")?, town.person("laura")?);
    let sends = |bytes: &[u8]| {
        let path = format!("/api/photos/{}?record=v-ana", hash_of(bytes));
        ana.asks(Method::PUT, &path, Some(("image/jpeg", bytes.to_vec())))
    };
    let with_place = photo_with_place();
    let without = store::location::without_location(&with_place)?;
    for bytes in [&with_place, &without] {
        ana.takes(doing::photo_of_type(
            "v-ana",
            &hash_of(bytes),
            bytes.len(),
            "image/jpeg",
        ))?;
    }
    sends(&with_place)?.is(422, "location_kept")?;
    let shown = format!("/api/photos/{}", hash_of(&with_place));
    ana.get(&shown)?.is(404, "not_found")?;
    ensure!(sends(&without)?.status == 200);
    // Only an administrator has it kept; whoever inspects there hears of it, and applicants do not.
    ana.refused(keeps_location(true), policy::Code::NotGranted)?;
    laura.takes(keeps_location(true))?;
    let holding = ana.sees()?;
    ensure!(holding.shows("building")?["photo_location"] == json!(true));
    let offered = town.person("tomas")?.sees()?;
    ensure!(offered.shows("building")?.get("photo_location").is_none());
    ensure!(sends(&with_place)?.status == 200);
    let kept = ana.get(&shown)?;
    ensure!(kept.status == 200 && kept.bytes == with_place, "{}", kept.status);
    // Taken back, it counts for what comes from then on.
    laura.takes(keeps_location(false))?;
    ensure!(ana.sees()?.shows("building")?.get("photo_location").is_none());
    sends(&with_place)?.is(422, "location_kept")?;
    ensure!(ana.get(&shown)?.status == 200);
    town.office
        .look::<String>(
            "SELECT hash FROM photo_sent WHERE hash = ?",
            &[&hash_of(&with_place)],
        )
        .context("it is no longer noted")?;
    Ok(())
}
