//! Listed = allowed, unlisted = denied, and the budgets of views, over random towns and people (DEC-5).
//!
//! Every case follows from `SEED` and its number, and a failure prints both.

mod reference;

use policy::inspections::{
    Action, AppointmentFacts, BlockFacts, PERMIT_LINKS_MAX, PermitFacts, emergency_role, links_cost, may,
};
use policy::people::{GrantFacts, PersonFacts};
use policy::views::{
    Dimension, Facts, Mask, VIEWS_PER_PERSON_MAX, VIEWS_PER_RECORD_MAX, View, fields, of_actor, of_record,
};
use policy::{
    Actor, CalendarId, CalendarPlace, DepartmentId, Grant, GrantId, Kind, Millis, PersonId, Places, Rights,
    RoleName, Scope, TeamId, TeamPlace, shipped_roles,
};
use std::collections::BTreeSet;

const SEED: u64 = 0x5eed_ba11;
const CASES: u64 = 20_000;
const NOW: Millis = 1_795_000_000_000;

/// splitmix64.
struct Rng(u64);

impl Rng {
    fn of_case(number: u64) -> Rng {
        Rng(SEED ^ number.wrapping_mul(0xd134_2543_de82_ef95))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// How large a random town may be.
struct Size {
    calendars: usize,
    teams: usize,
    grants: usize,
}

const SMALL: Size = Size {
    calendars: 5,
    teams: 4,
    grants: 4,
};
/// More than any town we know of has: five views a calendar and two a team still keep to the budget of a person.
const LARGE: Size = Size {
    calendars: 24,
    teams: 30,
    grants: 80,
};

const DEPARTMENTS: usize = 3;

fn department(rng: &mut Rng) -> DepartmentId {
    id(&format!("d{}", rng.below(DEPARTMENTS)))
}

fn calendar(rng: &mut Rng, size: &Size) -> CalendarId {
    id(&format!("c{}", rng.below(size.calendars + 1)))
}

fn team(rng: &mut Rng, size: &Size) -> TeamId {
    id(&format!("t{}", rng.below(size.teams + 1)))
}

fn id<T: TryFrom<String>>(text: &str) -> T {
    match T::try_from(text.to_owned()) {
        Ok(id) => id,
        Err(_) => panic!("{text} is no id"),
    }
}

fn somebody(rng: &mut Rng) -> Option<PersonId> {
    [None, Some("me"), Some("me"), Some("bruno"), Some("rosa")][rng.below(5)].map(id)
}

/// A town whose last calendar and last team stay unknown, so that grants and records may point outside it.
fn places(rng: &mut Rng, size: &Size) -> Places {
    let mut places = Places::default();
    for number in 0..size.calendars {
        let place = CalendarPlace {
            name: format!("Calendar {number}"),
            department: department(rng),
            public: rng.one_in(2),
            active: !rng.one_in(4),
        };
        places.calendars.insert(id(&format!("c{number}")), place);
    }
    for number in 0..size.teams {
        let place = TeamPlace {
            name: format!("Team {number}"),
            calendar: calendar(rng, size),
        };
        places.teams.insert(id(&format!("t{number}")), place);
    }
    places
}

fn boundary(rng: &mut Rng) -> Option<Millis> {
    [None, None, Some(-1), Some(0), Some(1)][rng.below(5)].map(|off: Millis| NOW + off)
}

fn grant(rng: &mut Rng, size: &Size, number: usize) -> Grant {
    let roles = [
        "citizen",
        "inspector",
        "manager",
        "administrator",
        "emergency",
        "nobody_knows",
    ];
    let scope = match rng.below(4) {
        0 => Scope::Organization,
        1 => Scope::Department(department(rng)),
        2 => Scope::Calendar(calendar(rng, size)),
        _ => Scope::Team(team(rng, size)),
    };
    Grant {
        id: id::<GrantId>(&format!("g{number}")),
        person: id("me"),
        role: RoleName(format!("inspections.{}", rng.pick(&roles))),
        scope,
        from: boundary(rng),
        until: boundary(rng),
        granted_by: "Laura Pérez".to_owned(),
        because: "a random town".to_owned(),
    }
}

fn rights(rng: &mut Rng, size: &Size) -> Rights {
    let mut rights = Rights::nothing(id("me"), "Ana Silva", "America/Montevideo");
    rights.places = places(rng, size);
    rights.roles = shipped_roles();
    let count = rng.below(size.grants + 1);
    rights.grants = (0..count).map(|number| grant(rng, size, number)).collect();
    rights
}

fn appointment(rng: &mut Rng, size: &Size) -> AppointmentFacts {
    let team = if rng.one_in(2) {
        None
    } else {
        Some(team(rng, size))
    };
    let (assignee, applicant) = (somebody(rng), somebody(rng));
    AppointmentFacts {
        calendar: calendar(rng, size),
        team,
        assignee,
        applicant,
    }
}

fn permit(rng: &mut Rng, size: &Size) -> PermitFacts {
    let mut facts = PermitFacts {
        calendar: calendar(rng, size),
        applicant: somebody(rng),
        people: Vec::new(),
        teams: Vec::new(),
    };
    for number in 0..rng.below(8) {
        let (people, teams) = (facts.people.len(), facts.teams.len());
        if rng.one_in(2) && links_cost(people + 1, teams) <= PERMIT_LINKS_MAX {
            facts.people.push(id(&format!("p{number}")));
        } else if links_cost(people, teams + 1) <= PERMIT_LINKS_MAX {
            facts.teams.push(id(&format!("t{number}")));
        }
    }
    facts
}

fn block(rng: &mut Rng, size: &Size) -> BlockFacts {
    BlockFacts {
        calendar: calendar(rng, size),
        person: somebody(rng),
    }
}

fn record(rng: &mut Rng, size: &Size) -> Facts {
    match rng.below(7) {
        0 | 1 => Facts::Appointment(appointment(rng, size)),
        2 => Facts::Permit(permit(rng, size)),
        3 => Facts::Offer(
            *rng.pick(&[Kind::Calendar, Kind::InspectionType]),
            calendar(rng, size),
        ),
        4 => Facts::Block(block(rng, size)),
        5 => {
            let inspects = (0..rng.below(12))
                .map(|number| id(&format!("c{number}")))
                .collect();
            Facts::Person(PersonFacts {
                person: id("bruno"),
                inspects,
            })
        }
        _ => Facts::Grant(GrantFacts {
            person: id("bruno"),
            emergency: rng.one_in(2).then(|| calendar(rng, size)),
        }),
    }
}

fn is_listed(held: &BTreeSet<View>, facts: &Facts) -> bool {
    of_record(facts).iter().any(|view| held.contains(view))
}

#[test]
fn a_record_is_listed_exactly_where_seeing_it_is_allowed() {
    let (mut listed, mut unlisted) = (0_u32, 0_u32);
    for number in 0..CASES {
        let mut rng = Rng::of_case(number);
        let actor = Actor::new(rights(&mut rng, &SMALL).at(NOW));
        let facts = appointment(&mut rng, &SMALL);
        let allowed = may(&actor, Action::ViewAppointments, &facts);
        let seen = is_listed(&of_actor(&actor), &Facts::Appointment(facts.clone()));
        let case = || format!("seed {SEED:#x} case {number}: {facts:?} {:?}", actor.rights);
        assert_eq!(seen, allowed.is_ok(), "{}", case());
        *(if seen { &mut listed } else { &mut unlisted }) += 1;
    }
    assert!(
        listed > 3_000 && unlisted > 3_000,
        "{listed} listed, {unlisted} not: a lopsided sample"
    );
}

#[test]
fn an_offer_is_listed_exactly_where_seeing_it_is_allowed() {
    for number in 0..CASES {
        let mut rng = Rng::of_case(number);
        let actor = Actor::new(rights(&mut rng, &SMALL).at(NOW));
        let facts = AppointmentFacts::of_calendar(calendar(&mut rng, &SMALL));
        let allowed = may(&actor, Action::ViewAvailability, &facts).is_ok();
        let held = of_actor(&actor);
        for kind in [Kind::Calendar, Kind::InspectionType] {
            let seen = is_listed(&held, &Facts::Offer(kind, facts.calendar.clone()));
            assert_eq!(
                seen, allowed,
                "seed {SEED:#x} case {number}: {facts:?} {:?}",
                actor.rights
            );
        }
    }
}

/// A calendar's block is listed where its availability may be seen; an inspector's, where that inspector's visits may. An
/// emergency shows visits, and not who is away.
#[test]
fn a_block_is_listed_exactly_where_what_it_blocks_may_be_seen() {
    let (mut listed, mut unlisted) = (0_u32, 0_u32);
    for number in 0..CASES {
        let mut rng = Rng::of_case(number);
        let actor = Actor::new(rights(&mut rng, &SMALL).at(NOW));
        let facts = block(&mut rng, &SMALL);
        let mut of_what = AppointmentFacts::of_calendar(facts.calendar.clone());
        of_what.assignee.clone_from(&facts.person);
        let action = match facts.person {
            None => Action::ViewAvailability,
            Some(_) => Action::ViewAppointments,
        };
        let mut asked = actor.clone();
        if facts.person.is_some() {
            asked.rights.grants.retain(|grant| grant.role != emergency_role());
        }
        let allowed = may(&asked, action, &of_what).is_ok();
        let seen = is_listed(&of_actor(&actor), &Facts::Block(facts.clone()));
        let case = || format!("seed {SEED:#x} case {number}: {facts:?} {:?}", actor.rights);
        assert_eq!(seen, allowed, "{}", case());
        *(if seen { &mut listed } else { &mut unlisted }) += 1;
    }
    assert!(
        listed > 3_000 && unlisted > 3_000,
        "{listed} listed, {unlisted} not: a lopsided sample"
    );
}

#[test]
fn the_budgets_of_views_hold() {
    let mut most = 0;
    for number in 0..CASES {
        let mut rng = Rng::of_case(number);
        let facts = record(&mut rng, &SMALL);
        let views = of_record(&facts);
        let unique: BTreeSet<&View> = views.iter().collect();
        assert_eq!(
            unique.len(),
            views.len(),
            "seed {SEED:#x} case {number}: a view twice: {facts:?}"
        );
        assert!(
            views.len() <= VIEWS_PER_RECORD_MAX,
            "seed {SEED:#x} case {number}: {facts:?}"
        );
        if number % 20 == 0 {
            let actor = Actor::new(rights(&mut rng, &LARGE).at(NOW));
            let held = of_actor(&actor).len();
            assert!(
                held <= VIEWS_PER_PERSON_MAX,
                "seed {SEED:#x} case {number}: {held} views"
            );
            most = most.max(held);
        }
    }
    assert_eq!(
        (VIEWS_PER_RECORD_MAX, VIEWS_PER_PERSON_MAX),
        (8, 200),
        "the budgets of the design"
    );
    assert!(most > 100, "at most {most} views: a small sample");
}

#[test]
fn a_views_text_reads_back_as_the_view() {
    for number in 0..CASES {
        let mut rng = Rng::of_case(number);
        let mut views = of_actor(&Actor::new(rights(&mut rng, &SMALL).at(NOW)));
        views.extend(of_record(&record(&mut rng, &SMALL)));
        for view in views {
            let text = view.to_string();
            assert_eq!(
                View::try_from(text.clone()),
                Ok(view.clone()),
                "case {number}: {text}"
            );
            let json = serde_json::to_string(&view).unwrap();
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<View>(&json).unwrap(), view);
        }
    }
}

#[test]
fn what_is_not_a_view_does_not_read_as_one() {
    let rows = [
        "",
        "all",
        "all#",
        "#full",
        "all#everything",
        "calendar#full",
        "calendar/#full",
        "calendar/a/b#full",
        "assigned/ana#onsite",
        "assigned/ana/c 1#onsite",
        "team/north#Full",
        "all#full#full",
        "roster//c1#roster",
    ];
    for text in rows {
        assert!(View::try_from(text.to_owned()).is_err(), "`{text}`");
    }
}

#[test]
fn a_listed_record_shows_only_what_its_masks_name() {
    let mut seen = BTreeSet::new();
    for number in 0..CASES {
        let mut rng = Rng::of_case(number);
        let held = of_actor(&Actor::new(rights(&mut rng, &SMALL).at(NOW)));
        let (visit, permit) = (appointment(&mut rng, &SMALL), permit(&mut rng, &SMALL));
        for (kind, facts) in [
            (Kind::Appointment, Facts::Appointment(visit)),
            (Kind::Permit, Facts::Permit(permit)),
        ] {
            for view in of_record(&facts).into_iter().filter(|view| held.contains(view)) {
                let shows = |field: &str| fields(kind, view.mask).shows(field);
                let hidden: &[&str] = match view.mask {
                    // AMB-09: name, phone, address and permit number; no e-mail, no payments.
                    Mask::Limited | Mask::Onsite => {
                        &["contact_email", "fee_paid", "people", "teams", "a_new_field"]
                    }
                    // What staff write for staff is not for the applicant (C-CIT-05 is the result alone).
                    Mask::Own => &[
                        "notes",
                        "photos",
                        "findings",
                        "history",
                        "request",
                        "lock",
                        "found_before",
                        "special_notes",
                        "assignee",
                        "people",
                        "teams",
                        "a_new_field",
                    ],
                    Mask::Full => &[],
                    other => panic!("case {number}: {other:?} leads to a {kind:?}"),
                };
                let shown: Vec<&&str> = hidden.iter().filter(|field| shows(field)).collect();
                assert!(
                    shown.is_empty(),
                    "case {number}: {view} shows {shown:?} of {kind:?}"
                );
                seen.insert((kind, view.mask));
            }
        }
    }
    assert_eq!(
        seen.len(),
        8,
        "each kind through each of the four masks: {seen:?}"
    );
}

#[test]
fn the_organizations_view_alone_shows_every_field() {
    for number in 0..CASES {
        let mut rng = Rng::of_case(number);
        let held = of_actor(&Actor::new(rights(&mut rng, &SMALL).at(NOW)));
        let full = held.iter().filter(|view| view.mask == Mask::Full);
        for view in full {
            assert_eq!(view.dimension, Dimension::All, "seed {SEED:#x} case {number}");
        }
    }
}

#[test]
fn a_grant_adds_views_and_never_takes_one() {
    for number in 0..CASES {
        let mut rng = Rng::of_case(number);
        let before = rights(&mut rng, &SMALL);
        let held = of_actor(&Actor::new(before.clone().at(NOW)));
        let mut more = before.clone();
        more.grants.push(grant(&mut rng, &SMALL, 99));
        let in_force = more.grants[before.grants.len()].in_force(NOW);
        let held_then = of_actor(&Actor::new(more.clone().at(NOW)));
        let case = || format!("seed {SEED:#x} case {number}: {:?}", more.grants.last());
        assert!(held.is_subset(&held_then), "{}", case());
        assert!(
            in_force || held == held_then,
            "out of time, yet it gives: {}",
            case()
        );
    }
}

#[test]
fn a_second_reading_of_the_requirements_agrees() {
    let (mut yes, mut no) = (0_u32, 0_u32);
    for number in 0..CASES {
        let mut rng = Rng::of_case(number);
        let rights = rights(&mut rng, &SMALL);
        let actor = Actor::new(rights.clone().at(NOW));
        let whole = rng.one_in(3);
        let facts = match appointment(&mut rng, &SMALL) {
            facts if whole => AppointmentFacts::of_calendar(facts.calendar),
            facts => facts,
        };
        for action in Action::ALL {
            let allowed = may(&actor, action, &facts).is_ok();
            let expected = reference::allows(&rights, NOW, action, &facts);
            let case = || format!("seed {SEED:#x} case {number}: {action:?} {facts:?} {rights:?}");
            assert_eq!(allowed, expected, "{}", case());
            *(if allowed { &mut yes } else { &mut no }) += 1;
        }
    }
    assert!(
        yes + no >= 100_000 && yes > 20_000,
        "{yes} yes, {no} no: a lopsided sample"
    );
}

/// The second reading is worth something only while it stays much smaller than the first.
#[test]
fn the_second_reading_is_a_sixth_of_the_policy_at_most() {
    fn lines(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let count = |path: std::path::PathBuf| match path.is_dir() {
            true => lines(&path),
            false => std::fs::read_to_string(path).unwrap().lines().count(),
        };
        entries.map(count).sum()
    }
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(lines(&here.join("tests/reference")) * 6 <= lines(&here.join("src")));
}
