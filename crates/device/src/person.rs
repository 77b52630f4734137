//! One person on one laptop: what they hold, and the door for what they do.

use crate::exchange::Exchange;
use crate::model::Submitted;
use crate::news::{self, NewsByRecord};
use crate::overlay::{Held, Overlay};
use crate::wording;
use domain::{Command, CommandId, Context, Refusal};
use planted::{Bug, planted};
use policy::{Actor, Millis, Rights};
use std::borrow::Cow;
use store::sqlite::{Cache, NewPhoto, Outbox, OutboxEntry, OutboxPhoto};
use store::{Result, find};
use sync::{Envelope, Lease, PUSH_COMMANDS_MAX};

/// A clock that has gone back by more than this, in milliseconds, locks the lease.
const STEP_BACK_MAX: Millis = 5 * 60 * 1000;

/// The bytes of a photo and what they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// Whether the person may go on working without asking the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaseState {
    /// Never synced: there is nothing to protect yet.
    None,
    Until(Millis),
    /// Ended at that instant, or the laptop's clock has gone back.
    Over(Millis),
}

/// The device's half of the product for one person.
pub struct Device {
    pub(crate) cache: Cache,
    pub(crate) outbox: Outbox,
    pub(crate) rights: Rights,
    pub(crate) overlay: Overlay,
    pub(crate) exchange: Exchange,
    pub(crate) push_commands_max: usize,
    /// The command of the photo that is on its way.
    pub(crate) sending_photo: Option<CommandId>,
    /// What changed since the person last looked, as the cache keeps it.
    pub(crate) news: NewsByRecord,
}

impl Device {
    /// Joins the two files of a person. `rights` are those of the last sign-in, for a cache that has none yet.
    pub fn open(cache: Cache, outbox: Outbox, rights: Rights) -> Result<Device> {
        let rights = cache.meta("rights")?.unwrap_or(rights);
        let mut device = Device {
            news: news::read(&cache)?,
            cache,
            outbox,
            rights,
            overlay: Overlay::default(),
            exchange: Exchange::default(),
            push_commands_max: PUSH_COMMANDS_MAX,
            sending_photo: None,
        };
        device.rebuild_overlay()?;
        Ok(device)
    }

    /// The two files, to look into.
    pub fn files(&self) -> (&Cache, &Outbox) {
        (&self.cache, &self.outbox)
    }

    /// The two files, as they are on the disk.
    pub fn into_files(self) -> (Cache, Outbox) {
        (self.cache, self.outbox)
    }

    /// Sends at most so many commands at once, for a line that is often cut.
    pub fn push_at_most(&mut self, commands: usize) {
        self.push_commands_max = commands.clamp(1, PUSH_COMMANDS_MAX);
    }

    /// The rights as last heard from the office.
    pub fn rights(&self) -> &Rights {
        &self.rights
    }

    /// The actor these rights make at an instant of the laptop's clock.
    pub fn actor(&self, now: Millis) -> Result<Actor> {
        Ok(Actor::new(self.rights.clone().at(self.office_time(now)?)))
    }

    /// The laptop's best estimate of the office's clock.
    pub fn office_time(&self, now: Millis) -> Result<Millis> {
        Ok(now + self.office_ahead()?)
    }

    pub(crate) fn office_ahead(&self) -> Result<Millis> {
        Ok(self.cache.meta("office_ahead")?.unwrap_or(0))
    }

    /// Whether the lease still holds at an instant of the laptop's clock. A clock set back does not lengthen it.
    pub fn lease(&self, now: Millis) -> Result<LeaseState> {
        let Some(lease) = self.cache.meta::<Lease>("lease")? else {
            return Ok(LeaseState::None);
        };
        let seen: Millis = self.cache.meta("clock_seen")?.unwrap_or(now);
        let ahead = self.office_ahead()?;
        let ends = lease.expires - ahead;
        if now >= ends && !planted(Bug::LeaseNeverEnds) {
            return Ok(LeaseState::Over(ends));
        }
        if now < seen - STEP_BACK_MAX && !planted(Bug::ClockSetBackIgnored) {
            return Ok(LeaseState::Over(seen));
        }
        Ok(LeaseState::Until(ends))
    }

    /// Remembers the latest instant the laptop's clock has shown.
    pub fn note_clock(&self, now: Millis) -> Result<()> {
        let seen: Millis = self.cache.meta("clock_seen")?.unwrap_or(now);
        if now >= seen {
            self.cache.set_meta("clock_seen", &now)
        } else {
            Ok(())
        }
    }

    /// Decides a command here and, where it is allowed, puts it in the outbox. It is on the disk when this returns; the
    /// office decides again with everything it knows.
    pub fn submit(
        &mut self,
        now: Millis,
        id: CommandId,
        command: Command,
        picture: Option<OutboxPhoto>,
    ) -> Result<std::result::Result<Submitted, Refusal>> {
        let actor = self.actor(now)?;
        let at = self.office_time(now)?;
        let held = &mut Held {
            cache: &self.cache,
            overlay: &self.overlay,
        };
        let found = pollster::block_on(find(held, &command))?;
        let context = Context {
            at,
            claimed_at: now,
            actor: &actor,
        };
        let effect = match domain::decide(&command, context, &found) {
            Ok(effect) => effect,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let target_title = wording::target_title(&command, &effect, &found);
        let photo = match &command {
            Command::AddPhoto(input) => Some(NewPhoto {
                hash: input.hash.clone(),
                record: input.appointment.clone(),
                caption: input.caption.clone(),
                picture,
            }),
            _ => None,
        };
        let envelope = Envelope {
            id: id.clone(),
            claimed_at: now,
            after: Vec::new(),
            command,
        };
        let asks_office = effect.asks_office;
        let entry = OutboxEntry {
            envelope,
            target_title,
            taken: false,
            asks_office,
        };
        self.outbox.add(&entry, photo.as_ref())?;
        self.note_clock(now)?;
        let ahead = self.office_ahead()?;
        self.overlay.add(&self.cache, &actor, &entry, ahead)?;
        Ok(Ok(Submitted {
            id: id.as_str().to_owned(),
            asks_office,
        }))
    }

    /// Takes back a command that has not been sent; false where it is too late.
    pub fn undo(&mut self, id: &CommandId) -> Result<bool> {
        if self.exchange.is_sending(id) {
            return Ok(false);
        }
        let undone = self.outbox.remove_waiting(id)?;
        if undone {
            self.rebuild_overlay()?;
        }
        Ok(undone)
    }

    /// Removes returned work its author has dealt with.
    pub fn dismiss(&mut self, id: &CommandId) -> Result<()> {
        self.outbox.dismiss(id)
    }

    /// Notes that the person has seen what was removed.
    pub fn seen_receipts(&mut self) -> Result<()> {
        self.outbox.receipts_seen()
    }

    /// How many commands wait, how many were returned for their author to see to, how many photos wait.
    pub fn counts(&self) -> Result<(u64, u64, u64)> {
        let (waiting, returned, photos) = self.outbox.counts()?;
        let returned = match returned {
            0 => 0,
            _ => self.returned_rows()?.len() as u64,
        };
        Ok((waiting, returned, photos))
    }

    /// When the last exchange was complete, by the laptop's clock.
    pub fn last_sync(&self) -> Result<Option<Millis>> {
        self.cache.meta("last_sync")
    }

    /// When the rights were last heard, by the laptop's clock.
    pub fn rights_as_of(&self) -> Result<Option<Millis>> {
        self.cache.meta("rights_as_of")
    }

    pub(crate) fn rebuild_overlay(&mut self) -> Result<()> {
        let entries = self.outbox.entries()?;
        let actor = Actor::new(self.rights.clone());
        self.overlay = Overlay::rebuild(&self.cache, &actor, &entries, self.office_ahead()?)?;
        Ok(())
    }
}

/// The same actor with the grants in force at an instant.
pub(crate) fn actor_at(actor: &Actor, at: Millis) -> Cow<'_, Actor> {
    if actor.rights.grants.iter().all(|grant| grant.in_force(at)) {
        return Cow::Borrowed(actor);
    }
    Cow::Owned(Actor::new(actor.rights.clone().at(at)))
}
