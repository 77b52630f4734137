//! Where a role ends: departments, calendars, teams.

use crate::town::{
    NOW, id, masks, permit, person, profile, refused_code, rights, sees, sees_visit, visit, whole,
};
use policy::inspections::{Action, may};
use policy::views::{Facts, Mask};
use policy::{Actor, Code, Kind};

#[test]
fn c_dept_01_roles_differ_by_department() {
    let ana = person(
        "ana",
        &["inspector @ department/building", "citizen @ department/fire"],
    );
    assert!(may(&ana, Action::UpdateStatus, &visit("building", "ana", "rosa")).is_ok());
    let in_fire = visit("fire", "ana", "rosa");
    assert_eq!(
        refused_code(&ana, Action::UpdateStatus, &in_fire),
        Code::OutOfScope
    );
    assert!(!sees_visit(&ana, &in_fire));
    let marta = person(
        "marta",
        &["manager @ department/building", "inspector @ department/fire"],
    );
    assert!(may(&marta, Action::Reassign, &visit("building", "ana", "rosa")).is_ok());
    assert_eq!(
        refused_code(&marta, Action::Reassign, &visit("fire", "marta", "rosa")),
        Code::OutOfScope
    );
    assert!(may(&marta, Action::UpdateStatus, &visit("fire", "marta", "rosa")).is_ok());
}

#[test]
fn c_dept_02_a_manager_of_two_departments_has_nothing_in_a_third() {
    let marta = person(
        "marta",
        &["manager @ department/building", "manager @ department/electrical"],
    );
    for (calendar, expected) in [
        ("building", true),
        ("electrical", true),
        ("health", false),
        ("fire", false),
    ] {
        let facts = visit(calendar, "ana", "rosa");
        assert_eq!(sees_visit(&marta, &facts), expected, "{calendar}");
        assert_eq!(
            may(&marta, Action::Reassign, &facts).is_ok(),
            expected,
            "{calendar}"
        );
        assert_eq!(
            may(&marta, Action::ViewConfiguration, &whole(calendar)).is_ok(),
            expected,
            "{calendar}"
        );
        assert_eq!(sees(&marta, &profile("ana", &[calendar])), expected, "{calendar}");
    }
}

#[test]
fn c_dept_03_a_citizen_sees_own_permits_alone() {
    let rosa = person("rosa", &["citizen @ organization", "citizen @ department/fire"]);
    for calendar in ["building", "fire", "health"] {
        assert!(sees(&rosa, &permit(calendar, "rosa", &["ana"])));
        assert!(!sees(&rosa, &permit(calendar, "carlos", &["ana"])), "{calendar}");
        assert!(
            !sees(&rosa, &permit(calendar, "carlos", &["rosa"])),
            "{calendar}: not by being linked to it"
        );
    }
}

#[test]
fn c_dept_04_an_inspector_sees_assigned_calendars_alone() {
    let ana = person("ana", &["inspector @ calendar/electrical"]);
    for (calendar, expected) in [("electrical", true), ("health", false), ("attic", false)] {
        assert_eq!(
            may(&ana, Action::ViewAvailability, &whole(calendar)).is_ok(),
            expected,
            "{calendar}"
        );
        assert_eq!(
            sees(&ana, &Facts::Offer(Kind::InspectionType, id(calendar))),
            expected,
            "{calendar}"
        );
        assert_eq!(
            sees_visit(&ana, &visit(calendar, "ana", "rosa")),
            expected,
            "{calendar}"
        );
        assert_eq!(
            sees(&ana, &permit(calendar, "rosa", &["ana"])),
            expected,
            "{calendar}"
        );
    }
}

/// A calendar that only a team of the person works in is as much theirs as one named in the grant.
#[test]
fn c_dept_04_a_team_inspector_sees_what_the_teams_calendar_offers() {
    let ana = person("ana", &["inspector @ team/wires"]);
    assert!(
        sees(&ana, &Facts::Offer(Kind::InspectionType, id("electrical"))),
        "it is listed"
    );
    assert_eq!(
        may(&ana, Action::ViewAvailability, &whole("electrical")),
        Ok(()),
        "so it is allowed"
    );
}

#[test]
fn c_ins_21_a_calendar_that_is_not_active_gives_its_staff_nothing() {
    for role in ["inspector", "manager"] {
        for scope in ["calendar/attic", "department/building"] {
            let ana = person("ana", &[&format!("{role} @ {scope}")]);
            assert!(
                !sees_visit(&ana, &visit("attic", "ana", "rosa")),
                "{role} {scope}"
            );
            assert!(!sees(&ana, &permit("attic", "rosa", &["ana"])), "{role} {scope}");
            let code = refused_code(&ana, Action::UpdateStatus, &visit("attic", "ana", "rosa"));
            assert_eq!(code, Code::OutOfScope, "{role} {scope}");
        }
    }
}

/// C-INS-21 asks for an active calendar; a team does not make up for one.
#[test]
fn c_ins_21_a_calendar_that_is_not_active_gives_its_team_no_offer() {
    let mut rights = rights("ana", &["inspector @ team/wires"]);
    rights.places.calendars.get_mut(&id("electrical")).unwrap().active = false;
    let ana = Actor::new(rights.at(NOW));
    assert!(!sees(&ana, &Facts::Offer(Kind::InspectionType, id("electrical"))));
}

#[test]
fn c_dept_05_a_manager_sees_supervised_calendars() {
    let marta = person("marta", &["manager @ calendar/electrical"]);
    assert_eq!(
        masks(&marta, &Facts::Appointment(visit("electrical", "ana", "rosa"))),
        [Mask::Limited]
    );
    assert!(
        sees(&marta, &permit("electrical", "rosa", &[])) && sees(&marta, &profile("ana", &["electrical"]))
    );
    for calendar in ["health", "building", "fire"] {
        assert!(!sees_visit(&marta, &visit(calendar, "ana", "rosa")), "{calendar}");
        assert!(!sees(&marta, &permit(calendar, "rosa", &[])), "{calendar}");
    }
}

#[test]
fn c_dept_06_an_administrator_sees_all_departments() {
    let laura = person("laura", &["administrator @ organization"]);
    for calendar in ["building", "electrical", "fire", "health"] {
        assert!(sees_visit(&laura, &visit(calendar, "ana", "rosa")), "{calendar}");
        assert!(
            masks(&laura, &permit(calendar, "rosa", &[])).contains(&Mask::Full),
            "{calendar}"
        );
        assert!(
            may(&laura, Action::EditCalendar, &whole(calendar)).is_ok(),
            "{calendar}"
        );
    }
}

/// What the administrator receives they may see, and whoever closed a calendar can open it again (C-ADM-03).
#[test]
fn c_dept_06_an_administrator_acts_in_a_calendar_that_is_not_active() {
    let laura = person("laura", &["administrator @ organization"]);
    let facts = visit("attic", "ana", "rosa");
    assert!(sees(&laura, &Facts::Appointment(facts.clone())), "it is listed");
    assert_eq!(
        may(&laura, Action::ViewAppointments, &facts),
        Ok(()),
        "so it is allowed"
    );
    assert_eq!(may(&laura, Action::EditCalendar, &whole("attic")), Ok(()));
}
