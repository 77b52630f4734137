//! PostgreSQL: the office's database for those who outgrow the embedded one.
//!
//! Each [`PostgresDb`] is one connection with an engine of its own that runs on the calling thread, so that a transaction
//! reads like one of the embedded database and no answer travels between threads.

mod listen;
mod photos;
mod save;
mod transfer;
mod tx;

pub use listen::{Announced, Listener};
pub use tx::PostgresTx;

use crate::book::{Book, Memory};
use crate::{Fault, Result};
use policy::OrgId;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use std::str::FromStr as _;
use tokio::runtime::Runtime;

/// What our connections are called in the database's own lists.
const NAME: &str = "bailiwick-server";

static STEPS: Migrator = sqlx::migrate!("../../migrations/postgres");

/// What a connection runs on. It may end within another runtime, where waiting for its end is not allowed.
struct Engine(Option<Runtime>);

impl Engine {
    fn new() -> Result<Engine> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Fault::Other(format!("the runtime: {error}")))?;
        Ok(Engine(Some(runtime)))
    }

    fn block_on<F: Future>(&self, work: F) -> F::Output {
        match &self.0 {
            Some(runtime) => runtime.block_on(work),
            // Only `drop` takes the runtime away.
            None => unreachable!("a connection is used after its end"),
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// One connection to the office's database.
pub struct PostgresDb {
    runtime: Engine,
    connection: PgConnection,
    org: OrgId,
    pub(crate) remembered: Memory,
}

impl PostgresDb {
    /// Connects to a database.
    pub fn open(url: &str, org: &OrgId) -> Result<PostgresDb> {
        let runtime = Engine::new()?;
        let options = options(url)?;
        let connection = runtime.block_on(options.connect())?;
        Ok(PostgresDb {
            runtime,
            connection,
            org: org.clone(),
            remembered: Memory::default(),
        })
    }

    /// Brings the database up to date.
    pub fn migrate(&mut self) -> Result<()> {
        let known = STEPS.iter().map(|step| step.version).max().unwrap_or_default();
        match self.runtime.block_on(STEPS.run(&mut self.connection)) {
            Ok(()) => Ok(()),
            Err(MigrateError::VersionMissing(found)) => Err(Fault::Newer { found, known }),
            Err(MigrateError::Execute(error)) => Err(error.into()),
            Err(error) => Err(Fault::Other(error.to_string())),
        }
    }

    /// Begins a transaction and works in it. One that may write holds the organization's lock to its end; the others see
    /// one snapshot.
    pub(crate) fn within<R, E: From<Fault>>(
        &mut self,
        may_write: bool,
        work: impl AsyncFnOnce(PostgresTx<'_>) -> std::result::Result<R, E>,
    ) -> std::result::Result<R, E> {
        let (connection, org) = (&mut self.connection, self.org.clone());
        let book = Book::new(&self.remembered);
        self.runtime.block_on(async {
            let begin = if may_write {
                "BEGIN"
            } else {
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
            };
            let mut tx = PostgresTx {
                tx: connection.begin_with(begin).await.map_err(Fault::from)?,
                org,
                book,
            };
            if may_write {
                tx.lock().await?;
            }
            work(tx).await
        })
    }

    /// How many other connections to this database are those of a server like this one.
    pub(crate) fn others(&mut self) -> Result<i64> {
        let sql = "SELECT count(*) FROM pg_stat_activity
                   WHERE datname = current_database() AND application_name = $1 AND pid <> pg_backend_pid()";
        let others = sqlx::query_scalar(sql).bind(NAME);
        Ok(self.runtime.block_on(others.fetch_one(&mut self.connection))?)
    }

    /// Whether the connection still answers.
    pub fn answers(&mut self) -> bool {
        self.runtime.block_on(self.connection.ping()).is_ok()
    }
}

fn options(url: &str) -> Result<PgConnectOptions> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| Fault::Other(format!("the database's address cannot be read: {error}")))?;
    // A statement that waits for ever would keep the organization's lock for ever.
    Ok(options
        .application_name(NAME)
        .options([("lock_timeout", "10s"), ("statement_timeout", "120s")]))
}
