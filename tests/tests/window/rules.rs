//! The rules of a calendar: who may, changes them; who may not, reads them and sees why.

use crate::accessibility::faultless;
use crate::town::*;
use anyhow::{Result, ensure};
use bailiwick_tests::window::Window;
use serde_json::json;

const BUILDING: &str = "[data-testid=\"rules-cal-building\"]";

fn open_team(window: &Window) -> Result<()> {
    go(window, "#/team", "team")?;
    window.wait_for("rules-cal-building", true)?;
    Ok(())
}

fn choose(window: &Window, id: &str, value: &str) -> Result<()> {
    let script = "const list = document.querySelector(arguments[0]);
        Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(list, arguments[1]);
        list.dispatchEvent(new Event('change', { bubbles: true }));
        return list.value";
    window.wait_for(id, true)?;
    let css = format!("[data-testid=\"{id}\"]");
    let chosen = window.script(script, vec![json!(css), json!(value)])?;
    ensure!(chosen == json!(value), "{id} does not offer {value}");
    Ok(())
}

#[test]
fn c_mx_13_an_administrator_changes_the_rules_of_a_calendar() -> Result<()> {
    let office = office("rules")?;
    let laptop = Laptop::of("rules", &office, "admin")?;
    let window = &laptop.window;
    open_team(window)?;
    says(window, BUILDING, "until 08:00 on the day")?;
    says(window, BUILDING, "until 24 hours before")?;

    // From the palette, by any of its words.
    window.press_with_control("k")?;
    window.fill("search", "rules calendar")?;
    window.click("command-change_calendar_rules")?;
    choose(window, "rules-calendar", "cal-building")?;
    for words in [
        "Hours before the visit begins, 0 to 336 (14 days)",
        "Now 08:00",
        "Now 24",
    ] {
        says(window, "[data-testid=rules-dialog]", words)?;
    }
    faultless(window)?;
    choose(window, "rules-cutoff", "450")?;
    window.fill("rules-reschedule", "a day")?;
    window.click("confirm-rules")?;
    says(window, "[data-testid=problem]", "as a whole number")?;
    window.fill("rules-reschedule", "337")?;
    window.click("confirm-rules")?;
    says(window, "[data-testid=problem]", "accepted is 0 to 336 hours")?;
    window.fill("rules-reschedule", "48")?;
    window.fill("rules-cancel", "0")?;
    window.click("confirm-rules")?;
    window.wait_for("rules-dialog", false)?;
    office_has(&office, "cal-building", "the new rules", |body| {
        body["cutoff_minute"] == json!(450)
            && body["reschedule_hours"] == json!(48)
            && body["cancel_hours"] == json!(0)
    })?;
    for words in [
        "until 07:30 on the day",
        "until 48 hours before",
        "until it begins",
    ] {
        says(window, BUILDING, words)?;
    }
    Ok(())
}

#[test]
fn c_mgr_10_a_manager_reads_the_rules_and_sees_why_not_to_change_them() -> Result<()> {
    shared(|town| {
        let window = &town.marta.window;
        open_team(window)?;
        let shown = attributes(window, "[data-testid=rules] tbody tr", "data-testid")?;
        ensure!(
            shown == ["rules-cal-building", "rules-cal-electrical"],
            "Marta reads the rules of {shown:?}"
        );
        let disabled = window.attribute("change-rules-cal-building", "aria-disabled")?;
        ensure!(
            disabled.as_deref() == Some("true"),
            "she is offered to change them"
        );
        window.click("change-rules-cal-building")?;
        window.wait_for("denial", true)?;
        let denial = window.text("denial")?;
        for words in ["change a calendar's settings", "Elisa Prado", "C-MX-13"] {
            ensure!(
                denial.contains(words),
                "the denial does not say `{words}`: {denial}"
            );
        }
        window.press("\u{e00c}")?;
        window.wait_for("denial", false)?;
        window.press_with_control("k")?;
        window.fill("search", "calendar rules")?;
        let entry = "[data-testid=command-change_calendar_rules]";
        says(window, entry, "change a calendar's settings")?;
        says(window, entry, "Elisa Prado")?;
        window.press("\u{e007}")?;
        ensure!(!window.has("rules-dialog")?, "the palette opens it all the same");
        let rules = json!({ "cutoff_minute": 480, "reschedule_hours": 24, "cancel_hours": 24 });
        let input = json!({ "calendar": "cal-building", "saw": rules, "rules": rules });
        let command = json!({ "name": "change_calendar_rules", "input": input });
        let refused = window.call("submit", json!({ "command": command })).err();
        ensure!(
            refused.is_some_and(|refused| refused.to_string().contains("C-MX-13")),
            "the laptop took it"
        );
        Ok(())
    })
}
