//! Where things lie, and how another program is run.

use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// How long to wait for more output once a program has ended.
const LEFT_BEHIND_WAIT: Duration = Duration::from_secs(1);

/// How a command ended: its exit code and the one JSON line it leaves on stdout.
pub struct Summary {
    pub code: u8,
    pub line: String,
}

impl Summary {
    pub fn new(held: bool, summary: &serde_json::Value) -> Self {
        Self {
            code: u8::from(!held),
            line: summary.to_string(),
        }
    }
}

/// Wrong usage; the sentence says what would be accepted. Ends with exit code 2.
#[derive(Debug)]
pub struct Usage(pub String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// Progress, on stderr.
pub fn say(text: &str) {
    eprintln!("{text}");
}

/// A line on stdout. A reader that has gone away is no failure of ours.
pub fn print_line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where reports are written. Their place is fixed, wherever cargo builds.
pub fn reports() -> PathBuf {
    root().join("target")
}

pub fn tools() -> PathBuf {
    root().join("target/tools")
}

/// The folder that holds the programs of a profile, `debug` or `release`.
pub fn programs(profile: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    root().join(target).join(profile)
}

pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

pub fn npm(folder: &Path) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(folder);
    command
}

/// What a test or the demo needs to find the programs it starts.
pub fn give_places(command: &mut Command) {
    command.env("BAILIWICK_BIN_DIR", programs("debug"));
    command.env("BAILIWICK_TOOLS", tools().join("bin"));
    if let Ok(shared) = root().join("../shared").canonicalize() {
        command.env("BAILIWICK_SHARED", shared);
    }
}

/// Runs to the end with its output on our stderr; false when it ended badly.
pub fn held(command: &mut Command) -> Result<bool> {
    Ok(each_line(command, say)?.success())
}

/// Like [`held`], for what must succeed before anything else makes sense.
pub fn must(command: &mut Command) -> Result<()> {
    if !held(command)? {
        bail!("failed: {}", shown(command));
    }
    Ok(())
}

/// Runs to the end, handing over each line of its stdout as it comes.
///
/// A process left behind may hold the pipe open for ever, so reading stops soon after the program itself has ended.
pub fn each_line(command: &mut Command, mut on_line: impl FnMut(&str)) -> Result<ExitStatus> {
    let shown = shown(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {shown}"))?;
    let stdout = child.stdout.take().context("stdout was not piped")?;
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).split(b'\n').map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    loop {
        match lines.recv_timeout(LEFT_BEHIND_WAIT) {
            Ok(line) => on_line(String::from_utf8_lossy(&line).trim_end_matches('\r')),
            Err(RecvTimeoutError::Timeout) if child.try_wait()?.is_none() => {}
            Err(_) => return Ok(child.wait()?),
        }
    }
}

/// Runs to the end and passes on its exit code and the last line of its stdout.
pub fn passed_on(command: &mut Command) -> Result<Summary> {
    let mut last: Option<String> = None;
    let status = each_line(command, |line| {
        if let Some(earlier) = last.replace(line.to_owned()) {
            say(&earlier);
        }
    })?;
    let code = status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1);
    let line = last.unwrap_or_else(|| serde_json::json!({ "exit": code }).to_string());
    Ok(Summary { code, line })
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether a program of this name is on the PATH.
pub fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Every file below a folder, leaving out folders of these names.
pub fn files_below(folder: &Path, but_not: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let left_out = path
                .file_name()
                .is_some_and(|name| but_not.iter().any(|no| name == *no));
            if path.is_dir() && !left_out {
                open.push(path);
            } else if path.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
