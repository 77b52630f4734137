//! `cargo xtask coverage`: which requirements the last test run proves, and at which levels.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::ids;
use crate::requirements::{self, Line};
use crate::shell::{self, Summary, Usage};
use crate::test::Row;

pub fn run(args: &[String]) -> Result<Summary> {
    let as_json = match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => false,
        ["--json"] => true,
        _ => return Err(Usage("coverage accepts only --json".into()).into()),
    };
    let path = shell::reports().join("test/results.json");
    let text = std::fs::read_to_string(&path).context("no test results yet: run `cargo xtask test` first")?;
    let rows: Vec<Row> =
        serde_json::from_str(&text).with_context(|| format!("cannot read {}", path.display()))?;
    let lines = requirements::read()?;
    let coverage = Coverage::of(&lines, &rows);
    if !as_json {
        coverage.print_table(&lines);
        let (proven, unproven) = (coverage.proven.len(), coverage.unproven.len());
        return Ok(Summary::new(
            true,
            &json!({ "proven": proven, "unproven": unproven }),
        ));
    }
    Ok(Summary::new(true, &coverage.to_json()))
}

/// The levels a line has to pass at: one of each inner list.
///
/// - A row of a permission table is decided by the policy.
/// - What must be refused is refused on the server and on the device (or in its window).
/// - What has no person in the window, being the system's, the public's or a script's, is proven on the server.
/// - All else is what a person does or sees: in the window.
fn asked(line: &Line) -> &'static [&'static [&'static str]] {
    let mark = line.mark.as_deref().unwrap_or_default();
    if matches!(line.section(), "A-MAP" | "C-MX") {
        &[&["policy"]]
    } else if line.must_not {
        &[&["server"], &["device", "window"]]
    } else if matches!(mark, "system" | "anon" | "admin/API") || mark.starts_with("Public") {
        &[&["server"]]
    } else {
        &[&["window"]]
    }
}

struct Coverage {
    proven: Vec<String>,
    unproven: Vec<String>,
    levels: BTreeMap<String, BTreeSet<String>>,
    cells: BTreeMap<String, bool>,
}

impl Coverage {
    fn of(lines: &[Line], rows: &[Row]) -> Self {
        let known: BTreeSet<&str> = lines.iter().map(|line| &*line.id).collect();
        let mut levels: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.ok && known.contains(&*row.id)) {
            levels
                .entry(row.id.clone())
                .or_default()
                .insert(row.level.clone());
        }
        let failing: BTreeSet<&str> = rows.iter().filter(|row| !row.ok).map(|row| &*row.id).collect();
        let cells = cells(lines, rows);
        let is_proven = |line: &Line| {
            let passed = levels.get(&line.id);
            let passed_at = |level: &&str| passed.is_some_and(|passed| passed.contains(*level));
            let whole_row = line.section() != "C-MX"
                || line
                    .columns
                    .iter()
                    .all(|column| cells.get(&format!("{}.{column}", line.id)) == Some(&true));
            !failing.contains(&*line.id)
                && whole_row
                && asked(line).iter().all(|any| any.iter().any(passed_at))
        };
        let (proven, unproven) = lines.iter().partition::<Vec<_>, _>(|line| is_proven(line));
        let ids = |lines: Vec<&Line>| lines.into_iter().map(|line| line.id.clone()).collect();
        Self {
            proven: ids(proven),
            unproven: ids(unproven),
            levels,
            cells,
        }
    }

    fn to_json(&self) -> Value {
        json!({ "proven": self.proven, "unproven": self.unproven, "levels": self.levels, "cells": self.cells })
    }

    fn print_table(&self, lines: &[Line]) {
        let mut sections: Vec<&str> = Vec::new();
        for line in lines {
            if sections.last() != Some(&line.section()) {
                sections.push(line.section());
            }
        }
        shell::print_line("section    proven  of  open");
        for section in sections {
            let of_section = || lines.iter().filter(|line| line.section() == section);
            let open: Vec<String> = of_section()
                .filter(|line| self.unproven.contains(&line.id))
                .map(|line| line.id[section.len() + 1..].to_owned())
                .collect();
            let (all, open_count) = (of_section().count(), open.len());
            shell::print_line(&format!(
                "{section:<10} {:>6} {all:>3}  {}",
                all - open_count,
                open.join(" ")
            ));
        }
        let passing = self.cells.values().filter(|ok| **ok).count();
        shell::print_line(&format!(
            "{} of {} lines proven; {passing} of {} matrix cells",
            self.proven.len(),
            lines.len(),
            self.cells.len()
        ));
    }
}

/// Every cell of the permission matrix; true where a test passes and none fails.
fn cells(lines: &[Line], rows: &[Row]) -> BTreeMap<String, bool> {
    let mut cells = BTreeMap::new();
    for line in lines.iter().filter(|line| line.section() == "C-MX") {
        for column in &line.columns {
            let of_cell =
                |row: &&Row| row.id == line.id && ids::carried(&row.test).cell.as_ref() == Some(column);
            let mut tests = rows.iter().filter(of_cell).peekable();
            let ok = tests.peek().is_some() && tests.all(|row| row.ok);
            cells.insert(format!("{}.{column}", line.id), ok);
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
- A-GEN-01 [system] Three verticals.
- A-GEN-03 [Public] Views dashboards.
- A-GEN-06 [Operator] Reviews records.
- A-GEN-07 [Operator] **MUST NOT** see others.
| ID | Action | Guest | Admin |
|---|---|---|---|
| C-MX-01 | View | Yes | Yes |
";

    fn proven(rows: &[(&str, &str, &str, bool)]) -> String {
        let rows: Vec<Row> = rows
            .iter()
            .map(|(id, level, test, ok)| Row {
                id: (*id).into(),
                level: (*level).into(),
                test: (*test).into(),
                ok: *ok,
            })
            .collect();
        Coverage::of(&requirements::parse(TEXT), &rows).proven.join(" ")
    }

    #[test]
    fn a_line_is_proven_at_the_highest_level_it_speaks_of() {
        assert_eq!(proven(&[]), "");
        assert_eq!(proven(&[("A-GEN-01", "server", "t", true)]), "A-GEN-01");
        assert_eq!(proven(&[("A-GEN-03", "server", "t", true)]), "A-GEN-03");
        assert_eq!(proven(&[("A-GEN-06", "server", "t", true)]), "");
        assert_eq!(proven(&[("A-GEN-06", "window", "t", true)]), "A-GEN-06");
        assert_eq!(proven(&[("A-GEN-07", "server", "t", true)]), "");
        assert_eq!(
            proven(&[
                ("A-GEN-07", "server", "t", true),
                ("A-GEN-07", "device", "t", true)
            ]),
            "A-GEN-07"
        );
    }

    #[test]
    fn a_failing_test_takes_the_proof_away() {
        assert_eq!(
            proven(&[
                ("A-GEN-01", "server", "t", true),
                ("A-GEN-01", "policy", "u", false)
            ]),
            ""
        );
    }

    #[test]
    fn a_row_of_the_matrix_needs_all_its_cells() {
        let guest = ("C-MX-01", "policy", "matrix::c_mx_01::guest", true);
        let admin = ("C-MX-01", "policy", "matrix::c_mx_01::admin", true);
        assert_eq!(proven(&[guest]), "");
        assert_eq!(proven(&[guest, admin]), "C-MX-01");
    }

    #[test]
    fn a_cell_without_a_test_is_false() {
        let row = Row {
            id: "C-MX-01".into(),
            level: "policy".into(),
            test: "matrix::c_mx_01::guest".into(),
            ok: true,
        };
        let cells = cells(&requirements::parse(TEXT), &[row]);
        assert_eq!(
            json!(cells),
            json!({ "C-MX-01.guest": true, "C-MX-01.admin": false })
        );
    }
}
