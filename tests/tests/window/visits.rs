//! What an inspector does with a visit, and what is refused, witnessed at the office.

use crate::town::*;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::office::OfficeProcess;
use bailiwick_tests::window::Window;
use serde_json::{Value, json};

/// A visit of Ana's today, by its place in the order. Each test here has its own.
fn todays(office: &OfficeProcess, place: usize) -> Result<(String, Value)> {
    visits(office, ANA, &today())?
        .into_iter()
        .nth(place)
        .with_context(|| format!("Ana has no visit {place} today"))
}

/// Answers every line of the checklist, and waits until each is saved.
pub fn answer_everything(window: &Window, items: &[Value]) -> Result<()> {
    for item in items {
        let id = format!("item-{}", words(item, "key"));
        window.click(&format!("{id}-pass"))?;
        eventually(&format!("{id} to be answered"), || {
            let answer = window.attribute(&id, "data-answer")?;
            ensure!(answer.as_deref() == Some("pass"), "it is {answer:?}");
            Ok(())
        })?;
    }
    Ok(())
}

#[test]
fn c_ins_05_and_c_ins_06_and_c_ins_07_status_note_and_photo_reach_the_office() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.ana.window, &town.office);
        let (id, _) = todays(office, 0)?;
        open_visit(window, office, &id)?;
        window.click("start")?;
        office_has(office, &id, "the visit in progress", |body| {
            body["status"] == json!("in_progress")
        })?;
        says(window, "[data-testid=status]", "In progress")?;
        window.fill("note-text", "Rear stair is blocked by scaffolding.")?;
        window.click("add-note")?;
        let is_noted = |body: &Value| {
            entries(body, "notes")
                .iter()
                .any(|note| note["text"] == json!("Rear stair is blocked by scaffolding."))
        };
        let body = office_has(office, &id, "the note", is_noted)?;
        ensure!(
            body["notes"][0]["by"] == json!("Ana Ruiz"),
            "the note is by {}",
            body["notes"][0]["by"]
        );
        says(window, ".notes", "Rear stair is blocked by scaffolding.")?;
        window.choose_file("photo-file", "stair.png", "image/png", PHOTO)?;
        let body = office_has(office, &id, "the photo", |body| {
            entries(body, "photos").len() == 1
        })?;
        let hash = words(&body["photos"][0], "hash");
        eventually("the photo's bytes at the office", || {
            let kept: i64 = office.look("SELECT count(*) FROM photo WHERE hash = ?", &[&hash])?;
            ensure!(kept == 1, "the office keeps {kept} of it");
            Ok(())
        })?;
        eventually("the photo in the window", || {
            let pending = window.attribute(&format!("photo-{hash}"), "data-pending")?;
            let shown = window.attribute(&format!("photo-{hash}"), "data-shown")?;
            ensure!(pending.as_deref() == Some("false"), "it is pending: {pending:?}");
            ensure!(shown.as_deref() == Some("true"), "it is not shown: {shown:?}");
            Ok(())
        })
    })
}

#[test]
fn c_ins_18_each_status_offers_what_can_follow() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.ana.window, &town.office);
        let (id, body) = todays(office, 1)?;
        let offered =
            |button: &str| Ok::<_, anyhow::Error>(window.attribute(button, "aria-disabled")?.is_none());
        open_visit(window, office, &id)?;
        ensure!(
            offered("start")? && !offered("record-result")?,
            "a visit to come offers other than to start it"
        );
        window.click("start")?;
        says(window, "[data-testid=status]", "In progress")?;
        eventually("a visit under way not to be started again", || {
            ensure!(!offered("start")?, "it can be started again");
            Ok(())
        })?;
        ensure!(
            !offered("record-result")?,
            "a result is taken before the checklist is answered"
        );
        answer_everything(window, &checklist(office, &body)?)?;
        eventually("a result to be offered", || {
            ensure!(offered("record-result")?, "it is not");
            Ok(())
        })?;
        window.click("record-result")?;
        for overall in ["passed", "passed_with_conditions", "failed"] {
            window.wait_for(&format!("overall-{overall}"), true)?;
        }
        Ok(())
    })
}

#[test]
fn c_ins_11_reassigning_is_nowhere_offered_to_an_inspector() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.ana.window, &town.office);
        // The last of her days, which no other test changes.
        let day = later_days(office, ANA)?.pop().context("no later day")?;
        let (id, _) = visits(office, ANA, &day)?.pop().context("no visit")?;
        open_visit(window, office, &id)?;
        let offered = attributes(window, "[data-command]", "data-command")?;
        ensure!(
            !offered.iter().any(|command| command == "reassign"),
            "the visit offers {offered:?}"
        );
        window.script("document.activeElement?.blur()", vec![])?;
        window.press("r")?;
        ensure!(!window.has("reassign-dialog")?, "R opens the dialog");
        window.press_with_control("k")?;
        window.fill("search", "reassign")?;
        window.wait_for("command-request_reassignment", true)?;
        ensure!(!window.has("command-reassign")?, "the palette offers to reassign");
        let reassign = json!({ "name": "reassign", "input": { "appointment": id, "to": BRUNO, "saw": ANA } });
        let refused = window
            .call("submit", json!({ "command": reassign }))
            .err()
            .context("the laptop took it")?;
        let said = refused.to_string();
        ensure!(
            said.contains("C-MX-10") && said.contains("not_granted"),
            "it was refused with {said}"
        );
        ensure!(
            office.body(&id)?["assignee"] == json!(ANA),
            "the office has given the visit away"
        );
        Ok(())
    })
}

#[test]
fn c_ins_20_a_completed_visit_says_since_when_it_cannot_be_changed() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.ana.window, &town.office);
        let (id, body) = todays(office, 2)?;
        open_visit(window, office, &id)?;
        window.click("start")?;
        says(window, "[data-testid=status]", "In progress")?;
        answer_everything(window, &checklist(office, &body)?)?;
        window.click("record-result")?;
        window.click("overall-passed")?;
        window.fill("summary", "Nothing to remark.")?;
        window.click("confirm-result")?;
        let done = office_has(office, &id, "the result", |body| {
            body["status"] == json!("completed")
        })?;
        ensure!(
            done["result"]["overall"] == json!("passed"),
            "the office has the result {}",
            done["result"]
        );
        says(window, "[data-testid=status]", "Completed")?;
        for button in ["start", "record-result", "request-reassignment"] {
            let disabled = window.attribute(button, "aria-disabled")?;
            ensure!(
                disabled.as_deref() == Some("true"),
                "{button} can still be pressed"
            );
        }
        let reasons = texts(window, ".offer-reason")?;
        let wanted = "This inspection is already completed";
        ensure!(
            reasons.iter().any(|reason| reason.contains(wanted)),
            "the reasons are {reasons:?}"
        );
        window.click("start")?;
        window.wait_for("denial", true)?;
        let at = done["completed_at"].as_i64().context("no time of completion")?;
        let (day, minute) = domain::time::local(at, "America/Montevideo");
        let denial = window.text("denial")?;
        let time = clock(&json!(minute));
        ensure!(
            denial.contains("Completed") && denial.contains(&time),
            "completed {day} {time}, and it says: {denial}"
        );
        ensure!(denial.contains("C-INS-20"), "the rule is not named: {denial}");
        Ok(())
    })
}

#[test]
fn c_ins_08_and_c_mgr_04_and_c_mgr_15_a_request_reaches_the_supervisor_who_settles_it() -> Result<()> {
    shared(|town| {
        let office = &town.office;
        let day = later_days(office, ANA)?
            .into_iter()
            .next()
            .context("no later day")?;
        let (id, _) = visits(office, ANA, &day)?
            .into_iter()
            .next()
            .context("no visit")?;
        let window = &town.ana.window;
        open_visit(window, office, &id)?;
        window.click("request-reassignment")?;
        window.click("reason-conflict")?;
        window.fill("request-text", "The owner is my cousin.")?;
        window.click("confirm-request")?;
        window.wait_for("request-dialog", false)?;
        let body = office_has(office, &id, "the request", |body| {
            body["status"] == json!("require_reassignment")
        })?;
        ensure!(
            body["assignee"] == json!(ANA),
            "the request alone gave the visit away"
        );
        says(window, "[data-testid=status]", "Reassignment asked for")?;

        let window = &town.marta.window;
        window.click("nav-team")?;
        window.wait_for(&format!("request-{id}"), true)?;
        let request = window.text(&format!("request-{id}"))?;
        for wanted in [
            "Conflict of interest",
            "The owner is my cousin.",
            "Ana Ruiz",
            &words(&body, "address"),
        ] {
            ensure!(
                request.contains(wanted),
                "the request does not say `{wanted}`: {request}"
            );
        }
        window.click(&format!("request-reassign-{id}"))?;
        window.click(&format!("reassign-to-{BRUNO}"))?;
        window.click("confirm-reassign")?;
        let body = office_has(office, &id, "Bruno on the visit", |body| {
            body["assignee"] == json!(BRUNO)
        })?;
        ensure!(
            body["request"].is_null(),
            "the request is still open: {}",
            body["request"]
        );
        window.wait_for(&format!("request-{id}"), false)?;
        eventually("the visit to leave Ana's laptop", || {
            let sheet = town.ana.window.call("sheet", json!({ "id": id }))?;
            ensure!(sheet.is_null(), "it is still there");
            Ok(())
        })
    })
}

#[test]
fn c_ins_22_and_x_10_a_request_after_the_cutoff_is_refused_naming_it() -> Result<()> {
    let yesterday = today()
        .parse::<chrono::NaiveDate>()?
        .pred_opt()
        .context("no yesterday")?
        .to_string();
    let office = office_of("cutoff", &yesterday)?;
    let ana = Laptop::of("cutoff", &office, "ana")?;
    let window = &ana.window;
    let late = visits(&office, ANA, &yesterday)?
        .into_iter()
        .find(|(_, body)| body["status"] == json!("confirmed"));
    let (late, _) = late.context("nothing was left open yesterday")?;
    open_visit(window, &office, &late)?;
    let disabled = window.attribute("request-reassignment", "aria-disabled")?;
    ensure!(
        disabled.as_deref() == Some("true"),
        "the request is offered after the cutoff"
    );
    window.click("request-reassignment")?;
    window.wait_for("denial", true)?;
    let denial = window.text("denial")?;
    for wanted in [
        "until 08:00 on its day",
        &format!("{yesterday} 08:00"),
        "C-INS-22",
        "manager",
    ] {
        ensure!(
            denial.contains(wanted),
            "the denial does not say `{wanted}`: {denial}"
        );
    }
    let input = json!({ "appointment": late, "reason": "illness", "text": "" });
    let command = json!({ "command": { "name": "request_reassignment", "input": input } });
    let refused = window
        .call("submit", command)
        .err()
        .context("the laptop took it")?
        .to_string();
    ensure!(refused.contains("cutoff_passed"), "it was refused with {refused}");

    window.press("\u{e00c}")?;
    let day = later_days(&office, ANA)?
        .into_iter()
        .next()
        .context("no later day")?;
    let (early, _) = visits(&office, ANA, &day)?
        .into_iter()
        .next()
        .context("no visit")?;
    open_visit(window, &office, &early)?;
    let disabled = window.attribute("request-reassignment", "aria-disabled")?;
    ensure!(disabled.is_none(), "before the cutoff the request is not offered");
    Ok(())
}
