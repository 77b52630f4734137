//! TypeScript types generated from Rust into `ui/src/bindings/`; they are committed, and CI fails when they are stale.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;

use crate::shell::{self, Summary, Usage, say};
use crate::test_programs::{self, TestProgram};

pub fn run(args: &[String]) -> Result<Summary> {
    let check = match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => false,
        ["--check"] => true,
        _ => return Err(Usage("bindings accepts only --check".into()).into()),
    };
    let programs = test_programs::build()?;
    let (files, drift) = if check {
        compared(&programs)?
    } else {
        written(&programs)?
    };
    for (path, what) in &drift {
        say(&format!("{}: {what}", path.display()));
    }
    let paths: Vec<_> = drift.keys().collect();
    let summary = json!({ "files": files, if check { "drift" } else { "changed" }: paths });
    Ok(Summary::new(!check || drift.is_empty(), &summary))
}

type Drift = BTreeMap<PathBuf, &'static str>;

/// Whether the committed types are those of the code; says what differs.
pub fn are_current(programs: &[TestProgram]) -> Result<bool> {
    let (_, drift) = compared(programs)?;
    for (path, what) in &drift {
        say(&format!(
            "ui/src/bindings/{}: {what}; run `cargo xtask bindings`",
            path.display()
        ));
    }
    Ok(drift.is_empty())
}

fn compared(programs: &[TestProgram]) -> Result<(usize, Drift)> {
    let ours = contents(&committed())?;
    let theirs = contents(&exported(programs)?)?;
    Ok((theirs.len(), drift(&ours, &theirs)))
}

fn written(programs: &[TestProgram]) -> Result<(usize, Drift)> {
    let ours = contents(&committed())?;
    let theirs = contents(&exported(programs)?)?;
    let drift = drift(&ours, &theirs);
    for path in drift.keys() {
        let place = committed().join(path);
        match theirs.get(path) {
            Some(text) => {
                std::fs::create_dir_all(place.parent().unwrap_or(&place))?;
                std::fs::write(&place, text).with_context(|| format!("cannot write {}", place.display()))?;
            }
            None => std::fs::remove_file(&place)?,
        }
    }
    Ok((theirs.len(), drift))
}

fn committed() -> PathBuf {
    shell::root().join("ui/src/bindings")
}

/// The types as the code has them now, in a folder of their own.
fn exported(programs: &[TestProgram]) -> Result<PathBuf> {
    let folder = shell::reports().join("bindings");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    test_programs::export_bindings(programs, &folder)?;
    Ok(folder)
}

fn contents(folder: &Path) -> Result<BTreeMap<PathBuf, String>> {
    let files = shell::files_below(folder, &[]).into_iter();
    files
        .map(|path| {
            let text =
                std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let name = path.strip_prefix(folder).unwrap_or(&path).to_path_buf();
            Ok((name, text.replace("\r\n", "\n")))
        })
        .collect()
}

fn drift(ours: &BTreeMap<PathBuf, String>, theirs: &BTreeMap<PathBuf, String>) -> Drift {
    let mut drift = Drift::new();
    for (path, text) in theirs {
        match ours.get(path) {
            None => drift.insert(path.clone(), "missing"),
            Some(ours) if ours != text => drift.insert(path.clone(), "stale"),
            Some(_) => None,
        };
    }
    let gone = ours.keys().filter(|path| !theirs.contains_key(*path));
    drift.extend(gone.map(|path| (path.clone(), "no longer generated")));
    drift
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drift_names_what_is_missing_stale_and_gone() {
        let files = |list: &[(&str, &str)]| -> BTreeMap<PathBuf, String> {
            list.iter()
                .map(|(path, text)| (PathBuf::from(path), (*text).to_owned()))
                .collect()
        };
        let ours = files(&[("A.ts", "1"), ("B.ts", "1"), ("C.ts", "1")]);
        let theirs = files(&[("B.ts", "2"), ("C.ts", "1"), ("D.ts", "1")]);
        let found: Vec<_> = drift(&ours, &theirs)
            .into_iter()
            .map(|(path, what)| format!("{} {what}", path.display()))
            .collect();
        assert_eq!(found, ["A.ts no longer generated", "B.ts stale", "D.ts missing"]);
    }
}
