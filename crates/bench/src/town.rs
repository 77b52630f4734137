//! A town in bulk: inspections of about 15 fields, in twenty departments with a calendar each; the measures look at one of
//! them. The same number gives the same inspection.

use anyhow::{Context as _, Result};
use chrono::{Days, NaiveDate};
use domain::inspections::{Appointment, Calendar, ChecklistItem, InspectionType};
use domain::people::{GrantBody, Person};
use domain::record::cut;
use domain::{Body, Record};
use policy::views::Mask;
use policy::{CalendarId, DepartmentId, GrantId, PersonId, RecordId, RoleName, Scope};
use std::collections::BTreeSet;

/// The calendar whose manager's device is measured.
pub const CALENDAR: &str = "building";
/// How many departments there are, each with one calendar.
pub const DEPARTMENTS: usize = 20;
/// The manager, by id and username.
pub const MANAGER: &str = "marta";

/// So many inspections lie on one day of one calendar.
pub const PER_DAY: usize = 160;
/// The length that a note is filled up to, so that what the manager sees of an inspection is about 673 bytes.
const NOTE_CHARS: usize = 157;
/// How many inspectors each department has.
pub const INSPECTORS: u64 = 20;
const APPLICANTS: u64 = 5_000;

const SYLLABLES: [&str; 26] = [
    "ba", "ter", "mon", "li", "sor", "ka", "den", "wick", "fal", "ston", "gra", "hel", "in", "jor", "kel",
    "lo", "mar", "nor", "pel", "qui", "ros", "sta", "tur", "val", "wes", "yor",
];
const WORDS: u64 = 2_000;

/// A small generator of numbers (splitmix64): no seed is bad, and nothing rests on its secrecy.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    /// One of a vocabulary of [`WORDS`] words.
    fn word(&mut self) -> String {
        let mut letters = Dice(self.below(WORDS));
        let count = 1 + letters.below(3);
        (0..count)
            .map(|_| SYLLABLES[letters.below(26) as usize])
            .collect()
    }

    fn name(&mut self) -> String {
        let word = self.word();
        let mut chars = word.chars();
        chars
            .next()
            .map(|first| first.to_uppercase().chain(chars).collect())
            .unwrap_or_default()
    }

    fn text(&mut self, chars: usize) -> String {
        let mut text = String::new();
        while text.len() < chars {
            text.push_str(&self.word());
            text.push(' ');
        }
        text.truncate(chars.saturating_sub(1));
        text + "."
    }
}

/// What there is beside the inspections: the calendars, what they offer, and the manager of one.
pub fn beginnings() -> Result<Vec<Record>> {
    let mut records = Vec::new();
    for number in 0..DEPARTMENTS {
        let id = calendar_of(number);
        let name = format!("Department {number}");
        let calendar = Calendar {
            name: name.clone(),
            department: DepartmentId::parse(format!("dep-{id}"))?,
            department_name: name,
            public: true,
            active: true,
            requirements: Vec::new(),
            cutoff_minute: 8 * 60,
            reschedule_hours: 24,
            cancel_hours: 24,
            photo_location: false,
            teams: Vec::new(),
        };
        let item = ChecklistItem {
            key: "access".to_owned(),
            text: "The way in is clear".to_owned(),
            unit: None,
            required: true,
        };
        let kind = InspectionType {
            name: format!("Routine {id}"),
            calendar: CalendarId::parse(id.as_str())?,
            duration_minutes: 45,
            requirements: Vec::new(),
            checklist: vec![item],
        };
        records.push(Record::new(RecordId::parse(id.as_str())?, calendar));
        records.push(Record::new(RecordId::parse(format!("type-{id}"))?, kind));
    }
    let manager = Person {
        name: "Marta Sosa".to_owned(),
        username: MANAGER.to_owned(),
        ..Person::default()
    };
    records.push(Record::new(PersonId::parse(MANAGER)?, manager));
    records.push(grant(0, 0)?);
    Ok(records)
}

/// The manager's grant for a department. `turn` tells one grant from the next; an even one counts, an odd one has been
/// taken back.
pub fn grant(department: usize, turn: usize) -> Result<Record> {
    let id = GrantId::parse(format!("grant-{MANAGER}-{department}"))?;
    let grant = GrantBody {
        person: PersonId::parse(MANAGER)?,
        role: RoleName("inspections.manager".to_owned()),
        scope: Scope::Calendar(CalendarId::parse(calendar_of(department))?),
        from: None,
        until: None,
        granted_by: "Town hall".to_owned(),
        because: "as hired".to_owned(),
        withdrawn: (turn % 2 == 1).then(|| "moved".to_owned()),
        emergency: None,
    };
    Ok(Record::new(id, grant))
}

/// The inspectors of all departments, each with a profile and a grant of their own.
pub fn inspectors() -> Result<Vec<(PersonId, Vec<Record>)>> {
    let mut inspectors = Vec::new();
    for department in 0..DEPARTMENTS {
        let calendar = calendar_of(department);
        for number in 0..INSPECTORS {
            let id = inspector_of(&calendar, number)?;
            let profile = Person {
                name: inspector_name(number),
                username: id.to_string(),
                ..Person::default()
            };
            let grant = GrantBody {
                person: id.clone(),
                role: RoleName("inspections.inspector".to_owned()),
                scope: Scope::Calendar(CalendarId::parse(calendar.as_str())?),
                from: None,
                until: None,
                granted_by: "Town hall".to_owned(),
                because: "as hired".to_owned(),
                withdrawn: None,
                emergency: None,
            };
            let records = vec![
                Record::new(id.clone(), profile),
                Record::new(GrantId::parse(format!("grant-{id}"))?, grant),
            ];
            inspectors.push((id, records));
        }
    }
    Ok(inspectors)
}

fn inspector_of(calendar: &str, number: u64) -> Result<PersonId> {
    Ok(PersonId::parse(format!("{calendar}-inspector-{number:02}"))?)
}

fn inspector_name(number: u64) -> String {
    format!("{} {}", Dice(number).name(), Dice(number + 100).name())
}

/// The calendar an inspection belongs to, one department after the other.
pub fn calendar_of(number: usize) -> String {
    match number % DEPARTMENTS {
        0 => CALENDAR.to_owned(),
        department => format!("calendar-{department:02}"),
    }
}

/// The id of an inspection.
pub fn id_of(number: usize) -> Result<RecordId> {
    let mut dice = Dice(number as u64);
    let (a, b) = (dice.next(), dice.next());
    let id = format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        a >> 32,
        a >> 16 & 0xffff,
        a & 0xfff,
        b >> 48 & 0xfff,
        b & 0xffff_ffff_ffff
    );
    Ok(RecordId::parse(id)?)
}

/// The day an inspection is on.
pub fn day_of(number: usize) -> Result<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(2027, 1, 1).context("a date")?;
    Ok(first + Days::new((number / DEPARTMENTS / PER_DAY) as u64))
}

/// What an inspection is drawn with; its inspector comes first.
fn dice_of(number: usize) -> Dice {
    Dice(number as u64 ^ 0x51_7cc1_b727_220a)
}

/// An inspection of each inspector, the first there is.
pub fn one_of_each() -> Vec<usize> {
    let mut without: BTreeSet<(usize, u64)> = (0..DEPARTMENTS)
        .flat_map(|department| (0..INSPECTORS).map(move |inspector| (department, inspector)))
        .collect();
    let mut numbers = Vec::new();
    for number in 0.. {
        if without.is_empty() {
            break;
        }
        if without.remove(&(number % DEPARTMENTS, dice_of(number).below(INSPECTORS))) {
            numbers.push(number);
        }
    }
    numbers
}

/// An inspection as it is after so many rounds of changes: each round writes another note.
pub fn inspection(number: usize, round: usize) -> Result<Record> {
    let calendar = calendar_of(number);
    let mut dice = dice_of(number);
    let inspector = dice.below(INSPECTORS);
    let from = 8 * 60 + dice.below(18) as u16 * 30;
    let permit = dice.below(1_000_000);
    let contact = format!("{} {}", dice.name(), dice.name());
    let visit = Appointment {
        permit: Some(RecordId::parse(format!("permit-{permit:06}"))?),
        permit_number: format!("B-2026-{permit:06}"),
        inspection_type: Some(RecordId::parse(format!("type-{calendar}"))?),
        inspection_type_name: format!("Routine {calendar}"),
        calendar: Some(CalendarId::parse(calendar.as_str())?),
        assignee: Some(inspector_of(&calendar, inspector)?),
        assignee_name: inspector_name(inspector),
        applicant: Some(PersonId::parse(format!(
            "applicant-{:04}",
            dice.below(APPLICANTS)
        ))?),
        contact_email: format!("{}@town.example", contact.replace(' ', ".").to_lowercase()),
        contact_name: contact,
        contact_phone: format!("+598 90 {:06}", dice.below(1_000_000)),
        address: format!("{} {} {} Street", 1 + dice.below(999), dice.name(), dice.name()),
        latitude: Some(47.0 + dice.below(1_000_000) as f64 / 1e6),
        longitude: Some(8.0 + dice.below(1_000_000) as f64 / 1e6),
        day: Some(day_of(number)?),
        from_minute: Some(from),
        to_minute: Some(from + 45),
        special_notes: Dice((number * 1_000 + round) as u64).text(NOTE_CHARS),
        ..Appointment::default()
    };
    Ok(Record::new(id_of(number)?, visit))
}

/// What the manager of its calendar is shown of a record: the body as the office cuts it, to the byte.
pub fn shown(record: &Record) -> Result<String> {
    let body = record.body.to_value()?.to_string();
    Ok(cut(record.kind(), Mask::Limited, &body)?)
}

/// What somebody would type to find an inspection: its street, or a part of its permit's number.
pub fn words_for(number: usize) -> Result<String> {
    let Body::Appointment(visit) = inspection(number, 0)?.body else {
        return Ok(String::new());
    };
    let street: Vec<&str> = visit.address.split(' ').collect();
    Ok(match number % 3 {
        0 => street[1..3].join(" "),
        1 => street[1].to_owned(),
        _ => visit.permit_number,
    })
}

/// These and the records of the same place in every other department.
pub fn with_neighbours(numbers: &[usize]) -> impl Iterator<Item = usize> + Clone {
    numbers.iter().flat_map(|number| *number..number + DEPARTMENTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inspection_is_about_673_bytes_and_always_the_same() {
        let sizes: Vec<usize> = (0..1_000)
            .map(|n| {
                shown(&inspection(n, 0).expect("a visit"))
                    .expect("its body")
                    .len()
            })
            .collect();
        let average = sizes.iter().sum::<usize>() / sizes.len();
        assert!((660..=690).contains(&average), "{average} bytes");
        assert_eq!(
            inspection(7, 3).expect("a visit"),
            inspection(7, 3).expect("a visit")
        );
        assert_ne!(
            inspection(7, 3).expect("a visit"),
            inspection(7, 4).expect("a visit")
        );
    }

    #[test]
    fn no_two_inspections_share_an_id() {
        let ids: std::collections::BTreeSet<_> = (0..10_000).map(|n| id_of(n).expect("an id")).collect();
        assert_eq!(ids.len(), 10_000);
    }
}
