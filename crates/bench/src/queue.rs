//! The measures of `queue`: what waits on a laptop that was away for long (REL-8, FLT-16). A manager with 10,000 inspections
//! saves 10,000 notes without a network, one after the other, opens the files again, and sends everything; then the same with
//! 100,000.

use crate::office::Town;
use crate::ours::Laptop;
use crate::place;
use crate::report::{Measure, percentile, say, workplace};
use crate::town::DEPARTMENTS;
use crate::wire::{Net, Server, Which, millis};
use anyhow::{Result, ensure};
use std::path::Path;
use std::time::Instant;

const RECORDS: usize = 10_000;
/// How many changes wait, and whether something is asked of it.
const QUEUES: [(usize, bool); 2] = [(10_000, true), (100_000, false)];
const NOTE: &str = "The owner was on site and will send the missing drawings.";
/// What is asked of a queue of 10,000, in milliseconds.
const SAVED_WITHIN: f64 = 15.0;
const OPENED_WITHIN: f64 = 300.0;
const HELD_UP_FOR: f64 = 100.0;
const SENT_WITHIN: f64 = 60_000.0;
const SENT_WITHIN_ON_POSTGRES: f64 = 120_000.0;

/// What one queue took.
struct Seen {
    saves: Vec<f64>,
    /// What the queue adds to opening the files.
    opening: f64,
    sending: f64,
    /// The longest that the window would have had to wait for the files while the queue was sent.
    held_up: f64,
    /// The same while what became of it comes back.
    held_up_after: f64,
}

/// Measures each queue once: its commands are measured by the thousand.
pub fn queue(server: Option<&str>) -> Result<Vec<Measure>> {
    let folder = workplace()?;
    let at = place::fresh(server, folder.path(), "queue")?;
    say(&format!("writing {RECORDS} records"))?;
    let town = Town::make(&at, folder.path())?;
    town.write((0..RECORDS).map(|n| n * DEPARTMENTS), 0)?;
    let office = Server::start(Which::Ours, &at, folder.path())?;
    let mut measures = Vec::new();
    for (number, (length, is_asked)) in QUEUES.into_iter().enumerate() {
        let laptop = folder.path().join(format!("laptop-{number}"));
        std::fs::create_dir_all(&laptop)?;
        let seen = fill_and_send(&office, &laptop, number, length)?;
        let asked = |most: f64| is_asked.then_some(most);
        let sent_within = match server {
            Some(_) => SENT_WITHIN_ON_POSTGRES,
            None => SENT_WITHIN,
        };
        for (what, took, most) in [
            ("saving p99", percentile(seen.saves, 99), SAVED_WITHIN),
            ("opening takes longer by", seen.opening, OPENED_WITHIN),
            ("all sent", seen.sending, sent_within),
            ("held up for at most", seen.held_up, HELD_UP_FOR),
        ] {
            let name = format!("{length} changes wait: {what}");
            measures.push(Measure::absolute(&name, "ms", took, asked(most), 1));
        }
        let name = format!("{length} changes come back: held up for at most");
        measures.push(Measure::absolute(&name, "ms", seen.held_up_after, None, 1));
    }
    let store = if server.is_some() { "postgres" } else { "sqlite" };
    let measures = measures.into_iter();
    Ok(measures.map(|measure| Measure { store, ..measure }).collect())
}

fn fill_and_send(office: &Server, folder: &Path, number: usize, length: usize) -> Result<Seen> {
    say(&format!("a queue of {length}"))?;
    let net = &mut Net::new()?;
    let mut laptop = Laptop::sign_in(net, &office.url, folder)?;
    laptop.exchange(net, false)?;
    let (mut laptop, without) = open_again(laptop, folder)?;
    let mut saves = Vec::with_capacity(length);
    for index in 0..length {
        let begun = Instant::now();
        let note = (number as u128 + 1) << 64 | index as u128;
        laptop.save(index % RECORDS * DEPARTMENTS, note, NOTE)?;
        saves.push(millis(begun));
    }
    let (mut laptop, with) = open_again(laptop, folder)?;
    ensure!(laptop.waiting()? == (length as u64, 0), "the queue is another");
    let begun = Instant::now();
    let sent = laptop.exchange(net, true)?;
    let sending = millis(begun);
    ensure!(
        laptop.waiting()? == (0, 0),
        "after the push work still waits or was returned: {:?}",
        laptop.waiting()?
    );
    let back = laptop.go_on(net, false)?;
    ensure!(laptop.held()? == RECORDS, "other records came back");
    Ok(Seen {
        held_up_after: back.held_up_ms,
        saves,
        opening: with - without,
        sending,
        held_up: sent.held_up_ms,
    })
}

/// Closes the files and opens them again, to the first list; gives the milliseconds it took.
fn open_again(laptop: Laptop, folder: &Path) -> Result<(Laptop, f64)> {
    let open = laptop.close();
    let begun = Instant::now();
    let laptop = open(folder)?;
    laptop.day(0)?;
    Ok((laptop, millis(begun)))
}
