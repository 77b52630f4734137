//! Food safety.

use super::{CalendarEntry, Check, PermitKind, TypeEntry, business, look, measure, within};

pub(super) const CALENDAR: CalendarEntry = CalendarEntry {
    id: "cal-food",
    name: "Food safety",
    department: "dep-health",
    public: true,
    letter: 'H',
    permit_count: 70,
    types: TYPES,
    kinds: KINDS,
};

const TYPES: &[TypeEntry] = &[
    TypeEntry {
        id: "type-food-pre-opening",
        name: "Food premises pre-opening",
        minutes: 60,
        requirements: &[
            "Floor plan with sinks and flow of food",
            "Health cards of all staff",
            "Equipment in place and running",
        ],
        checks: PRE_OPENING,
        after_failure: None,
    },
    TypeEntry {
        id: "type-food-routine",
        name: "Food hygiene routine",
        minutes: 45,
        requirements: &[
            "Temperature log of the last 30 days",
            "Pest control contract",
            "Kitchen in operation",
        ],
        checks: ROUTINE,
        after_failure: Some("type-food-follow-up"),
    },
    TypeEntry {
        id: "type-food-follow-up",
        name: "Food hygiene follow-up",
        minutes: 30,
        requirements: &["The list of findings of the last visit"],
        checks: FOLLOW_UP,
        after_failure: Some("type-food-follow-up"),
    },
    TypeEntry {
        id: "type-food-complaint",
        name: "Food complaint",
        minutes: 30,
        requirements: &["No notice is given", "Delivery notes of the last seven days"],
        checks: COMPLAINT,
        after_failure: Some("type-food-follow-up"),
    },
];

const PRE_OPENING: &[Check] = &[
    look(
        "plan",
        "The kitchen is built as on the approved plan",
        "Sink left out",
    ),
    look(
        "surfaces",
        "Walls, floor and ceiling are smooth, light and washable",
        "Bare brick behind the stove",
    ),
    look(
        "handwash",
        "A hand basin with soap and paper stands in the kitchen",
        "No soap at the hand basin",
    ),
    measure(
        "hotwater",
        "Hot water at the farthest tap",
        "Water not hot enough",
        within("°C", (52, 65), (24, 38)),
    ),
    measure(
        "fridge",
        "Air temperature in the refrigerator",
        "Refrigerator too warm",
        within("°C", (1, 4), (8, 12)),
    ),
    look(
        "extract",
        "The hood draws and discharges above the roof",
        "Hood ends at the patio window",
    ),
    look(
        "pests",
        "Openings are screened, drains have traps",
        "No screen on the rear window",
    ),
    look(
        "waste",
        "Waste is kept in closed bins away from food",
        "Bins inside the store room",
    ),
    look(
        "toilets",
        "Staff toilet does not open into the kitchen",
        "Toilet door opens into the kitchen",
    ),
    look("cards", "All staff hold a valid health card", "One card expired").optional(),
];

const ROUTINE: &[Check] = &[
    measure(
        "fridge",
        "Air temperature in the warmest refrigerator",
        "Refrigerator too warm, food discarded",
        within("°C", (1, 5), (8, 13)),
    ),
    measure(
        "hot",
        "Core temperature of food held hot",
        "Food held lukewarm",
        within("°C", (66, 82), (41, 55)),
    ),
    look(
        "separation",
        "Raw and cooked food are kept apart",
        "Raw chicken above salads",
    ),
    look(
        "dates",
        "Everything opened is covered and dated",
        "Opened sauces without a date",
    ),
    look(
        "handwash",
        "Hand basin free, with soap and paper, and used",
        "Basin full of dishes",
    ),
    look(
        "clean",
        "Surfaces, boards and slicer are clean to the touch",
        "Old grease on the slicer",
    ),
    look(
        "pests",
        "No sign of insects or rodents",
        "Droppings behind the flour sacks",
    ),
    measure(
        "sanitizer",
        "Chlorine in the sanitizing solution",
        "Solution too weak",
        within("ppm", (60, 180), (0, 25)),
    ),
    look(
        "allergens",
        "Allergens are named on the menu or on request",
        "Staff cannot name allergens",
    )
    .optional(),
    look(
        "log",
        "The temperature log is kept up to yesterday",
        "Log ends two weeks ago",
    )
    .optional(),
];

const FOLLOW_UP: &[Check] = &[
    look(
        "findings",
        "Every finding of the last visit is put right",
        "One finding still open",
    ),
    measure(
        "fridge",
        "Air temperature in the warmest refrigerator",
        "Refrigerator still too warm",
        within("°C", (1, 5), (7, 10)),
    ),
    look(
        "clean",
        "Surfaces, boards and slicer are clean to the touch",
        "Slicer still greasy",
    ),
    look(
        "separation",
        "Raw and cooked food are kept apart",
        "Raw meat still above ready food",
    ),
    look("pests", "No sign of insects or rodents", "Fresh droppings"),
    look(
        "log",
        "The temperature log was kept since the last visit",
        "Three days missing",
    )
    .optional(),
];

const COMPLAINT: &[Check] = &[
    look(
        "subject",
        "What the complaint describes was not found",
        "Complaint confirmed",
    ),
    measure(
        "fridge",
        "Air temperature in the warmest refrigerator",
        "Refrigerator too warm",
        within("°C", (1, 5), (8, 13)),
    ),
    look(
        "origin",
        "Delivery notes tell where the food came from",
        "No delivery note for the meat",
    ),
    look(
        "sick",
        "No one with symptoms handles food",
        "Cook at work with a fever",
    ),
    look(
        "clean",
        "The kitchen is clean where food is touched",
        "Mould on the ice machine",
    ),
    look(
        "sample",
        "Sample taken, sealed and labelled",
        "No sample could be taken",
    )
    .optional(),
];

const KINDS: &[PermitKind] = &[
    PermitKind {
        name: "Restaurant licence",
        projects: &[
            business("Parrillada", "Grill and pizzeria, 48 seats"),
            business("Café", "Café with light meals, 22 seats"),
            business("Cantina", "Fish restaurant, 60 seats"),
            business("Bar", "Bar with kitchen until 01:00"),
        ],
        steps: &["type-food-routine"],
        afterwards: &["type-food-complaint", "type-food-routine"],
    },
    PermitKind {
        name: "Food shop licence",
        projects: &[
            business("Panadería", "Bakery with its own oven"),
            business("Carnicería", "Butcher's shop"),
            business("Fábrica de pastas", "Fresh pasta, made on site"),
            business("Almacén", "Greengrocer and delicatessen"),
        ],
        steps: &["type-food-routine"],
        afterwards: &["type-food-complaint", "type-food-routine"],
    },
    PermitKind {
        name: "New food premises",
        projects: &[
            business("Heladería", "Ice-cream parlour, opening this summer"),
            business("Rotisería", "Take-away kitchen for deliveries"),
            business("Cafetería", "Coffee roaster with counter"),
        ],
        steps: &["type-food-pre-opening", "type-food-routine"],
        afterwards: &["type-food-complaint", "type-food-routine"],
    },
];
