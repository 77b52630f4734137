//! A person at this laptop: their two files, open, and their connection.

use crate::deposits::{About, Deposits};
use crate::problem::Problem;
use crate::profile::Profile;
use crate::vault::Vault;
use device::{Device, Files, FilesError, Reply, Request};
use link::Client;
use policy::{Millis, Rights};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use store::Fault;
use store::sqlite::FileKey;

/// Where the outbox keeps the device's credential.
const CREDENTIAL: &str = "credential";
const RIGHTS: &str = "rights";
const DEVICE: &str = "device";

/// How often the control step is done when nothing asks for it: it renews the lease and writes at the office.
const CONTROL_EVERY: Duration = Duration::from_secs(5 * 60);

/// An open session.
pub struct Session {
    folder: PathBuf,
    /// When the control step was last done, while everything after it went well.
    controlled: Option<Instant>,
    pub person: String,
    pub device: Device,
    pub client: Client,
    pub vault: Vault,
    /// Where unsent work is left, sealed, if the person is shut out.
    pub deposits: Deposits,
}

/// What a fresh sign-in brings.
pub struct Fresh<'a> {
    pub credential: &'a str,
    pub rights: &'a Rights,
    pub device: &'a str,
    /// What device it was at the last sign-in, as the profile has it.
    pub device_before: Option<&'a str>,
}

impl Session {
    /// Opens a person's files with their key. A damaged cache is replaced, it can be fetched again; a damaged outbox
    /// is never touched. A fresh sign-in leaves its credential in the outbox, encrypted.
    pub fn open(
        profile: &Profile,
        person: &str,
        key: &FileKey,
        fresh: Option<Fresh<'_>>,
    ) -> Result<Session, Problem> {
        let folder = profile
            .folder_of(person)
            .map_err(|error| Fault::Other(error.to_string()))?;
        let mut files = Files::open(&folder, key)?;
        if let Some(fresh) = &fresh {
            let before = kept(&files, DEVICE)?;
            let before = before.as_deref().or(fresh.device_before);
            if before.is_some_and(|before| before != fresh.device) {
                files.is_another_device()?;
            }
            keep(&mut files, DEVICE, fresh.device)?;
            let rights = serde_json::to_string(fresh.rights).map_err(Fault::from)?;
            keep(&mut files, CREDENTIAL, fresh.credential)?;
            keep(&mut files, RIGHTS, &rights)?;
        }
        let signed_out = || Problem::new("signed_out", "Sign in again to go on.");
        let credential = kept(&files, CREDENTIAL)?.ok_or_else(signed_out)?;
        let rights = kept(&files, RIGHTS)?.ok_or_else(signed_out)?;
        let rights: Rights = serde_json::from_str(&rights).map_err(|_| FilesError::OutboxDamaged)?;
        let server = profile.settings().server.clone().unwrap_or_default();
        let client = Client::new(&server, &credential)?;
        let known = profile
            .settings()
            .people
            .iter()
            .find(|known| known.person == person);
        let named = kept(&files, DEVICE)?.or(known.map(|known| known.device.clone()));
        let about = About {
            server,
            device: named.ok_or_else(signed_out)?,
            token: sync::deposit_token(&sync::credential_hash(&credential)),
            changes: 0,
            photos: 0,
            is_erased: false,
        };
        let deposits = Deposits::begin(profile, about).map_err(crate::app::io)?;
        let (device, is_anew) = files.join(&folder, key, rights)?;
        if is_anew {
            tracing::warn!("the cache was damaged; it is fetched again");
        }
        let vault = Vault::new(&profile.tag(), person);
        Ok(Session {
            folder,
            controlled: None,
            person: person.to_owned(),
            device,
            client,
            vault,
            deposits,
        })
    }

    /// The device this laptop is to the office.
    pub fn device_id(&self) -> &str {
        &self.deposits.about.device
    }

    /// Seals what was not sent, so that the office gets it without anybody signing in here.
    pub fn leave_sealed(&mut self) -> Result<(), Problem> {
        let (changes, _, photos) = self.device.counts()?;
        let deposits = &self.deposits;
        self.device.seal_unsent(|sealed| deposits.leave(&sealed))?;
        self.deposits.note_left(changes, photos).map_err(crate::app::io)
    }

    /// Begins an exchange. With the control step done lately, it goes on with what is new: the office says when somebody's
    /// rights have changed.
    pub fn begin_exchange(&mut self) {
        let is_fresh = self.controlled.is_some_and(|at| at.elapsed() < CONTROL_EVERY);
        if is_fresh {
            self.device.ask_again();
        } else {
            self.device.begin_exchange();
        }
    }

    /// Takes in the reply to a request.
    pub fn settle(&mut self, now: Millis, request: &Request, reply: Reply) -> Result<(), Problem> {
        self.device.settle(now, request, reply)?;
        if matches!(request, Request::Control(_)) {
            self.controlled = Some(Instant::now());
        }
        Ok(())
    }

    /// Something in the files is damaged. A damaged cache makes way for an empty one, which the next exchange fills: true
    /// where it did.
    pub fn mend(&mut self) -> Result<bool, Problem> {
        let Some(key) = self.vault.get()? else {
            return Ok(false);
        };
        let is_mended = self.device.mend(&self.folder, &key)?;
        if is_mended {
            tracing::warn!("the cache is damaged; it is fetched again");
            self.controlled = None;
        }
        Ok(is_mended)
    }

    /// The exchange came to nothing; the next one begins from the start.
    pub fn abandon(&mut self) {
        self.controlled = None;
        self.device.abandon();
    }
}

fn keep(files: &mut Files, name: &str, value: &str) -> Result<(), Problem> {
    Ok(files
        .outbox
        .set_meta(name, value)
        .map_err(FilesError::of_outbox)?)
}

fn kept(files: &Files, name: &str) -> Result<Option<String>, Problem> {
    Ok(files.outbox.meta(name).map_err(FilesError::of_outbox)?)
}
