//! PNG: chunks, each with its name and sum.

use super::{exif, mentions};
use img_parts::png::{Png, PngChunk};
use img_parts::{Bytes, ImageEXIF as _};

const EXIF: [u8; 4] = *b"eXIf";
const END: [u8; 4] = *b"IEND";
const TEXTS: [[u8; 4]; 3] = [*b"tEXt", *b"zTXt", *b"iTXt"];

/// What is not critical and yet needed to show the image as it is, and when it was made.
const STAY: [[u8; 4]; 18] = [
    *b"tRNS", *b"cHRM", *b"gAMA", *b"iCCP", *b"sBIT", *b"sRGB", *b"cICP", *b"mDCV", *b"cLLI", *b"bKGD",
    *b"hIST", *b"pHYs", *b"sPLT", *b"tIME", *b"acTL", *b"fcTL", *b"fdAT", *b"oFFs",
];

pub fn cleaned(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut png = read(bytes)?;
    let exif = exifs(&png).find_map(exif::cleaned);
    let is_critical = |kind: [u8; 4]| kind[0].is_ascii_uppercase();
    png.chunks_mut()
        .retain(|chunk| is_critical(chunk.kind()) || STAY.contains(&chunk.kind()));
    png.set_exif(exif.map(Bytes::from));
    Some(png.encoder().bytes().to_vec())
}

pub fn tells(bytes: &[u8]) -> Option<bool> {
    let png = read(bytes)?;
    let length: usize = 8 + png.chunks().iter().map(PngChunk::len).sum::<usize>();
    let text = png.chunks().iter().any(text_tells);
    let behind = mentions(bytes.get(length..).unwrap_or_default());
    Some(text || behind || exifs(&png).any(exif::tells))
}

/// Some programs write EXIF and XMP as text, compressed or in digits: that is not read here.
fn text_tells(chunk: &PngChunk) -> bool {
    let contents = chunk.contents();
    TEXTS.contains(&chunk.kind())
        && (contents.starts_with(b"Raw profile type ")
            || (chunk.kind() == *b"iTXt" && contents.starts_with(b"XML:com.adobe.xmp\0\x01"))
            || mentions(contents))
}

fn read(bytes: &[u8]) -> Option<Png> {
    let png = Png::from_bytes(Bytes::copy_from_slice(bytes)).ok()?;
    let is_whole = png.chunks().last().is_some_and(|last| last.kind() == END);
    is_whole.then_some(png)
}

fn exifs(png: &Png) -> impl Iterator<Item = &[u8]> {
    png.chunks_by_type(EXIF).map(|chunk| &chunk.contents()[..])
}
