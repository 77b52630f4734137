//! The push channel: who is concerned hears within a second, who is not hears nothing, and who is out is hung up on.

use crate::caller::Caller;
use crate::doing;
use crate::town::{PASSWORD, Town};
use anyhow::{Result, bail, ensure};
use bailiwick_tests::office::OfficeProcess;
use serde_json::json;
use std::io::{BufRead as _, BufReader};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// A stream somebody listens to, event by event. It closes when the office hangs up.
struct Ear {
    events: Receiver<String>,
}

impl Ear {
    /// Listens, and waits for the first word, which every stream begins with.
    fn of(caller: &Caller) -> Result<Ear> {
        let client = reqwest::blocking::Client::builder().timeout(None).build()?;
        let credential = caller.credential.clone().unwrap_or_default();
        let response = client
            .get(format!("{}/api/events", caller.address))
            .bearer_auth(credential)
            .send()?;
        ensure!(response.status() == 200, "{}", response.status());
        let (sender, events) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(response).lines() {
                let Ok(line) = line else { return };
                if let Some(event) = line.strip_prefix("event: ")
                    && sender.send(event.to_owned()).is_err()
                {
                    return;
                }
                assert!(
                    !line.starts_with("data:") || line == "data: {}",
                    "the stream carries `{line}`"
                );
            }
        });
        let ear = Ear { events };
        ear.hears("changed", Duration::from_secs(5))?;
        Ok(ear)
    }

    fn hears(&self, what: &str, within: Duration) -> Result<Duration> {
        let begun = Instant::now();
        match self.events.recv_timeout(within) {
            Ok(event) if event == what => Ok(begun.elapsed()),
            other => bail!("expected `{what}` within {within:?}, got {other:?}"),
        }
    }

    fn hears_nothing(&self, during: Duration) -> Result<()> {
        match self.events.recv_timeout(during) {
            Err(RecvTimeoutError::Timeout) => Ok(()),
            other => bail!("expected silence, got {other:?}"),
        }
    }

    fn is_hung_up(&self, within: Duration) -> Result<()> {
        let begun = Instant::now();
        loop {
            match self.events.recv_timeout(within.saturating_sub(begun.elapsed())) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Err(RecvTimeoutError::Timeout) => bail!("the stream is still open after {within:?}"),
            }
        }
    }
}

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn c_mgr_02_a_manager_hears_of_an_inspectors_change_within_a_second() -> Result<()> {
    let town = Town::open()?;
    let (ana, marta, carla) = (town.person("ana")?, town.person("marta")?, town.person("carla")?);
    let (concerned, unconcerned) = (Ear::of(&marta)?, Ear::of(&carla)?);
    ana.takes(doing::start("v-ana"))?;
    concerned.hears("changed", SECOND)?;
    unconcerned.hears_nothing(SECOND)?;
    // A refused command changes nothing, so nobody is woken.
    ana.does(doing::start("v-ana"))?;
    concerned.hears_nothing(SECOND)
}

#[test]
fn c_ins_01_an_inspector_hears_of_a_visit_given_and_of_one_taken_away() -> Result<()> {
    let town = Town::open()?;
    let (ana, bruno, marta) = (town.person("ana")?, town.person("bruno")?, town.person("marta")?);
    let (with_ana, with_bruno) = (Ear::of(&ana)?, Ear::of(&bruno)?);
    marta.takes(doing::reassign("v-bruno", "ana", Some("bruno")))?;
    with_ana.hears("changed", SECOND)?;
    with_bruno.hears("changed", SECOND).map(drop)
}

#[test]
fn sec_6_a_grant_changed_by_another_process_is_heard_within_a_second() -> Result<()> {
    let town = Town::open()?;
    let nadia = town.person("nadia")?;
    let ear = Ear::of(&nadia)?;
    town.office
        .administrator(&["grant", "add", "nadia", "inspections.manager", "calendar/fire"])?;
    ear.hears("changed", SECOND)?;
    town.office.administrator(&[
        "grant",
        "withdraw",
        "nadia",
        "inspections.manager",
        "calendar/fire",
    ])?;
    ear.hears("changed", SECOND).map(drop)
}

#[test]
fn x_01_what_is_sent_to_one_process_is_heard_through_another_on_the_same_database() -> Result<()> {
    let town = Town::open()?;
    let beside = OfficeProcess::serve(town.folder.path())?;
    let (marta, carla) = (
        Caller::signed_in(&beside.address, "marta", PASSWORD)?,
        Caller::signed_in(&beside.address, "carla", PASSWORD)?,
    );
    let ana = town.person("ana")?;
    let (concerned, unconcerned) = (Ear::of(&marta)?, Ear::of(&carla)?);
    // What the sign-ins and the beginnings of listening have announced is over.
    let _ = concerned.hears("changed", SECOND);
    let _ = unconcerned.hears("changed", SECOND);
    ana.takes(doing::start("v-ana"))?;
    concerned.hears("changed", SECOND)?;
    ensure!(marta.sees()?.shows("v-ana")?["status"] == "in_progress");
    if std::env::var_os("BAILIWICK_TEST_POSTGRES").is_some() {
        // PostgreSQL says what has changed, so that nobody else is woken; an embedded database is only looked at.
        unconcerned.hears_nothing(SECOND)?;
    }
    Ok(())
}

#[test]
fn sec_6_a_change_by_another_process_is_heard_while_others_work() -> Result<()> {
    let town = Town::open()?;
    let nadia = town.person("nadia")?;
    let ear = Ear::of(&nadia)?;
    let ana = town.person("ana")?;
    let busy = &std::sync::atomic::AtomicBool::new(true);
    std::thread::scope(|scope| {
        let working = scope.spawn(move || -> Result<u32> {
            let mut n = 0;
            while busy.load(std::sync::atomic::Ordering::SeqCst) {
                n += 1;
                ana.takes(doing::note("v-ana", &format!("n-{n}"), &format!("Note {n}")))?;
                if n == 450 {
                    break;
                }
            }
            Ok(n)
        });
        let heard = (|| {
            for round in 0..4 {
                let what = if round % 2 == 0 { "add" } else { "withdraw" };
                town.office.administrator(&[
                    "grant",
                    what,
                    "nadia",
                    "inspections.manager",
                    "calendar/fire",
                ])?;
                ear.hears("changed", SECOND)?;
            }
            anyhow::Ok(())
        })();
        busy.store(false, std::sync::atomic::Ordering::SeqCst);
        let notes = working
            .join()
            .map_err(|_| anyhow::anyhow!("the worker panicked"))??;
        heard?;
        ensure!(notes > 5, "only {notes} notes were written meanwhile");
        Ok(())
    })
}

#[test]
fn sec_6_and_b_deact_02_switching_an_account_off_ends_its_stream() -> Result<()> {
    let town = Town::open()?;
    let (hugo, ana) = (town.person("hugo")?, town.person("ana")?);
    let (off, on) = (Ear::of(&hugo)?, Ear::of(&ana)?);
    town.office.administrator(&["user", "off", "hugo"])?;
    off.hears("ended", SECOND)?;
    off.is_hung_up(SECOND * 5)?;
    ensure!(on.is_hung_up(SECOND).is_err(), "ana was hung up on too");
    Ok(())
}

#[test]
fn sec_6_signing_out_ends_the_stream_of_that_device_alone() -> Result<()> {
    let town = Town::open()?;
    let (first, second) = (town.person("ana")?, town.person("ana")?);
    let (out, stays) = (Ear::of(&first)?, Ear::of(&second)?);
    first.post("/api/sign-out", &json!({}))?;
    out.is_hung_up(SECOND * 5)?;
    ensure!(
        stays.is_hung_up(SECOND).is_err(),
        "the other device was hung up on too"
    );
    Ok(())
}
