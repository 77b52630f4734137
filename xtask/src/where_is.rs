//! `cargo xtask where COMMAND`: the files that make a command, the domain's first.

use std::path::Path;

use anyhow::Result;
use serde_json::json;

use crate::shell::{self, Summary, Usage, print_line};

/// In the order a reader should open them. A file belongs to the first part whose folder it lies in.
const PARTS: &[(&str, &[&str])] = &[
    ("domain", &["crates/domain/"]),
    ("policy", &["crates/policy/"]),
    ("ui", &["ui/src/"]),
    ("tests", &["tests/"]),
    ("migrations", &["migrations/"]),
    ("elsewhere", &["crates/", "src-tauri/", "docs/"]),
];

const LINES_SHOWN_MAX: usize = 5;

struct Found {
    part: usize,
    /// The file is named after the command.
    is_its_own: bool,
    path: String,
    lines: Vec<(usize, String)>,
}

pub fn run(args: &[String]) -> Result<Summary> {
    let [command] = args else {
        return Err(Usage("where takes one command name, such as `reassign`".into()).into());
    };
    let words = words_of(command);
    if words.is_empty() {
        return Err(Usage(format!("{command:?} is no command name")).into());
    }
    let found = find(&words);
    for file in &found {
        print_line(&format!("{:<11}{}", PARTS[file.part].0, file.path));
        for (number, text) in file.lines.iter().take(LINES_SHOWN_MAX) {
            print_line(&format!(
                "{:>17}: {}",
                number,
                text.chars().take(100).collect::<String>()
            ));
        }
        if file.lines.len() > LINES_SHOWN_MAX {
            print_line(&format!(
                "{:>17}  and {} more",
                "",
                file.lines.len() - LINES_SHOWN_MAX
            ));
        }
    }
    let files: Vec<_> = found
        .iter()
        .map(|file| {
            let numbers: Vec<usize> = file.lines.iter().map(|(number, _)| *number).collect();
            json!({ "part": PARTS[file.part].0, "path": file.path, "lines": numbers })
        })
        .collect();
    Ok(Summary::new(
        !files.is_empty(),
        &json!({ "command": words.join("_"), "files": files }),
    ))
}

/// `request_reassignment`, `request-reassignment` and `RequestReassignment` are the same two words.
fn words_of(command: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    for letter in command.chars() {
        let last_is_empty = words.last().is_none_or(String::is_empty);
        if !letter.is_ascii_alphanumeric() || (letter.is_ascii_uppercase() && !last_is_empty) {
            words.push(String::new());
        }
        if letter.is_ascii_alphanumeric() {
            words
                .last_mut()
                .into_iter()
                .for_each(|word| word.push(letter.to_ascii_lowercase()));
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn find(words: &[String]) -> Vec<Found> {
    let root = shell::root();
    let skipped = ["node_modules", "target", "dist", "bindings", "gen"];
    let mut found: Vec<Found> = ["crates", "ui/src", "tests", "migrations", "src-tauri", "docs"]
        .iter()
        .flat_map(|folder| shell::files_below(&root.join(folder), &skipped))
        .filter_map(|path| found_in(&root, &path, words))
        .collect();
    found.sort_by_key(|file| (file.part, !file.is_its_own, file.path.clone()));
    found
}

fn found_in(root: &Path, path: &Path, words: &[String]) -> Option<Found> {
    let kinds = ["rs", "ts", "tsx", "sql", "toml", "txt", "md"];
    let kind = path.extension()?.to_str()?;
    let name = path.strip_prefix(root).ok()?.to_str()?.replace('\\', "/");
    if !kinds.contains(&kind) || name == "docs/requirements.md" {
        return None;
    }
    let part = if name.contains("/tests/") {
        PARTS.iter().position(|(part, _)| *part == "tests")?
    } else {
        PARTS
            .iter()
            .position(|(_, folders)| folders.iter().any(|folder| name.starts_with(folder)))?
    };
    let text = std::fs::read_to_string(path).ok()?;
    let lines: Vec<(usize, String)> = text
        .lines()
        .enumerate()
        .filter(|(_, line)| mentions(line, words))
        .map(|(at, line)| (at + 1, line.trim().to_owned()))
        .collect();
    let is_its_own = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .is_some_and(|stem| words_of(stem) == words);
    (is_its_own || !lines.is_empty()).then_some(Found {
        part,
        is_its_own,
        path: name,
        lines,
    })
}

/// Whether a line has the command in one of its three forms, as words of their own.
fn mentions(line: &str, words: &[String]) -> bool {
    let (snake, kebab) = (words.join("_"), words.join("-"));
    let capital = |word: &String| word[..1].to_uppercase() + &word[1..];
    let pascal: String = words.iter().map(capital).collect();
    let has = |form: &str, ends: fn(char) -> bool| {
        line.match_indices(form).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + form.len()..].chars().next();
            !before.is_some_and(char::is_alphanumeric) && after.is_none_or(ends)
        })
    };
    has(&snake, |after| !after.is_alphanumeric())
        || has(&kebab, |after| !after.is_alphanumeric())
        || has(&pascal, |after| {
            !after.is_ascii_lowercase() && !after.is_ascii_digit()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_the_same_command() {
        for spelling in [
            "request_reassignment",
            "request-reassignment",
            "RequestReassignment",
        ] {
            assert_eq!(words_of(spelling), ["request", "reassignment"], "{spelling}");
        }
    }

    #[test]
    fn a_line_mentions_a_command_as_words_of_their_own() {
        let cases = [
            ("pub struct Reassign {", true),
            ("ReassignInput { id }", true),
            ("fn c_mgr_03_reassign_moves_it()", true),
            ("submit(\"reassign\", input)", true),
            ("the work was reassigned", false),
            ("Reassignment", false),
            ("preassign", false),
        ];
        for (line, expected) in cases {
            assert_eq!(mentions(line, &words_of("reassign")), expected, "{line}");
        }
    }
}
