//! A laptop's clock is its own: it says when something was done there, and how long it may work alone. The office's decides.

use crate::town::*;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::office::PASSWORD;
use serde_json::json;

const HOUR: i64 = 60 * 60 * 1000;

#[test]
fn x_05_a_laptop_that_was_alone_too_long_is_closed_until_the_office_lets_it_in_again() -> Result<()> {
    let office = office("lease")?;
    let ana = Laptop::of("lease", &office, "ana")?;
    let (id, body) = first_visit(&office)?;
    ana.offline()?;
    open_visit(&ana.window, &office, &id)?;
    ana.window.fill("note-text", "Written on the first day.")?;
    ana.window.click("add-note")?;
    ana.waits(1)?;

    // Within three days it opens by itself.
    let ana = ana.with_clock("+2d")?;
    ana.window.wait_for("status-line", true)?;
    ana.waits(1)?;
    let ana = ana.with_clock("+4d")?;
    let window = &ana.window;
    window.wait_for_screen("lease")?;
    says(window, "main h1", "Closed until you connect")?;
    says(
        window,
        "[data-testid=lease-waiting]",
        "1 change is waiting to be sent.",
    )?;
    let shown = texts(window, "body")?.join("");
    for hidden in ["Written on the first day.", &words(&body, "address")] {
        ensure!(
            !shown.contains(hidden),
            "the closed window shows `{hidden}`: {shown}"
        );
    }
    for (command, args) in [("outbox", json!({})), ("sheet", json!({ "id": id }))] {
        let answer = window.call(command, args);
        ensure!(
            answer.is_err(),
            "the closed window still answers {command} with {answer:?}"
        );
    }

    // The office lets it in, and what was done arrives.
    ana.wire.mend();
    window.fill("password", PASSWORD)?;
    window.click("sign-in")?;
    window.wait_for("status-line", true)?;
    ana.waits(0)?;
    note_arrives(&office, &id, "Written on the first day.")?;
    Ok(())
}

#[test]
fn x_11_the_history_says_when_it_was_done_on_the_laptop_and_when_it_came_to_the_office() -> Result<()> {
    let office = office("late")?;
    let ana = Laptop::new("late", &office)?.with_clock("-2h")?;
    ana.sign_in("ana")?;
    let window = &ana.window;
    ana.offline()?;
    let (id, _) = first_visit(&office)?;
    open_visit(window, &office, &id)?;
    window.fill("note-text", "By a clock two hours behind.")?;
    window.click("add-note")?;
    ana.waits(1)?;
    ana.online()?;
    let body = office_has(&office, &id, "the note", |body| entries(body, "notes").len() == 1)?;
    let history = entries(&body, "history");
    let event = history.last().context("no history")?;
    let time = |name: &str| event[name].as_i64().with_context(|| format!("no {name}"));
    let (came, done) = (time("at")?, time("claimed_at")?);
    ensure!(
        (came - done - 2 * HOUR).abs() < HOUR / 2,
        "done at {done}, and it came at {came}"
    );
    open_visit(window, &office, &id)?;
    let said = |at: i64| clock(&json!(domain::time::local(at, "America/Montevideo").1));
    for wanted in [said(came), format!("done {}", said(done))] {
        says(window, "[data-testid=history] li", &wanted)?;
    }
    Ok(())
}
