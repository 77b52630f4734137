//! What nobody covers on a day, of what this laptop holds.

use crate::look::LIST_MAX;
use crate::person::Device;
use chrono::NaiveDate;
use domain::{Body, Gap, Record};
use policy::{Kind, PersonId};
use std::collections::{BTreeMap, BTreeSet};
use store::Result;
use store::sqlite::ListQuery;

impl Device {
    /// The visits of a day that nobody covers.
    pub fn gaps(&self, day: NaiveDate) -> Result<Vec<Gap>> {
        let visits = self.records(ListQuery {
            kind: Kind::Appointment,
            index: "day",
            from: &format!("{day}|"),
            to: &format!("{day}|~"),
            limit: LIST_MAX,
        })?;
        let assignees: BTreeSet<PersonId> = visits.iter().filter_map(assignee).collect();
        let mut people = BTreeMap::new();
        for person in assignees {
            if let Some(profile) = self.held().get(&person.clone().into())? {
                people.insert(person, profile);
            }
        }
        Ok(domain::gaps(day, &visits, &people))
    }
}

fn assignee(record: &Record) -> Option<PersonId> {
    match &record.body {
        Body::Appointment(visit) => visit.assignee.clone(),
        _ => None,
    }
}
