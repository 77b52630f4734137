//! The second reading: what the file means is compared with what is stored, and the difference is written.
//!
//! 500 rows make one transaction with one number, so devices hear of the import in steps they can take in, and an import
//! that is interrupted has written whole steps only.

use super::columns::Columns;
use super::gather::Gathered;
use super::lines::Lines;
use super::mapping::{Mapping, SEVERAL_NAMES};
use super::plan::{Meant, Plan};
use super::report::{Fate, Outcome, Report};
use super::{ImportError, Summary};
use crate::{Office, Problem};
use domain::{Effect, Record};
use store::OfficeTx;

/// So many rows are written in one transaction.
const ROWS_PER_CHUNK: usize = 500;

/// An import under way.
pub(super) struct Job<'a> {
    pub(super) office: &'a Office,
    pub(super) mapping: &'a Mapping,
    pub(super) columns: &'a Columns,
    pub(super) dry_run: bool,
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

    fn carry_out(&self, gathered: &Gathered, chunk: &[Meant]) -> Result<Plan, ImportError> {
        let plan = if self.dry_run {
            self.office
                .read(async |tx| Ok(self.plan(tx, gathered, chunk).await?))?
        } else {
            self.office.write(async |tx| {
                let mut plan = self.plan(tx, gathered, chunk).await?;
                put(tx, std::mem::take(&mut plan.puts)).await?;
                Ok(plan)
            })?
        };
        Ok(plan)
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

/// Writes records under the next number; where there are none, no number is taken.
pub(super) async fn put(tx: &mut impl OfficeTx, puts: Vec<Record>) -> Result<(), Problem> {
    if !puts.is_empty() {
        store::write(tx, &Effect::puts(puts)).await?;
    }
    Ok(())
}
