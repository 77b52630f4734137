//! What a person or a page can get wrong, and what the window says to it.

use crate::town::*;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::office::PASSWORD;
use bailiwick_tests::window::Window;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

/// Tries to sign in, and waits for the problem that is shown.
fn refused(window: &Window, server: &str, password: &str, wanted: &str) -> Result<()> {
    window.sign_in(server, "ana", password)?;
    eventually(&format!("the sign-in at {server} to say `{wanted}`"), || {
        let said = texts(window, "[data-testid=problem]")?.join("");
        ensure!(said.contains(wanted), "it says `{said}`");
        Ok(())
    })?;
    ensure!(
        window.screen()?.as_deref() == Some("sign-in"),
        "the window opened"
    );
    Ok(())
}

/// Answers every request with a web page, as the sign-on page of a guest network does.
fn web_page() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let page = "<html><body>Welcome to the guest network</body></html>";
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}",
                page.len()
            );
        }
    });
    Ok(address)
}

#[test]
fn a_sign_in_that_cannot_be_says_why() -> Result<()> {
    let office = office("wrong")?;
    let laptop = Laptop::new("wrong", &office)?;
    let window = &laptop.window;
    refused(window, &laptop.wire.address(), "not the password", "password")?;
    let emptied = window.script(
        "return document.querySelector('[data-testid=password]').value",
        vec![],
    )?;
    ensure!(emptied == json!(""), "the wrong password is still in the field");
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.local_addr()?.port()
    };
    refused(
        window,
        &format!("http://127.0.0.1:{nobody}"),
        PASSWORD,
        "The office cannot be reached",
    )?;
    refused(
        window,
        &web_page()?,
        PASSWORD,
        "What answered is not a Bailiwick office",
    )?;
    refused(
        window,
        "http://office.example",
        PASSWORD,
        "must begin with https://",
    )?;
    refused(
        window,
        "the office",
        PASSWORD,
        "accepted is something like https://office.example",
    )?;
    let failed: i64 = office.look("SELECT count(*) FROM sign_in WHERE outcome = 'signed_in'", &[])?;
    ensure!(failed == 0, "the office let somebody in");
    laptop.sign_in("ana")
}

#[test]
fn the_native_side_refuses_what_it_does_not_know() -> Result<()> {
    shared(|town| {
        let window = &town.ana.window;
        let (id, _) = visits(&town.office, ANA, &today())?
            .into_iter()
            .next()
            .context("no visit")?;
        let list = json!({ "kind": "appointment", "index": "day", "from": "", "to": "~", "limit": 1 });
        let with = |mut args: Value, name: &str, value: Value| {
            args[name] = value;
            args
        };
        let note = |input: Value| json!({ "command": { "name": "add_note", "input": input } });
        let rejected = [
            ("list", with(list.clone(), "where", json!("1=1"))),
            ("list", with(list.clone(), "kind", json!("sqlite_master"))),
            ("list", with(list.clone(), "limit", json!(-1))),
            ("list", json!({ "kind": "appointment" })),
            ("sheet", json!({ "id": id, "as": "person-marta-sosa" })),
            ("sheet", json!({ "id": "../../outbox.db" })),
            ("search", json!({ "text": "a", "limit": 1, "person": BRUNO })),
            (
                "submit",
                json!({ "command": { "name": "drop_everything", "input": {} } }),
            ),
            (
                "submit",
                note(json!({ "appointment": id, "note": "note-x", "text": "x", "by": "Marta Sosa" })),
            ),
            (
                "submit",
                note(json!({ "appointment": id, "note": "note-x", "text": "" })),
            ),
            ("undo", json!({ "id": "'; DELETE FROM entry; --" })),
            ("photo", json!({ "hash": "a", "path": "outbox.db" })),
            ("no_such_command", json!({})),
        ];
        for (command, args) in rejected {
            let answer = window.call(command, args.clone());
            ensure!(
                answer.is_err(),
                "{command} with {args} was answered with {answer:?}"
            );
        }
        ensure!(
            window.call("outbox", json!({}))? == json!([]),
            "something was queued"
        );
        ensure!(
            window.call("list", list)?.as_array().map(Vec::len) == Some(1),
            "a proper question is not answered"
        );
        Ok(())
    })
}

#[test]
fn a_file_that_is_no_image_is_refused_and_not_queued() -> Result<()> {
    shared(|town| {
        let window = &town.ana.window;
        let (id, _) = visits(&town.office, ANA, &today())?
            .into_iter()
            .next_back()
            .context("no visit")?;
        open_visit(window, &town.office, &id)?;
        let before = town.office.body(&id)?;
        // Neither text that calls itself a picture, nor the mere beginning of one, nor a few bytes that say they are 400
        // million pixels, nor more than a photo may have.
        let flood =
            "iVBORw0KGgoAAAANSUhEUgAATiAAAE4gCAAAAADGGxnlAAAACUlEQVR42mMAAAABAAGxDbaTAAAAAElFTkSuQmCC";
        let nine_megabytes = STANDARD.encode(vec![0xff; 9 * 1024 * 1024]);
        for (name, base64, sentence) in [
            ("notes.png", "bm90IGFuIGltYWdl", "not a JPEG, PNG or WebP image"),
            (
                "half.png",
                "iVBORw0KGgoAAAANSUhEUgAAAAE=",
                "damaged or was cut off",
            ),
            ("flood.png", flood, "too many pixels"),
            ("huge.jpg", &nine_megabytes, "larger than 8 MiB"),
        ] {
            window.script(
                "document.querySelector('[data-testid=problem]')?.remove()",
                vec![],
            )?;
            window.choose_file("photo-file", name, "image/png", base64)?;
            says(window, "[data-testid=problem]", &format!("{name}: "))?;
            says(window, "[data-testid=problem]", sentence)?;
            fresh(window)?;
            open_visit(window, &town.office, &id)?;
        }
        ensure!(
            window.call("outbox", json!({}))? == json!([]),
            "something was queued"
        );
        ensure!(
            entries(&town.office.body(&id)?, "photos").len() == entries(&before, "photos").len(),
            "a photo arrived"
        );
        Ok(())
    })
}

#[test]
fn search_finds_a_visit_by_address_permit_and_establishment() -> Result<()> {
    shared(|town| {
        let office = &town.office;
        let laptop = Laptop::of("search", office, "irene")?;
        let window = &laptop.window;
        let sql = "SELECT id FROM record WHERE kind = 'appointment'
             AND json_extract(body, '$.calendar') = 'cal-food'
             AND coalesce(json_extract(body, '$.establishment'), '') <> '' ORDER BY id LIMIT 1";
        let id: String = office.look(sql, &[]).context("no visit has an establishment")?;
        let body = office.body(&id)?;
        for name in ["address", "permit_number", "establishment"] {
            let found = search(window, &words(&body, name))?;
            ensure!(found.contains(&id), "by its {name} are found {found:?}");
            window.click(&format!("search-result-{id}"))?;
            window.wait_for_screen("inspection")?;
            says(window, "main h1", &words(&body, "address"))?;
            says(window, ".particulars", &words(&body, "permit_number"))?;
            go(window, "#/sync", "sync")?;
        }
        let found = search(window, "Zzyzx 9999")?;
        ensure!(found.is_empty(), "what is nowhere is found: {found:?}");
        says(
            window,
            "[data-testid=palette] [role=status]",
            "Nothing on this laptop matches",
        )
    })
}
