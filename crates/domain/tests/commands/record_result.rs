//! The result completes the inspection, when it agrees with the checklist.

use crate::town::{OVER, Town, at, complete, id, taken, who};
use domain::inspections::{CheckAnswer, Finding, Overall, RecordResult, Status};
use policy::Code;

const ALL: [Overall; 3] = [Overall::Passed, Overall::PassedWithConditions, Overall::Failed];

fn result(overall: Overall) -> RecordResult {
    RecordResult {
        appointment: id("v1"),
        overall,
        summary: "As built.".to_owned(),
    }
}

/// Lines of the checklist by their keys.
type Answers<'a> = &'a [(&'a str, CheckAnswer)];

/// A visit in progress with these lines answered.
fn town(answers: Answers<'_>) -> Town {
    Town::new().with(|visit| {
        visit.status = Status::InProgress;
        for (key, answer) in answers {
            let finding = Finding {
                answer: Some(*answer),
                ..Finding::default()
            };
            visit.findings.insert((*key).to_owned(), finding);
        }
    })
}

fn all_pass() -> Town {
    town(&[
        ("exits", CheckAnswer::Pass),
        ("handrail", CheckAnswer::NotApplicable),
    ])
}

#[test]
fn c_ins_05_and_c_cit_05_a_result_completes_the_visit() {
    for overall in ALL {
        let mut town = all_pass();
        assert!(!town.take(&who("ana"), result(overall)).asks_office);
        let visit = town.get_visit("v1");
        assert_eq!(
            (visit.status, visit.completed_at),
            (Status::Completed, Some(town.now))
        );
        let outcome = visit.result.as_ref().unwrap();
        assert_eq!(
            (outcome.overall, outcome.summary.as_str()),
            (overall, "As built.")
        );
        assert_eq!((outcome.by.as_str(), outcome.at), ("Ana", Some(town.now)));
        assert_eq!(visit.history[0].detail, overall.words());
        let denial = town.denied(&who("ana"), result(overall));
        assert_eq!(
            (denial.code, denial.fact.as_deref()),
            (Code::AlreadyCompleted, Some("Completed 2026-11-23 10:00."))
        );
    }
}

#[test]
fn a_required_line_without_an_answer_is_named() {
    let (yes, cm) = (CheckAnswer::Pass, CheckAnswer::NotApplicable);
    let rows: [(Answers<'_>, Option<&str>); 4] = [
        (&[], Some("Not answered: Exits are clear")),
        (&[("handrail", cm)], Some("Not answered: Exits are clear")),
        (&[("exits", yes)], Some("Not answered: Height of the handrail")),
        // The house number's sign is not required.
        (&[("exits", yes), ("handrail", cm)], None),
    ];
    for (answers, expected) in rows {
        for overall in ALL {
            match (town(answers).decide(&who("ana"), result(overall)), expected) {
                (Ok(_), None) => {}
                (answer, Some(fact)) => {
                    let denial = crate::town::denied(answer);
                    assert_eq!(
                        (denial.code, denial.fact.as_deref()),
                        (Code::WrongState, Some(fact))
                    );
                }
                (Err(refusal), None) => panic!("{answers:?}: {refusal:?}"),
            }
        }
    }
}

#[test]
fn a_measurement_or_a_remark_alone_is_no_answer() {
    let mut town = all_pass();
    town.visit("v1", |visit| {
        visit.status = Status::InProgress;
        for key in ["exits", "handrail"] {
            let finding = Finding {
                answer: None,
                measurement: Some(90.0),
                observation: "seen".to_owned(),
            };
            visit.findings.insert(key.to_owned(), finding);
        }
    });
    assert_eq!(town.code(&who("ana"), result(Overall::Failed)), Code::WrongState);
}

#[test]
fn a_plain_pass_has_no_failed_line() {
    let rows = [
        ("exits", "Failed: Exits are clear"),
        ("sign", "Failed: House number is legible"),
    ];
    for (key, fact) in rows {
        let mut answers = vec![("exits", CheckAnswer::Pass), ("handrail", CheckAnswer::Pass)];
        answers.retain(|(answered, _)| *answered != key);
        answers.push((key, CheckAnswer::Fail));
        let denial = town(&answers).denied(&who("ana"), result(Overall::Passed));
        assert_eq!(
            (denial.code, denial.fact.as_deref()),
            (Code::WrongState, Some(fact))
        );
        for overall in [Overall::PassedWithConditions, Overall::Failed] {
            taken(town(&answers).decide(&who("ana"), result(overall)));
        }
    }
}

#[test]
fn a_result_waits_until_the_inspection_has_begun() {
    for status in [Status::Scheduled, Status::Confirmed, Status::RequireReassignment] {
        let town = Town::new().with(|visit| visit.status = status);
        assert_eq!(
            town.code(&who("ana"), result(Overall::Failed)),
            Code::WrongState,
            "{status:?}"
        );
    }
}

#[test]
fn c_ins_20_a_visit_that_is_over_takes_no_result() {
    let denial = Town::new()
        .with(complete)
        .denied(&who("ana"), result(Overall::Failed));
    assert_eq!(
        (denial.code, denial.fact.as_deref()),
        (Code::AlreadyCompleted, Some("Completed 2026-11-22 10:42."))
    );
    for status in OVER {
        let town = Town::new().with(|visit| visit.status = status);
        assert!(
            town.decide(&who("ana"), result(Overall::Failed)).is_err(),
            "{status:?}"
        );
    }
}

#[test]
fn c_ins_20_only_who_it_is_assigned_to_records_it() {
    let rows = [
        ("bruno", Code::NotFound),
        ("felix", Code::NotFound),
        ("rosa", Code::NotGranted),
    ];
    for (name, expected) in rows {
        assert_eq!(
            all_pass().code(&who(name), result(Overall::Failed)),
            expected,
            "{name}"
        );
    }
    taken(all_pass().decide(&who("marta"), result(Overall::Failed)));
}

/// C-INS-09 is for assignments: with the last open visit the permit goes too.
#[test]
fn c_ins_09_with_the_last_open_visit_the_permit_goes() {
    for (before, after) in [(2, Some(1)), (1, None)] {
        let mut town = all_pass();
        town.permit("p1", |permit| {
            permit.people = [(id("ana"), before), (id("bruno"), 1)].into()
        });
        assert!(town.sees(&who("ana"), "p1"));
        town.take(&who("ana"), result(Overall::Passed));
        assert_eq!(town.get_permit("p1").people.get(&id("ana")).copied(), after);
        assert_eq!(town.get_permit("p1").people[&id("bruno")], 1);
        assert_eq!(town.sees(&who("ana"), "p1"), after.is_some());
        assert!(town.sees(&who("ana"), "v1"), "the visit stays hers");
    }
}

#[test]
fn a_teams_link_goes_too() {
    let mut town = all_pass();
    town.visit("v1", |visit| {
        (visit.status, visit.team, visit.assignee) = (Status::InProgress, Some(id("north")), None);
        for key in ["exits", "handrail"] {
            visit.findings.insert(
                key.to_owned(),
                Finding {
                    answer: Some(CheckAnswer::Pass),
                    ..Finding::default()
                },
            );
        }
    });
    town.permit("p1", |permit| permit.teams = [(id("north"), 1)].into());
    town.take(&who("nico"), result(Overall::Passed));
    assert_eq!(town.get_permit("p1").teams.len(), 0);
}

#[test]
fn a_copy_without_the_permit_or_the_checklist_leaves_them_to_the_office() {
    let mut town = all_pass();
    town.not_held.insert(id("p1"));
    let effect = taken(town.decide(&who("ana"), result(Overall::Passed)));
    assert_eq!((effect.puts.len(), effect.asks_office), (1, false));
    town.not_held.insert(id("final"));
    assert!(taken(town.decide(&who("ana"), result(Overall::Passed))).asks_office);
}

#[test]
fn a_summary_has_its_limit() {
    for (length, expected) in [(0, true), (4000, true), (4001, false)] {
        let command = RecordResult {
            summary: "ñ".repeat(length),
            ..result(Overall::Passed)
        };
        assert_eq!(
            all_pass().decide(&who("ana"), command).is_ok(),
            expected,
            "{length}"
        );
    }
}

#[test]
fn x_11_the_claimed_time_of_completion_is_kept() {
    let claimed = at("2026-11-23 09:40");
    let town = all_pass();
    let effect = taken(town.decide_claimed(&who("ana"), claimed, result(Overall::Passed)));
    let domain::Body::Appointment(visit) = &effect.puts[0].body else {
        panic!("no visit")
    };
    assert_eq!(
        (visit.history[0].at, visit.history[0].claimed_at),
        (town.now, claimed)
    );
    assert_eq!(visit.completed_at, Some(claimed));
}
