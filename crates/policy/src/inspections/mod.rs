//! The inspection vertical: who may do and see what (seed document 002; C-MX-01 to C-MX-15).

mod emergency;
mod fields;
mod roles;
mod seen;

pub use emergency::{BECAUSE_MIN, EMERGENCY_HOURS, EMERGENCY_ROLE, UNREVIEWED_MAX, emergency_role};
pub(crate) use fields::fields;
pub(crate) use roles::roles;
pub use seen::{PERMIT_LINKS_MAX, links_cost};
pub(crate) use seen::{appointment_views, block_views, offer_views, permit_views, returned_work_views};

use crate::{Actor, CalendarId, Code, Denial, Held, PersonId, Reach, Scope, TeamId, Verdict};
use serde::{Deserialize, Serialize};

/// What can be done or seen in inspections. The name is the same on the wire, in the matrix, on the button and in tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    ViewAvailability,
    ViewAppointments,
    ViewApplicant,
    Book,
    Reschedule,
    Cancel,
    UpdateStatus,
    AddNote,
    AddPhoto,
    RequestReassignment,
    Reassign,
    BulkChange,
    OverrideRules,
    BlockTime,
    ViewConfiguration,
    EditCalendar,
    ManageInspectionTypes,
    ConfigurePermissions,
    BreakGlass,
    ReviewAccess,
}

use Action::*;

impl Action {
    /// Every action, in the order people read them.
    pub const ALL: [Action; 20] = [
        ViewAvailability,
        ViewAppointments,
        ViewApplicant,
        Book,
        Reschedule,
        Cancel,
        UpdateStatus,
        AddNote,
        AddPhoto,
        RequestReassignment,
        Reassign,
        BulkChange,
        OverrideRules,
        BlockTime,
        ViewConfiguration,
        EditCalendar,
        ManageInspectionTypes,
        ConfigurePermissions,
        BreakGlass,
        ReviewAccess,
    ];

    /// What it does, as the end of "you cannot …".
    pub fn verb(self) -> &'static str {
        match self {
            ViewAvailability => "see when inspections are available",
            ViewAppointments => "see inspections",
            ViewApplicant => "see applicants' details",
            Book => "book an inspection",
            Reschedule => "reschedule an inspection",
            Cancel => "cancel an inspection",
            UpdateStatus => "record an inspection's status and result",
            AddNote => "add a note",
            AddPhoto => "add a photo",
            RequestReassignment => "ask for a reassignment",
            Reassign => "reassign an inspection",
            BulkChange => "change many inspections at once",
            OverrideRules => "override the standard rules",
            BlockTime => "block times",
            ViewConfiguration => "see a calendar's configuration",
            EditCalendar => "change a calendar's settings",
            ManageInspectionTypes => "manage inspection types",
            ConfigurePermissions => "change permissions",
            BreakGlass => "open a calendar in an emergency",
            ReviewAccess => "review emergency access",
        }
    }

    /// The requirement the rule comes from.
    pub fn rule(self) -> &'static str {
        match self {
            ViewAvailability => "C-MX-01",
            ViewAppointments => "C-MX-04",
            ViewApplicant => "C-MX-05",
            Book => "C-MX-06",
            Reschedule => "C-MX-07",
            Cancel => "C-MX-08",
            UpdateStatus | AddNote | AddPhoto => "C-MX-09",
            RequestReassignment => "C-INS-08",
            Reassign => "C-MX-10",
            BulkChange => "C-MX-11",
            OverrideRules => "C-MGR-07",
            BlockTime => "C-MGR-08",
            ViewConfiguration => "C-MX-12",
            EditCalendar => "C-MX-13",
            ManageInspectionTypes => "C-MX-14",
            ConfigurePermissions => "C-MX-15",
            BreakGlass => "C-DEPT-08",
            ReviewAccess => "C-BP-06",
        }
    }
}

/// The facts of an appointment, or of the calendar where it would be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppointmentFacts {
    pub calendar: CalendarId,
    pub team: Option<TeamId>,
    pub assignee: Option<PersonId>,
    pub applicant: Option<PersonId>,
}

impl AppointmentFacts {
    /// The facts of a calendar as a whole.
    pub fn of_calendar(calendar: CalendarId) -> AppointmentFacts {
        AppointmentFacts {
            calendar,
            team: None,
            assignee: None,
            applicant: None,
        }
    }
}

/// The facts of a permit. `links` are those whose open visits are made under it (C-INS-09).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermitFacts {
    pub calendar: CalendarId,
    pub applicant: Option<PersonId>,
    pub people: Vec<PersonId>,
    pub teams: Vec<TeamId>,
}

/// The facts of a blocked time: of a calendar as a whole, or of one inspector in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockFacts {
    pub calendar: CalendarId,
    pub person: Option<PersonId>,
}

/// Whether the actor may do this to an appointment with these facts, or in that calendar.
pub fn may(actor: &Actor, action: Action, facts: &AppointmentFacts) -> Verdict {
    if action == ViewAvailability && is_public(actor, &facts.calendar) {
        return Ok(());
    }
    let mut nearest: Option<Miss> = None;
    for held in actor.held_for(crate::Action::Inspections(action)) {
        match reaches(actor, held, facts) {
            Ok(()) => return Ok(()),
            Err(miss) => nearest = nearest.max(Some(miss)),
        }
    }
    Err(denial(actor, action, facts, nearest))
}

/// How near a permission came: the nearest miss is the one worth explaining.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Miss {
    NotApplicant,
    OutOfScope,
    NotAssigned,
    SeenAlready,
}

fn is_public(actor: &Actor, calendar: &CalendarId) -> bool {
    actor
        .places()
        .calendars
        .get(calendar)
        .is_some_and(|place| place.public && place.active)
}

fn reaches(actor: &Actor, held: Held<'_>, facts: &AppointmentFacts) -> Result<(), Miss> {
    let scope = &held.grant.scope;
    let in_scope = match scope {
        Scope::Team(team) => facts.team.as_ref() == Some(team) || is_offer_of_team(actor, held, team, facts),
        // Whoever administers the organization acts in closed calendars too, so that somebody can open them again.
        Scope::Organization if held.role.sees_everything() => true,
        scope => actor.covers(scope, &facts.calendar),
    };
    match held.permission.reach {
        Reach::Public if is_public(actor, &facts.calendar) => Ok(()),
        Reach::Own if facts.applicant.as_ref() == Some(actor.person()) => Ok(()),
        Reach::Own => Err(Miss::NotApplicant),
        Reach::Elsewhere if emergency::is_seen(actor, &facts.calendar) => Err(Miss::SeenAlready),
        Reach::Elsewhere if is_public(actor, &facts.calendar) => Ok(()),
        Reach::Scope if in_scope => Ok(()),
        Reach::Scope | Reach::Public | Reach::Elsewhere => Err(Miss::OutOfScope),
        Reach::Assigned => {
            let team = matches!(scope, Scope::Team(_));
            let mine = team || facts.assignee.as_ref() == Some(actor.person());
            match (in_scope, mine) {
                (true, true) => Ok(()),
                (true, false) => Err(Miss::NotAssigned),
                (false, _) => Err(Miss::OutOfScope),
            }
        }
    }
}

/// A team works in a calendar, and so sees what that calendar offers while it is active.
fn is_offer_of_team(actor: &Actor, held: Held<'_>, team: &TeamId, facts: &AppointmentFacts) -> bool {
    let places = actor.places();
    held.permission.action == crate::Action::Inspections(ViewAvailability)
        && places.is_active(&facts.calendar)
        && places
            .teams
            .get(team)
            .is_some_and(|team| team.calendar == facts.calendar)
}

fn denial(actor: &Actor, action: Action, facts: &AppointmentFacts, nearest: Option<Miss>) -> Denial {
    let calendar = actor.places().calendar_title(&facts.calendar);
    let roles = actor.roles_title();
    let verb = action.verb();
    match nearest {
        None => actor.not_granted(action.rule(), verb),
        Some(Miss::NotApplicant) => {
            let sentence = format!("You can {verb} only where you are the applicant.");
            Denial::new(Code::NotApplicant, "C-CIT-11", sentence).who(format!("the staff of {calendar}"))
        }
        Some(Miss::OutOfScope) => {
            let sentence =
                format!("Your role ({roles}) does not reach {calendar}, so you cannot {verb} there.");
            Denial::new(Code::OutOfScope, "C-MGR-13", sentence).who(actor.who_can_grant())
        }
        Some(Miss::SeenAlready) => {
            let sentence = format!("You see inspections of {calendar} already, so there is nothing to open.");
            Denial::new(Code::WrongState, action.rule(), sentence)
                .fact(format!("Your roles: {roles}."))
                .who(actor.who_can_grant())
        }
        Some(Miss::NotAssigned) => {
            let fact = match facts.assignee {
                Some(_) => "It is assigned to somebody else.",
                None => "It is assigned to nobody.",
            };
            let sentence = format!("You can {verb} only for inspections assigned to you.");
            Denial::new(Code::NotAssigned, "C-INS-20", sentence)
                .fact(fact)
                .who(format!("a manager of {calendar}"))
        }
    }
}
