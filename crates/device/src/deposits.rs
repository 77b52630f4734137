//! What is left for the office when its person is shut out: unsent work, sealed so that only the office can open it.

use crate::files::failed;
use crate::person::Device;
use std::collections::BTreeSet;
use store::{Fault, Result};
use sync::{PUSH_BYTES_MAX, PUSH_COMMANDS_MAX, Parcel, ParcelOf};

/// Where the outbox keeps the office's public key.
const DEPOSIT_KEY: &str = "deposit_key";

impl Device {
    pub(crate) fn keep_deposit_key(&mut self, key: &str) -> Result<()> {
        // An office of an earlier version has none.
        if key.is_empty() || self.outbox.meta(DEPOSIT_KEY)?.as_deref() == Some(key) {
            return Ok(());
        }
        self.outbox.set_meta(DEPOSIT_KEY, key)
    }

    /// Seals what waits here: the changes, oldest first, then the photos. Nothing is taken out of the files. None where the
    /// office has never said its key. Each parcel is given on, so that never more than one lies in memory.
    pub fn seal_unsent(&self, mut give: impl FnMut(Vec<u8>) -> std::io::Result<()>) -> Result<()> {
        let Some(key) = self.outbox.meta(DEPOSIT_KEY)? else {
            return Ok(());
        };
        let mut seal = |what, bytes| {
            let sealed = Parcel { what, bytes }.seal(&key);
            let sealed =
                sealed.map_err(|error| Fault::Other(format!("unsent work was not sealed: {error:?}")))?;
            give(sealed).map_err(|error| failed(&error))
        };
        let mut sealed = BTreeSet::new();
        loop {
            let next = self.outbox.to_send(&sealed, PUSH_COMMANDS_MAX, PUSH_BYTES_MAX)?;
            if next.commands.is_empty() {
                break;
            }
            sealed.extend(next.commands.iter().map(|envelope| envelope.id.clone()));
            seal(ParcelOf::Commands(next.commands), Vec::new())?;
        }
        for queued in self.outbox.photo_queue()? {
            if let Some((media_type, bytes)) = self.outbox.photo(&queued.hash)? {
                let what = ParcelOf::Photo {
                    record: queued.record,
                    hash: queued.hash,
                    media_type,
                };
                seal(what, bytes)?;
            }
        }
        Ok(())
    }
}
