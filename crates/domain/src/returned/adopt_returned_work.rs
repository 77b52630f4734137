//! A supervisor takes over work that came back: it is decided as the supervisor's own, and says whose it was.

use super::{Decision, undecided_or_denied, work};
use crate::because::because;
use crate::command::{Contest, Context, Effect, Refusal, Rule, visible_or_denied};
use crate::found::{Found, Need};
use crate::{Command, Record};
use policy::{Actor, RecordId};
use serde::{Deserialize, Serialize};

/// Adopts returned work. `over` is the other side that the supervisor has seen, where it was contested.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(optional_fields))]
pub struct AdoptReturnedWork {
    pub work: RecordId,
    pub because: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<Contest>,
}

impl Rule for AdoptReturnedWork {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.work.clone()]
    }

    fn needs(&self, found: &Found) -> Vec<Need> {
        let mut needs = vec![Need::Record(self.work.clone())];
        if let Some(work) = work(found, &self.work) {
            needs.extend(work.command.targets().into_iter().map(Need::Record));
            needs.extend(work.command.rule().needs(found));
        }
        needs
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let mut work = undecided_or_denied(context, found, &self.work)?;
        let because = because(&self.because)?;
        let command = self.command(&work.command, work.contest.as_ref());
        visible_or_denied(context, found, &command.targets())?;
        let mut rights = context.actor.rights.clone();
        rights.name = format!("{}, adopted by {}", work.author_name, rights.name);
        let adopting = Context {
            claimed_at: work.claimed_at,
            actor: &Actor::new(rights),
            ..context
        };
        let mut effect = command.rule().decide(adopting, found)?;
        work.decision = Some(Decision {
            is_adopted: true,
            by: context.actor.name().to_owned(),
            at: context.at,
            because: because.to_owned(),
        });
        effect.puts.push(Record::new(self.work.clone(), work));
        Ok(effect)
    }
}

impl AdoptReturnedWork {
    /// The work as it is to be decided: by somebody who has seen what it was contested by.
    fn command(&self, command: &Command, contest: Option<&Contest>) -> Command {
        contest
            .into_iter()
            .chain(&self.over)
            .fold(command.clone(), Command::over)
    }

    pub(crate) fn over(self, contest: &Contest) -> AdoptReturnedWork {
        AdoptReturnedWork {
            over: Some(contest.clone()),
            ..self
        }
    }
}
