//! The presets that ship: what each role of the calendar system may do and see, and which roles it may give.

use super::Action::*;
use crate::views::Mask;
use crate::{Permission, Reach, Role, RoleName, people};

/// The presets of the calendar system: citizen, inspector, manager, administrator, and what an emergency
/// opens. What a guest may see everybody may.
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
    let absence = Permission {
        action: crate::Action::People(people::Action::MarkAbsence),
        reach: Reach::Scope,
        mask: None,
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
    let break_glass = does(BreakGlass, Reach::Elsewhere);
    let supervise = [
        Book,
        Reschedule,
        Cancel,
        UpdateStatus,
        AddNote,
        AddPhoto,
        Reassign,
        BulkChange,
        OverrideRules,
        BlockTime,
        ViewConfiguration,
        ReviewAccess,
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
        &[
            staff,
            assigned,
            does(RequestReassignment, Reach::Assigned),
            break_glass,
        ],
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
            absence,
            break_glass,
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
            absence,
            grants,
            break_glass,
        ],
        &supervise.map(|action| does(action, Reach::Scope)),
        &administer.map(|action| does(action, Reach::Scope)),
    ]
    .concat();

    let emergency = vec![staff, see(ViewAppointments, Reach::Scope, Mask::Onsite)];

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
        // Nobody gives it: whoever needs it takes it, for a few hours, and is asked why afterwards.
        role("emergency", "Emergency access", emergency, &[]),
    ]
}
