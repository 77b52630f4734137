//! The office's side of an exchange, over any store: control, push, pull.

mod adopted;
mod control;
mod cursor;
mod pull;
mod push;

pub use control::control;
pub use pull::{Pulled, pull, pull_page};
pub use push::{deposit, push};

use policy::PersonId;

/// Who calls, from which device: established from the credential, never from the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub person: PersonId,
    pub device: String,
    /// The greatest of the numbers its control steps gave it that it has shown to have.
    pub turn: u64,
}
