//! The office's database, whichever it is.

use crate::book::{Book, Changes, Memory, RecordRow};
use crate::postgres::{PostgresDb, PostgresTx};
use crate::sqlite::{self, OfficeDb, SqliteTx};
use crate::transfer::Side;
use crate::{
    Account, DeviceRow, Entry, Fault, HeldBy, Holding, Lookup, NewDevice, OfficeTx, Org, Result,
    StoredCommand, StoredPhoto, ViewHead,
};
use domain::{Answer, CommandId, Range};
use policy::views::View;
use policy::{Kind, Millis, OrgId, PersonId, RecordId};
use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use sync::{Receipt, Sum};

/// Where an office keeps its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file of the embedded database.
    Sqlite(PathBuf),
    /// The address of a PostgreSQL database.
    Postgres(String),
}

impl Place {
    /// Reads `sqlite:FILE` or `postgres://…`.
    pub fn parse(text: &str) -> std::result::Result<Place, String> {
        if let Some(file) = text.strip_prefix("sqlite:") {
            let file = file.trim_start_matches("//");
            if !file.is_empty() {
                return Ok(Place::Sqlite(file.into()));
            }
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Place::Postgres(text.to_owned()));
        }
        Err(format!("`{text}`: accepted is sqlite:FILE or postgres://…"))
    }
}

impl fmt::Display for Place {
    /// Without a password that the address may hold.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Sqlite(file) => write!(f, "{}", file.display()),
            Place::Postgres(url) => match (url.split_once("://"), url.rsplit_once('@')) {
                (Some((scheme, _)), Some((_, place))) => write!(f, "{scheme}://{place}"),
                _ => f.write_str(url),
            },
        }
    }
}

/// One connection to the office's database.
pub enum Database {
    Sqlite(OfficeDb),
    Postgres(PostgresDb),
}

/// What a transaction did.
#[derive(Debug)]
pub struct Written {
    /// The organization's number before.
    pub before: i64,
    /// The organization's number now.
    pub seq: i64,
    /// The views that changed.
    pub changed: BTreeSet<View>,
}

impl Database {
    /// Opens a database and brings it up to date.
    pub fn open(place: &Place, org: &OrgId) -> Result<Database> {
        match place {
            Place::Sqlite(file) => Ok(Database::Sqlite(OfficeDb::open(Some(file), org)?)),
            Place::Postgres(url) => {
                let mut db = PostgresDb::open(url, org)?;
                db.migrate()?;
                Ok(Database::Postgres(db))
            }
        }
    }

    /// Opens one more connection to a database that is up to date.
    pub fn connect(place: &Place, org: &OrgId) -> Result<Database> {
        match place {
            Place::Sqlite(file) => Ok(Database::Sqlite(OfficeDb::open_another(file, org)?)),
            Place::Postgres(url) => Ok(Database::Postgres(PostgresDb::open(url, org)?)),
        }
    }

    /// The same connection, which remembers together with all that share this.
    pub fn sharing(mut self, memory: &Memory) -> Database {
        match &mut self {
            Database::Sqlite(db) => db.remembered = memory.clone(),
            Database::Postgres(db) => db.remembered = memory.clone(),
        }
        self
    }

    /// Makes the organization where it does not exist yet.
    pub fn ensure_org(&mut self, org: &Org) -> Result<()> {
        self.within(true, async |mut tx| {
            tx.ensure_org(org).await?;
            tx.close().await
        })
    }

    /// Carries out something that writes, in one transaction, on this thread.
    pub fn write<R, E: From<Fault>>(
        &mut self,
        work: impl AsyncFnOnce(&mut AnyTx<'_>) -> std::result::Result<R, E>,
    ) -> std::result::Result<(R, Written), E> {
        self.within(true, async |mut tx| {
            let before = tx.org().await?.seq;
            match work(&mut tx).await {
                Ok(done) => {
                    let seq = tx.org().await?.seq;
                    let changed = tx.commit().await?;
                    let written = Written { before, seq, changed };
                    Ok((done, written))
                }
                Err(error) => {
                    tx.undo().await;
                    Err(error)
                }
            }
        })
    }

    /// Carries out something that only reads, in one snapshot, on this thread.
    pub fn read<R, E: From<Fault>>(
        &mut self,
        work: impl AsyncFnOnce(&mut AnyTx<'_>) -> std::result::Result<R, E>,
    ) -> std::result::Result<R, E> {
        self.within(false, async |mut tx| {
            let done = work(&mut tx).await;
            tx.undo().await;
            done
        })
    }

    /// Makes sure that nobody else is using the database; fails with [`Fault::Busy`].
    pub fn ensure_unused(place: &Place, org: &OrgId) -> Result<()> {
        match place {
            Place::Sqlite(file) if file.exists() => sqlite::put_away(file),
            Place::Sqlite(_) => Ok(()),
            Place::Postgres(url) => match PostgresDb::open(url, org)?.others()? {
                0 => Ok(()),
                _ => Err(Fault::Busy),
            },
        }
    }

    /// Whether the connection can still be used.
    pub fn answers(&mut self) -> bool {
        match self {
            Database::Sqlite(_) => true,
            Database::Postgres(db) => db.answers(),
        }
    }

    /// As one side of a transfer.
    pub(crate) fn side(&mut self) -> &mut dyn Side {
        match self {
            Database::Sqlite(db) => db,
            Database::Postgres(db) => db,
        }
    }

    fn within<R, E: From<Fault>>(
        &mut self,
        may_write: bool,
        work: impl AsyncFnOnce(AnyTx<'_>) -> std::result::Result<R, E>,
    ) -> std::result::Result<R, E> {
        match self {
            Database::Sqlite(db) => {
                let tx = if may_write { db.write()? } else { db.read()? };
                pollster::block_on(work(AnyTx::Sqlite(tx)))
            }
            Database::Postgres(db) => db.within(may_write, async |tx| work(AnyTx::Postgres(tx)).await),
        }
    }
}

/// A transaction of either database.
pub enum AnyTx<'a> {
    Sqlite(SqliteTx<'a>),
    Postgres(PostgresTx<'a>),
}

/// The same call on whichever it is.
macro_rules! either {
    ($any:expr, $tx:ident => $call:expr) => {
        match $any {
            AnyTx::Sqlite($tx) => $call,
            AnyTx::Postgres($tx) => $call,
        }
    };
}

impl AnyTx<'_> {
    /// Ends the transaction and keeps nothing. One that cannot even be undone is undone by the end of its connection.
    async fn undo(self) {
        match self {
            AnyTx::Sqlite(tx) => drop(tx),
            AnyTx::Postgres(tx) => drop(tx.undo().await),
        }
    }
}

impl Lookup for AnyTx<'_> {
    async fn record(&mut self, id: &RecordId) -> Result<Answer> {
        either!(self, tx => tx.record(id).await)
    }

    async fn range(&mut self, kind: Kind, index: &str, prefix: &str) -> Result<Range> {
        either!(self, tx => tx.range(kind, index, prefix).await)
    }
}

impl OfficeTx for AnyTx<'_> {
    fn book(&mut self) -> &mut Book {
        either!(self, tx => tx.book())
    }

    async fn load_org(&mut self) -> Result<Org> {
        either!(self, tx => tx.load_org().await)
    }

    async fn load_records(&mut self, ids: &[RecordId]) -> Result<Vec<RecordRow>> {
        either!(self, tx => tx.load_records(ids).await)
    }

    async fn load_range(&mut self, kind: Kind, index: &str, prefix: &str) -> Result<Vec<RecordRow>> {
        either!(self, tx => tx.load_range(kind, index, prefix).await)
    }

    async fn load_after(&mut self, kind: Kind, number: i64, limit: usize) -> Result<Vec<RecordRow>> {
        either!(self, tx => tx.load_after(kind, number, limit).await)
    }

    async fn load_keyed(&mut self, kind: Kind, index: &str, key: &str) -> Result<Vec<RecordRow>> {
        either!(self, tx => tx.load_keyed(kind, index, key).await)
    }

    async fn load_entries_of(&mut self, numbers: &[i64]) -> Result<Vec<(i64, String, Sum)>> {
        either!(self, tx => tx.load_entries_of(numbers).await)
    }

    async fn load_heads(&mut self, names: &[String]) -> Result<Vec<Option<ViewHead>>> {
        either!(self, tx => tx.load_heads(names).await)
    }

    async fn load_commands(&mut self, ids: &[CommandId]) -> Result<Vec<StoredCommand>> {
        either!(self, tx => tx.load_commands(ids).await)
    }

    async fn save(&mut self, changes: &Changes<'_>) -> Result<()> {
        either!(self, tx => tx.save(changes).await)
    }

    async fn announce(&mut self, seq: i64, changed: &BTreeSet<View>) -> Result<()> {
        either!(self, tx => tx.announce(seq, changed).await)
    }

    async fn close(self) -> Result<()> {
        either!(self, tx => tx.close().await)
    }

    async fn entries(&mut self, view: &ViewHead, after: i64, limit: usize) -> Result<Vec<Entry>> {
        either!(self, tx => tx.entries(view, after, limit).await)
    }

    async fn ensure_org(&mut self, org: &Org) -> Result<()> {
        either!(self, tx => tx.ensure_org(org).await)
    }

    async fn rename_org(&mut self, name: &str, zone: &str) -> Result<()> {
        either!(self, tx => tx.rename_org(name, zone).await)
    }

    async fn forget_removals(&mut self, before: Millis, most: usize) -> Result<usize> {
        either!(self, tx => tx.forget_removals(before, most).await)
    }

    async fn note_policy(&mut self, version: u32) -> Result<()> {
        either!(self, tx => tx.note_policy(version).await)
    }

    async fn begin_incarnation(&mut self, incarnation: &str) -> Result<()> {
        either!(self, tx => tx.begin_incarnation(incarnation).await)
    }

    async fn account(&mut self, username: &str) -> Result<Option<Account>> {
        either!(self, tx => tx.account(username).await)
    }

    async fn save_account(&mut self, account: &Account) -> Result<()> {
        either!(self, tx => tx.save_account(account).await)
    }

    async fn username(&mut self, person: &PersonId) -> Result<Option<String>> {
        either!(self, tx => tx.username(person).await)
    }

    async fn note_sign_in(&mut self, at: Millis, username: &str, outcome: &str) -> Result<()> {
        either!(self, tx => tx.note_sign_in(at, username, outcome).await)
    }

    async fn failed_sign_ins(&mut self, username: &str, since: Millis) -> Result<u32> {
        either!(self, tx => tx.failed_sign_ins(username, since).await)
    }

    async fn save_device(&mut self, device: &NewDevice<'_>) -> Result<()> {
        either!(self, tx => tx.save_device(device).await)
    }

    async fn device(&mut self, id: &str) -> Result<Option<DeviceRow>> {
        either!(self, tx => tx.device(id).await)
    }

    async fn device_of(&mut self, credential_hash: &[u8; 32]) -> Result<Option<DeviceRow>> {
        either!(self, tx => tx.device_of(credential_hash).await)
    }

    async fn renew_device(&mut self, id: &str, at: Millis, expires_at: Millis) -> Result<()> {
        either!(self, tx => tx.renew_device(id, at, expires_at).await)
    }

    async fn note_turn(&mut self, id: &str, turn: u64) -> Result<()> {
        either!(self, tx => tx.note_turn(id, turn).await)
    }

    async fn devices(&mut self) -> Result<Vec<DeviceRow>> {
        either!(self, tx => tx.devices().await)
    }

    async fn ask_wipe(&mut self, id: &str, at: Millis) -> Result<()> {
        either!(self, tx => tx.ask_wipe(id, at).await)
    }

    async fn note_wiped(&mut self, id: &str, at: Millis) -> Result<()> {
        either!(self, tx => tx.note_wiped(id, at).await)
    }

    async fn revoke_device(&mut self, id: &str, at: Millis) -> Result<()> {
        either!(self, tx => tx.revoke_device(id, at).await)
    }

    async fn note_held(&mut self, device: &str, epoch: &str, views: &[View], at: Millis) -> Result<()> {
        either!(self, tx => tx.note_held(device, epoch, views, at).await)
    }

    async fn note_receipt(&mut self, device: &str, receipt: &Receipt, at: Millis) -> Result<()> {
        either!(self, tx => tx.note_receipt(device, receipt, at).await)
    }

    async fn holdings(&mut self, of: &HeldBy<'_>) -> Result<Vec<Holding>> {
        either!(self, tx => tx.holdings(of).await)
    }

    async fn photo(&mut self, hash: &str) -> Result<Option<StoredPhoto>> {
        either!(self, tx => tx.photo(hash).await)
    }

    async fn photos(&mut self) -> Result<Vec<StoredPhoto>> {
        either!(self, tx => tx.photos().await)
    }

    async fn photo_records(&mut self, hash: &str) -> Result<Vec<RecordId>> {
        either!(self, tx => tx.photo_records(hash).await)
    }

    async fn forget_unnamed_photos(&mut self, before: Millis) -> Result<u64> {
        either!(self, tx => tx.forget_unnamed_photos(before).await)
    }

    async fn wanted_photos(&mut self, hashes: &[String]) -> Result<BTreeSet<String>> {
        either!(self, tx => tx.wanted_photos(hashes).await)
    }

    async fn photo_bytes_since(&mut self, person: &PersonId, since: Millis) -> Result<u64> {
        either!(self, tx => tx.photo_bytes_since(person, since).await)
    }

    async fn save_photo(
        &mut self,
        photo: &StoredPhoto,
        record: &RecordId,
        person: &PersonId,
        at: Millis,
    ) -> Result<()> {
        either!(self, tx => tx.save_photo(photo, record, person, at).await)
    }
}
