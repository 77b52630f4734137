//! Golden files: a laptop's cache and outbox as one format of them left the disk, small, under a fixed key. Every later
//! version opens and drains them; the cache may be filled anew.

use crate::check::{Saved, brings};
use crate::here::{Here, place, scratch};
use crate::laptop::{Laptop, Stop};
use crate::{now, town};
use anyhow::{Context as _, Result, ensure};
use device::Request;
use policy::RecordId;
use serde::{Deserialize, Serialize};
use sim::Rng;
use std::path::Path;

/// The two files, as the product names them.
pub const FILES: [&str; 2] = ["cache.db", "outbox.db"];
/// What they hold, beside them.
const EXPECTED: &str = "expected.json";

/// What is in the outbox, by the note or photo that each command brings.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The office has taken it and its change has come back; kept for an office restored from an older backup.
    pub journalled: Vec<String>,
    /// The office has taken it, and its change has not come back.
    pub taken: Vec<String>,
    pub waiting: Vec<String>,
    /// The office refused it.
    pub returned: Vec<String>,
    /// Receipts of what was removed.
    pub receipts: usize,
    /// Photos whose bytes are here.
    pub photos: u64,
}

impl Expected {
    /// What a folder of golden files is said to hold.
    pub fn read(folder: &Path) -> Result<Expected> {
        Ok(serde_json::from_slice(&std::fs::read(folder.join(EXPECTED))?)?)
    }
}

/// Makes files of the format as it is now.
pub async fn make(to: &Path) -> Result<()> {
    let folder = scratch()?;
    town::build(&place(folder.path()))?;
    let files = folder.path().join("laptop");
    std::fs::create_dir_all(&files)?;
    let office = Here::serve(folder.path()).await?;
    let mut rng = Rng::new(1);
    let mut expected = Expected::default();
    let mut laptop = Laptop::sign_in(&office.url, &files).await?;
    laptop.exchange(|_, _| {}).await?;
    for saved in [
        notes(&mut laptop, &mut rng, 2)?,
        vec![photo(&mut laptop, &mut rng)?],
    ] {
        expected
            .journalled
            .extend(saved.into_iter().map(|saved| saved.brings));
    }
    laptop.drain().await?;
    // Written offline for a visit whose right has ended meanwhile.
    let mut late = town::note(&mut rng)?;
    if let domain::Command::AddNote(note) = &mut late {
        note.appointment = RecordId::parse("visit-c00")?;
    }
    expected.returned.push(brings(&late));
    laptop.does(&mut rng, late, None)?;
    town::set_second_role(&place(folder.path()), true)?;
    laptop.drain().await?;
    // Answered, and then the lid was closed.
    let taken = notes(&mut laptop, &mut rng, 2)?;
    expected.taken = taken.into_iter().map(|saved| saved.brings).collect();
    laptop.device.begin_exchange();
    loop {
        let request = laptop
            .device
            .next_request()?
            .context("the exchange ended too soon")?;
        let reply = laptop.client.send(&request).await.map_err(Stop::from)?;
        laptop.device.settle(now(), &request, reply)?;
        if matches!(request, Request::Push(_)) {
            break;
        }
    }
    for saved in [
        notes(&mut laptop, &mut rng, 3)?,
        vec![photo(&mut laptop, &mut rng)?],
    ] {
        expected
            .waiting
            .extend(saved.into_iter().map(|saved| saved.brings));
    }
    expected.receipts = laptop.device.receipts()?.len();
    let (waiting, returned, photos) = laptop.device.counts()?;
    expected.photos = photos;
    ensure!(
        waiting == 4 && returned == 1 && photos == 1 && expected.receipts > 0,
        "{waiting} wait, {returned} returned, {photos} photos, {} receipts",
        expected.receipts
    );
    drop(laptop);
    std::fs::create_dir_all(to)?;
    for file in FILES {
        ensure!(
            !files.join(format!("{file}-wal")).exists(),
            "{file} was not closed properly"
        );
        std::fs::copy(files.join(file), to.join(file))?;
    }
    std::fs::write(to.join(EXPECTED), serde_json::to_string_pretty(&expected)? + "\n")?;
    Ok(())
}

fn notes(laptop: &mut Laptop, rng: &mut Rng, count: usize) -> Result<Vec<Saved>> {
    (0..count)
        .map(|_| {
            let command = town::note(rng)?;
            let brings = brings(&command);
            let id = laptop.does(rng, command, None)?;
            Ok(Saved { id, brings })
        })
        .collect()
}

fn photo(laptop: &mut Laptop, rng: &mut Rng) -> Result<Saved> {
    let (command, photo) = town::photo(rng)?;
    let brings = brings(&command);
    let id = laptop.does(rng, command, Some(photo))?;
    Ok(Saved { id, brings })
}
