//! From a commit at the office to the store of a device that is connected: one person's note, seen by another laptop.

use crate::ours::Laptop;
use crate::wire::{Net, millis};
use anyhow::{Context as _, Result, ensure};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How long a word from the office is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
const NOTE: &str = "The owner has come.";

/// Notes the writer's laptop makes, one after the other, and how many milliseconds after the office's answer to each it
/// stands in the listener's store. The ids of the notes begin at `first`.
pub fn latencies(
    listener: &mut Laptop,
    writer: &mut Laptop,
    numbers: impl Iterator<Item = usize>,
    first: u128,
) -> Result<Vec<f64>> {
    let (writing, reading) = (&mut Net::new()?, &mut Net::new()?);
    let words = listen(listener)?;
    words.recv_timeout(PATIENCE).context("the stream's first word")?;
    listener.exchange(reading, false)?;
    writer.exchange(writing, false)?;
    let mut latencies = Vec::new();
    for (index, number) in numbers.enumerate() {
        writer.save(number, first + index as u128, NOTE)?;
        writer.ask_again();
        writer.go_on(writing, true)?;
        let begun = Instant::now();
        loop {
            words.recv_timeout(PATIENCE).context("a word of the note")?;
            listener.ask_again();
            if listener.go_on(reading, false)?.rows > 0 {
                break;
            }
        }
        latencies.push(millis(begun));
    }
    ensure!(writer.waiting()? == (0, 0), "a note was not taken");
    Ok(latencies)
}

/// Hears the office for as long as anybody reads what it says.
fn listen(laptop: &Laptop) -> Result<Receiver<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let request = laptop.events();
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let heard: Result<()> = runtime.block_on(async {
            let mut response = request.send().await?.error_for_status()?;
            while let Some(chunk) = response.chunk().await? {
                let changed = chunk.windows(7).any(|word| word == b"changed");
                if changed && sender.send(()).is_err() {
                    break;
                }
            }
            Ok(())
        });
        // A stream that breaks off is missed by whoever waits for its next word.
        drop(heard);
    });
    Ok(receiver)
}
