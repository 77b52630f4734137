//! Somebody is shut out: what they had not sent is left sealed, their laptop holds nothing that can be read, and a supervisor
//! decides about their work.

use crate::town::*;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::office::OfficeProcess;
use bailiwick_tests::window::Window;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

const NOTE: &str = "The north gate is chained; ask at number 12.";

/// Two changes and a photo on a visit, made without a connection.
fn works_offline(ana: &Laptop, office: &OfficeProcess, visit: &str) -> Result<()> {
    ana.offline()?;
    open_visit(&ana.window, office, visit)?;
    ana.window.click("start")?;
    ana.window.fill("note-text", NOTE)?;
    ana.window.click("add-note")?;
    ana.waits(2)?;
    ana.window
        .choose_file("photo-file", "gate.png", "image/png", PHOTO)?;
    ana.waits(3)
}

/// What lies in a supervisor's tray.
fn tray_has(marta: &Window, wanted: &str) -> Result<()> {
    go(marta, "#/sync", "sync")?;
    eventually(&format!("{wanted} works in the tray"), || {
        let count = marta.attribute("tray", "data-count")?;
        ensure!(count.as_deref() == Some(wanted), "{count:?}");
        Ok(())
    })
}

/// The id of the work in the tray that says these words.
fn work(marta: &Window, words: &str) -> Result<String> {
    let script = "return [...document.querySelectorAll('[data-testid=tray] li')]
        .find((one) => one.textContent.includes(arguments[0]))?.dataset.testid";
    let found = marta.script(script, vec![json!(words)])?;
    let found = found.as_str().context("no such work")?;
    Ok(found.trim_start_matches("work-").to_owned())
}

fn decides(marta: &Window, button: &str, work: &str, because: &str) -> Result<()> {
    marta.click(&format!("{button}-{work}"))?;
    marta.wait_for("reason-dialog", true)?;
    marta.fill("because", because)?;
    marta.click("confirm-reason")?;
    marta.wait_for(&format!("work-{work}"), false)?;
    Ok(())
}

/// Whether any file below a folder says these words as they are.
fn holds(folder: &Path, words: &str) -> Result<bool> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let found = if path.is_dir() {
            holds(&path, words)?
        } else {
            let bytes = std::fs::read(&path)?;
            bytes
                .windows(words.len())
                .any(|window| window == words.as_bytes())
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

#[test]
fn x_06_what_somebody_switched_off_had_not_sent_reaches_a_supervisor_without_them() -> Result<()> {
    let office = office("shut-out")?;
    let ana = Laptop::of("shut-out-ana", &office, "ana")?;
    let marta = Laptop::of("shut-out-marta", &office, "marta")?;
    let (visit, _) = first_visit(&office)?;
    works_offline(&ana, &office, &visit)?;
    office.administrator(&["user", "off", "ana"])?;
    ana.wire.mend();
    ana.window.wait_for_screen("lease")?;
    for said in [
        "3 changes were handed to your office.",
        "1 photo too.",
        "once a supervisor adopts them",
    ] {
        says(&ana.window, "[data-testid=lease-waiting]", said)?;
    }
    ensure!(!holds(&ana.profile, NOTE)?, "the note can be read on the laptop");

    tray_has(&marta.window, "3")?;
    says(&marta.window, "[data-testid=tray]", NOTE)?;
    marta.window.passes_axe()?;
    let body = office.body(&visit)?;
    ensure!(
        body["started_at"].is_null() && entries(&body, "notes").is_empty(),
        "{body}"
    );
    decides(
        &marta.window,
        "adopt",
        &work(&marta.window, NOTE)?,
        "She called me from there.",
    )?;
    decides(
        &marta.window,
        "adopt",
        &work(&marta.window, "Add a photo")?,
        "It shows the gate.",
    )?;
    decides(
        &marta.window,
        "discard",
        &work(&marta.window, "Start inspection")?,
        "Bruno goes again.",
    )?;
    office_has(&office, &visit, "the note and the photo", |body| {
        let note = entries(body, "notes").first().cloned().unwrap_or_default();
        let photo = entries(body, "photos").first().cloned().unwrap_or_default();
        words(&note, "text") == NOTE
            && words(&note, "by") == "Ana Ruiz, adopted by Marta Sosa"
            && photo["pending"].as_bool() != Some(true)
            && !photo.is_null()
    })?;
    ensure!(office.body(&visit)?["started_at"].is_null());
    ensure!(!marta.window.has("tray")?, "an empty tray is no section");
    Ok(())
}

#[test]
fn x_06_a_laptop_that_is_to_be_emptied_hands_its_work_in_and_is_empty() -> Result<()> {
    let office = office("wiped")?;
    let ana = Laptop::of("wiped-ana", &office, "ana")?;
    let (visit, _) = first_visit(&office)?;
    works_offline(&ana, &office, &visit)?;
    wipe(&office, "ana")?;
    ana.wire.mend();
    ana.window.wait_for_screen("sign-in")?;
    says(
        &ana.window,
        "[data-screen=sign-in]",
        "Your office has asked for this laptop to be emptied.",
    )?;
    eventually("the office to hear that it is empty", || {
        ensure!(device(&office, "ana")?["wiped_at"].is_i64());
        Ok(())
    })?;
    ensure!(!ana.files_of(ANA).exists(), "files are left");
    let left = std::fs::read_dir(ana.profile.join("deposits"))?.count();
    ensure!(left == 0, "{left} folders are left");
    let status = ana.window.call("status", json!({}))?;
    ensure!(status["accounts"] == json!([]), "{status}");
    ensure!(!holds(&ana.profile, "Ana Ruiz")?, "her name is left");
    let works = "SELECT count(*) FROM record WHERE kind = 'returned_work'";
    ensure!(
        office.look::<i64>(works, &[])? == 3,
        "her work is not at the office"
    );
    // She may sign in again, as on a new laptop.
    ana.sign_in("ana")
}

#[test]
fn x_06_a_locked_laptop_is_emptied_too() -> Result<()> {
    let office = office("wiped-locked")?;
    let ana = Laptop::of("wiped-locked-ana", &office, "ana")?;
    let (visit, _) = first_visit(&office)?;
    works_offline(&ana, &office, &visit)?;
    ana.window.call("lock", json!({}))?;
    ana.window.wait_for_screen("lock")?;
    wipe(&office, "ana")?;
    ana.wire.mend();
    bailiwick_tests::wait::until("the laptop to be emptied", Duration::from_secs(40), || {
        Ok(device(&office, "ana")?["wiped_at"].is_i64().then_some(()))
    })?;
    ana.window.wait_for_screen("sign-in")?;
    ensure!(!ana.files_of(ANA).exists(), "files are left");
    let works = "SELECT count(*) FROM record WHERE kind = 'returned_work'";
    ensure!(
        office.look::<i64>(works, &[])? == 3,
        "her work is not at the office"
    );
    Ok(())
}

/// The purge is asked to be timed: the office refuses within a second, a connected laptop is empty within five.
#[test]
fn x_06_a_connected_laptop_lets_go_within_seconds_of_a_withdrawn_role() -> Result<()> {
    let office = office("purged")?;
    let ana = Laptop::of("purged-ana", &office, "ana")?;
    let all = json!({ "kind": "appointment", "index": "day", "from": "", "to": "~", "limit": 10 });
    ensure!(
        ana.window.call("list", all.clone())? != json!([]),
        "nothing to lose"
    );
    let withdraw = [
        "grant",
        "withdraw",
        "ana",
        "inspections.inspector",
        "calendar/cal-building",
    ];
    office.administrator(&withdraw)?;
    let begun = Instant::now();
    eventually("the laptop to hold none of her visits", || {
        ensure!(ana.window.call("list", all.clone())? == json!([]));
        Ok(())
    })?;
    ensure!(
        begun.elapsed() < Duration::from_secs(5),
        "it took {:?}",
        begun.elapsed()
    );
    eventually("the receipt", || {
        let open = "SELECT count(*) FROM ledger WHERE until_at IS NOT NULL AND acknowledged_at IS NULL";
        ensure!(office.look::<i64>(open, &[])? == 0, "views are not acknowledged");
        Ok(())
    })
}

#[test]
fn flt_13_a_copy_of_a_laptop_is_closed_and_goes_on_as_a_laptop_of_its_own() -> Result<()> {
    let office = office("copy")?;
    let ana = Laptop::of("copy", &office, "ana")?;
    let (id, _) = first_visit(&office)?;
    works_offline(&ana, &office, &id)?;
    // Another copy of its disk has worked at the office since.
    office.change("UPDATE device SET turn = turn + 3", &[])?;
    let ana = ana.closed_while(|_| Ok(()))?;
    ana.wire.mend();
    let window = &ana.window;
    window.wait_for_screen("lease")?;
    says(
        window,
        "main",
        "Another copy of this laptop has worked at your office since.",
    )?;
    // Starting anew does not open it.
    let ana = ana.closed_while(|_| Ok(()))?;
    let window = &ana.window;
    window.wait_for_screen("lease")?;
    window.fill("password", bailiwick_tests::office::PASSWORD)?;
    window.click("sign-in")?;
    window.wait_for("status-line", true)?;
    ana.waits(0)?;
    note_arrives(&office, &id, NOTE)?;
    let laptops: i64 = office.look("SELECT count(*) FROM device", &[])?;
    ensure!(laptops == 2, "the office knows {laptops} laptops");
    ana.synced()
}

fn device(office: &OfficeProcess, username: &str) -> Result<Value> {
    let listed = office.administrator(&["device", "list"])?;
    let devices = listed["devices"].as_array().context("no devices")?;
    let found = devices.iter().find(|device| device["username"] == username);
    found.cloned().context("no such laptop")
}

fn wipe(office: &OfficeProcess, username: &str) -> Result<()> {
    let id = words(&device(office, username)?, "id");
    office.administrator(&["device", "wipe", &id]).map(drop)
}
