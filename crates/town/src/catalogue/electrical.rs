//! Electrical inspections: booked by licensed contractors, so the calendar is not public.

use super::{CalendarEntry, Check, PermitKind, TypeEntry, look, measure, site, within};

pub(super) const CALENDAR: CalendarEntry = CalendarEntry {
    id: "cal-electrical",
    name: "Electrical inspections",
    department: "dep-building",
    public: false,
    letter: 'E',
    permit_count: 60,
    types: TYPES,
    kinds: KINDS,
};

const TYPES: &[TypeEntry] = &[
    TypeEntry {
        id: "type-rough-electrical",
        name: "Rough electrical",
        minutes: 45,
        requirements: &[
            "Boxes and conduits in place, walls still open",
            "Single-line diagram signed by the contractor",
        ],
        checks: ROUGH,
        after_failure: None,
    },
    TypeEntry {
        id: "type-final-electrical",
        name: "Final electrical",
        minutes: 45,
        requirements: &[
            "Rough electrical passed",
            "Supply connected",
            "Contractor present with instruments",
        ],
        checks: FINAL,
        after_failure: None,
    },
    TypeEntry {
        id: "type-service-reconnection",
        name: "Service reconnection",
        minutes: 30,
        requirements: &["Utility's disconnection notice", "Meter room open"],
        checks: RECONNECTION,
        after_failure: None,
    },
];

const ROUGH: &[Check] = &[
    look(
        "diagram",
        "Circuits are run as on the single-line diagram",
        "Kitchen circuit shared with the bathroom",
    ),
    look(
        "conduit",
        "Conduits are fixed, continuous and not crushed",
        "Conduit broken in the slab",
    ),
    look(
        "fill",
        "No conduit is more than 40 percent full",
        "Six conductors forced into a 20 mm conduit",
    ),
    look(
        "colours",
        "Conductor colours follow the code, earth green-yellow throughout",
        "Earth run in black",
    ),
    measure(
        "section",
        "Smallest conductor of the cooker circuit",
        "Section too small for the breaker",
        within("mm²", (4, 6), (2, 2)),
    ),
    look(
        "boxes",
        "Boxes are flush, accessible and large enough for their joints",
        "Joint buried in the wall",
    ),
    measure(
        "electrode",
        "Resistance of the earth electrode",
        "Earth resistance too high",
        within("Ω", (2, 9), (14, 60)),
    ),
    look(
        "bathroom",
        "No box inside the bathroom's wet zones",
        "Box 40 cm from the shower",
    )
    .optional(),
];

const FINAL: &[Check] = &[
    measure(
        "voltage",
        "Voltage between phase and neutral at the board",
        "Voltage out of range",
        within("V", (222, 236), (196, 206)),
    ),
    measure(
        "insulation",
        "Lowest insulation resistance of any circuit",
        "Insulation fault on circuit 4",
        within("MΩ", (20, 200), (0, 0)),
    ),
    measure(
        "trip",
        "Trip time of the residual-current device",
        "Device too slow",
        within("ms", (18, 140), (320, 480)),
    ),
    look(
        "labels",
        "Every breaker is labelled",
        "Half the breakers without a label",
    ),
    look(
        "breakers",
        "Breaker ratings match the conductors",
        "32 A breaker on 2.5 mm²",
    ),
    look(
        "polarity",
        "Sockets wired the right way round, sample of ten",
        "Phase and neutral swapped in two sockets",
    ),
    look(
        "covers",
        "No live part can be touched with the covers on",
        "Board cover missing",
    ),
    look(
        "bonding",
        "Water and gas pipes are bonded to earth",
        "Gas pipe not bonded",
    ),
    look(
        "certificate",
        "Contractor's certificate left on site",
        "Certificate not on site",
    )
    .optional(),
];

const RECONNECTION: &[Check] = &[
    look(
        "cause",
        "The cause of the disconnection is repaired",
        "Burnt terminal still in place",
    ),
    look("seal", "Meter and seal are intact", "Seal broken"),
    look(
        "main",
        "Main switch can be locked off",
        "No lock on the main switch",
    ),
    measure(
        "electrode",
        "Resistance of the earth electrode",
        "Earth resistance too high",
        within("Ω", (2, 9), (14, 60)),
    ),
    measure(
        "voltage",
        "Voltage between phase and neutral at the meter",
        "Voltage out of range",
        within("V", (222, 236), (196, 206)),
    ),
    look(
        "access",
        "The meter room is clear of stored goods",
        "Bicycles and paint in the meter room",
    ),
];

const KINDS: &[PermitKind] = &[
    PermitKind {
        name: "New installation",
        projects: &[
            site("Complete installation of a house, 7.4 kW"),
            site("Installation of eight apartments and common areas"),
            site("New workshop, three-phase, 22 kW"),
        ],
        steps: &["type-rough-electrical", "type-final-electrical"],
        afterwards: &["type-service-reconnection", "type-final-electrical"],
    },
    PermitKind {
        name: "Rewiring",
        projects: &[
            site("Cloth-covered wiring of 1948 replaced"),
            site("New board and earth for an old apartment"),
            site("Common areas of an apartment building rewired"),
        ],
        steps: &["type-rough-electrical", "type-final-electrical"],
        afterwards: &["type-service-reconnection", "type-final-electrical"],
    },
    PermitKind {
        name: "Charging point",
        projects: &[
            site("Wall box 7.4 kW in a private garage"),
            site("Six charging points in a residential car park"),
            site("Charger 22 kW in a company yard"),
        ],
        steps: &["type-final-electrical"],
        afterwards: &["type-service-reconnection", "type-final-electrical"],
    },
    PermitKind {
        name: "Solar roof",
        projects: &[
            site("14 panels, 5.6 kW, with inverter"),
            site("Panels on a flat roof, 9.8 kW"),
            site("Balcony panels and meter change"),
        ],
        steps: &["type-rough-electrical", "type-final-electrical"],
        afterwards: &["type-service-reconnection", "type-final-electrical"],
    },
];
