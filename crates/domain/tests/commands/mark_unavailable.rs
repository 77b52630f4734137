//! C-MGR-20: an inspector who is not there takes no visits.

use crate::town::{Town, at, day, denied, id, person, taken, who};
use domain::inspections::{BookAppointment, Priority, Reassign};
use domain::people::{
    ABSENCE_DAYS_MAX, ABSENCES_MAX, Absence, AbsenceReason, GrantRole, MarkAvailable, MarkUnavailable,
};
use domain::{Body, record};
use policy::views::Mask;
use policy::{Code, Kind};

/// Bruno, from the 24th to the 26th.
fn away() -> MarkUnavailable {
    MarkUnavailable {
        person: id("bruno"),
        absence: id("a9"),
        from_day: day("2026-11-24"),
        until_day: day("2026-11-26"),
        reason: AbsenceReason::Illness,
    }
}

fn back() -> MarkAvailable {
    MarkAvailable {
        person: id("bruno"),
        absence: id("a9"),
    }
}

fn give_to_bruno() -> Reassign {
    Reassign {
        appointment: id("v1"),
        to: id("bruno"),
        saw: Some(id("ana")),
        overlap_accepted: true,
    }
}

fn town() -> Town {
    let mut town = Town::new();
    assert!(!town.take(&who("marta"), away()).asks_office);
    town
}

#[test]
fn c_mgr_20_an_absence_says_who_when_why_and_by_whom() {
    let expected = Absence {
        id: id("a9"),
        from_day: day("2026-11-24"),
        until_day: day("2026-11-26"),
        reason: AbsenceReason::Illness,
        by: "Marta".to_owned(),
        at: at("2026-11-23 10:00"),
    };
    assert_eq!(town().get_person("bruno").absences, [expected]);
}

#[test]
fn c_mgr_20_unavailable_then_reassign_is_refused_naming_the_days_and_the_category() {
    let denial = town().denied(&who("marta"), give_to_bruno());
    assert_eq!(
        (denial.code, denial.rule.as_str()),
        (Code::NotEligible, "C-MGR-20")
    );
    assert_eq!(
        denial.fact.as_deref(),
        Some("Bruno is unavailable from 2026-11-24 to 2026-11-26 (illness).")
    );
    assert_eq!(denial.who.as_deref(), Some("a manager of Building inspections"));
}

#[test]
fn c_mgr_20_the_first_and_the_last_day_are_among_them() {
    for (on, expected) in [
        ("2026-11-23", true),
        ("2026-11-24", false),
        ("2026-11-26", false),
        ("2026-11-27", true),
    ] {
        let town = town().with(|visit| visit.day = Some(day(on)));
        assert_eq!(
            town.decide(&who("marta"), give_to_bruno()).is_ok(),
            expected,
            "{on}"
        );
        let book = BookAppointment {
            appointment: id("v9"),
            permit: id("p1"),
            inspection_type: id("final"),
            day: day(on),
            from_minute: 15 * 60,
            assignee: Some(id("bruno")),
            priority: Priority::Normal,
            special_notes: String::new(),
        };
        assert_eq!(town.decide(&who("marta"), book).is_ok(), expected, "booked {on}");
    }
}

#[test]
fn c_mgr_20_back_again_an_inspector_takes_visits() {
    let mut town = town();
    town.take(&who("laura"), back());
    assert!(town.get_person("bruno").absences.is_empty());
    taken(town.decide(&who("marta"), give_to_bruno()));
    assert_eq!(town.code(&who("marta"), back()), Code::WrongState);
}

/// What they have stays theirs until somebody gives it away.
#[test]
fn c_mgr_03_the_visits_of_an_absent_inspector_are_given_away_and_not_lost() {
    let mut town = Town::new();
    town.take(
        &who("marta"),
        MarkUnavailable {
            person: id("ana"),
            ..away()
        },
    );
    assert_eq!(town.get_visit("v1").assignee, Some(id("ana")));
    town.take(&who("marta"), give_to_bruno());
}

#[test]
fn c_mgr_13_who_may_say_that_somebody_is_away() {
    let rows = [
        ("marta", "bruno", None),
        ("laura", "bruno", None),
        ("felix", "ivo", None),
        ("felix", "bruno", Some(Code::NotFound)),
        ("ana", "bruno", Some(Code::NotFound)),
        ("rosa", "bruno", Some(Code::NotFound)),
        // Whoever sees the profile because it is their own learns the reason.
        ("bruno", "bruno", Some(Code::NotGranted)),
        ("marta", "marta", Some(Code::OutOfScope)),
        ("laura", "carlos", Some(Code::OutOfScope)),
    ];
    for (name, whom, expected) in rows {
        let command = MarkUnavailable {
            person: id(whom),
            ..away()
        };
        let answer = Town::new().decide(&who(name), command);
        match expected {
            None => drop(taken(answer)),
            Some(code) => assert_eq!(denied(answer).code, code, "{name} of {whom}"),
        }
        let mut town = Town::new();
        town.absent(whom, "2026-11-24", "2026-11-25");
        let lift = MarkAvailable {
            person: id(whom),
            absence: id("absence"),
        };
        let answer = town.decide(&who(name), lift);
        match expected {
            None => drop(taken(answer)),
            Some(code) => assert_eq!(denied(answer).code, code, "{name} lifts that of {whom}"),
        }
    }
}

/// Somebody who inspects in two calendars is away from both, whichever manager says so.
#[test]
fn c_mgr_20_an_absence_holds_in_every_calendar() {
    let mut town = Town::new();
    town.take(
        &who("laura"),
        GrantRole {
            grant: id("g-bruno"),
            person: id("bruno"),
            role: policy::RoleName("inspections.inspector".to_owned()),
            scope: crate::town::scope("organization"),
            from: None,
            until: None,
            because: "Both calendars.".to_owned(),
        },
    );
    town.take(&who("felix"), away());
    assert_eq!(town.code(&who("marta"), give_to_bruno()), Code::NotEligible);
}

#[test]
fn c_ins_10_absences_are_for_the_person_and_for_those_who_assign_work() {
    let town = town();
    let Body::Person(profile) = &town.records[&id("bruno")].body else {
        panic!("no profile")
    };
    let body = serde_json::to_string(profile).unwrap();
    for mask in [Mask::Own, Mask::Roster, Mask::Full] {
        let cut = record::cut(Kind::Person, mask, &body).unwrap();
        let cut: serde_json::Value = serde_json::from_str(&cut).unwrap();
        assert_eq!(cut["absences"][0]["reason"], "illness", "{mask:?}");
    }
    for name in ["ana", "rosa", "ivo", "felix"] {
        assert!(!town.sees(&who(name), "bruno"), "{name}");
    }
}

/// A category is all that can be said: there is no field in which somebody could write what a colleague is ill with.
#[test]
fn c_mgr_20_no_medical_detail_can_be_written() {
    for field in ["because", "text", "note", "detail"] {
        let mut input = serde_json::to_value(away()).unwrap();
        input[field] = "Chickenpox.".into();
        assert!(
            serde_json::from_value::<MarkUnavailable>(input).is_err(),
            "{field}"
        );
    }
    let mut input = serde_json::to_value(away()).unwrap();
    input["reason"] = "chickenpox".into();
    assert!(serde_json::from_value::<MarkUnavailable>(input).is_err());
}

#[test]
fn a_span_is_not_past_not_backwards_and_not_too_long() {
    assert_eq!(ABSENCE_DAYS_MAX, 366);
    let rows = [
        ("2026-11-23", "2026-11-23", true),
        ("2026-11-22", "2026-11-24", false),
        ("2026-11-24", "2026-11-23", false),
        ("2026-11-24", "2027-11-24", true),
        ("2026-11-24", "2027-11-25", false),
    ];
    for (from, until, expected) in rows {
        let command = MarkUnavailable {
            from_day: day(from),
            until_day: day(until),
            ..away()
        };
        let answer = Town::new().decide(&who("marta"), command);
        assert_eq!(answer.is_ok(), expected, "{from} to {until}");
    }
}

#[test]
fn an_id_that_is_taken_is_refused() {
    assert_eq!(town().code(&who("marta"), away()), Code::AlreadyExists);
}

#[test]
fn a_profile_keeps_fifty_absences_and_none_that_is_over() {
    let absence = |number: usize, until: &str| Absence {
        id: id(&format!("n{number}")),
        from_day: day("2026-11-01"),
        until_day: day(until),
        reason: AbsenceReason::Leave,
        by: "Marta".to_owned(),
        at: 0,
    };
    for (until, expected) in [("2026-11-23", false), ("2026-11-22", true)] {
        let mut town = Town::new();
        let mut profile = town.get_person("bruno").clone();
        profile.absences = (0..ABSENCES_MAX).map(|number| absence(number, until)).collect();
        town.add("bruno", profile);
        let answer = town.decide(&who("marta"), away());
        assert_eq!(answer.is_ok(), expected, "until {until}");
        if expected {
            town.take(&who("marta"), away());
            assert_eq!(
                town.get_person("bruno").absences.len(),
                1,
                "those that are over go"
            );
        }
    }
}

#[test]
fn a_role_given_or_taken_does_not_forget_an_absence() {
    let mut town = town();
    let laura = person("laura", &["administrator @ organization"]);
    let grant = crate::grant_role::give("bruno", "inspector", "calendar/fire");
    town.take(&laura, grant);
    assert_eq!(town.get_person("bruno").absences.len(), 1);
}
