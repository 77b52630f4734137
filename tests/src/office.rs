//! A real office: the server's own process on its own files.

use crate::{database, program};
use anyhow::{Context as _, Result, bail, ensure};
use rusqlite::types::{FromSql, ToSql, Value};
use serde_json::Value as Json;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use store::Place;

/// What everybody in a seeded town signs in with.
pub const PASSWORD: &str = "bailiwick-demo";

/// A serving office; it ends with this value.
pub struct OfficeProcess {
    folder: PathBuf,
    process: Option<Child>,
    /// Such as `http://127.0.0.1:40123`.
    pub address: String,
}

impl OfficeProcess {
    /// Seeds a town into a folder and serves it.
    pub fn seeded(folder: &Path, day: &str) -> Result<OfficeProcess> {
        seed(folder, day)?;
        OfficeProcess::serve(folder)
    }

    /// Serves what is in a folder.
    pub fn serve(folder: &Path) -> Result<OfficeProcess> {
        OfficeProcess::serve_with(folder, &[], None)
    }

    /// The same with more arguments, and a file for all that it logs.
    pub fn serve_with(folder: &Path, args: &[&str], log: Option<File>) -> Result<OfficeProcess> {
        let mut command = command(folder)?;
        if let Some(log) = log {
            command.env("BAILIWICK_LOG", "info").stderr(log);
        }
        OfficeProcess::start(folder, &mut command, args)
    }

    /// Serves by a command that names all but the serving, with more arguments of that.
    pub fn start(folder: &Path, command: &mut Command, args: &[&str]) -> Result<OfficeProcess> {
        let mut process = command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(args)
            .stdout(Stdio::piped())
            .spawn()
            .context("the server does not start")?;
        let out = process.stdout.take().context("the server has no output")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        let said: Json = serde_json::from_str(&line).with_context(|| format!("the server said `{line}`"))?;
        let address = said["listening"]
            .as_str()
            .context("the server did not say where it listens")?
            .to_owned();
        Ok(OfficeProcess {
            folder: folder.to_owned(),
            process: Some(process),
            address,
        })
    }

    /// The server's process, while it serves.
    pub fn process(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }

    /// Where it listens, without the scheme.
    pub fn authority(&self) -> &str {
        self.address
            .split_once("://")
            .map_or("", |(_, authority)| authority)
    }

    /// Runs a command of an administrator beside the serving process; gives its summary.
    pub fn administrator(&self, args: &[&str]) -> Result<Json> {
        let output = cli(&self.folder, args, "")?;
        if !output.status.success() {
            bail!("{args:?} failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// What a query finds in the office's database.
    pub fn rows(&self, sql: &str, args: &[&dyn ToSql]) -> Result<Vec<Vec<Value>>> {
        database::rows(&database::place(&self.folder)?, sql, args)
    }

    /// Changes the office's database behind its back; gives how many rows.
    pub fn change(&self, sql: &str, args: &[&dyn ToSql]) -> Result<u64> {
        database::change(&database::place(&self.folder)?, sql, args)
    }

    /// One value of the office's database.
    pub fn look<T: FromSql>(&self, sql: &str, args: &[&dyn ToSql]) -> Result<T> {
        let rows = self.rows(sql, args)?;
        database::read(rows.first().and_then(|row| row.first()).context("no row")?)
    }

    /// Whether the database finds nothing wrong with itself. PostgreSQL has no such question.
    pub fn is_sound(&self) -> Result<bool> {
        match database::place(&self.folder)? {
            Place::Sqlite(_) => Ok(self.look::<String>("PRAGMA integrity_check", &[])? == "ok"),
            Place::Postgres(_) => Ok(true),
        }
    }

    /// A record's body, as the office has it.
    pub fn body(&self, id: &str) -> Result<Json> {
        let text: String = self.look("SELECT body FROM record WHERE id = ?", &[&id])?;
        Ok(serde_json::from_str(&text)?)
    }

    /// Asks the process to end, and waits until it has.
    pub fn stop(&mut self) -> Result<()> {
        if let Some(mut process) = self.process.take() {
            let asked = Command::new("kill")
                .args(["-TERM", &process.id().to_string()])
                .status()?;
            ensure!(asked.success(), "the server cannot be asked to stop");
            let ended = process.wait()?;
            ensure!(ended.success(), "the server ended with {ended}");
        }
        Ok(())
    }

    /// Stops the process at once, as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

impl Drop for OfficeProcess {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Seeds a town into a folder; `day` is its first day.
pub fn seed(folder: &Path, day: &str) -> Result<()> {
    let seeded = cli(folder, &["seed", "--scale", "1", "--seed", "1", "--day", day], "")?;
    ensure!(
        seeded.status.success(),
        "seeding failed: {}",
        String::from_utf8_lossy(&seeded.stderr)
    );
    Ok(())
}

/// The server's program, told where its folder and its database are.
pub fn command(folder: &Path) -> Result<Command> {
    let mut command = Command::new(program("bailiwick-server")?);
    command.arg("--data-dir").arg(folder).current_dir(crate::root());
    let place = database::place(folder)?;
    if matches!(place, Place::Postgres(_)) {
        command.args(["--database", &database::flag(&place)]);
    }
    Ok(command)
}

/// Runs the server's program with a folder and something on its standard input.
pub fn cli(folder: &Path, args: &[&str], input: &str) -> Result<Output> {
    run(command(folder)?.args(args), input)
}

/// The same with the database it is to work on.
pub fn cli_on(database: &Place, folder: &Path, args: &[&str]) -> Result<Output> {
    let mut command = Command::new(program("bailiwick-server")?);
    command.arg("--data-dir").arg(folder).current_dir(crate::root());
    run(
        command.args(["--database", &database::flag(database)]).args(args),
        "",
    )
}

/// Runs a command with something on its standard input.
pub fn run(command: &mut Command, input: &str) -> Result<Output> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    child
        .stdin
        .take()
        .context("no standard input")?
        .write_all(input.as_bytes())?;
    Ok(child.wait_with_output()?)
}
