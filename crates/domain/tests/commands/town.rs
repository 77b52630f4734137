//! A town in memory: two calendars, their staff, two applicants with a permit each, and one visit.
//!
//! Ana and Bruno inspect for building, where Marta is the manager; Ivo and Felix are their like at fire. Laura
//! administers the organization. Rosa applied for permit `p1`, Carlos for `p2`. Ana has visit `v1` under `p1`, on the
//! morning of 24 November 2026. Unless a test says otherwise it is 10:00 of the day before. The attic is a calendar that is
//! closed and not public, where a day is blocked. Bruno's note on `v1` came back
//! and waits as `w1`.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the message")]

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use domain::inspections::{
    AddNote, Appointment, Block, Calendar, ChecklistItem, InspectionType, Lock, Permit, PermitStatus, Status,
};
use domain::people::{Absence, AbsenceReason, GrantBody, Person};
use domain::returned::{ReturnedWork, Way};
use domain::{Answer, Body, Command, Contest, Context, Effect, Found, Need, Range, Record, Refusal, decide};
use policy::{
    Actor, CalendarPlace, Code, Denial, Grant, Millis, Places, RecordId, Rights, RoleName, Scope, TeamPlace,
    shipped_roles,
};
use std::collections::{BTreeMap, BTreeSet};

pub const ZONE: &str = "America/Montevideo";
pub const NOW: &str = "2026-11-23 10:00";

/// An id of any kind.
pub fn id<T: TryFrom<String>>(text: &str) -> T {
    match T::try_from(text.to_owned()) {
        Ok(id) => id,
        Err(_) => panic!("{text} is no id"),
    }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The instant of a local time in a zone.
pub fn instant(text: &str, zone: &str) -> Millis {
    let zone: Tz = zone.parse().unwrap();
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    local.and_local_timezone(zone).unwrap().timestamp_millis()
}

pub fn at(text: &str) -> Millis {
    instant(text, ZONE)
}

fn places() -> Places {
    let mut places = Places::default();
    for name in ["building", "fire"] {
        let title = format!("{} inspections", name[..1].to_uppercase() + &name[1..]);
        let place = CalendarPlace {
            name: title,
            department: id(name),
            public: true,
            active: true,
        };
        places.calendars.insert(id(name), place);
        places.departments.insert(id(name), name.to_owned());
    }
    places.teams.insert(
        id("north"),
        TeamPlace {
            name: "North".to_owned(),
            calendar: id("building"),
        },
    );
    places
}

/// A person with grants as `role @ scope`.
pub fn person(name: &str, grants: &[&str]) -> Actor {
    let mut rights = Rights::nothing(id(name), &title(name), ZONE);
    rights.places = places();
    rights.roles = shipped_roles();
    rights.contacts = vec!["Laura, administrator".to_owned()];
    let grant = |(number, text): (usize, &&str)| {
        let (role, scope) = text.split_once(" @ ").unwrap();
        Grant {
            id: id(&format!("of-{name}-{number}")),
            person: id(name),
            role: RoleName(format!("inspections.{role}")),
            scope: Scope::parse(scope).unwrap(),
            from: None,
            until: None,
            granted_by: "Laura".to_owned(),
            because: "works there".to_owned(),
        }
    };
    rights.grants = grants.iter().enumerate().map(grant).collect();
    Actor::new(rights)
}

/// One of the people of the town.
pub fn who(name: &str) -> Actor {
    match name {
        "ana" | "bruno" => person(name, &["inspector @ calendar/building"]),
        "ivo" => person(name, &["inspector @ calendar/fire"]),
        "marta" => person(name, &["manager @ calendar/building"]),
        "felix" => person(name, &["manager @ calendar/fire"]),
        "laura" => person(name, &["administrator @ organization"]),
        "rosa" | "carlos" => person(name, &["citizen @ organization"]),
        // Inspects for building, and once applied for something there herself.
        "dora" => person(name, &["inspector @ calendar/building", "citizen @ organization"]),
        // Inspects for building as one of a team.
        "nico" => person(name, &["inspector @ team/north"]),
        _ => panic!("nobody here is called {name}"),
    }
}

pub fn title(name: &str) -> String {
    name[..1].to_uppercase() + &name[1..]
}

/// The records a copy holds.
#[derive(Clone)]
pub struct Town {
    pub records: BTreeMap<RecordId, Record>,
    /// What this copy does not hold; an office's copy holds all there is.
    pub not_held: BTreeSet<RecordId>,
    /// Whether a range this copy holds may be a part of what there is.
    pub partial: bool,
    pub now: Millis,
    pub zone: &'static str,
}

impl Town {
    pub fn new() -> Town {
        let mut town = Town {
            records: BTreeMap::new(),
            not_held: BTreeSet::new(),
            partial: false,
            now: at(NOW),
            zone: ZONE,
        };
        for name in ["building", "fire"] {
            let calendar = Calendar {
                name: format!("{} inspections", title(name)),
                department: id(name),
                department_name: name.to_owned(),
                public: true,
                active: true,
                requirements: Vec::new(),
                cutoff_minute: 8 * 60,
                reschedule_hours: 24,
                cancel_hours: 24,
                photo_location: false,
                teams: Vec::new(),
            };
            town.add(name, calendar);
        }
        let mut attic = town.get_calendar("fire").clone();
        (attic.public, attic.active) = (false, false);
        town.add("attic", attic);
        town.block("b1", "attic", "2026-11-24", |_| {});
        let item = |key: &str, text: &str, required| ChecklistItem {
            key: key.to_owned(),
            text: text.to_owned(),
            unit: (key == "handrail").then(|| "cm".to_owned()),
            required,
        };
        let checklist = vec![
            item("exits", "Exits are clear", true),
            item("handrail", "Height of the handrail", true),
            item("sign", "House number is legible", false),
        ];
        for (name, title) in [("final", "Final inspection"), ("framing", "Framing inspection")] {
            let kind = InspectionType {
                name: title.to_owned(),
                calendar: id("building"),
                duration_minutes: 60,
                requirements: Vec::new(),
                checklist: checklist.clone(),
            };
            town.add(name, kind);
        }
        for (name, applicant) in [("p1", "rosa"), ("p2", "carlos")] {
            let permit = Permit {
                number: format!("B-{name}"),
                permit_type: "Building".to_owned(),
                status: PermitStatus::Issued,
                fee_paid: Some(true),
                applicant: Some(id(applicant)),
                contact_name: title(applicant),
                contact_phone: "099 123 456".to_owned(),
                contact_email: format!("{applicant}@example.org"),
                address: "Rincón 454".to_owned(),
                calendar: Some(id("building")),
                inspection_types: vec![id("final")],
                ..Permit::default()
            };
            town.add(name, permit);
        }
        for (name, calendars) in [
            ("ana", &["building"][..]),
            ("bruno", &["building"]),
            ("dora", &["building"]),
            ("ivo", &["fire"]),
            ("marta", &[]),
            ("felix", &[]),
            ("laura", &[]),
            ("rosa", &[]),
            ("carlos", &[]),
        ] {
            let inspects = calendars.iter().map(|calendar| id(calendar)).collect();
            town.add(
                name,
                Person {
                    name: title(name),
                    username: name.to_owned(),
                    inspects,
                    ..Person::default()
                },
            );
        }
        for (name, person, calendar) in [("g-ana", "ana", "building"), ("g-ivo", "ivo", "fire")] {
            town.add(
                name,
                grant_body(person, "inspector", &format!("calendar/{calendar}")),
            );
        }
        town.visit("v1", |_| {});
        let note = AddNote {
            appointment: id("v1"),
            note: id("n1"),
            text: "Key at number 12.".to_owned(),
        };
        town.returned("w1", "bruno", note);
        town.permit("p1", |permit| permit.people = [(id("ana"), 1)].into());
        town
    }

    pub fn add(&mut self, name: &str, body: impl Into<Body>) {
        self.records
            .insert(id(name), Record::new(id::<RecordId>(name), body));
    }

    /// A visit of Ana's under Rosa's permit, changed as the test needs it.
    pub fn visit(&mut self, name: &str, change: impl FnOnce(&mut Appointment)) {
        let mut visit = Appointment {
            permit: Some(id("p1")),
            permit_number: "B-p1".to_owned(),
            inspection_type: Some(id("final")),
            inspection_type_name: "Final inspection".to_owned(),
            calendar: Some(id("building")),
            assignee: Some(id("ana")),
            assignee_name: "Ana".to_owned(),
            applicant: Some(id("rosa")),
            contact_name: "Rosa".to_owned(),
            address: "Rincón 454".to_owned(),
            day: Some(day("2026-11-24")),
            from_minute: Some(9 * 60),
            to_minute: Some(10 * 60),
            ..Appointment::default()
        };
        change(&mut visit);
        self.add(name, visit);
    }

    /// The same town with its visit `v1` changed.
    pub fn with(mut self, change: impl FnOnce(&mut Appointment)) -> Town {
        self.visit("v1", change);
        self
    }

    /// Work of somebody in building that was refused, because their role had ended.
    pub fn returned(&mut self, name: &str, author: &str, command: impl Into<Command>) {
        let denial = Denial::new(Code::NotGranted, "C-INS-20", "Your role does not include this.");
        self.refused(name, author, (&command.into(), &denial.into()));
    }

    /// Work of somebody in building that was refused for this reason.
    pub fn refused(&mut self, name: &str, author: &str, (command, refusal): (&Command, &Refusal)) {
        let work = ReturnedWork::of(
            (&id(author), &title(author)),
            (command, self.now - 60_000),
            &self.records[&id("v1")],
            (refusal, Way::Pushed),
            self.now,
        );
        self.add(name, work.unwrap());
    }

    pub fn permit(&mut self, name: &str, change: impl FnOnce(&mut Permit)) {
        match self.records.get_mut(&id(name)).map(|record| &mut record.body) {
            Some(Body::Permit(permit)) => change(permit),
            _ => panic!("{name} is no permit"),
        }
    }

    /// A day blocked in a calendar, changed as the test needs it.
    pub fn block(&mut self, name: &str, calendar: &str, on: &str, change: impl FnOnce(&mut Block)) {
        let mut block = Block {
            calendar: id(calendar),
            person: None,
            person_name: String::new(),
            from_day: day(on),
            until_day: day(on),
            from_minute: None,
            to_minute: None,
            lifted: false,
            because: "Stocktaking.".to_owned(),
            history: Vec::new(),
        };
        change(&mut block);
        self.add(name, block);
    }

    pub fn calendar(&mut self, name: &str, change: impl FnOnce(&mut Calendar)) {
        match self.records.get_mut(&id(name)).map(|record| &mut record.body) {
            Some(Body::Calendar(calendar)) => change(calendar),
            _ => panic!("{name} is no calendar"),
        }
    }

    /// Somebody who is not there on these days.
    pub fn absent(&mut self, name: &str, from: &str, until: &str) {
        let absence = Absence {
            id: id("absence"),
            from_day: day(from),
            until_day: day(until),
            reason: AbsenceReason::Illness,
            by: "Marta".to_owned(),
            at: self.now,
        };
        match self.records.get_mut(&id(name)).map(|record| &mut record.body) {
            Some(Body::Person(person)) => person.absences.push(absence),
            _ => panic!("{name} is nobody"),
        }
    }

    /// Looks up what a command asks for until it asks for no more.
    pub fn find(&self, command: &Command) -> Found {
        let mut found = Found::default();
        for _round in 0..8 {
            let missing = command.missing(&found);
            if missing.is_empty() {
                return found;
            }
            for need in missing {
                self.look_up(need, &mut found);
            }
        }
        panic!("{} never has enough", command.name());
    }

    pub fn look_up(&self, need: Need, found: &mut Found) {
        match &need {
            Need::Record(id) => {
                let answer = match self.records.get(id) {
                    _ if self.not_held.contains(id) => Answer::NotHeld,
                    Some(record) => Answer::Found(record.clone()),
                    None => Answer::Absent,
                };
                found.records.insert(id.clone(), answer);
            }
            Need::Index { kind, index, prefix } => {
                let matches = |record: &&Record| {
                    let under = |(name, key): &(&str, String)| name == index && key.starts_with(prefix);
                    record.kind() == *kind && record.index_keys().iter().any(under)
                };
                let held = self
                    .records
                    .values()
                    .filter(|record| !self.not_held.contains(&record.id));
                let records = held.filter(matches).cloned().collect();
                found.ranges.insert(
                    need,
                    Range {
                        records,
                        complete: !self.partial,
                    },
                );
            }
        }
    }

    pub fn decide(&self, actor: &Actor, command: impl Into<Command>) -> Result<Effect, Refusal> {
        self.decide_claimed(actor, self.now, command)
    }

    /// Decides what somebody says they did at another time.
    pub fn decide_claimed(
        &self,
        actor: &Actor,
        claimed_at: Millis,
        command: impl Into<Command>,
    ) -> Result<Effect, Refusal> {
        let command = command.into();
        let mut actor = actor.clone();
        actor.rights.zone = self.zone.to_owned();
        let context = Context {
            at: self.now,
            claimed_at,
            actor: &actor,
        };
        let found = self.find(&command);
        let answer = decide(&command, context, &found);
        assert_eq!(answer, decide(&command, context, &found), "the same answer twice");
        answer
    }

    /// Does it, or says why the test expected something that is refused.
    pub fn take(&mut self, actor: &Actor, command: impl Into<Command>) -> Effect {
        let effect = taken(self.decide(actor, command));
        for record in &effect.puts {
            self.records.insert(record.id.clone(), record.clone());
        }
        effect
    }

    pub fn denied(&self, actor: &Actor, command: impl Into<Command>) -> Denial {
        denied(self.decide(actor, command))
    }

    pub fn code(&self, actor: &Actor, command: impl Into<Command>) -> Code {
        self.denied(actor, command).code
    }

    pub fn get_visit(&self, name: &str) -> &Appointment {
        visit_of(&self.records[&id(name)].body)
    }

    pub fn get_permit(&self, name: &str) -> &Permit {
        match &self.records[&id(name)].body {
            Body::Permit(permit) => permit,
            _ => panic!("{name} is no permit"),
        }
    }

    pub fn get_calendar(&self, name: &str) -> &Calendar {
        match &self.records[&id(name)].body {
            Body::Calendar(calendar) => calendar,
            _ => panic!("{name} is no calendar"),
        }
    }

    pub fn get_block(&self, name: &str) -> &Block {
        match &self.records[&id(name)].body {
            Body::Block(block) => block,
            _ => panic!("{name} is no block"),
        }
    }

    pub fn get_person(&self, name: &str) -> &Person {
        match &self.records[&id(name)].body {
            Body::Person(person) => person,
            _ => panic!("{name} is nobody"),
        }
    }

    /// Whether a person would receive a record.
    pub fn sees(&self, actor: &Actor, name: &str) -> bool {
        let held = policy::views::of_actor(actor);
        self.records[&id(name)]
            .views()
            .iter()
            .any(|view| held.contains(view))
    }
}

fn visit_of(body: &Body) -> &Appointment {
    match body {
        Body::Appointment(visit) => visit,
        other => panic!("{other:?} is no visit"),
    }
}

pub fn scope(text: &str) -> Scope {
    Scope::parse(text).unwrap()
}

/// A grant as it is on record.
pub fn grant_body(person: &str, role: &str, scope: &str) -> GrantBody {
    GrantBody {
        person: id(person),
        role: RoleName(format!("inspections.{role}")),
        scope: Scope::parse(scope).unwrap(),
        from: None,
        until: None,
        granted_by: "Laura".to_owned(),
        because: "works there".to_owned(),
        withdrawn: None,
        emergency: None,
    }
}

pub fn taken(answer: Result<Effect, Refusal>) -> Effect {
    match answer {
        Ok(effect) => effect,
        Err(refusal) => panic!("refused: {refusal:?}"),
    }
}

/// The denial, checked to be one a person can read.
pub fn denied(answer: Result<Effect, Refusal>) -> Denial {
    match answer {
        Err(Refusal::Denied(denial)) => {
            assert!(
                denial.sentence.ends_with('.') && !denial.rule.is_empty(),
                "{denial:?}"
            );
            assert!(
                denial.fact.as_ref().is_none_or(|fact| !fact.is_empty()),
                "{denial:?}"
            );
            denial
        }
        other => panic!("not denied: {other:?}"),
    }
}

pub fn contested(answer: Result<Effect, Refusal>) -> Contest {
    match answer {
        Err(Refusal::Contested(contest)) => contest,
        other => panic!("not contested: {other:?}"),
    }
}

/// The statuses in which a visit is over.
pub const OVER: [Status; 4] = [
    Status::Completed,
    Status::Cancelled,
    Status::NoShow,
    Status::RequireReinspection,
];

/// Completes a visit at 10:42 of the day before.
pub fn complete(visit: &mut Appointment) {
    visit.status = Status::Completed;
    visit.completed_at = Some(at("2026-11-22 10:42"));
}

/// Reasons, and whether each will do.
pub fn reasons() -> [(String, bool); 6] {
    [
        (String::new(), false),
        (" \n ".to_owned(), false),
        ("x".to_owned(), true),
        (format!("  {}  ", "ñ".repeat(500)), true),
        ("ñ".repeat(501), false),
        ("x".repeat(1_000_000), false),
    ]
}

/// Every status a visit can have.
pub const STATUSES: [Status; 9] = [
    Status::Scheduled,
    Status::Confirmed,
    Status::InProgress,
    Status::Completed,
    Status::Cancelled,
    Status::NoShow,
    Status::RequireReassignment,
    Status::RequireReinspection,
    Status::RequireReschedule,
];

/// Locks a visit, as Marta did.
pub fn locked(visit: &mut Appointment) {
    visit.lock = Some(Lock {
        because: "Under review.".to_owned(),
        by: "Marta".to_owned(),
        at: at("2026-11-23 09:30"),
    });
}
