//! A laptop whose person opens a calendar in an emergency: the office decides, the laptop shows it, and lets it go when it is over.

use crate::doing;
use anyhow::{Context as _, Result, ensure};
use policy::inspections::EMERGENCY_HOURS;
use policy::{Code, Kind, Millis};
use sim::{Town, World};

const WHY: &str = "Smoke behind the wall of number 454";
const HOUR: Millis = 3_600_000;

fn world() -> Result<World> {
    let mut world = World::with(&["carla", "marta", "laura", "ana"])?;
    for person in ["carla", "marta", "laura", "ana"] {
        world.syncs(person)?;
    }
    Ok(world)
}

/// The visits of building that Carla's laptop shows.
fn shown(world: &mut World) -> Result<usize> {
    let rows = world.laptop("carla")?.device()?.held_rows()?;
    let of_building = rows
        .iter()
        .filter(|((view, _), _)| view.to_string() == "calendar/building#onsite");
    Ok(of_building.count())
}

fn opens(world: &mut World) -> Result<()> {
    let given = world.does("carla", doing::break_glass("e-carla", "building", WHY))?;
    ensure!(given.is_ok(), "{given:?}");
    Ok(())
}

#[test]
fn x_03_and_x_06_what_was_open_in_an_emergency_is_gone_when_its_time_is_over() -> Result<()> {
    let mut world = world()?;
    ensure!(shown(&mut world)? == 0);
    opens(&mut world)?;
    let now = world.now;
    let device = world.laptop("carla")?.device()?;
    // Without the office nothing is open: the request waits, and says so.
    ensure!(device.emergencies(now)?.is_empty());
    let own = device.accesses()?.remove(0);
    ensure!(own.waiting == ["break_glass"], "{own:?}");
    let waiting = device.waiting()?.remove(0);
    ensure!(
        waiting.target_title == "Building inspections" && waiting.summary.contains(WHY),
        "{waiting:?}"
    );

    world.syncs("carla")?;
    ensure!(shown(&mut world)? == 9);
    let device = world.laptop("carla")?.device()?;
    let open = device.emergencies(now)?.remove(0);
    ensure!(open.title == "Building inspections" && open.until == now + Millis::from(EMERGENCY_HOURS) * HOUR);
    ensure!(device.accesses_to_review()? == 0, "nobody reviews their own");
    let access = device.access(now)?;
    ensure!(access.opens_in_emergency, "with one open it is still offered");
    let denial = access.emergency_denial.context("another one is offered")?;
    ensure!(denial.code == Code::WrongState, "{denial:?}");
    for person in ["marta", "laura", "ana"] {
        world.syncs(person)?;
    }
    world.holds_the_permitted()?;

    // A minute before its end it is there still, a minute later it is not, and the laptop proves that.
    world.now += Millis::from(EMERGENCY_HOURS) * HOUR - 60_000;
    world.syncs("carla")?;
    ensure!(shown(&mut world)? == 9);
    world.now += 120_000;
    let now = world.now;
    ensure!(
        world.laptop("carla")?.device()?.emergencies(now)?.is_empty(),
        "it ends without the office too"
    );
    world.syncs("carla")?;
    ensure!(shown(&mut world)? == 0);
    let device = world.laptop("carla")?.device()?;
    let (receipt, is_seen) = device.receipts()?.remove(0);
    ensure!(
        receipt.verified && receipt.records >= 9 && !is_seen,
        "{receipt:?}"
    );
    ensure!(
        receipt
            .titles
            .contains(&"Inspections of Building inspections, opened in an emergency".to_owned()),
        "{receipt:?}"
    );
    ensure!(
        device
            .search("Calle Larga", 50)?
            .iter()
            .all(|row| row.body["calendar"] == "fire")
    );
    world.holds_the_permitted()
}

#[test]
fn c_bp_06_supervisors_review_an_access_on_their_laptops_and_its_holder_reads_it() -> Result<()> {
    let mut world = world()?;
    opens(&mut world)?;
    for person in ["carla", "marta", "laura", "ana"] {
        world.syncs(person)?;
    }
    for (person, expected) in [("marta", 1), ("laura", 1), ("ana", 0), ("carla", 0)] {
        let count = world.laptop(person)?.device()?.accesses_to_review()?;
        ensure!(count == expected, "{person} has {count} to review");
    }
    let now = world.now;
    let id = policy::RecordId::parse("e-carla")?;
    let sheet = world
        .laptop("marta")?
        .device()?
        .sheet(now, &id)?
        .context("no access")?;
    let offers: Vec<_> = sheet
        .affordances
        .iter()
        .map(|one| (one.command.as_str(), one.allowed))
        .collect();
    ensure!(
        offers == [("end_access", false), ("review_access", true)],
        "{offers:?}"
    );
    let given = world.does("marta", doing::review_access("e-carla", "not_justified"))?;
    ensure!(given.is_ok(), "{given:?}");
    ensure!(world.laptop("marta")?.device()?.accesses_to_review()? == 0);
    for person in ["marta", "carla", "laura"] {
        world.syncs(person)?;
    }
    ensure!(shown(&mut world)? == 0);
    let own = world
        .laptop("carla")?
        .device()?
        .sheet(now, &id)?
        .context("no access")?;
    ensure!(
        own.row.kind == Kind::Grant.name() && own.row.body["emergency"]["review"]["by"] == "Marta Sosa",
        "{own:?}"
    );
    ensure!(world.laptop("laura")?.device()?.accesses_to_review()? == 0);
    world.holds_the_permitted()
}

#[test]
fn x_04_a_laptop_refuses_an_emergency_where_the_office_would() -> Result<()> {
    let mut world = World::with(&["ana", "tomas", "nadia", "carla"])?;
    for person in ["ana", "tomas", "nadia", "carla"] {
        world.syncs(person)?;
    }
    for (person, because, expected) in [
        ("ana", WHY, Code::WrongState),
        ("tomas", WHY, Code::NotGranted),
        ("nadia", WHY, Code::NotGranted),
        ("carla", "Help!", Code::InvalidInput),
    ] {
        let given = world.does(person, doing::break_glass("e-1", "building", because))?;
        ensure!(crate::code(given) == Some(expected), "{person}");
    }
    // Fire is not open to the public, so nobody else is told that there is such a calendar.
    let given = world.does("ana", doing::break_glass("e-1", "fire", WHY))?;
    ensure!(crate::code(given) == Some(Code::NotHeldHere));
    let access = world.laptop("carla")?.device()?.access(Town::MORNING)?;
    let open: Vec<_> = access
        .places
        .iter()
        .map(|place| (place.id.as_str(), place.may_open))
        .collect();
    ensure!(
        open == [("building", true), ("fire", false)] && access.emergency_denial.is_none(),
        "{open:?}"
    );
    let access = world.laptop("tomas")?.device()?.access(Town::MORNING)?;
    let denial = access.emergency_denial;
    ensure!(denial.is_some_and(|denial| denial.code == Code::NotGranted));
    ensure!(!access.opens_in_emergency, "an applicant is offered it");
    Ok(())
}
