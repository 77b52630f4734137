//! Work on its way: undone, photographed, done twice, done by two, done offline.

use crate::doing;
use crate::laptop::{Laptop, id};
use anyhow::{Context as _, Result, ensure};
use device::{Photo, Request, SendState};
use domain::inspections::Status;
use domain::{Body, Command, CommandId};
use policy::Code;
use serde_json::json;
use sim::World;

fn visit(laptop: &mut Laptop, name: &str) -> Result<domain::inspections::Appointment> {
    match laptop.at_office(name)? {
        Body::Appointment(visit) => Ok(*visit),
        _ => anyhow::bail!("{name} is no visit"),
    }
}

#[test]
fn work_is_undone_before_it_is_sent_and_not_after() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    let start = laptop.takes(doing::start("visit-00"))?;
    let status = |laptop: &mut Laptop| -> Result<String> {
        let sheet = laptop.device()?.sheet(0, &id("visit-00"))?.context("no visit")?;
        Ok(sheet.row.body["status"].as_str().unwrap_or_default().to_owned())
    };
    ensure!(status(&mut laptop)? == "in_progress");
    ensure!(laptop.device()?.undo(&start)? && status(&mut laptop)? == "scheduled");
    ensure!(!laptop.device()?.undo(&start)?, "undone twice");
    // On its way it can no longer be taken back; and should the request be lost, it can again.
    let start = laptop.takes(doing::start("visit-00"))?;
    laptop.device()?.begin_exchange();
    laptop.step()?;
    let request = laptop.device()?.next_request()?.context("nothing to send")?;
    ensure!(matches!(request, Request::Push(_)) && !laptop.device()?.undo(&start)?);
    ensure!(laptop.device()?.waiting()?[0].state == SendState::Sending);
    laptop.device()?.abandon();
    ensure!(laptop.device()?.waiting()?[0].state == SendState::Waiting);
    ensure!(laptop.device()?.undo(&start)?);
    let start = laptop.takes(doing::start("visit-00"))?;
    laptop.syncs()?;
    ensure!(!laptop.device()?.undo(&start)? && visit(&mut laptop, "visit-00")?.status == Status::InProgress);
    Ok(())
}

#[test]
fn x_09_work_survives_a_shut_laptop_and_is_sent_in_order() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    laptop.takes(doing::start("visit-00"))?;
    for (item, answer) in [("access", "pass"), ("exits", "pass"), ("signs", "not_applicable")] {
        laptop.takes(doing::answer(
            "visit-00",
            item,
            json!({}),
            json!({ "answer": answer }),
        ))?;
        laptop.opens()?;
    }
    laptop.takes(doing::result("visit-00", "passed"))?;
    laptop.opens()?;
    ensure!(laptop.device()?.waiting()?.len() == 5);
    laptop.syncs()?;
    ensure!(
        laptop.device()?.returned()?.is_empty(),
        "{:?}",
        laptop.device()?.returned()?
    );
    let done = visit(&mut laptop, "visit-00")?;
    ensure!(done.status == Status::Completed && done.findings.len() == 3);
    let order: Vec<&str> = done
        .history
        .iter()
        .map(|event| event.what.as_str())
        .filter(|what| *what != "record_checklist_item")
        .collect();
    ensure!(order == ["start_inspection", "record_result"], "{order:?}");
    Ok(())
}

#[test]
fn x_08_two_answers_to_one_line_come_back_with_both_values_authors_and_nothing_overwritten() -> Result<()> {
    let mut world = World::with(&["ana", "marta"])?;
    for person in ["ana", "marta"] {
        world.syncs(person)?;
    }
    ensure!(world.does("ana", doing::start("visit-00"))?.is_ok());
    for person in ["ana", "marta"] {
        world.syncs(person)?;
    }
    // One line both answer, and one line each answers alone.
    for (person, word, own) in [("ana", "pass", "exits"), ("marta", "fail", "signs")] {
        let finding = json!({ "answer": word, "observation": format!("Seen by {person}") });
        ensure!(
            world
                .does(person, doing::answer("visit-00", "access", json!({}), finding))?
                .is_ok()
        );
        ensure!(
            world
                .does(
                    person,
                    doing::answer("visit-00", own, json!({}), json!({ "answer": "pass" }))
                )?
                .is_ok()
        );
    }
    for person in ["ana", "marta", "ana"] {
        world.syncs(person)?;
    }
    let returned = world.laptop("marta")?.device()?.returned()?;
    ensure!(returned.len() == 1, "{returned:?}");
    let contest = returned[0].contest.as_ref().context("no contest")?;
    ensure!(contest.field == "findings.access");
    ensure!(contest.mine["observation"] == "Seen by marta" && contest.theirs["observation"] == "Seen by ana");
    ensure!(contest.theirs_by.as_deref() == Some("Ana Ruiz"), "{contest:?}");
    ensure!(
        returned[0].input["finding"]["observation"] == "Seen by marta",
        "what was typed is gone"
    );
    let sheet = world
        .laptop("ana")?
        .device()?
        .sheet(0, &id("visit-00"))?
        .context("no visit")?;
    let findings = &sheet.row.body["findings"];
    ensure!(findings["access"]["observation"] == "Seen by ana");
    ensure!(
        findings["exits"]["answer"] == "pass" && findings["signs"]["answer"] == "pass",
        "{findings}"
    );
    Ok(())
}

#[test]
fn x_11_the_history_shows_when_it_was_done_and_when_it_arrived() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.ahead = -7_200_000;
    laptop.syncs()?;
    laptop.at += 60_000;
    let done = laptop.clock();
    laptop.takes(doing::start("visit-00"))?;
    laptop.at += 5 * 3_600_000;
    laptop.syncs()?;
    let sheet = laptop.device()?.sheet(0, &id("visit-00"))?.context("no visit")?;
    let event = sheet.row.body["history"]
        .as_array()
        .and_then(|events| events.last())
        .context("no history")?
        .clone();
    ensure!(
        event["claimed_at"] == json!(done) && event["at"] == json!(laptop.at),
        "{event}"
    );
    Ok(())
}

#[test]
fn flt_13_a_number_used_twice_for_different_work_is_refused_and_the_work_kept() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    // The image of a laptop is cloned, and both go on from the same state.
    laptop.shuts();
    let image: Vec<(std::path::PathBuf, Vec<u8>)> = std::fs::read_dir(laptop.folder.path())?
        .map(|entry| {
            Ok((
                entry.as_ref().map_err(|error| anyhow::anyhow!("{error}"))?.path(),
                std::fs::read(entry?.path())?,
            ))
        })
        .collect::<Result<_>>()?;
    let number = CommandId::from_random(77);
    let clock = laptop.clock();
    laptop.opens()?;
    ensure!(
        laptop
            .device()?
            .submit(
                clock,
                number.clone(),
                doing::note("visit-00", "n-1", "First clone"),
                None
            )?
            .is_ok()
    );
    laptop.syncs()?;
    laptop.shuts();
    for (path, bytes) in image {
        std::fs::write(path, bytes)?;
    }
    laptop.opens()?;
    ensure!(
        laptop
            .device()?
            .submit(
                clock,
                number,
                doing::note("visit-00", "n-2", "Second clone"),
                None
            )?
            .is_ok()
    );
    laptop.syncs()?;
    let returned = laptop.device()?.returned()?;
    ensure!(
        returned.len() == 1 && returned[0].input["text"] == "Second clone",
        "{returned:?}"
    );
    ensure!(
        returned[0]
            .denial
            .as_ref()
            .is_some_and(|denial| denial.code == Code::AlreadyExists && denial.rule == "FLT-13")
    );
    let notes = visit(&mut laptop, "visit-00")?.notes;
    ensure!(notes.len() == 1 && notes[0].text == "First clone");
    Ok(())
}

fn photo() -> Photo {
    Photo {
        media_type: "image/png".to_owned(),
        bytes: b"not looked at here".to_vec(),
    }
}

fn adds(hash: &str) -> Command {
    doing::photo("visit-00", hash, 18)
}

#[test]
fn c_ins_07_and_flt_22_a_photos_bytes_follow_its_command_and_are_freed_when_they_are_safe() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    let hash = "a".repeat(64);
    let first = laptop.does_with(adds(&hash), Some(photo()))?;
    ensure!(first.is_ok() && laptop.device()?.counts()? == (1, 0, 1));
    ensure!(
        laptop.device()?.photo(&hash)? == Some(photo()),
        "it cannot be looked at before it is sent"
    );
    // The command is lost twice on its way: no bytes before it is taken.
    laptop.asked.clear();
    laptop.device()?.begin_exchange();
    laptop.step()?;
    for _ in 0..2 {
        let request = laptop.device()?.next_request()?.context("nothing to send")?;
        ensure!(matches!(request, Request::Push(_)), "{request:?}");
        laptop.device()?.abandon();
    }
    // Cut between the command and the bytes: they follow after a restart.
    laptop.step()?;
    ensure!(laptop.asked == ["control", "push"], "{:?}", laptop.asked);
    laptop.opens()?;
    ensure!(laptop.device()?.counts()?.2 == 1);
    laptop.syncs()?;
    ensure!(
        laptop.photos == [hash.clone()] && laptop.device()?.counts()? == (0, 0, 0),
        "{:?}",
        laptop.device()?.counts()?
    );
    ensure!(
        laptop.device()?.photo(&hash)? == Some(photo()),
        "it can no longer be looked at"
    );
    Ok(())
}

#[test]
fn c_ins_07_a_photo_the_office_will_not_have_stays_and_holds_up_nothing() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    laptop.no_photos = true;
    ensure!(laptop.does_with(adds(&"a".repeat(64)), Some(photo()))?.is_ok());
    laptop.takes(doing::note("visit-00", "n-1", "Not held up"))?;
    laptop.syncs()?;
    ensure!(laptop.device()?.counts()? == (0, 0, 1));
    ensure!(visit(&mut laptop, "visit-00")?.notes.len() == 1);
    laptop.no_photos = false;
    laptop.syncs()?;
    ensure!(laptop.device()?.counts()? == (0, 0, 0));
    Ok(())
}

#[test]
fn x_06_and_c_ins_07_the_photo_of_a_refused_command_is_kept_for_its_author_and_not_sent() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    let hash = "a".repeat(64);
    let refused = laptop
        .does_with(adds(&hash), Some(photo()))?
        .map_err(|refusal| anyhow::anyhow!("{refusal:?}"))?;
    laptop.office_does(doing::reassign_over("visit-00", "bruno", "ana"))?;
    laptop.at += 1000;
    laptop.syncs()?;
    ensure!(
        laptop.device()?.returned()?.len() == 1 && laptop.photos.is_empty(),
        "the bytes were sent: {:?}",
        laptop.photos
    );
    ensure!(
        laptop.device()?.photo(&hash)? == Some(photo()),
        "the author's photo is gone"
    );
    // Given back, it is tried again as the window tries: a fresh command without bytes, then the returned one is dropped.
    laptop.office_does(doing::reassign_over("visit-00", "ana", "bruno"))?;
    laptop.syncs()?;
    let again = laptop
        .device()?
        .returned_command(&refused)?
        .context("nothing returned")?;
    laptop.takes(again)?;
    laptop.device()?.dismiss(&refused)?;
    ensure!(
        laptop.device()?.photo(&hash)?.is_some(),
        "trying again lost the bytes"
    );
    laptop.syncs()?;
    ensure!(laptop.photos == [hash] && laptop.device()?.counts()? == (0, 0, 0));
    Ok(())
}

#[test]
fn c_ins_07_a_dismissed_photo_is_gone_and_one_two_visits_share_is_not() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    let hash = "a".repeat(64);
    let first = laptop
        .does_with(adds(&hash), Some(photo()))?
        .map_err(|refusal| anyhow::anyhow!("{refusal:?}"))?;
    ensure!(
        laptop
            .does_with(doing::photo("visit-02", &hash, 18), Some(photo()))?
            .is_ok()
    );
    ensure!(laptop.device()?.undo(&first)?);
    ensure!(
        laptop.device()?.counts()? == (1, 0, 1),
        "undoing one lost the other's bytes"
    );
    laptop.syncs()?;
    ensure!(laptop.photos == [hash] && laptop.device()?.counts()?.2 == 0);
    let other = "b".repeat(64);
    let refused = laptop
        .does_with(adds(&other), Some(photo()))?
        .map_err(|refusal| anyhow::anyhow!("{refusal:?}"))?;
    laptop.office_does(doing::withdraw("grant-ana"))?;
    laptop.at += 1000;
    laptop.syncs()?;
    ensure!(laptop.device()?.counts()? == (0, 1, 1));
    laptop.device()?.dismiss(&refused)?;
    ensure!(
        laptop.device()?.counts()? == (0, 0, 0),
        "the bytes of dismissed work stay for ever"
    );
    Ok(())
}

#[test]
fn work_says_what_it_is_about_where_that_is_still_on_the_laptop() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    let appointment = || Some("appointment".to_owned());
    laptop.takes(doing::note("visit-00", "n-1", "Typed in time."))?;
    ensure!(laptop.device()?.waiting()?[0].target_kind == appointment());
    laptop.takes(doing::start("visit-02"))?;
    laptop.office_has("visit-02", |body| {
        if let Body::Appointment(visit) = body {
            visit.status = Status::Cancelled;
        }
    })?;
    laptop.syncs()?;
    ensure!(laptop.device()?.returned()?[0].target_kind == appointment());
    // The visit leaves with the role; what was typed stays, and leads nowhere.
    laptop.office_does(doing::withdraw("grant-ana"))?;
    laptop.syncs()?;
    let returned = laptop.device()?.returned()?;
    ensure!(
        returned.len() == 1 && returned[0].target_kind.is_none(),
        "{returned:?}"
    );
    Ok(())
}
