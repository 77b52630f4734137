//! What a person may not see is answered as if it were not there; what is not held here is not.

use crate::town::{Town, contested, day, denied, id, taken, who};
use domain::emergency::{BreakGlass, EndAccess, ReviewAccess};
use domain::inspections::{
    AddNote, AddPhoto, BlockTime, BookAppointment, BookReinspection, CalendarRules, CancelAppointment,
    ChangeCalendarRules, ConfirmAppointment, CorrectResult, Correction, DeclineRequest, Finding,
    LockAppointment, MarkAccessRefused, MarkNoShow, Overall, Priority, Reassign, RecordChecklistItem,
    RecordResult, RequestReason, RequestReassignment, Reschedule, Slot, StartInspection, UnblockTime,
    UnlockAppointment,
};
use domain::people::{
    AbsenceReason, AccessFinding, GrantRole, MarkAvailable, MarkUnavailable, WithdrawGrant,
};
use domain::returned::{AdoptReturnedWork, DiscardReturnedWork};
use domain::{Command, Found};
use policy::{Code, RoleName, Scope};
use std::collections::BTreeSet;

/// Each command, about something Carlos may not see, with the name of what it is about.
pub fn each() -> Vec<(&'static str, Command)> {
    let visit = || id("v1");
    let because = || "For the test.".to_owned();
    let correction = || Correction {
        overall: Overall::Failed,
        summary: String::new(),
        findings: [("exits".to_owned(), Finding::default())].into(),
    };
    let rules = CalendarRules {
        cutoff_minute: 8 * 60,
        reschedule_hours: 24,
        cancel_hours: 24,
        photo_location: false,
    };
    vec![
        (
            "p1",
            BookAppointment {
                appointment: id("v9"),
                permit: id("p1"),
                inspection_type: id("final"),
                day: day("2026-11-25"),
                from_minute: 600,
                assignee: None,
                priority: Priority::Normal,
                special_notes: String::new(),
            }
            .into(),
        ),
        ("v1", ConfirmAppointment { appointment: visit() }.into()),
        (
            "v1",
            Reschedule {
                appointment: visit(),
                day: day("2026-11-25"),
                from_minute: 600,
                saw: Slot::default(),
                because: because(),
                overlap_accepted: false,
            }
            .into(),
        ),
        (
            "v1",
            CancelAppointment {
                appointment: visit(),
                because: because(),
            }
            .into(),
        ),
        ("v1", StartInspection { appointment: visit() }.into()),
        (
            "v1",
            RecordChecklistItem {
                appointment: visit(),
                item: "exits".to_owned(),
                saw: Finding::default(),
                finding: Finding::default(),
            }
            .into(),
        ),
        (
            "v1",
            RecordResult {
                appointment: visit(),
                overall: Overall::Failed,
                summary: String::new(),
            }
            .into(),
        ),
        (
            "v1",
            MarkNoShow {
                appointment: visit(),
                because: because(),
            }
            .into(),
        ),
        (
            "v1",
            MarkAccessRefused {
                appointment: visit(),
                because: because(),
            }
            .into(),
        ),
        (
            "v1",
            CorrectResult {
                appointment: visit(),
                saw: correction(),
                correction: correction(),
                because: because(),
            }
            .into(),
        ),
        (
            "v1",
            BookReinspection {
                appointment: id("v9"),
                reinspects: visit(),
                day: day("2026-11-25"),
                from_minute: 600,
                assignee: None,
            }
            .into(),
        ),
        (
            "v1",
            AddNote {
                appointment: visit(),
                note: id("n1"),
                text: "Hello.".to_owned(),
            }
            .into(),
        ),
        (
            "v1",
            AddPhoto {
                appointment: visit(),
                hash: "a1".repeat(32),
                media_type: "image/png".to_owned(),
                bytes: 1,
                caption: String::new(),
            }
            .into(),
        ),
        (
            "v1",
            RequestReassignment {
                appointment: visit(),
                reason: RequestReason::Safety,
                text: String::new(),
            }
            .into(),
        ),
        (
            "v1",
            Reassign {
                appointment: visit(),
                to: id("bruno"),
                saw: Some(id("ana")),
                overlap_accepted: false,
            }
            .into(),
        ),
        (
            "v1",
            DeclineRequest {
                appointment: visit(),
                because: because(),
            }
            .into(),
        ),
        (
            "v1",
            LockAppointment {
                appointment: visit(),
                because: because(),
            }
            .into(),
        ),
        (
            "v1",
            UnlockAppointment {
                appointment: visit(),
                because: because(),
            }
            .into(),
        ),
        (
            "attic",
            BlockTime {
                block: id("b9"),
                calendar: id("attic"),
                person: None,
                from_day: day("2026-11-25"),
                until_day: day("2026-11-25"),
                from_minute: None,
                to_minute: None,
                because: because(),
            }
            .into(),
        ),
        ("b1", UnblockTime { block: id("b1") }.into()),
        (
            "attic",
            ChangeCalendarRules {
                calendar: id("attic"),
                saw: rules,
                rules,
            }
            .into(),
        ),
        (
            "ana",
            MarkUnavailable {
                person: id("ana"),
                absence: id("absence"),
                from_day: day("2026-11-24"),
                until_day: day("2026-11-25"),
                reason: AbsenceReason::Illness,
            }
            .into(),
        ),
        (
            "ana",
            MarkAvailable {
                person: id("ana"),
                absence: id("absence"),
            }
            .into(),
        ),
        (
            "ana",
            GrantRole {
                grant: id("g9"),
                person: id("ana"),
                role: RoleName("inspections.manager".to_owned()),
                scope: Scope::Organization,
                from: None,
                until: None,
                because: "why not".to_owned(),
            }
            .into(),
        ),
        (
            "g-ana",
            WithdrawGrant {
                grant: id("g-ana"),
                because: "why not".to_owned(),
            }
            .into(),
        ),
        (
            "attic",
            BreakGlass {
                grant: id("e9"),
                calendar: id("attic"),
                because: because(),
            }
            .into(),
        ),
        ("g-ana", EndAccess { grant: id("g-ana") }.into()),
        (
            "g-ana",
            ReviewAccess {
                grant: id("g-ana"),
                finding: AccessFinding::NotJustified,
                because: because(),
            }
            .into(),
        ),
        (
            "w1",
            AdoptReturnedWork {
                work: id("w1"),
                because: because(),
                over: None,
                instead: None,
            }
            .into(),
        ),
        (
            "w1",
            DiscardReturnedWork {
                work: id("w1"),
                because: because(),
            }
            .into(),
        ),
    ]
}

#[test]
fn every_command_is_here() {
    let names: Vec<&str> = each().iter().map(|(_, command)| command.name()).collect();
    assert_eq!(names, Command::NAMES);
}

#[test]
fn sec_5_what_is_not_yours_is_answered_as_what_is_not_there() {
    for (target, command) in each() {
        let there = Town::new();
        let mut gone = Town::new();
        gone.records.remove(&id(target)).unwrap();
        let answer = there.denied(&who("carlos"), command.clone());
        assert_eq!(answer.code, Code::NotFound, "{}", command.name());
        assert_eq!(
            answer,
            gone.denied(&who("carlos"), command.clone()),
            "{}",
            command.name()
        );
        assert_eq!(answer.fact, None, "{}", command.name());
    }
}

#[test]
fn x_04_what_is_not_held_here_is_not_said_to_be_absent() {
    for (target, command) in each() {
        for person in ["carlos", "ana", "marta", "laura"] {
            let mut town = Town::new();
            town.not_held.insert(id(target));
            let here = town.denied(&who(person), command.clone());
            assert_eq!(here.code, Code::NotHeldHere, "{person} {}", command.name());
            town.records.remove(&id(target)).unwrap();
            assert_eq!(
                here,
                town.denied(&who(person), command.clone()),
                "whether or not there is one"
            );
        }
    }
}

#[test]
fn what_was_not_looked_up_is_not_said_to_be_absent() {
    let laura = who("laura");
    let context = domain::Context {
        at: 0,
        claimed_at: 0,
        actor: &laura,
    };
    for (_, command) in each() {
        let denial = denied(domain::decide(&command, context, &Found::default()));
        assert_eq!(denial.code, Code::NotHeldHere, "{}", command.name());
    }
}

/// Another kind of record under the id is not the one asked for.
#[test]
fn a_record_of_another_kind_is_not_found() {
    for (target, command) in each() {
        let mut town = Town::new();
        let other = if target == "p1" { "v1" } else { "p1" };
        let body = town.records[&id(other)].body.clone();
        town.add(target, body);
        assert_eq!(
            town.code(&who("laura"), command.clone()),
            Code::NotFound,
            "{}",
            command.name()
        );
    }
}

/// The targets are what must be visible, and every command looks them up.
#[test]
fn every_target_is_looked_up_first() {
    for (target, command) in each() {
        assert_eq!(command.targets(), [id(target)], "{}", command.name());
        let missing: BTreeSet<_> = command.missing(&Found::default()).into_iter().collect();
        assert!(
            missing.contains(&domain::Need::Record(id(target))),
            "{}",
            command.name()
        );
        let found = Town::new().find(&command);
        assert!(command.missing(&found).is_empty(), "{}", command.name());
    }
}

/// A right that is lost is lost at once: the same visit, before and after it went to somebody else.
#[test]
fn what_was_seen_and_is_no_longer_is_not_found() {
    let mut town = Town::new();
    let note = |name: &str| AddNote {
        appointment: id("v1"),
        note: id(name),
        text: "Here.".to_owned(),
    };
    taken(town.decide(&who("ana"), note("n1")));
    town.take(
        &who("marta"),
        Reassign {
            appointment: id("v1"),
            to: id("bruno"),
            saw: Some(id("ana")),
            overlap_accepted: false,
        },
    );
    assert_eq!(town.code(&who("ana"), note("n2")), Code::NotFound);
    taken(town.decide(&who("bruno"), note("n2")));
    contested(town.decide(
        &who("laura"),
        Reassign {
            appointment: id("v1"),
            to: id("dora"),
            saw: Some(id("ana")),
            overlap_accepted: false,
        },
    ));
}
