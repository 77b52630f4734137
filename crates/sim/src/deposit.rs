//! What a laptop leaves for the office when its person is shut out.

use crate::world::World;
use anyhow::{Context as _, Result, ensure};
use domain::Body;
use domain::returned::{ReturnedWork, returned_id};
use server::engine;
use std::collections::BTreeSet;
use store::OfficeTx as _;
use sync::{Envelope, PUSH_BYTES_MAX, PUSH_COMMANDS_MAX};

impl World {
    /// Whoever is shut out leaves what they have not sent. None of it may count.
    pub(crate) fn deposits(&mut self, number: usize) -> Result<usize> {
        let laptop = &mut self.laptops[number];
        let caller = laptop.caller.clone();
        let (_, outbox) = laptop.device()?.files();
        let left = outbox.to_send(&BTreeSet::new(), PUSH_COMMANDS_MAX, PUSH_BYTES_MAX)?;
        let (before, now) = (self.number()?, self.now);
        let mut tx = self.office.write()?;
        let deposited = pollster::block_on(async {
            engine::deposit(&mut tx, &caller, &left.commands, now).await?;
            Ok::<_, server::Problem>(tx.commit().await?)
        });
        deposited.map_err(|problem| anyhow::anyhow!("a deposit: {}", problem.sentence))?;
        let mut fresh = 0;
        for envelope in &left.commands {
            let is_known = self.witness.life.answered.contains_key(&envelope.id);
            if is_known || self.witness.life.left.contains_key(&envelope.id) {
                continue;
            }
            let hash = *blake3::hash(&serde_json::to_vec(envelope)?).as_bytes();
            self.witness.life.left.insert(envelope.id.clone(), hash);
            self.witness.came_back.insert(envelope.id.clone());
            if self.waiting_work(envelope)?.is_some() {
                self.witness.life.deposited.insert(envelope.id.clone());
                fresh += 1;
            }
        }
        let changes = self.number()? - before;
        ensure!(
            changes == fresh,
            "{fresh} works were left, and the office changed {changes} times"
        );
        Ok(left.commands.len())
    }

    /// The work of a command that lies before supervisors, or was decided by them.
    pub(crate) fn waiting_work(&mut self, envelope: &Envelope) -> Result<Option<ReturnedWork>> {
        let id = returned_id(&envelope.id)?;
        let mut tx = self.office.read()?;
        let Some(known) = self.truth.record(&mut tx, &id)? else {
            return Ok(None);
        };
        let Body::ReturnedWork(work) = &known.record.body else {
            anyhow::bail!("{id} is no returned work");
        };
        Ok((work.command == envelope.command).then(|| ReturnedWork::clone(work)))
    }

    /// What became of work that was left, when its author has sent it themselves; false where a supervisor had decided.
    pub(crate) fn settles(&mut self, envelope: &Envelope, reason: &str) -> Result<bool> {
        let work = self.waiting_work(envelope)?.context("what was left is gone")?;
        Ok(work.decision.is_none_or(|decision| decision.because != reason))
    }
}
