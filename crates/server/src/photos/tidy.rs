//! What is left over of photos is removed when the office is started, and once a day.

use super::arriving;
use crate::office::Office;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How often the office tidies up.
const EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// Tidies up until the program ends. What cannot be removed now is tried again on the next day.
pub async fn now_and_then(office: Arc<Office>) {
    loop {
        let here = Arc::clone(&office);
        let tidied =
            tokio::task::spawn_blocking(move || arriving::forget_old(&here, SystemTime::now())).await;
        match tidied {
            Ok(Ok(0)) => {}
            Ok(Ok(parts)) => tracing::info!(parts, "parts of photos that nobody finished were removed"),
            Ok(Err(error)) => tracing::warn!(%error, "what is left over of photos cannot be removed"),
            Err(error) => tracing::error!(%error, "tidying up did not finish"),
        }
        tokio::time::sleep(EVERY).await;
    }
}
