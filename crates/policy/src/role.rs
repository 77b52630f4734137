//! Roles are data: a named set of permissions and a separate set of roles it may grant. Higher does not include lower
//! unless the preset says so.

use crate::views::Mask;
use crate::{inspections, people};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A role's name, led by its system so that two managers are never confused: `inspections.manager` (AMB-21).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RoleName(pub String);

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Something a person can do or see, by vertical.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "vertical", content = "action")]
pub enum Action {
    Inspections(inspections::Action),
    People(people::Action),
}

/// How far a permission reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Calendars open to the public.
    Public,
    /// What the person is the applicant of, in any calendar (C-CIT-16).
    Own,
    /// What is assigned to the person, or to the team the grant names, within the grant's scope.
    Assigned,
    /// All that lies in the grant's scope.
    Scope,
    /// Calendars open to the public in which the person has no role that shows visits.
    Elsewhere,
}

/// One action at one reach; seeing also says with which fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Permission {
    pub action: Action,
    pub reach: Reach,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mask: Option<Mask>,
}

/// A named set of permissions, and the roles its holder may grant within the same scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Role {
    pub name: RoleName,
    /// What people read: `Inspector`.
    pub title: String,
    pub permissions: Vec<Permission>,
    pub may_grant: Vec<RoleName>,
}

impl Role {
    /// Whether its holders serve in a calendar, as against those who apply or only look there.
    pub fn is_staff(&self) -> bool {
        let works = crate::Action::Inspections(inspections::Action::UpdateStatus);
        self.permissions
            .iter()
            .any(|permission| permission.action == works)
    }

    /// Whether the role shows every field of every record in its scope.
    pub fn sees_everything(&self) -> bool {
        let everything = crate::Action::Inspections(inspections::Action::ViewAppointments);
        self.permissions.iter().any(|permission| {
            permission.action == everything
                && permission.reach == Reach::Scope
                && permission.mask == Some(Mask::Full)
        })
    }
}

/// The presets that ship with the product.
pub fn shipped_roles() -> Vec<Role> {
    inspections::roles()
}
