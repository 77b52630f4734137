//! The supervisor's team: who has what, how much that is, and giving a visit to somebody else.

use crate::town::*;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::office::OfficeProcess;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The calendars Marta supervises.
const SUPERVISED: [&str; 2] = ["cal-building", "cal-electrical"];

/// All visits of a calendar, as the office has them.
fn visits_in(office: &OfficeProcess, calendar: &str, day: &str) -> Result<Vec<(String, Value)>> {
    let sql = "SELECT id, body FROM record WHERE kind = 'appointment'
         AND json_extract(body, '$.calendar') = ? AND json_extract(body, '$.day') LIKE ?";
    records(office, sql, &[&calendar, &day])
}

fn supervised(office: &OfficeProcess, day: &str) -> Result<Vec<(String, Value)>> {
    Ok([
        visits_in(office, SUPERVISED[0], day)?,
        visits_in(office, SUPERVISED[1], day)?,
    ]
    .concat())
}

/// What each inspector of the supervised calendars has on a day.
fn loads(office: &OfficeProcess, day: &str) -> Result<BTreeMap<String, Vec<Value>>> {
    let mut loads = BTreeMap::<String, Vec<Value>>::new();
    for (id, body) in records(office, "SELECT id, body FROM record WHERE kind = 'person'", &[])? {
        if entries(&body, "inspects")
            .iter()
            .any(|calendar| SUPERVISED.iter().any(|own| calendar == own))
        {
            loads.insert(id, Vec::new());
        }
    }
    for (_, body) in supervised(office, day)? {
        loads.entry(words(&body, "assignee")).or_default().push(body);
    }
    Ok(loads)
}

/// Days ahead, so that no test takes a visit from another.
fn day_ahead(office: &OfficeProcess, which: usize) -> Result<String> {
    later_days(office, ANA)?
        .into_iter()
        .nth(which)
        .context("too few days ahead")
}

#[test]
fn c_mgr_01_and_c_mgr_02_the_team_has_every_inspector_and_every_visit_supervised() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.marta.window, &town.office);
        window.click("nav-team")?;
        let all = supervised(office, &today())?;
        go_to_day(window, "team", &today(), all.len())?;
        let lanes: BTreeMap<String, String> = attributes(window, "[data-lane]", "data-person")?
            .into_iter()
            .zip(attributes(window, "[data-lane]", "data-count")?)
            .collect();
        let wanted: BTreeMap<String, String> = loads(office, &today())?
            .into_iter()
            .map(|(person, own)| (person, own.len().to_string()))
            .collect();
        ensure!(lanes == wanted, "the office has {wanted:?}, the window {lanes:?}");
        for (id, body) in &all {
            let lane = window.script(
                "return document.querySelector(arguments[0])?.closest('[data-person]')?.dataset.person ?? null",
                vec![json!(format!("[data-testid=\"bar-{id}\"]"))],
            )?;
            ensure!(
                lane == body["assignee"],
                "{id} of {} is on the line of {lane}",
                body["assignee"]
            );
        }
        window.click("show-table")?;
        window.wait_for("team-table", true)?;
        let rows: BTreeSet<String> = attributes(window, "[data-testid^=\"row-\"]", "data-testid")?
            .into_iter()
            .collect();
        let wanted: BTreeSet<String> = all.iter().map(|(id, _)| format!("row-{id}")).collect();
        ensure!(rows == wanted, "the office has {wanted:?}, the table {rows:?}");
        let heads = texts(window, "[data-testid=team-table] tbody th")?;
        ensure!(
            heads.iter().any(|name| name == "Bruno Silva"),
            "the table names {heads:?}"
        );
        Ok(())
    })
}

#[test]
fn c_mgr_03_a_visit_is_reassigned_by_keyboard() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.marta.window, &town.office);
        let day = day_ahead(office, 1)?;
        let (id, _) = visits(office, ANA, &day)?
            .into_iter()
            .next()
            .context("no visit")?;
        go_to_day(window, "team", &day, supervised(office, &day)?.len())?;
        let bar = format!("[data-testid=\"bar-{id}\"]");
        window.script("document.querySelector(arguments[0]).focus()", vec![json!(bar)])?;
        window.wait_for("reassign", true)?;
        window.press("r")?;
        window.wait_for(&format!("reassign-to-{BRUNO}"), true)?;
        // Tab to the choices, choose with the space bar, confirm with Enter.
        let script = "document.querySelector('[data-testid=reassign-dialog] input[type=radio]').focus()";
        window.script(script, vec![])?;
        eventually("Bruno to be chosen", || {
            window.press(" ")?;
            let chosen = window.script("return document.activeElement?.dataset.testid ?? null", vec![])?;
            ensure!(
                chosen == json!(format!("reassign-to-{BRUNO}")),
                "the focus is on {chosen}"
            );
            Ok(())
        })?;
        window.press("\u{e007}")?;
        let body = office_has(office, &id, "Bruno on the visit", |body| {
            body["assignee"] == json!(BRUNO)
        })?;
        let last = entries(&body, "history").last().context("no history")?;
        ensure!(
            last["by"] == json!("Marta Sosa") && last["what"] == json!("reassign"),
            "the history ends with {last}"
        );
        eventually("the bar to move to Bruno's line", || {
            let own = format!("[data-testid=\"inspector-{BRUNO}\"] {bar}");
            ensure!(count(window, &own)? == 1, "it is elsewhere");
            Ok(())
        })
    })
}

#[test]
fn c_mgr_03_a_visit_is_reassigned_by_dragging_it() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.marta.window, &town.office);
        let day = day_ahead(office, 2)?;
        let (id, _) = visits(office, ANA, &day)?
            .into_iter()
            .next()
            .context("no visit")?;
        go_to_day(window, "team", &day, supervised(office, &day)?.len())?;
        window.drag(&format!("bar-{id}"), &format!("inspector-{BRUNO}"))?;
        window.wait_for("reassign-dialog", true)?;
        let chosen = window.script(
            "return document.querySelector('[data-testid=reassign-dialog] input:checked')?.dataset.testid ?? null",
            vec![],
        )?;
        ensure!(
            chosen == json!(format!("reassign-to-{BRUNO}")),
            "after the drop {chosen} is chosen"
        );
        ensure!(
            office.body(&id)?["assignee"] == json!(ANA),
            "the drop alone gave the visit away"
        );
        window.click("confirm-reassign")?;
        office_has(office, &id, "Bruno on the visit", |body| {
            body["assignee"] == json!(BRUNO)
        })?;
        window.wait_for("reassign-dialog", false)?;
        Ok(())
    })
}

#[test]
fn c_mgr_13_and_c_dept_05_other_departments_are_neither_listed_nor_found() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.marta.window, &town.office);
        for kind in ["appointment", "permit"] {
            let index = if kind == "appointment" { "day" } else { "number" };
            let all = json!({ "kind": kind, "index": index, "from": "", "to": "~", "limit": 20000 });
            let held = window.call("list", all)?;
            let calendars: BTreeSet<&str> = held
                .as_array()
                .context("no list")?
                .iter()
                .filter_map(|row| row["body"]["calendar"].as_str())
                .collect();
            let supervised = BTreeSet::from(SUPERVISED);
            ensure!(
                calendars.is_subset(&supervised),
                "{kind} records of {calendars:?} are on the laptop"
            );
            ensure!(
                kind == "permit" || calendars == supervised,
                "visits are held of {calendars:?} only"
            );
        }
        for calendar in ["cal-fire", "cal-food"] {
            let (id, body) = visits_in(office, calendar, "%")?
                .into_iter()
                .next()
                .context("no visit")?;
            for name in ["address", "permit_number"] {
                for found in search(window, &words(&body, name))? {
                    let calendar = words(&office.body(&found)?, "calendar");
                    let is_own = SUPERVISED.contains(&calendar.as_str());
                    ensure!(is_own, "by {name} {found} of {calendar} is found");
                }
                window.press("\u{e00c}")?;
                window.wait_for("palette", false)?;
            }
            go(window, &format!("#/inspection/{id}"), "inspection")?;
            says(window, "main", "You cannot open this visit here")?;
            go(window, "#/sync", "sync")?;
        }
        Ok(())
    })
}

#[test]
fn c_mgr_14_each_inspectors_load_is_shown() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.marta.window, &town.office);
        let day = day_ahead(office, 3)?;
        go_to_day(window, "team", &day, supervised(office, &day)?.len())?;
        for (person, own) in loads(office, &day)? {
            let minute = |body: &Value, name: &str| body[name].as_u64().unwrap_or_default();
            let minutes: u64 = own
                .iter()
                .map(|body| minute(body, "to_minute") - minute(body, "from_minute"))
                .sum();
            let length = match (minutes / 60, minutes % 60) {
                (0, rest) => format!("{rest} min"),
                (hours, 0) => format!("{hours} h"),
                (hours, rest) => format!("{hours} h {rest} min"),
            };
            let shown = texts(window, &format!("[data-testid=\"inspector-{person}\"] .workload"))?.join("");
            let wanted = format!("{} visits, {length}", own.len());
            ensure!(
                shown.contains(&wanted),
                "{person} has {wanted}; the window says {shown}"
            );
            let confirmed = own
                .iter()
                .filter(|body| body["status"] == json!("confirmed"))
                .count();
            let counted = format!("{confirmed} confirmed");
            ensure!(
                confirmed == 0 || shown.contains(&counted),
                "{person} has {counted}; the window says {shown}"
            );
            let to_do = format!("0 done, {} to do", own.len());
            ensure!(
                shown.contains(&to_do),
                "{person} has {to_do}; the window says {shown}"
            );
        }
        Ok(())
    })
}

#[test]
fn c_mgr_20_what_cannot_be_reassigned_says_why() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.marta.window, &town.office);
        let sql = "SELECT id, body FROM record WHERE kind = 'appointment' AND json_extract(body, '$.assignee') = ?
             AND json_extract(body, '$.status') = 'completed' AND json_extract(body, '$.day') < ? ORDER BY id DESC LIMIT 1";
        let (done, body) = records(office, sql, &[&ANA, &today()])?
            .into_iter()
            .next()
            .context("nothing is completed")?;
        let day = words(&body, "day");
        go_to_day(window, "team", &day, supervised(office, &day)?.len())?;
        window.click(&format!("bar-{done}"))?;
        eventually("the button to be there and disabled", || {
            let disabled = window.attribute("reassign", "aria-disabled")?;
            ensure!(disabled.as_deref() == Some("true"), "it is {disabled:?}");
            Ok(())
        })?;
        says(
            window,
            "[data-testid=selected]",
            "This inspection is already completed",
        )?;

        let sql = "SELECT id, body FROM record WHERE kind = 'person' AND body LIKE '%cal-food%' LIMIT 1";
        let (stranger, _) = records(office, sql, &[])?
            .into_iter()
            .next()
            .context("nobody inspects food")?;
        let (open, _) = visits(office, ANA, &day_ahead(office, 3)?)?
            .into_iter()
            .next()
            .context("no visit")?;
        let input = json!({ "appointment": open, "to": stranger, "saw": ANA });
        let submitted = window.call(
            "submit",
            json!({ "command": { "name": "reassign", "input": input } }),
        );
        if submitted.is_ok() {
            // Somebody this laptop does not know: the office says it.
            go(window, "#/sync", "sync")?;
            says(window, "[data-testid=returned-list]", "only inspectors of")?;
            let id = attributes(window, "[data-testid^=\"dismiss-\"]", "data-testid")?
                .into_iter()
                .next();
            window.click(&id.context("nothing to dismiss")?)?;
        }
        ensure!(
            office.body(&open)?["assignee"] == json!(ANA),
            "the office gave the visit to {stranger}"
        );
        if let Err(error) = submitted {
            let said = error.to_string();
            ensure!(
                said.contains("C-MGR-20") || said.contains("not_held_here"),
                "it was refused with {said}"
            );
        }
        go_to_day(
            window,
            "team",
            &day_ahead(office, 3)?,
            supervised(office, &day_ahead(office, 3)?)?.len(),
        )?;
        window.click(&format!("bar-{open}"))?;
        window.click("reassign")?;
        window.wait_for(&format!("reassign-to-{BRUNO}"), true)?;
        let offered = attributes(window, "[data-testid=reassign-dialog] input", "data-testid")?;
        ensure!(
            offered == [format!("reassign-to-{BRUNO}")],
            "for a building visit of Ana's are offered {offered:?}"
        );
        Ok(())
    })
}
