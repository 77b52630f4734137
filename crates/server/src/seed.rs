//! A seeded town: the generator's plan, as records of this office.

use crate::accounts;
use crate::office::Office;
use crate::problem::Problem;
use anyhow::Context as _;
use chrono::NaiveDate;
use domain::inspections::{
    Appointment, Calendar, CheckAnswer, ChecklistItem, Finding, InspectionType, Outcome, Overall, Permit,
    PermitStatus, Priority, Status,
};
use domain::people::{GrantBody, Person};
use domain::{Effect, Record};
use policy::{CalendarId, DepartmentId, GrantId, Millis, PersonId, RecordId, RoleName, Scope};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use store::{Account, OfficeTx, write};

/// What everybody in a seeded town signs in with. A seeded town is a demonstration; it holds nobody's data.
pub const SEEDED_PASSWORD: &str = "bailiwick-demo";
/// Records are written this many at a time.
const CHUNK: usize = 500;

/// What was seeded.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Seeded {
    pub people: usize,
    pub permits: usize,
    pub visits: usize,
    pub first_day: String,
    pub password: String,
}

/// Where the open map data lies: beside the program's sources, or where the environment says.
pub fn source() -> PathBuf {
    match std::env::var_os("BAILIWICK_TOWN_SOURCE") {
        Some(path) => PathBuf::from(path),
        None => Path::new("crates/town/node_modules/@mapbox/mvt-fixtures").to_path_buf(),
    }
}

/// Fills an office with a town. The same scale, seed and day give the same records.
pub fn seed(office: &Office, scale: u32, seed: u64, first_day: NaiveDate) -> anyhow::Result<Seeded> {
    let geography = town::load(&source())?;
    let plan = town::plan(&geography, seed, scale, &first_day.to_string())?;
    let records = records(&plan)?;
    let organization = &plan.organization;
    office
        .write(async |tx| Ok(tx.rename_org(&organization.name, &organization.zone).await?))
        .map_err(to_error)?;
    for chunk in records.chunks(CHUNK) {
        office
            .write(async |tx| {
                write(tx, &Effect::puts(chunk.to_vec())).await?;
                Ok(())
            })
            .map_err(to_error)?;
    }
    let hash = accounts::hash_password(SEEDED_PASSWORD).map_err(to_error)?;
    office
        .write(async |tx| {
            for person in &plan.people {
                let id = PersonId::parse(person.id.as_str())
                    .map_err(|error| store::Fault::Unreadable(error.to_string()))?;
                let account = Account {
                    person: id,
                    username: person.username.clone(),
                    password_hash: hash.clone(),
                    is_active: true,
                };
                tx.save_account(&account).await?;
            }
            Ok(())
        })
        .map_err(to_error)?;
    save_basemap(office, &geography)?;
    Ok(Seeded {
        people: plan.people.len(),
        permits: plan.permits.len(),
        visits: plan.visits.len(),
        first_day: plan.first_day,
        password: SEEDED_PASSWORD.to_owned(),
    })
}

fn to_error(problem: Problem) -> anyhow::Error {
    anyhow::anyhow!("{}", problem.sentence)
}

fn save_basemap(office: &Office, geography: &town::Geography) -> anyhow::Result<()> {
    let bounds = geography.bounds;
    let basemap = json!({
        "attribution": geography.attribution,
        "bounds": [bounds.west, bounds.south, bounds.east, bounds.north],
        "features": town::basemap(geography),
    });
    let path = office.file("basemap.json");
    std::fs::write(&path, serde_json::to_vec(&basemap)?)
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// The town's records, each kind after those it refers to.
fn records(plan: &town::Plan) -> anyhow::Result<Vec<Record>> {
    let mut records = Vec::new();
    for calendar in &plan.calendars {
        records.push(Record::new(
            RecordId::parse(calendar.id.as_str())?,
            calendar_body(plan, calendar)?,
        ));
    }
    for kind in &plan.inspection_types {
        records.push(Record::new(RecordId::parse(kind.id.as_str())?, type_body(kind)?));
    }
    for person in &plan.people {
        records.push(Record::new(
            RecordId::parse(person.id.as_str())?,
            person_body(plan, person)?,
        ));
    }
    for (index, grant) in plan.grants.iter().enumerate() {
        let id = GrantId::parse(format!("grant-{:04}", index + 1))?;
        records.push(Record::new(id, grant_body(grant)?));
    }
    let mut permits = BTreeMap::new();
    for permit in &plan.permits {
        permits.insert(permit.id.as_str(), permit_body(plan, permit)?);
    }
    let mut visits = Vec::new();
    for visit in &plan.visits {
        let permit = permits
            .get_mut(visit.permit.as_str())
            .context("a visit without a permit")?;
        let body = visit_body(plan, visit, permit)?;
        permit.relink(None, Some(&body))?;
        visits.push(Record::new(RecordId::parse(visit.id.as_str())?, body));
    }
    for (id, permit) in permits {
        records.push(Record::new(RecordId::parse(id)?, permit));
    }
    records.extend(visits);
    Ok(records)
}

fn calendar_body(plan: &town::Plan, calendar: &town::Calendar) -> anyhow::Result<Calendar> {
    let department = plan
        .departments
        .iter()
        .find(|department| department.id == calendar.department);
    Ok(Calendar {
        name: calendar.name.clone(),
        department: DepartmentId::parse(calendar.department.as_str())?,
        department_name: department
            .map(|department| department.name.clone())
            .unwrap_or_default(),
        public: calendar.public,
        active: true,
        requirements: Vec::new(),
        cutoff_minute: 8 * 60,
        reschedule_hours: 24,
        cancel_hours: 24,
        photo_location: false,
        teams: Vec::new(),
    })
}

fn type_body(kind: &town::InspectionType) -> anyhow::Result<InspectionType> {
    let item = |item: &town::ChecklistItem| ChecklistItem {
        key: item.key.clone(),
        text: item.text.clone(),
        unit: item.unit.clone(),
        required: item.required,
    };
    Ok(InspectionType {
        name: kind.name.clone(),
        calendar: CalendarId::parse(kind.calendar.as_str())?,
        duration_minutes: u16::try_from(kind.duration_minutes)?,
        requirements: kind.requirements.clone(),
        checklist: kind.checklist.iter().map(item).collect(),
    })
}

fn person_body(plan: &town::Plan, person: &town::Person) -> anyhow::Result<Person> {
    let inspects = plan
        .grants
        .iter()
        .filter(|grant| grant.person == person.id && grant.role == "inspections.inspector")
        .map(|grant| CalendarId::parse(grant.scope_id.as_str()))
        .collect::<Result<_, _>>()?;
    Ok(Person {
        name: person.name.clone(),
        username: person.username.clone(),
        email: person.email.clone(),
        phone: person.phone.clone(),
        inspects,
        absences: Vec::new(),
    })
}

fn grant_body(grant: &town::Grant) -> anyhow::Result<GrantBody> {
    let scope = match grant.scope_kind.as_str() {
        "organization" => Scope::Organization,
        kind => Scope::parse(&format!("{kind}/{}", grant.scope_id)).map_err(anyhow::Error::msg)?,
    };
    Ok(GrantBody {
        person: PersonId::parse(grant.person.as_str())?,
        role: RoleName(grant.role.clone()),
        scope,
        from: None,
        until: None,
        granted_by: "Town hall".to_owned(),
        because: grant.because.clone(),
        withdrawn: None,
        emergency: None,
    })
}

fn permit_body(plan: &town::Plan, permit: &town::Permit) -> anyhow::Result<Permit> {
    let applicant = plan
        .people
        .iter()
        .find(|person| person.id == permit.applicant)
        .context("an unknown applicant")?;
    let ids = permit
        .inspection_types
        .iter()
        .map(|id| RecordId::parse(id.as_str()));
    Ok(Permit {
        number: permit.number.clone(),
        permit_type: permit.kind.clone(),
        description: permit.description.clone(),
        status: match permit.status {
            town::PermitStatus::InReview => PermitStatus::Applied,
            town::PermitStatus::Issued => PermitStatus::Issued,
            town::PermitStatus::OnHold => PermitStatus::Suspended,
            town::PermitStatus::Expired => PermitStatus::Closed,
        },
        fee_paid: Some(permit.fee_paid),
        applicant: Some(PersonId::parse(applicant.id.as_str())?),
        contact_name: applicant.name.clone(),
        contact_phone: applicant.phone.clone(),
        contact_email: applicant.email.clone(),
        establishment: permit.establishment.clone().unwrap_or_default(),
        address: permit.address.clone(),
        latitude: Some(permit.latitude),
        longitude: Some(permit.longitude),
        calendar: Some(CalendarId::parse(permit.calendar.as_str())?),
        inspection_types: ids.collect::<Result<_, _>>()?,
        people: BTreeMap::new(),
        teams: BTreeMap::new(),
        source: None,
    })
}

fn visit_body(plan: &town::Plan, visit: &town::Visit, permit: &Permit) -> anyhow::Result<Appointment> {
    let kind = plan
        .inspection_types
        .iter()
        .find(|kind| kind.id == visit.inspection_type)
        .context("an unknown type")?;
    let inspector = plan
        .people
        .iter()
        .find(|person| person.id == visit.inspector)
        .context("an unknown inspector")?;
    let day: NaiveDate = visit.day.parse()?;
    let (from, to) = (u16::try_from(visit.from_minute)?, u16::try_from(visit.to_minute)?);
    let instant = |minute: u32| instant_of(day, minute, &plan.organization.zone);
    let mut body = Appointment {
        permit: Some(RecordId::parse(visit.permit.as_str())?),
        permit_number: permit.number.clone(),
        permit_type: permit.permit_type.clone(),
        inspection_type: Some(RecordId::parse(kind.id.as_str())?),
        inspection_type_name: kind.name.clone(),
        calendar: Some(CalendarId::parse(visit.calendar.as_str())?),
        assignee: Some(PersonId::parse(inspector.id.as_str())?),
        assignee_name: inspector.name.clone(),
        applicant: permit.applicant.clone(),
        contact_name: permit.contact_name.clone(),
        contact_phone: permit.contact_phone.clone(),
        contact_email: permit.contact_email.clone(),
        establishment: permit.establishment.clone(),
        address: permit.address.clone(),
        latitude: permit.latitude,
        longitude: permit.longitude,
        day: Some(day),
        from_minute: Some(from),
        to_minute: Some(to),
        priority: match visit.priority {
            town::Priority::Normal => Priority::Normal,
            town::Priority::Urgent => Priority::Urgent,
            town::Priority::Emergency => Priority::Emergency,
        },
        special_notes: visit.special_notes.clone().unwrap_or_default(),
        status: match visit.status {
            town::VisitStatus::Scheduled => Status::Scheduled,
            town::VisitStatus::Confirmed => Status::Confirmed,
            town::VisitStatus::Completed => Status::Completed,
            town::VisitStatus::NoShow => Status::NoShow,
        },
        ..Appointment::default()
    };
    if let Some(outcome) = &visit.outcome {
        body.started_at = Some(instant(visit.from_minute));
        body.completed_at = Some(instant(outcome.completed_minute));
        body.findings = outcome.answers.iter().map(finding).collect();
        body.result = Some(Outcome {
            overall: if outcome.passed {
                Overall::Passed
            } else {
                Overall::Failed
            },
            summary: outcome.summary.clone(),
            by: inspector.name.clone(),
            at: body.completed_at,
        });
    }
    Ok(body)
}

fn finding(answer: &town::Answer) -> (String, Finding) {
    let verdict = match answer.verdict {
        town::Verdict::Pass => CheckAnswer::Pass,
        town::Verdict::Fail => CheckAnswer::Fail,
        town::Verdict::NotApplicable => CheckAnswer::NotApplicable,
    };
    let finding = Finding {
        answer: Some(verdict),
        measurement: answer.value,
        observation: answer.note.clone().unwrap_or_default(),
    };
    (answer.key.clone(), finding)
}

fn instant_of(day: NaiveDate, minute: u32, zone: &str) -> Millis {
    domain::time::instant(day, u16::try_from(minute).unwrap_or(0), zone)
}
