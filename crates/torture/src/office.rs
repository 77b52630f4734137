//! The office: the server's own program in a process of its own, which can be killed.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use store::Place;

/// Where an office of the torture keeps its records: a file, or a database of a PostgreSQL server.
#[derive(Debug, Clone)]
pub enum Kind {
    Sqlite,
    /// The address of a server's first database; `cargo xtask torture` starts one.
    Postgres(String),
}

impl Kind {
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Sqlite => "sqlite",
            Kind::Postgres(_) => "postgres",
        }
    }

    /// A place for one office, with nothing in it.
    pub fn place(&self, folder: &Path) -> Result<Place> {
        match self {
            Kind::Sqlite => Ok(Place::Sqlite(folder.join("office.db"))),
            Kind::Postgres(server) => {
                let name = database_name(folder);
                execute(server, &format!("CREATE DATABASE {name}"))?;
                database(server, &name)
            }
        }
    }

    /// Removes what [`Kind::place`] made; the folder's files go with the folder.
    pub fn clear(&self, folder: &Path) -> Result<()> {
        match self {
            Kind::Sqlite => Ok(()),
            Kind::Postgres(server) => {
                let name = database_name(folder);
                execute(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            }
        }
    }
}

fn database_name(folder: &Path) -> String {
    let hash = blake3::hash(folder.to_string_lossy().as_bytes()).to_hex();
    format!("torture_{}", &hash[..20])
}

/// The address of another database of a server.
pub fn database(server: &str, name: &str) -> Result<Place> {
    let (before, after) = server
        .split_once("/postgres?")
        .context("an address of the database `postgres`")?;
    Ok(Place::Postgres(format!("{before}/{name}?{after}")))
}

/// Carries out a statement on a PostgreSQL server.
pub fn execute(url: &str, sql: &str) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut db = sqlx::postgres::PgConnection::connect(url).await?;
        db.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())))
            .await
            .with_context(|| sql.to_owned())?;
        db.close().await?;
        Ok(())
    })
}

/// The place as the server's `--database` takes it.
pub fn flag(place: &Place) -> String {
    match place {
        Place::Sqlite(file) => format!("sqlite:{}", file.display()),
        Place::Postgres(url) => url.clone(),
    }
}

/// A program that lies beside this one, or where the environment says.
pub fn program(name: &str) -> Result<PathBuf> {
    let folder = match std::env::var_os("BAILIWICK_BIN_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => {
            let me = std::env::current_exe()?;
            me.parent().context("a program lies in a folder")?.to_owned()
        }
    };
    let path = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    ensure!(path.exists(), "{} is missing", path.display());
    Ok(path)
}

/// A port that is free, and that no connection is given by chance while the server is away from it.
fn free_port() -> Result<u16> {
    let begin = u16::try_from(std::process::id() % 8_000)?;
    let mut ports = (0..8_000).map(|next| 20_000 + (begin + next) % 8_000);
    ports
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .context("no port is free")
}

/// A serving office; it ends with this value.
pub struct Office {
    place: Place,
    folder: PathBuf,
    port: u16,
    process: Option<Child>,
}

impl Office {
    /// Serves what is in a place, always at the same address.
    pub fn serve(place: &Place, folder: &Path) -> Result<Office> {
        let port = free_port()?;
        let mut office = Office {
            place: place.clone(),
            folder: folder.to_owned(),
            port,
            process: None,
        };
        office.start()?;
        Ok(office)
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Starts it again; returns when it listens.
    pub fn start(&mut self) -> Result<()> {
        let mut process = Command::new(program("bailiwick-server")?)
            .arg("--data-dir")
            .arg(&self.folder)
            .args(["--database", &flag(&self.place)])
            .args(["serve", "--listen", &format!("127.0.0.1:{}", self.port)])
            .env("BAILIWICK_LOG", "off")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("the server does not start")?;
        let out = process.stdout.take().context("the server has no output")?;
        self.process = Some(process);
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line).with_context(|| format!("the server said `{line}`"))?;
        said["listening"].as_str().context("the server does not listen")?;
        Ok(())
    }

    /// Kills it, as a power cut would.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut process) = self.process.take() {
            process.kill()?;
            process.wait()?;
        }
        Ok(())
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}
