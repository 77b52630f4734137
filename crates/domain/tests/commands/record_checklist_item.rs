//! One line of the checklist: merged per field, contested where two people differ.

use crate::town::{OVER, Town, complete, contested, id, taken, who};
use domain::inspections::{CheckAnswer, Finding, RecordChecklistItem, Status};
use policy::Code;

fn pass() -> Finding {
    Finding {
        answer: Some(CheckAnswer::Pass),
        ..Finding::default()
    }
}

fn fail() -> Finding {
    Finding {
        answer: Some(CheckAnswer::Fail),
        ..Finding::default()
    }
}

fn nothing() -> Finding {
    Finding::default()
}

fn answer(saw: Finding, finding: Finding) -> RecordChecklistItem {
    RecordChecklistItem {
        appointment: id("v1"),
        item: "exits".to_owned(),
        saw,
        finding,
    }
}

/// A visit in progress, its line `exits` as it stands.
fn town(exits: Finding) -> Town {
    Town::new().with(|visit| {
        visit.status = Status::InProgress;
        if exits != nothing() {
            visit.findings.insert("exits".to_owned(), exits);
        }
    })
}

fn exits(town: &Town) -> Finding {
    town.get_visit("v1")
        .findings
        .get("exits")
        .cloned()
        .unwrap_or_default()
}

#[test]
fn c_ins_05_a_line_is_answered_measured_and_described() {
    let mut town = town(nothing());
    let finding = Finding {
        answer: Some(CheckAnswer::Fail),
        measurement: Some(87.5),
        observation: "Four centimetres short.".to_owned(),
    };
    let command = RecordChecklistItem {
        item: "handrail".to_owned(),
        ..answer(nothing(), finding.clone())
    };
    assert!(!town.take(&who("ana"), command).asks_office);
    assert_eq!(
        town.get_visit("v1").findings,
        [("handrail".to_owned(), finding)].into()
    );
}

#[test]
fn x_08_a_line_is_set_kept_or_contested() {
    // As it stands, as the author saw it, as the author wants it, as it stands afterwards.
    let rows = [
        (nothing(), nothing(), pass(), Some(pass())),
        (pass(), pass(), fail(), Some(fail())),
        (pass(), pass(), nothing(), Some(nothing())),
        (pass(), nothing(), pass(), Some(pass())),
        (pass(), fail(), pass(), Some(pass())),
        (pass(), nothing(), fail(), None),
        (nothing(), pass(), fail(), None),
        (fail(), pass(), nothing(), None),
    ];
    for (stands, saw, wants, expected) in rows {
        let mut town = town(stands.clone());
        let command = answer(saw.clone(), wants.clone());
        let case = format!("{stands:?}, seen as {saw:?}, to be {wants:?}");
        match expected {
            Some(after) => {
                town.take(&who("ana"), command);
                assert_eq!(exits(&town), after, "{case}");
            }
            None => {
                let contest = contested(town.decide(&who("ana"), command));
                assert_eq!(contest.field, "findings.exits", "{case}");
                assert_eq!(contest.mine, serde_json::to_value(&wants).unwrap(), "{case}");
                assert_eq!(contest.theirs, serde_json::to_value(&stands).unwrap(), "{case}");
            }
        }
    }
}

#[test]
fn x_08_two_people_answer_two_lines() {
    let mut town = town(nothing());
    town.take(&who("ana"), answer(nothing(), pass()));
    let other = RecordChecklistItem {
        item: "sign".to_owned(),
        ..answer(nothing(), fail())
    };
    town.take(&who("marta"), other);
    assert_eq!(town.get_visit("v1").findings.len(), 2);
}

/// Today's answer, and a doubtful one: X-08 merges per field, and a line of the checklist is taken as one field, so that
/// an answer and a remark on the same line, by two people, are put before a person.
#[test]
fn an_answer_and_a_remark_on_one_line_are_contested() {
    let mut town = town(nothing());
    town.take(&who("marta"), answer(nothing(), pass()));
    let remark = Finding {
        observation: "Newly painted.".to_owned(),
        ..nothing()
    };
    contested(town.decide(&who("ana"), answer(nothing(), remark)));
}

/// X-08 asks for both values, and for the authors of both.
#[test]
fn x_08_a_contested_line_names_who_wrote_the_other_answer() {
    let mut town = town(nothing());
    town.take(&who("marta"), answer(nothing(), pass()));
    let contest = contested(town.decide(&who("ana"), answer(nothing(), fail())));
    assert_eq!(contest.theirs_by.as_deref(), Some("Marta"));
}

#[test]
fn a_line_the_checklist_does_not_have_is_refused() {
    for item in ["", "exit", "Exits", "roof"] {
        let command = RecordChecklistItem {
            item: item.to_owned(),
            ..answer(nothing(), pass())
        };
        let denial = town(nothing()).denied(&who("ana"), command);
        assert_eq!(denial.code, Code::InvalidInput);
        assert!(denial.sentence.starts_with("item is"), "{denial}");
    }
}

#[test]
fn c_ins_20_after_completion_a_line_is_refused_saying_when() {
    let town = Town::new().with(complete);
    let denial = town.denied(&who("ana"), answer(nothing(), pass()));
    assert_eq!(
        (denial.code, denial.rule.as_str()),
        (Code::AlreadyCompleted, "C-INS-20")
    );
    assert_eq!(denial.fact.as_deref(), Some("Completed 2026-11-22 10:42."));
    for status in OVER {
        let town = Town::new().with(|visit| visit.status = status);
        assert!(
            town.decide(&who("ana"), answer(nothing(), pass())).is_err(),
            "{status:?}"
        );
    }
}

#[test]
fn a_checklist_waits_until_the_inspection_has_begun() {
    for status in [
        Status::Scheduled,
        Status::Confirmed,
        Status::RequireReassignment,
        Status::RequireReschedule,
    ] {
        let town = Town::new().with(|visit| visit.status = status);
        assert_eq!(
            town.code(&who("ana"), answer(nothing(), pass())),
            Code::WrongState,
            "{status:?}"
        );
    }
}

#[test]
fn c_ins_20_only_who_it_is_assigned_to_answers() {
    let rows = [
        ("bruno", Code::NotFound),
        ("felix", Code::NotFound),
        ("rosa", Code::NotGranted),
    ];
    for (name, expected) in rows {
        assert_eq!(
            town(nothing()).code(&who(name), answer(nothing(), pass())),
            expected,
            "{name}"
        );
    }
    taken(town(nothing()).decide(&who("marta"), answer(nothing(), pass())));
}

#[test]
fn an_observation_and_a_measurement_have_their_limits() {
    let observed = |length: usize| Finding {
        observation: "é".repeat(length),
        ..pass()
    };
    let measured = |value: f64| Finding {
        measurement: Some(value),
        ..pass()
    };
    let rows = [
        (observed(2000), true),
        (observed(2001), false),
        (measured(-3.5), true),
        (measured(f64::NAN), false),
        (measured(f64::INFINITY), false),
    ];
    for (finding, expected) in rows {
        let verdict = town(nothing()).decide(&who("ana"), answer(nothing(), finding.clone()));
        assert_eq!(verdict.is_ok(), expected, "{:?}", finding.measurement);
    }
}

#[test]
fn a_copy_without_the_checklist_asks_the_office() {
    let mut town = town(nothing());
    town.not_held.insert(id("final"));
    assert!(taken(town.decide(&who("ana"), answer(nothing(), pass()))).asks_office);
}
