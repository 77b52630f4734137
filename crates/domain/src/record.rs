//! The one shape of a record, typed per kind.

use crate::inspections::{Appointment, Block, Calendar, InspectionType, Permit};
use crate::people::{GrantBody, Person};
use crate::returned::ReturnedWork;
use policy::views::{self, Facts, Mask, View};
use policy::{Kind, RecordId};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A record: its id, what it is, at which revision, and its body.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub id: RecordId,
    /// The number of the change that last wrote it; 0 before the office has it.
    pub revision: i64,
    pub body: Body,
}

/// The body of a record, one type per kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    Appointment(Box<Appointment>),
    Permit(Box<Permit>),
    Calendar(Calendar),
    InspectionType(InspectionType),
    Block(Block),
    Person(Person),
    Grant(GrantBody),
    ReturnedWork(Box<ReturnedWork>),
}

impl Record {
    /// A record the office has not numbered yet.
    pub fn new(id: impl Into<RecordId>, body: impl Into<Body>) -> Record {
        Record {
            id: id.into(),
            revision: 0,
            body: body.into(),
        }
    }

    /// What the record is.
    pub fn kind(&self) -> Kind {
        self.body.kind()
    }

    /// The views that lead to it.
    pub fn views(&self) -> Vec<View> {
        views::of_record(&self.facts())
    }

    fn facts(&self) -> Facts {
        match &self.body {
            Body::Appointment(body) => Facts::Appointment(body.facts()),
            Body::Permit(body) => Facts::Permit(body.facts()),
            Body::Calendar(_) => Facts::Offer(Kind::Calendar, self.id.clone().into()),
            Body::InspectionType(body) => Facts::Offer(Kind::InspectionType, body.calendar.clone()),
            Body::Block(body) => Facts::Block(body.facts()),
            Body::Person(body) => Facts::Person(body.facts(self.id.clone().into())),
            Body::Grant(body) => Facts::Grant(body.facts()),
            Body::ReturnedWork(body) => Facts::ReturnedWork(body.facts()),
        }
    }

    /// Under which keys it can be looked up: pairs of index and key.
    pub fn index_keys(&self) -> Vec<(&'static str, String)> {
        match &self.body {
            Body::Appointment(body) => body.index_keys(),
            Body::Permit(body) => body.index_keys(),
            Body::Calendar(_) => vec![("all", String::new())],
            Body::InspectionType(body) => vec![("calendar", format!("{}|", body.calendar))],
            Body::Block(body) => body.index_keys(),
            Body::Person(body) => body.index_keys(),
            Body::Grant(body) => body.index_keys(),
            Body::ReturnedWork(body) => body.index_keys(),
        }
    }

    /// The words it can be found by.
    pub fn search_text(&self) -> String {
        match &self.body {
            Body::Appointment(body) => body.search_text(),
            Body::Permit(body) => body.search_text(),
            Body::Calendar(_)
            | Body::InspectionType(_)
            | Body::Block(_)
            | Body::Person(_)
            | Body::Grant(_)
            | Body::ReturnedWork(_) => String::new(),
        }
    }
}

macro_rules! bodies {
    ($($variant:ident($type:ty) $(, $boxed:ident)?;)*) => {
        impl Body {
            /// What the body belongs to.
            pub fn kind(&self) -> Kind {
                match self { $(Body::$variant(_) => Kind::$variant,)* }
            }

            /// The body as JSON.
            pub fn to_value(&self) -> Result<Value, serde_json::Error> {
                match self { $(Body::$variant(body) => serde_json::to_value(body),)* }
            }

            /// Reads a body of a kind from JSON. Fields a mask has hidden come back empty.
            pub fn from_json(kind: Kind, text: &str) -> Result<Body, serde_json::Error> {
                match kind { $(Kind::$variant => serde_json::from_str(text).map(Body::$variant),)* }
            }
        }
    };
}

bodies! {
    Appointment(Appointment);
    Permit(Permit);
    Calendar(Calendar);
    InspectionType(InspectionType);
    Block(Block);
    Person(Person);
    Grant(GrantBody);
    ReturnedWork(ReturnedWork);
}

macro_rules! into_body {
    ($($type:ty => $variant:ident $(($boxed:ident))?),* $(,)?) => {$(
        impl From<$type> for Body {
            fn from(body: $type) -> Body {
                Body::$variant($($boxed::new)?(body))
            }
        }
    )*};
}

into_body! {
    Appointment => Appointment(Box),
    Permit => Permit(Box),
    Calendar => Calendar,
    InspectionType => InspectionType,
    Block => Block,
    Person => Person,
    GrantBody => Grant,
    ReturnedWork => ReturnedWork(Box),
}

/// What a record is called on the screen: `B-2026-0143 · Bulevar Artigas 34`.
pub fn title(body: &Body) -> String {
    match body {
        Body::Appointment(visit) if visit.establishment.is_empty() => {
            format!("{} · {}", visit.permit_number, visit.address)
        }
        Body::Appointment(visit) => format!("{} · {}", visit.permit_number, visit.establishment),
        Body::Permit(permit) => format!("{} · {}", permit.number, permit.address),
        Body::Person(person) => person.name.clone(),
        Body::Grant(grant) => match &grant.emergency {
            Some(emergency) => emergency.calendar_name.clone(),
            None => grant.role.to_string(),
        },
        Body::Calendar(calendar) => calendar.name.clone(),
        Body::InspectionType(kind) => kind.name.clone(),
        Body::Block(block) if block.person_name.is_empty() => block.words(),
        Body::Block(block) => format!("{} · {}", block.person_name, block.words()),
        Body::ReturnedWork(work) => work.target_title.clone(),
    }
}

/// A body taken apart into its fields, to be shown through several masks. What a field holds is not looked at, because this is
/// done for every row that travels.
pub struct Fields<'a>(BTreeMap<&'a str, &'a RawValue>);

impl<'a> Fields<'a> {
    /// The fields of a body in JSON; an error says where it is none.
    pub fn of(body: &'a str) -> Result<Fields<'a>, serde_json::Error> {
        Ok(Fields(serde_json::from_str(body)?))
    }

    /// The part that a mask shows, in JSON with its fields in the order of their names.
    pub fn cut(&self, kind: Kind, mask: Mask) -> Result<String, serde_json::Error> {
        let all = views::fields(kind, mask);
        let shown: BTreeMap<_, _> = self.0.iter().filter(|(name, _)| all.shows(name)).collect();
        serde_json::to_string(&shown)
    }
}

/// The part of a body that a mask shows. A body is JSON with its fields in the order of their names, and so is the part;
/// an error says where it is not JSON.
pub fn cut(kind: Kind, mask: Mask, body: &str) -> Result<String, serde_json::Error> {
    Fields::of(body)?.cut(kind, mask)
}

/// The body of a record of a kind as the union of what several views show of it, each as JSON.
pub fn union<T: AsRef<str>>(kind: Kind, shown: &[T]) -> Result<Body, serde_json::Error> {
    if let [only] = shown {
        return Body::from_json(kind, only.as_ref());
    }
    let mut all: BTreeMap<&str, &RawValue> = BTreeMap::new();
    for body in shown {
        let fields: BTreeMap<&str, &RawValue> = serde_json::from_str(body.as_ref())?;
        all.extend(fields);
    }
    Body::from_json(kind, &serde_json::to_string(&all)?)
}

/// Leaves out what is empty, so that a body costs what it says.
pub(crate) fn is_empty<T: Default + PartialEq + Serialize>(value: &T) -> bool {
    *value == T::default()
}
