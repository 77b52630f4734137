//! The map under the visits, as GeoJSON small enough to ship with the town.

use serde::Serialize;
use serde_json::{Value, json};

use crate::geography::Geography;
use crate::position::{Position, rounded};

/// A GeoJSON `FeatureCollection` with areas first, then roads from narrow to wide, so that drawing in order is right.
///
/// Every feature has the properties `kind` (`area` or `road`), `class` and `name`; the collection has `bbox` and
/// `attribution`. Buildings are left out: few are mapped here, and a patchwork of them misleads.
pub fn basemap(geography: &Geography) -> Value {
    let areas = geography.areas.iter().map(|area| {
        let rings: Vec<_> = area.rings.iter().map(|ring| coordinates(ring)).collect();
        feature(
            "area",
            &area.class,
            &area.name,
            json!({ "type": "Polygon", "coordinates": rings }),
        )
    });
    let roads = geography.roads.iter().rev().map(|road| {
        feature(
            "road",
            &road.class,
            &road.name,
            json!({ "type": "LineString", "coordinates": coordinates(&road.line) }),
        )
    });
    let bounds = geography.bounds;
    json!({
        "type": "FeatureCollection",
        "bbox": [bounds.west, bounds.south, bounds.east, bounds.north],
        "attribution": geography.attribution,
        "features": areas.chain(roads).collect::<Vec<_>>(),
    })
}

fn feature(kind: &str, class: &impl Serialize, name: &str, geometry: Value) -> Value {
    json!({ "type": "Feature", "properties": { "kind": kind, "class": class, "name": name }, "geometry": geometry })
}

fn coordinates(line: &[Position]) -> Vec<[f64; 2]> {
    line.iter()
        .map(|place| [rounded(place.longitude, 5), rounded(place.latitude, 5)])
        .collect()
}
