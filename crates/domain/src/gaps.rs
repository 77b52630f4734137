//! What nobody covers on a day: visits without an inspector, and visits of inspectors who are not there (C-MGR-16).
//! It needs both verticals, so it stands beside them.

use crate::inspections::Appointment;
use crate::people::AbsenceReason;
use crate::{Body, Record};
use chrono::NaiveDate;
use policy::{PersonId, RecordId};
use serde::Serialize;
use std::collections::BTreeMap;

/// A visit that is still to be made and that nobody covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Gap {
    pub appointment: RecordId,
    /// The inspector who has it and is not there; nobody where it is assigned to nobody.
    pub away: Option<Away>,
}

/// Somebody who is not there, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Away {
    pub name: String,
    pub person: PersonId,
    pub reason: AbsenceReason,
}

/// The gaps among the visits of a day, those of nobody first, then inspector by inspector; each in the order given.
/// `people` are the profiles of those who have the visits, as far as they are known.
pub fn gaps(day: NaiveDate, visits: &[Record], people: &BTreeMap<PersonId, Record>) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = visits
        .iter()
        .filter_map(|record| match &record.body {
            Body::Appointment(visit) if visit.is_open() && visit.day == Some(day) => {
                uncovered(visit, day, people).map(|away| Gap {
                    appointment: record.id.clone(),
                    away,
                })
            }
            _ => None,
        })
        .collect();
    gaps.sort_by(|a, b| a.away.cmp(&b.away));
    gaps
}

/// Whether nobody covers a visit, and who it is that is away.
fn uncovered(
    visit: &Appointment,
    day: NaiveDate,
    people: &BTreeMap<PersonId, Record>,
) -> Option<Option<Away>> {
    let Some(person) = &visit.assignee else {
        return Some(None);
    };
    let Body::Person(profile) = &people.get(person)?.body else {
        return None;
    };
    let absence = profile.absence_on(day)?;
    Some(Some(Away {
        name: profile.name.clone(),
        person: person.clone(),
        reason: absence.reason,
    }))
}
