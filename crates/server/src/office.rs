//! The office: its database, its clock, and who is listening for changes.

use crate::Problem;
use crate::photos::{PhotoPlace, PhotoStore};
use crate::readers::Readers;
use anyhow::Context as _;
use policy::views::View;
use policy::{Millis, OrgId};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use store::postgres::Listener;
use store::{AnyTx, Database, Memory, OfficeTx as _, Org, Place};
use tokio::sync::{Semaphore, broadcast};

/// How often the office looks whether another process has written to its database.
const LOOK_EVERY: std::time::Duration = std::time::Duration::from_millis(250);

/// How long the office waits before it tries to listen to its database again.
const LISTEN_AGAIN_AFTER: std::time::Duration = std::time::Duration::from_secs(1);

/// Where an office is opened.
#[derive(Debug, Clone)]
pub struct Opening {
    pub database: Place,
    /// The basemap, what is on its way, and whatever else is a file.
    pub data_dir: PathBuf,
    pub photos: PhotoPlace,
    pub org: OrgId,
}

/// What changed: these views, or anything.
#[derive(Debug, Clone)]
pub enum Change {
    Views(Arc<BTreeSet<View>>),
    Anything,
    /// The office ends: whoever listens must listen elsewhere.
    Closing,
}

/// An open office.
pub struct Office {
    database: Place,
    pub data_dir: PathBuf,
    pub photos: PhotoStore,
    org: OrgId,
    writer: Mutex<Database>,
    memory: Memory,
    readers: Readers,
    changes: broadcast::Sender<Change>,
    /// The newest number this process knows; a newer one in the database was written by another.
    known_seq: AtomicI64,
    /// Password hashing takes a core and 19 MiB: at most two at once.
    pub hashing: Semaphore,
    /// A large photo takes a core and some 200 MiB while it is decoded: at most two at once.
    pub decoding: Semaphore,
    clock: fn() -> Millis,
}

/// The system's clock.
pub fn system_clock() -> Millis {
    chrono::Utc::now().timestamp_millis()
}

impl Office {
    /// Opens an office and brings its database up to date.
    pub fn open(opening: &Opening) -> anyhow::Result<Office> {
        std::fs::create_dir_all(&opening.data_dir)
            .with_context(|| format!("the data folder {} cannot be made", opening.data_dir.display()))?;
        if let Place::Sqlite(file) = &opening.database
            && let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        }
        let mut db = Database::open(&opening.database, &opening.org)
            .with_context(|| format!("the database {} cannot be opened", opening.database))?;
        db.ensure_org(&Org {
            id: opening.org.clone(),
            name: "Municipality".to_owned(),
            zone: "UTC".to_owned(),
            rights_seq: 0,
            removals_from: 0,
            seq: 0,
            incarnation: hex::encode(random::<8>()?),
            policy_version: policy::POLICY_VERSION,
            secret: random::<32>()?.to_vec(),
        })?;
        let listed = store::relist(&mut db).context("listing the records by today's rules")?;
        if listed > 0 {
            tracing::info!(records = listed, "listed again by today's rules");
        }
        let seq = db.read(async |tx| Ok::<_, store::Fault>(tx.org().await?.seq))?;
        let memory = Memory::default();
        Ok(Office {
            database: opening.database.clone(),
            data_dir: opening.data_dir.clone(),
            photos: PhotoStore::open(&opening.photos)?,
            org: opening.org.clone(),
            readers: Readers::new(opening.database.clone(), opening.org.clone(), memory.clone()),
            writer: Mutex::new(db.sharing(&memory)),
            memory,
            changes: broadcast::channel(1024).0,
            known_seq: AtomicI64::new(seq),
            hashing: Semaphore::new(2),
            decoding: Semaphore::new(2),
            clock: system_clock,
        })
    }

    /// The office's clock.
    pub fn now(&self) -> Millis {
        (self.clock)()
    }

    /// Listens for changes.
    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// Tells whoever listens that the office ends.
    pub fn close(&self) {
        let _ = self.changes.send(Change::Closing);
    }

    /// How many devices are listening.
    pub fn listeners(&self) -> usize {
        self.changes.receiver_count()
    }

    /// Carries out something that writes, in one transaction, on this thread.
    pub fn write<R>(
        &self,
        work: impl AsyncFnOnce(&mut AnyTx<'_>) -> Result<R, Problem>,
    ) -> Result<R, Problem> {
        let (done, changed) = {
            let mut db = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
            let (done, written) = match db.write(work) {
                Ok(done) => done,
                Err(problem) => {
                    if !db.answers() {
                        *db = Database::connect(&self.database, &self.org)?.sharing(&self.memory);
                    }
                    return Err(problem);
                }
            };
            // What another process wrote just before must not hide behind what was written here. PostgreSQL announces it.
            if matches!(self.database, Place::Sqlite(_)) {
                self.heard_of(written.before);
            }
            self.known_seq.fetch_max(written.seq, Ordering::SeqCst);
            (done, written.changed)
        };
        if !changed.is_empty() {
            // Nobody listening is not a fault.
            let _ = self.changes.send(Change::Views(Arc::new(changed)));
        }
        Ok(done)
    }

    /// Carries out something that only reads, in one snapshot, on this thread.
    pub fn read<R>(
        &self,
        work: impl AsyncFnOnce(&mut AnyTx<'_>) -> Result<R, Problem>,
    ) -> Result<R, Problem> {
        self.readers.lend()?.read(work)
    }

    /// Tells whoever listens, until the program ends, of what other processes write: PostgreSQL announces it, and at an
    /// embedded database the office looks now and then.
    pub async fn watch(self: Arc<Office>) {
        match self.database.clone() {
            Place::Sqlite(_) => self.look_now_and_then().await,
            Place::Postgres(url) => loop {
                if let Err(fault) = self.hear(&url).await {
                    tracing::warn!(%fault, "announcements are not heard");
                }
                let _ = self.changes.send(Change::Anything);
                tokio::time::sleep(LISTEN_AGAIN_AFTER).await;
            },
        }
    }

    async fn look_now_and_then(self: Arc<Office>) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let office = Arc::clone(&self);
            let seq =
                tokio::task::spawn_blocking(move || office.read(async |tx| Ok(tx.org().await?.seq))).await;
            if let Ok(Ok(seq)) = seq {
                self.heard_of(seq);
            }
        }
    }

    async fn hear(&self, url: &str) -> store::Result<()> {
        let mut listener = Listener::open(url).await?;
        // Something may have been announced before anybody listened.
        let _ = self.changes.send(Change::Anything);
        loop {
            match listener.next().await? {
                Some(announced) if announced.org == self.org.as_str() => {
                    self.known_seq.fetch_max(announced.seq, Ordering::SeqCst);
                    let views = announced.views.map(|views| Change::Views(Arc::new(views)));
                    let _ = self.changes.send(views.unwrap_or(Change::Anything));
                }
                Some(_) => {}
                None => {
                    let _ = self.changes.send(Change::Anything);
                }
            }
        }
    }

    /// Tells whoever listens, where a number was given by another process.
    fn heard_of(&self, seq: i64) {
        if self.known_seq.fetch_max(seq, Ordering::SeqCst) < seq {
            let _ = self.changes.send(Change::Anything);
        }
    }

    /// The organization's id.
    pub fn org(&self) -> &OrgId {
        &self.org
    }

    /// Where a file of the data folder lies.
    pub fn file(&self, name: impl AsRef<Path>) -> PathBuf {
        self.data_dir.join(name)
    }
}

/// Random bytes from the operating system.
pub fn random<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no random bytes: {error}"))?;
    Ok(bytes)
}
