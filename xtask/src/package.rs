//! `cargo xtask package`: the office as a Debian package, with its service, and the window as installers of this system.
//! Records are never part of them, and removing them leaves those.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::setup;
use crate::shell::{self, Summary, Usage};

const NAME: &str = "bailiwick-server";
/// Where Tauri's bundler looks for the private key: itself, or the name of its file.
const SIGNING_KEY: &str = "TAURI_SIGNING_PRIVATE_KEY";

pub fn run(args: &[String]) -> Result<Summary> {
    let updates = updates(args)?;
    setup::all()?;
    let mut packages = window(updates.as_deref())?;
    if shell::on_path("dpkg-deb") {
        // The whole workspace, as tests build it: alone, the server would be built with other features than were tested.
        shell::must(shell::cargo().args(["build", "--release", "--workspace", "--bin", NAME]))?;
        packages.push(server()?);
    }
    let packages: Vec<_> = packages.iter().map(|file| file.display().to_string()).collect();
    Ok(Summary::new(true, &serde_json::json!({ "packages": packages })))
}

/// The file that says where the packages look for newer versions, with the key these are checked by. The private half of
/// that key comes from the environment and from nowhere else.
fn updates(args: &[String]) -> Result<Option<PathBuf>> {
    let file = match args {
        [] => return Ok(None),
        [flag, file] if flag == "--updates" => PathBuf::from(file),
        _ => return Err(Usage(format!("not accepted: {args:?}; package takes --updates FILE")).into()),
    };
    if !file.is_file() {
        return Err(Usage(format!("--updates {}: there is no such file", file.display())).into());
    }
    if std::env::var_os(SIGNING_KEY).is_none() {
        return Err(Usage(format!(
            "--updates: set {SIGNING_KEY}; updates are never made without a signature"
        ))
        .into());
    }
    Ok(Some(file.canonicalize()?))
}

/// The window, by Tauri's own bundler: .deb and .rpm on Linux, an installer on Windows, an image on macOS. Packages that
/// look for newer versions come with the signature they are checked by.
fn window(updates: Option<&Path>) -> Result<Vec<PathBuf>> {
    let tauri = shell::root().join("ui/node_modules/@tauri-apps/cli/tauri.js");
    let bundles = shell::programs("release").join("bundle");
    let _ = fs::remove_dir_all(&bundles);
    let run = |words: &[&str], cargo: &[&str]| {
        let mut command = Command::new("node");
        command.arg(&tauri).args(words);
        if let Some(file) = updates {
            command.arg("--config").arg(file);
        }
        shell::must(command.args(cargo).current_dir(shell::root()))
    };
    let cargo = ["--", "--workspace", "--bin", "bailiwick"];
    run(&["build", "--ci", "--no-bundle"], &cargo)?;
    if cfg!(target_os = "linux") {
        strip(&shell::programs("release").join("bailiwick"))?;
    }
    run(&["bundle", "--ci"], &[])?;
    let folder = shell::reports().join("packages");
    fs::create_dir_all(&folder)?;
    let mut packages = Vec::new();
    for kind in fs::read_dir(&bundles).context("the bundler left nothing")? {
        for file in fs::read_dir(kind?.path())? {
            let file = file?.path();
            let is_package = ["deb", "rpm", "exe", "dmg", "sig"]
                .iter()
                .any(|end| file.extension().is_some_and(|it| it == *end));
            if let (true, Some(name)) = (is_package, file.file_name()) {
                let to = folder.join(name);
                fs::copy(&file, &to)?;
                packages.push(to);
            }
        }
    }
    Ok(packages)
}

fn server() -> Result<PathBuf> {
    let folder = shell::reports().join("packages");
    let root = folder.join(NAME);
    let _ = fs::remove_dir_all(&root);
    let from = shell::root().join("packaging/server");
    let program = shell::programs("release").join(NAME);
    place(&program, &root.join("usr/bin").join(NAME), 0o755)?;
    strip(&root.join("usr/bin").join(NAME))?;
    for (file, to, mode) in [
        (
            "bailiwick-server.service",
            "lib/systemd/system/bailiwick-server.service",
            0o644,
        ),
        ("bailiwick-server.default", "etc/default/bailiwick-server", 0o644),
        ("postinst", "DEBIAN/postinst", 0o755),
        ("prerm", "DEBIAN/prerm", 0o755),
    ] {
        place(&from.join(file), &root.join(to), mode)?;
    }
    let doc = root.join("usr/share/doc").join(NAME);
    for (file, name) in [
        ("README.md", "README.md"),
        ("CHANGELOG.md", "CHANGELOG.md"),
        ("LICENSE", "copyright"),
    ] {
        place(&shell::root().join(file), &doc.join(name), 0o644)?;
    }
    fs::write(root.join("DEBIAN/conffiles"), "/etc/default/bailiwick-server\n")?;
    let (version, architecture) = (env!("CARGO_PKG_VERSION"), architecture()?);
    let control = format!(
        "Package: {NAME}\nVersion: {version}\nArchitecture: {architecture}\nSection: web\nPriority: optional\n\
         Maintainer: The Bailiwick developers <packages@bailiwick.example>\n\
         Depends: libc6, libgcc-s1, libssl3, passwd\n\
         Description: The office of Bailiwick\n \
         Keeps a municipality's records, decides what its staff may do, and syncs with their laptops.\n"
    );
    fs::write(root.join("DEBIAN/control"), control)?;
    let package = folder.join(format!("{NAME}_{version}_{architecture}.deb"));
    let build = ["--root-owner-group", "--build"];
    shell::must(Command::new("dpkg-deb").args(build).arg(&root).arg(&package))?;
    Ok(package)
}

fn place(from: &Path, to: &Path, mode: u32) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).with_context(|| format!("{} cannot be packed", from.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(to, fs::Permissions::from_mode(mode))?;
    }
    #[cfg(not(unix))]
    let _ = mode;
    Ok(())
}

/// Takes the tables for debuggers out, which nobody needs who installs it.
fn strip(program: &Path) -> Result<()> {
    shell::must(Command::new("strip").arg(program))
}

fn architecture() -> Result<String> {
    let asked = Command::new("dpkg").arg("--print-architecture").output();
    match asked {
        Ok(output) if output.status.success() => {
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        }
        _ => bail!("Debian packages are made on Debian or Ubuntu: dpkg is missing"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_checked_before_anything_is_built() {
        let given = |args: &[&str]| updates(&args.iter().map(|&arg| arg.to_owned()).collect::<Vec<_>>());
        assert!(given(&[]).is_ok_and(|file| file.is_none()));
        assert!(given(&["--fast"]).is_err());
        assert!(given(&["--updates", "no-such-file.json"]).is_err());
    }
}
