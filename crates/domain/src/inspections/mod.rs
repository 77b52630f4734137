//! Inspections: what can happen to a visit, one file per command, named after the verb.

mod add_note;
mod add_photo;
mod appointment;
mod block;
mod block_time;
mod book_appointment;
mod book_reinspection;
mod calendar;
mod cancel_appointment;
mod change_calendar_rules;
mod checklist;
mod confirm_appointment;
mod correct_result;
mod decline_request;
mod eligible;
mod guards;
mod lock_appointment;
mod mark_access_refused;
mod mark_no_show;
mod news;
mod permit;
mod probes;
mod reassign;
mod record_checklist_item;
mod record_result;
mod request_reassignment;
mod reschedule;
mod slot;
mod start_inspection;
mod takers;
mod unblock_time;
mod unlock_appointment;

pub use add_note::AddNote;
pub use add_photo::{AddPhoto, PHOTO_BYTES_MAX, PHOTO_MEDIA_TYPES};
pub use appointment::{
    Answered, Appointment, CalledOff, Change, Event, Lock, Note, Outcome, Overall, Photo, Priority,
    ReassignmentRequest, RequestReason, Source, Status,
};
pub use block::{BLOCK_DAYS_MAX, Block};
pub use block_time::BlockTime;
pub use book_appointment::BookAppointment;
pub use book_reinspection::BookReinspection;
pub use calendar::{Calendar, Team};
pub use cancel_appointment::CancelAppointment;
pub use change_calendar_rules::{CalendarRules, ChangeCalendarRules, HOURS_MAX};
pub use checklist::{CheckAnswer, ChecklistItem, Finding, InspectionType};
pub use confirm_appointment::ConfirmAppointment;
pub use correct_result::{CorrectResult, Correction};
pub use decline_request::DeclineRequest;
pub use lock_appointment::LockAppointment;
pub use mark_access_refused::MarkAccessRefused;
pub use mark_no_show::MarkNoShow;
pub use news::{News, differences, news};
pub use permit::{Permit, PermitStatus};
pub use probes::{blocking_probe, booking_probe, probes, rules_probe, unblocking_probe};
pub use reassign::Reassign;
pub use record_checklist_item::RecordChecklistItem;
pub use record_result::RecordResult;
pub use request_reassignment::RequestReassignment;
pub use reschedule::Reschedule;
pub use slot::Slot;
pub use start_inspection::StartInspection;
pub use takers::{NoTaker, Taker, Takers, takers, takers_missing};
pub use unblock_time::UnblockTime;
pub use unlock_appointment::UnlockAppointment;
