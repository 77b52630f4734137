//! Grants and roles, and what a denial says.

use crate::town::{HOUR, NOW, guest, id, person, refused_code, rights, sees_visit, visit};
use policy::inspections::{Action, may};
use policy::people::may_grant;
use policy::views::{View, of_actor};
use policy::{Actor, Code, Denial, Grant, Rights, Role, RoleName, Scope};
use std::collections::BTreeSet;

#[test]
fn c_bp_01_a_new_role_or_grant_starts_empty() {
    let everybody = of_actor(&guest());
    let empty = Role {
        name: RoleName("inspections.observer".to_owned()),
        title: "Observer".to_owned(),
        permissions: Vec::new(),
        may_grant: Vec::new(),
    };
    let mut observer = rights(
        "somebody",
        &["observer @ organization", "unheard_of @ organization"],
    );
    observer.roles.push(empty);
    let observer = Actor::new(observer.at(NOW));
    assert_eq!(of_actor(&observer), everybody);
    for action in Action::ALL
        .into_iter()
        .filter(|action| *action != Action::ViewAvailability)
    {
        assert_eq!(
            refused_code(&observer, action, &visit("building", "somebody", "somebody")),
            Code::NotGranted
        );
    }
    let nothing = Actor::new(Rights::nothing(id("somebody"), "Somebody", "UTC"));
    let own: BTreeSet<View> = [View::try_from("person/somebody#own".to_owned()).unwrap()].into();
    assert_eq!(of_actor(&nothing), own);
}

#[test]
fn c_mgr_12_nobody_changes_their_own_roles_and_no_manager_anybodys() {
    let roles = ["citizen", "inspector", "manager", "administrator"];
    let gives = |actor: &Actor, role: &str, scope: &str, to: &str| {
        let role = RoleName(format!("inspections.{role}"));
        may_grant(actor, &role, &Scope::parse(scope).unwrap(), &id(to)).map_err(|denial| denial.code)
    };
    let laura = person("laura", &["administrator @ organization"]);
    let marta = person("marta", &["manager @ organization"]);
    for role in roles {
        assert_eq!(gives(&laura, role, "organization", "ana"), Ok(()), "{role}");
        assert_eq!(
            gives(&laura, role, "calendar/building", "laura"),
            Err(Code::Ceiling),
            "{role} to oneself"
        );
        assert_eq!(
            gives(&marta, role, "calendar/building", "ana"),
            Err(Code::NotGranted),
            "{role} by a manager"
        );
        assert_eq!(
            gives(&marta, role, "calendar/building", "marta"),
            Err(Code::Ceiling),
            "{role} to oneself"
        );
        for giver in ["citizen @ organization", "inspector @ organization"] {
            assert_eq!(
                gives(&person("iris", &[giver]), role, "calendar/building", "ana"),
                Err(Code::NotGranted)
            );
        }
    }
    assert_eq!(
        gives(&laura, "superuser", "organization", "ana"),
        Err(Code::NotGranted),
        "a role nobody may give"
    );
}

#[test]
fn c_adm_09_and_c_adm_11_a_role_is_given_within_the_givers_scope() {
    let rows = [
        ("organization", "department/fire", true),
        ("organization", "team/south", true),
        ("department/building", "department/building", true),
        ("department/building", "calendar/building", true),
        ("department/building", "team/north", true),
        ("department/building", "calendar/fire", false),
        ("department/building", "department/fire", false),
        ("department/building", "team/south", false),
        ("department/building", "organization", false),
        ("calendar/building", "calendar/building", true),
        ("calendar/building", "team/north", true),
        ("calendar/building", "team/south", false),
        ("calendar/building", "department/building", false),
        ("team/north", "calendar/building", false),
        ("team/north", "team/south", false),
    ];
    for (own, given, expected) in rows {
        let laura = person("laura", &[&format!("administrator @ {own}")]);
        let role = RoleName("inspections.inspector".to_owned());
        let verdict = may_grant(&laura, &role, &Scope::parse(given).unwrap(), &id("ana"));
        assert_eq!(verdict.is_ok(), expected, "{own} gives in {given}");
    }
}

#[test]
fn x_01_one_identity_holds_several_roles_each_in_its_scope_and_time() {
    let mut rights = rights(
        "ana",
        &[
            "inspector @ calendar/building",
            "manager @ calendar/fire",
            "citizen @ organization",
        ],
    );
    (rights.grants[1].from, rights.grants[1].until) = (Some(NOW), Some(NOW + HOUR));
    let theirs = visit("fire", "bruno", "rosa");
    let rows = [
        (NOW - 1, false, "before it begins"),
        (NOW, true, "when it begins"),
        (NOW + HOUR - 1, true, "until it ends"),
        (NOW + HOUR, false, "once it has ended"),
    ];
    for (at, manages, when) in rows {
        let ana = Actor::new(rights.clone().at(at));
        assert_eq!(sees_visit(&ana, &theirs), manages, "{when}");
        assert!(sees_visit(&ana, &visit("building", "ana", "rosa")), "{when}");
        assert!(sees_visit(&ana, &visit("health", "-", "ana")), "{when}");
    }
    let json = serde_json::to_value(&rights.grants[1]).unwrap();
    for field in ["role", "scope", "from", "until", "granted_by", "because"] {
        assert!(!json[field].is_null(), "{field} of {json}");
    }
    assert_eq!(serde_json::from_value::<Grant>(json).unwrap(), rights.grants[1]);
}

/// A grant is read with what it says and nothing else: a misspelled limit must not widen it.
#[test]
fn x_01_a_scope_with_an_unknown_field_is_not_read() {
    let text = r#"{"kind": "calendar", "id": "building", "only_team": "north"}"#;
    assert!(serde_json::from_str::<Scope>(text).is_err());
}

#[test]
fn x_10_every_denial_has_a_code_a_sentence_a_rule_and_who_can_help() {
    let people = ["citizen", "inspector", "manager", "administrator"];
    let scopes = [
        "organization",
        "department/building",
        "calendar/building",
        "team/north",
    ];
    let mut actors = vec![
        guest(),
        person(
            "ana",
            &["inspector @ calendar/building", "citizen @ organization"],
        ),
    ];
    for (role, scope) in people.iter().flat_map(|role| scopes.map(|scope| (role, scope))) {
        actors.push(person("ana", &[&format!("{role} @ {scope}")]));
    }
    let places = ["building", "fire", "health", "attic", "unheard-of"];
    let who = ["-", "ana", "bruno"];
    let mut codes = BTreeSet::new();
    for actor in &actors {
        for (calendar, assignee, applicant) in places
            .iter()
            .flat_map(|p| who.iter().flat_map(move |a| who.map(|b| (*p, *a, b))))
        {
            for action in Action::ALL {
                let Err(denial) = may(actor, action, &visit(calendar, assignee, applicant)) else {
                    continue;
                };
                assert!(
                    denial.sentence.starts_with("You") || denial.sentence.starts_with("None"),
                    "{denial}"
                );
                assert!(
                    denial.sentence.ends_with('.') && denial.rule.starts_with("C-"),
                    "{denial:?}"
                );
                assert!(
                    denial.who.as_ref().is_some_and(|who| !who.is_empty()),
                    "{denial:?}"
                );
                let json = serde_json::to_value(&denial).unwrap();
                assert_eq!(serde_json::from_value::<Denial>(json.clone()).unwrap(), denial);
                codes.insert(json["code"].as_str().unwrap().to_owned());
            }
        }
    }
    let stable = [
        "not_applicant",
        "not_assigned",
        "not_granted",
        "out_of_scope",
        // To open in an emergency what one sees already.
        "wrong_state",
    ]
    .map(str::to_owned);
    assert_eq!(codes, BTreeSet::from(stable));
}
