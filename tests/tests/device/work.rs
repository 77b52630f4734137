//! Work on its way: undone, photographed, done twice, done by two, done offline.

use crate::doing;
use crate::laptop::{Laptop, id};
use anyhow::{Context as _, Result, ensure};
use device::{Request, SendState};
use domain::inspections::Status;
use domain::{Body, CommandId};
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
    let works = world.laptop("marta")?.device()?.works_to_decide()?;
    ensure!(works.len() == 1, "{works:?}");
    let (work, contest) = (&works[0].body, &works[0].body["contest"]);
    ensure!(contest["field"] == "findings.access");
    ensure!(
        contest["mine"]["observation"] == "Seen by marta"
            && contest["theirs"]["observation"] == "Seen by ana"
    );
    ensure!(contest["theirs_by"] == "Ana Ruiz", "{contest}");
    ensure!(
        work["command"]["input"]["finding"]["observation"] == "Seen by marta",
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
