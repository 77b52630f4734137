//! The push channel: a device hears that there is something new for it. The stream says no more than that; what is new
//! comes through the pull, where the rules are.

use super::extract::{Credential, blocking};
use crate::office::Change;
use crate::{Office, Problem, accounts};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use policy::views::View;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use store::standing;
use tokio::sync::broadcast::error::RecvError;
use tokio_stream::wrappers::ReceiverStream;

/// Streams `changed` whenever one of the caller's views changes. It ends when the credential does.
pub async fn stream(
    State(office): State<Arc<Office>>,
    Credential(credential): Credential,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let mut changes = office.listen();
    let mut views = views_of(&office, &credential).await?;
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
            let change = tokio::select! {
                () = sender.closed() => return,
                change = changes.recv() => change,
            };
            let may_be_others = match change {
                Ok(Change::Views(changed)) if changed.is_disjoint(&views) => continue,
                Ok(Change::Views(changed)) => changed.intersection(&views).any(View::leads_to_rights),
                Ok(Change::Anything) | Err(RecvError::Lagged(_)) => true,
                Ok(Change::Closing) | Err(RecvError::Closed) => return,
            };
            if may_be_others {
                match views_of(&office, &credential).await {
                    Ok(now) => views = now,
                    Err(problem)
                        if [StatusCode::UNAUTHORIZED, StatusCode::GONE].contains(&problem.status) =>
                    {
                        let _ = sender.send(Ok(Event::default().event("ended").data("{}"))).await;
                        return;
                    }
                    // What could not be read now is read when the device asks, or with the next change.
                    Err(problem) => tracing::warn!(code = problem.code, "a stream's views were not read"),
                }
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

/// What the credential's owner may see now.
async fn views_of(office: &Arc<Office>, credential: &str) -> Result<BTreeSet<View>, Problem> {
    let (office, credential) = (Arc::clone(office), credential.to_owned());
    blocking(move || {
        let at = office.now();
        office.read(async |tx| {
            let caller = accounts::caller(tx, &credential, at).await?;
            Ok(standing(tx, &caller.person, at).await?.views.clone())
        })
    })
    .await
}
