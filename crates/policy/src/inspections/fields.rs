//! The fields each mask shows of a visit, a permit, a calendar, an inspection type, a blocked time and returned work.

use crate::Kind;
use crate::views::{Mask, Shown};

/// The fields each mask shows. Listed = shown, unlisted = hidden; a new field is hidden until somebody decides.
#[rustfmt::skip]
pub(crate) fn fields(kind: Kind, mask: Mask) -> Shown {
    Shown::Only(match (kind, mask) {
        (Kind::Appointment, Mask::Limited) => &[
            "permit", "permit_number", "permit_type", "inspection_type", "inspection_type_name", "calendar",
            "team", "assignee", "assignee_name", "applicant", "contact_name", "contact_phone",
            "establishment", "address", "latitude", "longitude", "day", "from_minute", "to_minute",
            "priority", "special_notes", "status", "started_at", "completed_at", "findings", "answered",
            "result", "notes", "photos", "request", "history", "source", "called_off", "lock", "reinspects",
            "reinspection", "found_before",
        ],
        (Kind::Appointment, Mask::Onsite) => &[
            "permit", "permit_number", "permit_type", "inspection_type", "inspection_type_name", "calendar",
            "team", "assignee", "assignee_name", "contact_name", "contact_phone", "establishment", "address",
            "latitude", "longitude", "day", "from_minute", "to_minute", "priority", "special_notes",
            "status", "started_at", "completed_at", "findings", "answered", "result", "notes", "photos",
            "request", "history", "source", "called_off", "lock", "reinspects", "reinspection",
            "found_before",
        ],
        (Kind::Appointment, Mask::Own) => &[
            "permit", "permit_number", "permit_type", "inspection_type", "inspection_type_name", "calendar",
            "assignee_name", "applicant", "contact_name", "contact_phone", "contact_email", "establishment",
            "address", "latitude", "longitude", "day", "from_minute", "to_minute", "status", "started_at",
            "completed_at", "result", "called_off", "reinspects", "reinspection",
        ],
        (Kind::Permit, Mask::Limited) => &[
            "number", "permit_type", "description", "status", "applicant", "contact_name", "contact_phone",
            "establishment", "address", "latitude", "longitude", "calendar", "inspection_types", "source",
        ],
        (Kind::Permit, Mask::Onsite) => &[
            "number", "permit_type", "description", "status", "contact_name", "contact_phone",
            "establishment", "address", "latitude", "longitude", "calendar", "inspection_types", "source",
        ],
        (Kind::Permit, Mask::Own) => &[
            "number", "permit_type", "description", "status", "fee_paid", "applicant", "contact_name",
            "contact_phone", "contact_email", "establishment", "address", "latitude", "longitude",
            "calendar", "inspection_types",
        ],
        (Kind::Calendar, Mask::Public) => &[
            "name", "department", "department_name", "public", "requirements", "reschedule_hours",
            "cancel_hours",
        ],
        (Kind::Calendar, Mask::Staff) => &[
            "name", "department", "department_name", "public", "active", "requirements", "cutoff_minute",
            "reschedule_hours", "cancel_hours", "photo_location",
        ],
        (Kind::Calendar, Mask::Limited) => &[
            "name", "department", "department_name", "public", "active", "requirements", "cutoff_minute",
            "reschedule_hours", "cancel_hours", "photo_location", "capacity_per_day", "blocked_days", "teams",
        ],
        (Kind::InspectionType, Mask::Public) => &["name", "calendar", "duration_minutes", "requirements"],
        (Kind::InspectionType, Mask::Staff) => &[
            "name", "calendar", "duration_minutes", "requirements", "checklist",
        ],
        (Kind::Block, Mask::Public) => &[
            "calendar", "from_day", "until_day", "from_minute", "to_minute", "lifted",
        ],
        (Kind::Block, Mask::Staff) => &[
            "calendar", "from_day", "until_day", "from_minute", "to_minute", "lifted", "because", "history",
        ],
        (Kind::Block, Mask::Limited | Mask::Onsite) => &[
            "calendar", "person", "person_name", "from_day", "until_day", "from_minute", "to_minute",
            "lifted", "because", "history",
        ],
        (Kind::ReturnedWork, Mask::Limited | Mask::Onsite) => &[
            "calendar", "team", "target", "target_title", "author", "author_name", "command", "denial",
            "contest", "claimed_at", "received_at", "decision",
        ],
        _ => &[],
    })
}
