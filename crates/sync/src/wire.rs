//! What travels between a device and the office. Unknown fields are refused in what a device sends.

use crate::{Sum, Tally};
use domain::{Command, CommandId, Contest};
use policy::views::View;
use policy::{Denial, Kind, Millis, RecordId, Rights};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A place in the office's log, readable by the office alone and bound to one device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Cursor(pub String);

/// Who signs in, and on which laptop.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    pub username: String,
    pub password: String,
    /// What the laptop is called.
    pub device_name: String,
    /// The device's id where the person has signed in here before.
    #[serde(default)]
    pub device: Option<String>,
    /// The key of the person's files on this laptop, for escrow, hexadecimal. The office gives it back after a fresh
    /// sign-in where the laptop has lost it.
    #[serde(default)]
    pub file_key: Option<String>,
}

/// What a laptop holds after sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignInReply {
    pub device: String,
    /// The device-bound credential; the office keeps only its hash.
    pub credential: String,
    pub rights: Rights,
    /// The key kept in escrow for this device, where there is one.
    #[serde(default)]
    pub file_key: Option<String>,
}

/// The first step of every exchange: small, and independent of uploads and bulk data.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ControlRequest {
    /// The views the device holds, complete or not.
    pub held: Vec<View>,
    #[serde(default)]
    pub cursor: Option<Cursor>,
    /// Proof of what was removed since the last exchange.
    #[serde(default)]
    pub receipts: Vec<Receipt>,
    /// The number its last control step gave it (FLT-13); none from a device that was never given one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<u64>,
}

/// What the person may do and see now.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Control {
    pub epoch: String,
    /// Names this life of the office's database; a restored one has another.
    pub incarnation: String,
    pub rights: Rights,
    pub lost: Vec<View>,
    pub gained: Vec<View>,
    pub cursor: Cursor,
    pub lease: Lease,
    /// About how many rows the views gained will bring.
    pub rows_to_come: u64,
    /// What unsent work is sealed with when its person is shut out; see [`crate::Parcel`].
    #[serde(default)]
    pub deposit_key: String,
    /// The device's place was from before the oldest removals the office still knows of: what it holds is fetched anew.
    #[serde(default)]
    pub too_old: bool,
    /// To be shown with the next control step: a copy of the laptop's files cannot (FLT-13).
    #[serde(default)]
    pub turn: u64,
}

/// How long the device may work without asking again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Lease {
    /// The office's clock when it was given.
    pub issued: Millis,
    pub expires: Millis,
}

/// That a device has removed what it lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    pub views: Vec<View>,
    pub records: u64,
    pub at: Millis,
    /// Whether a search afterwards found nothing left.
    pub verified: bool,
}

/// A command on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    pub id: CommandId,
    /// When the person says it was done.
    pub claimed_at: Millis,
    /// The commands it must follow.
    #[serde(default)]
    pub after: Vec<CommandId>,
    pub command: Command,
}

/// Commands for the office, in order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PushRequest {
    pub commands: Vec<Envelope>,
}

/// The office's few, named answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum Answer {
    Taken,
    Refused { denial: Denial },
    Contested { contest: Contest },
}

/// One answer, to one command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Answered {
    pub id: CommandId,
    #[serde(flatten)]
    pub answer: Answer,
}

/// The answers to a push, in its order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PushReply {
    pub answers: Vec<Answered>,
}

/// Asks for what changed since the cursor.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PullRequest {
    pub cursor: Cursor,
    /// Asks for the tally of each view, to find the one that differs.
    #[serde(default)]
    pub tallies: bool,
}

/// A page, or the word that the person's rights have changed since the cursor was given.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "a reply is nearly always a page, and is taken apart at once"
)]
pub enum PullReply {
    Page(Page),
    /// Begin again with the control step.
    RightsChanged,
}

/// One page: a snapshot, applied whole or not at all.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Page {
    pub epoch: String,
    /// The views its rows speak of, by position.
    pub views: Vec<View>,
    pub rows: Vec<Row>,
    pub removed: Vec<Removed>,
    pub cursor: Cursor,
    /// Nothing is missing up to the page's snapshot; absence without it removes nothing.
    pub complete: bool,
    /// Of all views together, where the page is complete.
    #[serde(default)]
    pub tally: Option<Tally>,
    /// Of each view, where it was asked for and the page is complete.
    #[serde(default)]
    pub tallies: Vec<(View, Tally)>,
    /// The office's clock.
    pub at: Millis,
}

/// A record as one view shows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Row {
    pub view: u16,
    pub id: RecordId,
    pub kind: Kind,
    pub revision: i64,
    pub body: Box<RawValue>,
}

/// A record that has left a view.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Removed {
    pub view: u16,
    pub id: RecordId,
}

impl Row {
    /// What the tally counts this row as.
    pub fn hash(&self) -> Sum {
        crate::row_hash(&self.id, self.body.get())
    }
}
