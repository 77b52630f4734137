//! What a sheet offers is tried with the rule itself, and nothing but the visit and the person stands against a try.

use crate::town::{STATUSES, Town, complete, contested, day, id, locked, who};
use domain::inspections::{
    Appointment, Outcome, Overall, Status, blocking_probe, booking_probe, probes, unblocking_probe,
};
use domain::people;
use domain::{Command, Refusal};
use policy::Code;
use std::collections::{BTreeMap, BTreeSet};

/// What a person is offered on visit `v1`: each command with the code it is refused by.
fn offered(town: &Town, name: &str) -> BTreeMap<&'static str, Option<Code>> {
    let tried = probes(&id("v1"), town.get_visit("v1"), None, Some(id("bruno")));
    let answer = |command: Command| {
        let name_of = command.name();
        let code = match town.decide(&who(name), command) {
            Ok(_) => None,
            Err(Refusal::Denied(denial)) => Some(denial.code),
            contest => panic!("{:?}", contested(contest)),
        };
        (name_of, code)
    };
    tried.into_iter().map(answer).collect()
}

/// Rosa's visit on the 26th.
fn town() -> Town {
    Town::new().with(|visit| visit.day = Some(day("2026-11-26")))
}

#[test]
fn every_command_of_a_visit_is_tried() {
    let not_of_a_visit = [
        "book_appointment",
        "block_time",
        "unblock_time",
        "change_calendar_rules",
        "mark_unavailable",
        "mark_available",
        "grant_role",
        "withdraw_grant",
        "break_glass",
        "end_access",
        "review_access",
        "adopt_returned_work",
        "discard_returned_work",
    ];
    let tried: BTreeSet<&str> = offered(&town(), "marta").into_keys().collect();
    let expected = Command::NAMES
        .iter()
        .copied()
        .filter(|name| !not_of_a_visit.contains(name))
        .collect();
    assert_eq!(tried, expected);
}

#[test]
fn x_10_what_is_offered_on_a_visit_that_is_scheduled() {
    let allowed = |name: &str| -> Vec<&str> {
        let offered = offered(&town(), name).into_iter();
        offered
            .filter(|(_, code)| code.is_none())
            .map(|(name, _)| name)
            .collect()
    };
    assert_eq!(
        allowed("ana"),
        [
            "add_note",
            "add_photo",
            "confirm_appointment",
            "request_reassignment",
            "start_inspection"
        ]
    );
    assert_eq!(allowed("rosa"), ["cancel_appointment", "reschedule"]);
    assert_eq!(
        allowed("marta"),
        [
            "add_note",
            "add_photo",
            "cancel_appointment",
            "confirm_appointment",
            "lock_appointment",
            "reassign",
            "reschedule",
            "start_inspection",
        ]
    );
}

#[test]
fn c_ins_20_and_x_10_a_locked_visit_offers_its_inspector_no_update() {
    let town = Town::new().with(locked);
    let (ana, marta) = (offered(&town, "ana"), offered(&town, "marta"));
    for name in [
        "start_inspection",
        "confirm_appointment",
        "mark_no_show",
        "record_result",
    ] {
        assert_eq!(ana[name], Some(Code::WrongState), "{name}");
    }
    assert_eq!(
        (marta["unlock_appointment"], marta["start_inspection"]),
        (None, None)
    );
}

#[test]
fn c_cit_04_and_c_cit_08_what_comes_too_late_is_not_offered() {
    let offered = offered(&Town::new(), "rosa");
    for name in ["reschedule", "cancel_appointment"] {
        assert_eq!(offered[name], Some(Code::CutoffPassed), "{name}");
    }
}

/// A day that is blocked and an inspector who is busy or away stand against one time, and not against moving the visit.
#[test]
fn a_try_meets_no_block_no_absence_and_no_other_visit() {
    let mut town = town();
    town.block("b2", "building", "2026-11-24", |block| {
        block.until_day = day("2027-01-24");
    });
    town.absent("ana", "2026-11-24", "2027-11-24");
    town.visit("v2", |visit| visit.day = Some(day("2026-11-26")));
    assert_eq!(offered(&town, "rosa")["reschedule"], None);
    assert_eq!(offered(&town, "marta")["reschedule"], None);
    let tomorrow = day("2026-11-24");
    let probe = booking_probe(&id("p1"), town.get_permit("p1"), tomorrow);
    assert!(town.decide(&who("rosa"), probe.unwrap()).is_ok());
}

#[test]
fn c_mgr_07_what_failed_offers_its_correction_and_its_reinspection() {
    let failed = |visit: &mut Appointment| {
        complete(visit);
        visit.result = Some(Outcome {
            overall: Overall::Failed,
            summary: "Exits blocked.".to_owned(),
            by: "Ana".to_owned(),
            at: visit.completed_at,
        });
    };
    for status in STATUSES {
        let town = Town::new().with(|visit| {
            failed(visit);
            visit.status = status;
        });
        let marta = offered(&town, "marta");
        let again = matches!(status, Status::Completed | Status::RequireReinspection);
        assert_eq!(marta["book_reinspection"].is_none(), again, "{status:?}");
        let over = !town.get_visit("v1").is_open();
        assert_eq!(marta["correct_result"].is_none(), over, "{status:?}");
        assert!(offered(&town, "ana")["correct_result"].is_some());
    }
}

/// The code by which each of these commands is refused to somebody.
fn answers(town: &Town, name: &str, tried: Vec<Command>) -> Vec<Option<Code>> {
    let answer = |command| match town.decide(&who(name), command) {
        Ok(_) => None,
        Err(Refusal::Denied(denial)) => Some(denial.code),
        contest => panic!("{:?}", contested(contest)),
    };
    tried.into_iter().map(answer).collect()
}

#[test]
fn c_mgr_08_what_is_tried_on_a_calendar_a_block_and_an_inspector() {
    let mut town = Town::new();
    town.block("b2", "building", "2026-11-24", |_| {});
    town.absent("bruno", "2026-11-24", "2026-11-26");
    let today = day("2026-11-23");
    let tried = || {
        let mut tried = people::probes(&id("bruno"), town.get_person("bruno"), today);
        tried.extend(blocking_probe(&id("building"), today));
        tried.push(unblocking_probe(&id("b2")));
        tried
    };
    let names: Vec<&str> = tried().iter().map(Command::name).collect();
    assert_eq!(
        names,
        ["mark_unavailable", "mark_available", "block_time", "unblock_time"]
    );
    assert_eq!(answers(&town, "marta", tried()), [None; 4]);
    let ana = answers(&town, "ana", tried());
    assert_eq!(ana[2..], [Some(Code::NotGranted); 2]);
    assert!(ana[..2].iter().all(Option::is_some));
}
