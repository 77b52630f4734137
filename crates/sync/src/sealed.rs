//! What a laptop leaves for the office when its person is shut out: unsent work, sealed so that only the office can open it.
//!
//! A parcel is one line of JSON that says what it is, and behind it the bytes of a photo where it is one. It is sealed with
//! the office's public key (an anonymous box of X25519); whoever finds it on the laptop, its own person included, cannot
//! read it. What delivers it is a token made from the device's credential, which opens nothing else.

use crate::Envelope;
use crypto_box::aead::OsRng;
use crypto_box::{PublicKey, SecretKey};
use policy::RecordId;
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};

/// The header by which a laptop names itself when it delivers a parcel is its id, a colon and its token.
const DEPOSIT_TOKEN: &str = "bailiwick 2026 deposit token";
const DEPOSIT_KEY: &str = "bailiwick 2026 deposit key";

/// One parcel.
#[derive(Debug, Clone, PartialEq)]
pub struct Parcel {
    pub what: ParcelOf,
    /// The bytes of a photo.
    pub bytes: Vec<u8>,
}

/// What a parcel is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ParcelOf {
    /// Commands that were never answered, oldest first; as many as a push may carry.
    Commands(Vec<Envelope>),
    /// A photo that was added to a record.
    Photo {
        record: RecordId,
        hash: String,
        media_type: String,
    },
}

/// Why a parcel was not sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealedError {
    /// The office's key is not one.
    Key,
    /// It was not sealed for this office, or something in it was changed.
    Broken,
    /// It was sealed for this office and is not a parcel.
    Unreadable,
}

/// The office's half of the key, from its secret.
fn secret_key(secret: &[u8]) -> SecretKey {
    SecretKey::from(blake3::derive_key(DEPOSIT_KEY, secret))
}

/// The key that laptops seal with, in hexadecimal; made from the office's secret. It is told in every control step and takes
/// 50 µs to make, so the last one is remembered.
pub fn deposit_key(secret: &[u8]) -> String {
    static LAST: Mutex<Option<(Vec<u8>, String)>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    match last.as_ref() {
        Some((of, key)) if of == secret => key.clone(),
        _ => {
            let key = hex::encode(secret_key(secret).public_key().as_bytes());
            *last = Some((secret.to_owned(), key.clone()));
            key
        }
    }
}

/// What a laptop delivers parcels with, from the hash of its credential. Nothing else is opened by it.
pub fn deposit_token(credential_hash: &[u8]) -> String {
    hex::encode(blake3::derive_key(DEPOSIT_TOKEN, credential_hash))
}

/// The hash of a credential, which is all the office keeps of it.
pub fn credential_hash(credential: &str) -> [u8; 32] {
    *blake3::hash(credential.as_bytes()).as_bytes()
}

impl Parcel {
    /// Seals it for the office with this key.
    pub fn seal(&self, deposit_key: &str) -> Result<Vec<u8>, SealedError> {
        let key = hex::decode(deposit_key).map_err(|_| SealedError::Key)?;
        let key: [u8; 32] = key.try_into().map_err(|_| SealedError::Key)?;
        let mut plain = serde_json::to_vec(&self.what).map_err(|_| SealedError::Unreadable)?;
        plain.push(b'\n');
        plain.extend_from_slice(&self.bytes);
        PublicKey::from(key)
            .seal(&mut OsRng, &plain)
            .map_err(|_| SealedError::Broken)
    }

    /// Opens what was sealed for the office with this secret.
    pub fn open(secret: &[u8], sealed: &[u8]) -> Result<Parcel, SealedError> {
        let plain = secret_key(secret)
            .unseal(sealed)
            .map_err(|_| SealedError::Broken)?;
        // JSON as it is written here has no line breaks of its own.
        let end = plain.iter().position(|byte| *byte == b'\n');
        let end = end.ok_or(SealedError::Unreadable)?;
        Ok(Parcel {
            what: serde_json::from_slice(&plain[..end]).map_err(|_| SealedError::Unreadable)?,
            bytes: plain[end + 1..].to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photo() -> Parcel {
        Parcel {
            what: ParcelOf::Photo {
                record: RecordId::parse("visit-1").expect("an id"),
                hash: "a".repeat(64),
                media_type: "image/png".to_owned(),
            },
            bytes: b"a line\nanother".to_vec(),
        }
    }

    #[test]
    fn only_the_office_opens_a_parcel_and_only_whole() {
        let key = deposit_key(b"the office's secret");
        let sealed = photo().seal(&key).expect("it is sealed");
        assert_eq!(Parcel::open(b"the office's secret", &sealed), Ok(photo()));
        assert_eq!(Parcel::open(b"another", &sealed), Err(SealedError::Broken));
        for at in [0, 40, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(
                Parcel::open(b"the office's secret", &changed),
                Err(SealedError::Broken)
            );
        }
        assert_eq!(photo().seal("not a key"), Err(SealedError::Key));
        assert!(!sealed.windows(7).any(|window| window == b"visit-1"));
    }

    #[test]
    fn a_deposit_token_is_not_the_credential_nor_its_hash() {
        let hash = credential_hash("a credential");
        let token = deposit_token(&hash);
        assert_ne!(token, hex::encode(hash));
        assert_ne!(token, deposit_token(&credential_hash("another")));
    }
}
