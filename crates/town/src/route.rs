//! Which doors lie near each other, and a short way past them.

use crate::position::Position;

/// Puts places in an order one would drive: each the nearest to the one before, beginning in the north-west, then
/// with crossings taken out. Returns indices into `places`.
pub(crate) fn order(places: &[Position]) -> Vec<usize> {
    let mut left: Vec<usize> = (0..places.len()).collect();
    left.sort_by(|a, b| west_of_north(places[*a]).total_cmp(&west_of_north(places[*b])));
    let mut route = Vec::with_capacity(places.len());
    let mut next = (!left.is_empty()).then_some(0);
    while let Some(position) = next {
        let here = left.remove(position);
        route.push(here);
        next = (0..left.len()).min_by(|a, b| {
            places[here]
                .metres_to(places[left[*a]])
                .total_cmp(&places[here].metres_to(places[left[*b]]))
        });
    }
    without_crossings(&mut route, places);
    route
}

fn west_of_north(place: Position) -> f64 {
    place.longitude - place.latitude
}

/// Turns a stretch of the way around as long as that makes it shorter (2-opt).
fn without_crossings(route: &mut [usize], places: &[Position]) {
    let mut shortened = true;
    while shortened {
        shortened = false;
        for first in 0..route.len() {
            for last in first + 1..route.len() {
                let before = length(route, places);
                route[first..=last].reverse();
                if length(route, places) < before - 0.01 {
                    shortened = true;
                } else {
                    route[first..=last].reverse();
                }
            }
        }
    }
}

/// The length of the way in metres.
fn length(route: &[usize], places: &[Position]) -> f64 {
    route
        .windows(2)
        .map(|pair| places[pair[0]].metres_to(places[pair[1]]))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_street_is_walked_from_one_end_to_the_other() {
        let places = [3, 1, 4, 0, 2].map(|x| Position {
            longitude: f64::from(x) * 0.001,
            latitude: -34.9,
        });
        assert_eq!(order(&places), [3, 1, 4, 0, 2]);
    }

    #[test]
    fn no_places_need_no_way() {
        assert!(order(&[]).is_empty());
    }
}
