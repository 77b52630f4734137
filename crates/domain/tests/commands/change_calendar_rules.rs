//! C-ADM-15, C-CAL-06: an administrator changes until when inspectors may ask, and applicants may change their mind.

use crate::town::{Town, at, contested, day, denied, id, taken, who};
use domain::inspections::{
    Calendar, CalendarRules, CancelAppointment, ChangeCalendarRules, HOURS_MAX, RequestReason,
    RequestReassignment, Reschedule, Slot,
};
use domain::{Body, Command};
use policy::{Code, Kind};
use serde_json::json;

const BEFORE: CalendarRules = CalendarRules {
    cutoff_minute: 8 * 60,
    reschedule_hours: 24,
    cancel_hours: 24,
    photo_location: false,
};

fn change(rules: CalendarRules) -> ChangeCalendarRules {
    ChangeCalendarRules {
        calendar: id("building"),
        saw: BEFORE,
        rules,
    }
}

#[test]
fn c_mx_13_and_c_adm_15_an_administrator_changes_the_rules_of_a_calendar() {
    let wanted = CalendarRules {
        cutoff_minute: 7 * 60 + 30,
        reschedule_hours: 48,
        cancel_hours: 0,
        photo_location: true,
    };
    let mut town = Town::new();
    assert!(!town.take(&who("laura"), change(wanted)).asks_office);
    assert_eq!(town.get_calendar("building").rules(), wanted);
    assert_eq!(town.get_calendar("fire").rules(), BEFORE);
}

#[test]
fn c_mx_13_and_c_mgr_10_and_c_ins_12_nobody_else_does() {
    for name in ["marta", "ana", "rosa", "felix"] {
        let denial = Town::new().denied(&who(name), change(BEFORE));
        assert_eq!(
            (denial.code, denial.rule.as_str()),
            (Code::NotGranted, "C-MX-13"),
            "{name}"
        );
        assert_eq!(denial.who.as_deref(), Some("Laura, administrator"));
    }
}

#[test]
fn each_rule_has_its_limits() {
    assert_eq!(HOURS_MAX, 336);
    let rows = [
        (0, 0, 0, None),
        (1439, 336, 336, None),
        (1440, 24, 24, Some("cutoff_minute")),
        (480, 337, 24, Some("reschedule_hours")),
        (480, 24, 337, Some("cancel_hours")),
        (u16::MAX, u16::MAX, u16::MAX, Some("cutoff_minute")),
    ];
    for (cutoff_minute, reschedule_hours, cancel_hours, wrong) in rows {
        let rules = CalendarRules {
            cutoff_minute,
            reschedule_hours,
            cancel_hours,
            photo_location: false,
        };
        match (Town::new().decide(&who("laura"), change(rules)), wrong) {
            (answer, None) => drop(taken(answer)),
            (answer, Some(field)) => {
                let denial = denied(answer);
                assert_eq!(denial.code, Code::InvalidInput);
                assert!(denial.sentence.starts_with(field), "{denial}");
            }
        }
    }
}

/// At their widest the rules leave applicants what their role has, and inspectors nothing more than before.
#[test]
fn c_cal_06_and_c_cit_08_and_c_ins_13_no_setting_gives_a_role_more_than_it_has() {
    let widest = CalendarRules {
        cutoff_minute: 1439,
        reschedule_hours: 0,
        cancel_hours: 0,
        photo_location: true,
    };
    let mut town = Town::new();
    town.take(&who("laura"), change(widest));
    town.now = at("2026-11-24 09:00");
    let cancel = CancelAppointment {
        appointment: id("v1"),
        because: "Too late.".to_owned(),
    };
    let reschedule = Reschedule {
        appointment: id("v1"),
        day: day("2026-11-25"),
        from_minute: 600,
        saw: Slot {
            day: Some(day("2026-11-24")),
            from_minute: Some(540),
        },
        because: String::new(),
        overlap_accepted: false,
    };
    let request = RequestReassignment {
        appointment: id("v1"),
        reason: RequestReason::Illness,
        text: String::new(),
    };
    for now in ["2026-11-24 08:59", "2026-11-24 09:00"] {
        town.now = at(now);
        let expected = now < "2026-11-24 09:00";
        assert_eq!(
            town.decide(&who("rosa"), cancel.clone()).is_ok(),
            expected,
            "{now}"
        );
        assert_eq!(
            town.decide(&who("rosa"), reschedule.clone()).is_ok(),
            expected,
            "{now}"
        );
        assert_eq!(town.code(&who("ana"), cancel.clone()), Code::NotGranted);
        assert_eq!(town.code(&who("ana"), reschedule.clone()), Code::NotGranted);
        assert_eq!(town.code(&who("rosa"), request.clone()), Code::NotGranted);
    }
}

#[test]
fn x_08_two_administrators_change_two_rules_and_contest_one() {
    let mut town = Town::new();
    let longer = CalendarRules {
        reschedule_hours: 48,
        ..BEFORE
    };
    let earlier = CalendarRules {
        cutoff_minute: 420,
        ..BEFORE
    };
    town.take(&who("laura"), change(longer));
    town.take(&who("laura"), change(earlier));
    let both = CalendarRules {
        reschedule_hours: 48,
        ..earlier
    };
    assert_eq!(town.get_calendar("building").rules(), both);
    let shorter = change(CalendarRules {
        reschedule_hours: 12,
        ..BEFORE
    });
    let contest = contested(town.decide(&who("laura"), shorter.clone()));
    assert_eq!(contest.field, "reschedule_hours");
    assert_eq!(
        (contest.mine.clone(), contest.theirs.clone()),
        (json!(12), json!(48))
    );
    town.take(&who("laura"), Command::from(shorter).over(&contest));
    let expected = CalendarRules {
        reschedule_hours: 12,
        ..both
    };
    assert_eq!(town.get_calendar("building").rules(), expected);
}

#[test]
fn c_ins_07_where_photos_were_taken_is_kept_only_where_somebody_says_so() {
    let mut town = Town::new();
    let kept = |town: &Town| town.get_calendar("building").photo_location;
    assert!(!kept(&town));
    let keeping = change(CalendarRules {
        photo_location: true,
        ..BEFORE
    });
    // Somebody who changes another rule and knows nothing of this one leaves it.
    town.take(&who("laura"), keeping.clone());
    let older = json!({ "cutoff_minute": 480, "reschedule_hours": 24, "cancel_hours": 24 });
    let wanted = json!({ "cutoff_minute": 400, "reschedule_hours": 24, "cancel_hours": 24 });
    let input = json!({ "calendar": "building", "saw": older, "rules": wanted });
    let older: Command = serde_json::from_value(json!({ "name": "change_calendar_rules", "input": input }))
        .expect("a command of an older laptop");
    town.take(&who("laura"), older);
    assert!(kept(&town) && town.get_calendar("building").cutoff_minute == 400);
    // Nothing is written of it where it is as it always was.
    let said = serde_json::to_value(town.get_calendar("fire")).expect("it is written");
    assert!(said.get("photo_location").is_none(), "{said}");
    let contest = contested(town.decide(
        &who("laura"),
        ChangeCalendarRules {
            saw: CalendarRules {
                photo_location: true,
                cutoff_minute: 9,
                ..BEFORE
            },
            ..change(BEFORE)
        },
    ));
    assert_eq!(contest.field, "cutoff_minute");
}

#[test]
fn an_older_calendar_reads_with_a_day_for_both() {
    let older = json!({
        "name": "Building", "department": "building", "department_name": "Building", "public": true,
    });
    match Body::from_json(Kind::Calendar, &older.to_string()) {
        Ok(Body::Calendar(Calendar {
            reschedule_hours,
            cancel_hours,
            ..
        })) => assert_eq!((reschedule_hours, cancel_hours), (24, 24)),
        other => panic!("{other:?}"),
    }
}
