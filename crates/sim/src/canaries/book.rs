//! Canaries: texts of 128 bits that stand in one place alone, so that a copy anywhere names what it was copied from.

use anyhow::{Result, ensure};
use memchr::memmem::Finder;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// Every canary ends in these digits. They come last because an index of words leaves out of a word what it shares with the
/// one before it.
const END: &str = "ca9a21e5";
/// A canary is known by so many digits before the end.
const KNOWN_BY: usize = 16;

/// What a canary is known by: 64 of its bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Canary(u64);

/// A set of canaries. They are random already, so that nothing has to be hashed.
pub type Canaries = HashSet<Canary, BuildHasherDefault<AsItIs>>;

/// Takes a canary for its own hash.
#[derive(Debug, Default)]
pub struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes
            .iter()
            .fold(self.0, |sum, byte| (sum << 8) | u64::from(*byte));
    }

    fn write_u64(&mut self, bits: u64) {
        self.0 = bits;
    }
}

/// Which canary stands where.
#[derive(Debug, Clone, Default)]
pub struct Book {
    meaning: HashMap<Canary, String>,
}

impl Book {
    /// The canary of a place. The same place has always the same one.
    pub fn plant(&mut self, place: String) -> Result<String> {
        let hash = blake3::hash(place.as_bytes()).to_hex();
        let digits = &hash[..32 - END.len()];
        let canary = Canary(u64::from_str_radix(&digits[digits.len() - KNOWN_BY..], 16)?);
        let before = self.meaning.insert(canary, place);
        ensure!(before.is_none(), "one canary stands for two places: {before:?}");
        Ok(format!("{digits}{END}"))
    }

    /// How many were planted.
    pub fn len(&self) -> usize {
        self.meaning.len()
    }

    /// Where a canary stands.
    pub fn meaning(&self, canary: Canary) -> &str {
        self.meaning.get(&canary).map_or("nowhere", String::as_str)
    }
}

/// Looks for canaries.
#[derive(Debug)]
pub struct Searcher(Finder<'static>);

impl Default for Searcher {
    fn default() -> Searcher {
        Searcher(Finder::new(END))
    }
}

impl Searcher {
    /// The canaries in these bytes, each as often as it stands there.
    pub fn found<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = Canary> + 'a {
        self.0.find_iter(bytes).filter_map(|end| {
            let digits = std::str::from_utf8(bytes.get(end.checked_sub(KNOWN_BY)?..end)?).ok()?;
            u64::from_str_radix(digits, 16).ok().map(Canary)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canary_is_found_whatever_stands_around_it_and_where_an_index_has_left_out_its_beginning() {
        let mut book = Book::default();
        let text = book.plant("the address".to_owned()).expect("planted");
        assert_eq!(text.len(), 32);
        let searcher = Searcher::default();
        for around in [
            text.clone(),
            format!("\"{text}\"7f\0{text}"),
            text[5..].to_owned(),
        ] {
            let found: Canaries = searcher.found(around.as_bytes()).collect();
            assert_eq!(found.len(), 1, "{around}");
            assert!(found.iter().all(|canary| book.meaning(*canary) == "the address"));
        }
        assert_eq!(searcher.found(END.as_bytes()).count(), 0);
        assert!(book.plant("the address".to_owned()).is_err(), "planted twice");
    }
}
