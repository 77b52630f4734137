//! A picture as both ends read it: looked at before it is decoded, whole, the right way up, and made small.

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits, RgbImage};
use std::io::Cursor;
use thiserror::Error;

/// No side may be longer than this, in pixels.
const SIDE_MAX: u32 = 12_000;
/// How many pixels a picture may have: what a camera of 64 megapixels makes.
const PIXELS_MAX: u64 = 64 * 1024 * 1024;
/// How much memory decoding may take, in bytes.
const MEMORY_MAX: u64 = 512 * 1024 * 1024;
/// The longest side of a thumbnail, in pixels.
pub const THUMBNAIL_SIDE: u32 = 320;
const THUMBNAIL_QUALITY: u8 = 78;

/// Why bytes are not taken as a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PictureError {
    #[error("The file is not a JPEG, PNG or WebP image.")]
    NotAnImage,
    #[error("The picture is damaged or was cut off, so it cannot be shown.")]
    Damaged,
    #[error("The picture has too many pixels: at most 64 million, and 12,000 on a side.")]
    TooManyPixels,
}

impl PictureError {
    /// A stable name.
    pub fn code(self) -> &'static str {
        match self {
            PictureError::NotAnImage => "not_an_image",
            PictureError::Damaged => "damaged_image",
            PictureError::TooManyPixels => "too_many_pixels",
        }
    }
}

/// A picture that was decoded to its end.
pub struct Picture {
    pub media_type: &'static str,
    image: DynamicImage,
    orientation: Orientation,
}

impl Picture {
    /// Reads a picture. Its size is looked at first: a few bytes can say that they are a billion pixels.
    pub fn read(bytes: &[u8]) -> Result<Picture, PictureError> {
        let reader = ImageReader::new(Cursor::new(bytes))
            .with_guessed_format()
            .map_err(|_| PictureError::NotAnImage)?;
        let media_type = match reader.format() {
            Some(ImageFormat::Jpeg) if !is_whole_jpeg(bytes) => return Err(PictureError::Damaged),
            Some(ImageFormat::Jpeg) => "image/jpeg",
            Some(ImageFormat::Png) => "image/png",
            Some(ImageFormat::WebP) => "image/webp",
            _ => return Err(PictureError::NotAnImage),
        };
        let mut decoder = reader.into_decoder().map_err(unreadable)?;
        let (width, height) = decoder.dimensions();
        if width.max(height) > SIDE_MAX || u64::from(width) * u64::from(height) > PIXELS_MAX {
            return Err(PictureError::TooManyPixels);
        }
        let mut limits = Limits::default();
        limits.max_alloc = Some(MEMORY_MAX);
        decoder.set_limits(limits).map_err(unreadable)?;
        // A picture without a word on how it was held was held upright.
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let image = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
        Ok(Picture {
            media_type,
            image,
            orientation,
        })
    }

    /// A small JPEG of it, the right way up, on white where it is transparent.
    pub fn thumbnail(&self) -> Result<Vec<u8>, PictureError> {
        let is_large = self.image.width().max(self.image.height()) > THUMBNAIL_SIDE;
        let mut small = if is_large {
            self.image.thumbnail(THUMBNAIL_SIDE, THUMBNAIL_SIDE)
        } else {
            self.image.clone()
        };
        small.apply_orientation(self.orientation);
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, THUMBNAIL_QUALITY)
            .encode_image(&on_white(&small))
            .map_err(|_| PictureError::Damaged)?;
        Ok(bytes)
    }
}

fn unreadable(error: ImageError) -> PictureError {
    match error {
        ImageError::Limits(_) => PictureError::TooManyPixels,
        _ => PictureError::Damaged,
    }
}

fn on_white(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let image = image.to_rgba8();
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let [red, green, blue, alpha] = image.get_pixel(x, y).0;
        let over = |colour: u8| {
            let mixed = u32::from(colour) * u32::from(alpha) + 255 * (255 - u32::from(alpha));
            u8::try_from(mixed / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}

/// Whether a JPEG goes on to its end mark. The decoder fills what is missing with grey and says nothing.
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    // Each segment before the first scan says how long it is; there may be a whole small picture in one of them.
    let mut at = 2;
    loop {
        let Some([0xff, mark]) = bytes.get(at..at + 2) else {
            return false;
        };
        match mark {
            0xd9 => return true,
            0xda => break,
            0xff => at += 1,
            0x01 | 0xd0..=0xd7 => at += 2,
            _ => match bytes.get(at + 2..at + 4) {
                Some([high, low]) => at += 2 + usize::from(u16::from_be_bytes([*high, *low])),
                _ => return false,
            },
        }
    }
    bytes[at..].windows(2).any(|pair| pair == [0xff, 0xd9])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red on the left, blue on the right.
    fn flag(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, _| {
            if x < width / 2 {
                image::Rgb([250, 0, 0])
            } else {
                image::Rgb([0, 0, 250])
            }
        })
    }

    fn encoded(image: &RgbImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).expect("it is encoded");
        bytes.into_inner()
    }

    /// The same JPEG with a word on how the camera was held, as cameras write it.
    fn held(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut exif = b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
        [&jpeg[..2], &exif, &jpeg[2..]].concat()
    }

    fn thumbnail(bytes: &[u8]) -> RgbImage {
        let made = Picture::read(bytes).expect("a picture").thumbnail();
        let made = made.expect("a thumbnail");
        assert!(made.starts_with(&[0xff, 0xd8]), "it is no JPEG");
        assert!(
            !made.windows(4).any(|part| part == b"Exif"),
            "it tells more than it shows"
        );
        image::load_from_memory(&made).expect("it can be read").to_rgb8()
    }

    #[test]
    fn c_ins_07_a_thumbnail_is_small_and_the_right_way_up() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let small = thumbnail(&encoded(&flag(1600, 1200), format));
            assert_eq!(small.dimensions(), (320, 240), "{format:?}");
            assert!(small.get_pixel(10, 10).0[0] > 200 && small.get_pixel(310, 230).0[2] > 200);
        }
        let jpeg = encoded(&flag(1600, 1200), ImageFormat::Jpeg);
        // How it was held, its size then, and where red is: left, right, above, below.
        for (orientation, size, red) in [
            (1, (320, 240), (10, 120)),
            (3, (320, 240), (310, 120)),
            (6, (240, 320), (120, 10)),
            (8, (240, 320), (120, 310)),
        ] {
            let small = thumbnail(&held(&jpeg, orientation));
            assert_eq!(small.dimensions(), size, "{orientation}");
            assert!(
                small.get_pixel(red.0, red.1).0[0] > 200,
                "{orientation}: red is elsewhere"
            );
        }
        // What is small already is not made larger.
        assert_eq!(
            thumbnail(&encoded(&flag(20, 10), ImageFormat::Png)).dimensions(),
            (20, 10)
        );
    }

    #[test]
    fn what_is_transparent_lies_on_white() {
        let clear = image::RgbaImage::from_pixel(8, 8, image::Rgba([0, 0, 0, 0]));
        let mut bytes = Cursor::new(Vec::new());
        clear
            .write_to(&mut bytes, ImageFormat::Png)
            .expect("it is encoded");
        assert!(thumbnail(&bytes.into_inner()).get_pixel(4, 4).0[0] > 250);
    }

    #[test]
    fn att_11_what_is_cut_off_or_no_picture_is_named() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let whole = encoded(&flag(200, 100), format);
            for length in [whole.len() / 3, whole.len() / 2, whole.len() - 20] {
                let cut = Picture::read(&whole[..length]).err();
                assert_eq!(cut, Some(PictureError::Damaged), "{format:?}, {length} bytes");
            }
        }
        for bytes in [&b""[..], b"\xff\xd8", b"GIF89a", b"<svg/>", b"%PDF-1.7"] {
            assert!(Picture::read(bytes).is_err(), "{bytes:?}");
        }
        assert_eq!(Picture::read(b"GIF89a").err(), Some(PictureError::NotAnImage));
    }

    #[test]
    fn att_11_a_flood_of_pixels_is_refused_before_it_is_decoded() {
        let mut png = encoded(&flag(4, 4), ImageFormat::Png);
        for (width, height) in [
            (12_001_u32, 1_u32),
            (1, 12_001),
            (9_000, 9_000),
            (u32::MAX >> 1, 2),
        ] {
            png[16..20].copy_from_slice(&width.to_be_bytes());
            png[20..24].copy_from_slice(&height.to_be_bytes());
            let sum = crc(&png[12..29]);
            png[29..33].copy_from_slice(&sum.to_be_bytes());
            let refused = Picture::read(&png).err();
            assert_eq!(refused, Some(PictureError::TooManyPixels), "{width} by {height}");
        }
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
            })
        })
    }
}
