//! The profile folder: who is known on this laptop, and where their files lie. It holds no record and no secret.

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Somebody who has signed in here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub person: String,
    pub username: String,
    pub name: String,
    pub device: String,
    /// The Argon2id hash of the password of the last sign-in, to unlock without a connection.
    pub verifier: String,
    /// The office keeps a second copy of the file key, so the one here may be removed.
    pub escrowed: bool,
    /// The office has noticed that another copy of this laptop works there: the next sign-in is another laptop's.
    #[serde(default)]
    pub is_copy: bool,
}

/// What `profile.json` says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub server: Option<String>,
    pub people: Vec<Known>,
    /// Who was signed in last, and whether the window was locked.
    pub current: Option<String>,
    pub locked: bool,
    /// The time zone of the office, to say times while the files are closed.
    pub zone: Option<String>,
}

/// A profile folder, held by this process alone as long as the lock is.
pub struct Profile {
    folder: PathBuf,
    settings: Settings,
    lock: File,
    is_ours: bool,
}

/// How long a program that is closing, or was just ended, is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

impl Profile {
    /// Opens a folder, making it where it is missing. A program that is closing there is waited for; whether the folder is
    /// ours to work in then, [`Profile::become_ours`] says.
    pub fn open(folder: &Path) -> anyhow::Result<Profile> {
        std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        private(folder)?;
        let folder = folder.canonicalize()?;
        let lock = File::create(folder.join("lock"))?;
        let is_ours = lock.try_lock().is_ok();
        let path = folder.join("profile.json");
        let settings = match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .with_context(|| format!("{} cannot be read", path.display()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Settings::default(),
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
        };
        let mut profile = Profile {
            folder,
            settings,
            lock,
            is_ours,
        };
        if profile.closing().exists() {
            profile.become_ours();
            let _ = std::fs::remove_file(profile.closing());
        }
        Ok(profile)
    }

    /// Waits a while until no other process works in this folder; false where one still does.
    pub fn become_ours(&mut self) -> bool {
        let begun = Instant::now();
        while !self.is_ours && begun.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(20));
            self.is_ours = self.lock.try_lock().is_ok();
        }
        self.is_ours
    }

    /// Whether another process worked in this folder when it was opened here, and has ended since or does so in a while.
    pub fn comes_free(&mut self) -> bool {
        !self.is_ours && self.become_ours()
    }

    /// Says that this program is about to end, so that the next one waits instead of pointing to a window that goes.
    pub fn note_closing(&self) {
        if let Err(error) = File::create(self.closing()) {
            tracing::warn!(%error, "a program started now may not wait for this one to end");
        }
    }

    fn closing(&self) -> PathBuf {
        self.folder.join("closing")
    }

    /// A short name of the folder, to tell profiles apart.
    pub fn tag(&self) -> String {
        let hash = blake3::hash(self.folder.to_string_lossy().as_bytes());
        hash.to_hex()[..12].to_owned()
    }

    /// The settings as they are.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Changes the settings; they are on the disk when this returns.
    pub fn change(&mut self, change: impl FnOnce(&mut Settings)) -> std::io::Result<()> {
        let mut settings = self.settings.clone();
        change(&mut settings);
        let beside = self.folder.join("profile.part");
        std::fs::write(&beside, serde_json::to_vec_pretty(&settings)?)?;
        std::fs::rename(&beside, self.folder.join("profile.json"))?;
        self.settings = settings;
        Ok(())
    }

    /// The person of that username, where they have signed in here.
    pub fn known(&self, username: &str) -> Option<&Known> {
        self.settings
            .people
            .iter()
            .find(|known| known.username == username)
    }

    /// Who was signed in last.
    pub fn current(&self) -> Option<&Known> {
        let current = self.settings.current.as_deref()?;
        self.settings.people.iter().find(|known| known.person == current)
    }

    /// The folder of one person's files.
    pub fn folder_of(&self, person: &str) -> std::io::Result<PathBuf> {
        let folder = self.folder.join("people").join(person);
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Where sealed work waits for the office.
    pub fn deposits(&self) -> PathBuf {
        self.folder.join("deposits")
    }

    /// Where the basemap is kept; it is the same for everybody.
    pub fn basemap(&self) -> PathBuf {
        self.folder.join("basemap.json")
    }
}

#[cfg(unix)]
fn private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

/// On Windows and macOS the folder lies in the person's own application data, which the system keeps private.
#[cfg(not(unix))]
fn private(_: &Path) -> std::io::Result<()> {
    Ok(())
}
