//! What a laptop settles with its office when nobody is signed in: it delivers sealed work, and learns whether it is to be
//! emptied. One folder a device, with nothing in it that its own person or a finder of the laptop could read.

use crate::app::{App, io as fault};
use crate::problem::Problem;
use crate::profile::Profile;
use link::{Client, Trouble};
use serde::{Deserialize, Serialize};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How often a laptop asks on behalf of whoever is not signed in.
const TICK: Duration = Duration::from_secs(15);
const ABOUT: &str = "about.json";
const SEALED: &str = "sealed";
/// The ending of a parcel the office would not have.
const REFUSED: &str = "refused";

/// Whom a folder of parcels belongs to, and what delivers them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    pub server: String,
    pub device: String,
    /// It delivers parcels, and opens nothing.
    pub token: String,
    /// How many changes and photos were sealed.
    #[serde(default)]
    pub changes: u64,
    #[serde(default)]
    pub photos: u64,
    /// The person's files are gone, and the office is to hear of it.
    #[serde(default)]
    pub is_erased: bool,
}

/// A folder of parcels.
pub struct Deposits {
    folder: PathBuf,
    pub about: About,
}

impl Deposits {
    /// Makes the folder of a device that works again, or is new: nothing is left there yet.
    pub fn begin(profile: &Profile, about: About) -> io::Result<Deposits> {
        let folder = profile.deposits().join(&about.device);
        std::fs::create_dir_all(&folder)?;
        let deposits = Deposits { folder, about };
        for parcel in deposits.files(&[SEALED, REFUSED])? {
            std::fs::remove_file(parcel)?;
        }
        deposits.save()?;
        Ok(deposits)
    }

    /// The folder of a device, where it has one.
    pub fn of(profile: &Profile, device: &str) -> io::Result<Option<Deposits>> {
        Deposits::open(profile.deposits().join(device))
    }

    /// Every folder there is.
    fn all(profile: &Profile) -> io::Result<Vec<Deposits>> {
        let mut all = Vec::new();
        for folder in entries(&profile.deposits())? {
            all.extend(Deposits::open(folder)?);
        }
        Ok(all)
    }

    fn open(folder: PathBuf) -> io::Result<Option<Deposits>> {
        match std::fs::read(folder.join(ABOUT)) {
            Ok(bytes) => {
                let about = serde_json::from_slice(&bytes)?;
                Ok(Some(Deposits { folder, about }))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Puts a sealed parcel behind those that are here.
    pub fn leave(&self, sealed: &[u8]) -> io::Result<()> {
        let number = self.files(&[SEALED])?.len();
        write(&self.folder.join(format!("{number:06}.{SEALED}")), sealed)
    }

    /// Says how much was sealed.
    pub fn note_left(&mut self, changes: u64, photos: u64) -> io::Result<()> {
        (self.about.changes, self.about.photos) = (changes, photos);
        self.save()
    }

    /// Says that the person's files are gone.
    pub fn note_erased(&mut self) -> io::Result<()> {
        self.about.is_erased = true;
        self.save()
    }

    /// Whether something was left here, and all of it is at the office.
    pub fn is_handed_over(&self) -> io::Result<bool> {
        let some = self.about.changes + self.about.photos > 0;
        Ok(some && self.files(&[SEALED, REFUSED])?.is_empty())
    }

    /// Removes the folder.
    pub fn remove(self) -> io::Result<()> {
        std::fs::remove_dir_all(self.folder)
    }

    fn save(&self) -> io::Result<()> {
        write(&self.folder.join(ABOUT), &serde_json::to_vec_pretty(&self.about)?)
    }

    fn files(&self, endings: &[&str]) -> io::Result<Vec<PathBuf>> {
        let is_parcel = |path: &PathBuf| {
            let ending = path.extension().and_then(|ending| ending.to_str());
            ending.is_some_and(|ending| endings.contains(&ending))
        };
        Ok(entries(&self.folder)?.into_iter().filter(is_parcel).collect())
    }
}

/// What lies in a folder, in the order of the names.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let listed = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed?,
    };
    let mut paths: Vec<PathBuf> = listed
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}

/// Writes a file whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("part");
    let mut file = std::fs::File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&beside, path)
}

/// Runs until the program ends: asks for everybody known on this laptop but whoever works on it now, who is told anyway.
pub async fn run(app: Arc<App>) {
    loop {
        let all = {
            let state = app.state();
            let open = state.open_device();
            let all = Deposits::all(&state.profile).map(|all| {
                all.into_iter()
                    .filter(|deposits| Some(&deposits.about.device) != open.as_ref())
                    .collect::<Vec<_>>()
            });
            drop(state);
            all
        };
        match all {
            Ok(all) => {
                for deposits in all {
                    settle(&app, deposits).await;
                }
            }
            Err(error) => tracing::warn!(%error, "what was left for the office cannot be read"),
        }
        tokio::select! {
            () = app.left.notified() => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

/// Delivers what is left, and asks whether the laptop is to be emptied. What cannot be done now is done another time.
async fn settle(app: &Arc<App>, deposits: Deposits) {
    let about = deposits.about.clone();
    let settled = async {
        let client = Client::new(&about.server, &about.token)?;
        deliver(app, &client, &deposits).await?;
        if about.is_erased {
            return confirm(&client, deposits).await;
        }
        if client.is_wipe_asked(&about.device).await? {
            app.wipe(&about.device, wipe_asked())?;
        }
        Ok(())
    };
    if let Err(problem) = settled.await
        && problem.code != "server_unreachable"
    {
        let device = about.device;
        tracing::warn!(code = problem.code, device, "what was left is not settled");
    }
}

async fn deliver(app: &Arc<App>, client: &Client, deposits: &Deposits) -> Result<(), Problem> {
    for parcel in deposits.files(&[SEALED]).map_err(fault)? {
        let sealed = std::fs::read(&parcel).map_err(fault)?;
        match client.deposit(&deposits.about.device, sealed).await {
            Ok(()) => std::fs::remove_file(&parcel).map_err(fault)?,
            Err(trouble) if is_of_the_parcel(&trouble) => {
                tracing::warn!(code = trouble.code, "the office would not have a parcel");
                std::fs::rename(&parcel, parcel.with_extension(REFUSED)).map_err(fault)?;
            }
            Err(trouble) => return Err(trouble.into()),
        }
        app.tell();
    }
    Ok(())
}

/// Whether the office would never take it, however often it is sent.
fn is_of_the_parcel(trouble: &Trouble) -> bool {
    matches!(
        trouble.code.as_str(),
        "parcel_unfit"
            | "too_many_commands"
            | "not_found"
            | "wrong_hash"
            | "not_an_image"
            | "location_kept"
            | "too_large"
    )
}

async fn confirm(client: &Client, deposits: Deposits) -> Result<(), Problem> {
    match client.wiped(&deposits.about.device).await {
        Ok(()) => deposits.remove().map_err(fault),
        Err(trouble) => Err(trouble.into()),
    }
}

/// Why the window closes.
pub fn wipe_asked() -> Problem {
    Problem::new(
        "wipe",
        "Your office has asked for this laptop to be emptied. Your records are gone from it; what you had not sent was left for your supervisor.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about() -> About {
        About {
            server: "https://office.example".to_owned(),
            device: "d1".to_owned(),
            token: "t".to_owned(),
            changes: 0,
            photos: 0,
            is_erased: false,
        }
    }

    #[test]
    fn parcels_stay_in_order_until_they_are_delivered_or_the_device_works_again() {
        let folder = std::env::temp_dir().join(format!("bailiwick-deposits-{}", std::process::id()));
        let profile = Profile::open(&folder).expect("a profile");
        let mut deposits = Deposits::begin(&profile, about()).expect("a folder");
        for parcel in ["one", "two"] {
            deposits.leave(parcel.as_bytes()).expect("it is left");
        }
        deposits.note_left(2, 0).expect("it is noted");
        let again = Deposits::of(&profile, "d1").expect("readable").expect("there");
        let read: Vec<Vec<u8>> = again
            .files(&[SEALED])
            .expect("listed")
            .iter()
            .map(|path| std::fs::read(path).expect("read"))
            .collect();
        assert_eq!(read, [b"one", b"two"]);
        assert!(!again.is_handed_over().expect("listed"));
        for parcel in again.files(&[SEALED]).expect("listed") {
            std::fs::remove_file(parcel).expect("removed");
        }
        assert!(again.is_handed_over().expect("listed"));
        let anew = Deposits::begin(&profile, about()).expect("a folder");
        assert!(
            !anew.is_handed_over().expect("listed"),
            "nothing was left this time"
        );
        assert_eq!(Deposits::all(&profile).expect("listed").len(), 1);
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
