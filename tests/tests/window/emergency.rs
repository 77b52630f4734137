//! A calendar is opened in an emergency at one window, and reviewed at another.

use crate::town::*;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::window::Window;
use serde_json::json;

const WHY: &str = "Gas smell in the hall, nobody of fire safety answers";

/// The visits of a calendar that the laptop holds.
fn held(window: &Window, calendar: &str) -> Result<Vec<(String, String)>> {
    let all = json!({ "kind": "appointment", "index": "day", "from": "", "to": "~", "limit": 20_000 });
    let rows = window.call("list", all)?;
    let rows = rows.as_array().context("no list")?;
    let there = rows.iter().filter(|row| row["body"]["calendar"] == calendar);
    Ok(there
        .map(|row| (words(row, "id"), words(&row["body"], "day")))
        .collect())
}

fn opens_the_dialog(window: &Window) -> Result<()> {
    go(window, "#/access", "access")?;
    window.wait_for("open-emergency", true)?;
    window.click("open-emergency")?;
    window.wait_for("emergency-dialog", true)?;
    Ok(())
}

#[test]
fn c_dept_08_an_inspector_opens_a_calendar_in_an_emergency_and_its_supervisor_reviews_it() -> Result<()> {
    let office = office("emergency")?;
    let ana = Laptop::of("emergency-ana", &office, "ana")?;
    let hector = Laptop::of("emergency-hector", &office, "hector")?;
    let window = &ana.window;
    ensure!(held(window, "cal-fire")?.is_empty());

    // What it means is said before; a reason that says nothing is not enough.
    opens_the_dialog(window)?;
    let said = window.text("emergency-dialog")?;
    for wanted in ["for 4 hours", "only look", "supervisors", "Fire", "Food"] {
        ensure!(
            said.contains(wanted),
            "the dialog does not say `{wanted}`: {said}"
        );
    }
    ensure!(
        !said.contains("Building inspections"),
        "it offers what she sees already: {said}"
    );
    window.passes_axe()?;
    window.click("confirm-emergency")?;
    says(
        window,
        "[data-testid=emergency-dialog] [data-testid=problem]",
        "Choose a calendar first.",
    )?;
    window.click("open-cal-fire")?;
    window.fill("because", "Gas!")?;
    window.click("confirm-emergency")?;
    says(
        window,
        "[data-testid=emergency-dialog] [data-testid=problem]",
        "at least 10 characters",
    )?;
    window.fill("because", WHY)?;
    window.click("confirm-emergency")?;
    window.wait_for("emergency-dialog", false)?;

    // It is open, the window says so everywhere, and a visit of it can be looked at.
    window.wait_for("emergency-open", true)?;
    let banner = window.text("emergency-open")?;
    ensure!(
        banner.contains("Fire") && banner.contains("until") && banner.contains("change nothing"),
        "{banner}"
    );
    eventually("the visits of fire to come", || {
        ensure!(!held(window, "cal-fire")?.is_empty());
        Ok(())
    })?;
    let (visit, day) = held(window, "cal-fire")?.remove(0);
    window.click("emergency-visits")?;
    window.wait_for_screen("emergency")?;
    go(window, &format!("#/emergency/{day}"), "emergency")?;
    window.wait_for(&format!("visit-{visit}"), true)?;
    window.passes_axe()?;
    window.click(&format!("visit-{visit}"))?;
    window.wait_for_screen("inspection")?;
    open_visit(window, &office, &visit)?;
    let shown = texts(window, "main")?.join("");
    let body = office.body(&visit)?;
    ensure!(
        shown.contains(&words(&body, "contact_phone")),
        "whom to call is not shown: {shown}"
    );
    window.wait_for("emergency-open", true)?;
    // A second one is not offered, and the reason is.
    go(window, "#/access", "access")?;
    says(window, "[data-testid=emergencies]", "one is open at a time")?;
    says(window, "[data-testid=emergencies]", "Open until")?;

    // The supervisor of fire is told, and does not find it justified.
    let marshal = &hector.window;
    go(marshal, "#/sync", "sync")?;
    marshal.wait_for("accesses", true)?;
    let tray = marshal.text("accesses")?;
    ensure!(
        tray.contains("Ana Ruiz") && tray.contains(WHY),
        "the tray says: {tray}"
    );
    says(marshal, "[data-testid=nav-sync] .nav-count", "1")?;
    marshal.passes_axe()?;
    let button = attributes(marshal, "[data-testid^=\"not-justified-\"]", "data-testid")?;
    let button = button.first().context("nothing to review")?.clone();
    let grant = button.trim_start_matches("not-justified-").to_owned();
    marshal.click(&button)?;
    marshal.wait_for("reason-dialog", true)?;
    marshal.fill("because", "The brigade was there already")?;
    marshal.click("confirm-reason")?;
    marshal.wait_for("accesses", false)?;
    says(marshal, "[data-testid=reviewed]", "Not justified")?;

    // It ends at once at the other window, which says what was removed and reads what was found.
    window.wait_for("emergency-open", false)?;
    window.wait_for("forgotten", true)?;
    let said = window.text("forgotten")?;
    ensure!(said.contains("opened in an emergency"), "the banner says: {said}");
    ensure!(held(window, "cal-fire")?.is_empty(), "visits of fire are left");
    says(window, &format!("[data-testid=finding-{grant}]"), "Not justified")?;
    says(
        window,
        &format!("[data-testid=finding-{grant}]"),
        "The brigade was there already",
    )?;
    Ok(())
}

#[test]
fn without_a_connection_an_emergency_waits_and_says_so_and_it_can_be_ended_early() -> Result<()> {
    let office = office("emergency-offline")?;
    let ana = Laptop::of("emergency-offline", &office, "ana")?;
    let window = &ana.window;
    ana.offline()?;
    opens_the_dialog(window)?;
    says(
        window,
        "[data-testid=emergency-offline]",
        "nothing opens before the office has been reached",
    )?;
    window.click("open-cal-fire")?;
    window.fill("because", WHY)?;
    window.click("confirm-emergency")?;
    window.wait_for("emergency-dialog", false)?;
    ana.waits(1)?;
    says(window, "[data-testid=emergencies]", "Waits for the office")?;
    ensure!(!window.has("emergency-open")? && held(window, "cal-fire")?.is_empty());
    ana.online()?;
    window.wait_for("emergency-open", true)?;
    eventually("the visits of fire to come", || {
        ensure!(!held(window, "cal-fire")?.is_empty());
        Ok(())
    })?;
    window.click("end-access")?;
    window.wait_for("emergency-open", false)?;
    eventually("the visits of fire to go", || {
        ensure!(held(window, "cal-fire")?.is_empty());
        Ok(())
    })?;
    go(window, "#/access", "access")?;
    says(window, "[data-testid=emergencies]", "Over")
}
