//! Building inspections.

use super::{CalendarEntry, Check, PermitKind, TypeEntry, look, measure, site, within};

pub(super) const CALENDAR: CalendarEntry = CalendarEntry {
    id: "cal-building",
    name: "Building inspections",
    department: "dep-building",
    public: true,
    letter: 'B',
    permit_count: 65,
    types: TYPES,
    kinds: KINDS,
};

const TYPES: &[TypeEntry] = &[
    TypeEntry {
        id: "type-foundation",
        name: "Foundation",
        minutes: 45,
        requirements: &[
            "Approved structural drawings on site",
            "Soil report",
            "Trenches open, no concrete poured",
        ],
        checks: FOUNDATION,
        after_failure: None,
    },
    TypeEntry {
        id: "type-framing",
        name: "Framing",
        minutes: 60,
        requirements: &[
            "Foundation inspection passed",
            "Frame complete and braced, walls still open",
            "Safe ladder to every floor",
        ],
        checks: FRAMING,
        after_failure: None,
    },
    TypeEntry {
        id: "type-final-building",
        name: "Final building",
        minutes: 60,
        requirements: &[
            "Final electrical passed, where there is one",
            "As-built drawings signed by the architect",
            "All rooms accessible",
        ],
        checks: FINAL,
        after_failure: None,
    },
    TypeEntry {
        id: "type-site-safety",
        name: "Site safety",
        minutes: 30,
        requirements: &["Site manager present", "Safety plan on site"],
        checks: SITE_SAFETY,
        after_failure: None,
    },
];

const FOUNDATION: &[Check] = &[
    look(
        "setback",
        "Trenches stand where the stamped site plan puts them, setbacks kept",
        "Front trench 40 cm over the building line",
    ),
    measure(
        "depth",
        "Trench depth at the shallowest point",
        "Shallower than the structural drawing asks",
        within("mm", (900, 1400), (550, 780)),
    ),
    measure(
        "cover",
        "Concrete cover under the lowest bars",
        "Bars rest on the soil, spacers missing",
        within("mm", (50, 75), (15, 35)),
    ),
    look(
        "rebar",
        "Bar diameter and spacing as drawn, laps tied",
        "Laps shorter than drawn on the east side",
    ),
    look(
        "soil",
        "Bottom of the trench is clean, dry and undisturbed",
        "Standing water and loose fill in the trench",
    ),
    look(
        "formwork",
        "Formwork is straight, tight and braced",
        "Formwork bulges, one brace missing",
    ),
    look(
        "damp",
        "Damp-proof membrane lies under the slab, joints lapped",
        "Membrane torn at the drain",
    )
    .optional(),
    look(
        "services",
        "Sleeves for water and drains are in place",
        "Sleeve for the drain missing",
    )
    .optional(),
];

const FRAMING: &[Check] = &[
    look(
        "layout",
        "Columns, beams and walls stand as on the drawings",
        "Opening widened without a revised drawing",
    ),
    measure(
        "plumb",
        "Worst column out of plumb over one floor",
        "Column beyond tolerance",
        within("mm", (1, 6), (14, 25)),
    ),
    look(
        "connections",
        "Every joint has its bolts, plates or stirrups",
        "Joist hangers short of nails",
    ),
    measure(
        "joists",
        "Joist spacing at the widest",
        "Joists wider apart than drawn",
        within("mm", (380, 400), (450, 520)),
    ),
    look(
        "bracing",
        "Diagonal bracing is complete on every floor",
        "Bracing removed to pass materials",
    ),
    look(
        "notches",
        "No beam or joist is notched or bored beyond the limits",
        "Joist bored through its lower third",
    ),
    look(
        "stairs",
        "Stair opening and headroom as drawn",
        "Headroom below 2.00 m at the turn",
    ),
    look(
        "firestops",
        "Fire stops close the wall cavities at each floor",
        "Cavity open at the first floor",
    )
    .optional(),
];

const FINAL: &[Check] = &[
    look(
        "asbuilt",
        "The building matches the as-built drawings",
        "Extra bathroom not on the drawings",
    ),
    measure(
        "guard",
        "Height of the lowest guard rail",
        "Balcony rail too low",
        within("mm", (950, 1100), (780, 900)),
    ),
    measure(
        "riser",
        "Difference between the highest and the lowest stair riser",
        "Uneven risers on the main stair",
        within("mm", (1, 8), (14, 30)),
    ),
    look(
        "egress",
        "Every bedroom has a window one can leave by",
        "Bedroom window does not open",
    ),
    look(
        "smoke",
        "Smoke alarms are fitted and sound when tested",
        "No alarm on the upper floor",
    ),
    look(
        "waterproof",
        "Wet rooms and roof show no leaks after the water test",
        "Damp stain below the roof terrace",
    ),
    look(
        "access",
        "Step-free entrance and a door at least 800 mm clear",
        "Ramp steeper than allowed",
    ),
    look(
        "drainage",
        "Rain water runs to the street drain, none to the neighbour",
        "Downpipe empties over the party wall",
    ),
    look(
        "number",
        "House number is legible from the street",
        "No house number",
    )
    .optional(),
];

const SITE_SAFETY: &[Check] = &[
    look(
        "fence",
        "The site is fenced and locked, warning signs up",
        "Gap in the fence at the side street",
    ),
    look(
        "scaffold",
        "Scaffold has base plates, ties and a tag of this week",
        "Scaffold tag out of date",
    ),
    look(
        "edges",
        "Open edges above 2 m are guarded",
        "Stairwell open on the second floor",
    ),
    look(
        "pavement",
        "The pavement stays passable and covered below the works",
        "Pavement blocked by sand",
    ),
    look(
        "ppe",
        "Everyone on site wears a helmet and boots",
        "Two workers without helmets",
    ),
    look(
        "power",
        "The site board has a working residual-current device",
        "Residual-current device taped over",
    ),
];

const KINDS: &[PermitKind] = &[
    PermitKind {
        name: "New dwelling",
        projects: &[
            site("Two-storey house, 164 m²"),
            site("Single-family house with patio, 118 m²"),
            site("Duplex with shared wall, 2 × 92 m²"),
            site("House with garage, 140 m²"),
        ],
        steps: &["type-foundation", "type-framing", "type-final-building"],
        afterwards: &["type-site-safety"],
    },
    PermitKind {
        name: "Extension",
        projects: &[
            site("Third bedroom over the garage"),
            site("Rear extension, 28 m²"),
            site("Enclosed terrace on the roof"),
            site("Kitchen extension into the patio"),
        ],
        steps: &["type-foundation", "type-framing", "type-final-building"],
        afterwards: &["type-site-safety"],
    },
    PermitKind {
        name: "Apartment building",
        projects: &[
            site("Nine storeys, 34 apartments"),
            site("Five storeys with shop on the ground floor"),
            site("Twelve storeys with two levels of parking"),
        ],
        steps: &[
            "type-site-safety",
            "type-foundation",
            "type-framing",
            "type-final-building",
        ],
        afterwards: &["type-site-safety"],
    },
    PermitKind {
        name: "Interior alteration",
        projects: &[
            site("Removal of a load-bearing wall, ground floor"),
            site("Shop divided in two"),
            site("Old house turned into offices"),
            site("New internal stair"),
        ],
        steps: &["type-framing", "type-final-building"],
        afterwards: &["type-site-safety"],
    },
];
