//! What the office does not take comes back to its author, whole and with the reason.

use crate::desk::{because, pick};
use crate::town::*;
use crate::visits::answer_everything;
use anyhow::{Context as _, Result, ensure};
use serde_json::json;

#[test]
fn x_06_work_of_a_withdrawn_role_comes_back_with_the_reason_and_can_be_copied() -> Result<()> {
    let office = office("withdrawn")?;
    let ana = Laptop::of("withdrawn", &office, "ana")?;
    let window = &ana.window;
    let (id, body) = first_visit(&office)?;
    ana.offline()?;
    open_visit(window, &office, &id)?;
    window.click("start")?;
    window.fill("note-text", "The north gate is chained; ask at number 12.")?;
    window.click("add-note")?;
    ana.waits(2)?;
    let withdraw = [
        "grant",
        "withdraw",
        "ana",
        "inspections.inspector",
        "calendar/cal-building",
    ];
    office.administrator(&withdraw)?;
    ana.online()?;
    eventually("both changes to come back", || {
        let returned = window.attribute("returned-list", "data-count")?;
        ensure!(returned.as_deref() == Some("2"), "{returned:?} came back");
        Ok(())
    })?;
    ana.waits(0)?;
    let returned = window.text("returned-list")?;
    for wanted in [
        "The north gate is chained; ask at number 12.",
        "Start inspection",
        "What you entered",
    ] {
        ensure!(
            returned.contains(wanted),
            "what came back does not say `{wanted}`: {returned}"
        );
    }
    let reasons = texts(window, ".returned-why")?;
    ensure!(
        reasons.len() == 2 && reasons.iter().all(|reason| !reason.is_empty()),
        "the reasons are {reasons:?}"
    );

    // What it covered is gone, and the window says so.
    window.wait_for("forgotten", true)?;
    let said = window.text("forgotten")?;
    ensure!(
        said.contains("Inspections assigned to you in Building inspections"),
        "the banner says: {said}"
    );
    let all = json!({ "kind": "appointment", "index": "day", "from": "", "to": "~", "limit": 10 });
    ensure!(
        window.call("list", all)? == json!([]),
        "visits are left on the laptop"
    );
    let found = window.call(
        "search",
        json!({ "text": words(&body, "permit_number"), "limit": 10 }),
    )?;
    ensure!(found == json!([]), "the search still finds {found}");
    says(window, "[data-testid=receipts]", "Gone")?;
    let taken = office.body(&id)?;
    ensure!(
        taken["started_at"].is_null() && entries(&taken, "notes").is_empty(),
        "the office took it: {taken}"
    );

    // What was typed can be carried elsewhere.
    let note =
        "[...document.querySelectorAll('.returned')].find((one) => one.textContent.includes('north gate'))";
    let copy = format!("{note}.querySelectorAll('.buttons button')[1].dataset.testid = 'copy-note'");
    window.script(&copy, vec![])?;
    window.click("copy-note")?;
    says(window, "[data-testid=toast]", "Copied.")?;
    window.press_with_control("k")?;
    window.wait_for("search", true)?;
    window.press_with_control("v")?;
    eventually("the copied text to be pasted", || {
        let pasted = window.script(
            "return document.querySelector('[data-testid=search]').value",
            vec![],
        )?;
        ensure!(
            pasted
                .as_str()
                .is_some_and(|text| text.contains("The north gate is chained")),
            "pasted: {pasted}"
        );
        Ok(())
    })?;
    window.press("\u{e00c}")?;
    window.wait_for("palette", false)?;

    // It stays until its author dismisses it.
    let ana = ana.after_a_power_cut()?;
    let window = &ana.window;
    go(window, "#/sync", "sync")?;
    says(
        window,
        "[data-testid=returned-list]",
        "The north gate is chained; ask at number 12.",
    )?;
    for left in ["1", "0"] {
        let dismiss = attributes(window, "[data-testid^=\"dismiss-\"]", "data-testid")?;
        window.click(dismiss.first().context("nothing to dismiss")?)?;
        eventually("what was dismissed to be gone", || {
            let returned = window.attribute("returned-list", "data-count")?;
            ensure!(returned.as_deref() == Some(left), "{returned:?} are left");
            Ok(())
        })?;
    }
    Ok(())
}

#[test]
fn x_02_the_office_refuses_what_the_laptop_could_not_know_in_the_words_the_laptop_has_once_it_knows()
-> Result<()> {
    let office = office("words")?;
    let (ana, marta) = (
        Laptop::of("words-ana", &office, "ana")?,
        Laptop::of("words-marta", &office, "marta")?,
    );
    let (id, _) = first_visit(&office)?;
    ana.offline()?;
    open_visit(&ana.window, &office, &id)?;
    ana.window.click("start")?;
    ana.waits(1)?;
    open_visit(&marta.window, &office, &id)?;
    pick(&marta.window, "more", "lock_appointment")?;
    because(&marta.window, "The owner has gone to court.")?;
    office_has(&office, &id, "the lock", |body| !body["lock"].is_null())?;
    ana.online()?;
    eventually("the change to come back", || {
        let returned = ana.window.attribute("returned-list", "data-count")?;
        ensure!(returned.as_deref() == Some("1"), "{returned:?} came back");
        Ok(())
    })?;
    let returned = ana.window.call("returned", json!({}))?;
    let by_the_office = &returned[0]["denial"];
    ensure!(by_the_office["rule"] == json!("C-INS-20"), "it says {returned}");
    let mut by_the_laptop = json!(null);
    eventually("the laptop to hold the lock", || {
        let sheet = ana.window.call("sheet", json!({ "id": id }))?;
        let offers = entries(&sheet, "affordances");
        let start = offers
            .iter()
            .find(|offer| offer["command"] == json!("start_inspection"));
        by_the_laptop = start.map(|offer| offer["denial"].clone()).unwrap_or_default();
        ensure!(!by_the_laptop.is_null(), "it is offered: {start:?}");
        Ok(())
    })?;
    ensure!(
        by_the_laptop == *by_the_office,
        "the laptop says {by_the_laptop} and the office {by_the_office}"
    );
    Ok(())
}

#[test]
fn x_08_a_line_changed_by_two_goes_to_review_with_both_values() -> Result<()> {
    let office = office("contested")?;
    let ana = Laptop::of("contested-ana", &office, "ana")?;
    let marta = Laptop::of("contested-marta", &office, "marta")?;
    let (id, body) = first_visit(&office)?;
    let items = checklist(&office, &body)?;
    let line = |at: usize| {
        Ok::<_, anyhow::Error>(format!(
            "item-{}",
            words(items.get(at).context("no such line")?, "key")
        ))
    };
    open_visit(&ana.window, &office, &id)?;
    ana.window.click("start")?;
    office_has(&office, &id, "the visit in progress", |body| {
        body["status"] == json!("in_progress")
    })?;

    // Both are away, and answer the same line; and each another one.
    open_visit(&marta.window, &office, &id)?;
    says(&marta.window, "[data-testid=status]", "In progress")?;
    ana.offline()?;
    marta.offline()?;
    ana.window.click(&format!("{}-fail", line(0)?))?;
    ana.waits(1)?;
    ana.window.click(&format!("{}-pass", line(1)?))?;
    ana.waits(2)?;
    marta.window.click(&format!("{}-pass", line(0)?))?;
    marta.waits(1)?;
    marta.window.click(&format!("{}-na", line(2)?))?;
    marta.waits(2)?;
    marta.online()?;
    let key = |at: usize| Ok::<_, anyhow::Error>(words(items.get(at).context("no such line")?, "key"));
    let (first, second, third) = (key(0)?, key(1)?, key(2)?);
    let answer = |body: &serde_json::Value, key: &str| body["findings"][key]["answer"].clone();
    office_has(&office, &id, "Marta's answers", |body| {
        answer(body, &first) == json!("pass")
    })?;

    ana.online()?;
    let window = &ana.window;
    eventually("the contested line to come back", || {
        let tray = window.attribute("tray", "data-count")?;
        ensure!(tray.as_deref() == Some("1"), "{tray:?} came back");
        Ok(())
    })?;
    let tray = window.text("tray")?;
    ensure!(
        tray.contains("Two people changed the same thing") && tray.contains(&words(&items[0], "text")),
        "it says: {tray}"
    );
    let sides = texts(window, ".sides > div")?;
    let (day, minute) = domain::time::local(chrono::Utc::now().timestamp_millis(), "America/Montevideo");
    let hour = format!("{:02}:", minute / 60);
    ensure!(sides.len() == 2, "on {day} there are not two sides: {sides:?}");
    ensure!(
        sides[0].starts_with("Yours, ") && sides[0].ends_with("fail"),
        "my side says {}",
        sides[0]
    );
    ensure!(
        sides[1].starts_with("Marta Sosa’s, ") && sides[1].ends_with("pass"),
        "the other side says {}",
        sides[1]
    );
    ensure!(
        sides.iter().any(|side| side.contains(&hour)) || minute % 60 < 2,
        "the sides have no times: {sides:?}"
    );
    // What only one of them changed was merged, and nobody's answer was overwritten.
    let merged = office_has(&office, &id, "both other lines", |body| {
        answer(body, &second) == json!("pass") && answer(body, &third) == json!("not_applicable")
    })?;
    ensure!(
        answer(&merged, &first) == json!("pass"),
        "the later answer overwrote the earlier: {}",
        merged["findings"]
    );

    // Marta sees the same; Ana enters what both can live with, and that decision is kept.
    go(&marta.window, "#/sync", "sync")?;
    says(&marta.window, "[data-testid=tray]", "Use Ana Ruiz’s")?;
    window.passes_axe()?;
    let edit = attributes(window, "[data-testid^=\"edit-returned\"]", "data-testid")?
        .into_iter()
        .next();
    window.click(&edit.context("nothing to decide")?)?;
    window.wait_for("edit-finding", true)?;
    window.click("edit-not_applicable")?;
    window.fill("edit-observation", "There is no such door any more.")?;
    window.passes_axe()?;
    window.click("confirm-edit")?;
    office_has(&office, &id, "a third answer", |body| {
        answer(body, &first) == json!("not_applicable")
    })?;
    for window in [window, &marta.window] {
        window.wait_for("tray", false)?;
        says(window, "[data-testid=decided]", "A third value, by Ana Ruiz")?;
    }
    open_visit(window, &office, &id)?;
    answer_everything(window, &items[3..])
}

#[test]
fn b_deact_02_an_account_switched_off_closes_the_window_and_keeps_what_is_unsent() -> Result<()> {
    let office = office("off")?;
    let ana = Laptop::of("off", &office, "ana")?;
    let window = &ana.window;
    let (id, _) = first_visit(&office)?;
    ana.offline()?;
    open_visit(window, &office, &id)?;
    window.fill("note-text", "Unsent when the account ended.")?;
    window.click("add-note")?;
    ana.waits(1)?;
    office.administrator(&["user", "off", "ana"])?;
    ana.wire.mend();
    // The window may find the network by itself, and close before anybody asks it to.
    go(window, "#/sync", "sync").or_else(|_| window.wait_for_screen("lease").map(|_| ()))?;
    window.script(
        "document.querySelector('[data-testid=sync-now]')?.click()",
        vec![],
    )?;
    window.wait_for_screen("lease")?;
    for said in [
        "1 change was handed to your office.",
        "They count once you sign in",
    ] {
        says(window, "[data-testid=lease-waiting]", said)?;
    }
    let body = texts(window, "body")?.join("");
    ensure!(
        !body.contains("Unsent when the account ended."),
        "the closed window shows the note: {body}"
    );
    for (command, args) in [
        ("outbox", json!({})),
        ("holdings", json!({})),
        ("sheet", json!({ "id": id })),
    ] {
        let answer = window.call(command, args);
        ensure!(
            answer.is_err(),
            "the closed window still answers {command} with {answer:?}"
        );
    }
    window.fill("password", bailiwick_tests::office::PASSWORD)?;
    window.click("sign-in")?;
    eventually("the refusal of a sign-in", || {
        let said = texts(window, "[data-testid=problem]")?.join("");
        ensure!(said.contains("not right"), "it says: {said}");
        Ok(())
    })?;
    ensure!(window.screen()?.as_deref() == Some("lease"), "the window opened");
    Ok(())
}
