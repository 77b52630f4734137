//! C-MGR-07: a manager corrects a completed result, and what it was before stays in the history.

use crate::town::{STATUSES, Town, complete, contested, denied, id, reasons, taken, who};
use domain::Command;
use domain::inspections::{
    Appointment, Change, CheckAnswer, CorrectResult, Correction, Finding, Outcome, Overall, Status,
};
use policy::Code;

fn found(answer: CheckAnswer, observation: &str) -> Finding {
    Finding {
        answer: Some(answer),
        measurement: None,
        observation: observation.to_owned(),
    }
}

/// Failed, because the exits were blocked.
fn failed(visit: &mut Appointment) {
    complete(visit);
    visit.findings = [
        ("exits".to_owned(), found(CheckAnswer::Fail, "blocked")),
        ("handrail".to_owned(), found(CheckAnswer::Pass, "")),
    ]
    .into();
    visit.result = Some(Outcome {
        overall: Overall::Failed,
        summary: "Exits blocked.".to_owned(),
        by: "Ana".to_owned(),
        at: visit.completed_at,
    });
}

fn town() -> Town {
    Town::new().with(failed)
}

fn seen() -> Correction {
    Correction {
        overall: Overall::Failed,
        summary: "Exits blocked.".to_owned(),
        findings: [("exits".to_owned(), found(CheckAnswer::Fail, "blocked"))].into(),
    }
}

/// The exits were those of the house beside it.
fn correct() -> CorrectResult {
    CorrectResult {
        appointment: id("v1"),
        saw: seen(),
        correction: Correction {
            overall: Overall::Passed,
            summary: "As built.".to_owned(),
            findings: [("exits".to_owned(), found(CheckAnswer::Pass, ""))].into(),
        },
        because: " The exits of the house next door. ".to_owned(),
    }
}

fn change(field: &str, from: &str, to: &str) -> Change {
    Change {
        field: field.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
    }
}

#[test]
fn c_mgr_07_and_b_aud_05_the_earlier_value_stays_in_the_history() {
    for name in ["marta", "laura"] {
        let mut town = town();
        assert!(!town.take(&who(name), correct()).asks_office);
        let visit = town.get_visit("v1");
        let result = visit.result.as_ref().unwrap();
        assert_eq!(
            (result.overall, result.summary.as_str()),
            (Overall::Passed, "As built.")
        );
        assert_eq!(visit.findings["exits"], found(CheckAnswer::Pass, ""));
        assert_eq!(visit.status, Status::Completed);
        let event = &visit.history[0];
        assert_eq!(
            (event.what.as_str(), event.detail.as_str(), event.at),
            ("correct_result", "The exits of the house next door.", town.now)
        );
        assert_eq!(event.by, who(name).name());
        let expected = [
            change("overall", "failed", "passed"),
            change("summary", "Exits blocked.", "As built."),
            change("findings.exits", "fail, blocked", "pass"),
        ];
        assert_eq!(event.changes, expected);
        // Who stands for the result now is who corrected it.
        assert_eq!((&result.by, result.at), (&event.by, Some(town.now)));
        assert_eq!(visit.answered["exits"].by, event.by);
    }
}

#[test]
fn c_mgr_07_and_c_ins_20_an_inspector_does_not_correct_and_learns_who_can() {
    let denial = town().denied(&who("ana"), correct());
    assert_eq!(
        (denial.code, denial.rule.as_str()),
        (Code::NotGranted, "C-MGR-07")
    );
    assert_eq!(denial.who.as_deref(), Some("a manager of Building inspections"));
    assert_eq!(town().code(&who("rosa"), correct()), Code::NotGranted);
    for name in ["bruno", "felix", "carlos"] {
        assert_eq!(town().code(&who(name), correct()), Code::NotFound, "{name}");
    }
}

#[test]
fn only_what_is_completed_has_a_result_to_correct() {
    for status in STATUSES {
        let town = town().with(|visit| {
            failed(visit);
            visit.status = status;
        });
        let expected = !town.get_visit("v1").is_open();
        assert_eq!(
            town.decide(&who("marta"), correct()).is_ok(),
            expected,
            "{status:?}"
        );
    }
    let town = Town::new().with(complete);
    assert_eq!(
        town.code(&who("marta"), correct()),
        Code::WrongState,
        "completed without a result"
    );
}

/// A visit that no longer failed needs no re-inspection.
#[test]
fn c_ins_up2_a_corrected_visit_is_completed_again() {
    for (overall, expected) in [
        (Overall::Passed, Status::Completed),
        (Overall::Failed, Status::RequireReinspection),
    ] {
        let mut town = Town::new().with(|visit| {
            failed(visit);
            visit.status = Status::RequireReinspection;
        });
        let mut command = correct();
        command.correction.overall = overall;
        town.take(&who("marta"), command);
        assert_eq!(town.get_visit("v1").status, expected);
    }
}

#[test]
fn what_is_the_same_in_both_is_left_as_it_is() {
    let mut town = town();
    let summary = CorrectResult {
        correction: Correction {
            summary: "Exits blocked by a car.".to_owned(),
            ..seen()
        },
        ..correct()
    };
    town.take(&who("marta"), summary);
    let overall = CorrectResult {
        correction: Correction {
            overall: Overall::PassedWithConditions,
            ..seen()
        },
        ..correct()
    };
    town.take(&who("laura"), overall);
    let result = town.get_visit("v1").result.clone().unwrap();
    assert_eq!(
        (result.overall, result.summary.as_str()),
        (Overall::PassedWithConditions, "Exits blocked by a car."),
        "two managers correct two fields"
    );
}

#[test]
fn x_08_each_field_somebody_else_corrected_meanwhile_is_contested() {
    let mut town = town();
    town.take(&who("marta"), correct());
    let mine = CorrectResult {
        correction: Correction {
            overall: Overall::PassedWithConditions,
            summary: "With a ramp.".to_owned(),
            findings: [("exits".to_owned(), found(CheckAnswer::NotApplicable, ""))].into(),
        },
        ..correct()
    };
    let mut command = Command::from(mine);
    for field in ["overall", "summary", "findings.exits"] {
        let contest = contested(town.decide(&who("laura"), command.clone()));
        assert_eq!(contest.field, field);
        assert_eq!(contest.theirs_by.as_deref(), Some("Marta"));
        assert_eq!(contest.theirs_at, Some(town.now));
        command = command.over(&contest);
    }
    town.take(&who("laura"), command);
    let visit = town.get_visit("v1");
    assert_eq!(
        visit.result.as_ref().map(|result| result.summary.as_str()),
        Some("With a ramp.")
    );
    assert_eq!(visit.history[1].changes[0].from, "passed");
}

#[test]
fn x_08_the_same_correction_twice_agrees() {
    let mut town = town();
    town.take(&who("marta"), correct());
    town.take(&who("laura"), correct());
    assert_eq!(town.get_visit("v1").history.len(), 1);
}

#[test]
fn a_corrected_result_agrees_with_its_checklist() {
    let plain_pass = CorrectResult {
        correction: Correction {
            overall: Overall::Passed,
            ..seen()
        },
        ..correct()
    };
    let denial = town().denied(&who("marta"), plain_pass);
    assert_eq!(denial.fact.as_deref(), Some("Failed: Exits are clear"));
    let unanswered = CorrectResult {
        correction: Correction {
            findings: [("exits".to_owned(), Finding::default())].into(),
            ..seen()
        },
        ..correct()
    };
    let denial = town().denied(&who("marta"), unanswered);
    assert_eq!(denial.fact.as_deref(), Some("Not answered: Exits are clear"));
}

/// An imported visit has a result and no answers: its result can be corrected all the same.
#[test]
fn a_result_without_answers_is_corrected_too() {
    let town = Town::new().with(|visit| {
        failed(visit);
        visit.findings.clear();
    });
    let mut command = correct();
    command.saw.findings.clear();
    command.correction.findings.clear();
    taken(town.decide(&who("marta"), command));
}

#[test]
fn what_is_not_acceptable_is_refused_by_name() {
    let with = |key: &str, finding: Finding| {
        let mut command = correct();
        command.correction.findings = [(key.to_owned(), finding)].into();
        command
    };
    let mut long = correct();
    long.correction.summary = "ñ".repeat(4001);
    let not_a_number = Finding {
        measurement: Some(f64::NAN),
        ..found(CheckAnswer::Pass, "")
    };
    let rows = [
        ("summary", long),
        ("item", with("roof", found(CheckAnswer::Pass, ""))),
        (
            "observation",
            with("exits", found(CheckAnswer::Pass, &"x".repeat(2001))),
        ),
        ("measurement", with("exits", not_a_number)),
    ];
    for (field, command) in rows {
        let denial = denied(town().decide(&who("marta"), command));
        assert_eq!(denial.code, Code::InvalidInput, "{field}");
        assert!(denial.sentence.starts_with(field), "{denial}");
    }
    for (because, accepted) in reasons() {
        let command = CorrectResult { because, ..correct() };
        assert_eq!(town().decide(&who("marta"), command).is_ok(), accepted);
    }
}

#[test]
fn x_04_a_copy_without_the_checklist_asks_the_office() {
    let mut town = town();
    town.not_held.insert(id("final"));
    assert!(taken(town.decide(&who("marta"), correct())).asks_office);
}
