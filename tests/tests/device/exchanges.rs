//! Exchanges over a bad network, and with an office that has been put back.

use crate::doing;
use crate::laptop::{Laptop, id, now};
use anyhow::{Context as _, Result, ensure};
use device::{Reply, Request};
use domain::inspections::Status;
use domain::{Body, CommandId};
use policy::{Code, OrgId};
use serde_json::json;
use sim::{Mishap, World};
use store::OfficeTx as _;
use store::sqlite::OfficeDb;

#[test]
fn x_09_and_flt_2_replies_lost_doubled_and_late_change_nothing() -> Result<()> {
    for mishap in Mishap::ALL {
        // The mishap happens at each step of an exchange in turn.
        for bad in 0..6 {
            let mut world = World::with(&["ana", "marta"])?;
            world.syncs("ana")?;
            for n in 0..3 {
                ensure!(
                    world
                        .does(
                            "ana",
                            doing::note("visit-00", &format!("n-{n}"), &format!("Note {n}"))
                        )?
                        .is_ok()
                );
            }
            world.laptop("ana")?.device()?.begin_exchange();
            for step in 0.. {
                let now = if step == bad { mishap } else { Mishap::None };
                if !world.step(0, now)? {
                    break;
                }
            }
            world.syncs("marta")?;
            let sheet = world
                .laptop("marta")?
                .device()?
                .sheet(0, &id("visit-00"))?
                .context("no visit")?;
            let notes: Vec<String> = sheet.row.body["notes"]
                .as_array()
                .context("no notes")?
                .iter()
                .map(|note| note["text"].as_str().unwrap_or_default().to_owned())
                .collect();
            ensure!(
                notes == ["Note 0", "Note 1", "Note 2"],
                "{mishap:?} at step {bad}: {notes:?}"
            );
            ensure!(world.laptop("ana")?.device()?.counts()? == (0, 0, 0));
            world.holds_the_permitted()?;
        }
    }
    Ok(())
}

#[test]
fn flt_2_an_older_page_never_overwrites_a_newer_one() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    let say = |laptop: &mut Laptop, text: &'static str| {
        laptop.office_has("visit-00", move |body| {
            if let Body::Appointment(visit) = body {
                visit.special_notes = text.to_owned();
            }
        })
    };
    say(&mut laptop, "First")?;
    laptop.device()?.begin_exchange();
    laptop.step()?;
    let request = laptop.device()?.next_request()?.context("nothing to ask")?;
    let late = laptop.answer(&request)?;
    say(&mut laptop, "Second")?;
    laptop.syncs()?;
    // The late page brings the laptop back no further than to its own cursor: the next exchange is right again.
    let clock = laptop.clock();
    laptop.device()?.settle(clock, &request, late)?;
    laptop.syncs()?;
    let sheet = laptop.device()?.sheet(0, &id("visit-00"))?.context("no visit")?;
    ensure!(
        sheet.row.body["special_notes"] == "Second",
        "{}",
        sheet.row.body["special_notes"]
    );
    Ok(())
}

#[test]
fn x_09_control_comes_first_then_work_then_what_is_new() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    laptop.takes(doing::note("visit-00", "n-1", "One"))?;
    ensure!(
        laptop
            .does_with(
                doing::photo("visit-00", &"a".repeat(64), 3),
                Some(device::OutboxPhoto {
                    media_type: "image/png".to_owned(),
                    bytes: vec![1, 2, 3],
                    thumbnail: vec![1]
                })
            )?
            .is_ok()
    );
    laptop.asked.clear();
    laptop.syncs()?;
    ensure!(
        laptop.asked == ["control", "push", "pull", "photo"],
        "{:?}",
        laptop.asked
    );
    // With nothing to do, nothing is asked twice.
    laptop.asked.clear();
    laptop.syncs()?;
    ensure!(laptop.asked == ["control", "pull"], "{:?}", laptop.asked);
    Ok(())
}

#[test]
fn x_09_more_work_than_one_push_holds_is_sent_in_order() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    for n in 0..450 {
        laptop.takes(doing::note("visit-00", &format!("n-{n}"), &format!("Note {n}")))?;
    }
    laptop.asked.clear();
    laptop.syncs()?;
    ensure!(
        laptop.asked.iter().filter(|asked| **asked == "push").count() == 3,
        "{:?}",
        laptop.asked
    );
    let Body::Appointment(visit) = laptop.at_office("visit-00")? else {
        anyhow::bail!("no visit")
    };
    let texts: Vec<&str> = visit.notes.iter().map(|note| note.text.as_str()).collect();
    let expected: Vec<String> = (0..450).map(|n| format!("Note {n}")).collect();
    ensure!(texts == expected);
    Ok(())
}

/// Puts the office back to an older state; `declared` says whether it is told that it is another life.
fn put_back(laptop: &mut Laptop, backup: &std::path::Path, declared: bool) -> Result<()> {
    let mut db = OfficeDb::open(Some(backup), &OrgId::parse("main")?)?;
    if declared {
        let mut tx = db.write()?;
        now(tx.begin_incarnation("second-life"))?;
        now(tx.commit())?;
    }
    laptop.office = db;
    Ok(())
}

#[test]
fn flt_10_and_flt_11_an_office_put_back_is_given_the_lost_work_in_order_and_before_the_new() -> Result<()> {
    // Put back without a word, it is noticed by a place in the log it does not have; before the laptop has been given
    // that place, nobody could notice.
    for (declared, settled) in [(true, true), (true, false), (false, true)] {
        let mut laptop = Laptop::of("ana")?;
        laptop.syncs()?;
        // A number in the log that the copy does not have, whatever the work comes to.
        let backup = laptop.folder.path().join("backup.db");
        laptop.office.backup(&backup)?;
        // Random numbers, as on a real laptop: their order says nothing about when they were given.
        let clock = laptop.clock();
        let give = |laptop: &mut Laptop, number: u128, command, later: i64| -> Result<()> {
            let outcome =
                laptop
                    .device()?
                    .submit(clock + later, CommandId::from_random(number), command, None)?;
            outcome
                .map(drop)
                .map_err(|refusal| anyhow::anyhow!("{refusal:?}"))
        };
        give(&mut laptop, 0xffff, doing::start("visit-00"), 1)?;
        give(
            &mut laptop,
            0x8888,
            doing::answer("visit-00", "access", json!({}), json!({ "answer": "pass" })),
            2,
        )?;
        give(
            &mut laptop,
            0x1111,
            doing::answer("visit-00", "exits", json!({}), json!({ "answer": "pass" })),
            3,
        )?;
        if settled {
            laptop.syncs()?;
        } else {
            // The answers arrive, and the power goes before what changed has come back.
            laptop.device()?.begin_exchange();
            while laptop.asked.last() != Some(&"push") {
                ensure!(laptop.step()?);
            }
            laptop.opens()?;
        }
        // What rests on the lost work is typed while the office is away.
        give(&mut laptop, 0x0001, doing::result("visit-00", "passed"), 10)?;
        put_back(&mut laptop, &backup, declared)?;
        let Body::Appointment(before) = laptop.at_office("visit-00")? else {
            anyhow::bail!("no visit")
        };
        ensure!(before.status == Status::Scheduled, "the copy is not older");
        laptop.at += 60_000;
        laptop.syncs()?;
        let told = format!("declared {declared}, settled {settled}");
        ensure!(
            laptop.device()?.returned()?.is_empty(),
            "{told}: {:?}",
            laptop.device()?.returned()?
        );
        let Body::Appointment(after) = laptop.at_office("visit-00")? else {
            anyhow::bail!("no visit")
        };
        ensure!(
            after.status == Status::Completed && after.findings.len() == 2,
            "{told}: {after:?}"
        );
        ensure!(
            laptop.device()?.receipts()?.is_empty(),
            "{told}: it says that something was taken away"
        );
        ensure!(laptop.device()?.counts()? == (0, 0, 0));
        let clock = laptop.clock();
        ensure!(
            laptop.device()?.holdings()?.checked == Some(clock),
            "{told}: not checked"
        );
    }
    Ok(())
}

#[test]
fn flt_24_an_answer_to_another_question_changes_nothing() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    laptop.takes(doing::note("visit-00", "n-1", "Waits"))?;
    let rows = laptop.device()?.held_rows()?;
    laptop.device()?.begin_exchange();
    laptop.step()?;
    let clock = laptop.clock();
    // An answer to a command that was never sent is not believed either.
    let answered = sync::Answered {
        id: CommandId::from_random(5),
        answer: sync::Answer::Taken,
    };
    let answers = |answers| Reply::Push(sync::PushReply { answers });
    for wrong in [
        Reply::Pull(sync::PullReply::RightsChanged),
        answers(Vec::new()),
        answers(vec![answered]),
    ] {
        let request = laptop.device()?.next_request()?.context("nothing to ask")?;
        ensure!(matches!(request, Request::Push(_)));
        ensure!(laptop.device()?.settle(clock, &request, wrong).is_err());
    }
    ensure!(laptop.device()?.held_rows()? == rows && laptop.device()?.waiting()?.len() == 1);
    laptop.syncs()?;
    ensure!(laptop.device()?.waiting()?.is_empty());
    Ok(())
}

#[test]
fn flt_14_two_laptops_of_one_person_lose_neither_edit() -> Result<()> {
    let mut world = World::with(&["ana"])?;
    let second = world.add_laptop("ana")?;
    world.exchange(0)?;
    world.exchange(second)?;
    ensure!(world.gives(0, doing::start("visit-00"))?.is_ok());
    world.exchange(0)?;
    world.exchange(second)?;
    ensure!(
        world
            .gives(
                0,
                doing::answer("visit-00", "access", json!({}), json!({ "answer": "pass" }))
            )?
            .is_ok()
    );
    ensure!(
        world
            .gives(
                second,
                doing::answer("visit-00", "exits", json!({}), json!({ "answer": "fail" }))
            )?
            .is_ok()
    );
    ensure!(
        world
            .gives(
                second,
                doing::answer("visit-00", "access", json!({}), json!({ "answer": "fail" }))
            )?
            .is_ok()
    );
    for number in [0, second, 0] {
        world.exchange(number)?;
    }
    for number in [0, second] {
        let sheet = world.laptops[number]
            .device()?
            .sheet(0, &id("visit-00"))?
            .context("no visit")?;
        let findings = &sheet.row.body["findings"];
        ensure!(
            findings["access"]["answer"] == "pass" && findings["exits"]["answer"] == "fail",
            "{findings}"
        );
    }
    for number in [0, second] {
        world.exchange(number)?;
        let works = world.laptops[number].device()?.works_to_decide()?;
        ensure!(
            works.len() == 1 && works[0].body["contest"]["mine"]["answer"] == "fail",
            "{works:?}"
        );
        ensure!(world.laptops[number].device()?.returned()?.is_empty());
    }
    Ok(())
}

#[test]
fn flt_19_poison_goes_back_to_its_author_and_what_is_behind_it_arrives() -> Result<()> {
    let mut world = World::with(&["ana"])?;
    world.syncs("ana")?;
    let too_big = "x".repeat(sync::PUSH_BYTES_MAX);
    for (n, text) in [too_big.as_str(), ""].into_iter().enumerate() {
        let id = world.fresh_id();
        world.smuggles(0, id, doing::note("visit-00", &format!("poison-{n}"), text))?;
    }
    ensure!(
        world
            .does("ana", doing::note("visit-00", "n-1", "Good work"))?
            .is_ok()
    );
    world.syncs("ana")?;
    let device = world.laptop("ana")?.device()?;
    ensure!(device.counts()? == (0, 2, 0));
    for returned in device.returned()? {
        let denial = returned.denial.context("returned without a reason")?;
        ensure!(denial.code == Code::InvalidInput, "{denial:?}");
    }
    let sheet = device.sheet(0, &id("visit-00"))?.context("no visit")?;
    ensure!(
        sheet.row.body["notes"][0]["text"] == "Good work",
        "{}",
        sheet.row.body
    );
    world.holds_the_permitted()
}
