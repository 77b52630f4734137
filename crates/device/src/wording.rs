//! Commands and views in words.

use domain::inspections::CheckAnswer;
use domain::{Command, Effect, Found};
use policy::Rights;
use policy::views::{Dimension, Mask, View};

/// What a command is about, as the person read it: `B-2026-0143 · Bulevar Artigas 34`.
pub(crate) fn target_title(command: &Command, effect: &Effect, found: &Found) -> String {
    let targets = crate::overlay::targets(command);
    let put = effect.puts.iter().find(|record| targets.contains(&record.id));
    let body = put.map(|record| &record.body);
    let held = || {
        let found = targets.first().and_then(|id| found.record(id));
        found.map(|record| &record.body)
    };
    body.or_else(held).map(domain::title).unwrap_or_default()
}

/// A command as one line of the queue.
pub(crate) fn summary(command: &Command) -> String {
    match command {
        Command::BookAppointment(input) => format!("Book an inspection on {}", input.day),
        Command::ConfirmAppointment(_) => "Confirm the visit".to_owned(),
        Command::Reschedule(input) => format!("Reschedule to {}", input.day),
        Command::CancelAppointment(_) => "Cancel the visit".to_owned(),
        Command::StartInspection(_) => "Start the inspection".to_owned(),
        Command::RecordChecklistItem(input) => {
            let answer = match input.finding.answer {
                Some(CheckAnswer::Pass) => "pass",
                Some(CheckAnswer::Fail) => "fail",
                Some(CheckAnswer::NotApplicable) => "not applicable",
                None => "no answer",
            };
            format!("Checklist, {}: {answer}", input.item.replace('-', " "))
        }
        Command::RecordResult(input) => format!("Record the result: {}", input.overall.words()),
        Command::MarkNoShow(_) => "Nobody was there".to_owned(),
        Command::MarkAccessRefused(_) => "No way in, a new date is needed".to_owned(),
        Command::CorrectResult(input) => {
            format!("Correct the result: {}", input.correction.overall.words())
        }
        Command::BookReinspection(input) => format!("Book a re-inspection on {}", input.day),
        Command::AddNote(input) => format!("Add a note: {}", shortened(&input.text)),
        Command::AddPhoto(input) if input.caption.is_empty() => "Add a photo".to_owned(),
        Command::AddPhoto(input) => format!("Add a photo: {}", shortened(&input.caption)),
        Command::RequestReassignment(_) => "Ask for a reassignment".to_owned(),
        Command::Reassign(_) => "Reassign the inspection".to_owned(),
        Command::DeclineRequest(_) => "Decline the request for a reassignment".to_owned(),
        Command::LockAppointment(_) => "Lock the inspection".to_owned(),
        Command::UnlockAppointment(_) => "Unlock the inspection".to_owned(),
        Command::BlockTime(input) => format!("Block time from {} to {}", input.from_day, input.until_day),
        Command::UnblockTime(_) => "Take a block back".to_owned(),
        Command::ChangeCalendarRules(_) => "Change the calendar's rules".to_owned(),
        Command::MarkUnavailable(input) => {
            format!(
                "Mark as unavailable from {} to {}",
                input.from_day, input.until_day
            )
        }
        Command::MarkAvailable(_) => "Mark as available again".to_owned(),
        Command::GrantRole(input) => format!("Give the role {}", input.role),
        Command::WithdrawGrant(_) => "Withdraw a grant".to_owned(),
        Command::BreakGlass(input) => format!("Open in an emergency: {}", shortened(&input.because)),
        Command::EndAccess(_) => "End the emergency access".to_owned(),
        Command::ReviewAccess(input) => format!("Review of an emergency access: {}", input.finding.words()),
        Command::AdoptReturnedWork(_) => "Adopt returned work".to_owned(),
        Command::DiscardReturnedWork(_) => "Discard returned work".to_owned(),
    }
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// A view as a person reads it.
pub(crate) fn view_title(view: &View, rights: &Rights) -> String {
    let places = &rights.places;
    match &view.dimension {
        Dimension::All => "Everything in the organization".to_owned(),
        Dimension::Offer(calendar) => format!("What {} offers", places.calendar_title(calendar)),
        Dimension::Calendar(calendar) if view.mask == Mask::Onsite => {
            format!(
                "Inspections of {}, opened in an emergency",
                places.calendar_title(calendar)
            )
        }
        Dimension::Calendar(calendar) => format!("All inspections of {}", places.calendar_title(calendar)),
        Dimension::Team(team) => {
            let name = places
                .teams
                .get(team)
                .map_or(team.as_str(), |team| team.name.as_str());
            format!("Inspections of team {name}")
        }
        Dimension::Assigned(_, calendar) => {
            format!(
                "Inspections assigned to you in {}",
                places.calendar_title(calendar)
            )
        }
        Dimension::Applicant(_) => "What you are the applicant of".to_owned(),
        Dimension::Person(_) => "Your own profile and roles".to_owned(),
        Dimension::Roster(calendar) => format!("Inspectors of {}", places.calendar_title(calendar)),
    }
}
