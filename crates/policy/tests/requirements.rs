//! One small test per line of the requirements that the policy alone can answer.

use policy::inspections::{Action, AppointmentFacts, PermitFacts, may};
use policy::people::{PersonFacts, may_grant};
use policy::views::{Facts, Mask, Shown, View, fields, of_actor, of_record};
use policy::{
    Actor, CalendarPlace, Code, Denial, Grant, Kind, Millis, Permission, PersonId, Places, Reach, Rights, Role,
    RoleName, Scope, TeamPlace, shipped_roles,
};
use std::collections::BTreeSet;

const NOW: Millis = 1_795_000_000_000;
const HOUR: Millis = 3_600_000;

fn id<T: TryFrom<String>>(text: &str) -> T {
    match T::try_from(text.to_owned()) {
        Ok(id) => id,
        Err(_) => panic!("{text} is no id"),
    }
}

/// Building and fire are open to the public, electrical and health are not; the attic is no longer in use.
fn town() -> Places {
    let mut places = Places::default();
    let rows = [
        ("building", "building", true, true),
        ("electrical", "electrical", false, true),
        ("fire", "fire", true, true),
        ("health", "health", false, true),
        ("attic", "building", true, false),
    ];
    for (calendar, department, public, active) in rows {
        let place = CalendarPlace { name: format!("{calendar} inspections"), department: id(department), public, active };
        places.calendars.insert(id(calendar), place);
        places.departments.insert(id(department), department.to_owned());
    }
    for (team, calendar) in [("north", "building"), ("south", "fire"), ("wires", "electrical")] {
        places.teams.insert(id(team), TeamPlace { name: team.to_owned(), calendar: id(calendar) });
    }
    places
}

/// A person with grants as `role @ scope`, such as `inspector @ calendar/building`.
fn person(name: &str, grants: &[&str]) -> Actor {
    Actor::new(rights(name, grants).at(NOW))
}

fn rights(name: &str, grants: &[&str]) -> Rights {
    let mut rights = Rights::nothing(id(name), name, "America/Montevideo");
    rights.places = town();
    rights.roles = shipped_roles();
    rights.contacts = vec!["Laura Pérez, administrator".to_owned()];
    rights.grants = grants.iter().map(|text| grant(name, text)).collect();
    rights
}

fn grant(name: &str, text: &str) -> Grant {
    let (role, scope) = text.split_once(" @ ").unwrap();
    Grant {
        id: id("g1"),
        person: id(name),
        role: RoleName(format!("inspections.{role}")),
        scope: Scope::parse(scope).unwrap(),
        from: None,
        until: None,
        granted_by: "Laura Pérez".to_owned(),
        because: "works there".to_owned(),
    }
}

/// A visit: where, assigned to whom, applied for by whom; `-` is nobody.
fn visit(calendar: &str, assignee: &str, applicant: &str) -> AppointmentFacts {
    let who = |name: &str| (name != "-").then(|| id::<PersonId>(name));
    AppointmentFacts { calendar: id(calendar), team: None, assignee: who(assignee), applicant: who(applicant) }
}

fn whole(calendar: &str) -> AppointmentFacts {
    AppointmentFacts::of_calendar(id(calendar))
}

fn permit(calendar: &str, applicant: &str, inspectors: &[&str]) -> Facts {
    let people = inspectors.iter().map(|name| id(name)).collect();
    Facts::Permit(PermitFacts { calendar: id(calendar), applicant: Some(id(applicant)), people, teams: Vec::new() })
}

fn profile(name: &str, calendars: &[&str]) -> Facts {
    let inspects = calendars.iter().map(|calendar| id(calendar)).collect();
    Facts::Person(PersonFacts { person: id(name), inspects })
}

/// The masks through which a person sees a record; none where it is not listed.
fn masks(actor: &Actor, facts: &Facts) -> Vec<Mask> {
    let held = of_actor(actor);
    of_record(facts).into_iter().filter(|view| held.contains(view)).map(|view| view.mask).collect()
}

fn sees(actor: &Actor, facts: &Facts) -> bool {
    !masks(actor, facts).is_empty()
}

fn sees_visit(actor: &Actor, facts: &AppointmentFacts) -> bool {
    let listed = sees(actor, &Facts::Appointment(facts.clone()));
    assert_eq!(listed, may(actor, Action::ViewAppointments, facts).is_ok(), "listed = allowed: {facts:?}");
    listed
}

/// The fields of a kind that a person sees of a record.
fn shows(actor: &Actor, kind: Kind, facts: &Facts, field: &str) -> bool {
    masks(actor, facts).into_iter().any(|mask| fields(kind, mask).shows(field))
}

fn refused(actor: &Actor, action: Action, facts: &AppointmentFacts) -> Denial {
    match may(actor, action, facts) {
        Ok(()) => panic!("{} may {action:?} with {facts:?}", actor.name()),
        Err(denial) => denial,
    }
}

fn refused_code(actor: &Actor, action: Action, facts: &AppointmentFacts) -> Code {
    refused(actor, action, facts).code
}

/// Somebody who is not signed in, or has no role yet.
fn guest() -> Actor {
    person("somebody", &[])
}

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
        for field in ["assignee", "assignee_name", "inspects", "teams", "people", "roster"] {
            assert!(!shows(&guest, kind, &offer, field), "{field} of {kind:?}");
        }
    }
}

#[test]
fn c_guest_07_a_guest_has_no_detailed_schedule() {
    let guest = guest();
    assert!(may(&guest, Action::ViewAvailability, &whole("building")).is_ok());
    for action in Action::ALL.into_iter().filter(|action| *action != Action::ViewAvailability) {
        assert_eq!(refused_code(&guest, action, &whole("building")), Code::NotGranted, "{action:?}");
    }
    for view in of_actor(&guest) {
        let text = view.to_string();
        assert!(text.starts_with("offer/") || text == "person/somebody#own", "{text}");
    }
}

#[test]
fn c_guest_08_a_guest_sees_nobodys_appointments() {
    let guest = guest();
    for facts in [visit("building", "-", "rosa"), visit("fire", "ana", "rosa"), visit("building", "-", "somebody")] {
        assert!(!sees_visit(&guest, &facts));
    }
    assert!(!sees(&guest, &permit("building", "rosa", &[])));
}

#[test]
fn c_cit_07_a_citizen_sees_nobody_elses_appointments() {
    let rosa = person("rosa", &["citizen @ organization"]);
    assert!(sees_visit(&rosa, &visit("building", "ana", "rosa")));
    for facts in [visit("building", "ana", "carlos"), visit("building", "-", "-"), visit("fire", "rosa", "carlos")] {
        assert!(!sees_visit(&rosa, &facts), "{facts:?}");
        assert_eq!(refused_code(&rosa, Action::ViewAppointments, &facts), Code::NotApplicant);
        assert_eq!(refused_code(&rosa, Action::ViewApplicant, &facts), Code::NotGranted);
    }
}

#[test]
fn c_cit_09_a_citizen_has_no_staff_calendar() {
    let rosa = person("rosa", &["citizen @ organization"]);
    for calendar in ["electrical", "health", "attic"] {
        assert_eq!(refused_code(&rosa, Action::ViewAvailability, &whole(calendar)), Code::NotGranted);
        assert!(!sees(&rosa, &Facts::Offer(Kind::Calendar, id(calendar))), "{calendar}");
    }
    assert_eq!(refused_code(&rosa, Action::ViewConfiguration, &whole("building")), Code::NotGranted);
    let open = Facts::Offer(Kind::Calendar, id("building"));
    assert_eq!(masks(&rosa, &open), [Mask::Public]);
    assert!(!sees(&rosa, &profile("ana", &["building"])), "the inspectors of a calendar");
}

#[test]
fn c_cit_10_a_citizen_does_not_change_the_inspector() {
    let rosa = person("rosa", &["citizen @ organization"]);
    for action in [Action::Reassign, Action::RequestReassignment, Action::UpdateStatus, Action::BulkChange] {
        assert_eq!(refused_code(&rosa, action, &visit("building", "ana", "rosa")), Code::NotGranted, "{action:?}");
    }
}

#[test]
fn c_cit_11_a_citizen_does_not_book_for_anothers_permit() {
    let rosa = person("rosa", &["citizen @ organization"]);
    assert!(may(&rosa, Action::Book, &visit("building", "-", "rosa")).is_ok());
    for applicant in ["carlos", "-"] {
        let denial = refused(&rosa, Action::Book, &visit("building", "-", applicant));
        assert_eq!((denial.code, denial.rule.as_str()), (Code::NotApplicant, "C-CIT-11"));
        assert!(!sees(&rosa, &permit("building", "carlos", &[])));
    }
}

#[test]
fn c_cit_16_and_c_dept_07_a_citizen_sees_own_permits_in_every_department() {
    for scope in ["organization", "department/building", "calendar/building"] {
        let rosa = person("rosa", &[&format!("citizen @ {scope}")]);
        for calendar in ["building", "electrical", "fire", "health", "attic"] {
            assert_eq!(masks(&rosa, &permit(calendar, "rosa", &[])), [Mask::Own], "{scope} {calendar}");
            assert!(sees_visit(&rosa, &visit(calendar, "-", "rosa")), "{scope} {calendar}");
        }
    }
}

#[test]
fn c_dept_01_roles_differ_by_department() {
    let ana = person("ana", &["inspector @ department/building", "citizen @ department/fire"]);
    assert!(may(&ana, Action::UpdateStatus, &visit("building", "ana", "rosa")).is_ok());
    let in_fire = visit("fire", "ana", "rosa");
    assert_eq!(refused_code(&ana, Action::UpdateStatus, &in_fire), Code::OutOfScope);
    assert!(!sees_visit(&ana, &in_fire));
    let marta = person("marta", &["manager @ department/building", "inspector @ department/fire"]);
    assert!(may(&marta, Action::Reassign, &visit("building", "ana", "rosa")).is_ok());
    assert_eq!(refused_code(&marta, Action::Reassign, &visit("fire", "marta", "rosa")), Code::OutOfScope);
    assert!(may(&marta, Action::UpdateStatus, &visit("fire", "marta", "rosa")).is_ok());
}

#[test]
fn c_dept_02_a_manager_of_two_departments_has_nothing_in_a_third() {
    let marta = person("marta", &["manager @ department/building", "manager @ department/electrical"]);
    for (calendar, expected) in [("building", true), ("electrical", true), ("health", false), ("fire", false)] {
        let facts = visit(calendar, "ana", "rosa");
        assert_eq!(sees_visit(&marta, &facts), expected, "{calendar}");
        assert_eq!(may(&marta, Action::Reassign, &facts).is_ok(), expected, "{calendar}");
        assert_eq!(may(&marta, Action::ViewConfiguration, &whole(calendar)).is_ok(), expected, "{calendar}");
        assert_eq!(sees(&marta, &profile("ana", &[calendar])), expected, "{calendar}");
    }
}

#[test]
fn c_dept_03_a_citizen_sees_own_permits_alone() {
    let rosa = person("rosa", &["citizen @ organization", "citizen @ department/fire"]);
    for calendar in ["building", "fire", "health"] {
        assert!(sees(&rosa, &permit(calendar, "rosa", &["ana"])));
        assert!(!sees(&rosa, &permit(calendar, "carlos", &["ana"])), "{calendar}");
        assert!(!sees(&rosa, &permit(calendar, "carlos", &["rosa"])), "{calendar}: not by being linked to it");
    }
}

#[test]
fn c_dept_04_an_inspector_sees_assigned_calendars_alone() {
    let ana = person("ana", &["inspector @ calendar/electrical"]);
    for (calendar, expected) in [("electrical", true), ("health", false), ("attic", false)] {
        assert_eq!(may(&ana, Action::ViewAvailability, &whole(calendar)).is_ok(), expected, "{calendar}");
        assert_eq!(sees(&ana, &Facts::Offer(Kind::InspectionType, id(calendar))), expected, "{calendar}");
        assert_eq!(sees_visit(&ana, &visit(calendar, "ana", "rosa")), expected, "{calendar}");
        assert_eq!(sees(&ana, &permit(calendar, "rosa", &["ana"])), expected, "{calendar}");
    }
}

/// A calendar that only a team of the person works in is as much theirs as one named in the grant.
#[test]
fn c_dept_04_a_team_inspector_sees_what_the_teams_calendar_offers() {
    let ana = person("ana", &["inspector @ team/wires"]);
    assert!(sees(&ana, &Facts::Offer(Kind::InspectionType, id("electrical"))), "it is listed");
    assert_eq!(may(&ana, Action::ViewAvailability, &whole("electrical")), Ok(()), "so it is allowed");
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
    assert_eq!(masks(&marta, &Facts::Appointment(visit("electrical", "ana", "rosa"))), [Mask::Limited]);
    assert!(sees(&marta, &permit("electrical", "rosa", &[])) && sees(&marta, &profile("ana", &["electrical"])));
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
        assert!(masks(&laura, &permit(calendar, "rosa", &[])).contains(&Mask::Full), "{calendar}");
        assert!(may(&laura, Action::EditCalendar, &whole(calendar)).is_ok(), "{calendar}");
    }
}

/// What the administrator receives they may see, and whoever closed a calendar can open it again (C-ADM-03).
#[test]
fn c_dept_06_an_administrator_acts_in_a_calendar_that_is_not_active() {
    let laura = person("laura", &["administrator @ organization"]);
    let facts = visit("attic", "ana", "rosa");
    assert!(sees(&laura, &Facts::Appointment(facts.clone())), "it is listed");
    assert_eq!(may(&laura, Action::ViewAppointments, &facts), Ok(()), "so it is allowed");
    assert_eq!(may(&laura, Action::EditCalendar, &whole("attic")), Ok(()));
}

#[test]
fn c_mgr_13_a_manager_has_nothing_in_another_department() {
    let marta = person("marta", &["manager @ department/building"]);
    for action in Action::ALL.into_iter().filter(|action| may(&marta, *action, &whole("building")).is_ok()) {
        let facts = visit("health", "marta", "rosa");
        let denial = refused(&marta, action, &facts);
        assert!(matches!(denial.code, Code::OutOfScope | Code::NotApplicant), "{action:?}: {denial:?}");
        assert!(denial.sentence.contains("health inspections"), "{action:?}: {denial}");
        assert_eq!(denial.who.as_deref(), Some("Laura Pérez, administrator"), "C-MGR-21");
    }
    let granted = person("marta", &["manager @ department/building", "manager @ department/health"]);
    assert!(may(&granted, Action::Reassign, &visit("health", "ana", "rosa")).is_ok(), "unless granted");
}

#[test]
fn c_ins_10_an_inspector_sees_no_other_inspectors_schedule() {
    let ana = person("ana", &["inspector @ department/building"]);
    let theirs = visit("building", "bruno", "rosa");
    assert!(!sees_visit(&ana, &theirs) && !sees_visit(&ana, &visit("building", "-", "rosa")));
    let denial = refused(&ana, Action::ViewAppointments, &theirs);
    assert_eq!((denial.code, denial.fact.as_deref()), (Code::NotAssigned, Some("It is assigned to somebody else.")));
    assert!(!sees(&ana, &permit("building", "rosa", &["bruno"])));
    assert!(!sees(&ana, &profile("bruno", &["building"])));
}

#[test]
fn c_ins_11_an_inspector_does_not_reassign() {
    let ana = person("ana", &["inspector @ organization", "inspector @ team/north"]);
    for facts in [visit("building", "ana", "rosa"), visit("building", "bruno", "rosa"), whole("building")] {
        assert_eq!(refused_code(&ana, Action::Reassign, &facts), Code::NotGranted);
        assert_eq!(refused_code(&ana, Action::BulkChange, &facts), Code::NotGranted);
    }
    assert!(may(&ana, Action::RequestReassignment, &visit("building", "ana", "rosa")).is_ok());
}

#[test]
fn c_bp_01_a_new_role_or_grant_starts_empty() {
    let everybody = of_actor(&guest());
    let empty = Role {
        name: RoleName("inspections.observer".to_owned()),
        title: "Observer".to_owned(),
        permissions: Vec::new(),
        may_grant: Vec::new(),
    };
    let mut observer = rights("somebody", &["observer @ organization", "unheard_of @ organization"]);
    observer.roles.push(empty);
    let observer = Actor::new(observer.at(NOW));
    assert_eq!(of_actor(&observer), everybody);
    for action in Action::ALL.into_iter().filter(|action| *action != Action::ViewAvailability) {
        assert_eq!(refused_code(&observer, action, &visit("building", "somebody", "somebody")), Code::NotGranted);
    }
    let nothing = Actor::new(Rights::nothing(id("somebody"), "Somebody", "UTC"));
    let own: BTreeSet<View> = [View::try_from("person/somebody#own".to_owned()).unwrap()].into();
    assert_eq!(of_actor(&nothing), own);
}

#[test]
fn c_cal_04_public_visibility_is_the_switch_for_guests() {
    let offer = |kind| Facts::Offer(kind, id("electrical"));
    let rows = [(false, false, false), (false, true, false), (true, false, false), (true, true, true)];
    for (public, active, expected) in rows {
        let mut rights = rights("somebody", &[]);
        let place = rights.places.calendars.get_mut(&id("electrical")).unwrap();
        (place.public, place.active) = (public, active);
        let guest = Actor::new(rights);
        assert_eq!(may(&guest, Action::ViewAvailability, &whole("electrical")).is_ok(), expected);
        for kind in [Kind::Calendar, Kind::InspectionType] {
            assert_eq!(sees(&guest, &offer(kind)), expected, "public {public} active {active}");
        }
    }
    let Shown::Only(shown) = fields(Kind::Calendar, Mask::Public) else { panic!("all of a calendar is public") };
    for field in ["capacity_per_day", "blocked_days", "cutoff_minute", "teams"] {
        assert!(!shown.contains(&field), "{field}");
    }
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
        assert_eq!(gives(&laura, role, "calendar/building", "laura"), Err(Code::Ceiling), "{role} to oneself");
        assert_eq!(gives(&marta, role, "calendar/building", "ana"), Err(Code::NotGranted), "{role} by a manager");
        assert_eq!(gives(&marta, role, "calendar/building", "marta"), Err(Code::Ceiling), "{role} to oneself");
        for giver in ["citizen @ organization", "inspector @ organization"] {
            assert_eq!(gives(&person("iris", &[giver]), role, "calendar/building", "ana"), Err(Code::NotGranted));
        }
    }
    assert_eq!(gives(&laura, "superuser", "organization", "ana"), Err(Code::NotGranted), "a role nobody may give");
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
    let mut rights = rights("ana", &["inspector @ calendar/building", "manager @ calendar/fire", "citizen @ organization"]);
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
    let scopes = ["organization", "department/building", "calendar/building", "team/north"];
    let mut actors = vec![guest(), person("ana", &["inspector @ calendar/building", "citizen @ organization"])];
    for (role, scope) in people.iter().flat_map(|role| scopes.map(|scope| (role, scope))) {
        actors.push(person("ana", &[&format!("{role} @ {scope}")]));
    }
    let places = ["building", "fire", "health", "attic", "unheard-of"];
    let who = ["-", "ana", "bruno"];
    let mut codes = BTreeSet::new();
    for actor in &actors {
        for (calendar, assignee, applicant) in
            places.iter().flat_map(|p| who.iter().flat_map(move |a| who.map(|b| (*p, *a, b))))
        {
            for action in Action::ALL {
                let Err(denial) = may(actor, action, &visit(calendar, assignee, applicant)) else { continue };
                assert!(denial.sentence.starts_with("You") || denial.sentence.starts_with("None"), "{denial}");
                assert!(denial.sentence.ends_with('.') && denial.rule.starts_with("C-"), "{denial:?}");
                assert!(denial.who.as_ref().is_some_and(|who| !who.is_empty()), "{denial:?}");
                let json = serde_json::to_value(&denial).unwrap();
                assert_eq!(serde_json::from_value::<Denial>(json.clone()).unwrap(), denial);
                codes.insert(json["code"].as_str().unwrap().to_owned());
            }
        }
    }
    let stable = ["not_applicant", "not_assigned", "not_granted", "out_of_scope"].map(str::to_owned);
    assert_eq!(codes, BTreeSet::from(stable));
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
        assert_eq!(may(&iris, Action::ViewConfiguration, &whole(calendar)).is_ok(), expected, "{calendar}");
    }
}
