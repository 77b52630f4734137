//! What changed since the person last looked. What they did themselves is no news: it is on the screen already.

use crate::model::Row;
use crate::overlay::Overlay;
use crate::person::Device;
use domain::inspections::{self, Appointment, News};
use domain::{Body, Record};
use policy::RecordId;
use std::collections::{BTreeMap, BTreeSet};
use store::sqlite::Cache;
use store::{Fault, Result};

/// What is news about each record.
pub(crate) type NewsByRecord = BTreeMap<RecordId, BTreeSet<News>>;

impl Device {
    /// The visits that changed since the person last looked, in the order of their days.
    pub fn news(&self) -> Result<Vec<Row>> {
        let mut visits = Vec::new();
        for id in self.news.keys() {
            if let Some(record) = self.held().get(id)? {
                let when = match &record.body {
                    Body::Appointment(visit) => (visit.day, visit.from_minute),
                    _ => (None, None),
                };
                visits.push((when, record));
            }
        }
        visits.sort_by_key(|(when, _)| *when);
        visits.into_iter().map(|(_, record)| self.row(record)).collect()
    }

    /// Notes that the person has looked at these records; true where there was news of any.
    pub fn looked_at(&mut self, ids: &[RecordId]) -> Result<bool> {
        let had_news = self.cache.looked_at(ids)?;
        for id in ids {
            self.news.remove(id);
        }
        Ok(had_news)
    }
}

/// All the news there is.
pub(crate) fn read(cache: &Cache) -> Result<NewsByRecord> {
    let mut all = NewsByRecord::new();
    for (id, what) in cache.news()? {
        let news =
            News::named(&what).ok_or_else(|| Fault::Unreadable(format!("no news is called {what}")))?;
        all.entry(id).or_default().insert(news);
    }
    Ok(all)
}

/// What to tell about a record that arrived: what is neither as the office sent it last nor as the screen showed it, with
/// the person's own work on top.
pub(crate) fn tell(
    overlay: &Overlay,
    reader: &str,
    before: Option<&Record>,
    after: &Record,
) -> Vec<&'static str> {
    let Body::Appointment(arrived) = &after.body else {
        return Vec::new();
    };
    let mut news = inspections::news(before.and_then(visit), arrived, reader);
    if let Some(shown) = overlay.record(&after.id).and_then(visit) {
        let differences = inspections::differences(shown, arrived);
        news.retain(|one| differences.contains(one));
    }
    news.into_iter().map(News::name).collect()
}

fn visit(record: &Record) -> Option<&Appointment> {
    match &record.body {
        Body::Appointment(visit) => Some(visit),
        _ => None,
    }
}
