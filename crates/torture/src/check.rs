//! What must hold after any blow: everything that was called saved is at the office once, or was given back to its author;
//! the files are sound; and the laptop holds what its person may see and nothing else.

use crate::cipher;
use crate::laptop::{KEY, Laptop, Stop};
use crate::report::Row;
use crate::town::{self, OTHERS, VISITS, WITHDRAWN};
use anyhow::{Context as _, Result};
use domain::{Answer, Body, Command, CommandId};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use store::sqlite::{Cache, Outbox};
use store::{Database, Fault, Lookup as _, OfficeTx as _, Place};

/// Work that the laptop has called saved: the command, and the note or photo that it brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub id: CommandId,
    pub brings: String,
}

/// What a command brings: the id of its note, the hash of its photo.
pub fn brings(command: &Command) -> String {
    match command {
        Command::AddNote(input) => input.note.to_string(),
        Command::AddPhoto(input) => input.hash.clone(),
        _ => String::new(),
    }
}

/// What the office has of Ana's visits.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// How often each note and photo stands there.
    pub times: BTreeMap<String, u32>,
    /// Photos whose bytes are not there.
    pub pending: BTreeSet<String>,
    /// Commands that were answered: whether they were taken.
    pub answered: BTreeMap<String, bool>,
}

/// Reads what the office has, and what it answered to these.
pub fn standing(place: &Place, ids: &[CommandId]) -> Result<Standing> {
    let org = policy::OrgId::parse("main")?;
    let mut db = Database::connect(place, &org)?;
    let visits = (0..VISITS).map(town::visit).collect::<Result<Vec<_>>>()?;
    let found = db.read(async |tx| {
        let mut standing = Standing::default();
        for visit in &visits {
            let Answer::Found(record) = tx.record(visit).await? else {
                continue;
            };
            let Body::Appointment(visit) = record.body else {
                continue;
            };
            for note in &visit.notes {
                *standing.times.entry(note.id.to_string()).or_default() += 1;
            }
            for photo in &visit.photos {
                *standing.times.entry(photo.hash.clone()).or_default() += 1;
                if photo.pending {
                    standing.pending.insert(photo.hash.clone());
                }
            }
        }
        for command in tx.load_commands(ids).await? {
            let is_taken = command.answer == sync::Answer::Taken;
            standing.answered.insert(command.id.as_str().to_owned(), is_taken);
        }
        Ok::<_, Fault>(standing)
    });
    Ok(found?)
}

/// Everything saved is at the office exactly once, or with its author and nowhere else. The laptop must have been drained.
pub fn nothing_lost(
    row: &mut Row,
    place: &Place,
    data_dir: &Path,
    saved: &[Saved],
    laptop: &Laptop,
) -> Result<()> {
    let ids: Vec<CommandId> = saved.iter().map(|saved| saved.id.clone()).collect();
    let standing = standing(place, &ids)?;
    let returned = laptop.device.returned()?;
    let returned: BTreeSet<&str> = returned.iter().map(|returned| returned.id.as_str()).collect();
    for Saved { id, brings } in saved {
        let times = standing.times.get(brings).copied().unwrap_or_default();
        match (standing.answered.get(id.as_str()), times) {
            (Some(true), 1) => {
                let is_photo = !brings.starts_with("note-");
                if is_photo && (standing.pending.contains(brings) || !has_photo(data_dir, brings)?) {
                    row.is_lost(&format!("the bytes of photo {brings}"));
                }
            }
            (Some(true), 0) => row.is_lost(&format!("{brings}, which was taken")),
            (Some(true), times) => row.is_corrupt(&format!("{brings} stands {times} times")),
            (Some(false), 0) if returned.contains(id.as_str()) => {}
            (Some(false), 0) => row.is_lost(&format!("{brings}, which was refused and not given back")),
            (Some(false), _) => row.is_corrupt(&format!("{brings} was refused and stands there")),
            (None, _) => row.is_lost(&format!("{brings}, of which the office never heard")),
        }
    }
    Ok(())
}

fn has_photo(data_dir: &Path, hash: &str) -> Result<bool> {
    let path = data_dir.join("photos").join(&hash[..2]).join(hash);
    match std::fs::read(&path) {
        Ok(bytes) => Ok(blake3::hash(&bytes).to_hex().as_str() == hash),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).context(path.display().to_string()),
    }
}

/// Every page of both files is as it was written.
pub fn files_are_sound(row: &mut Row, folder: &Path) -> Result<()> {
    match Cache::open(Some(&folder.join("cache.db")), &KEY).and_then(|cache| cache.is_sound()) {
        Ok(true) => {}
        Ok(false) => row.is_corrupt("the cache is not sound"),
        Err(fault) => row.is_corrupt(&format!("the cache cannot be opened: {fault}")),
    }
    match Outbox::open(Some(&folder.join("outbox.db")), &KEY).and_then(|outbox| outbox.is_sound()) {
        Ok(true) => {}
        Ok(false) => row.is_corrupt("the outbox is not sound"),
        Err(fault) => row.is_corrupt(&format!("the outbox cannot be opened: {fault}")),
    }
    Ok(())
}

/// The office's own database finds nothing wrong with itself. PostgreSQL has no such question.
pub fn office_is_sound(row: &mut Row, place: &Place) -> Result<()> {
    let Place::Sqlite(file) = place else { return Ok(()) };
    let db = rusqlite::Connection::open(file)?;
    let said: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if said != "ok" {
        row.is_corrupt(&said);
    }
    Ok(())
}

/// Whether these words stand anywhere in the files, free and unused space and the journal included.
pub fn holds(folder: &Path, words: &str) -> Result<bool> {
    for file in ["cache.db", "outbox.db"] {
        let plain = cipher::opened(&folder.join(file), &KEY.0)?;
        if cipher::contains(&plain, words) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Nothing of others is in the files, nor of what was withdrawn.
pub fn leaks_nothing(row: &mut Row, folder: &Path, is_withdrawn: bool) -> Result<()> {
    if holds(folder, OTHERS)? {
        row.is_leaked("records of others are in the files");
    }
    if is_withdrawn && holds(folder, WITHDRAWN)? {
        row.is_leaked("records whose right has ended are in the files");
    }
    Ok(())
}

/// The laptop holds, row by row, what a fresh one is given.
pub async fn holds_what_is_permitted(row: &mut Row, server: &str, laptop: &Laptop) -> Result<()> {
    let fresh = fresh(server).await?;
    let (held, permitted) = (laptop.device.held_rows()?, fresh.device.held_rows()?);
    if held.keys().any(|key| !permitted.contains_key(key)) {
        row.is_leaked("the laptop holds rows that a fresh one is not given");
    } else if held != permitted {
        row.is_corrupt("the laptop holds other rows than a fresh one");
    }
    Ok(())
}

async fn fresh(server: &str) -> Result<Laptop, anyhow::Error> {
    let folder = tempfile::tempdir()?;
    let filled = async {
        let mut laptop = Laptop::sign_in(server, folder.path()).await?;
        laptop.exchange(|_, _| {}).await?;
        Ok::<_, Stop>(laptop)
    };
    Ok(filled.await?)
}
