//! Whether a sync costs the office the same however large the town is: the same person with the same department, in towns
//! of several sizes, which stand beside each other and take turns, so that whatever else the machine does falls on all.
//!
//! The device is one without files ([`Light`]): asked is what the office does.

use crate::grow::grow;
use crate::light::{Light, client};
use crate::office::Town;
use crate::place;
use crate::report::{Measure, percentile, say, workplace};
use crate::town::{self, DEPARTMENTS, with_neighbours};
use crate::wire::{AFTERMATH, Server, Which};
use anyhow::{Result, bail, ensure};
use policy::PersonId;
use sqlx::Connection as _;
use sqlx::postgres::PgConnection;
use std::path::Path;
use std::time::{Duration, Instant};
use store::Place;
use tokio::runtime::Runtime;

/// What a figure of a larger town may be at most, beside that of the smallest.
const ASKED: f64 = 1.15;
const CHANGES: usize = 1_000;
const FEW_CHANGES: usize = 50;
/// A small exchange is made so many times, because one is too short to measure.
const SMALL_EXCHANGES: usize = 20;
/// PostgreSQL's processes hand in what they counted at the latest so long after they fell idle.
const COUNTS_COME_IN: Duration = Duration::from_millis(10_500);

/// The work that is measured, in the order it is done.
const WORKS: [Work; 3] = [
    Work {
        name: "W1 first sync",
        times: 1,
    },
    Work {
        name: "W2 pull of 1000",
        times: 1,
    },
    Work {
        name: "W5 pull of 50",
        times: SMALL_EXCHANGES,
    },
];

/// One kind of exchange, and how many are measured together.
struct Work {
    name: &'static str,
    times: usize,
}

/// What one exchange cost, in each run.
#[derive(Default, Clone)]
struct Seen {
    cpu_ms: Vec<f64>,
    pages: Vec<f64>,
}

/// A town of one size, with its server and the places its devices begin at.
struct Sized {
    inspections: usize,
    place: Place,
    server: Server,
    /// For each work, where its device stands and how many inspections it is to be sent.
    devices: Vec<(Light, usize)>,
    seen: Vec<Seen>,
}

/// Measures `runs` times with so many inspections in the towns, the smallest first; a twentieth of the smallest is the
/// manager's. The offices are on the embedded database, or on that PostgreSQL server.
pub fn flatness(runs: usize, sizes: &[usize], server: Option<&str>) -> Result<Vec<Measure>> {
    let folder = workplace()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let mut towns = Vec::new();
    for (place, inspections) in built(folder.path(), sizes, server)? {
        say(&format!("a town of {inspections} is opened and changed"))?;
        let records = sizes.first().map_or(0, |smallest| smallest / DEPARTMENTS);
        towns.push(Sized::open(&runtime, place, inspections, records, folder.path())?);
    }
    for run in 0..=runs {
        for town in &mut towns {
            // The first run fills the memories of databases and kernel, and is not counted.
            town.run(&runtime, run > 0)?;
        }
        say(&format!("run {run} of {runs}"))?;
    }
    if server.is_some() {
        for town in &mut towns {
            say(&format!("pages of {} are counted", town.inspections))?;
            town.count_pages(&runtime)?;
        }
    }
    let store = if server.is_some() { "postgres" } else { "sqlite" };
    let measures = measures(&towns, runs).into_iter();
    Ok(measures.map(|measure| Measure { store, ..measure }).collect())
}

/// A database for each size: the first written through the office, each of the others grown from a copy of the one before.
fn built(folder: &Path, sizes: &[usize], server: Option<&str>) -> Result<Vec<(Place, usize)>> {
    let mut built: Vec<(Place, usize)> = Vec::new();
    for size in sizes.iter().copied() {
        let begun = Instant::now();
        let name = format!("town_{size}");
        let place = match built.last() {
            Some((smaller, _)) => place::copy(server, smaller, folder, &name)?,
            None => {
                let place = place::fresh(server, folder, &name)?;
                let town = Town::make(&place, folder)?;
                town.write(0..size, 0)?;
                place
            }
        };
        grow(&place, size)?;
        say(&format!(
            "{size} records are there after {:.0} s",
            begun.elapsed().as_secs_f64()
        ))?;
        built.push((place, size));
    }
    Ok(built)
}

impl Sized {
    /// Opens a town, lets devices of the manager sync, and makes the changes that they are to pull.
    fn open(
        runtime: &Runtime,
        place: Place,
        inspections: usize,
        records: usize,
        folder: &Path,
    ) -> Result<Sized> {
        let town = Town::open(&place, folder)?;
        let server = Server::start(Which::Ours, &place, folder)?;
        let manager = PersonId::parse(town::MANAGER)?;
        let credentials = town.seat([&manager, &manager, &manager].into_iter())?;
        let http = client()?;
        let mut devices: Vec<Light> = credentials
            .into_iter()
            .map(|credential| Light::new(&server.url, credential))
            .collect();
        let [first, many, few] = devices.as_mut_slice() else {
            bail!("three devices were signed in");
        };
        let expected = [records, CHANGES.min(records), FEW_CHANGES.min(records)];
        for (device, changes) in [(&mut *many, expected[1]), (&mut *few, expected[2])] {
            runtime.block_on(device.exchange(&http))?;
            let step = records / changes;
            let mine = (0..changes).map(|number| DEPARTMENTS * number * step);
            let mine: Vec<usize> = mine.collect();
            town.write(with_neighbours(&mine), changes)?;
        }
        let devices = [first, many, few].map(|device| device.clone()).into_iter();
        Ok(Sized {
            inspections,
            place,
            server,
            devices: devices.zip(expected).collect(),
            seen: vec![Seen::default(); WORKS.len()],
        })
    }

    /// Each work once, from where its device stands.
    fn run(&mut self, runtime: &Runtime, counts: bool) -> Result<()> {
        for (index, work) in WORKS.iter().enumerate() {
            let (cpu_ms, pages) = (self.server.cpu_ms()?, self.server.pages_read()?);
            self.exchange(runtime, index)?;
            std::thread::sleep(AFTERMATH);
            if counts {
                let times = work.times as f64;
                let seen = &mut self.seen[index];
                seen.cpu_ms.push((self.server.cpu_ms()? - cpu_ms) / times);
                if matches!(self.place, Place::Sqlite(_)) {
                    seen.pages.push((self.server.pages_read()? - pages) / times);
                }
            }
        }
        Ok(())
    }

    fn exchange(&self, runtime: &Runtime, work: usize) -> Result<()> {
        let (device, expected) = &self.devices[work];
        let http = client()?;
        runtime.block_on(async {
            for _ in 0..WORKS[work].times {
                let rows = device.clone().exchange(&http).await?;
                ensure!(
                    rows == *expected,
                    "{} brought {rows} of {expected} inspections",
                    WORKS[work].name
                );
            }
            Ok(())
        })
    }

    /// Each work once more, with the waiting that PostgreSQL's counters need.
    fn count_pages(&mut self, runtime: &Runtime) -> Result<()> {
        let Place::Postgres(url) = &self.place else {
            return Ok(());
        };
        let url = url.clone();
        let counted = || {
            std::thread::sleep(COUNTS_COME_IN);
            runtime.block_on(pages_touched(&url))
        };
        let mut before = counted()?;
        for (index, work) in WORKS.iter().enumerate() {
            self.exchange(runtime, index)?;
            let after = counted()?;
            self.seen[index].pages.push((after - before) / work.times as f64);
            before = after;
        }
        Ok(())
    }
}

/// How many pages PostgreSQL has looked at in a database, in its own memory or not.
async fn pages_touched(url: &str) -> Result<f64> {
    let mut db = PgConnection::connect(url).await?;
    let sql =
        "SELECT (blks_hit + blks_read)::float8 FROM pg_stat_database WHERE datname = current_database()";
    let pages = sqlx::query_scalar(sql).fetch_one(&mut db).await?;
    db.close().await?;
    Ok(pages)
}

fn measures(towns: &[Sized], runs: usize) -> Vec<Measure> {
    let mut measures = Vec::new();
    let Some((smallest, larger)) = towns.split_first() else {
        return measures;
    };
    let median = |values: &[f64]| percentile(values.to_vec(), 50);
    for (index, work) in WORKS.iter().enumerate() {
        for town in larger {
            let size = town.inspections;
            let (ours, floor) = (&town.seen[index], &smallest.seen[index]);
            let name = |what: &str| format!("{} in {size}: {what}", work.name);
            for (what, unit, ours, floor) in [
                ("server cpu", "ms", &ours.cpu_ms, &floor.cpu_ms),
                ("pages read", "pages", &ours.pages, &floor.pages),
            ] {
                let (ours, floor) = (median(ours), median(floor));
                measures.push(Measure::ratio(&name(what), unit, ours, floor, Some(ASKED), runs));
            }
        }
    }
    measures
}
