//! Leaves out corners nobody would miss.

use crate::position::Position;

/// Drops corners that lie within `tolerance_metres` of the line without them (Douglas-Peucker).
pub(crate) fn simplify(line: &[Position], tolerance_metres: f64) -> Vec<Position> {
    if line.len() < 3 {
        return line.to_vec();
    }
    let mut kept = vec![false; line.len()];
    kept[0] = true;
    kept[line.len() - 1] = true;
    let mut stretches = vec![(0, line.len() - 1)];
    while let Some((first, last)) = stretches.pop() {
        let Some((corner, distance)) = farthest(line, first, last) else {
            continue;
        };
        if distance > tolerance_metres {
            kept[corner] = true;
            stretches.push((first, corner));
            stretches.push((corner, last));
        }
    }
    line.iter()
        .zip(kept)
        .filter_map(|(place, kept)| kept.then_some(*place))
        .collect()
}

fn farthest(line: &[Position], first: usize, last: usize) -> Option<(usize, f64)> {
    (first + 1..last)
        .map(|corner| (corner, distance(line[corner], line[first], line[last])))
        .max_by(|a, b| a.1.total_cmp(&b.1))
}

/// Metres from `place` to the straight stretch between `from` and `to`.
fn distance(place: Position, from: Position, to: Position) -> f64 {
    let (along_x, along_y) = from.metres_east_north_to(to);
    let (x, y) = from.metres_east_north_to(place);
    let length_squared = along_x * along_x + along_y * along_y;
    if length_squared == 0.0 {
        return x.hypot(y);
    }
    let share = ((x * along_x + y * along_y) / length_squared).clamp(0.0, 1.0);
    (x - share * along_x).hypot(y - share * along_y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_street_keeps_its_ends_and_a_bend_its_corner() {
        let place = |longitude, latitude| Position { longitude, latitude };
        let straight = [place(0.0, 0.0), place(0.001, 0.0), place(0.002, 0.0)];
        assert_eq!(simplify(&straight, 1.0), [straight[0], straight[2]]);
        let bent = [place(0.0, 0.0), place(0.001, 0.001), place(0.002, 0.0)];
        assert_eq!(simplify(&bent, 1.0), bent);
    }
}
