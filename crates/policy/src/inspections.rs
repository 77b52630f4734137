//! The inspection vertical: who may do and see what (seed document 002; C-MX-01 to C-MX-15).

use crate::views::{Dimension, Mask, Shown, View};
use crate::{
    Actor, CalendarId, Code, Denial, Held, Kind, Permission, PersonId, Reach, Role, RoleName, Scope, TeamId,
    Verdict, people,
};
use serde::{Deserialize, Serialize};

/// What can be done or seen in inspections. The name is the same on the wire, in the matrix, on the button and in tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
    ViewConfiguration,
    EditCalendar,
    ManageInspectionTypes,
    ConfigurePermissions,
}

use Action::*;

impl Action {
    /// Every action, in the order people read them.
    pub const ALL: [Action; 16] = [
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
        ViewConfiguration,
        EditCalendar,
        ManageInspectionTypes,
        ConfigurePermissions,
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
            ViewConfiguration => "see a calendar's configuration",
            EditCalendar => "change a calendar's settings",
            ManageInspectionTypes => "manage inspection types",
            ConfigurePermissions => "change permissions",
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
            ViewConfiguration => "C-MX-12",
            EditCalendar => "C-MX-13",
            ManageInspectionTypes => "C-MX-14",
            ConfigurePermissions => "C-MX-15",
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
        Reach::Scope if in_scope => Ok(()),
        Reach::Scope | Reach::Public => Err(Miss::OutOfScope),
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

pub(crate) fn appointment_views(facts: &AppointmentFacts) -> Vec<View> {
    let mut views = vec![View::new(
        Dimension::Calendar(facts.calendar.clone()),
        Mask::Limited,
    )];
    if let Some(person) = &facts.assignee {
        let assigned = Dimension::Assigned(person.clone(), facts.calendar.clone());
        views.push(View::new(assigned, Mask::Onsite));
    }
    if let Some(team) = &facts.team {
        views.extend(team_views(team));
    }
    if let Some(person) = &facts.applicant {
        views.push(View::new(Dimension::Applicant(person.clone()), Mask::Own));
    }
    views
}

fn team_views(team: &TeamId) -> [View; 2] {
    [Mask::Onsite, Mask::Limited].map(|mask| View::new(Dimension::Team(team.clone()), mask))
}

/// What the links of one permit may cost in views: a person one, a team two.
pub const PERMIT_LINKS_MAX: usize = 5;

/// The views that links to these people and teams would cost.
pub fn links_cost(people: usize, teams: usize) -> usize {
    people + 2 * teams
}

pub(crate) fn permit_views(facts: &PermitFacts) -> Vec<View> {
    let mut views = vec![View::new(
        Dimension::Calendar(facts.calendar.clone()),
        Mask::Limited,
    )];
    if let Some(person) = &facts.applicant {
        views.push(View::new(Dimension::Applicant(person.clone()), Mask::Own));
    }
    for person in &facts.people {
        let assigned = Dimension::Assigned(person.clone(), facts.calendar.clone());
        views.push(View::new(assigned, Mask::Onsite));
    }
    views.extend(facts.teams.iter().flat_map(team_views));
    views
}

pub(crate) fn offer_views(kind: Kind, calendar: &CalendarId) -> Vec<View> {
    let offer = |mask| View::new(Dimension::Offer(calendar.clone()), mask);
    let mut views = vec![offer(Mask::Public), offer(Mask::Staff)];
    if kind == Kind::Calendar {
        views.push(View::new(Dimension::Calendar(calendar.clone()), Mask::Limited));
    }
    views
}

/// The fields each mask shows. Listed = shown, unlisted = hidden; a new field is hidden until somebody decides.
pub(crate) fn fields(kind: Kind, mask: Mask) -> Shown {
    Shown::Only(match (kind, mask) {
        (Kind::Appointment, Mask::Limited) => &[
            "permit",
            "permit_number",
            "permit_type",
            "inspection_type",
            "inspection_type_name",
            "calendar",
            "team",
            "assignee",
            "assignee_name",
            "applicant",
            "contact_name",
            "contact_phone",
            "establishment",
            "address",
            "latitude",
            "longitude",
            "day",
            "from_minute",
            "to_minute",
            "priority",
            "special_notes",
            "status",
            "started_at",
            "completed_at",
            "findings",
            "answered",
            "result",
            "notes",
            "photos",
            "request",
            "history",
            "source",
        ],
        (Kind::Appointment, Mask::Onsite) => &[
            "permit",
            "permit_number",
            "permit_type",
            "inspection_type",
            "inspection_type_name",
            "calendar",
            "team",
            "assignee",
            "assignee_name",
            "contact_name",
            "contact_phone",
            "establishment",
            "address",
            "latitude",
            "longitude",
            "day",
            "from_minute",
            "to_minute",
            "priority",
            "special_notes",
            "status",
            "started_at",
            "completed_at",
            "findings",
            "answered",
            "result",
            "notes",
            "photos",
            "request",
            "history",
            "source",
        ],
        (Kind::Appointment, Mask::Own) => &[
            "permit",
            "permit_number",
            "permit_type",
            "inspection_type",
            "inspection_type_name",
            "calendar",
            "assignee_name",
            "applicant",
            "contact_name",
            "contact_phone",
            "contact_email",
            "establishment",
            "address",
            "latitude",
            "longitude",
            "day",
            "from_minute",
            "to_minute",
            "status",
            "started_at",
            "completed_at",
            "result",
        ],
        (Kind::Permit, Mask::Limited) => &[
            "number",
            "permit_type",
            "description",
            "status",
            "applicant",
            "contact_name",
            "contact_phone",
            "establishment",
            "address",
            "latitude",
            "longitude",
            "calendar",
            "inspection_types",
            "source",
        ],
        (Kind::Permit, Mask::Onsite) => &[
            "number",
            "permit_type",
            "description",
            "status",
            "contact_name",
            "contact_phone",
            "establishment",
            "address",
            "latitude",
            "longitude",
            "calendar",
            "inspection_types",
            "source",
        ],
        (Kind::Permit, Mask::Own) => &[
            "number",
            "permit_type",
            "description",
            "status",
            "fee_paid",
            "applicant",
            "contact_name",
            "contact_phone",
            "contact_email",
            "establishment",
            "address",
            "latitude",
            "longitude",
            "calendar",
            "inspection_types",
        ],
        (Kind::Calendar, Mask::Public) => {
            &["name", "department", "department_name", "public", "requirements"]
        }
        (Kind::Calendar, Mask::Staff) => &[
            "name",
            "department",
            "department_name",
            "public",
            "active",
            "requirements",
            "cutoff_minute",
        ],
        (Kind::Calendar, Mask::Limited) => &[
            "name",
            "department",
            "department_name",
            "public",
            "active",
            "requirements",
            "cutoff_minute",
            "capacity_per_day",
            "blocked_days",
            "teams",
        ],
        (Kind::InspectionType, Mask::Public) => &["name", "calendar", "duration_minutes", "requirements"],
        (Kind::InspectionType, Mask::Staff) => &[
            "name",
            "calendar",
            "duration_minutes",
            "requirements",
            "checklist",
        ],
        _ => &[],
    })
}

/// The presets of the calendar system: citizen, inspector, manager, administrator. What a guest may see everybody may.
pub(crate) fn roles() -> Vec<Role> {
    let see = |action, reach, mask| Permission {
        action: crate::Action::Inspections(action),
        reach,
        mask: Some(mask),
    };
    let does = |action, reach| Permission {
        action: crate::Action::Inspections(action),
        reach,
        mask: None,
    };
    let roster = Permission {
        action: crate::Action::People(people::Action::ViewRoster),
        reach: Reach::Scope,
        mask: Some(Mask::Roster),
    };
    let grants = Permission {
        action: crate::Action::People(people::Action::ViewGrants),
        reach: Reach::Scope,
        mask: Some(Mask::Full),
    };
    let own = [see(ViewAppointments, Reach::Own, Mask::Own)];
    let act_as_applicant = [Book, Reschedule, Cancel].map(|action| does(action, Reach::Own));
    let staff = see(ViewAvailability, Reach::Scope, Mask::Staff);
    let assigned = see(ViewAppointments, Reach::Assigned, Mask::Onsite);
    let work = [UpdateStatus, AddNote, AddPhoto];
    let supervise = [
        Book,
        Reschedule,
        Cancel,
        UpdateStatus,
        AddNote,
        AddPhoto,
        Reassign,
        BulkChange,
        ViewConfiguration,
    ];
    let administer = [
        ViewApplicant,
        EditCalendar,
        ManageInspectionTypes,
        ConfigurePermissions,
    ];

    let citizen = [&own[..], &act_as_applicant].concat();
    let inspector = [
        &own[..],
        &[staff, assigned, does(RequestReassignment, Reach::Assigned)],
        &work.map(|action| does(action, Reach::Assigned)),
    ]
    .concat();
    let manager = [
        &own[..],
        &act_as_applicant,
        &[
            staff,
            assigned,
            see(ViewAppointments, Reach::Scope, Mask::Limited),
            roster,
        ],
        &[see(ViewApplicant, Reach::Scope, Mask::Limited)],
        &supervise.map(|action| does(action, Reach::Scope)),
    ]
    .concat();
    let administrator = [
        &own[..],
        &act_as_applicant,
        &[
            staff,
            assigned,
            see(ViewAppointments, Reach::Scope, Mask::Full),
            roster,
            grants,
        ],
        &supervise.map(|action| does(action, Reach::Scope)),
        &administer.map(|action| does(action, Reach::Scope)),
    ]
    .concat();

    let name = |name: &str| RoleName(format!("inspections.{name}"));
    let role = |key: &str, title: &str, permissions: Vec<Permission>, may_grant: &[&str]| Role {
        name: name(key),
        title: title.to_owned(),
        permissions,
        may_grant: may_grant.iter().map(|key| name(key)).collect(),
    };
    vec![
        role("citizen", "Citizen", citizen, &[]),
        role("inspector", "Inspector", inspector, &[]),
        role("manager", "Manager", manager, &[]),
        role(
            "administrator",
            "Administrator",
            administrator,
            &["citizen", "inspector", "manager", "administrator"],
        ),
    ]
}
