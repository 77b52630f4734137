//! What inspectors and managers may not.

use crate::town::{
    block, id, masks, permit, person, profile, refused, refused_code, sees, sees_visit, shows, visit, whole,
};
use policy::inspections::{Action, may};
use policy::people::{PersonFacts, may_mark_absence};
use policy::views::{Mask, fields};
use policy::{Code, Kind};

#[test]
fn c_mgr_13_a_manager_has_nothing_in_another_department() {
    let marta = person("marta", &["manager @ department/building"]);
    for action in Action::ALL
        .into_iter()
        .filter(|action| may(&marta, *action, &whole("building")).is_ok())
    {
        let facts = visit("health", "marta", "rosa");
        let denial = refused(&marta, action, &facts);
        assert!(
            matches!(denial.code, Code::OutOfScope | Code::NotApplicant),
            "{action:?}: {denial:?}"
        );
        assert!(
            denial.sentence.contains("health inspections"),
            "{action:?}: {denial}"
        );
        assert_eq!(
            denial.who.as_deref(),
            Some("Laura Pérez, administrator"),
            "C-MGR-21"
        );
    }
    let granted = person(
        "marta",
        &["manager @ department/building", "manager @ department/health"],
    );
    assert!(
        may(&granted, Action::Reassign, &visit("health", "ana", "rosa")).is_ok(),
        "unless granted"
    );
}

#[test]
fn c_ins_10_an_inspector_sees_no_other_inspectors_schedule() {
    let ana = person("ana", &["inspector @ department/building"]);
    let theirs = visit("building", "bruno", "rosa");
    assert!(!sees_visit(&ana, &theirs) && !sees_visit(&ana, &visit("building", "-", "rosa")));
    let denial = refused(&ana, Action::ViewAppointments, &theirs);
    assert_eq!(
        (denial.code, denial.fact.as_deref()),
        (Code::NotAssigned, Some("It is assigned to somebody else."))
    );
    assert!(!sees(&ana, &permit("building", "rosa", &["bruno"])));
    assert!(!sees(&ana, &profile("bruno", &["building"])));
}

#[test]
fn c_ins_11_an_inspector_does_not_reassign() {
    let ana = person("ana", &["inspector @ organization", "inspector @ team/north"]);
    for facts in [
        visit("building", "ana", "rosa"),
        visit("building", "bruno", "rosa"),
        whole("building"),
    ] {
        assert_eq!(refused_code(&ana, Action::Reassign, &facts), Code::NotGranted);
        assert_eq!(refused_code(&ana, Action::BulkChange, &facts), Code::NotGranted);
    }
    assert!(
        may(
            &ana,
            Action::RequestReassignment,
            &visit("building", "ana", "rosa")
        )
        .is_ok()
    );
}

#[test]
fn c_ins_12_and_c_ins_13_and_c_ins_14_an_inspector_neither_configures_nor_cancels_nor_administers() {
    let ana = person("ana", &["inspector @ organization", "inspector @ team/north"]);
    for action in [
        Action::Cancel,
        Action::EditCalendar,
        Action::ManageInspectionTypes,
        Action::ConfigurePermissions,
        Action::ViewConfiguration,
        Action::BlockTime,
        Action::OverrideRules,
    ] {
        for facts in [visit("building", "ana", "rosa"), whole("building")] {
            assert_eq!(refused_code(&ana, action, &facts), Code::NotGranted, "{action:?}");
        }
    }
    assert!(!sees(&ana, &profile("bruno", &["building"])));
}

/// C-MGR-17: a map of everybody's day needs whose visits they are, when and where.
#[test]
fn c_mgr_17_a_manager_sees_where_all_visits_of_their_calendars_are() {
    let marta = person("marta", &["manager @ calendar/building"]);
    for visit in [visit("building", "ana", "rosa"), visit("building", "-", "rosa")] {
        assert!(sees_visit(&marta, &visit));
        for field in [
            "assignee",
            "assignee_name",
            "day",
            "from_minute",
            "latitude",
            "longitude",
        ] {
            let facts = policy::views::Facts::Appointment(visit.clone());
            assert!(shows(&marta, Kind::Appointment, &facts, field), "{field}");
        }
    }
    assert!(!sees_visit(&marta, &visit("health", "ana", "rosa")));
}

/// AMB-12: an inspector does not see when a colleague is blocked; their own block they see, with its reason.
#[test]
fn c_ins_10_an_inspector_sees_no_colleagues_blocks_and_absences() {
    let ana = person("ana", &["inspector @ department/building"]);
    assert!(!sees(&ana, &block("building", "bruno")));
    assert!(shows(&ana, Kind::Block, &block("building", "ana"), "because"));
    assert!(shows(&ana, Kind::Block, &block("building", "-"), "because"));
    assert!(!sees(&ana, &profile("bruno", &["building"])));
    assert!(shows(
        &ana,
        Kind::Person,
        &profile("ana", &["building"]),
        "absences"
    ));
    let elsewhere = person("ana", &["inspector @ calendar/fire"]);
    assert!(!sees(&elsewhere, &block("building", "ana")), "no longer theirs");
}

#[test]
fn c_mgr_08_a_manager_sees_the_blocks_and_absences_of_their_calendars() {
    let marta = person("marta", &["manager @ calendar/building"]);
    assert_eq!(masks(&marta, &block("building", "bruno")), [Mask::Limited]);
    for field in ["person", "person_name", "because", "history"] {
        assert!(
            shows(&marta, Kind::Block, &block("building", "bruno"), field),
            "{field}"
        );
    }
    assert!(!sees(&marta, &block("health", "bruno")) && !sees(&marta, &block("health", "-")));
    assert!(shows(
        &marta,
        Kind::Person,
        &profile("bruno", &["building"]),
        "absences"
    ));
    let laura = person("laura", &["administrator @ organization"]);
    assert!(masks(&laura, &block("attic", "bruno")).contains(&Mask::Full));
}

#[test]
fn c_mgr_07_and_c_mgr_08_managers_override_and_block_in_their_own_calendars_alone() {
    for action in [Action::OverrideRules, Action::BlockTime] {
        let marta = person("marta", &["manager @ calendar/building"]);
        let facts = visit("building", "ana", "rosa");
        assert_eq!(may(&marta, action, &facts), Ok(()));
        assert_eq!(
            refused_code(&marta, action, &visit("health", "marta", "marta")),
            Code::OutOfScope
        );
        let laura = person("laura", &["administrator @ organization"]);
        assert_eq!(may(&laura, action, &facts), Ok(()), "C-ADM-01");
        for role in ["inspector", "citizen"] {
            let ana = person("ana", &[&format!("{role} @ organization")]);
            let own = visit("building", "ana", "ana");
            assert_eq!(refused_code(&ana, action, &own), Code::NotGranted, "{role}");
        }
    }
}

#[test]
fn c_mgr_13_an_absence_is_marked_by_a_manager_of_a_calendar_the_person_inspects_in() {
    let facts = |calendars: &[&str]| PersonFacts {
        person: id("bruno"),
        inspects: calendars.iter().map(|calendar| id(calendar)).collect(),
    };
    let rows = [
        ("manager @ calendar/building", &["building"][..], None),
        ("manager @ department/building", &["fire", "building"], None),
        ("administrator @ organization", &["health"], None),
        ("manager @ calendar/building", &["health"], Some(Code::OutOfScope)),
        ("manager @ calendar/building", &[], Some(Code::OutOfScope)),
        ("manager @ calendar/attic", &["attic"], Some(Code::OutOfScope)),
        ("manager @ team/north", &["building"], Some(Code::OutOfScope)),
        (
            "inspector @ calendar/building",
            &["building"],
            Some(Code::NotGranted),
        ),
        ("citizen @ organization", &["building"], Some(Code::NotGranted)),
    ];
    for (grant, calendars, expected) in rows {
        let answer = may_mark_absence(&person("marta", &[grant]), &facts(calendars));
        assert_eq!(
            answer.map_err(|denial| denial.code).err(),
            expected,
            "{grant} {calendars:?}"
        );
    }
}

/// What a lock or an earlier finding says is for staff; that a visit did not take place is for its applicant too.
#[test]
fn c_cit_05_the_applicant_sees_why_a_visit_did_not_take_place_and_no_lock() {
    for field in ["called_off", "reinspects", "reinspection"] {
        for mask in [Mask::Limited, Mask::Onsite, Mask::Own] {
            assert!(fields(Kind::Appointment, mask).shows(field), "{field} {mask:?}");
        }
    }
    for field in ["lock", "found_before"] {
        assert!(fields(Kind::Appointment, Mask::Limited).shows(field), "{field}");
        assert!(fields(Kind::Appointment, Mask::Onsite).shows(field), "{field}");
        assert!(!fields(Kind::Appointment, Mask::Own).shows(field), "{field}");
    }
}
