//! WebP: chunks of a RIFF file, the first of which may say which others there are.

use super::{exif, mentions};
use img_parts::riff::RiffChunk;
use img_parts::webp::{
    CHUNK_ALPH, CHUNK_ANIM, CHUNK_ANMF, CHUNK_EXIF, CHUNK_ICCP, CHUNK_VP8, CHUNK_VP8L, CHUNK_VP8X, CHUNK_XMP,
    WebP,
};
use img_parts::{Bytes, ImageEXIF as _};

/// What is needed to show the image as it is.
const STAY: [[u8; 4]; 7] = [
    CHUNK_VP8X, CHUNK_ICCP, CHUNK_ANIM, CHUNK_ANMF, CHUNK_ALPH, CHUNK_VP8, CHUNK_VP8L,
];

pub fn cleaned(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut webp = read(bytes)?;
    let exif = chunks(&webp, CHUNK_EXIF).find_map(exif::cleaned);
    webp.chunks_mut().retain(|chunk| STAY.contains(&chunk.id()));
    webp.set_exif(exif.map(Bytes::from));
    Some(webp.encoder().bytes().to_vec())
}

pub fn tells(bytes: &[u8]) -> Option<bool> {
    let webp = read(bytes)?;
    let known = |chunk: &&RiffChunk| STAY.contains(&chunk.id()) || chunk.id() == CHUNK_EXIF;
    let unknown = webp.chunks().iter().filter(|chunk| !known(chunk));
    let mut told = chunks(&webp, CHUNK_EXIF).any(exif::tells);
    for chunk in unknown {
        told |= chunk.id() == CHUNK_XMP && chunk.content().data().is_none();
        told |= chunk.content().data().is_some_and(|data| mentions(data));
    }
    let length = usize::try_from(webp.len()).ok()?;
    Some(told || mentions(bytes.get(length..).unwrap_or_default()))
}

fn read(bytes: &[u8]) -> Option<WebP> {
    WebP::from_bytes(Bytes::copy_from_slice(bytes)).ok()
}

fn chunks(webp: &WebP, id: [u8; 4]) -> impl Iterator<Item = &[u8]> {
    webp.chunks_by_id(id)
        .filter_map(|chunk| chunk.content().data().map(|data| &data[..]))
}
