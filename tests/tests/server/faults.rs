//! The office when something breaks: power, disk, an older backup.

use crate::caller::{Caller, Holding, envelope};
use crate::doing;
use crate::town::{PASSWORD, Town};
use anyhow::{Context as _, Result, bail, ensure};
use bailiwick_tests::office::{OfficeProcess, cli};
use device::{Device, Reply, Request};
use policy::Kind;
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use store::sqlite::{Cache, FileKey, Outbox};
use sync::{Answer, Envelope, SignInReply};

/// Serves a folder again, from another address.
fn again(town: &mut Town) -> Result<()> {
    town.office = OfficeProcess::serve(town.folder.path())?;
    Ok(())
}

/// The same person on the same laptop, at the office's new address.
fn moved(caller: &Caller, town: &Town) -> Result<Caller> {
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
    ensure!(town.office.look::<String>("PRAGMA integrity_check", [])? == "ok");
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
                Request::Photo(photo) => {
                    let path = format!("/api/photos/{}", photo.hash);
                    let body = Some((photo.media_type.as_str(), photo.bytes.clone()));
                    match self.caller.asks(Method::PUT, &path, body)?.status {
                        200 => Reply::PhotoTaken,
                        _ => Reply::PhotoRefused,
                    }
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
    let incarnation: String = town.office.look("SELECT incarnation FROM org", [])?;
    let restored = cli(town.folder.path(), &["restore", &backup.to_string_lossy()], "")?;
    ensure!(restored.status.success(), "{restored:?}");
    again(&mut town)?;
    ensure!(town.visit("v-ana")?.notes.len() == 2, "the backup is not older");
    ensure!(town.office.look::<String>("SELECT incarnation FROM org", [])? != incarnation);
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
fn flt_11_an_office_put_back_without_a_word_is_noticed_and_everything_fetched_again() -> Result<()> {
    let mut town = Town::open()?;
    let ana = town.person("ana")?;
    let mut holding = Holding::default();
    ana.pulls(&mut holding)?;
    let backup = town.folder.path().join("backup.db");
    town.office
        .administrator(&["backup", &backup.to_string_lossy()])?;
    ana.takes(doing::note("v-ana", "n-lost", "Written after the copy"))?;
    ana.pulls(&mut holding)?;
    ensure!(
        holding.shows("v-ana")?["notes"]
            .to_string()
            .contains("Written after the copy")
    );
    town.office.stop()?;
    // A careless copy over the file, without the restore command.
    std::fs::copy(&backup, town.folder.path().join("office.db"))?;
    again(&mut town)?;
    let ana = moved(&ana, &town)?;
    let control = ana.pulls(&mut holding)?;
    ensure!(
        control.lost.len() == control.gained.len() && !control.lost.is_empty(),
        "{:?}",
        control.lost
    );
    ensure!(
        !holding.shows("v-ana")?["notes"]
            .to_string()
            .contains("Written after the copy")
    );
    ensure!(holding.rows == town.person("ana")?.sees()?.rows);
    Ok(())
}

/// A small disk of its own, where the machine lets this program make one.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn new(size: &str) -> Result<Option<SmallDisk>> {
        let folder = tempfile::tempdir()?;
        let options = format!("size={size}");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(folder.path())
            .output();
        match mounted {
            Ok(output) if output.status.success() => Ok(Some(SmallDisk(folder))),
            other => {
                eprintln!("SKIPPED: no small disk can be mounted here: {other:?}");
                Ok(None)
            }
        }
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.path()).output();
    }
}

#[test]
fn flt_7_a_full_disk_is_said_and_the_work_before_it_is_whole() -> Result<()> {
    let Some(disk) = SmallDisk::new("6m")? else {
        return Ok(());
    };
    let town = Town::open()?;
    town.office
        .administrator(&["backup", &disk.path().join("office.db").to_string_lossy()])?;
    let mut office = OfficeProcess::serve(disk.path())?;
    let ana = Caller::signed_in(&office.address, "ana", PASSWORD)?;
    let mut taken = Vec::new();
    let mut full = None;
    for number in 0..4_000 {
        let visit = ["v-ana", "v-ana-begun", "v-ana-late"][number % 3];
        let command = envelope(doing::note(
            visit,
            &format!("n-{number}"),
            &format!("{number} {}", "x".repeat(3_900)),
        ));
        let reply = ana.push(&[json!(command)])?;
        if reply.status != 200 {
            full = Some((command, reply));
            break;
        }
        match reply.json()?["answers"][0]["answer"].as_str() {
            Some("taken") => taken.push((visit, format!("n-{number}"))),
            other => bail!("{other:?}: {}", reply.said()),
        }
    }
    let (command, reply) = full.context("the disk never became full")?;
    reply.is(507, "disk_full")?;
    ensure!(reply.header("retry-after").is_some());
    ensure!(!taken.is_empty());
    // It still answers, with all that it answered before, and nothing of what it refused.
    let whole = |office: &OfficeProcess| -> Result<()> {
        let mut there = Vec::new();
        for visit in ["v-ana", "v-ana-begun", "v-ana-late"] {
            let notes = office.body(visit)?["notes"].as_array().context("notes")?.clone();
            there.extend(
                notes
                    .iter()
                    .filter_map(|note| note["id"].as_str())
                    .filter(|id| id.starts_with("n-"))
                    .map(str::to_owned),
            );
        }
        there.sort();
        let mut expected: Vec<String> = taken.iter().map(|(_, id)| id.clone()).collect();
        expected.sort();
        ensure!(
            there == expected,
            "{} notes are there, {} were answered",
            there.len(),
            expected.len()
        );
        ensure!(office.look::<String>("PRAGMA integrity_check", [])? == "ok");
        Ok(())
    };
    whole(&office)?;
    ensure!(
        ana.push(&[json!(command)])?.status == 507,
        "it answers otherwise the second time"
    );
    // With room again, the same command is taken.
    let more = Command::new("mount")
        .args(["-o", "remount,size=64m"])
        .arg(disk.path())
        .output()?;
    ensure!(more.status.success(), "{more:?}");
    ensure!(ana.give(&[command])? == [Answer::Taken]);
    office.kill();
    let office = OfficeProcess::serve(disk.path())?;
    ensure!(office.look::<String>("PRAGMA integrity_check", [])? == "ok");
    let _ = Caller::signed_in(&office.address, "ana", PASSWORD)?
        .sees()?
        .ids(Kind::Appointment);
    Ok(())
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
            Request::Photo(_) => bail!("there is no photo"),
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
    let kept: (i64, i64) = town.office.database()?.query_row(
        "SELECT claimed_at, received_at FROM command WHERE id = ?",
        [command.id.as_str()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
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
