//! C-INS-UP2: a visit that was asked for is confirmed.

use crate::town::{STATUSES, Town, complete, id, who};
use domain::inspections::{ConfirmAppointment, Status};
use policy::Code;

fn confirm() -> ConfirmAppointment {
    ConfirmAppointment {
        appointment: id("v1"),
    }
}

#[test]
fn c_ins_05_and_c_ins_up2_whoever_may_update_it_confirms_it() {
    let rows = [
        ("ana", None),
        ("marta", None),
        ("laura", None),
        ("rosa", Some(Code::NotGranted)),
        ("bruno", Some(Code::NotFound)),
        ("felix", Some(Code::NotFound)),
        ("carlos", Some(Code::NotFound)),
    ];
    for (name, expected) in rows {
        let mut town = Town::new();
        match expected {
            Some(code) => assert_eq!(town.code(&who(name), confirm()), code, "{name}"),
            None => {
                assert!(!town.take(&who(name), confirm()).asks_office);
                let visit = town.get_visit("v1");
                assert_eq!(visit.status, Status::Confirmed, "{name}");
                assert_eq!(visit.history[0].what, "confirm_appointment");
            }
        }
    }
}

#[test]
fn c_ins_up2_only_a_scheduled_visit_is_confirmed() {
    for status in STATUSES {
        let town = Town::new().with(|visit| visit.status = status);
        let answer = town.decide(&who("ana"), confirm());
        assert_eq!(answer.is_ok(), status == Status::Scheduled, "{status:?}");
    }
}

#[test]
fn c_ins_20_a_completed_visit_is_not_confirmed_saying_when() {
    let denial = Town::new().with(complete).denied(&who("ana"), confirm());
    assert_eq!(
        (denial.code, denial.fact.as_deref()),
        (Code::AlreadyCompleted, Some("Completed 2026-11-22 10:42."))
    );
}
