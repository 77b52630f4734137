//! Access in an emergency: taken with a reason, for a few hours, to look only; and reviewed by those who supervise there.

use crate::town::{Town, at, id, person, who};
use domain::emergency::{BreakGlass, EndAccess, ReviewAccess};
use domain::people::{AccessFinding, Emergency, GrantBody, Review};
use domain::{BECAUSE_MAX, Body, Command};
use policy::inspections::{BECAUSE_MIN, EMERGENCY_HOURS, UNREVIEWED_MAX};
use policy::{Actor, Code, Kind, RoleName, Scope};

const WHY: &str = "Smoke on the third floor.";
const HOUR: i64 = 3_600_000;

fn open(grant: &str, calendar: &str) -> BreakGlass {
    BreakGlass {
        grant: id(grant),
        calendar: id(calendar),
        because: WHY.to_owned(),
    }
}

fn because(because: &str) -> BreakGlass {
    BreakGlass {
        because: because.to_owned(),
        ..open("e1", "building")
    }
}

fn end(grant: &str) -> EndAccess {
    EndAccess { grant: id(grant) }
}

fn review(grant: &str, finding: AccessFinding) -> ReviewAccess {
    ReviewAccess {
        grant: id(grant),
        finding,
        because: "The fire brigade says so.".to_owned(),
    }
}

fn on_record<'a>(town: &'a Town, grant: &str) -> &'a GrantBody {
    match &town.records[&id(grant)].body {
        Body::Grant(grant) => grant,
        _ => panic!("{grant} is no grant"),
    }
}

fn emergency<'a>(town: &'a Town, grant: &str) -> &'a Emergency {
    match &on_record(town, grant).emergency {
        Some(emergency) => emergency,
        None => panic!("{grant} was given"),
    }
}

/// A town in which Ivo, who inspects for fire, has opened building as `e1`.
fn opened() -> Town {
    let mut town = Town::new();
    town.take(&who("ivo"), open("e1", "building"));
    town
}

/// Ivo while building is open to him.
fn ivo_there() -> Actor {
    person(
        "ivo",
        &["inspector @ calendar/fire", "emergency @ calendar/building"],
    )
}

#[test]
fn c_dept_08_an_inspector_opens_another_calendar_for_a_few_hours_and_it_says_why() {
    let mut town = Town::new();
    let effect = town.take(&who("ivo"), because(&format!("  {WHY} ")));
    assert!(!effect.asks_office);
    let expected = GrantBody {
        person: id("ivo"),
        role: RoleName("inspections.emergency".to_owned()),
        scope: Scope::Calendar(id("building")),
        from: Some(town.now),
        until: Some(town.now + i64::from(EMERGENCY_HOURS) * HOUR),
        granted_by: "Ivo".to_owned(),
        because: WHY.to_owned(),
        withdrawn: None,
        emergency: Some(Emergency {
            calendar: id("building"),
            calendar_name: "Building inspections".to_owned(),
            review: None,
        }),
    };
    assert_eq!(on_record(&town, "e1"), &expected);
    assert_eq!(EMERGENCY_HOURS, 4);
    let grant = expected.as_grant(id("e1")).unwrap();
    assert!(grant.in_force(town.now) && grant.in_force(at("2026-11-23 13:59")));
    assert!(!grant.in_force(at("2026-11-23 14:00")));
    // Managers too, and whoever administers one calendar.
    for other in [
        person("felix", &["manager @ calendar/fire"]),
        person("olga", &["administrator @ calendar/fire"]),
        person("nico", &["inspector @ team/south", "citizen @ organization"]),
    ] {
        town.take(&other, open(&format!("e-{}", other.person()), "building"));
    }
}

#[test]
fn what_is_open_in_an_emergency_is_looked_at_and_nothing_is_done_there() {
    let mut town = opened();
    town.block("b2", "building", "2026-11-24", |block| {
        block.person = Some(id("ana"))
    });
    town.block("b3", "building", "2026-11-24", |_| {});
    let ivo = ivo_there();
    let sees = ["v1", "final", "building", "b3", "e1", "g-ivo"];
    let hidden = ["p1", "w1", "b2", "ana", "g-ana"];
    for (name, expected) in sees
        .map(|name| (name, true))
        .into_iter()
        .chain(hidden.map(|name| (name, false)))
    {
        assert_eq!(town.sees(&ivo, name), expected, "{name}");
    }
    let masks: Vec<_> = town.records[&id("v1")]
        .views()
        .into_iter()
        .filter(|view| policy::views::of_actor(&ivo).contains(view))
        .collect();
    assert_eq!(
        masks.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["calendar/building#onsite"]
    );
    for (_, command) in crate::seen::each() {
        if !command.targets().contains(&id("v1")) {
            continue;
        }
        let code = town.code(&ivo, command.clone());
        assert!(
            matches!(code, Code::NotGranted | Code::OutOfScope | Code::NotAssigned),
            "{}: {code:?}",
            command.name()
        );
    }
}

#[test]
fn whoever_has_no_role_there_or_sees_it_already_opens_nothing() {
    let mut town = Town::new();
    let rows = [
        ("rosa", "building", Code::NotGranted),
        ("ana", "building", Code::WrongState),
        ("nico", "building", Code::WrongState),
        ("marta", "building", Code::WrongState),
        ("laura", "building", Code::WrongState),
        ("laura", "attic", Code::WrongState),
        ("ivo", "attic", Code::NotFound),
        ("ivo", "cellar", Code::NotFound),
    ];
    for (name, calendar, expected) in rows {
        let denial = town.denied(&who(name), open("e1", calendar));
        assert_eq!(denial.code, expected, "{name} opens {calendar}");
        assert!(expected == Code::NotFound || denial.who.is_some(), "{denial:?}");
    }
    let nobody = person("nadia", &[]);
    assert_eq!(town.code(&nobody, open("e1", "building")), Code::NotGranted);
    // To look in an emergency is no employment.
    let guest = person("nadia", &["emergency @ calendar/fire"]);
    assert_eq!(town.code(&guest, open("e1", "building")), Code::NotGranted);
    // A calendar that is not open to the public is not one to be asked about.
    town.calendar("building", |calendar| calendar.public = false);
    let mut ivo = who("ivo");
    ivo.rights
        .places
        .calendars
        .get_mut(&id("building"))
        .unwrap()
        .public = false;
    assert_eq!(town.code(&ivo, open("e1", "building")), Code::NotFound);
    town.calendar("building", |calendar| {
        (calendar.public, calendar.active) = (true, false)
    });
    ivo.rights
        .places
        .calendars
        .get_mut(&id("building"))
        .unwrap()
        .active = false;
    assert_eq!(town.code(&ivo, open("e1", "building")), Code::NotFound);
}

#[test]
fn an_emergency_has_a_reason_that_says_something_and_an_id_of_its_own() {
    let town = Town::new();
    let ivo = who("ivo");
    for text in [
        "",
        "   ",
        "Fire!",
        &"x".repeat(BECAUSE_MIN - 1),
        &"x".repeat(BECAUSE_MAX + 1),
    ] {
        let denial = town.denied(&ivo, because(text));
        assert_eq!(denial.code, Code::InvalidInput, "`{text}`");
    }
    assert!(town.decide(&ivo, because(&"x".repeat(BECAUSE_MIN))).is_ok());
    assert_eq!(town.code(&ivo, open("g-ivo", "building")), Code::AlreadyExists);
}

#[test]
fn one_calendar_is_open_at_a_time_and_what_is_over_counts_no_more() {
    let third = |town: &mut Town| {
        let mut cellar = town.get_calendar("fire").clone();
        cellar.name = "Cellars".to_owned();
        town.add("cellar", cellar);
    };
    let mut ivo = who("ivo");
    let place = ivo.rights.places.calendars[&id("fire")].clone();
    ivo.rights.places.calendars.insert(id("cellar"), place);
    let mut town = opened();
    third(&mut town);
    let denial = town.denied(&ivo, open("e2", "cellar"));
    assert_eq!(
        (denial.code, denial.rule.as_str()),
        (Code::WrongState, "C-DEPT-08")
    );
    assert_eq!(
        denial.fact.as_deref(),
        Some("Building inspections, until 2026-11-23 14:00.")
    );
    assert!(denial.who.unwrap().starts_with("yourself"));
    // Somebody else's is no obstacle.
    assert!(town.decide(&who("ana"), open("e2", "fire")).is_ok());

    let mut later = town.clone();
    later.now = at("2026-11-23 14:00");
    assert!(
        later.decide(&ivo, open("e2", "cellar")).is_ok(),
        "it has ended by the clock"
    );
    let mut ended = town.clone();
    ended.take(&ivo_there(), end("e1"));
    assert!(
        ended.decide(&ivo, open("e2", "cellar")).is_ok(),
        "it was ended, and waits for a review"
    );
    let mut unjustified = town.clone();
    unjustified.take(&who("marta"), review("e1", AccessFinding::NotJustified));
    assert!(unjustified.decide(&ivo, open("e2", "cellar")).is_ok());
    town.take(&who("marta"), review("e1", AccessFinding::Justified));
    assert!(
        town.decide(&ivo, open("e2", "cellar")).is_err(),
        "it is open still"
    );
}

#[test]
fn so_many_accesses_wait_for_a_review_and_no_more() {
    let mut town = Town::new();
    let ivo = who("ivo");
    for number in 0..UNREVIEWED_MAX {
        let name = format!("e{number}");
        town.take(&ivo, open(&name, "building"));
        town.take(&ivo, end(&name));
    }
    assert_eq!(UNREVIEWED_MAX, 3);
    let denial = town.denied(&ivo, open("e9", "building"));
    assert_eq!((denial.code, denial.rule.as_str()), (Code::WrongState, "C-BP-06"));
    assert!(
        denial
            .who
            .unwrap()
            .starts_with("a manager of Building inspections")
    );
    town.take(&who("marta"), review("e1", AccessFinding::Justified));
    town.take(&ivo, open("e9", "building"));
}

#[test]
fn c_bp_06_those_who_supervise_the_calendar_see_the_access_and_nobody_else() {
    let town = opened();
    let sees = ["marta", "laura", "ivo"];
    let not = ["felix", "ana", "bruno", "nico", "rosa"];
    for (name, expected) in sees
        .map(|name| (name, true))
        .into_iter()
        .chain(not.map(|name| (name, false)))
    {
        assert_eq!(town.sees(&who(name), "e1"), expected, "{name}");
    }
    // Another's emergency does not show itself to whoever opens the same calendar.
    let elena = person(
        "elena",
        &["inspector @ calendar/fire", "emergency @ calendar/building"],
    );
    assert!(!town.sees(&elena, "e1"));
    // A role that was given stays between its holder and the administrators.
    assert!(!town.sees(&who("marta"), "g-ana"));
}

#[test]
fn c_bp_06_a_supervisor_finds_it_justified_and_it_lasts_or_not_and_it_ends() {
    for (finding, ends) in [
        (AccessFinding::Justified, false),
        (AccessFinding::NotJustified, true),
    ] {
        let mut town = opened();
        town.take(&who("marta"), review("e1", finding));
        let expected = Review {
            finding,
            by: "Marta".to_owned(),
            at: town.now,
            because: "The fire brigade says so.".to_owned(),
        };
        assert_eq!(emergency(&town, "e1").review.as_ref(), Some(&expected));
        let grant = on_record(&town, "e1");
        assert_eq!(grant.is_in_force(town.now), !ends);
        let withdrawn = ends.then_some("2026-11-23 10:00 by Marta: not justified");
        assert_eq!(grant.withdrawn.as_deref(), withdrawn);
        assert!(town.sees(&who("ivo"), "e1") && town.sees(&who("marta"), "e1"));
        let keys = town.records[&id("e1")].index_keys();
        assert!(keys.iter().any(|(name, _)| *name == "reviewed"));
        assert!(keys.iter().all(|(name, _)| *name != "unreviewed"));
    }
    // What is over by then is kept as it was.
    let mut town = opened();
    town.now = at("2026-11-24 08:00");
    town.take(&who("laura"), review("e1", AccessFinding::NotJustified));
    assert_eq!(on_record(&town, "e1").withdrawn, None);
}

#[test]
fn a_review_is_somebody_elses_once_and_with_a_reason() {
    let mut town = opened();
    let justified = || review("e1", AccessFinding::Justified);
    for name in ["felix", "ana", "rosa"] {
        assert_eq!(town.code(&who(name), justified()), Code::NotFound, "{name}");
    }
    assert_eq!(town.code(&who("ivo"), justified()), Code::Ceiling);
    // Not even where they have come to supervise it themselves.
    let risen = person("ivo", &["manager @ calendar/building"]);
    assert_eq!(town.code(&risen, justified()), Code::Ceiling);
    let silent = ReviewAccess {
        because: "  ".to_owned(),
        ..justified()
    };
    assert_eq!(town.code(&who("marta"), silent), Code::InvalidInput);
    assert_eq!(
        town.code(&who("laura"), review("g-ana", AccessFinding::Justified)),
        Code::WrongState
    );
    town.take(&who("marta"), justified());
    let denial = town.denied(&who("laura"), review("e1", AccessFinding::NotJustified));
    assert_eq!(denial.code, Code::WrongState);
    assert_eq!(
        denial.fact.as_deref(),
        Some("Marta found it justified 2026-11-23 10:00.")
    );
}

#[test]
fn whoever_opened_a_calendar_ends_that_early_and_nobody_else_does() {
    let mut town = opened();
    for name in ["marta", "laura"] {
        let denial = town.denied(&who(name), end("e1"));
        assert_eq!(
            (denial.code, denial.who.as_deref()),
            (Code::NotGranted, Some("Ivo")),
            "{name}"
        );
    }
    assert_eq!(town.code(&who("felix"), end("e1")), Code::NotFound);
    assert_eq!(town.code(&who("ivo"), end("g-ivo")), Code::WrongState);
    let mut later = town.clone();
    later.now = at("2026-11-23 14:00");
    assert_eq!(later.code(&who("ivo"), end("e1")), Code::WrongState);
    town.take(&ivo_there(), end("e1"));
    let grant = on_record(&town, "e1");
    assert_eq!(
        grant.withdrawn.as_deref(),
        Some("2026-11-23 10:00 by Ivo: no longer needed")
    );
    assert_eq!(grant.because, WHY);
    let denial = town.denied(&ivo_there(), end("e1"));
    assert_eq!(
        denial.fact.as_deref(),
        Some("2026-11-23 10:00 by Ivo: no longer needed")
    );
    // It waits for its review all the same.
    town.take(&who("marta"), review("e1", AccessFinding::Justified));
}

#[test]
fn a_laptop_leaves_the_emergency_to_the_office() {
    let mut town = Town::new();
    town.partial = true;
    let effect = town.take(&who("ivo"), open("e1", "building"));
    assert!(effect.asks_office);
    assert_eq!(effect.puts[0].kind(), Kind::Grant);
}

#[test]
fn what_may_be_done_with_an_access_is_tried_out_and_with_a_given_role_nothing() {
    let town = opened();
    let tried = domain::emergency::probes(&id("e1"), on_record(&town, "e1"));
    let names: Vec<&str> = tried.iter().map(Command::name).collect();
    assert_eq!(names, ["end_access", "review_access"]);
    let allowed = |name: &str| -> Vec<bool> {
        let tried = tried.iter().cloned();
        tried
            .map(|command| town.decide(&who(name), command).is_ok())
            .collect()
    };
    assert_eq!([allowed("ivo"), allowed("marta")], [[true, false], [false, true]]);
    assert!(domain::emergency::probes(&id("g-ana"), on_record(&town, "g-ana")).is_empty());
    let probe = || domain::emergency::opening_probe(id("e9"), id("building"));
    assert!(Town::new().decide(&who("ivo"), probe()).is_ok());
    assert!(town.decide(&who("ivo"), probe()).is_err());
}
