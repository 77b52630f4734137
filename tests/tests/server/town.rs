//! The town of these tests: four calendars in three departments, several people of each role, a permit and a visit for
//! each pair that matters. Days are counted from today, because the office reads the real clock.

use crate::caller::Caller;
use anyhow::{Context as _, Result};
use bailiwick_tests::database::{change, place};
use bailiwick_tests::office::OfficeProcess;
use chrono::{Days, NaiveDate, Utc};
use domain::inspections::{
    AddNote, Appointment, Block, Calendar, CheckAnswer, ChecklistItem, Finding, InspectionType, Note,
    Outcome, Overall, Permit, PermitStatus, Photo, Priority, ReassignmentRequest, RequestReason, Source,
    Status, Team,
};
use domain::people::{AccessFinding, Emergency, GrantBody, Person, Review};
use domain::returned::{Decision, ReturnedWork, Way};
use domain::{Body, Contest, Effect, Record};
use policy::{CalendarId, Code, Denial, DepartmentId, OrgId, PersonId, RecordId, RoleName, Scope, TeamId};
use rusqlite::types::ToSql;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;
use store::{Account, Database, Fault, OfficeTx, write};

/// What everybody signs in with.
pub const PASSWORD: &str = "a long enough password";

/// Id and what it holds: pairs of role and scope.
pub const PEOPLE: &[(&str, &[(&str, &str)])] = &[
    ("ana", &[("inspector", "calendar/building")]),
    ("bruno", &[("inspector", "calendar/building")]),
    ("carla", &[("inspector", "calendar/fire")]),
    ("elena", &[("inspector", "calendar/electrical")]),
    ("dora", &[("inspector", "team/north")]),
    ("igor", &[("inspector", "calendar/old")]),
    (
        "vera",
        &[
            ("inspector", "calendar/building"),
            ("manager", "calendar/electrical"),
        ],
    ),
    (
        "rita",
        &[("inspector", "calendar/building"), ("citizen", "organization")],
    ),
    (
        "marta",
        &[
            ("manager", "calendar/building"),
            ("manager", "calendar/electrical"),
        ],
    ),
    ("oscar", &[("manager", "department/dep-fire")]),
    ("laura", &[("administrator", "organization")]),
    ("lucas", &[("administrator", "organization")]),
    ("tomas", &[("citizen", "organization")]),
    ("paula", &[("citizen", "organization")]),
    ("nadia", &[]),
    ("hugo", &[("inspector", "calendar/building")]),
];

/// Id, department, whether public, whether active.
pub const CALENDARS: &[(&str, &str, bool, bool)] = &[
    ("building", "dep-building", true, true),
    ("electrical", "dep-building", false, true),
    ("fire", "dep-fire", false, true),
    ("old", "dep-old", true, false),
];

/// Visit, calendar, assignee, applicant, days from today, status.
pub type Row = (
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static str,
    i64,
    Status,
);

pub const VISITS: &[Row] = &[
    ("v-ana", "building", Some("ana"), "tomas", 1, Status::Scheduled),
    (
        "v-ana-begun",
        "building",
        Some("ana"),
        "paula",
        1,
        Status::InProgress,
    ),
    (
        "v-ana-done",
        "building",
        Some("ana"),
        "tomas",
        -1,
        Status::Completed,
    ),
    (
        "v-ana-late",
        "building",
        Some("ana"),
        "paula",
        -1,
        Status::Confirmed,
    ),
    (
        "v-bruno",
        "building",
        Some("bruno"),
        "paula",
        1,
        Status::Scheduled,
    ),
    (
        "v-bruno-for-ana",
        "building",
        Some("bruno"),
        "ana",
        2,
        Status::Scheduled,
    ),
    (
        "v-asked",
        "building",
        Some("bruno"),
        "tomas",
        2,
        Status::RequireReassignment,
    ),
    ("v-rita", "building", Some("rita"), "paula", 2, Status::Scheduled),
    ("v-vera", "building", Some("vera"), "paula", 3, Status::Scheduled),
    ("v-north", "building", None, "paula", 2, Status::Scheduled),
    ("v-hugo", "building", Some("hugo"), "paula", 2, Status::Scheduled),
    (
        "v-elena",
        "electrical",
        Some("elena"),
        "tomas",
        1,
        Status::Scheduled,
    ),
    (
        "v-elena-2",
        "electrical",
        Some("elena"),
        "paula",
        2,
        Status::Scheduled,
    ),
    ("v-carla", "fire", Some("carla"), "tomas", 1, Status::Scheduled),
    (
        "v-carla-for-marta",
        "fire",
        Some("carla"),
        "marta",
        2,
        Status::Scheduled,
    ),
    ("v-carla-2", "fire", Some("carla"), "paula", 1, Status::Scheduled),
    ("v-igor", "old", Some("igor"), "tomas", 1, Status::Scheduled),
];

/// Permits without a visit, of tomas unless said otherwise: status, whether paid.
pub const BARE_PERMITS: &[(&str, &str, &str, PermitStatus, bool)] = &[
    ("p-ready", "building", "tomas", PermitStatus::Issued, true),
    ("p-of-paula", "building", "paula", PermitStatus::Issued, true),
    ("p-applied", "building", "tomas", PermitStatus::Applied, true),
    ("p-unpaid", "building", "tomas", PermitStatus::Issued, false),
    ("p-suspended", "building", "tomas", PermitStatus::Suspended, true),
    ("p-closed", "building", "tomas", PermitStatus::Closed, true),
    ("p-fire", "fire", "tomas", PermitStatus::Issued, true),
];

/// A photo that `v-ana-done` shows, one dark pixel; its bytes lie in the data folder.
pub const PHOTO: &str = "586280f3b9a514a3e7b7b59ffd89376ec4726b004b939af61026f844aec3273a";
pub const PHOTO_BYTES: &str = "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a4944415478da63d00000002a0029c6b92efe0000000049454e44ae426082";
/// A photo that `v-carla` shows, one bright pixel.
pub const PHOTO_OF_FIRE: &str = "eab7a3833e646c3135d22e9784e0bc3731206aa664ad83b3064d5c9741badc15";
pub const PHOTO_OF_FIRE_BYTES: &str = "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a4944415478da6338010000ca00c9344227f30000000049454e44ae426082";

/// Bytes written in hexadecimal digits.
pub fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len())
        .step_by(2)
        .map(|n| u8::from_str_radix(&hex[n..n + 2], 16).expect("hexadecimal"))
        .collect()
}

/// A town that is served by a process of its own.
pub struct Town {
    pub folder: tempfile::TempDir,
    pub office: OfficeProcess,
}

impl Town {
    /// The town as it is described above, served.
    pub fn open() -> Result<Town> {
        Town::with(records()?, &BTreeMap::new(), None)
    }

    /// A town of these records. `ids` says what a person's id has become, `photo` is what both photos hold instead of
    /// their own bytes.
    pub fn with(records: Vec<Record>, ids: &BTreeMap<String, String>, photo: Option<&[u8]>) -> Result<Town> {
        let held = |own: &str| photo.map_or_else(|| bytes(own), <[u8]>::to_vec);
        let photos = [
            (PHOTO, "v-ana-done", held(PHOTO_BYTES)),
            (PHOTO_OF_FIRE, "v-carla", held(PHOTO_OF_FIRE_BYTES)),
        ];
        let folder = tempfile::tempdir()?;
        let mut db = database(folder.path())?;
        db.ensure_org(&sim::organization(OrgId::parse("main")?, "Test town"))?;
        db.write(async |tx| {
            write(tx, &Effect::puts(records)).await?;
            for (id, _) in PEOPLE {
                let person = ids.get(*id).map_or(*id, String::as_str);
                let account = Account {
                    person: PersonId::parse(person).expect("an id"),
                    username: (*id).to_owned(),
                    password_hash: password_hash().to_owned(),
                    is_active: true,
                };
                tx.save_account(&account).await?;
            }
            for (hash, visit, photo) in &photos {
                let stored = store::StoredPhoto {
                    hash: (*hash).to_owned(),
                    media_type: "image/png".to_owned(),
                    bytes: u32::try_from(photo.len()).expect("a small photo"),
                };
                let somebody = PersonId::parse("somebody").expect("an id");
                let visit = ids.get(*visit).map_or(*visit, String::as_str);
                let visit = policy::RecordId::parse(visit).expect("an id");
                tx.save_photo(&stored, &visit, &somebody, 0).await?;
            }
            Ok::<_, Fault>(())
        })?;
        drop(db);
        for (hash, _, photo) in &photos {
            let path = folder.path().join("photos").join(&hash[..2]);
            std::fs::create_dir_all(&path)?;
            std::fs::write(path.join(hash), photo)?;
            std::fs::write(path.join(format!("{hash}.thumbnail.jpg")), photo)?;
        }
        std::fs::write(folder.path().join("basemap.json"), r#"{"features":[]}"#)?;
        let office = OfficeProcess::serve(folder.path())?;
        Ok(Town { folder, office })
    }

    /// A person, signed in on a laptop of their own.
    pub fn person(&self, username: &str) -> Result<Caller> {
        Caller::signed_in(&self.office.address, username, PASSWORD)
    }

    /// Somebody without a credential.
    pub fn guest(&self) -> Result<Caller> {
        Caller::nobody(&self.office.address)
    }

    /// The database, to change behind the office's back as its own command line does.
    pub fn database(&self) -> Result<Database> {
        database(self.folder.path())
    }

    /// Writes records directly.
    pub fn puts(&self, records: Vec<Record>) -> Result<()> {
        self.database()?
            .write(async |tx| write(tx, &Effect::puts(records)).await)?;
        Ok(())
    }

    /// Changes the database by a statement of SQL.
    pub fn sql(&self, sql: &str, args: &[&dyn ToSql]) -> Result<u64> {
        change(&place(self.folder.path())?, sql, args)
    }

    /// A visit as the office has it.
    pub fn visit(&self, id: &str) -> Result<Appointment> {
        Ok(serde_json::from_value(self.office.body(id)?)?)
    }

    /// How many rows a table has.
    pub fn count(&self, table: &str) -> Result<i64> {
        self.office.look(&format!("SELECT count(*) FROM {table}"), &[])
    }
}

fn database(folder: &Path) -> Result<Database> {
    Ok(Database::open(&place(folder)?, &OrgId::parse("main")?)?)
}

fn password_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| server::accounts::hash_password(PASSWORD).expect("a hash"))
}

/// A day counted from today.
pub fn day(from_today: i64) -> NaiveDate {
    let today = Utc::now().date_naive();
    match u64::try_from(from_today) {
        Ok(days) => today + Days::new(days),
        Err(_) => today - Days::new(from_today.unsigned_abs()),
    }
}

/// An id that is known to be one.
pub fn id(text: &str) -> RecordId {
    RecordId::parse(text).expect("an id")
}

/// Every record of the town, every field filled.
pub fn records() -> Result<Vec<Record>> {
    let mut records = Vec::new();
    for (calendar, department, public, active) in CALENDARS {
        records.push(Record::new(
            id(calendar),
            calendar_body(calendar, department, *public, *active)?,
        ));
        records.push(Record::new(
            id(&format!("type-{calendar}")),
            inspection_type(calendar)?,
        ));
    }
    records.push(Record::new(id("type-other"), inspection_type("building")?));
    for (calendar, person) in [
        ("building", None),
        ("building", Some("ana")),
        ("electrical", Some("elena")),
        ("fire", None),
    ] {
        let name = format!("b-{calendar}-{}", person.unwrap_or("all"));
        records.push(Record::new(id(&name), block(&name, calendar, person)?));
    }
    for (person, grants) in PEOPLE {
        let mut body = Person {
            name: format!("Name of {person}"),
            username: (*person).to_owned(),
            email: format!("{person}@town.example"),
            phone: format!("Phone of {person}"),
            absences: vec![serde_json::from_value(json!({
                "id": format!("absence-{person}"), "from_day": day(300), "until_day": day(301), "reason": "leave",
                "by": format!("Absence of {person} by"), "at": 1,
            }))?],
            ..Person::default()
        };
        for (number, (role, scope)) in grants.iter().enumerate() {
            let grant = grant(person, role, scope)?;
            if let (Scope::Calendar(calendar), "inspector") = (&grant.scope, *role)
                && calendar.as_str() != "old"
            {
                body.inspects.insert(calendar.clone());
            }
            records.push(Record::new(id(&format!("g-{person}-{number}")), grant));
        }
        records.push(Record::new(id(person), body));
    }
    let withdrawn = GrantBody {
        withdrawn: Some("Taken back".to_owned()),
        ..grant("nadia", "manager", "calendar/fire")?
    };
    records.push(Record::new(id("g-nadia-gone"), withdrawn));
    for (person, calendar) in [("carla", "building"), ("ana", "fire")] {
        let access = emergency(person, calendar)?;
        records.push(Record::new(id(&format!("g-{person}-emergency")), access));
    }
    let mut visits = Vec::new();
    for (visit, calendar, assignee, applicant, in_days, status) in VISITS {
        let name = visit.replacen("v-", "p-", 1);
        let mut permit = permit(&name, calendar, applicant, PermitStatus::Issued, true)?;
        let body = visit_body(visit, calendar, *assignee, applicant, *in_days, *status)?;
        permit.relink(None, Some(&body))?;
        records.push(Record::new(id(&name), permit));
        visits.push(Record::new(id(visit), body));
    }
    for (name, calendar, applicant, status, paid) in BARE_PERMITS {
        records.push(Record::new(
            id(name),
            permit(name, calendar, applicant, *status, *paid)?,
        ));
    }
    for (name, visit, author, team) in [
        ("w-ana", "v-ana", "ana", Some("north")),
        ("w-carla", "v-carla", "carla", None),
    ] {
        let target = visits.iter().find(|record| record.id == id(visit));
        let target = target.context("a visit of the town")?;
        let mut work = returned(name, target, author)?;
        work.team = team.map(TeamId::parse).transpose()?;
        records.push(Record::new(id(name), work));
    }
    records.extend(visits);
    Ok(records)
}

/// A grant as the town gives it.
pub fn grant(person: &str, role: &str, scope: &str) -> Result<GrantBody> {
    Ok(GrantBody {
        person: PersonId::parse(person)?,
        role: RoleName(format!("inspections.{role}")),
        scope: Scope::parse(scope).map_err(anyhow::Error::msg)?,
        from: Some(1_000),
        until: Some(4_000_000_000_000),
        granted_by: "Town hall".to_owned(),
        because: format!("Hired as {role}"),
        withdrawn: None,
        emergency: None,
    })
}

/// A calendar that somebody opened in an emergency, long ago, and that was reviewed.
fn emergency(person: &str, calendar: &str) -> Result<GrantBody> {
    let scope = format!("calendar/{calendar}");
    Ok(GrantBody {
        until: Some(2_000),
        emergency: Some(Emergency {
            calendar: CalendarId::parse(calendar)?,
            calendar_name: format!("Calendar that {person} opened"),
            review: Some(Review {
                finding: AccessFinding::Justified,
                by: format!("Reviewed of {person} by"),
                at: 3_000,
                because: format!("Justified of {person}"),
            }),
        }),
        ..grant(person, "emergency", &scope)?
    })
}

fn calendar_body(name: &str, department: &str, public: bool, active: bool) -> Result<Calendar> {
    let mut body: Calendar = serde_json::from_value(json!({
        "name": format!("Calendar {name}"), "department": department,
        "department_name": format!("Department of {department}"), "public": public,
    }))?;
    body.department = DepartmentId::parse(department)?;
    body.active = active;
    body.requirements = vec![format!("Bring what {name} asks for")];
    body.cutoff_minute = 8 * 60;
    body.photo_location = name != "building";
    if name == "building" {
        body.teams = vec![Team {
            id: TeamId::parse("north")?,
            name: "North".to_owned(),
        }];
    }
    if name == "fire" {
        body.teams = vec![Team {
            id: TeamId::parse("hydrants")?,
            name: "Hydrants".to_owned(),
        }];
    }
    Ok(body)
}

/// Work that came back, and was discarded.
fn returned(name: &str, target: &Record, author: &str) -> Result<ReturnedWork> {
    let note = AddNote {
        appointment: target.id.clone(),
        note: id(&format!("note-{name}")),
        text: format!("Returned note of {name}"),
    };
    let denial = Denial::new(Code::NotGranted, "C-INS-20", format!("Sentence of {name}"))
        .fact(format!("Fact of {name}"));
    let author = PersonId::parse(author)?;
    let author_name = format!("Name of {author}");
    let mut work = ReturnedWork::of(
        (&author, &author_name),
        (&note.clone().into(), 1),
        target,
        (&denial.into(), Way::Pushed),
        2,
    )
    .context("it is for supervisors")?;
    work.contest = Some(Contest {
        field: "day".to_owned(),
        mine: json!(format!("Mine of {name}")),
        theirs: json!(format!("Theirs of {name}")),
        theirs_by: Some(format!("Contested of {name} by")),
        theirs_at: Some(1),
    });
    work.decision = Some(Decision {
        is_adopted: false,
        instead: Some(note.into()),
        by: format!("Decided of {name} by"),
        at: 3,
        because: format!("Discarded of {name}"),
    });
    Ok(work)
}

/// A time that is blocked long after everything else.
fn block(name: &str, calendar: &str, person: Option<&str>) -> Result<Block> {
    Ok(serde_json::from_value(json!({
        "calendar": calendar, "person": person, "person_name": person.map_or(String::new(), |person| format!("Name of {person}")),
        "from_day": day(400), "until_day": day(401), "from_minute": 480, "to_minute": 600,
        "because": format!("Because of {name}"),
        "history": [{ "what": "block_time", "by": format!("Block of {name} by"), "at": 1, "claimed_at": 1,
                      "detail": format!("Detail of {name}") }],
    }))?)
}

fn inspection_type(calendar: &str) -> Result<InspectionType> {
    let item = |key: &str, required| ChecklistItem {
        key: format!("{key}-{calendar}"),
        text: format!("Line {key} of {calendar}"),
        unit: Some("mm".to_owned()),
        required,
    };
    Ok(InspectionType {
        name: format!("Routine {calendar}"),
        calendar: CalendarId::parse(calendar)?,
        duration_minutes: 30,
        requirements: vec![format!("Have {calendar} ready")],
        checklist: vec![item("access", true), item("exits", false)],
    })
}

fn permit(name: &str, calendar: &str, applicant: &str, status: PermitStatus, paid: bool) -> Result<Permit> {
    Ok(Permit {
        number: format!("Number of {name}"),
        permit_type: format!("Type of {name}"),
        description: format!("Description of {name}"),
        status,
        fee_paid: Some(paid),
        applicant: Some(PersonId::parse(applicant)?),
        contact_name: format!("Contact of {name}"),
        contact_phone: format!("Telephone of {name}"),
        contact_email: format!("Mail of {name}"),
        establishment: format!("Establishment of {name}"),
        address: format!("Address of {name}"),
        latitude: Some(-34.9),
        longitude: Some(-56.1),
        calendar: Some(CalendarId::parse(calendar)?),
        inspection_types: vec![id(&format!("type-{calendar}"))],
        source: Some(source(name)),
        ..Permit::default()
    })
}

fn visit_body(
    name: &str,
    calendar: &str,
    assignee: Option<&str>,
    applicant: &str,
    in_days: i64,
    status: Status,
) -> Result<Appointment> {
    let over = status == Status::Completed;
    let number = VISITS
        .iter()
        .position(|(visit, ..)| *visit == name)
        .context("a visit of the town")?;
    let from = u16::try_from(8 * 60 + number * 35)?;
    let key = format!("access-{calendar}");
    let finding = |text: &str| Finding {
        answer: Some(CheckAnswer::Pass),
        measurement: Some(12.5),
        observation: format!("{text} of {name}"),
    };
    let photo = match name {
        "v-ana-done" => PHOTO.to_owned(),
        "v-carla" => PHOTO_OF_FIRE.to_owned(),
        other => format!("{:0>64}", format!("{:x}", u128::from_be_bytes(padded(other)))),
    };
    let mut visit = Appointment {
        permit: Some(id(&name.replacen("v-", "p-", 1))),
        permit_number: format!("Number of {name}"),
        permit_type: format!("Type of {name}"),
        inspection_type: Some(id(&format!("type-{calendar}"))),
        inspection_type_name: format!("Routine of {name}"),
        calendar: Some(CalendarId::parse(calendar)?),
        team: (name == "v-north").then(|| TeamId::parse("north")).transpose()?,
        assignee: assignee.map(PersonId::parse).transpose()?,
        assignee_name: assignee
            .map(|person| format!("Name of {person}"))
            .unwrap_or_default(),
        applicant: Some(PersonId::parse(applicant)?),
        contact_name: format!("Contact of {name}"),
        contact_phone: format!("Telephone of {name}"),
        contact_email: format!("Mail of {name}"),
        establishment: format!("Establishment of {name}"),
        address: format!("Address of {name}"),
        latitude: Some(-34.9),
        longitude: Some(-56.1),
        day: Some(day(in_days)),
        from_minute: Some(from),
        to_minute: Some(from + 30),
        priority: Priority::Urgent,
        special_notes: format!("Beware of the dog of {name}"),
        status,
        started_at: over.then_some(1_000),
        completed_at: over.then_some(2_000),
        findings: BTreeMap::from([(key, finding("Observation"))]),
        result: over.then(|| Outcome {
            overall: Overall::Passed,
            summary: format!("Summary of {name}"),
            by: format!("Result of {name} by"),
            at: Some(2_000),
        }),
        notes: vec![Note {
            id: id(&format!("note-{name}")),
            by: format!("Noted of {name} by"),
            at: 1,
            text: format!("Note of {name}"),
        }],
        photos: vec![Photo {
            hash: photo,
            media_type: "image/png".to_owned(),
            bytes: 7,
            caption: format!("Caption of {name}"),
            by: format!("Taken of {name} by"),
            at: 1,
            pending: false,
        }],
        request: (status == Status::RequireReassignment).then(|| ReassignmentRequest {
            reason: RequestReason::Illness,
            text: format!("Request of {name}"),
            by: format!("Asked of {name} by"),
            at: 1,
            was: Status::Scheduled,
        }),
        source: Some(source(name)),
        ..Appointment::default()
    };
    // What other commands keep about themselves, read from JSON so that a line they add breaks nothing here.
    visit.history = serde_json::from_value(json!([{
        "what": "book_appointment", "by": format!("Booked of {name} by"), "at": 1, "claimed_at": 1,
        "detail": format!("Detail of {name}"),
    }]))?;
    if name == "v-ana-done" {
        // What a visit may keep besides; it is over, so that none of it stands in anybody's way.
        let word = |what: &str| json!({ "because": format!("{what} of {name}"), "by": format!("{what} of {name} by"), "at": 1 });
        visit.called_off = Some(serde_json::from_value(word("Called off"))?);
        visit.lock = Some(serde_json::from_value(word("Lock"))?);
        visit.reinspects = Some(id("v-ana-late"));
        visit.reinspection = Some(id("v-ana-late"));
        visit.found_before = BTreeMap::from([(format!("access-{calendar}"), finding("Found before"))]);
    }
    visit.answered = serde_json::from_value(json!({
        format!("access-{calendar}"): { "by": format!("Answered of {name} by"), "at": 1 },
    }))?;
    Ok(visit)
}

fn padded(name: &str) -> [u8; 16] {
    let mut bytes = [0; 16];
    let length = name.len().min(16);
    bytes[..length].copy_from_slice(&name.as_bytes()[..length]);
    bytes
}

fn source(name: &str) -> Source {
    Source {
        system: format!("System of {name}"),
        id: format!("Id of {name}"),
        facts: BTreeMap::from([(format!("Column of {name}"), format!("Fact of {name}"))]),
        marks: vec![format!("Mark of {name}")],
    }
}

/// The body of a record in a list.
pub fn body<'a>(records: &'a [Record], name: &str) -> Result<&'a Body> {
    let found = records.iter().find(|record| record.id.as_str() == name);
    Ok(&found.with_context(|| format!("{name} is not in the town"))?.body)
}
