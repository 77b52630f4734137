//! The test programs of the workspace, built by cargo and run by us, so that each test's name and package are known.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::shell;

pub const STORIES: &str = "bailiwick-tests";

#[derive(Debug)]
pub struct TestProgram {
    pub package: String,
    /// The crate or test target, as Rust names it: `policy`, `window`.
    pub target: String,
    /// An integration test, a file below `tests/` of a package.
    pub is_integration: bool,
    folder: PathBuf,
    executable: PathBuf,
}

impl TestProgram {
    /// Whether this is the program of stories of that name.
    pub fn is_story(&self, target: &str) -> bool {
        self.package == STORIES && self.is_integration && self.target == target
    }

    /// Needs a display and a keyring.
    pub fn is_windowed(&self) -> bool {
        self.package == STORIES && self.is_integration && matches!(&*self.target, "window" | "demo")
    }

    /// Makes a command as cargo would: in the package's folder, with its variables.
    pub fn command(&self, start: impl FnOnce(&Path) -> Command) -> Command {
        let mut command = start(&self.executable);
        command
            .current_dir(&self.folder)
            .env("CARGO_MANIFEST_DIR", &self.folder)
            .env("CARGO_PKG_NAME", &self.package)
            .arg("--color=never");
        shell::give_places(&mut command);
        command
    }
}

/// Builds every test of the workspace at once, as features are shared by all of it.
pub fn build() -> Result<Vec<TestProgram>> {
    let mut cargo = shell::cargo();
    cargo.args([
        "test",
        "--workspace",
        "--no-run",
        "--message-format=json-render-diagnostics",
    ]);
    let mut programs = Vec::new();
    let status = shell::each_line(&mut cargo, |line| programs.extend(program(line)))?;
    if !status.success() {
        bail!("the tests do not build");
    }
    Ok(programs)
}

/// One line of cargo's report, if it announces a test program.
fn program(line: &str) -> Option<TestProgram> {
    let artifact: Value = serde_json::from_str(line).ok()?;
    if artifact["reason"] != "compiler-artifact" || artifact["profile"]["test"] != true {
        return None;
    }
    let manifest = Path::new(artifact["manifest_path"].as_str()?);
    Some(TestProgram {
        package: package_name(artifact["package_id"].as_str()?)?.to_owned(),
        target: artifact["target"]["name"].as_str()?.replace('-', "_"),
        is_integration: artifact["target"]["kind"][0] == "test",
        folder: manifest.parent()?.to_path_buf(),
        executable: artifact["executable"].as_str()?.into(),
    })
}

/// `path+file:///x/crates/policy#bailiwick-policy@0.1.0`, or `path+file:///x/xtask#0.1.0` where the folder has its name.
fn package_name(id: &str) -> Option<&str> {
    let (place, package) = id.split_once('#')?;
    match package.split_once('@') {
        Some((name, _)) => Some(name),
        None => place.rsplit('/').next(),
    }
}

/// Runs only the tests that write TypeScript types, into a folder.
pub fn export_bindings(programs: &[TestProgram], folder: &Path) -> Result<()> {
    for program in programs.iter().filter(|program| !program.is_integration) {
        let mut command = program.command(|executable| Command::new(executable));
        command
            .arg("export_bindings")
            .arg("--quiet")
            .env("TS_RS_EXPORT_DIR", folder);
        shell::must(&mut command).with_context(|| format!("exporting the types of {}", program.package))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_names_are_read_from_both_forms_of_id() {
        let named = package_name("path+file:///x/crates/policy#bailiwick-policy@0.1.0");
        assert_eq!(named, Some("bailiwick-policy"));
        assert_eq!(package_name("path+file:///x/xtask#0.1.0"), Some("xtask"));
    }

    #[test]
    fn only_test_programs_are_taken_from_cargos_report() {
        let test = r#"{"reason":"compiler-artifact","package_id":"path+file:///x/tests#bailiwick-tests@0.1.0",
            "manifest_path":"/x/tests/Cargo.toml","target":{"name":"window","kind":["test"]},
            "profile":{"test":true},"executable":"/x/target/debug/deps/window-1"}"#;
        let program = program(test).expect("a test program");
        assert!(program.is_windowed());
        assert_eq!(program.folder, Path::new("/x/tests"));
        assert!(super::program(&test.replace("true", "false")).is_none());
        assert!(super::program(r#"{"reason":"build-finished","success":true}"#).is_none());
    }
}
