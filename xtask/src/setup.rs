//! Installs what is missing and builds the UI. Does nothing, quickly, when all is there.

use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::shell::{self, Summary, Usage, say};

const TAURI_DRIVER: &str = "2.1.0";

/// Debian's packages: what the build links to, then what the tests and the demo start.
/// The second word names a program that serves as well when the package itself is not installed.
const PACKAGES: &[(&str, Option<&str>)] = &[
    ("libwebkit2gtk-4.1-dev", None),
    ("libssl-dev", None),
    ("librsvg2-dev", None),
    ("build-essential", None),
    ("pkg-config", Some("pkg-config")),
    ("webkit2gtk-driver", Some("WebKitWebDriver")),
    ("xvfb", Some("Xvfb")),
    ("xauth", Some("xauth")),
    ("dbus", Some("dbus-run-session")),
    ("dbus-x11", Some("dbus-launch")),
    ("gnome-keyring", Some("gnome-keyring-daemon")),
    ("libfaketime", None),
    ("postgresql", None),
    ("imagemagick", Some("convert")),
    ("librsvg2-bin", Some("rsvg-convert")),
];

pub fn run(args: &[String]) -> Result<Summary> {
    if let Some(arg) = args.first() {
        return Err(Usage(format!("setup takes no {arg:?}; it has no flags")).into());
    }
    all()?;
    Ok(Summary::new(true, &serde_json::json!({ "setup": "ready" })))
}

pub fn all() -> Result<()> {
    system_packages()?;
    node_packages(&shell::root().join("ui"))?;
    node_packages(&shell::root().join("crates/town"))?;
    tauri_driver()?;
    ui_build()
}

fn system_packages() -> Result<()> {
    if !cfg!(target_os = "linux") || !shell::on_path("apt-get") {
        if cfg!(target_os = "linux") {
            let names = PACKAGES
                .iter()
                .map(|(name, _)| *name)
                .collect::<Vec<_>>()
                .join(", ");
            say(&format!("No apt here. Needed, by their Debian names: {names}."));
        } else {
            say("Needed: Rust, Node 20, OpenSSL, and Tauri's prerequisites for this system.");
        }
        return Ok(());
    }
    let missing = missing_packages();
    if missing.is_empty() {
        return Ok(());
    }
    say(&format!("Installing {}", missing.join(" ")));
    if !shell::held(apt().args(["update"]))? {
        say("apt-get update failed; trying with the package lists as they are.");
    }
    if shell::held(
        apt()
            .args(["install", "-y", "--no-install-recommends"])
            .args(&missing),
    )? {
        return Ok(());
    }
    // An archive folder of our own and a repair mend a half-finished installation.
    let archives = shell::reports().join("apt");
    std::fs::create_dir_all(archives.join("partial"))?;
    let ours = format!("Dir::Cache::archives={}", archives.display());
    shell::held(apt().args([
        "-o",
        &ours,
        "install",
        "-y",
        "--fix-broken",
        "--no-install-recommends",
    ]))?;
    let again = ["-o", &ours, "install", "-y", "--no-install-recommends"];
    shell::must(apt().args(again).args(&missing)).context("installing the system packages")
}

fn missing_packages() -> Vec<&'static str> {
    let names = PACKAGES.iter().map(|(name, _)| *name);
    let asked = Command::new("dpkg-query")
        .args(["-W", "-f=${Package} ${db:Status-Status}\n"])
        .args(names)
        .output();
    let answer = asked
        .map(|out| String::from_utf8_lossy(&out.stdout).into_owned())
        .unwrap_or_default();
    let installed = |name: &str| answer.lines().any(|line| line == format!("{name} installed"));
    let serves = |program: Option<&str>| program.is_some_and(shell::on_path);
    PACKAGES
        .iter()
        .filter(|(name, program)| !installed(name) && !serves(*program))
        .map(|(name, _)| *name)
        .collect()
}

fn apt() -> Command {
    let is_root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|out| out.stdout.trim_ascii() == b"0");
    let mut command = Command::new(if is_root { "env" } else { "sudo" });
    if !is_root {
        command.arg("env");
    }
    command.args([
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-o",
        "DPkg::Lock::Timeout=300",
    ]);
    command
}

/// `npm ci`, unless what is installed is as new as the lock file.
fn node_packages(folder: &Path) -> Result<()> {
    let lock = folder.join("package-lock.json");
    if !folder.join("package.json").is_file() {
        return Ok(());
    }
    if !lock.is_file() {
        bail!(
            "{} is missing: run `npm install` there once and keep the file",
            lock.display()
        );
    }
    // npm writes this file last, at every installation.
    let installed = changed_at(&folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= changed_at(&lock) {
        return Ok(());
    }
    say(&format!("npm ci in {}", folder.display()));
    shell::must(shell::npm(folder).args(["ci", "--no-audit", "--no-fund"]))
}

fn tauri_driver() -> Result<()> {
    let program = format!("bin/tauri-driver{}", std::env::consts::EXE_SUFFIX);
    if cfg!(target_os = "macos") || shell::tools().join(program).is_file() {
        return Ok(());
    }
    say("Building tauri-driver, once");
    let mut install = shell::cargo();
    install.args([
        "install",
        "tauri-driver",
        "--locked",
        "--version",
        TAURI_DRIVER,
        "--root",
    ]);
    shell::must(install.arg(shell::tools()))
}

fn ui_build() -> Result<()> {
    let ui = shell::root().join("ui");
    if !ui.join("package.json").is_file() {
        return Ok(());
    }
    let sources = shell::files_below(&ui, &["node_modules", "dist"]);
    let newest = sources.iter().filter_map(|path| changed_at(path)).max();
    if changed_at(&ui.join("dist/index.html")) > newest {
        return Ok(());
    }
    say("Building the UI");
    shell::must(shell::npm(&ui).args(["run", "build"]))
}

fn changed_at(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|facts| facts.modified()).ok()
}
