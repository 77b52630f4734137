//! Commands to try out on a visit, a permit, a calendar or a block, to learn what may be done with it now and why not. Nothing is written.

use super::{
    AddNote, AddPhoto, Appointment, BlockTime, BookAppointment, BookReinspection, Calendar,
    CancelAppointment, ChangeCalendarRules, ConfirmAppointment, CorrectResult, Correction, DeclineRequest,
    InspectionType, LockAppointment, MarkAccessRefused, MarkNoShow, Overall, Permit, Priority, Reassign,
    RecordChecklistItem, RecordResult, RequestReason, RequestReassignment, Reschedule, StartInspection,
    UnblockTime, UnlockAppointment,
};
use crate::Command;
use chrono::{Months, NaiveDate};
use policy::{CalendarId, PersonId, RecordId};
use std::collections::BTreeMap;

/// One try of each command a visit knows. `colleague` is somebody it could be given to.
pub fn probes(
    id: &RecordId,
    visit: &Appointment,
    kind: Option<&InspectionType>,
    colleague: Option<PersonId>,
) -> Vec<Command> {
    let appointment = || id.clone();
    let mut probes: Vec<Command> = vec![
        StartInspection {
            appointment: appointment(),
        }
        .into(),
    ];
    let item = kind
        .and_then(|kind| kind.checklist.first())
        .map(|item| item.key.clone())
        .unwrap_or_default();
    let finding = visit.findings.get(&item).cloned().unwrap_or_default();
    probes.push(
        RecordChecklistItem {
            appointment: appointment(),
            item,
            saw: finding.clone(),
            finding,
        }
        .into(),
    );
    let overall = Overall::Failed;
    probes.push(
        RecordResult {
            appointment: appointment(),
            overall,
            summary: String::new(),
        }
        .into(),
    );
    probes.push(
        AddNote {
            appointment: appointment(),
            note: id.clone(),
            text: "…".to_owned(),
        }
        .into(),
    );
    probes.push(
        AddPhoto {
            appointment: appointment(),
            hash: "0".repeat(64),
            media_type: "image/png".to_owned(),
            bytes: 1,
            caption: String::new(),
        }
        .into(),
    );
    let reason = RequestReason::Conflict;
    probes.push(
        RequestReassignment {
            appointment: appointment(),
            reason,
            text: String::new(),
        }
        .into(),
    );
    if let Some(to) = colleague {
        probes.push(
            Reassign {
                appointment: appointment(),
                to,
                saw: visit.assignee.clone(),
                overlap_accepted: true,
            }
            .into(),
        );
    }
    probes.extend(probes_of_the_desk(id, visit));
    probes
}

/// What is done with a visit besides inspecting it.
fn probes_of_the_desk(id: &RecordId, visit: &Appointment) -> Vec<Command> {
    let appointment = || id.clone();
    let because = || "…".to_owned();
    let mut probes: Vec<Command> = vec![
        ConfirmAppointment {
            appointment: appointment(),
        }
        .into(),
        CancelAppointment {
            appointment: appointment(),
            because: because(),
        }
        .into(),
        MarkNoShow {
            appointment: appointment(),
            because: because(),
        }
        .into(),
        MarkAccessRefused {
            appointment: appointment(),
            because: because(),
        }
        .into(),
        DeclineRequest {
            appointment: appointment(),
            because: because(),
        }
        .into(),
        LockAppointment {
            appointment: appointment(),
            because: because(),
        }
        .into(),
        UnlockAppointment {
            appointment: appointment(),
            because: because(),
        }
        .into(),
    ];
    let result = visit.result.as_ref();
    let correction = Correction {
        overall: result.map_or(Overall::Failed, |result| result.overall),
        summary: result.map(|result| result.summary.clone()).unwrap_or_default(),
        findings: BTreeMap::new(),
    };
    probes.push(
        CorrectResult {
            appointment: appointment(),
            saw: correction.clone(),
            correction,
            because: because(),
        }
        .into(),
    );
    if let Some(day) = visit.day.and_then(free_day) {
        probes.push(
            Reschedule {
                appointment: appointment(),
                day,
                from_minute: 0,
                saw: visit.slot(),
                because: because(),
                overlap_accepted: true,
            }
            .into(),
        );
        probes.extend(fresh(day).map(|fresh| {
            let reinspection = BookReinspection {
                appointment: fresh,
                reinspects: appointment(),
                day,
                from_minute: 0,
                assignee: None,
            };
            reinspection.into()
        }));
    }
    probes
}

/// A day so far ahead that nothing can stand against it: nothing is blocked there, and nobody has a visit.
fn free_day(day: NaiveDate) -> Option<NaiveDate> {
    day.checked_add_months(Months::new(12 * 100))
}

/// An id that no record has.
fn fresh(day: NaiveDate) -> Option<RecordId> {
    RecordId::parse(format!("probe.{day}")).ok()
}

/// A try of booking under a permit, so long after a day that nothing stands against it but the permit and the person.
pub fn booking_probe(id: &RecordId, permit: &Permit, day: NaiveDate) -> Option<Command> {
    let inspection_type = permit.inspection_types.first()?.clone();
    let day = free_day(day)?;
    let booking = BookAppointment {
        appointment: fresh(day)?,
        permit: id.clone(),
        inspection_type,
        day,
        from_minute: 10 * 60,
        assignee: None,
        priority: Priority::Normal,
        special_notes: String::new(),
    };
    Some(booking.into())
}

/// A try of blocking a calendar's day. Nothing that is there stands against a block.
pub fn blocking_probe(calendar: &CalendarId, day: NaiveDate) -> Option<Command> {
    let block = BlockTime {
        block: fresh(day)?,
        calendar: calendar.clone(),
        person: None,
        from_day: day,
        until_day: day,
        from_minute: None,
        to_minute: None,
        because: "…".to_owned(),
    };
    Some(block.into())
}

/// A try of changing a calendar's rules to what they are.
pub fn rules_probe(id: &CalendarId, calendar: &Calendar) -> Command {
    let rules = calendar.rules();
    ChangeCalendarRules {
        calendar: id.clone(),
        saw: rules,
        rules,
    }
    .into()
}

/// A try of taking a block back.
pub fn unblocking_probe(block: &RecordId) -> Command {
    UnblockTime { block: block.clone() }.into()
}
