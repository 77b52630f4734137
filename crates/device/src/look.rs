//! What the screen asks for: lists, one record, a search, what waits, what is held.

use crate::model::{Affordance, HeldKind, HeldView, Holdings, ReceiptShown, Row, SendState, Sheet, Waiting};
use crate::overlay::{Held, targets};
use crate::person::Device;
use crate::wording;
use domain::{Body, Command, Context, Record, Refusal, inspections, people};
use policy::views::View;
use policy::{Actor, Kind, Millis, PersonId, RecordId};
use serde_json::Value;
use std::collections::BTreeMap;
use store::sqlite::ListQuery;
use store::{Result, find};
use sync::Envelope;

/// At most this many records are given in one list.
pub const LIST_MAX: usize = 20_000;

impl Device {
    pub(crate) fn held(&self) -> Held<'_> {
        Held {
            cache: &self.cache,
            overlay: &self.overlay,
        }
    }

    pub(crate) fn row(&self, record: Record) -> Result<Row> {
        Ok(Row {
            id: record.id.to_string(),
            kind: record.kind().name().to_owned(),
            revision: record.revision,
            waiting: self.overlay.waiting(&record.id),
            news: self.news.get(&record.id).cloned().unwrap_or_default(),
            body: record.body.to_value()?,
        })
    }

    /// The records of a range of an index, in the order of their keys: `from` inclusive, `to` exclusive.
    pub fn list(&self, query: ListQuery<'_>) -> Result<Vec<Row>> {
        let records = self.records(query)?;
        records.into_iter().map(|record| self.row(record)).collect()
    }

    /// The same, as the rules look at them.
    pub(crate) fn records(&self, query: ListQuery<'_>) -> Result<Vec<Record>> {
        let limit = query.limit.min(LIST_MAX);
        let mut listed: Vec<(String, Record)> = self
            .cache
            .list(ListQuery { limit, ..query })?
            .into_iter()
            .filter(|listed| self.overlay.record(&listed.record.id).is_none())
            .map(|listed| (listed.key, listed.record))
            .collect();
        for record in self.overlay.of_kind(query.kind) {
            for (name, key) in record.index_keys() {
                if name == query.index && (query.from..query.to).contains(&key.as_str()) {
                    listed.push((key, record.clone()));
                }
            }
        }
        listed.sort_by(|a, b| (&a.0, &a.1.id).cmp(&(&b.0, &b.1.id)));
        listed.truncate(limit);
        Ok(listed.into_iter().map(|(_, record)| record).collect())
    }

    /// A record with what belongs to it and what may be done with it now.
    pub fn sheet(&self, now: Millis, id: &RecordId) -> Result<Option<Sheet>> {
        let Some(record) = self.held().get(id)? else {
            return Ok(None);
        };
        let (permit, kind, calendar) = match &record.body {
            Body::Appointment(visit) => (
                visit.permit.clone(),
                visit.inspection_type.clone(),
                visit.calendar.clone().map(RecordId::from),
            ),
            Body::Permit(permit) => (None, None, permit.calendar.clone().map(RecordId::from)),
            _ => (None, None, None),
        };
        let fetch = |id: Option<RecordId>| match id {
            Some(id) => self.held().get(&id),
            None => Ok(None),
        };
        let kind = fetch(kind)?;
        let affordances = self.affordances(now, &record, kind.as_ref())?;
        let shown = |record: Option<Record>| record.map(|record| self.row(record)).transpose();
        Ok(Some(Sheet {
            permit: shown(fetch(permit)?)?,
            inspection_type: shown(kind)?,
            calendar: shown(fetch(calendar)?)?,
            row: self.row(record)?,
            affordances,
        }))
    }

    /// Tries each command on a record, without writing anything: the same rule the button will ask.
    fn affordances(&self, now: Millis, record: &Record, kind: Option<&Record>) -> Result<Vec<Affordance>> {
        let actor = self.actor(now)?;
        let today = domain::time::local(self.office_time(now)?, &actor.rights.zone).0;
        let tried = match &record.body {
            Body::Appointment(visit) => {
                let kind = match kind.map(|record| &record.body) {
                    Some(Body::InspectionType(kind)) => Some(kind),
                    _ => None,
                };
                let colleague = self.colleague(visit)?.or_else(|| Some(actor.person().clone()));
                inspections::probes(&record.id, visit, kind, colleague)
            }
            Body::Permit(permit) => {
                let day = today.succ_opt();
                day.and_then(|day| inspections::booking_probe(&record.id, permit, day))
                    .into_iter()
                    .collect()
            }
            Body::Calendar(calendar) => {
                let id = record.id.clone().into();
                let rules = inspections::rules_probe(&id, calendar);
                inspections::blocking_probe(&id, today)
                    .into_iter()
                    .chain([rules])
                    .collect()
            }
            Body::Block(_) => vec![inspections::unblocking_probe(&record.id)],
            Body::Person(person) => people::probes(&record.id.clone().into(), person, today),
            Body::ReturnedWork(_) => domain::returned::probes(&record.id).into(),
            Body::Grant(grant) => domain::emergency::probes(&record.id.clone().into(), grant),
            Body::InspectionType(_) => Vec::new(),
        };
        tried
            .into_iter()
            .map(|command| self.affordance(now, &actor, command))
            .collect()
    }

    /// Tries one command, without writing anything.
    pub(crate) fn affordance(&self, now: Millis, actor: &Actor, command: Command) -> Result<Affordance> {
        let context = Context {
            at: self.office_time(now)?,
            claimed_at: now,
            actor,
        };
        let found = pollster::block_on(find(&mut self.held(), &command))?;
        let mut affordance = Affordance {
            command: command.name().to_owned(),
            allowed: true,
            asks_office: false,
            denial: None,
            contest: None,
        };
        match domain::decide(&command, context, &found) {
            Ok(effect) => affordance.asks_office = effect.asks_office,
            Err(Refusal::Denied(denial)) => (affordance.allowed, affordance.denial) = (false, Some(denial)),
            Err(Refusal::Contested(contest)) => affordance.contest = Some(contest),
        }
        Ok(affordance)
    }

    /// Somebody this laptop knows who could have the visit: another inspector of its calendar who is there that day,
    /// where there is one.
    fn colleague(&self, visit: &inspections::Appointment) -> Result<Option<PersonId>> {
        let Some(calendar) = &visit.calendar else {
            return Ok(None);
        };
        let roster = self
            .cache
            .range(Kind::Person, "calendar", &format!("{calendar}|"))?;
        let is_there = |record: &Record| match &self.overlay.record(&record.id).unwrap_or(record).body {
            Body::Person(person) => visit.day.is_none_or(|day| person.absence_on(day).is_none()),
            _ => false,
        };
        let is_other = |record: &&Record| visit.assignee.as_ref() != Some(&record.id.clone().into());
        let other = roster.iter().filter(is_other).find(|record| is_there(record));
        Ok(other.or(roster.first()).map(|record| record.id.clone().into()))
    }

    /// Visits and permits by address, permit number and establishment.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<Row>> {
        let found = self.cache.search(text, limit.min(LIST_MAX))?;
        found
            .into_iter()
            .map(|record| self.row(self.overlay.record(&record.id).cloned().unwrap_or(record)))
            .collect()
    }

    /// The changes on their way, oldest first.
    pub fn waiting(&self) -> Result<Vec<Waiting>> {
        let entries = self.outbox.entries()?;
        let shown = entries.into_iter().filter(|entry| !entry.taken).map(|entry| {
            let Envelope {
                id,
                claimed_at,
                command,
                ..
            } = entry.envelope;
            let state = if self.exchange.is_sending(&id) {
                SendState::Sending
            } else {
                SendState::Waiting
            };
            let target = targets(&command).into_iter().next();
            Ok(Waiting {
                id: id.as_str().to_owned(),
                name: command.name().to_owned(),
                target_kind: self.kind_of(target.as_ref())?,
                target: target.map(String::from).unwrap_or_default(),
                target_title: entry.target_title,
                at: claimed_at,
                state,
                summary: wording::summary(&command),
            })
        });
        shown.collect()
    }

    /// What a command's target is, where it is on this laptop and can be opened.
    pub(crate) fn kind_of(&self, target: Option<&RecordId>) -> Result<Option<String>> {
        let Some(id) = target else { return Ok(None) };
        Ok(self.held().get(id)?.map(|record| record.kind().name().to_owned()))
    }

    /// Every row held, by view and record, as the office sent it.
    pub fn held_rows(&self) -> Result<BTreeMap<(View, RecordId), Value>> {
        self.cache.rows()
    }

    /// What this laptop holds, and what was removed from it.
    pub fn holdings(&self) -> Result<Holdings> {
        let views = self.cache.views()?.into_iter().map(|(view, tally)| HeldView {
            title: wording::view_title(&view, &self.rights),
            view: view.to_string(),
            records: tally.count,
        });
        let (photos, bytes) = self.cache.size()?;
        let records = self
            .cache
            .counts()?
            .into_iter()
            .map(|(kind, count)| HeldKind { kind, count });
        Ok(Holdings {
            views: views.collect(),
            records: records.collect(),
            photos,
            bytes,
            receipts: self.receipts()?.into_iter().map(|(receipt, _)| receipt).collect(),
            checked: self.cache.meta("checked")?,
        })
    }

    /// What was removed from this laptop, newest first, each with whether the person has seen it.
    pub fn receipts(&self) -> Result<Vec<(ReceiptShown, bool)>> {
        let rows = self.outbox.receipts()?;
        let shown = rows.into_iter().map(|row| {
            let receipt = ReceiptShown {
                at: row.receipt.at,
                titles: row.titles,
                records: row.receipt.records,
                verified: row.receipt.verified,
            };
            (receipt, row.seen)
        });
        Ok(shown.collect())
    }
}
