//! Who works in the town, who applies, and what each was granted.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::catalogue::CALENDARS;
use crate::chance::Chance;
use crate::names::{FAMILY, GIVEN, plain};
use crate::plan::ORGANIZATION;

/// Inspectors of each calendar in an ordinary town.
const INSPECTORS_PER_CALENDAR: u32 = 2;
/// Applicants in an ordinary town.
const APPLICANTS: u32 = 12;

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Made of the name, `person-ana-ruiz`.
    pub id: String,
    /// What they sign in with.
    pub username: String,
    /// Full name.
    pub name: String,
    /// In a domain that does not exist.
    pub email: String,
    /// In a number range that is not given to subscribers.
    pub phone: String,
}

/// A role given to a person over a scope, with the reason it was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// Whom it was given.
    pub person: String,
    /// `inspections.inspector`, `inspections.manager`, `inspections.administrator` or `inspections.citizen`.
    pub role: String,
    /// `calendar`, `department` or `organization`.
    pub scope_kind: String,
    /// The id of the calendar, department or organization.
    pub scope_id: String,
    /// Why.
    pub because: String,
}

/// Everyone in town and their grants.
pub(crate) struct Population {
    pub(crate) people: Vec<Person>,
    pub(crate) grants: Vec<Grant>,
}

impl Population {
    /// The people who hold a role over a scope, in the order they were hired.
    pub(crate) fn holders(&self, role: &str, scope_id: &str) -> Vec<&str> {
        let held = self
            .grants
            .iter()
            .filter(|grant| grant.role == role && grant.scope_id == scope_id);
        held.map(|grant| grant.person.as_str()).collect()
    }
}

/// Populates a town; `scale` multiplies inspectors and applicants, not managers.
pub(crate) fn populate(seed: u64, scale: u32) -> Population {
    let mut hiring = Hiring {
        chance: Chance::about("people", seed),
        usernames: BTreeSet::new(),
        town: Population {
            people: Vec::new(),
            grants: Vec::new(),
        },
    };
    hiring.named_staff();
    for calendar in CALENDARS {
        let hired = hiring.town.holders("inspections.inspector", calendar.id).len() as u32;
        for _ in hired..INSPECTORS_PER_CALENDAR * scale {
            let name = hiring.new_name();
            let person = hiring.hire(&name, None);
            hiring.grant(
                &person,
                "inspections.inspector",
                "calendar",
                calendar.id,
                &format!("Certified for {}", calendar.name),
            );
        }
    }
    for _ in 0..APPLICANTS * scale {
        let name = hiring.new_name();
        let person = hiring.hire(&name, None);
        hiring.grant(
            &person,
            "inspections.citizen",
            "organization",
            ORGANIZATION,
            "Registered as an applicant",
        );
    }
    hiring.town
}

struct Hiring {
    chance: Chance,
    usernames: BTreeSet<String>,
    town: Population,
}

impl Hiring {
    /// Those whom guides and tests call by name, the same in every town.
    fn named_staff(&mut self) {
        let admin = self.hire("Elisa Prado", Some("admin"));
        self.grant(
            &admin,
            "inspections.administrator",
            "organization",
            ORGANIZATION,
            "Runs the permitting system",
        );
        let marta = self.hire("Marta Sosa", Some("marta"));
        self.grant(
            &marta,
            "inspections.manager",
            "calendar",
            "cal-building",
            "Heads the building inspectors",
        );
        self.grant(
            &marta,
            "inspections.manager",
            "calendar",
            "cal-electrical",
            "Oversees electrical until the post is filled",
        );
        let hector = self.hire("Héctor Varela", Some("hector"));
        self.grant(
            &hector,
            "inspections.manager",
            "department",
            "dep-fire",
            "Fire marshal",
        );
        let irene = self.hire("Irene Duarte", Some("irene"));
        self.grant(
            &irene,
            "inspections.manager",
            "department",
            "dep-health",
            "Head of food control",
        );
        let ana = self.hire("Ana Ruiz", Some("ana"));
        self.grant(
            &ana,
            "inspections.inspector",
            "calendar",
            "cal-building",
            "Certified for Building inspections",
        );
        let bruno = self.hire("Bruno Silva", Some("bruno"));
        self.grant(
            &bruno,
            "inspections.inspector",
            "calendar",
            "cal-building",
            "Certified for Building inspections",
        );
        self.hire("Nadia Franco", Some("nadia"));
    }

    /// A name nobody in town has yet; in a very large town some share one.
    fn new_name(&mut self) -> String {
        let mut name = String::new();
        for _ in 0..8 {
            name = format!("{} {}", self.chance.pick(GIVEN), self.chance.pick(FAMILY));
            if !self.usernames.contains(&plain(&name).replace('-', ".")) {
                break;
            }
        }
        name
    }

    fn hire(&mut self, name: &str, username: Option<&str>) -> String {
        let slug = plain(name);
        let wanted = username.map_or_else(|| slug.replace('-', "."), str::to_owned);
        let mut suffix = String::new();
        let mut count = 1;
        while !self.usernames.insert(format!("{wanted}{suffix}")) {
            count += 1;
            suffix = format!("-{count}");
        }
        let id = format!("person-{slug}{suffix}");
        self.town.people.push(Person {
            id: id.clone(),
            username: format!("{wanted}{suffix}"),
            name: name.to_owned(),
            email: format!("{}{suffix}@montevideo.example", slug.replace('-', ".")),
            phone: format!(
                "+598 90 {:03} {:03}",
                self.chance.below(1000),
                self.chance.below(1000)
            ),
        });
        id
    }

    fn grant(&mut self, person: &str, role: &str, scope_kind: &str, scope_id: &str, because: &str) {
        self.town.grants.push(Grant {
            person: person.to_owned(),
            role: role.to_owned(),
            scope_kind: scope_kind.to_owned(),
            scope_id: scope_id.to_owned(),
            because: because.to_owned(),
        });
    }
}
