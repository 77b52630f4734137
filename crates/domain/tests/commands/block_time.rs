//! C-MGR-08, AMB-10: a manager blocks a time, and nothing is booked into it.

use crate::town::{Town, day, denied, id, person, reasons, taken, who};
use domain::inspections::{
    BLOCK_DAYS_MAX, BlockTime, BookAppointment, Priority, Reassign, Reschedule, Slot, UnblockTime,
};
use policy::{Code, Denial};

/// All of 25 and 26 November, in building.
fn block() -> BlockTime {
    BlockTime {
        block: id("b9"),
        calendar: id("building"),
        person: None,
        from_day: day("2026-11-25"),
        until_day: day("2026-11-26"),
        from_minute: None,
        to_minute: None,
        because: " Stocktaking. ".to_owned(),
    }
}

fn block_of(person: &str) -> BlockTime {
    BlockTime {
        person: Some(id(person)),
        ..block()
    }
}

/// From nine to noon.
fn morning() -> BlockTime {
    BlockTime {
        from_minute: Some(9 * 60),
        to_minute: Some(12 * 60),
        ..block()
    }
}

fn book_at(on: &str, from_minute: u16, assignee: Option<&str>) -> BookAppointment {
    BookAppointment {
        appointment: id("v9"),
        permit: id("p1"),
        inspection_type: id("final"),
        day: day(on),
        from_minute,
        assignee: assignee.map(id),
        priority: Priority::Normal,
        special_notes: String::new(),
    }
}

fn blocked(command: BlockTime) -> Town {
    let mut town = Town::new();
    assert!(!town.take(&who("marta"), command).asks_office);
    town
}

#[test]
fn c_mgr_08_a_block_says_what_when_by_whom_and_why() {
    let town = blocked(block());
    let body = town.get_block("b9");
    assert_eq!(
        (body.calendar.clone(), body.person.clone()),
        (id("building"), None)
    );
    assert_eq!(
        (body.from_day, body.until_day),
        (day("2026-11-25"), day("2026-11-26"))
    );
    assert_eq!((body.because.as_str(), body.lifted), ("Stocktaking.", false));
    let event = &body.history[0];
    assert_eq!((event.what.as_str(), event.by.as_str()), ("block_time", "Marta"));
}

#[test]
fn c_mgr_08_managers_block_and_nobody_else() {
    let rows = [
        ("marta", None),
        ("laura", None),
        ("ana", Some(Code::NotGranted)),
        ("rosa", Some(Code::NotGranted)),
        ("felix", Some(Code::OutOfScope)),
    ];
    for (name, expected) in rows {
        for command in [block(), block_of("bruno")] {
            let answer = Town::new().decide(&who(name), command);
            match expected {
                None => drop(taken(answer)),
                Some(code) => assert_eq!(denied(answer).code, code, "{name}"),
            }
        }
    }
}

#[test]
fn c_mgr_08_blocked_time_cannot_be_booked() {
    let rows = [
        (block(), "2026-11-24", 9 * 60, true),
        (block(), "2026-11-25", 0, false),
        (block(), "2026-11-26", 23 * 60, false),
        (block(), "2026-11-27", 9 * 60, true),
        // A visit takes an hour.
        (morning(), "2026-11-25", 8 * 60, true),
        (morning(), "2026-11-25", 8 * 60 + 1, false),
        (morning(), "2026-11-25", 11 * 60 + 59, false),
        (morning(), "2026-11-25", 12 * 60, true),
    ];
    for (command, on, from, expected) in rows {
        for name in ["rosa", "marta"] {
            let answer = blocked(command.clone()).decide(&who(name), book_at(on, from, None));
            assert_eq!(answer.is_ok(), expected, "{name} {on} {from}");
            if let Err(refusal) = answer {
                let denial = denied(Err(refusal));
                assert_eq!((denial.code, denial.rule.as_str()), (Code::SlotTaken, "C-MGR-08"));
                assert_eq!(denial.who.as_deref(), Some("a manager of Building inspections"));
            }
        }
    }
}

#[test]
fn c_mgr_08_the_block_is_named_and_its_reason_is_for_staff() {
    let denial = |name| blocked(morning()).denied(&who(name), book_at("2026-11-25", 10 * 60, None));
    assert_eq!(
        denial("rosa").fact.as_deref(),
        Some("Blocked from 2026-11-25 to 2026-11-26, 09:00 to 12:00.")
    );
    assert_eq!(
        denial("marta").fact.as_deref(),
        Some("Blocked from 2026-11-25 to 2026-11-26, 09:00 to 12:00: Stocktaking.")
    );
}

#[test]
fn c_mgr_08_and_c_mgr_20_a_block_of_one_inspector_keeps_out_that_one() {
    let rows = [(Some("bruno"), false), (Some("ana"), true), (None, true)];
    for (assignee, expected) in rows {
        let town = blocked(block_of("bruno"));
        let answer = town.decide(&who("marta"), book_at("2026-11-25", 14 * 60, assignee));
        assert_eq!(answer.is_ok(), expected, "{assignee:?}");
    }
}

fn reassign_to_bruno(town: &Town) -> Result<domain::Effect, domain::Refusal> {
    let command = Reassign {
        appointment: id("v1"),
        to: id("bruno"),
        saw: Some(id("ana")),
        overlap_accepted: true,
    };
    town.decide(&who("marta"), command)
}

#[test]
fn c_mgr_08_and_c_mgr_20_nobody_is_given_a_visit_in_blocked_time() {
    for command in [block(), block_of("bruno")] {
        let mut town = blocked(command.clone());
        town.visit("v1", |visit| visit.day = Some(day("2026-11-25")));
        let denial = denied(reassign_to_bruno(&town));
        assert_eq!((denial.code, denial.rule.as_str()), (Code::SlotTaken, "C-MGR-08"));
        assert!(
            denial.fact.is_some_and(|fact| fact.contains("Stocktaking")),
            "overlaps are accepted, blocks are lifted"
        );
        town.visit("v1", |_| {});
        taken(reassign_to_bruno(&town));
    }
    let other = blocked(block_of("ana")).with(|visit| visit.day = Some(day("2026-11-25")));
    taken(reassign_to_bruno(&other));
}

#[test]
fn c_mgr_08_a_visit_is_not_rescheduled_into_blocked_time() {
    for (command, on, expected) in [
        (block(), "2026-11-25", false),
        (block_of("ana"), "2026-11-25", false),
        (block_of("bruno"), "2026-11-25", true),
        (block(), "2026-11-27", true),
    ] {
        let town = blocked(command);
        let move_it = Reschedule {
            appointment: id("v1"),
            day: day(on),
            from_minute: 9 * 60,
            saw: Slot {
                day: Some(day("2026-11-24")),
                from_minute: Some(9 * 60),
            },
            because: "A new date.".to_owned(),
            overlap_accepted: true,
        };
        let answer = town.decide(&who("marta"), move_it);
        assert_eq!(answer.is_ok(), expected, "{on}");
    }
}

#[test]
fn c_mgr_08_a_block_in_another_calendar_blocks_nothing_here() {
    let mut town = Town::new();
    town.take(
        &who("felix"),
        BlockTime {
            calendar: id("fire"),
            ..block()
        },
    );
    taken(town.decide(&who("rosa"), book_at("2026-11-25", 600, None)));
}

/// Of an imported visit only the day may be known: whole days keep it out, hours of them do not.
#[test]
fn c_mgr_08_a_visit_without_a_time_meets_whole_days() {
    for (command, expected) in [(block(), false), (morning(), true)] {
        let town = blocked(command).with(|visit| {
            visit.day = Some(day("2026-11-25"));
            (visit.from_minute, visit.to_minute) = (None, None);
        });
        assert_eq!(reassign_to_bruno(&town).is_ok(), expected);
    }
}

#[test]
fn c_mgr_08_a_block_that_is_taken_back_blocks_nothing() {
    for command in [block(), block_of("bruno")] {
        let mut town = blocked(command);
        town.take(&who("laura"), UnblockTime { block: id("b9") });
        let body = town.get_block("b9");
        assert!(body.lifted, "it stays on record");
        assert_eq!(
            (body.history[1].what.as_str(), body.history[1].by.as_str()),
            ("unblock_time", "Laura")
        );
        taken(town.decide(&who("marta"), book_at("2026-11-25", 600, Some("bruno"))));
        let again = UnblockTime { block: id("b9") };
        assert_eq!(town.code(&who("marta"), again), Code::WrongState);
    }
}

#[test]
fn c_mgr_08_who_may_take_a_block_back() {
    let rows = [
        ("ana", Code::NotGranted),
        ("rosa", Code::NotGranted),
        ("felix", Code::OutOfScope),
    ];
    for (name, code) in rows {
        let town = blocked(block());
        assert_eq!(
            town.code(&who(name), UnblockTime { block: id("b9") }),
            code,
            "{name}"
        );
    }
    // A block of one inspector is seen by that inspector, and by those who assign work.
    for (name, code) in [
        ("bruno", Code::NotGranted),
        ("ana", Code::NotFound),
        ("rosa", Code::NotFound),
        ("felix", Code::NotFound),
    ] {
        let town = blocked(block_of("bruno"));
        assert_eq!(
            town.code(&who(name), UnblockTime { block: id("b9") }),
            code,
            "{name}"
        );
    }
}

#[test]
fn c_ins_10_a_block_of_one_inspector_is_not_shown_to_colleagues() {
    let everybody = ["ana", "bruno", "ivo", "marta", "felix", "laura", "rosa", "carlos"];
    let rows = [
        (block(), &everybody[..]),
        (block_of("bruno"), &["bruno", "marta", "laura"]),
    ];
    for (command, seen_by) in rows {
        let town = blocked(command);
        for name in everybody {
            assert_eq!(town.sees(&who(name), "b9"), seen_by.contains(&name), "{name}");
        }
    }
}

/// Why a block is refused.
fn wrong(command: BlockTime) -> Denial {
    Town::new().denied(&who("marta"), command)
}

#[test]
fn a_span_is_not_past_not_backwards_not_too_long_and_not_too_far() {
    let span = |from: &str, until: &str| BlockTime {
        from_day: day(from),
        until_day: day(until),
        ..block()
    };
    assert_eq!(BLOCK_DAYS_MAX, 62);
    let rows = [
        ("2026-11-23", "2026-11-23", true),
        ("2026-11-22", "2026-11-25", false),
        ("2026-11-25", "2026-11-24", false),
        ("2026-11-25", "2027-01-25", true),
        ("2026-11-25", "2027-01-26", false),
        ("2028-11-20", "2028-11-22", true),
        ("2028-11-20", "2028-11-23", true),
        ("2028-11-20", "2028-11-24", false),
        ("9999-12-31", "9999-12-31", false),
    ];
    for (from, until, expected) in rows {
        let answer = Town::new().decide(&who("marta"), span(from, until));
        assert_eq!(answer.is_ok(), expected, "{from} to {until}");
        if let Err(refusal) = answer {
            assert_eq!(denied(Err(refusal)).code, Code::InvalidInput);
        }
    }
    let longest = blocked(span("2026-11-25", "2027-01-25"));
    let keys = longest.records[&id("b9")].index_keys();
    let days = keys.iter().filter(|(index, _)| *index == "calendar_day");
    assert_eq!(days.count(), 62, "a key for each day");
}

#[test]
fn minutes_are_both_there_or_neither_and_in_order() {
    let rows = [
        (Some(0), Some(1), true),
        (Some(0), Some(1440), true),
        (Some(600), None, false),
        (None, Some(600), false),
        (Some(600), Some(600), false),
        (Some(600), Some(599), false),
        (Some(0), Some(1441), false),
        (Some(u16::MAX), Some(u16::MAX), false),
    ];
    for (from_minute, to_minute, expected) in rows {
        let command = BlockTime {
            from_minute,
            to_minute,
            ..block()
        };
        let answer = Town::new().decide(&who("marta"), command);
        assert_eq!(answer.is_ok(), expected, "{from_minute:?} to {to_minute:?}");
    }
}

#[test]
fn an_id_that_is_taken_and_a_calendar_that_is_none_are_refused() {
    let taken_id = BlockTime {
        block: id("v1"),
        ..block()
    };
    assert_eq!(wrong(taken_id).code, Code::AlreadyExists);
    let no_calendar = BlockTime {
        calendar: id("nowhere"),
        ..block()
    };
    assert_eq!(wrong(no_calendar).code, Code::NotFound);
    let permit = BlockTime {
        calendar: id("p1"),
        ..block()
    };
    assert_eq!(wrong(permit).code, Code::NotFound, "a permit is no calendar");
}

#[test]
fn sec_5_only_inspectors_of_the_calendar_are_blocked_in_it() {
    let answers = ["ivo", "carlos", "nobody"].map(|name| wrong(block_of(name)));
    assert!(answers.iter().all(|denial| denial.code == Code::NotEligible));
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_reason_is_asked_for_and_has_its_limit() {
    for (because, accepted) in reasons() {
        let command = BlockTime { because, ..block() };
        assert_eq!(Town::new().decide(&who("marta"), command).is_ok(), accepted);
    }
}

/// A calendar's blocks are sent to whoever may see when it is available, so their laptop can tell; Rosa's cannot once
/// building is no longer public.
#[test]
fn x_04_who_is_not_sent_the_blocks_leaves_them_to_the_office() {
    let mut town = Town::new();
    town.partial = true;
    let book = || book_at("2026-11-25", 600, None);
    let mut rosa = who("rosa");
    assert!(!taken(town.decide(&rosa, book())).asks_office);
    let places = &mut rosa.rights.places;
    places.calendars.get_mut(&id("building")).unwrap().public = false;
    assert!(taken(town.decide(&rosa, book())).asks_office);
    assert!(!taken(town.decide(&who("marta"), book())).asks_office);
}

/// The blocks of one inspector are not sent to a manager of a team, who does not see all that inspector's visits.
#[test]
fn x_04_a_manager_of_a_team_leaves_an_inspectors_blocks_to_the_office() {
    for (grant, expected) in [
        ("manager @ calendar/building", false),
        ("manager @ team/north", true),
    ] {
        let mut town = Town::new().with(|visit| visit.team = Some(id("north")));
        town.partial = true;
        let command = Reassign {
            appointment: id("v1"),
            to: id("bruno"),
            saw: Some(id("ana")),
            overlap_accepted: true,
        };
        let answer = taken(town.decide(&person("nora", &[grant]), command));
        assert_eq!(answer.asks_office, expected, "{grant}");
    }
}
