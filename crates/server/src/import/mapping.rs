//! A mapping: which column of a source fills which field, written down in TOML.

use policy::{CalendarId, DepartmentId, RecordId};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::path::Path;
use toml::Spanned;

/// The form of dates where a mapping names none.
pub(super) const ISO_DAY: &str = "%Y-%m-%d";
/// Marks permits whose visits were made under several names or addresses.
pub(super) const SEVERAL_NAMES: &str = "several_names";

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
        pub(super) enum $name { $(#[serde(rename = $text)] $variant,)* }

        impl $name {
            /// The field's name, as in the record.
            pub(super) fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }
        }
    )*};
}

fields! {
    /// The fields of a visit that a column may fill. What the permit and the type say is taken from them.
    AppointmentField {
        Team = "team",
        Establishment = "establishment",
        Address = "address",
        Latitude = "latitude",
        Longitude = "longitude",
        Day = "day",
        Result = "result",
        ContactName = "contact_name",
        ContactPhone = "contact_phone",
        ContactEmail = "contact_email",
        SpecialNotes = "special_notes",
    }
    /// The fields of a permit that a column may fill.
    PermitField {
        Number = "number",
        PermitType = "permit_type",
        Description = "description",
        Establishment = "establishment",
        Address = "address",
        Latitude = "latitude",
        Longitude = "longitude",
    }
    /// The fields of a kind of inspection.
    TypeField {
        Name = "name",
        DurationMinutes = "duration_minutes",
    }
}

/// A table of a mapping: the fields of one kind of record.
pub(super) type Table<F> = BTreeMap<F, Spanned<Spec>>;

/// A mapping as it was read and found sound.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mapping {
    #[serde(skip)]
    file: String,
    #[serde(skip)]
    text: String,
    pub(super) version: Spanned<i64>,
    pub(super) system: Spanned<RecordId>,
    pub(super) id: Spanned<String>,
    pub(super) calendar: CalendarTable,
    pub(super) appointment: Table<AppointmentField>,
    pub(super) permit: Table<PermitField>,
    pub(super) inspection_type: Table<TypeField>,
    /// Columns kept with the visit as they were.
    #[serde(default)]
    pub(super) facts: Vec<Spanned<String>>,
    /// Columns left out on purpose.
    #[serde(default)]
    pub(super) ignored: Vec<Spanned<String>>,
    /// A mark, and the columns of which none may be empty without it.
    #[serde(default)]
    pub(super) marks: BTreeMap<Spanned<String>, Spanned<Names>>,
}

/// The calendar that everything is imported into.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CalendarTable {
    pub(super) id: Spanned<CalendarId>,
    pub(super) name: String,
    pub(super) department: DepartmentId,
    pub(super) department_name: String,
    #[serde(default)]
    pub(super) public: bool,
}

/// One name or several.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a column's name or a list of them")]
pub(super) enum Names {
    One(String),
    Several(Vec<String>),
}

impl Names {
    pub(super) fn all(&self) -> &[String] {
        match self {
            Names::One(name) => std::slice::from_ref(name),
            Names::Several(names) => names,
        }
    }
}

/// What fills a field: a column, or one fixed value.
#[derive(Debug, Clone, Default)]
pub(super) struct Spec {
    pub(super) column: Option<String>,
    pub(super) value: Option<String>,
    pub(super) format: Option<String>,
    pub(super) map: Option<BTreeMap<String, String>>,
}

impl<'de> Deserialize<'de> for Spec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Spec, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Long {
            column: Option<String>,
            value: Option<String>,
            format: Option<String>,
            map: Option<BTreeMap<String, String>>,
        }

        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Spec;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a column's name, or { column = …, format = …, map = … }, or { value = … }")
            }

            fn visit_str<E>(self, column: &str) -> Result<Spec, E> {
                Ok(Spec {
                    column: Some(column.to_owned()),
                    ..Spec::default()
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Spec, A::Error> {
                let Long {
                    column,
                    value,
                    format,
                    map,
                } = Long::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Spec {
                    column,
                    value,
                    format,
                    map,
                })
            }
        }

        deserializer.deserialize_any(Either)
    }
}

impl Mapping {
    /// Reads a mapping and checks it; the message names the file and the line.
    pub(super) fn open(path: &Path) -> Result<Mapping, String> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("{file}: the mapping cannot be read: {error}"))?;
        let mut mapping: Mapping = toml::from_str(&text).map_err(|error| {
            let message = error.message().replace("unknown variant", "unknown field");
            let line = error
                .span()
                .map(|span| format!(":{}", line_of(&text, span.start)));
            format!("{file}{}: {message}", line.unwrap_or_default())
        })?;
        mapping.file = file;
        mapping.text = text;
        mapping.check()?;
        Ok(mapping)
    }

    /// Where something stands: `file:line`.
    pub(super) fn place(&self, span: Range<usize>) -> String {
        format!("{}:{}", self.file, line_of(&self.text, span.start))
    }

    /// The mapping's file.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    fn check(&self) -> Result<(), String> {
        let wrong = |span, message: String| Err(format!("{}: {message}", self.place(span)));
        if *self.version.get_ref() != 1 {
            let message = format!("version = {}: accepted is 1", self.version.get_ref());
            return wrong(self.version.span(), message);
        }
        let system = self.system.get_ref().as_str();
        let calendar = self.calendar.id.get_ref().as_str();
        let within = |a: &str, b: &str| a == b || a.starts_with(&format!("{b}-"));
        if within(system, calendar) || within(calendar, system) {
            // The ids of visits begin with the one, the ids of types with the other.
            let message = format!(
                "calendar.id = `{calendar}`: accepted is an id that does not begin like the system's, `{system}`"
            );
            return wrong(self.calendar.id.span(), message);
        }
        for (mark, columns) in &self.marks {
            let name = mark.get_ref();
            let sound = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
            if name.is_empty() || name == SEVERAL_NAMES || !name.bytes().all(sound) {
                let message = format!(
                    "marks.{name}: accepted are lower-case letters, digits and `_`, and not `{SEVERAL_NAMES}`"
                );
                return wrong(mark.span(), message);
            }
            if columns.get_ref().all().is_empty() {
                return wrong(
                    columns.span(),
                    format!("marks.{name}: accepted is one column or more"),
                );
            }
        }
        if !self.appointment.contains_key(&AppointmentField::Day) {
            return Err(format!("{}: [appointment] needs `day`", self.file));
        }
        if !self.permit.contains_key(&PermitField::Number) {
            return Err(format!("{}: [permit] needs `number`", self.file));
        }
        if !self.inspection_type.contains_key(&TypeField::Name) {
            return Err(format!("{}: [inspection_type] needs `name`", self.file));
        }
        Ok(())
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|b| *b == b'\n').count()
}
