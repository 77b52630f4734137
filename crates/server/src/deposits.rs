//! What laptops leave when their person is shut out: sealed parcels, and the word that a laptop is empty. The token that
//! delivers them opens nothing, and the answer says no more than that a parcel is safe.

use crate::accounts::wipe_asked;
use crate::engine::{self, Caller};
use crate::office::Office;
use crate::photos;
use crate::problem::Problem;
use axum::http::StatusCode;
use store::{DeviceRow, OfficeTx as _};
use sync::{PUSH_COMMANDS_MAX, Parcel, ParcelOf, SealedError, deposit_token};

/// Takes a parcel. The same one may come again.
pub fn take(office: &Office, (device, token): (&str, &str), sealed: &[u8]) -> Result<(), Problem> {
    let at = office.now();
    let (caller, secret) = office.read(async |tx| {
        let device = known(tx.device(device).await?, token)?;
        let caller = Caller {
            person: device.person,
            device: device.id,
            turn: device.turn,
        };
        Ok::<_, Problem>((caller, tx.org().await?.secret))
    })?;
    let parcel = Parcel::open(&secret, sealed).map_err(unfit)?;
    match parcel.what {
        ParcelOf::Commands(commands) if commands.len() > PUSH_COMMANDS_MAX => {
            let sentence = format!(
                "{} commands lie in the parcel; at most {PUSH_COMMANDS_MAX} are taken at once.",
                commands.len()
            );
            Err(Problem::bad_request("too_many_commands", sentence))
        }
        ParcelOf::Commands(commands) => {
            office.write(async |tx| engine::deposit(tx, &caller, &commands, at).await)
        }
        ParcelOf::Photo {
            record,
            hash,
            media_type,
        } => photos::keep_deposited(office, &caller, &record, (&hash, &media_type), &parcel.bytes),
    }
}

/// Whether the laptop is to be emptied: refused with 410 where it is.
pub fn look(office: &Office, (device, token): (&str, &str)) -> Result<(), Problem> {
    let device = office.read(async |tx| known(tx.device(device).await?, token))?;
    match device.wipe_at {
        Some(_) => Err(wipe_asked()),
        None => Ok(()),
    }
}

/// Notes that the laptop is empty, where that was asked.
pub fn wiped(office: &Office, (device, token): (&str, &str)) -> Result<(), Problem> {
    let at = office.now();
    office.write(async |tx| {
        let device = known(tx.device(device).await?, token)?;
        if device.wipe_at.is_none() {
            let sentence = "Nobody has asked for this laptop to be emptied.";
            return Err(Problem::bad_request("wipe_not_asked", sentence));
        }
        Ok(tx.note_wiped(&device.id, at).await?)
    })
}

/// The device this token belongs to. A device that does not exist is answered like a wrong token.
fn known(device: Option<DeviceRow>, token: &str) -> Result<DeviceRow, Problem> {
    // Hashes are compared in constant time.
    let said = blake3::hash(token.as_bytes());
    device
        .filter(|device| blake3::hash(deposit_token(&device.credential_hash).as_bytes()) == said)
        .ok_or_else(|| {
            let sentence = "This is not what this laptop delivers its work with.";
            Problem::unauthorized("token_unknown", sentence)
        })
}

fn unfit(error: SealedError) -> Problem {
    let sentence = match error {
        SealedError::Key | SealedError::Broken => {
            "The parcel was not sealed for this office, or was changed on its way."
        }
        SealedError::Unreadable => "What lies in the parcel is not work this office understands.",
    };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "parcel_unfit", sentence)
}
