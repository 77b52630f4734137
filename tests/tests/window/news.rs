//! What changed since somebody last looked: marked in words, listed, and gone when it was looked at.

use crate::accessibility::faultless;
use crate::town::*;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::window::Window;
use serde_json::{Value, json};

/// Looks at everything, so that only what follows is news.
fn look_at_all(window: &Window) -> Result<()> {
    let news = window.call("news", json!({}))?;
    let ids: Vec<Value> = news
        .as_array()
        .context("no list")?
        .iter()
        .map(|row| row["id"].clone())
        .collect();
    window.call("looked_at", json!({ "records": ids }))?;
    Ok(())
}

fn does(window: &Window, name: &str, input: Value) -> Result<()> {
    window.call("submit", json!({ "command": { "name": name, "input": input } }))?;
    Ok(())
}

fn counts(window: &Window, wanted: usize) -> Result<()> {
    eventually(&format!("{wanted} changed visits"), || {
        let counted = window.attribute("news", "data-count")?;
        ensure!(counted == Some(wanted.to_string()), "{counted:?} are counted");
        Ok(())
    })
}

#[test]
fn what_changed_since_one_last_looked_is_marked_listed_and_gone_once_seen() -> Result<()> {
    shared(|town| {
        let (ana, marta, office) = (&town.ana.window, &town.marta.window, &town.office);
        // The day before the last: of the last another test takes a visit.
        let days = later_days(office, ANA)?;
        let day = days.iter().rev().nth(1).context("too few days ahead")?;
        let theirs = visits(office, ANA, day)?;
        let [(noted, _), (cancelled, _), ..] = theirs.as_slice() else {
            anyhow::bail!("Ana has too few visits on {day}")
        };
        let (given, before) = visits(office, BRUNO, day)?.pop().context("Bruno has no visit")?;
        look_at_all(ana)?;
        look_at_all(marta)?;

        let note = json!({ "appointment": noted, "note": "note-of-marta", "text": "Ring at the side door." });
        does(marta, "add_note", note)?;
        does(
            marta,
            "cancel_appointment",
            json!({ "appointment": cancelled, "because": "The works have stopped." }),
        )?;
        let give =
            json!({ "appointment": given, "to": ANA, "saw": before["assignee"], "overlap_accepted": true });
        does(marta, "reassign", give)?;

        // Today says how many, and which.
        go(ana, &format!("#/today/{day}"), "today")?;
        counts(ana, 3)?;
        says(
            ana,
            "[data-testid=news]",
            "3 visits changed since you last looked",
        )?;
        ana.click("show-news")?;
        for (id, words) in [
            (noted, "Changed: note"),
            (cancelled, "Changed: cancelled"),
            (&given, "New"),
        ] {
            says(ana, &format!("[data-testid=\"news-{id}\"]"), words)?;
            says(ana, &format!("[data-testid=\"visit-{id}\"]"), words)?;
        }
        faultless(ana)?;
        go(ana, &format!("#/week/{day}"), "week")?;
        says(
            ana,
            &format!("[data-testid=\"week-visit-{noted}\"]"),
            "Changed: note",
        )?;
        ana.click("show-week-table")?;
        says(ana, &format!("[data-testid=\"week-row-{given}\"]"), "New")?;

        // Opening a visit is looking at it; what had changed stays to read while it is open.
        open_visit(ana, office, noted)?;
        says(ana, "[data-testid=told]", "Changed since you last looked: note.")?;
        faultless(ana)?;
        go(ana, &format!("#/today/{day}"), "today")?;
        counts(ana, 2)?;
        let line = texts(ana, &format!("[data-testid=\"visit-{noted}\"]"))?.join("");
        ensure!(!line.contains("Changed"), "it is still marked: {line}");
        open_visit(ana, office, noted)?;
        ensure!(!ana.has("told")?, "it is told twice");

        // What one did oneself is no news.
        go(marta, &format!("#/team/{day}"), "team")?;
        marta.wait_for(&format!("bar-{noted}"), true)?;
        let known = marta.call("news", json!({}))?;
        ensure!(known == json!([]), "Marta is told of her own work: {known}");
        ensure!(!marta.has("news")?, "her window speaks of changes");
        // What Ana does is news to Marta, on the line and in words.
        let note = json!({ "appointment": noted, "note": "note-of-ana", "text": "There is no side door." });
        does(ana, "add_note", note)?;
        counts(marta, 1)?;
        says(marta, &format!("[data-testid=\"bar-{noted}\"]"), "Changed: note")?;
        faultless(marta)?;

        // All at once, found by word.
        go(ana, &format!("#/today/{day}"), "today")?;
        counts(ana, 2)?;
        ana.press_with_control("k")?;
        ana.fill("search", "seen changes")?;
        ana.wait_for("command-mark_all_seen", true)?;
        ana.press("\u{e00c}")?;
        ana.wait_for("palette", false)?;
        ana.click("mark-all-seen")?;
        ana.wait_for("news", false)?;
        ensure!(count(ana, "[data-testid=news-chip]")? == 0, "a mark is left");
        marta.click("mark-all-seen")?;
        marta.wait_for("news", false)?;
        Ok(())
    })
}
