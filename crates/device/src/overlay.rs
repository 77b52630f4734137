//! Waiting work, laid over what the office has sent: the person sees what they did, at once.

use crate::person::actor_at;
use domain::{Answer, Command, Context, Range, Record};
use policy::{Actor, Kind, Millis, RecordId};
use std::collections::BTreeMap;
use store::sqlite::{Cache, OutboxEntry};
use store::{Lookup, Result, find};

/// The records that waiting commands change, as they will be, and which commands those are.
#[derive(Debug, Default)]
pub struct Overlay {
    records: BTreeMap<RecordId, Record>,
    waiting: BTreeMap<RecordId, Vec<String>>,
}

/// The cache with the overlay on top: what rules look at on this laptop.
pub struct Held<'a> {
    pub cache: &'a Cache,
    pub overlay: &'a Overlay,
}

impl Overlay {
    /// Decides all waiting commands again, in order, on top of the cache.
    pub fn rebuild(
        cache: &Cache,
        actor: &Actor,
        entries: &[OutboxEntry],
        office_ahead: Millis,
    ) -> Result<Overlay> {
        let mut overlay = Overlay::default();
        for entry in entries {
            overlay.add(cache, actor, entry, office_ahead)?;
        }
        Ok(overlay)
    }

    /// Lays one more command on top. One that today's rights no longer allow changes nothing here; the office decides.
    pub fn add(
        &mut self,
        cache: &Cache,
        actor: &Actor,
        entry: &OutboxEntry,
        office_ahead: Millis,
    ) -> Result<()> {
        let claimed_at = entry.envelope.claimed_at;
        let command = &entry.envelope.command;
        let found = pollster::block_on(find(&mut Held { cache, overlay: self }, command))?;
        let at = claimed_at + office_ahead;
        let actor = actor_at(actor, at);
        if let Ok(effect) = domain::decide(
            command,
            Context {
                at,
                claimed_at,
                actor: &actor,
            },
            &found,
        ) {
            for mut record in effect.puts {
                record.revision = found.record(&record.id).map_or(0, |before| before.revision);
                self.records.insert(record.id.clone(), record);
            }
        }
        self.note_waiting(entry);
        Ok(())
    }

    /// Notes that a command waits no longer: what the office has taken stays on top until it comes.
    pub fn no_longer_waits(&mut self, command: &Command) {
        for target in targets(command) {
            let Some(names) = self.waiting.get_mut(&target) else {
                continue;
            };
            if let Some(index) = names.iter().position(|name| name == command.name()) {
                names.remove(index);
            }
            if names.is_empty() {
                self.waiting.remove(&target);
            }
        }
    }

    fn note_waiting(&mut self, entry: &OutboxEntry) {
        let command = &entry.envelope.command;
        if !entry.taken {
            for target in targets(command) {
                self.waiting
                    .entry(target)
                    .or_default()
                    .push(command.name().to_owned());
            }
        }
    }

    /// The record as it will be.
    pub fn record(&self, id: &RecordId) -> Option<&Record> {
        self.records.get(id)
    }

    /// The records of a kind that waiting commands change.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Record> {
        self.records.values().filter(move |record| record.kind() == kind)
    }

    /// The commands that wait on a record.
    pub fn waiting(&self, id: &RecordId) -> Vec<String> {
        self.waiting.get(id).cloned().unwrap_or_default()
    }
}

/// The record a command is about, or the one it makes.
pub fn targets(command: &Command) -> Vec<RecordId> {
    match command {
        Command::BookAppointment(input) => vec![input.appointment.clone()],
        Command::BookReinspection(input) => vec![input.appointment.clone()],
        Command::BlockTime(input) => vec![input.block.clone()],
        Command::BreakGlass(input) => vec![input.grant.clone().into()],
        other => other.targets(),
    }
}

impl Held<'_> {
    /// A record with waiting work on top.
    pub fn get(&self, id: &RecordId) -> Result<Option<Record>> {
        match self.overlay.record(id) {
            Some(record) => Ok(Some(record.clone())),
            None => self.cache.record(id),
        }
    }
}

impl Lookup for Held<'_> {
    async fn record(&mut self, id: &RecordId) -> Result<Answer> {
        Ok(self.get(id)?.map_or(Answer::NotHeld, Answer::Found))
    }

    async fn range(&mut self, kind: Kind, index: &str, prefix: &str) -> Result<Range> {
        let mut records = self.cache.range(kind, index, prefix)?;
        records.retain(|record| self.overlay.record(&record.id).is_none());
        let in_range = |record: &&Record| {
            record
                .index_keys()
                .iter()
                .any(|(name, key)| *name == index && key.starts_with(prefix))
        };
        records.extend(self.overlay.of_kind(kind).filter(in_range).cloned());
        // A laptop may hold a part of any range; only the office can say that there is no more.
        Ok(Range {
            records,
            complete: false,
        })
    }
}
