//! C-MGR-05, C-MX-11: before many visits are given away, who could take each, and why nobody can.

use crate::town::{Town, id, person, who};
use domain::inspections::{Reassign, Status, Takers, takers, takers_missing};
use domain::people::Person;
use domain::{Command, Context, Found, Refusal};
use policy::{Actor, Code, PersonId, RecordId};

/// Asks about visits, with all that must be looked up.
fn ask(town: &Town, actor: &Actor, visits: &[&str], people: &[&str]) -> Result<Vec<Takers>, Refusal> {
    let visits: Vec<RecordId> = visits.iter().map(|name| id(name)).collect();
    let people: Vec<PersonId> = people.iter().map(|name| id(name)).collect();
    let mut found = Found::default();
    for _round in 0..4 {
        for need in takers_missing(&visits, &people, &found) {
            town.look_up(need, &mut found);
        }
    }
    assert!(takers_missing(&visits, &people, &found).is_empty());
    let context = Context {
        at: town.now,
        claimed_at: town.now,
        actor,
    };
    takers(context, &visits, &people, &found)
}

fn names(of: &Takers) -> Vec<(&str, u32)> {
    of.takers
        .iter()
        .map(|taker| (taker.name.as_str(), taker.visits))
        .collect()
}

/// Three visits of Ana's on the 24th: v1 at nine, v2 at nine as well, v3 at noon. Bruno, Dora and Eva could take them.
fn town() -> Town {
    let mut town = Town::new();
    town.visit("v2", |_| {});
    town.visit("v3", |visit| {
        (visit.from_minute, visit.to_minute) = (Some(12 * 60), Some(13 * 60));
    });
    town.permit("p1", |permit| permit.people = [(id("ana"), 3)].into());
    town.add(
        "eva",
        Person {
            name: "Eva".to_owned(),
            inspects: [id("building")].into(),
            ..Person::default()
        },
    );
    town
}

const PEOPLE: [&str; 4] = ["ana", "bruno", "dora", "eva"];

#[test]
fn those_with_the_fewest_visits_come_first() {
    let mut town = town();
    town.visit("w1", |visit| {
        visit.assignee = Some(id("bruno"));
        (visit.from_minute, visit.to_minute) = (Some(15 * 60), Some(16 * 60));
    });
    let answer = ask(&town, &who("marta"), &["v3"], &PEOPLE).unwrap();
    assert_eq!(names(&answer[0]), [("Dora", 0), ("Eva", 0), ("Bruno", 1)]);
    assert_eq!(answer[0].appointment, id("v3"));
    assert!(
        answer[0].others.is_empty(),
        "Ana, who has it, is not among them: {answer:?}"
    );
}

/// Two visits at the same hour are not both offered to the same inspector first.
#[test]
fn c_mgr_05_taking_the_first_of_each_works_out() {
    let mut town = town();
    let visits = ["v1", "v2", "v3"];
    let answer = ask(&town, &who("marta"), &visits, &PEOPLE).unwrap();
    let firsts: Vec<&str> = answer.iter().map(|of| of.takers[0].name.as_str()).collect();
    assert_eq!(firsts, ["Bruno", "Dora", "Eva"]);
    for of in &answer {
        let command = Reassign {
            appointment: of.appointment.clone(),
            to: of.takers[0].person.clone(),
            saw: Some(id("ana")),
            overlap_accepted: false,
        };
        town.take(&who("marta"), command);
    }
}

#[test]
fn c_mgr_20_why_nobody_can_take_it() {
    let mut town = town();
    town.absent("bruno", "2026-11-24", "2026-11-24");
    town.block("b2", "building", "2026-11-24", |block| {
        (block.person, block.person_name) = (Some(id("eva")), "Eva".to_owned());
    });
    town.visit("w1", |visit| visit.assignee = Some(id("dora")));
    let people = ["ana", "bruno", "dora", "eva", "ivo", "nobody"];
    let answer = ask(&town, &who("marta"), &["v1"], &people).unwrap();
    assert!(answer[0].takers.is_empty());
    let why: Vec<(&str, Code)> = answer[0]
        .others
        .iter()
        .map(|other| (other.person.as_str(), other.denial.code))
        .collect();
    let expected = [
        ("bruno", Code::NotEligible),
        ("dora", Code::Overlap),
        ("eva", Code::SlotTaken),
        ("ivo", Code::NotEligible),
        ("nobody", Code::NotEligible),
    ];
    assert_eq!(why, expected);
    let facts: Vec<&str> = answer[0]
        .others
        .iter()
        .filter_map(|other| other.denial.fact.as_deref())
        .collect();
    assert_eq!(
        facts,
        [
            "Bruno is unavailable from 2026-11-24 to 2026-11-24 (illness).",
            "Taken from 09:00 to 10:00.",
            "Blocked on 2026-11-24: Stocktaking.",
        ]
    );
}

/// What is offered is taken, and what is refused is refused: the same rule answers both.
#[test]
fn c_mgr_20_the_answer_is_that_of_the_command_itself() {
    let mut town = town();
    town.absent("dora", "2026-11-24", "2026-11-30");
    for visit in ["v1", "v2", "v3"] {
        let answer = ask(&town, &who("marta"), &[visit], &PEOPLE).unwrap();
        for to in ["bruno", "dora", "eva"] {
            let command = Command::from(Reassign {
                appointment: id(visit),
                to: id(to),
                saw: Some(id("ana")),
                overlap_accepted: false,
            });
            let offered = answer[0].takers.iter().any(|taker| taker.person == id(to));
            assert_eq!(
                town.decide(&who("marta"), command).is_ok(),
                offered,
                "{visit} to {to}"
            );
        }
    }
}

#[test]
fn c_mx_11_and_c_ins_10_only_a_manager_of_the_calendar_asks() {
    let code = |actor: &Actor| match ask(&town(), actor, &["v1"], &PEOPLE) {
        Err(Refusal::Denied(denial)) => denial.code,
        other => panic!("{other:?}"),
    };
    assert_eq!(code(&who("ana")), Code::NotGranted);
    assert_eq!(code(&who("rosa")), Code::NotGranted);
    assert_eq!(code(&who("bruno")), Code::NotFound, "SEC-5");
    assert_eq!(code(&who("felix")), Code::NotFound, "SEC-5");
    let many = person(
        "marta",
        &["manager @ calendar/building", "manager @ calendar/fire"],
    );
    assert!(ask(&town(), &many, &["v1"], &PEOPLE).is_ok());
}

#[test]
fn a_visit_that_is_over_has_no_takers_and_one_that_is_not_there_no_answer() {
    let town = town().with(|visit| visit.status = Status::Completed);
    let answer = ask(&town, &who("marta"), &["v1"], &PEOPLE).unwrap();
    assert!(answer[0].takers.is_empty());
    assert!(
        answer[0]
            .others
            .iter()
            .all(|other| other.denial.code == Code::AlreadyCompleted)
    );
    for name in ["v77", "p1"] {
        let answer = ask(&town, &who("marta"), &[name], &PEOPLE);
        assert!(
            matches!(&answer, Err(Refusal::Denied(denial)) if denial.code == Code::NotFound),
            "{name}: {answer:?}"
        );
    }
}

#[test]
fn asking_changes_nothing() {
    let town = town();
    let before = town.records.clone();
    let answer = ask(&town, &who("marta"), &["v1", "v2"], &PEOPLE).unwrap();
    assert_eq!(ask(&town, &who("marta"), &["v1", "v2"], &PEOPLE).unwrap(), answer);
    assert_eq!(town.records, before);
    let none = ask(&town, &who("marta"), &["v1"], &[]).unwrap();
    assert!(none[0].takers.is_empty() && none[0].others.is_empty());
}
