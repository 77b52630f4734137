//! Commands to try out on a person, to learn what may be done now and why not. Nothing is written.

use super::{AbsenceReason, MarkAvailable, MarkUnavailable, Person};
use crate::Command;
use chrono::NaiveDate;
use policy::{PersonId, RecordId};

/// A try of each command a profile knows. `day` is the day it is.
pub fn probes(id: &PersonId, person: &Person, day: NaiveDate) -> Vec<Command> {
    let away = RecordId::parse(format!("probe.{day}")).ok().map(|absence| {
        let absence = MarkUnavailable {
            person: id.clone(),
            absence,
            from_day: day,
            until_day: day,
            reason: AbsenceReason::Other,
        };
        absence.into()
    });
    let back = person.absences.first().map(|absence| {
        let back = MarkAvailable {
            person: id.clone(),
            absence: absence.id.clone(),
        };
        back.into()
    });
    away.into_iter().chain(back).collect()
}
