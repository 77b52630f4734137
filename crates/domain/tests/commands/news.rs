//! What of a visit is news to whom.

use crate::town::{STATUSES, Town, at, day, id, locked, who};
use domain::inspections::{
    AddNote, Appointment, CancelAppointment, News, Note, Outcome, Overall, Priority, Reassign, RequestReason,
    RequestReassignment, Status, news,
};
use std::collections::BTreeSet;

fn set(news: &[News]) -> BTreeSet<News> {
    news.iter().copied().collect()
}

/// What is news to Ana about `v1` after a change behind its history's back.
fn since(change: impl FnOnce(&mut Appointment)) -> BTreeSet<News> {
    let before = Town::new().get_visit("v1").clone();
    let mut after = before.clone();
    change(&mut after);
    news(Some(&before), &after, "Ana")
}

#[test]
fn each_thing_that_changes_is_named() {
    let outcome = Outcome {
        overall: Overall::Passed,
        summary: String::new(),
        by: "Bruno".to_owned(),
        at: Some(1),
    };
    assert_eq!(since(|_| {}), set(&[]));
    assert_eq!(since(|visit| visit.from_minute = Some(600)), set(&[News::Time]));
    assert_eq!(
        since(|visit| visit.day = Some(day("2026-11-30"))),
        set(&[News::Time])
    );
    assert_eq!(
        since(|visit| visit.assignee = Some(id("bruno"))),
        set(&[News::Inspector])
    );
    assert_eq!(
        since(|visit| visit.priority = Priority::Urgent),
        set(&[News::Priority])
    );
    assert_eq!(since(locked), set(&[News::Lock]));
    assert_eq!(
        since(|visit| visit.special_notes = "Dog.".to_owned()),
        set(&[News::Instructions])
    );
    assert_eq!(
        since(|visit| visit.contact_phone = "1".to_owned()),
        set(&[News::Contact])
    );
    assert_eq!(since(|visit| visit.result = Some(outcome)), set(&[News::Result]));
    let note = Note {
        id: id("n1"),
        by: "Marta".to_owned(),
        at: 1,
        text: "Ring twice.".to_owned(),
    };
    assert_eq!(since(|visit| visit.notes.push(note)), set(&[News::Note]));
}

#[test]
fn of_the_statuses_those_are_told_that_nothing_else_tells() {
    for status in STATUSES {
        let expected = match status {
            Status::Cancelled => set(&[News::Cancelled]),
            Status::Scheduled | Status::InProgress | Status::Completed | Status::RequireReassignment => {
                set(&[])
            }
            _ => set(&[News::Status]),
        };
        assert_eq!(since(|visit| visit.status = status), expected, "{status:?}");
    }
}

#[test]
fn what_was_not_there_before_is_new() {
    let visit = Town::new().get_visit("v1").clone();
    assert_eq!(news(None, &visit, "Ana"), set(&[News::New]));
}

#[test]
fn what_the_reader_did_is_no_news_to_them_and_what_somebody_else_did_is() {
    let mut town = Town::new();
    let before = town.get_visit("v1").clone();
    let cancel = CancelAppointment {
        appointment: id("v1"),
        because: "Rain.".to_owned(),
    };
    town.take(&who("marta"), cancel);
    let after = town.get_visit("v1");
    assert_eq!(news(Some(&before), after, "Marta"), set(&[]));
    assert_eq!(news(Some(&before), after, "Ana"), set(&[News::Cancelled]));
}

#[test]
fn what_two_people_did_is_news_to_both() {
    let mut town = Town::new();
    let before = town.get_visit("v1").clone();
    let request = RequestReassignment {
        appointment: id("v1"),
        reason: RequestReason::Illness,
        text: String::new(),
    };
    town.take(&who("ana"), request);
    let note = AddNote {
        appointment: id("v1"),
        note: id("n1"),
        text: "I look for somebody.".to_owned(),
    };
    town.take(&who("marta"), note);
    let both = set(&[News::Request, News::Note]);
    for reader in ["Ana", "Marta"] {
        assert_eq!(
            news(Some(&before), town.get_visit("v1"), reader),
            both,
            "{reader}"
        );
    }
}

#[test]
fn what_is_given_to_somebody_is_new_to_them() {
    let mut town = Town::new();
    let give = Reassign {
        appointment: id("v1"),
        to: id("bruno"),
        saw: Some(id("ana")),
        overlap_accepted: false,
    };
    let before = town.get_visit("v1").clone();
    town.take(&who("marta"), give);
    let after = town.get_visit("v1");
    assert_eq!(news(None, after, "Bruno"), set(&[News::New]));
    assert_eq!(news(Some(&before), after, "Laura"), set(&[News::Inspector]));
    assert_eq!(news(None, after, "Marta"), set(&[]), "she gave it away herself");
}

/// The laptop writes down its own time until the office's comes back.
#[test]
fn a_time_of_writing_is_no_news() {
    let mut before = Town::new().get_visit("v1").clone();
    locked(&mut before);
    before.result = Some(Outcome {
        overall: Overall::Passed,
        summary: String::new(),
        by: "Bruno".to_owned(),
        at: Some(1),
    });
    let mut after = before.clone();
    if let (Some(lock), Some(result)) = (&mut after.lock, &mut after.result) {
        (lock.at, result.at) = (at("2026-11-23 09:31"), Some(2));
    }
    assert_eq!(news(Some(&before), &after, "Ana"), set(&[]));
}

#[test]
fn every_news_has_a_name_of_its_own() {
    for news in News::ALL {
        assert_eq!(News::named(news.name()), Some(news));
        assert_eq!(serde_json::to_value(news).unwrap(), news.name());
    }
    assert_eq!(News::named("gossip"), None);
}
