//! Disks without space: the laptop's, with its two files on it, and the office's. What cannot be saved is said not to be; what
//! was saved before stays and can be read; and with space again everything goes on.

use crate::check::{self, Saved};
use crate::here::{Here, Moment, laptop_of, place};
use crate::laptop::{self, KEY, Laptop, Stop};
use crate::office::{Kind, Office, database, execute};
use crate::report::{Row, say};
use crate::town;
use anyhow::{Context as _, Result, bail, ensure};
use device::Files;
use serde_json::json;
use sim::Rng;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use store::{Fault, Place};
use sync::{Envelope, PushRequest};
use tempfile::TempDir;

/// How much space is left, in thousands of bytes, from run to run.
const LEFT_STEP: u64 = 4;
const LEFT_MOST: u64 = 240;
/// What is done in each run, until the disk is full for sure.
const DEEDS: usize = 40;

/// A small disk of one's own; it goes with this value.
struct Disk {
    folder: TempDir,
}

impl Disk {
    /// A disk of so many thousands of bytes.
    fn of(kilobytes: u64) -> Result<Disk> {
        let folder = tempfile::tempdir()?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={kilobytes}k"), "none"])
            .arg(folder.path())
            .output();
        match mounted {
            Ok(output) if output.status.success() => Ok(Disk { folder }),
            Ok(output) => bail!("{}", String::from_utf8_lossy(&output.stderr).trim()),
            Err(error) => Err(error).context("mount"),
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Fills it, but for so many thousands of bytes.
    fn fill(&self, left: u64) -> Result<()> {
        let path = self.path().join("ballast");
        let mut ballast = File::create(&path)?;
        let part = [0xb5; 4096];
        let mut length = 0;
        loop {
            match ballast.write(&part) {
                Ok(0) => break,
                Ok(written) => length += written as u64,
                Err(error) if error.kind() == std::io::ErrorKind::StorageFull => break,
                Err(error) => return Err(error.into()),
            }
        }
        ballast.set_len(length.saturating_sub(left * 1024))?;
        Ok(())
    }

    fn free(&self) -> Result<()> {
        Ok(std::fs::remove_file(self.path().join("ballast"))?)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

/// Whether disks can be made here; otherwise why not.
pub fn can_be_made() -> std::result::Result<(), String> {
    if cfg!(target_os = "linux") {
        Disk::of(64).map(drop).map_err(|error| format!("{error:#}"))
    } else {
        Err("small disks are made on Linux only".to_owned())
    }
}

/// The laptop's disk is full.
pub async fn of_laptop(seed: u64) -> Result<Row> {
    let mut row = Row::of("laptop's disk full", "device");
    let mut rng = Rng::new(seed);
    let moment = Moment::usual(&mut rng).await?;
    let mut refused = 0;
    for left in (0..=LEFT_MOST / LEFT_STEP).map(|step| step * LEFT_STEP) {
        for opens_full in [false, true] {
            row.runs += 1;
            refused += full_laptop(&mut row, &moment, left, opens_full, &mut rng)
                .await
                .with_context(|| format!("{left} kB left"))?;
        }
    }
    ensure!(refused > 0, "the disk was never full");
    say(&format!("{}: {refused} times not saved", row.fault));
    Ok(row)
}

/// Gives how often something was not saved.
async fn full_laptop(
    row: &mut Row,
    moment: &Moment,
    left: u64,
    opens_full: bool,
    rng: &mut Rng,
) -> Result<usize> {
    let folder = moment.again()?;
    let office = Here::serve(folder.path()).await?;
    let disk = Disk::of(4_000)?;
    crate::here::copy(&laptop_of(folder.path()), disk.path())?;
    let open = || Laptop::with(moment.client(&office.url)?, disk.path());
    let at = format!("{left} kB left{}", if opens_full { ", opened full" } else { "" });
    let mut laptop = if opens_full {
        disk.fill(left)?;
        match open() {
            Ok(laptop) => laptop,
            Err(stop) => {
                row.is_corrupt(&format!("{at}: it does not open: {stop}"));
                return Ok(0);
            }
        }
    } else {
        let laptop = open()?;
        disk.fill(left)?;
        laptop
    };
    let mut saved = moment.saved.clone();
    let mut refused = 0;
    for deed in 0..DEEDS {
        let (command, photo) = if deed % 10 == 3 {
            let (command, photo) = town::photo_of(rng, town::visit(deed)?, 60)?;
            (command, Some(photo))
        } else {
            (town::note(rng)?, None)
        };
        let brings = check::brings(&command);
        match laptop.does(rng, command, photo) {
            Ok(id) => saved.push(Saved { id, brings }),
            Err(Stop::Fault(Fault::DiskFull)) => refused += 1,
            Err(stop) => row.is_corrupt(&format!("{at}: a full disk was called {stop}")),
        }
        if deed == DEEDS / 2 {
            match laptop.drain().await {
                Ok(()) | Err(Stop::Fault(Fault::DiskFull)) => {}
                Err(stop) => row.is_corrupt(&format!("{at}: an exchange with a full disk ended with {stop}")),
            }
        }
    }
    let ids = |laptop: &Laptop| Ok::<_, Stop>(laptop.device.waiting()?.len());
    let waiting = match (ids(&laptop), laptop.device.held_rows()) {
        (Ok(waiting), Ok(_)) => waiting,
        (waiting, rows) => {
            let (waiting, rows) = (waiting.err(), rows.err());
            row.is_corrupt(&format!("{at}: it cannot be read: {waiting:?} {rows:?}"));
            return Ok(refused);
        }
    };
    drop(laptop);
    match open() {
        Ok(again) if ids(&again)? == waiting => {}
        Ok(again) => row.is_lost(&format!(
            "{at}: {} of {waiting} wait after a restart",
            ids(&again)?
        )),
        Err(stop) => row.is_corrupt(&format!("{at}: it does not open again: {stop}")),
    }
    disk.free()?;
    let mut laptop = open()?;
    if laptop.is_anew {
        row.is_corrupt(&format!("{at}: the cache had to be thrown away"));
    }
    let command = town::note(rng)?;
    let brings = check::brings(&command);
    let id = laptop.does(rng, command, None)?;
    saved.push(Saved { id, brings });
    if let Err(stop) = laptop.drain().await {
        row.is_corrupt(&format!("{at}: it does not go on: {stop}"));
        return Ok(refused);
    }
    check::nothing_lost(row, &place(folder.path()), folder.path(), &saved, &laptop)?;
    drop(laptop);
    check::files_are_sound(row, disk.path())?;
    Ok(refused)
}

/// The office's disk is full: it answers 507 and says when to try again, and the laptop keeps everything.
pub async fn of_office(kind: &Kind, seed: u64) -> Result<Row> {
    let mut row = Row::of("office's disk full", kind.name());
    let mut rng = Rng::new(seed);
    let mut refused = 0;
    for left in [0, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512] {
        row.runs += 1;
        refused += full_office(&mut row, kind, left, &mut rng)
            .await
            .with_context(|| format!("{left} kB left"))?;
    }
    ensure!(refused > 0, "the office's disk was never full");
    say(&format!("{}, {}: {refused} times 507", row.fault, row.store));
    Ok(row)
}

/// A database on a small disk, and the disk.
fn on_a_disk(kind: &Kind) -> Result<(Disk, Place)> {
    match kind {
        Kind::Sqlite => {
            let disk = Disk::of(8_000)?;
            let place = place(disk.path());
            Ok((disk, place))
        }
        Kind::Postgres(server) => {
            let disk = Disk::of(24_000)?;
            let path = disk.path().display();
            let name = format!("small_{}", std::process::id());
            // The database's own user keeps its files there.
            let _ = Command::new("chown").arg("postgres").arg(disk.path()).status();
            execute(server, &format!("CREATE TABLESPACE {name} LOCATION '{path}'"))?;
            execute(server, &format!("CREATE DATABASE {name} TABLESPACE {name}"))?;
            let place = database(server, &name)?;
            Ok((disk, place))
        }
    }
}

fn clear(kind: &Kind) -> Result<()> {
    if let Kind::Postgres(server) = kind {
        let name = format!("small_{}", std::process::id());
        execute(server, &format!("DROP DATABASE {name} WITH (FORCE)"))?;
        execute(server, &format!("DROP TABLESPACE {name}"))?;
    }
    Ok(())
}

async fn full_office(row: &mut Row, kind: &Kind, left: u64, rng: &mut Rng) -> Result<usize> {
    let laptop_folder = tempfile::tempdir()?;
    let (disk, place, mut office) = {
        let kind = kind.clone();
        tokio::task::spawn_blocking(move || -> Result<_> {
            let (disk, place) = on_a_disk(&kind)?;
            town::build(&place)?;
            let office = Office::serve(&place, disk.path())?;
            Ok((disk, place, office))
        })
        .await??
    };
    drop(Laptop::sign_in(&office.url(), laptop_folder.path()).await?);
    let files = Files::open(laptop_folder.path(), &KEY).map_err(Stop::from)?;
    let credential = laptop::credential(&files)?;
    drop(files);
    let mut laptop = Laptop::open(&office.url(), laptop_folder.path())?;
    laptop.exchange(|_, _| {}).await?;
    disk.fill(left)?;
    let at = format!("{left} kB left");
    let mut saved = Vec::new();
    let mut refused = 0;
    for round in 0..40 {
        for deed in 0..8 {
            let (command, photo) = if deed == 3 {
                let (command, photo) = town::photo_of(rng, town::visit(round)?, 40)?;
                (command, Some(photo))
            } else {
                (town::note(rng)?, None)
            };
            let brings = check::brings(&command);
            let id = laptop.does(rng, command, photo)?;
            saved.push(Saved { id, brings });
        }
        match laptop.exchange(|_, _| {}).await {
            Ok(()) => {}
            Err(Stop::Trouble(trouble)) if trouble.code == "disk_full" => {
                refused += 1;
                answers_507(row, &office, &credential, rng, &at).await?;
                if refused > 3 {
                    break;
                }
            }
            Err(stop) => row.is_corrupt(&format!("{at}: a full disk at the office was called {stop}")),
        }
    }
    let health = reqwest::get(format!("{}/healthz", office.url())).await?.status();
    if !health.is_success() {
        row.is_corrupt(&format!("{at}: the full office does not even read: {health}"));
    }
    disk.free()?;
    match laptop.drain().await {
        Ok(()) => {
            let (place, path) = (place.clone(), disk.path().to_owned());
            tokio::task::block_in_place(|| check::nothing_lost(row, &place, &path, &saved, &laptop))?;
        }
        Err(stop) => row.is_corrupt(&format!("{at}: it does not go on: {stop}")),
    }
    tokio::task::block_in_place(|| -> Result<()> {
        office.kill()?;
        check::office_is_sound(row, &place)?;
        clear(kind)
    })?;
    Ok(refused)
}

/// A push of its own, to look at the answer as it travels.
async fn answers_507(
    row: &mut Row,
    office: &Office,
    credential: &str,
    rng: &mut Rng,
    at: &str,
) -> Result<()> {
    let commands = (0..20)
        .map(|_| {
            Ok(Envelope {
                id: domain::CommandId::from_random(u128::from(rng.bits()) << 64 | u128::from(rng.bits())),
                claimed_at: crate::now(),
                after: Vec::new(),
                command: town::note(rng)?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let reply = reqwest::Client::new()
        .post(format!("{}/api/sync/push", office.url()))
        .bearer_auth(credential)
        .json(&json!(PushRequest { commands }))
        .send()
        .await?;
    let status = reply.status().as_u16();
    let says_when = reply.headers().contains_key("retry-after");
    // A smaller push than the one before may still fit.
    if status != 200 && !(status == 507 && says_when) {
        row.is_corrupt(&format!(
            "{at}: the office answered {status}, when to try again: {says_when}"
        ));
    }
    Ok(())
}
