//! People: profiles and grants are records too.

mod absence;
mod emergency;
mod grant_role;
mod mark_available;
mod mark_unavailable;
mod person;
mod probes;
mod roster;
mod withdraw_grant;

pub use absence::{ABSENCE_DAYS_MAX, ABSENCES_MAX, Absence, AbsenceReason};
pub use emergency::{AccessFinding, Emergency, Review};
pub use grant_role::GrantRole;
pub use mark_available::MarkAvailable;
pub use mark_unavailable::MarkUnavailable;
pub use person::{GrantBody, Person};
pub use probes::probes;
pub use roster::{ROSTER_GRANTS, profile_at, turned};
pub use withdraw_grant::WithdrawGrant;
