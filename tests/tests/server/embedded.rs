//! What concerns the embedded database's file itself.

use crate::caller::{Caller, Holding, envelope};
use crate::doing;
use crate::faults::{again, moved};
use crate::town::{PASSWORD, Town};
use anyhow::{Context as _, Result, bail, ensure};
use bailiwick_tests::office::{OfficeProcess, cli};
use policy::Kind;
use serde_json::json;
use std::path::Path;
use std::process::Command;
use sync::Answer;

#[test]
fn sec_7_a_password_and_a_credential_are_nowhere_in_the_clear() -> Result<()> {
    let town = Town::open()?;
    let mut ana = town.person("ana")?;
    town.guest()?.sign_in("ana", "a wrong one that is rare")?;
    let credential = ana.credential.take().context("a credential")?;
    for name in ["office.db", "office.db-wal"] {
        let bytes = std::fs::read(town.folder.path().join(name))?;
        for secret in [PASSWORD, "a wrong one that is rare", credential.as_str()] {
            ensure!(
                !bytes
                    .windows(secret.len())
                    .any(|window| window == secret.as_bytes()),
                "{name} holds `{secret}`"
            );
        }
    }
    Ok(())
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
        ensure!(office.is_sound()?);
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
    ensure!(office.is_sound()?);
    let _ = Caller::signed_in(&office.address, "ana", PASSWORD)?
        .sees()?
        .ids(Kind::Appointment);
    Ok(())
}

/// Serving ends with 1 and a sentence with these words, and the file is byte for byte what it was.
fn refuses_to_open(folder: &std::path::Path, words: &[&str]) -> Result<()> {
    let file = folder.join("office.db");
    let before = std::fs::read(&file)?;
    for args in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["migrate"],
        &["grant", "list"],
        &["backup", "copy.db"],
    ] {
        let output = cli(folder, args, "")?;
        ensure!(output.status.code() == Some(1), "{args:?}: {output:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(words.iter().all(|word| said.contains(word)), "{args:?}: {said}");
        ensure!(!said.contains("panicked"), "{said}");
        ensure!(std::fs::read(&file)? == before, "{args:?} changed the file");
    }
    Ok(())
}

#[test]
fn flt_15_a_database_of_a_newer_version_is_left_as_it_is() -> Result<()> {
    for journal in ["wal", "delete"] {
        let folder = tempfile::tempdir()?;
        ensure!(cli(folder.path(), &["migrate"], "")?.status.success());
        let db = rusqlite::Connection::open(folder.path().join("office.db"))?;
        db.pragma_update(None, "user_version", 99)?;
        db.query_row(&format!("PRAGMA journal_mode = {journal}"), [], |_| Ok(()))?;
        drop(db);
        refuses_to_open(folder.path(), &["newer version", "99"])
            .with_context(|| format!("journal {journal}"))?;
    }
    Ok(())
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_is() -> Result<()> {
    for bytes in [
        b"Once upon a time".repeat(1000),
        vec![0x5a; 5000],
        b"SQLite format 3\0".repeat(500),
    ] {
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join("office.db"), bytes)?;
        refuses_to_open(folder.path(), &["office.db", "cannot be opened", "damaged"])?;
    }
    Ok(())
}

#[test]
fn flt_20_an_office_whose_database_is_cut_short_says_so() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut office = {
        let town = Town::open()?;
        town.office
            .administrator(&["backup", &folder.path().join("office.db").to_string_lossy()])?;
        let bytes = std::fs::read(folder.path().join("office.db"))?;
        std::fs::write(folder.path().join("office.db"), &bytes[..bytes.len() / 2])?;
        OfficeProcess::serve(folder.path())
    };
    // Whether it notices at the start or at the first question, it never answers with half a town.
    if let Ok(office) = &mut office {
        let caller = crate::caller::Caller::nobody(&office.address)?;
        let mut whole = true;
        for username in ["ana", "laura", "tomas"] {
            let reply = caller.sign_in(username, PASSWORD)?;
            ensure!([200, 401, 500].contains(&reply.status), "{}", reply.said());
            whole &= reply.status == 200;
        }
        ensure!(!whole, "half a database served everybody");
    }
    Ok(())
}
