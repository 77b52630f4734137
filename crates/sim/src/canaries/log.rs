//! What both ends write to their logs while a history is played.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use tracing::level_filters::LevelFilter;

/// The log of one history, of every level.
#[derive(Debug, Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Plays something and keeps what it logs.
    pub fn of<R>(&self, play: impl FnOnce() -> R) -> R {
        let log = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_writer(move || log.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, play)
    }

    /// What was logged since it was last asked.
    pub fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
