//! The office's side of an exchange, over any store: control, push, pull.

mod adopted;
mod control;
mod cursor;
mod pull;
mod push;

pub use control::control;
pub use pull::{newly_shown, pull, pull_page};
pub use push::{deposit, push};

use crate::Problem;
use planted::{Bug, planted};
use policy::{Actor, Millis, PersonId, Rights};
use store::{OfficeTx, rights_of};

/// Who calls, from which device: established from the credential, never from the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub person: PersonId,
    pub device: String,
    /// The greatest of the numbers its control steps gave it that it has shown to have.
    pub turn: u64,
}

/// The caller's rights at an instant, and the epoch that names them: any change of grants, policy or the
/// organization's map gives another.
pub async fn standing<T: OfficeTx>(
    tx: &mut T,
    caller: &Caller,
    at: Millis,
) -> Result<(Actor, String), Problem> {
    let rights: Rights = rights_of(tx, &caller.person, at).await?;
    let text = if planted(Bug::EpochIgnoresGrants) {
        serde_json::to_vec(&rights.person)
    } else {
        serde_json::to_vec(&rights)
    };
    let text = text.map_err(store::Fault::from)?;
    let epoch = hex::encode(&blake3::hash(&text).as_bytes()[..16]);
    Ok((Actor::new(rights), epoch))
}
