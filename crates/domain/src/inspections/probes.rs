//! Commands to try out on a visit or a permit, to learn what may be done with it now and why not. Nothing is written.

use super::{
    AddNote, AddPhoto, Appointment, BookAppointment, InspectionType, Overall, Permit, Priority, Reassign,
    RecordChecklistItem, RecordResult, RequestReason, RequestReassignment, StartInspection,
};
use crate::Command;
use chrono::NaiveDate;
use policy::{PersonId, RecordId};

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
    probes
}

/// A try of booking under a permit, for a day on which nothing stands against it but the permit and the person.
pub fn booking_probe(id: &RecordId, permit: &Permit, day: NaiveDate) -> Option<Command> {
    let inspection_type = permit.inspection_types.first()?.clone();
    let booking = BookAppointment {
        appointment: RecordId::parse(format!("probe.{day}")).ok()?,
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
