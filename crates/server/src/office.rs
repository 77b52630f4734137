//! The office: its database, its clock, and who is listening for changes.

use crate::Problem;
use anyhow::Context as _;
use policy::views::View;
use policy::{Millis, OrgId};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use store::OfficeTx;
use store::sqlite::{OfficeDb, SqliteTx};
use tokio::sync::{Semaphore, broadcast};

/// How often the office looks whether another process has written to its database.
const LOOK_EVERY: std::time::Duration = std::time::Duration::from_millis(250);

/// Where an office is opened.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The database file.
    pub database: PathBuf,
    /// Photos, the basemap and whatever else is a file.
    pub data_dir: PathBuf,
    pub org: OrgId,
}

/// What changed: these views, or anything.
#[derive(Debug, Clone)]
pub enum Change {
    Views(Arc<BTreeSet<View>>),
    Anything,
}

/// An open office.
pub struct Office {
    database: PathBuf,
    pub data_dir: PathBuf,
    org: OrgId,
    writer: Mutex<OfficeDb>,
    readers: Mutex<Vec<OfficeDb>>,
    changes: broadcast::Sender<Change>,
    /// The newest number this process knows; a newer one in the database was written by another.
    known_seq: AtomicI64,
    /// Password hashing takes a core and 19 MiB: at most two at once.
    pub hashing: Semaphore,
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
        if let Some(folder) = opening
            .database
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        }
        let mut db = OfficeDb::open(Some(&opening.database), &opening.org)
            .with_context(|| format!("the database {} cannot be opened", opening.database.display()))?;
        db.ensure_org(
            "Municipality",
            "UTC",
            &random::<32>()?,
            &hex::encode(random::<8>()?),
        )?;
        let seq = pollster::block_on(db.read()?.org())?.seq;
        Ok(Office {
            database: opening.database.clone(),
            data_dir: opening.data_dir.clone(),
            org: opening.org.clone(),
            writer: Mutex::new(db),
            readers: Mutex::new(Vec::new()),
            changes: broadcast::channel(1024).0,
            known_seq: AtomicI64::new(seq),
            hashing: Semaphore::new(2),
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

    /// How many devices are listening.
    pub fn listeners(&self) -> usize {
        self.changes.receiver_count()
    }

    /// Carries out something that writes, in one transaction, on this thread.
    pub fn write<R>(
        &self,
        work: impl AsyncFnOnce(&mut SqliteTx<'_>) -> Result<(R, BTreeSet<View>), Problem>,
    ) -> Result<R, Problem> {
        let (result, changed) = {
            let mut db = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
            let mut tx = db.write()?;
            let before = pollster::block_on(tx.org())?.seq;
            let done = pollster::block_on(work(&mut tx))?;
            let seq = pollster::block_on(tx.org())?.seq;
            pollster::block_on(tx.commit())?;
            // What another process wrote just before must not hide behind what was written here.
            self.heard_of(before);
            self.known_seq.fetch_max(seq, Ordering::SeqCst);
            done
        };
        if !changed.is_empty() {
            // Nobody listening is not a fault.
            let _ = self.changes.send(Change::Views(Arc::new(changed)));
        }
        Ok(result)
    }

    /// Carries out something that only reads, in one snapshot, on this thread.
    pub fn read<R>(
        &self,
        work: impl AsyncFnOnce(&mut SqliteTx<'_>) -> Result<R, Problem>,
    ) -> Result<R, Problem> {
        let spare = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut db = match spare {
            Some(db) => db,
            None => OfficeDb::open(Some(&self.database), &self.org)?,
        };
        let result = {
            let mut tx = db.read()?;
            pollster::block_on(work(&mut tx))
        };
        self.readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(db);
        result
    }

    /// With the database itself, for the commands of an administrator.
    pub fn with_database<R>(
        &self,
        work: impl FnOnce(&mut OfficeDb) -> anyhow::Result<R>,
    ) -> anyhow::Result<R> {
        work(&mut self.writer.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks, until the program ends, whether another process has written, and tells whoever listens.
    pub async fn watch(self: Arc<Office>) {
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
