//! The laptop decides as the office would: everything it lets through is taken, everything it denies would be refused.

use crate::doing;
use crate::laptop::now;
use anyhow::{Context as _, Result, ensure};
use domain::inspections::Status;
use domain::record::cut;
use domain::{Body, Command, Context, Effect, Refusal};
use policy::views::{View, of_actor};
use policy::{Actor, Code, Kind, RecordId};
use serde_json::{Value, json};
use sim::{Rng, Town, World};
use std::collections::BTreeMap;
use store::{Lookup as _, OfficeTx, find, rights_of, write};

/// Everybody with a laptop, and what the town lacks: an applicant who inspects, a manager of fire.
fn town() -> Result<World> {
    let mut world = World::with(&Town::everybody())?;
    world.office_does(doing::grant(
        "g-1",
        "carla",
        "manager",
        doing::calendar("building"),
    ))?;
    world.office_does(doing::grant(
        "g-2",
        "bruno",
        "citizen",
        doing::whole_organization(),
    ))?;
    let statuses = [
        Status::Scheduled,
        Status::Confirmed,
        Status::InProgress,
        Status::Completed,
        Status::Cancelled,
        Status::NoShow,
        Status::RequireReassignment,
        Status::RequireReinspection,
        Status::RequireReschedule,
    ];
    let mut tx = world.office.write()?;
    now(async {
        for (n, record) in tx
            .range(Kind::Appointment, "day", "")
            .await?
            .records
            .into_iter()
            .enumerate()
        {
            let Body::Appointment(mut visit) = record.body.clone() else {
                continue;
            };
            visit.status = statuses[n % statuses.len()];
            if n % 3 == 0 {
                visit.applicant = Some(Town::person(["bruno", "ana"][n % 2])?);
            }
            if visit.status == Status::Completed {
                visit.completed_at = Some(Town::MORNING - 1000);
            }
            write(
                &mut tx,
                &Effect::puts(vec![domain::Record::new(record.id.clone(), *visit)]),
            )
            .await?;
        }
        anyhow::Ok(tx.commit().await?)
    })?;
    world.begins_here()?;
    for number in 0..world.laptops.len() {
        world.exchange(number)?;
    }
    Ok(world)
}

fn commands() -> Vec<Command> {
    let mut commands = Vec::new();
    for n in 0..12 {
        let visit = format!("visit-{n:02}");
        let visit = visit.as_str();
        commands.push(doing::start(visit));
        commands.push(doing::answer(
            visit,
            "access",
            json!({}),
            json!({ "answer": "pass" }),
        ));
        commands.push(doing::answer(
            visit,
            "access",
            json!({ "answer": "fail" }),
            json!({ "answer": "pass" }),
        ));
        commands.push(doing::answer(
            visit,
            "no-such-line",
            json!({}),
            json!({ "answer": "pass" }),
        ));
        commands.push(doing::result(visit, "passed"));
        commands.push(doing::result(visit, "failed"));
        commands.push(doing::note(visit, "n-1", "A note"));
        commands.push(doing::note(visit, "n-1", " "));
        commands.push(doing::photo(visit, &"a".repeat(64), 9));
        commands.push(doing::photo(visit, "x", 9));
        commands.push(doing::request(visit));
        for to in ["ana", "bruno", "carla", "tomas", "nobody"] {
            for saw in [None, Some("ana"), Some("bruno"), Some("carla")] {
                commands.push(doing::reassign(visit, to, saw));
            }
        }
    }
    for person in ["ana", "laura", "nadia", "nobody"] {
        for (role, scope) in [
            ("manager", doing::whole_organization()),
            ("inspector", doing::calendar("fire")),
            ("no-such", doing::calendar("fire")),
        ] {
            commands.push(doing::grant("g-new", person, role, scope));
        }
    }
    for grant in ["grant-ana", "grant-laura", "grant-tomas", "g-1", "no-such"] {
        commands.push(doing::withdraw(grant));
    }
    commands
}

type Decision = std::result::Result<Effect, Refusal>;

fn office_decides(world: &mut World, person: &str, command: &Command) -> Result<Decision> {
    let at = world.now;
    let mut tx = world.office.read()?;
    now(async {
        let actor = Actor::new(rights_of(&mut tx, &Town::person(person)?, at).await?);
        let found = find(&mut tx, command).await?;
        Ok(domain::decide(
            command,
            Context {
                at,
                claimed_at: at,
                actor: &actor,
            },
            &found,
        ))
    })
}

/// What the laptop says, and whether it leaves the decision to the office; nothing stays behind.
fn laptop_decides(
    world: &mut World,
    person: &str,
    command: &Command,
) -> Result<std::result::Result<bool, Refusal>> {
    let (at, id) = (world.now, world.fresh_id());
    let device = world.laptop(person)?.device()?;
    let outcome = device.submit(at, id.clone(), command.clone(), None)?;
    if outcome.is_ok() {
        ensure!(device.undo(&id)?, "it cannot be undone");
    }
    Ok(outcome.map(|submitted| submitted.asks_office))
}

fn code(refusal: &Refusal) -> Option<Code> {
    match refusal {
        Refusal::Denied(denial) => Some(denial.code),
        Refusal::Contested(_) => None,
    }
}

#[test]
fn x_04_and_x_02_offline_everybody_is_told_what_the_office_would_say() -> Result<()> {
    let mut world = town()?;
    let (mut same, mut asked) = (0, 0);
    for person in Town::everybody() {
        for command in commands() {
            let here = laptop_decides(&mut world, person, &command)?;
            let there = office_decides(&mut world, person, &command)?;
            let told = format!("{person} {command:?}: here {here:?}, there {there:?}");
            match (&here, &there) {
                (Ok(false), Ok(_)) | (Ok(true), Ok(_)) => same += 1,
                // Left to the office, because it rests on something this laptop does not hold.
                (Ok(true), Err(_)) => asked += 1,
                (Ok(false), Err(_)) => anyhow::bail!("let through and refused: {told}"),
                (Err(_), Ok(_)) => anyhow::bail!("denied and allowed: {told}"),
                (Err(here), Err(there)) => {
                    let (here, there) = (code(here), code(there));
                    // What is not held is not told from what does not exist.
                    let alike =
                        here == there || (here == Some(Code::NotHeldHere) && there == Some(Code::NotFound));
                    let eligible = here == Some(Code::NotHeldHere) && there == Some(Code::NotEligible);
                    ensure!(alike || eligible, "another reason: {told}");
                    same += 1;
                }
            }
        }
    }
    ensure!(same > 2000 && asked < same / 10, "{same} the same, {asked} asked");
    Ok(())
}

#[test]
fn x_02_with_everything_held_the_laptop_and_the_office_write_the_same() -> Result<()> {
    let mut world = town()?;
    let mut rng = Rng::new(11);
    let all = commands();
    let (mut taken, mut refused) = (0, 0);
    for round in 0..300 {
        let command = rng.pick(&all).context("no commands")?.clone();
        let there = office_decides(&mut world, "laura", &command)?;
        let at = world.now;
        let here = world.does("laura", command.clone())?;
        match (here, there) {
            (Ok(id), Ok(effect)) => {
                taken += 1;
                for put in &effect.puts {
                    if put.kind() == Kind::Grant || put.kind() == Kind::Person {
                        continue;
                    }
                    let device = world.laptop("laura")?.device()?;
                    let shown = device.sheet(at, &put.id)?.context("not there")?.row.body;
                    ensure!(
                        shown == put.body.to_value()?,
                        "round {round}: {command:?} gives another record here"
                    );
                }
                // Half of them are really done, so that later ones meet other states.
                if rng.chance(50) {
                    world.syncs("laura")?;
                } else {
                    ensure!(world.undoes("laura", &id)?);
                }
            }
            (Err(here), Err(there)) => {
                refused += 1;
                let texts = [format!("{here:?}"), format!("{there:?}")];
                let unheld = code(&here) == Some(Code::NotHeldHere) || code(&there) == Some(Code::NotFound);
                ensure!(
                    texts[0] == texts[1] || unheld,
                    "round {round}: {command:?}: {texts:?}"
                );
            }
            (here, there) => anyhow::bail!("round {round}: {command:?}: here {here:?}, there {there:?}"),
        }
    }
    ensure!(taken > 40 && refused > 40, "{taken} taken, {refused} refused");
    ensure!(
        world.laptop("laura")?.device()?.returned()?.is_empty(),
        "the office refused what was let through"
    );
    Ok(())
}

#[test]
fn x_03_and_sec_4_every_laptop_holds_the_permitted_rows_and_fields_and_no_other() -> Result<()> {
    let mut world = town()?;
    for person in Town::everybody() {
        let at = world.now;
        let mut expected: BTreeMap<(View, RecordId), Value> = BTreeMap::new();
        let mut tx = world.office.read()?;
        let actor = Actor::new(now(rights_of(&mut tx, &Town::person(person)?, at))?);
        let held = of_actor(&actor);
        for (kind, index) in [
            (Kind::Appointment, "day"),
            (Kind::Permit, "number"),
            (Kind::Calendar, "all"),
            (Kind::InspectionType, "calendar"),
            (Kind::Block, "calendar"),
            (Kind::Person, "username"),
            (Kind::Grant, "person"),
            (Kind::ReturnedWork, "calendar"),
        ] {
            for record in now(tx.range(kind, index, ""))?.records {
                let body = record.body.to_value()?.to_string();
                for view in record.views().into_iter().filter(|view| held.contains(view)) {
                    let shown = serde_json::from_str(&cut(kind, view.mask, &body)?)?;
                    expected.insert((view, record.id.clone()), shown);
                }
            }
        }
        drop(tx);
        ensure!(
            world.laptop(person)?.device()?.held_rows()? == expected,
            "{person}"
        );
        let views: Vec<String> = world
            .laptop(person)?
            .device()?
            .holdings()?
            .views
            .into_iter()
            .map(|held| held.view)
            .collect();
        let mut of_policy: Vec<String> = held.iter().map(View::to_string).collect();
        of_policy.sort();
        ensure!(views == of_policy, "{person} holds {views:?}");
    }
    Ok(())
}
