//! The ground the town stands on: one stretch of Montevideo's seafront and what is mapped there.

use std::path::Path;

use anyhow::bail;
use serde::Serialize;

use crate::areas::{self, Area};
use crate::position::{Position, rounded};
use crate::roads::{self, Road};
use crate::tiles::{self, Feature, Shape};

/// From the old centre to Pocitos, about 6 by 5 km: the densest addresses along the shore.
const BOUNDS: Bounds = Bounds {
    west: -56.196,
    south: -34.934,
    east: -56.130,
    north: -34.889,
};

/// Where the tiles lie inside the package that carries them.
const FOLDER_IN_PACKAGE: &str = "real-world/osm-qa-montevideo";

/// Everything read from the map, sorted, so that two readings are equal.
#[derive(Debug, Clone)]
pub struct Geography {
    /// The words that must be shown wherever the map is.
    pub attribution: String,
    /// The box that holds everything below.
    pub bounds: Bounds,
    /// Every numbered door inside the box, each once, sorted by street and number.
    pub addresses: Vec<Address>,
    /// Streets and paths that reach into the box.
    pub roads: Vec<Road>,
    /// Parks, beaches and water that reach into the box. The open sea is not in the data.
    pub areas: Vec<Area>,
}

/// A box in WGS84 degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bounds {
    /// Its least longitude.
    pub west: f64,
    /// Its least latitude.
    pub south: f64,
    /// Its greatest longitude.
    pub east: f64,
    /// Its greatest latitude.
    pub north: f64,
}

impl Bounds {
    /// Whether the place lies inside.
    pub fn contains(&self, place: Position) -> bool {
        (self.west..=self.east).contains(&place.longitude)
            && (self.south..=self.north).contains(&place.latitude)
    }
}

/// A numbered door.
#[derive(Debug, Clone, PartialEq)]
pub struct Address {
    /// The street's full name.
    pub street: String,
    /// The first number on the door, with `BIS` where it has one.
    pub number: String,
    /// Degrees north, to six decimals.
    pub latitude: f64,
    /// Degrees east, to six decimals.
    pub longitude: f64,
}

impl Address {
    /// Where the door is.
    pub fn position(&self) -> Position {
        Position {
            longitude: self.longitude,
            latitude: self.latitude,
        }
    }

    /// The address as one writes it on a letter.
    pub fn text(&self) -> String {
        format!("{} {}", self.street, self.number)
    }
}

/// Reads the map from `source`: the folder of tiles, or the package folder that contains it.
pub fn load(source: &Path) -> anyhow::Result<Geography> {
    let mut tiles = tiles::within(source, &BOUNDS);
    if tiles.is_empty() {
        tiles = tiles::within(&source.join(FOLDER_IN_PACKAGE), &BOUNDS);
    }
    if tiles.is_empty() {
        bail!(
            "no map of the demonstration town in {}. Run `npm ci` in crates/town and give \
             crates/town/node_modules/@mapbox/mvt-fixtures, or give a folder of OSM-QA vector tiles of Montevideo \
             named zoom-x-y.mvt, 12-1408-2472.mvt among them",
            source.display()
        );
    }
    let mut features = Vec::new();
    for tile in tiles {
        features.extend(tile.features()?);
    }
    features.retain(|feature| feature.shape.positions().any(|place| BOUNDS.contains(place)));
    Ok(Geography {
        attribution: "© OpenStreetMap contributors, ODbL".to_owned(),
        bounds: BOUNDS,
        addresses: addresses(&features),
        roads: roads::among(&features),
        areas: areas::among(&features),
    })
}

fn addresses(features: &[Feature]) -> Vec<Address> {
    let mut addresses: Vec<Address> = features.iter().filter_map(address).collect();
    addresses.retain(|address| BOUNDS.contains(address.position()));
    addresses.sort_by_cached_key(|address| {
        let number: u32 = address
            .number
            .trim_end_matches(" BIS")
            .parse()
            .unwrap_or(u32::MAX);
        (
            address.street.clone(),
            number,
            address.number.clone(),
            address.position().key(),
        )
    });
    addresses.dedup_by(|next, kept| next.street == kept.street && next.number == kept.number);
    addresses
}

fn address(feature: &Feature) -> Option<Address> {
    let street = feature.tag("addr:street")?.trim();
    let number = first_number(feature.tag("addr:housenumber")?)?;
    let place = centre(&feature.shape)?;
    (!street.is_empty()).then(|| Address {
        street: street.to_owned(),
        number,
        latitude: rounded(place.latitude, 6),
        longitude: rounded(place.longitude, 6),
    })
}

/// One door often carries many numbers, `2236-2238,2240 BIS`; people use the first.
fn first_number(text: &str) -> Option<String> {
    let first = text.trim().split([',', ';', '-']).next()?.trim();
    let digits: String = first.chars().take_while(char::is_ascii_digit).collect();
    if digits.is_empty() || digits.len() > 5 || digits.starts_with('0') {
        return None;
    }
    Some(if first.ends_with(" BIS") {
        format!("{digits} BIS")
    } else {
        digits
    })
}

fn centre(shape: &Shape) -> Option<Position> {
    let corners: Vec<Position> = match shape {
        Shape::Point(place) => vec![*place],
        // A ring repeats its first corner at the end, which must not count twice.
        Shape::Area(rings) => rings.first()?.iter().skip(1).copied().collect(),
        Shape::Line(_) => return None,
    };
    let count = corners.len() as f64;
    (!corners.is_empty()).then(|| Position {
        longitude: corners.iter().map(|corner| corner.longitude).sum::<f64>() / count,
        latitude: corners.iter().map(|corner| corner.latitude).sum::<f64>() / count,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_door_is_known_by_its_first_number() {
        let check =
            |text: &str, number: Option<&str>| assert_eq!(first_number(text).as_deref(), number, "{text}");
        check("2756", Some("2756"));
        check("2756,2758", Some("2756"));
        check("2236-2238", Some("2236"));
        check("5128 BIS", Some("5128 BIS"));
        check("2931 C,2931 BIS", Some("2931"));
        check("4813;4817", Some("4813"));
        check("S/N", None);
        check("0", None);
    }

    #[test]
    fn a_missing_map_is_named_with_the_way_to_get_it() {
        let error = load(Path::new("nowhere/at-all"))
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default();
        assert!(
            error.contains("nowhere/at-all") && error.contains("npm ci"),
            "{error}"
        );
    }
}
