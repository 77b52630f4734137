//! Which planted bugs the canaries notice. A search that finds nothing may be blind.

use super::history::{Leak, run};
use planted::{Bug, plant};

/// Bugs that the simulator's checks notice and the canaries notice as well.
const ALSO: [Bug; 7] = [
    Bug::EpochIgnoresGrants,
    Bug::StaleRights,
    Bug::WithdrawnGrantCounts,
    Bug::ExpiredGrantCounts,
    Bug::SwitchedOffAnswered,
    Bug::WordsLeft,
    Bug::KeysLeft,
];

/// The bugs that let a text get to or stay with somebody who may not see it.
pub fn leaks() -> Vec<Bug> {
    let own = Bug::ALL.iter().copied().filter(|bug| bug.is_leak());
    own.chain(ALSO).collect()
}

/// The first of so many seeds at which a canary is found where this bug lets it get, and which.
pub fn noticed(bug: Bug, seeds: u64) -> Option<(u64, Leak)> {
    plant(Some(bug));
    let noticed = (0..seeds).find_map(|seed| {
        let leak = run(seed).err()?.downcast_ref::<Leak>().cloned()?;
        Some((seed, leak))
    });
    plant(None);
    noticed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canaries_find_what_a_wide_mask_tells_and_what_a_removal_leaves() {
        for bug in [
            Bug::MaskWidened,
            Bug::WordsLeft,
            Bug::CopiesLeft,
            Bug::JournalLeft,
        ] {
            assert!(noticed(bug, 100).is_some(), "{} is not noticed", bug.name());
        }
    }
}
