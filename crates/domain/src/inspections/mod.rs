//! Inspections: what can happen to a visit, one file per command, named after the verb.

mod add_note;
mod add_photo;
mod appointment;
mod book_appointment;
mod calendar;
mod checklist;
mod permit;
mod probes;
mod reassign;
mod record_checklist_item;
mod record_result;
mod request_reassignment;
mod start_inspection;

pub use add_note::AddNote;
pub use add_photo::{AddPhoto, PHOTO_BYTES_MAX, PHOTO_MEDIA_TYPES};
pub use appointment::{
    Answered, Appointment, Event, Note, Outcome, Overall, Photo, Priority, ReassignmentRequest,
    RequestReason, Source, Status,
};
pub use book_appointment::BookAppointment;
pub use calendar::{Calendar, Team};
pub use checklist::{CheckAnswer, ChecklistItem, Finding, InspectionType};
pub use permit::{Permit, PermitStatus};
pub use probes::{booking_probe, probes};
pub use reassign::Reassign;
pub use record_checklist_item::RecordChecklistItem;
pub use record_result::RecordResult;
pub use request_reassignment::RequestReassignment;
pub use start_inspection::StartInspection;
