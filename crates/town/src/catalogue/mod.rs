//! What the town's offices inspect, and what they look at: one file per calendar, words only.

mod building;
mod electrical;
mod fire;
mod food;

/// The four calendars, in the order a screen lists them.
pub(crate) const CALENDARS: [&CalendarEntry; 4] = [
    &building::CALENDAR,
    &electrical::CALENDAR,
    &fire::CALENDAR,
    &food::CALENDAR,
];

/// A calendar, what is booked in it and the permits that lead there.
pub(crate) struct CalendarEntry {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) department: &'static str,
    pub(crate) public: bool,
    /// The letter permit numbers begin with.
    pub(crate) letter: char,
    /// Permits in an ordinary town.
    pub(crate) permit_count: usize,
    pub(crate) types: &'static [TypeEntry],
    pub(crate) kinds: &'static [PermitKind],
}

impl CalendarEntry {
    pub(crate) fn type_named(&self, id: &str) -> Option<&'static TypeEntry> {
        self.types.iter().find(|entry| entry.id == id)
    }
}

/// An inspection type.
pub(crate) struct TypeEntry {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) minutes: u32,
    /// What the applicant must have ready.
    pub(crate) requirements: &'static [&'static str],
    pub(crate) checks: &'static [Check],
    /// What is booked next when it fails; the same again when there is nothing special.
    pub(crate) after_failure: Option<&'static str>,
}

/// One line of a checklist, with what is written down when it fails.
pub(crate) struct Check {
    pub(crate) key: &'static str,
    pub(crate) text: &'static str,
    pub(crate) finding: &'static str,
    pub(crate) required: bool,
    pub(crate) measure: Option<Measure>,
}

/// A value that is read off an instrument, with believable readings.
pub(crate) struct Measure {
    pub(crate) unit: &'static str,
    pub(crate) pass: (u32, u32),
    pub(crate) fail: (u32, u32),
}

/// A kind of permit: what it is for and the inspections it leads through.
pub(crate) struct PermitKind {
    pub(crate) name: &'static str,
    pub(crate) projects: &'static [Project],
    /// Inspections in the order they must pass.
    pub(crate) steps: &'static [&'static str],
    /// What is booked from time to time when all steps have passed.
    pub(crate) afterwards: &'static [&'static str],
}

/// What one permit is for.
pub(crate) struct Project {
    pub(crate) description: &'static str,
    /// The first word over the door, where the public comes in.
    pub(crate) trade: Option<&'static str>,
}

const fn site(description: &'static str) -> Project {
    Project {
        description,
        trade: None,
    }
}

const fn business(trade: &'static str, description: &'static str) -> Project {
    Project {
        description,
        trade: Some(trade),
    }
}

const fn look(key: &'static str, text: &'static str, finding: &'static str) -> Check {
    Check {
        key,
        text,
        finding,
        required: true,
        measure: None,
    }
}

const fn measure(key: &'static str, text: &'static str, finding: &'static str, measure: Measure) -> Check {
    Check {
        key,
        text,
        finding,
        required: true,
        measure: Some(measure),
    }
}

const fn within(unit: &'static str, pass: (u32, u32), fail: (u32, u32)) -> Measure {
    Measure { unit, pass, fail }
}

impl Check {
    const fn optional(self) -> Check {
        Check {
            key: self.key,
            text: self.text,
            finding: self.finding,
            required: false,
            measure: self.measure,
        }
    }
}
