//! Access in an emergency: whoever serves in one calendar opens another one for themselves, at once, to look and not to
//! touch. It ends by itself, and those who supervise that calendar review it.

use crate::{Actor, CalendarId, Reach, RoleName, Scope};

/// The role that an emergency gives.
pub const EMERGENCY_ROLE: &str = "inspections.emergency";
/// How long an emergency access lasts, in hours by the office's clock.
pub const EMERGENCY_HOURS: u16 = 4;
/// At most this many of one person's accesses wait for a review; a further calendar is not opened before that.
pub const UNREVIEWED_MAX: usize = 3;
/// The shortest reason, in characters. Whoever reviews it must be able to tell what happened.
pub const BECAUSE_MIN: usize = 10;

/// The role that an emergency gives, by its name.
pub fn emergency_role() -> RoleName {
    RoleName(EMERGENCY_ROLE.to_owned())
}

/// Whether one of the actor's roles shows visits of a calendar, be it those of others or only their own.
pub(super) fn is_seen(actor: &Actor, calendar: &CalendarId) -> bool {
    let places = actor.places();
    actor
        .held_for(crate::Action::Inspections(super::Action::ViewAppointments))
        .filter(|held| matches!(held.permission.reach, Reach::Scope | Reach::Assigned))
        .any(|held| match &held.grant.scope {
            Scope::Team(team) => places
                .teams
                .get(team)
                .is_some_and(|team| team.calendar == *calendar),
            Scope::Organization if held.role.sees_everything() => true,
            scope => actor.covers(scope, calendar),
        })
}
