//! The push channel: a device hears that there is something new for it. The stream says no more than that; what is new
//! comes through the pull, where the rules are.

use super::extract::{Known, blocking};
use crate::engine::{Caller, standing};
use crate::office::Change;
use crate::{Office, Problem, accounts};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use policy::views::{View, of_actor};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio_stream::wrappers::ReceiverStream;

/// Streams `changed` whenever one of the caller's views changes. It ends when the credential does.
pub async fn stream(
    State(office): State<Arc<Office>>,
    Known(caller): Known,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let credential = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let credential = credential.trim_start_matches("Bearer ").to_owned();
    let mut changes = office.listen();
    let mut views = views_of(&office, &caller).await?;
    let (sender, receiver) = tokio::sync::mpsc::channel(8);
    tokio::spawn(async move {
        // The first word asks for a pull: something may have happened while nobody listened.
        if sender
            .send(Ok(Event::default().event("changed").data("{}")))
            .await
            .is_err()
        {
            return;
        }
        loop {
            let relevant = tokio::select! {
                () = sender.closed() => return,
                change = changes.recv() => match change {
                    Ok(Change::Views(changed)) => !changed.is_disjoint(&views),
                    Ok(Change::Anything) | Err(RecvError::Lagged(_)) => true,
                    Ok(Change::Closing) => return,
                    Err(RecvError::Closed) => return,
                },
            };
            if !relevant {
                continue;
            }
            let (here, token) = (Arc::clone(&office), credential.clone());
            if blocking(move || accounts::caller(&here, &token)).await.is_err() {
                let _ = sender.send(Ok(Event::default().event("ended").data("{}"))).await;
                return;
            }
            match views_of(&office, &caller).await {
                Ok(now) => views = now,
                Err(_) => return,
            }
            if sender
                .send(Ok(Event::default().event("changed").data("{}")))
                .await
                .is_err()
            {
                return;
            }
        }
    });
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Ok(Sse::new(ReceiverStream::new(receiver)).keep_alive(keep_alive))
}

async fn views_of(office: &Arc<Office>, caller: &Caller) -> Result<BTreeSet<View>, Problem> {
    let (office, caller) = (Arc::clone(office), caller.clone());
    blocking(move || {
        let at = office.now();
        office.read(async |tx| Ok(of_actor(&standing(tx, &caller, at).await?.0)))
    })
    .await
}
