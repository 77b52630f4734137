//! What the source says, laid over what is stored: mapped fields follow the source, everything else is kept.

use super::columns::Columns;
use super::gather::{Gathered, Licence};
use super::mapping::{AppointmentField, Mapping, PermitField, SEVERAL_NAMES};
use super::row::Visit;
use domain::inspections::{Appointment, Calendar, InspectionType, Outcome, Permit, Source};
use domain::{Body, Record};
use policy::RecordId;
use std::collections::BTreeMap;

/// Under this name a permit's source keeps the day of the visit it was last taken from.
const NEWEST_VISIT: &str = "newest_visit";

/// The visit as it is afterwards, or why the row is refused.
pub(super) fn visit(stored: Option<&Body>, visit: &Visit, columns: &Columns) -> Result<Appointment, String> {
    let new = &visit.body;
    let Some(stored) = stored else {
        return Ok(new.clone());
    };
    let Body::Appointment(stored) = stored else {
        return Err(taken(&visit.id));
    };
    if !is_from_same(stored.source.as_ref(), new.source.as_ref()) {
        return Err(taken(&visit.id));
    }
    let mut after = stored.as_ref().clone();
    after.permit.clone_from(&new.permit);
    after.permit_number.clone_from(&new.permit_number);
    after.permit_type.clone_from(&new.permit_type);
    after.inspection_type.clone_from(&new.inspection_type);
    after.inspection_type_name.clone_from(&new.inspection_type_name);
    after.calendar.clone_from(&new.calendar);
    after.source.clone_from(&new.source);
    for field in columns.appointment.keys() {
        match field {
            AppointmentField::Team => after.team.clone_from(&new.team),
            AppointmentField::Establishment => after.establishment.clone_from(&new.establishment),
            AppointmentField::Address => after.address.clone_from(&new.address),
            AppointmentField::Latitude => after.latitude = new.latitude,
            AppointmentField::Longitude => after.longitude = new.longitude,
            AppointmentField::Day => after.day = new.day,
            AppointmentField::Result => after.result = result(after.result, new.result.as_ref()),
            AppointmentField::ContactName => after.contact_name.clone_from(&new.contact_name),
            AppointmentField::ContactPhone => after.contact_phone.clone_from(&new.contact_phone),
            AppointmentField::ContactEmail => after.contact_email.clone_from(&new.contact_email),
            AppointmentField::SpecialNotes => after.special_notes.clone_from(&new.special_notes),
        }
    }
    Ok(after)
}

/// A summary and a name that were written here stay with the source's result.
fn result(stored: Option<Outcome>, new: Option<&Outcome>) -> Option<Outcome> {
    match (stored, new) {
        (Some(stored), Some(new)) => Some(Outcome {
            overall: new.overall,
            ..stored
        }),
        (_, new) => new.cloned(),
    }
}

/// The permit as it is afterwards, or why it cannot be written.
pub(super) fn permit(
    stored: Option<&Body>,
    id: &RecordId,
    licence: &Licence,
    mapping: &Mapping,
    columns: &Columns,
    gathered: &Gathered,
) -> Result<Permit, String> {
    let new = &licence.permit;
    let newest = licence.newest.to_string();
    let source = Source {
        system: mapping.system.get_ref().to_string(),
        id: new.number.clone(),
        facts: BTreeMap::from([(NEWEST_VISIT.to_owned(), newest.clone())]),
        marks: marks(licence),
    };
    let mut after = match stored {
        None => new.clone(),
        Some(Body::Permit(stored)) if is_from_same(stored.source.as_ref(), Some(&source)) => {
            stored.as_ref().clone()
        }
        Some(_) => return Err(taken(id)),
    };
    for kind in gathered.types.keys() {
        if !after.inspection_types.contains(kind) {
            after.inspection_types.push(kind.clone());
        }
    }
    let told = after
        .source
        .as_ref()
        .and_then(|source| source.facts.get(NEWEST_VISIT));
    if told.is_some_and(|told| *told > newest) {
        // An older file does not take a permit back to the name it once had.
        return Ok(after);
    }
    after.calendar.clone_from(&new.calendar);
    after.source = Some(source);
    for field in columns.permit.keys() {
        match field {
            PermitField::Number => after.number.clone_from(&new.number),
            PermitField::PermitType => after.permit_type.clone_from(&new.permit_type),
            PermitField::Description => after.description.clone_from(&new.description),
            PermitField::Establishment => after.establishment.clone_from(&new.establishment),
            PermitField::Address => after.address.clone_from(&new.address),
            PermitField::Latitude => after.latitude = new.latitude,
            PermitField::Longitude => after.longitude = new.longitude,
        }
    }
    Ok(after)
}

/// What a permit is marked with.
pub(super) fn marks(licence: &Licence) -> Vec<String> {
    licence
        .has_several_names
        .then(|| SEVERAL_NAMES.to_owned())
        .into_iter()
        .collect()
}

/// The calendar with its teams. One that is here already keeps its settings and only gains teams.
pub(super) fn calendar(stored: Option<Calendar>, mapping: &Mapping, gathered: &Gathered) -> Record {
    let table = &mapping.calendar;
    let mut calendar = stored.unwrap_or_else(|| Calendar {
        name: table.name.clone(),
        department: table.department.clone(),
        department_name: table.department_name.clone(),
        public: table.public,
        active: true,
        requirements: Vec::new(),
        cutoff_minute: 8 * 60,
        reschedule_hours: 24,
        cancel_hours: 24,
        photo_location: false,
        teams: Vec::new(),
    });
    for team in gathered.teams.values() {
        if calendar.teams.iter().all(|known| known.id != team.id) {
            calendar.teams.push(team.clone());
        }
    }
    Record::new(table.id.get_ref().clone(), calendar)
}

/// A kind of inspection that is not here yet.
pub(super) fn inspection_type(mapping: &Mapping, columns: &Columns, name: &str) -> InspectionType {
    InspectionType {
        name: name.to_owned(),
        calendar: mapping.calendar.id.get_ref().clone(),
        duration_minutes: columns.duration_minutes,
        requirements: Vec::new(),
        checklist: Vec::new(),
    }
}

fn is_from_same(stored: Option<&Source>, new: Option<&Source>) -> bool {
    stored
        .zip(new)
        .is_some_and(|(stored, new)| (&stored.system, &stored.id) == (&new.system, &new.id))
}

fn taken(id: &RecordId) -> String {
    format!("there is already a record `{id}` that did not come from this source")
}
