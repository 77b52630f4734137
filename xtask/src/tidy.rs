//! `cargo xtask tidy`: checks of the repository itself, each a small function over its files.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::shell::{self, Summary, Usage, say};
use crate::{ids, promises, requirements};

const VERTICALS: [&str; 7] = [
    "inspections",
    "occurrences",
    "equipment",
    "occupancy",
    "incidents",
    "engagement",
    "people",
];

const LINES_LISTED_ABOVE: usize = 500;
const LINES_MAX: usize = 700;
const IDS_PER_NAME_MAX: usize = 3;

/// A text file that is tracked, or would be.
struct File {
    path: String,
    text: String,
}

impl File {
    fn is(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }

    fn is_source(&self) -> bool {
        self.is(&[
            ".rs", ".ts", ".tsx", ".js", ".mjs", ".css", ".html", ".sql", ".sh",
        ])
    }

    /// Says what is wrong in each line that the finder objects to.
    fn complain(&self, mut object: impl FnMut(&str) -> Option<String>) -> Vec<String> {
        let lines = self.text.lines().enumerate();
        lines
            .filter_map(|(at, line)| Some(format!("{}:{}: {}", self.path, at + 1, object(line)?)))
            .collect()
    }
}

pub fn run(args: &[String]) -> Result<Summary> {
    if let Some(arg) = args.first() {
        return Err(Usage(format!("tidy takes no {arg:?}; it has no flags")).into());
    }
    let files = files()?;
    for (lines, path) in lengths(&files)
        .into_iter()
        .filter(|(lines, _)| *lines > LINES_LISTED_ABOVE)
    {
        say(&format!("note: {path} has {lines} lines"));
    }
    let complaints = [
        machine_paths(&files),
        download_addresses(&files),
        unfinished(&files),
        panics(&files),
        bridge_alone(&files),
        raw_html(&files),
        sides(&files),
        verticals_apart(&files),
        too_long(&files),
        edited_migrations()?,
        test_names(&files)?,
        own_requirements()?,
        own_promises(&files),
    ]
    .concat();
    complaints.iter().for_each(|complaint| say(complaint));
    let summary = json!({ "files": files.len(), "complaints": complaints.len() });
    Ok(Summary::new(complaints.is_empty(), &summary))
}

/// Everything that is tracked or neither tracked nor ignored, as far as it is text.
fn files() -> Result<Vec<File>> {
    let listed = git(&["ls-files", "-z", "--cached", "--others", "--exclude-standard"])?;
    let listed = String::from_utf8_lossy(&listed).into_owned();
    let paths: BTreeSet<&str> = listed.split('\0').filter(|path| !path.is_empty()).collect();
    let read = |path: &str| std::fs::read_to_string(shell::root().join(path)).ok();
    Ok(paths
        .into_iter()
        .filter_map(|path| {
            Some(File {
                path: path.to_owned(),
                text: read(path)?,
            })
        })
        .collect())
}

fn git(args: &[&str]) -> Result<Vec<u8>> {
    let out = Command::new("git")
        .args(args)
        .current_dir(shell::root())
        .output()
        .context("cannot start git")?;
    if !out.status.success() {
        bail!(
            "git {}: {}",
            args.join(" "),
            String::from_utf8_lossy(&out.stderr).trim()
        );
    }
    Ok(out.stdout)
}

/// No path of one person's machine.
fn machine_paths(files: &[File]) -> Vec<String> {
    let folders = ["work", "root", "home"].map(|name| format!("/{name}/"));
    let is_part_of_more = |c: char| c.is_alphanumeric() || "._-~}*$@".contains(c);
    let object = |line: &str| {
        folders.iter().find_map(|folder| {
            let starts =
                |(at, _): (usize, &str)| !line[..at].chars().next_back().is_some_and(is_part_of_more);
            line.match_indices(folder.as_str())
                .any(starts)
                .then(|| format!("a path of one machine, {folder}"))
        })
    };
    files.iter().flat_map(|file| file.complain(object)).collect()
}

/// No lock file says where a package was fetched from; npm can leave that out.
fn download_addresses(files: &[File]) -> Vec<String> {
    let object = |line: &str| {
        (line.contains("\"resolved\"") && line.contains("://")).then(|| "a download address".to_owned())
    };
    let locks = files.iter().filter(|file| file.is(&["package-lock.json"]));
    locks.flat_map(|file| file.complain(object)).collect()
}

/// No note to finish later.
fn unfinished(files: &[File]) -> Vec<String> {
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("to", "do!(")];
    let object = |line: &str| {
        words
            .iter()
            .find(|word| has_word(line, word))
            .map(|word| format!("{word} left behind"))
    };
    files
        .iter()
        .filter(|file| file.is_source())
        .flat_map(|file| file.complain(object))
        .collect()
}

/// No panic on a missing value outside tests: an error with context, or an `expect` attribute with its reason.
fn panics(files: &[File]) -> Vec<String> {
    let is_ours = |file: &&File| {
        let in_source = file.path.starts_with("crates/") && file.path.contains("/src/")
            || file.path.starts_with("src-tauri/src/");
        file.is(&[".rs"]) && in_source && !is_test_file(&file.path)
    };
    let object = |line: &str| {
        let code = line.split("//").next().unwrap_or_default();
        let calls = [".unwrap()", ".expect("];
        calls
            .iter()
            .find(|call| code.contains(*call))
            .map(|call| format!("{call} outside tests"))
    };
    let excused = |file: &File, complaint: &str| {
        let number = complaint
            .split(':')
            .nth(1)
            .and_then(|number| number.parse::<usize>().ok())
            .unwrap_or_default();
        let above = file.text.lines().take(number).skip(number.saturating_sub(6));
        above.into_iter().any(|line| {
            line.contains("expect(clippy::unwrap_used") || line.contains("expect(clippy::expect_used")
        })
    };
    files
        .iter()
        .filter(is_ours)
        .flat_map(|file| {
            let outside = File {
                path: file.path.clone(),
                text: without_tests(&file.text),
            };
            let complaints = outside.complain(object).into_iter();
            complaints
                .filter(|complaint| !excused(file, complaint))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn is_test_file(path: &str) -> bool {
    path.contains("/tests/") || path.starts_with("tests/") || path.ends_with("/tests.rs")
}

/// The text with every `#[cfg(test)]` item blanked; lines keep their numbers. Relies on rustfmt's indentation.
fn without_tests(text: &str) -> String {
    let mut kept = Vec::new();
    let mut item: Option<String> = None;
    for line in text.lines() {
        let indent: String = line.chars().take_while(|c| *c == ' ').collect();
        let code = line.trim();
        match &item {
            None if code == "#[cfg(test)]" => item = Some(indent),
            None => {
                kept.push(line);
                continue;
            }
            Some(outer) => {
                let is_last = indent == *outer
                    && (code.starts_with('}') || code.ends_with(';') || code.ends_with("{}"));
                if is_last {
                    item = None;
                }
            }
        }
        kept.push("");
    }
    kept.join("\n")
}

/// Only the bridge speaks to the native side, so that the whole UI also runs in a plain browser.
fn bridge_alone(files: &[File]) -> Vec<String> {
    let object = |line: &str| {
        line.contains("@tauri-apps")
            .then(|| "only ui/src/bridge imports @tauri-apps".to_owned())
    };
    let ui = files
        .iter()
        .filter(|file| file.path.starts_with("ui/") && file.is(&[".ts", ".tsx", ".js", ".mjs"]));
    let rest =
        ui.filter(|file| !file.path.starts_with("ui/src/bridge/") && !file.path.contains("eslint.config"));
    rest.flat_map(|file| file.complain(object)).collect()
}

/// No text of a record ever becomes markup.
fn raw_html(files: &[File]) -> Vec<String> {
    let object = |line: &str| {
        line.contains("dangerouslySetInnerHTML")
            .then(|| "raw HTML".to_owned())
    };
    let ui = files.iter().filter(|file| file.path.starts_with("ui/src/"));
    ui.flat_map(|file| file.complain(object)).collect()
}

/// Lines begin on the right in some languages, so the window's styles say start and end.
fn sides(files: &[File]) -> Vec<String> {
    const SIDES: [&str; 6] = [
        "left:",
        "right:",
        "-left-",
        "-right-",
        "align: left",
        "align: right",
    ];
    let styles = files
        .iter()
        .filter(|file| file.path.starts_with("ui/src/") && file.is(&[".css"]));
    let object = |line: &str| {
        let side = SIDES.iter().find(|side| line.contains(**side))?;
        Some(format!("`{side}` names a side; say start or end"))
    };
    styles.flat_map(|file| file.complain(object)).collect()
}

/// Verticals do not know each other; what passes between them is a reaction.
fn verticals_apart(files: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| file.is(&[".rs"])) {
        let Some(inside) = file.path.strip_prefix("crates/domain/src/") else {
            continue;
        };
        let own = inside.split(['/', '.']).next().unwrap_or_default();
        if !VERTICALS.contains(&own) {
            continue;
        }
        for other in VERTICALS
            .iter()
            .filter(|other| **other != own && imports(&file.text, other))
        {
            complaints.push(format!("{}: {own} imports {other}", file.path));
        }
    }
    complaints
}

fn imports(text: &str, module: &str) -> bool {
    let code: Vec<&str> = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default().trim())
        .collect();
    let code = code.join(" ");
    let direct = ["crate::", "super::super::"]
        .iter()
        .any(|from| has_word(&code, &format!("{from}{module}")));
    let grouped = code.split("use crate::{").skip(1).any(|rest| {
        let group = rest.split(';').next().unwrap_or_default();
        group
            .split([',', '{', '}', ' '])
            .any(|item| item == module || item.starts_with(&format!("{module}::")))
    });
    direct || grouped
}

/// Whether the word stands in the text, not as a part of a longer one.
fn has_word(text: &str, word: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !(before.is_some_and(joins) || word.ends_with(joins) && after.is_some_and(joins))
    })
}

/// A long table may stay long; a long mixture should not. Generated types are not counted.
fn too_long(files: &[File]) -> Vec<String> {
    let long = lengths(files).into_iter().filter(|(lines, _)| *lines > LINES_MAX);
    long.map(|(lines, path)| format!("{path}: {lines} lines, more than {LINES_MAX}"))
        .collect()
}

fn lengths(files: &[File]) -> Vec<(usize, &str)> {
    let counted = files
        .iter()
        .filter(|file| file.is_source() && !file.path.starts_with("ui/src/bindings/"));
    counted
        .map(|file| (file.text.lines().count(), &*file.path))
        .collect()
}

/// A migration that was handed out is never edited; the next one mends it.
fn edited_migrations() -> Result<Vec<String>> {
    let Ok(listed) = git(&["ls-tree", "-r", "-z", "--name-only", "HEAD", "migrations"]) else {
        return Ok(Vec::new()); // Nothing is committed yet.
    };
    let listed = String::from_utf8_lossy(&listed).into_owned();
    let mut complaints = Vec::new();
    for path in listed.split('\0').filter(|path| path.ends_with(".sql")) {
        let committed = git(&["show", &format!("HEAD:{path}")])?;
        match std::fs::read(shell::root().join(path)) {
            Ok(now) if now == committed => {}
            Ok(_) => complaints.push(format!("{path}: edited after it was committed")),
            Err(_) => complaints.push(format!("{path}: removed after it was committed")),
        }
    }
    Ok(complaints)
}

/// A requirement that a test names exists, and a test names at most three.
fn test_names(files: &[File]) -> Result<Vec<String>> {
    let known: BTreeSet<String> = requirements::read()?.into_iter().map(|line| line.id).collect();
    let judged = |name: &str| {
        let ids = ids::leading_ids(name);
        let unknown = ids.iter().find(|id| !known.contains(*id) && !ids::is_promise(id));
        match unknown {
            Some(id) => Some(format!("{name} names {id}, which is no requirement")),
            None if ids.len() > IDS_PER_NAME_MAX => {
                Some(format!("{name} names more than {IDS_PER_NAME_MAX} requirements"))
            }
            None => None,
        }
    };
    let rust = files
        .iter()
        .filter(|file| file.is(&[".rs"]) && !file.path.starts_with("xtask/"));
    Ok(rust
        .flat_map(|file| {
            let mut is_test = false;
            file.complain(|line| {
                let code = line.trim();
                let name = ["fn ", "async fn ", "mod ", "pub mod "]
                    .iter()
                    .find_map(|word| code.strip_prefix(word));
                let named =
                    name.and_then(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next());
                let complaint = named
                    .filter(|_| is_test || code.contains("mod "))
                    .and_then(judged);
                is_test =
                    code.starts_with("#[") && code.contains("test") || is_test && code.starts_with("#[");
                complaint
            })
        })
        .collect())
}

/// The requirements here are the ones agreed upon, where those lie beside the checkout.
fn own_requirements() -> Result<Vec<String>> {
    let agreed = shell::root().join("../shared/requirements.md");
    let ours = shell::root().join("docs/requirements.md");
    if !agreed.is_file() || std::fs::read(&agreed)? == std::fs::read(&ours)? {
        return Ok(Vec::new());
    }
    Ok(vec![
        "docs/requirements.md: differs from the agreed requirements".to_owned(),
    ])
}

/// The page of promises says of each where it is proven.
fn own_promises(files: &[File]) -> Vec<String> {
    let page = files.iter().find(|file| file.path == "docs/promises.md");
    let Some(page) = page else {
        return vec!["docs/promises.md: missing".to_owned()];
    };
    let mut tests: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let rust = files
        .iter()
        .filter(|file| file.is(&[".rs"]) && !file.path.starts_with("xtask/"));
    for line in rust.flat_map(|file| file.text.lines()) {
        let code = line.trim();
        let after = ["fn ", "async fn "]
            .iter()
            .find_map(|word| code.strip_prefix(word));
        let name = after.and_then(|rest| rest.split('(').next()).unwrap_or_default();
        for id in ids::leading_ids(name)
            .into_iter()
            .filter(|id| ids::is_promise(id))
        {
            tests.entry(id).or_default().insert(name.to_owned());
        }
    }
    let knows = |command: &str, part: &str| {
        let (folder, quoted) = (format!("crates/{command}/"), format!("\"{part}\""));
        files
            .iter()
            .any(|file| file.path.starts_with(&folder) && file.text.contains(&quoted))
    };
    promises::complaints(&page.text, &tests, knows)
}

#[cfg(test)]
mod tests;
