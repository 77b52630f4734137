//! A laptop with its two files on a disk, joined to the office of the small town by the functions the office serves.

use anyhow::{Result, anyhow, bail};
use device::{Device, OutboxPhoto, PhotoOutcome, PhotoProblem, PhotoToSend, Reply, Request};
use domain::returned::Way;
use domain::{Body, Command, CommandId, Record, Refusal};
use policy::{Actor, Millis, RecordId, Rights};
use server::engine::{self, Caller};
use sim::Town;
use std::future::Future;
use std::path::PathBuf;
use store::sqlite::{Cache, FileKey, OfficeDb, Outbox};
use store::{Lookup as _, NewDevice, OfficeTx, Submission, submit, system_rights, write};
use sync::Envelope;

pub const KEY: FileKey = FileKey([0x5c; 32]);

/// Waits for work that never really waits.
pub fn now<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime")
        .block_on(work)
}

pub fn id(text: &str) -> RecordId {
    RecordId::parse(text).expect("an id")
}

/// The office, and one person's laptop on a disk.
pub struct Laptop {
    pub office: OfficeDb,
    pub folder: tempfile::TempDir,
    pub caller: Caller,
    pub device: Option<Device>,
    /// The office's clock.
    pub at: Millis,
    /// How far the laptop's clock is ahead of it.
    pub ahead: Millis,
    ids: u128,
    /// The kinds of request made, in order.
    pub asked: Vec<&'static str>,
    /// The photos the office was sent, in order.
    pub photos: Vec<String>,
    /// Why the office will not have photos.
    pub no_photos: Option<PhotoProblem>,
}

impl Laptop {
    pub fn of(person: &str) -> Result<Laptop> {
        let mut office = Town::office()?;
        let caller = Caller {
            person: Town::person(person)?,
            device: format!("laptop-of-{person}"),
            turn: 0,
        };
        let mut tx = office.write()?;
        now(async {
            tx.save_device(&NewDevice {
                id: &caller.device,
                person: &caller.person,
                name: "laptop",
                credential_hash: [1; 32],
                file_key: None,
                at: 0,
                expires_at: Millis::MAX,
            })
            .await?;
            tx.commit().await
        })?;
        let mut laptop = Laptop {
            office,
            folder: tempfile::tempdir()?,
            caller,
            device: None,
            at: Town::MORNING,
            ahead: 0,
            ids: 900,
            asked: Vec::new(),
            photos: Vec::new(),
            no_photos: None,
        };
        laptop.opens()?;
        Ok(laptop)
    }

    pub fn cache(&self) -> PathBuf {
        self.folder.path().join("cache.db")
    }

    pub fn outbox(&self) -> PathBuf {
        self.folder.path().join("outbox.db")
    }

    pub fn opens(&mut self) -> Result<()> {
        self.device = None;
        let rights = Rights::nothing(self.caller.person.clone(), "Somebody", "UTC");
        let (cache, outbox) = (
            Cache::open(Some(&self.cache()), &KEY)?,
            Outbox::open(Some(&self.outbox()), &KEY)?,
        );
        self.device = Some(Device::open(cache, outbox, rights)?);
        Ok(())
    }

    /// Closes the files, as when the laptop is shut.
    pub fn shuts(&mut self) {
        self.device = None;
    }

    pub fn device(&mut self) -> Result<&mut Device> {
        self.device.as_mut().ok_or_else(|| anyhow!("the laptop is shut"))
    }

    /// The laptop's own clock.
    pub fn clock(&self) -> Millis {
        self.at + self.ahead
    }

    pub fn fresh(&mut self) -> CommandId {
        self.ids += 1;
        CommandId::from_random(self.ids)
    }

    pub fn does(&mut self, command: Command) -> Result<std::result::Result<CommandId, Refusal>> {
        self.does_with(command, None)
    }

    pub fn does_with(
        &mut self,
        command: Command,
        photo: Option<OutboxPhoto>,
    ) -> Result<std::result::Result<CommandId, Refusal>> {
        let (fresh, clock) = (self.fresh(), self.clock());
        let outcome = self.device()?.submit(clock, fresh.clone(), command, photo)?;
        Ok(outcome.map(|_| fresh))
    }

    pub fn takes(&mut self, command: Command) -> Result<CommandId> {
        self.does(command)?
            .map_err(|refusal| anyhow!("refused here: {refusal:?}"))
    }

    /// Somebody else does something at the office, and it is taken.
    pub fn office_does(&mut self, command: Command) -> Result<()> {
        let envelope = Envelope {
            id: self.fresh(),
            claimed_at: self.at,
            after: Vec::new(),
            command,
        };
        let at = self.at;
        let mut tx = self.office.write()?;
        now(async {
            let actor = Actor::new(system_rights(&mut tx).await?);
            let answered = submit(
                &mut tx,
                Submission {
                    actor: &actor,
                    device: "office",
                    way: Way::Pushed,
                    at,
                },
                &envelope,
            )
            .await?;
            tx.commit().await?;
            match answered.answer {
                sync::Answer::Taken => Ok(()),
                other => bail!("the office refused itself: {other:?}"),
            }
        })
    }

    /// Changes a record of the office directly.
    pub fn office_has(&mut self, name: &str, change: impl FnOnce(&mut Body)) -> Result<()> {
        let mut tx = self.office.write()?;
        now(async {
            let domain::Answer::Found(Record { id, mut body, .. }) = tx.record(&id(name)).await? else {
                bail!("no {name}")
            };
            change(&mut body);
            write(&mut tx, &domain::Effect::puts(vec![Record::new(id, body)])).await?;
            tx.commit().await?;
            Ok(())
        })
    }

    /// A record as the office has it.
    pub fn at_office(&mut self, name: &str) -> Result<Body> {
        let mut tx = self.office.read()?;
        match now(tx.record(&id(name)))? {
            domain::Answer::Found(record) => Ok(record.body),
            other => bail!("{name}: {other:?}"),
        }
    }

    pub fn answer(&mut self, request: &Request) -> Result<Reply> {
        let problem = |problem: server::Problem| anyhow!("{}: {}", problem.code, problem.sentence);
        let (at, caller) = (self.at, self.caller.clone());
        match request {
            Request::Control(request) => {
                self.asked.push("control");
                let mut tx = self.office.write()?;
                let control = now(engine::control(&mut tx, &caller, request, at)).map_err(problem)?;
                now(tx.commit())?;
                Ok(Reply::Control(Box::new(control)))
            }
            Request::Push(request) => {
                self.asked.push("push");
                let mut tx = self.office.write()?;
                let reply = now(engine::push(&mut tx, &caller, request, at)).map_err(problem)?;
                now(tx.commit())?;
                Ok(Reply::Push(reply))
            }
            Request::Pull(request) => {
                self.asked.push("pull");
                let mut tx = self.office.read()?;
                Ok(Reply::Pull(
                    now(engine::pull(&mut tx, &caller, request, at))
                        .map_err(problem)?
                        .reply,
                ))
            }
        }
    }

    /// What the office makes of a photo.
    pub fn takes_photo(&mut self, photo: &PhotoToSend) -> PhotoOutcome {
        self.asked.push("photo");
        match &self.no_photos {
            Some(problem) => PhotoOutcome::Failed(problem.clone()),
            None => {
                self.photos.push(photo.hash.clone());
                PhotoOutcome::Kept {
                    hash: photo.hash.clone(),
                }
            }
        }
    }

    /// Sends the photos whose turn it is, one by one.
    pub fn sends_photos(&mut self) -> Result<()> {
        for _ in 0..50 {
            let clock = self.clock();
            let Some(photo) = self.device()?.next_photo(clock)? else {
                return Ok(());
            };
            let outcome = self.takes_photo(&photo);
            self.device()?.settle_photo(clock, &photo, outcome)?;
        }
        bail!("the photos do not end")
    }

    /// One round trip; false where there was nothing to ask.
    pub fn step(&mut self) -> Result<bool> {
        let Some(request) = self.device()?.next_request()? else {
            return Ok(false);
        };
        let reply = self.answer(&request)?;
        let clock = self.clock();
        self.device()?.settle(clock, &request, reply)?;
        Ok(true)
    }

    pub fn syncs(&mut self) -> Result<()> {
        self.device()?.begin_exchange();
        for _ in 0..200 {
            if !self.step()? {
                return self.sends_photos();
            }
        }
        bail!(
            "the exchange does not end: {:?}",
            self.asked.iter().rev().take(12).collect::<Vec<_>>()
        )
    }
}
