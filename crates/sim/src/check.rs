//! What must hold: after every step (safety), and once the faults have stopped (liveness).

use crate::act::BECAUSE;
use crate::town::CUTOFF_MINUTE;
use crate::witness::Life;
use crate::world::World;
use anyhow::{Context as _, Result, bail, ensure};
use device::{Reply, Request};
use domain::emergency::{BreakGlass, EndAccess, ReviewAccess};
use domain::people::GrantBody;
use domain::returned::{AdoptReturnedWork, DiscardReturnedWork};
use domain::{Body, Command, CommandId};
use policy::inspections::{self, AppointmentFacts};
use policy::views::{VIEWS_PER_PERSON_MAX, View, fields, of_actor};
use policy::{Actor, Denial, Kind, PersonId, RecordId};
use rusqlite::Connection;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use sync::{Answer, Control, LEASE_MILLIS, Page, PullReply, PushReply, PushRequest};

/// What the office reads of one request, in bytes.
const REQUEST_MAX: usize = 2 * 1024 * 1024;

/// The visit and the id of a note.
pub fn note_of(command: &Command) -> Option<(RecordId, RecordId)> {
    match command {
        Command::AddNote(note) => Some((note.appointment.clone(), note.note.clone())),
        _ => None,
    }
}

/// What a laptop sends: nothing but what was given on it, small enough; and no receipt for what it still holds.
pub fn sent(world: &mut World, number: usize, request: &Request) -> Result<()> {
    match request {
        Request::Control(control) => {
            for receipt in &control.receipts {
                ensure!(
                    receipt.verified,
                    "laptop {number} removed {:?} and something was left of it",
                    receipt.views
                );
                let held = receipt.views.iter().find(|view| control.held.contains(view));
                ensure!(
                    held.is_none(),
                    "laptop {number} says it removed {held:?}, and holds it"
                );
            }
        }
        Request::Push(push) => {
            for envelope in &push.commands {
                let given = world.witness.given.get(&(number, envelope.id.clone()));
                ensure!(
                    given.is_some(),
                    "laptop {number} sends {}, which nobody gave",
                    envelope.id.as_str()
                );
            }
            let bytes = serde_json::to_vec(push)?.len();
            ensure!(
                bytes <= REQUEST_MAX,
                "laptop {number} sends {bytes} bytes at once"
            );
        }
        Request::Pull(pull) => {
            // A difference is healed; but something must have gone wrong outside for there to be one.
            ensure!(
                !pull.tallies || world.witness.was_careless,
                "what laptop {number} holds differs from the office's tally"
            );
        }
    }
    Ok(())
}

/// What the office answers: to whom it may, what they may see, and the same answer to the same command.
pub fn answered(
    world: &mut World,
    number: usize,
    credential: &str,
    request: &Request,
    reply: &Reply,
) -> Result<()> {
    let person = world.laptops[number].caller.person.clone();
    let (now, life) = (world.now, &mut world.witness.life);
    ensure!(
        !life.switched_off.contains(&person),
        "{person} is switched off and was answered"
    );
    let expires = life.credentials.get_mut(credential);
    let expires = expires.with_context(|| format!("{credential} has ended and was answered"))?;
    ensure!(*expires > now, "{credential} has run out and was answered");
    match (request, reply) {
        (Request::Control(_), Reply::Control(control)) => {
            *expires = (*expires).max(now + LEASE_MILLIS);
            rights(world, &person, control)
        }
        (Request::Push(push), Reply::Push(reply)) => answers(world, &person, push, reply),
        (Request::Pull(_), Reply::Pull(PullReply::Page(page))) => shown(world, &person, page),
        (Request::Pull(_), Reply::Pull(PullReply::RightsChanged)) => Ok(()),
        _ => bail!("the office answered another question"),
    }
}

fn actor(world: &mut World, person: &PersonId) -> Result<Actor> {
    let at = (world.witness.restored, world.now);
    let mut tx = world.office.read()?;
    world.truth.actor(&mut tx, person, at)
}

/// A laptop is told to hold exactly the views of its person.
fn rights(world: &mut World, person: &PersonId, control: &Control) -> Result<()> {
    let views = of_actor(&actor(world, person)?);
    ensure!(
        views.len() <= VIEWS_PER_PERSON_MAX,
        "{person} holds {} views",
        views.len()
    );
    let told = of_actor(&Actor::new(control.rights.clone()));
    ensure!(told == views, "{person} is told of {told:?} and has {views:?}");
    Ok(())
}

/// Each command has one answer, is applied exactly once, and is taken only where its author may.
fn answers(world: &mut World, person: &PersonId, push: &PushRequest, reply: &PushReply) -> Result<()> {
    ensure!(
        push.commands.len() == reply.answers.len(),
        "{} commands have {} answers",
        push.commands.len(),
        reply.answers.len()
    );
    let actor = actor(world, person)?;
    for (envelope, answered) in push.commands.iter().zip(&reply.answers) {
        let id = envelope.id.as_str();
        ensure!(envelope.id == answered.id, "the answer to {id} is one to another");
        let hash = *blake3::hash(&serde_json::to_vec(envelope)?).as_bytes();
        match world.witness.life.answered.get(&envelope.id) {
            Some((known, answer)) if *known == hash => {
                // Who has lost the right meanwhile is told that instead of what was refused before.
                let has_lost = *answer != Answer::Taken
                    && matches!(&answered.answer, Answer::Refused { denial } if denial.code.is_of_rights());
                ensure!(
                    *answer == answered.answer || has_lost,
                    "{id} was answered {answer:?}, and now {:?}",
                    answered.answer
                );
            }
            known if is_other(&world.witness.life, &envelope.id, hash, known.is_some()) => {
                let refused =
                    matches!(&answered.answer, Answer::Refused { denial } if denial.rule == "FLT-13");
                ensure!(
                    refused,
                    "{id} carries another command's id: {:?}",
                    answered.answer
                );
            }
            _ => {
                if answered.answer != Answer::Taken {
                    world.witness.came_back.insert(envelope.id.clone());
                }
                let life = &mut world.witness.life;
                life.answered
                    .insert(envelope.id.clone(), (hash, answered.answer.clone()));
                if life.deposited.contains(&envelope.id) {
                    if !world.settles(envelope, BECAUSE)? {
                        continue;
                    }
                    world.witness.life.settled.insert(envelope.id.clone());
                } else if world.waiting_work(envelope)?.is_some() {
                    world.witness.life.returned.insert(envelope.id.clone());
                }
                if answered.answer == Answer::Taken {
                    world.witness.life.applied.insert(envelope.id.clone());
                    allowed(world, &actor, &envelope.command).with_context(|| format!("{id} was taken"))?;
                }
            }
        }
    }
    let (seq, life) = (world.number()?, &world.witness.life);
    let changes = seq - life.begun_at;
    let expected = life.changes()?;
    ensure!(
        changes == expected,
        "{} commands were taken, {} returned, {} left and {} of these sent: the office changed {changes} times, not {expected}",
        life.applied.len(),
        life.returned.len(),
        life.deposited.len(),
        life.settled.len()
    );
    Ok(())
}

/// Whether something else stands under that id: what was left sealed first or, where nothing was left, what was answered.
fn is_other(life: &Life, id: &CommandId, hash: [u8; 32], was_answered: bool) -> bool {
    life.left.get(id).map_or(was_answered, |left| *left != hash)
}

/// A second opinion on some commands, from the policy and the office's own clock.
fn allowed(world: &mut World, actor: &Actor, command: &Command) -> Result<()> {
    let (visit, action) = match command {
        Command::AdoptReturnedWork(AdoptReturnedWork { work, .. })
        | Command::DiscardReturnedWork(DiscardReturnedWork { work, .. }) => {
            return decides(world, actor, work);
        }
        Command::BreakGlass(BreakGlass { grant, .. })
        | Command::EndAccess(EndAccess { grant })
        | Command::ReviewAccess(ReviewAccess { grant, .. }) => {
            return accesses(world, actor, command, &grant.clone().into());
        }
        Command::AddNote(input) => (&input.appointment, inspections::Action::AddNote),
        Command::Reassign(input) => (&input.appointment, inspections::Action::Reassign),
        Command::RequestReassignment(input) => (&input.appointment, inspections::Action::RequestReassignment),
        _ => return Ok(()),
    };
    let facts = facts(world, visit)?;
    if let Err(denial) = inspections::may(actor, action, &facts.0) {
        bail!("{} may not: {denial}", actor.person());
    }
    if action == inspections::Action::RequestReassignment {
        let (today, minute) = domain::time::local(world.now, "UTC");
        let in_time = facts
            .1
            .is_none_or(|day| today < day || (today == day && minute < CUTOFF_MINUTE));
        ensure!(in_time, "it is too late for that, whatever a laptop's clock says");
    }
    Ok(())
}

/// Returned work is decided by those who supervise where it belongs, once.
fn decides(world: &mut World, actor: &Actor, id: &RecordId) -> Result<()> {
    let now = world.now;
    let mut tx = world.office.read()?;
    let known = world.truth.record(&mut tx, id)?.context("no such work")?;
    let Body::ReturnedWork(work) = &known.record.body else {
        bail!("{id} is no returned work");
    };
    let decision = work.decision.as_ref().context("it is decided by nobody")?;
    ensure!(decision.at == now, "{} decided it before", decision.by);
    let facts = AppointmentFacts {
        team: work.team.clone(),
        ..AppointmentFacts::of_calendar(work.calendar.clone())
    };
    match inspections::may(actor, inspections::Action::OverrideRules, &facts) {
        Err(_) if work.is_conflict() && work.author == *actor.person() => Ok(()),
        Ok(()) => Ok(()),
        Err(denial) => bail!("{} may not: {denial}", actor.person()),
    }
}

/// A calendar is opened in an emergency by somebody who works in another one, for a few hours; its supervisors review that, and
/// nobody else does.
fn accesses(world: &mut World, actor: &Actor, command: &Command, id: &RecordId) -> Result<()> {
    let now = world.now;
    let mut tx = world.office.read()?;
    let known = world.truth.record(&mut tx, id)?.context("no such access")?;
    let Body::Grant(GrantBody {
        person,
        from,
        until,
        withdrawn,
        emergency: Some(emergency),
        ..
    }) = &known.record.body
    else {
        bail!("{id} is no emergency access");
    };
    let is_own = person == actor.person();
    let facts = AppointmentFacts::of_calendar(emergency.calendar.clone());
    let action = match command {
        Command::BreakGlass(_) => {
            let hours = inspections::EMERGENCY_HOURS;
            let until_then = now + i64::from(hours) * 3_600_000;
            ensure!(is_own, "{id} is {person}'s");
            ensure!(
                (*from, *until) == (Some(now), Some(until_then)),
                "{id} is from {from:?} until {until:?}"
            );
            inspections::Action::BreakGlass
        }
        Command::EndAccess(_) => {
            ensure!(is_own && withdrawn.is_some(), "{id} is {person}'s");
            return Ok(());
        }
        _ => {
            let review = emergency.review.as_ref().context("it is reviewed by nobody")?;
            ensure!(review.at == now, "{} reviewed it before", review.by);
            ensure!(!is_own, "{person} reviewed their own access");
            inspections::Action::ReviewAccess
        }
    };
    // What they could see without any emergency, be it this one or the next in the same push.
    let mut before = actor.clone();
    let is_emergency = |grant: &policy::Grant| grant.role == inspections::emergency_role();
    before.rights.grants.retain(|grant| !is_emergency(grant));
    let open = actor.rights.grants.len() - before.rights.grants.len();
    ensure!(open <= 1, "{person} has {open} calendars open in emergencies");
    match inspections::may(&before, action, &facts) {
        Ok(()) => Ok(()),
        Err(denial) => bail!("{} may not: {denial}", actor.person()),
    }
}

type Day = chrono::NaiveDate;

fn facts(world: &mut World, visit: &RecordId) -> Result<(AppointmentFacts, Option<Day>)> {
    let mut tx = world.office.read()?;
    let known = world.truth.record(&mut tx, visit)?.context("no such visit")?;
    match &known.record.body {
        Body::Appointment(visit) => Ok((visit.facts(), visit.day)),
        _ => bail!("{visit} is no visit"),
    }
}

/// Nothing leaves the office that this person may not see at this moment, field by field.
fn shown(world: &mut World, person: &PersonId, page: &Page) -> Result<()> {
    let actor = actor(world, person)?;
    let held = of_actor(&actor);
    let mut tx = world.office.read()?;
    for row in &page.rows {
        let view = page
            .views
            .get(usize::from(row.view))
            .context("a row of no view")?;
        let known = world
            .truth
            .record(&mut tx, &row.id)?
            .with_context(|| format!("{} was sent and does not exist", row.id))?;
        ensure!(
            held.contains(view) && known.views.contains(view),
            "{person} was sent {} through {view}",
            row.id
        );
        if let Body::Appointment(visit) = &known.record.body {
            seen(&actor, &row.id, &visit.facts())?;
        }
        if row.body.get() != known.shown(view.mask)? {
            let body: BTreeMap<String, Value> = serde_json::from_str(row.body.get())?;
            let hidden = body.keys().find(|name| !fields(row.kind, view.mask).shows(name));
            bail!(
                "{person} was sent {} through {view} otherwise than it is; hidden is {hidden:?}",
                row.id
            );
        }
    }
    Ok(())
}

/// A second opinion on visits, from the rule that decides actions rather than from views.
fn seen(actor: &Actor, id: &RecordId, facts: &AppointmentFacts) -> Result<()> {
    let allowed: std::result::Result<(), Denial> =
        inspections::may(actor, inspections::Action::ViewAppointments, facts);
    ensure!(
        allowed.is_ok(),
        "{} was sent {id} and may not see it",
        actor.person()
    );
    Ok(())
}

/// A laptop holds no view its person has lost as far as it knows, and every command given on it is somewhere.
pub fn laptop(world: &mut World, number: usize) -> Result<()> {
    let laptop = &mut world.laptops[number];
    let device = laptop.device()?;
    let allowed = of_actor(&Actor::new(device.rights().clone()));
    for (view, _) in device.files().0.views()? {
        ensure!(allowed.contains(&view), "laptop {number} still holds {view}");
    }
    let (kept, now) = (laptop.kept()?, world.now);
    for (id, given) in world.witness.given_on(number) {
        ensure!(
            kept.contains(id)
                || world.witness.life.answered.contains_key(id)
                || world.witness.may_be_gone(given, now),
            "command {} of laptop {number} is nowhere",
            id.as_str()
        );
    }
    Ok(())
}

/// Each note stands once, notes of one laptop stand in the order they were given, and no visit was started twice.
pub fn visits(world: &mut World) -> Result<()> {
    let orders: BTreeMap<&RecordId, (usize, usize)> = world
        .witness
        .given
        .iter()
        .filter(|((_, id), given)| !given.is_forked && !world.witness.came_back.contains(id))
        .filter_map(|((laptop, _), given)| Some((&given.note.as_ref()?.1, (*laptop, given.order))))
        .collect();
    let mut tx = world.office.read()?;
    for id in world.truth.visits(&mut tx)? {
        let Body::Appointment(visit) = &world.truth.read(&id)?.record.body else {
            continue;
        };
        let (mut texts, mut last) = (BTreeSet::new(), BTreeMap::new());
        for note in &visit.notes {
            ensure!(
                texts.insert(&note.text),
                "note `{}` stands twice on {id}",
                note.text
            );
            if let Some((laptop, order)) = orders.get(&note.id) {
                let before = last.insert(*laptop, *order).unwrap_or(0);
                ensure!(
                    before < *order || world.witness.was_careless,
                    "note `{}` stands on {id} after later ones of laptop {laptop}",
                    note.text
                );
            }
        }
        let starts = visit
            .history
            .iter()
            .filter(|event| event.what == "start_inspection")
            .count();
        ensure!(starts <= 1, "{id} was started {starts} times");
    }
    Ok(())
}

/// With the faults over: whoever may be answered has nothing waiting, every command has an answer that its author knows, and
/// what was taken is there.
pub fn settled(world: &mut World) -> Result<()> {
    let devices: Vec<String> = reachable(world)
        .into_iter()
        .map(|number| world.laptops[number].caller.device.clone())
        .collect();
    for (index, device) in devices.iter().enumerate() {
        ensure!(
            !devices[..index].contains(device),
            "two laptops go on as {device}"
        );
    }
    for number in reachable(world) {
        let laptop = &mut world.laptops[number];
        let waiting = laptop.device()?.waiting()?;
        ensure!(
            waiting.is_empty(),
            "laptop {number} still has {} commands",
            waiting.len()
        );
        let returned = laptop.returned()?;
        let given: Vec<_> = world
            .witness
            .given_on(number)
            .filter(|(_, given)| !given.is_forked && !given.is_old)
            .map(|(id, given)| (id.clone(), given.note.clone()))
            .collect();
        for (id, note) in given {
            let answer = world.witness.life.answered.get(&id).map(|(_, answer)| answer);
            let is_taken = answer == Some(&Answer::Taken);
            ensure!(
                is_taken || returned.contains(&id) || world.witness.was_careless,
                "the author of {} on laptop {number} was not told: {answer:?}",
                id.as_str()
            );
            if let (true, Some((visit, note))) = (is_taken, note) {
                stands(world, &visit, &note)?;
            }
        }
    }
    caches(world)
}

/// Each profile says that its person inspects where their roles in force let them.
pub fn rosters(world: &mut World) -> Result<()> {
    let mut tx = world.office.read()?;
    let at = (world.witness.restored, world.now);
    for id in world.truth.of_kind(&mut tx, Kind::Person, "username")? {
        let person = PersonId::parse(id.as_str())?;
        let actor = world.truth.actor(&mut tx, &person, at)?;
        let roles = actor.rights.grants.iter();
        let inspects: BTreeSet<_> = roles
            .filter(|grant| grant.role.0 == "inspections.inspector")
            .flat_map(|grant| actor.places().calendars_in(&grant.scope))
            .cloned()
            .collect();
        let body = &world.truth.read(&id)?.record.body;
        ensure!(
            matches!(body, Body::Person(profile) if profile.inspects == inspects),
            "{person} inspects in {inspects:?}, and the profile says otherwise"
        );
    }
    Ok(())
}

fn stands(world: &mut World, visit: &RecordId, note: &RecordId) -> Result<()> {
    let mut tx = world.office.read()?;
    let known = world.truth.record(&mut tx, visit)?.context("no such visit")?;
    let stands = matches!(&known.record.body, Body::Appointment(visit) if visit.notes.iter().any(|one| one.id == *note));
    ensure!(stands, "{note} was taken and is not on {visit}");
    Ok(())
}

/// The laptops whose person may be answered.
fn reachable(world: &World) -> Vec<usize> {
    let off = &world.witness.life.switched_off;
    let all = world.laptops.iter().enumerate();
    all.filter(|(_, laptop)| !off.contains(&laptop.caller.person))
        .map(|(number, _)| number)
        .collect()
}

/// Every cache is exactly the permitted view, and nothing in it is left of what is gone.
pub fn caches(world: &mut World) -> Result<()> {
    let mut tx = world.office.read()?;
    let everything = world.truth.everything(&mut tx)?;
    drop(tx);
    for number in reachable(world) {
        let expected = permitted(world, number, &everything)?;
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
        let (cache, _) = device.files();
        nothing_astray(cache.db()).with_context(|| format!("the cache of laptop {number}"))?;
    }
    Ok(())
}

/// The indexes of a cache lead to what is there and to nothing else.
fn nothing_astray(cache: &Connection) -> Result<()> {
    let strays = "SELECT count(*) FROM record_key k LEFT JOIN record r ON r.n = k.n WHERE r.n IS NULL";
    let strays: u32 = cache.prepare_cached(strays)?.query_row([], |row| row.get(0))?;
    ensure!(strays == 0, "{strays} keys lead nowhere");
    let words = "INSERT INTO words (words, rank) VALUES ('integrity-check', 1)";
    let agree = cache.prepare_cached(words)?.execute([]);
    agree.context("the index of words is not that of the records")?;
    Ok(())
}

/// What a laptop should hold, made from the records and the rules alone.
fn permitted(
    world: &mut World,
    number: usize,
    everything: &[RecordId],
) -> Result<BTreeMap<(View, RecordId), Value>> {
    let person = world.laptops[number].caller.person.clone();
    let held = of_actor(&actor(world, &person)?);
    let mut rows = BTreeMap::new();
    for id in everything {
        let known = world.truth.read(id)?;
        let views: Vec<View> = known
            .views
            .iter()
            .filter(|view| held.contains(view))
            .cloned()
            .collect();
        for view in views {
            let shown = serde_json::from_str(known.shown(view.mask)?)?;
            rows.insert((view, id.clone()), shown);
        }
    }
    Ok(rows)
}
