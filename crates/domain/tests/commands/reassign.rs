//! C-MGR-03, C-MGR-20: a manager gives a visit to another inspector.

use crate::town::{OVER, Town, complete, contested, denied, id, taken, who};
use domain::inspections::{AddNote, Reassign, RequestReason, RequestReassignment, Status};
use policy::Code;

fn to(name: &str) -> Reassign {
    Reassign {
        appointment: id("v1"),
        to: id(name),
        saw: Some(id("ana")),
        overlap_accepted: false,
    }
}

fn town() -> Town {
    Town::new()
}

#[test]
fn c_mgr_03_a_manager_reassigns_within_their_calendar() {
    for name in ["marta", "laura"] {
        let mut town = town();
        assert!(!town.take(&who(name), to("bruno")).asks_office);
        let visit = town.get_visit("v1");
        assert_eq!(
            (visit.assignee.clone(), visit.assignee_name.as_str()),
            (Some(id("bruno")), "Bruno")
        );
        assert_eq!(visit.status, Status::Scheduled);
        assert_eq!(
            (visit.history[0].what.as_str(), visit.history[0].detail.as_str()),
            ("reassign", "from Ana to Bruno")
        );
        assert!(town.sees(&who("bruno"), "v1") && !town.sees(&who("ana"), "v1"));
    }
}

#[test]
fn c_mgr_03_a_visit_nobody_has_is_given_too() {
    let mut town = town().with(|visit| (visit.assignee, visit.assignee_name) = (None, String::new()));
    town.take(
        &who("marta"),
        Reassign {
            saw: None,
            overlap_accepted: false,
            ..to("bruno")
        },
    );
    assert_eq!(town.get_visit("v1").history[0].detail, "from nobody to Bruno");
}

#[test]
fn c_ins_11_and_c_cit_10_neither_inspector_nor_applicant_reassigns() {
    for name in ["ana", "rosa"] {
        let denial = town().denied(&who(name), to("bruno"));
        assert_eq!(
            (denial.code, denial.rule.as_str()),
            (Code::NotGranted, "C-MX-10"),
            "{name}"
        );
        assert_eq!(denial.who.as_deref(), Some("Laura, administrator"));
    }
}

#[test]
fn c_mgr_20_not_the_manager_of_this_calendar() {
    // Felix does not see it; who sees it as its applicant learns the reason.
    assert_eq!(town().code(&who("felix"), to("bruno")), Code::NotFound);
    let town = town().with(|visit| visit.applicant = Some(id("felix")));
    let denial = town.denied(&who("felix"), to("bruno"));
    assert_eq!(denial.code, Code::OutOfScope);
    assert!(denial.sentence.contains("Building inspections"), "{denial}");
}

#[test]
fn c_mgr_20_a_completed_visit_is_refused_saying_when() {
    let denial = town().with(complete).denied(&who("marta"), to("bruno"));
    assert_eq!(
        (denial.code, denial.fact.as_deref()),
        (Code::AlreadyCompleted, Some("Completed 2026-11-22 10:42."))
    );
    for status in OVER {
        let town = town().with(|visit| visit.status = status);
        assert!(town.decide(&who("marta"), to("bruno")).is_err(), "{status:?}");
    }
}

#[test]
fn c_mgr_20_and_sec_5_only_inspectors_of_the_calendar_are_eligible() {
    let refusals = ["ivo", "carlos", "marta", "nobody"].map(|name| town().denied(&who("marta"), to(name)));
    for denial in &refusals {
        assert_eq!(
            (denial.code, denial.rule.as_str()),
            (Code::NotEligible, "C-MGR-20")
        );
        assert!(
            denial.sentence.contains("Building inspections") && denial.who.is_some(),
            "{denial:?}"
        );
    }
    assert!(
        refusals.windows(2).all(|pair| pair[0] == pair[1]),
        "an account is not told from no account"
    );
}

/// C-MGR-20 names availability beside eligibility: Bruno has a visit of his own at that time.
#[test]
fn c_mgr_20_an_inspector_with_a_visit_at_that_time_is_not_available() {
    let mut town = town();
    town.visit("v2", |visit| {
        (visit.assignee, visit.assignee_name) = (Some(id("bruno")), "Bruno".to_owned());
        (visit.from_minute, visit.to_minute) = (Some(9 * 60 + 30), Some(10 * 60 + 30));
    });
    let denial = town.denied(&who("marta"), to("bruno"));
    assert_eq!(
        (denial.code, denial.who.as_deref()),
        (Code::Overlap, Some("a manager, by accepting it"))
    );
}

#[test]
fn c_mgr_04_reassigning_answers_the_open_request() {
    let mut town = town();
    let reason = RequestReason::Conflict;
    town.take(
        &who("ana"),
        RequestReassignment {
            appointment: id("v1"),
            reason,
            text: String::new(),
        },
    );
    assert!(
        town.records[&id("v1")]
            .index_keys()
            .iter()
            .any(|(index, _)| *index == "request")
    );
    town.take(&who("marta"), to("bruno"));
    let visit = town.get_visit("v1");
    assert_eq!((visit.request.clone(), visit.status), (None, Status::Scheduled));
    assert!(
        town.records[&id("v1")]
            .index_keys()
            .iter()
            .all(|(index, _)| *index != "request")
    );
}

#[test]
fn x_08_a_reassignment_somebody_else_made_meanwhile_is_contested() {
    let mut town = town();
    town.take(&who("laura"), to("bruno"));
    let contest = contested(town.decide(&who("marta"), to("dora")));
    assert_eq!(contest.field, "assignee");
    assert_eq!((contest.mine, contest.theirs), ("dora".into(), "bruno".into()));
    assert_eq!(contest.theirs_by.as_deref(), Some("Laura"));
}

#[test]
fn x_08_the_same_reassignment_twice_agrees() {
    let mut town = town();
    town.take(&who("laura"), to("bruno"));
    taken(town.decide(&who("marta"), to("bruno")));
}

/// Whoever touched the visit last is not who gave it to somebody else.
#[test]
fn x_08_the_contest_names_who_reassigned_it() {
    let mut town = town();
    town.take(&who("laura"), to("bruno"));
    let text = "On my way.".to_owned();
    town.take(
        &who("bruno"),
        AddNote {
            appointment: id("v1"),
            note: id("n1"),
            text,
        },
    );
    let contest = contested(town.decide(&who("marta"), to("dora")));
    assert_eq!(contest.theirs_by.as_deref(), Some("Laura"));
}

#[test]
fn c_ins_09_the_permit_follows_the_new_inspector() {
    let mut town = town();
    town.take(&who("marta"), to("bruno"));
    assert_eq!(town.get_permit("p1").people, [(id("bruno"), 1)].into());
    assert!(town.sees(&who("bruno"), "p1") && !town.sees(&who("ana"), "p1"));
    let mut town = Town::new();
    town.permit("p1", |permit| permit.people = [(id("ana"), 2)].into());
    town.take(&who("marta"), to("bruno"));
    assert_eq!(
        town.get_permit("p1").people,
        [(id("ana"), 1), (id("bruno"), 1)].into()
    );
}

#[test]
fn c_ins_09_a_full_permit_changes_hands_and_takes_nobody_more() {
    let four = ["a1", "a2", "a3", "a4"].map(|name| (id(name), 1));
    for (ana, expected) in [(1, true), (2, false)] {
        let mut town = town();
        town.permit("p1", |permit| {
            permit.people = four.clone().into();
            permit.people.insert(id("ana"), ana);
        });
        assert_eq!(
            town.decide(&who("marta"), to("bruno")).is_ok(),
            expected,
            "Ana with {ana}"
        );
    }
}

/// Not on this device is not the same as no inspector: a roster can be older than the office's.
#[test]
fn x_04_an_inspector_not_held_here_is_not_said_to_be_ineligible() {
    let mut town = town();
    town.not_held.insert(id("bruno"));
    match town.decide(&who("marta"), to("bruno")) {
        Ok(effect) => assert!(effect.asks_office),
        refused => assert_eq!(denied(refused).code, Code::NotHeldHere),
    }
}
