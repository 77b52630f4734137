//! What other processes on the same database announce.

use super::options;
use crate::{Fault, Result};
use policy::OrgId;
use policy::views::View;
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgListener, PgPoolOptions};
use std::collections::BTreeSet;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::OnceLock;

/// The channel all processes listen on.
pub(super) const CHANNEL: &str = "bailiwick";

/// PostgreSQL takes no announcement of 8,000 bytes or more.
const BYTES_MAX: usize = 7_900;

/// A number that tells this process from all others on the database.
fn this_process() -> u64 {
    static NUMBER: OnceLock<u64> = OnceLock::new();
    *NUMBER.get_or_init(|| RandomState::new().build_hasher().finish())
}

/// What a transaction announces when it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    process: u64,
    pub org: String,
    pub seq: i64,
    /// The views that changed; none where they were too many to name.
    pub views: Option<BTreeSet<View>>,
}

impl Announced {
    pub(super) fn new(org: &OrgId, seq: i64, views: &BTreeSet<View>) -> Announced {
        Announced {
            process: this_process(),
            org: org.to_string(),
            seq,
            views: Some(views.clone()),
        }
    }

    /// The announcement as it is sent, without its views where they do not fit.
    pub(super) fn to_text(&self) -> Result<String> {
        let text = serde_json::to_string(self)?;
        if text.len() <= BYTES_MAX {
            return Ok(text);
        }
        Ok(serde_json::to_string(&Announced {
            views: None,
            ..self.clone()
        })?)
    }
}

/// Listens to what is announced. It connects again by itself.
pub struct Listener(PgListener);

impl Listener {
    /// Begins to listen, within a runtime.
    pub async fn open(url: &str) -> Result<Listener> {
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .connect_lazy_with(options(url)?);
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(Listener(listener))
    }

    /// Waits for the next announcement of another process; none where the connection was lost and announcements may have
    /// been missed.
    pub async fn next(&mut self) -> Result<Option<Announced>> {
        loop {
            let Some(heard) = self.0.try_recv().await? else {
                return Ok(None);
            };
            let announced: Announced = serde_json::from_str(heard.payload())
                .map_err(|error| Fault::Unreadable(format!("an announcement: {error}")))?;
            if announced.process != this_process() {
                return Ok(Some(announced));
            }
        }
    }
}
