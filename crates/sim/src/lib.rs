//! The simulator: many devices, one office, a bad network, crashes and role changes, in one thread from one seed, over the
//! real device and the real office. A seed that fails replays the same, step by step.

mod act;
pub mod canaries;
mod check;
mod cores;
mod deposit;
mod disk;
mod laptop;
mod run;
mod standing;
mod town;
mod truth;
mod weather;
mod witness;
mod world;

pub use cores::on_all_cores;
pub use laptop::Laptop;
pub use run::{Outcome, calm, command, run, told};
pub use standing::standing;
pub use town::{BUILDING, FIRE, Town, organization};
pub use world::{Mishap, World};

/// A small generator of random numbers (splitmix64), so that a seed means the same everywhere and always.
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    /// The generator of a seed.
    pub fn new(seed: u64) -> Rng {
        Rng(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x1234_5678_9ABC_DEF0)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.bits() % end.max(1) as u64).unwrap_or(0)
    }

    /// True in `percent` of cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}
