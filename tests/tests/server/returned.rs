//! what the office does not take, and its author cannot put right, lies in the tray of those who supervise there.

use crate::caller::{Caller, envelope};
use crate::doing;
use crate::town::Town;
use anyhow::{Context as _, Result, ensure};
use domain::returned::RETURNED_OPEN_MAX;
use policy::{Code, Kind};
use sync::PUSH_COMMANDS_MAX;

/// What lies in somebody's tray.
pub fn tray(caller: &Caller) -> Result<Vec<String>> {
    let sees = caller.sees()?;
    let is_open = |id: &String| sees.body(id).is_some_and(|body| body.get("decision").is_none());
    Ok(sees.ids(Kind::ReturnedWork).into_iter().filter(is_open).collect())
}

pub fn withdraw_from_ana(town: &Town) -> Result<()> {
    let role = [
        "grant",
        "withdraw",
        "ana",
        "inspections.inspector",
        "calendar/building",
    ];
    town.office.administrator(&role).map(drop)
}

#[test]
fn x_06_refused_work_lies_before_those_who_supervise_where_it_belongs() -> Result<()> {
    let town = Town::open()?;
    let (ana, marta) = (town.person("ana")?, town.person("marta")?);
    withdraw_from_ana(&town)?;
    ana.refused(
        doing::note("v-ana", "n-1", "The gate is chained."),
        Code::NotFound,
    )?;
    let in_tray = tray(&marta)?;
    let [work] = in_tray.as_slice() else {
        anyhow::bail!("{in_tray:?}")
    };
    let shown = marta.sees()?.shows(work)?;
    ensure!(
        shown["command"]["input"]["text"] == "The gate is chained.",
        "{shown}"
    );
    ensure!(
        shown["author_name"] == "Name of ana" && shown["denial"]["code"] == "not_found",
        "{shown}"
    );
    // Neither those of another department, nor colleagues, nor the applicant, nor its author.
    for other in ["oscar", "elena", "bruno", "tomas", "ana"] {
        let other = town.person(other)?;
        ensure!(tray(&other)?.is_empty());
        ensure!(!String::from_utf8_lossy(&other.heard.borrow()).contains("The gate is chained."));
        other.refused(doing::adopt(work), Code::NotFound)?;
    }
    marta.takes(doing::adopt(work))?;
    let notes = town.visit("v-ana")?.notes;
    let note = notes.last().context("no note")?;
    ensure!(
        note.by == "Name of ana, adopted by Name of marta" && note.text == "The gate is chained.",
        "{note:?}"
    );
    let denial = town
        .person("laura")?
        .refused(doing::discard(work), Code::WrongState)?;
    ensure!(denial.fact.is_some_and(|fact| fact.contains("marta adopted it")));
    Ok(())
}

#[test]
fn x_06_discarded_work_changes_nothing_and_what_may_not_be_is_not_adopted() -> Result<()> {
    let town = Town::open()?;
    let (ana, marta) = (town.person("ana")?, town.person("marta")?);
    withdraw_from_ana(&town)?;
    ana.refused(doing::result("v-ana", "passed"), Code::NotFound)?;
    ana.refused(doing::note("v-ana", "n-1", "Twice."), Code::NotFound)?;
    let before = town.visit("v-ana")?;
    for work in tray(&marta)? {
        let shown = marta.sees()?.shows(&work)?;
        if shown["command"]["name"] == "record_result" {
            // Nobody has begun it: the rules of the day hold for a supervisor too.
            marta.refused(doing::adopt(&work), Code::WrongState)?;
        }
        marta.takes(doing::discard(&work))?;
    }
    ensure!(town.visit("v-ana")? == before);
    Ok(())
}

#[test]
fn neither_strangers_nor_floods_fill_a_tray() -> Result<()> {
    let town = Town::open()?;
    let marta = town.person("marta")?;
    // They never served there, so nothing of theirs is a supervisor's business.
    for (person, visit) in [("tomas", "v-ana"), ("carla", "v-ana"), ("nadia", "v-ana")] {
        town.person(person)?
            .does(doing::note(visit, &format!("n-{person}"), "Look at me"))?;
    }
    ensure!(tray(&marta)?.is_empty());
    let ana = town.person("ana")?;
    withdraw_from_ana(&town)?;
    let notes = RETURNED_OPEN_MAX + 20;
    let flood: Vec<_> = (0..notes)
        .map(|n| envelope(doing::note("v-ana", &format!("n-{n}"), "Again")))
        .collect();
    for some in flood.chunks(PUSH_COMMANDS_MAX) {
        ana.give(some)?;
    }
    ensure!(tray(&marta)?.len() == RETURNED_OPEN_MAX);
    Ok(())
}

#[test]
fn what_its_author_can_put_right_stays_with_its_author() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    ana.refused(doing::note("v-ana", "n-1", ""), Code::InvalidInput)?;
    ana.refused(doing::result("v-ana", "passed"), Code::WrongState)?;
    ensure!(tray(&town.person("marta")?)?.is_empty());
    Ok(())
}
