//! The proof after a sync: per view a count and a sum that does not depend on order, kept up as rows come and go.

use policy::RecordId;
use serde::{Deserialize, Serialize};

/// A 128-bit sum of row hashes, modulo 2^128; on the wire it is hexadecimal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum(pub u128);

/// How many rows, and their sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tally {
    pub count: u64,
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub sum: Sum,
}

/// The hash of one row: its id and the body as it was cut.
pub fn row_hash(id: &RecordId, body: &str) -> Sum {
    let mut hasher = blake3::Hasher::new();
    hasher.update(id.as_str().as_bytes());
    hasher.update(&[0]);
    hasher.update(body.as_bytes());
    let mut bits = [0; 16];
    bits.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    Sum(u128::from_le_bytes(bits))
}

impl Sum {
    /// The sum as stored.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }

    /// A stored sum; anything but 16 bytes counts as nothing, which the next tally then shows.
    pub fn from_bytes(bytes: &[u8]) -> Sum {
        bytes
            .try_into()
            .map(|bits| Sum(u128::from_le_bytes(bits)))
            .unwrap_or_default()
    }
}

impl Tally {
    /// Counts a row in.
    pub fn add(&mut self, hash: Sum) {
        self.count += 1;
        self.sum.0 = self.sum.0.wrapping_add(hash.0);
    }

    /// Counts a row out.
    pub fn remove(&mut self, hash: Sum) {
        self.count = self.count.saturating_sub(1);
        self.sum.0 = self.sum.0.wrapping_sub(hash.0);
    }

    /// Both together.
    pub fn and(self, other: Tally) -> Tally {
        Tally {
            count: self.count + other.count,
            sum: Sum(self.sum.0.wrapping_add(other.sum.0)),
        }
    }
}

impl Serialize for Sum {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{:032x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Sum {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Sum, D::Error> {
        let text = String::deserialize(deserializer)?;
        u128::from_str_radix(&text, 16)
            .map(Sum)
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_forgets_what_is_taken_out_in_any_order() {
        let hashes: Vec<Sum> = (0..5)
            .map(|n| row_hash(&RecordId::parse(format!("r{n}")).expect("an id"), "{}"))
            .collect();
        let mut tally = Tally::default();
        hashes.iter().for_each(|hash| tally.add(*hash));
        hashes.iter().rev().for_each(|hash| tally.remove(*hash));
        assert_eq!(tally, Tally::default());
    }
}
