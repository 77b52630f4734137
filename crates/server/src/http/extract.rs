//! What handlers are given: a caller whose credential was checked, and a body that was read strictly.

use crate::accounts;
use crate::engine::Caller;
use crate::{Office, Problem};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::header::RANGE;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// What the `Authorization` header holds, not yet looked up.
pub struct Credential(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Credential {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Credential, Problem> {
        let header = parts
            .headers
            .get("authorization")
            .and_then(|value| value.to_str().ok());
        let credential = header.and_then(|value| value.strip_prefix("Bearer "));
        credential
            .map(|credential| Credential(credential.to_owned()))
            .ok_or_else(|| {
                Problem::unauthorized("credential_missing", "Sign in first: no credential was sent.")
            })
    }
}

/// Whoever the credential belongs to, looked up before the body is read.
pub struct Known(pub Caller);

impl FromRequestParts<Arc<Office>> for Known {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, office: &Arc<Office>) -> Result<Known, Problem> {
        let Credential(credential) = Credential::from_request_parts(parts, office).await?;
        let office = Arc::clone(office);
        blocking(move || {
            let at = office.now();
            office.read(async |tx| accounts::caller(tx, &credential, at).await)
        })
        .await
        .map(Known)
    }
}

/// A JSON body. Unknown fields, wrong types and too much depth are named in the answer.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Body<T>, Problem> {
        Unread::from_request(request, state).await?.read().map(Body)
    }
}

/// A JSON body that is not looked at until it is known who sent it.
pub struct Unread(Bytes);

impl Unread {
    /// Reads it.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_json::from_slice(&self.0).map_err(|error| {
            Problem::bad_request("body_invalid", format!("The request cannot be read: {error}."))
        })
    }
}

impl<S: Send + Sync> FromRequest<S> for Unread {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Unread, Problem> {
        read(request, state).await.map(Unread)
    }
}

/// What stands after the question mark. What cannot be read is named in the answer.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Query<T>, Problem> {
        let asked = axum::extract::Query::from_request_parts(parts, state).await;
        asked
            .map(|axum::extract::Query(asked)| Query(asked))
            .map_err(|error| {
                let sentence = format!("The address cannot be read: {error}.");
                Problem::bad_request("query_invalid", sentence)
            })
    }
}

/// The bytes of a body, up to the route's limit.
pub async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            too_large()
        } else {
            body_cut()
        }
    })
}

/// From which byte on something is asked for: `Range: bytes=N-`. Any other range is answered with the whole, as the standard
/// lets it be.
pub struct FirstByte(pub Option<u64>);

impl<S: Send + Sync> FromRequestParts<S> for FirstByte {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<FirstByte, Problem> {
        let range = parts.headers.get(RANGE).and_then(|value| value.to_str().ok());
        let first = range.and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-'));
        let is_number = |first: &&str| !first.is_empty() && first.bytes().all(|digit| digit.is_ascii_digit());
        Ok(FirstByte(
            first.filter(is_number).and_then(|first| first.parse().ok()),
        ))
    }
}

/// More was sent than is accepted.
pub fn too_large() -> Problem {
    let sentence = "The request is too large: 2 MiB of JSON or 8 MiB of photo are accepted.";
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", sentence)
}

/// The connection broke before everything had come.
pub fn body_cut() -> Problem {
    Problem::bad_request("body_cut", "The request ended before it was complete.")
}

/// Carries out work that waits for the disk, away from the threads that serve the network.
pub async fn blocking<R: Send + 'static>(
    work: impl FnOnce() -> Result<R, Problem> + Send + 'static,
) -> Result<R, Problem> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(store::Fault::Other(format!("work did not finish: {error}")).into()),
    }
}
