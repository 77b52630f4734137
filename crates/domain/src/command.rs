//! The one list of commands, and the one way they are decided.

use crate::emergency::{BreakGlass, EndAccess, ReviewAccess};
use crate::found::{Answer, Found, Need};
use crate::inspections::{
    AddNote, AddPhoto, BlockTime, BookAppointment, BookReinspection, CancelAppointment, ChangeCalendarRules,
    ConfirmAppointment, CorrectResult, DeclineRequest, LockAppointment, MarkAccessRefused, MarkNoShow,
    Reassign, RecordChecklistItem, RecordResult, RequestReassignment, Reschedule, StartInspection,
    UnblockTime, UnlockAppointment,
};
use crate::people::{GrantRole, MarkAvailable, MarkUnavailable, WithdrawGrant};
use crate::returned::{AdoptReturnedWork, DiscardReturnedWork};
use crate::{Record, time};
use policy::{Actor, Code, Denial, Millis, PersonId, RecordId, views};
use serde::{Deserialize, Serialize};

/// A command's own id: 32 lower-case hexadecimal digits, random.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("pattern" = "^[0-9a-f]{32}$")))]
#[serde(try_from = "String", into = "String")]
pub struct CommandId(String);

impl CommandId {
    /// The id of 128 random bits.
    pub fn from_random(bits: u128) -> CommandId {
        CommandId(format!("{bits:032x}"))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CommandId {
    type Error = String;
    fn try_from(text: String) -> Result<CommandId, String> {
        let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if text.len() == 32 && text.bytes().all(hex) {
            Ok(CommandId(text))
        } else {
            Err("a command id is 32 lower-case hexadecimal digits".to_owned())
        }
    }
}

impl From<CommandId> for String {
    fn from(id: CommandId) -> String {
        id.0
    }
}

/// Who decides what, and when.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The server's time of receipt; on the device its best estimate.
    pub at: Millis,
    /// When the person says it was done: kept as evidence, never decides.
    pub claimed_at: Millis,
    pub actor: &'a Actor,
}

impl Context<'_> {
    /// The person acting.
    pub fn person(&self) -> &PersonId {
        self.actor.person()
    }

    /// Where the person is.
    pub fn zone(&self) -> &str {
        &self.actor.rights.zone
    }

    /// An instant as people here would say it.
    pub fn said(&self, at: Millis) -> String {
        time::said(at, self.zone())
    }
}

/// What a command does when it is taken.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Effect {
    /// The records as they are afterwards.
    pub puts: Vec<Record>,
    /// The decision rests on something this copy does not hold: the office decides.
    pub asks_office: bool,
}

impl Effect {
    /// The effect of writing these records.
    pub fn puts(puts: Vec<Record>) -> Effect {
        Effect {
            puts,
            asks_office: false,
        }
    }
}

/// Two people changed the same field: both sides, for a person to decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(optional_fields))]
pub struct Contest {
    pub field: String,
    pub mine: serde_json::Value,
    pub theirs: serde_json::Value,
    /// Who wrote the other value, where the reader may know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs_by: Option<String>,
    /// When, by the office's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs_at: Option<Millis>,
}

/// Why a command was not taken.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    Denied(Denial),
    Contested(Contest),
}

impl From<Denial> for Refusal {
    fn from(denial: Denial) -> Refusal {
        Refusal::Denied(denial)
    }
}

/// What each command's file provides.
pub(crate) trait Rule {
    /// The records the command is about: the actor must be able to see each.
    fn targets(&self) -> Vec<RecordId>;

    /// What must be looked up, given what has been found so far.
    fn needs(&self, found: &Found) -> Vec<Need> {
        let _ = found;
        self.targets().into_iter().map(Need::Record).collect()
    }

    /// The rule. Permission is its first line.
    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal>;
}

macro_rules! commands {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// Every change a person can make. The name is the same on the wire, on the button and in the tests.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(tag = "name", content = "input", rename_all = "snake_case", deny_unknown_fields)]
        #[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
        pub enum Command {
            $($(#[$doc])* $variant($variant),)*
        }

        impl Command {
            /// The names of all commands.
            pub const NAMES: &[&str] = &[$($name),*];

            /// The command's name.
            pub fn name(&self) -> &'static str {
                match self { $(Command::$variant(_) => $name,)* }
            }

            pub(crate) fn rule(&self) -> &dyn Rule {
                match self { $(Command::$variant(command) => command,)* }
            }
        }

        $(impl From<$variant> for Command {
            fn from(command: $variant) -> Command {
                Command::$variant(command)
            }
        })*
    };
}

commands! {
    /// An inspection is asked for.
    BookAppointment = "book_appointment",
    /// A visit that was asked for is confirmed.
    ConfirmAppointment = "confirm_appointment",
    /// A visit is given another time.
    Reschedule = "reschedule",
    /// A visit is called off before it begins.
    CancelAppointment = "cancel_appointment",
    /// The inspector begins on site.
    StartInspection = "start_inspection",
    /// One line of the checklist is answered.
    RecordChecklistItem = "record_checklist_item",
    /// The overall result is recorded and the inspection completed.
    RecordResult = "record_result",
    /// Nobody was there.
    MarkNoShow = "mark_no_show",
    /// The inspector was not let in.
    MarkAccessRefused = "mark_access_refused",
    /// A manager corrects a result.
    CorrectResult = "correct_result",
    /// What failed is to be inspected again.
    BookReinspection = "book_reinspection",
    /// A note is added.
    AddNote = "add_note",
    /// A photo is added.
    AddPhoto = "add_photo",
    /// The inspector asks for somebody else to go.
    RequestReassignment = "request_reassignment",
    /// A manager gives the visit to another inspector.
    Reassign = "reassign",
    /// A manager declines to relieve the inspector.
    DeclineRequest = "decline_request",
    /// A manager locks a visit.
    LockAppointment = "lock_appointment",
    /// A manager unlocks a visit.
    UnlockAppointment = "unlock_appointment",
    /// A manager blocks a time.
    BlockTime = "block_time",
    /// A manager takes a block back.
    UnblockTime = "unblock_time",
    /// A calendar's rules are changed.
    ChangeCalendarRules = "change_calendar_rules",
    /// An inspector is not there for some days.
    MarkUnavailable = "mark_unavailable",
    /// An inspector is there after all.
    MarkAvailable = "mark_available",
    /// A role is given.
    GrantRole = "grant_role",
    /// A role is taken back.
    WithdrawGrant = "withdraw_grant",
    /// A calendar is opened in an emergency.
    BreakGlass = "break_glass",
    /// Whoever opened a calendar in an emergency needs it no longer.
    EndAccess = "end_access",
    /// A supervisor says whether an emergency access was justified.
    ReviewAccess = "review_access",
    /// A supervisor takes over work that came back.
    AdoptReturnedWork = "adopt_returned_work",
    /// A supervisor discards work that came back.
    DiscardReturnedWork = "discard_returned_work",
}

impl Command {
    /// The records the command is about.
    pub fn targets(&self) -> Vec<RecordId> {
        self.rule().targets()
    }

    /// The same command, given again by somebody who has seen the other side and means their own.
    pub fn over(self, contest: &Contest) -> Command {
        match self {
            Command::RecordChecklistItem(input) => {
                let saw = serde_json::from_value(contest.theirs.clone()).unwrap_or_default();
                RecordChecklistItem { saw, ..input }.into()
            }
            Command::Reassign(input) => {
                let saw = serde_json::from_value(contest.theirs.clone()).unwrap_or_default();
                Reassign { saw, ..input }.into()
            }
            Command::Reschedule(input) => {
                let saw = serde_json::from_value(contest.theirs.clone()).unwrap_or_default();
                Reschedule { saw, ..input }.into()
            }
            Command::CorrectResult(input) => input.over(contest).into(),
            Command::ChangeCalendarRules(input) => input.over(contest).into(),
            Command::AdoptReturnedWork(input) => input.over(contest).into(),
            other => other,
        }
    }

    /// What has still to be looked up before [`decide`] can answer.
    pub fn missing(&self, found: &Found) -> Vec<Need> {
        self.rule()
            .needs(found)
            .into_iter()
            .filter(|need| !found.has(need))
            .collect()
    }
}

/// Decides a command with what was found: its effect, or why not. A record the actor may not see is answered as one
/// that does not exist.
pub fn decide(command: &Command, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
    visible_or_denied(context, found, &command.targets())?;
    command.rule().decide(context, found)
}

/// Refuses what the actor may not see in the words for what does not exist (SEC-5).
pub(crate) fn visible_or_denied(
    context: Context<'_>,
    found: &Found,
    targets: &[RecordId],
) -> Result<(), Denial> {
    let held = views::of_actor(context.actor);
    for target in targets {
        match found.records.get(target) {
            Some(Answer::Found(record)) if record.views().iter().any(|view| held.contains(view)) => {}
            Some(Answer::NotHeld) | None => return Err(not_held_here()),
            Some(Answer::Found(_) | Answer::Absent) => return Err(Denial::not_found()),
        }
    }
    Ok(())
}

pub(crate) fn not_held_here() -> Denial {
    let sentence = "This record is not on this device, so it cannot be changed from here.";
    Denial::new(Code::NotHeldHere, "X-04", sentence)
}
