//! An inspection is asked for under a permit.

use super::appointment::Appointment;
use super::checklist::inspection_type;
use super::eligible::eligible;
use super::permit::{Permit, PermitStatus};
use super::slot::{Wanted, end_of, slot_needs};
use super::{InspectionType, Priority};
use crate::command::{Context, Effect, Refusal, Rule, not_held_here};
use crate::found::{Found, Need};
use crate::{Body, Record};
use chrono::NaiveDate;
use policy::inspections::{Action, AppointmentFacts, may};
use policy::{Code, Denial, PersonId, RecordId};
use serde::{Deserialize, Serialize};

/// The longest special notes, in characters.
const SPECIAL_NOTES_MAX: usize = 1000;

/// Books a visit. `appointment` is a fresh random id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(optional_fields))]
pub struct BookAppointment {
    pub appointment: RecordId,
    pub permit: RecordId,
    pub inspection_type: RecordId,
    pub day: NaiveDate,
    pub from_minute: u16,
    #[serde(default)]
    pub assignee: Option<PersonId>,
    #[serde(default)]
    pub priority: Priority,
    #[serde(default)]
    pub special_notes: String,
}

impl Rule for BookAppointment {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.permit.clone()]
    }

    fn needs(&self, found: &Found) -> Vec<Need> {
        let records =
            [&self.appointment, &self.permit, &self.inspection_type].map(|id| Need::Record(id.clone()));
        let mut needs = records.to_vec();
        needs.extend(self.assignee.clone().map(|person| Need::Record(person.into())));
        if let Some(Body::Permit(permit)) = found.record(&self.permit).map(|record| &record.body) {
            needs.extend(slot_needs(
                permit.calendar.as_ref(),
                self.day,
                self.assignee.as_ref(),
            ));
        }
        needs
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let Some(Body::Permit(permit)) = found.record(&self.permit).map(|record| &record.body) else {
            return Err(Denial::not_found().into());
        };
        let facts = facts_of(permit);
        may(context.actor, Action::Book, &facts)?;
        if self.assignee.is_some() {
            may(context.actor, Action::Reassign, &facts)?;
        }
        if found.record(&self.appointment).is_some() {
            let sentence = "There is already a record with the id of this booking.";
            return Err(Denial::new(Code::AlreadyExists, "X-09", sentence).into());
        }
        let kind = offered(found, permit, &self.inspection_type)?;
        permit_is_ready(permit)?;
        let to_minute = end_of(context, (self.day, self.from_minute), kind.duration_minutes)?;
        if self.special_notes.chars().count() > SPECIAL_NOTES_MAX {
            let length = self.special_notes.chars().count();
            return Err(
                Denial::invalid("special_notes", format!("{length} characters"), "at most 1000").into(),
            );
        }
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
        let mut visit = Appointment {
            permit: Some(self.permit.clone()),
            permit_number: permit.number.clone(),
            permit_type: permit.permit_type.clone(),
            inspection_type: Some(self.inspection_type.clone()),
            inspection_type_name: kind.name.clone(),
            calendar: permit.calendar.clone(),
            assignee: self.assignee.clone(),
            assignee_name,
            applicant: permit.applicant.clone(),
            contact_name: permit.contact_name.clone(),
            contact_phone: permit.contact_phone.clone(),
            contact_email: permit.contact_email.clone(),
            establishment: permit.establishment.clone(),
            address: permit.address.clone(),
            latitude: permit.latitude,
            longitude: permit.longitude,
            day: Some(self.day),
            from_minute: Some(self.from_minute),
            to_minute: Some(to_minute),
            priority: self.priority,
            special_notes: self.special_notes.clone(),
            ..Appointment::default()
        };
        visit.remember(context, "book_appointment", "");
        let mut linked = permit.as_ref().clone();
        linked.relink(None, Some(&visit))?;
        let puts = vec![
            Record::new(self.appointment.clone(), visit),
            Record::new(self.permit.clone(), linked),
        ];
        Ok(Effect { puts, asks_office })
    }
}

fn facts_of(permit: &Permit) -> AppointmentFacts {
    let facts = permit.facts();
    AppointmentFacts {
        calendar: facts.calendar,
        team: None,
        assignee: None,
        applicant: facts.applicant,
    }
}

fn offered<'a>(found: &'a Found, permit: &Permit, id: &RecordId) -> Result<&'a InspectionType, Denial> {
    if found.not_held(id) {
        return Err(not_held_here());
    }
    let listed = permit.inspection_types.contains(id);
    inspection_type(found, id).filter(|_| listed).ok_or_else(|| {
        let sentence = "This inspection is not one that can be booked under this permit.";
        Denial::new(Code::PermitNotReady, "C-CIT-17", sentence)
    })
}

/// C-CIT-17: the permit's status and its payment, each named.
pub(super) fn permit_is_ready(permit: &Permit) -> Result<(), Denial> {
    let not_ready = |sentence: &str| Err(Denial::new(Code::PermitNotReady, "C-CIT-17", sentence));
    match permit.status {
        PermitStatus::Issued if permit.fee_paid == Some(false) => {
            not_ready("The permit's fee has not been paid, so no inspection can be booked yet.")
        }
        PermitStatus::Issued => Ok(()),
        PermitStatus::Applied => {
            not_ready("The permit has not been issued yet, so no inspection can be booked.")
        }
        PermitStatus::Suspended => not_ready("The permit is suspended, so no inspection can be booked."),
        PermitStatus::Closed => not_ready("The permit is closed, so no inspection can be booked."),
    }
}
