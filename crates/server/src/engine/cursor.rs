//! A cursor: a place in the log that only the office can read, sealed, and bound to one device.

use super::Caller;
use crate::Problem;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use planted::{Bug, planted};
use policy::views::View;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Org;
use sync::Cursor;

/// The length of a nonce, in bytes.
const NONCE: usize = 12;

/// What a cursor says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub incarnation: String,
    pub person: String,
    pub device: String,
    pub epoch: String,
    /// All views but those being filled are complete up to here.
    pub seq: i64,
    /// Views being filled, each with how far it has come.
    pub filling: BTreeMap<View, i64>,
    /// The organization's number when the first of them began: what was removed before then was not sent.
    #[serde(default)]
    pub filling_since: i64,
    /// The number that came with the control step it was first given with.
    #[serde(default)]
    pub turn: u64,
}

/// The nonce is made from the text itself, so that a place is always written the same way and a number is never used
/// for two texts.
fn keys(org: &Org) -> (ChaCha20Poly1305, [u8; 32]) {
    let sealing = blake3::derive_key("bailiwick cursor sealing v1", &org.secret);
    let nonces = blake3::derive_key("bailiwick cursor nonces v1", &org.secret);
    (ChaCha20Poly1305::new(&sealing.into()), nonces)
}

impl Place {
    /// Whether removals that were not sent to here have been forgotten since (FLT-25).
    pub fn is_too_old(&self, org: &Org) -> bool {
        let oldest = match self.filling.is_empty() {
            true => self.seq,
            false => self.seq.min(self.filling_since),
        };
        oldest < org.removals_from && !planted(Bug::TooOldNotNoticed)
    }

    /// Writes the place so that nobody else can read it.
    pub fn write(&self, org: &Org) -> Result<Cursor, Problem> {
        let text = serde_json::to_vec(self).map_err(store::Fault::from)?;
        let (cipher, nonces) = keys(org);
        let nonce = &blake3::keyed_hash(&nonces, &text).as_bytes()[..NONCE].to_vec();
        let sealed = cipher.encrypt(Nonce::from_slice(nonce), text.as_slice());
        let sealed = sealed.map_err(|error| store::Fault::Other(format!("sealing a cursor: {error}")))?;
        Ok(Cursor(
            URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()),
        ))
    }

    /// Reads a cursor this office wrote for this device; anything else is refused.
    pub fn read(org: &Org, caller: &Caller, cursor: &Cursor) -> Result<Place, Problem> {
        let forged = || {
            Problem::bad_request(
                "cursor_invalid",
                "This place in the log was not given to this device.",
            )
        };
        let bytes = URL_SAFE_NO_PAD.decode(&cursor.0).map_err(|_| forged())?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE).ok_or_else(forged)?;
        let text = keys(org)
            .0
            .decrypt(Nonce::from_slice(nonce), sealed)
            .map_err(|_| forged())?;
        let place: Place = serde_json::from_slice(&text).map_err(|_| forged())?;
        if place.person != caller.person.as_str() || place.device != caller.device {
            return Err(forged());
        }
        Ok(place)
    }
}
