//! Who may do or see what, and why not.
//!
//! The rules here never touch a clock, a disk, a socket or a window: facts come in, a verdict comes out. Desktop and
//! server compile this same crate, which is why a laptop in a basement answers as the office would.
//!
//! Read in this order: a [`Grant`] gives a person a [`Role`] in a [`Scope`]; an [`Actor`] is a person with the grants
//! in force; [`inspections::may`] answers with a verdict; [`views`] says which records a person receives.

mod actor;
mod denial;
mod grant;
mod id;
pub mod inspections;
mod kind;
pub mod people;
mod role;
mod scope;
pub mod views;

pub use actor::{Actor, Held, Rights};
pub use denial::{Code, Denial};
pub use grant::Grant;
pub use id::{CalendarId, DepartmentId, GrantId, InvalidId, OrgId, PersonId, RecordId, TeamId};
pub use kind::Kind;
pub use role::{Action, Permission, Reach, Role, RoleName, shipped_roles};
pub use scope::{CalendarPlace, Places, Scope, TeamPlace};

/// The version of these rules. It is part of every grant epoch, so a changed rule re-lists what people hold.
pub const POLICY_VERSION: u32 = 3;

/// Milliseconds since 1970-01-01 UTC.
pub type Millis = i64;

/// What a rule answers: allowed, or a denial that says why not.
pub type Verdict = Result<(), Denial>;
