//! A person with the grants in force: the one thing every rule looks at.

use crate::{
    Action, CalendarId, Denial, Grant, Millis, POLICY_VERSION, Permission, PersonId, Places, Role, RoleName,
    Scope,
};
use serde::{Deserialize, Serialize};

/// All that fixes what a person may do and see. The server derives it, the device keeps it, and both build the same
/// [`Actor`] from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rights {
    pub person: PersonId,
    pub name: String,
    /// IANA name of the municipality's time zone.
    pub zone: String,
    pub policy_version: u32,
    pub grants: Vec<Grant>,
    pub roles: Vec<Role>,
    pub places: Places,
    /// Who can change a person's grants, as they would be asked for: `Laura Pérez, administrator`.
    pub contacts: Vec<String>,
}

impl Rights {
    /// The rights of somebody with no grant at all.
    pub fn nothing(person: PersonId, name: &str, zone: &str) -> Rights {
        Rights {
            person,
            name: name.to_owned(),
            zone: zone.to_owned(),
            policy_version: POLICY_VERSION,
            grants: Vec::new(),
            roles: Vec::new(),
            places: Places::default(),
            contacts: Vec::new(),
        }
    }

    /// The same rights with only the grants in force at `at`.
    pub fn at(mut self, at: Millis) -> Rights {
        self.grants.retain(|grant| grant.in_force(at));
        self
    }
}

/// A person as the rules see them. Construct it from rights whose grants are in force.
#[derive(Debug, Clone)]
pub struct Actor {
    pub rights: Rights,
}

/// One permission a person holds, with the scope it holds in.
#[derive(Debug, Clone, Copy)]
pub struct Held<'a> {
    pub grant: &'a Grant,
    pub role: &'a Role,
    pub permission: Permission,
}

impl Actor {
    /// The actor of these rights, as they stand: the caller has taken [`Rights::at`].
    pub fn new(rights: Rights) -> Actor {
        Actor { rights }
    }

    /// The person.
    pub fn person(&self) -> &PersonId {
        &self.rights.person
    }

    /// The person's name.
    pub fn name(&self) -> &str {
        &self.rights.name
    }

    /// The map of the organization.
    pub fn places(&self) -> &Places {
        &self.rights.places
    }

    /// The role of that name among those the person holds.
    pub fn role(&self, name: &RoleName) -> Option<&Role> {
        self.rights.roles.iter().find(|role| role.name == *name)
    }

    /// Every permission the person holds.
    pub fn held(&self) -> impl Iterator<Item = Held<'_>> {
        self.rights
            .grants
            .iter()
            .filter_map(|grant| Some((grant, self.role(&grant.role)?)))
            .flat_map(|(grant, role)| {
                role.permissions.iter().map(move |permission| Held {
                    grant,
                    role,
                    permission: *permission,
                })
            })
    }

    /// Every permission the person holds for one action.
    pub fn held_for(&self, action: Action) -> impl Iterator<Item = Held<'_>> {
        self.held().filter(move |held| held.permission.action == action)
    }

    /// Whether a scope covers a calendar.
    pub fn covers(&self, scope: &Scope, calendar: &CalendarId) -> bool {
        self.places().calendars_in(scope).contains(&calendar)
    }

    /// The person's roles as they read them: `Inspector · Building inspections`.
    pub fn roles_title(&self) -> String {
        let title = |grant: &Grant| {
            let role = self
                .role(&grant.role)
                .map_or(grant.role.0.as_str(), |role| role.title.as_str());
            format!("{role} · {}", self.places().title(&grant.scope))
        };
        let titles: Vec<String> = self.rights.grants.iter().map(title).collect();
        if titles.is_empty() {
            "no role".to_owned()
        } else {
            titles.join(", ")
        }
    }

    /// Who can widen this person's rights, for the last line of a denial.
    pub fn who_can_grant(&self) -> String {
        match self.rights.contacts.as_slice() {
            [] => "an administrator of the organization".to_owned(),
            contacts => contacts.join(", or "),
        }
    }

    /// The denial for an action that none of the person's roles includes.
    pub fn not_granted(&self, rule: &str, verb: &str) -> Denial {
        let sentence = match self.rights.grants.len() {
            0 => format!("You have no role yet, so you cannot {verb}."),
            1 => format!("Your role ({}) does not let you {verb}.", self.roles_title()),
            _ => format!("None of your roles ({}) lets you {verb}.", self.roles_title()),
        };
        Denial::new(crate::Code::NotGranted, rule, sentence).who(self.who_can_grant())
    }
}
