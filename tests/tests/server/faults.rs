//! The office when something breaks: power, disk, an older backup.

use crate::caller::{Caller, envelope};
use crate::doing;
use crate::town::{PASSWORD, Town};
use anyhow::{Context as _, Result, bail, ensure};
use bailiwick_tests::database::read;
use bailiwick_tests::office::{OfficeProcess, cli};
use device::{Device, Reply, Request};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;
use store::sqlite::{Cache, FileKey, Outbox};
use sync::{Answer, Envelope, SignInReply};

/// Serves a folder again, from another address.
pub fn again(town: &mut Town) -> Result<()> {
    town.office = OfficeProcess::serve(town.folder.path())?;
    Ok(())
}

/// The same person on the same laptop, at the office's new address.
pub fn moved(caller: &Caller, town: &Town) -> Result<Caller> {
    let mut moved = Caller::nobody(&town.office.address)?;
    moved.credential = caller.credential.clone();
    moved.device = caller.device.clone();
    Ok(moved)
}

#[test]
fn flt_4_and_flt_9_a_killed_office_has_everything_it_answered_once() -> Result<()> {
    let mut town = Town::open()?;
    let mut ana = town.person("ana")?;
    let mut answered: Vec<Envelope> = Vec::new();
    let mut number = 0;
    for round in 0..6_u64 {
        // A laptop sends batch after batch until the office is gone.
        let sender = moved(&ana, &town)?;
        let working = std::thread::spawn(move || -> (Vec<Envelope>, Vec<Envelope>) {
            let mut done = Vec::new();
            loop {
                let batch: Vec<Envelope> = (0..7)
                    .map(|_| {
                        number += 1;
                        let text = format!("Note {number}");
                        envelope(doing::note("v-ana", &format!("n-{number}"), &text))
                    })
                    .collect();
                match sender.give(&batch) {
                    Ok(answers) => {
                        assert!(
                            answers.iter().all(|answer| *answer == Answer::Taken),
                            "{answers:?}"
                        );
                        done.extend(batch);
                    }
                    Err(_) => return (done, batch),
                }
                if number > 60 * (usize::try_from(round).unwrap_or(0) + 1) {
                    std::thread::sleep(Duration::from_millis(5));
                }
                if done.len() > 70 {
                    return (done, Vec::new());
                }
            }
        });
        std::thread::sleep(Duration::from_millis(20 + 37 * round));
        town.office.kill();
        let (done, doubtful) = working
            .join()
            .map_err(|_| anyhow::anyhow!("the sender panicked"))?;
        number += done.len() + doubtful.len() + 1;
        again(&mut town)?;
        ana = moved(&ana, &town)?;
        // The batch in doubt is there whole or not at all, and sending it again settles it.
        let notes: Vec<String> = town
            .visit("v-ana")?
            .notes
            .into_iter()
            .map(|note| note.id.to_string())
            .collect();
        let there = doubtful.iter().filter(|envelope| {
            json!(envelope.command)["input"]["note"]
                .as_str()
                .is_some_and(|id| notes.iter().any(|note| note == id))
        });
        let there = there.count();
        ensure!(
            there == 0 || there == doubtful.len(),
            "{there} of {} commands of a batch are there",
            doubtful.len()
        );
        answered.extend(done);
        if !doubtful.is_empty() {
            ensure!(ana.give(&doubtful)?.iter().all(|answer| *answer == Answer::Taken));
            answered.extend(doubtful);
        }
        let mut times: BTreeMap<String, u32> = BTreeMap::new();
        for note in town.visit("v-ana")?.notes {
            *times.entry(note.id.to_string()).or_default() += 1;
        }
        for envelope in &answered {
            let note = json!(envelope.command)["input"]["note"]
                .as_str()
                .context("a note")?
                .to_owned();
            ensure!(
                times.get(&note) == Some(&1),
                "round {round}: {note} stands {:?} times",
                times.get(&note)
            );
        }
    }
    ensure!(
        answered.len() > 10,
        "only {} commands were answered",
        answered.len()
    );
    // No fresh sign-in was needed, and the file is sound.
    ensure!(town.office.is_sound()?);
    ana.sees().map(drop)
}

/// A laptop of the product, joined to the office over HTTP.
struct Laptop {
    device: Device,
    caller: Caller,
}

impl Laptop {
    fn of(town: &Town, username: &str) -> Result<Laptop> {
        let caller = Caller::nobody(&town.office.address)?;
        let reply = caller.sign_in(username, PASSWORD)?;
        let reply: SignInReply = serde_json::from_slice(&reply.bytes)?;
        let key = FileKey([3; 32]);
        let device = Device::open(Cache::open(None, &key)?, Outbox::open(None, &key)?, reply.rights)?;
        let mut caller = caller.with_credential(Some(&reply.credential));
        caller.device = reply.device;
        Ok(Laptop { device, caller })
    }

    fn does(&mut self, command: domain::Command) -> Result<()> {
        let now = chrono::Utc::now().timestamp_millis();
        match self
            .device
            .submit(now, crate::caller::fresh_id(), command, None)?
        {
            Ok(_) => Ok(()),
            Err(refusal) => bail!("{refusal:?}"),
        }
    }

    /// A whole exchange.
    fn syncs(&mut self) -> Result<()> {
        self.device.begin_exchange();
        for _ in 0..200 {
            let now = chrono::Utc::now().timestamp_millis();
            let Some(request) = self.device.next_request()? else {
                return Ok(());
            };
            let reply = match &request {
                Request::Control(request) => {
                    let reply = self.caller.post("/api/sync/control", &json!(request))?;
                    Reply::Control(serde_json::from_slice(&reply.bytes).with_context(|| reply.said())?)
                }
                Request::Push(request) => {
                    let reply = self.caller.post("/api/sync/push", &json!(request))?;
                    Reply::Push(serde_json::from_slice(&reply.bytes).with_context(|| reply.said())?)
                }
                Request::Pull(request) => {
                    let reply = self.caller.post("/api/sync/pull", &json!(request))?;
                    Reply::Pull(serde_json::from_slice(&reply.bytes).with_context(|| reply.said())?)
                }
            };
            self.device.settle(now, &request, reply)?;
        }
        bail!("the exchange does not end")
    }
}

/// The laptop holds exactly what a fresh pull of the same person brings.
fn agrees(laptop: &Laptop, caller: &Caller) -> Result<()> {
    let held = laptop.device.held_rows()?;
    let held: BTreeMap<_, _> = held
        .into_iter()
        .map(|((view, id), body)| ((view, id.to_string()), body))
        .collect();
    let sent: BTreeMap<_, _> = caller
        .sees()?
        .rows
        .into_iter()
        .map(|(key, (_, body))| (key, body))
        .collect();
    ensure!(held == sent, "the laptop holds other rows than the office gives");
    Ok(())
}

#[test]
fn flt_10_and_rel_4_an_office_restored_from_an_older_backup_is_given_its_lost_work_again() -> Result<()> {
    let mut town = Town::open()?;
    let mut laptop = Laptop::of(&town, "ana")?;
    laptop.syncs()?;
    laptop.does(doing::note("v-ana", "n-before", "Before the backup"))?;
    laptop.syncs()?;
    let backup = town.folder.path().join("backup.db");
    town.office
        .administrator(&["backup", &backup.to_string_lossy()])?;
    laptop.does(doing::note("v-ana", "n-after", "After the backup"))?;
    laptop.does(doing::start("v-ana"))?;
    laptop.syncs()?;
    ensure!(town.visit("v-ana")?.notes.len() == 3);
    // A running office is not restored over.
    let refused = cli(town.folder.path(), &["restore", &backup.to_string_lossy()], "")?;
    ensure!(
        refused.status.code() == Some(1) && String::from_utf8_lossy(&refused.stderr).contains("in use"),
        "{refused:?}"
    );
    town.office.stop()?;
    let incarnation: String = town.office.look("SELECT incarnation FROM org", &[])?;
    let restored = cli(town.folder.path(), &["restore", &backup.to_string_lossy()], "")?;
    ensure!(restored.status.success(), "{restored:?}");
    again(&mut town)?;
    ensure!(town.visit("v-ana")?.notes.len() == 2, "the backup is not older");
    ensure!(town.office.look::<String>("SELECT incarnation FROM org", &[])? != incarnation);
    laptop.caller = moved(&laptop.caller, &town)?;
    laptop.does(doing::note(
        "v-ana",
        "n-offline",
        "Typed while the office was away",
    ))?;
    laptop.syncs()?;
    let visit = town.visit("v-ana")?;
    let texts: Vec<&str> = visit.notes.iter().map(|note| note.text.as_str()).collect();
    ensure!(
        texts
            == [
                "Note of v-ana",
                "Before the backup",
                "After the backup",
                "Typed while the office was away"
            ],
        "{texts:?}"
    );
    ensure!(visit.started_at.is_some(), "the work after the backup is lost");
    ensure!(laptop.device.counts()? == (0, 0, 0) && laptop.device.receipts()?.is_empty());
    agrees(&laptop, &town.person("ana")?)
}

#[test]
fn flt_9_a_restart_between_any_two_requests_goes_unnoticed() -> Result<()> {
    let mut town = Town::open()?;
    let mut laptop = Laptop::of(&town, "marta")?;
    laptop.syncs()?;
    laptop.does(doing::note("v-ana", "n-1", "Sent to an office that restarts"))?;
    laptop.device.begin_exchange();
    for step in 0.. {
        if step % 2 == 0 {
            town.office.stop()?
        } else {
            town.office.kill()
        }
        again(&mut town)?;
        laptop.caller = moved(&laptop.caller, &town)?;
        let now = chrono::Utc::now().timestamp_millis();
        let Some(request) = laptop.device.next_request()? else {
            break;
        };
        let post = |path: &str, body| laptop.caller.post(path, &body);
        let reply = match &request {
            Request::Control(request) => Reply::Control(serde_json::from_slice(
                &post("/api/sync/control", json!(request))?.bytes,
            )?),
            Request::Push(request) => Reply::Push(serde_json::from_slice(
                &post("/api/sync/push", json!(request))?.bytes,
            )?),
            Request::Pull(request) => Reply::Pull(serde_json::from_slice(
                &post("/api/sync/pull", json!(request))?.bytes,
            )?),
        };
        laptop.device.settle(now, &request, reply)?;
        ensure!(step < 20, "the exchange does not end");
    }
    ensure!(
        town.visit("v-ana")?
            .notes
            .iter()
            .filter(|note| note.text.starts_with("Sent to"))
            .count()
            == 1
    );
    ensure!(laptop.device.counts()?.0 == 0);
    agrees(&laptop, &town.person("marta")?)
}

#[test]
fn x_11_the_history_keeps_when_it_was_said_and_when_it_arrived() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    let claimed = chrono::Utc::now().timestamp_millis() - 26 * 3_600_000;
    let mut command = envelope(doing::start("v-ana"));
    command.claimed_at = claimed;
    let before = chrono::Utc::now().timestamp_millis();
    ensure!(ana.give(&[command.clone()])? == [Answer::Taken]);
    let after = chrono::Utc::now().timestamp_millis();
    let event = town.visit("v-ana")?.history.pop().context("no history")?;
    ensure!(event.what == "start_inspection" && event.by == "Name of ana" && event.claimed_at == claimed);
    ensure!((before..=after).contains(&event.at), "received at {}", event.at);
    let sql = "SELECT claimed_at, received_at FROM command WHERE id = ?";
    let kept = town.office.rows(sql, &[&command.id.as_str()])?;
    let kept: (i64, i64) = (read(&kept[0][0])?, read(&kept[0][1])?);
    ensure!(kept == (claimed, event.at), "{kept:?}");
    // A claimed time decides nothing: the cutoff is measured by the office's clock.
    let mut early = envelope(doing::request("v-ana-late"));
    early.claimed_at = chrono::Utc::now().timestamp_millis() - 3 * 86_400_000;
    let answers = ana.give(&[early])?;
    ensure!(
        matches!(&answers[..], [Answer::Refused { denial }] if denial.code == policy::Code::CutoffPassed),
        "{answers:?}"
    );
    Ok(())
}
