//! C-DEPT-08: a role is taken back, and the grant stays on record.

use crate::grant_role::give;
use crate::town::{Town, grant_body, id, person, who};
use domain::Body;
use domain::people::{GrantBody, WithdrawGrant};
use policy::Code;

fn withdraw(grant: &str) -> WithdrawGrant {
    WithdrawGrant {
        grant: id(grant),
        because: " Moved to fire. ".to_owned(),
    }
}

fn on_record(town: &Town, grant: &str) -> GrantBody {
    match &town.records[&id(grant)].body {
        Body::Grant(grant) => grant.clone(),
        other => panic!("{other:?} is no grant"),
    }
}

#[test]
fn c_dept_08_a_grant_is_withdrawn_and_stays_on_record() {
    let mut town = Town::new();
    town.take(&who("laura"), withdraw("g-ana"));
    let grant = on_record(&town, "g-ana");
    assert_eq!(
        grant.withdrawn.as_deref(),
        Some("2026-11-23 10:00 by Laura: Moved to fire.")
    );
    assert_eq!(
        GrantBody {
            withdrawn: None,
            ..grant.clone()
        },
        grant_body("ana", "inspector", "calendar/building")
    );
    assert_eq!(grant.as_grant(id("g-ana")), None, "it gives nothing any more");
}

#[test]
fn the_profile_follows() {
    let mut town = Town::new();
    town.take(&who("laura"), give("ana", "inspector", "calendar/fire"));
    town.take(&who("laura"), withdraw("g-ana"));
    assert_eq!(town.get_person("ana").inspects, [id("fire")].into());
    town.take(&who("laura"), withdraw("g9"));
    assert!(town.get_person("ana").inspects.is_empty());
}

#[test]
fn two_grants_for_one_calendar_end_with_the_second() {
    let mut town = Town::new();
    town.take(&who("laura"), give("ana", "inspector", "calendar/building"));
    town.take(&who("laura"), withdraw("g-ana"));
    assert_eq!(town.get_person("ana").inspects, [id("building")].into());
}

#[test]
fn c_mgr_12_nobody_withdraws_their_own_grant_and_no_manager_anybodys() {
    let mut town = Town::new();
    town.add("g-laura", grant_body("laura", "administrator", "organization"));
    town.add("g-marta", grant_body("marta", "manager", "calendar/building"));
    assert_eq!(town.code(&who("laura"), withdraw("g-laura")), Code::Ceiling);
    assert_eq!(town.code(&who("marta"), withdraw("g-marta")), Code::Ceiling);
    assert_eq!(
        town.code(&who("marta"), withdraw("g-ana")),
        Code::NotFound,
        "nor does she see it"
    );
}

#[test]
fn c_bp_04_a_withdrawal_has_a_reason() {
    let command = WithdrawGrant {
        because: " ".to_owned(),
        ..withdraw("g-ana")
    };
    let denial = Town::new().denied(&who("laura"), command);
    assert!(
        denial.code == Code::InvalidInput && denial.sentence.starts_with("because is"),
        "{denial:?}"
    );
}

#[test]
fn a_grant_is_withdrawn_once() {
    let mut town = Town::new();
    town.take(&who("laura"), withdraw("g-ana"));
    let denial = town.denied(&who("laura"), withdraw("g-ana"));
    assert_eq!(denial.code, Code::WrongState);
    assert_eq!(
        denial.fact.as_deref(),
        Some("2026-11-23 10:00 by Laura: Moved to fire.")
    );
}

/// Today's answer, and a doubtful one: who may give a role in a department cannot take it back there, because only the
/// organization's administrators see grants.
#[test]
fn a_departments_administrator_cannot_withdraw_what_they_gave() {
    let local = person("lea", &["administrator @ department/building"]);
    let mut town = Town::new();
    town.take(&local, give("ana", "manager", "calendar/building"));
    assert_eq!(town.code(&local, withdraw("g9")), Code::NotFound);
}
