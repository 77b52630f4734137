//! This person's half: cache, outbox, exchange, settle, forget. Knows no window, no clock and no network.
//!
//! A [`Device`] is driven from outside: it says which [`Request`] comes next, and is given the [`Reply`]. The window, the
//! tests and the simulator drive the same code.

mod access;
mod deposits;
mod exchange;
mod files;
mod gaps;
mod look;
mod model;
mod news;
mod overlay;
mod person;
mod photos;
mod returned;
mod takers;
mod wording;

pub use exchange::{Reply, Request};
pub use files::{Files, FilesError, remove_cache};
pub use model::{
    Access, AccessLine, AccessPlace, AccessRole, Affordance, EmergencyAccess, HeldKind, HeldView, Holdings,
    PhotoQueue, PhotoState, ReceiptShown, Returned, Row, SendState, Sheet, Submitted, Waiting, WaitingPhoto,
};
pub use person::{Device, LeaseState, Photo};
pub use photos::PhotoOutcome;
pub use store::sqlite::{OutboxPhoto, PhotoProblem, PhotoToSend};
