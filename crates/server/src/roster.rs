//! Rosters follow the clock: a profile says where its person inspects, and grants begin and end without anybody's doing.

use crate::{Office, Problem};
use domain::people::{ROSTER_GRANTS, profile_at, turned};
use domain::{Answer, Effect, Record};
use planted::{Bug, planted};
use policy::{Kind, Millis};
use std::sync::Arc;
use std::time::Duration;
use store::{OfficeTx, write};

/// How often the office looks.
const EVERY: Duration = Duration::from_secs(60);

/// Keeps the rosters until the program ends. What began or ended while nobody looked is made good at the first look.
pub async fn now_and_then(office: Arc<Office>) {
    let mut since = 0;
    loop {
        let (here, at) = (Arc::clone(&office), office.now());
        match tokio::task::spawn_blocking(move || look(&here, since, at)).await {
            Ok(Ok(profiles)) => {
                since = at;
                if profiles > 0 {
                    tracing::info!(profiles, "rosters follow grants that began or ended");
                }
            }
            Ok(Err(problem)) => tracing::warn!(problem.sentence, "rosters cannot be kept"),
            Err(error) => tracing::error!(%error, "keeping the rosters did not finish"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Nobody waits for the office's one writer unless the clock has changed something.
fn look(office: &Office, since: Millis, at: Millis) -> Result<usize, Problem> {
    let people = office.read(async |tx| Ok(turned(&grants(tx).await?, since, at)))?;
    if people.is_empty() {
        return Ok(0);
    }
    office.write(async |tx| keep(tx, since, at).await)
}

async fn grants<T: OfficeTx>(tx: &mut T) -> Result<Vec<Record>, Problem> {
    let (index, key) = ROSTER_GRANTS;
    Ok(tx.range(Kind::Grant, index, key).await?.records)
}

/// Writes the profiles of those who inspect elsewhere at `at` than at `since` because a grant began or ended in between; tells
/// how many were changed.
pub async fn keep<T: OfficeTx>(tx: &mut T, since: Millis, at: Millis) -> Result<usize, Problem> {
    let grants = grants(tx).await?;
    let calendars = tx.range(Kind::Calendar, "all", "").await?.records;
    let mut puts = Vec::new();
    for person in turned(&grants, since, at) {
        if let Answer::Found(profile) = tx.record(&person.into()).await? {
            puts.extend(profile_at(&profile, &grants, &calendars, at));
        }
    }
    let changed = puts.len();
    if changed > 0 && !planted(Bug::RosterNotKept) {
        write(tx, &Effect::puts(puts)).await?;
    }
    Ok(changed)
}
