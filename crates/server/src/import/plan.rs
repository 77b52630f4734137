//! What a chunk of rows would change: a plan, as plain data, before anything is written.

use super::gather::Gathered;
use super::lines::Row;
use super::merge;
use super::report::{Fate, Outcome};
use super::row::{self, Visit};
use super::write::Job;
use domain::{Answer, Body, Record};
use policy::RecordId;
use std::collections::BTreeSet;
use store::{Lookup, OfficeTx};

/// A row with its meaning, or why it is refused.
pub(super) struct Meant {
    line: u64,
    id: Option<RecordId>,
    visit: Result<Visit, String>,
}

/// What a chunk does.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) puts: Vec<Record>,
    pub(super) outcomes: Vec<Outcome>,
    /// The permits that are dealt with.
    pub(super) permits: BTreeSet<RecordId>,
    pub(super) permit_outcomes: Vec<Outcome>,
}

impl Job<'_> {
    /// What a row means, unless its id was claimed by an earlier one.
    pub(super) fn meant(&self, row: Row, gathered: &Gathered) -> Meant {
        let line = row.line;
        let cells = match row.cells {
            Ok(cells) => cells,
            Err(reason) => {
                return Meant {
                    line,
                    id: None,
                    visit: Err(reason),
                };
            }
        };
        let id = row::id(self.mapping, self.columns, &cells).ok();
        let visit = row::read(self.mapping, self.columns, &cells);
        let visit = visit.and_then(|visit| match gathered.claims.get(&visit.id) {
            Some(first) if *first != line => Err(format!(
                "{}: this id was already read in line {first}",
                self.mapping.id.get_ref()
            )),
            _ => Ok(visit),
        });
        Meant { line, id, visit }
    }

    /// Compares a chunk with what is stored.
    pub(super) async fn plan(
        &self,
        tx: &mut impl OfficeTx,
        gathered: &Gathered,
        chunk: &[Meant],
    ) -> store::Result<Plan> {
        let mut plan = Plan::default();
        for Meant { line, id, visit } in chunk {
            let row = match visit {
                Ok(visit) => self.plan_visit(tx, gathered, visit, &mut plan).await?,
                Err(reason) => Err(reason.clone()),
            };
            let marks = || visit.as_ref().map(|visit| visit.marks.clone());
            let (outcome, marks, reason) = match row {
                Ok(fate) => (fate, marks().unwrap_or_default(), None),
                Err(reason) => (Fate::Refused, Vec::new(), Some(reason)),
            };
            let id = id.as_ref().map(RecordId::to_string);
            plan.outcomes.push(Outcome {
                line: *line,
                id,
                outcome,
                marks,
                reason,
            });
        }
        Ok(plan)
    }

    async fn plan_visit(
        &self,
        tx: &mut impl OfficeTx,
        gathered: &Gathered,
        visit: &Visit,
        plan: &mut Plan,
    ) -> store::Result<Result<Fate, String>> {
        let stored = body(tx, &visit.id).await?;
        let after = match merge::visit(stored.as_ref(), visit, self.columns) {
            Ok(after) => after,
            Err(reason) => return Ok(Err(reason)),
        };
        if let Err(reason) = self.plan_permit(tx, gathered, &visit.permit_id, plan).await? {
            return Ok(Err(reason));
        }
        let (fate, put) = difference(stored.as_ref(), Record::new(visit.id.clone(), after));
        plan.puts.extend(put);
        Ok(Ok(fate))
    }

    /// A permit is dealt with at its first visit; it is written as its newest visit tells it.
    async fn plan_permit(
        &self,
        tx: &mut impl OfficeTx,
        gathered: &Gathered,
        id: &RecordId,
        plan: &mut Plan,
    ) -> store::Result<Result<(), String>> {
        let Some(licence) = gathered.licences.get(id).filter(|_| !plan.permits.contains(id)) else {
            return Ok(Ok(()));
        };
        let stored = body(tx, id).await?;
        let after = match merge::permit(stored.as_ref(), id, licence, self.mapping, self.columns, gathered) {
            Ok(after) => after,
            Err(reason) => return Ok(Err(reason)),
        };
        let (fate, put) = difference(stored.as_ref(), Record::new(id.clone(), after));
        plan.puts.extend(put);
        plan.permits.insert(id.clone());
        plan.permit_outcomes.push(Outcome {
            line: licence.line,
            id: Some(id.to_string()),
            outcome: fate,
            marks: merge::marks(licence),
            reason: None,
        });
        Ok(Ok(()))
    }
}

fn difference(stored: Option<&Body>, after: Record) -> (Fate, Option<Record>) {
    match stored {
        None => (Fate::Created, Some(after)),
        Some(before) if *before == after.body => (Fate::Unchanged, None),
        Some(_) => (Fate::Updated, Some(after)),
    }
}

/// The body of a stored record, if there is one.
pub(super) async fn body(tx: &mut impl Lookup, id: &RecordId) -> store::Result<Option<Body>> {
    Ok(match tx.record(id).await? {
        Answer::Found(record) => Some(record.body),
        _ => None,
    })
}
