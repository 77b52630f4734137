//! A PostgreSQL of one's own, for one run: in a folder that goes with it, reached through a socket only.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell;

/// Whether a commit waits until it is on the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    /// And the server has the memory that one of its own would be given, as the other systems measured beside ours have it.
    Waits,
    /// Nothing in it outlives the run.
    DoesNotWait,
}

/// A running server; it ends with this value.
pub struct Postgres {
    folder: PathBuf,
    programs: PathBuf,
    options: String,
}

impl Postgres {
    /// Makes a fresh server and starts it.
    pub fn start(disk: Disk) -> Result<Self> {
        let now = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
        let name = format!(
            "bailiwick-postgres-{}-{}",
            std::process::id(),
            now % 1_000_000_007
        );
        // A socket's path must be short, and the server's own user must reach it.
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let settings = match disk {
            Disk::Waits => "-c shared_buffers=2GB -c max_wal_size=8GB -c checkpoint_timeout=30min",
            Disk::DoesNotWait => "-c fsync=off",
        };
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c max_connections=300 {settings}",
            folder.display()
        );
        let server = Self {
            folder,
            programs: programs()?,
            options,
        };
        if is_root() {
            shell::must(Command::new("chown").arg("postgres").arg(&server.folder))?;
        }
        let data = server.folder.join("data");
        let init = [
            "-U",
            "test",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "-D",
        ];
        shell::must(server.program("initdb").args(init).arg(&data))?;
        shell::must(server.controlling().args(["-w", "start"]))?;
        Ok(server)
    }

    /// The address of the database its administrator begins with.
    pub fn url(&self) -> String {
        format!(
            "postgres://test@localhost/postgres?host={}",
            self.folder.display()
        )
    }

    /// The words that control the server, but for what it is to do: `-w start`, `-m immediate stop`.
    pub fn control(&self) -> Vec<String> {
        let command = self.controlling();
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        words.map(|word| word.to_string_lossy().into_owned()).collect()
    }

    fn controlling(&self) -> Command {
        let mut command = self.program("pg_ctl");
        command
            .args(["-o", &self.options, "-D"])
            .arg(self.folder.join("data"));
        command.arg("-l").arg(self.folder.join("log"));
        command
    }

    /// PostgreSQL refuses to run as root.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
            command.arg(program);
            command
        } else {
            Command::new(program)
        };
        command
            .current_dir(&self.folder)
            .env("HOME", &self.folder)
            .env("LC_ALL", "C.UTF-8");
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = shell::held(self.controlling().args(["-m", "immediate", "stop"]));
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn is_root() -> bool {
    let asked = Command::new("id").arg("-u").output();
    asked.is_ok_and(|out| out.stdout.trim_ascii() == b"0")
}

/// Where `initdb` lies: on the PATH, or where Debian puts the newest version.
fn programs() -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    places.sort();
    places.reverse();
    places.extend(std::env::split_paths(&path));
    match places.into_iter().find(|place| has_server(place)) {
        Some(place) => Ok(place),
        None => bail!("PostgreSQL is not installed; run `cargo xtask setup`"),
    }
}

fn has_server(place: &Path) -> bool {
    ["initdb", "pg_ctl"].iter().all(|name| {
        let program = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        place.join(program).is_file()
    })
}
