//! work whose author cannot put it right is adopted or discarded by whoever supervises where it belongs.

use crate::town::{Town, denied, id, title, who};
use domain::inspections::{
    AddNote, AddPhoto, CheckAnswer, Finding, Overall, RecordChecklistItem, RecordResult, Status,
};
use domain::people::GrantBody;
use domain::returned::{AdoptReturnedWork, Decision, DiscardReturnedWork, ReturnedWork, Way, has_served};
use domain::{Body, Command, Contest, Refusal};
use policy::{Code, Denial, Places, RoleName, Scope};
use serde_json::json;

fn adopt(because: &str) -> AdoptReturnedWork {
    AdoptReturnedWork {
        work: id("w1"),
        because: because.to_owned(),
        over: None,
        instead: None,
    }
}

fn discard() -> DiscardReturnedWork {
    DiscardReturnedWork {
        work: id("w1"),
        because: "Written down twice.".to_owned(),
    }
}

fn work(town: &Town) -> &ReturnedWork {
    match &town.records[&id("w1")].body {
        Body::ReturnedWork(work) => work,
        _ => panic!("w1 is no returned work"),
    }
}

#[test]
fn x_06_adopted_work_is_done_and_says_whose_it_was_and_who_answers_for_it() {
    let mut town = Town::new();
    town.take(&who("marta"), adopt("He called me about it."));
    let note = &town.get_visit("v1").notes[0];
    assert_eq!(
        (note.by.as_str(), note.text.as_str()),
        ("Bruno, adopted by Marta", "Key at number 12.")
    );
    let decision = Decision {
        is_adopted: true,
        instead: None,
        by: "Marta".to_owned(),
        at: town.now,
        because: "He called me about it.".to_owned(),
    };
    assert_eq!(work(&town).decision, Some(decision));
    let keys = town.records[&id("w1")].index_keys();
    assert!(keys.iter().any(|(name, _)| *name == "decided"));
    assert!(
        keys.iter()
            .all(|(name, _)| *name != "open" && *name != "author_open")
    );
}

#[test]
fn x_06_discarded_work_changes_nothing_and_stays_on_record() {
    let mut town = Town::new();
    town.take(&who("marta"), discard());
    assert!(town.get_visit("v1").notes.is_empty());
    let kept = work(&town);
    let decision = kept.decision.as_ref().unwrap();
    assert_eq!(
        (decision.is_adopted, decision.because.as_str()),
        (false, "Written down twice.")
    );
    assert!(matches!(&kept.command, Command::AddNote(note) if note.text == "Key at number 12."));
}

#[test]
fn returned_work_is_decided_once_and_the_second_is_told_by_whom() {
    let mut town = Town::new();
    town.take(&who("marta"), discard());
    for command in [Command::from(adopt("Yes.")), discard().into()] {
        let denial = town.denied(&who("laura"), command);
        assert_eq!((denial.code, denial.rule.as_str()), (Code::WrongState, "X-06"));
        assert!(denial.fact.unwrap().starts_with("Marta discarded it "));
    }
}

#[test]
fn returned_work_is_decided_with_a_reason_by_those_who_supervise_there() {
    let town = Town::new();
    assert_eq!(town.code(&who("marta"), adopt("  ")), Code::InvalidInput);
    for name in ["felix", "carlos", "ivo"] {
        assert_eq!(town.code(&who(name), adopt("Yes.")), Code::NotFound, "{name}");
        assert_eq!(town.code(&who(name), discard()), Code::NotFound, "{name}");
    }
    // Its author, and a colleague: inspectors of the same calendar.
    for name in ["bruno", "ana"] {
        assert!(town.decide(&who(name), adopt("Yes.")).is_err(), "{name}");
    }
}

#[test]
fn x_06_what_is_adopted_obeys_every_rule_of_the_day_it_is_adopted() {
    let mut town = Town::new();
    let result = RecordResult {
        appointment: id("v1"),
        overall: Overall::Passed,
        summary: String::new(),
    };
    town.returned("w1", "bruno", result);
    // The checklist was never answered.
    let denial = town.denied(&who("marta"), adopt("He was there."));
    assert_ne!(denial.code, Code::NotFound);
    assert_eq!(town.get_visit("v1").status, Status::Scheduled);
    assert_eq!(work(&town).decision, None);
    let mut gone = Town::new();
    gone.records.remove(&id("v1")).unwrap();
    assert_eq!(gone.code(&who("marta"), adopt("Yes.")), Code::NotFound);
}

#[test]
fn returned_work_with_a_photo_keeps_it_wanted_until_somebody_decides() {
    let mut town = Town::new();
    let photo = AddPhoto {
        appointment: id("v1"),
        hash: "a".repeat(64),
        media_type: "image/png".to_owned(),
        bytes: 10,
        caption: String::new(),
    };
    town.returned("w1", "bruno", photo);
    let named = ("photo", "a".repeat(64));
    assert!(town.records[&id("w1")].index_keys().contains(&named));
    town.take(&who("marta"), discard());
    assert!(!town.records[&id("w1")].index_keys().contains(&named));
    assert_eq!(work(&town).photo(), None);
}

#[test]
fn what_its_author_can_put_right_is_no_supervisors_work() {
    let town = Town::new();
    let note: Command = AddNote {
        appointment: id("v1"),
        note: id("n1"),
        text: "Later.".to_owned(),
    }
    .into();
    let goes = |command: &Command, refusal: &Refusal, way| {
        let author = (&id("bruno"), "Bruno");
        let target = &town.records[&id("v1")];
        ReturnedWork::of(author, (command, 0), target, (refusal, way), 1).is_some()
    };
    let refused = |code| Refusal::from(Denial::new(code, "X-06", "No."));
    let contested = Refusal::Contested(Contest {
        field: "day".to_owned(),
        mine: json!("2026-11-25"),
        theirs: json!("2026-11-26"),
        theirs_by: Some(title("marta")),
        theirs_at: Some(0),
    });
    for (code, with_supervisor) in [
        (Code::NotGranted, true),
        (Code::OutOfScope, true),
        (Code::NotAssigned, true),
        (Code::NotFound, true),
        (Code::CutoffPassed, true),
        (Code::InvalidInput, false),
        (Code::WrongState, false),
        (Code::SlotTaken, false),
        (Code::OfficeFault, false),
    ] {
        assert_eq!(
            goes(&note, &refused(code), Way::Pushed),
            with_supervisor,
            "{code:?}"
        );
        assert!(goes(&note, &refused(code), Way::Deposited), "{code:?}");
    }
    assert!(goes(&note, &contested, Way::Pushed));
    assert!(goes(&note, &contested, Way::Deposited));
    let exists = refused(Code::AlreadyExists);
    assert!(!goes(&note, &exists, Way::Pushed) && !goes(&note, &exists, Way::Deposited));
    // A decision about returned work leaves that work where it was.
    assert!(!goes(
        &discard().into(),
        &refused(Code::NotGranted),
        Way::Deposited
    ));
}

#[test]
fn nobody_fills_a_tray_of_a_calendar_they_never_served_in() {
    let mut places = Places::default();
    places.teams.insert(
        id("north"),
        policy::TeamPlace {
            name: "North".to_owned(),
            calendar: id("building"),
        },
    );
    for name in ["building", "fire"] {
        let place = policy::CalendarPlace {
            name: title(name),
            department: id(name),
            public: true,
            active: true,
        };
        places.calendars.insert(id(name), place);
    }
    let grant = |role: &str, scope: &str, withdrawn: Option<&str>| GrantBody {
        person: id("bruno"),
        role: RoleName(format!("inspections.{role}")),
        scope: Scope::parse(scope).unwrap(),
        from: None,
        until: None,
        granted_by: "Laura".to_owned(),
        because: "works there".to_owned(),
        withdrawn: withdrawn.map(str::to_owned),
        emergency: None,
    };
    let serves = |grants: &[GrantBody]| has_served(grants, &id("building"), &places);
    assert!(serves(&[grant("inspector", "calendar/building", Some("left"))]));
    assert!(serves(&[grant("inspector", "team/north", None)]));
    assert!(serves(&[grant("manager", "organization", None)]));
    assert!(!serves(&[grant("inspector", "calendar/fire", None)]));
    assert!(!serves(&[grant("citizen", "organization", None)]));
    assert!(!serves(&[]));
}

#[test]
fn work_its_author_could_send_after_all_leaves_the_tray() {
    let town = Town::new();
    for (is_taken, because) in [
        (true, "Sent by its author, who has signed in again."),
        (false, "Returned to its author, who has signed in again."),
    ] {
        let settled = work(&town).clone().settled_by_author(is_taken, "Bruno", 7);
        let decision = settled.decision.unwrap();
        assert_eq!(
            (decision.is_adopted, decision.because.as_str()),
            (is_taken, because)
        );
    }
    let mut settled = Town::new();
    let body = work(&settled).clone().settled_by_author(true, "Bruno", 7);
    settled.add("w1", body);
    assert_eq!(
        denied(settled.decide(&who("marta"), discard())).code,
        Code::WrongState
    );
}

/// Ana and Bruno have answered the same line, and the office had Bruno's first.
fn conflict() -> Town {
    let mut town = Town::new().with(|visit| visit.status = Status::InProgress);
    town.take(&who("marta"), line(measured(90.0)));
    let command = line(measured(88.0));
    let Err(refusal) = town.decide(&who("ana"), command.clone()) else {
        panic!("two values and no conflict");
    };
    town.refused("w1", "ana", (&command, &refusal));
    town
}

fn measured(measurement: f64) -> Finding {
    Finding {
        answer: Some(CheckAnswer::Pass),
        measurement: Some(measurement),
        ..Finding::default()
    }
}

fn line(finding: Finding) -> Command {
    RecordChecklistItem {
        appointment: id("v1"),
        item: "handrail".to_owned(),
        saw: Finding::default(),
        finding,
    }
    .into()
}

fn without_a_word() -> AdoptReturnedWork {
    adopt("")
}

#[test]
fn x_08_a_conflict_shows_both_values_to_its_author_and_to_those_who_supervise() {
    let town = conflict();
    let contest = work(&town).contest.as_ref().unwrap();
    assert_eq!(
        (&contest.mine["measurement"], &contest.theirs["measurement"]),
        (&json!(88.0), &json!(90.0))
    );
    assert_eq!(
        (contest.theirs_by.as_deref(), contest.theirs_at),
        (Some("Marta"), Some(town.now))
    );
    let views: Vec<String> = town.records[&id("w1")]
        .views()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        views.contains(&"assigned/ana/building#onsite".to_owned()),
        "{views:?}"
    );
    // Neither a colleague nor another department sees it.
    for name in ["bruno", "ivo", "felix", "rosa"] {
        assert_eq!(town.code(&who(name), without_a_word()), Code::NotFound, "{name}");
    }
}

#[test]
fn x_08_either_value_is_taken_without_a_word_and_the_decision_is_kept() {
    for (name, by) in [("ana", "Ana"), ("marta", "Ana, adopted by Marta")] {
        let mut town = conflict();
        town.take(&who(name), without_a_word());
        let visit = town.get_visit("v1");
        assert_eq!(visit.findings["handrail"], measured(88.0));
        assert_eq!(visit.answered["handrail"].by, by);
        let decision = work(&town).decision.clone().unwrap();
        assert_eq!((decision.is_adopted, decision.by), (true, title(name)));
        assert!(work(&town).contest.is_some(), "both values stay on record");

        let mut town = conflict();
        let theirs = DiscardReturnedWork {
            work: id("w1"),
            because: String::new(),
        };
        town.take(&who(name), theirs);
        assert_eq!(town.get_visit("v1").findings["handrail"], measured(90.0));
        assert!(!work(&town).decision.as_ref().unwrap().is_adopted);
    }
}

#[test]
fn x_08_where_neither_is_right_a_third_value_is_given_for_the_same_record() {
    let mut town = conflict();
    let edited = |command: Command| AdoptReturnedWork {
        instead: Some(Box::new(command)),
        ..without_a_word()
    };
    let note = AddNote {
        appointment: id("v1"),
        note: id("n9"),
        text: "Something else.".to_owned(),
    };
    let mut elsewhere = line(measured(89.0));
    if let Command::RecordChecklistItem(input) = &mut elsewhere {
        input.appointment = id("v2");
    }
    for other in [note.into(), elsewhere] {
        assert_eq!(town.code(&who("ana"), edited(other)), Code::InvalidInput);
    }
    town.take(&who("ana"), edited(line(measured(89.0))));
    let visit = town.get_visit("v1");
    assert_eq!(visit.findings["handrail"], measured(89.0));
    assert_eq!(visit.answered["handrail"].by, "Ana");
    let instead = work(&town).decision.clone().unwrap().instead;
    assert_eq!(instead, Some(line(measured(89.0))));
}

#[test]
fn x_08_a_third_value_since_is_seen_before_it_is_overwritten() {
    let mut town = conflict();
    let seen = RecordChecklistItem {
        appointment: id("v1"),
        item: "handrail".to_owned(),
        saw: measured(90.0),
        finding: measured(91.0),
    };
    town.take(&who("marta"), seen);
    let Err(Refusal::Contested(contest)) = town.decide(&who("ana"), without_a_word()) else {
        panic!("91 was never seen");
    };
    assert_eq!(contest.theirs["measurement"], json!(91.0));
    let over = AdoptReturnedWork {
        over: Some(contest),
        ..without_a_word()
    };
    town.take(&who("ana"), over);
    assert_eq!(town.get_visit("v1").findings["handrail"], measured(88.0));
}
