//! What the office's records and grants say, read past the engines: the second opinion that the checks go by.

use anyhow::{Context as _, Result, ensure};
use domain::record::cut;
use domain::{Body, Record};
use policy::views::{Mask, VIEWS_PER_RECORD_MAX, View};
use policy::{Actor, Kind, Millis, POLICY_VERSION, PersonId, RecordId, Rights, shipped_roles};
use std::collections::{BTreeMap, HashMap};
use store::{OfficeTx, RecordRow};

/// Where each kind of record is found, whichever it is.
const EVERYTHING: [(Kind, &str); 8] = [
    (Kind::Appointment, "day"),
    (Kind::Permit, "number"),
    (Kind::Calendar, "all"),
    (Kind::InspectionType, "calendar"),
    (Kind::Block, "calendar"),
    (Kind::Person, "username"),
    (Kind::Grant, "person"),
    (Kind::ReturnedWork, "calendar"),
];

/// A record as the office has it.
pub struct Known {
    pub record: Record,
    pub views: Vec<View>,
    body: String,
    shown: BTreeMap<Mask, String>,
}

/// A memory of what was read, so that nothing is read twice.
#[derive(Default)]
pub struct Truth {
    /// By revision: a record that has not been written again is the same.
    records: HashMap<RecordId, Known>,
    /// Grants and places, under the life and the number of the office they were read at.
    rights: HashMap<PersonId, ((u32, i64), Rights)>,
}

impl Known {
    /// What a view shows of it.
    pub fn shown(&mut self, mask: Mask) -> Result<&str> {
        if !self.shown.contains_key(&mask) {
            let shown = cut(self.record.kind(), mask, &self.body)?;
            self.shown.insert(mask, shown);
        }
        Ok(self.shown.get(&mask).context("just cut")?)
    }
}

impl Truth {
    /// Forgets everything: the office is in another life.
    pub fn forget(&mut self) {
        *self = Truth::default();
    }

    /// A record, where it exists.
    pub fn record<T: OfficeTx>(&mut self, tx: &mut T, id: &RecordId) -> Result<Option<&mut Known>> {
        let rows = pollster::block_on(tx.load_records(std::slice::from_ref(id)))?;
        match rows.into_iter().next() {
            Some(row) => self.known(row).map(Some),
            None => Ok(None),
        }
    }

    /// The ids of all records, and of one kind.
    pub fn everything<T: OfficeTx>(&mut self, tx: &mut T) -> Result<Vec<RecordId>> {
        let mut ids = Vec::new();
        for (kind, index) in EVERYTHING {
            ids.extend(self.of_kind(tx, kind, index)?);
        }
        Ok(ids)
    }

    /// The ids of all visits.
    pub fn visits<T: OfficeTx>(&mut self, tx: &mut T) -> Result<Vec<RecordId>> {
        self.of_kind(tx, Kind::Appointment, "day")
    }

    /// The ids of all records of a kind, each of which has a key in this index.
    pub fn of_kind<T: OfficeTx>(&mut self, tx: &mut T, kind: Kind, index: &str) -> Result<Vec<RecordId>> {
        let rows = pollster::block_on(tx.load_range(kind, index, ""))?;
        let known = rows.into_iter().map(|row| Ok(self.known(row)?.record.id.clone()));
        let mut ids = known.collect::<Result<Vec<_>>>()?;
        ids.sort();
        ids.dedup();
        Ok(ids)
    }

    /// A record that was read just now.
    pub fn read(&mut self, id: &RecordId) -> Result<&mut Known> {
        self.records.get_mut(id).context("a record that was not read")
    }

    fn known(&mut self, row: RecordRow) -> Result<&mut Known> {
        let id = RecordId::parse(&row.id)?;
        let is_known = self
            .records
            .get(&id)
            .is_some_and(|known| known.record.revision == row.revision);
        if !is_known {
            let kind = Kind::named(&row.kind).context("a record of no kind")?;
            let record = Record {
                id: id.clone(),
                revision: row.revision,
                body: Body::from_json(kind, &row.body)?,
            };
            let views = record.views();
            ensure!(
                views.len() <= VIEWS_PER_RECORD_MAX,
                "{id} is in {} views",
                views.len()
            );
            let known = Known {
                record,
                views,
                body: row.body,
                shown: BTreeMap::new(),
            };
            self.records.insert(id.clone(), known);
        }
        self.read(&id)
    }

    /// A person with the grants in force at an instant, derived from the records of grants and calendars.
    pub fn actor<T: OfficeTx>(
        &mut self,
        tx: &mut T,
        person: &PersonId,
        (life, at): (u32, Millis),
    ) -> Result<Actor> {
        let stamp = (life, pollster::block_on(tx.load_org())?.seq);
        let remembered = self.rights.get(person).filter(|(from, _)| *from == stamp);
        if let Some((_, rights)) = remembered {
            return Ok(Actor::new(rights.clone().at(at)));
        }
        let mut rights = Rights {
            policy_version: POLICY_VERSION,
            ..Rights::nothing(person.clone(), person.as_str(), "UTC")
        };
        for row in pollster::block_on(tx.load_range(Kind::Grant, "person", &format!("{person}|")))? {
            let record = &self.known(row)?.record;
            if let Body::Grant(grant) = &record.body
                && grant.person == *person
            {
                rights.grants.extend(grant.as_grant(record.id.clone().into()));
            }
        }
        rights.roles = shipped_roles();
        rights
            .roles
            .retain(|role| rights.grants.iter().any(|grant| grant.role == role.name));
        let mut calendars = Vec::new();
        for id in self.of_kind(tx, Kind::Calendar, "all")? {
            calendars.push(self.read(&id)?.record.clone());
        }
        rights.places = domain::places_of(&calendars);
        self.rights.insert(person.clone(), (stamp, rights.clone()));
        Ok(Actor::new(rights.at(at)))
    }
}

/// Where each kind of record is found, whichever it is.
pub fn everywhere() -> &'static [(Kind, &'static str)] {
    &EVERYTHING
}
