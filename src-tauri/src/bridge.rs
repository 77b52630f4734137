//! The bridge: a handful of generic commands for all verticals. Each unpacks, calls and wraps.

use crate::app::{App, random};
use crate::problem::Problem;
use crate::status::{Status, now};
use chrono::NaiveDate;
use device::{Access, Holdings, OutboxPhoto, Returned, Row, Sheet, Submitted, Waiting};
use domain::inspections::Takers;
use domain::{Command, CommandId, Gap};
use policy::{Kind, RecordId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use store::Fault;
use store::sqlite::ListQuery;
use tauri::State;

pub type Here<'a> = State<'a, Arc<App>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInArgs {
    server: String,
    username: String,
    password: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordArgs {
    password: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOutArgs {
    discard: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListArgs {
    kind: Kind,
    index: String,
    from: String,
    to: String,
    limit: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdArgs {
    pub id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakersArgs {
    visits: Vec<RecordId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookedArgs {
    records: Vec<RecordId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayArgs {
    day: NaiveDate,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchArgs {
    text: String,
    limit: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubmitArgs {
    command: Command,
}

/// The map below the visits, as the office serves it.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Basemap {
    attribution: String,
    /// West, south, east, north.
    bounds: [f64; 4],
    features: Value,
}

#[tauri::command(async)]
pub fn status(app: Here<'_>) -> Status {
    app.status()
}

#[tauri::command]
pub async fn sign_in(app: Here<'_>, args: SignInArgs) -> Result<Status, Problem> {
    app.sign_in(&args.server, &args.username, &args.password).await?;
    Ok(app.status())
}

#[tauri::command(async)]
pub fn unlock(app: Here<'_>, args: PasswordArgs) -> Result<Status, Problem> {
    app.unlock(&args.password)?;
    Ok(app.status())
}

#[tauri::command(async)]
pub fn lock(app: Here<'_>) -> Result<Status, Problem> {
    app.lock()?;
    Ok(app.status())
}

#[tauri::command]
pub async fn sign_out(app: Here<'_>, args: SignOutArgs) -> Result<Status, Problem> {
    app.sign_out(args.discard).await?;
    Ok(app.status())
}

#[tauri::command(async)]
pub fn list(app: Here<'_>, args: ListArgs) -> Result<Vec<Row>, Problem> {
    let ListArgs {
        kind,
        index,
        from,
        to,
        limit,
    } = &args;
    app.with_session(|session| {
        Ok(session.device.list(ListQuery {
            kind: *kind,
            index,
            from,
            to,
            limit: *limit,
        })?)
    })
}

#[tauri::command(async)]
pub fn sheet(app: Here<'_>, args: IdArgs) -> Result<Option<Sheet>, Problem> {
    let id = RecordId::parse(args.id).map_err(|error| Problem::new("bad_id", error.to_string()))?;
    app.with_session(|session| Ok(session.device.sheet(now(), &id)?))
}

#[tauri::command(async)]
pub fn takers(app: Here<'_>, args: TakersArgs) -> Result<Vec<Takers>, Problem> {
    app.with_session(|session| Ok(session.device.takers(now(), &args.visits)??))
}

#[tauri::command(async)]
pub fn gaps(app: Here<'_>, args: DayArgs) -> Result<Vec<Gap>, Problem> {
    app.with_session(|session| Ok(session.device.gaps(args.day)?))
}

#[tauri::command(async)]
pub fn news(app: Here<'_>) -> Result<Vec<Row>, Problem> {
    app.with_session(|session| Ok(session.device.news()?))
}

#[tauri::command(async)]
pub fn looked_at(app: Here<'_>, args: LookedArgs) -> Result<(), Problem> {
    if app.with_session(|session| Ok(session.device.looked_at(&args.records)?))? {
        app.tell();
    }
    Ok(())
}

#[tauri::command(async)]
pub fn search(app: Here<'_>, args: SearchArgs) -> Result<Vec<Row>, Problem> {
    app.with_session(|session| Ok(session.device.search(&args.text, args.limit)?))
}

fn fresh_id() -> Result<CommandId, Problem> {
    Ok(CommandId::from_random(u128::from_le_bytes(random::<16>()?)))
}

/// The one door for changes: on the disk before this returns, sent when there is a connection.
pub fn give(app: &Arc<App>, command: Command, photo: Option<OutboxPhoto>) -> Result<Submitted, Problem> {
    let id = fresh_id()?;
    app.check_lease();
    let submitted = app.with_session(|session| Ok(session.device.submit(now(), id, command, photo)??))?;
    app.wake.notify_one();
    app.tell();
    Ok(submitted)
}

#[tauri::command(async)]
pub fn submit(app: Here<'_>, args: SubmitArgs) -> Result<Submitted, Problem> {
    give(&app, args.command, None)
}

#[tauri::command(async)]
pub fn undo(app: Here<'_>, args: IdArgs) -> Result<(), Problem> {
    let id = command_id(args.id)?;
    if !app.with_session(|session| Ok(session.device.undo(&id)?))? {
        return Err(Problem::new("already_sent", "This change has been sent already."));
    }
    app.tell();
    Ok(())
}

pub fn command_id(text: String) -> Result<CommandId, Problem> {
    CommandId::try_from(text).map_err(|sentence| Problem::new("bad_id", sentence))
}

#[tauri::command(async)]
pub fn outbox(app: Here<'_>) -> Result<Vec<Waiting>, Problem> {
    app.with_session(|session| Ok(session.device.waiting()?))
}

#[tauri::command(async)]
pub fn returned(app: Here<'_>) -> Result<Vec<Returned>, Problem> {
    app.with_session(|session| Ok(session.device.returned()?))
}

#[tauri::command(async)]
pub fn dismiss_returned(app: Here<'_>, args: IdArgs) -> Result<(), Problem> {
    let id = command_id(args.id)?;
    app.with_session(|session| Ok(session.device.dismiss(&id)?))?;
    app.tell();
    Ok(())
}

#[tauri::command(async)]
pub fn retry_returned(app: Here<'_>, args: IdArgs) -> Result<Submitted, Problem> {
    let id = command_id(args.id)?;
    let command = app.with_session(|session| Ok(session.device.returned_command(&id)?))?;
    let command = command.ok_or_else(|| Problem::new("bad_id", "There is no such returned change."))?;
    let submitted = give(&app, command, None)?;
    app.with_session(|session| Ok(session.device.dismiss(&id)?))?;
    app.tell();
    Ok(submitted)
}

#[tauri::command(async)]
pub fn access(app: Here<'_>) -> Result<Access, Problem> {
    app.with_session(|session| Ok(session.device.access(now())?))
}

#[tauri::command(async)]
pub fn holdings(app: Here<'_>) -> Result<Holdings, Problem> {
    app.with_session(|session| Ok(session.device.holdings()?))
}

#[tauri::command(async)]
pub fn seen_receipt(app: Here<'_>) -> Result<Status, Problem> {
    app.with_session(|session| Ok(session.device.seen_receipts()?))?;
    Ok(app.status())
}

#[tauri::command]
pub async fn basemap(app: Here<'_>) -> Result<Option<Basemap>, Problem> {
    let (path, client) = {
        let path = app.state().profile.basemap();
        (path, app.with_session(|session| Ok(session.client.clone()))?)
    };
    if let Ok(bytes) = std::fs::read(&path) {
        return Ok(serde_json::from_slice(&bytes).ok());
    }
    let Ok(Some(basemap)) = client.basemap().await else {
        return Ok(None);
    };
    let bytes = serde_json::to_vec(&basemap).map_err(Fault::from)?;
    std::fs::write(&path, bytes).map_err(|error| Fault::Other(error.to_string()))?;
    Ok(Some(basemap))
}

#[tauri::command]
pub async fn sync_now(app: Here<'_>) -> Result<Status, Problem> {
    app.with_session(|session| Ok(session.device.hurry_photos()?))?;
    app.wake.notify_one();
    Ok(app.status())
}
