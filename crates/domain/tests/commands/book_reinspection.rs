//! C-INS-UP2: what failed is inspected again, and only that.

use crate::town::{STATUSES, Town, complete, day, denied, id, taken, who};
use domain::inspections::{
    Appointment, BookReinspection, CancelAppointment, CheckAnswer, Finding, Outcome, Overall, PermitStatus,
    RecordChecklistItem, RecordResult, StartInspection, Status,
};
use policy::Code;

fn found(answer: CheckAnswer, observation: &str) -> Finding {
    Finding {
        answer: Some(answer),
        measurement: None,
        observation: observation.to_owned(),
    }
}

/// Ana's visit failed: the sign is missing, the exits and the handrail are in order.
fn failed(visit: &mut Appointment) {
    complete(visit);
    visit.findings = [
        ("exits".to_owned(), found(CheckAnswer::Pass, "")),
        ("handrail".to_owned(), found(CheckAnswer::NotApplicable, "")),
        ("sign".to_owned(), found(CheckAnswer::Fail, "missing")),
    ]
    .into();
    visit.result = Some(Outcome {
        overall: Overall::Failed,
        summary: String::new(),
        by: "Ana".to_owned(),
        at: visit.completed_at,
    });
    visit.special_notes = "Ring twice.".to_owned();
}

fn town() -> Town {
    let mut town = Town::new().with(failed);
    town.permit("p1", |permit| permit.people.clear());
    town
}

fn book() -> BookReinspection {
    BookReinspection {
        appointment: id("v9"),
        reinspects: id("v1"),
        day: day("2026-11-25"),
        from_minute: 10 * 60,
        assignee: None,
    }
}

fn book_for(person: &str) -> BookReinspection {
    BookReinspection {
        assignee: Some(id(person)),
        ..book()
    }
}

#[test]
fn c_ins_up2_a_reinspection_carries_over_what_failed() {
    let mut town = town();
    assert!(!town.take(&who("marta"), book_for("bruno")).asks_office);
    let next = town.get_visit("v9");
    assert_eq!(
        next.found_before,
        [("sign".to_owned(), found(CheckAnswer::Fail, "missing"))].into()
    );
    assert!(next.findings.is_empty() && next.result.is_none() && next.completed_at.is_none());
    assert_eq!(
        (next.status, next.reinspects.clone()),
        (Status::Scheduled, Some(id("v1")))
    );
    assert_eq!(
        (next.permit.clone(), next.applicant.clone(), next.calendar.clone()),
        (Some(id("p1")), Some(id("rosa")), Some(id("building")))
    );
    assert_eq!(
        (next.assignee_name.as_str(), next.special_notes.as_str()),
        ("Bruno", "Ring twice.")
    );
    assert_eq!((next.from_minute, next.to_minute), (Some(600), Some(660)));
    let before = town.get_visit("v1");
    assert_eq!(
        (before.status, before.reinspection.clone()),
        (Status::RequireReinspection, Some(id("v9"))),
        "linked both ways"
    );
    assert_eq!(before.history[0].detail, "for 2026-11-25 10:00");
    assert_eq!(next.history[0].what, "book_reinspection");
    assert_eq!(
        town.get_permit("p1").people,
        [(id("bruno"), 1)].into(),
        "C-INS-09"
    );
}

/// The sign is not required on a first inspection, and the exits are; now it is the other way round.
#[test]
fn c_ins_05_and_c_ins_up2_only_what_failed_needs_an_answer() {
    let mut town = town();
    town.take(&who("marta"), book_for("ana"));
    let ana = who("ana");
    town.take(
        &ana,
        StartInspection {
            appointment: id("v9"),
        },
    );
    let result = RecordResult {
        appointment: id("v9"),
        overall: Overall::Passed,
        summary: String::new(),
    };
    let denial = town.denied(&ana, result.clone());
    assert_eq!(
        denial.fact.as_deref(),
        Some("Not answered: House number is legible")
    );
    town.take(
        &ana,
        RecordChecklistItem {
            appointment: id("v9"),
            item: "sign".to_owned(),
            saw: Finding::default(),
            finding: found(CheckAnswer::Pass, ""),
        },
    );
    town.take(&ana, result);
    assert_eq!(town.get_visit("v9").status, Status::Completed);
}

#[test]
fn a_result_that_failed_without_a_failed_line_is_inspected_in_full() {
    let mut town = Town::new().with(|visit| {
        failed(visit);
        visit.findings.remove("sign");
    });
    town.take(&who("marta"), book_for("ana"));
    let next = town.get_visit("v9");
    assert!(next.found_before.is_empty());
    town.take(
        &who("ana"),
        StartInspection {
            appointment: id("v9"),
        },
    );
    let result = RecordResult {
        appointment: id("v9"),
        overall: Overall::Passed,
        summary: String::new(),
    };
    let denial = town.denied(&who("ana"), result);
    assert_eq!(denial.fact.as_deref(), Some("Not answered: Exits are clear"));
}

#[test]
fn c_mx_06_who_may_book_a_reinspection() {
    let rows = [
        ("rosa", None),
        ("marta", None),
        ("laura", None),
        ("ana", Some(Code::NotGranted)),
        ("carlos", Some(Code::NotFound)),
        ("bruno", Some(Code::NotFound)),
        ("felix", Some(Code::NotFound)),
    ];
    for (name, expected) in rows {
        match (town().decide(&who(name), book()), expected) {
            (answer, None) => drop(taken(answer)),
            (answer, Some(code)) => assert_eq!(denied(answer).code, code, "{name}"),
        }
    }
    let denial = town().denied(&who("rosa"), book_for("bruno"));
    assert_eq!(
        (denial.code, denial.rule.as_str()),
        (Code::NotGranted, "C-MX-10"),
        "C-CIT-10"
    );
}

#[test]
fn c_ins_up2_only_what_failed_is_inspected_again() {
    for status in STATUSES {
        for overall in [Overall::Passed, Overall::PassedWithConditions, Overall::Failed] {
            let town = Town::new().with(|visit| {
                failed(visit);
                visit.status = status;
                if let Some(result) = &mut visit.result {
                    result.overall = overall;
                }
            });
            let expected = status == Status::RequireReinspection
                || (status == Status::Completed && overall == Overall::Failed);
            let answer = town.decide(&who("marta"), book());
            assert_eq!(answer.is_ok(), expected, "{status:?} {overall:?}");
        }
    }
    let denial = Town::new().denied(&who("marta"), book());
    assert_eq!(denial.fact.as_deref(), Some("Its status is scheduled."));
}

#[test]
fn one_reinspection_is_booked_unless_it_did_not_take_place() {
    let mut town = town();
    town.take(&who("marta"), book());
    let again = BookReinspection {
        appointment: id("v10"),
        ..book()
    };
    let denial = town.denied(&who("laura"), again.clone());
    assert_eq!(
        (denial.code, denial.fact.as_deref()),
        (Code::WrongState, Some("It is on 2026-11-25."))
    );
    town.take(
        &who("marta"),
        CancelAppointment {
            appointment: id("v9"),
            because: "Not ready.".to_owned(),
        },
    );
    town.take(&who("laura"), again);
    assert_eq!(town.get_visit("v1").reinspection, Some(id("v10")));
}

/// A re-inspection that fails is inspected again, with what is still wrong.
#[test]
fn c_ins_up2_a_reinspection_has_its_reinspection() {
    let mut town = town();
    town.take(&who("marta"), book_for("ana"));
    let mut second = town.get_visit("v9").clone();
    second.status = Status::Completed;
    second.findings = [("sign".to_owned(), found(CheckAnswer::Fail, "too small"))].into();
    second.result = town.get_visit("v1").result.clone();
    town.add("v9", second);
    town.take(
        &who("marta"),
        BookReinspection {
            appointment: id("v10"),
            reinspects: id("v9"),
            ..book()
        },
    );
    let third = town.get_visit("v10");
    assert_eq!(third.found_before["sign"].observation, "too small");
    assert_eq!(third.reinspects, Some(id("v9")));
}

#[test]
fn c_cit_17_a_permit_that_is_not_ready_takes_no_reinspection() {
    let mut closed = town();
    closed.permit("p1", |permit| permit.status = PermitStatus::Closed);
    let mut unpaid = town();
    unpaid.permit("p1", |permit| permit.fee_paid = Some(false));
    let mut gone = town();
    gone.records.remove(&id("final"));
    for town in [closed, unpaid, gone] {
        let denial = town.denied(&who("rosa"), book());
        assert_eq!(
            (denial.code, denial.rule.as_str()),
            (Code::PermitNotReady, "C-CIT-17")
        );
    }
}

#[test]
fn c_mgr_08_and_c_mgr_20_a_reinspection_needs_a_free_time_too() {
    let mut blocked = town();
    blocked.block("b2", "building", "2026-11-25", |_| {});
    let mut away = town();
    away.absent("bruno", "2026-11-25", "2026-11-25");
    let mut busy = town();
    busy.visit("v2", |visit| {
        visit.assignee = Some(id("bruno"));
        visit.day = Some(day("2026-11-25"));
        (visit.from_minute, visit.to_minute) = (Some(630), Some(690));
    });
    let rows = [
        (blocked, Code::SlotTaken),
        (away, Code::NotEligible),
        (busy, Code::SlotTaken),
    ];
    for (town, code) in rows {
        assert_eq!(town.code(&who("marta"), book_for("bruno")), code);
    }
    assert_eq!(town().code(&who("marta"), book_for("carlos")), Code::NotEligible);
}

#[test]
fn an_id_that_is_taken_a_day_that_is_past_and_a_late_start_are_refused() {
    let rows = [
        (
            BookReinspection {
                appointment: id("p1"),
                ..book()
            },
            Code::AlreadyExists,
        ),
        (
            BookReinspection {
                appointment: id("v1"),
                ..book()
            },
            Code::AlreadyExists,
        ),
        (
            BookReinspection {
                day: day("2026-11-22"),
                ..book()
            },
            Code::InvalidInput,
        ),
        (
            BookReinspection {
                from_minute: 23 * 60 + 1,
                ..book()
            },
            Code::InvalidInput,
        ),
    ];
    for (command, code) in rows {
        assert_eq!(town().code(&who("marta"), command), code);
    }
}

/// An applicant's copy shows no findings: the office carries them over.
#[test]
fn x_04_a_copy_without_findings_or_permit_asks_the_office() {
    let hidden = Town::new().with(|visit| {
        failed(visit);
        visit.findings.clear();
    });
    assert!(taken(hidden.decide(&who("rosa"), book())).asks_office);
    let mut no_permit = town();
    no_permit.not_held.insert(id("p1"));
    assert!(taken(no_permit.decide(&who("rosa"), book())).asks_office);
    let mut linked = town();
    linked.take(&who("marta"), book());
    linked.not_held.insert(id("v9"));
    let again = BookReinspection {
        appointment: id("v10"),
        ..book()
    };
    assert!(taken(linked.decide(&who("marta"), again)).asks_office);
    let mut no_type = town();
    no_type.not_held.insert(id("final"));
    assert_eq!(no_type.code(&who("rosa"), book()), Code::NotHeldHere);
}
