//! A town of five calendars, and people with the roles a test gives them.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the message")]

use policy::inspections::{Action, AppointmentFacts, BlockFacts, PermitFacts, may};
use policy::people::PersonFacts;
use policy::views::{Facts, Mask, fields, of_actor, of_record};
use policy::{
    Actor, CalendarPlace, Code, Denial, Grant, Kind, Millis, PersonId, Places, Rights, RoleName, Scope,
    TeamPlace, shipped_roles,
};

pub const NOW: Millis = 1_795_000_000_000;
pub const HOUR: Millis = 3_600_000;

pub fn id<T: TryFrom<String>>(text: &str) -> T {
    match T::try_from(text.to_owned()) {
        Ok(id) => id,
        Err(_) => panic!("{text} is no id"),
    }
}

/// Building and fire are open to the public, electrical and health are not; the attic is no longer in use.
pub fn town() -> Places {
    let mut places = Places::default();
    let rows = [
        ("building", "building", true, true),
        ("electrical", "electrical", false, true),
        ("fire", "fire", true, true),
        ("health", "health", false, true),
        ("attic", "building", true, false),
    ];
    for (calendar, department, public, active) in rows {
        let place = CalendarPlace {
            name: format!("{calendar} inspections"),
            department: id(department),
            public,
            active,
        };
        places.calendars.insert(id(calendar), place);
        places.departments.insert(id(department), department.to_owned());
    }
    for (team, calendar) in [("north", "building"), ("south", "fire"), ("wires", "electrical")] {
        places.teams.insert(
            id(team),
            TeamPlace {
                name: team.to_owned(),
                calendar: id(calendar),
            },
        );
    }
    places
}

/// A person with grants as `role @ scope`, such as `inspector @ calendar/building`.
pub fn person(name: &str, grants: &[&str]) -> Actor {
    Actor::new(rights(name, grants).at(NOW))
}

pub fn rights(name: &str, grants: &[&str]) -> Rights {
    let mut rights = Rights::nothing(id(name), name, "America/Montevideo");
    rights.places = town();
    rights.roles = shipped_roles();
    rights.contacts = vec!["Laura Pérez, administrator".to_owned()];
    rights.grants = grants.iter().map(|text| grant(name, text)).collect();
    rights
}

pub fn grant(name: &str, text: &str) -> Grant {
    let (role, scope) = text.split_once(" @ ").unwrap();
    Grant {
        id: id("g1"),
        person: id(name),
        role: RoleName(format!("inspections.{role}")),
        scope: Scope::parse(scope).unwrap(),
        from: None,
        until: None,
        granted_by: "Laura Pérez".to_owned(),
        because: "works there".to_owned(),
    }
}

/// A visit: where, assigned to whom, applied for by whom; `-` is nobody.
pub fn visit(calendar: &str, assignee: &str, applicant: &str) -> AppointmentFacts {
    let who = |name: &str| (name != "-").then(|| id::<PersonId>(name));
    AppointmentFacts {
        calendar: id(calendar),
        team: None,
        assignee: who(assignee),
        applicant: who(applicant),
    }
}

pub fn whole(calendar: &str) -> AppointmentFacts {
    AppointmentFacts::of_calendar(id(calendar))
}

pub fn permit(calendar: &str, applicant: &str, inspectors: &[&str]) -> Facts {
    let people = inspectors.iter().map(|name| id(name)).collect();
    Facts::Permit(PermitFacts {
        calendar: id(calendar),
        applicant: Some(id(applicant)),
        people,
        teams: Vec::new(),
    })
}

/// A blocked time of a calendar, or of one inspector in it; `-` is nobody.
pub fn block(calendar: &str, person: &str) -> Facts {
    Facts::Block(BlockFacts {
        calendar: id(calendar),
        person: (person != "-").then(|| id(person)),
    })
}

pub fn profile(name: &str, calendars: &[&str]) -> Facts {
    let inspects = calendars.iter().map(|calendar| id(calendar)).collect();
    Facts::Person(PersonFacts {
        person: id(name),
        inspects,
    })
}

/// The masks through which a person sees a record; none where it is not listed.
pub fn masks(actor: &Actor, facts: &Facts) -> Vec<Mask> {
    let held = of_actor(actor);
    of_record(facts)
        .into_iter()
        .filter(|view| held.contains(view))
        .map(|view| view.mask)
        .collect()
}

pub fn sees(actor: &Actor, facts: &Facts) -> bool {
    !masks(actor, facts).is_empty()
}

pub fn sees_visit(actor: &Actor, facts: &AppointmentFacts) -> bool {
    let listed = sees(actor, &Facts::Appointment(facts.clone()));
    assert_eq!(
        listed,
        may(actor, Action::ViewAppointments, facts).is_ok(),
        "listed = allowed: {facts:?}"
    );
    listed
}

/// The fields of a kind that a person sees of a record.
pub fn shows(actor: &Actor, kind: Kind, facts: &Facts, field: &str) -> bool {
    masks(actor, facts)
        .into_iter()
        .any(|mask| fields(kind, mask).shows(field))
}

pub fn refused(actor: &Actor, action: Action, facts: &AppointmentFacts) -> Denial {
    match may(actor, action, facts) {
        Ok(()) => panic!("{} may {action:?} with {facts:?}", actor.name()),
        Err(denial) => denial,
    }
}

pub fn refused_code(actor: &Actor, action: Action, facts: &AppointmentFacts) -> Code {
    refused(actor, action, facts).code
}

/// Somebody who is not signed in, or has no role yet.
pub fn guest() -> Actor {
    person("somebody", &[])
}
