//! What changes at the office: roles, accounts, and where things belong.

use super::town::SOUTH;
use crate::world::World;
use crate::{BUILDING, FIRE, Rng, Town};
use anyhow::{Context as _, Result, bail};
use domain::inspections::{Appointment, Calendar};
use domain::people::{GrantRole, WithdrawGrant};
use domain::{Body, Record};
use policy::{GrantId, Kind, Millis, PersonId, RecordId, RoleName, Scope, TeamId};
use store::OfficeTx as _;
use sync::Answer;

/// The departments of the town's two calendars.
const DEPARTMENTS: [&str; 2] = ["dep-building", "dep-fire"];
const PEOPLE: [&str; 4] = ["ana", "bruno", "carla", "marta"];

/// One change; tells what it was. `text` is a fresh text for whatever is said with it, `later` an instant to come.
pub fn change(
    world: &mut World,
    rng: &mut Rng,
    (step, text): (usize, String),
    later: Millis,
) -> Result<String> {
    match rng.below(12) {
        0..3 => give(world, rng, (step, text), later),
        3..6 => withdraw(world, rng, text),
        6 | 7 => reassign(world, rng),
        8 => calendar(world, rng),
        9 => applicant(world, rng),
        _ => account(world, rng),
    }
}

fn give(world: &mut World, rng: &mut Rng, (step, text): (usize, String), later: Millis) -> Result<String> {
    let person = *rng.pick(&Town::everybody()).context("nobody")?;
    let roles = [
        "inspector",
        "inspector",
        "manager",
        "manager",
        "citizen",
        "administrator",
    ];
    let role = *rng.pick(&roles).context("no role")?;
    let scopes = [
        "organization".to_owned(),
        format!("calendar/{BUILDING}"),
        format!("calendar/{FIRE}"),
        format!("department/{}", DEPARTMENTS[rng.below(2)]),
        "team/north".to_owned(),
        format!("team/{SOUTH}"),
    ];
    let scope = rng.pick(&scopes).context("no scope")?;
    let grant = GrantRole {
        grant: GrantId::parse(format!("grant-step-{step}"))?,
        person: Town::person(person)?,
        role: RoleName(format!("inspections.{role}")),
        scope: Scope::parse(scope).map_err(anyhow::Error::msg)?,
        from: rng.chance(15).then_some(world.now + 1),
        until: rng.chance(40).then_some(later),
        because: text,
    };
    let given = world.office_tries(grant)? == Answer::Taken;
    Ok(format!("{person} is given {role} in {scope}: {given}"))
}

fn withdraw(world: &mut World, rng: &mut Rng, text: String) -> Result<String> {
    let grants = of_kind(world, Kind::Grant, "person")?;
    let in_force = |record: &&Record| matches!(&record.body, Body::Grant(grant) if grant.withdrawn.is_none());
    let grants: Vec<&Record> = grants.iter().filter(in_force).collect();
    let Some(record) = rng.pick(&grants) else {
        return Ok("nothing to withdraw".to_owned());
    };
    let answer = world.office_tries(WithdrawGrant {
        grant: record.id.clone().into(),
        because: text,
    })?;
    Ok(format!("{} is withdrawn: {}", record.id, answer == Answer::Taken))
}

/// A visit goes to another person, team or calendar, and its permit with it.
fn reassign(world: &mut World, rng: &mut Rng) -> Result<String> {
    let (before, mut after) = visit(world, rng)?;
    let what = match rng.below(4) {
        0 => {
            after.0.calendar = Some([BUILDING, FIRE][rng.below(2)].to_owned().try_into()?);
            "calendar"
        }
        1 => {
            let team = [None, Some("north"), Some(SOUTH)][rng.below(3)];
            after.0.team = team.map(TeamId::parse).transpose()?;
            "team"
        }
        _ => {
            after.0.assignee = Some(PersonId::parse(PEOPLE[rng.below(4)])?);
            "person"
        }
    };
    let (id, permit_id) = (after.1.clone(), before.permit.clone().context("no permit")?);
    let mut changed = Vec::new();
    if let Some(Body::Permit(mut permit)) = body(world, &permit_id)? {
        permit.calendar.clone_from(&after.0.calendar);
        if permit.relink(Some(&before), Some(&after.0)).is_err() {
            return Ok(format!("{id} stays: its permit has too many links"));
        }
        changed.push(Record::new(permit_id, *permit));
    }
    changed.push(Record::new(id.clone(), after.0));
    world.writes(changed)?;
    Ok(format!("{id} goes to another {what}"))
}

/// A visit and its permit get another applicant.
fn applicant(world: &mut World, rng: &mut Rng) -> Result<String> {
    let (before, (mut visit, id)) = visit(world, rng)?;
    let person = [None, Some("tomas"), Some("nadia"), Some("ana")][rng.below(4)];
    visit.applicant = person.map(PersonId::parse).transpose()?;
    let mut changed = Vec::new();
    if let Some(permit_id) = before.permit
        && let Some(Body::Permit(mut permit)) = body(world, &permit_id)?
    {
        permit.applicant.clone_from(&visit.applicant);
        changed.push(Record::new(permit_id, *permit));
    }
    changed.push(Record::new(id.clone(), visit));
    world.writes(changed)?;
    Ok(format!("the applicant of {id} is {person:?}"))
}

/// A calendar is opened or closed, moves to a department, or gives its team to the other one.
fn calendar(world: &mut World, rng: &mut Rng) -> Result<String> {
    let which = rng.below(2);
    let ids = [BUILDING, FIRE].map(RecordId::parse);
    let [one, other] = ids;
    let (one, other) = (one?, other?);
    let mut both = [calendar_of(world, &one)?, calendar_of(world, &other)?];
    let what = match rng.below(4) {
        0 => {
            both[which].public = !both[which].public;
            "public or not"
        }
        1 => {
            both[which].active = !both[which].active;
            "active or not"
        }
        2 => {
            // A department has one name, whichever of its calendars says it.
            both[which].department = both[1 - which].department.clone();
            both[which].department_name = both[1 - which].department_name.clone();
            "of the other's department"
        }
        _ => {
            let teams = std::mem::take(&mut both[which].teams);
            both[1 - which].teams.extend(teams);
            "without its teams"
        }
    };
    let [first, second] = both;
    world.writes(vec![Record::new(one, first), Record::new(other, second)])?;
    Ok(format!("calendar {which} is {what}"))
}

fn account(world: &mut World, rng: &mut Rng) -> Result<String> {
    let person = *rng.pick(&Town::everybody()).context("nobody")?;
    let on = rng.chance(75);
    world.switches(person, on)?;
    Ok(format!("{person} is switched on: {on}"))
}

/// One of the visits, as it is and as it will be.
fn visit(world: &mut World, rng: &mut Rng) -> Result<(Appointment, (Appointment, RecordId))> {
    let id = RecordId::parse(format!("visit-{:02}", rng.below(12)))?;
    match body(world, &id)? {
        Some(Body::Appointment(visit)) => Ok(((*visit).clone(), (*visit, id))),
        _ => bail!("{id} is no visit"),
    }
}

fn calendar_of(world: &mut World, id: &RecordId) -> Result<Calendar> {
    match body(world, id)? {
        Some(Body::Calendar(calendar)) => Ok(calendar),
        _ => bail!("{id} is no calendar"),
    }
}

fn body(world: &mut World, id: &RecordId) -> Result<Option<Body>> {
    let mut tx = world.office.read()?;
    Ok(world
        .truth
        .record(&mut tx, id)?
        .map(|known| known.record.body.clone()))
}

fn of_kind(world: &mut World, kind: Kind, index: &'static str) -> Result<Vec<Record>> {
    let mut tx = world.office.read()?;
    let ids = pollster::block_on(tx.load_range(kind, index, ""))?;
    let mut records = Vec::new();
    for row in ids {
        let id = RecordId::parse(&row.id)?;
        if let Some(known) = world.truth.record(&mut tx, &id)? {
            records.push(known.record.clone());
        }
    }
    Ok(records)
}
