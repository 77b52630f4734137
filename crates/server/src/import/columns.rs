//! A mapping bound to the header of a file: every column it names is there, and every column there is spoken of.

use super::cell::{Cell, From, OVERALLS, listed, overall, tells_days};
use super::mapping::{AppointmentField, ISO_DAY, Mapping, PermitField, Spec, Table, TypeField};
use csv::StringRecord;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use toml::Spanned;

/// Where in a row each field is.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) id: Cell,
    pub(super) appointment: BTreeMap<AppointmentField, Cell>,
    pub(super) permit: BTreeMap<PermitField, Cell>,
    pub(super) inspection_type: BTreeMap<TypeField, Cell>,
    /// How long a booked visit of these kinds takes; 0 where the mapping does not say.
    pub(super) duration_minutes: u16,
    pub(super) facts: Vec<(String, usize)>,
    pub(super) marks: Vec<(String, Vec<usize>)>,
}

impl Columns {
    /// Binds a mapping to a header, or says which column is wrong and what would be accepted.
    pub(super) fn bind(mapping: &Mapping, header: &StringRecord, file: &Path) -> Result<Columns, String> {
        let header = Header {
            file: file.display().to_string(),
            cells: header,
            mapping,
        };
        header.has_no_duplicates()?;
        let mut used = BTreeSet::new();
        let column = Spec {
            column: Some(mapping.id.get_ref().clone()),
            ..Spec::default()
        };
        let id = header.cell("id", &column, mapping.id.span(), &mut used)?;
        let appointment = header.table(
            "appointment",
            AppointmentField::name,
            &mapping.appointment,
            &mut used,
        )?;
        let permit = header.table("permit", PermitField::name, &mapping.permit, &mut used)?;
        let inspection_type = header.table(
            "inspection_type",
            TypeField::name,
            &mapping.inspection_type,
            &mut used,
        )?;
        let mut facts = Vec::new();
        for fact in &mapping.facts {
            let index = header.find("facts", fact.get_ref(), fact.span(), &mut used)?;
            facts.push((fact.get_ref().clone(), index));
        }
        for name in &mapping.ignored {
            header.find("ignored", name.get_ref(), name.span(), &mut used)?;
        }
        let mut marks = Vec::new();
        for (mark, names) in &mapping.marks {
            let field = format!("marks.{}", mark.get_ref());
            let find = |name: &String| header.find(&field, name, names.span(), &mut BTreeSet::new());
            let indexes = names.get_ref().all().iter().map(find).collect::<Result<_, _>>()?;
            marks.push((mark.get_ref().clone(), indexes));
        }
        header.is_all_spoken_of(&used)?;
        let duration_minutes = duration(mapping)?;
        Ok(Columns {
            id,
            appointment,
            permit,
            inspection_type,
            duration_minutes,
            facts,
            marks,
        })
    }
}

struct Header<'a> {
    file: String,
    cells: &'a StringRecord,
    mapping: &'a Mapping,
}

impl Header<'_> {
    fn has_no_duplicates(&self) -> Result<(), String> {
        let mut seen = BTreeSet::new();
        match self.cells.iter().find(|name| !seen.insert(*name)) {
            Some(twice) => {
                let file = &self.file;
                Err(format!(
                    "{file}:1: the header has the column `{twice}` twice; accepted is each column once"
                ))
            }
            None => Ok(()),
        }
    }

    fn is_all_spoken_of(&self, used: &BTreeSet<usize>) -> Result<(), String> {
        match self
            .cells
            .iter()
            .enumerate()
            .find(|(index, _)| !used.contains(index))
        {
            Some((_, name)) => Err(format!(
                "{}:1: the header has the column `{name}`, of which {} does not speak; accepted is to name it for a \
                 field, under `facts` or under `ignored`",
                self.file,
                self.mapping.file()
            )),
            None => Ok(()),
        }
    }

    fn find(
        &self,
        field: &str,
        name: &str,
        span: Range<usize>,
        used: &mut BTreeSet<usize>,
    ) -> Result<usize, String> {
        match self.cells.iter().position(|cell| cell == name) {
            Some(index) => {
                used.insert(index);
                Ok(index)
            }
            None => Err(format!(
                "{}:1: the header has no column `{name}`, which {} reads for {field}; it has {}",
                self.file,
                self.mapping.place(span),
                listed(self.cells)
            )),
        }
    }

    fn table<F: Copy + Ord>(
        &self,
        table: &str,
        name: fn(F) -> &'static str,
        specs: &Table<F>,
        used: &mut BTreeSet<usize>,
    ) -> Result<BTreeMap<F, Cell>, String> {
        let cell = |(field, spec): (&F, &Spanned<Spec>)| {
            let field_name = format!("{table}.{}", name(*field));
            Ok((*field, self.cell(&field_name, spec.get_ref(), spec.span(), used)?))
        };
        specs.iter().map(cell).collect()
    }

    fn cell(
        &self,
        field: &str,
        spec: &Spec,
        span: Range<usize>,
        used: &mut BTreeSet<usize>,
    ) -> Result<Cell, String> {
        let wrong = |message: String| {
            Err(format!(
                "{}: {field}: {message}",
                self.mapping.place(span.clone())
            ))
        };
        let from = match (&spec.column, &spec.value) {
            (Some(name), None) => From::Column {
                name: name.clone(),
                index: self.find(field, name, span.clone(), used)?,
            },
            (None, Some(value)) if spec.map.is_none() && spec.format.is_none() => From::Fixed(value.clone()),
            _ => return wrong("accepted is either a column, or a value alone".to_owned()),
        };
        match &spec.format {
            Some(_) if field != "appointment.day" => {
                return wrong("a format is accepted for `day` only".to_owned());
            }
            Some(format) if !tells_days(format) => {
                return wrong(format!(
                    "`{format}` does not tell a day; accepted are forms such as {ISO_DAY}"
                ));
            }
            _ => {}
        }
        if field == "appointment.result" {
            let values = spec.map.iter().flat_map(BTreeMap::values).chain(&spec.value);
            if let Some(value) = values.into_iter().find(|value| overall(value).is_none()) {
                return wrong(format!("`{value}` is not a result; accepted are {OVERALLS}"));
            }
        }
        let format = spec.format.clone().unwrap_or_else(|| ISO_DAY.to_owned());
        Ok(Cell {
            from,
            map: spec.map.clone(),
            format,
        })
    }
}

fn duration(mapping: &Mapping) -> Result<u16, String> {
    let Some(spec) = mapping.inspection_type.get(&TypeField::DurationMinutes) else {
        return Ok(0);
    };
    let minutes = spec.get_ref().value.as_ref().and_then(|value| value.parse().ok());
    minutes.filter(|minutes| *minutes <= 24 * 60).ok_or_else(|| {
        let place = mapping.place(spec.span());
        format!("{place}: inspection_type.duration_minutes: accepted is {{ value = \"…\" }} with 0 to 1440 minutes")
    })
}
