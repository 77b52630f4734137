//! JPEG: segments, the image in one or more scans between them, an end mark, and whatever a camera put behind it.

use super::{exif, mentions};

const APP0: u8 = 0xe0;
const EXIF_AND_XMP: u8 = 0xe1;
const APP2: u8 = 0xe2;
const APP14: u8 = 0xee;
const REMARK: u8 = 0xfe;
const END: u8 = 0xd9;
const START: &[u8] = b"\xff\xd8";

/// A piece of the file.
struct Part<'a> {
    /// None for a run of the image itself.
    marker: Option<u8>,
    /// All of it, with what leads it in.
    whole: &'a [u8],
}

impl Part<'_> {
    /// What a segment holds, after its length.
    fn contents(&self) -> &[u8] {
        self.whole.get(4..).unwrap_or_default()
    }

    fn is_exif(&self) -> bool {
        self.marker == Some(EXIF_AND_XMP) && self.contents().starts_with(exif::PREFIX)
    }

    /// Whether it is needed to show the image as it is.
    fn stays(&self) -> bool {
        match self.marker {
            Some(APP0) => self.contents().starts_with(b"JFIF\0"),
            Some(APP2) => self.contents().starts_with(b"ICC_PROFILE\0"),
            Some(APP14) => self.contents().starts_with(b"Adobe"),
            Some(0xe0..=0xef | REMARK) => false,
            _ => true,
        }
    }
}

pub fn cleaned(bytes: &[u8]) -> Option<Vec<u8>> {
    let (parts, _) = parts(bytes)?;
    let mut exif = parts.iter().filter(|part| part.is_exif()).map(Part::contents);
    let mut written = START.to_vec();
    if let Some(exif) = exif.find_map(exif::cleaned) {
        let contents = [exif::PREFIX, &exif].concat();
        written.extend([0xff, EXIF_AND_XMP]);
        written.extend(u16::try_from(contents.len() + 2).ok()?.to_be_bytes());
        written.extend(contents);
    }
    for part in parts.iter().filter(|part| part.stays()) {
        written.extend(part.whole);
    }
    Some(written)
}

pub fn tells(bytes: &[u8]) -> Option<bool> {
    let (parts, behind) = parts(bytes)?;
    let told = |part: &Part<'_>| {
        if part.is_exif() {
            exif::tells(part.contents())
        } else {
            !part.stays() && mentions(part.contents())
        }
    };
    Some(mentions(behind) || parts.iter().any(told))
}

/// The parts up to the end mark, and what lies behind it; none where there is no end.
fn parts(bytes: &[u8]) -> Option<(Vec<Part<'_>>, &[u8])> {
    let mut rest = bytes.strip_prefix(START)?;
    let mut found = Vec::new();
    loop {
        let (image, next) = rest.split_at(rest.iter().position(|byte| *byte == 0xff)?);
        if !image.is_empty() {
            found.push(Part {
                marker: None,
                whole: image,
            });
        }
        let (marker, length) = match *next.get(1)? {
            // A mark may be led in by more than one of these.
            0xff => (None, 1),
            0x00 | 0x01 | 0xd0..=0xd7 => (None, 2),
            END => (Some(END), 2),
            marker => {
                let length = u16::from_be_bytes([*next.get(2)?, *next.get(3)?]);
                (Some(marker), 2 + usize::from(length))
            }
        };
        let (whole, after) = next.split_at_checked(length)?;
        found.push(Part { marker, whole });
        if marker == Some(END) {
            return Some((found, after));
        }
        rest = after;
    }
}
