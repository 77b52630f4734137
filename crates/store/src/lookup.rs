//! How a rule's needs are met: the same loop on the laptop and in the office.

use crate::Result;
use domain::{Answer, Command, Found, Need, Range};
use policy::{Kind, RecordId};

/// A copy of the records, whole or in part.
#[expect(
    async_fn_in_trait,
    reason = "each caller knows its own store, so nobody needs the futures to be Send in general"
)]
pub trait Lookup {
    /// One record.
    async fn record(&mut self, id: &RecordId) -> Result<Answer>;

    /// The records of a kind whose key in an index begins with `prefix`.
    async fn range(&mut self, kind: Kind, index: &str, prefix: &str) -> Result<Range>;
}

/// Looks up all that a command's rule asks for.
pub async fn find(lookup: &mut impl Lookup, command: &Command) -> Result<Found> {
    find_for(lookup, |found| command.missing(found)).await
}

/// Looks up all that is missing, until nothing is. A rule may ask again once it has seen its first answers.
pub async fn find_for(lookup: &mut impl Lookup, missing: impl Fn(&Found) -> Vec<Need>) -> Result<Found> {
    let mut found = Found::default();
    loop {
        let missing = missing(&found);
        if missing.is_empty() {
            return Ok(found);
        }
        for need in missing {
            match &need {
                Need::Record(id) => {
                    let answer = lookup.record(id).await?;
                    found.records.insert(id.clone(), answer);
                }
                Need::Index { kind, index, prefix } => {
                    let range = lookup.range(*kind, index, prefix).await?;
                    found.ranges.insert(need, range);
                }
            }
        }
    }
}

/// The least text that is greater than every text with this prefix. Keys are plain text, below U+10FFFF.
pub(crate) fn after_prefix(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}
