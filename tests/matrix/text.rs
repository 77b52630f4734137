//! The matrix as a person reviews it: who, what, in which relation and where, with the answer, and which fields are seen.

use super::{CLOSED, ELSEWHERE, HERE, ME, Relation, code, facts, id, masks, somebody};
use policy::inspections::{Action, AppointmentFacts, BlockFacts, PermitFacts, may};
use policy::people::{GrantFacts, PersonFacts};
use policy::views::{Facts, Shown, fields};
use policy::{Actor, Kind};
use std::fmt::Write as _;

pub fn people() -> Vec<(&'static str, Actor)> {
    let at = |role, scope| somebody(Some(role), scope);
    vec![
        ("guest", somebody(None, "")),
        ("citizen", at("citizen", "organization")),
        ("inspector of building", at("inspector", "calendar/building")),
        (
            "inspector in team north of building",
            at("inspector", "team/north"),
        ),
        ("manager of building", at("manager", "calendar/building")),
        (
            "administrator of building",
            at("administrator", "calendar/building"),
        ),
        ("administrator", at("administrator", "organization")),
        (
            "somebody with emergency access to building",
            at("emergency", "calendar/building"),
        ),
    ]
}

/// Each relation in building, in fire, and in health, which is not public.
pub fn relations() -> Vec<(&'static str, &'static str, AppointmentFacts)> {
    let rows = [
        (Relation::Own, "own"),
        (Relation::Assigned, "assigned"),
        (Relation::Teams, "team's"),
        (Relation::Others, "others'"),
        (Relation::Calendar, "calendar"),
    ];
    let of_place = |place: &'static str| {
        let lies_here = move |relation| relation != Relation::Teams || place == HERE;
        let rows = rows.into_iter().filter(move |(relation, _)| lies_here(*relation));
        rows.map(move |(relation, name)| (place, name, facts(relation, place)))
    };
    [HERE, ELSEWHERE, CLOSED].into_iter().flat_map(of_place).collect()
}

pub fn name_of(action: Action) -> String {
    let value = serde_json::to_value(action).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

fn verdict(person: &Actor, action: Action, facts: &AppointmentFacts) -> String {
    match may(person, action, facts) {
        Ok(()) => "yes".to_owned(),
        Err(denial) => {
            let part = |name: &str, text: Option<String>| {
                text.map(|text| format!(" [{name}: {text}]")).unwrap_or_default()
            };
            let (fact, who) = (part("fact", denial.fact.clone()), part("ask", denial.who.clone()));
            format!(
                "no: {} {}: {}{fact}{who}",
                code(&denial),
                denial.rule,
                denial.sentence
            )
        }
    }
}

/// Each place with the names of what lies there.
type Places<'a> = Vec<(&'a str, Vec<&'a str>)>;

/// One line for what is answered alike, in the order it is first met: where, then the answer.
fn lines(answers: impl IntoIterator<Item = (&'static str, &'static str, String)>) -> String {
    let mut groups: Vec<(String, Places<'_>)> = Vec::new();
    for (place, name, answer) in answers {
        let at = groups
            .iter()
            .position(|(known, _)| *known == answer)
            .unwrap_or(groups.len());
        if at == groups.len() {
            groups.push((answer, Vec::new()));
        }
        let places = &mut groups[at].1;
        match places.last_mut().filter(|(known, _)| *known == place) {
            Some((_, names)) => names.push(name),
            None => places.push((place, vec![name])),
        }
    }
    let mut text = String::new();
    if let [(answer, _)] = groups.as_slice() {
        let _ = writeln!(text, "  everywhere\n      {answer}");
        return text;
    }
    for (answer, places) in groups {
        let places = places
            .into_iter()
            .map(|(place, names)| format!("{place}: {}", names.join(" ")));
        let _ = writeln!(
            text,
            "  {}\n      {answer}",
            places.collect::<Vec<_>>().join("; ")
        );
    }
    text
}

pub fn matrix_text() -> String {
    let mut text = "\
Who may do what in inspections, and what is answered where they may not.
Written by the test `matrix`; a change here is a change of permissions, to be reviewed as one.

Everybody here is called Ana Silva. `own` is what she applied for, `assigned` what she is the inspector of, `team's` what
is assigned to team north, `others'` what Bruno inspects for Rosa, and `calendar` the calendar as a whole. Building and
fire are open to the public, health is not.
"
    .to_owned();
    for (who, person) in people() {
        let _ = write!(text, "\n== {who} ==\n");
        for action in Action::ALL {
            let of_relation = |(place, name, facts)| (place, name, verdict(&person, action, &facts));
            let _ = write!(
                text,
                "\n{}\n{}",
                name_of(action),
                lines(relations().into_iter().map(of_relation))
            );
        }
        for kind in Kind::ALL {
            let of_kind = records().into_iter().filter(|(_, _, of, _)| *of == kind);
            let seen = of_kind.map(|(place, name, kind, facts)| (place, name, seen(&person, kind, &facts)));
            let _ = write!(text, "\nsees of each {}\n{}", kind.name(), lines(seen));
        }
    }
    text
}

/// Records whose fields the matrix spells out.
fn records() -> Vec<(&'static str, &'static str, Kind, Facts)> {
    let mut records = Vec::new();
    for (place, name, facts) in relations().into_iter().filter(|(_, name, _)| *name != "calendar") {
        records.push((place, name, Kind::Appointment, Facts::Appointment(facts)));
    }
    for place in [HERE, ELSEWHERE, CLOSED] {
        let permits = [
            ("own", ME, vec![]),
            ("with-an-open-visit-assigned", "rosa", vec![id(ME)]),
            ("others'", "rosa", vec![id("bruno")]),
        ];
        for (name, applicant, people) in permits {
            let (calendar, applicant) = (id(place), Some(id(applicant)));
            let facts = PermitFacts {
                calendar,
                applicant,
                people,
                teams: vec![],
            };
            records.push((place, name, Kind::Permit, Facts::Permit(facts)));
        }
        for kind in [Kind::Calendar, Kind::InspectionType] {
            records.push((place, "offered", kind, Facts::Offer(kind, id(place))));
        }
        for (name, person) in [
            ("calendar's", None),
            ("own", Some(ME)),
            ("inspector's", Some("bruno")),
        ] {
            let facts = BlockFacts {
                calendar: id(place),
                person: person.map(id),
            };
            records.push((place, name, Kind::Block, Facts::Block(facts)));
        }
        for (name, author, team) in [
            ("refused", None, None),
            ("team's refused", None, Some("north")),
            ("own conflict", Some(ME), None),
            ("inspector's conflict", Some("bruno"), None),
        ] {
            let facts = AppointmentFacts {
                assignee: author.map(id),
                team: team.map(id),
                ..AppointmentFacts::of_calendar(id(place))
            };
            records.push((place, name, Kind::ReturnedWork, Facts::ReturnedWork(facts)));
        }
        for (name, person) in [("own", ME), ("inspector's", "bruno")] {
            let facts = PersonFacts {
                person: id(person),
                inspects: [id(place)].into(),
            };
            records.push((place, name, Kind::Person, Facts::Person(facts)));
        }
    }
    let nobody_inspects = PersonFacts {
        person: id("rosa"),
        inspects: [].into(),
    };
    records.push((
        "anywhere",
        "applicant's",
        Kind::Person,
        Facts::Person(nobody_inspects),
    ));
    for (name, person) in [("own", ME), ("others'", "bruno")] {
        let given = Facts::Grant(GrantFacts::given(id(person)));
        records.push(("anywhere", name, Kind::Grant, given));
    }
    for place in [HERE, ELSEWHERE, CLOSED] {
        for (name, person) in [("own-emergency", ME), ("others'-emergency", "bruno")] {
            let taken = GrantFacts {
                person: id(person),
                emergency: Some(id(place)),
            };
            records.push((place, name, Kind::Grant, Facts::Grant(taken)));
        }
    }
    records
}

fn seen(person: &Actor, kind: Kind, facts: &Facts) -> String {
    let masks = masks(person, facts);
    if masks.iter().any(|mask| fields(kind, *mask) == Shown::All) {
        return "every field".to_owned();
    }
    let mut names: Vec<&str> = Vec::new();
    for mask in masks {
        if let Shown::Only(shown) = fields(kind, mask) {
            names.extend(
                shown
                    .iter()
                    .filter(|name| !names.contains(*name))
                    .copied()
                    .collect::<Vec<_>>(),
            );
        }
    }
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(" ")
    }
}
