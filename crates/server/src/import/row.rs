//! What one row means: a visit, the permit it was made under, and its kind.

use super::cell::overall;
use super::columns::Columns;
use super::mapping::{AppointmentField, Mapping, PermitField, TypeField};
use chrono::NaiveDate;
use csv::StringRecord;
use domain::inspections::{Appointment, Outcome, Permit, Source, Status, Team};
use policy::{RecordId, TeamId};

/// A row that was understood.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) id: RecordId,
    pub(super) body: Appointment,
    pub(super) day: NaiveDate,
    pub(super) marks: Vec<String>,
    pub(super) team: Option<Team>,
    pub(super) type_id: RecordId,
    pub(super) permit_id: RecordId,
    /// The permit as this row alone tells it.
    pub(super) permit: Permit,
}

/// The id of a row's record, as far as the row has one.
pub(super) fn id(mapping: &Mapping, columns: &Columns, row: &StringRecord) -> Result<RecordId, String> {
    let id = columns.id.needed(row)?;
    if id.starts_with("permit-") {
        // Such an id would be that of a permit.
        return Err(format!(
            "{}: `{id}` begins with `permit-`, which is kept for permits",
            mapping.id.get_ref()
        ));
    }
    record_id(mapping, mapping.id.get_ref(), id)
}

/// Reads a row, or says why it is refused.
pub(super) fn read(mapping: &Mapping, columns: &Columns, row: &StringRecord) -> Result<Visit, String> {
    let id = id(mapping, columns, row)?;
    let (permit_id, permit) = permit(mapping, columns, row)?;
    let mut body = Appointment {
        permit: Some(permit_id.clone()),
        permit_number: permit.number.clone(),
        permit_type: permit.permit_type.clone(),
        calendar: Some(mapping.calendar.id.get_ref().clone()),
        status: Status::Completed,
        ..Appointment::default()
    };
    let mut team = None;
    for (field, cell) in &columns.appointment {
        let text = || cell.text(row).map(str::to_owned);
        match field {
            AppointmentField::Team => {
                team = self::team(cell.text(row)?)?;
                body.team = team.as_ref().map(|team| team.id.clone());
            }
            AppointmentField::Establishment => body.establishment = text()?,
            AppointmentField::Address => body.address = text()?,
            AppointmentField::Latitude => body.latitude = cell.degrees(row, 90.0)?,
            AppointmentField::Longitude => body.longitude = cell.degrees(row, 180.0)?,
            AppointmentField::Day => body.day = Some(cell.day(row)?),
            AppointmentField::Result => {
                let name = cell.needed(row)?;
                let overall = overall(name).ok_or_else(|| format!("`{name}` is not a result"))?;
                let (summary, by) = (String::new(), String::new());
                body.result = Some(Outcome {
                    overall,
                    summary,
                    by,
                    at: None,
                });
            }
            AppointmentField::ContactName => body.contact_name = text()?,
            AppointmentField::ContactPhone => body.contact_phone = text()?,
            AppointmentField::ContactEmail => body.contact_email = text()?,
            AppointmentField::SpecialNotes => body.special_notes = text()?,
        }
    }
    (body.latitude, body.longitude) = pair(body.latitude, body.longitude);
    let type_id = inspection_type(mapping, columns, row, &mut body)?;
    let blank = |index: &usize| row.get(*index).is_none_or(|cell| cell.trim().is_empty());
    let marked = columns
        .marks
        .iter()
        .filter(|(_, indexes)| indexes.iter().any(blank));
    let marks: Vec<String> = marked.map(|(mark, _)| mark.clone()).collect();
    let fact = |(name, index): &(String, usize)| {
        let cell = row.get(*index).filter(|cell| !cell.is_empty())?;
        Some((name.clone(), cell.to_owned()))
    };
    body.source = Some(Source {
        system: mapping.system.get_ref().to_string(),
        id: columns.id.needed(row)?.to_owned(),
        facts: columns.facts.iter().filter_map(fact).collect(),
        marks: marks.clone(),
    });
    let day = body.day.unwrap_or_default();
    Ok(Visit {
        id,
        body,
        day,
        marks,
        team,
        type_id,
        permit_id,
        permit,
    })
}

fn permit(mapping: &Mapping, columns: &Columns, row: &StringRecord) -> Result<(RecordId, Permit), String> {
    let mut permit = Permit {
        calendar: Some(mapping.calendar.id.get_ref().clone()),
        ..Permit::default()
    };
    for (field, cell) in &columns.permit {
        let text = || cell.text(row).map(str::to_owned);
        match field {
            PermitField::Number => permit.number = cell.needed(row)?.to_owned(),
            PermitField::PermitType => permit.permit_type = text()?,
            PermitField::Description => permit.description = text()?,
            PermitField::Establishment => permit.establishment = text()?,
            PermitField::Address => permit.address = text()?,
            PermitField::Latitude => permit.latitude = cell.degrees(row, 90.0)?,
            PermitField::Longitude => permit.longitude = cell.degrees(row, 180.0)?,
        }
    }
    (permit.latitude, permit.longitude) = pair(permit.latitude, permit.longitude);
    let id = record_id(mapping, "permit number", &format!("permit-{}", permit.number))?;
    Ok((id, permit))
}

fn inspection_type(
    mapping: &Mapping,
    columns: &Columns,
    row: &StringRecord,
    body: &mut Appointment,
) -> Result<RecordId, String> {
    // The mapping was refused if it did not say where the name is.
    let cell = columns
        .inspection_type
        .get(&TypeField::Name)
        .ok_or("no kind of inspection")?;
    let name = cell.needed(row)?;
    let slug = slug(name)?;
    let id = RecordId::parse(format!("{}-{slug}", mapping.calendar.id.get_ref()))
        .map_err(|error| format!("kind of inspection: {error}"))?;
    body.inspection_type = Some(id.clone());
    body.inspection_type_name = name.to_owned();
    Ok(id)
}

fn team(text: &str) -> Result<Option<Team>, String> {
    let text = text.trim();
    let mut letters = text.chars();
    let Some(first) = letters.next() else {
        return Ok(None);
    };
    let id = TeamId::parse(slug(text)?).map_err(|error| format!("team: {error}"))?;
    Ok(Some(Team {
        id,
        name: first.to_uppercase().chain(letters).collect(),
    }))
}

fn record_id(mapping: &Mapping, field: &str, id: &str) -> Result<RecordId, String> {
    RecordId::parse(format!("{}-{id}", mapping.system.get_ref())).map_err(|error| format!("{field}: {error}"))
}

/// One coordinate without the other is none.
fn pair(latitude: Option<f64>, longitude: Option<f64>) -> (Option<f64>, Option<f64>) {
    latitude.zip(longitude).unzip()
}

/// A name as part of an id: lower-case letters and digits, and `-` for whatever stands between them.
fn slug(name: &str) -> Result<String, String> {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        return Err(format!(
            "`{name}` has no letter or digit that an id could be made of"
        ));
    }
    Ok(words.join("-"))
}
