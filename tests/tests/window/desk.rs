//! What is done with a visit besides inspecting it: put off, called off, locked, corrected, inspected again.

use crate::town::*;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::office::OfficeProcess;
use bailiwick_tests::window::Window;
use serde_json::{Value, json};

/// Opens a menu and picks one of its entries.
pub fn pick(window: &Window, menu: &str, entry: &str) -> Result<()> {
    window.click(menu)?;
    window.wait_for(&format!("menu-{entry}"), true)?;
    window.click(&format!("menu-{entry}"))
}

/// Gives the reason a dialog asks for.
pub fn because(window: &Window, reason: &str) -> Result<()> {
    window.fill("because", reason)?;
    window.click("confirm-reason")?;
    window.wait_for("reason-dialog", false)?;
    Ok(())
}

/// A visit of Ana's, by day and by its place in the order. Each test here has its own.
fn anas(office: &OfficeProcess, day: &str, place: usize) -> Result<(String, Value)> {
    visits(office, ANA, day)?
        .into_iter()
        .nth(place)
        .with_context(|| format!("Ana has no visit {place} on {day}"))
}

fn ahead(office: &OfficeProcess, which: usize) -> Result<String> {
    let days = later_days(office, ANA)?;
    days.into_iter().nth(which).context("too few days ahead")
}

/// A completed visit in Marta's calendars that failed, by its place in the order.
pub fn failed(office: &OfficeProcess, place: usize) -> Result<(String, Value)> {
    let sql = "SELECT v.id, v.body FROM record v JOIN record p ON p.id = json_extract(v.body, '$.permit')
         WHERE v.kind = 'appointment' AND json_extract(v.body, '$.calendar') = 'cal-building'
           AND json_extract(v.body, '$.result.overall') = 'failed' AND json_extract(v.body, '$.status') = 'completed'
           AND json_extract(p.body, '$.status') = 'issued' AND json_extract(p.body, '$.fee_paid')
           AND v.body LIKE '%\"answer\":\"fail\"%' ORDER BY v.id";
    let found = records(office, sql, &[])?.into_iter().nth(place);
    found.context("too few visits failed")
}

fn last(body: &Value) -> &Value {
    entries(body, "history").last().unwrap_or(&Value::Null)
}

#[test]
fn c_ins_05_no_show() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.ana.window, &town.office);
        let (id, _) = anas(office, &today(), 3)?;
        open_visit(window, office, &id)?;
        pick(window, "more", "mark_no_show")?;
        window.wait_for("reason-dialog", true)?;
        window.click("confirm-reason")?;
        says(window, "[data-testid=reason-dialog]", "the reason, in words")?;
        because(window, "Rang twice, waited a quarter of an hour.")?;
        let body = office_has(office, &id, "the no show", |body| {
            body["status"] == json!("no_show")
        })?;
        ensure!(
            body["called_off"]["because"] == json!("Rang twice, waited a quarter of an hour."),
            "the office keeps {}",
            body["called_off"]
        );
        says(window, "[data-testid=status]", "No show")?;
        says(window, "[data-testid=called-off]", "Rang twice")?;
        says(window, "[data-testid=history]", "Nobody was there")?;
        Ok(())
    })
}

#[test]
fn c_ins_up2_and_c_mgr_07_who_was_not_let_in_is_given_a_new_date() -> Result<()> {
    shared(|town| {
        let office = &town.office;
        let (id, _) = anas(office, &today(), 4)?;
        let window = &town.ana.window;
        open_visit(window, office, &id)?;
        pick(window, "more", "mark_access_refused")?;
        because(window, "The watchman would not open.")?;
        office_has(office, &id, "the access refused", |body| {
            body["status"] == json!("require_reschedule")
        })?;
        says(window, "[data-testid=called-off]", "The watchman would not open.")?;

        let window = &town.marta.window;
        eventually("the new date to be asked for at Marta's", || {
            let sheet = town.marta.window.call("sheet", json!({ "id": id }))?;
            ensure!(
                sheet["row"]["body"]["status"] == json!("require_reschedule"),
                "{sheet}"
            );
            Ok(())
        })?;
        open_visit(window, office, &id)?;
        pick(window, "more", "reschedule")?;
        window.wait_for("reschedule-dialog", true)?;
        window.click("next-day")?;
        window.click("next-day")?;
        window.fill("because", "Agreed with the owner by telephone.")?;
        window.click("confirm-reschedule")?;
        let overlaps = || {
            Ok::<_, anyhow::Error>(
                texts(window, "[data-testid=confirm-reschedule]")?
                    .join("")
                    .contains("despite"),
            )
        };
        eventually("the time to be taken, or an overlap to be named", || {
            ensure!(!window.has("reschedule-dialog")? || overlaps()?, "neither");
            Ok(())
        })?;
        if overlaps()? {
            window.click("confirm-reschedule")?;
        }
        window.wait_for("reschedule-dialog", false)?;
        let body = office_has(office, &id, "the new date", |body| {
            body["status"] == json!("scheduled") && words(body, "day") > today()
        })?;
        ensure!(body["called_off"].is_null(), "it is still called off");
        says(window, "[data-testid=history]", "Rescheduled")?;
        Ok(())
    })
}

#[test]
fn c_ins_20_a_locked_visit_says_who_locked_it_and_why() -> Result<()> {
    shared(|town| {
        let office = &town.office;
        let (id, _) = anas(office, &today(), 5)?;
        let window = &town.marta.window;
        open_visit(window, office, &id)?;
        pick(window, "more", "lock_appointment")?;
        because(window, "The owner has gone to court.")?;
        office_has(office, &id, "the lock", |body| {
            body["lock"]["because"] == json!("The owner has gone to court.")
        })?;

        let window = &town.ana.window;
        open_visit(window, office, &id)?;
        let banner = "[data-testid=lock-banner]";
        for wanted in [
            "Locked by Marta Sosa",
            "The owner has gone to court.",
            "Only a manager",
        ] {
            says(window, banner, wanted)?;
        }
        eventually("the inspection not to be started", || {
            let disabled = window.attribute("start", "aria-disabled")?;
            ensure!(disabled.as_deref() == Some("true"), "it can be started");
            Ok(())
        })?;
        window.click("start")?;
        window.wait_for("denial", true)?;
        let denial = window.text("denial")?;
        for wanted in [
            "A manager has locked this inspection",
            "Marta Sosa",
            "The owner has gone to court.",
            "a manager of",
            "C-INS-20",
        ] {
            ensure!(
                denial.contains(wanted),
                "the denial does not say `{wanted}`: {denial}"
            );
        }
        window.press("\u{e00c}")?;
        window.wait_for("denial", false)?;
        ensure!(
            office.body(&id)?["status"] != json!("in_progress"),
            "it was started all the same"
        );

        let window = &town.marta.window;
        pick(window, "more", "unlock_appointment")?;
        because(window, "Settled.")?;
        let body = office_has(office, &id, "no lock", |body| body["lock"].is_null())?;
        ensure!(
            last(&body)["what"] == json!("unlock_appointment"),
            "the history ends with {}",
            last(&body)
        );
        let window = &town.ana.window;
        window.wait_for("lock-banner", false)?;
        eventually("the inspection to be offered again", || {
            ensure!(window.attribute("start", "aria-disabled")?.is_none(), "it is not");
            Ok(())
        })
    })
}

#[test]
fn c_ins_18_and_x_10_more_says_why_not_and_leaves_out_what_is_never_an_inspectors() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.ana.window, &town.office);
        let (id, _) = anas(office, &ahead(office, 1)?, 3)?;
        open_visit(window, office, &id)?;
        window.click("more")?;
        window.wait_for("menu-mark_no_show", true)?;
        let offered = attributes(window, "[role=menuitem]", "data-command")?;
        ensure!(
            offered == ["confirm_appointment", "mark_no_show", "mark_access_refused"],
            "the menu of an inspector is {offered:?}"
        );
        says(
            window,
            "[data-testid=menu-mark_no_show]",
            "on the day of the visit, and not before",
        )?;
        window.click("menu-mark_no_show")?;
        window.wait_for("denial", true)?;
        let denial = window.text("denial")?;
        ensure!(
            denial.contains("The visit is on") && denial.contains("C-INS-UP2"),
            "the denial says {denial}"
        );
        Ok(())
    })
}

#[test]
fn c_ins_05_and_c_mgr_07_a_visit_is_confirmed_and_called_off() -> Result<()> {
    shared(|town| {
        let office = &town.office;
        let day = ahead(office, 0)?;
        let scheduled = visits(office, ANA, &day)?
            .into_iter()
            .skip(1)
            .find(|(_, body)| body["status"] == json!("scheduled"));
        let (id, _) = scheduled.context("nothing is scheduled")?;
        let window = &town.ana.window;
        open_visit(window, office, &id)?;
        pick(window, "more", "confirm_appointment")?;
        office_has(office, &id, "the visit confirmed", |body| {
            body["status"] == json!("confirmed")
        })?;
        says(window, "[data-testid=status]", "Confirmed")?;

        let window = &town.marta.window;
        open_visit(window, office, &id)?;
        says(window, "[data-testid=status]", "Confirmed")?;
        pick(window, "more", "cancel_appointment")?;
        because(window, "The works have stopped.")?;
        let body = office_has(office, &id, "the visit cancelled", |body| {
            body["status"] == json!("cancelled")
        })?;
        ensure!(
            body["called_off"]["by"] == json!("Marta Sosa"),
            "it is called off by {}",
            body["called_off"]
        );
        says(window, "[data-testid=called-off]", "The works have stopped.")?;
        Ok(())
    })
}

#[test]
fn c_mgr_07_a_corrected_result_keeps_what_it_was() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.marta.window, &town.office);
        let (id, _) = failed(office, 0)?;
        open_visit(window, office, &id)?;
        pick(window, "more", "correct_result")?;
        window.wait_for("correct-dialog", true)?;
        window.click("correct-passed_with_conditions")?;
        window.fill("correct-summary", "The rail is to be fixed within a week.")?;
        window.fill("because", "The wrong box was ticked.")?;
        window.click("confirm-correct")?;
        window.wait_for("correct-dialog", false)?;
        let body = office_has(office, &id, "the correction", |body| {
            body["result"]["overall"] == json!("passed_with_conditions")
        })?;
        let changes = entries(last(&body), "changes");
        let overall = json!({ "field": "overall", "from": "failed", "to": "passed with conditions" });
        ensure!(changes.contains(&overall), "the history keeps {changes:?}");
        let history = "[data-testid=history]";
        says(window, history, "Corrected the result")?;
        says(window, history, "Overall: from failed to passed with conditions")?;
        says(window, history, "The wrong box was ticked.")?;
        Ok(())
    })
}

#[test]
fn c_ins_up2_what_failed_is_inspected_again() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.marta.window, &town.office);
        let (id, before) = failed(office, 1)?;
        open_visit(window, office, &id)?;
        pick(window, "more", "book_reinspection")?;
        window.wait_for("reinspection-dialog", true)?;
        window.click("confirm-reinspection")?;
        let body = office_has(office, &id, "the re-inspection", |body| {
            !body["reinspection"].is_null()
        })?;
        let next = words(&body, "reinspection");
        window.wait_for("reinspects", true)?;
        let again = office.body(&next)?;
        ensure!(
            again["reinspects"] == json!(id),
            "it re-inspects {}",
            again["reinspects"]
        );
        let failed: Vec<&String> = before["findings"]
            .as_object()
            .context("no findings")?
            .iter()
            .filter(|(_, finding)| finding["answer"] == json!("fail"))
            .map(|(key, _)| key)
            .collect();
        ensure!(!failed.is_empty(), "nothing had failed");
        for key in failed {
            says(
                window,
                &format!("[data-testid=\"item-{key}\"]"),
                "Found before: Fail",
            )?;
        }
        window.click("reinspects")?;
        window.wait_for("reinspection", true)?;
        Ok(())
    })
}
