//! What whoever runs the office relies on: TLS, an orderly end, counts, a log without personal data, reports.

use crate::caller::Caller;
use crate::doing;
use crate::town::{PASSWORD, PHOTO, Town};
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::database::read;
use bailiwick_tests::office::{OfficeProcess, cli};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// A certificate for this machine, signed by itself, and its key.
fn certificate(folder: &Path) -> Result<(PathBuf, PathBuf)> {
    let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ])
        .args([
            "-subj",
            "/CN=127.0.0.1",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        ])
        .arg("-out")
        .arg(&cert)
        .arg("-keyout")
        .arg(&key)
        .output()
        .context("openssl makes the certificate of this test")?;
    ensure!(made.status.success(), "{made:?}");
    Ok((cert, key))
}

#[test]
fn the_office_serves_over_tls_and_over_nothing_less() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (cert, key) = certificate(folder.path())?;
    let args = [
        "--tls-cert",
        &cert.to_string_lossy(),
        "--tls-key",
        &key.to_string_lossy(),
    ]
    .map(str::to_owned);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut office = OfficeProcess::serve_with(folder.path(), &args, None)?;
    ensure!(office.address.starts_with("https://"), "{}", office.address);
    let trusted = reqwest::Certificate::from_pem(&std::fs::read(&cert)?)?;
    let client = reqwest::blocking::Client::builder()
        .tls_certs_only([trusted])
        .build()?;
    let reply = client.get(format!("{}/healthz", office.address)).send()?;
    ensure!(reply.status() == 200, "{}", reply.status());
    // Nobody who does not trust the certificate, and nobody in the clear, is answered.
    ensure!(reqwest::blocking::get(format!("{}/healthz", office.address)).is_err());
    ensure!(reqwest::blocking::get(format!("http://{}/healthz", office.authority())).is_err());
    office.stop()
}

#[test]
fn a_certificate_that_cannot_be_used_is_named() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (cert, _) = certificate(folder.path())?;
    let wrong = folder.path().join("wrong.pem");
    std::fs::write(&wrong, "no key")?;
    for (args, words) in [
        (
            vec!["--tls-cert", "missing.pem", "--tls-key", "missing.pem"],
            "missing.pem",
        ),
        (
            vec![
                "--tls-cert",
                cert.to_str().context("a path")?,
                "--tls-key",
                wrong.to_str().context("a path")?,
            ],
            "wrong.pem",
        ),
        (vec!["--tls-cert", "missing.pem"], "--tls-key"),
    ] {
        let args = [vec!["serve"], args].concat();
        let output = cli(folder.path(), &args, "")?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(
            output.status.code() == Some(2) && said.contains(words),
            "{args:?}: {output:?}"
        );
        ensure!(output.stdout.is_empty(), "it said that it listens");
    }
    Ok(())
}

#[test]
fn an_office_that_is_stopped_ends_its_streams_and_itself_in_order() -> Result<()> {
    let mut town = Town::open()?;
    let ana = town.person("ana")?;
    let client = reqwest::blocking::Client::builder().timeout(None).build()?;
    let mut stream = client
        .get(format!("{}/api/events", ana.address))
        .bearer_auth(ana.credential.clone().unwrap_or_default())
        .send()?;
    ensure!(stream.status() == 200);
    let begun = Instant::now();
    town.office.stop()?;
    let took = begun.elapsed();
    ensure!(
        took < Duration::from_secs(8),
        "it took {took:?} although nothing was going on"
    );
    // The end of the stream is an end and no cut.
    let mut rest = Vec::new();
    std::io::Read::read_to_end(&mut stream, &mut rest)?;
    Ok(())
}

#[test]
fn what_is_counted_and_logged_names_nobody() -> Result<()> {
    let town = Town::open()?;
    let log = town.folder.path().join("log.jsonl");
    let file = std::fs::File::create(&log)?;
    let office = OfficeProcess::serve_with(town.folder.path(), &["--behind-proxy"], Some(file))?;
    let ana = Caller::signed_in(&office.address, "ana", PASSWORD)?;
    ana.sees()?;
    ana.takes(doing::note("v-ana", "n-logged", "A remark about the neighbours"))?;
    ana.get(&format!("/api/photos/{PHOTO}"))?;
    ana.get("/api/ana/and/what/else")?;
    Caller::nobody(&office.address)?.sign_in("ana", "a wrong password")?;
    let counted = String::from_utf8(ana.get("/metrics")?.bytes)?;
    for wanted in [
        "bailiwick_up 1",
        "bailiwick_requests_total{method=\"POST\",route=\"/api/sync/push\",status=\"200\"} 1",
        "bailiwick_requests_total{method=\"GET\",route=\"/api/photos/{hash}\",status=\"200\"} 1",
        "route=\"none\",status=\"404\"",
        "bailiwick_request_seconds_bucket",
    ] {
        ensure!(counted.contains(wanted), "`{wanted}` is not in {counted}");
    }
    drop(office);
    let logged = std::fs::read_to_string(&log)?;
    let lines: Vec<&str> = logged.lines().collect();
    ensure!(lines.len() >= 6, "{logged}");
    for line in &lines {
        serde_json::from_str::<serde_json::Value>(line).with_context(|| format!("the log says `{line}`"))?;
    }
    let credential = ana.credential.context("a credential")?;
    for secret in [
        "ana",
        "v-ana",
        "neighbours",
        PHOTO,
        PASSWORD,
        "wrong password",
        &credential,
    ] {
        for (place, text) in [("the counts", &counted), ("the log", &logged)] {
            let found = text
                .split(|letter: char| !letter.is_alphanumeric() && letter != '-')
                .any(|word| word == secret)
                || (secret.contains(' ') && text.contains(secret));
            ensure!(!found, "{place} tell `{secret}`: {text}");
        }
    }
    Ok(())
}

#[test]
fn sec_9_one_address_may_not_try_passwords_without_end() -> Result<()> {
    let town = Town::open()?;
    let guests = (0..150).map(|_| town.guest()).collect::<Result<Vec<_>>>()?;
    // At once, because the limit loosens by two a second; each another name, so that no account's own limit is met.
    let replies: Vec<_> = std::thread::scope(|scope| {
        let attempt = |(number, guest): (usize, Caller)| {
            scope.spawn(move || guest.sign_in(&format!("nobody-{number}"), "a guess"))
        };
        let attempts: Vec<_> = guests.into_iter().enumerate().map(attempt).collect();
        attempts
            .into_iter()
            .filter_map(|attempt| attempt.join().ok()?.ok())
            .collect()
    });
    let (refused, let_pass): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 429);
    ensure!(
        let_pass.len() >= 100,
        "an office could not sign in in the morning: {}",
        let_pass.len()
    );
    let reply = refused.first().context("150 attempts were let pass")?;
    ensure!(reply.header("retry-after").is_some());
    reply.is(429, "too_many_attempts")?;
    // Everything else goes on.
    ensure!(town.guest()?.get("/healthz")?.status == 200);
    Ok(())
}

#[test]
fn reporting_tools_find_a_view_for_each_kind_of_record() -> Result<()> {
    let town = Town::open()?;
    for kind in policy::Kind::ALL {
        let kind = kind.name();
        let sql = format!("SELECT count(*) FROM report_{kind}");
        let (there, records): (i64, i64) = (
            town.office.look(&sql, &[])?,
            town.office
                .look("SELECT count(*) FROM record WHERE kind = ?", &[&kind])?,
        );
        ensure!(there == records && there > 0, "{kind}: {there} of {records}");
    }
    let sql = "SELECT permit_number, assignee, status, from_minute, latitude, result FROM report_appointment
               WHERE id = 'v-ana-done'";
    let rows = town.office.rows(sql, &[])?;
    let row = rows.first().context("no row")?;
    ensure!(read::<String>(&row[0])? == "Number of v-ana-done" && read::<String>(&row[1])? == "ana");
    ensure!(read::<String>(&row[2])? == "completed" && read::<i64>(&row[3])? > 0);
    ensure!(read::<f64>(&row[4])? == -34.9 && read::<String>(&row[5])? == "passed");
    Ok(())
}
