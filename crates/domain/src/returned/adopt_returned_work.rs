//! Work that came back shall count: it is decided anew as the own work of whoever adopts it, and says whose it was.

use super::{Decision, ReturnedWork, reason, undecided_or_denied, work};
use crate::command::{Contest, Context, Effect, Refusal, Rule, visible_or_denied};
use crate::found::{Found, Need};
use crate::{Command, Record};
use policy::{Actor, Denial, RecordId};
use serde::{Deserialize, Serialize};

/// Adopts returned work. `over` is the other side that the supervisor has seen, where it was contested.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(optional_fields))]
pub struct AdoptReturnedWork {
    pub work: RecordId,
    pub because: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<Contest>,
    /// The same command with other values, where neither side was right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<Box<Command>>,
}

impl Rule for AdoptReturnedWork {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.work.clone()]
    }

    fn needs(&self, found: &Found) -> Vec<Need> {
        let mut needs = vec![Need::Record(self.work.clone())];
        if let Some(work) = work(found, &self.work) {
            let command = self.instead.as_deref().unwrap_or(&work.command);
            needs.extend(command.targets().into_iter().map(Need::Record));
            needs.extend(command.rule().needs(found));
        }
        needs
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let mut work = undecided_or_denied(context, found, &self.work)?;
        let because = reason(&work, &self.because)?;
        let command = self.command(&work)?;
        visible_or_denied(context, found, &command.targets())?;
        let mut effect = match &self.instead {
            Some(_) => command.rule().decide(context, found)?,
            None => {
                let adopting = Context {
                    claimed_at: work.claimed_at,
                    actor: &named(context.actor, &work),
                    ..context
                };
                command.rule().decide(adopting, found)?
            }
        };
        work.decision = Some(Decision {
            is_adopted: true,
            instead: self.instead.as_deref().cloned(),
            by: context.actor.name().to_owned(),
            at: context.at,
            because,
        });
        effect.puts.push(Record::new(self.work.clone(), work));
        Ok(effect)
    }
}

/// Whether both do the same to the same, whatever the values.
fn is_alike(one: &Command, other: &Command) -> bool {
    one.name() == other.name() && one.targets() == other.targets()
}

/// The actor in whose name adopted work is written: its author's too.
fn named(actor: &Actor, work: &ReturnedWork) -> Actor {
    let mut rights = actor.rights.clone();
    if work.author != rights.person {
        rights.name = format!("{}, adopted by {}", work.author_name, rights.name);
    }
    Actor::new(rights)
}

impl AdoptReturnedWork {
    /// The work as it is to be decided: by somebody who has seen what it was contested by.
    fn command(&self, work: &ReturnedWork) -> Result<Command, Denial> {
        let command = match self.instead.as_deref() {
            None => &work.command,
            Some(other) if is_alike(other, &work.command) => other,
            Some(other) => {
                let accepted = format!("{} of the same record", work.command.name());
                return Err(Denial::invalid("instead", other.name(), &accepted));
            }
        };
        let seen = work.contest.iter().chain(&self.over);
        Ok(seen.fold(command.clone(), Command::over))
    }

    pub(crate) fn over(self, contest: &Contest) -> AdoptReturnedWork {
        AdoptReturnedWork {
            over: Some(contest.clone()),
            ..self
        }
    }
}
