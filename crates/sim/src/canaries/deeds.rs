//! What people try on their laptops, whether or not they may.

use super::town::Planted;
use crate::{BUILDING, FIRE, Rng, Town};
use anyhow::{Context as _, Result};
use chrono::Days;
use domain::Command;
use domain::emergency::{BreakGlass, EndAccess, ReviewAccess};
use domain::inspections::{
    AddNote, AddPhoto, BlockTime, BookAppointment, BookReinspection, CalendarRules, CancelAppointment,
    ChangeCalendarRules, CheckAnswer, ConfirmAppointment, CorrectResult, Correction, DeclineRequest, Finding,
    LockAppointment, MarkAccessRefused, MarkNoShow, Overall, Priority, Reassign, RecordChecklistItem,
    RecordResult, RequestReason, RequestReassignment, Reschedule, Slot, StartInspection, UnblockTime,
    UnlockAppointment,
};
use domain::people::{
    AbsenceReason, AccessFinding, GrantRole, MarkAvailable, MarkUnavailable, WithdrawGrant,
};
use policy::{GrantId, PersonId, RecordId, RoleName, Scope};
use std::collections::BTreeMap;

/// Something somebody might try. `number` is one no other attempt has, `text` what they type, `lines` the keys of checklists
/// that they know.
pub fn deed(
    rng: &mut Rng,
    town: &Planted,
    lines: &[&String],
    (number, text): (usize, String),
) -> Result<Command> {
    let appointment = RecordId::parse(format!("visit-{:02}", rng.below(12)))?;
    let fresh = |what: &str| RecordId::parse(format!("{what}-{number}"));
    let person = PersonId::parse(*rng.pick(&Town::everybody()).context("nobody")?)?;
    let colleague = PersonId::parse(["ana", "bruno", "carla"][rng.below(3)])?;
    let calendar = [BUILDING, FIRE][rng.below(2)];
    let line = rng
        .pick(lines)
        .map_or_else(|| text.clone(), |line| (*line).clone());
    let day = Town::today() + Days::new(1 + rng.below(3) as u64);
    let finding = Finding {
        answer: Some([CheckAnswer::Pass, CheckAnswer::Fail][rng.below(2)]),
        measurement: None,
        observation: text.clone(),
    };
    let overall = [Overall::Failed, Overall::Passed][rng.below(2)];
    Ok(match rng.below(36) {
        0 | 1 => StartInspection { appointment }.into(),
        2..5 => AddNote {
            appointment,
            note: fresh("note")?,
            text,
        }
        .into(),
        5..8 => RecordChecklistItem {
            appointment,
            item: line,
            saw: Finding::default(),
            finding,
        }
        .into(),
        8 => RecordResult {
            appointment,
            overall,
            summary: text,
        }
        .into(),
        9 | 10 => CorrectResult {
            appointment: RecordId::parse("visit-08")?,
            saw: Correction {
                overall: Overall::Failed,
                summary: String::new(),
                findings: BTreeMap::new(),
            },
            correction: Correction {
                overall,
                summary: text.clone(),
                findings: BTreeMap::from([(line, finding)]),
            },
            because: text,
        }
        .into(),
        11 | 12 => Reassign {
            appointment,
            to: colleague,
            saw: Some(person),
            overlap_accepted: rng.chance(50),
        }
        .into(),
        13 => RequestReassignment {
            appointment,
            reason: RequestReason::Conflict,
            text,
        }
        .into(),
        14 => DeclineRequest {
            appointment,
            because: text,
        }
        .into(),
        15 => LockAppointment {
            appointment,
            because: text,
        }
        .into(),
        16 => UnlockAppointment {
            appointment,
            because: text,
        }
        .into(),
        17 => MarkNoShow {
            appointment,
            because: text,
        }
        .into(),
        18 => MarkAccessRefused {
            appointment,
            because: text,
        }
        .into(),
        19 => CancelAppointment {
            appointment,
            because: text,
        }
        .into(),
        20 => Reschedule {
            appointment,
            day,
            from_minute: 13 * 60,
            saw: Slot::default(),
            because: text,
            overlap_accepted: rng.chance(50),
        }
        .into(),
        21 => ConfirmAppointment { appointment }.into(),
        22 | 23 => BookAppointment {
            appointment: fresh("booked")?,
            permit: RecordId::parse(format!("permit-{:02}", rng.below(12)))?,
            inspection_type: RecordId::parse(format!("type-{calendar}"))?,
            day,
            from_minute: (9 + rng.below(5) as u16) * 60,
            assignee: rng.chance(50).then_some(colleague),
            priority: Priority::Normal,
            special_notes: text,
        }
        .into(),
        24 => BookReinspection {
            appointment: fresh("again")?,
            reinspects: appointment,
            day,
            from_minute: 13 * 60,
            assignee: Some(colleague),
        }
        .into(),
        25 => BlockTime {
            block: fresh("block")?,
            calendar: calendar.to_owned().try_into()?,
            person: rng.chance(50).then_some(colleague),
            from_day: day,
            until_day: day,
            from_minute: None,
            to_minute: None,
            because: text,
        }
        .into(),
        26 => UnblockTime {
            block: RecordId::parse(format!("block-{}", rng.below(3)))?,
        }
        .into(),
        27 => ChangeCalendarRules {
            calendar: calendar.to_owned().try_into()?,
            saw: rules(24),
            rules: rules(12),
        }
        .into(),
        28 if rng.chance(50) => MarkUnavailable {
            person: colleague,
            absence: fresh("absence")?,
            from_day: day,
            until_day: day,
            reason: AbsenceReason::Other,
        }
        .into(),
        28 => MarkAvailable {
            absence: RecordId::parse(format!("absence-of-{colleague}"))?,
            person: colleague,
        }
        .into(),
        29 | 30 => AddPhoto {
            appointment,
            // Somebody else's, perhaps: to name a photo opens nothing.
            hash: rng.pick(&town.hashes()).context("no photos")?.clone(),
            media_type: "image/jpeg".to_owned(),
            bytes: 32,
            caption: text,
        }
        .into(),
        31 => EndAccess {
            grant: access(rng, number)?,
        }
        .into(),
        32 => ReviewAccess {
            grant: access(rng, number)?,
            finding: [AccessFinding::Justified, AccessFinding::NotJustified][rng.below(2)],
            because: text,
        }
        .into(),
        33 | 34 => BreakGlass {
            grant: GrantId::parse(format!("access-{number}"))?,
            calendar: calendar.to_owned().try_into()?,
            because: text,
        }
        .into(),
        35 if rng.chance(50) => GrantRole {
            grant: GrantId::parse(format!("grant-try-{number}"))?,
            person,
            role: RoleName("inspections.inspector".to_owned()),
            scope: Scope::Organization,
            from: None,
            until: None,
            because: text,
        }
        .into(),
        _ => WithdrawGrant {
            grant: GrantId::parse(format!("grant-{person}"))?,
            because: text,
        }
        .into(),
    })
}

/// One of the accesses that the town begins with, or one that somebody may have taken lately.
fn access(rng: &mut Rng, number: usize) -> Result<GrantId> {
    let number = match rng.below(4) {
        0 => rng.below(2),
        _ => number.saturating_sub(rng.below(60)),
    };
    Ok(GrantId::parse(format!("access-{number}"))?)
}

fn rules(hours: u16) -> CalendarRules {
    CalendarRules {
        cutoff_minute: 8 * 60,
        reschedule_hours: hours,
        cancel_hours: hours,
        photo_location: false,
    }
}
