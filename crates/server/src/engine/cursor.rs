//! A cursor: a place in the log that only the office can read, sealed, and bound to one device.

use super::Caller;
use crate::Problem;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use policy::views::View;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Org;
use sync::Cursor;

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
}

fn seal(org: &Org, text: &[u8]) -> String {
    let key = blake3::derive_key("bailiwick cursor v1", &org.secret);
    hex::encode(&blake3::keyed_hash(&key, text).as_bytes()[..16])
}

impl Place {
    pub fn write(&self, org: &Org) -> Result<Cursor, Problem> {
        let text = serde_json::to_vec(self).map_err(store::Fault::from)?;
        Ok(Cursor(format!("{}.{}", URL_SAFE_NO_PAD.encode(&text), seal(org, &text))))
    }

    /// Reads a cursor this office wrote for this device; anything else is refused.
    pub fn read(org: &Org, caller: &Caller, cursor: &Cursor) -> Result<Place, Problem> {
        let forged = || Problem::bad_request("cursor_invalid", "This place in the log was not given to this device.");
        let (text, sealed) = cursor.0.split_once('.').ok_or_else(forged)?;
        let text = URL_SAFE_NO_PAD.decode(text).map_err(|_| forged())?;
        if seal(org, &text) != sealed {
            return Err(forged());
        }
        let place: Place = serde_json::from_slice(&text).map_err(|_| forged())?;
        if place.person != caller.person.as_str() || place.device != caller.device {
            return Err(forged());
        }
        Ok(place)
    }
}
