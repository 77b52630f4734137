//! Signing in, signing out, and what ends a session.

use crate::caller::Caller;
use crate::doing;
use crate::town::{PASSWORD, Town};
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::database::read;
use policy::Code;
use serde_json::{Value, json};
use std::time::Instant;

fn headers(reply: &crate::caller::Reply) -> Vec<(String, String)> {
    reply
        .headers
        .iter()
        .filter(|(name, _)| name != "date")
        .cloned()
        .collect()
}

#[test]
fn att_18_a_known_and_an_unknown_name_are_told_the_same() -> Result<()> {
    let town = Town::open()?;
    town.office.administrator(&["user", "off", "hugo"])?;
    let guest = town.guest()?;
    let unknown = guest.sign_in("nobody-of-that-name", PASSWORD)?;
    unknown.is(401, "wrong_password")?;
    let long = "x".repeat(5000);
    for (username, password) in [
        ("ana", "wrong password"),
        ("ana", ""),
        ("ana", long.as_str()),
        ("hugo", PASSWORD),
        ("hugo", "wrong password"),
        ("Ana", PASSWORD),
        ("ana ", PASSWORD),
        ("", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
        (long.as_str(), PASSWORD),
    ] {
        let known = guest.sign_in(username, password)?;
        ensure!(
            known.status == unknown.status && known.bytes == unknown.bytes,
            "{username}: {}",
            known.said()
        );
        ensure!(
            headers(&known) == headers(&unknown),
            "{username}: {:?}",
            known.headers
        );
    }
    // Neither answers sooner: both cost one hash. Generous, because other programs run here too.
    let mut spent = [0_u128; 2];
    for _ in 0..4 {
        for (which, username) in ["bruno", "nobody-else"].into_iter().enumerate() {
            let begun = Instant::now();
            guest.sign_in(username, "wrong password")?;
            spent[which] += begun.elapsed().as_micros();
        }
    }
    let [known, unknown] = spent;
    ensure!(
        known < unknown * 4 && unknown < known * 4,
        "known {known} µs, unknown {unknown} µs"
    );
    Ok(())
}

#[test]
fn att_18_ten_wrong_passwords_make_a_name_wait_known_or_not() -> Result<()> {
    let town = Town::open()?;
    let guest = town.guest()?;
    let mut last = Vec::new();
    for username in ["ana", "nobody-of-that-name"] {
        for attempt in 0..10 {
            guest
                .sign_in(username, &format!("wrong {attempt}"))?
                .is(401, "wrong_password")?;
        }
        let reply = guest.sign_in(username, PASSWORD)?;
        reply.is(429, "too_many_attempts")?;
        ensure!(reply.header("retry-after").is_some(), "{:?}", reply.headers);
        last.push((headers(&reply), reply.bytes));
    }
    ensure!(last[0] == last[1], "known and unknown differ");
    // Nobody else waits, and those who are in stay in.
    town.person("bruno")?.sees()?;
    // After the time, the right password is enough.
    town.sql("UPDATE sign_in SET at = at - 16 * 60 * 1000", &[])?;
    town.person("ana")?;
    // A success forgives what came before it.
    for attempt in 0..9 {
        guest
            .sign_in("ana", &format!("wrong {attempt}"))?
            .is(401, "wrong_password")?;
    }
    town.person("ana")?;
    guest.sign_in("ana", "wrong again")?.is(401, "wrong_password")
}

#[test]
fn b_aud_01_signing_in_being_refused_and_signing_out_are_recorded() -> Result<()> {
    let town = Town::open()?;
    let begun = chrono::Utc::now().timestamp_millis();
    let guest = town.guest()?;
    guest.sign_in("ana", "wrong password")?;
    guest.sign_in("nobody-of-that-name", PASSWORD)?;
    let ana = town.person("ana")?;
    ana.post("/api/sign-out", &json!({}))?;
    let sql = "SELECT username, outcome FROM sign_in WHERE at >= ? ORDER BY at";
    let rows = town.office.rows(sql, &[&begun])?;
    let rows: Vec<(String, String)> = rows
        .iter()
        .map(|row| Ok((read(&row[0])?, read(&row[1])?)))
        .collect::<Result<_>>()?;
    let expected = [
        ("ana", "refused"),
        ("nobody-of-that-name", "refused"),
        ("ana", "signed_in"),
        ("ana", "signed_out"),
    ];
    ensure!(
        rows.iter()
            .map(|(name, outcome)| (name.as_str(), outcome.as_str()))
            .eq(expected),
        "{rows:?}"
    );
    // Signing out is no failed attempt.
    for _ in 0..12 {
        town.person("ana")?.post("/api/sign-out", &json!({}))?;
    }
    town.person("ana").map(drop)
}

#[test]
fn b_deact_02_an_account_switched_off_cannot_sign_in_and_its_devices_are_refused() -> Result<()> {
    let town = Town::open()?;
    let (first, second) = (town.person("hugo")?, town.person("hugo")?);
    town.office.administrator(&["user", "off", "hugo"])?;
    for device in [&first, &second] {
        for path in ["/api/basemap", "/api/events", "/api/photos/x"] {
            device.get(path)?.is(401, "account_off")?;
        }
        for (path, body) in [
            ("control", json!({ "held": [] })),
            ("push", json!({ "commands": [] })),
        ] {
            device
                .post(&format!("/api/sync/{path}"), &body)?
                .is(401, "account_off")?;
        }
    }
    town.guest()?.sign_in("hugo", PASSWORD)?.is(401, "wrong_password")
}

#[test]
fn b_deact_03_what_somebody_did_stays_when_they_are_switched_off() -> Result<()> {
    let town = Town::open()?;
    let hugo = town.person("hugo")?;
    hugo.takes(doing::note("v-hugo", "n-hugo", "Before I left"))?;
    let before: Vec<Value> = ["v-hugo", "hugo", "g-hugo-0", "p-hugo"]
        .iter()
        .map(|id| town.office.body(id))
        .collect::<Result<_>>()?;
    let counts = || -> Result<Vec<i64>> {
        ["record", "command", "ledger", "device", "sign_in"]
            .iter()
            .map(|table| town.count(table))
            .collect()
    };
    let counted = counts()?;
    town.office.administrator(&["user", "off", "hugo"])?;
    let after: Vec<Value> = ["v-hugo", "hugo", "g-hugo-0", "p-hugo"]
        .iter()
        .map(|id| town.office.body(id))
        .collect::<Result<_>>()?;
    ensure!(
        before == after && counts()? == counted,
        "something went with the account"
    );
    let sees = town.person("marta")?.sees()?;
    let notes = sees.shows("v-hugo")?["notes"].to_string();
    ensure!(
        notes.contains("Before I left") && notes.contains("Name of hugo"),
        "{notes}"
    );
    Ok(())
}

#[test]
fn sec_7_a_credential_is_long_random_bound_to_one_device_and_kept_as_a_hash() -> Result<()> {
    let town = Town::open()?;
    let callers: Vec<Caller> = (0..4).map(|_| town.person("ana")).collect::<Result<_>>()?;
    let mut seen = std::collections::BTreeSet::new();
    for caller in &callers {
        let credential = caller.credential.as_deref().context("a credential")?;
        ensure!(credential.len() == 64 && seen.insert(credential.to_owned()));
        let kept: Vec<u8> = town.office.look(
            "SELECT credential_hash FROM device WHERE id = ?",
            &[&caller.device],
        )?;
        ensure!(kept == sync::credential_hash(credential));
    }
    // Signing out ends one device and no other.
    callers[0].post("/api/sign-out", &json!({}))?;
    callers[0].get("/api/basemap")?.is(401, "credential_revoked")?;
    ensure!(callers[1].get("/api/basemap")?.status == 200);
    // A fresh sign-in on the same laptop ends the credential before it.
    let body =
        json!({ "username": "ana", "password": PASSWORD, "device_name": "x", "device": callers[1].device });
    let again = town.guest()?.post("/api/sign-in", &body)?.json()?;
    ensure!(again["device"] == json!(callers[1].device));
    callers[1].get("/api/basemap")?.is(401, "credential_unknown")?;
    // Another person's laptop cannot be taken over by naming it.
    let bruno = town.person("bruno")?;
    let body = json!({ "username": "ana", "password": PASSWORD, "device_name": "x", "device": bruno.device });
    let reply = town.guest()?.post("/api/sign-in", &body)?.json()?;
    ensure!(reply["device"] != json!(bruno.device));
    ensure!(bruno.get("/api/basemap")?.status == 200);
    Ok(())
}

#[test]
fn sec_7_the_key_in_escrow_comes_back_to_its_own_device_and_person_only() -> Result<()> {
    let town = Town::open()?;
    let guest = town.guest()?;
    let key = "5a".repeat(32);
    let ask = |username: &str, device: Option<&str>, key: Option<&str>| {
        let body = json!({ "username": username, "password": PASSWORD, "device_name": "x", "device": device, "file_key": key });
        guest.post("/api/sign-in", &body)
    };
    let first = ask("ana", None, Some(&key))?.json()?;
    let device = first["device"].as_str().context("a device")?.to_owned();
    let again = ask("ana", Some(&device), None)?.json()?;
    ensure!(again["file_key"] == json!(key));
    for (username, device) in [
        ("ana", None),
        ("bruno", Some(device.as_str())),
        ("laura", Some(&device)),
        ("ana", Some("no-such")),
    ] {
        let reply = ask(username, device, None)?;
        ensure!(
            reply.json()?["file_key"] == Value::Null,
            "{username} {device:?}: {}",
            reply.said()
        );
    }
    // A key that is none is named, and no device comes of it.
    let before = town.count("device")?;
    for wrong in ["", "zz", &"5a".repeat(31), &"5g".repeat(32)] {
        ask("ana", None, Some(wrong))?.is(400, "file_key_invalid")?;
    }
    ensure!(town.count("device")? == before);
    // Nothing but a sign-in gives it.
    let ana = guest.with_credential(again["credential"].as_str());
    ana.sees()?;
    ana.refused(doing::start("v-carla"), Code::NotFound)?;
    ensure!(!String::from_utf8_lossy(&ana.heard.borrow()).contains(&key));
    Ok(())
}

#[test]
fn sec_7_a_credential_lives_as_long_as_its_lease_and_is_lengthened_by_use() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    let expires = || {
        town.office
            .look::<i64>("SELECT expires_at FROM device WHERE id = ?", &[&ana.device])
    };
    let soon = chrono::Utc::now().timestamp_millis() + 60_000;
    town.sql(
        "UPDATE device SET expires_at = ? WHERE id = ?",
        &[&soon, &ana.device],
    )?;
    let control = ana.post("/api/sync/control", &json!({ "held": [] }))?.json()?;
    let until = control["lease"]["expires"].as_i64().context("a lease")?;
    ensure!(until - control["lease"]["issued"].as_i64().context("a lease")? == 72 * 3_600_000);
    ensure!(
        expires()? == until,
        "the credential and the lease end at different times"
    );
    Ok(())
}
