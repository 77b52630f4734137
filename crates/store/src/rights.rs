//! What a person may do and see: derived from grants, policy and the organization's map, and remembered until one of them changes.

use crate::{Fault, OfficeTx, Org, Result};
use domain::Body;
use planted::{Bug, planted};
use policy::views::{View, of_actor};
use policy::{
    Actor, Grant, Kind, Millis, POLICY_VERSION, PersonId, Places, RecordId, Rights, Role, shipped_roles,
};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a person may do and see at an instant.
#[derive(Debug)]
pub struct Standing {
    pub actor: Actor,
    /// The views the actor holds.
    pub views: BTreeSet<View>,
    /// Names all that: any change of grants, policy or the organization's map gives another.
    pub epoch: String,
}

impl Standing {
    fn of(rights: Rights) -> Result<Standing> {
        let text = if planted(Bug::EpochIgnoresGrants) {
            serde_json::to_vec(&rights.person)?
        } else {
            serde_json::to_vec(&rights)?
        };
        let actor = Actor::new(rights);
        Ok(Standing {
            views: of_actor(&actor),
            actor,
            epoch: hex::encode(&blake3::hash(&text).as_bytes()[..16]),
        })
    }

    /// Whether it is that of exactly these grants, of those it was derived from.
    fn has<'a>(&self, grants: impl Iterator<Item = &'a Grant>) -> bool {
        let held = self.actor.rights.grants.iter();
        held.map(|grant| &grant.id).eq(grants.map(|grant| &grant.id))
    }
}

/// What a person may do and see at an instant, with the grants that are in force then.
pub async fn standing<T: OfficeTx>(tx: &mut T, person: &PersonId, at: Millis) -> Result<Arc<Standing>> {
    let org = tx.org().await?;
    let known = tx.book().recall(person);
    let (derived, known) = match known {
        Some((derived, standing)) => (derived, Some(standing)),
        None => (Arc::new(derive(tx, person, org).await?), None),
    };
    let in_force = |grant: &Grant| grant.in_force(at) || planted(Bug::ExpiredGrantCounts);
    match known {
        Some(known) if known.has(derived.grants.iter().filter(|grant| in_force(grant))) => Ok(known),
        _ => {
            let mut rights = Rights::clone(&derived);
            rights.grants.retain(in_force);
            let standing = Arc::new(Standing::of(within_sight(rights))?);
            tx.book().remember(&derived, &standing);
            Ok(standing)
        }
    }
}

/// The rights of a person at an instant, to be given away.
pub async fn rights_of<T: OfficeTx>(tx: &mut T, person: &PersonId, at: Millis) -> Result<Rights> {
    Ok(standing(tx, person, at).await?.actor.rights.clone())
}

async fn derive<T: OfficeTx>(tx: &mut T, person: &PersonId, org: Org) -> Result<Rights> {
    let profile = tx.record(&person.clone().into()).await?;
    let name = match profile {
        domain::Answer::Found(record) => match record.body {
            Body::Person(body) => body.name,
            _ => return Err(Fault::Unreadable(format!("{person} is not a person"))),
        },
        _ => person.to_string(),
    };
    let grants = tx
        .range(Kind::Grant, "person", &format!("{person}|"))
        .await?
        .records;
    let grants: Vec<_> = grants
        .iter()
        .filter_map(|record| match &record.body {
            Body::Grant(body) if planted(Bug::WithdrawnGrantCounts) => {
                let withdrawn = None;
                let body = domain::people::GrantBody {
                    withdrawn,
                    ..body.clone()
                };
                body.as_grant(record.id.clone().into())
            }
            Body::Grant(body) => body.as_grant(record.id.clone().into()),
            _ => None,
        })
        .collect();
    let roles: Vec<Role> = shipped_roles()
        .into_iter()
        .filter(|role| grants.iter().any(|grant| grant.role == role.name))
        .collect();
    Ok(Rights {
        person: person.clone(),
        name,
        zone: org.zone,
        policy_version: POLICY_VERSION,
        grants,
        roles,
        places: places(tx).await?,
        contacts: contacts(tx, person).await?,
    })
}

/// The rights of whoever administers the office from its own command line: an administrator of the whole organization.
pub async fn system_rights<T: OfficeTx>(tx: &mut T) -> Result<Rights> {
    let unreadable = |error: policy::InvalidId| Fault::Unreadable(error.to_string());
    let person = PersonId::parse("system").map_err(unreadable)?;
    let org = tx.org().await?;
    let mut rights = Rights::nothing(person.clone(), "Server administrator", &org.zone);
    rights.roles = shipped_roles();
    rights.places = places(tx).await?;
    rights.grants.push(policy::Grant {
        id: policy::GrantId::parse("system").map_err(unreadable)?,
        person,
        role: policy::RoleName("inspections.administrator".to_owned()),
        scope: policy::Scope::Organization,
        from: None,
        until: None,
        granted_by: "the server".to_owned(),
        because: "administers the office from its command line".to_owned(),
    });
    Ok(rights)
}

pub(crate) async fn places<T: OfficeTx>(tx: &mut T) -> Result<Places> {
    let calendars = tx.range(Kind::Calendar, "all", "").await?;
    Ok(domain::places_of(&calendars.records))
}

/// Who can change this person's roles: the administrators, by name.
async fn contacts<T: OfficeTx>(tx: &mut T, person: &PersonId) -> Result<Vec<String>> {
    let mut contacts = Vec::new();
    for record in tx
        .range(Kind::Grant, "role", "inspections.administrator|")
        .await?
        .records
    {
        let Body::Grant(grant) = record.body else { continue };
        if grant.withdrawn.is_some() || grant.person == *person || contacts.len() == 3 {
            continue;
        }
        let id: RecordId = grant.person.into();
        if let domain::Answer::Found(domain::Record {
            body: Body::Person(admin),
            ..
        }) = tx.record(&id).await?
        {
            contacts.push(format!("{}, administrator", admin.name));
        }
    }
    Ok(contacts)
}

/// Leaves out the calendars and teams a person has no business with: neither public nor in a scope they hold.
fn within_sight(mut rights: Rights) -> Rights {
    let places = rights.places.clone();
    let scopes: Vec<_> = rights.grants.iter().map(|grant| grant.scope.clone()).collect();
    let team_of = |calendar: &policy::CalendarId| {
        scopes.iter().any(|scope| match scope {
            policy::Scope::Team(team) => places
                .teams
                .get(team)
                .is_some_and(|team| team.calendar == *calendar),
            _ => false,
        })
    };
    let in_scope = |calendar: &policy::CalendarId| {
        scopes
            .iter()
            .any(|scope| places.calendars_in(scope).contains(&calendar))
    };
    rights
        .places
        .calendars
        .retain(|id, place| (place.public && place.active) || in_scope(id) || team_of(id));
    rights
        .places
        .teams
        .retain(|id, team| scopes.contains(&policy::Scope::Team(id.clone())) || in_scope(&team.calendar));
    let kept: std::collections::BTreeSet<_> = rights
        .places
        .calendars
        .values()
        .map(|place| place.department.clone())
        .collect();
    rights.places.departments.retain(|id, _| kept.contains(id));
    rights
}
