//! The rules a second time, as short as they can be said, from section C of the requirements and from nothing else.
//!
//! It answers yes or no and explains nothing. Where it and the policy differ, one of the two has misread a line.

use Action::*;
use policy::inspections::{Action, AppointmentFacts};
use policy::{Grant, Millis, Places, Rights, Scope};

/// Whether these rights allow the action at that time, by the tables C-MX and C-DEPT.
pub fn allows(rights: &Rights, now: Millis, action: Action, facts: &AppointmentFacts) -> bool {
    let own = facts.applicant.as_ref() == Some(&rights.person);
    let mine = facts.assignee.as_ref() == Some(&rights.person);
    let in_force = |grant: &&Grant| {
        let begun = grant.from.unwrap_or(Millis::MIN) <= now;
        begun && grant.until.unwrap_or(Millis::MAX) > now
    };
    let by_grant = |grant: &Grant| {
        let within = within(&rights.places, grant, action, facts);
        let given_to_team = matches!(grant.scope, Scope::Team(_));
        let assigned = within && (mine || given_to_team);
        match grant.role.0.as_str() {
            "inspections.emergency" => within && matches!(action, ViewAppointments | ViewAvailability),
            "inspections.inspector" | "inspections.manager" | "inspections.administrator"
                if action == BreakGlass =>
            {
                is_active(&rights.places, facts)
                    && is_public(&rights.places, facts)
                    && !rights
                        .grants
                        .iter()
                        .filter(in_force)
                        .any(|held| serves(&rights.places, held, facts))
            }
            "inspections.citizen" => own && as_applicant(action),
            "inspections.inspector" => match action {
                ViewAppointments => own || assigned,
                ViewAvailability => within,
                UpdateStatus | AddNote | AddPhoto | RequestReassignment => assigned,
                _ => false,
            },
            "inspections.manager" => (own && as_applicant(action)) || (within && supervises(action)),
            "inspections.administrator" => (own && as_applicant(action)) || (within && administers(action)),
            _ => false,
        }
    };
    let offered = is_active(&rights.places, facts) && is_public(&rights.places, facts);
    (action == ViewAvailability && offered) || rights.grants.iter().filter(in_force).any(by_grant)
}

/// C-CIT-01 to C-CIT-04: in any department (C-CIT-16).
fn as_applicant(action: Action) -> bool {
    matches!(action, ViewAppointments | Book | Reschedule | Cancel)
}

/// The column of the manager; asking to be relieved is for inspectors (C-INS-08).
fn supervises(action: Action) -> bool {
    let not = [
        RequestReassignment,
        EditCalendar,
        ManageInspectionTypes,
        ConfigurePermissions,
        BreakGlass,
    ];
    !not.contains(&action)
}

/// C-ADM-01 and the column of the administrator.
fn administers(action: Action) -> bool {
    action != RequestReassignment && action != BreakGlass
}

/// Whether somebody with this grant works in the calendar or looks at it already; then there is nothing to open.
fn serves(places: &Places, grant: &Grant, facts: &AppointmentFacts) -> bool {
    let roles = ["inspector", "manager", "administrator", "emergency"];
    let shows = roles
        .iter()
        .any(|role| grant.role.0 == format!("inspections.{role}"));
    let there = match &grant.scope {
        Scope::Team(team) => places
            .teams
            .get(team)
            .is_some_and(|team| team.calendar == facts.calendar),
        _ => within(places, grant, ViewAppointments, facts),
    };
    shows && there
}

/// C-DEPT-04 to C-DEPT-06. A calendar that is not active gives nothing (C-INS-21), save to those who see all departments.
fn within(places: &Places, grant: &Grant, action: Action, facts: &AppointmentFacts) -> bool {
    let sees_all = grant.role.0 == "inspections.administrator";
    match &grant.scope {
        Scope::Organization => sees_all || is_active(places, facts),
        Scope::Department(department) => {
            let place = places.calendars.get(&facts.calendar);
            place.is_some_and(|place| place.active && place.department == *department)
        }
        Scope::Calendar(calendar) => is_active(places, facts) && *calendar == facts.calendar,
        Scope::Team(team) if action == ViewAvailability && facts.team.as_ref() != Some(team) => {
            let works_in = |id| {
                places
                    .teams
                    .get(id)
                    .is_some_and(|team| team.calendar == facts.calendar)
            };
            is_active(places, facts) && works_in(team)
        }
        Scope::Team(team) => facts.team.as_ref() == Some(team),
    }
}

fn is_active(places: &Places, facts: &AppointmentFacts) -> bool {
    places
        .calendars
        .get(&facts.calendar)
        .is_some_and(|place| place.active)
}

fn is_public(places: &Places, facts: &AppointmentFacts) -> bool {
    places
        .calendars
        .get(&facts.calendar)
        .is_some_and(|place| place.public)
}
