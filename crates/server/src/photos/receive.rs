//! A photo on its way in. What has come is written as it comes, so that a connection that breaks costs only what was still
//! on the wire: the device asks how far the office is, and sends the rest.

use super::arriving::Arriving;
use super::{files, keep, named, quota, wrong_hash};
use crate::engine::Caller;
use crate::http::{blocking, body_cut, too_large};
use crate::office::Office;
use crate::problem::Problem;
use axum::body::{Body, HttpBody as _};
use domain::inspections::PHOTO_BYTES_MAX;
use futures::StreamExt as _;
use policy::RecordId;
use std::fs::File;
use std::sync::Arc;
use store::Fault;
use tokio::io::AsyncWriteExt as _;

/// Which photo is sent, and from where on.
pub struct Sending {
    pub hash: String,
    pub record: RecordId,
    /// From this byte to the end; without it, the whole photo anew.
    pub from: Option<u64>,
}

/// What came of it.
pub enum Received {
    /// The photo is whole and kept; the hash is that of what lies on the disk.
    Kept { hash: String },
    /// Something else is here than the device believes: it goes on from there.
    OutOfStep { arrived: u64 },
}

/// How many bytes of a photo have come from the caller's device, where the caller may add that photo there.
pub fn arrived(office: &Office, caller: &Caller, hash: &str, record: &RecordId) -> Result<u64, Problem> {
    let arriving = Arriving::of(office, caller, hash);
    takes(office, caller, (hash, record), &arriving)?;
    arriving.length().map_err(|error| files::fault(&error))
}

/// Takes a photo, or the rest of one, and keeps it once it is whole.
pub async fn receive(
    office: Arc<Office>,
    caller: Caller,
    sending: Sending,
    body: Body,
) -> Result<Received, Problem> {
    if body.size_hint().lower() > u64::from(PHOTO_BYTES_MAX) {
        return Err(too_large());
    }
    let sending = Arc::new((caller, sending));
    let (here, about) = (Arc::clone(&office), Arc::clone(&sending));
    let (file, from, bytes) = match blocking(move || begin(&here, &about.0, &about.1)).await? {
        Begun::At { file, from, bytes } => (file, from, bytes),
        Begun::OutOfStep { arrived } => return Ok(Received::OutOfStep { arrived }),
    };
    let reached = write_down(file, body, from, bytes).await?;
    let _turn = office.decoding.acquire().await.map_err(|_| Fault::Busy)?;
    let here = Arc::clone(&office);
    blocking(move || end(&here, &sending.0, &sending.1, reached <= bytes)).await
}

/// How many bytes a photo has that the office would take now.
fn takes(
    office: &Office,
    caller: &Caller,
    (hash, record): (&str, &RecordId),
    arriving: &Arriving,
) -> Result<u64, Problem> {
    let half_sent = arriving.beside().map_err(|error| files::fault(&error))?;
    let named = office.read(async |tx| {
        let named = named(office, tx, caller, hash, record).await?;
        quota::fits(tx, caller, (&named.photo, record), half_sent, office.now()).await?;
        Ok(named)
    })?;
    Ok(u64::from(named.photo.bytes.min(PHOTO_BYTES_MAX)))
}

/// Where a photo is written to.
enum Begun {
    At {
        file: File,
        from: u64,
        /// How many bytes the photo has.
        bytes: u64,
    },
    OutOfStep {
        arrived: u64,
    },
}

/// Nothing is written for somebody who may not add the photo.
fn begin(office: &Office, caller: &Caller, sending: &Sending) -> Result<Begun, Problem> {
    let Sending { hash, record, from } = sending;
    let arriving = Arriving::of(office, caller, hash);
    let bytes = takes(office, caller, (hash, record), &arriving)?;
    let fault = |error: std::io::Error| files::fault(&error);
    let arrived = arriving.length().map_err(fault)?;
    let (file, from) = match *from {
        Some(from) if from != arrived => return Ok(Begun::OutOfStep { arrived }),
        Some(from) if from > 0 => (arriving.from(from).map_err(fault)?, from),
        _ => (arriving.anew().map_err(fault)?, 0),
    };
    Ok(Begun::At { file, from, bytes })
}

/// Writes what comes, and no more than the photo has; gives how far it would reach.
async fn write_down(file: File, body: Body, from: u64, bytes: u64) -> Result<u64, Problem> {
    let fault = |error: std::io::Error| files::fault(&error);
    let mut file = tokio::fs::File::from_std(file);
    let mut stream = body.into_data_stream();
    let mut reached = from;
    while let Some(chunk) = stream.next().await {
        let Ok(chunk) = chunk else {
            // What has come is waited for: the device is soon back to ask how far it went.
            file.flush().await.map_err(fault)?;
            return Err(body_cut());
        };
        let room = usize::try_from(bytes.saturating_sub(reached)).unwrap_or(usize::MAX);
        file.write_all(&chunk[..chunk.len().min(room)])
            .await
            .map_err(fault)?;
        reached += chunk.len() as u64;
        // Read to its end although it is too long, so that the device reads the answer.
        if reached - from > u64::from(PHOTO_BYTES_MAX) {
            return Err(too_large());
        }
    }
    file.flush().await.map_err(fault)?;
    Ok(reached)
}

/// Keeps what has come, where it is the photo. What the office will not have is not gone on with either.
fn end(office: &Office, caller: &Caller, sending: &Sending, fits: bool) -> Result<Received, Problem> {
    let Sending { hash, record, .. } = sending;
    let arriving = Arriving::of(office, caller, hash);
    let fault = |error: std::io::Error| files::fault(&error);
    let kept = if fits {
        let bytes = arriving.bytes().map_err(fault)?;
        keep(office, caller, hash, record, &bytes)
    } else {
        Err(wrong_hash())
    };
    // A fault of the office's own is no reason to send everything again.
    if kept
        .as_ref()
        .map_or_else(|problem| !problem.status.is_server_error(), |_| true)
    {
        arriving.forget().map_err(fault)?;
    }
    Ok(Received::Kept { hash: kept? })
}
