//! How two copies agree.
//!
//! Pure: envelopes, answers, the plan of an exchange and the tally that proves it. Both ends speak these types; neither
//! knows the other's disk or wire.

mod plan;
mod sealed;
mod tally;
mod wire;

pub use plan::{Stage, Step, may_send_photo, next_step, photo_wait};
pub use sealed::{Parcel, ParcelOf, SealedError, credential_hash, deposit_key, deposit_token};
pub use tally::{Sum, Tally, row_hash};
pub use wire::{
    Answer, Answered, Control, ControlRequest, Cursor, Envelope, Lease, Page, PullReply, PullRequest,
    PushReply, PushRequest, Receipt, Removed, Row, SignInReply, SignInRequest,
};

/// At most this many commands travel in one push.
pub const PUSH_COMMANDS_MAX: usize = 200;
/// About this many bytes of commands travel in one push, and a single command has no more: the office reads twice that.
pub const PUSH_BYTES_MAX: usize = 1024 * 1024;
/// About this many rows travel in one page; the changes of one command are never divided.
pub const PAGE_ROWS: usize = 2_000;
/// How long a device may work without asking again, in milliseconds: 72 hours.
pub const LEASE_MILLIS: i64 = 72 * 60 * 60 * 1000;
