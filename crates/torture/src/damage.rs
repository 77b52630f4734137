//! Files that are no longer what was written: the header, a page, a bit, the journal, all of it. A damaged cache makes way
//! for a new one and no work is lost; a damaged outbox is said to be damaged and left as it is.

use crate::check;
use crate::here::{Here, Moment, laptop_of, place};
use crate::laptop::{Laptop, Stop};
use crate::report::Row;
use crate::town;
use anyhow::{Result, ensure};
use policy::RecordId;
use policy::views::View;
use serde_json::Value;
use sim::Rng;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use store::Fault;

/// How many bits are flipped in each file, one at a time.
const FLIPS: usize = 500;
const PAGE: usize = 4096;

/// What is done to the bytes of a file; none where it is removed.
type Harm = Box<dyn Fn(Vec<u8>) -> Option<Vec<u8>>>;
type Rows = BTreeMap<(View, RecordId), Value>;

/// Damages the cache, then the outbox, in every way there is here.
pub async fn everything(seed: u64) -> Result<Vec<Row>> {
    let mut rng = Rng::new(seed);
    let moment = Moment::in_use(&mut rng).await?;
    let reference = reference(&moment).await?;
    let mut rows = Vec::new();
    let plans = [
        ("cache damaged", "cache.db", blows()),
        ("bit of the cache flipped", "cache.db", flips(&mut rng, FLIPS)),
        (
            "bit of the cache's log flipped",
            "cache.db-wal",
            flips(&mut rng, FLIPS),
        ),
        (
            "cache's shared memory gone",
            "cache.db-shm",
            vec![Box::new(|_| None) as Harm],
        ),
    ];
    for (fault, file, harms) in plans {
        let mut row = Row::of(fault, "device");
        for harm in harms {
            cache(&mut row, &moment, &reference, file, &harm).await?;
        }
        rows.push(row);
    }
    let plans = [
        ("outbox damaged", "outbox.db", blows()),
        ("bit of the outbox flipped", "outbox.db", flips(&mut rng, FLIPS)),
    ];
    for (fault, file, harms) in plans {
        let mut row = Row::of(fault, "device");
        for harm in harms {
            outbox(&mut row, &moment, file, &harm).await?;
        }
        rows.push(row);
    }
    Ok(rows)
}

fn blows() -> Vec<Harm> {
    let mut harms: Vec<Harm> = vec![
        Box::new(|_| None),
        Box::new(|_| Some(Vec::new())),
        Box::new(|bytes| Some(bytes[..bytes.len().min(100)].to_vec())),
        Box::new(|bytes| Some(bytes[..bytes.len() - 1_000].to_vec())),
        Box::new(|bytes| Some(bytes[..bytes.len() / PAGE / 2 * PAGE].to_vec())),
        Box::new(|bytes| Some([vec![0; 16], bytes[16..].to_vec()].concat())),
        Box::new(|bytes| Some([vec![0x55; 100], bytes[100..].to_vec()].concat())),
        Box::new(|bytes| Some(vec![0; bytes.len()])),
        Box::new(|_| Some(b"Once upon a time".repeat(1_000))),
    ];
    for part in 0..8 {
        harms.push(Box::new(move |mut bytes| {
            let page = bytes.len() / PAGE * part / 8;
            bytes[page * PAGE..(page + 1) * PAGE].fill(0xa5);
            Some(bytes)
        }));
    }
    harms
}

fn flips(rng: &mut Rng, count: usize) -> Vec<Harm> {
    let bits = (0..count).map(|_| rng.bits());
    let harm = |bit: u64| -> Harm {
        Box::new(move |mut bytes| {
            let length = bytes.len() as u64;
            if let Some(byte) = usize::try_from(bit / 8 % length.max(1))
                .ok()
                .and_then(|at| bytes.get_mut(at))
            {
                *byte ^= 1 << (bit % 8);
            }
            Some(bytes)
        })
    };
    bits.map(harm).collect()
}

/// Does it; false where that changed nothing.
fn strike(folder: &Path, file: &str, harm: &Harm) -> Result<bool> {
    let path = folder.join(file);
    let before = std::fs::read(&path).unwrap_or_default();
    ensure!(!before.is_empty(), "there is no {file} to damage");
    match harm(before.clone()) {
        Some(after) => {
            std::fs::write(&path, &after)?;
            Ok(after != before)
        }
        None => {
            std::fs::remove_file(&path)?;
            Ok(true)
        }
    }
}

/// What a laptop without damage holds in the end.
async fn reference(moment: &Moment) -> Result<Rows> {
    let folder = moment.again()?;
    let office = Here::serve(folder.path()).await?;
    let mut laptop = Laptop::with(moment.client(&office.url)?, &laptop_of(folder.path()))?;
    laptop.drain().await?;
    ensure!(!laptop.is_anew, "the cache is damaged from the start");
    Ok(untimed(laptop.device.held_rows()?))
}

/// Without the times at which the office took things, which differ from run to run.
fn untimed(rows: Rows) -> Rows {
    let bare = |(key, mut body): ((View, RecordId), Value)| {
        if let Some(body) = body.as_object_mut() {
            body.remove("history");
        }
        (key, body)
    };
    rows.into_iter().map(bare).collect()
}

async fn cache(row: &mut Row, moment: &Moment, reference: &Rows, file: &str, harm: &Harm) -> Result<()> {
    let folder = moment.again()?;
    let files = laptop_of(folder.path());
    strike(&files, file, harm)?;
    row.runs += 1;
    let number = row.runs;
    let office = Here::serve(folder.path()).await?;
    let gone_through = async {
        let mut laptop = Laptop::with(moment.client(&office.url)?, &files)?;
        mending(&mut laptop, Act::Drain).await?;
        // A page that nothing has needed so far may be damaged still.
        mending(&mut laptop, Act::ReadAll).await?;
        mending(&mut laptop, Act::Drain).await?;
        Ok::<_, Stop>(laptop)
    };
    let laptop = match gone_through.await {
        Ok(laptop) => laptop,
        Err(stop) => {
            row.is_corrupt(&format!("run {number}: {stop}"));
            return Ok(());
        }
    };
    if untimed(laptop.device.held_rows()?) != *reference {
        row.is_corrupt(&format!("run {number}: the laptop holds other rows than before"));
    }
    check::nothing_lost(row, &place(folder.path()), folder.path(), &moment.saved, &laptop)
}

#[derive(Clone, Copy)]
enum Act {
    Drain,
    ReadAll,
}

/// Goes through with something; where it turns out that the cache is damaged it is mended, and it is tried again.
async fn mending(laptop: &mut Laptop, act: Act) -> Result<(), Stop> {
    for _ in 0..3 {
        let done = match act {
            Act::Drain => laptop.drain().await,
            Act::ReadAll => read_all(laptop),
        };
        match done {
            Err(Stop::Fault(Fault::Damaged | Fault::Unreadable(_))) if laptop.mend()? => {}
            done => return done,
        }
    }
    Err(Stop::Fault(Fault::Damaged))
}

fn read_all(laptop: &Laptop) -> Result<(), Stop> {
    laptop.device.held_rows()?;
    laptop.device.search("Calle", 1_000)?;
    laptop.device.holdings()?;
    Ok(())
}

/// A damaged outbox: said and left alone, or so little damaged that nothing of it matters.
async fn outbox(row: &mut Row, moment: &Moment, file: &str, harm: &Harm) -> Result<()> {
    let folder = moment.again()?;
    let files = laptop_of(folder.path());
    strike(&files, file, harm)?;
    let before = lying(&files)?;
    row.runs += 1;
    let number = row.runs;
    let office = Here::serve(folder.path()).await?;
    let opened = Laptop::with(moment.client(&office.url)?, &files);
    let mut laptop = match opened {
        Ok(laptop) => laptop,
        Err(Stop::OutboxDamaged) => {
            // Where it was open before the damage showed itself, its journal may have been written into it.
            if lying(&files)? != before {
                still_there(row, &files, number)?;
            }
            return Ok(());
        }
        Err(stop) => {
            row.is_corrupt(&format!("run {number}: {stop}"));
            return Ok(());
        }
    };
    match laptop.drain().await {
        Ok(()) => check::nothing_lost(row, &place(folder.path()), folder.path(), &moment.saved, &laptop),
        Err(Stop::Fault(Fault::Damaged | Fault::Unreadable(_))) => match laptop.mend() {
            Err(Stop::OutboxDamaged) => still_there(row, &files, number),
            mended => {
                row.is_corrupt(&format!(
                    "run {number}: the outbox is damaged, and it was said {mended:?}"
                ));
                Ok(())
            }
        },
        Err(stop) => {
            row.is_corrupt(&format!("run {number}: {stop}"));
            Ok(())
        }
    }
}

fn still_there(row: &mut Row, files: &Path, number: u64) -> Result<()> {
    if std::fs::metadata(files.join("outbox.db"))?.len() < PAGE as u64 {
        row.is_lost(&format!("run {number}: the outbox was emptied"));
    }
    Ok(())
}

/// The outbox and its journal, to the byte.
fn lying(files: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut lying = BTreeMap::new();
    for part in ["outbox.db", "outbox.db-wal"] {
        if let Ok(bytes) = std::fs::read(files.join(part)) {
            lying.insert(part.into(), bytes);
        }
    }
    Ok(lying)
}

impl Moment {
    /// As the usual moment, with the laptop's files as they lie while they are in use, journals and all.
    async fn in_use(rng: &mut Rng) -> Result<Moment> {
        let mut moment = Moment::usual(rng).await?;
        let folder = moment.again()?;
        let files = laptop_of(folder.path());
        let office = Here::serve(folder.path()).await?;
        let mut laptop = Laptop::with(moment.client(&office.url)?, &files)?;
        laptop.exchange(|_, _| {}).await?;
        for _ in 0..6 {
            let command = town::note(rng)?;
            let brings = check::brings(&command);
            let id = laptop.does(rng, command, None)?;
            moment.saved.push(check::Saved { id, brings });
        }
        let kept = tempfile::tempdir()?;
        crate::here::copy(&files, &laptop_of(kept.path()))?;
        drop((laptop, office));
        crate::here::copy(folder.path(), kept.path())?;
        crate::here::copy_photos(folder.path(), kept.path())?;
        moment.folder = kept;
        Ok(moment)
    }
}
