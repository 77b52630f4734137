//! Who may be given a visit: an inspector of its calendar who is there on its day.

use crate::Body;
use crate::command::{Context, not_held_here};
use crate::found::Found;
use chrono::NaiveDate;
use policy::inspections::{Action, AppointmentFacts, may};
use policy::{Code, Denial, PersonId};

/// The name of a person who may be given a visit with these facts. Nobody, and somebody who does not inspect there, get
/// the same answer.
pub(super) fn eligible(
    context: Context<'_>,
    found: &Found,
    person: &PersonId,
    (facts, day): (&AppointmentFacts, Option<NaiveDate>),
) -> Result<String, Denial> {
    let id = person.clone().into();
    if found.not_held(&id) {
        return Err(not_held_here());
    }
    match found.record(&id).map(|record| &record.body) {
        Some(Body::Person(profile)) if profile.inspects(Some(&facts.calendar)) => {
            available(context, found, person, (facts, day))?;
            Ok(profile.name.clone())
        }
        _ => {
            let title = context.actor.places().calendar_title(&facts.calendar);
            let sentence = format!("That person cannot be given this visit: only inspectors of {title} can.");
            let denial = Denial::new(Code::NotEligible, "C-MGR-20", sentence);
            Err(denial.who(context.actor.who_can_grant()))
        }
    }
}

/// Refuses a day on which a person is known not to be there. Why is for those who assign work.
pub(super) fn available(
    context: Context<'_>,
    found: &Found,
    person: &PersonId,
    (facts, day): (&AppointmentFacts, Option<NaiveDate>),
) -> Result<(), Denial> {
    let record = found.record(&person.clone().into());
    let (Some(Body::Person(profile)), Some(day)) = (record.map(|record| &record.body), day) else {
        return Ok(());
    };
    let Some(absence) = profile.absence_on(day) else {
        return Ok(());
    };
    let sentence = format!("The inspector is not available on {day}.");
    let title = context.actor.places().calendar_title(&facts.calendar);
    let denial = Denial::new(Code::NotEligible, "C-MGR-20", sentence).who(format!("a manager of {title}"));
    if assigns(context, facts) {
        Err(denial.fact(format!("{} is unavailable {}.", profile.name, absence.words())))
    } else {
        Err(denial)
    }
}

/// Whether the person acting assigns the work, and so may know how a colleague's day is filled (AMB-12).
pub(super) fn assigns(context: Context<'_>, facts: &AppointmentFacts) -> bool {
    may(context.actor, Action::Reassign, facts).is_ok()
}
