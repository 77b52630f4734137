//! The types of the screen, written for TypeScript: `cargo xtask bindings`.

use crate::{bridge, photos, problem, status, updates};
use domain::inspections as i;
use std::path::PathBuf;
use ts_rs::{Config, TS};

fn add<T: TS>(text: &mut String, config: &Config) {
    text.push_str("export ");
    text.push_str(&T::decl(config).replace("JsonValue", "any"));
    text.push_str("\n\n");
}

/// A record of which views may hide any field but these.
fn add_shown<T: TS>(text: &mut String, config: &Config, always: &str) {
    let (name, body) = (T::name(config), T::inline(config));
    text.push_str(&format!("type Whole{name} = {body};\n"));
    text.push_str(&format!(
        "export type {name} = Partial<Whole{name}> & Pick<Whole{name}, {always}>;\n\n"
    ));
}

macro_rules! each {
    ($add:ident, $text:expr, $config:expr, $($type:ty),* $(,)?) => { $($add::<$type>($text, $config);)* };
}

#[test]
fn export_bindings() -> std::io::Result<()> {
    let config = &Config::default().with_large_int("number");
    let text =
        &mut String::from("// Generated from Rust by `cargo xtask bindings`; changes here are lost.\n\n");
    text.push_str("/** Milliseconds since 1970-01-01 UTC. */\nexport type Millis = number;\n\n");
    each!(
        add,
        text,
        config,
        policy::RecordId,
        policy::PersonId,
        policy::CalendarId,
        policy::DepartmentId,
        policy::TeamId,
        policy::GrantId,
        policy::RoleName,
        policy::Scope,
        policy::Code,
        policy::Denial,
        domain::Contest,
        problem::Problem,
        status::PhaseName,
        status::Account,
        status::Progress,
        device::ReceiptShown,
        status::Status,
        i::News,
        device::Row,
        device::Affordance,
        device::Sheet,
        device::Submitted,
        device::SendState,
        device::Waiting,
        device::Returned,
        device::PhotoState,
        device::WaitingPhoto,
        device::PhotoQueue,
        device::EmergencyAccess,
        device::AccessLine,
        device::AccessPlace,
        device::AccessRole,
        device::Access,
        device::HeldView,
        device::HeldKind,
        device::Holdings,
        photos::PhotoShown,
        updates::About,
        bridge::Basemap,
    );
    text.push_str(&format!(
        "/** How long a calendar stays open that was opened in an emergency. */\nexport const EMERGENCY_HOURS = {};\n\n",
        policy::inspections::EMERGENCY_HOURS
    ));
    text.push_str(&format!(
        "/** Applicants may be held to what they booked so many hours before, and no longer. */\nexport const HOURS_MAX = {};\n\n",
        i::HOURS_MAX
    ));
    each!(
        add,
        text,
        config,
        i::Status,
        i::Priority,
        i::Overall,
        i::CheckAnswer,
        i::RequestReason,
        i::Finding,
        i::Answered,
        i::Outcome,
        i::Note,
        i::Photo,
        i::ReassignmentRequest,
        i::CalledOff,
        i::Lock,
        i::Change,
        i::Event,
        i::Source,
        i::ChecklistItem,
        i::Team,
        i::PermitStatus,
        i::InspectionType,
        i::Calendar,
        i::CalendarRules,
        i::Block,
        i::Slot,
        i::Correction,
        i::Taker,
        i::NoTaker,
        i::Takers,
        domain::people::AbsenceReason,
        domain::Away,
        domain::Gap,
        domain::people::Absence,
        domain::people::AccessFinding,
        domain::people::Review,
        domain::people::Emergency,
    );
    add_shown::<i::Appointment>(text, config, r#""status" | "priority""#);
    add_shown::<i::Permit>(text, config, r#""number" | "permit_type" | "status" | "address""#);
    add_shown::<domain::people::Person>(text, config, r#""name""#);
    each!(add, text, config, domain::people::GrantBody);
    each!(
        add,
        text,
        config,
        i::BookAppointment,
        i::ConfirmAppointment,
        i::Reschedule,
        i::CancelAppointment,
        i::StartInspection,
        i::RecordChecklistItem,
        i::RecordResult,
        i::MarkNoShow,
        i::MarkAccessRefused,
        i::CorrectResult,
        i::BookReinspection,
        i::AddNote,
        i::AddPhoto,
        i::RequestReassignment,
        i::Reassign,
        i::DeclineRequest,
        i::LockAppointment,
        i::UnlockAppointment,
        i::BlockTime,
        i::UnblockTime,
        i::ChangeCalendarRules,
        domain::people::MarkUnavailable,
        domain::people::MarkAvailable,
        domain::people::GrantRole,
        domain::people::WithdrawGrant,
        domain::emergency::BreakGlass,
        domain::emergency::EndAccess,
        domain::emergency::ReviewAccess,
        domain::returned::AdoptReturnedWork,
        domain::returned::DiscardReturnedWork,
        domain::returned::Decision,
        domain::returned::ReturnedWork,
        domain::Command,
    );
    let folder = std::env::var_os("TS_RS_EXPORT_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("index.ts"), text.trim_end().to_owned() + "\n")
}
