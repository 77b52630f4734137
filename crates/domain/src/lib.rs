//! What a change means.
//!
//! Every change a person can make is a [`Command`]: a name, an input and a pure rule. There is no clock here, no disk,
//! no network and no async: time, identity and ids come in as arguments, so a rule gives the same answer twice, on the
//! laptop and in the office.
//!
//! A vertical is one folder. Open [`inspections`] and read its list of files: that list is what can happen.

mod because;
pub mod command;
mod days;
pub mod emergency;
pub mod found;
mod gaps;
pub mod inspections;
pub mod merge;
pub mod people;
mod places;
pub mod record;
pub mod returned;
pub mod time;

pub use because::BECAUSE_MAX;
pub use command::{Command, CommandId, Contest, Context, Effect, Refusal, decide};
pub use days::AHEAD_MAX;
pub use found::{Answer, Found, Need, Range};
pub use gaps::{Away, Gap, gaps};
pub use places::places_of;
pub use record::{Body, Record, title};
