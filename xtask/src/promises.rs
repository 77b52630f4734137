//! `docs/promises.md`: where each promise is proven. Read by `tidy`, so that the page stays true.

use std::collections::{BTreeMap, BTreeSet};

/// The families the page lists, each with its highest number.
const FAMILIES: [(&str, u32); 3] = [("REL", 10), ("FLT", 26), ("ATT", 26)];

/// Said of a promise whose surface does not exist yet; a test that names it makes it untrue.
const ABSENT: &str = "absent: no such surface yet";
/// Begins what is said of a promise that nothing holds us to yet, although it could; a test that names it makes it untrue.
const OPEN: &str = "open: ";

/// What is wrong with the page: a promise that has no row or two, a row without proof, a test it names that does not exist
/// or leaves out, a command that does not know what it names. `tests` are the tests that carry an ID of a promise;
/// `knows` says whether a command (`sim`, `torture`, …) has a part of this name.
pub fn complaints(
    page: &str,
    tests: &BTreeMap<String, BTreeSet<String>>,
    knows: impl Fn(&str, &str) -> bool,
) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut seen = BTreeSet::new();
    for line in page.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let Some(id) = cells.first().filter(|id| is_listed(id)) else {
            continue;
        };
        if !seen.insert((*id).to_owned()) {
            complaints.push(format!("{id} has two rows"));
        }
        let proof = cells.get(2).copied().unwrap_or_default();
        let named: BTreeSet<&str> = proof.split('`').skip(1).step_by(2).collect();
        let written: BTreeSet<&str> = tests.get(*id).into_iter().flatten().map(String::as_str).collect();
        if proof == ABSENT || proof.starts_with(OPEN) {
            complaints.extend(
                written
                    .iter()
                    .map(|test| format!("{id} is called absent or open, and {test} proves it")),
            );
            continue;
        }
        if named.is_empty() {
            complaints.push(format!("{id}: neither a proof nor `{ABSENT}` nor `{OPEN}…`"));
        }
        for name in &named {
            let is_known = match name.split_once(": ") {
                Some((command, part)) => knows(command, part),
                None => tests.values().any(|names| names.contains(*name)),
            };
            if !is_known {
                complaints.push(format!("{id}: there is no {name}"));
            }
        }
        complaints.extend(
            written
                .difference(&named)
                .map(|test| format!("{id}: {test} is not in its row")),
        );
    }
    let all = FAMILIES
        .iter()
        .flat_map(|(family, last)| (1..=*last).map(move |number| format!("{family}-{number}")));
    complaints.extend(
        all.filter(|id| !seen.contains(id))
            .map(|id| format!("{id} has no row")),
    );
    complaints
        .into_iter()
        .map(|complaint| format!("docs/promises.md: {complaint}"))
        .collect()
}

fn is_listed(id: &str) -> bool {
    id.split_once('-').is_some_and(|(family, number)| {
        FAMILIES
            .iter()
            .any(|(known, last)| family == *known && number.parse().is_ok_and(|number: u32| number <= *last))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(proof: &str) -> Vec<String> {
        let mut text = format!("| FLT-1 | cut after any byte | {proof} |\n");
        for (family, last) in FAMILIES {
            for number in (1..=last).filter(|number| (family, *number) != ("FLT", 1)) {
                text.push_str(&format!("| {family}-{number} | something | {ABSENT} |\n"));
            }
        }
        let tests = BTreeMap::from([("FLT-1".to_owned(), BTreeSet::from(["flt_1_holds".to_owned()]))]);
        complaints(&text, &tests, |command, part| {
            command == "torture" && part == "cut"
        })
    }

    #[test]
    fn a_row_names_every_test_and_nothing_that_is_not_there() {
        assert_eq!(page("`flt_1_holds`, `torture: cut`"), Vec::<String>::new());
        let wrong = [
            (
                "",
                "FLT-1: neither a proof nor `absent: no such surface yet` nor `open: …`",
            ),
            ("`flt_1_holds`, `flt_1_gone`", "FLT-1: there is no flt_1_gone"),
            ("`torture: cut`", "FLT-1: flt_1_holds is not in its row"),
            (
                "`flt_1_holds`, `torture: burnt`",
                "FLT-1: there is no torture: burnt",
            ),
            (
                ABSENT,
                "FLT-1 is called absent or open, and flt_1_holds proves it",
            ),
            (
                "open: not yet",
                "FLT-1 is called absent or open, and flt_1_holds proves it",
            ),
        ];
        for (proof, expected) in wrong {
            assert!(
                page(proof).contains(&format!("docs/promises.md: {expected}")),
                "{proof}: {:?}",
                page(proof)
            );
        }
    }

    #[test]
    fn every_promise_has_a_row() {
        let missing = complaints("", &BTreeMap::new(), |_, _| true);
        assert_eq!(missing.len(), 62, "{missing:?}");
    }
}
