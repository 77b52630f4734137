//! Work the office did not take and that somebody decides about: a supervisor, where its author cannot put it right any more
//! its author or a supervisor, where two people changed the same thing.

mod adopt_returned_work;
mod discard_returned_work;

pub use adopt_returned_work::AdoptReturnedWork;
pub use discard_returned_work::DiscardReturnedWork;

use crate::because::because;
use crate::command::{Context, Refusal};
use crate::found::Found;
use crate::people::GrantBody;
use crate::{Body, Command, CommandId, Contest, Record, title};
use policy::inspections::{Action, AppointmentFacts, may};
use policy::{CalendarId, Code, Denial, Millis, PersonId, Places, RecordId, TeamId};
use serde::{Deserialize, Serialize};

/// At most this many pieces of one author's work wait for a supervisor. What comes beyond is refused like anything else,
/// and kept with its answer only.
pub const RETURNED_OPEN_MAX: usize = 200;

/// Work that was refused, with who did it, what it was and why not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(optional_fields))]
pub struct ReturnedWork {
    /// Where its target belongs, so that those who supervise there see it.
    pub calendar: CalendarId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    pub target: RecordId,
    pub target_title: String,
    pub author: PersonId,
    pub author_name: String,
    pub command: Command,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denial: Option<Denial>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contest: Option<Contest>,
    /// When its author says it was done.
    pub claimed_at: Millis,
    /// When it arrived, by the office's clock.
    pub received_at: Millis,
    /// What a supervisor made of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

/// What became of returned work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(optional_fields))]
pub struct Decision {
    pub is_adopted: bool,
    /// What was done in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<Command>,
    pub by: String,
    pub at: Millis,
    pub because: String,
}

/// How refused work came to the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Its author is signed in, and sees what came back.
    Pushed,
    /// Its author is shut out: their laptop left it, sealed.
    Deposited,
}

impl ReturnedWork {
    /// Refused work as supervisors get it; none where its author can put it right, or where it belongs to no calendar.
    pub fn of(
        (author, author_name): (&PersonId, &str),
        (command, claimed_at): (&Command, Millis),
        target: &Record,
        (refusal, way): (&Refusal, Way),
        received_at: Millis,
    ) -> Option<ReturnedWork> {
        if !is_for_others(command, refusal, way) {
            return None;
        }
        let (calendar, team) = place_of(target)?;
        let (denial, contest) = match refusal {
            Refusal::Denied(denial) => (Some(denial.clone()), None),
            Refusal::Contested(contest) => (None, Some(contest.clone())),
        };
        Some(ReturnedWork {
            calendar,
            team,
            target: target.id.clone(),
            target_title: title(&target.body),
            author: author.clone(),
            author_name: author_name.to_owned(),
            command: command.clone(),
            denial,
            contest,
            claimed_at,
            received_at,
            decision: None,
        })
    }

    /// The same work after its author could send it again: taken, or back with them to put right.
    pub fn settled_by_author(self, is_taken: bool, author_name: &str, at: Millis) -> ReturnedWork {
        let because = if is_taken {
            "Sent by its author, who has signed in again."
        } else {
            "Returned to its author, who has signed in again."
        };
        ReturnedWork {
            decision: Some(Decision {
                is_adopted: is_taken,
                instead: None,
                by: author_name.to_owned(),
                at,
                because: because.to_owned(),
            }),
            ..self
        }
    }

    /// The photo it brings, by its hash, while nobody has decided.
    pub fn photo(&self) -> Option<(&str, &RecordId)> {
        match &self.command {
            Command::AddPhoto(photo) if self.decision.is_none() => Some((&photo.hash, &photo.appointment)),
            _ => None,
        }
    }

    /// Whether nothing stands against it but what somebody else wrote first: its author may decide too.
    pub fn is_conflict(&self) -> bool {
        self.denial.is_none() && self.contest.is_some()
    }

    pub(crate) fn facts(&self) -> AppointmentFacts {
        AppointmentFacts {
            team: self.team.clone(),
            assignee: self.is_conflict().then(|| self.author.clone()),
            ..AppointmentFacts::of_calendar(self.calendar.clone())
        }
    }

    /// What waits, in the order it arrived and was done, and by author; what was decided, by when.
    pub(crate) fn index_keys(&self) -> Vec<(&'static str, String)> {
        let mut keys = vec![("calendar", format!("{}|", self.calendar))];
        match &self.decision {
            None => {
                keys.extend([
                    (
                        "open",
                        format!("{:015}|{:015}", self.received_at, self.claimed_at),
                    ),
                    ("author_open", format!("{}|", self.author)),
                ]);
                keys.extend(self.photo().map(|(hash, _)| ("photo", hash.to_owned())));
            }
            Some(decision) => keys.push(("decided", format!("{:015}", decision.at))),
        }
        keys
    }
}

/// Of a command that was refused, the id of the record that keeps it for supervisors.
pub fn returned_id(command: &CommandId) -> Result<RecordId, policy::InvalidId> {
    RecordId::parse(format!("returned-{}", command.as_str()))
}

/// Whether others than its author are to see it. Who is signed in deals with their own mistakes; what a right that has ended
/// or a time that has passed stands against, and what two people disagree about, is for somebody else too.
fn is_for_others(command: &Command, refusal: &Refusal, way: Way) -> bool {
    // The work that was to be decided waits still; and an emergency is nobody's to open for somebody else.
    if matches!(
        command,
        Command::AdoptReturnedWork(_)
            | Command::DiscardReturnedWork(_)
            | Command::BreakGlass(_)
            | Command::EndAccess(_)
            | Command::ReviewAccess(_)
    ) {
        return false;
    }
    match (refusal, way) {
        (Refusal::Denied(denial), _) if denial.code == Code::AlreadyExists => false,
        (_, Way::Deposited) => true,
        (Refusal::Contested(_), Way::Pushed) => true,
        (Refusal::Denied(denial), Way::Pushed) => matches!(
            denial.code,
            Code::NotGranted | Code::OutOfScope | Code::NotAssigned | Code::NotFound | Code::CutoffPassed
        ),
    }
}

fn place_of(target: &Record) -> Option<(CalendarId, Option<TeamId>)> {
    match &target.body {
        Body::Appointment(visit) => Some((visit.calendar.clone()?, visit.team.clone())),
        Body::Permit(permit) => Some((permit.calendar.clone()?, None)),
        Body::Block(block) => Some((block.calendar.clone(), None)),
        Body::Calendar(_) => Some((target.id.clone().into(), None)),
        Body::InspectionType(_) | Body::Person(_) | Body::Grant(_) | Body::ReturnedWork(_) => None,
    }
}

/// Whether somebody with these grants, whatever became of them, has served in a calendar. Others, such as applicants, fill
/// nobody's tray.
pub fn has_served(grants: &[GrantBody], calendar: &CalendarId, places: &Places) -> bool {
    grants.iter().any(|grant| {
        let is_staff = policy::shipped_roles()
            .iter()
            .any(|role| role.name == grant.role && role.is_staff());
        let is_there = match &grant.scope {
            policy::Scope::Team(team) => places
                .teams
                .get(team)
                .is_some_and(|place| place.calendar == *calendar),
            scope => places.calendars_in(scope).contains(&calendar),
        };
        is_staff && is_there
    })
}

/// Commands to try out on returned work, to learn what may be done with it now and why not. Nothing is written.
pub fn probes(id: &RecordId) -> [Command; 2] {
    let because = "…".to_owned();
    [
        AdoptReturnedWork {
            work: id.clone(),
            because: because.clone(),
            over: None,
            instead: None,
        }
        .into(),
        DiscardReturnedWork {
            work: id.clone(),
            because,
        }
        .into(),
    ]
}

fn work<'a>(found: &'a Found, id: &RecordId) -> Option<&'a ReturnedWork> {
    match found.record(id).map(|record| &record.body) {
        Some(Body::ReturnedWork(work)) => Some(work),
        _ => None,
    }
}

/// The reason for a decision; who decides between two values need not give one.
fn reason(work: &ReturnedWork, text: &str) -> Result<String, Denial> {
    if work.is_conflict() && text.trim().is_empty() {
        return Ok(String::new());
    }
    because(text)
}

/// The work, where it is the actor's to decide and nobody has decided yet.
fn undecided_or_denied(context: Context<'_>, found: &Found, id: &RecordId) -> Result<ReturnedWork, Denial> {
    let work = work(found, id).ok_or_else(Denial::not_found)?;
    if !(work.is_conflict() && work.author == *context.person()) {
        may(context.actor, Action::OverrideRules, &work.facts())?;
    }
    match &work.decision {
        None => Ok(work.clone()),
        Some(decision) => {
            let what = if decision.is_adopted {
                "adopted"
            } else {
                "discarded"
            };
            let sentence = "Somebody has decided about this work already.";
            let fact = format!("{} {what} it {}.", decision.by, context.said(decision.at));
            Err(Denial::new(Code::WrongState, "X-06", sentence).fact(fact))
        }
    }
}
