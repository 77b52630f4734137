//! What a person may be shown at a moment, as canaries, read from the office's records past its engines.

use super::book::{Canaries, Canary, Searcher};
use super::town::{Photos, Planted};
use crate::standing::standing;
use crate::world::World;
use anyhow::Result;
use domain::{Body, Record};
use policy::views::{Mask, View, fields, of_actor};
use policy::{Kind, PersonId, RecordId};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// A record as a view shows it.
pub type Place = (View, RecordId);

/// What one person may be shown.
#[derive(Default)]
pub struct Shown {
    pub views: BTreeSet<View>,
    pub rows: Vec<(Place, Rc<Canaries>)>,
    /// What they are told of themselves.
    pub standing: Canaries,
}

impl Shown {
    /// Whether this visit's photos are among it.
    pub fn has_photos_of(&self, visit: &RecordId) -> bool {
        self.rows
            .iter()
            .any(|((view, id), _)| id == visit && fields(Kind::Appointment, view.mask).shows("photos"))
    }

    /// The canaries of all rows.
    pub fn in_rows(&self) -> Canaries {
        self.rows
            .iter()
            .flat_map(|(_, shown)| shown.iter().copied())
            .collect()
    }
}

/// A memory of the office's records, read again when they have changed.
#[derive(Default)]
pub struct Sight {
    searcher: Searcher,
    /// The number of the office they were read at.
    read_at: Option<i64>,
    rows: HashMap<View, Vec<(RecordId, Rc<Canaries>)>>,
    /// Those that make up somebody's standing.
    people: Vec<Record>,
    /// By revision and mask: a record that was not written again shows the same.
    cut: HashMap<(RecordId, i64, Mask), Rc<Canaries>>,
}

impl Sight {
    /// What a person may be shown now.
    pub fn of(&mut self, world: &mut World, town: &Planted, person: &PersonId) -> Result<Shown> {
        let number = world.number()?;
        if self.read_at != Some(number) {
            self.read(world, town)?;
            self.read_at = Some(number);
        }
        let now = world.now;
        let actor = {
            let mut tx = world.office.read()?;
            world.truth.actor(&mut tx, person, (0, now))?
        };
        let views = of_actor(&actor);
        let of_view = |view: &View| {
            let rows = self.rows.get(view).into_iter().flatten();
            let view = view.clone();
            rows.map(move |(id, shown)| ((view.clone(), id.clone()), Rc::clone(shown)))
        };
        let told = standing(&self.people, person, now);
        Ok(Shown {
            rows: views.iter().flat_map(of_view).collect(),
            standing: self.canaries(told.join(" ").as_bytes()).collect(),
            views,
        })
    }

    /// The canaries in these bytes.
    pub fn canaries<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = Canary> + 'a {
        self.searcher.found(bytes)
    }

    fn read(&mut self, world: &mut World, town: &Planted) -> Result<()> {
        self.rows.clear();
        self.people.clear();
        let mut tx = world.office.read()?;
        for id in world.truth.everything(&mut tx)? {
            let known = world.truth.read(&id)?;
            let kind = known.record.kind();
            if matches!(kind, Kind::Person | Kind::Grant | Kind::Calendar) {
                self.people.push(known.record.clone());
            }
            for view in known.views.clone() {
                let key = (id.clone(), known.record.revision, view.mask);
                let shown = match self.cut.get(&key) {
                    Some(shown) => Rc::clone(shown),
                    None => {
                        let mut shown: Canaries =
                            self.searcher.found(known.shown(view.mask)?.as_bytes()).collect();
                        if fields(kind, view.mask).shows("photos") {
                            let bytes = photos(&known.record.body, &town.photos);
                            shown.extend(bytes.flat_map(|text| self.searcher.found(text.as_bytes())));
                        }
                        let shown = Rc::new(shown);
                        self.cut.insert(key, Rc::clone(&shown));
                        shown
                    }
                };
                self.rows.entry(view).or_default().push((id.clone(), shown));
            }
        }
        Ok(())
    }
}

/// The bytes of the photos that a record names.
fn photos<'a>(body: &'a Body, at_office: &'a Photos) -> impl Iterator<Item = &'a String> {
    let photos = match body {
        Body::Appointment(visit) => visit.photos.as_slice(),
        _ => &[],
    };
    let known = photos.iter().filter_map(|photo| at_office.get(&photo.hash));
    known.map(|(_, bytes)| bytes)
}
