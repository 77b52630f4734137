//! The small town that stories and simulations play in: two calendars, a team, six people, a few permits and visits.

use anyhow::Result;
use chrono::NaiveDate;
use domain::inspections::{Appointment, Calendar, ChecklistItem, InspectionType, Permit, PermitStatus, Team};
use domain::people::{GrantBody, Person};
use domain::{Effect, Record};
use policy::{CalendarId, DepartmentId, GrantId, Millis, OrgId, PersonId, RecordId, RoleName, Scope, TeamId};
use std::collections::BTreeMap;
use store::sqlite::OfficeDb;
use store::{Account, OfficeTx, Org, write};

/// The calendar that is open to the public.
pub const BUILDING: &str = "building";
/// The calendar that is not.
pub const FIRE: &str = "fire";

/// Until when a visit may be asked to be reassigned on its day.
pub(crate) const CUTOFF_MINUTE: u16 = 8 * 60;

/// An organization in its first life.
pub fn organization(id: OrgId, name: &str) -> Org {
    Org {
        id,
        name: name.to_owned(),
        zone: "UTC".to_owned(),
        rights_seq: 0,
        removals_from: 0,
        seq: 0,
        incarnation: "first-life".to_owned(),
        policy_version: policy::POLICY_VERSION,
        secret: vec![7; 32],
    }
}

/// People and places of the small town.
pub struct Town;

/// Who lives there: id, name, role, scope.
type Resident = (&'static str, &'static str, Option<(&'static str, &'static str)>);

const PEOPLE: &[Resident] = &[
    ("ana", "Ana Ruiz", Some(("inspector", "calendar/building"))),
    ("bruno", "Bruno Silva", Some(("inspector", "calendar/building"))),
    ("carla", "Carla Núñez", Some(("inspector", "calendar/fire"))),
    ("marta", "Marta Sosa", Some(("manager", "calendar/building"))),
    ("laura", "Laura Pérez", Some(("administrator", "organization"))),
    ("tomas", "Tomás Vidal", Some(("citizen", "organization"))),
    ("nadia", "Nadia Gil", None),
];

impl Town {
    /// The first working day of every story, at noon.
    pub const MORNING: Millis = 1_795_435_200_000;

    /// The day of [`Town::MORNING`].
    pub fn today() -> NaiveDate {
        domain::time::local(Town::MORNING, "UTC").0
    }

    /// A person's id.
    pub fn person(name: &str) -> Result<PersonId> {
        Ok(PersonId::parse(name)?)
    }

    /// Everybody's id.
    pub fn everybody() -> Vec<&'static str> {
        PEOPLE.iter().map(|(id, ..)| *id).collect()
    }

    /// An office in memory with the town in it.
    pub fn office() -> Result<OfficeDb> {
        Town::office_of(Town::records()?)
    }

    /// An office in memory with these records and everybody's account.
    pub(crate) fn office_of(records: Vec<Record>) -> Result<OfficeDb> {
        let org = OrgId::parse("main")?;
        let mut db = OfficeDb::open(None, &org)?;
        let mut tx = db.write()?;
        pollster::block_on(tx.ensure_org(&organization(org, "Small town")))?;
        for record in records {
            pollster::block_on(write(&mut tx, &Effect::puts(vec![record])))?;
        }
        for (id, ..) in PEOPLE {
            pollster::block_on(tx.save_account(&Town::account(&Town::person(id)?)))?;
        }
        pollster::block_on(tx.commit())?;
        Ok(db)
    }

    /// A person's account. Nobody signs in with its password here.
    pub fn account(person: &PersonId) -> Account {
        Account {
            person: person.clone(),
            username: person.to_string(),
            password_hash: String::new(),
            is_active: true,
        }
    }

    /// Every record of the town, each after those it refers to.
    pub fn records() -> Result<Vec<Record>> {
        let mut records = Vec::new();
        for (id, name, public) in [
            (BUILDING, "Building inspections", true),
            (FIRE, "Fire safety", false),
        ] {
            records.push(Record::new(RecordId::parse(id)?, calendar(id, name, public)?));
            records.push(Record::new(
                RecordId::parse(format!("type-{id}"))?,
                inspection_type(id)?,
            ));
        }
        for (id, name, grant) in PEOPLE {
            let mut person = Person {
                name: (*name).to_owned(),
                username: (*id).to_owned(),
                email: format!("{id}@town.example"),
                phone: "+598 90 000 000".to_owned(),
                ..Person::default()
            };
            if let Some((role, scope)) = grant {
                let body = grant_body(id, role, scope)?;
                if let (Scope::Calendar(calendar), "inspector") = (&body.scope, *role) {
                    person.inspects.insert(calendar.clone());
                }
                records.push(Record::new(GrantId::parse(format!("grant-{id}"))?, body));
            }
            records.push(Record::new(PersonId::parse(*id)?, person));
        }
        let mut permits = BTreeMap::new();
        let mut visits = Vec::new();
        for n in 0..12_u16 {
            let calendar = if n % 4 == 3 { FIRE } else { BUILDING };
            let assignee = ["ana", "bruno", "ana", "carla"][usize::from(n % 4)];
            let mut permit = permit(n, calendar)?;
            let visit = visit(n, calendar, assignee, &permit)?;
            permit.relink(None, Some(&visit))?;
            permits.insert(format!("permit-{n:02}"), permit);
            visits.push(Record::new(RecordId::parse(format!("visit-{n:02}"))?, visit));
        }
        for (id, permit) in permits {
            records.push(Record::new(RecordId::parse(id)?, permit));
        }
        records.extend(visits);
        Ok(records)
    }
}

fn calendar(id: &str, name: &str, public: bool) -> Result<Calendar> {
    Ok(Calendar {
        name: name.to_owned(),
        department: DepartmentId::parse(format!("dep-{id}"))?,
        department_name: name.to_owned(),
        public,
        active: true,
        requirements: vec!["Have the permit at hand.".to_owned()],
        cutoff_minute: CUTOFF_MINUTE,
        reschedule_hours: 24,
        cancel_hours: 24,
        photo_location: false,
        teams: if id == BUILDING {
            vec![Team {
                id: TeamId::parse("north")?,
                name: "North".to_owned(),
            }]
        } else {
            Vec::new()
        },
    })
}

fn inspection_type(calendar: &str) -> Result<InspectionType> {
    let item = |key: &str, text: &str, required| ChecklistItem {
        key: key.to_owned(),
        text: text.to_owned(),
        unit: None,
        required,
    };
    Ok(InspectionType {
        name: format!("Routine {calendar}"),
        calendar: CalendarId::parse(calendar)?,
        duration_minutes: 45,
        requirements: Vec::new(),
        checklist: vec![
            item("access", "The way in is clear", true),
            item("exits", "Exits open freely", true),
            item("signs", "Signs are readable", false),
        ],
    })
}

/// A grant as the town gives it.
pub fn grant_body(person: &str, role: &str, scope: &str) -> Result<GrantBody> {
    Ok(GrantBody {
        person: PersonId::parse(person)?,
        role: RoleName(format!("inspections.{role}")),
        scope: Scope::parse(scope).map_err(anyhow::Error::msg)?,
        from: None,
        until: None,
        granted_by: "Town hall".to_owned(),
        because: "as hired".to_owned(),
        withdrawn: None,
        emergency: None,
    })
}

fn permit(n: u16, calendar: &str) -> Result<Permit> {
    Ok(Permit {
        number: format!("B-2026-{n:04}"),
        permit_type: "Building".to_owned(),
        description: "Works".to_owned(),
        status: PermitStatus::Issued,
        fee_paid: Some(true),
        applicant: Some(PersonId::parse("tomas")?),
        contact_name: "Tomás Vidal".to_owned(),
        contact_phone: "+598 90 111 111".to_owned(),
        contact_email: "tomas@town.example".to_owned(),
        address: format!("Calle Larga {n}"),
        calendar: Some(CalendarId::parse(calendar)?),
        inspection_types: vec![RecordId::parse(format!("type-{calendar}"))?],
        ..Permit::default()
    })
}

fn visit(n: u16, calendar: &str, assignee: &str, permit: &Permit) -> Result<Appointment> {
    let name = PEOPLE
        .iter()
        .find(|(id, ..)| *id == assignee)
        .map(|(_, name, _)| (*name).to_owned());
    let from = 9 * 60 + (n / 4) * 60;
    Ok(Appointment {
        permit: Some(RecordId::parse(format!("permit-{n:02}"))?),
        permit_number: permit.number.clone(),
        permit_type: permit.permit_type.clone(),
        inspection_type: Some(RecordId::parse(format!("type-{calendar}"))?),
        inspection_type_name: format!("Routine {calendar}"),
        calendar: Some(CalendarId::parse(calendar)?),
        team: if n == 5 {
            Some(TeamId::parse("north")?)
        } else {
            None
        },
        assignee: Some(PersonId::parse(assignee)?),
        assignee_name: name.unwrap_or_default(),
        applicant: permit.applicant.clone(),
        contact_name: permit.contact_name.clone(),
        contact_phone: permit.contact_phone.clone(),
        contact_email: permit.contact_email.clone(),
        address: permit.address.clone(),
        day: Some(Town::today()),
        from_minute: Some(from),
        to_minute: Some(from + 45),
        ..Appointment::default()
    })
}
