//! C-CIT-04, C-INS-13: a visit is called off, by its applicant in time, by a manager at any time, by no inspector.

use crate::town::{STATUSES, Town, at, day, id, person, reasons, taken, who};
use domain::inspections::{CancelAppointment, RequestReason, RequestReassignment, Status};
use policy::Code;

fn cancel() -> CancelAppointment {
    CancelAppointment {
        appointment: id("v1"),
        because: " The building is not finished. ".to_owned(),
    }
}

/// Rosa's visit on the 25th at 9:00.
fn town() -> Town {
    Town::new().with(|visit| visit.day = Some(day("2026-11-25")))
}

#[test]
fn c_cit_04_an_applicant_cancels_their_own_visit() {
    let mut town = town();
    assert!(!town.take(&who("rosa"), cancel()).asks_office);
    let visit = town.get_visit("v1");
    assert_eq!(visit.status, Status::Cancelled);
    let called_off = visit.called_off.as_ref().unwrap();
    assert_eq!(
        (called_off.because.as_str(), called_off.by.as_str(), called_off.at),
        ("The building is not finished.", "Rosa", town.now)
    );
    assert_eq!(visit.history[0].what, "cancel_appointment");
}

#[test]
fn c_ins_09_the_inspector_of_a_cancelled_visit_sees_its_permit_no_more() {
    let mut town = town();
    assert!(town.sees(&who("ana"), "p1"));
    town.take(&who("marta"), cancel());
    assert!(!town.sees(&who("ana"), "p1"));
    assert!(town.get_permit("p1").people.is_empty());
}

#[test]
fn c_mgr_15_what_is_called_off_waits_for_no_answer() {
    let mut town = town();
    town.take(
        &who("ana"),
        RequestReassignment {
            appointment: id("v1"),
            reason: RequestReason::Illness,
            text: String::new(),
        },
    );
    town.take(&who("marta"), cancel());
    assert_eq!(town.get_visit("v1").request, None);
    let keys = town.records[&id("v1")].index_keys();
    assert!(keys.iter().all(|(index, _)| *index != "request"));
}

#[test]
fn c_ins_13_an_inspector_does_not_cancel_on_behalf_of_a_citizen() {
    let denial = town().denied(&who("ana"), cancel());
    assert_eq!((denial.code, denial.rule.as_str()), (Code::NotGranted, "C-MX-08"));
    assert!(denial.who.is_some());
    // Not even one who is a citizen as well, and has this visit to make.
    let town = Town::new().with(|visit| visit.assignee = Some(id("dora")));
    let denial = town.denied(&who("dora"), cancel());
    assert_eq!(
        (denial.code, denial.rule.as_str()),
        (Code::NotApplicant, "C-CIT-11")
    );
}

#[test]
fn c_cit_07_who_does_not_see_it_does_not_cancel_it() {
    for name in ["carlos", "bruno", "felix", "ivo"] {
        assert_eq!(town().code(&who(name), cancel()), Code::NotFound, "{name}");
    }
}

#[test]
fn c_cit_04_an_applicant_cancels_until_a_day_before() {
    for (now, expected) in [
        ("2026-11-24 08:59", true),
        ("2026-11-24 09:00", false),
        ("2026-11-26 09:00", false),
    ] {
        let mut town = Town {
            now: at(now),
            ..town()
        };
        assert_eq!(town.decide(&who("rosa"), cancel()).is_ok(), expected, "{now}");
        if !expected {
            let denial = town.denied(&who("rosa"), cancel());
            assert_eq!(
                (denial.code, denial.rule.as_str()),
                (Code::CutoffPassed, "C-CIT-04")
            );
            assert_eq!(denial.fact.as_deref(), Some("The limit was 2026-11-24 09:00."));
        }
        town.take(&who("marta"), cancel());
    }
}

#[test]
fn c_cit_04_and_c_cit_08_the_two_windows_are_set_apart() {
    let mut town = Town {
        now: at("2026-11-24 10:00"),
        ..town()
    };
    town.calendar("building", |calendar| {
        (calendar.reschedule_hours, calendar.cancel_hours) = (48, 2);
    });
    taken(town.decide(&who("rosa"), cancel()));
}

#[test]
fn a_manager_who_is_the_applicant_elsewhere_has_the_applicants_window() {
    let town = Town {
        now: at("2026-11-24 10:00"),
        ..Town::new().with(|visit| {
            visit.day = Some(day("2026-11-25"));
            visit.applicant = Some(id("felix"));
        })
    };
    let felix = person("felix", &["manager @ calendar/fire"]);
    assert_eq!(town.code(&felix, cancel()), Code::CutoffPassed);
}

#[test]
fn what_has_begun_or_is_over_is_not_called_off() {
    for status in STATUSES {
        let town = Town::new().with(|visit| {
            visit.day = Some(day("2026-11-25"));
            visit.status = status;
        });
        let expected = matches!(
            status,
            Status::Scheduled | Status::Confirmed | Status::RequireReassignment | Status::RequireReschedule
        );
        for name in ["rosa", "marta"] {
            let answer = town.decide(&who(name), cancel());
            assert_eq!(answer.is_ok(), expected, "{name} {status:?}");
        }
    }
}

#[test]
fn a_reason_is_asked_for_and_has_its_limit() {
    for (because, accepted) in reasons() {
        let command = CancelAppointment { because, ..cancel() };
        assert_eq!(town().decide(&who("rosa"), command).is_ok(), accepted);
    }
}

#[test]
fn x_04_a_copy_without_the_calendar_asks_the_office() {
    let mut town = town();
    town.not_held.insert(id("building"));
    assert!(taken(town.decide(&who("rosa"), cancel())).asks_office);
}
