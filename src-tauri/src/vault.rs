//! The key of a person's files, in the keyring of the operating system. Never in a file, never in plain text.

use crate::problem::Problem;
use keyring::{Entry, Error};
use std::sync::mpsc;
use std::time::Duration;
use store::sqlite::FileKey;

const SERVICE: &str = "org.bailiwick.desktop";
/// A locked keyring may wait for a prompt that nobody sees.
const PATIENCE: Duration = Duration::from_secs(15);

/// One key of one person in one profile.
#[derive(Debug, Clone)]
pub struct Vault {
    user: String,
}

impl Vault {
    /// The vault of a person in a profile.
    pub fn new(profile: &str, person: &str) -> Vault {
        Vault {
            user: format!("{profile}/{person}"),
        }
    }

    /// The key, where there is one.
    pub fn get(&self) -> Result<Option<FileKey>, Problem> {
        let user = self.user.clone();
        patiently(move || match Entry::new(SERVICE, &user)?.get_password() {
            Ok(text) => Ok(Some(text)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
        .map(|text| text.and_then(|text| parse_key(&text)))
    }

    /// Keeps the key.
    pub fn set(&self, key: &FileKey) -> Result<(), Problem> {
        let (user, text) = (self.user.clone(), hex::encode(key.0));
        patiently(move || Entry::new(SERVICE, &user)?.set_password(&text))
    }

    /// Removes the key.
    pub fn remove(&self) -> Result<(), Problem> {
        let user = self.user.clone();
        patiently(move || match Entry::new(SERVICE, &user)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
    }
}

/// Reads a key of 64 hexadecimal digits.
pub fn parse_key(text: &str) -> Option<FileKey> {
    hex::decode(text).ok()?.try_into().ok().map(FileKey)
}

/// Asks the keyring on a thread of its own, and not for ever.
fn patiently<R: Send + 'static>(
    ask: impl FnOnce() -> keyring::Result<R> + Send + 'static,
) -> Result<R, Problem> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let _ = sender.send(ask());
    });
    match receiver.recv_timeout(PATIENCE) {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(Error::NoDefaultStore | Error::PlatformFailure(_))) => Err(Problem::new(
            "keyring_missing",
            "This laptop has no working keyring, so Bailiwick has no safe place for the key of its files. Start or install the keyring of your system, then sign in again.",
        )),
        Ok(Err(Error::NoStorageAccess(_))) | Err(_) => Err(Problem::new(
            "keyring_locked",
            "The keyring of this laptop is locked. Unlock it, then try again; nothing was lost.",
        )),
        Ok(Err(error)) => {
            tracing::error!(%error, "the keyring failed");
            Err(Problem::new(
                "keyring_failed",
                "The keyring of this laptop could not be used; nothing was lost.",
            ))
        }
    }
}
