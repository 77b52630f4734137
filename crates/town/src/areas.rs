//! Parks, beaches and water.

use serde::Serialize;

use crate::position::Position;
use crate::simplify::simplify;
use crate::tiles::{Feature, Shape};

const TOLERANCE_METRES: f64 = 1.0;

/// A piece of ground drawn in one colour.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Its colour.
    pub class: AreaClass,
    /// Its name; often empty.
    pub name: String,
    /// The outer ring, then the holes; each closed.
    pub rings: Vec<Vec<Position>>,
}

/// What an area is, in the order it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AreaClass {
    /// Anything green: parks, squares, lawns, woods, cemeteries.
    Park,
    /// Sand along the shore.
    Beach,
    /// Ponds, canals and streams.
    Water,
}

impl AreaClass {
    fn of(feature: &Feature) -> Option<AreaClass> {
        let natural = feature.tag("natural");
        if natural == Some("water") || feature.tag("waterway") == Some("riverbank") {
            return Some(AreaClass::Water);
        }
        // Not `sand`: here that is the bunkers of the golf course.
        if natural == Some("beach") {
            return Some(AreaClass::Beach);
        }
        let green_leisure = ["park", "garden", "golf_course", "recreation_ground"];
        let green_landuse = ["grass", "forest", "recreation_ground", "meadow", "cemetery"];
        let green = feature
            .tag("leisure")
            .is_some_and(|value| green_leisure.contains(&value))
            || feature
                .tag("landuse")
                .is_some_and(|value| green_landuse.contains(&value));
        green.then_some(AreaClass::Park)
    }
}

/// The areas among the features, in the order they are drawn.
pub(crate) fn among(features: &[Feature]) -> Vec<Area> {
    let mut areas: Vec<Area> = features.iter().filter_map(area).collect();
    areas.sort_by_cached_key(|area| {
        let outline: Vec<_> = area.rings.iter().flatten().map(|place| place.key()).collect();
        (area.class, area.name.clone(), outline)
    });
    areas.dedup();
    areas
}

fn area(feature: &Feature) -> Option<Area> {
    let Shape::Area(rings) = &feature.shape else {
        return None;
    };
    let rings: Vec<_> = rings
        .iter()
        .map(|ring| simplify(ring, TOLERANCE_METRES))
        .filter(|ring| ring.len() > 3)
        .collect();
    let class = AreaClass::of(feature)?;
    (!rings.is_empty()).then(|| Area {
        class,
        name: feature.tag("name").unwrap_or_default().to_owned(),
        rings,
    })
}
