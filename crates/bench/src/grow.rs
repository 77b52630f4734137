//! Makes a town larger and leaves one department as it is: the records of all others are copied inside the database, with
//! their keys and their places in the log, until there are enough.
//!
//! It writes tables and not commands, because the office's one door takes two minutes for 200,000 records on a busy machine. A copy
//! has its original's body and stands in its original's views under a number of its own. What its entries count it as is
//! its original's too: the sums of those views are wrong, and nobody who is measured holds one of them.

use crate::town;
use anyhow::{Context as _, Result, ensure};
use rusqlite::Connection;
use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, Executor as _};
use store::Place;
use tokio::runtime::Runtime;

/// Tables whose rows go with a record.
const TABLES: [&str; 3] = ["record", "record_key", "entry"];

/// So many records are copied at once: what is read is held in memory before it is written.
const AT_ONCE: i64 = 1_000_000;

/// While it is filled a database keeps no journal: one that breaks off is thrown away.
const FILL: &str = "PRAGMA journal_mode = DELETE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
    PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -2000000;";

/// Grows a town to so many inspections, and leaves its database settled: indexes built anew, statistics fresh. A town that
/// is large enough is settled only, so that towns of all sizes lie on the disk in the same way.
pub fn grow(place: &Place, inspections: usize) -> Result<()> {
    let mut db = Db::open(place)?;
    let wanted = i64::try_from(inspections)?;
    let mut held = db.number("SELECT count(*) FROM record WHERE kind = 'appointment'")?;
    let indexes = db.indexes()?;
    for (name, _) in &indexes {
        db.run(&format!("DROP INDEX {name}"))?;
    }
    let mine = format!("calendar/{}#%", town::CALENDAR);
    db.run(&format!(
        "CREATE TEMPORARY TABLE other (n BIGINT PRIMARY KEY);
         INSERT INTO other SELECT n FROM record WHERE kind = 'appointment' AND n NOT IN (
           SELECT e.n FROM entry e JOIN view v ON v.id = e.view WHERE v.name LIKE '{mine}')
         ORDER BY n LIMIT {AT_ONCE}"
    ))?;
    let others = db.number("SELECT count(*) FROM other")?;
    ensure!(others > 0 || held >= wanted, "there is no department to copy");
    while held < wanted {
        let missing = wanted - held;
        if missing < others {
            db.run(&format!(
                "DELETE FROM other WHERE n NOT IN (SELECT n FROM other ORDER BY n LIMIT {missing})"
            ))?;
        }
        db.copy_others()?;
        held += missing.min(others);
    }
    db.run(
        "UPDATE view SET seq = found.seq, count = found.count
         FROM (SELECT view, max(seq) AS seq, sum(CASE WHEN present THEN 1 ELSE 0 END) AS count
               FROM entry GROUP BY view) AS found
         WHERE found.view = view.id;
         DROP TABLE other",
    )?;
    for (_, definition) in &indexes {
        db.run(definition)?;
    }
    db.settle()
}

enum Db {
    Sqlite(Connection),
    Postgres(Runtime, Box<PgConnection>),
}

impl Db {
    fn open(place: &Place) -> Result<Db> {
        match place {
            Place::Sqlite(file) => {
                let db = Connection::open(file)?;
                db.execute_batch(FILL)?;
                Ok(Db::Sqlite(db))
            }
            Place::Postgres(url) => {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()?;
                let mut db = runtime.block_on(PgConnection::connect(url))?;
                let fill =
                    "SET synchronous_commit = off; SET work_mem = '256MB'; SET maintenance_work_mem = '1GB'";
                runtime.block_on(db.execute(sqlx::raw_sql(fill)))?;
                Ok(Db::Postgres(runtime, Box::new(db)))
            }
        }
    }

    fn run(&mut self, sql: &str) -> Result<()> {
        match self {
            Db::Sqlite(db) => db.execute_batch(sql).with_context(|| sql.to_owned()),
            Db::Postgres(runtime, db) => {
                let statements = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()));
                let done = runtime.block_on(db.execute(statements));
                done.map(drop).with_context(|| sql.to_owned())
            }
        }
    }

    fn number(&mut self, sql: &str) -> Result<i64> {
        match self {
            Db::Sqlite(db) => Ok(db.query_row(sql, [], |row| row.get(0))?),
            Db::Postgres(runtime, db) => {
                let number = sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned()));
                Ok(runtime.block_on(number.fetch_one(&mut **db))?)
            }
        }
    }

    fn texts(&mut self, sql: &str) -> Result<Vec<String>> {
        match self {
            Db::Sqlite(db) => {
                let mut find = db.prepare(sql)?;
                let texts = find.query_map([], |row| row.get(0))?;
                Ok(texts.collect::<rusqlite::Result<_>>()?)
            }
            Db::Postgres(runtime, db) => {
                let texts = sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned()));
                Ok(runtime.block_on(texts.fetch_all(&mut **db))?)
            }
        }
    }

    /// The indexes that are not part of a table's definition: name and definition.
    fn indexes(&mut self) -> Result<Vec<(String, String)>> {
        let tables = TABLES.map(|table| format!("'{table}'")).join(", ");
        let found = match self {
            Db::Sqlite(_) => self.texts(&format!(
                "SELECT name || '|' || sql FROM sqlite_master
                 WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({tables})"
            )),
            Db::Postgres(..) => self.texts(&format!(
                "SELECT indexname || '|' || indexdef FROM pg_indexes
                 WHERE schemaname = current_schema() AND tablename IN ({tables})
                   AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)"
            )),
        };
        let split = |text: String| {
            let parts = text.split_once('|');
            parts.map(|(name, definition)| (name.to_owned(), definition.to_owned()))
        };
        Ok(found?.into_iter().filter_map(split).collect())
    }

    fn columns(&mut self, table: &str) -> Result<Vec<String>> {
        match self {
            Db::Sqlite(_) => self.texts(&format!("SELECT name FROM pragma_table_info('{table}')")),
            Db::Postgres(..) => self.texts(&format!(
                "SELECT column_name::text FROM information_schema.columns
                 WHERE table_schema = current_schema() AND table_name = '{table}' ORDER BY ordinal_position"
            )),
        }
    }

    /// Writes each record of `other` once more, under numbers that follow the greatest there are.
    fn copy_others(&mut self) -> Result<()> {
        let numbers = self.number("SELECT max(n) FROM record")?;
        let seqs = self.number("SELECT seq FROM org")?;
        let number = format!("n + {numbers}");
        // The number's own bits, spread: a copy's id is as scattered as an original's, and no two are alike.
        let bits = format!("({number}) * 2654435761 & 4294967295");
        let id = match self {
            Db::Sqlite(_) => format!("printf('%08x', {bits}) || substr(id, 9)"),
            Db::Postgres(..) => format!("lpad(to_hex({bits}), 8, '0') || substr(id, 9)"),
        };
        for table in TABLES {
            let columns = self.columns(table)?;
            let values = columns.iter().map(|column| match column.as_str() {
                "n" => number.clone(),
                "seq" => format!("seq + {seqs}"),
                "id" => id.clone(),
                other => other.to_owned(),
            });
            let values: Vec<String> = values.collect();
            let (columns, values) = (columns.join(", "), values.join(", "));
            self.run(&format!(
                "INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE n IN (SELECT n FROM other)"
            ))?;
        }
        self.run(&format!("UPDATE org SET seq = 2 * {seqs}"))
    }

    fn settle(&mut self) -> Result<()> {
        match self {
            Db::Sqlite(_) => self.run("PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL"),
            Db::Postgres(..) => {
                self.number(
                    "SELECT setval(pg_get_serial_sequence('record', 'n'), (SELECT max(n) FROM record))",
                )?;
                // A vacuum that begins by itself while something is measured would be measured too.
                for table in TABLES {
                    self.run(&format!("ALTER TABLE {table} SET (autovacuum_enabled = false)"))?;
                }
                self.run("VACUUM ANALYZE")?;
                self.run("CHECKPOINT")
            }
        }
    }
}
