//! A transaction of the office's database: one trait, one suite of stories, one implementation per database.

use crate::{Lookup, Result};
use domain::{CommandId, Record};
use policy::views::View;
use policy::{Kind, Millis, OrgId, PersonId, RecordId};
use sync::{Answer, Receipt, Sum, Tally};

/// The organization's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Org {
    pub id: OrgId,
    pub name: String,
    pub zone: String,
    pub seq: i64,
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
#[expect(
    async_fn_in_trait,
    reason = "each caller knows its own store, so nobody needs the futures to be Send in general"
)]
pub trait OfficeTx: Lookup {
    /// The organization's row; taken for writing, it is the lock that orders the organization.
    async fn org(&mut self) -> Result<Org>;
    /// Takes the next number of the organization.
    async fn next_seq(&mut self) -> Result<i64>;

    /// Writes a record, its keys and its views' entries under a number; gives the views that changed.
    async fn put(&mut self, seq: i64, record: &Record) -> Result<Vec<View>>;
    /// Looks up records by the exact key of an index.
    async fn keyed(&mut self, kind: Kind, index: &str, key: &str) -> Result<Vec<Record>>;

    /// The heads of these views, in their order; a view nothing was ever written to has none.
    async fn view_heads(&mut self, views: &[View]) -> Result<Vec<Option<ViewHead>>>;
    /// The entries of a view after a number, in order, at most `limit`.
    async fn entries(&mut self, view: &ViewHead, after: i64, limit: usize) -> Result<Vec<Entry>>;

    /// The answer given to a command before.
    async fn command(&mut self, id: &CommandId) -> Result<Option<StoredCommand>>;
    /// Keeps the answer to a command.
    async fn save_command(&mut self, command: &StoredCommand) -> Result<()>;
    /// Begins a part that can be undone alone.
    async fn savepoint(&mut self) -> Result<()>;
    /// Undoes what came since the last `savepoint`.
    async fn undo_to_savepoint(&mut self) -> Result<()>;
    /// Keeps what came since the last `savepoint`.
    async fn release_savepoint(&mut self) -> Result<()>;

    /// The account of a username.
    async fn account(&mut self, username: &str) -> Result<Option<Account>>;
    /// Whether a person's account is active.
    async fn is_active(&mut self, person: &PersonId) -> Result<bool>;
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
    /// Ends a device's credential.
    async fn revoke_device(&mut self, id: &str, at: Millis) -> Result<()>;

    /// Notes that a device holds exactly these views from now on.
    async fn note_held(&mut self, device: &str, epoch: &str, views: &[View], at: Millis) -> Result<()>;
    /// Notes that a device has proved to have let views go.
    async fn note_receipt(&mut self, device: &str, receipt: &Receipt, at: Millis) -> Result<()>;

    /// What is known of a photo.
    async fn photo(&mut self, hash: &str) -> Result<Option<StoredPhoto>>;
    /// Notes that a photo's bytes are safe.
    async fn save_photo(&mut self, photo: &StoredPhoto, person: &PersonId, at: Millis) -> Result<()>;

    /// Makes it last.
    async fn commit(self) -> Result<()>;
}

/// What a view counts a record as.
pub(crate) fn hash_bytes(sum: Sum) -> [u8; 16] {
    sum.to_bytes()
}
