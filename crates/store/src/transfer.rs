//! An office's whole database carried over into another: for the move from one kind of database to the other, for a
//! backup, and for its return. Rows are carried as they are, with their numbers, so that every cursor stays good.

use crate::{Database, Fault, Result};
use std::collections::BTreeMap;

/// What a column holds, whatever a database calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    Number,
    Truth,
    Text,
    Bytes,
}

/// One value on its way.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Null,
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// A table and its columns.
pub(crate) struct Table {
    pub name: &'static str,
    pub columns: &'static [(&'static str, Holds)],
}

impl Table {
    pub(crate) fn column_names(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }
}

/// How many rows are carried at once.
pub(crate) const ROWS_AT_ONCE: usize = 2_000;

use Holds::{Bytes, Number, Text, Truth};

/// Every table of an office. A test holds this against both databases.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "org",
        columns: &[
            ("id", Text),
            ("name", Text),
            ("zone", Text),
            ("seq", Number),
            ("rights_seq", Number),
            ("removals_from", Number),
            ("incarnation", Text),
            ("policy_version", Number),
            ("secret", Bytes),
        ],
    },
    Table {
        name: "account",
        columns: &[
            ("org", Text),
            ("person", Text),
            ("username", Text),
            ("password_hash", Text),
            ("is_active", Truth),
        ],
    },
    Table {
        name: "device",
        columns: &[
            ("org", Text),
            ("id", Text),
            ("person", Text),
            ("name", Text),
            ("credential_hash", Bytes),
            ("file_key", Bytes),
            ("created_at", Number),
            ("seen_at", Number),
            ("expires_at", Number),
            ("wipe_at", Number),
            ("wiped_at", Number),
            ("revoked_at", Number),
            ("turn", Number),
        ],
    },
    Table {
        name: "record",
        columns: &[
            ("org", Text),
            ("n", Number),
            ("id", Text),
            ("kind", Text),
            ("revision", Number),
            ("body", Text),
        ],
    },
    Table {
        name: "record_key",
        columns: &[
            ("org", Text),
            ("kind", Text),
            ("name", Text),
            ("key", Text),
            ("n", Number),
        ],
    },
    Table {
        name: "view",
        columns: &[
            ("org", Text),
            ("id", Number),
            ("name", Text),
            ("seq", Number),
            ("count", Number),
            ("sum", Bytes),
        ],
    },
    Table {
        name: "entry",
        columns: &[
            ("org", Text),
            ("view", Number),
            ("n", Number),
            ("seq", Number),
            ("present", Truth),
            ("hash", Bytes),
        ],
    },
    Table {
        name: "command",
        columns: &[
            ("org", Text),
            ("id", Text),
            ("body_hash", Bytes),
            ("person", Text),
            ("device", Text),
            ("name", Text),
            ("targets", Text),
            ("claimed_at", Number),
            ("received_at", Number),
            ("seq", Number),
            ("answer", Text),
            ("envelope", Text),
        ],
    },
    Table {
        name: "ledger",
        columns: &[
            ("org", Text),
            ("device", Text),
            ("view", Text),
            ("epoch", Text),
            ("from_at", Number),
            ("until_at", Number),
            ("acknowledged_at", Number),
        ],
    },
    Table {
        name: "photo",
        columns: &[
            ("org", Text),
            ("hash", Text),
            ("media_type", Text),
            ("bytes", Number),
            ("person", Text),
            ("received_at", Number),
        ],
    },
    Table {
        name: "photo_sent",
        columns: &[
            ("org", Text),
            ("hash", Text),
            ("record", Text),
            ("person", Text),
            ("received_at", Number),
        ],
    },
    Table {
        name: "sign_in",
        columns: &[
            ("org", Text),
            ("at", Number),
            ("username", Text),
            ("outcome", Text),
        ],
    },
];

/// A database that an office is carried out of or into. Its methods are called one after another and never within each
/// other, so that either side may have an engine of its own.
pub(crate) trait Side {
    /// Begins one transaction for all that follows.
    fn begin(&mut self) -> Result<()>;
    /// Whether there is an office in it.
    fn has_office(&mut self) -> Result<bool>;
    /// Removes every row.
    fn clear(&mut self) -> Result<()>;
    /// Begins to read a table.
    fn open(&mut self, table: &'static Table) -> Result<()>;
    /// The next rows of the table that was opened; none at its end.
    fn read(&mut self, table: &'static Table) -> Result<Vec<Vec<Cell>>>;
    /// Adds rows to a table.
    fn add(&mut self, table: &'static Table, rows: Vec<Vec<Cell>>) -> Result<()>;
    /// Keeps what was added.
    fn keep(&mut self) -> Result<()>;
}

/// What to do with an office that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum There {
    /// Refuse to touch it.
    Keep,
    /// Put the other in its place.
    Replace,
}

/// Carries a whole office over. All of it arrives, or nothing does; gives the number of rows of each table.
///
/// Nobody else may write to either side meanwhile. `progress` hears of each chunk: the table and its rows so far.
pub fn transfer(
    from: &mut Database,
    to: &mut Database,
    there: There,
    progress: &mut dyn FnMut(&str, u64),
) -> Result<BTreeMap<&'static str, u64>> {
    let (from, to) = (from.side(), to.side());
    from.begin()?;
    to.begin()?;
    if there == There::Keep && to.has_office()? {
        return Err(Fault::Occupied);
    }
    to.clear()?;
    let mut counts = BTreeMap::new();
    for table in TABLES {
        let count = counts.entry(table.name).or_default();
        from.open(table)?;
        loop {
            let rows = from.read(table)?;
            if rows.is_empty() {
                break;
            }
            *count += rows.len() as u64;
            to.add(table, rows)?;
            progress(table.name, *count);
        }
    }
    to.keep()?;
    Ok(counts)
}
