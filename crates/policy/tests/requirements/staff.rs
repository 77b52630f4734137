//! What inspectors and managers may not.

use crate::town::{permit, person, profile, refused, refused_code, sees, sees_visit, visit, whole};
use policy::Code;
use policy::inspections::{Action, may};

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
