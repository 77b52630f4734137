//! Who is at the window: locking, unlocking, switching, signing out.

use crate::town::*;
use anyhow::{Result, ensure};
use bailiwick_tests::office::PASSWORD;
use bailiwick_tests::window::Window;
use serde_json::json;

fn menu(window: &Window, item: &str) -> Result<()> {
    window.click("user-menu")?;
    window.click(item)
}

#[test]
fn a_locked_window_opens_offline_with_the_right_password_only() -> Result<()> {
    let office = office("lock")?;
    let ana = Laptop::of("lock", &office, "ana")?;
    let (id, _) = first_visit(&office)?;
    ana.offline()?;
    open_visit(&ana.window, &office, &id)?;
    ana.window.fill("note-text", "Waits behind the lock.")?;
    ana.window.click("add-note")?;
    ana.waits(1)?;
    ana.window.press_with_control("l")?;
    ana.window.wait_for_screen("lock")?;
    ensure!(
        ana.window.text("locked-person")? == "Ana Ruiz",
        "locked by {}",
        ana.window.text("locked-person")?
    );
    for (command, args) in [
        ("outbox", json!({})),
        ("holdings", json!({})),
        ("sheet", json!({ "id": id })),
    ] {
        let answer = ana.window.call(command, args);
        ensure!(
            answer.is_err(),
            "the locked window answers {command} with {answer:?}"
        );
    }

    // It stays locked when the application is opened again.
    let ana = ana.after_a_power_cut()?;
    let window = &ana.window;
    window.wait_for_screen("lock")?;
    window.fill("password", "not the password")?;
    window.click("unlock")?;
    says(window, "[data-testid=problem]", "The password is not right.")?;
    ensure!(
        window.screen()?.as_deref() == Some("lock"),
        "the wrong password opened it"
    );
    window.fill("password", PASSWORD)?;
    window.click("unlock")?;
    window.wait_for("status-line", true)?;
    ana.waits(1)?;
    open_visit(window, &office, &id)?;
    says(window, ".notes", "Waits behind the lock.")?;
    ana.online()?;
    office_has(&office, &id, "the note", |body| entries(body, "notes").len() == 1)?;
    Ok(())
}

#[test]
fn switching_user_shows_each_their_own_and_leaves_unsent_work_in_place() -> Result<()> {
    let office = office("switch")?;
    let laptop = Laptop::of("switch", &office, "ana")?;
    let window = &laptop.window;
    let (anas, _) = first_visit(&office)?;
    let brunos = visits(&office, BRUNO, &today())?;
    laptop.offline()?;
    open_visit(window, &office, &anas)?;
    window.fill("note-text", "Ana's, before Bruno came.")?;
    window.click("add-note")?;
    laptop.waits(1)?;

    menu(window, "switch-user")?;
    window.wait_for_screen("lock")?;
    window.click("switch-user")?;
    window.wait_for_screen("sign-in")?;
    laptop.wire.mend();
    laptop.sign_in("bruno")?;
    ensure!(
        window.text("person-name")? == "Bruno Silva",
        "the window is {}'s",
        window.text("person-name")?
    );
    go_to_day(window, "today", &today(), brunos.len())?;
    let all = json!({ "kind": "appointment", "index": "day", "from": "", "to": "~", "limit": 20000 });
    let held = json!({ "rows": window.call("list", all)? });
    let strangers = entries(&held, "rows")
        .iter()
        .filter(|row| row["body"]["assignee"] != json!(BRUNO))
        .count();
    ensure!(
        strangers == 0,
        "{strangers} visits of others are in Bruno's window"
    );
    ensure!(
        window.call("outbox", json!({}))? == json!([]),
        "Bruno sees what Ana has not sent"
    );
    ensure!(
        window.call("sheet", json!({ "id": anas }))?.is_null(),
        "Bruno opens Ana's visit"
    );
    ensure!(
        office.body(&anas)?["notes"].is_null(),
        "Ana's note was sent while Bruno was there"
    );

    window.click("lock")?;
    window.wait_for_screen("lock")?;
    window.click("switch-user")?;
    window.wait_for_screen("sign-in")?;
    window.click("account-ana")?;
    window.fill("password", PASSWORD)?;
    window.click("sign-in")?;
    window.wait_for_screen("today")?;
    let body = office_has(&office, &anas, "Ana's note", |body| {
        entries(body, "notes").len() == 1
    })?;
    ensure!(
        body["notes"][0]["by"] == json!("Ana Ruiz"),
        "the note is by {}",
        body["notes"][0]["by"]
    );
    Ok(())
}

#[test]
fn signing_out_names_what_is_unsent_and_then_erases_everything() -> Result<()> {
    let office = office("sign-out")?;
    let ana = Laptop::of("sign-out", &office, "ana")?;
    let window = &ana.window;
    let (id, _) = first_visit(&office)?;
    ana.offline()?;
    open_visit(window, &office, &id)?;
    window.fill("note-text", "Never sent.")?;
    window.click("add-note")?;
    window.choose_file("photo-file", "door.png", "image/png", PHOTO)?;
    ana.waits(2)?;
    menu(window, "sign-out")?;
    window.wait_for("unsent", true)?;
    let said = window.text("unsent")?;
    ensure!(
        said.contains("2 changes") && said.contains("1 photo"),
        "what is unsent is named as: {said}"
    );
    window.click("confirm-sign-out")?;
    says(
        window,
        "[data-testid=problem]",
        "2 changes are waiting to be sent, 1 photo is waiting to be sent",
    )?;
    ensure!(
        ana.files_of(ANA).join("outbox.db").exists(),
        "the files were removed without being asked twice"
    );
    window.click("discard-and-sign-out")?;
    window.wait_for_screen("sign-in")?;
    ensure!(
        !ana.files_of(ANA).exists(),
        "the files of the person are still there"
    );
    ensure!(
        !window.has("account-ana")?,
        "the laptop still names who was there"
    );

    // The next sign-in fetches everything again, and the unsent note is gone for good.
    ana.wire.mend();
    ana.sign_in("ana")?;
    go_to_day(window, "today", &today(), visits(&office, ANA, &today())?.len())?;
    ensure!(
        office.body(&id)?["notes"].is_null(),
        "the discarded note reached the office"
    );
    let signed_in: i64 = office.look(
        "SELECT count(*) FROM sign_in WHERE username = 'ana' AND outcome = 'signed_in'",
        &[],
    )?;
    ensure!(signed_in == 2, "the office notes {signed_in} sign-ins");
    Ok(())
}
