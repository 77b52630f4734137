//! One handler per route. If one grows an `if`, the `if` belongs further in.

use super::extract::{Body, Credential, FirstByte, Known, Query, Unread, blocking, read};
use super::observe::counts;
use crate::accounts;
use crate::engine;
use crate::photos::{self, Received, Sending, Shown};
use crate::{Office, Problem, deposits};
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_RANGE, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use policy::RecordId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use store::OfficeTx;
use sync::{
    Control, ControlRequest, PullReply, PullRequest, PushReply, PushRequest, SignInReply, SignInRequest,
};

type Answer<T> = Result<Json<T>, Problem>;
type Here = State<Arc<Office>>;

/// The record a photo is sent for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhotoOf {
    record: RecordId,
}

/// The record a photo is sent for, and from which byte on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhotoFrom {
    record: RecordId,
    from: Option<u64>,
}

/// That the office answers and can read its database.
#[derive(Serialize, JsonSchema)]
pub struct Health {
    ok: bool,
}

/// That it was done.
#[derive(Serialize, JsonSchema)]
pub struct Done {
    done: bool,
}

/// The hash of the bytes that are kept.
#[derive(Serialize, JsonSchema)]
pub struct PhotoKept {
    hash: String,
}

/// How many bytes have come.
#[derive(Serialize, JsonSchema)]
pub struct PhotoArrived {
    arrived: u64,
}

pub async fn health(State(office): Here) -> Answer<Health> {
    blocking(move || office.read(async |tx| Ok(tx.org().await?))).await?;
    Ok(Json(Health { ok: true }))
}

pub async fn metrics(State(office): Here) -> Result<String, Problem> {
    let listeners = office.listeners();
    blocking(move || office.read(async |tx| Ok(tx.org().await?))).await?;
    let counted = counts().map(|counts| counts.render()).unwrap_or_default();
    Ok(format!(
        "# TYPE bailiwick_up gauge\nbailiwick_up 1\n\
         # TYPE bailiwick_devices_connected gauge\nbailiwick_devices_connected {listeners}\n{counted}"
    ))
}

pub async fn sign_in(State(office): Here, Body(request): Body<SignInRequest>) -> Answer<SignInReply> {
    let _turn = office.hashing.acquire().await.map_err(|_| store::Fault::Busy)?;
    let here = Arc::clone(&office);
    blocking(move || accounts::sign_in(&here, &request))
        .await
        .map(Json)
}

pub async fn sign_out(State(office): Here, Known(caller): Known) -> Answer<Done> {
    blocking(move || accounts::sign_out(&office, &caller)).await?;
    Ok(Json(Done { done: true }))
}

pub async fn control(
    State(office): Here,
    Credential(credential): Credential,
    request: Unread,
) -> Answer<Control> {
    blocking(move || {
        let at = office.now();
        office.write(async |tx| {
            let caller = accounts::caller(tx, &credential, at).await?;
            let request: ControlRequest = request.read()?;
            engine::control(tx, &caller, &request, at).await
        })
    })
    .await
    .map(Json)
}

pub async fn push(
    State(office): Here,
    Known(caller): Known,
    Body(request): Body<PushRequest>,
) -> Answer<PushReply> {
    blocking(move || {
        let at = office.now();
        office.write(async |tx| engine::push(tx, &caller, &request, at).await)
    })
    .await
    .map(Json)
}

pub async fn pull(
    State(office): Here,
    Credential(credential): Credential,
    request: Unread,
) -> Answer<PullReply> {
    blocking(move || {
        let at = office.now();
        let (pulled, device) = office.read(async |tx| {
            let caller = accounts::caller(tx, &credential, at).await?;
            let request: PullRequest = request.read()?;
            Ok((engine::pull(tx, &caller, &request, at).await?, caller.device))
        })?;
        if let Some(turn) = pulled.newly_shown {
            office.write(async |tx| Ok(tx.note_turn(&device, turn).await?))?;
        }
        Ok(pulled.reply)
    })
    .await
    .map(Json)
}

pub async fn put_photo(
    State(office): Here,
    Known(caller): Known,
    Path(hash): Path<String>,
    Query(PhotoFrom { record, from }): Query<PhotoFrom>,
    request: Request,
) -> Result<Response, Problem> {
    let sending = Sending { hash, record, from };
    Ok(
        match photos::receive(office, caller, sending, request.into_body()).await? {
            Received::Kept { hash } => Json(PhotoKept { hash }).into_response(),
            Received::OutOfStep { arrived } => out_of_step(arrived),
        },
    )
}

fn out_of_step(arrived: u64) -> Response {
    let sentence = format!("from: accepted is {arrived}, because so many bytes of this photo have come.");
    let said = json!({ "code": "out_of_step", "sentence": sentence, "arrived": arrived });
    (StatusCode::CONFLICT, Json(said)).into_response()
}

pub async fn get_arrived(
    State(office): Here,
    Known(caller): Known,
    Path(hash): Path<String>,
    Query(PhotoOf { record }): Query<PhotoOf>,
) -> Answer<PhotoArrived> {
    let arrived = blocking(move || photos::arrived(&office, &caller, &hash, &record)).await?;
    Ok(Json(PhotoArrived { arrived }))
}

pub async fn get_photo(
    State(office): Here,
    Known(caller): Known,
    Path(hash): Path<String>,
    FirstByte(from): FirstByte,
) -> Result<Response, Problem> {
    let shown = blocking(move || photos::show(&office, &caller, &hash, from.unwrap_or(0))).await?;
    Ok(match from {
        Some(from) if from >= shown.whole => beyond(shown.whole),
        Some(_) => the_rest(shown),
        None => picture(shown.media_type, shown.bytes),
    })
}

fn the_rest(shown: Shown) -> Response {
    let Shown { from, whole, .. } = shown;
    let range = format!("bytes {from}-{}/{whole}", whole.saturating_sub(1));
    let rest = picture(shown.media_type, shown.bytes);
    (StatusCode::PARTIAL_CONTENT, [(CONTENT_RANGE, range)], rest).into_response()
}

fn beyond(whole: u64) -> Response {
    let sentence = format!("Range: accepted is a first byte below {whole}, the size of the photo.");
    let problem = Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "beyond_the_end", sentence);
    ([(CONTENT_RANGE, format!("bytes */{whole}"))], problem).into_response()
}

pub async fn get_thumbnail(
    State(office): Here,
    Known(caller): Known,
    Path(hash): Path<String>,
) -> Result<Response, Problem> {
    let here = Arc::clone(&office);
    let _turn = office.decoding.acquire().await.map_err(|_| store::Fault::Busy)?;
    let bytes = blocking(move || photos::show_thumbnail(&here, &caller, &hash)).await?;
    Ok(picture("image/jpeg".to_owned(), bytes))
}

fn picture(media_type: String, bytes: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, media_type),
        (CACHE_CONTROL, "private, no-store".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, bytes).into_response()
}

pub async fn put_deposit(
    State(office): Here,
    Credential(token): Credential,
    Path(device): Path<String>,
    request: Request,
) -> Answer<Done> {
    let sealed = read(request, &()).await?;
    let here = Arc::clone(&office);
    let _turn = office.decoding.acquire().await.map_err(|_| store::Fault::Busy)?;
    blocking(move || deposits::take(&here, (&device, &token), &sealed)).await?;
    Ok(Json(Done { done: true }))
}

pub async fn look_deposit(
    State(office): Here,
    Credential(token): Credential,
    Path(device): Path<String>,
) -> Answer<Done> {
    blocking(move || deposits::look(&office, (&device, &token))).await?;
    Ok(Json(Done { done: true }))
}

pub async fn wiped(
    State(office): Here,
    Credential(token): Credential,
    Path(device): Path<String>,
) -> Answer<Done> {
    blocking(move || deposits::wiped(&office, (&device, &token))).await?;
    Ok(Json(Done { done: true }))
}

pub async fn basemap(State(office): Here, Known(_): Known) -> Result<Response, Problem> {
    let read = move || std::fs::read(office.file("basemap.json")).map_err(|_| Problem::not_found());
    let bytes = blocking(read).await?;
    Ok(([(CONTENT_TYPE, "application/json")], bytes).into_response())
}
