//! One step of a history: somebody works, a laptop exchanges, or something goes wrong.

use crate::laptop::Image;
use crate::run::command;
use crate::weather::Weather;
use crate::world::{Backup, Mishap, World};
use crate::{BUILDING, FIRE, Rng, Town};
use anyhow::{Context as _, Result};
use domain::emergency::{EndAccess, ReviewAccess};
use domain::inspections::AddNote;
use domain::people::{AccessFinding, GrantRole, WithdrawGrant};
use domain::returned::{AdoptReturnedWork, DiscardReturnedWork};
use domain::{Command, CommandId};
use policy::{GrantId, Millis, PersonId, RecordId, RoleName, Scope};
use sync::{Answer, PUSH_BYTES_MAX};

const SECOND: Millis = 1000;
const HOUR: Millis = 60 * 60 * SECOND;
const DAY: Millis = 24 * HOUR;
/// How many commands somebody tries until one is taken.
const ATTEMPTS: usize = 3;
/// More than a note may have, in characters.
const NOTE_TOO_LONG: usize = 4001;
/// A clone that draws the same random numbers as its origin gives its commands ids that begin like this.
const FORKED: u128 = 0xF0F0 << 112;
/// A rule with a mistake panics on ids that begin like this, in a build with planted bugs.
const PANICS: u128 = 0xDEAD << 112;

/// Why somebody decides about returned work.
pub const BECAUSE: &str = "somebody has to";

/// A history as it goes on.
pub struct History<'a> {
    pub world: &'a mut World,
    pub rng: &'a mut Rng,
    pub weather: Weather,
    pub grants: Vec<GrantId>,
    pub backups: Vec<Backup>,
    pub images: Vec<(usize, Image)>,
    /// Ids that two laptops will give to different commands, with the laptops that have not yet.
    pub forks: Vec<(CommandId, Vec<usize>)>,
}

impl History<'_> {
    /// One step; tells what happened.
    pub fn step(&mut self, step: usize) -> Result<String> {
        self.world.now += SECOND;
        let number = self.rng.below(self.world.laptops.len());
        match self.rng.below(100) {
            0..52 => self.exchange(number),
            52..86 => self.work(number, step),
            _ => match self.weather.fault(self.rng) {
                Some(fault) => self.fault(fault, number, step),
                None => self.exchange(number),
            },
        }
    }

    fn exchange(&mut self, number: usize) -> Result<String> {
        if !self.world.laptops[number].is_open(self.world.now)? {
            if self.rng.chance(30) {
                let left = self.world.deposits(number)?;
                return Ok(format!("{number} leaves {left}"));
            }
            let done = self.world.signs_in(number)?;
            return Ok(format!("{number} signs in {done}"));
        }
        let mishap = self.weather.mishap(self.rng);
        if self.weather.crashes && self.rng.chance(4) {
            let commits = self.rng.below(4);
            self.world.laptops[number].fuse.set(commits);
        }
        let more = self.world.step(number, mishap)?;
        self.world.laptops[number].fuse.mend();
        if !more {
            self.world.laptops[number].device()?.begin_exchange();
        }
        Ok(format!("{number} {mishap:?} {more}"))
    }

    fn work(&mut self, number: usize, step: usize) -> Result<String> {
        if !self.world.laptops[number].may_work(self.world.now)? {
            return Ok(format!("{number} is shut"));
        }
        if self.weather.crashes && self.rng.chance(3) {
            self.world.laptops[number].fuse.set(self.rng.below(2));
        }
        // Most of what somebody might try is not for them, or not now; they try something else.
        let mut tried = format!("{number}");
        for attempt in 0..ATTEMPTS {
            let waits = match self.rng.below(10) {
                0..2 => self.returned_work(number)?.map(|work| self.decides(work)),
                2..4 if self.weather.moves => self.access(number)?.map(|access| self.sees_to(access)),
                _ => None,
            };
            let command = match waits {
                Some(command) => command,
                None => self.tries(step * ATTEMPTS + attempt)?,
            };
            let name = command.name();
            let id = self.next_id(number);
            let given = self.world.gives_as(number, id.clone(), command)?;
            let is_given = given.as_ref().map(Result::is_ok);
            tried += &format!(" {name} {is_given:?}");
            if is_given != Some(false) {
                self.forks.retain_mut(|(forked, laptops)| {
                    laptops.retain(|other| *other != number || *forked != id);
                    !laptops.is_empty()
                });
                break;
            }
        }
        self.world.laptops[number].fuse.mend();
        Ok(tried)
    }

    /// What somebody might try. On a calm day nothing changes what anybody may see.
    fn tries(&mut self, number: usize) -> Result<Command> {
        loop {
            let tried = command(self.rng, number)?;
            let moves = matches!(tried, Command::BreakGlass(_) | Command::Reassign(_));
            if self.weather.moves || !moves {
                return Ok(tried);
            }
        }
    }

    /// Work that came back and lies before whoever works on a laptop.
    fn returned_work(&mut self, number: usize) -> Result<Option<RecordId>> {
        let open = self.world.laptops[number].device()?.works_to_decide()?;
        let first = open.into_iter().next();
        Ok(first.map(|row| RecordId::parse(row.id)).transpose()?)
    }

    /// An emergency access that lies before whoever works on a laptop, their own or one to review.
    fn access(&mut self, number: usize) -> Result<Option<GrantId>> {
        let seen = self.world.laptops[number].device()?.accesses()?;
        let first = seen.into_iter().next();
        Ok(first.map(|row| GrantId::parse(row.id)).transpose()?)
    }

    fn sees_to(&mut self, grant: GrantId) -> Command {
        let because = BECAUSE.to_owned();
        match self.rng.below(4) {
            0 => EndAccess { grant }.into(),
            which => ReviewAccess {
                grant,
                finding: match which {
                    1 => AccessFinding::Justified,
                    _ => AccessFinding::NotJustified,
                },
                because,
            }
            .into(),
        }
    }

    fn decides(&mut self, work: RecordId) -> Command {
        let because = BECAUSE.to_owned();
        if self.rng.chance(50) {
            AdoptReturnedWork {
                work,
                because,
                over: None,
                instead: None,
            }
            .into()
        } else {
            DiscardReturnedWork { work, because }.into()
        }
    }

    /// A fresh id, or the one that a clone's random numbers give to two laptops.
    fn next_id(&mut self, number: usize) -> CommandId {
        let forked = self.forks.iter().find(|(_, laptops)| laptops.contains(&number));
        match forked {
            Some((id, _)) => id.clone(),
            None => self.world.fresh_id(),
        }
    }

    fn fault(&mut self, fault: Fault, number: usize, step: usize) -> Result<String> {
        let world = &mut *self.world;
        match fault {
            Fault::Restart => {
                world.laptops[number].restart()?;
                Ok(format!("{number} restarts"))
            }
            Fault::Late => {
                let which = self.rng.below(64);
                let arrived = world.late_arrival(which)?;
                Ok(arrived.unwrap_or_else(|| "nothing is late".to_owned()))
            }
            Fault::Roles if self.rng.chance(50) => self.withdraw(),
            Fault::Roles => self.give(step),
            Fault::Account => {
                let person = world.laptops[number].person.clone();
                let on = self.rng.chance(70);
                world.switches(&person, on)?;
                Ok(format!("{person} is switched on: {on}"))
            }
            Fault::Clock => {
                let by = [
                    HOUR,
                    -HOUR,
                    40 * DAY,
                    3650 * DAY,
                    -3650 * DAY,
                    30 * SECOND,
                    -7 * 60 * SECOND,
                ];
                let by = *self.rng.pick(&by).context("no jump")?;
                world.laptops[number].clock_jumps(by);
                Ok(format!("{number} jumps by {by}"))
            }
            Fault::OfficeClock => {
                let by = self.rng.below(8) as Millis * SECOND - 4 * SECOND;
                world.now += by;
                Ok(format!("the office steps by {by}"))
            }
            Fault::TimePasses => {
                let by = *self.rng.pick(&[HOUR, 73 * HOUR, 60 * DAY]).context("no time")?;
                world.now += by;
                let rosters = world.keeps_rosters()?;
                Ok(format!("{by} pass, {rosters} inspect elsewhere"))
            }
            Fault::Poison => self.poison(number, step),
            Fault::Backup => {
                if self.backups.is_empty() || self.rng.chance(50) {
                    let backup = world.backup()?;
                    self.backups.push(backup);
                    return Ok("backup".to_owned());
                }
                let says_so = !(self.weather.careless && self.rng.chance(50));
                let backup = self.rng.below(self.backups.len());
                world.restore(&self.backups[backup], says_so)?;
                // The copies made since are of a life that was given up.
                self.backups.truncate(backup + 1);
                Ok(format!("restored to {backup}, says so: {says_so}"))
            }
            Fault::ShortLog => {
                let age = *self.rng.pick(&[0, HOUR, 45 * DAY]).context("no age")?;
                let most = 1 + self.rng.below(20);
                let forgotten = world.forgets_removals(world.now - age, most)?;
                Ok(format!("{forgotten} removals are forgotten"))
            }
            Fault::Image => self.image(number),
            Fault::Clone => self.copy(number, step),
        }
    }

    fn image(&mut self, number: usize) -> Result<String> {
        if self.images.is_empty() || self.rng.chance(50) {
            let image = self.world.laptops[number].image()?;
            self.images.push((number, image));
            return Ok(format!("{number} is copied"));
        }
        let (number, image) = &self.images[self.rng.below(self.images.len())];
        self.world.restore_laptop(*number, image)?;
        Ok(format!("{number} is as it was"))
    }

    fn copy(&mut self, number: usize, step: usize) -> Result<String> {
        // A town of clones would show nothing more.
        if self.world.laptops.len() > 6 {
            return Ok("no more clones".to_owned());
        }
        let copy = self.world.clone_laptop(number)?;
        if self.rng.chance(60) {
            let id = CommandId::from_random(FORKED + step as u128);
            self.forks.push((id, vec![number, copy]));
        }
        Ok(format!("{copy} is a clone of {number}"))
    }

    fn poison(&mut self, number: usize, step: usize) -> Result<String> {
        let appointment = RecordId::parse(format!("visit-{:02}", self.rng.below(12)))?;
        let note = RecordId::parse(format!("poison-{step}"))?;
        let panics = cfg!(feature = "planted") && self.rng.chance(50);
        let length = match self.rng.below(48) {
            _ if panics => 1,
            // No request carries it. Seldom: each costs as much as twenty steps.
            0 => 2 * PUSH_BYTES_MAX + 1,
            1..22 => 0,
            _ => NOTE_TOO_LONG,
        };
        let id = match panics {
            true => CommandId::from_random(PANICS + step as u128),
            false => self.world.fresh_id(),
        };
        let text = "x".repeat(length);
        let command: Command = AddNote {
            appointment,
            note,
            text,
        }
        .into();
        self.world.smuggles(number, id, command)?;
        Ok(format!("{number} is given poison of {length}, panics: {panics}"))
    }

    fn withdraw(&mut self) -> Result<String> {
        if self.grants.is_empty() {
            return Ok("nothing to withdraw".to_owned());
        }
        let grant = self.grants.swap_remove(self.rng.below(self.grants.len()));
        let answer = self.world.office_tries(WithdrawGrant {
            grant: grant.clone(),
            because: "moved".to_owned(),
        })?;
        Ok(format!("withdraw {grant} {}", answer == Answer::Taken))
    }

    fn give(&mut self, step: usize) -> Result<String> {
        let grant = GrantId::parse(format!("grant-step-{step}"))?;
        let person = PersonId::parse(*self.rng.pick(&Town::everybody()).context("nobody")?)?;
        let role = [
            "inspector",
            "inspector",
            "manager",
            "manager",
            "citizen",
            "administrator",
        ];
        let role = RoleName(format!(
            "inspections.{}",
            self.rng.pick(&role).context("no role")?
        ));
        let calendar = |name: &str| -> Result<Scope> { Ok(Scope::Calendar(name.to_owned().try_into()?)) };
        let scope = match self.rng.below(4) {
            0 => calendar(BUILDING)?,
            1 => calendar(FIRE)?,
            2 => Scope::Team("north".to_owned().try_into()?),
            _ => Scope::Organization,
        };
        // Some grants end by themselves while the history goes on.
        let until = self
            .rng
            .chance(30)
            .then(|| self.world.now + SECOND * (1 + self.rng.below(60) as Millis));
        let answer = self.world.office_tries(GrantRole {
            grant: grant.clone(),
            person,
            role,
            scope,
            from: None,
            until,
            because: "needed".to_owned(),
        })?;
        let given = answer == Answer::Taken;
        if given {
            self.grants.push(grant.clone());
        }
        Ok(format!("give {grant} {given}"))
    }
}

/// What can go wrong besides a request's mishap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A laptop is turned off and on.
    Restart,
    /// Something arrives that was given up.
    Late,
    /// A role is given or withdrawn.
    Roles,
    /// An account is switched off, or on again.
    Account,
    /// A laptop's clock jumps.
    Clock,
    /// The office's clock takes a small step.
    OfficeClock,
    /// Hours or weeks pass.
    TimePasses,
    /// A command that no rule of that laptop would have let pass.
    Poison,
    /// The office is copied, or put back to a copy.
    Backup,
    /// The office forgets what was removed long ago, or a moment ago.
    ShortLog,
    /// A laptop's disk is copied, or put back to a copy.
    Image,
    /// A laptop is cloned, and both go on.
    Clone,
}

/// Keeps the compiler's eye on mishaps that the weather must know of.
impl Mishap {
    /// All that may happen to a request.
    pub const ALL: [Mishap; 7] = [
        Mishap::RequestLost,
        Mishap::ReplyLost,
        Mishap::Twice,
        Mishap::RequestLate,
        Mishap::ReplyLate,
        Mishap::OfficeFallsBefore,
        Mishap::OfficeFallsAfter,
    ];
}
