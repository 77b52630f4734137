//! What failed is inspected again: a new visit that carries over what has to be put right.

use super::appointment::{Appointment, visit};
use super::book_appointment::permit_is_ready;
use super::checklist::inspection_type;
use super::eligible::eligible;
use super::permit::relinked;
use super::slot::{Wanted, end_of, slot_needs};
use super::{CheckAnswer, Finding, Overall, Status};
use crate::command::{Context, Effect, Refusal, Rule, not_held_here};
use crate::found::{Answer, Found, Need};
use crate::{Body, Record, time};
use chrono::NaiveDate;
use policy::inspections::{Action, may};
use policy::{Code, Denial, PersonId, RecordId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Books the re-inspection of a visit that failed. `appointment` is a fresh random id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(optional_fields))]
pub struct BookReinspection {
    pub appointment: RecordId,
    pub reinspects: RecordId,
    pub day: NaiveDate,
    pub from_minute: u16,
    #[serde(default)]
    pub assignee: Option<PersonId>,
}

impl Rule for BookReinspection {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.reinspects.clone()]
    }

    fn needs(&self, found: &Found) -> Vec<Need> {
        let mut needs = vec![
            Need::Record(self.reinspects.clone()),
            Need::Record(self.appointment.clone()),
        ];
        needs.extend(self.assignee.clone().map(|person| Need::Record(person.into())));
        if let Some(Body::Appointment(failed)) = found.record(&self.reinspects).map(|record| &record.body) {
            let linked = [&failed.permit, &failed.inspection_type, &failed.reinspection];
            needs.extend(linked.into_iter().flatten().cloned().map(Need::Record));
            needs.extend(slot_needs(
                failed.calendar.as_ref(),
                self.day,
                self.assignee.as_ref(),
            ));
        }
        needs
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let mut failed = visit(found, &self.reinspects)?;
        let facts = failed.facts();
        may(context.actor, Action::Book, &facts)?;
        if self.assignee.is_some() {
            may(context.actor, Action::Reassign, &facts)?;
        }
        if found.record(&self.appointment).is_some() {
            let sentence = "There is already a record with the id of this booking.";
            return Err(Denial::new(Code::AlreadyExists, "X-09", sentence).into());
        }
        failed_or_denied(&failed)?;
        let booking_unknown = not_booked_or_denied(found, &failed)?;
        let permit_unknown = permit_or_denied(found, &failed)?;
        let lasts = duration(found, &failed)?;
        let to_minute = end_of(context, (self.day, self.from_minute), lasts)?;
        let assignee_name = match &self.assignee {
            Some(person) => eligible(context, found, person, (&facts, Some(self.day)))?,
            None => String::new(),
        };
        let wanted = Wanted {
            visit: &self.appointment,
            facts: &facts,
            day: self.day,
            minutes: Some((self.from_minute, to_minute)),
            person: self.assignee.as_ref(),
            overlap_accepted: None,
        };
        let asks_office = wanted.free_or_denied(context, found)?;
        // An applicant's copy does not show what was found, so the office carries it over.
        let hidden = failed.findings.is_empty();
        let mut next = self.next(&failed, assignee_name, to_minute);
        next.remember(context, "book_reinspection", "");
        failed.status = Status::RequireReinspection;
        failed.reinspection = Some(self.appointment.clone());
        let when = format!("for {} {}", self.day, time::clock(self.from_minute));
        failed.remember(context, "book_reinspection", when);
        let permit = relinked(found, None, &next)?;
        let mut puts = vec![
            Record::new(self.appointment.clone(), next),
            Record::new(self.reinspects.clone(), failed),
        ];
        puts.extend(permit);
        Ok(Effect {
            puts,
            asks_office: asks_office || hidden || booking_unknown || permit_unknown,
        })
    }
}

impl BookReinspection {
    /// The new visit: where, for whom and under what as before, and what failed.
    fn next(&self, failed: &Appointment, assignee_name: String, to_minute: u16) -> Appointment {
        Appointment {
            assignee: self.assignee.clone(),
            assignee_name,
            day: Some(self.day),
            from_minute: Some(self.from_minute),
            to_minute: Some(to_minute),
            reinspects: Some(self.reinspects.clone()),
            found_before: what_failed(failed),
            permit: failed.permit.clone(),
            permit_number: failed.permit_number.clone(),
            permit_type: failed.permit_type.clone(),
            inspection_type: failed.inspection_type.clone(),
            inspection_type_name: failed.inspection_type_name.clone(),
            calendar: failed.calendar.clone(),
            team: failed.team.clone(),
            applicant: failed.applicant.clone(),
            contact_name: failed.contact_name.clone(),
            contact_phone: failed.contact_phone.clone(),
            contact_email: failed.contact_email.clone(),
            establishment: failed.establishment.clone(),
            address: failed.address.clone(),
            latitude: failed.latitude,
            longitude: failed.longitude,
            priority: failed.priority,
            special_notes: failed.special_notes.clone(),
            ..Appointment::default()
        }
    }
}

/// The lines that failed, as they were found. Where none did, the new visit answers the whole checklist.
fn what_failed(visit: &Appointment) -> BTreeMap<String, Finding> {
    let failed = visit
        .findings
        .iter()
        .filter(|(_, finding)| finding.answer == Some(CheckAnswer::Fail));
    failed
        .map(|(key, finding)| (key.clone(), finding.clone()))
        .collect()
}

fn failed_or_denied(visit: &Appointment) -> Result<(), Denial> {
    let overall = visit.result.as_ref().map(|result| result.overall);
    let failed = visit.status == Status::Completed && overall == Some(Overall::Failed);
    if failed || visit.status == Status::RequireReinspection {
        return Ok(());
    }
    let sentence = "Only an inspection that failed is inspected again.";
    let fact = match overall {
        Some(overall) => format!("Its result is {}.", overall.words()),
        None => format!("Its status is {}.", visit.status.words()),
    };
    Err(Denial::new(Code::WrongState, "C-INS-UP2", sentence).fact(fact))
}

/// One re-inspection for one visit that failed, unless it did not take place; true where only the office can tell.
fn not_booked_or_denied(found: &Found, visit: &Appointment) -> Result<bool, Denial> {
    let Some(id) = &visit.reinspection else {
        return Ok(false);
    };
    if found.not_held(id) {
        return Ok(true);
    }
    let sentence = "The re-inspection of this visit is booked already.";
    let denial = Denial::new(Code::WrongState, "C-INS-UP2", sentence);
    match found.record(id).map(|record| &record.body) {
        Some(Body::Appointment(next)) if matches!(next.status, Status::Cancelled | Status::NoShow) => {
            Ok(false)
        }
        Some(Body::Appointment(next)) => {
            let day = next.day.map(|day| format!("It is on {day}."));
            Err(day.into_iter().fold(denial, Denial::fact))
        }
        _ => Err(denial),
    }
}

/// C-CIT-17 holds for a re-inspection as well; true where only the office can tell.
fn permit_or_denied(found: &Found, visit: &Appointment) -> Result<bool, Denial> {
    match visit.permit.as_ref().map(|id| found.records.get(id)) {
        Some(Some(Answer::Found(record))) => match &record.body {
            Body::Permit(permit) => permit_is_ready(permit).map(|()| false),
            _ => Err(Denial::not_found()),
        },
        // An imported visit may stand under no permit that anybody knows.
        None | Some(Some(Answer::Absent)) => Ok(false),
        Some(Some(Answer::NotHeld) | None) => Ok(true),
    }
}

/// As long as this kind of inspection takes; what is no longer offered cannot be booked.
fn duration(found: &Found, visit: &Appointment) -> Result<u16, Denial> {
    let id = visit.inspection_type.as_ref();
    if id.is_some_and(|id| found.not_held(id)) {
        return Err(not_held_here());
    }
    match id.and_then(|id| inspection_type(found, id)) {
        Some(kind) => Ok(kind.duration_minutes),
        None => {
            let sentence = "This inspection is no longer one that can be booked.";
            Err(Denial::new(Code::PermitNotReady, "C-CIT-17", sentence))
        }
    }
}
