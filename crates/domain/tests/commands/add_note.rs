//! C-INS-06: notes on a visit.

use crate::town::{OVER, Town, at, id, taken, who};
use domain::Body;
use domain::inspections::{AddNote, Note};
use policy::Code;

fn note(text: &str) -> AddNote {
    AddNote {
        appointment: id("v1"),
        note: id("n1"),
        text: text.to_owned(),
    }
}

#[test]
fn c_ins_06_the_assigned_inspector_adds_a_note() {
    let mut town = Town::new();
    assert!(!town.take(&who("ana"), note("  Key at number 12. ")).asks_office);
    let kept = Note {
        id: id("n1"),
        by: "Ana".to_owned(),
        at: town.now,
        text: "Key at number 12.".to_owned(),
    };
    assert_eq!(town.get_visit("v1").notes, [kept]);
    assert_eq!(town.get_visit("v1").history[0].what, "add_note");
}

#[test]
fn a_note_says_something_and_ends() {
    let long = "ñ".repeat(4000);
    let longer = "ñ".repeat(4001);
    let rows = [
        ("", false),
        (" \n\t ", false),
        ("x", true),
        (long.as_str(), true),
        (longer.as_str(), false),
    ];
    for (text, expected) in rows {
        let answer = Town::new().decide(&who("ana"), note(text));
        assert_eq!(answer.is_ok(), expected, "{} characters", text.chars().count());
        if let Err(refusal) = answer {
            let denial = crate::town::denied(Err(refusal));
            assert_eq!(denial.code, Code::InvalidInput);
            assert!(denial.sentence.contains("1 to 4000 characters"), "{denial}");
        }
    }
}

#[test]
fn after_completion_a_note_may_still_be_added() {
    for status in OVER {
        let mut town = Town::new().with(|visit| visit.status = status);
        town.take(&who("ana"), note("The owner called."));
        assert_eq!(town.get_visit("v1").status, status);
    }
}

#[test]
fn only_staff_with_the_visit_add_notes() {
    let rows = [
        ("bruno", Code::NotFound),
        ("felix", Code::NotFound),
        ("rosa", Code::NotGranted),
    ];
    for (name, expected) in rows {
        assert_eq!(Town::new().code(&who(name), note("Hello.")), expected, "{name}");
    }
    taken(Town::new().decide(&who("marta"), note("Hello.")));
}

#[test]
fn x_09_the_same_note_twice_is_one_note() {
    let mut town = Town::new();
    town.take(&who("ana"), note("Key at number 12."));
    town.take(&who("ana"), note("Key at number 12."));
    assert_eq!(
        (
            town.get_visit("v1").notes.len(),
            town.get_visit("v1").history.len()
        ),
        (1, 1)
    );
}

/// Taken and dropped is the one answer that loses what somebody wrote.
#[test]
fn x_06_another_note_under_the_same_id_is_not_silently_dropped() {
    let mut town = Town::new();
    town.take(&who("ana"), note("Key at number 12."));
    match town.decide(&who("marta"), note("Bring the ladder.")) {
        Err(refusal) => assert_eq!(crate::town::denied(Err(refusal)).code, Code::AlreadyExists),
        Ok(effect) => {
            let Body::Appointment(visit) = &effect.puts[0].body else {
                panic!("no visit")
            };
            assert!(
                visit.notes.iter().any(|note| note.text == "Bring the ladder."),
                "taken, and nowhere"
            );
        }
    }
}

#[test]
fn a_visit_keeps_five_hundred_notes() {
    let note_of = |number: usize| Note {
        id: id(&format!("o{number}")),
        by: String::new(),
        at: 0,
        text: "x".to_owned(),
    };
    for (count, expected) in [(499, true), (500, false)] {
        let town = Town::new().with(|visit| visit.notes = (0..count).map(note_of).collect());
        assert_eq!(
            town.decide(&who("ana"), note("One more.")).is_ok(),
            expected,
            "{count}"
        );
    }
}

#[test]
fn x_11_a_note_keeps_the_time_it_was_written() {
    let town = Town::new();
    let effect = taken(town.decide_claimed(&who("ana"), at("2026-11-23 08:01"), note("Nobody home.")));
    let Body::Appointment(visit) = &effect.puts[0].body else {
        panic!("no visit")
    };
    assert_eq!(
        (visit.notes[0].at, visit.history[0].at),
        (at("2026-11-23 08:01"), town.now)
    );
}
