//! Photos: bytes under their hash, kept for the visit they were sent for, and given to whoever may see that visit.

mod arriving;
mod files;
pub mod photo_store;
mod quota;
mod receive;
pub mod tidy;

pub use photo_store::{PhotoPlace, PhotoStore};
pub use receive::{Received, Sending, arrived, receive};

use crate::engine::Caller;
use crate::office::Office;
use crate::problem::Problem;
use axum::http::StatusCode;
use domain::inspections::{Appointment, Photo};
use domain::{Answer, Body, Effect, Record};
use photo_store::{fault, small, whole};
use planted::{Bug, planted};
use policy::inspections::{Action, may};
use policy::views::fields;
use policy::{Kind, Millis, RecordId};
use store::location::tells_location;
use store::picture::Picture;
use store::{Fault, OfficeTx, Standing, StoredPhoto, standing, write};

/// A visit that names a photo, and the photo.
struct Named {
    visit: Appointment,
    photo: StoredPhoto,
}

/// Keeps a photo for a visit that names it, where the caller may add photos to it; gives the hash of what lies on the disk.
/// The answer is the same whether the bytes were here before: whoever names a photo has to send it whole.
fn keep(
    office: &Office,
    caller: &Caller,
    hash: &str,
    record: &RecordId,
    bytes: &[u8],
) -> Result<String, Problem> {
    let (photo, keeps_location) = office.read(async |tx| {
        let Named { visit, photo } = named(office, tx, caller, hash, record).await?;
        Ok((photo, keeps_location(tx, &visit).await?))
    })?;
    let kept = store_bytes(office, &photo, keeps_location, bytes)?;
    office.write(async |tx| {
        // Rights may have ended while the bytes were on their way.
        let Named { mut visit, photo } = named(office, tx, caller, hash, record).await?;
        quota::fits(tx, caller, (&photo, record), 0, office.now()).await?;
        let arrived = visit.photo_arrived(hash);
        tx.save_photo(&photo, record, &caller.person, office.now())
            .await?;
        if arrived {
            // Whoever holds the visit hears that there is something new.
            write(tx, &Effect::puts(vec![Record::new(record.clone(), visit)])).await?;
        }
        Ok(())
    })?;
    Ok(kept)
}

/// Keeps a photo that was left sealed, for the record that names it, or that its author added it to by a change which waits
/// for a supervisor.
pub fn keep_deposited(
    office: &Office,
    caller: &Caller,
    record: &RecordId,
    (hash, media_type): (&str, &str),
    bytes: &[u8],
) -> Result<(), Problem> {
    let photo = StoredPhoto {
        hash: hash.to_owned(),
        media_type: media_type.to_owned(),
        bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
    };
    let keeps_location = office.read(async |tx| {
        let visit = visit(tx, record).await?.ok_or_else(Problem::not_found)?;
        let returned = tx.keyed(Kind::ReturnedWork, "photo", hash).await?;
        let is_returned = |work: &Record| match &work.body {
            Body::ReturnedWork(work) => {
                work.author == caller.person && work.photo().is_some_and(|(_, of)| of == record)
            }
            _ => false,
        };
        if !visit.photos.iter().any(|photo| photo.hash == hash) && !returned.iter().any(is_returned) {
            return Err(Problem::not_found());
        }
        quota::fits(tx, caller, (&photo, record), 0, office.now()).await?;
        keeps_location(tx, &visit).await
    })?;
    store_bytes(office, &photo, keeps_location, bytes)?;
    office.write(async |tx| {
        tx.save_photo(&photo, record, &caller.person, office.now())
            .await?;
        // The change that names it may have been adopted already.
        if let Some(mut visit) = visit(tx, record).await?
            && visit.photo_arrived(hash)
        {
            write(tx, &Effect::puts(vec![Record::new(record.clone(), visit)])).await?;
        }
        Ok(())
    })
}

/// Writes the bytes of a photo, and a small picture of it; gives the hash of what lies on the disk.
fn store_bytes(
    office: &Office,
    photo: &StoredPhoto,
    keeps_location: bool,
    bytes: &[u8],
) -> Result<String, Problem> {
    let picture = checked(photo, bytes)?;
    if !keeps_location && tells_location(bytes) {
        let sentence = "The photo tells where it was taken, and its calendar does not keep that. Remove it, and add it again.";
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "location_kept",
            sentence,
        ));
    }
    let thumbnail = picture.thumbnail().map_err(unfit)?;
    let hash = &photo.hash;
    let kept = office
        .photos
        .write(whole(hash), bytes.to_vec())
        .and_then(|()| office.photos.write(small(hash), thumbnail))
        .and_then(|()| office.photos.hash_of(whole(hash)))
        .map_err(|error| fault(&error))?;
    kept.filter(|kept| kept == hash).ok_or_else(|| {
        Problem::from(Fault::Other(format!(
            "photo {hash} is another after it was written"
        )))
    })
}

async fn visit<T: OfficeTx>(tx: &mut T, record: &RecordId) -> Result<Option<Appointment>, Problem> {
    Ok(match tx.record(record).await? {
        Answer::Found(Record {
            body: Body::Appointment(visit),
            ..
        }) => Some(*visit),
        _ => None,
    })
}

/// The visit, where it names the photo and the caller may add photos to it.
async fn named<T: OfficeTx>(
    office: &Office,
    tx: &mut T,
    caller: &Caller,
    hash: &str,
    record: &RecordId,
) -> Result<Named, Problem> {
    let standing = standing(tx, &caller.person, office.now()).await?;
    let visit = visit(tx, record).await?.ok_or_else(Problem::not_found)?;
    may(&standing.actor, Action::AddPhoto, &visit.facts()).map_err(|_| Problem::not_found())?;
    let photo = visit.photos.iter().find(|photo| photo.hash == hash).cloned();
    let Photo {
        hash,
        media_type,
        bytes,
        ..
    } = photo.ok_or_else(Problem::not_found)?;
    Ok(Named {
        visit,
        photo: StoredPhoto {
            hash,
            media_type,
            bytes,
        },
    })
}

/// Whether photos of a visit may keep where they were taken.
async fn keeps_location<T: OfficeTx>(tx: &mut T, visit: &Appointment) -> Result<bool, Problem> {
    let Some(calendar) = visit.calendar.clone() else {
        return Ok(false);
    };
    Ok(match tx.record(&calendar.into()).await? {
        Answer::Found(Record {
            body: Body::Calendar(calendar),
            ..
        }) => calendar.photo_location,
        _ => false,
    })
}

/// A photo, or the rest of one.
pub struct Shown {
    pub media_type: String,
    /// The bytes from `from` to the end.
    pub bytes: Vec<u8>,
    pub from: u64,
    /// How many bytes the whole has.
    pub whole: u64,
}

/// A photo from a byte on, where a visit the caller may see shows it. Where it has no such byte, nothing of it.
pub fn show(office: &Office, caller: &Caller, hash: &str, from: u64) -> Result<Shown, Problem> {
    let stored = seen(office, caller, hash)?;
    let (bytes, whole) = read(office, &stored.hash, from)?;
    Ok(Shown {
        media_type: stored.media_type,
        bytes,
        from,
        whole,
    })
}

/// A photo made small, where a visit the caller may see shows it.
pub fn show_thumbnail(office: &Office, caller: &Caller, hash: &str) -> Result<Vec<u8>, Problem> {
    let stored = seen(office, caller, hash)?;
    let hash = &stored.hash;
    if let Some((bytes, _)) = office
        .photos
        .read(small(hash), 0)
        .map_err(|error| fault(&error))?
    {
        return Ok(bytes);
    }
    let (bytes, _) = read(office, hash, 0)?;
    let picture = Picture::read(&bytes).map_err(unfit)?;
    let thumbnail = picture.thumbnail().map_err(unfit)?;
    office
        .photos
        .write(small(hash), thumbnail.clone())
        .map_err(|error| fault(&error))?;
    Ok(thumbnail)
}

/// A photo the office knows, from a byte on, and how many bytes it has.
fn read(office: &Office, hash: &str, from: u64) -> Result<(Vec<u8>, u64), Problem> {
    let found = office
        .photos
        .read(whole(hash), from)
        .map_err(|error| fault(&error))?;
    found.ok_or_else(|| Fault::Other(format!("photo {hash} is not where the office keeps it")).into())
}

/// A photo whose bytes were sent for a visit that the caller may see with its photos, or that was returned and waits for
/// them to decide.
fn seen(office: &Office, caller: &Caller, hash: &str) -> Result<StoredPhoto, Problem> {
    office.read(async |tx| photo_seen_by(tx, caller, hash, office.now()).await)
}

/// The same, asked of the records at an instant.
pub async fn photo_seen_by<T: OfficeTx>(
    tx: &mut T,
    caller: &Caller,
    hash: &str,
    at: Millis,
) -> Result<StoredPhoto, Problem> {
    let standing = standing(tx, &caller.person, at).await?;
    let sent_for = tx.photo_records(hash).await?;
    let visits = tx.keyed(Kind::Appointment, "photo", hash).await?;
    let is_for = |visit: &Record| sent_for.contains(&visit.id) || planted(Bug::PhotoByName);
    let is_seen = |visit: &Record| is_for(visit) && shows(&standing, visit, "photos");
    let returned = tx.keyed(Kind::ReturnedWork, "photo", hash).await?;
    let is_returned = |work: &Record| {
        let Body::ReturnedWork(body) = &work.body else {
            return false;
        };
        // A photo that stands on its visit is the visit's, wherever that has gone since the work came back.
        let stands = |on: &RecordId| visits.iter().any(|visit| visit.id == *on);
        body.photo()
            .is_some_and(|(_, visit)| sent_for.contains(visit) && !stands(visit))
            && shows(&standing, work, "command")
    };
    let stored = match visits.iter().any(is_seen) || returned.iter().any(is_returned) {
        true => tx.photo(hash).await?,
        false => None,
    };
    stored.ok_or_else(Problem::not_found)
}

fn shows(standing: &Standing, record: &Record, field: &str) -> bool {
    record
        .views()
        .iter()
        .any(|view| standing.views.contains(view) && fields(record.kind(), view.mask).shows(field))
}

/// The bytes are those named, and really the image they are said to be.
fn checked(photo: &StoredPhoto, bytes: &[u8]) -> Result<Picture, Problem> {
    if blake3::hash(bytes).to_hex().as_str() != photo.hash {
        return Err(wrong_hash());
    }
    let picture = Picture::read(bytes).map_err(unfit)?;
    if picture.media_type == photo.media_type {
        Ok(picture)
    } else {
        let sentence = format!("The file is {}, not {}.", picture.media_type, photo.media_type);
        Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "not_an_image",
            sentence,
        ))
    }
}

fn wrong_hash() -> Problem {
    let sentence = "The bytes do not match the photo's hash.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong_hash", sentence)
}

fn unfit(error: store::picture::PictureError) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error.code(), error.to_string())
}
