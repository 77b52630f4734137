//! The permission matrix C-MX, cell by cell, and the whole of it as reviewed text.
//!
//! What a cell should say is read from `docs/requirements.md`; what it does say is asked of the policy, by actions and by
//! views. `tests/matrix/inspections.txt` is the matrix a person reviews: run with `UPDATE=1` to rewrite it.

use libtest_mimic::{Arguments, Failed, Trial};
use policy::inspections::{Action, AppointmentFacts, may};
use policy::people::may_grant;
use policy::views::{Facts, Mask, Shown, fields, of_actor, of_record};
use policy::{
    Actor, CalendarPlace, Code, Denial, Grant, Kind, Places, Rights, RoleName, Scope, TeamPlace,
    shipped_roles,
};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[path = "../matrix/text.rs"]
mod text;

use text::{matrix_text, name_of, people, relations};

type Checked<T = ()> = Result<T, String>;

fn main() -> ExitCode {
    let mut trials = cells();
    trials.push(trial("matrix_text_is_reviewed", matrix_text_is_reviewed));
    trials.push(trial(
        "every_action_is_in_the_matrix",
        every_action_is_in_the_matrix,
    ));
    trials.push(trial(
        "every_rule_cited_is_a_requirement",
        every_rule_cited_is_a_requirement,
    ));
    trials.push(trial(
        "an_administrator_of_one_calendar_sees_a_managers_fields",
        an_administrator_of_one_calendar_sees_a_managers_fields,
    ));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn trial(name: &str, check: impl FnOnce() -> Checked + Send + 'static) -> Trial {
    Trial::test(name, move || check().map_err(Failed::from))
}

// What the requirements say.

/// What a cell of the table says, or what the policy answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    Limited,
    AssignedOnly,
}

struct Cell {
    /// Such as `C-MX-01`.
    row: String,
    sentence: String,
    /// Such as `guest`.
    column: String,
    says: Answer,
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn requirements() -> String {
    let path = repository().join("docs/requirements.md");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("docs/requirements.md: {error}"))
}

fn table() -> Vec<Cell> {
    let text = requirements();
    let rows = || {
        let lines = text.lines().filter(|line| line.starts_with('|'));
        lines.map(|line| {
            line.trim_matches('|')
                .split('|')
                .map(str::trim)
                .collect::<Vec<_>>()
        })
    };
    let is_header = |row: &Vec<&str>| row.first() == Some(&"ID") && row.contains(&"Guest");
    let Some(header) = rows().find(is_header) else {
        panic!("docs/requirements.md has no table with a Guest")
    };
    let of_row = |row: Vec<&str>| -> Vec<Cell> {
        let cell = |(column, text): (&&str, &&str)| Cell {
            row: row[0].to_owned(),
            sentence: row[1].to_owned(),
            column: column.to_lowercase(),
            says: read_answer(text),
        };
        header.iter().zip(&row).skip(2).map(cell).collect()
    };
    rows()
        .filter(|row| row[0].starts_with("C-MX-"))
        .flat_map(of_row)
        .collect()
}

fn read_answer(text: &str) -> Answer {
    match text {
        "Yes" => Answer::Yes,
        "No" => Answer::No,
        "Yes (assigned only)" => Answer::AssignedOnly,
        text if text.starts_with("Limited (") => Answer::Limited,
        text => panic!("docs/requirements.md: `{text}` is no answer"),
    }
}

fn cells() -> Vec<Trial> {
    let cells = table();
    let names: BTreeSet<(String, String)> = cells
        .iter()
        .map(|cell| (cell.row.clone(), cell.column.clone()))
        .collect();
    assert_eq!((cells.len(), names.len()), (75, 75), "15 rows by 5 columns");
    let name = |cell: &Cell| format!("{}::{}", cell.row.to_lowercase().replace('-', "_"), cell.column);
    cells
        .into_iter()
        .map(|cell| trial(&name(&cell), move || cell.check()))
        .collect()
}

// The town, and the people in it.

const ME: &str = "me";
const HERE: &str = "building";
const ELSEWHERE: &str = "fire";
/// Not open to the public.
const CLOSED: &str = "health";

fn id<T: TryFrom<String>>(text: &str) -> T {
    T::try_from(text.to_owned()).unwrap_or_else(|_| panic!("`{text}` is no id"))
}

fn places() -> Places {
    let mut places = Places::default();
    for (name, title, public) in [
        (HERE, "Building", true),
        (ELSEWHERE, "Fire", true),
        (CLOSED, "Health", false),
    ] {
        let place = CalendarPlace {
            name: format!("{title} inspections"),
            department: id(name),
            public,
            active: true,
        };
        places.calendars.insert(id(name), place);
        places.departments.insert(id(name), title.to_owned());
    }
    places.teams.insert(
        id("north"),
        TeamPlace {
            name: "North".to_owned(),
            calendar: id(HERE),
        },
    );
    places
}

/// A person with one role in one scope, or with none.
fn somebody(role: Option<&str>, scope: &str) -> Actor {
    let mut rights = Rights::nothing(id(ME), "Ana Silva", "America/Montevideo");
    rights.places = places();
    rights.roles = shipped_roles();
    rights.contacts = vec!["Laura Pérez, administrator".to_owned()];
    rights.grants.extend(role.map(|role| Grant {
        id: id("g1"),
        person: id(ME),
        role: RoleName(format!("inspections.{role}")),
        scope: Scope::parse(scope).unwrap_or_else(|wrong| panic!("{wrong}")),
        from: None,
        until: None,
        granted_by: "Laura Pérez".to_owned(),
        because: "works there".to_owned(),
    }));
    Actor::new(rights)
}

fn role_of(column: &str) -> Option<&str> {
    match column {
        "guest" => None,
        "admin" => Some("administrator"),
        role => Some(role),
    }
}

/// The person a column speaks of. The table's administrator sees all departments (C-DEPT-06); the others have their role
/// in one calendar.
fn person_of(column: &str) -> Actor {
    let scope = if column == "admin" {
        "organization"
    } else {
        "calendar/building"
    };
    somebody(role_of(column), scope)
}

/// How a visit relates to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// The person is its applicant.
    Own,
    /// The person is its inspector.
    Assigned,
    /// The team north is.
    Teams,
    /// Neither.
    Others,
    /// There is no visit: the calendar as a whole.
    Calendar,
}

use Relation::{Assigned, Others, Own};

fn facts(relation: Relation, calendar: &str) -> AppointmentFacts {
    let mut facts = AppointmentFacts {
        calendar: id(calendar),
        team: None,
        assignee: Some(id("bruno")),
        applicant: Some(id("rosa")),
    };
    match relation {
        Relation::Own => facts.applicant = Some(id(ME)),
        Relation::Assigned => facts.assignee = Some(id(ME)),
        Relation::Teams => (facts.team, facts.assignee) = (Some(id("north")), None),
        Relation::Others => {}
        Relation::Calendar => facts = AppointmentFacts::of_calendar(id(calendar)),
    }
    facts
}

/// The masks through which a person sees a record; empty where no view gives it.
fn masks(person: &Actor, facts: &Facts) -> Vec<Mask> {
    let held = of_actor(person);
    of_record(facts)
        .into_iter()
        .filter(|view| held.contains(view))
        .map(|view| view.mask)
        .collect()
}

fn shows(person: &Actor, kind: Kind, facts: &Facts, field: &str) -> bool {
    masks(person, facts)
        .into_iter()
        .any(|mask| fields(kind, mask).shows(field))
}

fn shows_all(person: &Actor, kind: Kind, facts: &Facts) -> bool {
    masks(person, facts)
        .into_iter()
        .any(|mask| fields(kind, mask) == Shown::All)
}

fn visit(relation: Relation, calendar: &str) -> Facts {
    Facts::Appointment(facts(relation, calendar))
}

fn calendar(calendar: &str) -> Facts {
    Facts::Offer(Kind::Calendar, id(calendar))
}

/// What a visit of others is seen with beyond its time and place (AMB-09).
const CONTACT: [&str; 4] = ["contact_name", "contact_phone", "address", "permit_number"];
/// What makes a calendar's configuration (AMB-10).
const CONFIGURATION: [&str; 2] = ["capacity_per_day", "blocked_days"];

// What the policy answers.

fn ensure(holds: bool, says: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(says()) }
}

/// Whether the person may, with a denial checked to be whole.
fn allowed(person: &Actor, action: Action, facts: &AppointmentFacts) -> Checked<bool> {
    let Err(denial) = may(person, action, facts) else {
        return Ok(true);
    };
    let whole = !denial.sentence.is_empty() && !denial.rule.is_empty() && !code(&denial).is_empty();
    ensure(whole, || format!("{action:?}: an empty denial: {denial:?}"))?;
    let someone = denial.who.as_ref().is_some_and(|who| !who.is_empty());
    ensure(denial.code != Code::NotGranted || someone, || {
        format!("{action:?}: nobody can grant it: {denial:?}")
    })?;
    Ok(false)
}

fn code(denial: &Denial) -> String {
    let value = serde_json::to_value(denial.code).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// The action and the relation that make a row's sentence true.
fn asks(row: &str) -> (Action, Relation) {
    match row {
        "C-MX-01" => (Action::ViewAvailability, Relation::Calendar),
        "C-MX-02" => (Action::ViewAppointments, Own),
        "C-MX-03" => (Action::ViewAppointments, Assigned),
        "C-MX-04" => (Action::ViewAppointments, Others),
        "C-MX-05" => (Action::ViewApplicant, Others),
        "C-MX-06" => (Action::Book, Own),
        "C-MX-07" => (Action::Reschedule, Own),
        "C-MX-08" => (Action::Cancel, Own),
        "C-MX-09" => (Action::UpdateStatus, Others),
        "C-MX-10" => (Action::Reassign, Others),
        "C-MX-11" => (Action::BulkChange, Relation::Calendar),
        "C-MX-12" => (Action::ViewConfiguration, Relation::Calendar),
        "C-MX-13" => (Action::EditCalendar, Relation::Calendar),
        "C-MX-14" => (Action::ManageInspectionTypes, Relation::Calendar),
        "C-MX-15" => (Action::ConfigurePermissions, Relation::Calendar),
        row => panic!("{row} is a new row: say here what it asks"),
    }
}

/// What the policy answers to a row in a calendar, where what may be done and what is seen say the same.
fn answer(person: &Actor, row: &str, place: &str) -> Checked<Answer> {
    let (action, relation) = asks(row);
    let may = allowed(person, action, &facts(relation, place))?;
    let plain = if may { Answer::Yes } else { Answer::No };
    let agree =
        |seen: bool, what: &str| ensure(may == seen, || format!("may: {may}, yet sees {what}: {seen}"));
    match row {
        "C-MX-01" => {
            for kind in [Kind::Calendar, Kind::InspectionType] {
                agree(
                    !masks(person, &Facts::Offer(kind, id(place))).is_empty(),
                    kind.name(),
                )?;
            }
            Ok(plain)
        }
        "C-MX-02" | "C-MX-03" | "C-MX-04" => {
            agree(!masks(person, &visit(relation, place)).is_empty(), "the visit")?;
            Ok(plain)
        }
        "C-MX-05" => {
            let sees = |field| shows(person, Kind::Appointment, &visit(relation, place), field);
            agree(
                CONTACT.into_iter().all(sees),
                "name, phone, address and permit number",
            )?;
            agree(CONTACT.into_iter().any(sees), "any of them")?;
            let email = sees("contact_email");
            ensure(may || !email, || "sees the e-mail address".to_owned())?;
            Ok(if may && !email { Answer::Limited } else { plain })
        }
        "C-MX-09" => {
            let assigned = allowed(person, action, &facts(Assigned, place))?;
            Ok(if assigned && !may {
                Answer::AssignedOnly
            } else {
                plain
            })
        }
        "C-MX-12" => {
            let sees = |field| shows(person, Kind::Calendar, &calendar(place), field);
            agree(CONFIGURATION.into_iter().all(sees), "capacity and blocked days")?;
            agree(CONFIGURATION.into_iter().any(sees), "either")?;
            let all = shows_all(person, Kind::Calendar, &calendar(place));
            ensure(
                all || !sees("fees") && !sees("permissions") && !sees("notifications"),
                || "a limited view shows fees, permissions or notifications".to_owned(),
            )?;
            Ok(if may && !all { Answer::Limited } else { plain })
        }
        "C-MX-15" => {
            let role = RoleName("inspections.inspector".to_owned());
            let gives = may_grant(person, &role, &Scope::Calendar(id(place)), &id("bruno")).is_ok();
            agree(gives, "roles to give")?;
            let to_self = may_grant(person, &role, &Scope::Calendar(id(place)), &id(ME)).is_ok();
            ensure(!to_self, || "gives a role to themselves".to_owned())?;
            Ok(plain)
        }
        _ => Ok(plain),
    }
}

impl Cell {
    fn check(&self) -> Checked {
        let said = |problem: String| format!("{} `{}`, {}: {problem}", self.row, self.sentence, self.column);
        self.check_here()
            .and_then(|()| self.check_elsewhere())
            .map_err(said)
    }

    fn check_here(&self) -> Checked {
        let answers = answer(&person_of(&self.column), &self.row, HERE)?;
        ensure(answers == self.says, || {
            format!("the table says {:?}, the policy {answers:?}", self.says)
        })
    }

    /// A role in one calendar ends there, and what is one's own is one's own everywhere.
    fn check_elsewhere(&self) -> Checked {
        let (action, relation) = asks(&self.row);
        let person = somebody(role_of(&self.column), "calendar/building");
        if self.row == "C-MX-01" {
            // Availability is public where the calendar is: there everybody's, elsewhere nobody's.
            let (open, closed) = (
                answer(&person, &self.row, ELSEWHERE)?,
                answer(&person, &self.row, CLOSED)?,
            );
            return ensure((open, closed) == (Answer::Yes, Answer::No), || {
                format!("{open:?} and {closed:?}")
            });
        }
        let elsewhere = answer(&person, &self.row, ELSEWHERE)?;
        if relation == Own && self.says == Answer::Yes {
            ensure(elsewhere == Answer::Yes, || {
                format!("own in another department: {elsewhere:?}")
            })?;
            return self.check_for_others(&person, action);
        }
        ensure(elsewhere == Answer::No, || {
            format!("in another department: {elsewhere:?}")
        })?;
        let here = answer(&person, &self.row, HERE)?;
        let is_yes = |answer: Answer| answer != Answer::No;
        ensure(is_yes(here) == is_yes(self.says), || {
            format!("with the role in one calendar: {here:?}")
        })
    }

    /// Who supervises acts for others too, in the calendar supervised and not in another department (C-MGR-13).
    fn check_for_others(&self, person: &Actor, action: Action) -> Checked {
        let supervises = matches!(self.column.as_str(), "manager" | "admin");
        for (place, expected) in [(HERE, supervises), (ELSEWHERE, false), (CLOSED, false)] {
            let does = allowed(person, action, &facts(Others, place))?;
            ensure(does == expected, || {
                format!("for somebody else, in {place}: {does}")
            })?;
            if action == Action::ViewAppointments {
                let sees = !masks(person, &visit(Others, place)).is_empty();
                ensure(sees == expected, || {
                    format!("somebody else's, in {place}: {sees}")
                })?;
            }
        }
        Ok(())
    }
}

/// Doubtful: the table's Yes for an administrator is every field, and one of a single calendar gets a manager's. This is
/// how it stands, so that a change of it is noticed.
fn an_administrator_of_one_calendar_sees_a_managers_fields() -> Checked {
    for scope in ["calendar/building", "department/building"] {
        let person = somebody(Some("administrator"), scope);
        for row in ["C-MX-05", "C-MX-12"] {
            let answers = answer(&person, row, HERE)?;
            ensure(answers == Answer::Limited, || {
                format!("{row}: {answers:?} in {scope}")
            })?;
        }
    }
    Ok(())
}

// The whole matrix as text.

fn matrix_text_is_reviewed() -> Checked {
    let path = repository().join("tests/matrix/inspections.txt");
    let now = matrix_text();
    if std::env::var_os("UPDATE").is_some_and(|update| update == "1") {
        return std::fs::write(&path, &now).map_err(|error| format!("tests/matrix/inspections.txt: {error}"));
    }
    let reviewed = std::fs::read_to_string(&path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    let (mut before, mut after) = (reviewed.lines(), now.lines());
    for number in 1.. {
        match (before.next(), after.next()) {
            (None, None) => return Ok(()),
            (was, is) if was == is => {}
            (was, is) => {
                let (was, is) = (was.unwrap_or("(nothing)"), is.unwrap_or("(nothing)"));
                return Err(format!(
                    "tests/matrix/inspections.txt, line {number}\n  reviewed: {was}\n  now:      {is}\n\
                     Review the change, and take it with UPDATE=1."
                ));
            }
        }
    }
    Ok(())
}

/// Actions that no row of the table asks about, each with the reason.
const EXCUSED: [(Action, &str); 7] = [
    (
        Action::BreakGlass,
        "decision 14 adds it: C-DEPT-08 without anybody's leave, and the table knows no emergency",
    ),
    (
        Action::ReviewAccess,
        "decision 14 adds it for those of C-BP-06 who can spot unusual access, and the table leaves it out",
    ),
    (
        Action::AddNote,
        "C-INS-06 lists it beside the status, and the table has one row for both",
    ),
    (
        Action::AddPhoto,
        "C-INS-07 lists it beside the status, and the table has one row for both",
    ),
    (
        Action::RequestReassignment,
        "C-INS-08 gives it to inspectors, and the table leaves it out",
    ),
    (
        Action::OverrideRules,
        "C-MGR-07 gives it to managers, and the table leaves it out",
    ),
    (
        Action::BlockTime,
        "C-MGR-08 and AMB-10 give it to managers, and the table's calendar settings are not that",
    ),
];

fn every_action_is_in_the_matrix() -> Checked {
    let rows: BTreeSet<String> = table().into_iter().map(|cell| cell.row).collect();
    let asked: BTreeSet<Action> = rows.iter().map(|row| asks(row).0).collect();
    let excused: BTreeSet<Action> = EXCUSED.iter().map(|(action, _)| *action).collect();
    for action in Action::ALL {
        let (in_table, is_excused) = (asked.contains(&action), excused.contains(&action));
        ensure(in_table || is_excused, || {
            format!("{action:?} is in no row of the table, and not excused")
        })?;
        ensure(!(in_table && is_excused), || {
            format!("{action:?} is in the table: its excuse is stale")
        })?;
    }
    let known = BTreeSet::from(Action::ALL);
    ensure(known.len() == Action::ALL.len(), || {
        "an action is listed twice".to_owned()
    })?;
    ensure(asked.is_subset(&known) && excused.is_subset(&known), || {
        "an action is not listed".to_owned()
    })?;
    ensure(EXCUSED.iter().all(|(_, reason)| !reason.is_empty()), || {
        "an excuse without a reason".to_owned()
    })?;
    let text = matrix_text();
    let spelled =
        |action: &Action| text.lines().filter(|line| *line == name_of(*action)).count() == people().len();
    match Action::ALL.iter().find(|action| !spelled(action)) {
        Some(action) => Err(format!("{action:?} is not in the matrix of everybody")),
        None => Ok(()),
    }
}

/// The rule of every denial in the matrix is a line of the requirements.
fn every_rule_cited_is_a_requirement() -> Checked {
    let text = requirements();
    let words = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .map(str::to_owned)
            .collect()
    };
    let known = words(&text);
    for (_, person) in people() {
        for action in Action::ALL {
            for (place, name, facts) in relations() {
                if let Err(denial) = may(&person, action, &facts) {
                    ensure(known.contains(&denial.rule), || {
                        format!("{action:?}, {name} {place}: {}", denial.rule)
                    })?;
                }
            }
        }
    }
    Ok(())
}
