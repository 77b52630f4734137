//! The world: an office, laptops, a clock, and the wire between them with its mishaps.

use crate::check;
use crate::disk::{self, Disks};
use crate::laptop::{Image, Laptop};
use crate::town::Town;
use crate::truth::Truth;
use crate::witness::{Life, Witness};
use anyhow::{Context as _, Result, anyhow, bail, ensure};
use device::{Reply, Request};
use domain::returned::Way;
use domain::{Command, CommandId, Effect, Record, Refusal};
use policy::{Actor, Millis, PersonId, Rights};
use server::Problem;
use server::accounts::caller;
use server::engine::{self, Caller};
use server::roster;
use store::sqlite::OfficeDb;
use store::{Account, NewDevice, OfficeTx, Submission, rights_of, submit, system_rights, write};
use sync::{Answer, Envelope, LEASE_MILLIS, PAGE_ROWS, credential_hash};

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
    /// The laptop gives up waiting; the request arrives later, when others have overtaken it.
    RequestLate,
    /// The laptop gives up waiting; the answer arrives later, when newer ones were asked for.
    ReplyLate,
    /// The office stops before what it has done is on its disk.
    OfficeFallsBefore,
    /// The office stops after that, and before it has answered.
    OfficeFallsAfter,
}

/// What is still on its way, and nobody waits for.
pub(crate) enum Late {
    Request {
        number: usize,
        boots: usize,
        credential: String,
        request: Request,
    },
    /// To a laptop that had been turned on so many times: once it is turned off nobody waits for it.
    Reply {
        number: usize,
        boots: usize,
        request: Request,
        reply: Reply,
    },
}

/// A copy of the office, and of what was seen of it.
pub(crate) struct Backup {
    db: disk::Snapshot,
    life: Life,
}

/// An office with its laptops.
pub struct World {
    pub office: OfficeDb,
    pub laptops: Vec<Laptop>,
    pub now: Millis,
    /// About how many rows a page has.
    pub(crate) page_rows: usize,
    pub(crate) late: Vec<Late>,
    pub(crate) witness: Witness,
    pub(crate) truth: Truth,
    /// All that the office answered, whether it arrived or not, where somebody listens.
    pub(crate) said: Option<Vec<std::result::Result<Reply, Problem>>>,
    disks: Disks,
    ids: u128,
}

impl World {
    /// The small town, with a laptop for each of these people.
    pub fn with(people: &[&str]) -> Result<World> {
        World::of(disk::new_office()?, Disks::Memory, people)
    }

    /// Another office, with a laptop for each of these people.
    pub(crate) fn of(office: OfficeDb, disks: Disks, people: &[&str]) -> Result<World> {
        let mut world = World {
            office,
            laptops: Vec::new(),
            now: Town::MORNING,
            page_rows: PAGE_ROWS,
            late: Vec::new(),
            witness: Witness::default(),
            truth: Truth::default(),
            said: None,
            disks,
            ids: 1,
        };
        world.witness.life.begun_at = world.number()?;
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
            turn: 0,
        };
        let laptop = Laptop::new(person, caller, String::new(), self.disks.new_files(number)?)?;
        self.laptops.push(laptop);
        if !self.signs_in(number)? {
            bail!("{person} cannot sign in");
        }
        Ok(number)
    }

    /// Copies a laptop, disk and credential; tells the copy's number.
    pub(crate) fn clone_laptop(&mut self, number: usize) -> Result<usize> {
        let to = self.laptops.len();
        let laptop = &mut self.laptops[number];
        let image = laptop.image()?;
        let (caller, credential) = (laptop.caller.clone(), laptop.credential.clone());
        let (person, skew) = (laptop.person.clone(), laptop.skew);
        let is_shut = laptop.is_shut;
        let kept = laptop.kept()?;
        let mut copy = Laptop::new(&person, caller, credential, self.disks.new_files(to)?)?;
        copy.restore(&image)?;
        (copy.skew, copy.is_shut, copy.is_copied) = (skew, is_shut, true);
        self.laptops[number].is_copied = true;
        self.laptops.push(copy);
        self.witness.copied(number, to, &kept);
        Ok(to)
    }

    /// Puts an earlier copy of a laptop's disk in place.
    pub(crate) fn restore_laptop(&mut self, number: usize, image: &Image) -> Result<()> {
        let laptop = &mut self.laptops[number];
        laptop.restore(image)?;
        laptop.is_copied = true;
        let kept = laptop.kept()?;
        self.witness.keeps_only(number, &kept);
        Ok(())
    }

    /// Signs its person in, with the password; false where the account is switched off.
    pub(crate) fn signs_in(&mut self, number: usize) -> Result<bool> {
        let (now, laptop) = (self.now, &mut self.laptops[number]);
        if self.witness.life.switched_off.contains(&laptop.caller.person) {
            return Ok(false);
        }
        self.ids += 1;
        if laptop.is_forked {
            laptop.becomes(format!("copy-{}", self.ids))?;
        }
        laptop.credential = format!("{}-{}", laptop.caller.device, self.ids);
        let mut tx = self.office.write()?;
        pollster::block_on(async {
            tx.save_device(&NewDevice {
                id: &laptop.caller.device,
                person: &laptop.caller.person,
                name: &laptop.person,
                credential_hash: credential_hash(&laptop.credential),
                file_key: None,
                at: now,
                expires_at: now + LEASE_MILLIS,
            })
            .await?;
            tx.commit().await
        })?;
        laptop.signed_in()?;
        let life = &mut self.witness.life;
        life.credentials
            .retain(|known, _| !known.starts_with(&format!("{}-", laptop.caller.device)));
        life.credentials
            .insert(laptop.credential.clone(), now + LEASE_MILLIS);
        Ok(true)
    }

    /// Switches a person's account on or off.
    pub(crate) fn switches(&mut self, person: &str, on: bool) -> Result<()> {
        let id = Town::person(person)?;
        let mut tx = self.office.write()?;
        pollster::block_on(async {
            tx.save_account(&Account {
                is_active: on,
                ..Town::account(&id)
            })
            .await?;
            tx.commit().await
        })?;
        let off = &mut self.witness.life.switched_off;
        if on {
            off.remove(&id)
        } else {
            off.insert(id)
        };
        Ok(())
    }

    /// The laptop of a person.
    pub fn laptop(&mut self, person: &str) -> Result<&mut Laptop> {
        let number = self.number_of(person)?;
        Ok(&mut self.laptops[number])
    }

    fn number_of(&self, person: &str) -> Result<usize> {
        self.laptops
            .iter()
            .position(|laptop| laptop.person == person)
            .context("no such laptop")
    }

    /// The organization's number.
    pub(crate) fn number(&mut self) -> Result<i64> {
        let mut tx = self.office.read()?;
        Ok(pollster::block_on(tx.org())?.seq)
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
        let number = self.number_of(person)?;
        self.gives(number, command.into())
    }

    /// What stands at the office was written past the simulator, and is where its history begins.
    pub fn begins_here(&mut self) -> Result<()> {
        self.witness.life.begun_at = self.number()? - self.witness.life.changes()?;
        Ok(())
    }

    /// Somebody takes back what they gave on their laptop; false where it was on its way already.
    pub fn undoes(&mut self, person: &str, id: &CommandId) -> Result<bool> {
        let number = self.number_of(person)?;
        let undone = self.laptops[number].device()?.undo(id)?;
        if undone {
            self.witness.given.remove(&(number, id.clone()));
        }
        Ok(undone)
    }

    /// The same on a laptop by number.
    pub fn gives(
        &mut self,
        number: usize,
        command: Command,
    ) -> Result<std::result::Result<CommandId, Refusal>> {
        let id = self.fresh_id();
        match self.gives_as(number, id, command)? {
            Some(answer) => Ok(answer),
            None => bail!("the power failed"),
        }
    }

    /// The same under an id; none where the power failed, and nothing was said to be done.
    pub(crate) fn gives_as(
        &mut self,
        number: usize,
        id: CommandId,
        command: Command,
    ) -> Result<Option<std::result::Result<CommandId, Refusal>>> {
        let laptop = &mut self.laptops[number];
        let clock = self.now + laptop.skew;
        let note = check::note_of(&command);
        let done = laptop.device()?.submit(clock, id.clone(), command, None);
        let Some(done) = laptop.unless_power_fails(done)? else {
            // It may be on the disk without the person having been told.
            if laptop.kept()?.contains(&id) {
                self.witness.note_given(number, id, self.now, note);
            }
            return Ok(None);
        };
        match done {
            Ok(_) => {
                laptop.saw_clock(clock);
                self.witness.note_given(number, id.clone(), self.now, note);
                Ok(Some(Ok(id)))
            }
            Err(refusal) => Ok(Some(Err(refusal))),
        }
    }

    /// Puts a command into a laptop's queue that no rule there was asked about.
    pub fn smuggles(&mut self, number: usize, id: CommandId, command: Command) -> Result<()> {
        let laptop = &mut self.laptops[number];
        let note = check::note_of(&command);
        laptop.smuggle(Envelope {
            id: id.clone(),
            claimed_at: self.now + laptop.skew,
            after: Vec::new(),
            command,
        })?;
        self.witness.note_given(number, id, self.now, note);
        Ok(())
    }

    /// The office's own administrator does something; a refusal is an error.
    pub fn office_does(&mut self, command: impl Into<Command>) -> Result<()> {
        match self.office_tries(command)? {
            Answer::Taken => Ok(()),
            other => bail!("the office refused itself: {other:?}"),
        }
    }

    /// The same; tells what came of it.
    pub(crate) fn office_tries(&mut self, command: impl Into<Command>) -> Result<Answer> {
        let envelope = Envelope {
            id: self.fresh_id(),
            claimed_at: self.now,
            after: Vec::new(),
            command: command.into(),
        };
        let mut tx = self.office.write()?;
        let answered = pollster::block_on(async {
            let actor = Actor::new(system_rights(&mut tx).await?);
            let submission = Submission {
                actor: &actor,
                device: "office",
                way: Way::Pushed,
                at: self.now,
            };
            let answered = submit(&mut tx, submission, &envelope).await?;
            tx.commit().await?;
            Ok::<_, store::Fault>(answered)
        })?;
        if answered.answer == Answer::Taken {
            self.witness.life.applied.insert(envelope.id);
        }
        Ok(answered.answer)
    }

    /// Records of the office are written past every rule, as an import writes them.
    pub(crate) fn writes(&mut self, records: Vec<Record>) -> Result<()> {
        let mut tx = self.office.write()?;
        pollster::block_on(async {
            write(&mut tx, &Effect::puts(records)).await?;
            tx.commit().await
        })?;
        self.begins_here()
    }

    /// The office looks at the clock, as it does now and then; tells how many profiles it changed.
    pub(crate) fn keeps_rosters(&mut self) -> Result<usize> {
        let mut tx = self.office.write()?;
        let now = self.now;
        let kept = pollster::block_on(async {
            let kept = roster::keep(&mut tx, 0, now).await?;
            tx.commit().await?;
            Ok::<_, Problem>(kept)
        });
        let kept = kept.map_err(|problem| anyhow!("the rosters are not kept: {}", problem.sentence))?;
        self.begins_here()?;
        check::rosters(self)?;
        Ok(kept)
    }

    /// One round trip of one laptop's exchange; false when the exchange is done.
    pub fn step(&mut self, number: usize, mishap: Mishap) -> Result<bool> {
        let laptop = &mut self.laptops[number];
        let next = laptop.device()?.next_request();
        let Some(next) = laptop.unless_power_fails(next)? else {
            return Ok(true);
        };
        let Some(request) = next else {
            return Ok(false);
        };
        check::sent(self, number, &request)?;
        let ahead = self.laptops[number].ahead.take();
        let ahead = ahead.filter(|(asked, _)| asked.is_same(&request));
        let credential = self.laptops[number].credential.clone();
        match mishap {
            Mishap::RequestLost => {
                self.laptops[number].device()?.abandon();
                return Ok(true);
            }
            Mishap::RequestLate => {
                self.laptops[number].device()?.abandon();
                self.late.push(Late::Request {
                    number,
                    boots: self.laptops[number].boots,
                    credential,
                    request,
                });
                return Ok(true);
            }
            Mishap::Twice => drop(self.ask(number, &credential, &request, false)?),
            _ => {}
        }
        let reply = match ahead {
            Some((_, reply)) => Ok(reply),
            None => self.ask(number, &credential, &request, mishap == Mishap::OfficeFallsBefore)?,
        };
        let reply = match reply {
            Ok(reply) => reply,
            Err(problem) => return self.settle_failure(number, &problem),
        };
        match mishap {
            Mishap::ReplyLost => self.laptops[number].device()?.abandon(),
            Mishap::OfficeFallsAfter => {
                self.laptops[number].device()?.abandon();
                self.office_restarts()?;
            }
            Mishap::ReplyLate => {
                self.laptops[number].device()?.abandon();
                self.late.push(Late::Reply {
                    number,
                    boots: self.laptops[number].boots,
                    request,
                    reply,
                });
            }
            _ => self.settle(number, &request, reply)?,
        }
        Ok(true)
    }

    /// What the window does about a problem: it closes the files where the sign-in has ended, and tries again elsewhere.
    fn settle_failure(&mut self, number: usize, problem: &Problem) -> Result<bool> {
        let laptop = &mut self.laptops[number];
        laptop.device()?.abandon();
        match problem.code {
            "credential_unknown" | "credential_revoked" | "credential_expired" | "account_off" => {
                laptop.is_shut = true;
                Ok(false)
            }
            "fork" => {
                ensure!(laptop.is_copied, "laptop {number} has no copy and is called one");
                (laptop.is_shut, laptop.is_forked) = (true, true);
                Ok(false)
            }
            "busy" => Ok(true),
            code => bail!("laptop {number}: {code}: {}", problem.sentence),
        }
    }

    /// The laptop takes in a reply; where it looks ahead, the next request travels meanwhile.
    fn settle(&mut self, number: usize, request: &Request, reply: Reply) -> Result<()> {
        let laptop = &mut self.laptops[number];
        if laptop.looks_ahead {
            let credential = laptop.credential.clone();
            let next = laptop.device()?.request_after(&reply);
            let Some(next) = laptop.unless_power_fails(next)? else {
                return Ok(());
            };
            if let Some(next) = next
                && let Ok(early) = self.ask(number, &credential, &next, false)?
            {
                self.laptops[number].ahead = Some((next, early));
            }
        }
        let laptop = &mut self.laptops[number];
        let clock = self.now + laptop.skew;
        let heard = match &reply {
            Reply::Control(control) => Some(control.lease.issued),
            _ => None,
        };
        let is_page = matches!(&reply, Reply::Pull(sync::PullReply::Page(_)));
        let done = laptop.device()?.settle(clock, request, reply);
        if laptop.unless_power_fails(done)?.is_some() {
            laptop.settled(clock, heard, is_page);
        } else {
            // What of it is on the disk is not known.
            laptop.lost_track();
        }
        check::laptop(self, number)
    }

    /// Something arrives that nobody waits for any more; false where nothing is on its way.
    pub(crate) fn late_arrival(&mut self, which: usize) -> Result<Option<String>> {
        if self.late.is_empty() {
            return Ok(None);
        }
        match self.late.swap_remove(which % self.late.len()) {
            Late::Request {
                number,
                boots,
                credential,
                request,
            } => {
                if let Ok(reply) = self.ask(number, &credential, &request, false)? {
                    self.late.push(Late::Reply {
                        number,
                        boots,
                        request,
                        reply,
                    });
                }
                Ok(Some(format!("{number} late request")))
            }
            Late::Reply {
                number,
                boots,
                request,
                reply,
            } => {
                let laptop = &mut self.laptops[number];
                if laptop.is_shut || laptop.boots != boots {
                    return Ok(Some(format!("{number} late answer to nobody")));
                }
                let clock = self.now + laptop.skew;
                let done = laptop.device()?.settle(clock, &request, reply);
                laptop.unless_power_fails(done)?;
                laptop.lost_track();
                check::laptop(self, number)?;
                Ok(Some(format!("{number} late answer")))
            }
        }
    }

    /// The office is stopped and started: what it had in memory is gone, and so are its connections.
    pub(crate) fn office_restarts(&mut self) -> Result<()> {
        self.office.restart();
        self.late.clear();
        Ok(())
    }

    /// The office forgets some of what was removed before an instant; gives how much.
    pub(crate) fn forgets_removals(&mut self, before: Millis, most: usize) -> Result<usize> {
        let mut tx = self.office.write()?;
        Ok(pollster::block_on(async {
            let forgotten = tx.forget_removals(before, most).await?;
            tx.commit().await?;
            Ok::<_, store::Fault>(forgotten)
        })?)
    }

    /// Copies the office.
    pub(crate) fn backup(&self) -> Result<Backup> {
        Ok(Backup {
            db: disk::Snapshot::of(self.office.db())?,
            life: self.witness.life.clone(),
        })
    }

    /// Puts a copy of the office in place, which says so, or does not.
    pub(crate) fn restore(&mut self, backup: &Backup, says_so: bool) -> Result<()> {
        backup.db.put_over(self.office.db_mut())?;
        self.office.restart();
        self.late.clear();
        self.truth.forget();
        for laptop in &mut self.laptops {
            // An office is put back while it is stopped: an exchange that was under way is broken off, and begins again.
            laptop.ahead = None;
            laptop.device()?.abandon();
            laptop.device()?.begin_exchange();
        }
        self.witness.restored(backup.life.clone(), self.now);
        if says_so {
            let incarnation = format!("life-{}", self.witness.restored);
            let mut tx = self.office.write()?;
            pollster::block_on(async {
                tx.begin_incarnation(&incarnation).await?;
                tx.commit().await
            })?;
        } else {
            self.witness.was_careless = true;
        }
        Ok(())
    }

    /// A whole exchange without mishaps.
    pub fn syncs(&mut self, person: &str) -> Result<()> {
        let number = self.number_of(person)?;
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
        check::caches(self)
    }

    /// What a person may do and see now, by the office.
    pub fn rights(&mut self, person: &PersonId) -> Result<Rights> {
        let now = self.now;
        let mut tx = self.office.read()?;
        Ok(pollster::block_on(rights_of(&mut tx, person, now))?)
    }

    /// What the office answers: the same functions the HTTP handlers call. Where it falls, nothing it did is kept.
    fn ask(
        &mut self,
        number: usize,
        credential: &str,
        request: &Request,
        falls: bool,
    ) -> Result<std::result::Result<Reply, Problem>> {
        let writes = !matches!(request, Request::Pull(_));
        let mut tx = if writes {
            self.office.write()?
        } else {
            self.office.read()?
        };
        let at = (self.now, self.page_rows);
        let answered = pollster::block_on(reply_to(&mut tx, credential, request, at));
        if writes && !falls && answered.is_ok() {
            pollster::block_on(tx.commit())?;
        } else {
            drop(tx);
        }
        let reply = match answered {
            Ok((reply, Some(shown))) if !falls => {
                self.notes_turn(&shown)?;
                Ok(reply)
            }
            answered => answered.map(|(reply, _)| reply),
        };
        if falls {
            self.office_restarts()?;
            return Ok(Err(Problem::from(store::Fault::Busy)));
        }
        if let Some(said) = &mut self.said {
            said.push(reply.clone());
        }
        if let Ok(reply) = &reply {
            check::answered(self, number, credential, request, reply)?;
        }
        Ok(reply)
    }

    /// What a pull has shown is written after it.
    fn notes_turn(&mut self, shown: &Shown) -> Result<()> {
        let mut tx = self.office.write()?;
        pollster::block_on(async {
            tx.note_turn(&shown.device, shown.turn).await?;
            tx.commit().await
        })?;
        Ok(())
    }
}

/// The number a device has shown to have.
struct Shown {
    device: String,
    turn: u64,
}

async fn reply_to<T: OfficeTx>(
    tx: &mut T,
    credential: &str,
    request: &Request,
    (now, page_rows): (Millis, usize),
) -> std::result::Result<(Reply, Option<Shown>), Problem> {
    let caller = caller(tx, credential, now).await?;
    Ok(match request {
        Request::Control(request) => {
            let control = engine::control(tx, &caller, request, now).await?;
            (Reply::Control(Box::new(control)), None)
        }
        Request::Push(request) => (Reply::Push(engine::push(tx, &caller, request, now).await?), None),
        Request::Pull(request) => {
            let pulled = engine::pull_page(tx, &caller, request, now, page_rows).await?;
            let device = caller.device;
            let shown = pulled.newly_shown.map(|turn| Shown { device, turn });
            (Reply::Pull(pulled.reply), shown)
        }
    })
}
