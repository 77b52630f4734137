//! One person's laptop: the real device, on disks that can fail, with a clock of its own.

use crate::disk::{self, Fuse};
use anyhow::{Context as _, Result, ensure};
use device::{Device, LeaseState, Reply, Request};
use domain::CommandId;
use policy::{Millis, Rights};
use rusqlite::Connection;
use server::engine::Caller;
use std::collections::BTreeSet;
use store::sqlite::{Cache, Outbox, OutboxEntry};
use sync::{Envelope, LEASE_MILLIS, PUSH_COMMANDS_MAX};

/// How exactly the end of a lease is known, in milliseconds: the office's clock takes small steps.
const TOLERANCE: Millis = 10 * 60 * 1000;
/// A clock that is set back by more than this locks the lease, in milliseconds.
const STEP_BACK_MAX: Millis = 5 * 60 * 1000;

/// One person's laptop.
pub struct Laptop {
    pub person: String,
    pub caller: Caller,
    /// How far its clock is from the office's.
    pub skew: Millis,
    /// None only while it is being restarted.
    device: Option<Device>,
    /// What it proves with who calls.
    pub(crate) credential: String,
    pub(crate) fuse: Fuse,
    /// How often it was turned on.
    pub(crate) boots: usize,
    /// There is, or was, another copy of its disk.
    pub(crate) is_copied: bool,
    /// The office has noticed that, and knows this one no more: it signs in as another.
    pub(crate) is_forked: bool,
    /// Its files are closed until somebody signs in.
    pub(crate) is_shut: bool,
    /// A page that was fetched, or commands that travelled, while the reply before was taken in.
    pub(crate) ahead: Option<(Request, Reply)>,
    /// At most so many commands are sent at once.
    push_most: usize,
    /// The next request travels while a reply is taken in.
    pub(crate) looks_ahead: bool,
    /// Somebody has just signed in, and the office has not been heard yet.
    is_fresh: bool,
    /// When the office last gave a lease, by its clock; none where that is not known, or the laptop's clock was changed since.
    lease: Option<Millis>,
    /// The latest instant its clock is known to have shown.
    clock_seen: Option<Millis>,
}

impl Drop for Laptop {
    fn drop(&mut self) {
        if let Some(device) = self.device.take() {
            let (cache, outbox) = device.into_files();
            disk::keep_files((cache.into_db(), outbox.into_db()));
        }
    }
}

/// A copy of a laptop's disk, taken at some moment.
pub struct Image {
    cache: disk::Snapshot,
    outbox: disk::Snapshot,
    device: String,
    credential: String,
}

impl Laptop {
    pub(crate) fn new(
        person: &str,
        caller: Caller,
        credential: String,
        files: (Connection, Connection),
    ) -> Result<Laptop> {
        let mut laptop = Laptop {
            person: person.to_owned(),
            caller,
            skew: 0,
            device: None,
            credential,
            fuse: Fuse::default(),
            boots: 0,
            is_copied: false,
            is_forked: false,
            is_shut: false,
            ahead: None,
            push_most: PUSH_COMMANDS_MAX,
            looks_ahead: false,
            is_fresh: false,
            lease: None,
            clock_seen: None,
        };
        laptop.fuse.guard(&files.0)?;
        laptop.fuse.guard(&files.1)?;
        laptop.boot(files)?;
        Ok(laptop)
    }

    /// The device's half.
    pub fn device(&mut self) -> Result<&mut Device> {
        self.device.as_mut().context("the laptop is off")
    }

    /// Turns the laptop off and on: what was in memory is gone, what was on its disk is not.
    pub fn restart(&mut self) -> Result<()> {
        let files = self.power_off()?;
        self.boot(files)
    }

    fn power_off(&mut self) -> Result<(Connection, Connection)> {
        let (cache, outbox) = self.device.take().context("the laptop is off")?.into_files();
        self.fuse.mend();
        self.ahead = None;
        self.is_fresh = false;
        Ok((cache.into_db(), outbox.into_db()))
    }

    fn boot(&mut self, (cache, outbox): (Connection, Connection)) -> Result<()> {
        let rights = Rights::nothing(self.caller.person.clone(), &self.person, "UTC");
        let mut device = Device::open(Cache::on(cache)?, Outbox::on(outbox)?, rights)?;
        device.push_at_most(self.push_most);
        self.boots += 1;
        self.device = Some(device);
        Ok(())
    }

    /// What came of something the laptop did; none where its power failed meanwhile, and it was turned on again.
    pub(crate) fn unless_power_fails<R>(&mut self, done: store::Result<R>) -> Result<Option<R>> {
        if self.fuse.is_blown() {
            self.restart()?;
            return Ok(None);
        }
        Ok(Some(done?))
    }

    /// Whether its files may be open, by its own clock. Checked against what is known of the lease.
    pub(crate) fn is_open(&mut self, now: Millis) -> Result<bool> {
        if self.is_shut {
            return Ok(false);
        }
        if self.is_fresh {
            return Ok(true);
        }
        let clock = now + self.skew;
        let is_over = matches!(self.device()?.lease(clock)?, LeaseState::Over(_));
        if let Some(issued) = self.lease {
            let left = issued + LEASE_MILLIS - now;
            ensure!(
                is_over || left > -TOLERANCE,
                "the lease of {}'s laptop does not end",
                self.person
            );
            ensure!(
                !is_over || left < TOLERANCE,
                "the lease of {}'s laptop ended too early",
                self.person
            );
        }
        let set_back = self.clock_seen.is_some_and(|seen| clock < seen - STEP_BACK_MAX);
        ensure!(
            is_over || !set_back,
            "the clock of {}'s laptop was set back, and its lease still holds",
            self.person
        );
        self.is_shut = is_over;
        Ok(!is_over)
    }

    /// Whether its person may work on it: it is open, and the office has been heard since the last sign-in.
    pub(crate) fn may_work(&mut self, now: Millis) -> Result<bool> {
        Ok(!self.is_fresh && self.is_open(now)?)
    }

    /// It is another laptop to the office from now on.
    pub(crate) fn becomes(&mut self, device: String) -> Result<()> {
        (self.caller.device, self.is_forked, self.is_copied) = (device, false, false);
        Ok(self.device()?.is_another_device()?)
    }

    /// Somebody has signed in with the password: the files are open again.
    pub(crate) fn signed_in(&mut self) -> Result<()> {
        (self.is_shut, self.is_fresh, self.ahead) = (false, true, None);
        self.device()?.begin_exchange();
        Ok(())
    }

    /// Its clock has shown this.
    pub(crate) fn saw_clock(&mut self, clock: Millis) {
        self.clock_seen = self.clock_seen.map(|seen| seen.max(clock));
    }

    /// It has taken in a reply, and with it a lease, where one was given.
    pub(crate) fn settled(&mut self, clock: Millis, lease: Option<Millis>, is_page: bool) {
        if lease.is_some() {
            (self.lease, self.is_fresh) = (lease, false);
        }
        if lease.is_some() || is_page {
            self.clock_seen = Some(clock);
        }
    }

    /// Its clock is changed by so much.
    pub(crate) fn clock_jumps(&mut self, by: Millis) {
        self.skew += by;
        self.lease = None;
    }

    /// What it knows of its lease and its clock is not known any more.
    pub(crate) fn lost_track(&mut self) {
        (self.lease, self.clock_seen) = (None, None);
    }

    /// Sends at most so many commands at once from now on.
    pub(crate) fn push_at_most(&mut self, commands: usize) {
        self.push_most = commands;
        if let Some(device) = &mut self.device {
            device.push_at_most(commands);
        }
    }

    /// Puts an envelope in the queue without asking a rule, as another version of the program might have.
    pub(crate) fn smuggle(&mut self, envelope: Envelope) -> Result<()> {
        let (cache, outbox) = self.power_off()?;
        let mut outbox = Outbox::on(outbox)?;
        let entry = OutboxEntry {
            envelope,
            target_title: "from another version".to_owned(),
            taken: false,
            asks_office: true,
        };
        outbox.add(&entry, None)?;
        self.boot((cache, outbox.into_db()))
    }

    /// Copies its disk.
    pub(crate) fn image(&mut self) -> Result<Image> {
        let (cache, outbox) = self.device()?.files();
        Ok(Image {
            cache: disk::Snapshot::of(cache.db())?,
            outbox: disk::Snapshot::of(outbox.db())?,
            device: self.caller.device.clone(),
            credential: self.credential.clone(),
        })
    }

    /// Puts a copy of a disk in place of its own.
    pub(crate) fn restore(&mut self, image: &Image) -> Result<()> {
        let mut files = self.power_off()?;
        image.cache.put_over(&mut files.0)?;
        image.outbox.put_over(&mut files.1)?;
        self.lost_track();
        (self.caller.device, self.credential) = (image.device.clone(), image.credential.clone());
        self.boot(files)
    }

    /// The commands that are in its files, whatever became of them.
    pub(crate) fn kept(&mut self) -> Result<BTreeSet<CommandId>> {
        self.ids("SELECT id FROM entry UNION ALL SELECT id FROM journal UNION ALL SELECT id FROM returned")
    }

    /// The commands that were returned to the person.
    pub(crate) fn returned(&mut self) -> Result<BTreeSet<CommandId>> {
        self.ids("SELECT id FROM returned")
    }

    fn ids(&mut self, sql: &str) -> Result<BTreeSet<CommandId>> {
        let (_, outbox) = self.device()?.files();
        let mut find = outbox.db().prepare_cached(sql)?;
        let ids = find.query_map([], |row| row.get::<_, String>(0))?;
        ids.map(|id| CommandId::try_from(id?).map_err(anyhow::Error::msg))
            .collect()
    }
}
