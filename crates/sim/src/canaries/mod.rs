//! Canaries: nothing a person may not see reaches them or stays with them.
//!
//! Every text of every record of the small town carries 128 bits of its own. Histories of roles are played over the real
//! device and the real office, and after each round trip every byte that came, that lies on the laptop's disk, that its
//! screen is given and that anything logs is searched for canaries its person may not see then. What they may see is read
//! from the records past the engines: `sight` and nothing else decides it.

mod book;
mod changes;
mod complete;
mod deeds;
mod history;
mod holder;
mod log;
#[cfg(feature = "planted")]
mod noticed;
mod search;
mod sight;
mod town;

pub use history::{Leak, Played, run, told};
#[cfg(feature = "planted")]
pub use noticed::{leaks, noticed};
pub use search::Looked;
