//! One seed: a history of roles, with everything that reaches a laptop or stays there looked at as it goes.

use super::book::Canaries;
use super::changes::change;
use super::deeds::deed;
use super::holder::Holder;
use super::log::Log;
use super::search::{Looked, Search};
use super::sight::{Shown, Sight};
use super::town::{Planted, planted};
use crate::disk::{self, Disks};
use crate::world::{Mishap, World};
use crate::{Rng, Town, check};
use anyhow::{Context as _, Result, bail};
use device::{Photo, Reply};
use domain::Refusal;
use policy::{Millis, RecordId};
use serde_json::json;
use std::fmt;
use std::path::Path;
use store::sqlite::ListQuery;
use sync::PullReply;

/// Steps of one history.
const STEPS: usize = 16;
/// How long a step takes. A copy of a record that left by itself may lie in unused space for ten minutes of work, so after
/// each step the next exchange has to clean it away.
const STEP: Millis = 11 * 60 * 1000;
/// How many laptops there are.
const LAPTOPS: usize = 4;
/// An exchange has at most so many round trips.
const REQUESTS_MAX: usize = 300;

/// A canary where it must not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    pub place: String,
    /// Which record's field it is.
    pub what: String,
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has the text of {}", self.place, self.what)
    }
}

impl std::error::Error for Leak {}

/// What one seed came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Played {
    pub steps: u64,
    /// Changes of roles, accounts and places.
    pub changes: u64,
    /// Commands given on laptops, whether or not they were taken.
    pub commands: u64,
    pub requests: u64,
    pub planted: u64,
    pub looked: Looked,
}

impl std::ops::AddAssign for Played {
    fn add_assign(&mut self, other: Played) {
        self.steps += other.steps;
        self.changes += other.changes;
        self.commands += other.commands;
        self.requests += other.requests;
        self.planted += other.planted;
        self.looked += other.looked;
    }
}

/// Plays one seed; an error says what leaked, and at which step.
pub fn run(seed: u64) -> Result<Played> {
    told(seed, &mut |_| {})
}

/// The same; tells each step as it goes.
pub fn told(seed: u64, tell: &mut dyn FnMut(&str)) -> Result<Played> {
    let memory = Path::new("/dev/shm");
    let folder = match memory.is_dir() {
        true => tempfile::tempdir_in(memory)?,
        false => tempfile::tempdir()?,
    };
    let log = Log::default();
    let mut history = History::begin(seed, folder.path(), log.clone())?;
    log.of(|| history.play(tell))?;
    let (planted, looked) = (history.town.book.len() as u64, history.search.looked);
    Ok(Played {
        planted,
        looked,
        ..history.played
    })
}

struct History<'a> {
    rng: Rng,
    world: World,
    town: Planted,
    sight: Sight,
    search: Search,
    holders: Vec<Holder>,
    folder: &'a Path,
    log: Log,
    played: Played,
}

impl<'a> History<'a> {
    fn begin(seed: u64, folder: &'a Path, log: Log) -> Result<History<'a>> {
        let mut rng = Rng::new(seed);
        let town = planted()?;
        let mut people = Town::everybody();
        while people.len() > LAPTOPS {
            people.swap_remove(rng.below(people.len()));
        }
        let office = disk::open_office(disk::copy(&town.office)?)?;
        let mut world = World::of(office, Disks::Folder(folder.to_owned()), &people)?;
        world.said = Some(Vec::new());
        if rng.chance(50) {
            world.page_rows = 6 + rng.below(20);
        }
        Ok(History {
            rng,
            world,
            town,
            sight: Sight::default(),
            search: Search::default(),
            holders: people.iter().map(|_| Holder::default()).collect(),
            folder,
            log,
            played: Played::default(),
        })
    }

    fn play(&mut self, tell: &mut dyn FnMut(&str)) -> Result<()> {
        for step in 0..STEPS {
            self.world.now += STEP;
            self.played.steps += 1;
            let what = self.step(step).with_context(|| format!("step {step}"))?;
            tell(&format!("{step} {what}"));
        }
        // The first round brings what waits to the office, the second what came of it to everybody else.
        for _ in 0..2 {
            self.world.now += STEP;
            for number in 0..LAPTOPS {
                self.exchange(number, None).context("at the end")?;
            }
        }
        check::caches(&mut self.world).context("at the end")
    }

    fn step(&mut self, step: usize) -> Result<String> {
        let mut what = match step {
            0 => "everybody begins".to_owned(),
            _ => self.change(step)?,
        };
        let first = self.rng.below(LAPTOPS);
        let exchanging = if step == 0 { LAPTOPS } else { 1 + self.rng.below(2) };
        for number in (first..first + exchanging).map(|number| number % LAPTOPS) {
            for _ in 0..self.rng.below(3) {
                what += &self.work(number, step)?;
            }
            what += &format!("; {number} exchanges");
            self.exchange(number, Some(step))?;
        }
        Ok(what)
    }

    /// Something changes at the office.
    fn change(&mut self, step: usize) -> Result<String> {
        self.played.changes += 1;
        let number = self.played.changes;
        let text = self.town.book.plant(format!("the office's change {number}"))?;
        let later = self.world.now + STEP * (1 + self.rng.below(5) as Millis);
        let unique = step * 1000 + usize::try_from(number)?;
        change(&mut self.world, &mut self.rng, (unique, text), later)
    }

    /// Somebody tries something on their laptop, or another version of the program lets it pass there.
    fn work(&mut self, number: usize, step: usize) -> Result<String> {
        if !self.world.laptops[number].may_work(self.world.now)? {
            return Ok(format!("; {number} is shut"));
        }
        self.played.commands += 1;
        let attempt = usize::try_from(self.played.commands)?;
        let person = self.world.laptops[number].person.clone();
        let text = self
            .town
            .book
            .plant(format!("what {person} typed in step {step}, {attempt}"))?;
        let holder = &mut self.holders[number];
        let known = |line: &&String| {
            self.sight
                .canaries(line.as_bytes())
                .all(|key| holder.ever.contains(&key))
        };
        let lines: Vec<&String> = self.town.lines.values().flatten().filter(known).collect();
        let command = deed(&mut self.rng, &self.town, &lines, (attempt, text))?;
        let typed = serde_json::to_vec(&command)?;
        holder.typed.extend(self.sight.canaries(&typed));
        let mut what = format!("; {number} {}", command.name());
        if self.rng.chance(30) {
            let id = self.world.fresh_id();
            self.world.smuggles(number, id, command)?;
            what += " unasked";
        } else if let Err(refusal) = self.world.gives(number, command)? {
            let said = match refusal {
                Refusal::Denied(denial) => json!(denial),
                Refusal::Contested(contest) => json!(contest),
            };
            let holder = &self.holders[number];
            let allowed = [&holder.in_cache(), &holder.typed];
            let place = format!("a refusal on {person}'s laptop");
            self.search.only_said(&self.town, &place, &said, &allowed)?;
            what += " refused";
        }
        self.look_at_log()?;
        Ok(what)
    }

    /// A whole exchange; in a step, one that is disturbed: answers are lost, roles change in between, it breaks off.
    fn exchange(&mut self, number: usize, step: Option<usize>) -> Result<()> {
        let now = self.world.now;
        if !self.world.laptops[number].is_open(now)? && !self.world.signs_in(number)? {
            return Ok(());
        }
        self.world.laptops[number].device()?.begin_exchange();
        for _ in 0..REQUESTS_MAX {
            let mishap = match self.rng.below(100) {
                0..4 if step.is_some() => Mishap::ReplyLost,
                4..7 if step.is_some() => Mishap::Twice,
                7..9 if step.is_some() => Mishap::RequestLost,
                _ => Mishap::None,
            };
            if !self.request(number, mishap)? {
                return Ok(());
            }
            if let Some(step) = step {
                if self.rng.chance(10) {
                    self.change(step)?;
                }
                if self.rng.chance(2) {
                    return Ok(());
                }
            }
        }
        bail!("the exchange of laptop {number} does not end")
    }

    /// One round trip. What was answered is looked at whatever else is wrong, and the disk once it is taken in.
    fn request(&mut self, number: usize, mishap: Mishap) -> Result<bool> {
        self.played.requests += 1;
        let before = self.holders[number].in_cache();
        let stepped = self.world.step(number, mishap);
        let shown = self.shown(number)?;
        let said = self.world.said.replace(Vec::new()).unwrap_or_default();
        let mut taken_in = None;
        for said in said {
            match said {
                Ok(reply) => {
                    self.look_at_reply(number, &reply, &shown, &before)?;
                    taken_in = Some(reply);
                }
                Err(problem) => {
                    let place = format!("a problem told to laptop {number}");
                    self.search
                        .only(&self.town, &place, problem.sentence.as_bytes(), &[])?;
                }
            }
        }
        self.look_at_log()?;
        let more = stepped?;
        if let (Some(reply), Mishap::None | Mishap::Twice) = (taken_in, mishap) {
            self.taken_in(number, &reply, &shown)?;
        }
        Ok(more)
    }

    /// What the person of a laptop may be shown now.
    fn shown(&mut self, number: usize) -> Result<Shown> {
        let person = self.world.laptops[number].caller.person.clone();
        if self.world.witness.life.switched_off.contains(&person) {
            return Ok(Shown::default());
        }
        self.sight.of(&mut self.world, &self.town, &person)
    }

    fn look_at_reply(
        &mut self,
        number: usize,
        reply: &Reply,
        shown: &Shown,
        before: &Canaries,
    ) -> Result<()> {
        let person = &self.world.laptops[number].person;
        let holder = &mut self.holders[number];
        let rows = shown.in_rows();
        match reply {
            Reply::Control(control) => {
                let place = format!("the rights {person} is told");
                self.search
                    .only_said(&self.town, &place, control, &[&shown.standing])
            }
            Reply::Push(push) => {
                // One command of a push may take away what an answer before it was about.
                let allowed = [&rows, &shown.standing, &holder.typed, before];
                let place = format!("an answer to {person}");
                holder.ever.extend(rows.iter().chain(&shown.standing));
                self.search.only_said(&self.town, &place, push, &allowed)
            }
            Reply::Pull(pull) => {
                let place = format!("a page for {person}");
                self.search.only_said(&self.town, &place, pull, &[&rows])
            }
        }
    }

    fn taken_in(&mut self, number: usize, reply: &Reply, shown: &Shown) -> Result<()> {
        let holder = &mut self.holders[number];
        let is_last = match reply {
            Reply::Control(control) => {
                holder.heard_rights(shown, !control.lost.is_empty());
                false
            }
            Reply::Pull(PullReply::Page(page)) => {
                holder.took_page(shown, page.complete);
                page.complete
            }
            Reply::Push(_) | Reply::Pull(PullReply::RightsChanged) => false,
        };
        if is_last {
            self.fetch_photos(number, shown)?;
            self.look_at_screen(number, shown)?;
        }
        self.look_at_disk(number)
    }

    /// Asks for some photos, and keeps what is given as the window does.
    fn fetch_photos(&mut self, number: usize, shown: &Shown) -> Result<()> {
        let (hashes, now) = (self.town.hashes(), self.world.now);
        for _ in 0..3 {
            let hash = self.rng.pick(&hashes).context("no photos")?;
            let (visit, bytes) = &self.town.photos[hash];
            let laptop = &mut self.world.laptops[number];
            let mut tx = self.world.office.read()?;
            match pollster::block_on(server::photo_seen_by(&mut tx, &laptop.caller, hash, now)) {
                Ok(stored) => {
                    let own: Canaries = self.sight.canaries(bytes.as_bytes()).collect();
                    let none = Canaries::default();
                    let allowed = if shown.has_photos_of(visit) { &own } else { &none };
                    let place = format!("a photo given to {}", laptop.person);
                    self.search
                        .only(&self.town, &place, bytes.as_bytes(), &[allowed])?;
                    let photo = Photo {
                        media_type: stored.media_type,
                        bytes: bytes.clone().into_bytes(),
                    };
                    let device = laptop.device()?;
                    device.keep_photo(hash, &photo)?;
                    device.keep_thumbnail(hash, &photo.bytes)?;
                }
                Err(problem) => {
                    let place = format!("a photo refused to {}", laptop.person);
                    self.search
                        .only(&self.town, &place, problem.sentence.as_bytes(), &[])?;
                }
            }
        }
        Ok(())
    }

    /// Every byte of the laptop's files: unused space, free pages and the journals included.
    fn look_at_disk(&mut self, number: usize) -> Result<()> {
        let holder = &self.holders[number];
        let person = &self.world.laptops[number].person;
        let in_cache = holder.in_cache();
        let [cache, outbox] = disk::file_names(self.folder, number);
        for (name, path, allowed) in [
            ("cache", cache, vec![&in_cache]),
            ("outbox", outbox, vec![&holder.ever, &holder.typed]),
        ] {
            let file = std::fs::read(&path)?;
            self.search
                .only(&self.town, &format!("the {name} of {person}"), &file, &allowed)?;
            let journal = std::fs::read(path.with_extension("db-wal")).unwrap_or_default();
            let place = format!("the journal of the {name} of {person}");
            self.search.only(&self.town, &place, &journal, &allowed)?;
        }
        Ok(())
    }

    /// What the window is given: lists, searches, sheets with what may be done and why not, what is held, what waits.
    fn look_at_screen(&mut self, number: usize, shown: &Shown) -> Result<()> {
        let now = self.world.now;
        let mut ids = Vec::new();
        for id in ["visit-", "permit-"] {
            ids.push(RecordId::parse(format!("{id}{:02}", self.rng.below(12)))?);
        }
        ids.push(RecordId::parse(format!("block-{}", self.rng.below(3)))?);
        ids.push(RecordId::parse(
            *self.rng.pick(&Town::everybody()).context("nobody")?,
        )?);
        let words = self.words_of(&ids[0])?;
        let person = self.world.laptops[number].person.clone();
        let (rows, holder) = (shown.in_rows(), &self.holders[number]);
        let device = self.world.laptops[number].device()?;
        let mut lists = Vec::new();
        for (kind, index) in crate::truth::everywhere() {
            lists.push(device.list(ListQuery {
                kind: *kind,
                index,
                from: "",
                to: "\u{10ffff}",
                limit: usize::MAX,
            })?);
        }
        let mut sheets = Vec::new();
        for id in &ids {
            sheets.push(device.sheet(now, id)?);
        }
        let mut found = Vec::new();
        for word in words.split_whitespace() {
            found.push(device.search(word, 10)?);
        }
        let takers = device.takers(now, &ids[..1])?;
        let takers = takers.map_err(|refusal| format!("{refusal:?}"));
        let seen = [&rows, &shown.standing, &holder.typed];
        let told = [&holder.ever, &holder.typed];
        let place = |what: &str| format!("{what} on {person}'s screen");
        let (search, town) = (&mut self.search, &self.town);
        search.only_said(town, &place("a list"), &lists, &seen)?;
        search.only_said(town, &place("a sheet"), &sheets, &seen)?;
        search.only_said(town, &place("what was searched"), &found, &seen)?;
        search.only_said(town, &place("who could take it"), &takers, &seen)?;
        search.only_said(town, &place("the access"), &device.access(now)?, &seen)?;
        search.only_said(town, &place("the news"), &device.news()?, &seen)?;
        search.only_said(town, &place("what is held"), &device.holdings()?, &told)?;
        search.only_said(town, &place("what waits"), &device.waiting()?, &told)?;
        search.only_said(town, &place("what came back"), &device.returned()?, &told)?;
        search.only_said(town, &place("the photos"), &device.photo_queue(now, 0)?, &told)
    }

    /// The words a visit can be found by.
    fn words_of(&mut self, visit: &RecordId) -> Result<String> {
        let mut tx = self.world.office.read()?;
        let known = self.world.truth.record(&mut tx, visit)?;
        Ok(known.map(|known| known.record.search_text()).unwrap_or_default())
    }

    /// Nothing of any record belongs into a log.
    fn look_at_log(&mut self) -> Result<()> {
        let logged = self.log.take();
        Ok(self.search.only(&self.town, "a log", &logged, &[])?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x_03_and_x_06_and_att_20_no_canary_reaches_or_stays_with_whoever_may_not_see_it() {
        let mut all = Played::default();
        for seed in 0..2 {
            all += run(seed).unwrap_or_else(|error| panic!("seed {seed}: {error:#}"));
        }
        assert!(
            all.changes > 30 && all.commands > 20 && all.looked.permitted > 30_000,
            "{all:?}"
        );
    }
}
