//! Many devices at once: how many one server holds, and how soon all have what is new.
//!
//! The server has one core and what makes the load the other. The devices are without files ([`Light`]): a thousand stores
//! on the other core would be what is measured.

use crate::light::{Light, client};
use crate::office::Town;
use crate::report::{Measure, percentile, say, workplace};
use crate::town::{DEPARTMENTS, INSPECTORS, one_of_each};
use crate::wire::{AFTERMATH, Server, Which, millis};
use crate::{place, process};
use anyhow::{Context as _, Result, bail, ensure};
use policy::PersonId;
use reqwest::RequestBuilder;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// The cores of the server and of the load.
const SERVER_CORE: usize = 0;
const LOAD_CORE: usize = 1;
const INSPECTIONS: usize = 200_000;
const STREAMS: usize = 5_000;
const AT_ONCE: usize = 1_000;
/// As many as the systems we compare with were measured with.
const FEW_AT_ONCE: usize = 50;
const CHANGES: usize = 50;
/// So many devices are signed in, or connect, at the same time.
const STEP: usize = 100;
const ALL_DONE_MS: f64 = 5_000.0;
/// How long a word from the office is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Measures with the office on the embedded database, or on that PostgreSQL server.
pub fn herd(runs: usize, server: Option<&str>) -> Result<Vec<Measure>> {
    let _pinned = Pinned::load()?;
    let folder = workplace()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    say(&format!("writing {INSPECTIONS} records"))?;
    let place = place::fresh(server, folder.path(), "herd")?;
    let town = Town::make(&place, folder.path())?;
    let people = town.hire()?;
    town.write(0..INSPECTIONS, 0)?;
    let mut herd = Herd {
        server: Server::pinned(Which::Ours, &place, folder.path(), SERVER_CORE)?,
        town,
        people,
        runtime,
        round: 0,
    };
    let mut measures = herd.connected(runs)?;
    measures.extend(herd.pulls(FEW_AT_ONCE, runs)?);
    measures.extend(herd.pulls(AT_ONCE, runs)?);
    let store = if server.is_some() { "postgres" } else { "sqlite" };
    let measures = measures.into_iter();
    Ok(measures.map(|measure| Measure { store, ..measure }).collect())
}

/// The load has left the server's core to the server; with this it has all cores again.
struct Pinned {
    cores: usize,
}

impl Pinned {
    fn load() -> Result<Pinned> {
        let cores = std::thread::available_parallelism()?.get();
        ensure!(
            cores > LOAD_CORE,
            "a core for the server and one for the load are needed"
        );
        run_on(&LOAD_CORE.to_string())?;
        Ok(Pinned { cores })
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        // What is measured next says so where it lacks a core.
        let _ = run_on(&format!("0-{}", self.cores - 1));
    }
}

/// Has every thread of this process run on these cores.
fn run_on(cores: &str) -> Result<()> {
    let pinned = Command::new("taskset")
        .args(["--all-tasks", "--cpu-list", "--pid", cores])
        .arg(std::process::id().to_string())
        .output()
        .context("taskset, of util-linux, is needed")?;
    ensure!(
        pinned.status.success(),
        "{}",
        String::from_utf8_lossy(&pinned.stderr)
    );
    Ok(())
}

struct Herd {
    server: Server,
    town: Town,
    people: Vec<PersonId>,
    runtime: Runtime,
    round: usize,
}

impl Herd {
    /// So many devices, signed in, the inspectors' in turn.
    fn devices(&self, count: usize) -> Result<Vec<Light>> {
        let owners = self.people.iter().cycle().take(count);
        let credentials = self.town.seat(owners)?;
        let light = |credential| Light::new(&self.server.url, credential);
        Ok(credentials.into_iter().map(light).collect())
    }

    /// Changes about 50 inspections of each inspector.
    fn change(&mut self) -> Result<()> {
        self.round += 1;
        let each = INSPECTIONS / (DEPARTMENTS * INSPECTORS as usize * CHANGES);
        // Whole groups of a day's neighbours: who inspects what is drawn by lot, so that each inspector has his share.
        let (round, all) = (self.round, INSPECTIONS / DEPARTMENTS);
        let numbers = (0..all).filter(move |number| (number + round) % each == 0);
        let numbers = numbers.flat_map(|number| number * DEPARTMENTS..(number + 1) * DEPARTMENTS);
        let numbers: Vec<usize> = numbers.collect();
        self.town.write(numbers.into_iter(), round)
    }

    /// Connects all devices, lets everything change and waits until each has heard of it.
    fn connected(&mut self, runs: usize) -> Result<Vec<Measure>> {
        let idle_kb = self.server.memory_kb()?;
        let devices = self.devices(STREAMS)?;
        let heard = Arc::new(AtomicUsize::new(0));
        let (stop, stopped) = watch::channel(());
        let http = client()?;
        say(&format!("{STREAMS} devices connect"))?;
        let begun = Instant::now();
        let mut streams = JoinSet::new();
        for (number, device) in devices.into_iter().enumerate() {
            // Each takes a connection of its own, because none ever becomes free.
            let listening = listen(device.events(&http), Arc::clone(&heard), stopped.clone());
            streams.spawn_on(listening, self.runtime.handle());
            if number % STEP == STEP - 1 {
                self.wait_for(&heard, number + 1, &mut streams)?;
            }
        }
        let connect_ms = millis(begun);
        std::thread::sleep(Duration::from_secs(2));
        let memory_mb = self.server.memory_kb()? / 1e3;
        let (mut all_heard, mut cpu) = (Vec::new(), Vec::new());
        let one = one_of_each();
        for run in 0..runs {
            let (before, cpu_ms) = (heard.load(Ordering::SeqCst), self.server.cpu_ms()?);
            // Another process writes something of everybody's in one transaction, as an import does.
            self.town.write(one.iter().copied(), run + 1)?;
            let begun = Instant::now();
            self.wait_for(&heard, before + STREAMS, &mut streams)?;
            all_heard.push(millis(begun));
            cpu.push((self.server.cpu_ms()? - cpu_ms) / STREAMS as f64);
            std::thread::sleep(Duration::from_secs(1));
        }
        let full_mb = self.server.memory_kb()? / 1e3;
        drop(stop);
        let median = |values: &[f64]| percentile(values.to_vec(), 50);
        let name = |what: &str| format!("{STREAMS} connected devices: {what}");
        let held = |what: &str, value, unit| Measure::absolute(&name(what), unit, value, None, runs);
        Ok(vec![
            held("connected within", connect_ms, "ms"),
            held("server memory before", idle_kb / 1e3, "MB"),
            held("server memory, connected", memory_mb, "MB"),
            held("server memory, after changes", full_mb, "MB"),
            held("a change heard by all", median(&all_heard), "ms"),
            held("server cpu of a change, each", median(&cpu), "ms"),
        ])
    }

    fn wait_for(&self, heard: &AtomicUsize, count: usize, streams: &mut JoinSet<Result<()>>) -> Result<()> {
        let begun = Instant::now();
        while heard.load(Ordering::SeqCst) < count {
            if let Some(ended) = self.runtime.block_on(async { streams.try_join_next() }) {
                ended?.context("a stream")?;
                bail!("a stream has ended");
            }
            let so_far = heard.load(Ordering::SeqCst);
            ensure!(begun.elapsed() < PATIENCE, "{so_far} of {count} words have come");
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    /// So many devices pull at once, each about 50 changes.
    fn pulls(&mut self, count: usize, runs: usize) -> Result<Vec<Measure>> {
        say(&format!("{count} devices sync for the first time"))?;
        let http = client()?;
        let mut devices = self.devices(count)?;
        for part in devices.chunks_mut(STEP) {
            self.runtime.block_on(async {
                let mut syncs = JoinSet::new();
                for (place, device) in part.iter().enumerate() {
                    let (mut device, http) = (device.clone(), http.clone());
                    syncs.spawn(async move { anyhow::Ok((place, device.exchange(&http).await?, device)) });
                }
                while let Some(synced) = syncs.join_next().await {
                    let (place, rows, device) = synced??;
                    ensure!(rows > 0, "a device was sent nothing");
                    part[place] = device;
                }
                Ok(())
            })?;
        }
        drop(http);
        let (mut wall, mut cpu, mut load, mut rows) = (Vec::new(), Vec::new(), Vec::new(), 0);
        let (mut middle, mut last) = (Vec::new(), Vec::new());
        for run in 0..runs {
            say(&format!("run {} of {runs}: {count} devices pull", run + 1))?;
            self.change()?;
            // Fresh connections, as of devices that have been away.
            let http = client()?;
            let (cpu_ms, own_ms) = (self.server.cpu_ms()?, process::own_cpu_ms()?);
            let begun = Instant::now();
            let times = self.runtime.block_on(async {
                let mut pulls = JoinSet::new();
                for (place, device) in devices.iter().enumerate() {
                    let (mut device, http) = (device.clone(), http.clone());
                    pulls.spawn(async move {
                        let rows = device.exchange(&http).await?;
                        anyhow::Ok((place, rows, millis(begun), device))
                    });
                }
                let mut times = Vec::with_capacity(count);
                while let Some(pulled) = pulls.join_next().await {
                    let (place, came, at, device) = pulled??;
                    rows += came;
                    devices[place] = device;
                    times.push(at);
                }
                anyhow::Ok(times)
            })?;
            wall.push(millis(begun));
            load.push((process::own_cpu_ms()? - own_ms) / count as f64);
            std::thread::sleep(AFTERMATH);
            cpu.push((self.server.cpu_ms()? - cpu_ms) / count as f64);
            middle.push(percentile(times.clone(), 50));
            last.push(percentile(times, 100));
        }
        let median = |values: &[f64]| percentile(values.to_vec(), 50);
        let per_device = rows as f64 / (count * runs) as f64;
        ensure!(
            (CHANGES as f64 * 0.8..CHANGES as f64 * 1.2).contains(&per_device),
            "each device was sent {per_device:.1} changes"
        );
        let name = |what: &str| format!("{count} pull {CHANGES} at once: {what}");
        let one = |what: &str, unit, value, asked| Measure::absolute(&name(what), unit, value, asked, runs);
        Ok(vec![
            one(
                "all done",
                "ms",
                median(&wall),
                (count == AT_ONCE).then_some(ALL_DONE_MS),
            ),
            one("half done", "ms", median(&middle), None),
            one("pulls a second", "1/s", count as f64 * 1e3 / median(&wall), None),
            one("server cpu of each", "ms", median(&cpu), None),
            one("load's cpu of each", "ms", median(&load), None),
            one("server memory", "MB", self.server.memory_kb()? / 1e3, None),
        ])
    }
}

/// Counts the words of a stream until everybody is told to stop.
async fn listen(
    request: RequestBuilder,
    heard: Arc<AtomicUsize>,
    mut stopped: watch::Receiver<()>,
) -> Result<()> {
    let mut response = request.send().await?.error_for_status()?;
    loop {
        let chunk = tokio::select! {
            _ = stopped.changed() => return Ok(()),
            chunk = response.chunk() => chunk?,
        };
        let Some(chunk) = chunk else {
            bail!("the office has ended a stream");
        };
        let words = chunk.windows(14).filter(|word| word == b"event: changed");
        heard.fetch_add(words.count(), Ordering::SeqCst);
    }
}
