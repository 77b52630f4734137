//! EXIF: a small tree of fields, the same in every kind of file.

use exif::experimental::Writer;
use exif::{Context, Exif, In, Reader, Tag};
use std::io::Cursor;

/// What stands before it in a JPEG, and sometimes elsewhere.
pub const PREFIX: &[u8] = b"Exif\0\0";

/// What stays of it.
const KEPT: [Tag; 9] = [
    Tag::Orientation,
    Tag::Make,
    Tag::Model,
    Tag::DateTime,
    Tag::DateTimeOriginal,
    Tag::DateTimeDigitized,
    Tag::OffsetTime,
    Tag::OffsetTimeOriginal,
    Tag::ColorSpace,
];

/// What may stay of it; none where that is nothing.
pub fn cleaned(bytes: &[u8]) -> Option<Vec<u8>> {
    let exif = read(bytes)?;
    let mut writer = Writer::new();
    let kept: Vec<_> = KEPT
        .iter()
        .filter_map(|tag| exif.get_field(*tag, In::PRIMARY))
        .collect();
    if kept.is_empty() {
        return None;
    }
    for field in kept {
        writer.push_field(field);
    }
    let mut written = Cursor::new(Vec::new());
    writer.write(&mut written, exif.little_endian()).ok()?;
    Some(written.into_inner())
}

/// Whether it tells a place. What cannot be read here, to its end, may be read elsewhere.
pub fn tells(bytes: &[u8]) -> bool {
    let is_place = |exif: Exif| exif.fields().any(|field| field.tag.context() == Context::Gps);
    Reader::new().read_raw(block(bytes)).map_or(true, is_place)
}

/// What can be read of it.
fn read(bytes: &[u8]) -> Option<Exif> {
    Reader::new()
        .continue_on_error(true)
        .read_raw(block(bytes))
        .or_else(|error| error.distill_partial_result(|_| {}))
        .ok()
}

fn block(bytes: &[u8]) -> Vec<u8> {
    bytes.strip_prefix(PREFIX).unwrap_or(bytes).to_vec()
}
