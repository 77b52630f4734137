//! Photos from the laptop that takes them to the windows of the others: what is said while they wait, and how they go.

use crate::town::*;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::office::OfficeProcess;
use bailiwick_tests::window::Window;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

/// A picture as somebody might take it: 2732 by 1536 pixels.
fn picture() -> Result<Vec<u8>> {
    Ok(std::fs::read(bailiwick_tests::root().join("docs/img/today.png"))?)
}

/// A picture of nothing but noise, about so many bytes, that takes a while to send.
fn heavy(bytes: usize) -> Result<Vec<u8>> {
    let (width, mut noise) = (1024, blake3::Hasher::new().finalize_xof());
    let height = u32::try_from(bytes / 3)? / width;
    let mut pixels = vec![0; (width * height * 3) as usize];
    noise.fill(&mut pixels);
    let image = image::RgbImage::from_raw(width, height, pixels).context("too few pixels")?;
    let mut png = std::io::Cursor::new(Vec::new());
    image.write_to(&mut png, image::ImageFormat::Png)?;
    Ok(png.into_inner())
}

/// The picture as a camera gives it that writes down where it is: a field of EXIF that leads to the place, 34° south.
fn picture_with_place() -> Result<Vec<u8>> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08".to_vec();
    tiff.extend(b"\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0");
    tiff.extend(b"\0\x02\0\x01\0\x02\0\0\0\x02S\0\0\0\0\x02\0\x05\0\0\0\x03\0\0\0\x38\0\0\0\0");
    for number in [34_u32, 1, 0, 1, 0, 1] {
        tiff.extend(number.to_be_bytes());
    }
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(64, 64).write_to(&mut jpeg, image::ImageFormat::Jpeg)?;
    let jpeg = jpeg.into_inner();
    let length = u16::try_from(tiff.len() + 8)?.to_be_bytes();
    Ok([&jpeg[..2], b"\xff\xe1", &length, b"Exif\0\0", &tiff, &jpeg[2..]].concat())
}

fn hash_of(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// Adds a photo to the visit that is shown, and waits for what is kept of it; gives the hash of that.
fn adds(window: &Window, caption: &str, bytes: &[u8]) -> Result<String> {
    chooses(window, caption, ("photo.png", "image/png"), bytes)?;
    let hash = hash_of(bytes);
    window.wait_for(&format!("photo-{hash}"), true)?;
    Ok(hash)
}

fn chooses(window: &Window, caption: &str, (name, kind): (&str, &str), bytes: &[u8]) -> Result<()> {
    let script = "const field = document.querySelector('[aria-label=\"Caption of the next photo\"]');
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, arguments[0]);
        field.dispatchEvent(new Event('input', { bubbles: true }))";
    window.script(script, vec![json!(caption)])?;
    window.choose_file("photo-file", name, kind, &STANDARD.encode(bytes))
}

/// What a photo's card says of itself: whether its bytes are missing at the office, whether it is shown, and its state.
fn card_says(window: &Window, hash: &str, wanted: (&str, &str, &str)) -> Result<()> {
    let id = format!("photo-{hash}");
    eventually(&format!("photo {hash} as {wanted:?}"), || {
        let said = ["data-pending", "data-shown", "data-state"]
            .map(|name| window.attribute(&id, name).ok().flatten().unwrap_or_default());
        let said = (said[0].as_str(), said[1].as_str(), said[2].as_str());
        ensure!(said == wanted, "{said:?}: {}", window.text(&id)?);
        Ok(())
    })
}

fn kept(office: &OfficeProcess, hash: &str) -> Result<bool> {
    Ok(office.look::<i64>("SELECT count(*) FROM photo WHERE hash = ?", &[&hash])? == 1)
}

#[test]
fn c_ins_07_and_x_13_a_photo_says_where_it_is_and_arrives_in_the_others_windows_by_itself() -> Result<()> {
    let office = office("photos")?;
    let (ana, marta) = (
        Laptop::of("photos-ana", &office, "ana")?,
        Laptop::of("photos-marta", &office, "marta")?,
    );
    let (id, _) = first_visit(&office)?;
    // Ana is on a metered connection: her photos wait, her work does not.
    ana.window.call("pause_photos", json!({ "paused": true }))?;
    open_visit(&ana.window, &office, &id)?;
    let hash = adds(&ana.window, "Rear stair", &picture()?)?;
    card_says(&ana.window, &hash, ("true", "true", "waiting"))?;
    says(&ana.window, &format!("[data-testid=\"photo-{hash}\"]"), "Paused")?;
    office_has(&office, &id, "the photo's name", |body| {
        entries(body, "photos").len() == 1
    })?;
    ensure!(!kept(&office, &hash)?, "a paused photo was sent");
    open_visit(&marta.window, &office, &id)?;
    card_says(&marta.window, &hash, ("true", "false", "none"))?;
    let missing = "Photo not here yet: waiting on Ana Ruiz’s laptop";
    says(&marta.window, &format!("[data-testid=\"photo-{hash}\"]"), missing)?;
    for window in [&ana.window, &marta.window] {
        window.passes_axe()?;
    }
    // The list holds the small picture, and nothing else of it.
    let small = "return document.querySelector('.thumb img').naturalWidth";
    ensure!(ana.window.script(small, vec![])? == json!(320));

    // Let go in the sync centre, it arrives, and Marta's window shows it without being asked.
    go(&ana.window, "#/sync", "sync")?;
    says(&ana.window, "[data-testid=photo-queue]", "1 photo waits, 176 kB.")?;
    ana.window.click("resume-photos")?;
    card_says(&marta.window, &hash, ("false", "true", "none"))?;
    ensure!(kept(&office, &hash)?);
    ana.window.wait_for("photo-queue", false)?;
    ensure!(
        marta.window.script(small, vec![])? == json!(320),
        "the list holds the whole picture"
    );
    // The whole picture is fetched by whoever opens it. Ana's laptop has let its own go.
    open_visit(&ana.window, &office, &id)?;
    card_says(&ana.window, &hash, ("false", "true", "none"))?;
    for window in [&ana.window, &marta.window] {
        window.script("document.querySelector('button.thumb').click()", vec![])?;
        let whole = "return document.querySelector('[data-whole=true]')?.naturalWidth ?? 0";
        eventually("the whole picture", || {
            let width = window.script(whole, vec![])?;
            ensure!(width.as_i64() > Some(1000), "it is {width} wide");
            Ok(())
        })?;
        let held = "return !!document.activeElement.closest('[data-testid=photo-dialog]')";
        eventually("the keyboard in the dialog", || {
            ensure!(window.script(held, vec![])? == json!(true));
            Ok(())
        })?;
        window.press("\u{e00c}")?;
        window.wait_for("photo-dialog", false)?;
    }
    // Without a connection what is here is shown, and what is not is said.
    marta.offline()?;
    fresh(&marta.window)?;
    open_visit(&marta.window, &office, &id)?;
    card_says(&marta.window, &hash, ("false", "true", "none"))
}

#[test]
fn c_ins_07_and_x_09_a_slow_photo_holds_up_no_work_and_shows_how_far_it_is() -> Result<()> {
    let office = office("slow-photo")?;
    let ana = Laptop::of("slow-photo", &office, "ana")?;
    let (id, _) = first_visit(&office)?;
    open_visit(&ana.window, &office, &id)?;
    ana.wire.slow(std::time::Duration::from_millis(60));
    let hash = adds(&ana.window, "", &heavy(7 * 1024 * 1024)?)?;
    card_says(&ana.window, &hash, ("true", "true", "sending"))?;
    ana.window
        .fill("note-text", "Typed while the photo is on its way.")?;
    ana.window.click("add-note")?;
    office_has(&office, &id, "the note", |body| entries(body, "notes").len() == 1)?;
    ensure!(
        !kept(&office, &hash)?,
        "the photo is there already, so nothing was shown"
    );
    go(&ana.window, "#/sync", "sync")?;
    says(&ana.window, ".photo-sent", "of 7.3 MB")?;
    // Paused while it is on its way, it is left where it is, and begins again later.
    ana.window.click("pause-photos")?;
    says(&ana.window, "[data-testid=photo-queue]", "Paused")?;
    ana.wire.slow(std::time::Duration::ZERO);
    ensure!(!kept(&office, &hash)?);
    ana.window.click("resume-photos")?;
    eventually("the photo at the office", || {
        ensure!(kept(&office, &hash)?);
        Ok(())
    })
}

#[test]
fn c_ins_07_and_x_13_a_photo_the_office_will_not_have_is_shown_with_why_and_kept() -> Result<()> {
    let office = office("refused-photo")?;
    let ana = Laptop::of("refused-photo", &office, "ana")?;
    let (id, _) = first_visit(&office)?;
    ana.window.call("pause_photos", json!({ "paused": true }))?;
    open_visit(&ana.window, &office, &id)?;
    let (bad, good) = (
        adds(&ana.window, "Meter", &picture()?)?,
        adds(&ana.window, "Door", &heavy(200_000)?)?,
    );
    office_has(&office, &id, "both photos' names", |body| {
        entries(body, "photos").len() == 2
    })?;
    // The office has another kind of image noted for the first of them.
    let named = |kind: &str| format!("\"hash\":\"{bad}\",\"media_type\":\"{kind}\"");
    let changed = office.change(
        "UPDATE record SET body = replace(body, ?, ?) WHERE id = ?",
        &[&named("image/png"), &named("image/jpeg"), &id],
    )?;
    ensure!(changed == 1 && office.body(&id)?.to_string().contains("image/jpeg"));
    ana.window.call("pause_photos", json!({ "paused": false }))?;
    // It holds up neither the next photo nor anything else.
    card_says(&ana.window, &good, ("false", "true", "none"))?;
    card_says(&ana.window, &bad, ("true", "true", "refused"))?;
    says(
        &ana.window,
        &format!("[data-testid=\"photo-{bad}\"]"),
        "The file is image/png, not image/jpeg.",
    )?;
    ana.window.passes_axe()?;
    go(&ana.window, "#/sync", "sync")?;
    says(
        &ana.window,
        "[data-testid=photo-queue]",
        "The file is image/png, not image/jpeg.",
    )?;
    says(&ana.window, "[data-testid=photo-queue]", "Not taken")?;
    ana.window.passes_axe()?;
    // The office mends it; tried again, it is taken.
    office.change(
        "UPDATE record SET body = replace(body, ?, ?) WHERE id = ?",
        &[&named("image/jpeg"), &named("image/png"), &id],
    )?;
    ana.window.click("hurry-photos")?;
    ana.window.wait_for("photo-queue", false)?;
    ensure!(kept(&office, &bad)?);
    Ok(())
}

#[test]
fn c_ins_07_a_refused_photo_is_removed_only_when_its_author_says_so_twice() -> Result<()> {
    let office = office("removed-photo")?;
    let (ana, marta) = (
        Laptop::of("removed-photo", &office, "ana")?,
        Laptop::of("removed-photo-marta", &office, "marta")?,
    );
    let (id, _) = first_visit(&office)?;
    ana.window.call("pause_photos", json!({ "paused": true }))?;
    open_visit(&ana.window, &office, &id)?;
    let hash = adds(&ana.window, "Meter", &picture()?)?;
    office_has(&office, &id, "the photo's name", |body| {
        entries(body, "photos").len() == 1
    })?;
    // The visit is given to somebody else before the bytes have left.
    let given = json!({ "command": { "name": "reassign", "input": {
        "appointment": id, "to": BRUNO, "saw": ANA, "overlap_accepted": true } } });
    marta.window.call("submit", given)?;
    go(&ana.window, "#/sync", "sync")?;
    eventually("the visit to leave Ana's laptop", || {
        ensure!(ana.window.call("sheet", json!({ "id": id }))?.is_null());
        Ok(())
    })?;
    ana.window.click("resume-photos")?;
    says(
        &ana.window,
        "[data-testid=photo-queue]",
        "no longer lets you add photos to this visit",
    )?;
    ana.window.click(&format!("remove-photo-{hash}"))?;
    ana.window.wait_for("remove-photo-dialog", true)?;
    ana.window.passes_axe()?;
    ana.window.press("\u{e00c}")?;
    ana.window.wait_for("remove-photo-dialog", false)?;
    ensure!(
        ana.window.has(&format!("waiting-photo-{hash}"))?,
        "it was removed without being asked"
    );
    ana.window.click(&format!("remove-photo-{hash}"))?;
    ana.window.click("confirm-remove-photo")?;
    ana.window.wait_for("photo-queue", false)?;
    Ok(())
}

#[test]
fn c_ins_07_and_att_11_a_photo_leaves_behind_where_it_was_taken() -> Result<()> {
    let office = office("placed-photo")?;
    let ana = Laptop::of("placed-photo", &office, "ana")?;
    let (id, _) = first_visit(&office)?;
    open_visit(&ana.window, &office, &id)?;
    let with_place = picture_with_place()?;
    let without = store::location::without_location(&with_place)?;
    ensure!(
        without.len() < with_place.len(),
        "there is nothing to leave behind"
    );
    chooses(
        &ana.window,
        "From the roof",
        ("roof.jpg", "image/jpeg"),
        &with_place,
    )?;
    let hash = hash_of(&without);
    ana.window.wait_for(&format!("photo-{hash}"), true)?;
    eventually("the photo at the office", || {
        ensure!(kept(&office, &hash)?);
        Ok(())
    })?;
    ensure!(!kept(&office, &hash_of(&with_place))?, "the place was sent");
    card_says(&ana.window, &hash, ("false", "true", "none"))
}
