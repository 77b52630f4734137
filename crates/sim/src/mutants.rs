//! Plants one bug after the other and says at which seed each was noticed.

use planted::{Bug, plant};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A bug must be noticed within so many seeds.
const SEEDS: u64 = 1000;
/// On so many days on which nothing goes wrong a bug must not be noticed: one that breaks everything proves nothing.
const CALM_SEEDS: u64 = 5;

/// What became of a planted bug.
pub struct Caught {
    pub bug: Bug,
    /// The first seed that noticed it.
    pub seed: Option<u64>,
    /// What was said then, or on a calm day.
    pub said: String,
    /// Whether it was silent while nothing went wrong.
    pub is_silent: bool,
}

impl Caught {
    /// Whether the simulator did with it what it should.
    pub fn is_right(&self) -> bool {
        self.seed.is_some() && self.is_silent
    }

    /// The line of the report.
    pub fn to_json(&self) -> Value {
        json!({ "mutant": self.bug.name(), "seed": self.seed })
    }
}

/// Plays all bugs but leaks, on all cores, in their order. `tell` hears of each as it is done.
pub fn all(tell: &(dyn Fn(&Caught) + Sync)) -> Vec<Caught> {
    let bugs: Vec<Bug> = Bug::ALL.iter().copied().filter(|bug| !bug.is_leak()).collect();
    let mut done = BTreeMap::new();
    sim::on_all_cores(
        0..bugs.len() as u64,
        |number| one(bugs[number as usize]),
        |number, caught| {
            tell(&caught);
            done.insert(number, caught);
        },
    );
    done.into_values().collect()
}

fn one(bug: Bug) -> Caught {
    plant(Some(bug));
    let noticed = |seeds: u64, play: fn(u64) -> anyhow::Result<sim::Outcome>| {
        (0..seeds).find_map(|seed| {
            let said = match catch_unwind(AssertUnwindSafe(|| play(seed))) {
                Ok(Ok(_)) => return None,
                Ok(Err(error)) => format!("{error:#}"),
                Err(_) => "a rule's panic was not caught".to_owned(),
            };
            Some((seed, said))
        })
    };
    let on_a_calm_day = noticed(CALM_SEEDS, sim::calm);
    let caught = noticed(SEEDS, sim::run);
    plant(None);
    let is_silent = on_a_calm_day.is_none();
    let said = on_a_calm_day.or(caught.clone()).map(|(_, said)| said);
    Caught {
        bug,
        seed: caught.map(|(seed, _)| seed),
        said: said.unwrap_or_default(),
        is_silent,
    }
}
