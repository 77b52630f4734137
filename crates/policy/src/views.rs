//! What a person may see, as views.
//!
//! A view fixes what it covers and with which fields: `assigned/u12/c7#onsite`. A record's views follow from facts
//! stored in that record; a person's views follow from their grants and the map of the organization. A person receives a
//! record where the two sets meet, so the cost of a sync grows with what a person may see. See-rules read no clock.

use crate::{Action, Actor, CalendarId, Held, Kind, PersonId, Reach, Scope, TeamId, inspections, people};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// At most this many views lead to one record.
pub const VIEWS_PER_RECORD_MAX: usize = 8;
/// At most this many views are held by one person.
pub const VIEWS_PER_PERSON_MAX: usize = 200;

/// What a view covers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Everything in the organization.
    All,
    /// What a calendar offers: the calendar itself and its inspection types.
    Offer(CalendarId),
    /// All records of a calendar.
    Calendar(CalendarId),
    /// All records assigned to a team.
    Team(TeamId),
    /// What is assigned to a person in a calendar.
    Assigned(PersonId, CalendarId),
    /// What a person is the applicant of.
    Applicant(PersonId),
    /// What is about a person with an account: the profile, the grants.
    Person(PersonId),
    /// The inspectors of a calendar.
    Roster(CalendarId),
}

/// With which fields a view shows its records; see [`fields`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Mask {
    /// Every field.
    Full,
    /// For supervisors: the contact needed to act for an applicant, and no more (AMB-09).
    Limited,
    /// For the inspector on site: contact name and phone (AMB-09).
    Onsite,
    /// For the applicant: their own record without internal notes.
    Own,
    /// For the staff of a calendar: what its inspections consist of.
    Staff,
    /// For everybody.
    Public,
    /// For those who assign work: name and phone of inspectors.
    Roster,
}

impl Mask {
    const ALL: [(Mask, &'static str); 7] = [
        (Mask::Full, "full"),
        (Mask::Limited, "limited"),
        (Mask::Onsite, "onsite"),
        (Mask::Own, "own"),
        (Mask::Staff, "staff"),
        (Mask::Public, "public"),
        (Mask::Roster, "roster"),
    ];

    /// The mask's name, as in a view's name.
    pub fn name(self) -> &'static str {
        Mask::ALL
            .iter()
            .find(|(mask, _)| *mask == self)
            .map_or("full", |(_, name)| name)
    }

    fn named(name: &str) -> Option<Mask> {
        Mask::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(mask, _)| *mask)
    }
}

/// A dimension with a mask. On the wire and in SQL it is its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("pattern" = pattern())))]
#[serde(try_from = "String", into = "String")]
pub struct View {
    pub dimension: Dimension,
    pub mask: Mask,
}

/// What the name of a view looks like.
#[cfg(feature = "schema")]
fn pattern() -> String {
    let id = "[A-Za-z0-9._-]{1,64}";
    let masks = Mask::ALL.map(|(_, name)| name).join("|");
    format!("^(all|(offer|calendar|team|applicant|person|roster)/{id}|assigned/{id}/{id})#({masks})$")
}

impl View {
    /// The view of a dimension through a mask.
    pub fn new(dimension: Dimension, mask: Mask) -> View {
        View { dimension, mask }
    }

    /// Whether a change in this view may change the rights of whoever holds it: grants, profiles, calendars and teams are
    /// in such views.
    pub fn leads_to_rights(&self) -> bool {
        matches!(
            self.dimension,
            Dimension::Person(_) | Dimension::Offer(_) | Dimension::Roster(_)
        )
    }

    fn parse(text: &str) -> Option<View> {
        let (dimension, mask) = text.split_once('#')?;
        let parts: Vec<&str> = dimension.split('/').collect();
        let calendar = |id: &str| CalendarId::parse(id).ok();
        let person = |id: &str| PersonId::parse(id).ok();
        let dimension = match parts.as_slice() {
            ["all"] => Dimension::All,
            ["offer", c] => Dimension::Offer(calendar(c)?),
            ["calendar", c] => Dimension::Calendar(calendar(c)?),
            ["team", t] => Dimension::Team(TeamId::parse(*t).ok()?),
            ["assigned", p, c] => Dimension::Assigned(person(p)?, calendar(c)?),
            ["applicant", p] => Dimension::Applicant(person(p)?),
            ["person", p] => Dimension::Person(person(p)?),
            ["roster", c] => Dimension::Roster(calendar(c)?),
            _ => return None,
        };
        Some(View {
            dimension,
            mask: Mask::named(mask)?,
        })
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.dimension {
            Dimension::All => write!(f, "all"),
            Dimension::Offer(c) => write!(f, "offer/{c}"),
            Dimension::Calendar(c) => write!(f, "calendar/{c}"),
            Dimension::Team(t) => write!(f, "team/{t}"),
            Dimension::Assigned(p, c) => write!(f, "assigned/{p}/{c}"),
            Dimension::Applicant(p) => write!(f, "applicant/{p}"),
            Dimension::Person(p) => write!(f, "person/{p}"),
            Dimension::Roster(c) => write!(f, "roster/{c}"),
        }?;
        write!(f, "#{}", self.mask.name())
    }
}

impl TryFrom<String> for View {
    type Error = String;
    fn try_from(text: String) -> Result<View, String> {
        View::parse(&text).ok_or_else(|| format!("`{text}` is not a view"))
    }
}

impl From<View> for String {
    fn from(view: View) -> String {
        view.to_string()
    }
}

/// The facts of a record that decide who sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Facts {
    Appointment(inspections::AppointmentFacts),
    Permit(inspections::PermitFacts),
    /// A calendar, or one of its inspection types.
    Offer(Kind, CalendarId),
    Block(inspections::BlockFacts),
    Person(people::PersonFacts),
    /// A grant of a person.
    Grant(people::GrantFacts),
    /// Work that came back, where its target belongs.
    ReturnedWork(inspections::AppointmentFacts),
}

/// The views that lead to a record.
pub fn of_record(facts: &Facts) -> Vec<View> {
    let mut views = vec![View::new(Dimension::All, Mask::Full)];
    match facts {
        Facts::Appointment(facts) => views.extend(inspections::appointment_views(facts)),
        Facts::Permit(facts) => views.extend(inspections::permit_views(facts)),
        Facts::Offer(kind, calendar) => views.extend(inspections::offer_views(*kind, calendar)),
        Facts::Block(facts) => views.extend(inspections::block_views(facts)),
        Facts::Person(facts) => views.extend(people::person_views(facts)),
        Facts::ReturnedWork(facts) => views.extend(inspections::returned_work_views(facts)),
        Facts::Grant(facts) => views.extend(people::grant_views(facts)),
    }
    views
}

/// The views a person holds, from the grants in force (DEC-5).
pub fn of_actor(actor: &Actor) -> BTreeSet<View> {
    let mut views = BTreeSet::new();
    views.insert(View::new(Dimension::Person(actor.person().clone()), Mask::Own));
    for (calendar, place) in &actor.places().calendars {
        if place.public && place.active {
            views.insert(View::new(Dimension::Offer(calendar.clone()), Mask::Public));
        }
    }
    for held in actor.held() {
        if let Some(mask) = held.permission.mask {
            views.extend(of_permission(actor, held, mask));
        }
    }
    views
}

fn of_permission(actor: &Actor, held: Held<'_>, mask: Mask) -> Vec<View> {
    use inspections::Action::{ViewAppointments, ViewAvailability};
    let me = actor.person();
    let scope = &held.grant.scope;
    let places = actor.places();
    let calendars = || places.calendars_in(scope).into_iter().cloned();
    let each = |of: &dyn Fn(CalendarId) -> Dimension| -> Vec<View> {
        calendars()
            .map(|calendar| View::new(of(calendar), mask))
            .collect()
    };
    match (held.permission.action, held.permission.reach) {
        (Action::Inspections(ViewAvailability), Reach::Scope) => match scope {
            Scope::Team(team) => places
                .teams
                .get(team)
                .filter(|team| places.is_active(&team.calendar))
                .map(|team| View::new(Dimension::Offer(team.calendar.clone()), mask))
                .into_iter()
                .collect(),
            _ => each(&Dimension::Offer),
        },
        (Action::Inspections(ViewAppointments), Reach::Own) => {
            vec![View::new(Dimension::Applicant(me.clone()), mask)]
        }
        (Action::Inspections(ViewAppointments), Reach::Assigned) => match scope {
            Scope::Team(team) => vec![View::new(Dimension::Team(team.clone()), mask)],
            _ => each(&|calendar| Dimension::Assigned(me.clone(), calendar)),
        },
        (
            Action::Inspections(ViewAppointments) | Action::People(people::Action::ViewGrants),
            Reach::Scope,
        ) if *scope == Scope::Organization && mask == Mask::Full => {
            vec![View::new(Dimension::All, Mask::Full)]
        }
        (Action::Inspections(ViewAppointments), Reach::Scope) => {
            // Every field is for those whose scope is the organization; a narrower scope narrows the fields too.
            let mask = if mask == Mask::Full { Mask::Limited } else { mask };
            match scope {
                Scope::Team(team) => vec![View::new(Dimension::Team(team.clone()), mask)],
                _ => calendars()
                    .map(|c| View::new(Dimension::Calendar(c), mask))
                    .collect(),
            }
        }
        (Action::People(people::Action::ViewRoster), Reach::Scope) => each(&Dimension::Roster),
        _ => Vec::new(),
    }
}

/// The fields of a record's body that a mask shows: all of them, or only those named. What is not named is not shown.
pub fn fields(kind: Kind, mask: Mask) -> Shown {
    match (kind, mask) {
        (_, Mask::Full) => Shown::All,
        (
            Kind::Appointment
            | Kind::Permit
            | Kind::Calendar
            | Kind::InspectionType
            | Kind::Block
            | Kind::ReturnedWork,
            mask,
        ) => inspections::fields(kind, mask),
        (Kind::Person | Kind::Grant, mask) => people::fields(kind, mask),
    }
}

/// Which fields are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    All,
    Only(&'static [&'static str]),
}

impl Shown {
    /// Whether a field is among those shown.
    pub fn shows(self, field: &str) -> bool {
        match self {
            Shown::All => true,
            Shown::Only(names) => names.contains(&field),
        }
    }
}
