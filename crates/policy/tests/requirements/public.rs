//! What a guest or an applicant may, and may not.

use crate::town::{
    block, guest, id, masks, permit, person, profile, refused, refused_code, rights, sees, sees_visit, shows,
    visit, whole,
};
use policy::inspections::{Action, may};
use policy::views::{Facts, Mask, Shown, fields, of_actor};
use policy::{Actor, Code, Kind, Permission, Reach, Role, RoleName};

#[test]
fn c_guest_05_a_guest_does_not_book() {
    let own = visit("building", "-", "somebody");
    for facts in [whole("building"), own, visit("building", "-", "rosa")] {
        let denial = refused(&guest(), Action::Book, &facts);
        assert_eq!((denial.code, denial.rule.as_str()), (Code::NotGranted, "C-MX-06"));
    }
}

#[test]
fn c_guest_06_a_guest_sees_no_inspectors_name() {
    let guest = guest();
    let visit = Facts::Appointment(visit("building", "ana", "rosa"));
    assert!(!sees(&guest, &visit) && !sees(&guest, &profile("ana", &["building"])));
    for kind in [Kind::Calendar, Kind::InspectionType] {
        let offer = Facts::Offer(kind, id("building"));
        assert_eq!(masks(&guest, &offer), [Mask::Public]);
        for field in [
            "assignee",
            "assignee_name",
            "inspects",
            "teams",
            "people",
            "roster",
        ] {
            assert!(!shows(&guest, kind, &offer, field), "{field} of {kind:?}");
        }
    }
}

/// That a calendar is closed is part of when it is available; why, and who is not there, is not.
#[test]
fn c_guest_01_and_c_guest_06_a_guest_sees_when_a_calendar_is_closed_and_no_more() {
    let (guest, rosa) = (guest(), person("rosa", &["citizen @ organization"]));
    for somebody in [&guest, &rosa] {
        let closed = block("building", "-");
        assert_eq!(masks(somebody, &closed), [Mask::Public]);
        let hidden = ["because", "history", "person", "person_name", "a_new_field"];
        for field in hidden {
            assert!(!shows(somebody, Kind::Block, &closed, field), "{field}");
        }
        for field in [
            "calendar",
            "from_day",
            "until_day",
            "from_minute",
            "to_minute",
            "lifted",
        ] {
            assert!(shows(somebody, Kind::Block, &closed, field), "{field}");
        }
        assert!(!sees(somebody, &block("building", "ana")), "an inspector's block");
        assert!(
            !sees(somebody, &block("health", "-")),
            "a calendar that is not public"
        );
        assert!(
            !sees(somebody, &block("attic", "-")),
            "a calendar that is not active"
        );
    }
}

#[test]
fn c_guest_07_a_guest_has_no_detailed_schedule() {
    let guest = guest();
    assert!(may(&guest, Action::ViewAvailability, &whole("building")).is_ok());
    for action in Action::ALL
        .into_iter()
        .filter(|action| *action != Action::ViewAvailability)
    {
        assert_eq!(
            refused_code(&guest, action, &whole("building")),
            Code::NotGranted,
            "{action:?}"
        );
    }
    for view in of_actor(&guest) {
        let text = view.to_string();
        assert!(
            text.starts_with("offer/") || text == "person/somebody#own",
            "{text}"
        );
    }
}

#[test]
fn c_guest_08_a_guest_sees_nobodys_appointments() {
    let guest = guest();
    for facts in [
        visit("building", "-", "rosa"),
        visit("fire", "ana", "rosa"),
        visit("building", "-", "somebody"),
    ] {
        assert!(!sees_visit(&guest, &facts));
    }
    assert!(!sees(&guest, &permit("building", "rosa", &[])));
}

#[test]
fn c_cit_07_a_citizen_sees_nobody_elses_appointments() {
    let rosa = person("rosa", &["citizen @ organization"]);
    assert!(sees_visit(&rosa, &visit("building", "ana", "rosa")));
    for facts in [
        visit("building", "ana", "carlos"),
        visit("building", "-", "-"),
        visit("fire", "rosa", "carlos"),
    ] {
        assert!(!sees_visit(&rosa, &facts), "{facts:?}");
        assert_eq!(
            refused_code(&rosa, Action::ViewAppointments, &facts),
            Code::NotApplicant
        );
        assert_eq!(
            refused_code(&rosa, Action::ViewApplicant, &facts),
            Code::NotGranted
        );
    }
}

#[test]
fn c_cit_09_a_citizen_has_no_staff_calendar() {
    let rosa = person("rosa", &["citizen @ organization"]);
    for calendar in ["electrical", "health", "attic"] {
        assert_eq!(
            refused_code(&rosa, Action::ViewAvailability, &whole(calendar)),
            Code::NotGranted
        );
        assert!(
            !sees(&rosa, &Facts::Offer(Kind::Calendar, id(calendar))),
            "{calendar}"
        );
    }
    assert_eq!(
        refused_code(&rosa, Action::ViewConfiguration, &whole("building")),
        Code::NotGranted
    );
    let open = Facts::Offer(Kind::Calendar, id("building"));
    assert_eq!(masks(&rosa, &open), [Mask::Public]);
    assert!(
        !sees(&rosa, &profile("ana", &["building"])),
        "the inspectors of a calendar"
    );
}

#[test]
fn c_cit_10_a_citizen_does_not_change_the_inspector() {
    let rosa = person("rosa", &["citizen @ organization"]);
    for action in [
        Action::Reassign,
        Action::RequestReassignment,
        Action::UpdateStatus,
        Action::BulkChange,
        Action::OverrideRules,
        Action::BlockTime,
    ] {
        assert_eq!(
            refused_code(&rosa, action, &visit("building", "ana", "rosa")),
            Code::NotGranted,
            "{action:?}"
        );
    }
}

#[test]
fn c_cit_11_a_citizen_does_not_book_for_anothers_permit() {
    let rosa = person("rosa", &["citizen @ organization"]);
    assert!(may(&rosa, Action::Book, &visit("building", "-", "rosa")).is_ok());
    for applicant in ["carlos", "-"] {
        let denial = refused(&rosa, Action::Book, &visit("building", "-", applicant));
        assert_eq!(
            (denial.code, denial.rule.as_str()),
            (Code::NotApplicant, "C-CIT-11")
        );
        assert!(!sees(&rosa, &permit("building", "carlos", &[])));
    }
}

#[test]
fn c_cit_16_and_c_dept_07_a_citizen_sees_own_permits_in_every_department() {
    for scope in ["organization", "department/building", "calendar/building"] {
        let rosa = person("rosa", &[&format!("citizen @ {scope}")]);
        for calendar in ["building", "electrical", "fire", "health", "attic"] {
            assert_eq!(
                masks(&rosa, &permit(calendar, "rosa", &[])),
                [Mask::Own],
                "{scope} {calendar}"
            );
            assert!(
                sees_visit(&rosa, &visit(calendar, "-", "rosa")),
                "{scope} {calendar}"
            );
        }
    }
}

#[test]
fn c_cal_04_public_visibility_is_the_switch_for_guests() {
    let offer = |kind| Facts::Offer(kind, id("electrical"));
    let rows = [
        (false, false, false),
        (false, true, false),
        (true, false, false),
        (true, true, true),
    ];
    for (public, active, expected) in rows {
        let mut rights = rights("somebody", &[]);
        let place = rights.places.calendars.get_mut(&id("electrical")).unwrap();
        (place.public, place.active) = (public, active);
        let guest = Actor::new(rights);
        assert_eq!(
            may(&guest, Action::ViewAvailability, &whole("electrical")).is_ok(),
            expected
        );
        for kind in [Kind::Calendar, Kind::InspectionType] {
            assert_eq!(
                sees(&guest, &offer(kind)),
                expected,
                "public {public} active {active}"
            );
        }
    }
    let Shown::Only(shown) = fields(Kind::Calendar, Mask::Public) else {
        panic!("all of a calendar is public")
    };
    for field in ["capacity_per_day", "blocked_days", "cutoff_minute", "teams"] {
        assert!(!shown.contains(&field), "{field}");
    }
}

/// Reaches that no shipped role uses are still rules: a calendar open to the public, and nothing else.
#[test]
fn the_public_reach_ends_where_a_calendar_is_not_public() {
    let permission = Permission {
        action: policy::Action::Inspections(Action::ViewConfiguration),
        reach: Reach::Public,
        mask: None,
    };
    let role = Role {
        name: RoleName("inspections.reader".to_owned()),
        title: "Reader".to_owned(),
        permissions: vec![permission],
        may_grant: Vec::new(),
    };
    let mut rights = rights("iris", &["reader @ organization"]);
    rights.roles.push(role);
    let iris = Actor::new(rights);
    for (calendar, expected) in [("building", true), ("health", false), ("attic", false)] {
        assert_eq!(
            may(&iris, Action::ViewConfiguration, &whole(calendar)).is_ok(),
            expected,
            "{calendar}"
        );
    }
}
