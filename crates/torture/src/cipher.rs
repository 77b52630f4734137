//! An independent reading of an encrypted file: every page is decrypted as it lies on the disk, free and unused space
//! included, with nothing of the product's own. AES-256 in CBC mode, the vector and a seal in the last 80 bytes of each page.

use anyhow::{Result, ensure};
use std::path::Path;

const PAGE: usize = 4096;
const RESERVED: usize = 80;

/// All the plain text of a file and of its journal.
pub fn opened(path: &Path, key: &[u8; 32]) -> Result<Vec<u8>> {
    let aes = Aes256::new(key);
    let mut plain = Vec::new();
    let bytes = std::fs::read(path)?;
    ensure!(bytes.len() % PAGE == 0, "{} is not whole pages", path.display());
    for (number, page) in bytes.chunks(PAGE).enumerate() {
        plain.extend(aes.page(page, number == 0));
    }
    let journal = path.with_file_name(format!(
        "{}-wal",
        path.file_name().unwrap_or_default().to_string_lossy()
    ));
    if let Ok(bytes) = std::fs::read(journal) {
        let frames = bytes.get(32..).unwrap_or_default();
        for frame in frames.chunks_exact(24 + PAGE) {
            let number = u32::from_be_bytes([frame[0], frame[1], frame[2], frame[3]]);
            plain.extend(aes.page(&frame[24..], number == 1));
        }
    }
    Ok(plain)
}

/// Every byte of a file, its journal and whatever else lies in its folder, as it is.
pub fn raw(folder: &Path) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        all.extend(std::fs::read(entry?.path())?);
    }
    Ok(all)
}

pub fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

struct Aes256 {
    rounds: [[u8; 16]; 15],
    inverse: [u8; 256],
}

fn twice(x: u8) -> u8 {
    (x << 1) ^ if x & 0x80 == 0 { 0 } else { 0x1b }
}

fn times(mut a: u8, mut b: u8) -> u8 {
    let mut product = 0;
    while b > 0 {
        if b & 1 == 1 {
            product ^= a;
        }
        a = twice(a);
        b >>= 1;
    }
    product
}

/// The substitution of AES, from its definition.
fn substitution() -> [u8; 256] {
    let mut table = [0; 256];
    for (x, entry) in (0..=255_u8).zip(table.iter_mut()) {
        let inverse = (1..=255_u8).find(|y| times(x, *y) == 1).unwrap_or(0);
        *entry = (0..5).fold(0x63, |sum, turn| sum ^ inverse.rotate_left(turn));
    }
    table
}

impl Aes256 {
    fn new(key: &[u8; 32]) -> Aes256 {
        let forward = substitution();
        let mut inverse = [0; 256];
        for (x, y) in (0..=255_u8).zip(forward) {
            inverse[usize::from(y)] = x;
        }
        let mut words: Vec<[u8; 4]> = key
            .chunks_exact(4)
            .map(|word| [word[0], word[1], word[2], word[3]])
            .collect();
        let mut constant = 1;
        for n in 8..60 {
            let mut word = words[n - 1];
            if n % 8 == 0 {
                word.rotate_left(1);
            }
            if n % 4 == 0 {
                word = word.map(|byte| forward[usize::from(byte)]);
            }
            if n % 8 == 0 {
                word[0] ^= constant;
                constant = twice(constant);
            }
            let before = words[n - 8];
            words.push([0, 1, 2, 3].map(|i| word[i] ^ before[i]));
        }
        let mut rounds = [[0; 16]; 15];
        for (n, word) in words.iter().enumerate() {
            rounds[n / 4][n % 4 * 4..][..4].copy_from_slice(word);
        }
        Aes256 { rounds, inverse }
    }

    fn block(&self, block: &[u8]) -> [u8; 16] {
        let mut state = [0; 16];
        state.copy_from_slice(block);
        for round in (0..14).rev() {
            let key = &self.rounds[round + 1];
            for (byte, key) in state.iter_mut().zip(key) {
                *byte ^= key;
            }
            if round < 13 {
                for column in state.chunks_exact_mut(4) {
                    let c = [column[0], column[1], column[2], column[3]];
                    for (row, byte) in column.iter_mut().enumerate() {
                        let factors = [14, 11, 13, 9];
                        *byte = (0..4).fold(0, |sum, i| sum ^ times(c[i], factors[(i + 4 - row) % 4]));
                    }
                }
            }
            let before = state;
            for (n, byte) in state.iter_mut().enumerate() {
                let (column, row) = (n / 4, n % 4);
                *byte = self.inverse[usize::from(before[(column + 4 - row) % 4 * 4 + row])];
            }
        }
        for (byte, key) in state.iter_mut().zip(&self.rounds[0]) {
            *byte ^= key;
        }
        state
    }

    fn page(&self, page: &[u8], first: bool) -> Vec<u8> {
        // The first page begins with the salt instead of the usual header.
        let begin = if first { 16 } else { 0 };
        let end = PAGE - RESERVED;
        let mut vector = page[end..end + 16].to_vec();
        let mut plain = Vec::with_capacity(PAGE);
        for block in page[begin..end].chunks_exact(16) {
            plain.extend(
                self.block(block)
                    .iter()
                    .zip(&vector)
                    .map(|(byte, vector)| byte ^ vector),
            );
            vector = block.to_vec();
        }
        plain
    }
}

#[cfg(test)]
#[test]
fn the_reading_agrees_with_the_published_example() {
    // FIPS 197, appendix C.3.
    let key: [u8; 32] = std::array::from_fn(|n| u8::try_from(n).expect("below 256"));
    let sealed = [
        0x8e, 0xa2, 0xb7, 0xca, 0x51, 0x67, 0x45, 0xbf, 0xea, 0xfc, 0x49, 0x90, 0x4b, 0x49, 0x60, 0x89,
    ];
    let plain: [u8; 16] = std::array::from_fn(|n| u8::try_from(n * 0x11).expect("below 256"));
    assert_eq!(Aes256::new(&key).block(&sealed), plain);
}
