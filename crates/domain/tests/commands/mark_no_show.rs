//! C-INS-UP2: the inspector was there, and nobody was, or nobody let them in.

use crate::town::{STATUSES, Town, at, complete, day, denied, id, instant, reasons, taken, who};
use domain::Command;
use domain::inspections::{
    MarkAccessRefused, MarkNoShow, ReassignmentRequest, RequestReason, Reschedule, Slot, StartInspection,
    Status,
};
use policy::Code;

const SAID: &str = "Rang twice, the gate is locked.";

fn no_show() -> Command {
    said("mark_no_show", SAID)
}

fn refused() -> Command {
    said("mark_access_refused", SAID)
}

fn said(name: &str, because: &str) -> Command {
    let (appointment, because) = (id("v1"), because.to_owned());
    match name {
        "mark_no_show" => MarkNoShow { appointment, because }.into(),
        _ => MarkAccessRefused { appointment, because }.into(),
    }
}

/// Ten past nine on the day of Ana's visit.
fn town() -> Town {
    Town {
        now: at("2026-11-24 09:10"),
        ..Town::new()
    }
}

#[test]
fn c_ins_05_and_c_ins_up2_nobody_there_ends_the_visit() {
    let mut town = town();
    assert!(!town.take(&who("ana"), no_show()).asks_office);
    let visit = town.get_visit("v1");
    assert_eq!(visit.status, Status::NoShow);
    let called_off = visit.called_off.as_ref().unwrap();
    assert_eq!(
        (called_off.because.as_str(), called_off.by.as_str()),
        (SAID, "Ana")
    );
    assert_eq!(visit.history[0].what, "mark_no_show");
    assert!(
        town.get_permit("p1").people.is_empty(),
        "the permit lets go of Ana"
    );
}

#[test]
fn c_ins_up2_no_way_in_waits_for_a_new_date() {
    let mut town = town();
    town.take(
        &who("ana"),
        StartInspection {
            appointment: id("v1"),
        },
    );
    town.take(&who("ana"), refused());
    let visit = town.get_visit("v1");
    assert_eq!(
        (visit.status, visit.started_at),
        (Status::RequireReschedule, None),
        "it begins afresh"
    );
    assert!(town.sees(&who("ana"), "p1"), "the visit is still Ana's");
    assert_eq!(town.code(&who("ana"), refused()), Code::WrongState);
    let again = Reschedule {
        appointment: id("v1"),
        day: day("2026-11-25"),
        from_minute: 9 * 60,
        saw: Slot {
            day: Some(day("2026-11-24")),
            from_minute: Some(9 * 60),
        },
        because: "A new date.".to_owned(),
        overlap_accepted: false,
    };
    town.take(&who("marta"), again);
    let visit = town.get_visit("v1");
    assert_eq!((visit.status, &visit.called_off), (Status::Scheduled, &None));
    assert_eq!(visit.history[1].detail, SAID, "the remark stays in the history");
}

/// Whoever asked to be relieved and went all the same asks no longer.
#[test]
fn c_mgr_15_what_did_not_take_place_waits_for_no_answer() {
    for command in [no_show(), refused()] {
        let mut town = town().with(|visit| {
            visit.status = Status::RequireReassignment;
            visit.request = Some(ReassignmentRequest {
                reason: RequestReason::Illness,
                text: String::new(),
                by: "Ana".to_owned(),
                at: 0,
                was: Status::Scheduled,
            });
        });
        town.take(&who("ana"), command);
        assert_eq!(town.get_visit("v1").request, None);
    }
}

#[test]
fn c_ins_20_who_may_say_so() {
    let rows = [
        ("ana", None),
        ("marta", None),
        ("laura", None),
        ("rosa", Some(Code::NotGranted)),
        ("bruno", Some(Code::NotFound)),
        ("carlos", Some(Code::NotFound)),
    ];
    for command in [no_show(), refused()] {
        for (name, expected) in rows {
            match (town().decide(&who(name), command.clone()), expected) {
                (answer, None) => drop(taken(answer)),
                (answer, Some(code)) => assert_eq!(denied(answer).code, code, "{name}"),
            }
        }
    }
}

#[test]
fn c_ins_up2_not_before_the_day_of_the_visit_begins() {
    let rows = [
        ("2026-11-23 23:59", "America/Montevideo", false),
        ("2026-11-24 00:00", "America/Montevideo", true),
        ("2026-11-26 12:00", "America/Montevideo", true),
        ("2026-11-23 23:59", "Pacific/Auckland", false),
        ("2026-11-24 00:00", "Pacific/Auckland", true),
    ];
    for command in [no_show(), refused()] {
        for (now, zone, expected) in rows {
            let town = Town {
                now: instant(now, zone),
                zone,
                ..Town::new()
            };
            let answer = town.decide(&who("ana"), command.clone());
            assert_eq!(answer.is_ok(), expected, "{now} {zone}");
            if let Err(refusal) = answer {
                let denial = denied(Err(refusal));
                assert_eq!(
                    (denial.code, denial.fact.as_deref()),
                    (Code::WrongState, Some("The visit is on 2026-11-24."))
                );
            }
        }
    }
}

#[test]
fn c_ins_20_a_completed_visit_took_place() {
    for command in [no_show(), refused()] {
        let town = Town {
            now: at("2026-11-24 12:00"),
            ..Town::new().with(complete)
        };
        let denial = town.denied(&who("ana"), command.clone());
        assert_eq!(
            (denial.code, denial.rule.as_str()),
            (Code::AlreadyCompleted, "C-INS-20")
        );
        for status in STATUSES {
            let mut town = town.clone();
            town.visit("v1", |visit| visit.status = status);
            let open = town.get_visit("v1").is_open();
            let expected = match status {
                Status::RequireReschedule => command.name() == "mark_no_show",
                _ => open,
            };
            let answer = town.decide(&who("ana"), command.clone());
            assert_eq!(answer.is_ok(), expected, "{} {status:?}", command.name());
        }
    }
}

#[test]
fn a_remark_is_asked_for_and_has_its_limit() {
    for name in ["mark_no_show", "mark_access_refused"] {
        for (because, accepted) in reasons() {
            let answer = town().decide(&who("ana"), said(name, &because));
            assert_eq!(answer.is_ok(), accepted, "{name}");
        }
    }
}
