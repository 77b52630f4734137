use serde::{Deserialize, Serialize};

/// What a record is. The name is the same in SQL, JSON, TypeScript and on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Kind {
    /// A visit to inspect something under a permit.
    Appointment,
    /// A permit or licence under which inspections are made.
    Permit,
    /// An inspection calendar.
    Calendar,
    /// A kind of inspection offered by a calendar, with its checklist.
    InspectionType,
    /// A time in which nothing is booked.
    Block,
    /// The profile of a person with an account.
    Person,
    /// A role given to a person in a scope.
    Grant,
    /// Work the office did not take, for those who supervise where it belongs.
    ReturnedWork,
}

impl Kind {
    /// Every kind, for tests and exports.
    pub const ALL: [Kind; 8] = [
        Kind::Appointment,
        Kind::Permit,
        Kind::Calendar,
        Kind::InspectionType,
        Kind::Block,
        Kind::Person,
        Kind::Grant,
        Kind::ReturnedWork,
    ];

    /// The name used in SQL and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Appointment => "appointment",
            Kind::Permit => "permit",
            Kind::Calendar => "calendar",
            Kind::InspectionType => "inspection_type",
            Kind::Block => "block",
            Kind::Person => "person",
            Kind::Grant => "grant",
            Kind::ReturnedWork => "returned_work",
        }
    }

    /// The kind of that name, if there is one.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
