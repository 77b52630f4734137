//! What the stories share: a real office, a real window, and the wire between them.

pub mod bucket;
pub mod database;
mod desktop;
pub mod office;
pub mod wait;
pub mod window;
pub mod wire;

use anyhow::{Context as _, Result};
use std::path::PathBuf;

/// A program of this workspace, as built.
pub fn program(name: &str) -> Result<PathBuf> {
    let folder = match std::env::var_os("BAILIWICK_BIN_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => {
            let me = std::env::current_exe()?;
            let folder = me.parent().context("a program lies in a folder")?;
            // Test programs lie one folder deeper than the others.
            if folder.ends_with("deps") {
                folder.parent().context("deps lies in a folder")?.to_owned()
            } else {
                folder.to_owned()
            }
        }
    };
    let path = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    anyhow::ensure!(
        path.exists(),
        "{} is missing; run `cargo build --workspace` first",
        path.display()
    );
    Ok(path)
}

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
