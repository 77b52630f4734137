//! Photos on the wire. A connection that breaks costs what was still on it: the office says how far it is, and the rest is
//! sent.

use crate::{Client, REPLY_MAX, Trouble, body, read, refused, strange, trouble, unreachable};
use device::{Photo, PhotoOutcome, PhotoProblem, PhotoToSend};
use futures::StreamExt as _;
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How many bytes of a photo are handed to the network at once.
const CHUNK: usize = 64 * 1024;
/// How long a photo may take: 8 MiB over a bad connection.
const PATIENCE: Duration = Duration::from_secs(15 * 60);
/// How often what the office has may turn out to be other than it said, before the photo waits for its next turn.
const STEPS_MAX: usize = 4;

/// How long a photo that somebody waits for may take, each time it is asked for.
const FETCH_PATIENCE: Duration = Duration::from_secs(60);
/// How often a photo is asked for whose connection breaks.
const TRIES_MAX: u32 = 5;
/// How long is waited after the first break; after the next ones longer.
const BETWEEN_TRIES: Duration = Duration::from_millis(300);

/// What the office says of a photo it keeps.
#[derive(Deserialize)]
struct PhotoKept {
    hash: String,
}

/// How many bytes of a photo have come from this laptop.
#[derive(Deserialize)]
struct PhotoArrived {
    arrived: u64,
}

/// What came of sending the rest of a photo.
enum Rest {
    Settled(PhotoOutcome),
    /// The office has so many bytes, not as many as it said.
    From(u64),
}

impl Client {
    /// Sends what the office does not have yet of a photo; `sent` counts all of it that has left. What the office makes of
    /// it is an outcome; a failure is that it could not be asked.
    pub async fn send_photo(
        &self,
        photo: &PhotoToSend,
        sent: &Arc<AtomicU64>,
    ) -> Result<PhotoOutcome, Trouble> {
        let mut next = self.arrived(photo).await?;
        for _ in 0..STEPS_MAX {
            match next {
                Rest::Settled(outcome) => return Ok(outcome),
                Rest::From(from) => next = self.send_rest(photo, from, sent).await?,
            }
        }
        Ok(failed(out_of_step(), StatusCode::CONFLICT))
    }

    /// How far the office is. One of an earlier version has no such word, and is sent the whole.
    async fn arrived(&self, photo: &PhotoToSend) -> Result<Rest, Trouble> {
        let path = format!("photos/{}/arrived?record={}", photo.hash, photo.record);
        let response = self.get(&path).await?;
        let status = response.status();
        if status.is_success() {
            let PhotoArrived { arrived } = read(response).await?;
            return Ok(Rest::From(arrived));
        }
        let problem = refused(response).await;
        match (status, problem.code.as_str()) {
            (StatusCode::UNAUTHORIZED | StatusCode::GONE, _) => Err(problem),
            (_, "no_such_route") => Ok(Rest::From(0)),
            _ => Ok(Rest::Settled(failed(problem, status))),
        }
    }

    async fn send_rest(
        &self,
        photo: &PhotoToSend,
        from: u64,
        sent: &Arc<AtomicU64>,
    ) -> Result<Rest, Trouble> {
        let start = usize::try_from(from).ok();
        let Some(rest) = start.and_then(|start| photo.bytes.get(start..)) else {
            return Err(strange());
        };
        sent.store(from, Ordering::Relaxed);
        let mut path = format!("photos/{}?record={}", photo.hash, photo.record);
        if from > 0 {
            path.push_str(&format!("&from={from}"));
        }
        let request = self
            .http
            .put(self.url(&path))
            .bearer_auth(&self.credential)
            .header("content-length", rest.len())
            .body(counted(rest, sent));
        let response = request.timeout(PATIENCE).send().await.map_err(unreachable)?;
        let status = response.status();
        if status.is_success() {
            let PhotoKept { hash } = read(response).await?;
            return Ok(Rest::Settled(PhotoOutcome::Kept { hash }));
        }
        let said: Option<Value> = serde_json::from_slice(&body(response).await.unwrap_or_default()).ok();
        let arrived = said.as_ref().and_then(|said| said.get("arrived")?.as_u64());
        let problem = trouble(status, said);
        match (status, arrived) {
            (StatusCode::UNAUTHORIZED | StatusCode::GONE, _) => Err(problem),
            (StatusCode::CONFLICT, Some(arrived)) => Ok(Rest::From(arrived)),
            // What lay at the office was not the beginning of this photo. It is gone there, so the whole is sent.
            (StatusCode::UNPROCESSABLE_ENTITY, _) if from > 0 && problem.code == "wrong_hash" => {
                Ok(Rest::From(0))
            }
            _ => Ok(Rest::Settled(failed(problem, status))),
        }
    }

    /// Fetches a photo made small.
    pub async fn thumbnail(&self, hash: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let response = self.get(&format!("photos/{hash}/thumbnail")).await?;
        if response.status() == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        if !response.status().is_success() {
            return Err(refused(response).await);
        }
        body(response).await.map(Some)
    }

    /// Fetches a photo. Where the connection breaks, what has come is kept and the rest is asked for, a few times.
    pub async fn photo(&self, hash: &str) -> Result<Option<Photo>, Trouble> {
        let mut come = Photo {
            media_type: String::new(),
            bytes: Vec::new(),
        };
        let mut tries = 1;
        loop {
            match self.fetch_on(hash, &mut come).await {
                Ok(true) => break,
                Ok(false) => return Ok(None),
                Err(trouble) if trouble.code != "server_unreachable" || tries == TRIES_MAX => {
                    return Err(trouble);
                }
                Err(_) => tokio::time::sleep(BETWEEN_TRIES * tries).await,
            }
            tries += 1;
        }
        if blake3::hash(&come.bytes).to_hex().as_str() != hash {
            return Err(strange());
        }
        Ok(Some(come))
    }

    /// Fetches what has not come yet of a photo; false where there is none to see.
    async fn fetch_on(&self, hash: &str, come: &mut Photo) -> Result<bool, Trouble> {
        let from = come.bytes.len();
        let mut request = self.http.get(self.url(&format!("photos/{hash}")));
        if from > 0 {
            request = request.header("range", format!("bytes={from}-"));
        }
        let request = request.bearer_auth(&self.credential).timeout(FETCH_PATIENCE);
        let response = request.send().await.map_err(unreachable)?;
        let begins = match response.status() {
            StatusCode::NOT_FOUND => return Ok(false),
            // All of it had come, and the connection broke after that.
            StatusCode::RANGE_NOT_SATISFIABLE if from > 0 => return Ok(true),
            StatusCode::PARTIAL_CONTENT => format!("bytes {from}-"),
            // An office of an earlier version sends the whole again.
            status if status.is_success() => {
                come.bytes.clear();
                String::new()
            }
            _ => return Err(refused(response).await),
        };
        let text = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        if !text("content-range").unwrap_or_default().starts_with(&begins) {
            return Err(strange());
        }
        come.media_type = text("content-type")
            .unwrap_or("application/octet-stream")
            .to_owned();
        let mut stream = response.bytes_stream();
        while let Some(chunk) = stream.next().await {
            come.bytes.extend_from_slice(&chunk.map_err(unreachable)?);
            if come.bytes.len() > REPLY_MAX {
                return Err(strange());
            }
        }
        Ok(true)
    }
}

/// A body that counts what the network has taken of it.
fn counted(bytes: &[u8], sent: &Arc<AtomicU64>) -> reqwest::Body {
    let chunks: Vec<Vec<u8>> = bytes.chunks(CHUNK).map(<[u8]>::to_vec).collect();
    let sent = Arc::clone(sent);
    reqwest::Body::wrap_stream(futures::stream::iter(chunks).map(move |chunk| {
        sent.fetch_add(chunk.len() as u64, Ordering::Relaxed);
        Ok::<_, Infallible>(chunk)
    }))
}

/// What the office will not have, or cannot take now.
fn failed(problem: Trouble, status: StatusCode) -> PhotoOutcome {
    let sentence = match status {
        StatusCode::NOT_FOUND => {
            "The office no longer lets you add photos to this visit. The photo is kept here.".to_owned()
        }
        // A proxy in front of the office may have limits of its own, and says so in its own words.
        StatusCode::PAYLOAD_TOO_LARGE => {
            "The photo is too large for the office, or for the network before it.".to_owned()
        }
        _ => problem.sentence,
    };
    PhotoOutcome::Failed(PhotoProblem {
        code: problem.code,
        sentence,
        refused: matches!(
            status,
            StatusCode::NOT_FOUND | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNPROCESSABLE_ENTITY
        ),
    })
}

fn out_of_step() -> Trouble {
    let sentence = "The office and this laptop do not agree how much of the photo has arrived.";
    Trouble::new("out_of_step", sentence)
}
