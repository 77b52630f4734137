//! Commands to try out on a visit, to learn what may be done with it now and why not. Nothing is written.

use super::{
    AddNote, AddPhoto, Appointment, InspectionType, Overall, Reassign, RecordChecklistItem, RecordResult,
    RequestReason, RequestReassignment, StartInspection,
};
use crate::Command;
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
