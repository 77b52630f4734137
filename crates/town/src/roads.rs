//! Streets and paths, joined from the short pieces the map holds into lines as long as their names last.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::position::Position;
use crate::simplify::simplify;
use crate::tiles::{Feature, Shape};

const TOLERANCE_METRES: f64 = 1.0;

/// A street or path.
#[derive(Debug, Clone, PartialEq)]
pub struct Road {
    /// How it is drawn.
    pub class: RoadClass,
    /// Its name; empty for many paths.
    pub name: String,
    /// Its course.
    pub line: Vec<Position>,
}

/// How a road is drawn, widest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoadClass {
    /// Motorways and trunk roads.
    Motorway,
    /// The avenues across the town.
    Primary,
    /// The main streets of a quarter.
    Secondary,
    /// Ordinary streets.
    Residential,
    /// Everything one walks or cycles on, and service ways.
    Path,
}

impl RoadClass {
    fn of(highway: &str) -> Option<RoadClass> {
        Some(match highway.trim_end_matches("_link") {
            "motorway" | "trunk" => RoadClass::Motorway,
            "primary" => RoadClass::Primary,
            "secondary" | "tertiary" => RoadClass::Secondary,
            "residential" | "unclassified" | "living_street" | "road" => RoadClass::Residential,
            "pedestrian" | "footway" | "path" | "steps" | "cycleway" | "track" | "service" => RoadClass::Path,
            _ => return None,
        })
    }
}

/// The roads among the features, widest first, then by name.
pub(crate) fn among(features: &[Feature]) -> Vec<Road> {
    let mut pieces: BTreeMap<(RoadClass, &str), Vec<&[Position]>> = BTreeMap::new();
    for feature in features {
        if let (Shape::Line(line), Some(class)) =
            (&feature.shape, feature.tag("highway").and_then(RoadClass::of))
            && line.len() > 1
        {
            pieces
                .entry((class, feature.tag("name").unwrap_or_default()))
                .or_default()
                .push(line);
        }
    }
    let joined = pieces.into_iter().flat_map(|((class, name), lines)| {
        join(lines).into_iter().map(move |line| Road {
            class,
            name: name.to_owned(),
            line: simplify(&line, TOLERANCE_METRES),
        })
    });
    joined.collect()
}

/// Puts pieces end to end wherever two of them meet.
fn join(mut pieces: Vec<&[Position]>) -> Vec<Vec<Position>> {
    pieces.sort_by_cached_key(|line| line.iter().map(|place| place.key()).collect::<Vec<_>>());
    pieces.dedup();
    let mut ends: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
    for (index, line) in pieces.iter().enumerate() {
        for end in [line[0], line[line.len() - 1]] {
            ends.entry(end.key()).or_default().push(index);
        }
    }
    let mut used = vec![false; pieces.len()];
    let mut lines = Vec::new();
    for index in 0..pieces.len() {
        if used[index] {
            continue;
        }
        used[index] = true;
        let mut line = pieces[index].to_vec();
        lengthen(&mut line, &pieces, &ends, &mut used);
        line.reverse();
        lengthen(&mut line, &pieces, &ends, &mut used);
        lines.push(line);
    }
    lines
}

fn lengthen(
    line: &mut Vec<Position>,
    pieces: &[&[Position]],
    ends: &BTreeMap<(i64, i64), Vec<usize>>,
    used: &mut [bool],
) {
    while let Some(tail) = line.last().map(|place| place.key()) {
        let Some(next) = ends
            .get(&tail)
            .into_iter()
            .flatten()
            .copied()
            .find(|index| !used[*index])
        else {
            return;
        };
        used[next] = true;
        if pieces[next][0].key() == tail {
            line.extend(pieces[next].iter().skip(1));
        } else {
            line.extend(pieces[next].iter().rev().skip(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_that_meet_become_one_line_whichever_way_they_were_drawn() {
        let place = |x: i32| Position {
            longitude: f64::from(x),
            latitude: 0.0,
        };
        let (a, b, c) = ([place(1), place(2)], [place(3), place(2)], [place(3), place(4)]);
        let joined = join(vec![&b, &c, &a, &a]);
        assert_eq!(joined.len(), 1);
        assert_eq!(joined[0].len(), 4);
    }
}
