//! What holds for every town.

mod ground;

use std::collections::{BTreeMap, BTreeSet};

use ground::ground;
use town::{InspectionType, Permit, Plan, Priority, Verdict, Visit, VisitStatus};

const FIRST_DAY: &str = "2026-11-10";

fn town(seed: u64, scale: u32) -> Plan {
    match town::plan(ground(), seed, scale, FIRST_DAY) {
        Ok(plan) => plan,
        Err(error) => panic!("no town of seed {seed} and scale {scale}: {error:#}"),
    }
}

fn bytes(plan: &Plan) -> Vec<u8> {
    serde_json::to_vec(plan).unwrap_or_default()
}

fn rounds(plan: &Plan) -> BTreeMap<(&str, &str), Vec<&Visit>> {
    let mut rounds: BTreeMap<_, Vec<&Visit>> = BTreeMap::new();
    for visit in &plan.visits {
        rounds
            .entry((visit.inspector.as_str(), visit.day.as_str()))
            .or_default()
            .push(visit);
    }
    rounds
}

#[test]
fn the_same_arguments_give_the_same_bytes_and_another_seed_another_town() {
    assert_eq!(bytes(&town(1, 1)), bytes(&town(1, 1)));
    assert_eq!(bytes(&town(1, 2)), bytes(&town(1, 2)));
    assert_ne!(bytes(&town(1, 1)), bytes(&town(2, 1)));
}

#[test]
fn no_inspector_is_in_two_places_at_once() {
    for seed in 0..20 {
        for ((inspector, day), round) in rounds(&town(seed, 1)) {
            let place = format!("seed {seed}, {inspector} on {day}");
            assert!((5..=8).contains(&round.len()), "{place}: {} visits", round.len());
            assert!(
                round
                    .iter()
                    .all(|visit| visit.from_minute >= 510 && visit.to_minute <= 990),
                "{place}"
            );
            assert!(
                round
                    .windows(2)
                    .all(|pair| pair[0].to_minute < pair[1].from_minute),
                "{place}"
            );
            assert!(
                round
                    .iter()
                    .zip(1..)
                    .all(|(visit, position)| visit.position == position),
                "{place}"
            );
            let permits: BTreeSet<&str> = round.iter().map(|visit| visit.permit.as_str()).collect();
            assert_eq!(permits.len(), round.len(), "{place}");
        }
    }
}

#[test]
fn everything_that_is_named_exists() {
    let plan = town(1, 1);
    let ids = |ids: Vec<&String>| {
        let set: BTreeSet<String> = ids.iter().map(|id| (*id).clone()).collect();
        assert_eq!(set.len(), ids.len(), "ids are unique");
        set
    };
    let departments = ids(plan.departments.iter().map(|department| &department.id).collect());
    let calendars = ids(plan.calendars.iter().map(|calendar| &calendar.id).collect());
    let types = ids(plan.inspection_types.iter().map(|kind| &kind.id).collect());
    let people = ids(plan.people.iter().map(|person| &person.id).collect());
    let permits = ids(plan.permits.iter().map(|permit| &permit.id).collect());
    ids(plan.people.iter().map(|person| &person.username).collect());
    ids(plan.permits.iter().map(|permit| &permit.number).collect());
    ids(plan.visits.iter().map(|visit| &visit.id).collect());

    assert!(
        plan.calendars
            .iter()
            .all(|calendar| departments.contains(&calendar.department))
    );
    assert!(
        plan.inspection_types
            .iter()
            .all(|kind| calendars.contains(&kind.calendar))
    );
    for grant in &plan.grants {
        assert!(people.contains(&grant.person), "{grant:?}");
        let known = match grant.scope_kind.as_str() {
            "calendar" => calendars.contains(&grant.scope_id),
            "department" => departments.contains(&grant.scope_id),
            _ => grant.scope_id == plan.organization.id,
        };
        assert!(known, "{grant:?}");
    }
    for permit in &plan.permits {
        assert!(
            people.contains(&permit.applicant) && calendars.contains(&permit.calendar),
            "{permit:?}"
        );
        assert!(
            departments.contains(&permit.department)
                && permit.inspection_types.iter().all(|id| types.contains(id)),
            "{permit:?}"
        );
    }
    for visit in &plan.visits {
        assert!(
            permits.contains(&visit.permit) && people.contains(&visit.inspector),
            "{visit:?}"
        );
    }
}

#[test]
fn visits_are_booked_as_the_rules_would_allow() {
    let plan = town(1, 1);
    let permits: BTreeMap<&str, &Permit> = plan
        .permits
        .iter()
        .map(|permit| (permit.id.as_str(), permit))
        .collect();
    let types: BTreeMap<&str, &InspectionType> = plan
        .inspection_types
        .iter()
        .map(|kind| (kind.id.as_str(), kind))
        .collect();
    for visit in &plan.visits {
        let permit = permits[visit.permit.as_str()];
        let kind = types[visit.inspection_type.as_str()];
        assert!(
            permit.is_bookable() && permit.inspection_types.contains(&visit.inspection_type),
            "{visit:?}"
        );
        assert!(
            kind.calendar == visit.calendar && permit.calendar == visit.calendar,
            "{visit:?}"
        );
        assert_eq!(
            visit.to_minute - visit.from_minute,
            kind.duration_minutes,
            "{visit:?}"
        );
        let certified = plan.grants.iter().any(|grant| {
            grant.person == visit.inspector
                && grant.role == "inspections.inspector"
                && grant.scope_id == visit.calendar
        });
        assert!(certified, "{visit:?}");
    }
}

#[test]
fn past_visits_have_results_and_coming_ones_have_none() {
    let plan = town(1, 1);
    for visit in &plan.visits {
        let past = visit.day.as_str() < FIRST_DAY;
        let standing = match visit.status {
            VisitStatus::Completed => past && visit.outcome.is_some(),
            VisitStatus::NoShow => past && visit.outcome.is_none(),
            VisitStatus::Scheduled | VisitStatus::Confirmed => !past && visit.outcome.is_none(),
        };
        assert!(standing, "{visit:?}");
        if let Some(outcome) = &visit.outcome {
            let failed = outcome
                .answers
                .iter()
                .any(|answer| answer.verdict == Verdict::Fail);
            assert_eq!(outcome.passed, !failed, "{visit:?}");
        }
    }
    let outcomes: Vec<_> = plan
        .visits
        .iter()
        .filter_map(|visit| visit.outcome.as_ref())
        .collect();
    let failed = outcomes.iter().filter(|outcome| !outcome.passed).count();
    assert!(
        failed * 10 > outcomes.len() && failed * 3 < outcomes.len(),
        "{failed} of {} failed",
        outcomes.len()
    );
    assert!(
        plan.visits
            .iter()
            .any(|visit| visit.priority == Priority::Emergency)
    );
}

#[test]
fn the_people_of_the_guided_tour_are_in_every_town() {
    for seed in 0..20 {
        let plan = town(seed, 1);
        for username in ["ana", "bruno", "marta", "admin", "nadia"] {
            assert!(
                plan.people.iter().any(|person| person.username == username),
                "seed {seed}: {username}"
            );
        }
        assert_eq!(
            rounds(&plan)[&("person-ana-ruiz", FIRST_DAY)].len(),
            7,
            "seed {seed}"
        );
        assert!(
            plan.grants
                .iter()
                .all(|grant| grant.person != "person-nadia-franco"),
            "seed {seed}"
        );
    }
}

#[test]
fn a_larger_town_has_more_of_everything_but_no_busier_inspectors() {
    let (small, large) = (town(1, 1), town(1, 10));
    assert_eq!(large.permits.len(), 10 * small.permits.len());
    assert!(large.visits.len() > 9 * small.visits.len() && large.visits.len() < 11 * small.visits.len());
    assert!(
        rounds(&large)
            .values()
            .all(|round| (5..=8).contains(&round.len()))
    );
}

#[test]
fn a_checklist_is_long_enough_to_be_of_use() {
    for kind in town(1, 1).inspection_types {
        assert!((6..=10).contains(&kind.checklist.len()), "{}", kind.name);
        let keys: BTreeSet<&str> = kind.checklist.iter().map(|item| item.key.as_str()).collect();
        assert_eq!(keys.len(), kind.checklist.len(), "{}", kind.name);
    }
}

#[test]
fn what_cannot_be_planned_is_refused() {
    assert!(town::plan(ground(), 1, 0, FIRST_DAY).is_err());
    assert!(town::plan(ground(), 1, 1, "10 November").is_err());
}
