//! The pull step: what changed in the caller's views since the cursor, as one snapshot.

use super::Caller;
use super::cursor::Place;
use crate::Problem;
use domain::record::cut;
use planted::{Bug, planted};
use policy::views::{Mask, View};
use policy::{Kind, Millis};
use serde_json::value::RawValue;
use store::{Entry, Fault, OfficeTx, Standing, ViewHead, standing};
use sync::{PAGE_ROWS, Page, PullReply, PullRequest, Removed, Row, Tally};

/// Entries read from one or more views, complete up to a number.
struct Gathered {
    entries: Vec<(usize, Entry)>,
    upto: i64,
}

/// The answer to a pull.
#[derive(Debug)]
pub struct Pulled {
    pub reply: PullReply,
    /// The number given with the last control step, where this request shows for the first time that it came (FLT-13). Whoever
    /// asks notes it, because a pull writes nothing.
    pub newly_shown: Option<u64>,
}

/// Answers a pull with a page of at most about [`PAGE_ROWS`] rows. The epoch is checked inside the snapshot.
pub async fn pull<T: OfficeTx>(
    tx: &mut T,
    caller: &Caller,
    request: &PullRequest,
    at: Millis,
) -> Result<Pulled, Problem> {
    pull_page(tx, caller, request, at, PAGE_ROWS).await
}

/// The same with pages of about so many rows.
pub async fn pull_page<T: OfficeTx>(
    tx: &mut T,
    caller: &Caller,
    request: &PullRequest,
    at: Millis,
    page_rows: usize,
) -> Result<Pulled, Problem> {
    let org = tx.org().await?;
    let place = Place::read(&org, caller, &request.cursor)?;
    let newly_shown = (place.turn > caller.turn).then_some(place.turn);
    let standing = standing(tx, &caller.person, at).await?;
    let is_elsewhere =
        place.incarnation != org.incarnation && !planted(Bug::LifeNotCompared) || place.seq > org.seq;
    let reply = if place.epoch != standing.epoch || is_elsewhere || place.is_too_old(&org) {
        PullReply::RightsChanged
    } else {
        PullReply::Page(page(tx, &standing, place, request.tallies, (at, page_rows)).await?)
    };
    Ok(Pulled { reply, newly_shown })
}

/// What is new since a place.
async fn page<T: OfficeTx>(
    tx: &mut T,
    standing: &Standing,
    mut place: Place,
    with_tallies: bool,
    (at, page_rows): (Millis, usize),
) -> Result<Page, Problem> {
    let org = tx.org().await?;
    let views: Vec<View> = standing.views.iter().cloned().collect();
    let heads = tx.view_heads(&views).await?;
    let mut page = Builder::new(&views, page_rows);

    // Views that are complete first: what changed in them since, in the order it happened.
    let changed: Vec<(usize, ViewHead)> = views
        .iter()
        .zip(&heads)
        .enumerate()
        .filter(|(_, (view, _))| !place.filling.contains_key(view))
        .filter_map(|(index, (_, head))| head.filter(|head| head.seq > place.seq).map(|head| (index, head)))
        .collect();
    let gathered = gather(tx, &changed, (place.seq, org.seq), page_rows).await?;
    page.add(gathered.entries, true)?;
    place.seq = gathered.upto;

    // Then the views being filled, once the others have caught up with this snapshot.
    let mut filling = place.filling.clone();
    for (index, view) in views.iter().enumerate() {
        let Some(from) = place.filling.get(view).copied() else {
            continue;
        };
        if place.seq < org.seq || page.is_full() {
            break;
        }
        let head: Vec<(usize, ViewHead)> = heads[index].map(|head| (index, head)).into_iter().collect();
        let gathered = gather(tx, &head, (from, org.seq), page_rows).await?;
        page.add(gathered.entries, from > 0)?;
        if gathered.upto >= org.seq {
            filling.remove(view);
        } else {
            filling.insert(view.clone(), gathered.upto);
        }
    }
    place.filling = filling;

    let complete = place.seq == org.seq && place.filling.is_empty();
    let tallies = || {
        heads
            .iter()
            .map(|head| head.map(|head| head.tally).unwrap_or_default())
    };
    let Builder { rows, removed, .. } = page;
    let each = if complete && with_tallies {
        views.iter().cloned().zip(tallies()).collect()
    } else {
        Vec::new()
    };
    Ok(Page {
        epoch: standing.epoch.clone(),
        tally: complete.then(|| tallies().fold(Tally::default(), Tally::and)),
        tallies: each,
        views,
        rows,
        removed,
        cursor: place.write(&org)?,
        complete,
        at,
    })
}

/// Reads entries of several views after a number, in order, never dividing the changes of one command.
async fn gather<T: OfficeTx>(
    tx: &mut T,
    views: &[(usize, ViewHead)],
    (after, newest): (i64, i64),
    page_rows: usize,
) -> Result<Gathered, Problem> {
    let mut limit = page_rows;
    loop {
        let mut upto = newest;
        let mut entries = Vec::new();
        for (index, head) in views {
            let read = tx.entries(head, after, limit + 1).await?;
            if read.len() > limit {
                // The last number may have more entries than were read: it is left for the next page.
                upto = upto.min(read.last().map_or(after, |entry| entry.seq - 1));
            }
            entries.extend(read.into_iter().map(|entry| (*index, entry)));
        }
        entries.sort_by_key(|(_, entry)| entry.seq);
        if let Some((_, entry)) = entries.get(page_rows) {
            let first = entries.first().map_or(after, |(_, entry)| entry.seq);
            upto = upto.min((entry.seq - 1).max(first));
            if planted(Bug::PageDividesAChange) {
                upto = entry.seq;
                entries.truncate(page_rows);
            }
        }
        entries.retain(|(_, entry)| entry.seq <= upto);
        if upto > after || newest == after {
            return Ok(Gathered { entries, upto });
        }
        limit *= 4;
    }
}

/// A page in the making.
struct Builder<'a> {
    views: &'a [View],
    page_rows: usize,
    rows: Vec<Row>,
    removed: Vec<Removed>,
}

impl<'a> Builder<'a> {
    fn new(views: &'a [View], page_rows: usize) -> Builder<'a> {
        Builder {
            views,
            page_rows,
            rows: Vec::new(),
            removed: Vec::new(),
        }
    }

    fn is_full(&self) -> bool {
        self.rows.len() >= self.page_rows
    }

    /// Adds entries, each cut to what its view shows. A view that was never sent needs no removals.
    fn add(&mut self, entries: Vec<(usize, Entry)>, with_removals: bool) -> Result<(), Problem> {
        for (index, entry) in entries {
            let view = u16::try_from(index).map_err(|_| Fault::Other("too many views".to_owned()))?;
            match entry.row {
                Some((kind, revision, body)) => {
                    let mut mask = self.views[index].mask;
                    if planted(Bug::MaskWidened) && mask == Mask::Own {
                        mask = Mask::Onsite;
                    }
                    if planted(Bug::MaskOfAnotherView)
                        && kind == Kind::Appointment
                        && let Some(sent) = self.rows.iter().find(|row| row.id == entry.id)
                    {
                        mask = self.views[usize::from(sent.view)].mask;
                    }
                    let shown = cut(kind, mask, &body).map_err(Fault::from)?;
                    let body = RawValue::from_string(shown).map_err(Fault::from)?;
                    self.rows.push(Row {
                        view,
                        id: entry.id,
                        kind,
                        revision,
                        body,
                    });
                }
                None if planted(Bug::MoveNotTold) && self.rows.iter().any(|row| row.id == entry.id) => {}
                None if with_removals => self.removed.push(Removed { view, id: entry.id }),
                None => {}
            }
        }
        Ok(())
    }
}
