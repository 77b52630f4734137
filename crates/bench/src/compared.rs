//! `--peers`: the six works that other systems were measured by, done by ours, by the floor and by those systems in one run.
//!
//! The town has what theirs has: 200,000 inspections of about 673 bytes, 20 departments, 400 inspectors. A device of W1
//! and W2 is a process of its own, whose start counts, until all is in its store; that of W3 and W4 is running, as theirs are;
//! those of W5 have their encrypted files and run beside each other.

use crate::apart::{self, Done, Order};
use crate::light::{Light, client};
use crate::office::Town;
use crate::ours::Laptop;
use crate::peers::{Harness, Line, POWERSYNC};
use crate::report::{Measure, percentile, say, workplace};
use crate::table::Table;
use crate::town::{self, DEPARTMENTS, with_neighbours};
use crate::wire::{AFTERMATH, Net, Server, Which, millis};
use crate::{connected, floor, place};
use anyhow::{Context as _, Result, ensure};
use policy::{PersonId, Rights};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Barrier;
use std::time::Instant;
use sync::PUSH_COMMANDS_MAX;

const INSPECTIONS: usize = 200_000;
const RECORDS: usize = INSPECTIONS / DEPARTMENTS;
const CHANGES: usize = 1_000;
const EDITS: usize = 500;
const HERD: usize = 50;
const WORDS_HEARD: usize = 200;
const NOTE: &str = "The owner was on site and will send the missing drawings.";
/// The products that run here, by their folders in the harness.
const PRODUCTS: [&str; 3] = ["zero", "pouch", BASELINE];
/// Plain Node and PostgreSQL, without permissions, removals or order: the harness's own floor, which nobody is asked to beat.
const BASELINE: &str = "baseline";

/// What was measured of one side, in each run.
type Seen = BTreeMap<Line, Vec<f64>>;

/// Measures ours and the floor on the embedded database, where there is no address, and on these PostgreSQL servers; then
/// the other products. Gives what could not be measured of those beside the figures.
pub fn compared<'a>(
    runs: usize,
    servers: impl Iterator<Item = Option<&'a str>>,
) -> Result<(Vec<Measure>, Vec<String>)> {
    let harness = Harness::set_up()?;
    let mut measured = Vec::new();
    for server in servers {
        let store = if server.is_some() { "postgres" } else { "sqlite" };
        measured.push((store, ours(runs, server)?));
    }
    let (mut peers, mut missing) = (Vec::new(), Vec::new());
    for product in PRODUCTS {
        let (peer, broken) = harness.measure(product, runs)?;
        missing.extend(broken);
        let lacks = Line::ALL.into_iter().filter(|line| peer.figure(*line).is_none());
        missing.extend(lacks.map(|line| format!("{} of {product}", line.name())));
        peers.push(peer);
    }
    let mut measures = Vec::new();
    for (store, (ours, floor)) in &measured {
        for line in Line::ALL {
            let median = |seen: &Seen| seen.get(&line).map(|values| percentile(values.clone(), 50));
            let ours = median(ours).with_context(|| format!("{} was not measured", line.name()))?;
            let floor = median(floor);
            let least = floor.or_else(|| peers.iter().find(|peer| peer.name == BASELINE)?.figure(line));
            if let Some(floor) = floor {
                let beside = Measure::ratio(line.name(), "ms", ours, floor, None, runs);
                measures.push(Measure { store, ..beside });
            }
            for peer in &peers {
                let Some(figure) = peer.figure(line) else { continue };
                let name = format!("{}, beside {}", line.name(), peer.name);
                let asked = (peer.name != BASELINE).then(|| line.asked_beside(figure, least));
                let beside = Measure::beside_peer(&name, ours, figure, asked, runs);
                measures.push(Measure { store, ..beside });
            }
            if let Some((_, figure)) = POWERSYNC.iter().find(|(found, _)| *found == line) {
                let name = format!("{}, beside powersync (not of this run)", line.name());
                let beside = Measure::beside_peer(&name, ours, *figure, None, runs);
                measures.push(Measure { store, ..beside });
            }
        }
    }
    Ok((measures, missing))
}

/// The town with both servers, and what was seen so far.
struct Stage {
    town: Town,
    plain: Table,
    ours: Server,
    floor: Server,
    folder: PathBuf,
    manager: PersonId,
    seen: Seen,
    seen_floor: Seen,
}

fn ours(runs: usize, server: Option<&str>) -> Result<(Seen, Seen)> {
    let folder = workplace()?;
    let mut stage = Stage::set(folder.path(), server)?;
    for run in 0..runs {
        say(&format!("ours and the floor, run {} of {runs}", run + 1))?;
        stage.run(run)?;
    }
    stage.herd(runs)?;
    stage.words()?;
    Ok((stage.seen, stage.seen_floor))
}

fn note(seen: &mut Seen, line: Line, value: f64) {
    seen.entry(line).or_default().push(value);
}

impl Stage {
    fn set(folder: &Path, server: Option<&str>) -> Result<Stage> {
        say(&format!("writing {INSPECTIONS} records"))?;
        let (ours, plain) = (folder.join("ours"), folder.join("floor"));
        let (here, there) = (
            place::fresh(server, &ours, "compared")?,
            place::fresh(server, &plain, "compared_floor")?,
        );
        let mut stage = Stage {
            town: Town::make(&here, &ours)?,
            plain: Table::open(&there)?,
            ours: Server::start(Which::Ours, &here, &ours)?,
            floor: Server::start(Which::Floor, &there, &plain)?,
            folder: folder.to_path_buf(),
            manager: PersonId::parse(town::MANAGER)?,
            seen: Seen::new(),
            seen_floor: Seen::new(),
        };
        stage.write(0..INSPECTIONS, 0)?;
        Ok(stage)
    }

    fn write(&mut self, numbers: impl Iterator<Item = usize> + Clone, round: usize) -> Result<()> {
        self.town.write(numbers.clone(), round)?;
        let numbers: Vec<usize> = numbers.collect();
        numbers
            .chunks(10_000)
            .try_for_each(|part| self.plain.write(part.iter().copied(), round))
    }

    /// Inspections of the manager's, spread evenly; others in each run.
    fn some(count: usize, run: usize) -> impl Iterator<Item = usize> + Clone {
        let step = RECORDS / count;
        (0..count).map(move |number| DEPARTMENTS * (number * step + run % step))
    }

    /// A new device of a person, signed in: its credential, and its person's rights.
    fn seat(&self, person: &PersonId) -> Result<(String, Rights)> {
        let credential = self
            .town
            .seat(std::iter::once(person))?
            .pop()
            .context("a credential")?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let light = Light::new(&self.ours.url, credential.clone());
        let rights = runtime.block_on(async { light.rights(&client()?).await })?;
        Ok((credential, rights))
    }

    /// An exchange in a process of its own, and what the server needed for it in milliseconds.
    fn apart(server: &Server, order: &Order, rows: usize) -> Result<(Done, f64, f64)> {
        let before = server.cpu_ms()?;
        let (done, wall_ms) = apart::exchange(order)?;
        std::thread::sleep(AFTERMATH);
        ensure!(done.rows == rows, "{} of {rows} inspections came", done.rows);
        Ok((done, wall_ms, server.cpu_ms()? - before))
    }

    /// W1 to W4, each by both.
    fn run(&mut self, run: usize) -> Result<()> {
        let (credential, rights) = self.seat(&self.manager)?;
        let order = Order {
            which: Which::Ours,
            folder: self.folder.join(format!("device-{run}")),
            url: self.ours.url.clone(),
            credential: credential.clone(),
            rights: rights.clone(),
            commits: 0,
        };
        let mut plain = Order {
            which: Which::Floor,
            folder: self.folder.join(format!("plain-{run}")),
            url: self.floor.url.clone(),
            ..order.clone()
        };
        self.both(&order, &mut plain, RECORDS, (Line::FirstWall, Line::FirstCpu))?;

        let changed: Vec<usize> = Stage::some(CHANGES, run).collect();
        self.write(with_neighbours(&changed), run + 1)?;
        self.both(&order, &mut plain, CHANGES, (Line::PullWall, Line::PullCpu))?;

        let edited: Vec<usize> = Stage::some(EDITS, run).collect();
        let net = &mut Net::new()?;
        let mut laptop = Laptop::seated(&self.ours.url, credential, rights, &order.folder)?;
        for (index, number) in edited.iter().enumerate() {
            laptop.save(*number, (run * EDITS + index) as u128 + 1, NOTE)?;
        }
        let (cost, _) = net.cost(&self.ours, |net| laptop.exchange(net, true))?;
        ensure!(
            laptop.waiting()? == (0, 0),
            "after the push work still waits or was returned"
        );
        note(&mut self.seen, Line::PushWall, cost.wall_ms);
        note(&mut self.seen, Line::PushCpu, cost.server_cpu_ms);
        laptop.exchange(net, false)?;
        let mut client = floor::Client::open(&plain.folder)?;
        client.edit(edited.iter().copied(), NOTE)?;
        let url = &self.floor.url;
        let (cost, _) = net.cost(&self.floor, |net| client.push(net, url, PUSH_COMMANDS_MAX))?;
        note(&mut self.seen_floor, Line::PushWall, cost.wall_ms);
        note(&mut self.seen_floor, Line::PushCpu, cost.server_cpu_ms);

        self.town.move_manager(0, 1)?;
        let (cost, came) = net.cost(&self.ours, |net| laptop.exchange(net, false))?;
        ensure!(
            came.rows == RECORDS,
            "{} inspections came with the move",
            came.rows
        );
        note(&mut self.seen, Line::MoveWall, cost.wall_ms);
        note(&mut self.seen, Line::MoveCpu, cost.server_cpu_ms);
        self.town.move_manager(1, 0)?;
        // The next run's records are as long as this one's.
        self.write(edited.into_iter(), 0)
    }

    /// The same exchange by ours and by the floor, whose device commits as often.
    fn both(&mut self, ours: &Order, floor: &mut Order, rows: usize, lines: (Line, Line)) -> Result<()> {
        let (done, wall_ms, cpu_ms) = Stage::apart(&self.ours, ours, rows)?;
        note(&mut self.seen, lines.0, wall_ms);
        note(&mut self.seen, lines.1, cpu_ms);
        floor.commits = done.commits;
        let (_, wall_ms, cpu_ms) = Stage::apart(&self.floor, floor, rows)?;
        note(&mut self.seen_floor, lines.0, wall_ms);
        note(&mut self.seen_floor, lines.1, cpu_ms);
        Ok(())
    }

    /// W5: inspectors of all departments come back at once, each on a laptop with files, to about 50 changes.
    fn herd(&mut self, runs: usize) -> Result<()> {
        say(&format!("{HERD} inspectors sync for the first time"))?;
        let people = self.town.hire()?;
        let mut laptops = Vec::new();
        for (number, person) in people.iter().step_by(people.len() / HERD).enumerate() {
            let (credential, rights) = self.seat(person)?;
            let folder = self.folder.join(format!("inspector-{number}"));
            std::fs::create_dir_all(&folder)?;
            let mut laptop = Laptop::seated(&self.ours.url, credential, rights, &folder)?;
            laptop.exchange(&mut Net::new()?, false)?;
            laptops.push(laptop);
        }
        let each = RECORDS / CHANGES;
        for run in 0..runs {
            let groups: Vec<usize> = (0..CHANGES)
                .map(|group| DEPARTMENTS * (group * each + run))
                .collect();
            self.town.write(with_neighbours(&groups), runs + 1 + run)?;
            let before = self.ours.cpu_ms()?;
            let (start, mut rows) = (Barrier::new(laptops.len() + 1), 0);
            let wall_ms = std::thread::scope(|scope| {
                let pulls: Vec<_> = laptops
                    .iter_mut()
                    .map(|laptop| {
                        let start = &start;
                        scope.spawn(move || {
                            let mut net = Net::new()?;
                            start.wait();
                            laptop.exchange(&mut net, false)
                        })
                    })
                    .collect();
                start.wait();
                let begun = Instant::now();
                for pull in pulls {
                    let came = pull
                        .join()
                        .map_err(|_| anyhow::anyhow!("a device has panicked"))?;
                    rows += came?.rows;
                }
                anyhow::Ok(millis(begun))
            })?;
            std::thread::sleep(AFTERMATH);
            let cpu_ms = self.ours.cpu_ms()? - before;
            let per_device = rows / HERD;
            ensure!(
                (40..=60).contains(&per_device),
                "{per_device} changes came to each"
            );
            note(&mut self.seen, Line::HerdWall, wall_ms);
            note(&mut self.seen, Line::HerdCpu, cpu_ms / HERD as f64);
        }
        Ok(())
    }

    /// W6: notes of one laptop of the manager's, until another has them in its store.
    fn words(&mut self) -> Result<()> {
        let mut laptops = Vec::new();
        for name in ["listener", "writer"] {
            let (credential, rights) = self.seat(&self.manager)?;
            let folder = self.folder.join(name);
            std::fs::create_dir_all(&folder)?;
            laptops.push(Laptop::seated(&self.ours.url, credential, rights, &folder)?);
        }
        let [listener, writer] = laptops.as_mut_slice() else {
            anyhow::bail!("two laptops were signed in");
        };
        let numbers = Stage::some(WORDS_HEARD, 0);
        let heard = connected::latencies(listener, writer, numbers, u128::MAX / 2)?;
        note(&mut self.seen, Line::Word, percentile(heard.clone(), 50));
        note(&mut self.seen, Line::WordLast, percentile(heard, 99));
        Ok(())
    }
}
