//! Dice that fall the same way every time: splitmix64, seeded, with a stream of its own for each subject.

/// A seeded stream of numbers.
pub(crate) struct Chance(u64);

impl Chance {
    /// The stream for one subject, so that asking more of one subject does not change another.
    pub(crate) fn about(subject: &str, seed: u64) -> Chance {
        let hash = subject.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        let mut mixed = Chance(seed);
        Chance(mixed.next() ^ hash)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A whole number in `0..below`, or 0 when `below` is 0.
    pub(crate) fn below(&mut self, below: usize) -> usize {
        // The upper half of a wide product is even over the range without a division.
        ((u128::from(self.next()) * below as u128) >> 64) as usize
    }

    /// A whole number from `from` to `to`, both included.
    pub(crate) fn between(&mut self, from: u32, to: u32) -> u32 {
        from + self.below((to - from) as usize + 1) as u32
    }

    /// True `percent` times in a hundred.
    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of the choices, which must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// Puts the items in an order of no pattern.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}
