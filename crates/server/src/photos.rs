//! Photos: bytes under their hash, given to whoever may see a visit that shows them.

use crate::engine::{Caller, standing};
use crate::office::Office;
use crate::problem::Problem;
use axum::http::StatusCode;
use domain::inspections::Photo;
use domain::{Body, Record};
use image::{ImageFormat, ImageReader, Limits};
use policy::inspections::{Action, may};
use policy::views::{fields, of_actor};
use policy::{Actor, Kind};
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use store::{Fault, OfficeTx, StoredPhoto};

/// No side of a photo may be longer than this, in pixels.
const SIDE_MAX: u32 = 12_000;

/// Keeps a photo that a visit the caller may add photos to names.
pub fn keep(office: &Office, caller: &Caller, hash: &str, bytes: &[u8]) -> Result<(), Problem> {
    let named = office.read(async |tx| {
        let at = office.now();
        let (actor, _) = standing(tx, caller, at).await?;
        let visits = tx.keyed(Kind::Appointment, "photo", hash).await?;
        Ok(visits.iter().find_map(|record| match &record.body {
            Body::Appointment(visit) if may(&actor, Action::AddPhoto, &visit.facts()).is_ok() => {
                visit.photos.iter().find(|photo| photo.hash == hash).cloned()
            }
            _ => None,
        }))
    })?;
    let photo = named.ok_or_else(Problem::not_found)?;
    check(&photo, bytes)?;
    write_file(&path(&office.data_dir, hash), bytes)?;
    let stored = StoredPhoto {
        hash: photo.hash,
        media_type: photo.media_type,
        bytes: photo.bytes,
    };
    office.write(async |tx| {
        let at = office.now();
        Ok(tx.save_photo(&stored, &caller.person, at).await?)
    })
}

/// A photo's media type and bytes, where a visit the caller may see shows it.
pub fn show(office: &Office, caller: &Caller, hash: &str) -> Result<(String, Vec<u8>), Problem> {
    let stored = office.read(async |tx| {
        let at = office.now();
        let (actor, _) = standing(tx, caller, at).await?;
        let visits = tx.keyed(Kind::Appointment, "photo", hash).await?;
        if visits.iter().any(|record| shows_photos(&actor, record)) {
            Ok(tx.photo(hash).await?)
        } else {
            Ok(None)
        }
    })?;
    let stored = stored.ok_or_else(Problem::not_found)?;
    let bytes = std::fs::read(path(&office.data_dir, &stored.hash)).map_err(|error| io_fault(&error))?;
    Ok((stored.media_type, bytes))
}

fn shows_photos(actor: &Actor, record: &Record) -> bool {
    let held = of_actor(actor);
    record
        .views()
        .iter()
        .any(|view| held.contains(view) && fields(record.kind(), view.mask).shows("photos"))
}

/// The bytes are those named, and really the image they are said to be.
fn check(photo: &Photo, bytes: &[u8]) -> Result<(), Problem> {
    let refused =
        |code, sentence: String| Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, sentence));
    if blake3::hash(bytes).to_hex().as_str() != photo.hash {
        return refused(
            "wrong_hash",
            "The bytes do not match the photo's hash.".to_owned(),
        );
    }
    let format = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .ok()
        .and_then(|reader| reader.format());
    let known = match format {
        Some(ImageFormat::Jpeg) => "image/jpeg",
        Some(ImageFormat::Png) => "image/png",
        Some(ImageFormat::WebP) => "image/webp",
        _ => {
            return refused(
                "not_an_image",
                "The file is not a JPEG, PNG or WebP image.".to_owned(),
            );
        }
    };
    if known != photo.media_type {
        return refused(
            "not_an_image",
            format!("The file is {known}, not {}.", photo.media_type),
        );
    }
    let mut reader = ImageReader::new(Cursor::new(bytes));
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(512 * 1024 * 1024);
    reader.limits(limits);
    match reader.with_guessed_format().map(ImageReader::decode) {
        Ok(Ok(_)) => Ok(()),
        _ => refused(
            "not_an_image",
            "The image cannot be read: it is damaged or too large.".to_owned(),
        ),
    }
}

fn path(data_dir: &Path, hash: &str) -> PathBuf {
    data_dir.join("photos").join(&hash[..2]).join(hash)
}

/// Written beside, flushed and renamed, so that a name never leads to half a file.
fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let write = || -> std::io::Result<()> {
        let folder = path.parent().ok_or(std::io::ErrorKind::NotFound)?;
        std::fs::create_dir_all(folder)?;
        let beside = path.with_extension("part");
        let mut file = std::fs::File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&beside, path)
    };
    write().map_err(|error| io_fault(&error))
}

fn io_fault(error: &std::io::Error) -> Problem {
    match error.kind() {
        std::io::ErrorKind::StorageFull => Fault::DiskFull.into(),
        _ => Fault::Other(format!("a photo's file: {error}")).into(),
    }
}
