//! A device in a process of its own: its time counts from the start of the process, and its memory is its alone.

use crate::floor;
use crate::ours::Laptop;
use crate::process;
use crate::wire::{Net, Which, millis};
use anyhow::{Context as _, Result, ensure};
use policy::Rights;
use serde::{Deserialize, Serialize};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

/// What the process is to do: one exchange, on the files of a folder.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Order {
    pub which: Which,
    pub folder: PathBuf,
    pub url: String,
    pub credential: String,
    pub rights: Rights,
    /// How often the floor's device commits; ours knows by itself.
    pub commits: usize,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Done {
    /// Inspections that came.
    pub rows: usize,
    pub commits: usize,
    /// The most memory it had, beyond what it had before it began, in thousands of bytes.
    pub memory_kb: f64,
    /// Bodies both ways, as they travelled, in thousands of bytes.
    pub wire_kb: f64,
}

/// What the process says as soon as all is in the device's store: it counts and proves what it has afterwards.
const STORED: &str = "stored";

/// Has an exchange made in a process of its own; gives, beside what came of it, the milliseconds from its start until all was in
/// the device's store.
pub fn exchange(order: &Order) -> Result<(Done, f64)> {
    std::fs::create_dir_all(&order.folder)?;
    let begun = Instant::now();
    let mut child = Command::new(std::env::current_exe()?)
        .arg("--apart")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("a device's process cannot be started")?;
    let mut stdin = child.stdin.take().context("the device's input")?;
    stdin.write_all(&serde_json::to_vec(order)?)?;
    drop(stdin);
    let mut says = BufReader::new(child.stdout.take().context("the device's output")?);
    let mut said = String::new();
    says.read_line(&mut said)?;
    let wall_ms = millis(begun);
    let is_stored = said.trim_end() == STORED;
    if is_stored {
        said.clear();
    }
    says.read_to_string(&mut said)?;
    let status = child.wait()?;
    ensure!(
        is_stored && status.success(),
        "the device's process failed: {said}"
    );
    Ok((serde_json::from_str(&said)?, wall_ms))
}

/// The process's own part: carries out the order on standard input.
pub fn carry_out() -> Result<Done> {
    let order: Order = serde_json::from_reader(std::io::stdin().lock())?;
    let idle_kb = process::memory_kb(std::process::id())?;
    let mut net = Net::new()?;
    let (rows, commits) = match order.which {
        Which::Ours => {
            let mut laptop = Laptop::seated(&order.url, order.credential, order.rights, &order.folder)?;
            let came = laptop.exchange(&mut net, false)?;
            say_stored()?;
            // Counted and proven, or an error.
            laptop.held()?;
            (came.rows, came.commits)
        }
        Which::Floor => {
            let mut client = floor::Client::open(&order.folder)?;
            let rows = client.pull(&mut net, &order.url, order.commits)?;
            say_stored()?;
            (rows, order.commits)
        }
    };
    Ok(Done {
        rows,
        commits,
        memory_kb: process::own_memory_peak_kb()? - idle_kb,
        wire_kb: net.wire_kb(),
    })
}

fn say_stored() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{STORED}")?;
    out.flush()
}
