//! C-INS-05, C-INS-20: the inspector begins on site.

use crate::town::{OVER, Town, at, complete, denied, id, taken, who};
use domain::inspections::{StartInspection, Status};
use policy::Code;

fn start() -> StartInspection {
    StartInspection {
        appointment: id("v1"),
    }
}

#[test]
fn c_ins_05_the_assigned_inspector_starts() {
    for status in [Status::Scheduled, Status::Confirmed] {
        let mut town = Town::new().with(|visit| visit.status = status);
        let effect = town.take(&who("ana"), start());
        assert!(!effect.asks_office);
        let visit = town.get_visit("v1");
        assert_eq!(
            (visit.status, visit.started_at),
            (Status::InProgress, Some(town.now))
        );
        assert_eq!(visit.history[0].what, "start_inspection");
    }
}

#[test]
fn x_11_what_the_device_claims_is_kept_beside_the_offices_time() {
    let town = Town::new();
    let claimed = at("2026-11-23 09:12");
    let effect = taken(town.decide_claimed(&who("ana"), claimed, start()));
    let domain::Body::Appointment(visit) = &effect.puts[0].body else {
        panic!("no visit")
    };
    assert_eq!(
        (visit.history[0].at, visit.history[0].claimed_at),
        (town.now, claimed)
    );
    assert_eq!(visit.started_at, Some(claimed));
}

#[test]
fn c_ins_20_only_who_it_is_assigned_to_starts() {
    // Bruno does not see Ana's visit at all.
    assert_eq!(Town::new().code(&who("bruno"), start()), Code::NotFound);
    // Dora sees it as its applicant: she learns why not.
    for (assignee, fact) in [
        (Some(id("ana")), "assigned to somebody else"),
        (None, "assigned to nobody"),
    ] {
        let town = Town::new().with(|visit| (visit.applicant, visit.assignee) = (Some(id("dora")), assignee));
        let denial = town.denied(&who("dora"), start());
        assert_eq!(
            (denial.code, denial.rule.as_str()),
            (Code::NotAssigned, "C-INS-20")
        );
        assert!(
            denial.fact.as_ref().is_some_and(|said| said.contains(fact)),
            "{denial:?}"
        );
        assert_eq!(denial.who.as_deref(), Some("a manager of Building inspections"));
    }
}

#[test]
fn a_team_starts_what_is_assigned_to_it() {
    let town = Town::new().with(|visit| (visit.team, visit.assignee) = (Some(id("north")), None));
    taken(town.decide(&who("nico"), start()));
    assert_eq!(Town::new().code(&who("nico"), start()), Code::NotFound);
}

#[test]
fn a_manager_starts_in_their_own_calendar_and_an_applicant_nowhere() {
    taken(Town::new().decide(&who("marta"), start()));
    assert_eq!(Town::new().code(&who("felix"), start()), Code::NotFound);
    assert_eq!(Town::new().code(&who("rosa"), start()), Code::NotGranted);
}

#[test]
fn c_ins_20_a_completed_visit_is_refused_saying_when() {
    let town = Town::new().with(complete);
    let denial = town.denied(&who("ana"), start());
    assert_eq!(
        (denial.code, denial.rule.as_str()),
        (Code::AlreadyCompleted, "C-INS-20")
    );
    assert_eq!(denial.fact.as_deref(), Some("Completed 2026-11-22 10:42."));
}

#[test]
fn a_visit_that_is_over_does_not_start_again() {
    for status in OVER {
        let town = Town::new().with(|visit| visit.status = status);
        assert!(town.decide(&who("ana"), start()).is_err(), "{status:?}");
    }
}

/// A sentence that is not true explains nothing.
#[test]
fn x_10_a_visit_that_was_called_off_is_not_said_to_be_completed() {
    for status in [Status::Cancelled, Status::NoShow] {
        let town = Town::new().with(|visit| visit.status = status);
        let denial = town.denied(&who("ana"), start());
        assert!(!denial.sentence.contains("completed"), "{status:?}: {denial}");
    }
}

#[test]
fn a_visit_in_progress_says_since_when() {
    let mut town = Town::new();
    town.take(&who("ana"), start());
    let denial = denied(town.decide(&who("ana"), start()));
    assert_eq!(
        (denial.code, denial.fact.as_deref()),
        (Code::WrongState, Some("Started 2026-11-23 10:00."))
    );
}
