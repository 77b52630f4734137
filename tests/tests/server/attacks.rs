//! The attacks of the list that the office's doors must withstand.

use crate::caller::{Caller, Holding, envelope, fresh_id};
use crate::doing;
use crate::town::{PASSWORD, PEOPLE, PHOTO, PHOTO_OF_FIRE, Town, VISITS};
use anyhow::{Context as _, Result, ensure};
use policy::{Code, Denial, Kind};
use reqwest::Method;
use serde_json::{Value, json};
use sync::{Answer, Cursor, PullReply};

/// What must not have moved after an attack: the organization's number, and how many commands were answered.
fn standing(town: &Town) -> Result<(i64, i64)> {
    Ok((
        town.office.look("SELECT seq FROM org", &[])?,
        town.count("command")?,
    ))
}

#[test]
fn att_1_a_visit_answers_alike_by_pull_by_command_and_by_photo() -> Result<()> {
    let town = Town::open()?;
    for (person, _) in PEOPLE {
        let caller = town.person(person)?;
        let sees = caller.sees()?;
        for (visit, ..) in VISITS {
            let pulled = sees.body(visit);
            let command = caller.does(doing::reassign(visit, "nobody-of-that-name", Some("nobody")))?;
            let unseen = matches!(&command, Answer::Refused { denial } if denial.code == Code::NotFound);
            ensure!(
                unseen == pulled.is_none(),
                "{person}: {visit} is pulled or not, and a command says {command:?}"
            );
        }
        for (photo, visit) in [(PHOTO, "v-ana-done"), (PHOTO_OF_FIRE, "v-carla")] {
            let shown = sees
                .body(visit)
                .is_some_and(|body| body["photos"].to_string().contains(photo));
            for size in ["", "/thumbnail"] {
                let reply = caller.get(&format!("/api/photos/{photo}{size}"))?;
                ensure!(
                    reply.status == if shown { 200 } else { 404 },
                    "{person}: {photo}{size}: {}",
                    reply.said()
                );
            }
        }
    }
    Ok(())
}

#[test]
fn att_2_a_field_nobody_asked_for_is_refused_and_nothing_is_applied() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    let cursor = ana.control(&Holding::default())?.cursor;
    let before = standing(&town)?;
    let good = || json!(envelope(doing::note("v-ana", "n-good", "Should not be written")));
    let with = |command: Value, path: &[&str], value: Value| {
        let mut command = command;
        let mut at = &mut command;
        for name in path {
            at = &mut at[*name];
        }
        *at = value;
        command
    };
    let start = || json!(envelope(doing::start("v-ana")));
    let grant = || {
        json!(envelope(doing::grant(
            "g-new",
            "nadia",
            "manager",
            doing::whole_organization()
        )))
    };
    let book = || {
        json!(envelope(doing::book(
            "b-1",
            "p-ready",
            "type-building",
            crate::town::day(3),
            None
        )))
    };
    let pushes = [
        with(start(), &["person"], json!("laura")),
        with(start(), &["actor"], json!("laura")),
        with(start(), &["device"], json!("office")),
        with(start(), &["received_at"], json!(1)),
        with(start(), &["command", "at"], json!(1)),
        with(start(), &["command", "input", "status"], json!("completed")),
        with(start(), &["command", "input", "assignee"], json!("ana")),
        with(start(), &["command", "input", "revision"], json!(99)),
        with(good(), &["command", "input", "by"], json!("Laura")),
        with(good(), &["command", "input", "at"], json!(1)),
        with(grant(), &["command", "input", "granted_by"], json!("Laura")),
        with(grant(), &["command", "input", "withdrawn"], json!(null)),
        with(book(), &["command", "input", "applicant"], json!("ana")),
        with(book(), &["command", "input", "fee_paid"], json!(true)),
        with(start(), &["command", "name"], json!("delete_everything")),
    ];
    for attack in pushes {
        let reply = ana.push(&[good(), attack.clone(), good()])?;
        reply
            .is(400, "body_invalid")
            .with_context(|| attack.to_string())?;
    }
    ana.post("/api/sync/push", &json!({ "commands": [good()], "as": "laura" }))?
        .is(400, "body_invalid")?;
    ana.post("/api/sync/control", &json!({ "held": [], "grants": [] }))?
        .is(400, "body_invalid")?;
    let receipt = json!({ "views": [], "records": 0, "at": 0, "verified": true, "device": "another" });
    ana.post("/api/sync/control", &json!({ "held": [], "receipts": [receipt] }))?
        .is(400, "body_invalid")?;
    ana.post(
        "/api/sync/pull",
        &json!({ "cursor": cursor, "views": ["all#full"] }),
    )?
    .is(400, "body_invalid")?;
    let sign_in = json!({ "username": "ana", "password": PASSWORD, "device_name": "x", "is_active": true });
    town.guest()?
        .post("/api/sign-in", &sign_in)?
        .is(400, "body_invalid")?;
    ensure!(standing(&town)? == before, "something was applied");
    ensure!(town.visit("v-ana")?.notes.len() == 1);
    Ok(())
}

#[test]
fn att_3_the_reply_to_a_write_is_an_answer_and_nothing_more() -> Result<()> {
    let town = Town::open()?;
    let reply = town
        .person("ana")?
        .push(&[json!(envelope(doing::start("v-ana")))])?;
    let answers = reply.json()?;
    let mut fields: Vec<&String> = answers["answers"][0]
        .as_object()
        .context("an answer")?
        .keys()
        .collect();
    fields.sort();
    ensure!(fields == ["answer", "id"], "{answers}");
    let reply = town.person("laura")?.push(&[json!(envelope(doing::grant(
        "g-x",
        "nadia",
        "manager",
        doing::calendar("fire")
    )))])?;
    ensure!(
        reply.json()?["answers"][0]["answer"] == "taken",
        "{}",
        reply.said()
    );
    ensure!(
        reply.json()?["answers"][0]
            .as_object()
            .context("an answer")?
            .len()
            == 2
    );
    Ok(())
}

#[test]
fn att_4_and_c_guest_05_and_c_guest_07_whoever_is_not_signed_in_is_turned_away_at_every_door() -> Result<()> {
    let town = Town::open()?;
    let good = town.person("bruno")?;
    let revoked = town.person("ana")?;
    town.sql(
        "UPDATE device SET revoked_at = 1 WHERE id = ?",
        &[&revoked.device],
    )?;
    let expired = town.person("ana")?;
    let yesterday = chrono::Utc::now().timestamp_millis() - 86_400_000;
    town.sql(
        "UPDATE device SET expires_at = ? WHERE id = ?",
        &[&yesterday, &expired.device],
    )?;
    let off = town.person("hugo")?;
    town.office.administrator(&["user", "off", "hugo"])?;
    let callers = [
        ("credential_missing", town.guest()?),
        ("credential_unknown", good.with_credential(Some(&"0".repeat(64)))),
        ("credential_missing", good.with_credential(Some(""))),
        ("credential_revoked", revoked),
        ("credential_expired", expired),
        ("account_off", off),
    ];
    let before = standing(&town)?;
    let document = good.get("/api/openapi.json")?.json()?;
    let mut doors = 0;
    for (path, methods) in document["paths"].as_object().context("no paths")? {
        for (method, route) in methods.as_object().context("no methods")? {
            if route.get("security").is_none() {
                continue;
            }
            doors += 1;
            let at = path.replace("{hash}", PHOTO).replace("{device}", &good.device);
            let is_deposit = path.starts_with("/api/deposits/");
            let method = Method::from_bytes(method.to_uppercase().as_bytes())?;
            let bodies = [
                json!({ "commands": [envelope(doing::book("b-guest", "p-ready", "type-building", crate::town::day(3), None))] }),
                json!({ "held": [] }),
                json!({ "cursor": "x.y" }),
                json!("nonsense"),
            ];
            for (code, caller) in &callers {
                for body in &bodies {
                    let body =
                        (method != Method::GET).then(|| ("application/json", body.to_string().into_bytes()));
                    let reply = caller.asks(method.clone(), &at, body)?;
                    // A deposit takes no credential, whosever it is.
                    let code = match *code {
                        "credential_missing" => "credential_missing",
                        _ if is_deposit => "token_unknown",
                        code => code,
                    };
                    reply.is(401, code).with_context(|| format!("{method} {at}"))?;
                }
            }
        }
    }
    ensure!(doors >= 8, "only {doors} doors ask for a credential");
    ensure!(standing(&town)? == before, "somebody got in");
    Ok(())
}

#[test]
fn att_5_an_old_page_of_rights_opens_nothing() -> Result<()> {
    let town = Town::open()?;
    let vera = town.person("vera")?;
    let mut holding = Holding::default();
    vera.pulls(&mut holding)?;
    ensure!(holding.body("v-elena").is_some() && holding.body("v-vera").is_some());
    let cursor = holding.cursor.clone().context("a cursor")?;
    town.office.administrator(&[
        "grant",
        "withdraw",
        "vera",
        "inspections.manager",
        "calendar/electrical",
    ])?;
    // The pull says that rights have changed, and gives no record.
    ensure!(matches!(vera.pull(&cursor)?, PullReply::RightsChanged));
    // The push does not wait for that: it decides with what vera may do now.
    vera.refused(doing::reassign("v-elena", "elena", Some("elena")), Code::NotFound)?;
    vera.takes(doing::start("v-vera"))?;
    let control = vera.pulls(&mut holding)?;
    ensure!(
        control
            .lost
            .iter()
            .any(|view| view.to_string() == "calendar/electrical#limited"),
        "{:?}",
        control.lost
    );
    ensure!(holding.body("v-elena").is_none() && holding.body("v-vera").is_some());
    // And a right gained counts at once, before any control step.
    town.office
        .administrator(&["grant", "add", "vera", "inspections.manager", "calendar/fire"])?;
    vera.takes(doing::note("v-carla", "n-v", "I may, since a moment ago"))
}

#[test]
fn att_6_a_cursor_that_was_not_given_to_this_device_is_refused() -> Result<()> {
    let town = Town::open()?;
    let (ana, other, bruno) = (town.person("ana")?, town.person("ana")?, town.person("bruno")?);
    let cursor = ana.control(&Holding::default())?.cursor;
    ensure!(matches!(ana.pull(&cursor)?, PullReply::Page(_)));
    let mut forged: Vec<(String, &Caller)> = vec![
        (cursor.0.clone(), &bruno),
        (cursor.0.clone(), &other),
        (String::new(), &ana),
        (".".to_owned(), &ana),
        ("e30.00000000000000000000000000000000".to_owned(), &ana),
        (cursor.0.to_uppercase(), &ana),
        (format!("{}0", cursor.0), &ana),
    ];
    for position in (0..cursor.0.len()).step_by(cursor.0.len() / 24) {
        let mut bytes = cursor.0.clone().into_bytes();
        bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
        forged.push((String::from_utf8(bytes)?, &ana));
    }
    for (text, caller) in forged {
        let request = json!({ "cursor": text });
        caller
            .post("/api/sync/pull", &request)?
            .is(400, "cursor_invalid")
            .with_context(|| text.clone())?;
        let request = json!({ "held": [], "cursor": text });
        caller
            .post("/api/sync/control", &request)?
            .is(400, "cursor_invalid")
            .with_context(|| text.clone())?;
    }
    Ok(())
}

#[test]
fn att_6_a_view_nobody_gave_brings_nothing() -> Result<()> {
    let town = Town::open()?;
    let tomas = town.person("tomas")?;
    let honest = tomas.sees()?;
    let forged = [
        "all#full",
        "calendar/fire#limited",
        "person/laura#full",
        "assigned/ana/building#onsite",
        "roster/building#roster",
    ];
    let control = tomas
        .post("/api/sync/control", &json!({ "held": forged }))?
        .json()?;
    for view in forged {
        ensure!(
            control["lost"].as_array().context("lost")?.contains(&json!(view)),
            "{view} is not taken away"
        );
        ensure!(
            !control["gained"]
                .as_array()
                .context("gained")?
                .contains(&json!(view))
        );
    }
    let mut holding = Holding {
        views: forged
            .iter()
            .map(|view| serde_json::from_value(json!(view)))
            .collect::<Result<_, _>>()?,
        cursor: Some(Cursor(control["cursor"].as_str().context("a cursor")?.to_owned())),
        ..Holding::default()
    };
    tomas.pulls(&mut holding)?;
    ensure!(
        holding.rows == honest.rows,
        "the forged views brought something, or took something away"
    );
    Ok(())
}

#[test]
fn att_7_and_x_09_and_flt_2_a_command_sent_again_is_answered_again_and_applied_once() -> Result<()> {
    let town = Town::open()?;
    let (ana, second, bruno) = (town.person("ana")?, town.person("ana")?, town.person("bruno")?);
    let first = envelope(doing::note("v-ana", "n-once", "Written once"));
    for caller in [&ana, &ana, &second] {
        ensure!(caller.give(std::slice::from_ref(&first))? == [Answer::Taken]);
    }
    // Twice in one push, too.
    ensure!(ana.give(&[first.clone(), first.clone()])? == [Answer::Taken, Answer::Taken]);
    let written = town.visit("v-ana")?;
    ensure!(
        written
            .notes
            .iter()
            .filter(|note| note.text == "Written once")
            .count()
            == 1
    );
    ensure!(
        written
            .history
            .iter()
            .filter(|event| event.what == "add_note")
            .count()
            == 1
    );
    // Somebody else's id, with the same body and with another.
    let mut other = first.clone();
    other.command = doing::note("v-bruno", "n-stolen", "Under your number");
    for (caller, envelope) in [(&bruno, &first), (&bruno, &other), (&ana, &other)] {
        let answers = caller.give(std::slice::from_ref(envelope))?;
        let [Answer::Refused { denial }] = &answers[..] else {
            anyhow::bail!("{answers:?}")
        };
        ensure!(
            denial.code == Code::AlreadyExists && denial.rule == "FLT-13",
            "{denial:?}"
        );
    }
    ensure!(town.visit("v-bruno")?.notes.len() == 1);
    // A refusal is repeated as it was, even when it would no longer be refused.
    let late = envelope(doing::result("v-ana", "passed"));
    let before = ana.give(std::slice::from_ref(&late))?;
    ana.takes(doing::start("v-ana"))?;
    ana.takes(doing::answer(
        "v-ana",
        "access-building",
        json!({}),
        json!({ "answer": "pass" }),
    ))
    .or_else(|_| {
        let saw = json!(town.visit("v-ana")?.findings["access-building"]);
        ana.takes(doing::answer(
            "v-ana",
            "access-building",
            saw,
            json!({ "answer": "pass" }),
        ))
    })?;
    ensure!(
        ana.give(&[late])? == before,
        "the same command got another answer"
    );
    Ok(())
}

#[test]
fn att_3_and_att_8_what_was_refused_is_not_told_again_to_whoever_has_lost_the_right() -> Result<()> {
    let town = Town::open()?;
    let (marta, laura) = (town.person("marta")?, town.person("laura")?);
    let contested = [envelope(doing::reassign("v-ana", "hugo", Some("bruno")))];
    let told = marta.give(&contested)?;
    ensure!(
        matches!(&told[..], [Answer::Contested { contest }] if contest.theirs == "ana"),
        "{told:?}"
    );
    ensure!(
        marta.give(&contested)? == told,
        "it is told again while she may know"
    );
    laura.takes(doing::withdraw("g-marta-0"))?;
    let told = marta.give(&contested)?;
    ensure!(
        matches!(&told[..], [Answer::Refused { denial }] if *denial == Denial::not_found()),
        "{told:?}"
    );
    Ok(())
}

#[test]
fn att_8_and_x_06_work_on_a_visit_that_has_moved_on_is_refused_and_kept() -> Result<()> {
    let town = Town::open()?;
    let (bruno, marta) = (town.person("bruno")?, town.person("marta")?);
    let mut holding = Holding::default();
    bruno.pulls(&mut holding)?;
    ensure!(holding.body("v-bruno").is_some());
    let queued = envelope(doing::note("v-bruno", "n-late", "Typed in the basement"));
    marta.takes(doing::reassign("v-bruno", "ana", Some("bruno")))?;
    let answers = bruno.give(std::slice::from_ref(&queued))?;
    let [Answer::Refused { denial }] = &answers[..] else {
        anyhow::bail!("{answers:?}")
    };
    ensure!(denial.code == Code::NotFound);
    ensure!(
        town.visit("v-bruno")?.notes.len() == 1,
        "it was written all the same"
    );
    let kept: String = town.office.look(
        "SELECT envelope FROM command WHERE id = ?",
        &[&queued.id.as_str()],
    )?;
    ensure!(
        kept.contains("Typed in the basement"),
        "the author's work is gone: {kept}"
    );
    bruno.pulls(&mut holding)?;
    ensure!(
        holding.body("v-bruno").is_none() && holding.body("p-bruno").is_none(),
        "bruno keeps what is ana's"
    );
    Ok(())
}

#[test]
fn att_10_one_forbidden_command_among_two_hundred_is_refused_alone() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    let mut commands: Vec<_> = (0..200)
        .map(|n| envelope(doing::note("v-ana", &format!("n-{n}"), &format!("Note {n}"))))
        .collect();
    commands[117] = envelope(doing::note("v-carla", "n-117", "Not mine"));
    let answers = ana.give(&commands)?;
    for (n, answer) in answers.iter().enumerate() {
        match answer {
            Answer::Taken => ensure!(n != 117, "the forbidden one was taken"),
            Answer::Refused { denial } => {
                ensure!(n == 117 && denial.code == Code::NotFound, "{n}: {denial:?}")
            }
            other => anyhow::bail!("{other:?}"),
        }
    }
    let texts: Vec<String> = town
        .visit("v-ana")?
        .notes
        .into_iter()
        .skip(1)
        .map(|note| note.text)
        .collect();
    let expected: Vec<String> = (0..200)
        .filter(|n| *n != 117)
        .map(|n| format!("Note {n}"))
        .collect();
    ensure!(texts == expected, "order or number is not as sent");
    ensure!(town.visit("v-carla")?.notes.len() == 1);
    // One more than travels in one push is not taken in part.
    let before = standing(&town)?;
    let many: Vec<_> = (0..201)
        .map(|n| json!(envelope(doing::note("v-ana", &format!("m-{n}"), "Too many"))))
        .collect();
    ana.push(&many)?.is(400, "too_many_commands")?;
    ensure!(standing(&town)? == before);
    Ok(())
}

#[test]
fn x_09_what_follows_a_refused_command_is_refused_and_what_does_not_is_not() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    let bad = envelope(doing::start("v-carla"));
    let mut after = envelope(doing::note("v-ana", "n-after", "Depends"));
    after.after = vec![bad.id.clone()];
    let mut never = envelope(doing::note("v-ana", "n-never", "Depends on nothing known"));
    never.after = vec![fresh_id()];
    let free = envelope(doing::note("v-ana", "n-free", "Stands alone"));
    let answers = ana.give(&[bad, after, never, free])?;
    let codes: Vec<Option<Code>> = answers
        .iter()
        .map(|answer| {
            if let Answer::Refused { denial } = answer {
                Some(denial.code)
            } else {
                None
            }
        })
        .collect();
    ensure!(
        codes
            == [
                Some(Code::NotFound),
                Some(Code::WrongState),
                Some(Code::WrongState),
                None
            ],
        "{answers:?}"
    );
    Ok(())
}

#[test]
fn x_10_every_refusal_says_code_sentence_rule_and_who_can_change_it() -> Result<()> {
    let town = Town::open()?;
    let (ana, tomas, marta, rita) = (
        town.person("ana")?,
        town.person("tomas")?,
        town.person("marta")?,
        town.person("rita")?,
    );
    let refusals = [
        (
            ana.refused(doing::reassign("v-ana", "bruno", Some("ana")), Code::NotGranted)?,
            true,
        ),
        (
            ana.refused(doing::start("v-bruno-for-ana"), Code::NotAssigned)?,
            true,
        ),
        (
            marta.refused(doing::start("v-carla-for-marta"), Code::OutOfScope)?,
            true,
        ),
        (tomas.refused(doing::start("v-ana"), Code::NotGranted)?, true),
        (
            rita.refused(
                doing::book("b-9", "p-rita", "type-building", crate::town::day(3), None),
                Code::NotApplicant,
            )?,
            true,
        ),
        (
            ana.refused(doing::request("v-ana-late"), Code::CutoffPassed)?,
            true,
        ),
        (
            tomas.refused(
                doing::book("b-8", "p-unpaid", "type-building", crate::town::day(3), None),
                Code::PermitNotReady,
            )?,
            false,
        ),
        (
            ana.refused(doing::note("v-ana", "n", " "), Code::InvalidInput)?,
            false,
        ),
    ];
    let requirements = std::fs::read_to_string(bailiwick_tests::root().join("docs/requirements.md"))?;
    for (denial, somebody_can) in refusals {
        ensure!(
            denial.sentence.ends_with('.') && denial.sentence.len() > 20,
            "{denial:?}"
        );
        ensure!(
            requirements.contains(&denial.rule),
            "no requirement is called {}",
            denial.rule
        );
        ensure!(denial.who.is_some() == somebody_can, "{denial:?}");
        let wire = serde_json::to_value(denial.code)?;
        ensure!(
            wire.as_str()
                .is_some_and(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        );
    }
    // The kinds a person never receives do not appear by any of this.
    ensure!(tomas.sees()?.ids(Kind::Person) == ["tomas"]);
    Ok(())
}
