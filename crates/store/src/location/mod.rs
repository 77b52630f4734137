//! Where a photo was taken, as its file tells it. Cameras write it in more places than one: in EXIF, in XMP, in the notes of
//! their makers, in pictures and films behind the picture. So what stays is what is known to be harmless, and nothing else:
//! the image itself as it was encoded, its colours, which way up it is, when it was taken and by which camera.

mod exif;
mod jpeg;
mod png;
mod webp;

use crate::picture::PictureError;
use image::ImageFormat;

/// The same picture without a word on where it was taken. The image is not encoded anew.
pub fn without_location(bytes: &[u8]) -> Result<Vec<u8>, PictureError> {
    let cleaned = match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => jpeg::cleaned(bytes),
        Ok(ImageFormat::Png) => png::cleaned(bytes),
        Ok(ImageFormat::WebP) => webp::cleaned(bytes),
        _ => return Err(PictureError::NotAnImage),
    };
    cleaned.ok_or(PictureError::Damaged)
}

/// Whether a picture tells where it was taken, or may do so in a way that cannot be read here.
pub fn tells_location(bytes: &[u8]) -> bool {
    let told = match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => jpeg::tells(bytes),
        Ok(ImageFormat::Png) => png::tells(bytes),
        Ok(ImageFormat::WebP) => webp::tells(bytes),
        _ => None,
    };
    told.unwrap_or(true)
}

/// Whether bytes that are no part of the image tell a place: an XMP packet, or whatever follows the image.
fn mentions(bytes: &[u8]) -> bool {
    /// How XMP names coordinates, and how a film behind a picture does.
    const WORDS: [&[u8]; 2] = [b"GPS", b"\xa9xyz"];
    let has = |word: &[u8]| bytes.windows(word.len()).any(|part| part == word);
    WORDS.into_iter().any(has)
        || bytes
            .windows(exif::PREFIX.len())
            .enumerate()
            .filter(|(_, part)| *part == exif::PREFIX)
            .any(|(at, _)| exif::tells(&bytes[at..]))
}

#[cfg(test)]
mod tests;
