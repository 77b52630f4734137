//! People: profiles and grants are records too.

mod grant_role;
mod person;
mod withdraw_grant;

pub use grant_role::GrantRole;
pub use person::{GrantBody, Person};
pub use withdraw_grant::WithdrawGrant;
