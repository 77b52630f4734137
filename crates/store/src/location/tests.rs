//! Photos as cameras write them, with a place in each of the places for it.

use super::*;
use crate::picture::Picture;
use ::exif::experimental::Writer;
use ::exif::{Context, Field, In, Rational, Tag, Value};
use image::RgbImage;
use img_parts::jpeg::{Jpeg, JpegSegment, markers};
use img_parts::png::{Png, PngChunk};
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::{CHUNK_XMP, WebP};
use img_parts::{Bytes, ImageEXIF as _};
use std::io::Cursor;

const FORMATS: [ImageFormat; 3] = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP];
const XMP: &[u8] = b"<x:xmpmeta><rdf:Description exif:GPSLatitude='34,54.3S'/></x:xmpmeta>";
/// Words that stand in what must go.
const RARE: &[u8] = b"maker-7c1e";

fn encoded(format: ImageFormat) -> Vec<u8> {
    let picture = RgbImage::from_fn(160, 120, |x, y| {
        let [x, y] = [x, y].map(|at| u8::try_from(at).unwrap_or(u8::MAX));
        image::Rgb([x, y, x ^ y])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("it is encoded");
    bytes.into_inner()
}

fn field(tag: Tag, value: Value) -> Field {
    Field {
        tag,
        ifd_num: In::PRIMARY,
        value,
    }
}

/// EXIF that was taken sideways, with a place or without one.
fn exif_block(with_place: bool) -> Bytes {
    let degrees = |whole| Value::Rational([(whole, 1), (54, 1), (30, 10)].map(Rational::from).to_vec());
    let ascii = |text: &[u8]| Value::Ascii(vec![text.to_vec()]);
    let mut fields = vec![
        field(Tag::Orientation, Value::Short(vec![6])),
        field(Tag::DateTimeOriginal, ascii(b"2026:11:22 09:30:00")),
        field(Tag::MakerNote, Value::Undefined(RARE.to_vec(), 0)),
    ];
    if with_place {
        fields.extend([
            field(Tag::GPSLatitudeRef, ascii(b"S")),
            field(Tag::GPSLatitude, degrees(34)),
            field(Tag::GPSLongitude, degrees(56)),
        ]);
    }
    let mut writer = Writer::new();
    for field in &fields {
        writer.push_field(field);
    }
    let mut bytes = Cursor::new(Vec::new());
    writer.write(&mut bytes, true).expect("it is written");
    bytes.into_inner().into()
}

fn with_exif(format: ImageFormat, exif: Option<Bytes>) -> Vec<u8> {
    let plain = Bytes::from(encoded(format));
    let mut image = img_parts::DynImage::from_bytes(plain)
        .expect("it is read")
        .expect("it is known");
    image.set_exif(exif);
    image.encoder().bytes().to_vec()
}

fn with_xmp(format: ImageFormat) -> Vec<u8> {
    let plain = Bytes::from(encoded(format));
    match format {
        ImageFormat::Jpeg => {
            let mut jpeg = Jpeg::from_bytes(plain).expect("a JPEG");
            let packet = [b"http://ns.adobe.com/xap/1.0/\0", XMP].concat();
            let segment = JpegSegment::new_with_contents(markers::APP1, packet.into());
            jpeg.segments_mut().insert(1, segment);
            jpeg.encoder().bytes().to_vec()
        }
        ImageFormat::Png => {
            let mut png = Png::from_bytes(plain).expect("a PNG");
            let packet = [&b"XML:com.adobe.xmp\0\0\0\0\0"[..], XMP].concat();
            png.chunks_mut().insert(1, PngChunk::new(*b"iTXt", packet.into()));
            png.encoder().bytes().to_vec()
        }
        _ => {
            let mut webp = WebP::from_bytes(plain).expect("a WebP");
            let content = RiffContent::Data(Bytes::from_static(XMP));
            webp.chunks_mut().push(RiffChunk::new(CHUNK_XMP, content));
            webp.encoder().bytes().to_vec()
        }
    }
}

/// What the picture shows, as it lies in the file.
fn pixels(bytes: &[u8]) -> Vec<u8> {
    image::load_from_memory(bytes)
        .expect("it is decoded")
        .to_rgb8()
        .into_raw()
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// It tells a place, and once cleaned it does not, and shows the same.
fn check(photo: &[u8], what: &str) -> Vec<u8> {
    assert!(tells_location(photo), "{what}: the place is not found");
    let cleaned = without_location(photo).expect("it is cleaned");
    assert!(!tells_location(&cleaned), "{what}: it still tells the place");
    for left in [&b"GPS"[..], RARE, XMP, b"\xa9xyz"] {
        assert!(!has(&cleaned, left), "{what}: {left:?} is left");
    }
    assert_eq!(pixels(&cleaned), pixels(photo), "{what}: it shows something else");
    assert!(
        Picture::read(&cleaned).is_ok(),
        "{what}: it is no picture any more"
    );
    let again = without_location(&cleaned).expect("it is cleaned");
    assert!(again == cleaned, "{what}: cleaned again it is another");
    cleaned
}

#[test]
fn c_ins_07_and_att_11_the_place_goes_and_which_way_up_stays() {
    for format in FORMATS {
        let photo = with_exif(format, Some(exif_block(true)));
        let cleaned = check(&photo, &format!("EXIF in {format:?}"));
        assert!(
            has(&cleaned, b"2026:11:22 09:30:00"),
            "{format:?}: when it was taken"
        );
        for bytes in [&photo, &cleaned] {
            let small = Picture::read(bytes).and_then(|picture| picture.thumbnail());
            let small = image::load_from_memory(&small.expect("a thumbnail")).expect("a JPEG");
            assert_eq!((small.width(), small.height()), (120, 160), "{format:?}");
        }
        check(&with_xmp(format), &format!("XMP in {format:?}"));
    }
}

#[test]
fn c_ins_07_a_photo_without_a_place_is_said_to_have_none() {
    for format in FORMATS {
        for exif in [None, Some(exif_block(false))] {
            let photo = with_exif(format, exif);
            assert!(!tells_location(&photo), "{format:?}");
            let cleaned = without_location(&photo).expect("it is cleaned");
            assert_eq!(pixels(&cleaned), pixels(&photo), "{format:?}");
            assert!(!has(&cleaned, RARE));
        }
    }
    for bytes in [
        &b""[..],
        b"GIF89a",
        b"\xff\xd8",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\0\0\0\0WEBP",
    ] {
        assert!(without_location(bytes).is_err(), "{bytes:?}");
        assert!(tells_location(bytes), "{bytes:?}");
    }
}

#[test]
fn att_11_a_place_behind_the_picture_or_between_its_scans_goes_too() {
    let plain = encoded(ImageFormat::Jpeg);
    let second = with_exif(ImageFormat::Jpeg, Some(exif_block(true)));
    let film = b"\0\0\0\x18ftypmp42....\xa9xyz+34.9+56.1/".to_vec();
    for (behind, what) in [(second, "a second picture"), (film, "a film")] {
        check(&[plain.clone(), behind.clone()].concat(), what);
        for format in [ImageFormat::Png, ImageFormat::WebP] {
            check(
                &[encoded(format), behind.clone()].concat(),
                &format!("{what} behind {format:?}"),
            );
        }
    }
    // A remark just before the end mark.
    let remark = [b"\xff\xfe\x00\x0c", RARE].concat();
    let (image, end) = plain.split_at(plain.len() - 2);
    let photo = [image, &remark, end].concat();
    let cleaned = without_location(&photo).expect("it is cleaned");
    assert!(!has(&cleaned, RARE) && pixels(&cleaned) == pixels(&plain));
    // Text of a PNG that is not read here is not trusted.
    let mut png = Png::from_bytes(Bytes::from(encoded(ImageFormat::Png))).expect("a PNG");
    let text = Bytes::from_static(b"Raw profile type exif\0\0compressed");
    png.chunks_mut().insert(1, PngChunk::new(*b"zTXt", text));
    check(&png.encoder().bytes(), "a raw profile");
}

#[test]
fn exif_that_cannot_be_read_is_not_trusted() {
    for format in FORMATS {
        let photo = with_exif(format, Some(Bytes::from_static(b"II*\0\xff\xff\xff\xff")));
        assert!(tells_location(&photo), "{format:?}");
        let cleaned = without_location(&photo).expect("it is cleaned");
        assert!(!tells_location(&cleaned), "{format:?}");
    }
    assert_eq!(Tag::GPSLatitude.context(), Context::Gps);
}
