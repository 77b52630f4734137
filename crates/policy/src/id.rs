//! Ids are types. An id is 1 to 64 letters, digits, `.`, `_` or `-`, so that it can stand in a view's name.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A text that is not an id, kept so that the message can show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidId(pub String);

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: String = self.0.chars().take(80).collect();
        write!(
            f,
            "`{shown}` is not an id: 1 to 64 letters, digits, `.`, `_` or `-` are accepted"
        )
    }
}

impl std::error::Error for InvalidId {}

fn checked(text: String) -> Result<String, InvalidId> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    if (1..=64).contains(&text.len()) && text.bytes().all(allowed) {
        Ok(text)
    } else {
        Err(InvalidId(text))
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("pattern" = "^[A-Za-z0-9._-]{1,64}$")))]
        #[serde(try_from = "String", into = "String")]
        #[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(type = "string"))]
        pub struct $name(String);

        impl $name {
            /// Takes a text that follows the id grammar.
            pub fn parse(text: impl Into<String>) -> Result<Self, InvalidId> {
                checked(text.into()).map(Self)
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// A municipality.
    OrgId
    /// A department of the organization.
    DepartmentId
    /// An inspection calendar.
    CalendarId
    /// A team of inspectors; work may be assigned to it as a whole.
    TeamId
    /// A person with an account.
    PersonId
    /// A grant.
    GrantId
    /// Any record; unique within its organization.
    RecordId
}

macro_rules! ids_of_records {
    ($($name:ident)*) => {$(
        impl From<$name> for RecordId {
            fn from(id: $name) -> RecordId {
                RecordId(id.0)
            }
        }
        impl From<RecordId> for $name {
            fn from(id: RecordId) -> $name {
                $name(id.0)
            }
        }
    )*};
}

ids_of_records! { CalendarId PersonId GrantId }
