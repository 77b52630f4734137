//! Work without a connection: what waits, what can be taken back, and how it arrives.

use crate::town::*;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::office::OfficeProcess;
use bailiwick_tests::wait::until;
use serde_json::json;

fn commands_of(office: &OfficeProcess, person: &str) -> Result<i64> {
    office.look("SELECT count(*) FROM command WHERE person = ?", &[&person])
}

#[test]
fn x_03_and_x_09_work_done_offline_arrives_once_and_in_order() -> Result<()> {
    let office = office("offline")?;
    let ana = Laptop::of("offline", &office, "ana")?;
    let window = &ana.window;
    let all = json!({ "kind": "appointment", "index": "day", "from": "", "to": "~", "limit": 20000 });
    let held = window.call("list", all)?;
    let strangers = entries(&json!({ "rows": held }), "rows")
        .iter()
        .filter(|row| row["body"]["assignee"] != json!(ANA))
        .count();
    ensure!(strangers == 0, "{strangers} visits of others are on the laptop");
    let hidden = held.to_string().contains("contact_email");
    ensure!(!hidden, "the laptop holds applicants' e-mail addresses");

    ana.offline()?;
    let (id, body) = first_visit(&office)?;
    go_to_day(window, "today", &today(), visits(&office, ANA, &today())?.len())?;
    window.click(&format!("visit-{id}"))?;
    window.wait_for_screen("inspection")?;
    window.click("start")?;
    says(window, "[data-testid=status]", "In progress")?;
    let first = words(&checklist(&office, &body)?[0], "key");
    window.click(&format!("item-{first}-pass"))?;
    window.fill("note-text", "First of two notes.")?;
    window.click("add-note")?;
    ana.waits(3)?;
    window.fill("note-text", "Second of two notes.")?;
    window.click("add-note")?;
    ana.waits(4)?;
    says(window, "[data-testid=status]", "In progress")?;
    says(window, ".chips", "Waiting to send")?;
    ensure!(
        commands_of(&office, ANA)? == 0,
        "something reached the office through a cut wire"
    );
    go(window, "#/sync", "sync")?;
    let wanted = [
        "Start the inspection",
        "Checklist",
        "Add a note: First",
        "Add a note: Second",
    ];
    eventually("all that waits, in its order", || {
        let waiting = texts(window, "[data-testid=waiting-list] li strong")?;
        let in_order = waiting
            .iter()
            .zip(wanted)
            .all(|(line, wanted)| line.starts_with(wanted));
        ensure!(waiting.len() == 4 && in_order, "waiting: {waiting:?}");
        Ok(())
    })?;

    ana.online()?;
    ana.waits(0)?;
    let body = office_has(&office, &id, "both notes", |body| {
        entries(body, "notes").len() == 2
    })?;
    let notes: Vec<String> = entries(&body, "notes")
        .iter()
        .map(|note| words(note, "text"))
        .collect();
    ensure!(
        notes == ["First of two notes.", "Second of two notes."],
        "the notes arrived as {notes:?}"
    );
    let done: Vec<String> = entries(&body, "history")
        .iter()
        .map(|event| words(event, "what"))
        .collect();
    ensure!(
        done.first().is_some_and(|what| what == "start_inspection"),
        "the history begins otherwise: {done:?}"
    );
    ensure!(
        done.iter().filter(|what| *what == "start_inspection").count() == 1,
        "it was started twice: {done:?}"
    );
    ensure!(
        body["findings"][&first]["answer"] == json!("pass"),
        "the answer arrived as {}",
        body["findings"]
    );
    ensure!(
        commands_of(&office, ANA)? == 4,
        "the office has {} commands",
        commands_of(&office, ANA)?
    );
    window.wait_for("returned-list", true)?;
    ensure!(
        window.attribute("returned-list", "data-count")?.as_deref() == Some("0"),
        "something came back"
    );
    Ok(())
}

#[test]
fn x_04_offline_nothing_can_be_queued_that_would_be_refused() -> Result<()> {
    let office = office("refused")?;
    let ana = Laptop::of("refused", &office, "ana")?;
    let window = &ana.window;
    ana.offline()?;
    let sql = "SELECT id FROM record WHERE kind = 'appointment' AND json_extract(body, '$.assignee') = ?
         AND json_extract(body, '$.status') = 'completed' ORDER BY id DESC LIMIT 1";
    let done: String = office.look(sql, &[&ANA])?;
    open_visit(window, &office, &done)?;
    for button in ["start", "record-result", "request-reassignment"] {
        let disabled = window.attribute(button, "aria-disabled")?;
        ensure!(
            disabled.as_deref() == Some("true"),
            "{button} is offered on a completed visit"
        );
    }
    let (open, _) = first_visit(&office)?;
    let (theirs, _) = visits(&office, BRUNO, &today())?
        .into_iter()
        .next()
        .context("no visit")?;
    let refused = [
        (
            "start_inspection",
            json!({ "appointment": done }),
            "already_completed",
        ),
        ("start_inspection", json!({ "appointment": theirs }), "not_found"),
        (
            "reassign",
            json!({ "appointment": open, "to": BRUNO, "saw": ANA }),
            "not_granted",
        ),
        (
            "record_result",
            json!({ "appointment": open, "overall": "passed", "summary": "" }),
            "wrong_state",
        ),
    ];
    for (name, input, code) in refused {
        let command = json!({ "command": { "name": name, "input": input } });
        let answer = window
            .call("submit", command)
            .err()
            .with_context(|| format!("{name} was queued"))?
            .to_string();
        ensure!(
            answer.contains("denied") || answer.contains(code),
            "{name} was answered with {answer}"
        );
        let is_ours = answer.contains(code) || (code == "not_found" && answer.contains("not_held_here"));
        ensure!(is_ours, "{name} was not refused as {code}: {answer}");
    }
    let waiting = window.call("outbox", json!({}))?;
    ensure!(waiting == json!([]), "there waits {waiting}");
    ana.waits(0)
}

#[test]
fn x_13_the_status_line_says_where_things_stand() -> Result<()> {
    let office = office("status")?;
    let ana = Laptop::of("status", &office, "ana")?;
    let window = &ana.window;
    ana.says_online(true)?;
    let status = window.call("status", json!({}))?;
    let time = |name: &str| {
        let at = status[name].as_i64().with_context(|| format!("no {name}"))?;
        Ok::<_, anyhow::Error>(clock(&json!(domain::time::local(at, "America/Montevideo").1)))
    };
    let (synced, rights) = (time("last_sync")?, time("rights_as_of")?);
    let said = window.text("status-line")?;
    for wanted in [
        "Online",
        "everything sent",
        "last synced ",
        &synced,
        &format!("permissions as of {rights}"),
    ] {
        ensure!(
            said.contains(wanted),
            "the status line does not say `{wanted}`: {said}"
        );
    }
    ana.offline()?;
    let (id, _) = first_visit(&office)?;
    open_visit(window, &office, &id)?;
    window.click("start")?;
    ana.waits(1)?;
    let said = window.text("status-line")?;
    for wanted in [
        "Offline",
        "1 change waiting",
        "last synced ",
        "permissions as of ",
    ] {
        ensure!(
            said.contains(wanted),
            "the status line does not say `{wanted}`: {said}"
        );
    }
    // While the laptop is away its role ends: what was done comes back, and the line says so.
    let role = [
        "grant",
        "withdraw",
        "ana",
        "inspections.inspector",
        "calendar/cal-building",
    ];
    office.administrator(&role)?;
    ana.online()?;
    until("the status line to say that a change came back", PATIENCE, || {
        let said = window.text("status-line")?;
        ensure!(
            said.contains("1 change came back") && said.contains("Online"),
            "it says {said}"
        );
        Ok(Some(()))
    })?;
    Ok(())
}

#[test]
fn what_was_just_done_can_be_taken_back() -> Result<()> {
    let office = office("undo")?;
    let ana = Laptop::of("undo", &office, "ana")?;
    let window = &ana.window;
    ana.offline()?;
    let (id, body) = first_visit(&office)?;
    open_visit(window, &office, &id)?;
    window.click("start")?;
    ana.waits(1)?;
    window.wait_for("toast", true)?;
    window.click("undo")?;
    ana.waits(0)?;
    eventually("the visit to be as before", || {
        let chip = window.text("status")?.to_lowercase();
        ensure!(chip == words(&body, "status"), "it is shown as {chip}");
        Ok(())
    })?;
    says(window, "[data-testid=toast]", "Taken back.")?;

    // A note, taken back with the keyboard.
    window.fill("note-text", "Written by mistake.")?;
    window.click("add-note")?;
    ana.waits(1)?;
    window.script("document.activeElement?.blur()", vec![])?;
    window.press_with_control("z")?;
    ana.waits(0)?;
    ana.online()?;
    ana.synced()?;
    let body = office.body(&id)?;
    ensure!(
        entries(&body, "notes").is_empty() && body["started_at"].is_null(),
        "the office heard of it: {body}"
    );

    // What has been sent is changed back by its opposite, where it has one.
    open_visit(window, &office, &id)?;
    window.click("start")?;
    office_has(&office, &id, "the visit in progress", |body| {
        body["status"] == json!("in_progress")
    })?;
    says(window, "[data-testid=status]", "In progress")?;
    let first = words(&checklist(&office, &body)?[0], "key");
    window.click(&format!("item-{first}-fail"))?;
    office_has(&office, &id, "the answer", |body| {
        body["findings"][&first]["answer"] == json!("fail")
    })?;
    window.click("undo")?;
    office_has(&office, &id, "no answer", |body| {
        body["findings"][&first].is_null()
    })?;
    Ok(())
}

#[test]
fn a_power_cut_loses_nothing_and_asks_for_no_password() -> Result<()> {
    let office = office("power")?;
    let ana = Laptop::of("power", &office, "ana")?;
    ana.offline()?;
    let (id, _) = first_visit(&office)?;
    open_visit(&ana.window, &office, &id)?;
    ana.window
        .fill("note-text", "Typed just before the power went.")?;
    ana.window.click("add-note")?;
    ana.window
        .choose_file("photo-file", "meter.png", "image/png", PHOTO)?;
    ana.waits(2)?;

    let ana = ana.after_a_power_cut()?;
    ana.window.wait_for_screen("today")?;
    ana.waits(2)?;
    ana.says_online(false)?;
    open_visit(&ana.window, &office, &id)?;
    says(&ana.window, ".notes", "Typed just before the power went.")?;
    ana.online()?;
    let body = office_has(&office, &id, "note and photo", |body| {
        entries(body, "notes").len() == 1 && entries(body, "photos").len() == 1
    })?;
    let hash = words(&body["photos"][0], "hash");
    eventually("the photo's bytes at the office", || {
        let kept: i64 = office.look("SELECT count(*) FROM photo WHERE hash = ?", &[&hash])?;
        ensure!(kept == 1, "the office keeps {kept} of it");
        Ok(())
    })
}
