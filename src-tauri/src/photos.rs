//! The bridge for photos: they are added, waited with, and looked at.

use crate::bridge::{Here, IdArgs, command_id, give};
use crate::problem::Problem;
use crate::status::{Status, now};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use device::{OutboxPhoto, PhotoQueue, Submitted};
use domain::inspections::{AddPhoto, PHOTO_BYTES_MAX};
use policy::RecordId;
use serde::{Deserialize, Serialize};
use std::sync::atomic::Ordering;
use store::location::without_location;
use store::picture::{Picture, PictureError};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhotoArgs {
    appointment: RecordId,
    caption: String,
    base64: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HashArgs {
    hash: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThumbnailArgs {
    hash: String,
    /// Whether to ask the office, which has the photo.
    fetch: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PauseArgs {
    paused: bool,
}

/// A photo for the screen.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "PhotoBytes"))]
pub struct PhotoShown {
    media_type: String,
    base64: String,
}

impl PhotoShown {
    fn new(media_type: &str, bytes: &[u8]) -> PhotoShown {
        PhotoShown {
            media_type: media_type.to_owned(),
            base64: STANDARD.encode(bytes),
        }
    }

    fn thumbnail(bytes: &[u8]) -> PhotoShown {
        PhotoShown::new("image/jpeg", bytes)
    }
}

#[tauri::command(async)]
pub fn add_photo(app: Here<'_>, args: PhotoArgs) -> Result<Submitted, Problem> {
    let unfit = |error: PictureError| Problem::new(error.code(), error.to_string());
    let bytes = STANDARD
        .decode(&args.base64)
        .map_err(|_| unfit(PictureError::NotAnImage))?;
    // The screen reads no more of a file than this, so what is longer is no whole picture.
    if bytes.len() > PHOTO_BYTES_MAX as usize {
        return Err(too_large());
    }
    let picture = Picture::read(&bytes).map_err(unfit)?;
    let thumbnail = picture.thumbnail().map_err(unfit)?;
    let keeps = app.with_session(|session| Ok(session.device.keeps_photo_location(&args.appointment)?))?;
    let bytes = if keeps {
        bytes
    } else {
        without_location(&bytes).map_err(unfit)?
    };
    let length = u32::try_from(bytes.len()).map_err(|_| too_large())?;
    let command = AddPhoto {
        appointment: args.appointment,
        hash: blake3::hash(&bytes).to_hex().to_string(),
        media_type: picture.media_type.to_owned(),
        bytes: length,
        caption: args.caption,
    };
    let photo = OutboxPhoto {
        media_type: picture.media_type.to_owned(),
        bytes,
        thumbnail,
    };
    give(&app, command.into(), Some(photo))
}

fn too_large() -> Problem {
    Problem::new("photo_too_large", "The photo is larger than 8 MiB.")
}

/// A photo made small, for a list. What cannot be fetched now is asked for again later.
#[tauri::command]
pub async fn thumbnail(app: Here<'_>, args: ThumbnailArgs) -> Result<Option<PhotoShown>, Problem> {
    let asked = |session: &mut crate::session::Session| {
        Ok((session.device.thumbnail(&args.hash)?, session.client.clone()))
    };
    let (held, client) = app.with_session(asked)?;
    if let Some(bytes) = held {
        return Ok(Some(PhotoShown::thumbnail(&bytes)));
    }
    if !args.fetch {
        return Ok(None);
    }
    let Ok(Some(bytes)) = client.thumbnail(&args.hash).await else {
        return Ok(None);
    };
    app.with_session(|session| Ok(session.device.keep_thumbnail(&args.hash, &bytes)?))?;
    Ok(Some(PhotoShown::thumbnail(&bytes)))
}

/// A whole photo, for somebody who opens it.
#[tauri::command]
pub async fn photo(app: Here<'_>, args: HashArgs) -> Result<Option<PhotoShown>, Problem> {
    let asked = |session: &mut crate::session::Session| {
        Ok((session.device.photo(&args.hash)?, session.client.clone()))
    };
    let (held, client) = app.with_session(asked)?;
    if let Some(photo) = held {
        return Ok(Some(PhotoShown::new(&photo.media_type, &photo.bytes)));
    }
    let Some(photo) = client.photo(&args.hash).await? else {
        return Ok(None);
    };
    app.with_session(|session| Ok(session.device.keep_photo(&args.hash, &photo)?))?;
    Ok(Some(PhotoShown::new(&photo.media_type, &photo.bytes)))
}

#[tauri::command(async)]
pub fn photo_queue(app: Here<'_>) -> Result<PhotoQueue, Problem> {
    let sent = app.photo_sent.load(Ordering::Relaxed);
    app.with_session(|session| Ok(session.device.photo_queue(now(), sent)?))
}

#[tauri::command(async)]
pub fn pause_photos(app: Here<'_>, args: PauseArgs) -> Result<Status, Problem> {
    app.with_session(|session| Ok(session.device.pause_photos(args.paused)?))?;
    if args.paused {
        app.photos_stopped.notify_waiters();
    }
    app.photos.notify_one();
    app.tell();
    Ok(app.status())
}

#[tauri::command(async)]
pub fn hurry_photos(app: Here<'_>) -> Result<Status, Problem> {
    app.with_session(|session| Ok(session.device.hurry_photos()?))?;
    app.photos.notify_one();
    app.tell();
    Ok(app.status())
}

#[tauri::command(async)]
pub fn remove_photo(app: Here<'_>, args: IdArgs) -> Result<Status, Problem> {
    let id = command_id(args.id)?;
    if !app.with_session(|session| Ok(session.device.remove_photo(&id)?))? {
        let sentence = "Only a photo that the office will not have can be removed.";
        return Err(Problem::new("photo_not_refused", sentence));
    }
    app.tell();
    Ok(app.status())
}
