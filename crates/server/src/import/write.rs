//! The second reading: what the file means is compared with what is stored, and the difference is written.
//!
//! 500 rows make one transaction with one number, so devices hear of the import in steps they can take in, and an import
//! that is interrupted has written whole steps only.

use super::columns::Columns;
use super::gather::Gathered;
use super::lines::{Lines, Row};
use super::mapping::{Mapping, SEVERAL_NAMES};
use super::report::{Fate, Outcome, Report};
use super::row::{self, Visit};
use super::{ImportError, Summary, merge};
use crate::{Office, Problem};
use domain::{Answer, Body, Effect, Record};
use policy::{Kind, RecordId};
use std::collections::BTreeSet;
use store::{Lookup, OfficeTx};

/// So many rows are written in one transaction.
const ROWS_PER_CHUNK: usize = 500;

/// An import under way.
pub(super) struct Job<'a> {
    pub(super) office: &'a Office,
    pub(super) mapping: &'a Mapping,
    pub(super) columns: &'a Columns,
    pub(super) dry_run: bool,
}

/// A row with its meaning, or why it is refused.
struct Meant {
    line: u64,
    id: Option<RecordId>,
    visit: Result<Visit, String>,
}

/// What a chunk does.
#[derive(Default)]
struct Plan {
    puts: Vec<Record>,
    outcomes: Vec<Outcome>,
    /// The permits that are dealt with.
    permits: BTreeSet<RecordId>,
    permit_outcomes: Vec<Outcome>,
}

/// Refuses a mapping that would take over what belongs to others: a calendar's teams, or a record of another kind.
pub(super) fn check(
    office: &Office,
    mapping: &Mapping,
    gathered: &Gathered,
) -> Result<(), ImportError> {
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
                    let message =
                        format!("the record `{id}` is no kind of inspection of `{calendar}`");
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
                let message = format!(
                    "the team `{}` belongs to the calendar `{}`",
                    team.id, record.id
                );
                return Ok(Some(format!(
                    "{place}: calendar.id = `{calendar}`: {message}"
                )));
            }
        }
        Ok(None)
    })?;
    problem.map_or(Ok(()), |message| Err(ImportError::Usage(message)))
}

impl Job<'_> {
    /// Reads the file for the second time and carries the import out.
    pub(super) fn run(
        &self,
        mut lines: Lines,
        mut gathered: Gathered,
        mut report: Report,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Summary, ImportError> {
        let mut summary = Summary::default();
        summary.marked.insert(SEVERAL_NAMES.to_owned(), 0);
        for (mark, _) in &self.columns.marks {
            summary.marked.insert(mark.clone(), 0);
        }
        if !self.dry_run {
            self.write_setting(&gathered)?;
        }
        loop {
            let chunk = self.chunk(&mut lines, &gathered)?;
            if chunk.is_empty() {
                break;
            }
            let plan = self.carry_out(&gathered, &chunk)?;
            for permit in &plan.permits {
                gathered.licences.remove(permit);
            }
            for outcome in &plan.outcomes {
                summary.count(outcome);
            }
            for outcome in plan.outcomes.iter().chain(&plan.permit_outcomes) {
                summary.count_marks(outcome);
                report.tell(outcome)?;
            }
            report.flush()?;
            progress(summary.read);
        }
        Ok(summary)
    }

    /// The next rows with their meaning.
    fn chunk(&self, lines: &mut Lines, gathered: &Gathered) -> Result<Vec<Meant>, ImportError> {
        let mut chunk = Vec::with_capacity(ROWS_PER_CHUNK);
        while chunk.len() < ROWS_PER_CHUNK {
            let Some(row) = lines.next().map_err(anyhow::Error::msg)? else {
                break;
            };
            chunk.push(self.meant(row, gathered));
        }
        Ok(chunk)
    }

    fn meant(&self, row: Row, gathered: &Gathered) -> Meant {
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

    /// The calendar with its teams and the kinds of inspection, before anything refers to them.
    fn write_setting(&self, gathered: &Gathered) -> Result<(), ImportError> {
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
            put(tx, puts, ()).await
        })?;
        Ok(())
    }

    fn carry_out(&self, gathered: &Gathered, chunk: &[Meant]) -> Result<Plan, ImportError> {
        let plan = if self.dry_run {
            self.office
                .read(async |tx| Ok(self.plan(tx, gathered, chunk).await?))?
        } else {
            self.office.write(async |tx| {
                let mut plan = self.plan(tx, gathered, chunk).await?;
                let puts = std::mem::take(&mut plan.puts);
                put(tx, puts, plan).await
            })?
        };
        Ok(plan)
    }

    /// Compares a chunk with what is stored.
    async fn plan(
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
            let (outcome, marks, reason) = match (row, visit) {
                (Ok(fate), Ok(visit)) => (fate, visit.marks.clone(), None),
                (Ok(fate), Err(_)) => (fate, Vec::new(), None),
                (Err(reason), _) => (Fate::Refused, Vec::new(), Some(reason)),
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
        if let Err(reason) = self
            .plan_permit(tx, gathered, &visit.permit_id, plan)
            .await?
        {
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
        let Some(licence) = gathered
            .licences
            .get(id)
            .filter(|_| !plan.permits.contains(id))
        else {
            return Ok(Ok(()));
        };
        let stored = body(tx, id).await?;
        let after = match merge::permit(
            stored.as_ref(),
            id,
            licence,
            self.mapping,
            self.columns,
            gathered,
        ) {
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

impl Summary {
    fn count(&mut self, outcome: &Outcome) {
        self.read += 1;
        match outcome.outcome {
            Fate::Created => self.created += 1,
            Fate::Updated => self.updated += 1,
            Fate::Unchanged => self.unchanged += 1,
            Fate::Refused => self.refused += 1,
        }
    }

    fn count_marks(&mut self, outcome: &Outcome) {
        for mark in &outcome.marks {
            *self.marked.entry(mark.clone()).or_default() += 1;
        }
    }
}

fn difference(stored: Option<&Body>, after: Record) -> (Fate, Option<Record>) {
    match stored {
        None => (Fate::Created, Some(after)),
        Some(before) if *before == after.body => (Fate::Unchanged, None),
        Some(_) => (Fate::Updated, Some(after)),
    }
}

async fn body(tx: &mut impl Lookup, id: &RecordId) -> store::Result<Option<Body>> {
    Ok(match tx.record(id).await? {
        Answer::Found(record) => Some(record.body),
        _ => None,
    })
}

/// Writes records under the next number; where there are none, no number is taken.
async fn put<R>(
    tx: &mut impl OfficeTx,
    puts: Vec<Record>,
    result: R,
) -> Result<(R, BTreeSet<policy::views::View>), Problem> {
    if puts.is_empty() {
        return Ok((result, BTreeSet::new()));
    }
    let (_, changed) = store::write(tx, &Effect::puts(puts)).await?;
    Ok((result, changed))
}
