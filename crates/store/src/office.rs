//! A transaction of the office's database: one trait, one suite of stories, one implementation per database.

use crate::book::{self, Book, Changes, RecordRow};
use crate::{Lookup, Result};
use domain::{CommandId, Record};
use policy::views::View;
use policy::{Kind, Millis, OrgId, PersonId, RecordId};
use std::collections::BTreeSet;
use sync::{Answer, Receipt, Sum, Tally};

/// The organization's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Org {
    pub id: OrgId,
    pub name: String,
    pub zone: String,
    pub seq: i64,
    /// The number under which something was last written that rights are derived from.
    pub rights_seq: i64,
    /// A place in the log below this number is too old: what was removed since is not known any more.
    pub removals_from: i64,
    pub incarnation: String,
    pub policy_version: u32,
    pub secret: Vec<u8>,
}

/// Who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub person: PersonId,
    pub username: String,
    pub password_hash: String,
    pub is_active: bool,
}

/// A laptop of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    pub id: String,
    pub person: PersonId,
    pub name: String,
    pub expires_at: Millis,
    pub revoked_at: Option<Millis>,
    pub file_key: Option<Vec<u8>>,
    pub credential_hash: Vec<u8>,
    pub seen_at: Millis,
    /// When it was asked to be emptied, and when it proved that it is.
    pub wipe_at: Option<Millis>,
    pub wiped_at: Option<Millis>,
    /// The greatest of the numbers its control steps gave it that it has shown to have (FLT-13).
    pub turn: u64,
    /// Whether its person's account is active.
    pub is_active: bool,
}

/// What is asked of the ledger.
#[derive(Debug, Clone, Copy)]
pub enum HeldBy<'a> {
    /// Everything one device holds or held.
    Device(&'a str),
    /// Whoever holds or held any of these views.
    Anyone { views: &'a [String] },
}

/// That a device held a view: since when, until when, and when it proved to have let go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    pub device: String,
    pub view: String,
    pub from_at: Millis,
    pub until_at: Option<Millis>,
    pub acknowledged_at: Option<Millis>,
}

/// A laptop that signs in.
#[derive(Debug, Clone)]
pub struct NewDevice<'a> {
    pub id: &'a str,
    pub person: &'a PersonId,
    pub name: &'a str,
    pub credential_hash: [u8; 32],
    pub file_key: Option<&'a [u8]>,
    pub at: Millis,
    pub expires_at: Millis,
}

/// A command that was answered before.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredCommand {
    pub id: CommandId,
    pub body_hash: [u8; 32],
    pub person: PersonId,
    pub device: String,
    pub name: String,
    pub targets: Vec<RecordId>,
    pub claimed_at: Millis,
    pub received_at: Millis,
    pub seq: Option<i64>,
    pub answer: Answer,
    pub envelope: Option<String>,
}

/// What is known of a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPhoto {
    pub hash: String,
    pub media_type: String,
    pub bytes: u32,
}

/// A view's last change and its tally.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ViewHead {
    pub id: i64,
    pub seq: i64,
    pub tally: Tally,
}

/// One entry of a view's log, with the record's body as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub seq: i64,
    pub id: RecordId,
    /// None where the record has left the view.
    pub row: Option<(Kind, i64, String)>,
}

/// A transaction. Dropping it without `commit` undoes it.
///
/// What begins with `load` asks the database itself, once; what a [`Book`] remembers goes before it. Whoever uses a
/// transaction calls the others.
#[expect(
    async_fn_in_trait,
    reason = "each caller knows its own store, so nobody needs the futures to be Send in general"
)]
pub trait OfficeTx: Lookup + Sized {
    /// What this transaction has read and is about to write.
    fn book(&mut self) -> &mut Book;
    /// The organization's row.
    async fn load_org(&mut self) -> Result<Org>;
    /// The rows of these records, in any order; those that do not exist are left out.
    async fn load_records(&mut self, ids: &[RecordId]) -> Result<Vec<RecordRow>>;
    /// The rows of a kind whose key in an index begins with `prefix`.
    async fn load_range(&mut self, kind: Kind, index: &str, prefix: &str) -> Result<Vec<RecordRow>>;
    /// The rows of a kind whose numbers come after one, in the order of their numbers, at most `limit`.
    async fn load_after(&mut self, kind: Kind, number: i64, limit: usize) -> Result<Vec<RecordRow>>;
    /// The rows of a kind with this key in an index.
    async fn load_keyed(&mut self, kind: Kind, index: &str, key: &str) -> Result<Vec<RecordRow>>;
    /// The views these records stand in: the record's number, the view's name, and what it counts the record as.
    async fn load_entries_of(&mut self, numbers: &[i64]) -> Result<Vec<(i64, String, Sum)>>;
    /// The heads of the views of these names, in their order; a view nothing was ever written to has none.
    async fn load_heads(&mut self, names: &[String]) -> Result<Vec<Option<ViewHead>>>;
    /// The commands of these ids that were answered before.
    async fn load_commands(&mut self, ids: &[CommandId]) -> Result<Vec<StoredCommand>>;
    /// Writes all of it.
    async fn save(&mut self, changes: &Changes<'_>) -> Result<()>;
    /// Tells other processes, where the database can, that these views have changed.
    async fn announce(&mut self, seq: i64, changed: &BTreeSet<View>) -> Result<()>;
    /// Ends the transaction and keeps what it wrote.
    async fn close(self) -> Result<()>;

    /// The organization's row; taken for writing, it is the lock that orders the organization.
    async fn org(&mut self) -> Result<Org> {
        book::org(self).await
    }

    /// Takes the next number of the organization.
    async fn next_seq(&mut self) -> Result<i64> {
        book::next_seq(self).await
    }

    /// Reads records that are about to be asked for, all at once.
    async fn prefetch(&mut self, ids: &[RecordId]) -> Result<()> {
        book::prefetch(self, ids).await
    }

    /// Writes a record, its keys and its views' entries under a number.
    fn put(&mut self, seq: i64, record: &Record) {
        book::put(self.book(), seq, record);
    }

    /// Has whoever holds a view told, although nothing in it has changed.
    fn touch(&mut self, view: View) {
        self.book().touch(view);
    }

    /// Looks up records by the exact key of an index.
    async fn keyed(&mut self, kind: Kind, index: &str, key: &str) -> Result<Vec<Record>> {
        let rows = self.load_keyed(kind, index, key).await?;
        book::indexed(self, rows, (kind, index), |found| found == key).await
    }

    /// The heads of these views, in their order; a view nothing was ever written to has none.
    async fn view_heads(&mut self, views: &[View]) -> Result<Vec<Option<ViewHead>>> {
        book::flush(self).await?;
        let names: Vec<String> = views.iter().map(View::to_string).collect();
        self.load_heads(&names).await
    }

    /// The entries of a view after a number, in order, at most `limit`. Written first is what was not written yet, by
    /// [`OfficeTx::view_heads`].
    async fn entries(&mut self, view: &ViewHead, after: i64, limit: usize) -> Result<Vec<Entry>>;

    /// Reads the answers given to commands that are about to be asked for, all at once.
    async fn prefetch_commands(&mut self, ids: &[CommandId]) -> Result<()> {
        book::prefetch_commands(self, ids).await
    }

    /// The answer given to a command before.
    async fn command(&mut self, id: &CommandId) -> Result<Option<StoredCommand>> {
        book::command(self, id).await
    }

    /// Keeps the answer to a command.
    fn save_command(&mut self, command: &StoredCommand) {
        book::save_command(self.book(), command);
    }

    /// Makes it last; gives the views that changed.
    async fn commit(mut self) -> Result<BTreeSet<View>> {
        book::flush(&mut self).await?;
        let changed = self.book().changed();
        if !changed.is_empty() {
            let seq = self.org().await?.seq;
            self.announce(seq, &changed).await?;
        }
        self.close().await?;
        Ok(changed)
    }

    /// Makes the organization where it does not exist yet.
    async fn ensure_org(&mut self, org: &Org) -> Result<()>;
    /// Gives the organization another name and time zone.
    async fn rename_org(&mut self, name: &str, zone: &str) -> Result<()>;
    /// Notes by which version of the rules the records are listed.
    async fn note_policy(&mut self, version: u32) -> Result<()>;
    /// Takes the oldest removals out of the log, at most so many, where they are of commands received before an instant; gives
    /// how many. A place before the newest of them is too old from now on.
    async fn forget_removals(&mut self, before: Millis, most: usize) -> Result<usize>;
    /// Names a new life of the database, after it was restored from a backup.
    async fn begin_incarnation(&mut self, incarnation: &str) -> Result<()>;

    /// The account of a username.
    async fn account(&mut self, username: &str) -> Result<Option<Account>>;
    /// Adds an account, or changes its password or whether it is active.
    async fn save_account(&mut self, account: &Account) -> Result<()>;
    /// What a person signs in with.
    async fn username(&mut self, person: &PersonId) -> Result<Option<String>>;
    /// Notes a sign-in, a refusal to sign in, or a sign-out.
    async fn note_sign_in(&mut self, at: Millis, username: &str, outcome: &str) -> Result<()>;
    /// The failed attempts of a username since an instant.
    async fn failed_sign_ins(&mut self, username: &str, since: Millis) -> Result<u32>;

    /// Adds a device, or renews its credential.
    async fn save_device(&mut self, device: &NewDevice<'_>) -> Result<()>;
    /// The device of an id.
    async fn device(&mut self, id: &str) -> Result<Option<DeviceRow>>;
    /// The device of a credential, by its hash.
    async fn device_of(&mut self, credential_hash: &[u8; 32]) -> Result<Option<DeviceRow>>;
    /// Lengthens a device's credential: it has just been used.
    async fn renew_device(&mut self, id: &str, at: Millis, expires_at: Millis) -> Result<()>;
    /// Notes that a device has shown to have the number that a control step gave it; a smaller one than before changes nothing.
    async fn note_turn(&mut self, id: &str, turn: u64) -> Result<()>;
    /// Every device, in the order of their ids.
    async fn devices(&mut self) -> Result<Vec<DeviceRow>>;
    /// Asks for a device to be emptied, and gives up the second slot of its file key.
    async fn ask_wipe(&mut self, id: &str, at: Millis) -> Result<()>;
    /// Notes that a device proved to be empty: it holds nothing any more.
    async fn note_wiped(&mut self, id: &str, at: Millis) -> Result<()>;
    /// Ends a device's credential.
    async fn revoke_device(&mut self, id: &str, at: Millis) -> Result<()>;

    /// Notes that a device holds exactly these views from now on.
    async fn note_held(&mut self, device: &str, epoch: &str, views: &[View], at: Millis) -> Result<()>;
    /// Notes that a device has proved to have let views go.
    async fn note_receipt(&mut self, device: &str, receipt: &Receipt, at: Millis) -> Result<()>;

    /// Which devices hold or held what, the earliest first.
    async fn holdings(&mut self, of: &HeldBy<'_>) -> Result<Vec<Holding>>;

    /// What is known of a photo.
    async fn photo(&mut self, hash: &str) -> Result<Option<StoredPhoto>>;
    /// Every photo whose bytes are safe, in the order of their hashes.
    async fn photos(&mut self) -> Result<Vec<StoredPhoto>>;
    /// The records a photo's bytes were sent for.
    async fn photo_records(&mut self, hash: &str) -> Result<Vec<RecordId>>;
    /// Forgets which records a photo was sent for that do not name it any more, and the photos no record names; those that
    /// were noted before an instant. Gives how many photos.
    async fn forget_unnamed_photos(&mut self, before: Millis) -> Result<u64>;
    /// Those of these photos that are known, or that a record names.
    async fn wanted_photos(&mut self, hashes: &[String]) -> Result<BTreeSet<String>>;
    /// How many bytes of photos a person has sent since an instant, each as often as it was sent for another record.
    async fn photo_bytes_since(&mut self, person: &PersonId, since: Millis) -> Result<u64>;
    /// Notes that a photo's bytes, sent for a record, are safe.
    async fn save_photo(
        &mut self,
        photo: &StoredPhoto,
        record: &RecordId,
        person: &PersonId,
        at: Millis,
    ) -> Result<()>;
}
