//! What a supervisor does about the team's days: who is ill, what is asked for, what is blocked, what nobody has.

use crate::desk::{because, pick};
use crate::town::*;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::office::OfficeProcess;
use bailiwick_tests::window::Window;
use serde_json::{Value, json};

/// Inspects electrical work, which no other test here touches; so does Victoria.
const ROSARIO: &str = "person-rosario-fernandez";
const VICTORIA: &str = "person-victoria-cabrera";

fn day_of(office: &OfficeProcess, person: &str, which: usize) -> Result<String> {
    let days = later_days(office, person)?;
    days.into_iter().nth(which).context("too few days ahead")
}

/// The team's day in the window, with somebody's line drawn.
fn team(window: &Window, day: &str, person: &str) -> Result<()> {
    go(window, &format!("#/team/{day}"), "team")?;
    eventually("the day", || {
        let shown = window.attribute("day", "data-day")?;
        ensure!(shown.as_deref() == Some(day), "{shown:?} is shown");
        Ok(())
    })?;
    window.wait_for(&format!("lane-menu-{person}"), true)?;
    Ok(())
}

/// Calls off what Victoria has at the time of a visit, so that she could take it.
fn make_room(window: &Window, office: &OfficeProcess, day: &str, visit: &Value) -> Result<()> {
    let minute = |body: &Value, name: &str| body[name].as_u64().unwrap_or_default();
    let begins_before_end = |a: &Value, b: &Value| minute(a, "from_minute") < minute(b, "to_minute");
    for (id, other) in visits(office, VICTORIA, day)? {
        if begins_before_end(visit, &other) && begins_before_end(&other, visit) {
            let input = json!({ "appointment": id, "because": "Makes room." });
            let command = json!({ "name": "cancel_appointment", "input": input });
            window.call("submit", json!({ "command": command }))?;
            office_has(office, &id, "room", |body| body["status"] == json!("cancelled"))?;
        }
    }
    Ok(())
}

#[test]
fn c_mgr_05_and_c_mgr_20_an_ill_inspectors_visits_are_moved() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.marta.window, &town.office);
        let day = day_of(office, ROSARIO, 0)?;
        let theirs = visits(office, ROSARIO, &day)?;
        let (_, first) = theirs.first().context("no visit")?;
        make_room(window, office, &day, first)?;
        let menu = format!("lane-menu-{ROSARIO}");
        team(window, &day, ROSARIO)?;
        pick(window, &menu, "mark_unavailable")?;
        window.click("absence-illness")?;
        window.click("confirm-unavailable")?;
        let body = office_has(office, ROSARIO, "the absence", |body| {
            entries(body, "absences").len() == 1
        })?;
        let absence = &entries(&body, "absences")[0];
        ensure!(
            absence["from_day"] == json!(day)
                && absence["until_day"] == json!(day)
                && absence["reason"] == json!("illness"),
            "the office has {absence}"
        );

        window.wait_for("confirm-move", true)?;
        let listed = attributes(window, "[data-testid=move-dialog] li", "data-testid")?;
        let wanted: Vec<String> = theirs.iter().map(|(id, _)| format!("move-{id}")).collect();
        ensure!(
            listed == wanted,
            "the office has {wanted:?}, listed are {listed:?}"
        );
        let takable: Vec<String> = attributes(
            window,
            "[data-testid^=\"taker-\"]:not([data-takers=\"0\"])",
            "data-testid",
        )?
        .iter()
        .filter_map(|id| id.strip_prefix("taker-").map(str::to_owned))
        .collect();
        ensure!(!takable.is_empty(), "nobody could take any");
        let why = texts(window, ".move-nobody")?;
        ensure!(
            why.len() == theirs.len() - takable.len(),
            "for some nobody can, and it does not say why"
        );
        for why in &why {
            ensure!(
                why.contains("Victoria Cabrera") && why.contains("Taken from"),
                "nobody can, because: {why}"
            );
        }
        window.click("confirm-move")?;
        eventually("the visits to be moved", || {
            let stage = window.attribute("move-progress", "data-stage")?;
            ensure!(stage.as_deref() == Some("over"), "it is {stage:?}");
            Ok(())
        })?;
        says(
            window,
            "[data-testid=move-progress]",
            &format!("{0} of {0} given away", takable.len()),
        )?;
        for (id, _) in &theirs {
            let to = if takable.contains(id) { VICTORIA } else { ROSARIO };
            office_has(office, id, &format!("{to} on the visit"), |body| {
                body["assignee"] == json!(to)
            })?;
        }
        window.click("close-move")?;

        let lane = format!("[data-testid=\"inspector-{ROSARIO}\"] .hatched");
        says(window, &lane, "Unavailable: illness")?;
        let back = format!("mark_available-{}", words(absence, "id"));
        pick(window, &menu, &back)?;
        office_has(office, ROSARIO, "no absence", |body| {
            entries(body, "absences").is_empty()
        })?;
        eventually("the line to be free again", || {
            ensure!(count(window, &lane)? == 0, "it is still hatched");
            Ok(())
        })
    })
}

#[test]
fn c_mgr_05_moving_visits_can_be_left_and_taken_up_again() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.marta.window, &town.office);
        let day = day_of(office, ROSARIO, 2)?;
        let theirs = visits(office, ROSARIO, &day)?;
        let (_, first) = theirs.first().context("no visit")?;
        make_room(window, office, &day, first)?;
        let menu = format!("lane-menu-{ROSARIO}");
        team(window, &day, ROSARIO)?;
        pick(window, &menu, "mark_unavailable")?;
        window.click("absence-leave")?;
        window.click("confirm-unavailable")?;
        window.wait_for("confirm-move", true)?;
        window.click("close-move")?;
        window.wait_for("move-dialog", false)?;
        for (id, _) in &theirs {
            ensure!(
                office.body(id)?["assignee"] == json!(ROSARIO),
                "{id} was moved unasked"
            );
        }
        pick(window, &menu, "move_visits")?;
        window.wait_for("confirm-move", true)?;
        // All but the first stay.
        let takable = attributes(window, "[data-testid^=\"taker-\"]", "data-testid")?;
        let stay = "for (const one of [...document.querySelectorAll('[data-testid^=\"taker-\"]')].slice(1)) {
            Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(one, '');
            one.dispatchEvent(new Event('change', { bubbles: true })); }";
        window.script(stay, vec![])?;
        says(window, "[data-testid=confirm-move]", "Move 1 visit")?;
        window.click("confirm-move")?;
        let first = takable[0].trim_start_matches("taker-").to_owned();
        office_has(office, &first, "Victoria on the visit", |body| {
            body["assignee"] == json!(VICTORIA)
        })?;
        says(window, "[data-testid=move-progress]", "1 of 1 given away")?;
        window.click("close-move")?;
        for id in takable[1..].iter().map(|id| id.trim_start_matches("taker-")) {
            ensure!(office.body(id)?["assignee"] == json!(ROSARIO), "{id} was moved");
        }
        Ok(())
    })
}

#[test]
fn c_mgr_04_a_request_is_declined() -> Result<()> {
    shared(|town| {
        let office = &town.office;
        let day = day_of(office, ANA, 2)?;
        let (id, before) = visits(office, ANA, &day)?
            .into_iter()
            .last()
            .context("no visit")?;
        let window = &town.ana.window;
        open_visit(window, office, &id)?;
        window.click("request-reassignment")?;
        window.click("reason-equipment")?;
        window.fill("request-text", "The ladder is broken.")?;
        window.click("confirm-request")?;
        window.wait_for("request-dialog", false)?;
        office_has(office, &id, "the request", |body| {
            body["status"] == json!("require_reassignment")
        })?;

        let window = &town.marta.window;
        window.click("nav-team")?;
        window.wait_for(&format!("request-decline-{id}"), true)?;
        window.click(&format!("request-decline-{id}"))?;
        because(window, "Take the one from the depot.")?;
        let body = office_has(office, &id, "the request declined", |body| {
            body["request"].is_null()
        })?;
        ensure!(
            body["status"] == before["status"] && body["assignee"] == json!(ANA),
            "the visit stands at {} with {}",
            body["status"],
            body["assignee"]
        );
        window.wait_for(&format!("request-{id}"), false)?;
        let window = &town.ana.window;
        says(window, "[data-testid=history]", "Declined the reassignment")?;
        says(window, "[data-testid=history]", "Take the one from the depot.")?;
        Ok(())
    })
}

/// Chooses from a list, as its person would.
fn choose(window: &Window, id: &str, value: &str) -> Result<()> {
    window.wait_for(id, true)?;
    let script = "const list = document.querySelector(arguments[0]);
        Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(list, arguments[1]);
        list.dispatchEvent(new Event('change', { bubbles: true }));
        return list.value";
    let chosen = window.script(
        script,
        vec![json!(format!("[data-testid=\"{id}\"]")), json!(value)],
    )?;
    ensure!(chosen == json!(value), "{id} does not offer {value}");
    Ok(())
}

#[test]
fn c_mgr_08_a_blocked_time_is_shown_stands_against_bookings_and_is_lifted() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.marta.window, &town.office);
        let day = day_of(office, ROSARIO, 3)?;
        let (visit, _) = visits(office, ROSARIO, &day)?
            .into_iter()
            .last()
            .context("no visit")?;
        team(window, &day, ROSARIO)?;
        window.click("block-time")?;
        choose(window, "block-calendar", "cal-electrical")?;
        choose(window, "block-person", ROSARIO)?;
        window.click("block-hours")?;
        choose(window, "block-from", "540")?;
        choose(window, "block-to", "720")?;
        window.click("confirm-block")?;
        says(window, "[data-testid=block-dialog]", "the reason, in words")?;
        window.fill("because", "Appears in court")?;
        window.click("confirm-block")?;
        window.wait_for("block-dialog", false)?;
        let sql = "SELECT id, body FROM record WHERE kind = 'block' AND json_extract(body, '$.person') = ?";
        let mut blocks = Vec::new();
        eventually("the block at the office", || {
            blocks = records(office, sql, &[&ROSARIO])?;
            ensure!(blocks.len() == 1, "it has {blocks:?}");
            Ok(())
        })?;
        let (block, body) = &blocks[0];
        ensure!(
            body["person"] == json!(ROSARIO)
                && body["from_minute"] == json!(540)
                && body["to_minute"] == json!(720),
            "the office has {body}"
        );
        let lane = format!("[data-testid=\"inspector-{ROSARIO}\"] .hatched");
        says(window, &lane, "Blocked: Appears in court")?;
        let line = format!("[data-testid=\"block-{block}\"]");
        for wanted in ["Rosario Fernández", "09:00–12:00", "Appears in court"] {
            says(window, &line, wanted)?;
        }

        open_visit(window, office, &visit)?;
        pick(window, "more", "reschedule")?;
        choose(window, "reschedule-minute", "600")?;
        window.fill("because", "The applicant asks for it.")?;
        window.click("confirm-reschedule")?;
        let dialog = "[data-testid=reschedule-dialog]";
        for wanted in [
            "The inspector is not available at that time",
            "09:00 to 12:00: Appears in court",
            "C-MGR-08",
        ] {
            says(window, dialog, wanted)?;
        }
        window.press("\u{e00c}")?;
        window.wait_for("reschedule-dialog", false)?;

        team(window, &day, ROSARIO)?;
        window.click(&format!("lift-{block}"))?;
        office_has(office, block, "the block lifted", |body| {
            body["lifted"] == json!(true)
        })?;
        window.wait_for(&format!("block-{block}"), false)?;
        eventually("the line to be free again", || {
            ensure!(count(window, &lane)? == 0, "it is still hatched");
            Ok(())
        })
    })
}

#[test]
fn c_mgr_16_visits_of_somebody_who_is_not_there_are_listed_until_somebody_has_them() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.marta.window, &town.office);
        let day = day_of(office, ROSARIO, 1)?;
        let theirs = visits(office, ROSARIO, &day)?;
        team(window, &day, ROSARIO)?;
        ensure!(!window.has("gaps")?, "there are gaps before anybody is away");
        pick(window, &format!("lane-menu-{ROSARIO}"), "mark_unavailable")?;
        window.click("absence-training")?;
        window.click("confirm-unavailable")?;
        window.click("close-move")?;
        let counts = |wanted: usize| {
            eventually(&format!("{wanted} gaps"), || {
                let listed = window.attribute("gaps", "data-count")?;
                ensure!(listed == Some(wanted.to_string()), "{listed:?} are counted");
                Ok(())
            })
        };
        counts(theirs.len())?;
        let (first, _) = theirs.first().context("no visit")?;
        says(
            window,
            &format!("[data-testid=\"gap-{first}\"]"),
            "Rosario Fernández is unavailable: training",
        )?;
        window.click(&format!("gap-reassign-{first}"))?;
        window.click(&format!("reassign-to-{VICTORIA}"))?;
        window.click("confirm-reassign")?;
        office_has(office, first, "Victoria on the visit", |body| {
            body["assignee"] == json!(VICTORIA)
        })?;
        counts(theirs.len() - 1)?;
        ensure!(
            !window.has(&format!("gap-{first}"))?,
            "what Victoria has is still listed"
        );
        Ok(())
    })
}
