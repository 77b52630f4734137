//! Work the office did not take: what its author has to see to, and what others may decide.

use crate::look::LIST_MAX;
use crate::model::{Returned, Row};
use crate::overlay::targets;
use crate::person::Device;
use domain::returned::{ReturnedWork, returned_id};
use domain::{Body, Command, CommandId};
use policy::Kind;
use store::sqlite::{ListQuery, ReturnedRow};
use store::{Fault, Result};

impl Device {
    /// The work the office did not take and its author sees to. A conflict whose record is held here is not among it: it is
    /// decided there, by whoever may. An office that was put back may have lost that record; then it is their author's again.
    pub fn returned(&self) -> Result<Vec<Returned>> {
        let rows = self.returned_rows()?;
        rows.into_iter()
            .map(|row| {
                let command = serde_json::to_value(&row.envelope.command)?;
                let target = targets(&row.envelope.command).into_iter().next();
                Ok(Returned {
                    id: row.envelope.id.as_str().to_owned(),
                    name: row.envelope.command.name().to_owned(),
                    target_kind: self.kind_of(target.as_ref())?,
                    target: target.map(String::from).unwrap_or_default(),
                    target_title: row.target_title,
                    at: row.envelope.claimed_at,
                    input: command.get("input").cloned().unwrap_or_default(),
                    denial: row.denial,
                    contest: row.contest,
                })
            })
            .collect()
    }

    pub(crate) fn returned_rows(&self) -> Result<Vec<ReturnedRow>> {
        let mut rows = Vec::new();
        for row in self.outbox.returned()? {
            let work = self.work_of(&row.envelope.id)?;
            if !work.is_some_and(|work| work.is_conflict()) {
                rows.push(row);
            }
        }
        Ok(rows)
    }

    /// The record of refused work, where this laptop holds it.
    fn work_of(&self, command: &CommandId) -> Result<Option<ReturnedWork>> {
        let id = returned_id(command).map_err(|error| Fault::Unreadable(error.to_string()))?;
        Ok(match self.held().get(&id)?.map(|record| record.body) {
            Some(Body::ReturnedWork(work)) => Some(*work),
            _ => None,
        })
    }

    /// The returned command of that id, to try it again on top of whatever it was contested by.
    pub fn returned_command(&self, id: &CommandId) -> Result<Option<Command>> {
        let rows = self.outbox.returned()?;
        Ok(rows
            .into_iter()
            .find(|row| row.envelope.id == *id)
            .map(|row| match row.contest {
                Some(contest) => row.envelope.command.over(&contest),
                None => row.envelope.command,
            }))
    }

    /// The returned work that waits for somebody to decide who sees it here, in the order it arrived.
    pub fn works_to_decide(&self) -> Result<Vec<Row>> {
        self.list(ListQuery {
            kind: Kind::ReturnedWork,
            index: "open",
            from: "",
            to: "~",
            limit: LIST_MAX,
        })
    }
}
