//! What visits refer to: the calendar with its teams, and the kinds of inspection.

use super::gather::Gathered;
use super::mapping::Mapping;
use super::plan::body;
use super::write::{Job, put};
use super::{ImportError, merge};
use crate::Office;
use domain::{Body, Record};
use policy::{Kind, RecordId};
use store::Lookup as _;

/// Refuses a mapping that would take over what belongs to others: a calendar's teams, or a record of another kind.
pub(super) fn check(office: &Office, mapping: &Mapping, gathered: &Gathered) -> Result<(), ImportError> {
    let calendar = mapping.calendar.id.get_ref().clone();
    let place = mapping.place(mapping.calendar.id.span());
    let problem: Option<String> = office.read(async |tx| {
        if !matches!(
            body(tx, &calendar.clone().into()).await?,
            None | Some(Body::Calendar(_))
        ) {
            return Ok(Some(format!(
                "{place}: calendar.id: the record `{calendar}` is no calendar"
            )));
        }
        for id in gathered.types.keys() {
            match body(tx, id).await? {
                None => {}
                Some(Body::InspectionType(kind)) if kind.calendar == calendar => {}
                Some(_) => {
                    let message = format!("the record `{id}` is no kind of inspection of `{calendar}`");
                    return Ok(Some(format!("{place}: calendar.id: {message}")));
                }
            }
        }
        for record in tx.range(Kind::Calendar, "all", "").await?.records {
            let Body::Calendar(other) = record.body else {
                continue;
            };
            let theirs = other
                .teams
                .iter()
                .find(|team| gathered.teams.contains_key(&team.id));
            if let (false, Some(team)) = (record.id.as_str() == calendar.as_str(), theirs) {
                let message = format!("the team `{}` belongs to the calendar `{}`", team.id, record.id);
                return Ok(Some(format!("{place}: calendar.id = `{calendar}`: {message}")));
            }
        }
        Ok(None)
    })?;
    problem.map_or(Ok(()), |message| Err(ImportError::Usage(message)))
}

impl Job<'_> {
    /// The calendar with its teams and the kinds of inspection, before anything refers to them.
    pub(super) fn write_setting(&self, gathered: &Gathered) -> Result<(), ImportError> {
        let id: RecordId = self.mapping.calendar.id.get_ref().clone().into();
        self.office.write(async |tx| {
            let mut puts = Vec::new();
            let stored = match body(tx, &id).await? {
                Some(Body::Calendar(calendar)) => Some(calendar),
                _ => None,
            };
            let calendar = merge::calendar(stored.clone(), self.mapping, gathered);
            if stored.map(Body::from).as_ref() != Some(&calendar.body) {
                puts.push(calendar);
            }
            for (id, name) in &gathered.types {
                if body(tx, id).await?.is_none() {
                    puts.push(Record::new(
                        id.clone(),
                        merge::inspection_type(self.mapping, self.columns, name),
                    ));
                }
            }
            put(tx, puts).await
        })?;
        Ok(())
    }
}
