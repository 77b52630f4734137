//! What is never an inspector's: it is nowhere offered, and the laptop refuses it.

use crate::town::*;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::window::Window;
use serde_json::{Value, json};

/// A visit of Ana's on the last of her days, which no other test changes.
fn hers(town: &Shared) -> Result<String> {
    let day = later_days(&town.office, ANA)?.pop().context("no later day")?;
    let (id, _) = visits(&town.office, ANA, &day)?.pop().context("no visit")?;
    Ok(id)
}

/// What the palette offers for a word.
fn offered(window: &Window, word: &str) -> Result<Vec<String>> {
    window.press_with_control("k")?;
    window.fill("search", word)?;
    says(window, "[data-testid=palette] [role=status]", " ")?;
    let found = attributes(window, "[data-testid^=\"command-\"]", "data-testid")?;
    window.press("\u{e00c}")?;
    window.wait_for("palette", false)?;
    Ok(found)
}

/// Gives a command behind the screen's back; what the laptop says against it.
fn refused(window: &Window, name: &str, input: Value) -> Result<String> {
    let command = json!({ "name": name, "input": input });
    let answer = window.call("submit", json!({ "command": command }));
    Ok(answer
        .err()
        .with_context(|| format!("the laptop took {name}"))?
        .to_string())
}

#[test]
fn c_ins_12_an_inspector_is_offered_no_change_of_a_calendar() -> Result<()> {
    shared(|town| {
        let window = &town.ana.window;
        go(window, "#/team", "team")?;
        window.wait_for("day", true)?;
        ensure!(!window.has("rules")?, "the calendars' rules are shown to change");
        ensure!(!window.has("block-time")?, "blocking time is offered");
        let found = offered(window, "calendar")?;
        ensure!(found.is_empty(), "the palette offers {found:?}");
        let calendar = window.call("sheet", json!({ "id": "cal-building" }))?;
        for offer in entries(&calendar, "affordances") {
            ensure!(offer["allowed"] == json!(false), "she is offered {offer}");
        }
        let rules = json!({ "cutoff_minute": 480, "reschedule_hours": 24, "cancel_hours": 24 });
        let input = json!({ "calendar": "cal-building", "saw": rules, "rules": rules });
        let said = refused(window, "change_calendar_rules", input)?;
        ensure!(said.contains("not_granted") && said.contains("C-MX-13"), "{said}");
        Ok(())
    })
}

#[test]
fn c_ins_13_an_inspector_is_nowhere_offered_to_cancel() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.ana.window, &town.office);
        let id = hers(town)?;
        open_visit(window, office, &id)?;
        window.click("more")?;
        window.wait_for("menu-mark_no_show", true)?;
        ensure!(
            !window.has("menu-cancel_appointment")?,
            "the menu offers to cancel"
        );
        window.press("\u{e00c}")?;
        window.wait_for("menu-mark_no_show", false)?;
        let found = offered(window, "cancel")?;
        ensure!(found.is_empty(), "the palette offers {found:?}");
        let input = json!({ "appointment": id, "because": "The owner asked me to." });
        let said = refused(window, "cancel_appointment", input)?;
        ensure!(said.contains("not_granted") && said.contains("C-MX-08"), "{said}");
        ensure!(
            office.body(&id)?["status"] != json!("cancelled"),
            "it was cancelled all the same"
        );
        Ok(())
    })
}

#[test]
fn c_ins_14_an_inspector_finds_no_administrative_settings() -> Result<()> {
    shared(|town| {
        let window = &town.ana.window;
        let screens = attributes(window, ".nav a", "data-testid")?;
        ensure!(
            screens == ["nav-today", "nav-sync", "nav-access"],
            "she can go to {screens:?}"
        );
        for word in ["rules", "role", "permission", "setting", "block", "unavailable"] {
            let found = offered(window, word)?;
            ensure!(found.is_empty(), "for `{word}` the palette offers {found:?}");
        }
        let all = json!({ "kind": "grant", "index": "person", "from": "", "to": "~", "limit": 20000 });
        let grants = window.call("list", all)?;
        let others = grants
            .as_array()
            .context("no list")?
            .iter()
            .filter(|row| row["body"]["person"] != json!(ANA));
        ensure!(others.count() == 0, "her laptop holds the grants of others");
        let all = json!({ "kind": "person", "index": "username", "from": "", "to": "~", "limit": 20000 });
        let people = window.call("list", all)?;
        let others = people
            .as_array()
            .context("no list")?
            .iter()
            .filter(|row| row["id"] != json!(ANA));
        ensure!(others.count() == 0, "her laptop holds the accounts of others");
        let input = json!({
            "grant": "grant-of-her-own", "person": ANA, "role": "inspections.administrator",
            "scope": { "kind": "organization" }, "because": "For myself",
        });
        let said = refused(window, "grant_role", input)?;
        ensure!(said.contains("Nobody changes their own roles"), "{said}");
        Ok(())
    })
}
