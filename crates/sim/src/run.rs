//! One seed: a random history over the real engines, then silence, then the proof.

use crate::act::History;
use crate::check;
use crate::disk;
use crate::town::CUTOFF_MINUTE;
use crate::weather::Weather;
use crate::world::World;
use crate::{BUILDING, FIRE, Rng, Town};
use anyhow::{Context as _, Result};
use domain::Command;
use domain::emergency::BreakGlass;
use domain::inspections::{
    AddNote, CheckAnswer, Finding, Overall, Reassign, RecordChecklistItem, RecordResult, RequestReason,
    RequestReassignment, StartInspection,
};
use policy::{GrantId, PersonId, RecordId};

/// Steps of one history.
pub const STEPS: usize = 200;
/// Rounds in which all must be quiet once the faults have stopped.
const ROUNDS: usize = 60;
/// How long before the hour at which visits can no longer be given back a history begins, in milliseconds.
const BEFORE_CUTOFF: i64 = 100_000;

/// What one seed came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub steps: usize,
    pub commands: usize,
    pub trace: [u8; 32],
}

/// Plays one seed; an error says what did not hold, and at which step.
pub fn run(seed: u64) -> Result<Outcome> {
    play(seed, true, &mut |_| {})
}

/// The same; tells each step as it goes.
pub fn told(seed: u64, tell: &mut dyn FnMut(&str)) -> Result<Outcome> {
    play(seed, true, tell)
}

/// A history in which nothing goes wrong: people work, and their laptops exchange.
pub fn calm(seed: u64) -> Result<Outcome> {
    play(seed, false, &mut |_| {})
}

fn play(seed: u64, is_stormy: bool, tell: &mut dyn FnMut(&str)) -> Result<Outcome> {
    let mut rng = Rng::new(seed);
    let mut world = World::with(&["ana", "bruno", "marta", "carla"])?;
    world.add_laptop("ana")?;
    let weather = if is_stormy {
        set_up(&mut world, &mut rng);
        Weather::of(&mut rng)
    } else {
        Weather::calm()
    };
    let mut trace = blake3::Hasher::new();
    let mut history = History {
        world: &mut world,
        rng: &mut rng,
        weather,
        grants: vec![GrantId::parse("grant-ana")?, GrantId::parse("grant-marta")?],
        backups: Vec::new(),
        images: Vec::new(),
        forks: Vec::new(),
    };
    for step in 0..STEPS {
        let what = history.step(step).with_context(|| format!("step {step}"))?;
        tell(&format!("{step} {what}"));
        trace.update(what.as_bytes());
        if step % 50 == 49 {
            check::visits(history.world).with_context(|| format!("after step {step}"))?;
        }
    }
    let rounds = calm_down(&mut world)?;
    trace.update(&rounds.to_le_bytes());
    check::visits(&mut world).context("at the end")?;
    check::settled(&mut world).context("at the end")?;
    trace.update(&world.number()?.to_le_bytes());
    for laptop in &mut world.laptops {
        trace.update(format!("{:?}", laptop.device()?.holdings()?.views).as_bytes());
    }
    let outcome = Outcome {
        steps: STEPS,
        commands: world.witness.commands,
        trace: *trace.finalize().as_bytes(),
    };
    disk::keep_office(world.office);
    Ok(outcome)
}

/// Clocks that differ, small pages and small pushes, and laptops that look ahead or do not.
fn set_up(world: &mut World, rng: &mut Rng) {
    world.now = domain::time::instant(Town::today(), CUTOFF_MINUTE, "UTC") - BEFORE_CUTOFF;
    if rng.chance(50) {
        world.page_rows = 3 + rng.below(12);
    }
    let small_pushes = rng.chance(50);
    for laptop in &mut world.laptops {
        laptop.skew = [0, 0, 3_600_000, -3_600_000][rng.below(4)];
        laptop.looks_ahead = rng.chance(50);
        if small_pushes {
            laptop.push_at_most(1 + rng.below(3));
        }
    }
}

/// The faults stop; tells after how many rounds all was quiet.
fn calm_down(world: &mut World) -> Result<usize> {
    world.late.clear();
    world.keeps_rosters()?;
    for round in 0..ROUNDS {
        let mut quiet = true;
        for number in 0..world.laptops.len() {
            // A clone's sign-in ends that of its origin, which then signs in again, and once more where it is the one that is
            // noticed to be a copy.
            for attempt in 0..3 {
                if attempt > 0 && !world.laptops[number].is_shut {
                    break;
                }
                if world.laptops[number].is_open(world.now)? || world.signs_in(number)? {
                    world.exchange(number).with_context(|| format!("round {round}"))?;
                    quiet &= world.laptops[number].device()?.waiting()?.is_empty();
                }
            }
        }
        if quiet && round > 0 {
            return Ok(round);
        }
    }
    anyhow::bail!("not quiet after {ROUNDS} rounds")
}

/// A command somebody of the small town might give, whether or not they may.
pub fn command(rng: &mut Rng, step: usize) -> Result<Command> {
    let appointment = RecordId::parse(format!("visit-{:02}", rng.below(12)))?;
    Ok(match rng.below(12) {
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
        8 => RequestReassignment {
            appointment,
            reason: RequestReason::Conflict,
            text: format!("asked in step {step}"),
        }
        .into(),
        9 => RecordResult {
            appointment,
            overall: Overall::Failed,
            summary: String::new(),
        }
        .into(),
        10 => BreakGlass {
            grant: GrantId::parse(format!("access-{step}"))?,
            calendar: [BUILDING, FIRE][rng.below(2)].to_owned().try_into()?,
            because: format!("an alarm in step {step}"),
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
