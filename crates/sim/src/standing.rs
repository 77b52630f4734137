//! What a person is told of themselves whatever records they see: a second opinion, from the records alone.

use domain::people::GrantBody;
use domain::{Body, Record};
use policy::{Millis, PersonId, Scope, TeamId};

/// The texts of a person's standing at an instant: their name and their grants in force, the places in their sight, and
/// the names of those they may ask. Of the records only people, grants and calendars are looked at.
pub fn standing(records: &[Record], me: &PersonId, at: Millis) -> Vec<String> {
    let mut told = vec![me.to_string()];
    let mut scopes = Vec::new();
    for record in records {
        match &record.body {
            Body::Person(person) if record.id == me.clone().into() => told.push(person.name.clone()),
            Body::Grant(grant) if grant.person == *me && grant.is_in_force(at) => {
                told.push(record.id.to_string());
                told.extend(texts_of(grant));
                scopes.push(&grant.scope);
            }
            Body::Grant(grant) if is_contact(grant, me) => {
                told.extend(name_of(records, &grant.person));
            }
            _ => {}
        }
    }
    for record in records {
        let Body::Calendar(calendar) = &record.body else {
            continue;
        };
        let covered = calendar.active
            && scopes.iter().any(|scope| match scope {
                Scope::Organization => true,
                Scope::Department(department) => *department == calendar.department,
                Scope::Calendar(other) => other.as_str() == record.id.as_str(),
                Scope::Team(_) => false,
            });
        let mine = |team: &TeamId| scopes.iter().any(|scope| **scope == Scope::Team(team.clone()));
        let is_open = calendar.public && calendar.active;
        if covered || is_open || calendar.teams.iter().any(|team| mine(&team.id)) {
            told.extend([
                record.id.to_string(),
                calendar.name.clone(),
                calendar.department.to_string(),
                calendar.department_name.clone(),
            ]);
        }
        for team in calendar.teams.iter().filter(|team| covered || mine(&team.id)) {
            told.extend([team.id.to_string(), team.name.clone()]);
        }
    }
    told
}

fn texts_of(grant: &GrantBody) -> [String; 5] {
    [
        grant.person.to_string(),
        grant.role.to_string(),
        grant.scope.to_string(),
        grant.granted_by.clone(),
        grant.because.clone(),
    ]
}

/// Whether whoever has this grant can change the roles of that person.
fn is_contact(grant: &GrantBody, me: &PersonId) -> bool {
    grant.withdrawn.is_none() && grant.role.0 == "inspections.administrator" && grant.person != *me
}

fn name_of(records: &[Record], person: &PersonId) -> Option<String> {
    let record = records.iter().find(|record| record.id == person.clone().into())?;
    match &record.body {
        Body::Person(person) => Some(person.name.clone()),
        _ => None,
    }
}
