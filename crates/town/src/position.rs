//! A place on the ground, and how far it is from another.

const METRES_PER_DEGREE: f64 = 111_320.0;

/// A place in WGS84 degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Degrees east.
    pub longitude: f64,
    /// Degrees north.
    pub latitude: f64,
}

impl Position {
    /// Distance in metres, flat-earth: exact enough inside one town.
    pub fn metres_to(self, other: Position) -> f64 {
        let (x, y) = self.metres_east_north_to(other);
        x.hypot(y)
    }

    /// The offset to `other` in metres east and north.
    pub(crate) fn metres_east_north_to(self, other: Position) -> (f64, f64) {
        let shrink = self.latitude.to_radians().cos();
        let east = (other.longitude - self.longitude) * METRES_PER_DEGREE * shrink;
        let north = (other.latitude - self.latitude) * METRES_PER_DEGREE;
        (east, north)
    }

    /// Whole ten-millionths of a degree, so that equal places compare equal and sort.
    pub(crate) fn key(self) -> (i64, i64) {
        (
            (self.longitude * 1e7).round() as i64,
            (self.latitude * 1e7).round() as i64,
        )
    }
}

/// Rounds degrees to `decimals` places.
pub(crate) fn rounded(degrees: f64, decimals: i32) -> f64 {
    let unit = 10f64.powi(decimals);
    (degrees * unit).round() / unit
}
