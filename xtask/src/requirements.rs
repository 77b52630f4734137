//! Reads docs/requirements.md: every ID it defines, what its line says, and the cells of the permission matrix.

use anyhow::{Context, Result};

use crate::shell;

#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    pub id: String,
    /// What stands in the brackets after the ID: `[Role]`.
    pub mark: Option<String>,
    pub must_not: bool,
    /// Lower-case column names, where the line is a row of a table; empty otherwise.
    pub columns: Vec<String>,
}

impl Line {
    /// `C-MX` of `C-MX-01`.
    pub fn section(&self) -> &str {
        self.id.rsplit_once('-').map_or(&self.id, |(section, _)| section)
    }
}

pub fn read() -> Result<Vec<Line>> {
    let path = shell::root().join("docs/requirements.md");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(parse(&text))
}

pub fn parse(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut columns = Vec::new();
    for text in text.lines() {
        if let Some(row) = text.strip_prefix("| ") {
            if let Some(header) = row.strip_prefix("ID |") {
                columns = cells_of(header).skip(1).map(str::to_lowercase).collect();
            } else if let Some(length) = id_length(row) {
                let id = row[..length].to_owned();
                lines.push(Line {
                    id,
                    mark: None,
                    must_not: false,
                    columns: columns.clone(),
                });
            }
        } else if text.starts_with("- ") {
            for line in bullet(text) {
                // A later mention of an ID is no second definition.
                if lines.iter().all(|known| known.id != line.id) {
                    lines.push(line);
                }
            }
        }
    }
    lines
}

fn cells_of(row: &str) -> impl Iterator<Item = &str> {
    row.trim().trim_end_matches('|').split('|').map(str::trim)
}

/// Several IDs may stand in one bullet; each speaks up to the next.
fn bullet(text: &str) -> Vec<Line> {
    let bytes = text.as_bytes();
    let starts: Vec<(usize, usize)> = (0..bytes.len())
        .filter(|&at| at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'-'))
        .filter_map(|at| Some((at, id_length(text.get(at..)?)?)))
        .collect();
    let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([text.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(&(at, length), end)| {
            let says = text[at + length..end].trim();
            let mark = says.strip_prefix('[').and_then(|rest| rest.split_once(']'));
            Line {
                id: text[at..at + length].to_owned(),
                mark: mark.map(|(mark, _)| mark.to_owned()),
                must_not: says.contains("MUST NOT"),
                columns: Vec::new(),
            }
        })
        .collect()
}

/// The length of an ID at the start of a text: `A-GEN-01`, `A-OCC-UP1`, `E-UP1`, `X-07`.
fn id_length(text: &str) -> Option<usize> {
    let token = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .next()?;
    let mut parts = token.split('-');
    let system = parts.next()?;
    let rest: Vec<&str> = parts.collect();
    let numbered = |word: &str| {
        let digits = word.strip_prefix("UP").unwrap_or(word);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let group = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let right = matches!(system, "A" | "B" | "C" | "D" | "E" | "X")
        && match rest.as_slice() {
            [number] => numbered(number),
            [name, number] => group(name) && numbered(number),
            _ => false,
        };
    right.then_some(token.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
## A-FORM dynamic forms (detail behind A-GEN-18/19)
- A-GEN-01 [system] Three verticals. S0
- A-GEN-07 [Operator] **MUST NOT** see others. S0 AMB-04
- C-GUEST-01 Views availability. C-GUEST-05 **MUST NOT** book (login required). AMB-08. C-GUEST-06 **MUST NOT** see names. S2
- B-ONB-01 account created; B-ONB-02 profile created. S1
- A-OCC-UP2 An id of the form CITY-000123, see A-GEN-01. UP
- E-UP1 Draft -> Approved. UP
- X-02 Server is the authority. PB
| ID | Action | Guest | Citizen |
|---|---|---|---|
| C-MX-01 | View public availability | Yes | Yes |
| # | Where | Problem |
| AMB-01 | S0 vs S1 | A-GEN-20..24 |
";

    #[test]
    fn every_id_is_found_once() {
        let ids: Vec<String> = parse(TEXT).into_iter().map(|line| line.id).collect();
        assert_eq!(
            ids.join(" "),
            "A-GEN-01 A-GEN-07 C-GUEST-01 C-GUEST-05 C-GUEST-06 B-ONB-01 B-ONB-02 A-OCC-UP2 E-UP1 X-02 C-MX-01"
        );
    }

    #[test]
    fn each_id_keeps_what_its_part_of_the_line_says() {
        let lines = parse(TEXT);
        let line = |id: &str| {
            lines
                .iter()
                .find(|line| line.id == id)
                .expect("the ID is in the text")
        };
        assert_eq!(line("A-GEN-01").mark.as_deref(), Some("system"));
        assert!(!line("C-GUEST-01").must_not);
        assert!(line("C-GUEST-05").must_not && line("A-GEN-07").must_not);
        assert_eq!(line("C-MX-01").columns, ["guest", "citizen"]);
        assert_eq!(line("C-MX-01").section(), "C-MX");
        assert_eq!(line("E-UP1").section(), "E");
    }

    #[test]
    fn the_real_matrix_has_seventy_five_cells() {
        let lines = read().expect("docs/requirements.md is readable");
        let cells: usize = lines
            .iter()
            .filter(|line| line.section() == "C-MX")
            .map(|line| line.columns.len())
            .sum();
        assert_eq!(cells, 75);
    }
}
