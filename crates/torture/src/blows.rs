//! Kills: a laptop's process, the server's, and the database's, at any moment, over and over on the same files.

use crate::check::{self, Saved};
use crate::laptop::{Laptop, Stop};
use crate::office::{Kind, Office};
use crate::report::{Row, say};
use crate::town;
use anyhow::{Context as _, Result, ensure};
use domain::CommandId;
use sim::Rng;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

/// After so many kills everything is drained and looked at, and a fresh town is built.
const BATCH: u64 = 100;
/// After so many kills of the server PostgreSQL is stopped at once as well.
const DATABASE_EVERY: u64 = 20;
/// With so many changes waiting a laptop does nothing new.
const WAITING_MOST: u64 = 40;
/// How many laptops push to a server that is killed.
const LAPTOPS: u64 = 2;

/// A town in a folder of its own, served, with one laptop that has everything.
struct Scene {
    folder: tempfile::TempDir,
    kind: Kind,
    office: Office,
    runtime: tokio::runtime::Runtime,
}

impl Scene {
    fn open(kind: &Kind) -> Result<Scene> {
        let folder = tempfile::tempdir()?;
        let place = kind.place(folder.path())?;
        town::build(&place)?;
        let office = Office::serve(&place, folder.path())?;
        Ok(Scene {
            folder,
            kind: kind.clone(),
            office,
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?,
        })
    }

    /// A laptop that is signed in and filled, closed again.
    fn laptop(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder)?;
        let filled = async {
            let mut laptop = Laptop::sign_in(&self.office.url(), &folder).await?;
            laptop.exchange(|_, _| {}).await
        };
        self.runtime.block_on(filled)?;
        // Otherwise the search below would find nothing in any case.
        ensure!(
            check::holds(&folder, town::WITHDRAWN)?,
            "the laptop never had what is withdrawn"
        );
        Ok(folder)
    }

    /// Drains a laptop and looks at everything.
    fn look(&self, row: &mut Row, folder: &Path, saved: &[Saved]) -> Result<()> {
        check::files_are_sound(row, folder)?;
        let laptop = self.runtime.block_on(async {
            let mut laptop = Laptop::open(&self.office.url(), folder)?;
            laptop.drain().await?;
            Ok::<_, Stop>(laptop)
        });
        let laptop = match laptop {
            Ok(laptop) => laptop,
            Err(stop) => {
                row.is_corrupt(&format!("the laptop cannot be drained: {stop}"));
                return Ok(());
            }
        };
        if laptop.is_anew {
            row.is_corrupt("the cache had to be thrown away");
        }
        check::nothing_lost(row, self.office.place(), self.folder.path(), saved, &laptop)?;
        let url = self.office.url();
        self.runtime
            .block_on(check::holds_what_is_permitted(row, &url, &laptop))?;
        drop(laptop);
        check::files_are_sound(row, folder)?;
        check::leaks_nothing(row, folder, true)?;
        check::office_is_sound(row, self.office.place())
    }

    fn close(mut self) -> Result<()> {
        self.office.kill()?;
        self.kind.clear(self.folder.path())
    }
}

/// A laptop at work in a process of its own, and what it has said so far.
struct Working {
    process: Child,
    said: JoinHandle<Vec<Saved>>,
    opened: std::sync::mpsc::Receiver<()>,
}

impl Working {
    fn start(folder: &Path, url: &str, seed: u64) -> Result<Working> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["laptop", "--server", url, "--seed", &seed.to_string(), "--folder"])
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("the laptop's process does not start")?;
        let out = process.stdout.take().context("the laptop has no output")?;
        let (sender, opened) = std::sync::mpsc::channel();
        let said = std::thread::spawn(move || {
            let mut saved = Vec::new();
            let mut lines = BufReader::new(out);
            let mut line = String::new();
            // A line without its end was not said.
            while lines.read_line(&mut line).is_ok_and(|_| line.ends_with('\n')) {
                let words: Vec<&str> = line.split_whitespace().collect();
                match words.as_slice() {
                    ["open"] => drop(sender.send(())),
                    ["saved", id, brings] => {
                        saved.extend(CommandId::try_from((*id).to_owned()).ok().map(|id| Saved {
                            id,
                            brings: (*brings).to_owned(),
                        }))
                    }
                    _ => {}
                }
                line.clear();
            }
            saved
        });
        Ok(Working {
            process,
            said,
            opened,
        })
    }

    /// Kills it; gives what it had called saved.
    fn kill(mut self) -> Result<Vec<Saved>> {
        self.process.kill()?;
        let status = self.process.wait()?;
        ensure!(
            status.code().is_none(),
            "the laptop's process ended by itself with {status}"
        );
        self.said
            .join()
            .map_err(|_| anyhow::anyhow!("the laptop's output was not read"))
    }
}

/// The laptop's process: works and exchanges until it is killed. A line for each thing saved.
pub fn work(folder: &Path, url: &str, seed: u64) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut rng = Rng::new(seed);
    let mut laptop = Laptop::open(url, folder)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "open")?;
    out.flush()?;
    loop {
        // Somebody who sees that nothing gets through waits as well.
        let (waiting, ..) = laptop.device.counts()?;
        let deeds = if waiting < WAITING_MOST {
            1 + rng.below(4)
        } else {
            0
        };
        for _ in 0..deeds {
            let (command, photo) = if rng.chance(8) {
                let (command, photo) = town::photo(&mut rng)?;
                (command, Some(photo))
            } else {
                (town::note(&mut rng)?, None)
            };
            let brings = check::brings(&command);
            let id = laptop.does(&mut rng, command, photo)?;
            writeln!(out, "saved {} {brings}", id.as_str())?;
            out.flush()?;
        }
        match runtime.block_on(laptop.exchange(|_, _| {})) {
            // An office that is gone comes back.
            Ok(()) | Err(Stop::Trouble(_)) => {}
            Err(stop) => return Err(stop.into()),
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Kills a laptop's process so many times.
pub fn on_device(kind: &Kind, kills: u64, seed: u64) -> Result<Row> {
    let mut row = Row::of("laptop killed", kind.name());
    let mut rng = Rng::new(seed);
    while row.runs < kills {
        let scene = Scene::open(kind)?;
        let folder = scene.laptop("laptop")?;
        let batch = BATCH.min(kills - row.runs);
        let mut saved = Vec::new();
        for number in 0..batch {
            if number == batch / 2 {
                town::set_second_role(scene.office.place(), true)?;
            }
            let working = Working::start(&folder, &scene.office.url(), rng.bits())?;
            if rng.chance(75) {
                working
                    .opened
                    .recv_timeout(Duration::from_secs(20))
                    .context("the laptop's files were not opened")?;
            }
            std::thread::sleep(Duration::from_micros(rng.below(45_000) as u64));
            saved.extend(working.kill()?);
            row.runs += 1;
        }
        scene.look(&mut row, &folder, &saved)?;
        told(&row, kills, saved.len());
        scene.close()?;
    }
    Ok(row)
}

/// Kills the server so many times, while laptops push to it.
pub fn on_server(kind: &Kind, kills: u64, seed: u64) -> Result<Vec<Row>> {
    let mut row = Row::of("server killed", kind.name());
    let mut database = Row::of("database stopped at once", kind.name());
    let mut rng = Rng::new(seed);
    while row.runs < kills {
        let mut scene = Scene::open(kind)?;
        let names: Vec<String> = (0..LAPTOPS).map(|number| format!("laptop-{number}")).collect();
        let folders = names
            .iter()
            .map(|name| scene.laptop(name))
            .collect::<Result<Vec<_>>>()?;
        let url = scene.office.url();
        let working = folders
            .iter()
            .map(|folder| Working::start(folder, &url, rng.bits()))
            .collect::<Result<Vec<_>>>()?;
        let batch = BATCH.min(kills - row.runs);
        for number in 0..batch {
            if number == batch / 2 {
                town::set_second_role(scene.office.place(), true)?;
            }
            std::thread::sleep(Duration::from_micros(rng.below(50_000) as u64));
            scene.office.kill()?;
            row.runs += 1;
            let is_postgres = matches!(kind, Kind::Postgres(_));
            if is_postgres && row.runs.is_multiple_of(DATABASE_EVERY) && stop_database()? {
                database.runs += 1;
            }
            scene.office.start()?;
        }
        let said = working
            .into_iter()
            .map(Working::kill)
            .collect::<Result<Vec<_>>>()?;
        for (folder, saved) in folders.iter().zip(&said) {
            scene.look(&mut row, folder, saved)?;
        }
        told(&row, kills, said.iter().map(Vec::len).sum());
        scene.close()?;
    }
    let mut rows = vec![row];
    if database.runs > 0 {
        // It was stopped among the kills above, so what came of it is counted there.
        rows.push(database);
    }
    Ok(rows)
}

/// Has PostgreSQL stop without tidying up and come back, where `cargo xtask torture` said how.
fn stop_database() -> Result<bool> {
    let Ok(said) = std::env::var("BAILIWICK_TORTURE_PG_CTL") else {
        return Ok(false);
    };
    let words: Vec<String> =
        serde_json::from_str(&said).context("BAILIWICK_TORTURE_PG_CTL is a list of words")?;
    let (program, args) = words.split_first().context("BAILIWICK_TORTURE_PG_CTL is empty")?;
    for action in [["-m", "immediate", "stop"], ["-w", "-s", "start"]] {
        let ended = Command::new(program)
            .args(args)
            .args(action)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()?;
        ensure!(ended.success(), "pg_ctl {action:?} ended with {ended}");
    }
    Ok(true)
}

fn told(row: &Row, kills: u64, saved: usize) {
    say(&format!(
        "{}, {}: {} of {kills}; {saved} saved in this batch",
        row.fault, row.store, row.runs
    ));
}
