//! The control step: which views the device has lost and gained. Ahead of everything else, and small.

use super::Caller;
use super::cursor::Place;
use crate::Problem;
use axum::http::StatusCode;
use planted::{Bug, planted};
use policy::Millis;
use policy::views::View;
use std::collections::{BTreeMap, BTreeSet};
use store::{OfficeTx, standing};
use sync::{Control, ControlRequest, LEASE_MILLIS, Lease};

/// No laptop is given as many.
const TURN_MAX: u64 = 1 << 62;

/// Answers the control step and notes in the ledger what the device holds from now on.
pub async fn control<T: OfficeTx>(
    tx: &mut T,
    caller: &Caller,
    request: &ControlRequest,
    at: Millis,
) -> Result<Control, Problem> {
    let shown = request.turn.unwrap_or(caller.turn).min(TURN_MAX);
    if shown < caller.turn && !planted(Bug::ForkNotNoticed) {
        return Err(forked());
    }
    let org = tx.org().await?;
    for receipt in &request.receipts {
        tx.note_receipt(&caller.device, receipt, at).await?;
    }
    let known = match &request.cursor {
        Some(cursor) => Some(Place::read(&org, caller, cursor)?).filter(|place| {
            // A place in another life of the database means nothing in this one; nor does one from its future.
            (place.incarnation == org.incarnation || planted(Bug::LifeNotCompared))
                && (place.seq <= org.seq || planted(Bug::AheadNotNoticed))
        }),
        None => None,
    };
    let too_old = known.as_ref().is_some_and(|place| place.is_too_old(&org));
    let before = known.filter(|_| !too_old);
    let standing = standing(tx, &caller.person, at).await?;
    let (views, epoch) = (&standing.views, standing.epoch.clone());
    let held: BTreeSet<View> = if before.is_some() {
        request.held.iter().cloned().collect()
    } else {
        BTreeSet::new()
    };
    let lost: Vec<View> = request
        .held
        .iter()
        .filter(|view| before.is_none() || !views.contains(view))
        .cloned()
        .collect();
    let gained: Vec<View> = views.difference(&held).cloned().collect();

    let mut filling: BTreeMap<View, i64> = before
        .as_ref()
        .filter(|_| !planted(Bug::FillingForgotten))
        .map(|place| place.filling.clone())
        .unwrap_or_default();
    filling.retain(|view, _| views.contains(view));
    let filling_since = before
        .as_ref()
        .filter(|_| !filling.is_empty())
        .map_or(org.seq, |place| place.filling_since);
    filling.extend(gained.iter().map(|view| (view.clone(), 0)));
    let rows_to_come = to_come(tx, &filling).await?;

    let place = Place {
        incarnation: org.incarnation.clone(),
        person: caller.person.to_string(),
        device: caller.device.clone(),
        epoch: epoch.clone(),
        seq: before.map_or(org.seq, |place| place.seq),
        filling,
        filling_since,
        turn: shown + 1,
    };
    let all: Vec<View> = views.iter().cloned().collect();
    tx.note_held(&caller.device, &epoch, &all, at).await?;
    tx.note_turn(&caller.device, shown).await?;
    tx.renew_device(&caller.device, at, at + LEASE_MILLIS).await?;
    Ok(Control {
        epoch,
        incarnation: org.incarnation.clone(),
        rights: standing.actor.rights.clone(),
        lost,
        gained,
        cursor: place.write(&org)?,
        lease: Lease {
            issued: at,
            expires: at + LEASE_MILLIS,
        },
        rows_to_come,
        deposit_key: sync::deposit_key(&org.secret),
        too_old,
        turn: shown + 1,
    })
}

/// The laptop was copied, or put back from an older copy of itself: what it has was given before what another has shown.
fn forked() -> Problem {
    let sentence = "Another copy of this laptop has worked at your office since. Sign in to go on here as a laptop of its own; what waits is kept.";
    Problem::new(StatusCode::CONFLICT, "fork", sentence)
}

async fn to_come<T: OfficeTx>(tx: &mut T, filling: &BTreeMap<View, i64>) -> Result<u64, Problem> {
    let views: Vec<View> = filling.keys().cloned().collect();
    let heads = tx.view_heads(&views).await?;
    Ok(heads.into_iter().flatten().map(|head| head.tally.count).sum())
}
