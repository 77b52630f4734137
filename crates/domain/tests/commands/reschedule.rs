//! C-CIT-03, C-CIT-08, C-MGR-07: a visit is given another time, by its applicant until the window closes.

use crate::town::{OVER, Town, at, contested, day, denied, id, instant, person, reasons, taken, who};
use domain::Command;
use domain::inspections::{Appointment, ReassignmentRequest, RequestReason, Reschedule, Slot, Status};
use policy::Code;

/// To 14:00 of 26 November, from 9:00 of the 25th.
fn reschedule() -> Reschedule {
    Reschedule {
        appointment: id("v1"),
        day: day("2026-11-26"),
        from_minute: 14 * 60,
        saw: slot("2026-11-25", 9 * 60),
        because: String::new(),
        overlap_accepted: false,
    }
}

fn slot(on: &str, from: u16) -> Slot {
    Slot {
        day: Some(day(on)),
        from_minute: Some(from),
    }
}

/// Rosa's visit on the 25th at 9:00, two days ahead.
fn town() -> Town {
    Town::new().with(|visit| visit.day = Some(day("2026-11-25")))
}

fn with_reason() -> Reschedule {
    Reschedule {
        because: "The road is closed.".to_owned(),
        ..reschedule()
    }
}

#[test]
fn c_cit_03_an_applicant_gives_their_visit_another_time() {
    let mut town = town();
    assert!(!town.take(&who("rosa"), reschedule()).asks_office);
    let visit = town.get_visit("v1");
    assert_eq!(
        (visit.day, visit.from_minute, visit.to_minute),
        (Some(day("2026-11-26")), Some(14 * 60), Some(15 * 60)),
        "it lasts as long as before"
    );
    assert_eq!(visit.status, Status::Scheduled);
    assert_eq!(visit.assignee, Some(id("ana")), "the inspector stays");
    let event = &visit.history[0];
    assert_eq!(
        (event.what.as_str(), event.by.as_str(), event.detail.as_str()),
        ("reschedule", "Rosa", "from 2026-11-25 09:00 to 2026-11-26 14:00")
    );
}

#[test]
fn c_cit_03_and_c_cit_07_who_may_reschedule_this_visit() {
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
        let answer = town().decide(&who(name), reschedule());
        match expected {
            None => drop(taken(answer)),
            Some(code) => assert_eq!(denied(answer).code, code, "{name}"),
        }
    }
}

/// The visit begins at 9:00 on the 25th, so the window closes at 9:00 on the 24th.
#[test]
fn c_cit_08_the_window_closes_a_day_before_the_visit() {
    let rows = [
        ("2026-11-24 08:59", "America/Montevideo", true),
        ("2026-11-24 09:00", "America/Montevideo", false),
        ("2026-11-25 08:00", "America/Montevideo", false),
        ("2026-11-24 08:59", "Pacific/Auckland", true),
        ("2026-11-24 09:00", "Pacific/Auckland", false),
    ];
    for (now, zone, expected) in rows {
        let town = Town {
            now: instant(now, zone),
            zone,
            ..town()
        };
        let answer = town.decide(&who("rosa"), reschedule());
        assert_eq!(answer.is_ok(), expected, "{now} {zone}");
        if let Err(refusal) = answer {
            let denial = denied(Err(refusal));
            assert_eq!(
                (denial.code, denial.rule.as_str()),
                (Code::CutoffPassed, "C-CIT-08")
            );
            assert!(denial.sentence.contains("24 hours"), "{denial}");
            assert_eq!(denial.fact.as_deref(), Some("The limit was 2026-11-24 09:00."));
            assert_eq!(denial.who.as_deref(), Some("a manager of Building inspections"));
        }
    }
}

/// Hours are hours: on the night the clocks go forward the window closes at ten of the day before, not at nine.
#[test]
fn c_cit_08_the_window_counts_hours_through_a_change_of_the_clocks() {
    for (now, expected) in [("2026-03-07 07:59", true), ("2026-03-07 08:00", false)] {
        let zone = "America/Chicago";
        let mut town = Town {
            now: instant(now, zone),
            zone,
            ..Town::new()
        };
        town.visit("v1", |visit| visit.day = Some(day("2026-03-08")));
        let command = Reschedule {
            saw: slot("2026-03-08", 9 * 60),
            ..reschedule()
        };
        assert_eq!(town.decide(&who("rosa"), command).is_ok(), expected, "{now}");
    }
}

#[test]
fn c_cit_08_and_c_cal_06_a_calendar_may_have_another_window() {
    for (hours, expected) in [(0, true), (48, true), (49, false), (336, false)] {
        let mut town = Town {
            now: at("2026-11-23 09:00") - 60_000,
            ..town()
        };
        town.calendar("building", |calendar| calendar.reschedule_hours = hours);
        let answer = town.decide(&who("rosa"), reschedule());
        assert_eq!(answer.is_ok(), expected, "{hours} hours");
    }
    let mut town = Town {
        now: at("2026-11-25 09:00"),
        ..town()
    };
    town.calendar("building", |calendar| calendar.reschedule_hours = 0);
    assert_eq!(
        town.code(&who("rosa"), reschedule()),
        Code::CutoffPassed,
        "at its widest the window ends where the visit begins"
    );
}

#[test]
fn x_11_and_c_cit_08_a_claimed_time_does_not_open_the_window() {
    let town = Town {
        now: at("2026-11-24 10:00"),
        ..town()
    };
    let answer = town.decide_claimed(&who("rosa"), at("2026-11-23 10:00"), reschedule());
    assert_eq!(denied(answer).code, Code::CutoffPassed);
}

#[test]
fn c_mgr_07_a_manager_is_not_bound_by_the_window_and_says_why() {
    let mut late = Town {
        now: at("2026-11-25 08:00"),
        ..town()
    };
    let denial = late.denied(&who("marta"), reschedule());
    assert!(denial.sentence.contains("because"), "{denial}");
    late.take(&who("marta"), with_reason());
    assert_eq!(
        late.get_visit("v1").history[0].detail,
        "from 2026-11-25 09:00 to 2026-11-26 14:00: The road is closed."
    );
    for (because, accepted) in reasons() {
        let late = Town {
            now: at("2026-11-25 08:00"),
            ..town()
        };
        let command = Reschedule {
            because: because.clone(),
            ..reschedule()
        };
        let answer = late.decide(&who("marta"), command);
        assert_eq!(answer.is_ok(), accepted, "{} characters", because.len());
    }
}

/// In time nobody is asked why, but what is said must be short.
#[test]
fn a_reason_is_left_out_or_has_its_limit() {
    for (because, accepted) in reasons() {
        let empty = because.trim().is_empty();
        let command = Reschedule {
            because,
            ..reschedule()
        };
        assert_eq!(town().decide(&who("rosa"), command).is_ok(), accepted || empty);
    }
}

/// Felix manages fire, where this visit is not: as its applicant he has the applicant's window.
#[test]
fn c_cit_08_and_c_mgr_13_a_manager_of_another_calendar_is_an_applicant_here() {
    let town = Town {
        now: at("2026-11-24 10:00"),
        ..town().with(|visit| {
            visit.day = Some(day("2026-11-25"));
            visit.applicant = Some(id("felix"));
        })
    };
    let felix = person("felix", &["manager @ calendar/fire"]);
    assert_eq!(town.code(&felix, with_reason()), Code::CutoffPassed);
}

#[test]
fn c_ins_up2_what_becomes_of_each_status() {
    let rows = [
        (Status::Scheduled, Some(Status::Scheduled)),
        (Status::Confirmed, Some(Status::Scheduled)),
        (Status::RequireReschedule, Some(Status::Scheduled)),
        (Status::RequireReassignment, Some(Status::RequireReassignment)),
        (Status::InProgress, None),
    ];
    for (status, expected) in rows.into_iter().chain(OVER.map(|status| (status, None))) {
        let mut town = Town::new().with(|visit| {
            visit.day = Some(day("2026-11-25"));
            visit.status = status;
        });
        match expected {
            Some(expected) => {
                town.take(&who("marta"), reschedule());
                let visit = town.get_visit("v1");
                assert_eq!((visit.status, &visit.called_off), (expected, &None), "{status:?}");
            }
            None => drop(town.denied(&who("marta"), reschedule())),
        }
    }
}

/// A request asked of a confirmed visit goes back to a visit whose new time nobody has confirmed.
#[test]
fn c_mgr_04_an_open_request_outlives_a_new_time() {
    let mut town = Town::new().with(|visit| {
        visit.day = Some(day("2026-11-25"));
        visit.status = Status::RequireReassignment;
        visit.request = Some(ReassignmentRequest {
            reason: RequestReason::Illness,
            text: String::new(),
            by: "Ana".to_owned(),
            at: 0,
            was: Status::Confirmed,
        });
    });
    town.take(&who("marta"), reschedule());
    let request = town.get_visit("v1").request.clone();
    assert_eq!(request.map(|request| request.was), Some(Status::Scheduled));
}

#[test]
fn a_visit_that_waits_for_a_new_date_may_keep_its_time() {
    let mut town = Town::new().with(|visit| {
        visit.day = Some(day("2026-11-25"));
        visit.status = Status::RequireReschedule;
    });
    let same = Reschedule {
        day: day("2026-11-25"),
        from_minute: 9 * 60,
        ..reschedule()
    };
    town.take(&who("marta"), same);
    assert_eq!(town.get_visit("v1").status, Status::Scheduled);
}

#[test]
fn a_day_that_is_past_and_a_start_too_late_are_refused() {
    let rows = [
        ("2026-11-22", 10 * 60, false),
        ("2026-11-23", 10 * 60, true),
        ("2026-11-26", 23 * 60, true),
        ("2026-11-26", 23 * 60 + 1, false),
        ("2026-11-26", 24 * 60, false),
        ("2026-11-26", u16::MAX, false),
    ];
    for (on, from_minute, expected) in rows {
        let command = Reschedule {
            day: day(on),
            from_minute,
            ..reschedule()
        };
        let answer = town().decide(&who("marta"), command);
        assert_eq!(answer.is_ok(), expected, "{on} {from_minute}");
        if let Err(refusal) = answer {
            assert_eq!(denied(Err(refusal)).code, Code::InvalidInput);
        }
    }
}

/// Ana has another visit from 14:30 on the 26th.
fn busy() -> Town {
    let mut town = town();
    town.visit("v2", |visit| {
        visit.day = Some(day("2026-11-26"));
        (visit.from_minute, visit.to_minute) = (Some(14 * 60 + 30), Some(15 * 60 + 30));
    });
    town
}

#[test]
fn c_mgr_20_the_inspectors_other_visit_stands_against_it() {
    let denial = busy().denied(&who("marta"), reschedule());
    assert_eq!(
        (denial.code, denial.fact.as_deref()),
        (Code::Overlap, Some("Taken from 14:30 to 15:30."))
    );
    let accepted = Reschedule {
        overlap_accepted: true,
        ..reschedule()
    };
    taken(busy().decide(&who("marta"), accepted.clone()));
    assert_eq!(
        busy().code(&who("rosa"), accepted),
        Code::SlotTaken,
        "accepting an overlap is the manager's"
    );
}

#[test]
fn c_cit_09_an_applicant_does_not_learn_how_the_inspectors_day_is_filled() {
    let mut absent = town();
    absent.absent("ana", "2026-11-24", "2026-11-27");
    let mut blocked = town();
    blocked.block("b2", "building", "2026-11-26", |block| {
        (block.person, block.person_name) = (Some(id("ana")), "Ana".to_owned());
    });
    for town in [busy(), absent, blocked] {
        let denial = town.denied(&who("rosa"), reschedule());
        let said = format!("{denial:?}");
        for secret in ["14:30", "illness", "Stocktaking", "2026-11-27"] {
            assert!(!said.contains(secret), "{said}");
        }
        assert_eq!(denial.fact, None);
    }
}

#[test]
fn c_mgr_20_an_inspector_who_is_away_that_day_stands_against_it() {
    let mut town = town();
    town.absent("ana", "2026-11-26", "2026-11-27");
    let denial = town.denied(&who("marta"), reschedule());
    assert_eq!(
        (denial.code, denial.fact.as_deref()),
        (
            Code::NotEligible,
            Some("Ana is unavailable from 2026-11-26 to 2026-11-27 (illness).")
        )
    );
    let other_day = Reschedule {
        day: day("2026-11-28"),
        ..reschedule()
    };
    taken(town.decide(&who("marta"), other_day));
}

#[test]
fn x_08_a_new_time_somebody_else_gave_meanwhile_is_contested() {
    let mut town = town();
    town.take(&who("marta"), reschedule());
    let mine = Reschedule {
        day: day("2026-11-27"),
        ..reschedule()
    };
    let contest = contested(town.decide(&who("laura"), mine.clone()));
    assert_eq!(contest.field, "slot");
    assert_eq!(contest.mine["day"], "2026-11-27");
    assert_eq!(contest.theirs["day"], "2026-11-26");
    assert_eq!(contest.theirs_by.as_deref(), Some("Marta"));
    let for_rosa = contested(town.decide(&who("rosa"), mine.clone()));
    assert_eq!(for_rosa.theirs_by, None, "an applicant sees no history");
    let again = Command::from(mine).over(&contest);
    town.take(&who("laura"), again);
    assert_eq!(town.get_visit("v1").day, Some(day("2026-11-27")));
}

#[test]
fn x_08_the_same_new_time_twice_agrees() {
    let mut town = town();
    town.take(&who("marta"), reschedule());
    town.take(&who("laura"), reschedule());
    assert_eq!(town.get_visit("v1").history.len(), 1);
}

#[test]
fn an_imported_visit_without_a_time_keeps_no_length() {
    let mut town = Town::new().with(|visit: &mut Appointment| {
        visit.day = Some(day("2026-11-25"));
        (visit.from_minute, visit.to_minute) = (None, None);
    });
    let command = Reschedule {
        saw: Slot {
            day: Some(day("2026-11-25")),
            from_minute: None,
        },
        ..reschedule()
    };
    town.take(&who("marta"), command);
    let visit = town.get_visit("v1");
    assert_eq!((visit.from_minute, visit.to_minute), (Some(14 * 60), None));
}

#[test]
fn x_04_a_copy_without_the_calendar_or_the_inspector_asks_the_office() {
    let town = town();
    assert!(!taken(town.decide(&who("marta"), reschedule())).asks_office);
    for name in ["building", "ana"] {
        let mut town = town.clone();
        town.not_held.insert(id(name));
        assert!(
            taken(town.decide(&who("marta"), reschedule())).asks_office,
            "{name}"
        );
    }
    // What Rosa's laptop holds: the inspector's name and nothing else of them.
    let own = Town::new().with(|visit| {
        visit.day = Some(day("2026-11-25"));
        visit.assignee = None;
    });
    assert!(taken(own.decide(&who("rosa"), reschedule())).asks_office);
}
