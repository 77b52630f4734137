//! What one laptop may have of the office's records, as far as it has heard.

use super::book::Canaries;
use super::sight::{Place, Shown};
use std::collections::HashMap;

/// What one laptop may have.
#[derive(Default)]
pub struct Holder {
    /// What it was shown of each record in each view since it holds it there, texts that were replaced since included.
    rows: HashMap<Place, Canaries>,
    /// What its person was told of themselves last, and before that where the file was not cleaned since.
    standing: Canaries,
    /// What was typed on it.
    pub typed: Canaries,
    /// All it was ever shown or told: what waits and what came back keeps the words it was given with.
    pub ever: Canaries,
}

impl Holder {
    /// It has heard its rights: what they do not give is gone. Where views were lost the file was cleaned at once.
    pub fn heard_rights(&mut self, shown: &Shown, is_cleaned: bool) {
        self.rows.retain(|(view, _), _| shown.views.contains(view));
        if is_cleaned {
            self.standing.clear();
        }
        self.standing.extend(&shown.standing);
        self.ever.extend(&shown.standing);
    }

    /// It has taken in a page. After the last, a record it is not shown any more is gone.
    pub fn took_page(&mut self, shown: &Shown, is_last: bool) {
        let mut before = std::mem::take(&mut self.rows);
        for (place, canaries) in &shown.rows {
            let mut held = before.remove(place).unwrap_or_default();
            held.extend(canaries.iter());
            self.ever.extend(canaries.iter());
            self.rows.insert(place.clone(), held);
        }
        match is_last {
            true => self.standing.clone_from(&shown.standing),
            false => self.rows.extend(before),
        }
    }

    /// What its cache may have.
    pub fn in_cache(&self) -> Canaries {
        let rows = self.rows.values().flatten();
        rows.chain(&self.standing).copied().collect()
    }
}
