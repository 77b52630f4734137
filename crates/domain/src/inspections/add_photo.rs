//! A photo is added to a visit. Its bytes travel on their own, under their hash.

use super::Photo;
use super::appointment::{put, visit};
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::Found;
use policy::inspections::{Action, may};
use policy::{Denial, RecordId};
use serde::{Deserialize, Serialize};

/// The largest photo, in bytes.
pub const PHOTO_BYTES_MAX: u32 = 8 * 1024 * 1024;
/// The most photos one visit keeps.
pub const PHOTOS_MAX: usize = 100;
/// The kinds of image that are taken.
pub const PHOTO_MEDIA_TYPES: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];

/// Adds a photo by the hash of its bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct AddPhoto {
    pub appointment: RecordId,
    pub hash: String,
    pub media_type: String,
    pub bytes: u32,
    #[serde(default)]
    pub caption: String,
}

impl Rule for AddPhoto {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.appointment.clone()]
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let mut visit = visit(found, &self.appointment)?;
        may(context.actor, Action::AddPhoto, &visit.facts())?;
        self.acceptable()?;
        if visit.photos.len() >= PHOTOS_MAX {
            return Err(
                Denial::invalid("photos", visit.photos.len(), "at most 100 photos on one visit").into(),
            );
        }
        if visit.photos.iter().all(|photo| photo.hash != self.hash) {
            visit.photos.push(Photo {
                hash: self.hash.clone(),
                media_type: self.media_type.clone(),
                bytes: self.bytes,
                caption: self.caption.clone(),
                by: context.actor.name().to_owned(),
                at: context.claimed_at,
                pending: true,
            });
            visit.remember(context, "add_photo", "");
        }
        Ok(put(&self.appointment, visit))
    }
}

impl AddPhoto {
    fn acceptable(&self) -> Result<(), Denial> {
        let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if self.hash.len() != 64 || !self.hash.bytes().all(hex) {
            return Err(Denial::invalid(
                "hash",
                &self.hash,
                "64 lower-case hexadecimal digits",
            ));
        }
        if !PHOTO_MEDIA_TYPES.contains(&self.media_type.as_str()) {
            return Err(Denial::invalid(
                "media_type",
                &self.media_type,
                "image/jpeg, image/png or image/webp",
            ));
        }
        if self.bytes == 0 || self.bytes > PHOTO_BYTES_MAX {
            return Err(Denial::invalid("bytes", self.bytes, "1 byte to 8 MiB"));
        }
        if self.caption.chars().count() > 300 {
            return Err(Denial::invalid(
                "caption",
                &self.caption,
                "at most 300 characters",
            ));
        }
        Ok(())
    }
}
