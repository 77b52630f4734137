use crate::{GrantId, Millis, PersonId, RoleName, Scope};
use serde::{Deserialize, Serialize};

/// A role given to a person in a scope, for a time, by somebody, for a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Grant {
    pub id: GrantId,
    pub person: PersonId,
    pub role: RoleName,
    pub scope: Scope,
    pub from: Option<Millis>,
    pub until: Option<Millis>,
    pub granted_by: String,
    pub because: String,
}

impl Grant {
    /// Whether the grant gives anything at `at`, by the server's clock.
    pub fn in_force(&self, at: Millis) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }
}
