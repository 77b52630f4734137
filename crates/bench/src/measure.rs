//! The measures of `sync`: the same work by ours and by the floor, one after the other, several times over.
//!
//! A first sync brings a manager's device all inspections of one department of twenty. A pull brings the 1,000 changed
//! ones of 20,000 changes, another 50 of 1,000. A push ends when 500 offline saves are safe at the server and the device
//! knows it. Then the manager moves to another department. Costs are the wall from the first request to the last commit, the processor time of the server
//! and of the device, and the bodies of requests and replies as they travelled.

use crate::apart::{self, Order};
use crate::connected;
use crate::floor;
use crate::office::Town;
use crate::ours::Laptop;
use crate::place;
use crate::report::{Measure, percentile, say, workplace};
use crate::table::Table;
use crate::town::{DEPARTMENTS, PER_DAY, with_neighbours, words_for};
use crate::wire::{Cost, Net, Server, Which, millis, size_kb};
use anyhow::{Result, ensure};
use std::path::{Path, PathBuf};
use std::time::Instant;
use sync::PUSH_COMMANDS_MAX;

const CHANGES: usize = 1_000;
const FEW_CHANGES: usize = 50;
/// A small pull is asked for so many times, because one is too short to measure.
const SMALL_PULLS: usize = 20;
const WORDS_HEARD: usize = 200;
/// The departments of the largest device, with a hundred thousand inspections.
const MANY: usize = 10;
/// What a device may need for a first sync of as many.
const MEMORY_MB_MAX: f64 = 120.0;
const EDITS: usize = 500;
const SEARCHES: usize = 100;
const DAYS: usize = 20;
const NOTE: &str = "The owner was on site and will send the missing drawings.";

/// One kind of work in all runs, by both.
#[derive(Default)]
struct Both {
    ours: Vec<Cost>,
    floor: Vec<Cost>,
}

/// What was seen in all runs.
#[derive(Default)]
struct Seen {
    first: Both,
    pull: Both,
    push: Both,
    few: Vec<Cost>,
    let_go: Vec<f64>,
    moved: Vec<f64>,
    size_ours: Vec<f64>,
    size_floor: Vec<f64>,
    saves: Vec<f64>,
    searches: Vec<f64>,
    days: Vec<f64>,
    opens: Vec<f64>,
    heard: Vec<f64>,
    searches_many: Vec<f64>,
    opens_many: Vec<f64>,
    memory_many: Vec<f64>,
}

/// The two servers and what changes their files.
struct Stage {
    town: Town,
    plain: Table,
    ours: Server,
    floor: Server,
    records: usize,
    folder: PathBuf,
}

/// Measures `runs` times with this many records in the manager's calendar.
/// The office is on the embedded database, or on that PostgreSQL server.
pub fn sync(runs: usize, records: usize, server: Option<&str>) -> Result<Vec<Measure>> {
    let folder = workplace()?;
    let stage = &mut Stage::set(folder.path(), records, server)?;
    let mut seen = Seen::default();
    for run in 0..runs {
        say(&format!("run {} of {runs}", run + 1))?;
        stage.run(run, &mut seen)?;
    }
    let store = if server.is_some() { "postgres" } else { "sqlite" };
    let measures = seen.measures(runs, records).into_iter();
    Ok(measures.map(|measure| Measure { store, ..measure }).collect())
}

impl Stage {
    fn set(folder: &Path, records: usize, server: Option<&str>) -> Result<Stage> {
        say(&format!("writing {} records", DEPARTMENTS * records))?;
        let (ours, plain) = (folder.join("ours"), folder.join("floor"));
        std::fs::create_dir_all(&ours)?;
        std::fs::create_dir_all(&plain)?;
        let (here, there) = (
            place::fresh(server, &ours, "ours")?,
            place::fresh(server, &plain, "floor")?,
        );
        let mut stage = Stage {
            town: Town::make(&here, &ours)?,
            plain: Table::open(&there)?,
            ours: Server::start(Which::Ours, &here, &ours)?,
            floor: Server::start(Which::Floor, &there, &plain)?,
            records,
            folder: folder.to_path_buf(),
        };
        stage.write(0..DEPARTMENTS * records, 0)?;
        Ok(stage)
    }

    fn write(&mut self, numbers: impl Iterator<Item = usize> + Clone, round: usize) -> Result<()> {
        self.town.write(numbers.clone(), round)?;
        // In parts, so that neither holds the whole town in memory.
        let numbers: Vec<usize> = numbers.collect();
        numbers
            .chunks(10_000)
            .try_for_each(|part| self.plain.write(part.iter().copied(), round))
    }

    /// About `count` of the manager's records, spread evenly; others in each run.
    fn some(&self, count: usize, run: usize) -> impl Iterator<Item = usize> + Clone + use<> {
        let count = count.min(self.records);
        let step = self.records / count;
        (0..count).map(move |n| DEPARTMENTS * (n * step + run % step))
    }

    fn run(&mut self, run: usize, seen: &mut Seen) -> Result<()> {
        let (mine, plain) = (
            self.folder.join(format!("device-{run}")),
            self.folder.join(format!("plain-{run}")),
        );
        std::fs::create_dir_all(&mine)?;
        std::fs::create_dir_all(&plain)?;
        let (net, floor_net) = (&mut Net::new()?, &mut Net::new()?);
        let mut laptop = Laptop::sign_in(net, &self.ours.url, &mine)?;
        let mut client = floor::Client::open(&plain)?;
        // A device that syncs for the first time has signed in a moment ago, over another connection.
        *net = Net::new()?;

        let (cost, came) = net.cost(&self.ours, |net| laptop.exchange(net, false))?;
        seen.first.ours.push(cost);
        ensure!(
            came.rows == self.records,
            "the first sync brought {} of {} records",
            came.rows,
            self.records
        );
        let url = &self.floor.url;
        let (cost, rows) = floor_net.cost(&self.floor, |net| client.pull(net, url, came.commits))?;
        seen.first.floor.push(cost);
        ensure!(
            rows == self.records,
            "the floor's first sync brought {rows} of {} records",
            self.records
        );

        let open_again = laptop.close();
        drop(client);
        seen.size_ours.push(size_kb(&mine)?);
        seen.size_floor.push(size_kb(&plain)?);
        let begun = Instant::now();
        laptop = open_again(&mine)?;
        laptop.day(0)?;
        seen.opens.push(millis(begun));
        client = floor::Client::open(&plain)?;

        let changed: Vec<usize> = self.some(CHANGES, run).collect();
        self.write(with_neighbours(&changed), run + 1)?;
        let (cost, came) = net.cost(&self.ours, |net| laptop.exchange(net, false))?;
        seen.pull.ours.push(cost);
        ensure!(
            came.rows == changed.len(),
            "a pull brought {} of {} changes",
            came.rows,
            changed.len()
        );
        let url = &self.floor.url;
        let (cost, rows) = floor_net.cost(&self.floor, |net| client.pull(net, url, came.commits))?;
        seen.pull.floor.push(cost);
        ensure!(
            rows == changed.len(),
            "the floor's pull brought {rows} of {} changes",
            changed.len()
        );

        let edited: Vec<usize> = self.some(EDITS, run).collect();
        for (index, number) in edited.iter().enumerate() {
            let begun = Instant::now();
            laptop.save(*number, (run * EDITS + index) as u128 + 1, NOTE)?;
            seen.saves.push(millis(begun));
        }
        client.edit(edited.iter().copied(), NOTE)?;
        let (cost, _) = net.cost(&self.ours, |net| laptop.exchange(net, true))?;
        seen.push.ours.push(cost);
        ensure!(
            laptop.waiting()? == (0, 0),
            "after the push work still waits or was returned: {:?}",
            laptop.waiting()?
        );
        let (cost, sent) = floor_net.cost(&self.floor, |net| client.push(net, url, PUSH_COMMANDS_MAX))?;
        seen.push.floor.push(cost);
        ensure!(
            sent == edited.len(),
            "the floor sent {sent} of {} edits",
            edited.len()
        );

        laptop.exchange(net, false)?;
        let few: Vec<usize> = self.some(FEW_CHANGES, run).collect();
        self.write(with_neighbours(&few), run + 1)?;
        // The pull alone: which views there are has been settled before.
        laptop.exchange(net, true)?;
        let (cost, ()) = net.cost(&self.ours, |net| laptop.ask_only(net, SMALL_PULLS))?;
        seen.few.push(cost);
        let came = laptop.go_on(net, false)?;
        ensure!(
            came.rows == few.len(),
            "a pull brought {} of {} changes",
            came.rows,
            few.len()
        );
        laptop.exchange(net, false)?;
        ensure!(
            laptop.held()? == self.records,
            "the device holds {} of {} records",
            laptop.held()?,
            self.records
        );
        ensure!(
            client.count()? == self.records,
            "the floor's device holds {} records",
            client.count()?
        );
        self.look(&laptop, seen)?;
        if run == 0 {
            self.hear(&mut laptop, seen)?;
            self.open_many(seen)?;
            laptop.exchange(net, false)?;
        }
        self.town.move_manager(0, 1)?;
        let (cost, came) = net.cost(&self.ours, |net| laptop.exchange(net, false))?;
        ensure!(
            came.rows == self.records && laptop.held()? == self.records,
            "after the move {} records came and {} are held, of {}",
            came.rows,
            laptop.held()?,
            self.records
        );
        seen.let_go.push(came.let_go_ms);
        seen.moved.push(cost.wall_ms);
        self.town.move_manager(1, 0)?;
        // The next run's records are as long as this one's.
        self.write(edited.into_iter(), 0)
    }

    /// A second laptop of the manager writes notes, and the first hears of them.
    fn hear(&self, laptop: &mut Laptop, seen: &mut Seen) -> Result<()> {
        let folder = self.folder.join("writer");
        std::fs::create_dir_all(&folder)?;
        let mut writer = Laptop::sign_in(&mut Net::new()?, &self.ours.url, &folder)?;
        let numbers = self.some(WORDS_HEARD, 0);
        seen.heard = connected::latencies(laptop, &mut writer, numbers, u128::MAX / 2)?;
        Ok(())
    }

    /// A laptop that holds what ten departments have: its search, and how soon it shows a day after it was opened.
    fn open_many(&self, seen: &mut Seen) -> Result<()> {
        self.town.add_departments(1..MANY)?;
        let folder = self.folder.join("many");
        std::fs::create_dir_all(&folder)?;
        let mut laptop = Laptop::sign_in(&mut Net::new()?, &self.ours.url, &folder)?;
        laptop.exchange(&mut Net::new()?, false)?;
        ensure!(
            laptop.held()? == MANY * self.records,
            "the largest device holds {} records",
            laptop.held()?
        );
        let order = Order {
            which: Which::Ours,
            folder: self.folder.join("apart"),
            url: self.ours.url.clone(),
            credential: laptop.credential().to_owned(),
            rights: laptop.rights().clone(),
            commits: 0,
        };
        let (done, _) = apart::exchange(&order)?;
        ensure!(done.rows == MANY * self.records, "{} records came", done.rows);
        seen.memory_many.push(done.memory_kb / 1e3);
        let open_again = laptop.close();
        let begun = Instant::now();
        laptop = open_again(&folder)?;
        laptop.day(0)?;
        seen.opens_many.push(millis(begun));
        for number in self.some(SEARCHES, 0) {
            let words = words_for(number)?;
            let begun = Instant::now();
            laptop.search(&words)?;
            seen.searches_many.push(millis(begun));
        }
        self.town.drop_departments(1..MANY)
    }

    /// Searches and lists, on a device that holds everything.
    fn look(&self, laptop: &Laptop, seen: &mut Seen) -> Result<()> {
        for number in self.some(SEARCHES, 0) {
            let words = words_for(number)?;
            let begun = Instant::now();
            let found = laptop.search(&words)?;
            seen.searches.push(millis(begun));
            ensure!(found > 0, "a search for {words:?} found nothing");
        }
        for number in self.some(DAYS, 0) {
            let begun = Instant::now();
            let found = laptop.day(number)?;
            seen.days.push(millis(begun));
            ensure!(found > 0 && found <= PER_DAY, "a day lists {found} inspections");
        }
        Ok(())
    }
}

impl Seen {
    fn measures(&self, runs: usize, records: usize) -> Vec<Measure> {
        let mut measures = Vec::new();
        let mut compare = |name: &str, both: &Both, asked: f64| {
            let mut part = |what: &str, unit, of: fn(&Cost) -> f64, asked| {
                let median = |costs: &[Cost]| percentile(costs.iter().map(of).collect(), 50);
                let (ours, floor) = (median(&both.ours), median(&both.floor));
                measures.push(Measure::ratio(
                    &format!("{name}: {what}"),
                    unit,
                    ours,
                    floor,
                    asked,
                    runs,
                ));
            };
            part("wall", "ms", |cost| cost.wall_ms, Some(asked));
            part("server cpu", "ms", |cost| cost.server_cpu_ms, Some(asked));
            part("device cpu", "ms", |cost| cost.device_cpu_ms, None);
            part("on the wire", "kB", |cost| cost.wire_kb, None);
        };
        compare(&format!("first sync of {records}"), &self.first, 1.5);
        compare(&format!("pull of {CHANGES} changes"), &self.pull, 2.0);
        compare(&format!("push of {EDITS} offline saves"), &self.push, 3.0);
        let of = |values: &Vec<f64>, share| percentile(values.clone(), share);
        let floor = percentile(self.first.floor.iter().map(|cost| cost.wall_ms).collect(), 50);
        for (what, values) in [
            ("department changed: the old gone", &self.let_go),
            ("department changed: the new there", &self.moved),
        ] {
            measures.push(Measure::ratio(what, "ms", of(values, 50), floor, Some(2.0), runs));
        }
        let few = self
            .few
            .iter()
            .map(|cost| cost.server_cpu_ms / SMALL_PULLS as f64);
        let few: Vec<f64> = few.collect();
        measures.push(Measure::absolute(
            &format!("pull of {FEW_CHANGES} changes: server cpu"),
            "ms",
            of(&few, 50),
            Some(1.0),
            runs,
        ));
        let size = format!("device files after {records}");
        measures.push(Measure::ratio(
            &size,
            "kB",
            of(&self.size_ours, 50),
            of(&self.size_floor, 50),
            None,
            runs,
        ));
        let mut alone = |name: &str, values: &Vec<f64>, share, asked| {
            measures.push(Measure::absolute(name, "ms", of(values, share), asked, runs));
        };
        alone("save on the device p50", &self.saves, 50, None);
        alone("save on the device p95", &self.saves, 95, Some(50.0));
        alone(&format!("search in {records} p50"), &self.searches, 50, None);
        alone(
            &format!("search in {records} p95"),
            &self.searches,
            95,
            Some(20.0),
        );
        alone("list of one day p50", &self.days, 50, None);
        alone("list of one day p95", &self.days, 95, None);
        alone(
            &format!("opening {records} to the first list"),
            &self.opens,
            50,
            Some(1_000.0),
        );
        alone("commit to a connected device p50", &self.heard, 50, Some(3.0));
        alone("commit to a connected device p99", &self.heard, 99, Some(10.0));
        let many = MANY * records;
        alone(
            &format!("search in {many} p95"),
            &self.searches_many,
            95,
            Some(20.0),
        );
        alone(
            &format!("opening {many} to the first list"),
            &self.opens_many,
            50,
            Some(1_000.0),
        );
        measures.push(Measure::absolute(
            &format!("first sync of {many}: device memory"),
            "MB",
            of(&self.memory_many, 50),
            Some(MEMORY_MB_MAX),
            runs,
        ));
        measures
    }
}
