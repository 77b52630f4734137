//! Files of every format there has been, opened by today's version and drained into an office: no version may strand work
//! that an earlier one has saved.

use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::root;
use domain::CommandId;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use store::sqlite::{Cache, Outbox};
use torture::check::{self, Saved};
use torture::golden::{Expected, FILES};
use torture::here::{Here, copy, laptop_of, place, scratch};
use torture::laptop::{KEY, Laptop, Stop};
use torture::town;

/// The folders of golden files, one for each format.
fn formats() -> Result<Vec<PathBuf>> {
    let folder = root().join("tests/golden");
    let mut formats = Vec::new();
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.is_dir() {
            formats.push(path);
        }
    }
    ensure!(
        formats.iter().any(|path| path.ends_with("1")),
        "the first format is missing"
    );
    Ok(formats)
}

/// What every command in the outbox brings, by the table it stands in.
fn commands(outbox: &Path, table: &str) -> Result<Vec<Saved>> {
    let db = Connection::open(outbox)?;
    let hex: String = KEY.0.iter().map(|byte| format!("{byte:02x}")).collect();
    db.pragma_update(None, "key", format!("x'{hex}'"))?;
    let mut find = db.prepare(&format!("SELECT envelope FROM {table} ORDER BY id"))?;
    let mut rows = find.query([])?;
    let mut saved = Vec::new();
    while let Some(row) = rows.next()? {
        let envelope: sync::Envelope = serde_json::from_str(&row.get::<_, String>(0)?)?;
        saved.push(Saved {
            id: envelope.id,
            brings: check::brings(&envelope.command),
        });
    }
    Ok(saved)
}

/// An office that knows the town and nothing of what the laptop has done, as after a restore, and the laptop's files.
async fn scene(format: &Path) -> Result<(tempfile::TempDir, Here)> {
    let folder = scratch()?;
    town::build_in_life(&place(folder.path()), "another-life")?;
    copy(format, &laptop_of(folder.path()))?;
    let office = Here::serve(folder.path()).await?;
    Ok((folder, office))
}

#[tokio::test]
async fn flt_15_and_flt_26_an_outbox_of_every_format_is_drained() -> Result<()> {
    for format in formats()? {
        let expected = Expected::read(&format)?;
        let (folder, office) = scene(&format).await?;
        let files = laptop_of(folder.path());
        // Signing in again is what somebody does whose office does not know the laptop.
        let mut laptop = Laptop::sign_in(&office.url, &files).await?;
        let (waiting, returned, photos) = laptop.device.counts()?;
        ensure!(
            (waiting, returned, photos)
                == (
                    expected.waiting.len() as u64,
                    expected.returned.len() as u64,
                    expected.photos
                ),
            "{}: {waiting} wait, {returned} returned, {photos} photos",
            format.display()
        );
        ensure!(laptop.device.receipts()?.len() == expected.receipts);
        laptop.drain().await?;
        let all: BTreeSet<&String> = [&expected.journalled, &expected.taken, &expected.waiting]
            .into_iter()
            .flatten()
            .collect();
        let standing = check::standing(&place(folder.path()), &[])?;
        for brings in &all {
            ensure!(
                standing.times.get(*brings) == Some(&1),
                "{}: {brings} stands {:?} times",
                format.display(),
                standing.times.get(*brings)
            );
        }
        let back: Vec<CommandId> = laptop
            .device
            .returned()?
            .into_iter()
            .map(|returned| CommandId::try_from(returned.id).map_err(anyhow::Error::msg))
            .collect::<Result<_>>()?;
        ensure!(back.len() == expected.returned.len(), "{} came back", back.len());
        // The bytes of the photo that waited are at the office; those of the other went with the office that had them.
        let photos = expected
            .waiting
            .iter()
            .filter(|brings| !brings.starts_with("note-"));
        for hash in photos {
            ensure!(
                !standing.pending.contains(hash),
                "the bytes of {hash} are not there"
            );
        }
        drop(laptop);
        for saved in commands(&files.join("outbox.db"), "returned")? {
            ensure!(
                expected.returned.contains(&saved.brings),
                "{} was not returned before",
                saved.brings
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn flt_15_a_cache_of_every_format_is_opened_or_filled_anew() -> Result<()> {
    for format in formats()? {
        let (folder, office) = scene(&format).await?;
        let files = laptop_of(folder.path());
        let filled = async {
            let mut laptop = Laptop::sign_in(&office.url, &files).await?;
            laptop.drain().await?;
            Ok::<_, Stop>(laptop)
        };
        let laptop = filled.await.with_context(|| format.display().to_string())?;
        let mut row = torture::report::Row::of("golden", "device");
        check::holds_what_is_permitted(&mut row, &office.url, &laptop).await?;
        ensure!(row.leaked + row.corrupt == 0, "{}: {row:?}", format.display());
        drop(laptop);
        ensure!(Cache::open(Some(&files.join("cache.db")), &KEY)?.is_sound()?);
        ensure!(Outbox::open(Some(&files.join("outbox.db")), &KEY)?.is_sound()?);
    }
    Ok(())
}

#[tokio::test]
async fn golden_files_of_todays_format_can_be_made() -> Result<()> {
    let folder = scratch()?;
    torture::golden::make(folder.path()).await?;
    for file in FILES {
        let length = std::fs::metadata(folder.path().join(file))?.len();
        ensure!((8_192..600_000).contains(&length), "{file} has {length} bytes");
    }
    Ok(())
}
