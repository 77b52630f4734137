//! What must hold: after every step (safety), and once the faults have stopped (liveness).

use crate::world::World;
use anyhow::{Context as _, Result, bail, ensure};
use device::Reply;
use domain::record::cut;
use domain::{Answer, Body, CommandId};
use policy::views::{VIEWS_PER_PERSON_MAX, VIEWS_PER_RECORD_MAX, View, fields, of_actor};
use policy::{Actor, Kind, Millis, RecordId};
use serde_json::Value;
use server::engine::{Caller, standing};
use std::collections::BTreeMap;
use store::sqlite::OfficeDb;
use store::{Lookup, OfficeTx};
use sync::PullReply;

/// Nothing leaves the office that this person may not see at this moment, field by field.
pub fn reply(office: &mut OfficeDb, caller: &Caller, reply: &Reply, now: Millis) -> Result<()> {
    let Reply::Pull(PullReply::Page(page)) = reply else {
        return Ok(());
    };
    let mut tx = office.read()?;
    let (actor, _) = pollster::block_on(standing(&mut tx, caller, now))
        .map_err(|problem| anyhow::anyhow!(problem.sentence))?;
    let held = of_actor(&actor);
    ensure!(
        held.len() <= VIEWS_PER_PERSON_MAX,
        "{} holds {} views",
        caller.person,
        held.len()
    );
    for row in &page.rows {
        let view = page
            .views
            .get(usize::from(row.view))
            .context("a row of no view")?;
        let Answer::Found(record) = pollster::block_on(tx.record(&row.id))? else {
            bail!("{} was sent and does not exist", row.id)
        };
        let views = record.views();
        ensure!(
            views.len() <= VIEWS_PER_RECORD_MAX,
            "{} is in {} views",
            row.id,
            views.len()
        );
        ensure!(
            held.contains(view) && views.contains(view),
            "{} was sent {} through {view}",
            caller.person,
            row.id
        );
        let shown: Value = serde_json::from_str(row.body.get())?;
        let names = shown.as_object().context("a body that is no object")?.keys();
        for name in names {
            ensure!(
                fields(row.kind, view.mask).shows(name),
                "{} was sent {name} of {} through {view}",
                caller.person,
                row.id
            );
        }
        independent(&actor, &record)?;
    }
    Ok(())
}

/// A second opinion on visits, from the rule that decides actions rather than from views.
fn independent(actor: &Actor, record: &domain::Record) -> Result<()> {
    if let Body::Appointment(visit) = &record.body {
        let allowed = policy::inspections::may(
            actor,
            policy::inspections::Action::ViewAppointments,
            &visit.facts(),
        );
        ensure!(
            allowed.is_ok(),
            "{} was sent {} and may not see it",
            actor.person(),
            record.id
        );
    }
    Ok(())
}

/// Every command given is somewhere, and every command taken was applied exactly once.
pub fn nothing_lost_or_doubled(world: &mut World) -> Result<()> {
    let given: Vec<(CommandId, usize)> = world
        .given
        .iter()
        .map(|(id, number)| (id.clone(), *number))
        .collect();
    let mut waiting: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for number in 0..world.laptops.len() {
        let device = world.laptops[number].device()?;
        let ids = device.waiting()?.into_iter().map(|row| row.id);
        let returned = device.returned()?.into_iter().map(|row| row.id);
        waiting.insert(number, ids.chain(returned).collect());
    }
    let mut tx = world.office.read()?;
    for (id, number) in given {
        let here = waiting
            .get(&number)
            .is_some_and(|ids| ids.iter().any(|other| other == id.as_str()));
        let there = pollster::block_on(tx.command(&id))?.is_some();
        ensure!(
            here || there,
            "command {} of laptop {number} is nowhere",
            id.as_str()
        );
    }
    for record in pollster::block_on(tx.range(Kind::Appointment, "day", ""))?.records {
        let Body::Appointment(visit) = &record.body else {
            continue;
        };
        for note in &visit.notes {
            let same = visit.notes.iter().filter(|other| other.text == note.text).count();
            ensure!(
                same == 1,
                "note `{}` stands {same} times on {}",
                note.text,
                record.id
            );
        }
        let starts = visit
            .history
            .iter()
            .filter(|event| event.what == "start_inspection")
            .count();
        ensure!(starts <= 1, "{} was started {starts} times", record.id);
    }
    Ok(())
}

/// With the faults over: outboxes are empty, and every cache is exactly the permitted view.
pub fn settled(world: &mut World) -> Result<()> {
    for number in 0..world.laptops.len() {
        let waiting = world.laptops[number].device()?.waiting()?;
        ensure!(
            waiting.is_empty(),
            "laptop {number} still has {} commands",
            waiting.len()
        );
        let expected = permitted(world, number)?;
        let device = world.laptops[number].device()?;
        let held = device.held_rows()?;
        for (key, body) in &expected {
            ensure!(
                held.get(key) == Some(body),
                "laptop {number} lacks {key:?}, or has another: {:?}",
                held.get(key)
            );
        }
        for key in held.keys() {
            ensure!(expected.contains_key(key), "laptop {number} still holds {key:?}");
        }
    }
    Ok(())
}

/// What a laptop should hold, made from the records and the rules alone.
fn permitted(world: &mut World, number: usize) -> Result<BTreeMap<(View, RecordId), Value>> {
    let caller = world.laptops[number].caller.clone();
    let now = world.now;
    let mut tx = world.office.read()?;
    let (actor, _) = pollster::block_on(standing(&mut tx, &caller, now))
        .map_err(|problem| anyhow::anyhow!(problem.sentence))?;
    let held = of_actor(&actor);
    let mut rows = BTreeMap::new();
    let everything = [
        (Kind::Appointment, "day"),
        (Kind::Permit, "number"),
        (Kind::Calendar, "all"),
        (Kind::InspectionType, "calendar"),
        (Kind::Block, "calendar"),
        (Kind::Person, "username"),
        (Kind::Grant, "person"),
    ];
    for (kind, index) in everything {
        for record in pollster::block_on(tx.range(kind, index, ""))?.records {
            let body = record.body.to_value()?.to_string();
            for view in record.views().into_iter().filter(|view| held.contains(view)) {
                let shown = serde_json::from_str(&cut(kind, view.mask, &body)?)?;
                rows.insert((view.clone(), record.id.clone()), shown);
            }
        }
    }
    Ok(rows)
}
