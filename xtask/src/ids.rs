//! The requirement IDs a test name carries.
//!
//! The last segment of a name starts with one to three IDs in snake case joined by `_and_`, then words:
//! `c_ins_08_and_c_ins_11_requests_but_never_reassigns`. A cell of a matrix is named `c_mx_01::guest`.

/// Families of promises that tests may name beside the requirements. Coverage does not count them.
const PROMISES: &[&str] = &["ac", "att", "flt", "rel", "sec", "ux"];

#[derive(Debug, PartialEq, Eq, Default)]
pub struct Carried {
    pub ids: Vec<String>,
    /// The column, where the name is that of a matrix cell.
    pub cell: Option<String>,
}

pub fn carried(test_name: &str) -> Carried {
    let mut segments = test_name.rsplit("::");
    let last = segments.next().unwrap_or_default();
    let ids = leading_ids(last);
    if !ids.is_empty() {
        return Carried { ids, cell: None };
    }
    match segments
        .next()
        .and_then(|row| leading_id(row).filter(|(_, length)| *length == row.len()))
    {
        Some((id, _)) => Carried {
            ids: vec![id],
            cell: Some(last.to_owned()),
        },
        None => Carried::default(),
    }
}

/// Every ID at the start of a segment, however many; `tidy` holds the limit of three.
pub fn leading_ids(segment: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut rest = segment;
    while let Some((id, length)) = leading_id(rest) {
        ids.push(id);
        match rest[length..].strip_prefix("_and_") {
            Some(next) => rest = next,
            None => break,
        }
    }
    ids
}

pub fn is_promise(id: &str) -> bool {
    PROMISES.iter().any(|family| {
        id.strip_prefix(&family.to_uppercase())
            .is_some_and(|rest| rest.starts_with('-'))
    })
}

/// One ID in snake case at the start, and how many bytes it takes.
fn leading_id(text: &str) -> Option<(String, usize)> {
    let words: Vec<&str> = text.split('_').collect();
    let count = match words.as_slice() {
        [family, number, ..] if PROMISES.contains(family) && is_number(number) => 2,
        [system, number, ..] if is_system(system) && is_numbered(number) => 2,
        [system, group, number, ..] if is_system(system) && is_group(group) && is_numbered(number) => 3,
        _ => return None,
    };
    let length = words[..count].iter().map(|word| word.len()).sum::<usize>() + count - 1;
    let mut parts: Vec<String> = words[..count].iter().map(|word| word.to_uppercase()).collect();
    if PROMISES.contains(&words[0]) {
        // `flt_07` is FLT-7: promises are numbered without leading zeros.
        parts[1] = parts[1].trim_start_matches('0').to_owned();
    }
    Some((parts.join("-"), length))
}

fn is_system(word: &str) -> bool {
    matches!(word, "a" | "b" | "c" | "d" | "e" | "x")
}

fn is_group(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn is_numbered(word: &str) -> bool {
    is_number(word.strip_prefix("up").unwrap_or(word))
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(name: &str) -> String {
        leading_ids(name).join(" ")
    }

    #[test]
    fn ids_stand_at_the_start_of_a_name() {
        let cases = [
            (
                "c_ins_08_and_c_ins_11_requests_but_never_reassigns",
                "C-INS-08 C-INS-11",
            ),
            ("x_07_second_user_cannot_read", "X-07"),
            ("a_occ_up1_outside_the_boundary_is_refused", "A-OCC-UP1"),
            ("e_up1_drafts_are_locked", "E-UP1"),
            ("flt_20_and_x_08_both_hold", "FLT-20 X-08"),
            ("flt_07_disk_full", "FLT-7"),
            ("c_ins_08_and_then_some", "C-INS-08"),
            ("c_ins_08", "C-INS-08"),
            ("c_ins_08x_is_none", ""),
            ("a_person_signs_in", ""),
            ("plain_words", ""),
            ("x_01_and_x_02_and_x_03_and_x_04_too_many", "X-01 X-02 X-03 X-04"),
        ];
        for (name, expected) in cases {
            assert_eq!(ids(name), expected, "{name}");
        }
    }

    #[test]
    fn a_cell_is_named_by_its_row_and_column() {
        let cell = carried("matrix::c_mx_01::guest");
        assert_eq!(
            cell,
            Carried {
                ids: vec!["C-MX-01".into()],
                cell: Some("guest".into())
            }
        );
        let plain = carried("server::tests::c_ins_20_says_why");
        assert_eq!(
            plain,
            Carried {
                ids: vec!["C-INS-20".into()],
                cell: None
            }
        );
        assert_eq!(carried("c_mx_01_rows::guest"), Carried::default());
    }

    #[test]
    fn promises_are_told_from_requirements() {
        assert!(is_promise("FLT-20"));
        assert!(!is_promise("A-OCC-01"));
        assert!(!is_promise("X-07"));
    }
}
