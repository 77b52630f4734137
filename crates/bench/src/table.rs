//! The floor's one table, in either database.

use crate::town;
use anyhow::{Context as _, Result};
use futures::TryStreamExt as _;
use rusqlite::{Connection, params};
use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, Executor as _, Row as _};
use store::Place;
use tokio::runtime::Runtime;

const SQLITE: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -64000;
    CREATE TABLE IF NOT EXISTS row (id TEXT PRIMARY KEY, dept TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, note TEXT);
    CREATE INDEX IF NOT EXISTS row_by_dept ON row (dept, seq);";

const POSTGRES: &str = "
    CREATE TABLE IF NOT EXISTS row (id TEXT PRIMARY KEY, dept TEXT NOT NULL, seq BIGINT NOT NULL, body TEXT NOT NULL, note TEXT);
    CREATE INDEX IF NOT EXISTS row_by_dept ON row (dept, seq);";

/// The table, open.
pub enum Table {
    Sqlite(Connection),
    Postgres(Runtime, Box<PgConnection>),
}

impl Table {
    /// Opens the table, making it where it is missing.
    pub fn open(place: &Place) -> Result<Table> {
        match place {
            Place::Sqlite(file) => {
                let db = Connection::open(file)?;
                db.busy_timeout(std::time::Duration::from_secs(10))?;
                db.execute_batch(SQLITE)?;
                Ok(Table::Sqlite(db))
            }
            Place::Postgres(url) => {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()?;
                let mut db = runtime.block_on(PgConnection::connect(url))?;
                runtime.block_on(db.execute(sqlx::raw_sql(POSTGRES)))?;
                Ok(Table::Postgres(runtime, Box::new(db)))
            }
        }
    }

    /// Hands over what a department has since a number, in order: id, body and number.
    pub fn since(
        &mut self,
        dept: &str,
        since: i64,
        mut each: impl FnMut(&str, &str, i64) -> Result<()>,
    ) -> Result<()> {
        match self {
            Table::Sqlite(db) => {
                let sql = "SELECT id, body, seq FROM row WHERE dept = ? AND seq > ? ORDER BY seq";
                let mut find = db.prepare_cached(sql)?;
                let mut found = find.query(params![dept, since])?;
                while let Some(row) = found.next()? {
                    each(row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?, row.get(2)?)?;
                }
                Ok(())
            }
            Table::Postgres(runtime, db) => runtime.block_on(async {
                let sql = "SELECT id, body, seq FROM row WHERE dept = $1 AND seq > $2 ORDER BY seq";
                let mut found = sqlx::query(sql).bind(dept).bind(since).fetch(&mut **db);
                while let Some(row) = found.try_next().await? {
                    each(row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)?;
                }
                Ok(())
            }),
        }
    }

    /// Writes notes on rows of a department, in one transaction.
    pub fn edit(&mut self, dept: &str, edits: &[(&str, &str)]) -> Result<()> {
        match self {
            Table::Sqlite(db) => {
                let tx = db.transaction()?;
                let mut seq: i64 = tx.query_row("SELECT max(seq) FROM row", [], |row| row.get(0))?;
                let mut save =
                    tx.prepare_cached("UPDATE row SET note = ?, seq = ? WHERE id = ? AND dept = ?")?;
                for (id, note) in edits {
                    seq += 1;
                    save.execute(params![note, seq, id, dept])?;
                }
                drop(save);
                Ok(tx.commit()?)
            }
            Table::Postgres(runtime, db) => runtime.block_on(async {
                let mut tx = db.begin().await?;
                let mut seq: i64 = sqlx::query_scalar("SELECT max(seq) FROM row")
                    .fetch_one(&mut *tx)
                    .await?;
                for (id, note) in edits {
                    seq += 1;
                    sqlx::query("UPDATE row SET note = $1, seq = $2 WHERE id = $3 AND dept = $4")
                        .bind(note)
                        .bind(seq)
                        .bind(id)
                        .bind(dept)
                        .execute(&mut *tx)
                        .await?;
                }
                Ok(tx.commit().await?)
            }),
        }
    }

    /// Writes inspections as they are after a round of changes, each under the next number.
    pub fn write(&mut self, numbers: impl Iterator<Item = usize>, round: usize) -> Result<()> {
        match self {
            Table::Sqlite(db) => {
                let tx = db.transaction()?;
                let mut seq: i64 =
                    tx.query_row("SELECT coalesce(max(seq), 0) FROM row", [], |row| row.get(0))?;
                let mut save = tx.prepare_cached(
                    "INSERT INTO row (id, dept, seq, body) VALUES (?, ?, ?, ?)
                     ON CONFLICT DO UPDATE SET seq = excluded.seq, body = excluded.body",
                )?;
                for number in numbers {
                    seq += 1;
                    let record = town::inspection(number, round)?;
                    let dept = town::calendar_of(number);
                    save.execute(params![record.id.as_str(), dept, seq, town::shown(&record)?])?;
                }
                drop(save);
                Ok(tx.commit()?)
            }
            Table::Postgres(runtime, db) => runtime.block_on(async {
                let (mut ids, mut depts, mut bodies) = (Vec::new(), Vec::new(), Vec::new());
                for number in numbers {
                    let record = town::inspection(number, round)?;
                    ids.push(record.id.to_string());
                    depts.push(town::calendar_of(number));
                    bodies.push(town::shown(&record)?);
                }
                sqlx::query(
                    "INSERT INTO row (id, dept, seq, body)
                     SELECT id, dept, n + (SELECT coalesce(max(seq), 0) FROM row), body
                     FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS new (id, dept, body, n)
                     ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, body = excluded.body",
                )
                .bind(ids)
                .bind(depts)
                .bind(bodies)
                .execute(&mut **db)
                .await
                .context("writing the floor's rows")?;
                Ok(())
            }),
        }
    }
}
