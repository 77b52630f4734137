//! C-MGR-04: a manager answers a request, by giving the visit to somebody else or by declining.

use crate::town::{Town, complete, id, reasons, who};
use domain::inspections::{DeclineRequest, Reassign, RequestReason, RequestReassignment, Status};
use policy::Code;

fn decline() -> DeclineRequest {
    DeclineRequest {
        appointment: id("v1"),
        because: "Nobody else knows this lift.".to_owned(),
    }
}

fn request() -> RequestReassignment {
    RequestReassignment {
        appointment: id("v1"),
        reason: RequestReason::Conflict,
        text: String::new(),
    }
}

/// Ana's visit, with her request to be relieved of it.
fn asked(was: Status) -> Town {
    let mut town = Town::new().with(|visit| visit.status = was);
    town.take(&who("ana"), request());
    town
}

#[test]
fn c_mgr_04_a_declined_request_leaves_the_visit_as_it_was() {
    for was in [Status::Scheduled, Status::Confirmed, Status::RequireReschedule] {
        for name in ["marta", "laura"] {
            let mut town = asked(was);
            town.take(&who(name), decline());
            let visit = town.get_visit("v1");
            assert_eq!((visit.status, &visit.request), (was, &None), "{name}");
            assert_eq!(visit.assignee, Some(id("ana")));
            let event = &visit.history[1];
            assert_eq!(
                (event.what.as_str(), event.detail.as_str()),
                ("decline_request", "Nobody else knows this lift.")
            );
            let keys = town.records[&id("v1")].index_keys();
            assert!(keys.iter().all(|(index, _)| *index != "request"));
        }
    }
}

#[test]
fn c_mgr_04_asking_twice_does_not_forget_where_the_visit_stood() {
    let mut town = asked(Status::Confirmed);
    town.take(&who("ana"), request());
    town.take(&who("marta"), decline());
    assert_eq!(town.get_visit("v1").status, Status::Confirmed);
}

#[test]
fn c_mgr_04_whoever_takes_it_over_finds_a_visit_that_still_needs_a_date() {
    for (was, expected) in [
        (Status::RequireReschedule, Status::RequireReschedule),
        (Status::Confirmed, Status::Scheduled),
    ] {
        let mut town = asked(was);
        town.take(
            &who("marta"),
            Reassign {
                appointment: id("v1"),
                to: id("bruno"),
                saw: Some(id("ana")),
                overlap_accepted: false,
            },
        );
        assert_eq!(town.get_visit("v1").status, expected);
    }
}

#[test]
fn c_ins_11_and_c_mgr_04_only_a_manager_declines() {
    let rows = [
        ("ana", Code::NotGranted),
        ("rosa", Code::NotGranted),
        ("bruno", Code::NotFound),
        ("felix", Code::NotFound),
    ];
    for (name, code) in rows {
        assert_eq!(
            asked(Status::Scheduled).code(&who(name), decline()),
            code,
            "{name}"
        );
    }
}

#[test]
fn c_mgr_04_without_a_request_there_is_nothing_to_decline() {
    let denial = Town::new().denied(&who("marta"), decline());
    assert_eq!(
        (denial.code, denial.rule.as_str()),
        (Code::WrongState, "C-MGR-04")
    );
    let mut town = asked(Status::Scheduled);
    town.take(&who("marta"), decline());
    assert_eq!(
        town.code(&who("laura"), decline()),
        Code::WrongState,
        "declined once"
    );
    assert_eq!(
        Town::new().with(complete).code(&who("marta"), decline()),
        Code::AlreadyCompleted
    );
}

#[test]
fn a_reason_is_asked_for_and_has_its_limit() {
    for (because, accepted) in reasons() {
        let command = DeclineRequest { because, ..decline() };
        let answer = asked(Status::Scheduled).decide(&who("marta"), command);
        assert_eq!(answer.is_ok(), accepted);
    }
}
