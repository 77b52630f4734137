//! Databases of a run: made, and copied.

use anyhow::{Context as _, Result, bail};
use rusqlite::Connection as Sqlite;
use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, Executor as _};
use std::path::Path;
use store::Place;

/// An empty database of that name: a file of this folder, or on that PostgreSQL server.
pub fn fresh(server: Option<&str>, folder: &Path, name: &str) -> Result<Place> {
    std::fs::create_dir_all(folder)?;
    let Some(server) = server else {
        return Ok(Place::Sqlite(folder.join(format!("{name}.db"))));
    };
    run(
        server,
        &[
            format!("DROP DATABASE IF EXISTS {name}"),
            format!("CREATE DATABASE {name}"),
        ],
    )?;
    at(server, name)
}

/// A copy, under that name, of a database that nobody uses.
pub fn copy(server: Option<&str>, from: &Place, folder: &Path, name: &str) -> Result<Place> {
    std::fs::create_dir_all(folder)?;
    match (server, from) {
        (None, Place::Sqlite(file)) => {
            let db = Sqlite::open(file)?;
            // The file alone is then the whole database.
            db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            drop(db);
            let copied = folder.join(format!("{name}.db"));
            std::fs::copy(file, &copied)?;
            Ok(Place::Sqlite(copied))
        }
        (Some(server), Place::Postgres(url)) => {
            let original = url.rsplit('/').find_map(|part| part.split_once("?host="));
            let original = original.map_or(name, |(original, _)| original);
            run(
                server,
                &[
                    // Connections that were closed a moment ago end when they notice.
                    format!(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{original}'"
                    ),
                    format!("DROP DATABASE IF EXISTS {name}"),
                    format!("CREATE DATABASE {name} TEMPLATE {original} STRATEGY FILE_COPY"),
                ],
            )?;
            at(server, name)
        }
        _ => bail!("a database is copied within its own store"),
    }
}

fn at(server: &str, name: &str) -> Result<Place> {
    let (before, after) = server
        .split_once("/postgres?")
        .context("an address with /postgres? in it")?;
    Ok(Place::Postgres(format!("{before}/{name}?{after}")))
}

fn run(server: &str, statements: &[String]) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut db = PgConnection::connect(server).await?;
        for statement in statements {
            let sql = sqlx::raw_sql(sqlx::AssertSqlSafe(statement.clone()));
            db.execute(sql).await.with_context(|| statement.clone())?;
        }
        Ok(())
    })
}
