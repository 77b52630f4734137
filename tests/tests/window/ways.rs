//! Where everybody goes: the team's day on a map, each inspector with a letter, each stop with its number.

use crate::accessibility::faultless;
use crate::desk::failed;
use crate::town::*;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::office::OfficeProcess;
use bailiwick_tests::window::Window;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The stops of each inspector of Marta's calendars on a day, as the office has them, in the order of time.
fn stops(office: &OfficeProcess, day: &str) -> Result<BTreeMap<String, Vec<(String, Value)>>> {
    let sql = "SELECT id, body FROM record WHERE kind = 'appointment' AND json_extract(body, '$.day') = ?
         AND json_extract(body, '$.calendar') IN ('cal-building', 'cal-electrical')
         AND json_extract(body, '$.status') <> 'cancelled'
         ORDER BY json_extract(body, '$.from_minute'), id";
    let mut stops = BTreeMap::<String, Vec<(String, Value)>>::new();
    for (id, body) in records(office, sql, &[&day])? {
        stops
            .entry(words(&body, "assignee"))
            .or_default()
            .push((id, body));
    }
    Ok(stops)
}

fn pins(window: &Window, css: &str) -> Result<Vec<String>> {
    let mut pins = texts(window, &format!("{css} text"))?;
    pins.sort();
    Ok(pins)
}

/// The labels of somebody's stops: `B1`, `B2` and so on.
fn labels(letter: &str, stops: &[(String, Value)]) -> Vec<String> {
    (1..=stops.len()).map(|n| format!("{letter}{n}")).collect()
}

fn open_map(window: &Window, day: &str) -> Result<()> {
    window.script("localStorage.setItem('map', 'svg')", vec![])?;
    go(window, &format!("#/team/{day}"), "team")?;
    window.click("show-map")?;
    window.wait_for("team-map", true)?;
    Ok(())
}

/// A re-inspection that nobody has yet.
fn book_for_nobody(window: &Window, office: &OfficeProcess, day: &str) -> Result<String> {
    let (id, _) = failed(office, 3)?;
    let input = json!({ "appointment": "visit-of-nobody", "reinspects": id, "day": day, "from_minute": 960 });
    window.call(
        "submit",
        json!({ "command": { "name": "book_reinspection", "input": input } }),
    )?;
    office_has(office, "visit-of-nobody", "the visit of nobody", |body| {
        body["day"] == json!(day) && body["assignee"].is_null()
    })?;
    Ok("visit-of-nobody".to_owned())
}

#[test]
fn c_mgr_17_the_map_has_every_inspectors_way_with_a_letter_and_its_stops_in_order() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.marta.window, &town.office);
        let day = later_days(office, ANA)?
            .into_iter()
            .nth(3)
            .context("too few days ahead")?;
        let nobodys = book_for_nobody(window, office, &day)?;
        let all = stops(office, &day)?;
        ensure!(
            all.get(ANA).is_some_and(|own| own.len() > 1),
            "Ana has no way that day"
        );
        open_map(window, &day)?;
        let count_of_stops: usize = all.values().map(Vec::len).sum();
        eventually("every visit on the map", || {
            let points = window.attribute("map", "data-points")?;
            ensure!(points == Some(count_of_stops.to_string()), "{points:?} are");
            Ok(())
        })?;

        // A letter for everybody, another for each; and the pins are their numbered stops.
        let mut expected = vec!["?".to_owned()];
        let mut letters = Vec::new();
        for (person, own) in all.iter().filter(|(person, _)| !person.is_empty()) {
            let line = format!("way-line-{person}");
            let letter = window.attribute(&line, "data-letter")?.context("no letter")?;
            says(
                window,
                &format!("[data-testid=\"{line}\"]"),
                &format!("{} stop", own.len()),
            )?;
            expected.extend(labels(&letter, own));
            letters.push(letter);
        }
        letters.sort();
        let distinct = letters.windows(2).all(|pair| pair[0] != pair[1]);
        ensure!(distinct, "two inspectors share a letter: {letters:?}");
        expected.sort();
        ensure!(
            pins(window, ".map-pin")? == expected,
            "{:?} are not {expected:?}",
            pins(window, ".map-pin")?
        );
        let ways = all
            .iter()
            .filter(|(person, own)| !person.is_empty() && own.len() > 1)
            .count();
        ensure!(
            count(window, ".map-route")? == ways,
            "{} ways are drawn and not {ways}",
            count(window, ".map-route")?
        );
        // What nobody has is no way: a pin of its own shape.
        ensure!(
            pins(window, ".map-pin.nobody")? == ["?"],
            "what nobody has looks as the others"
        );

        // With the keyboard: Ana's way stands out, and her stops are listed in order.
        let button = format!("[data-testid=\"way-{ANA}\"]");
        window.script(
            "document.querySelector(arguments[0]).focus()",
            vec![json!(button)],
        )?;
        window.press("\u{e007}")?;
        eventually("Ana's way to stand out", || {
            let chosen = window.attribute("team-map", "data-chosen")?;
            ensure!(chosen.as_deref() == Some(ANA), "{chosen:?} does");
            Ok(())
        })?;
        let own = &all[ANA];
        let letter = window
            .attribute(&format!("way-line-{ANA}"), "data-letter")?
            .context("no letter")?;
        let listed = attributes(window, "[data-testid^=\"stop-\"]", "data-testid")?;
        let wanted: Vec<String> = own.iter().map(|(id, _)| format!("stop-{id}")).collect();
        ensure!(listed == wanted, "her stops are {wanted:?}, listed {listed:?}");
        ensure!(
            texts(window, ".stop-label")? == labels(&letter, own),
            "they are numbered otherwise"
        );
        ensure!(
            pins(window, ".map-pin:not(.faint)")? == labels(&letter, own),
            "others stand out with her"
        );
        ensure!(
            count(window, ".map-route:not(.faint)")? == 1,
            "other ways stand out"
        );
        window.press("\t")?;
        window.press("\u{e007}")?;
        eventually("her first stop to be chosen", || {
            let chosen = window.attribute("selected", "data-visit")?;
            ensure!(chosen.as_deref() == Some(own[0].0.as_str()), "it is {chosen:?}");
            Ok(())
        })?;
        ensure!(pins(window, ".map-pin.selected")? == [format!("{letter}1")]);

        faultless(window)?;

        // It is remembered, and the same stands in the table.
        go(window, "#/sync", "sync")?;
        go(window, &format!("#/team/{day}"), "team")?;
        window.wait_for("team-map", true)?;
        window.click("show-table")?;
        window.wait_for(&format!("row-{nobodys}"), true)?;
        for (id, _) in all.values().flatten() {
            ensure!(window.has(&format!("row-{id}"))?, "{id} is not in the table");
        }
        // Other tests count on days on which somebody has every visit.
        let input = json!({ "appointment": nobodys, "because": "Was for the map." });
        window.call(
            "submit",
            json!({ "command": { "name": "cancel_appointment", "input": input } }),
        )?;
        office_has(office, &nobodys, "no visit of nobody", |body| {
            body["status"] == json!("cancelled")
        })?;
        Ok(())
    })
}
