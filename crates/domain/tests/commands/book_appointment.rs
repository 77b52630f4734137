//! C-CIT-02, C-CIT-17: a booking is taken, or refused with the reason.

use crate::town::{Town, day, denied, id, instant, taken, who};
use domain::inspections::{BookAppointment, PermitStatus, Priority, Status};
use policy::{Code, Denial};
use std::collections::BTreeSet;

fn book() -> BookAppointment {
    BookAppointment {
        appointment: id("v9"),
        permit: id("p1"),
        inspection_type: id("final"),
        day: day("2026-11-25"),
        from_minute: 14 * 60,
        assignee: None,
        priority: Priority::Normal,
        special_notes: "Ring twice.".to_owned(),
    }
}

fn book_for(assignee: &str) -> BookAppointment {
    BookAppointment {
        assignee: Some(id(assignee)),
        ..book()
    }
}

fn book_at(on: &str, from: u16) -> BookAppointment {
    BookAppointment {
        day: day(on),
        from_minute: from,
        ..book()
    }
}

#[test]
fn c_cit_02_a_citizen_books_for_their_own_permit() {
    let mut town = Town::new();
    let effect = town.take(&who("rosa"), book());
    assert!(!effect.asks_office);
    let visit = town.get_visit("v9");
    assert_eq!(visit.status, Status::Scheduled);
    assert_eq!(
        (visit.applicant.clone(), visit.assignee.clone()),
        (Some(id("rosa")), None)
    );
    assert_eq!(
        (visit.permit.clone(), visit.calendar.clone()),
        (Some(id("p1")), Some(id("building")))
    );
    assert_eq!(
        (visit.day, visit.from_minute, visit.to_minute),
        (Some(day("2026-11-25")), Some(840), Some(900))
    );
    assert_eq!(
        (visit.permit_number.as_str(), visit.contact_name.as_str()),
        ("B-p1", "Rosa")
    );
    assert_eq!(
        (visit.inspection_type_name.as_str(), visit.special_notes.as_str()),
        ("Final inspection", "Ring twice.")
    );
    let event = &visit.history[0];
    assert_eq!(
        (event.what.as_str(), event.by.as_str(), event.at),
        ("book_appointment", "Rosa", town.now)
    );
    assert!(town.sees(&who("rosa"), "v9") && !town.sees(&who("carlos"), "v9"));
}

/// The reason a booking of Rosa's is refused after something about her permit has changed.
fn reason(change: impl FnOnce(&mut domain::inspections::Permit)) -> Denial {
    let mut town = Town::new();
    town.permit("p1", change);
    town.denied(&who("rosa"), book())
}

#[test]
fn c_cit_17_a_permits_status_and_payment_are_each_named() {
    let rows = [
        (
            reason(|permit| permit.status = PermitStatus::Applied),
            "not been issued",
        ),
        (
            reason(|permit| permit.status = PermitStatus::Suspended),
            "suspended",
        ),
        (reason(|permit| permit.status = PermitStatus::Closed), "closed"),
        (
            reason(|permit| permit.fee_paid = Some(false)),
            "fee has not been paid",
        ),
        (
            reason(|permit| permit.inspection_types.clear()),
            "not one that can be booked under this permit",
        ),
        (
            reason(|permit| permit.inspection_types = vec![id("framing")]),
            "not one that can be booked under this permit",
        ),
    ];
    for (denial, expected) in &rows {
        assert!(denial.sentence.contains(expected), "{denial}");
        assert_eq!(
            (denial.code, denial.rule.as_str()),
            (Code::PermitNotReady, "C-CIT-17")
        );
    }
    let sentences: BTreeSet<&str> = rows.iter().map(|(denial, _)| denial.sentence.as_str()).collect();
    assert_eq!(sentences.len(), 5, "a reason of its own for each: {sentences:?}");
}

#[test]
fn c_cit_17_an_inspection_nobody_offers_is_not_available() {
    let mut town = Town::new();
    town.permit("p1", |permit| permit.inspection_types.push(id("long-gone")));
    let denial = town.denied(
        &who("rosa"),
        BookAppointment {
            inspection_type: id("long-gone"),
            ..book()
        },
    );
    assert_eq!(
        (denial.code, denial.rule.as_str()),
        (Code::PermitNotReady, "C-CIT-17")
    );
}

#[test]
fn c_cit_17_a_permit_without_a_fee_is_ready() {
    let mut town = Town::new();
    town.permit("p1", |permit| permit.fee_paid = None);
    taken(town.decide(&who("rosa"), book()));
}

#[test]
fn c_cit_11_and_c_cit_17_nobody_books_for_anothers_permit() {
    let town = Town::new();
    let theirs = BookAppointment {
        permit: id("p2"),
        ..book()
    };
    let none = BookAppointment {
        permit: id("p7"),
        ..book()
    };
    assert_eq!(
        town.denied(&who("rosa"), theirs),
        town.denied(&who("rosa"), none),
        "no word that it exists"
    );
    // Who sees the permit for the sake of a visit learns the reason.
    let mut town = Town::new();
    town.permit("p1", |permit| permit.people = [(id("dora"), 1)].into());
    let denial = town.denied(&who("dora"), book());
    assert_eq!(
        (denial.code, denial.rule.as_str()),
        (Code::NotApplicant, "C-CIT-11")
    );
}

#[test]
fn c_cit_10_a_citizen_does_not_choose_the_inspector() {
    let denial = Town::new().denied(&who("rosa"), book_for("bruno"));
    assert_eq!((denial.code, denial.rule.as_str()), (Code::NotGranted, "C-MX-10"));
}

#[test]
fn an_inspector_who_sees_the_permit_does_not_book() {
    let denial = Town::new().denied(&who("ana"), book());
    assert_eq!((denial.code, denial.rule.as_str()), (Code::NotGranted, "C-MX-06"));
}

#[test]
fn c_mgr_13_a_manager_books_for_others_in_their_own_calendar_alone() {
    let mut town = Town::new();
    let effect = town.take(&who("marta"), book_for("bruno"));
    assert!(!effect.asks_office);
    assert_eq!(town.get_visit("v9").assignee_name, "Bruno");
    assert_eq!(town.get_visit("v9").applicant, Some(id("rosa")));
    assert_eq!(Town::new().code(&who("felix"), book()), Code::NotFound);
}

#[test]
fn c_ins_09_the_permit_follows_whoever_was_given_the_visit() {
    let mut town = Town::new();
    assert!(!town.sees(&who("bruno"), "p1"));
    town.take(&who("marta"), book_for("bruno"));
    assert_eq!(
        town.get_permit("p1").people,
        [(id("ana"), 1), (id("bruno"), 1)].into()
    );
    assert!(town.sees(&who("bruno"), "p1"));
}

#[test]
fn c_ins_09_a_permit_has_room_for_five_inspectors_with_open_visits() {
    let mut town = Town::new();
    let five = ["a1", "a2", "a3", "a4", "a5"].map(|name| (id(name), 1));
    town.permit("p1", |permit| permit.people = five.into());
    let denial = town.denied(&who("marta"), book_for("bruno"));
    assert_eq!(
        (denial.code, denial.rule.as_str()),
        (Code::NotEligible, "C-INS-09")
    );
    taken(town.decide(&who("marta"), book()));
}

/// Ana is taken from 9:00 to 10:00 on 24 November.
#[test]
fn c_mgr_up1_a_slot_is_given_once() {
    let rows = [
        ("ana", "2026-11-24", 9 * 60, false),
        ("ana", "2026-11-24", 8 * 60 + 1, false),
        ("ana", "2026-11-24", 9 * 60 + 59, false),
        ("ana", "2026-11-24", 8 * 60, true),
        ("ana", "2026-11-24", 10 * 60, true),
        ("ana", "2026-11-25", 9 * 60, true),
        ("bruno", "2026-11-24", 9 * 60, true),
    ];
    for (inspector, on, from, expected) in rows {
        let command = BookAppointment {
            assignee: Some(id(inspector)),
            ..book_at(on, from)
        };
        let answer = Town::new().decide(&who("marta"), command);
        assert_eq!(answer.is_ok(), expected, "{inspector} {on} {from}");
        if let Err(refusal) = answer {
            let denial = denied(Err(refusal));
            assert_eq!(
                (denial.code, denial.fact.as_deref()),
                (Code::SlotTaken, Some("Taken from 09:00 to 10:00."))
            );
        }
    }
}

#[test]
fn a_visit_that_is_over_leaves_its_slot_free() {
    for status in crate::town::OVER {
        let town = Town::new().with(|visit| visit.status = status);
        let command = BookAppointment {
            assignee: Some(id("ana")),
            ..book_at("2026-11-24", 9 * 60)
        };
        taken(town.decide(&who("marta"), command));
    }
}

#[test]
fn a_copy_that_holds_part_of_a_day_asks_the_office() {
    let mut town = Town::new();
    town.partial = true;
    assert!(taken(town.decide(&who("marta"), book_for("bruno"))).asks_office);
    assert!(
        !taken(town.decide(&who("marta"), book())).asks_office,
        "nobody's day is asked for"
    );
}

/// Only who inspects there can be given the visit, as with a reassignment.
#[test]
fn c_mgr_20_the_inspector_chosen_inspects_in_that_calendar() {
    for somebody in ["ivo", "carlos", "felix"] {
        let answer = Town::new().decide(&who("marta"), book_for(somebody));
        assert!(
            answer.is_err(),
            "{somebody} is no inspector of building, and was given the visit"
        );
    }
}

#[test]
fn sec_5_an_account_is_not_told_from_a_name_nobody_has() {
    let answer = |name: &str| {
        let denial = denied(Town::new().decide(&who("marta"), book_for(name)));
        (denial.code, denial.sentence.replace(name, "…"))
    };
    assert_eq!(answer("carlos"), answer("nobody"));
}

#[test]
fn a_day_that_is_past_is_refused_by_the_municipalitys_clock() {
    let rows = [
        // It is the 24th already in UTC, and still the 23rd here.
        ("2026-11-23 23:30", "America/Montevideo", "2026-11-23", true),
        ("2026-11-23 23:30", "America/Montevideo", "2026-11-22", false),
        ("2026-11-24 00:00", "America/Montevideo", "2026-11-23", false),
        // It is the 23rd still in UTC, and the 24th here.
        ("2026-11-24 08:00", "Pacific/Auckland", "2026-11-23", false),
        ("2026-11-24 08:00", "Pacific/Auckland", "2026-11-24", true),
    ];
    for (now, zone, on, expected) in rows {
        let town = Town {
            now: instant(now, zone),
            zone,
            ..Town::new()
        };
        let answer = town.decide(&who("rosa"), book_at(on, 23 * 60));
        assert_eq!(answer.is_ok(), expected, "{on} at {now} {zone}");
        if let Err(refusal) = answer {
            let denial = denied(Err(refusal));
            assert_eq!(denial.code, Code::InvalidInput);
            assert!(
                denial.sentence.contains("day") && denial.sentence.contains(on),
                "{denial}"
            );
        }
    }
}

#[test]
fn a_visit_ends_on_the_day_it_begins() {
    for (from, expected) in [
        (0, true),
        (23 * 60, true),
        (23 * 60 + 1, false),
        (24 * 60, false),
        (u16::MAX, false),
    ] {
        let answer = Town::new().decide(&who("rosa"), book_at("2026-11-25", from));
        assert_eq!(answer.is_ok(), expected, "{from}");
    }
}

#[test]
fn an_id_that_is_taken_is_refused() {
    let again = BookAppointment {
        appointment: id("v1"),
        ..book()
    };
    assert_eq!(Town::new().code(&who("rosa"), again), Code::AlreadyExists);
}

/// A kind of inspection that this copy does not hold may well be offered: only the office can say.
#[test]
fn x_04_an_inspection_type_not_held_here_is_not_said_to_be_unavailable() {
    let mut town = Town::new();
    town.not_held.insert(id("final"));
    match town.decide(&who("marta"), book()) {
        Ok(effect) => assert!(effect.asks_office),
        refused => assert_eq!(denied(refused).code, Code::NotHeldHere),
    }
}

/// The same for the inspector named.
#[test]
fn x_04_an_inspector_not_held_here_is_not_said_to_be_nobody() {
    let mut town = Town::new();
    town.not_held.insert(id("bruno"));
    match town.decide(&who("marta"), book_for("bruno")) {
        Ok(effect) => assert!(effect.asks_office),
        refused => assert_eq!(denied(refused).code, Code::NotHeldHere),
    }
}

/// What an applicant writes has a length like every other text.
#[test]
fn special_notes_are_not_without_end() {
    let command = BookAppointment {
        special_notes: "n".repeat(1_000_000),
        ..book()
    };
    assert!(
        Town::new().decide(&who("rosa"), command).is_err(),
        "a million characters are taken"
    );
}
