//! What is not understood is said so, in the same shape as everything else, and changes nothing.

use crate::caller::envelope;
use crate::doing;
use crate::town::Town;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::office::cli;
use reqwest::Method;
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

#[test]
fn sec_10_an_unknown_address_and_a_wrong_method_are_answered_in_json() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    for caller in [&town.guest()?, &ana] {
        for path in [
            "/",
            "/api",
            "/api/",
            "/api/records/v-ana",
            "/api/sync/pull/x",
            "/admin",
            "/..%2foffice.db",
            "//healthz",
        ] {
            for method in [Method::GET, Method::POST, Method::DELETE] {
                let reply = caller.asks(method, path, None)?;
                reply.is(404, "no_such_route").with_context(|| path.to_owned())?;
                ensure!(
                    reply.header("content-type") == Some("application/json"),
                    "{path}: {:?}",
                    reply.headers
                );
            }
        }
        for (method, path) in [
            (Method::DELETE, "/api/sync/push"),
            (Method::GET, "/api/sign-in"),
            (Method::POST, "/healthz"),
            (Method::PATCH, "/api/photos/x"),
            (Method::PUT, "/api/events"),
        ] {
            let reply = caller.asks(method, path, None)?;
            reply
                .is(405, "method_not_allowed")
                .with_context(|| path.to_owned())?;
            ensure!(reply.header("content-type") == Some("application/json"));
        }
    }
    Ok(())
}

#[test]
fn sec_10_and_att_24_nonsense_is_answered_with_400_and_never_with_a_fault() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    let deep = |n: usize| format!("{}1{}", "[".repeat(n), "]".repeat(n)).into_bytes();
    let deep_objects = |n: usize| format!("{}1{}", r#"{"a":"#.repeat(n), "}".repeat(n)).into_bytes();
    let bodies: Vec<Vec<u8>> = vec![
        Vec::new(),
        b"{".to_vec(),
        b"null".to_vec(),
        b"\xff\xfe\x00".to_vec(),
        br#"{"commands": 1e999}"#.to_vec(),
        br#"{"commands": [{"id": "x"}]}"#.to_vec(),
        br#"{"held": ["assigned/../../x#full"]}"#.to_vec(),
        br#"{"held": ["all#everything"]}"#.to_vec(),
        br#"{"cursor": {"seq": 99}}"#.to_vec(),
        br#"{"username": "ana", "username": "laura", "password": "x", "device_name": "x"}"#.to_vec(),
        deep(100_000),
        deep_objects(100_000),
        [br#"{"commands": "#.to_vec(), deep(100_000), b"}".to_vec()].concat(),
    ];
    for path in [
        "/api/sign-in",
        "/api/sync/control",
        "/api/sync/push",
        "/api/sync/pull",
    ] {
        for body in &bodies {
            let reply = ana.asks(Method::POST, path, Some(("application/json", body.clone())))?;
            let begins = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
            reply
                .is(400, "body_invalid")
                .with_context(|| format!("{path}: {begins}"))?;
        }
    }
    // Values of the right type that mean nothing.
    let id = || crate::caller::fresh_id();
    for command in [
        json!({ "id": id(), "claimed_at": i64::MAX, "command": doing::note("v-ana", "n-1", "From the end of time") }),
        json!({ "id": id(), "claimed_at": i64::MIN, "command": doing::note("v-ana", "n-2", "From before it") }),
        json!({ "id": id(), "claimed_at": 0, "command": doing::book("b", "p-ready", "type-building", chrono::NaiveDate::MAX, None) }),
        json!({ "id": id(), "claimed_at": 0, "command": doing::book("b", "p-ready", "type-building", chrono::NaiveDate::MIN, None) }),
        json!({ "id": id(), "claimed_at": 0, "command": doing::answer("v-ana-begun", "", json!({}), json!({ "measurement": 1e308 })) }),
        json!({ "id": id(), "claimed_at": 0, "command": doing::note("v-ana", "n-3", &"\u{0}\u{202e}<script>".repeat(400)) }),
        json!({ "id": id(), "claimed_at": 0, "command": doing::grant("g", "nadia", "no-such-role", doing::whole_organization()) }),
    ] {
        let reply = ana.push(std::slice::from_ref(&command))?;
        ensure!(reply.status == 200, "{command}: {}", reply.said());
    }
    ensure!(
        ana.sees()?.body("v-ana").is_some(),
        "afterwards nothing can be read any more"
    );
    let marta = town.person("marta")?;
    for day in [chrono::NaiveDate::MAX, chrono::NaiveDate::MIN] {
        let reply = marta.push(&[json!(envelope(doing::book(
            "b-far",
            "p-ready",
            "type-building",
            day,
            Some("ana")
        )))])?;
        ensure!(reply.status < 500, "{}", reply.said());
    }
    ensure!(
        marta.sees()?.body("v-ana").is_some(),
        "afterwards nothing can be read any more"
    );
    Ok(())
}

/// What the office says to a body that is far too large, read off the socket: it hangs up while it is still being sent.
fn told(authority: &str, credential: &str, path: &str, length: Option<usize>) -> Result<String> {
    let mut stream = TcpStream::connect(authority)?;
    stream.set_read_timeout(Some(std::time::Duration::from_secs(20)))?;
    let how = length.map_or_else(
        || "transfer-encoding: chunked".to_owned(),
        |length| format!("content-length: {length}"),
    );
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {credential}\r\n{how}\r\n\r\n"
    )?;
    let chunk = [b' '; 64 * 1024];
    for _ in 0..160 {
        let head = if length.is_none() {
            format!("{:x}\r\n", chunk.len())
        } else {
            String::new()
        };
        let tail: &[u8] = if length.is_none() { b"\r\n" } else { b"" };
        let sent = stream
            .write_all(head.as_bytes())
            .and_then(|()| stream.write_all(&chunk))
            .and_then(|()| stream.write_all(tail));
        if sent.is_err() {
            break;
        }
    }
    let mut reply = Vec::new();
    let _ = stream.read_to_end(&mut reply);
    Ok(String::from_utf8_lossy(&reply).into_owned())
}

#[test]
fn att_24_ten_megabytes_are_turned_away() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    let credential = ana.credential.clone().context("a credential")?;
    for path in [
        "/api/sign-in",
        "/api/sync/control",
        "/api/sync/push",
        "/api/sync/pull",
    ] {
        for length in [Some(10 * 1024 * 1024), None] {
            let said = told(town.office.authority(), &credential, path, length)?;
            ensure!(said.starts_with("HTTP/1.1 413"), "{path} {length:?}: {said}");
        }
    }
    ensure!(ana.get("/healthz")?.status == 200);
    Ok(())
}

#[test]
fn sec_10_a_request_that_ends_early_changes_nothing() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    let before = town.count("command")?;
    let body = serde_json::to_vec(&json!({ "commands": [envelope(doing::start("v-ana"))] }))?;
    let credential = ana.credential.clone().context("a credential")?;
    for cut in [0, 1, body.len() / 2, body.len() - 1] {
        let mut stream = TcpStream::connect(town.office.authority())?;
        let head = format!(
            "POST /api/sync/push HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {credential}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(&body[..cut])?;
        stream.shutdown(std::net::Shutdown::Both)?;
    }
    ensure!(ana.get("/healthz")?.status == 200);
    ensure!(town.count("command")? == before);
    ensure!(town.visit("v-ana")?.started_at.is_none());
    Ok(())
}

#[test]
fn an_address_in_use_is_named_and_the_program_ends() -> Result<()> {
    let town = Town::open()?;
    let other = tempfile::tempdir()?;
    let output = cli(other.path(), &["serve", "--listen", town.office.authority()], "")?;
    ensure!(output.status.code() == Some(1), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(
        said.contains(town.office.authority()) && said.contains("in use"),
        "{said}"
    );
    ensure!(output.stdout.is_empty(), "it said that it listens");
    Ok(())
}
