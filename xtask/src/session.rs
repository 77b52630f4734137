//! A desktop of one's own: a virtual display, a D-Bus session and a real, unlocked keyring.
//!
//! Tests and the headless demo run in it, so that they neither see nor touch the keyring and files of whoever starts
//! them. Everything lies in a fresh folder below `target/`, removed when the session is dropped.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell;

const UNLOCK_THEN_RUN: &str =
    "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null; exec \"$@\"";

/// A socket's path must fit in 108 bytes; the keyring's own part of it takes up to 20.
const SOCKET_FOLDER_LENGTH_MAX: usize = 80;

pub struct Session {
    folder: PathBuf,
    runtime: PathBuf,
}

impl Session {
    pub fn open() -> Result<Self> {
        let now = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
        let name = format!("session-{}-{}", std::process::id(), now % 1_000_000_007);
        let folder = shell::reports().join(&name);
        let mut runtime = folder.join("run");
        if runtime.as_os_str().len() > SOCKET_FOLDER_LENGTH_MAX {
            runtime = std::env::temp_dir().join(&name);
        }
        let session = Self { folder, runtime };
        for part in ["home", "data", "config", "cache"] {
            make_private(&session.folder.join(part))?;
        }
        make_private(&session.runtime)?;
        Ok(session)
    }

    /// The command that runs a program inside this session. It works with and without a display of the caller's.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        if !cfg!(target_os = "linux") {
            return Command::new(program);
        }
        let mut command = Command::new("xvfb-run");
        command
            .args(["-a", "-s", "-screen 0 2000x1200x24", "dbus-run-session", "--"])
            .args(["sh", "-c", UNLOCK_THEN_RUN, "sh"])
            .arg(program);
        for name in ["CARGO_HOME", "RUSTUP_HOME"] {
            if let Some(place) = std::env::var_os(name)
                .map(PathBuf::from)
                .or_else(|| default_home(name))
            {
                command.env(name, place);
            }
        }
        command
            .env("HOME", self.folder.join("home"))
            .env("XDG_DATA_HOME", self.folder.join("data"))
            .env("XDG_CONFIG_HOME", self.folder.join("config"))
            .env("XDG_CACHE_HOME", self.folder.join("cache"))
            .env("XDG_RUNTIME_DIR", &self.runtime)
            .env("GDK_BACKEND", "x11");
        for name in [
            "WAYLAND_DISPLAY",
            "DBUS_SESSION_BUS_ADDRESS",
            "GNOME_KEYRING_CONTROL",
        ] {
            command.env_remove(name);
        }
        command
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        let _ = std::fs::remove_dir_all(&self.runtime);
    }
}

/// Where cargo and rustup keep their things when nothing says otherwise; HOME is about to change.
fn default_home(name: &str) -> Option<PathBuf> {
    let home = PathBuf::from(std::env::var_os("HOME")?);
    Some(home.join(if name == "CARGO_HOME" { ".cargo" } else { ".rustup" }))
}

fn make_private(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}
