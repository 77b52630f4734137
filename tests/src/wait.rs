//! Waiting for something to become true, never for a time to pass.

use anyhow::{Result, bail};
use std::time::{Duration, Instant};

/// Asks until the answer is something, for at most `patience`; gives the answer and how long it took.
pub fn until<R>(
    what: &str,
    patience: Duration,
    mut ask: impl FnMut() -> Result<Option<R>>,
) -> Result<(R, Duration)> {
    let begun = Instant::now();
    let mut last = None;
    while begun.elapsed() < patience {
        match ask() {
            Ok(Some(answer)) => return Ok((answer, begun.elapsed())),
            Ok(None) => {}
            Err(error) => last = Some(error),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    match last {
        Some(error) => bail!(
            "waited {} s for {what}; the last answer was: {error:#}",
            patience.as_secs()
        ),
        None => bail!("waited {} s for {what}", patience.as_secs()),
    }
}
