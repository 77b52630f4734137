//! What the simulator saw with its own eyes, to hold the engines to it.

use domain::CommandId;
use policy::{Millis, PersonId, RecordId};
use std::collections::{BTreeMap, BTreeSet};
use sync::Answer;

/// How far back laptops offer a restored office what they had sent; see the outbox's journal.
const OFFERED_AGAIN: Millis = 30 * 24 * 60 * 60 * 1000;

/// What was seen of one life of the office. A backup has a copy of it.
#[derive(Debug, Clone, Default)]
pub struct Life {
    /// The answer that stands for each command, and the hash of what it said.
    pub answered: BTreeMap<CommandId, ([u8; 32], Answer)>,
    /// Commands that were taken: each has changed the office exactly once.
    pub applied: BTreeSet<CommandId>,
    /// Commands that were refused and lie before supervisors: each has changed the office once too.
    pub returned: BTreeSet<CommandId>,
    /// Commands that were left sealed before they were answered, and the hash of what they said: what was left first stands
    /// under its id.
    pub left: BTreeMap<CommandId, [u8; 32]>,
    /// Those of them that lie before supervisors: each has changed the office once.
    pub deposited: BTreeSet<CommandId>,
    /// Those of them that their author has sent after all, before a supervisor decided: once more.
    pub settled: BTreeSet<CommandId>,
    /// The office's number before any of them.
    pub begun_at: i64,
    /// Until when each credential may be used.
    pub credentials: BTreeMap<String, Millis>,
    /// Whose account is switched off.
    pub switched_off: BTreeSet<PersonId>,
}

impl Life {
    /// How often the office must have changed.
    pub fn changes(&self) -> Result<i64, std::num::TryFromIntError> {
        let sets = [&self.applied, &self.returned, &self.settled];
        let changes = self.deposited.len() + sets.iter().map(|set| set.len()).sum::<usize>();
        changes.try_into()
    }
}

/// A command as it was given.
#[derive(Debug, Clone)]
pub struct Given {
    /// Ever greater, in the order they were given.
    pub order: usize,
    pub at: Millis,
    /// The visit and the note, where it is one.
    pub note: Option<(RecordId, RecordId)>,
    /// Another laptop gave another command the same id.
    pub is_forked: bool,
    /// So old that no restored office is offered it again.
    pub is_old: bool,
}

/// All that was seen.
#[derive(Debug, Default)]
pub struct Witness {
    pub life: Life,
    /// How many times the office was restored.
    pub restored: u32,
    /// By laptop: what was given there and must be somewhere.
    pub given: BTreeMap<(usize, CommandId), Given>,
    /// What a laptop lost when it was put back to an older copy. A newer copy may have it.
    lost: BTreeMap<(usize, CommandId), Given>,
    /// What was not taken when it first arrived, in any life of the office. Where it is taken in the end, it is after work that
    /// was given later.
    pub came_back: BTreeSet<CommandId>,
    /// All that was ever given.
    pub commands: usize,
    /// The office was once restored without being told: what it lost then, nobody can know.
    pub was_careless: bool,
}

impl Witness {
    /// What was given on a laptop.
    pub fn given_on(&self, number: usize) -> impl Iterator<Item = (&CommandId, &Given)> {
        let given = self.given.iter();
        given
            .filter(move |((laptop, _), _)| *laptop == number)
            .map(|((_, id), given)| (id, given))
    }

    /// Whether what was sent and then lost by an office that was put back without a word may be gone for good: nothing tells
    /// the laptop, which keeps it as long as any other that was taken.
    pub fn may_be_gone(&self, given: &Given, now: Millis) -> bool {
        given.is_old || self.was_careless && now - given.at > OFFERED_AGAIN
    }

    /// A command was given.
    pub fn note_given(
        &mut self,
        number: usize,
        id: CommandId,
        at: Millis,
        note: Option<(RecordId, RecordId)>,
    ) {
        self.commands += 1;
        let mut is_forked = false;
        // One that its laptop lost may be at the office all the same.
        for ((_, other), given) in self.given.iter_mut().chain(&mut self.lost) {
            if *other == id {
                is_forked = true;
                given.is_forked = true;
            }
        }
        let given = Given {
            order: self.commands,
            at,
            note,
            is_forked,
            is_old: false,
        };
        self.given.insert((number, id), given);
    }

    /// A laptop has now only what is in its files: what is nowhere else is gone with the ones it had.
    pub fn keeps_only(&mut self, number: usize, kept: &BTreeSet<CommandId>) {
        let (of_this, others) = std::mem::take(&mut self.lost)
            .into_iter()
            .partition(|((laptop, _), _)| *laptop == number);
        self.lost = others;
        self.given.extend::<BTreeMap<_, _>>(of_this);
        let is_there = |(laptop, id): &(usize, CommandId)| *laptop != number || kept.contains(id);
        let (given, lost): (BTreeMap<_, _>, BTreeMap<_, _>) = std::mem::take(&mut self.given)
            .into_iter()
            .partition(|(key, _)| is_there(key));
        self.given = given;
        self.lost.extend(lost);
    }

    /// A laptop is a copy of another.
    pub fn copied(&mut self, from: usize, to: usize, kept: &BTreeSet<CommandId>) {
        let copies: Vec<_> = self
            .given_on(from)
            .filter(|(id, _)| kept.contains(*id))
            .map(|(id, given)| ((to, id.clone()), given.clone()))
            .collect();
        self.given.extend(copies);
    }

    /// The office is what it was in that life. What is too old is not offered again.
    pub fn restored(&mut self, life: Life, now: Millis) {
        self.life = life;
        self.restored += 1;
        for given in self.given.values_mut() {
            given.is_old |= now - given.at > OFFERED_AGAIN;
        }
    }
}
