//! Reads what a test program prints. libtest and libtest-mimic print the same lines.

use std::collections::BTreeMap;

/// How many lines of what a failed test said are repeated at the end.
const CAUSE_LINES_MAX: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    Failed,
    Ignored,
}

/// Takes a program's output line by line.
///
/// What a test starts may print between the test's name and its outcome. A test whose outcome cannot be told from its
/// line is settled by the closing list of failures and the `test result:` line.
#[derive(Default)]
pub struct Reader {
    open: Option<String>,
    told: Vec<(String, Outcome)>,
    unsure: Vec<String>,
    listed_as_failed: Vec<String>,
    /// The test whose output is being listed, and the first lines each one said.
    said_by: Option<String>,
    said: BTreeMap<String, Vec<String>>,
    result: Option<bool>,
}

impl Reader {
    pub fn line(&mut self, line: &str) {
        if let Some(result) = line.strip_prefix("test result: ") {
            self.result = Some(result.starts_with("ok"));
        } else if let Some(name) = listed(line) {
            self.said_by = Some(name.to_owned());
        } else if line == "failures:" || line == "Stack backtrace:" {
            self.said_by = None;
        } else if let Some(name) = &self.said_by {
            let said = self.said.entry(name.clone()).or_default();
            if said.len() < CAUSE_LINES_MAX && !line.trim().is_empty() {
                said.push(line.trim().to_owned());
            }
        } else if let Some((name, after)) = announced(line) {
            self.unsure.extend(self.open.replace(name));
            self.outcome_in(after);
        } else if let Some(name) = line.strip_prefix("    ") {
            self.listed_as_failed.push(name.to_owned());
        } else {
            self.outcome_in(line);
        }
    }

    /// What a failed test said, in its first lines.
    pub fn cause(&self, test: &str) -> String {
        self.said
            .get(test)
            .map_or_else(String::new, |said| said.join(" / "))
    }

    /// Whether the program reached its closing line; without it, it died half-way.
    pub fn finished(&self) -> bool {
        self.result.is_some()
    }

    pub fn tests(&self) -> Vec<(String, Outcome)> {
        let unsure = self.unsure.iter().chain(&self.open).cloned();
        let otherwise = if self.result.is_some() {
            Outcome::Passed
        } else {
            Outcome::Failed
        };
        let mut told = self.told.clone();
        told.extend(unsure.map(|name| (name, otherwise)));
        for (name, outcome) in &mut told {
            if self.result == Some(false) && self.listed_as_failed.contains(name) {
                *outcome = Outcome::Failed;
            }
        }
        told
    }

    fn outcome_in(&mut self, text: &str) {
        let outcome = match text.trim() {
            "ok" => Outcome::Passed,
            "FAILED" => Outcome::Failed,
            text if text == "ignored" || text.starts_with("ignored,") => Outcome::Ignored,
            _ => return,
        };
        self.told.extend(self.open.take().map(|name| (name, outcome)));
    }
}

/// `---- NAME stdout ----`, or without the word.
fn listed(line: &str) -> Option<&str> {
    let name = line.strip_prefix("---- ")?.strip_suffix(" ----")?;
    Some(name.strip_suffix(" stdout").unwrap_or(name))
}

/// `test NAME ... `, where NAME may carry a `[kind]` before and a ` - should panic` behind it.
fn announced(line: &str) -> Option<(String, &str)> {
    let (name, after) = line.strip_prefix("test ")?.split_once(" ... ")?;
    let name = name.trim();
    let name = if name.starts_with('[') {
        name.split_once("] ").map_or(name, |(_, name)| name)
    } else {
        name
    };
    let name = name.split(" - should panic").next()?.trim();
    (!name.contains(' ')).then(|| (name.to_owned(), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(output: &str) -> String {
        let mut reader = Reader::default();
        output.lines().for_each(|line| reader.line(line));
        let finished = reader.finished();
        let tests = reader
            .tests()
            .into_iter()
            .map(|(name, outcome)| format!("{name}={outcome:?}"));
        tests
            .chain([format!("finished={finished}")])
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn lines_of_both_harnesses() {
        let output = "\
running 5 tests
test a::one ... ok
test [cell] c_mx_01::guest    ... ok
test b::two - should panic ... FAILED
test three ... ignored, needs a network
test four ... ignored
test result: FAILED. 2 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(
            read(output),
            "a::one=Passed c_mx_01::guest=Passed b::two=Failed three=Ignored four=Ignored finished=true"
        );
    }

    #[test]
    fn a_test_may_print_before_its_outcome() {
        let output =
            "test noisy ... listening on 127.0.0.1\nbye\nok\ntest next ... ok\ntest result: ok. 2 passed";
        assert_eq!(read(output), "noisy=Passed next=Passed finished=true");
    }

    #[test]
    fn the_list_of_failures_settles_what_a_line_leaves_open() {
        let output = "\
test glued ... noiseok
test fooled ... listening
ok
FAILED
test broken ... noiseFAILED

failures:
    fooled
    broken

test result: FAILED. 1 passed; 2 failed";
        assert_eq!(
            read(output),
            "fooled=Failed glued=Passed broken=Failed finished=true"
        );
    }

    #[test]
    fn what_a_failed_test_said_is_kept() {
        let mut reader = Reader::default();
        let output = "\
test broken ... FAILED

failures:

---- broken stdout ----
Error: it is 3

Caused by:
    nothing

Stack backtrace:
   0: main

failures:
    broken

test result: FAILED. 0 passed; 1 failed";
        output.lines().for_each(|line| reader.line(line));
        assert_eq!(reader.cause("broken"), "Error: it is 3 / Caused by: / nothing");
        assert_eq!(reader.tests(), [("broken".to_owned(), Outcome::Failed)]);
    }

    #[test]
    fn a_program_that_dies_has_failed() {
        assert_eq!(
            read("test started ... ok\ntest dies ... "),
            "started=Passed dies=Failed finished=false"
        );
    }
}
