//! The floor: the least that a sync can be. One plain table; a pull is one query on it, streamed and compressed; the
//! device writes what comes in one transaction. No permissions beyond the WHERE clause, no keys, no full text, no proof.

use crate::table::Table;
use crate::town;
use crate::wire::{self, Net};
use anyhow::{Context as _, Result};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_ENCODING;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use rusqlite::Connection;
use serde::Deserialize;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use store::Place;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use zstd::stream::write::Encoder;

/// The level the product's server packs with (tower-http's fastest).
const LEVEL: i32 = 1;
/// A packed part is sent when it has this many bytes.
const PART: usize = 32 * 1024;

type Here = State<Arc<Mutex<Table>>>;

/// The floor's server.
pub fn serve(place: &Place) -> Result<()> {
    let db = Arc::new(Mutex::new(Table::open(place)?));
    let router = Router::new()
        .route("/rows", get(rows))
        .route("/edits", post(edits))
        .with_state(db);
    wire::serve(router, std::future::ready(()))
}

#[derive(Deserialize)]
struct Since {
    dept: String,
    since: i64,
}

async fn rows(State(db): Here, Query(since): Query<Since>) -> Response {
    let (sender, receiver) = unbounded_channel();
    tokio::task::spawn_blocking(move || {
        let mut db = db.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = pack(&mut db, &since, &sender) {
            // The reply breaks off, and the client counts too few rows.
            let _ = sender.send(Err(std::io::Error::other(error.to_string())));
        }
    });
    let parts = futures::stream::unfold(receiver, async |mut parts| Some((parts.recv().await?, parts)));
    ([(CONTENT_ENCODING, "zstd")], Body::from_stream(parts)).into_response()
}

/// One line per row, `ID TAB BODY`, then a line with the number to ask from next time.
fn pack(db: &mut Table, since: &Since, parts: &UnboundedSender<std::io::Result<Bytes>>) -> Result<()> {
    let mut packing = Encoder::new(Vec::with_capacity(2 * PART), LEVEL)?;
    let mut newest = since.since;
    db.since(&since.dept, since.since, |id, body, seq| {
        for part in [id, "\t", body, "\n"] {
            packing.write_all(part.as_bytes())?;
        }
        newest = seq;
        if packing.get_ref().len() >= PART {
            parts.send(Ok(std::mem::take(packing.get_mut()).into()))?;
        }
        Ok(())
    })?;
    writeln!(packing, "{newest}")?;
    parts.send(Ok(packing.finish()?.into()))?;
    Ok(())
}

/// Lines `ID TAB NOTE`, written in one transaction.
async fn edits(State(db): Here, text: String) -> Result<&'static str, StatusCode> {
    let written = tokio::task::spawn_blocking(move || {
        let mut db = db.lock().unwrap_or_else(PoisonError::into_inner);
        let edits: Vec<(&str, &str)> = text.lines().filter_map(|line| line.split_once('\t')).collect();
        db.edit(town::CALENDAR, &edits)
    });
    match written.await {
        Ok(Ok(())) => Ok("done"),
        _ => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// The floor's device: one encrypted file of rows and one of edits, with the cipher and the settings of the product's.
pub struct Client {
    rows: Connection,
    edits: Connection,
}

fn open(path: &Path, synchronous: &str, tables: &str) -> Result<Connection> {
    let db = Connection::open(path)?;
    db.pragma_update(None, "key", format!("x'{}'", "07".repeat(32)))?;
    db.query_row("PRAGMA cipher_version", [], |_| Ok(()))
        .context("a build without the cipher")?;
    db.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 4000;
         PRAGMA synchronous = {synchronous}; {tables}"
    ))?;
    Ok(db)
}

impl Client {
    /// Opens the device's two files.
    pub fn open(folder: &Path) -> Result<Client> {
        let rows = "CREATE TABLE IF NOT EXISTS row (id TEXT PRIMARY KEY, body TEXT NOT NULL);
                    CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL);";
        let edits = "CREATE TABLE IF NOT EXISTS edit (n INTEGER PRIMARY KEY, id TEXT NOT NULL, note TEXT NOT NULL, sent INTEGER NOT NULL);";
        Ok(Client {
            rows: open(&folder.join("rows.db"), "NORMAL", rows)?,
            edits: open(&folder.join("edits.db"), "FULL", edits)?,
        })
    }

    /// Pulls what is new into one transaction. To have made as many commits as the product has, it makes `commits` in
    /// all: the others each write the one row that the product's smallest do. Gives how many rows came.
    pub fn pull(&mut self, net: &mut Net, url: &str, commits: usize) -> Result<usize> {
        let since: i64 = self
            .rows
            .query_row("SELECT coalesce(max(value), 0) FROM meta", [], |row| row.get(0))?;
        let mut count = 0;
        let mut newest = since;
        let tx = self.rows.transaction()?;
        let mut save = tx.prepare_cached(
            "INSERT INTO row (id, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
        )?;
        let mut rest = Vec::new();
        let request = net
            .http
            .get(format!("{url}/rows?dept={}&since={since}", town::CALENDAR));
        net.send(request, Vec::new(), |bytes| {
            rest.extend_from_slice(bytes);
            let mut begin = 0;
            while let Some(length) = rest[begin..].iter().position(|byte| *byte == b'\n') {
                let line = std::str::from_utf8(&rest[begin..begin + length])?;
                match line.split_once('\t') {
                    Some((id, body)) => count += save.execute([id, body])?,
                    None => newest = line.parse()?,
                }
                begin += length + 1;
            }
            rest.drain(..begin);
            Ok(())
        })?;
        drop(save);
        let note = "INSERT INTO meta (key, value) VALUES ('cursor', ?) ON CONFLICT DO UPDATE SET value = excluded.value";
        tx.execute(note, [newest])?;
        tx.commit()?;
        for _ in 1..commits {
            self.rows.execute(note, [newest])?;
        }
        Ok(count)
    }

    /// Saves edits without a network, a commit each.
    pub fn edit(&mut self, numbers: impl Iterator<Item = usize>, note: &str) -> Result<()> {
        for number in numbers {
            let id = town::id_of(number)?;
            self.edits.execute(
                "INSERT INTO edit (id, note, sent) VALUES (?, ?, 0)",
                [id.as_str(), note],
            )?;
        }
        Ok(())
    }

    /// Sends the edits, `at_once` in a request, and notes after each request that they are safe. Gives how many went.
    pub fn push(&mut self, net: &mut Net, url: &str, at_once: usize) -> Result<usize> {
        let mut find = self
            .edits
            .prepare("SELECT n, id, note FROM edit WHERE sent = 0 ORDER BY n")?;
        let waiting = find.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let waiting: Vec<(i64, String, String)> = waiting.collect::<rusqlite::Result<_>>()?;
        for part in waiting.chunks(at_once) {
            let text: String = part
                .iter()
                .map(|(_, id, note)| format!("{id}\t{note}\n"))
                .collect();
            net.send(net.http.post(format!("{url}/edits")), text.into_bytes(), |_| {
                Ok(())
            })?;
            let last = part.last().map_or(0, |(n, ..)| *n);
            self.edits
                .execute("UPDATE edit SET sent = 1 WHERE n <= ? AND sent = 0", [last])?;
        }
        Ok(waiting.len())
    }

    /// How many rows are held.
    pub fn count(&self) -> Result<usize> {
        Ok(self
            .rows
            .query_row("SELECT count(*) FROM row", [], |row| row.get(0))?)
    }
}
