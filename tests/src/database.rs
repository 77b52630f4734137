//! The database of an office, looked at from outside: the embedded one, or a PostgreSQL database for each folder where
//! the environment names a server (`BAILIWICK_TEST_POSTGRES`).

use anyhow::{Context as _, Result, bail};
use rusqlite::types::{FromSql, ToSql, ToSqlOutput, Value, ValueRef};
use sqlx::postgres::{PgArguments, PgConnection, PgRow};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Column as _, Connection as _, Executor as _, Postgres, Row as _, TypeInfo as _};
use std::path::Path;
use store::Place;

/// Where the office of a folder keeps its records. A PostgreSQL database is made where it does not exist yet.
pub fn place(folder: &Path) -> Result<Place> {
    match std::env::var("BAILIWICK_TEST_POSTGRES") {
        Err(_) => Ok(Place::Sqlite(folder.join("office.db"))),
        Ok(server) => {
            let hash = blake3::hash(folder.to_string_lossy().as_bytes()).to_hex();
            let name = format!("test_{}", &hash[..24]);
            on(&server, async |db| {
                let known = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)";
                if !sqlx::query_scalar::<_, bool>(known)
                    .bind(&name)
                    .fetch_one(&mut *db)
                    .await?
                {
                    let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
                    db.execute(sqlx::raw_sql(create)).await?;
                }
                Ok(())
            })?;
            let (before, after) = server
                .split_once("/postgres")
                .context("an address that ends in /postgres")?;
            Ok(Place::Postgres(format!("{before}/{name}{after}")))
        }
    }
}

/// The place as the server's `--database` takes it.
pub fn flag(place: &Place) -> String {
    match place {
        Place::Sqlite(file) => format!("sqlite:{}", file.display()),
        Place::Postgres(url) => url.clone(),
    }
}

/// The rows of a query written for the embedded database, with `?` for its arguments.
pub fn rows(place: &Place, sql: &str, args: &[&dyn ToSql]) -> Result<Vec<Vec<Value>>> {
    match place {
        Place::Sqlite(file) => {
            let db = rusqlite::Connection::open(file)?;
            db.busy_timeout(std::time::Duration::from_secs(10))?;
            let mut query = db.prepare(sql)?;
            let columns = query.column_count();
            let rows = query.query_map(args, |row| (0..columns).map(|index| row.get(index)).collect())?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        }
        Place::Postgres(url) => {
            let (sql, args) = (numbered(sql), values(args)?);
            on(url, async |db| {
                let rows = bound(sqlx::query(AssertSqlSafe(sql)), args).fetch_all(db).await?;
                rows.iter().map(row_of).collect()
            })
        }
    }
}

/// Carries out a statement; gives how many rows it changed.
pub fn change(place: &Place, sql: &str, args: &[&dyn ToSql]) -> Result<u64> {
    match place {
        Place::Sqlite(file) => {
            let db = rusqlite::Connection::open(file)?;
            db.busy_timeout(std::time::Duration::from_secs(10))?;
            Ok(db.execute(sql, args)? as u64)
        }
        Place::Postgres(url) => {
            let (sql, args) = (numbered(sql), values(args)?);
            on(url, async |db| {
                let done = bound(sqlx::query(AssertSqlSafe(sql)), args).execute(db).await?;
                Ok(done.rows_affected())
            })
        }
    }
}

/// A value as the caller wants it.
pub fn read<T: FromSql>(value: &Value) -> Result<T> {
    Ok(T::column_result(ValueRef::from(value))?)
}

fn on<R>(url: &str, work: impl AsyncFnOnce(&mut PgConnection) -> Result<R>) -> Result<R> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut db = PgConnection::connect(url).await?;
        let done = work(&mut db).await;
        db.close().await?;
        done
    })
}

fn numbered(sql: &str) -> String {
    let mut parts = sql.split('?');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (index, part) in parts.enumerate() {
        text.push_str(&format!("${}{part}", index + 1));
    }
    text
}

fn values(args: &[&dyn ToSql]) -> Result<Vec<Value>> {
    args.iter()
        .map(|arg| match arg.to_sql()? {
            ToSqlOutput::Borrowed(value) => Ok(Value::try_from(value)?),
            ToSqlOutput::Owned(value) => Ok(value),
            _ => bail!("an argument of another kind"),
        })
        .collect()
}

type Statement<'a> = Query<'a, Postgres, PgArguments>;

fn bound(query: Statement<'_>, args: Vec<Value>) -> Statement<'_> {
    args.into_iter().fold(query, |query, value| match value {
        Value::Null => query.bind(None::<String>),
        Value::Integer(number) => query.bind(number),
        Value::Real(number) => query.bind(number),
        Value::Text(text) => query.bind(text),
        Value::Blob(bytes) => query.bind(bytes),
    })
}

fn row_of(row: &PgRow) -> Result<Vec<Value>> {
    let columns = row.columns().iter();
    columns
        .map(|column| {
            let index = column.ordinal();
            let value = match column.type_info().name() {
                "INT8" => row.try_get::<Option<i64>, _>(index)?.map(Value::Integer),
                "INT4" => row
                    .try_get::<Option<i32>, _>(index)?
                    .map(|number| Value::Integer(number.into())),
                "FLOAT8" => row.try_get::<Option<f64>, _>(index)?.map(Value::Real),
                "BOOL" => row
                    .try_get::<Option<bool>, _>(index)?
                    .map(|truth| Value::Integer(truth.into())),
                "BYTEA" => row.try_get::<Option<Vec<u8>>, _>(index)?.map(Value::Blob),
                _ => row.try_get::<Option<String>, _>(index)?.map(Value::Text),
            };
            Ok(value.unwrap_or(Value::Null))
        })
        .collect()
}
