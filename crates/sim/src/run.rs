//! One seed: a random history over the real engines, then silence, then the proof.

use crate::check;
use crate::world::{Mishap, World};
use crate::{BUILDING, FIRE, Rng, Town};
use anyhow::{Context as _, Result};
use domain::Command;
use domain::inspections::{
    AddNote, CheckAnswer, Finding, Overall, Reassign, RecordChecklistItem, RecordResult, StartInspection,
};
use domain::people::{GrantRole, WithdrawGrant};
use policy::{GrantId, PersonId, RecordId, RoleName, Scope};

/// Steps of one history.
pub const STEPS: usize = 200;
/// Rounds in which all must be quiet once the faults have stopped.
const ROUNDS: usize = 60;

/// What one seed came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub steps: usize,
    pub commands: usize,
    pub trace: [u8; 32],
}

/// Plays one seed; an error says what did not hold, and at which step.
pub fn run(seed: u64) -> Result<Outcome> {
    let mut rng = Rng::new(seed);
    let mut world = World::with(&["ana", "bruno", "marta", "carla"])?;
    world.add_laptop("ana")?;
    for laptop in &mut world.laptops {
        laptop.skew = [0, 0, 3_600_000, -3_600_000][rng.below(4)];
    }
    let mut trace = blake3::Hasher::new();
    let mut grants: Vec<GrantId> = vec![GrantId::parse("grant-ana")?, GrantId::parse("grant-marta")?];
    for step in 0..STEPS {
        world.now += 1000;
        let what = act(&mut world, &mut rng, &mut grants, step).with_context(|| format!("step {step}"))?;
        trace.update(what.as_bytes());
        if step % 20 == 19 {
            check::nothing_lost_or_doubled(&mut world).with_context(|| format!("after step {step}"))?;
        }
    }
    for round in 0.. {
        let mut quiet = true;
        for number in 0..world.laptops.len() {
            world.exchange(number).with_context(|| format!("round {round}"))?;
            quiet &= world.laptops[number].device()?.waiting()?.is_empty();
        }
        if quiet && round > 0 {
            break;
        }
        anyhow::ensure!(round < ROUNDS, "not quiet after {ROUNDS} rounds");
    }
    check::nothing_lost_or_doubled(&mut world).context("at the end")?;
    check::settled(&mut world).context("at the end")?;
    Ok(Outcome {
        steps: STEPS,
        commands: world.given.len(),
        trace: *trace.finalize().as_bytes(),
    })
}

fn act(world: &mut World, rng: &mut Rng, grants: &mut Vec<GrantId>, step: usize) -> Result<String> {
    let number = rng.below(world.laptops.len());
    match rng.below(100) {
        0..50 => {
            let mishap = match rng.below(10) {
                0 => Mishap::RequestLost,
                1 => Mishap::ReplyLost,
                2 => Mishap::Twice,
                _ => Mishap::None,
            };
            let more = world.step(number, mishap)?;
            if !more {
                world.laptops[number].device()?.begin_exchange();
            }
            Ok(format!("{number} {mishap:?} {more}"))
        }
        50..88 => {
            let command = command(rng, step)?;
            let name = command.name();
            let given = world.gives(number, command)?;
            Ok(format!("{number} {name} {}", given.is_ok()))
        }
        88..92 => {
            world.laptops[number].restart()?;
            Ok(format!("{number} restarts"))
        }
        92..96 => withdraw(world, rng, grants),
        _ => give(world, rng, grants, step),
    }
}

/// A command somebody of the small town might give, whether or not they may.
pub fn command(rng: &mut Rng, step: usize) -> Result<Command> {
    let appointment = RecordId::parse(format!("visit-{:02}", rng.below(12)))?;
    Ok(match rng.below(10) {
        0..3 => StartInspection { appointment }.into(),
        3..6 => {
            let note = RecordId::parse(format!("note-{step}"))?;
            AddNote {
                appointment,
                note,
                text: format!("note of step {step}"),
            }
            .into()
        }
        6..8 => {
            let item = ["access", "exits", "signs"][rng.below(3)].to_owned();
            let answer = [CheckAnswer::Pass, CheckAnswer::Fail][rng.below(2)];
            let finding = Finding {
                answer: Some(answer),
                ..Finding::default()
            };
            RecordChecklistItem {
                appointment,
                item,
                saw: Finding::default(),
                finding,
            }
            .into()
        }
        8 => RecordResult {
            appointment,
            overall: Overall::Failed,
            summary: String::new(),
        }
        .into(),
        _ => {
            let to = PersonId::parse(["ana", "bruno"][rng.below(2)])?;
            let saw = Some(PersonId::parse(["ana", "bruno"][rng.below(2)])?);
            Reassign {
                appointment,
                to,
                saw,
                overlap_accepted: rng.chance(50),
            }
            .into()
        }
    })
}

fn withdraw(world: &mut World, rng: &mut Rng, grants: &mut Vec<GrantId>) -> Result<String> {
    if grants.is_empty() {
        return Ok("nothing to withdraw".to_owned());
    }
    let grant = grants.swap_remove(rng.below(grants.len()));
    world.office_does(WithdrawGrant {
        grant: grant.clone(),
        because: "moved".to_owned(),
    })?;
    Ok(format!("withdraw {grant}"))
}

fn give(world: &mut World, rng: &mut Rng, grants: &mut Vec<GrantId>, step: usize) -> Result<String> {
    let grant = GrantId::parse(format!("grant-step-{step}"))?;
    let person = PersonId::parse(*rng.pick(&Town::everybody()).context("nobody")?)?;
    let role = RoleName(format!(
        "inspections.{}",
        ["inspector", "manager", "citizen"][rng.below(3)]
    ));
    let calendar = |name: &str| -> Result<Scope> { Ok(Scope::Calendar(name.to_owned().try_into()?)) };
    let scope = match rng.below(4) {
        0 => calendar(BUILDING)?,
        1 => calendar(FIRE)?,
        2 => Scope::Team("north".to_owned().try_into()?),
        _ => Scope::Organization,
    };
    // Some grants end by themselves while the history goes on.
    let until = rng
        .chance(30)
        .then(|| world.now + 1000 * (1 + rng.below(60) as i64));
    let because = "needed".to_owned();
    world.office_does(GrantRole {
        grant: grant.clone(),
        person,
        role,
        scope,
        from: None,
        until,
        because,
    })?;
    grants.push(grant.clone());
    Ok(format!("give {grant}"))
}
