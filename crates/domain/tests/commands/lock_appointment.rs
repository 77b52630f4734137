//! C-INS-20: a manager locks a visit, and its inspector can no longer update it.

use crate::town::{OVER, Town, at, id, locked, reasons, taken, who};
use domain::Command;
use domain::inspections::{
    AddNote, ConfirmAppointment, Finding, LockAppointment, MarkAccessRefused, MarkNoShow, Overall,
    RecordChecklistItem, RecordResult, RequestReason, RequestReassignment, StartInspection, Status,
    UnlockAppointment,
};
use policy::Code;

fn lock() -> LockAppointment {
    LockAppointment {
        appointment: id("v1"),
        because: " Under review. ".to_owned(),
    }
}

fn unlock() -> UnlockAppointment {
    UnlockAppointment {
        appointment: id("v1"),
        because: "Reviewed.".to_owned(),
    }
}

/// Everything that updates the status of a visit.
fn updates() -> Vec<Command> {
    let appointment = || id("v1");
    let because = || "Nobody there.".to_owned();
    vec![
        ConfirmAppointment {
            appointment: appointment(),
        }
        .into(),
        StartInspection {
            appointment: appointment(),
        }
        .into(),
        RecordChecklistItem {
            appointment: appointment(),
            item: "exits".to_owned(),
            saw: Finding::default(),
            finding: Finding::default(),
        }
        .into(),
        RecordResult {
            appointment: appointment(),
            overall: Overall::Failed,
            summary: String::new(),
        }
        .into(),
        MarkNoShow {
            appointment: appointment(),
            because: because(),
        }
        .into(),
        MarkAccessRefused {
            appointment: appointment(),
            because: because(),
        }
        .into(),
    ]
}

#[test]
fn c_ins_20_a_locked_visit_is_not_updated_by_its_inspector() {
    for status in [Status::Scheduled, Status::InProgress] {
        let town = Town::new().with(|visit| {
            visit.status = status;
            locked(visit);
        });
        for command in updates() {
            let denial = town.denied(&who("ana"), command.clone());
            assert_eq!(
                (denial.code, denial.rule.as_str()),
                (Code::WrongState, "C-INS-20"),
                "{}",
                command.name()
            );
            assert!(denial.sentence.contains("locked"), "{denial}");
            assert_eq!(
                denial.fact.as_deref(),
                Some("Locked 2026-11-23 09:30 by Marta: Under review.")
            );
            assert_eq!(denial.who.as_deref(), Some("a manager of Building inspections"));
        }
    }
}

#[test]
fn c_ins_20_and_c_mgr_07_whoever_could_unlock_it_is_not_kept_out() {
    let town = Town::new().with(locked);
    let start = StartInspection {
        appointment: id("v1"),
    };
    for name in ["marta", "laura"] {
        taken(town.decide(&who(name), start.clone()));
    }
}

/// The lock keeps the result as it is; what the inspector has to tell the office can still be told.
#[test]
fn c_ins_06_and_c_ins_08_a_locked_visit_still_takes_notes_and_requests() {
    let town = Town::new().with(locked);
    let note = AddNote {
        appointment: id("v1"),
        note: id("n1"),
        text: "Why is it locked?".to_owned(),
    };
    taken(town.decide(&who("ana"), note));
    let request = RequestReassignment {
        appointment: id("v1"),
        reason: RequestReason::Safety,
        text: String::new(),
    };
    taken(town.decide(&who("ana"), request));
}

#[test]
fn c_ins_20_locked_then_unlocked_then_completed() {
    let mut town = Town::new();
    let start = StartInspection {
        appointment: id("v1"),
    };
    town.take(&who("marta"), lock());
    let held = town.get_visit("v1").lock.clone().unwrap();
    assert_eq!(
        (held.because.as_str(), held.by.as_str(), held.at),
        ("Under review.", "Marta", at("2026-11-23 10:00"))
    );
    assert_eq!(town.code(&who("ana"), start.clone()), Code::WrongState);
    town.take(&who("laura"), unlock());
    town.take(&who("ana"), start);
    let visit = town.get_visit("v1");
    assert_eq!((visit.status, &visit.lock), (Status::InProgress, &None));
    let events: Vec<&str> = visit.history.iter().map(|event| event.what.as_str()).collect();
    assert_eq!(
        events,
        ["lock_appointment", "unlock_appointment", "start_inspection"]
    );
}

#[test]
fn c_mgr_07_who_may_lock_and_unlock() {
    let rows = [
        ("marta", None),
        ("laura", None),
        ("ana", Some(Code::NotGranted)),
        ("rosa", Some(Code::NotGranted)),
        ("bruno", Some(Code::NotFound)),
        ("felix", Some(Code::NotFound)),
    ];
    for (name, expected) in rows {
        for (town, command) in [
            (Town::new(), Command::from(lock())),
            (Town::new().with(locked), Command::from(unlock())),
        ] {
            match expected {
                None => drop(taken(town.decide(&who(name), command))),
                Some(code) => {
                    let denial = town.denied(&who(name), command);
                    assert_eq!(denial.code, code, "{name}");
                    let said = denial.who.as_deref();
                    if code == Code::NotGranted {
                        assert_eq!(said, Some("a manager of Building inspections"), "{name}");
                    }
                }
            }
        }
    }
}

#[test]
fn what_is_locked_is_not_locked_again_and_what_is_not_is_not_unlocked() {
    let denial = Town::new().with(locked).denied(&who("laura"), lock());
    assert_eq!(
        (denial.code, denial.fact.as_deref()),
        (Code::WrongState, Some("Locked 2026-11-23 09:30 by Marta."))
    );
    assert_eq!(Town::new().code(&who("marta"), unlock()), Code::WrongState);
    for status in OVER {
        let town = Town::new().with(|visit| visit.status = status);
        assert!(town.decide(&who("marta"), lock()).is_err(), "{status:?}");
    }
}

#[test]
fn a_reason_is_asked_for_and_has_its_limit() {
    for (because, accepted) in reasons() {
        let command = LockAppointment {
            because: because.clone(),
            ..lock()
        };
        assert_eq!(Town::new().decide(&who("marta"), command).is_ok(), accepted);
        let command = UnlockAppointment { because, ..unlock() };
        let answer = Town::new().with(locked).decide(&who("marta"), command);
        assert_eq!(answer.is_ok(), accepted);
    }
}
