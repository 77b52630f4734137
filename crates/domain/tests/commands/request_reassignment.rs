//! C-INS-08, C-INS-22: the inspector asks for somebody else to go, until the cutoff of the day.

use crate::town::{OVER, Town, at, day, denied, id, instant, taken, who};
use domain::Body;
use domain::inspections::{ReassignmentRequest, RequestReason, RequestReassignment, Status};
use policy::Code;

fn request() -> RequestReassignment {
    let reason = RequestReason::Illness;
    RequestReassignment {
        appointment: id("v1"),
        reason,
        text: " Fever. ".to_owned(),
    }
}

/// A visit on a day, at a local time in a zone.
fn town(on: &str, now: &str, zone: &'static str) -> Town {
    let town = Town {
        now: instant(now, zone),
        zone,
        ..Town::new()
    };
    town.with(|visit| visit.day = Some(day(on)))
}

#[test]
fn c_ins_08_an_inspector_asks_before_the_cutoff() {
    let mut town = Town::new();
    assert!(!town.take(&who("ana"), request()).asks_office);
    let visit = town.get_visit("v1");
    let expected = ReassignmentRequest {
        reason: RequestReason::Illness,
        text: "Fever.".to_owned(),
        by: "Ana".to_owned(),
        at: town.now,
        was: Status::Scheduled,
    };
    assert_eq!(
        (visit.status, visit.request.clone()),
        (Status::RequireReassignment, Some(expected))
    );
    assert_eq!(
        visit.assignee,
        Some(id("ana")),
        "she has it until somebody else does"
    );
    assert_eq!(visit.history[0].what, "request_reassignment");
}

#[test]
fn c_ins_08_and_c_ins_22_the_cutoff_is_eight_oclock_of_the_day_in_the_municipalitys_zone() {
    let rows = [
        // A plain day.
        ("2026-11-24", "2026-11-24 07:59", "America/Montevideo", true),
        ("2026-11-24", "2026-11-24 08:00", "America/Montevideo", false),
        ("2026-11-24", "2026-11-24 17:00", "America/Montevideo", false),
        ("2026-11-24", "2026-11-25 00:00", "America/Montevideo", false),
        // West of UTC: the visit's day has begun there, and not here.
        ("2026-11-24", "2026-11-23 22:00", "America/Montevideo", true),
        ("2026-11-24", "2026-11-23 23:59", "America/Montevideo", true),
        // East of UTC: it is the day before there, and past the cutoff here.
        ("2026-11-24", "2026-11-24 07:59", "Pacific/Auckland", true),
        ("2026-11-24", "2026-11-24 08:00", "Pacific/Auckland", false),
        // The clocks went forward at two that morning, and back on the other.
        ("2026-03-08", "2026-03-08 07:59", "America/Chicago", true),
        ("2026-03-08", "2026-03-08 08:00", "America/Chicago", false),
        ("2026-11-01", "2026-11-01 07:59", "America/Chicago", true),
        ("2026-11-01", "2026-11-01 08:00", "America/Chicago", false),
    ];
    for (on, now, zone, expected) in rows {
        let answer = town(on, now, zone).decide(&who("ana"), request());
        assert_eq!(answer.is_ok(), expected, "visit {on}, asked {now} {zone}");
        if let Err(refusal) = answer {
            let denial = denied(Err(refusal));
            assert_eq!(
                (denial.code, denial.rule.as_str()),
                (Code::CutoffPassed, "C-INS-22")
            );
            assert!(denial.sentence.contains("08:00"), "{denial}");
            assert_eq!(
                denial.fact.as_deref(),
                Some(format!("The cutoff was {on} 08:00.").as_str())
            );
            assert!(denial.who.is_some(), "who can still help");
        }
    }
}

/// The instants themselves, so that the zones above are not taken on trust.
#[test]
fn c_ins_22_the_cutoff_falls_at_these_instants() {
    let minute = 60_000;
    let rows = [
        ("2026-11-24", "America/Montevideo", "2026-11-24 11:00"),
        ("2026-11-24", "Pacific/Auckland", "2026-11-23 19:00"),
        ("2026-03-07", "America/Chicago", "2026-03-07 14:00"),
        ("2026-03-08", "America/Chicago", "2026-03-08 13:00"),
        ("2026-10-31", "America/Chicago", "2026-10-31 13:00"),
        ("2026-11-01", "America/Chicago", "2026-11-01 14:00"),
    ];
    for (on, zone, utc) in rows {
        let cutoff = instant(utc, "UTC");
        let answer = |now| {
            Town {
                now,
                ..town(on, utc, zone)
            }
            .decide(&who("ana"), request())
        };
        assert!(
            answer(cutoff - minute).is_ok(),
            "{on} {zone}: a minute before {utc} UTC"
        );
        assert!(answer(cutoff).is_err(), "{on} {zone}: at {utc} UTC");
    }
}

#[test]
fn c_ins_22_a_calendar_may_have_another_cutoff() {
    let mut town = town("2026-11-24", "2026-11-24 09:15", "America/Montevideo");
    match town
        .records
        .get_mut(&id("building"))
        .map(|record| &mut record.body)
    {
        Some(Body::Calendar(calendar)) => calendar.cutoff_minute = 9 * 60 + 15,
        _ => panic!("no calendar"),
    }
    let denial = town.denied(&who("ana"), request());
    assert!(denial.sentence.contains("09:15"), "{denial}");
    town.now -= 60_000;
    taken(town.decide(&who("ana"), request()));
}

/// The office's time of receipt decides; what the laptop claims is evidence.
#[test]
fn x_11_and_c_ins_22_a_claimed_time_does_not_beat_the_cutoff() {
    let town = town("2026-11-24", "2026-11-24 11:30", "America/Montevideo");
    let answer = town.decide_claimed(&who("ana"), at("2026-11-24 07:30"), request());
    assert_eq!(denied(answer).code, Code::CutoffPassed);
}

#[test]
fn c_ins_08_only_the_inspector_asks() {
    let rows = [
        ("bruno", Code::NotFound),
        ("ivo", Code::NotFound),
        ("rosa", Code::NotGranted),
        ("marta", Code::NotGranted),
        ("laura", Code::NotGranted),
    ];
    for (name, expected) in rows {
        assert_eq!(Town::new().code(&who(name), request()), expected, "{name}");
    }
}

#[test]
fn a_visit_that_is_over_or_under_way_is_not_handed_on() {
    for status in OVER {
        let town = Town::new().with(|visit| visit.status = status);
        assert!(town.decide(&who("ana"), request()).is_err(), "{status:?}");
    }
    let town = Town::new().with(|visit| visit.status = Status::InProgress);
    assert_eq!(town.code(&who("ana"), request()), Code::WrongState);
}

#[test]
fn a_text_has_its_limit() {
    for (length, expected) in [(0, true), (1000, true), (1001, false)] {
        let command = RequestReassignment {
            text: "ñ".repeat(length),
            ..request()
        };
        assert_eq!(
            Town::new().decide(&who("ana"), command).is_ok(),
            expected,
            "{length}"
        );
    }
}

#[test]
fn a_copy_without_the_calendar_asks_the_office() {
    let mut town = town("2026-11-24", "2026-11-24 11:30", "America/Montevideo");
    town.not_held.insert(id("building"));
    assert!(taken(town.decide(&who("ana"), request())).asks_office);
}
