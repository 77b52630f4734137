//! Permits and licences.

use super::Appointment;
use crate::record::is_empty;
use crate::{Body, Found, Record};
use policy::inspections::{PERMIT_LINKS_MAX, PermitFacts, links_cost};
use policy::{CalendarId, Code, Denial, PersonId, RecordId, TeamId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a permit stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum PermitStatus {
    Applied,
    #[default]
    Issued,
    Suspended,
    Closed,
}

/// A permit or licence under which inspections are made. On a device, the fields its masks hide are empty.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(optional_fields))]
pub struct Permit {
    pub number: String,
    pub permit_type: String,
    #[serde(skip_serializing_if = "is_empty")]
    pub description: String,
    pub status: PermitStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fee_paid: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applicant: Option<PersonId>,
    #[serde(skip_serializing_if = "is_empty")]
    pub contact_name: String,
    #[serde(skip_serializing_if = "is_empty")]
    pub contact_phone: String,
    #[serde(skip_serializing_if = "is_empty")]
    pub contact_email: String,
    #[serde(skip_serializing_if = "is_empty")]
    pub establishment: String,
    pub address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarId>,
    /// The inspections that may be booked under it.
    #[serde(skip_serializing_if = "is_empty")]
    pub inspection_types: Vec<RecordId>,
    /// How many open visits under it each person has: whoever has one sees the permit (C-INS-09).
    #[serde(skip_serializing_if = "is_empty")]
    pub people: BTreeMap<PersonId, u32>,
    /// The same for teams.
    #[serde(skip_serializing_if = "is_empty")]
    pub teams: BTreeMap<TeamId, u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<super::Source>,
}

impl Permit {
    pub(crate) fn facts(&self) -> PermitFacts {
        PermitFacts {
            calendar: self
                .calendar
                .clone()
                .unwrap_or_else(|| Appointment::default().facts().calendar),
            applicant: self.applicant.clone(),
            people: self.people.keys().cloned().collect(),
            teams: self.teams.keys().cloned().collect(),
        }
    }

    pub(crate) fn index_keys(&self) -> Vec<(&'static str, String)> {
        let mut keys = vec![("number", format!("{}|", self.number.to_lowercase()))];
        if let Some(source) = &self.source {
            keys.push(("source", format!("{}|{}", source.system, source.id)));
        }
        keys
    }

    pub(crate) fn search_text(&self) -> String {
        [
            &self.number,
            &self.establishment,
            &self.address,
            &self.description,
        ]
        .map(String::as_str)
        .join(" ")
    }

    /// Counts the links of one visit, as it was and as it is, so that the permit follows whoever has to go.
    pub fn relink(
        &mut self,
        before: Option<&Appointment>,
        after: Option<&Appointment>,
    ) -> Result<(), Denial> {
        let open = |visit: Option<&Appointment>| visit.filter(|visit| visit.is_open()).cloned();
        if let Some(visit) = open(before) {
            count(&mut self.people, visit.assignee.as_ref(), false);
            count(&mut self.teams, visit.team.as_ref(), false);
        }
        if let Some(visit) = open(after) {
            count(&mut self.people, visit.assignee.as_ref(), true);
            count(&mut self.teams, visit.team.as_ref(), true);
        }
        if links_cost(self.people.len(), self.teams.len()) > PERMIT_LINKS_MAX {
            let sentence = "Too many different inspectors have open visits under this permit.";
            let fact =
                format!("At most {PERMIT_LINKS_MAX} inspectors may have open visits under one permit.");
            return Err(Denial::new(Code::NotEligible, "C-INS-09", sentence).fact(fact));
        }
        Ok(())
    }
}

fn count<K: Ord + Clone>(links: &mut BTreeMap<K, u32>, key: Option<&K>, up: bool) {
    let Some(key) = key else { return };
    let entry = links.entry(key.clone()).or_insert(0);
    *entry = if up {
        entry.saturating_add(1)
    } else {
        entry.saturating_sub(1)
    };
    if *entry == 0 {
        links.remove(key);
    }
}

/// The permit of a visit among what was found, relinked from the visit as it was to the visit as it is. A device that
/// does not hold the permit leaves the links to the office.
pub(crate) fn relinked(
    found: &Found,
    before: Option<&Appointment>,
    after: &Appointment,
) -> Result<Option<Record>, Denial> {
    let id = after.permit.as_ref();
    let Some((id, Body::Permit(permit))) = id.and_then(|id| Some((id, &found.record(id)?.body))) else {
        return Ok(None);
    };
    let mut permit = permit.as_ref().clone();
    permit.relink(before, Some(after))?;
    Ok(Some(Record::new(id.clone(), permit)))
}
