//! The log of removals is kept short: the oldest go once a day. A laptop that was away for longer fetches everything anew
//! (FLT-25).

use crate::Problem;
use crate::office::Office;
use policy::Millis;
use std::sync::Arc;
use std::time::Duration;
use store::OfficeTx as _;

/// How long what was removed is known, in milliseconds: 45 days. A laptop locks itself after three.
const KEPT_FOR: Millis = 45 * 24 * 60 * 60 * 1000;
/// How often the office looks.
const EVERY: Duration = Duration::from_secs(24 * 60 * 60);
/// How many go in one transaction; others write in between.
const AT_ONCE: usize = 5_000;

/// Forgets old removals until the program ends. What cannot be done now is tried again on the next day.
pub async fn now_and_then(office: Arc<Office>) {
    loop {
        let here = Arc::clone(&office);
        match tokio::task::spawn_blocking(move || forget(&here)).await {
            Ok(Ok(0)) => {}
            Ok(Ok(removals)) => tracing::info!(removals, "old removals were forgotten"),
            Ok(Err(problem)) => tracing::warn!(problem.sentence, "old removals cannot be forgotten"),
            Err(error) => tracing::error!(%error, "forgetting old removals did not finish"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

fn forget(office: &Office) -> Result<usize, Problem> {
    let before = office.now() - KEPT_FOR;
    let mut forgotten = 0;
    loop {
        let some = office.write(async |tx| Ok(tx.forget_removals(before, AT_ONCE).await?))?;
        forgotten += some;
        if some < AT_ONCE {
            return Ok(forgotten);
        }
    }
}
