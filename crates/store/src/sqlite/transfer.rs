//! The embedded database as one side of a transfer.

use super::OfficeDb;
use crate::Result;
use crate::transfer::{Cell, ROWS_AT_ONCE, Side, TABLES, Table};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{ToSql, params_from_iter};

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Cell::Null => ToSqlOutput::Owned(Value::Null),
            Cell::Number(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Cell::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Cell::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

/// The log's entries do not repeat the organization here: their view has it.
const ENTRIES: &str =
    "(SELECT v.org, e.view, e.n, e.seq, e.present, e.hash FROM entry e JOIN view v ON v.id = e.view)";

/// Where each table's rows are in order, so that reading can go on where it stopped.
fn order_of(table: &Table) -> &'static str {
    match table.name {
        "org" => "id",
        "account" => "org, person",
        "device" => "org, id",
        "record" => "n",
        "record_key" => "org, kind, name, key, n",
        "view" => "id",
        "entry" => "view, n",
        "command" => "org, id",
        "ledger" => "org, device, view, from_at",
        "photo" => "org, hash",
        "photo_sent" => "org, hash, record",
        _ => "rowid",
    }
}

impl Side for OfficeDb {
    fn begin(&mut self) -> Result<()> {
        Ok(self.db.execute_batch("BEGIN IMMEDIATE")?)
    }

    fn has_office(&mut self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM org WHERE seq > 0)";
        Ok(self.db.query_row(sql, [], |row| row.get(0))?)
    }

    fn clear(&mut self) -> Result<()> {
        for table in TABLES {
            self.db.execute(&format!("DELETE FROM {}", table.name), [])?;
        }
        Ok(())
    }

    fn open(&mut self, table: &'static Table) -> Result<()> {
        // The order is made once, and read in slices.
        let source = if table.name == "entry" {
            ENTRIES
        } else {
            table.name
        };
        self.db.execute_batch(&format!(
            "DROP TABLE IF EXISTS temp.carried;
             CREATE TEMP TABLE carried AS SELECT {} FROM {source} ORDER BY {};",
            table.column_names(),
            order_of(table)
        ))?;
        self.carried = 0;
        Ok(())
    }

    fn read(&mut self, table: &'static Table) -> Result<Vec<Vec<Cell>>> {
        let sql = format!(
            "SELECT {} FROM temp.carried WHERE rowid > ? ORDER BY rowid LIMIT {ROWS_AT_ONCE}",
            table.column_names()
        );
        let mut find = self.db.prepare(&sql)?;
        let rows = find.query_map([self.carried], |row| {
            (0..table.columns.len())
                .map(|index| Ok(cell(row.get_ref(index)?)))
                .collect::<rusqlite::Result<Vec<Cell>>>()
        })?;
        let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        self.carried += i64::try_from(rows.len()).unwrap_or(i64::MAX);
        Ok(rows)
    }

    fn add(&mut self, table: &'static Table, rows: Vec<Vec<Cell>>) -> Result<()> {
        let columns: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
        let skipped = usize::from(table.name == "entry");
        let columns = &columns[skipped..];
        let marks = vec!["?"; columns.len()].join(", ");
        let sql = format!(
            "INSERT INTO {} ({}) VALUES ({marks})",
            table.name,
            columns.join(", ")
        );
        let mut add = self.db.prepare(&sql)?;
        for row in rows {
            add.execute(params_from_iter(&row[skipped..]))?;
        }
        Ok(())
    }

    fn keep(&mut self) -> Result<()> {
        Ok(self.db.execute_batch("COMMIT")?)
    }
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Number(number),
        ValueRef::Real(number) => Cell::Text(number.to_string()),
        ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
    }
}
