//! The first reading: what can only be known from the whole file.

use super::columns::Columns;
use super::lines::Lines;
use super::mapping::Mapping;
use super::row::{self, Visit};
use chrono::NaiveDate;
use domain::inspections::{Permit, Team};
use policy::{RecordId, TeamId};
use std::collections::{BTreeMap, HashMap};

/// What the first reading found.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// The line that claims an id: the first that has it and can be read.
    pub(super) claims: HashMap<RecordId, u64>,
    pub(super) teams: BTreeMap<TeamId, Team>,
    /// The kinds of inspection by id, with their names.
    pub(super) types: BTreeMap<RecordId, String>,
    pub(super) licences: HashMap<RecordId, Licence>,
}

/// A permit as its newest visit tells it.
#[derive(Debug)]
pub(super) struct Licence {
    pub(super) permit: Permit,
    pub(super) newest: NaiveDate,
    /// The line of the newest visit.
    pub(super) line: u64,
    /// Whether its visits were made under more than one name or address.
    pub(super) has_several_names: bool,
}

/// Reads the whole file once.
pub(super) fn gather(mapping: &Mapping, columns: &Columns, lines: &mut Lines) -> Result<Gathered, String> {
    let mut gathered = Gathered::default();
    while let Some(row) = lines.next()? {
        // A row that cannot be read is refused, and told of, in the second reading.
        let Ok(cells) = row.cells else { continue };
        let Ok(visit) = row::read(mapping, columns, &cells) else {
            continue;
        };
        gathered.take(row.line, visit);
    }
    Ok(gathered)
}

impl Gathered {
    fn take(&mut self, line: u64, visit: Visit) {
        if *self.claims.entry(visit.id).or_insert(line) != line {
            return;
        }
        if let Some(team) = visit.team {
            self.teams.entry(team.id.clone()).or_insert(team);
        }
        self.types
            .entry(visit.type_id)
            .or_insert(visit.body.inspection_type_name);
        let (permit, newest) = (visit.permit, visit.day);
        match self.licences.get_mut(&visit.permit_id) {
            None => {
                let licence = Licence {
                    permit,
                    newest,
                    line,
                    has_several_names: false,
                };
                self.licences.insert(visit.permit_id, licence);
            }
            Some(known) => {
                let same = known.permit.establishment == permit.establishment
                    && known.permit.address == permit.address;
                known.has_several_names |= !same;
                if newest >= known.newest {
                    (known.permit, known.newest, known.line) = (permit, newest, line);
                }
            }
        }
    }
}
