//! C-MGR-16: which visits of a day nobody covers.

use crate::town::{OVER, STATUSES, Town, day, id};
use domain::Record;
use domain::gaps;
use domain::people::AbsenceReason;
use policy::{Kind, PersonId};
use std::collections::BTreeMap;

const ON: &str = "2026-11-24";

/// The gaps of the 24th as visit and the name of who is away.
fn found(town: &Town) -> Vec<(String, Option<String>)> {
    let of = |kind: Kind| town.records.values().filter(move |record| record.kind() == kind);
    let visits: Vec<Record> = of(Kind::Appointment).cloned().collect();
    let people: BTreeMap<PersonId, Record> = of(Kind::Person)
        .map(|record| (record.id.clone().into(), record.clone()))
        .collect();
    gaps(day(ON), &visits, &people)
        .into_iter()
        .map(|gap| {
            assert!(
                gap.away
                    .as_ref()
                    .is_none_or(|away| away.reason == AbsenceReason::Illness)
            );
            (gap.appointment.to_string(), gap.away.map(|away| away.name))
        })
        .collect()
}

fn nobodys(visit: &mut domain::inspections::Appointment) {
    (visit.assignee, visit.assignee_name) = (None, String::new());
}

#[test]
fn c_mgr_16_what_nobody_has_is_a_gap_and_what_somebody_has_is_none() {
    let mut town = Town::new();
    assert!(found(&town).is_empty());
    town.visit("v2", nobodys);
    assert_eq!(found(&town), [("v2".to_owned(), None)]);
}

#[test]
fn c_mgr_16_what_somebody_has_who_is_away_that_day_is_a_gap() {
    for (from, until, expected) in [
        ("2026-11-20", "2026-11-23", false),
        ("2026-11-24", "2026-11-24", true),
        ("2026-11-20", "2026-11-30", true),
        ("2026-11-25", "2026-11-30", false),
    ] {
        let mut town = Town::new();
        town.absent("ana", from, until);
        assert_eq!(!found(&town).is_empty(), expected, "{from} to {until}");
    }
}

#[test]
fn what_is_over_is_no_gap() {
    for status in STATUSES {
        let town = Town::new().with(|visit| {
            nobodys(visit);
            visit.status = status;
        });
        assert_eq!(found(&town).is_empty(), OVER.contains(&status), "{status:?}");
    }
}

#[test]
fn other_days_and_strangers_are_left_alone() {
    let mut town = Town::new();
    town.visit("v1", |visit| {
        nobodys(visit);
        visit.day = Some(day("2026-11-25"));
    });
    town.visit("v2", |visit| visit.assignee = Some(id("somebody-else")));
    assert!(
        found(&town).is_empty(),
        "whether a stranger is there is not known here"
    );
}

#[test]
fn nobodys_come_first_and_then_inspector_by_inspector() {
    let mut town = Town::new();
    town.absent("ana", ON, ON);
    town.absent("bruno", ON, ON);
    town.visit("v0", |visit| visit.assignee = Some(id("bruno")));
    town.visit("v2", |visit| visit.assignee = Some(id("bruno")));
    town.visit("v3", nobodys);
    let order: Vec<String> = found(&town).into_iter().map(|(visit, _)| visit).collect();
    assert_eq!(order, ["v3", "v1", "v0", "v2"]);
}
