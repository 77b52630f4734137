//! Looks for canaries where none, or only some, may be.

use super::book::{Canaries, Searcher};
use super::history::Leak;
use super::town::Planted;
use anyhow::Result;
use serde::Serialize;

/// What was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Looked {
    /// How many texts, files and replies.
    pub times: u64,
    pub bytes: u64,
    /// How many canaries stood where they may.
    pub permitted: u64,
}

impl std::ops::AddAssign for Looked {
    fn add_assign(&mut self, other: Looked) {
        self.times += other.times;
        self.bytes += other.bytes;
        self.permitted += other.permitted;
    }
}

/// Looks, and counts.
#[derive(Default)]
pub struct Search {
    searcher: Searcher,
    pub looked: Looked,
}

impl Search {
    /// Fails at the first canary in these bytes that is in none of these sets.
    pub fn only(
        &mut self,
        town: &Planted,
        place: &str,
        bytes: &[u8],
        allowed: &[&Canaries],
    ) -> Result<(), Leak> {
        self.looked.times += 1;
        self.looked.bytes += bytes.len() as u64;
        for canary in self.searcher.found(bytes) {
            if !allowed.iter().any(|set| set.contains(&canary)) {
                return Err(Leak {
                    place: place.to_owned(),
                    what: town.book.meaning(canary).to_owned(),
                });
            }
            self.looked.permitted += 1;
        }
        Ok(())
    }

    /// The same for what is said, as it is on the wire or handed to the screen.
    pub fn only_said<T: Serialize>(
        &mut self,
        town: &Planted,
        place: &str,
        said: &T,
        allowed: &[&Canaries],
    ) -> Result<()> {
        Ok(self.only(town, place, &serde_json::to_vec(said)?, allowed)?)
    }
}
