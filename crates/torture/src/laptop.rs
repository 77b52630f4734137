//! Ana's laptop: the product's own engine on the two encrypted files of a folder, and the product's own client.

use crate::{now, town};
use device::{Device, Files, FilesError, OutboxPhoto, PhotoOutcome, PhotoProblem, Reply, Request};
use domain::{Command, CommandId};
use link::{Client, Trouble};
use policy::Rights;
use sim::Rng;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use store::Fault;
use store::sqlite::FileKey;
use sync::{Answer, SignInRequest};

/// The key of all files here.
pub const KEY: FileKey = FileKey([0x74; 32]);
/// Where the window keeps these in the outbox.
const CREDENTIAL: &str = "credential";
const RIGHTS: &str = "rights";
/// No exchange takes more requests than this.
const REQUESTS_MAX: usize = 2_000;

/// Why something came to nothing.
#[derive(Debug)]
pub enum Stop {
    /// On the way to the office, or there.
    Trouble(Trouble),
    /// In the files.
    Fault(Fault),
    OutboxDamaged,
    /// The rules said no.
    Refused(String),
    /// The exchange does not end.
    Endless,
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Stop::Trouble(trouble) => write!(f, "{}: {}", trouble.code, trouble.sentence),
            Stop::Fault(fault) => write!(f, "{fault}"),
            Stop::OutboxDamaged => f.write_str("the outbox is damaged"),
            Stop::Refused(why) => write!(f, "refused: {why}"),
            Stop::Endless => f.write_str("the exchange does not end"),
        }
    }
}

impl std::error::Error for Stop {}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Stop {
        Stop::Trouble(trouble)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Stop {
        Stop::Fault(fault)
    }
}

impl From<FilesError> for Stop {
    fn from(error: FilesError) -> Stop {
        match error {
            FilesError::OutboxDamaged => Stop::OutboxDamaged,
            FilesError::Fault(fault) => Stop::Fault(fault),
        }
    }
}

/// A laptop with its files open.
pub struct Laptop {
    pub device: Device,
    pub client: Client,
    pub folder: PathBuf,
    /// The cache was damaged when it was opened.
    pub is_anew: bool,
}

impl Laptop {
    /// Signs Ana in on a laptop that the office does not know.
    pub async fn sign_in(server: &str, folder: &Path) -> Result<Laptop, Stop> {
        let request = SignInRequest {
            username: town::ANA.to_owned(),
            password: town::PASSWORD.to_owned(),
            device_name: "torture".to_owned(),
            device: None,
            file_key: None,
        };
        let reply = Client::new(server, "")?.sign_in(&request).await?;
        let mut files = Files::open(folder, &KEY)?;
        // No device was named above, so this is always another one.
        files.is_another_device()?;
        files
            .outbox
            .set_meta(CREDENTIAL, &reply.credential)
            .map_err(FilesError::of_outbox)?;
        let rights = serde_json::to_string(&reply.rights).map_err(Fault::from)?;
        files
            .outbox
            .set_meta(RIGHTS, &rights)
            .map_err(FilesError::of_outbox)?;
        drop(files);
        Laptop::open(server, folder)
    }

    /// Opens the files of somebody who has signed in.
    pub fn open(server: &str, folder: &Path) -> Result<Laptop, Stop> {
        let files = Files::open(folder, &KEY)?;
        let client = Client::new(server, &credential(&files)?)?;
        Laptop::of(files, client, folder)
    }

    /// The same with a client that is there already.
    pub fn with(client: Client, folder: &Path) -> Result<Laptop, Stop> {
        Laptop::of(Files::open(folder, &KEY)?, client, folder)
    }

    fn of(files: Files, client: Client, folder: &Path) -> Result<Laptop, Stop> {
        let rights: Rights = serde_json::from_str(&kept(&files, RIGHTS)?).map_err(Fault::from)?;
        let (device, is_anew) = files.join(folder, &KEY, rights)?;
        Ok(Laptop {
            device,
            client,
            folder: folder.to_owned(),
            is_anew,
        })
    }

    /// Does something. When this returns it is saved.
    pub fn does(
        &mut self,
        rng: &mut Rng,
        command: Command,
        photo: Option<OutboxPhoto>,
    ) -> Result<CommandId, Stop> {
        let id = CommandId::from_random(u128::from(rng.bits()) << 64 | u128::from(rng.bits()));
        match self.device.submit(now(), id.clone(), command, photo)? {
            Ok(_) => Ok(id),
            Err(refusal) => Err(Stop::Refused(format!("{refusal:?}"))),
        }
    }

    /// A note, or now and then a photo.
    pub fn does_something(&mut self, rng: &mut Rng) -> Result<CommandId, Stop> {
        let unmade = |error: anyhow::Error| Stop::Refused(format!("{error:#}"));
        if rng.chance(12) {
            let (command, photo) = town::photo(rng).map_err(unmade)?;
            self.does(rng, command, Some(photo))
        } else {
            let command = town::note(rng).map_err(unmade)?;
            self.does(rng, command, None)
        }
    }

    /// A whole exchange, then the photos. `answered` hears of each answer once it is in the outbox.
    pub async fn exchange(&mut self, mut answered: impl FnMut(&CommandId, &Answer)) -> Result<(), Stop> {
        self.device.begin_exchange();
        let done = self.steps(&mut answered).await;
        if done.is_err() {
            self.device.abandon();
            self.device.abandon_photo();
        }
        done
    }

    async fn steps(&mut self, answered: &mut impl FnMut(&CommandId, &Answer)) -> Result<(), Stop> {
        for _ in 0..REQUESTS_MAX {
            let Some(request) = self.device.next_request()? else {
                return self.photos().await;
            };
            let reply = self.client.send(&request).await?;
            let answers = match (&request, &reply) {
                (Request::Push(_), Reply::Push(reply)) => reply.answers.clone(),
                _ => Vec::new(),
            };
            self.device.settle(now(), &request, reply)?;
            for one in &answers {
                answered(&one.id, &one.answer);
            }
        }
        Err(Stop::Endless)
    }

    async fn photos(&mut self) -> Result<(), Stop> {
        while let Some(photo) = self.device.next_photo(now())? {
            let sent = Arc::new(AtomicU64::new(0));
            match self.client.send_photo(&photo, &sent).await {
                Ok(outcome) => {
                    let failed = match &outcome {
                        PhotoOutcome::Failed(PhotoProblem { code, sentence, .. }) => {
                            Some((code.clone(), sentence.clone()))
                        }
                        PhotoOutcome::Kept { .. } => None,
                    };
                    self.device.settle_photo(now(), &photo, outcome)?;
                    if let Some((code, sentence)) = failed {
                        return Err(Stop::Trouble(Trouble { code, sentence }));
                    }
                }
                Err(trouble) => {
                    self.device.abandon_photo();
                    return Err(trouble.into());
                }
            }
        }
        Ok(())
    }

    /// Exchanges until nothing waits any more: photos that came to nothing are tried at once, as when a connection is back.
    pub async fn drain(&mut self) -> Result<(), Stop> {
        for _ in 0..5 {
            self.device.hurry_photos()?;
            self.exchange(|_, _| {}).await?;
            // The photos just sent are news.
            self.exchange(|_, _| {}).await?;
            let (waiting, _, photos) = self.device.counts()?;
            if waiting == 0 && photos == 0 {
                return Ok(());
            }
        }
        Err(Stop::Endless)
    }

    /// Puts an empty cache in place of a damaged one, as the window does when a fault says that something is.
    pub fn mend(&mut self) -> Result<bool, Stop> {
        let folder = self.folder.clone();
        Ok(self.device.mend(&folder, &KEY)?)
    }
}

/// The credential in the files of somebody who has signed in.
pub fn credential(files: &Files) -> Result<String, Stop> {
    kept(files, CREDENTIAL)
}

fn kept(files: &Files, name: &str) -> Result<String, Stop> {
    let missing = || Fault::Unreadable(format!("no {name} in the outbox"));
    let kept = files.outbox.meta(name).map_err(FilesError::of_outbox)?;
    Ok(kept.ok_or_else(missing)?)
}
