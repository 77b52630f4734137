//! Reads a folder of OSM-QA vector tiles and gives their features in degrees. Knows nothing of towns.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use geo_types::{Coord, Geometry, LineString};
use mvt_reader::Reader;
use mvt_reader::feature::Value;

use crate::geography::Bounds;
use crate::position::Position;

/// One mapped thing: its tags and its shape.
pub(crate) struct Feature {
    tags: HashMap<String, Value>,
    pub(crate) shape: Shape,
}

/// A shape in degrees.
pub(crate) enum Shape {
    Point(Position),
    Line(Vec<Position>),
    /// The outer ring first, then its holes.
    Area(Vec<Vec<Position>>),
}

impl Feature {
    /// The text of a tag; other kinds of value count as absent.
    pub(crate) fn tag(&self, key: &str) -> Option<&str> {
        match self.tags.get(key) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }
}

impl Shape {
    /// Every corner of the shape, holes included.
    pub(crate) fn positions(&self) -> Box<dyn Iterator<Item = Position> + '_> {
        match self {
            Shape::Point(position) => Box::new(std::iter::once(*position)),
            Shape::Line(line) => Box::new(line.iter().copied()),
            Shape::Area(rings) => Box::new(rings.iter().flatten().copied()),
        }
    }
}

/// The tile files in `folder` that touch `bounds`, in order of their place; none if the folder is not there.
pub(crate) fn within(folder: &Path, bounds: &Bounds) -> Vec<Tile> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut tiles: Vec<Tile> = entries
        .filter_map(|entry| Tile::named(entry.path()))
        .filter(|tile| tile.touches(bounds))
        .collect();
    tiles.sort_by_key(|tile| (tile.zoom, tile.x, tile.y));
    tiles
}

/// A tile file and its place, which its name tells.
pub(crate) struct Tile {
    path: PathBuf,
    zoom: u32,
    x: u32,
    y: u32,
}

impl Tile {
    /// Reads the place from a name of the form `12-1408-2472.mvt`.
    fn named(path: PathBuf) -> Option<Tile> {
        if path.extension()?.to_str()? != "mvt" {
            return None;
        }
        let numbers: Vec<u32> = path
            .file_stem()?
            .to_str()?
            .split('-')
            .map_while(|part| part.parse().ok())
            .collect();
        let [zoom, x, y] = numbers[..] else {
            return None;
        };
        (zoom < 24).then_some(Tile { path, zoom, x, y })
    }

    fn touches(&self, bounds: &Bounds) -> bool {
        let north_west = self.position(0.0, 0.0);
        let south_east = self.position(1.0, 1.0);
        north_west.longitude < bounds.east
            && south_east.longitude > bounds.west
            && north_west.latitude > bounds.south
            && south_east.latitude < bounds.north
    }

    /// Decodes every feature of every layer.
    pub(crate) fn features(&self) -> anyhow::Result<Vec<Feature>> {
        let bytes =
            fs::read(&self.path).with_context(|| format!("could not read {}", self.path.display()))?;
        self.decode(bytes)
            .map_err(|error| anyhow!("{} is not a readable vector tile: {error}", self.path.display()))
    }

    fn decode(&self, bytes: Vec<u8>) -> Result<Vec<Feature>, mvt_reader::error::ParserError> {
        let reader = Reader::new(bytes)?;
        let mut features = Vec::new();
        for layer in reader.get_layer_metadata()? {
            let place = Place {
                tile: self,
                extent: f64::from(layer.extent),
            };
            for feature in reader.get_features_as::<i32>(layer.layer_index)? {
                let tags = feature.properties.unwrap_or_default();
                let shapes = place.shapes(feature.geometry);
                features.extend(shapes.into_iter().map(|shape| Feature {
                    tags: tags.clone(),
                    shape,
                }));
            }
        }
        Ok(features)
    }

    /// Degrees of a point given as fractions of the tile, from its north-west corner.
    fn position(&self, right: f64, down: f64) -> Position {
        let tiles_across = f64::from(1u32 << self.zoom);
        let x = (f64::from(self.x) + right) / tiles_across;
        let y = (f64::from(self.y) + down) / tiles_across;
        let latitude = (std::f64::consts::PI * (1.0 - 2.0 * y)).sinh().atan();
        Position {
            longitude: x * 360.0 - 180.0,
            latitude: latitude.to_degrees(),
        }
    }
}

/// Turns one layer's whole numbers into degrees.
struct Place<'a> {
    tile: &'a Tile,
    extent: f64,
}

impl Place<'_> {
    fn shapes(&self, geometry: Geometry<i32>) -> Vec<Shape> {
        match geometry {
            Geometry::Point(point) => vec![Shape::Point(self.position(point.0))],
            Geometry::MultiPoint(points) => points
                .0
                .into_iter()
                .map(|point| Shape::Point(self.position(point.0)))
                .collect(),
            Geometry::LineString(line) => vec![Shape::Line(self.line(&line))],
            Geometry::MultiLineString(lines) => {
                lines.0.iter().map(|line| Shape::Line(self.line(line))).collect()
            }
            Geometry::Polygon(polygon) => vec![self.area(&polygon)],
            Geometry::MultiPolygon(polygons) => polygons.0.iter().map(|polygon| self.area(polygon)).collect(),
            _ => Vec::new(),
        }
    }

    fn area(&self, polygon: &geo_types::Polygon<i32>) -> Shape {
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        Shape::Area(rings.map(|ring| self.line(ring)).collect())
    }

    fn line(&self, line: &LineString<i32>) -> Vec<Position> {
        line.0.iter().map(|corner| self.position(*corner)).collect()
    }

    fn position(&self, corner: Coord<i32>) -> Position {
        self.tile.position(
            f64::from(corner.x) / self.extent,
            f64::from(corner.y) / self.extent,
        )
    }
}
