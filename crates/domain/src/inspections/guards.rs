//! What stands in the way of changing a visit, each with the fact and who can help.

use super::{Appointment, Status};
use crate::command::Context;
use crate::time;
use policy::inspections::{Action, may};
use policy::{Code, Denial, Millis};

const COMPLETED: &str = "This inspection is already completed, so it can no longer be changed.";
const HOUR: Millis = 3_600_000;

impl Appointment {
    /// C-INS-20: its status is updated by whoever it is assigned to, while it is open and nobody has locked it.
    pub(crate) fn updatable_or_denied(&self, context: Context<'_>) -> Result<(), Denial> {
        may(context.actor, Action::UpdateStatus, &self.facts())?;
        self.open_or_denied(context)?;
        match &self.lock {
            Some(lock) if self.override_or_denied(context).is_err() => {
                let sentence = "A manager has locked this inspection, so its status cannot be updated.";
                let fact = format!(
                    "Locked {} by {}: {}",
                    context.said(lock.at),
                    lock.by,
                    lock.because
                );
                let denial = Denial::new(Code::WrongState, "C-INS-20", sentence).fact(fact);
                Err(denial.who(self.manager(context)))
            }
            _ => Ok(()),
        }
    }

    /// C-MGR-07: whoever may override the standard rules. Everybody else learns who can.
    pub(crate) fn override_or_denied(&self, context: Context<'_>) -> Result<(), Denial> {
        may(context.actor, Action::OverrideRules, &self.facts())
            .map_err(|denial| denial.who(self.manager(context)))
    }

    /// The denial for a visit that is over, saying when it ended (C-INS-20).
    pub(crate) fn open_or_denied(&self, context: Context<'_>) -> Result<(), Denial> {
        if self.is_open() {
            return Ok(());
        }
        let status = || format!("Its status is {}.", self.status.words());
        let (code, sentence, fact) = match self.completed_at {
            _ if matches!(self.status, Status::Cancelled | Status::NoShow) => {
                let sentence = "This inspection did not take place, so nothing can be recorded on it.";
                (Code::WrongState, sentence, status())
            }
            Some(at) => (
                Code::AlreadyCompleted,
                COMPLETED,
                format!("Completed {}.", context.said(at)),
            ),
            None => (Code::AlreadyCompleted, COMPLETED, status()),
        };
        let denial = Denial::new(code, "C-INS-20", sentence).fact(fact);
        Err(denial.who(self.manager(context)))
    }

    /// Refuses what can no longer be done once the inspector has begun.
    pub(crate) fn not_begun_or_denied(&self, context: Context<'_>) -> Result<(), Denial> {
        if self.status != Status::InProgress {
            return Ok(());
        }
        let sentence = "This inspection is in progress, so it takes place as it is.";
        let denial = Denial::new(Code::WrongState, "C-INS-05", sentence);
        let begun = self
            .started_at
            .map(|at| denial.clone().fact(format!("Started {}.", context.said(at))));
        Err(begun.unwrap_or(denial).who(self.manager(context)))
    }

    /// Refuses to say what happened on a day that has not come.
    pub(crate) fn its_day_or_denied(&self, context: Context<'_>) -> Result<(), Denial> {
        match self.day {
            Some(day) if time::local(context.at, context.zone()).0 < day => {
                let sentence = "This can be recorded on the day of the visit, and not before.";
                let denial = Denial::new(Code::WrongState, "C-INS-UP2", sentence);
                Err(denial.fact(format!("The visit is on {day}.")))
            }
            _ => Ok(()),
        }
    }

    /// The denial for an applicant who comes later than so many hours before the visit; none where it is in time.
    pub(crate) fn late(
        &self,
        context: Context<'_>,
        hours: u16,
        (rule, done): (&str, &str),
    ) -> Option<Denial> {
        let begins = time::instant(self.day?, self.from_minute.unwrap_or(0), context.zone());
        let limit = begins - Millis::from(hours) * HOUR;
        if context.at < limit {
            return None;
        }
        let sentence = format!("Applicants can have a visit {done} until {hours} hours before it begins.");
        let fact = format!("The limit was {}.", context.said(limit));
        let denial = Denial::new(Code::CutoffPassed, rule, sentence).fact(fact);
        Some(denial.who(self.manager(context)))
    }

    /// Who can help, as a person would ask for them.
    pub(crate) fn manager(&self, context: Context<'_>) -> String {
        let calendar = self.facts().calendar;
        format!(
            "a manager of {}",
            context.actor.places().calendar_title(&calendar)
        )
    }
}
