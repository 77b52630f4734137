//! PostgreSQL as one side of a transfer.

use super::PostgresDb;
use crate::transfer::{Cell, Holds, ROWS_AT_ONCE, Side, TABLES, Table};
use crate::{Fault, Result};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Executor as _, Postgres, Row as _};

impl PostgresDb {
    fn run(&mut self, sql: impl Into<String>) -> Result<()> {
        let sql = AssertSqlSafe(sql.into());
        self.runtime
            .block_on(self.connection.execute(sqlx::raw_sql(sql)))?;
        Ok(())
    }
}

impl Side for PostgresDb {
    fn begin(&mut self) -> Result<()> {
        self.run("BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL statement_timeout = 0; LOCK TABLE org IN EXCLUSIVE MODE")
    }

    fn has_office(&mut self) -> Result<bool> {
        let found = sqlx::query_scalar("SELECT EXISTS (SELECT FROM org WHERE seq > 0)");
        Ok(self.runtime.block_on(found.fetch_one(&mut self.connection))?)
    }

    fn clear(&mut self) -> Result<()> {
        let names: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
        self.run(format!("TRUNCATE {}", names.join(", ")))
    }

    fn open(&mut self, table: &'static Table) -> Result<()> {
        self.run(format!(
            "CLOSE ALL; DECLARE carried NO SCROLL CURSOR FOR SELECT {} FROM {}",
            table.column_names(),
            table.name
        ))
    }

    fn read(&mut self, table: &'static Table) -> Result<Vec<Vec<Cell>>> {
        let sql = AssertSqlSafe(format!("FETCH {ROWS_AT_ONCE} FROM carried"));
        // Each cursor has columns of its own, so the statement must not be remembered.
        let fetch = sqlx::query(sql).persistent(false);
        let rows = self.runtime.block_on(fetch.fetch_all(&mut self.connection))?;
        rows.iter().map(|row| cells(table, row)).collect()
    }

    fn add(&mut self, table: &'static Table, rows: Vec<Vec<Cell>>) -> Result<()> {
        let arrays: Vec<String> = table
            .columns
            .iter()
            .enumerate()
            .map(|(index, (_, holds))| format!("${}::{}[]", index + 1, type_of(*holds)))
            .collect();
        let sql = format!(
            "INSERT INTO {} ({}) SELECT * FROM unnest({})",
            table.name,
            table.column_names(),
            arrays.join(", ")
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (index, (_, holds)) in table.columns.iter().enumerate() {
            let column = rows.iter().map(|row| &row[index]);
            query = bind(query, *holds, column.collect())?;
        }
        self.runtime.block_on(query.execute(&mut self.connection))?;
        Ok(())
    }

    fn keep(&mut self) -> Result<()> {
        self.run(
            "SELECT setval(pg_get_serial_sequence('record', 'n'), (SELECT coalesce(max(n), 0) + 1 FROM record), false);
             SELECT setval(pg_get_serial_sequence('view', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM view), false);
             COMMIT; ANALYZE",
        )
    }
}

fn type_of(holds: Holds) -> &'static str {
    match holds {
        Holds::Number => "bigint",
        Holds::Truth => "boolean",
        Holds::Text => "text",
        Holds::Bytes => "bytea",
    }
}

type Statement<'a> = Query<'a, Postgres, PgArguments>;

fn bind<'a>(query: Statement<'a>, holds: Holds, column: Vec<&Cell>) -> Result<Statement<'a>> {
    let wrong = |cell: &Cell| Fault::Unreadable(format!("{cell:?} where a {} is", type_of(holds)));
    let numbers = || -> Result<Vec<Option<i64>>> {
        let number = |cell: &&Cell| match cell {
            Cell::Null => Ok(None),
            Cell::Number(number) => Ok(Some(*number)),
            other => Err(wrong(other)),
        };
        column.iter().map(number).collect()
    };
    Ok(match holds {
        Holds::Number => query.bind(numbers()?),
        Holds::Truth => {
            let truths = numbers()?
                .into_iter()
                .map(|number| number.map(|number| number != 0));
            query.bind(truths.collect::<Vec<Option<bool>>>())
        }
        Holds::Text => {
            let text = |cell: &&Cell| match cell {
                Cell::Null => Ok(None),
                Cell::Text(text) => Ok(Some(text.clone())),
                other => Err(wrong(other)),
            };
            query.bind(column.iter().map(text).collect::<Result<Vec<_>>>()?)
        }
        Holds::Bytes => {
            let bytes = |cell: &&Cell| match cell {
                Cell::Null => Ok(None),
                Cell::Bytes(bytes) => Ok(Some(bytes.clone())),
                other => Err(wrong(other)),
            };
            query.bind(column.iter().map(bytes).collect::<Result<Vec<_>>>()?)
        }
    })
}

fn cells(table: &Table, row: &PgRow) -> Result<Vec<Cell>> {
    let mut cells = Vec::with_capacity(table.columns.len());
    for (index, (_, holds)) in table.columns.iter().enumerate() {
        let cell = match holds {
            Holds::Number => row.try_get::<Option<i64>, _>(index)?.map(Cell::Number),
            Holds::Truth => row
                .try_get::<Option<bool>, _>(index)?
                .map(|truth| Cell::Number(i64::from(truth))),
            Holds::Text => row.try_get::<Option<String>, _>(index)?.map(Cell::Text),
            Holds::Bytes => row.try_get::<Option<Vec<u8>>, _>(index)?.map(Cell::Bytes),
        };
        cells.push(cell.unwrap_or(Cell::Null));
    }
    Ok(cells)
}
