//! Fire safety.

use super::{CalendarEntry, Check, PermitKind, TypeEntry, business, look, measure, within};

pub(super) const CALENDAR: CalendarEntry = CalendarEntry {
    id: "cal-fire",
    name: "Fire safety",
    department: "dep-fire",
    public: true,
    letter: 'F',
    permit_count: 65,
    types: TYPES,
    kinds: KINDS,
};

const TYPES: &[TypeEntry] = &[
    TypeEntry {
        id: "type-fire-alarm",
        name: "Fire alarm",
        minutes: 60,
        requirements: &[
            "Alarm company's commissioning report",
            "Monitoring centre told of the test",
        ],
        checks: ALARM,
        after_failure: None,
    },
    TypeEntry {
        id: "type-sprinkler",
        name: "Sprinkler",
        minutes: 60,
        requirements: &[
            "Hydraulic calculation",
            "Pump room open",
            "Ceilings still open above the heads",
        ],
        checks: SPRINKLER,
        after_failure: None,
    },
    TypeEntry {
        id: "type-annual-fire",
        name: "Annual fire safety",
        minutes: 45,
        requirements: &[
            "Last year's certificate",
            "Extinguisher service records",
            "Someone who can open every room",
        ],
        checks: ANNUAL,
        after_failure: Some("type-fire-follow-up"),
    },
    TypeEntry {
        id: "type-fire-follow-up",
        name: "Fire safety follow-up",
        minutes: 30,
        requirements: &["The list of findings of the last visit"],
        checks: FOLLOW_UP,
        after_failure: Some("type-fire-follow-up"),
    },
];

const ALARM: &[Check] = &[
    look(
        "panel",
        "The panel shows no fault and its log is clear",
        "Panel shows a battery fault",
    ),
    look(
        "detectors",
        "A detector on each floor answers to test smoke",
        "No answer on the second floor",
    ),
    look(
        "callpoints",
        "Manual call points stand at every exit, unobstructed",
        "Call point behind a display shelf",
    ),
    measure(
        "sound",
        "Sound level at the quietest place people stay",
        "Not audible in the store room",
        within("dB", (70, 92), (48, 60)),
    ),
    measure(
        "battery",
        "Panel battery voltage off the mains",
        "Batteries worn out",
        within("V", (25, 28), (17, 21)),
    ),
    look(
        "monitoring",
        "The monitoring centre confirms the signal",
        "No signal at the monitoring centre",
    ),
    look(
        "zones",
        "Zone plan hangs beside the panel",
        "Zone plan of before the alteration",
    ),
    look(
        "lifts",
        "Lifts return to the ground floor on alarm",
        "Lift stays where it is",
    )
    .optional(),
];

const SPRINKLER: &[Check] = &[
    look(
        "valve",
        "Main valve is open, chained and supervised",
        "Valve chain missing",
    ),
    measure(
        "static",
        "Static pressure at the riser",
        "Static pressure too low",
        within("kPa", (520, 780), (260, 360)),
    ),
    measure(
        "flow",
        "Pressure left while the test drain flows",
        "Pressure falls away in the drain test",
        within("kPa", (380, 560), (120, 220)),
    ),
    look(
        "spacing",
        "Heads are spaced as calculated",
        "Two bays without a head",
    ),
    measure(
        "clearance",
        "Least clearance between goods and heads",
        "Goods stacked up to the heads",
        within("mm", (500, 900), (120, 350)),
    ),
    look(
        "heads",
        "No head is painted, bent or hung with decoration",
        "Three heads painted over",
    ),
    look(
        "pump",
        "The fire pump starts by itself on pressure drop",
        "Pump switched to manual",
    ),
    look(
        "spares",
        "Spare heads and a wrench are in the cabinet",
        "Spare cabinet empty",
    )
    .optional(),
];

const ANNUAL: &[Check] = &[
    look(
        "exits",
        "Exit doors open outward at a push, without a key",
        "Rear exit padlocked",
    ),
    look(
        "routes",
        "Escape routes are clear over their whole width",
        "Boxes in the corridor to the rear exit",
    ),
    measure(
        "width",
        "Clear width of the narrowest escape route",
        "Route too narrow",
        within("mm", (1000, 1600), (610, 850)),
    ),
    look(
        "lights",
        "Emergency lights come on with the mains off",
        "Four lamps dead",
    ),
    look(
        "extinguishers",
        "Extinguishers hang in place, sealed and serviced this year",
        "Service tag two years old",
    ),
    measure(
        "pressure",
        "Lowest extinguisher gauge",
        "Extinguisher empty",
        within("bar", (13, 16), (3, 8)),
    ),
    look(
        "signs",
        "Exit signs are lit and visible from everywhere",
        "Sign hidden by a banner",
    ),
    look(
        "capacity",
        "Posted capacity matches the room",
        "No capacity posted",
    )
    .optional(),
    look(
        "gas",
        "Gas bottles stand outside, chained",
        "Two bottles under the counter",
    ),
];

const FOLLOW_UP: &[Check] = &[
    look(
        "findings",
        "Every finding of the last visit is put right",
        "One finding still open",
    ),
    look(
        "exits",
        "Exit doors open outward at a push, without a key",
        "Rear exit still padlocked",
    ),
    look(
        "routes",
        "Escape routes are clear over their whole width",
        "Corridor still used for storage",
    ),
    look(
        "lights",
        "Emergency lights come on with the mains off",
        "One lamp still dead",
    ),
    look(
        "extinguishers",
        "Extinguishers hang in place, sealed and serviced",
        "Service booked but not done",
    ),
    look(
        "training",
        "Two people on the shift can say what to do",
        "Nobody trained since the last visit",
    )
    .optional(),
];

const KINDS: &[PermitKind] = &[
    PermitKind {
        name: "Place of assembly",
        projects: &[
            business("Salón", "Event hall for 180 people"),
            business("Gimnasio", "Gym on two floors"),
            business("Teatro", "Theatre with 96 seats"),
            business("Academia", "Dance school, first floor"),
        ],
        steps: &["type-fire-alarm", "type-annual-fire"],
        afterwards: &["type-annual-fire", "type-fire-follow-up"],
    },
    PermitKind {
        name: "Shop or office",
        projects: &[
            business("Ferretería", "Hardware shop with paint store"),
            business("Estudio", "Offices on three floors"),
            business("Librería", "Bookshop with basement"),
            business("Repuestos", "Car parts store"),
        ],
        steps: &["type-annual-fire"],
        afterwards: &["type-annual-fire", "type-fire-follow-up"],
    },
    PermitKind {
        name: "Sprinkler system",
        projects: &[
            business("Depósito", "Wet system, warehouse 900 m²"),
            business("Garaje", "Sprinklers for a car park below ground"),
            business("Galería", "Extension of the system to the new wing"),
        ],
        steps: &["type-sprinkler", "type-fire-alarm"],
        afterwards: &["type-annual-fire", "type-fire-follow-up"],
    },
    PermitKind {
        name: "Lodging",
        projects: &[
            business("Hotel", "Hotel, 42 rooms"),
            business("Hostal", "Hostel, 60 beds"),
            business("Residencial", "Residence for the elderly, 28 beds"),
        ],
        steps: &["type-fire-alarm", "type-annual-fire"],
        afterwards: &["type-annual-fire", "type-fire-follow-up"],
    },
];
