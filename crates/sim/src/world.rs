//! The world: an office, laptops, a clock, and the wire between them with its mishaps.

use crate::check;
use crate::town::Town;
use anyhow::{Context as _, Result, bail};
use device::{Device, Reply, Request};
use domain::{Command, CommandId, Refusal};
use policy::{Actor, Millis, PersonId, Rights};
use server::engine::{self, Caller};
use std::collections::BTreeMap;
use store::sqlite::{Cache, FileKey, OfficeDb, Outbox};
use store::{NewDevice, OfficeTx, Submission, rights_of, submit, system_rights};
use sync::{Answer, Envelope};

/// What may happen to one request on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    None,
    /// The request never arrives.
    RequestLost,
    /// The office acts, but its answer never arrives.
    ReplyLost,
    /// The request arrives twice.
    Twice,
}

/// One person's laptop.
pub struct Laptop {
    pub person: String,
    pub caller: Caller,
    /// None only while it is being restarted.
    device: Option<Device>,
    /// How far its clock is from the office's.
    pub skew: Millis,
}

/// An office with its laptops.
pub struct World {
    pub office: OfficeDb,
    pub laptops: Vec<Laptop>,
    pub now: Millis,
    ids: u128,
    /// Every command given on a laptop, for the checks.
    pub given: BTreeMap<CommandId, usize>,
    /// Every command the office said it took.
    pub taken: Vec<CommandId>,
}

impl Laptop {
    /// The device's half.
    pub fn device(&mut self) -> Result<&mut Device> {
        self.device.as_mut().context("the laptop is off")
    }

    /// Turns the laptop off and on: what was in memory is gone, what was on its disk is not.
    pub fn restart(&mut self) -> Result<()> {
        let device = self.device.take().context("the laptop is off")?;
        let rights = device.rights().clone();
        let (cache, outbox) = device.into_files();
        self.device = Some(Device::open(cache, outbox, rights)?);
        Ok(())
    }
}

impl World {
    /// The small town, with a laptop for each of these people.
    pub fn with(people: &[&str]) -> Result<World> {
        let mut world = World {
            office: Town::office()?,
            laptops: Vec::new(),
            now: Town::MORNING,
            ids: 1,
            given: BTreeMap::new(),
            taken: Vec::new(),
        };
        for person in people {
            world.add_laptop(person)?;
        }
        Ok(world)
    }

    /// Gives a person one more laptop; tells its number.
    pub fn add_laptop(&mut self, person: &str) -> Result<usize> {
        let number = self.laptops.len();
        let caller = Caller {
            person: Town::person(person)?,
            device: format!("laptop-{number}"),
        };
        let mut tx = self.office.write()?;
        let hash = *blake3::hash(caller.device.as_bytes()).as_bytes();
        pollster::block_on(async {
            tx.save_device(&NewDevice {
                id: &caller.device,
                person: &caller.person,
                name: person,
                credential_hash: hash,
                file_key: None,
                at: self.now,
                expires_at: Millis::MAX,
            })
            .await?;
            tx.commit().await
        })?;
        let key = FileKey([number as u8; 32]);
        let rights = Rights::nothing(caller.person.clone(), person, "UTC");
        let device = Device::open(Cache::open(None, &key)?, Outbox::open(None, &key)?, rights)?;
        self.laptops.push(Laptop {
            person: person.to_owned(),
            caller,
            device: Some(device),
            skew: 0,
        });
        Ok(number)
    }

    /// The laptop of a person.
    pub fn laptop(&mut self, person: &str) -> Result<&mut Laptop> {
        self.laptops
            .iter_mut()
            .find(|laptop| laptop.person == person)
            .context("no such laptop")
    }

    fn number(&self, person: &str) -> Result<usize> {
        self.laptops
            .iter()
            .position(|laptop| laptop.person == person)
            .context("no such laptop")
    }

    /// A fresh command id.
    pub fn fresh_id(&mut self) -> CommandId {
        self.ids += 1;
        CommandId::from_random(self.ids)
    }

    /// A person does something on their laptop.
    pub fn does(
        &mut self,
        person: &str,
        command: impl Into<Command>,
    ) -> Result<std::result::Result<CommandId, Refusal>> {
        let number = self.number(person)?;
        self.gives(number, command.into())
    }

    /// The same on a laptop by number.
    pub fn gives(
        &mut self,
        number: usize,
        command: Command,
    ) -> Result<std::result::Result<CommandId, Refusal>> {
        let id = self.fresh_id();
        let laptop = &mut self.laptops[number];
        let at = self.now + laptop.skew;
        match laptop.device()?.submit(at, id.clone(), command, None)? {
            Ok(_) => {
                self.given.insert(id.clone(), number);
                Ok(Ok(id))
            }
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// The office's own administrator does something; a refusal is an error.
    pub fn office_does(&mut self, command: impl Into<Command>) -> Result<()> {
        let id = self.fresh_id();
        let envelope = Envelope {
            id,
            claimed_at: self.now,
            after: Vec::new(),
            command: command.into(),
        };
        let mut tx = self.office.write()?;
        pollster::block_on(async {
            let actor = Actor::new(system_rights(&mut tx).await?);
            let submission = Submission {
                actor: &actor,
                device: "office",
                at: self.now,
            };
            let answered = submit(&mut tx, submission, &envelope).await?;
            tx.commit().await?;
            match answered.answer {
                Answer::Taken => Ok(()),
                other => bail!("the office refused itself: {other:?}"),
            }
        })
    }

    /// One round trip of one laptop's exchange; false when the exchange is done.
    pub fn step(&mut self, number: usize, mishap: Mishap) -> Result<bool> {
        let now = self.now;
        let laptop = &mut self.laptops[number];
        let (skew, caller) = (laptop.skew, laptop.caller.clone());
        let Some(request) = laptop.device()?.next_request()? else {
            return Ok(false);
        };
        if mishap == Mishap::RequestLost {
            laptop.device()?.abandon();
            return Ok(true);
        }
        if mishap == Mishap::Twice {
            answer(&mut self.office, &caller, &request, now, &mut self.taken)?;
        }
        let reply = answer(&mut self.office, &caller, &request, now, &mut self.taken)?;
        check::reply(&mut self.office, &caller, &reply, now)?;
        let device = self.laptops[number].device()?;
        if mishap == Mishap::ReplyLost {
            device.abandon();
        } else {
            device.settle(now + skew, &request, reply)?;
        }
        Ok(true)
    }

    /// A whole exchange without mishaps.
    pub fn syncs(&mut self, person: &str) -> Result<()> {
        let number = self.number(person)?;
        self.exchange(number)
    }

    /// The same by number.
    pub fn exchange(&mut self, number: usize) -> Result<()> {
        self.laptops[number].device()?.begin_exchange();
        for _ in 0..1000 {
            if !self.step(number, Mishap::None)? {
                return Ok(());
            }
        }
        bail!("the exchange of laptop {number} does not end")
    }

    /// Every laptop holds exactly what its person may see, field by field; fails saying what differs.
    pub fn holds_the_permitted(&mut self) -> Result<()> {
        check::settled(self)
    }

    /// What a person may do and see now, by the office.
    pub fn rights(&mut self, person: &PersonId) -> Result<Rights> {
        let now = self.now;
        let mut tx = self.office.read()?;
        Ok(pollster::block_on(rights_of(&mut tx, person, now))?)
    }
}

/// What the office answers: the same functions the HTTP handlers call.
fn answer(
    office: &mut OfficeDb,
    caller: &Caller,
    request: &Request,
    now: Millis,
    taken: &mut Vec<CommandId>,
) -> Result<Reply> {
    let problem = |problem: server::Problem| anyhow::anyhow!("{}: {}", problem.code, problem.sentence);
    match request {
        Request::Control(request) => {
            let mut tx = office.write()?;
            let control =
                pollster::block_on(engine::control(&mut tx, caller, request, now)).map_err(problem)?;
            pollster::block_on(tx.commit())?;
            Ok(Reply::Control(Box::new(control)))
        }
        Request::Push(request) => {
            let mut tx = office.write()?;
            let reply = pollster::block_on(engine::push(&mut tx, caller, request, now)).map_err(problem)?;
            pollster::block_on(tx.commit())?;
            for answered in &reply.answers {
                if answered.answer == Answer::Taken && !taken.contains(&answered.id) {
                    taken.push(answered.id.clone());
                }
            }
            Ok(Reply::Push(reply))
        }
        Request::Pull(request) => {
            let mut tx = office.read()?;
            let reply = pollster::block_on(engine::pull(&mut tx, caller, request, now)).map_err(problem)?;
            Ok(Reply::Pull(reply))
        }
    }
}
