//! Photos on this laptop: a queue of their own beside the exchange, and the pictures there are to look at.

use crate::model::{PhotoQueue, PhotoState, WaitingPhoto};
use crate::person::{Device, Photo};
use domain::{Body, CommandId};
use policy::{Millis, RecordId};
use store::Result;
use store::picture::Picture;
use store::sqlite::{PhotoProblem, PhotoToSend, QueuedPhoto};
use sync::{may_send_photo, photo_wait};

/// Where the outbox notes that photos wait for a better connection.
const PAUSED: &str = "photos_paused";

/// What came of sending a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotoOutcome {
    /// The office keeps bytes with this hash.
    Kept {
        hash: String,
    },
    Failed(PhotoProblem),
}

impl Device {
    /// The photo to send now, where there is one: one at a time, never while commands wait or rights are unsure, and none
    /// while photos are paused. It is on its way until [`Device::settle_photo`] or [`Device::abandon_photo`].
    pub fn next_photo(&mut self, now: Millis) -> Result<Option<PhotoToSend>> {
        if self.sending_photo.is_some() || self.photos_paused()? || !may_send_photo(self.stage()?) {
            return Ok(None);
        }
        let photo = self.outbox.photo_to_send(now)?;
        self.sending_photo = photo.as_ref().map(|photo| photo.command.clone());
        Ok(photo)
    }

    /// Takes in what came of sending a photo. Its bytes leave this laptop only where the office confirmed the same hash; a
    /// small picture of it stays.
    pub fn settle_photo(&mut self, now: Millis, photo: &PhotoToSend, outcome: PhotoOutcome) -> Result<()> {
        self.sending_photo = None;
        match outcome {
            PhotoOutcome::Kept { hash } if hash == photo.hash => {
                if let Some(thumbnail) = self.waiting_thumbnail(&photo.hash)? {
                    self.cache.keep_thumbnail(&photo.hash, &thumbnail)?;
                }
                self.outbox.photo_sent(&photo.command)
            }
            PhotoOutcome::Kept { .. } => {
                let problem = PhotoProblem {
                    code: "another_hash".to_owned(),
                    sentence:
                        "The office confirmed another picture than the one that was sent. Yours is kept here."
                            .to_owned(),
                    refused: false,
                };
                self.photo_failed(now, photo, &problem)
            }
            PhotoOutcome::Failed(problem) => self.photo_failed(now, photo, &problem),
        }
    }

    /// Sending a photo was broken off here: it waits as before.
    pub fn abandon_photo(&mut self) {
        self.sending_photo = None;
    }

    fn photo_failed(&mut self, now: Millis, photo: &PhotoToSend, problem: &PhotoProblem) -> Result<()> {
        let queue = self.outbox.photo_queue()?;
        let attempts = queue
            .iter()
            .find(|queued| queued.command == photo.command)
            .map_or(0, |queued| queued.attempts);
        self.outbox
            .photo_failed(&photo.command, problem, now + photo_wait(attempts + 1))
    }

    /// Whether a photo of a visit may keep where it was taken: only where its calendar says so, and that is known here.
    pub fn keeps_photo_location(&self, visit: &RecordId) -> Result<bool> {
        let held = self.held();
        let Some(Body::Appointment(visit)) = held.get(visit)?.map(|record| record.body) else {
            return Ok(false);
        };
        let Some(calendar) = visit.calendar else {
            return Ok(false);
        };
        let calendar = held.get(&calendar.into())?.map(|record| record.body);
        Ok(matches!(calendar, Some(Body::Calendar(calendar)) if calendar.photo_location))
    }

    /// Whether photos wait for a better connection.
    pub fn photos_paused(&self) -> Result<bool> {
        Ok(self.outbox.meta(PAUSED)?.is_some_and(|paused| paused == "yes"))
    }

    /// Holds photos back, or lets them go again. Everything else goes on.
    pub fn pause_photos(&mut self, paused: bool) -> Result<()> {
        self.outbox.set_meta(PAUSED, if paused { "yes" } else { "no" })
    }

    /// Tries every photo again at once.
    pub fn hurry_photos(&mut self) -> Result<()> {
        self.outbox.hurry_photos()
    }

    /// Removes a photo that the office will not have, by the command that named it; false where it is being sent, or has
    /// not failed.
    pub fn remove_photo(&mut self, command: &CommandId) -> Result<bool> {
        let is_refused = |queued: &QueuedPhoto| {
            queued.command == *command && queued.problem.as_ref().is_some_and(|problem| problem.refused)
        };
        if self.sending_photo.as_ref() == Some(command) || !self.outbox.photo_queue()?.iter().any(is_refused)
        {
            return Ok(false);
        }
        self.outbox.remove_photo(command)?;
        Ok(true)
    }

    /// The photos that wait here, in order. `sent` is how many bytes of the one on its way have left.
    pub fn photo_queue(&self, now: Millis, sent: u64) -> Result<PhotoQueue> {
        let queue = self.outbox.photo_queue()?;
        let shown = queue.into_iter().map(|queued| {
            let is_sending = self.sending_photo.as_ref() == Some(&queued.command);
            let state = match &queued.problem {
                _ if is_sending => PhotoState::Sending,
                _ if queued.held => PhotoState::Held,
                Some(problem) if problem.refused => PhotoState::Refused,
                Some(_) if queued.next_at > now => PhotoState::Later,
                _ => PhotoState::Waiting,
            };
            let fails = matches!(state, PhotoState::Refused | PhotoState::Later);
            WaitingPhoto {
                id: queued.command.as_str().to_owned(),
                hash: queued.hash,
                target: queued.record.to_string(),
                target_title: queued.target_title,
                caption: queued.caption,
                at: queued.added_at,
                bytes: queued.bytes,
                state,
                sent: if is_sending { sent.min(queued.bytes) } else { 0 },
                problem: queued.problem.filter(|_| fails).map(|problem| problem.sentence),
                again_at: fails.then_some(queued.next_at),
            }
        });
        Ok(PhotoQueue {
            paused: self.photos_paused()?,
            photos: shown.collect(),
        })
    }

    /// A photo, whether it waits here or was fetched.
    pub fn photo(&self, hash: &str) -> Result<Option<Photo>> {
        let held = match self.outbox.photo(hash)? {
            Some(waiting) => Some(waiting),
            None => self.cache.photo(hash)?,
        };
        Ok(held.map(|(media_type, bytes)| Photo { media_type, bytes }))
    }

    /// Keeps a photo fetched from the office, as long as a record held here shows it.
    pub fn keep_photo(&self, hash: &str, photo: &Photo) -> Result<()> {
        self.cache.keep_photo(hash, &photo.media_type, &photo.bytes)
    }

    /// A small picture of a photo, whether it waits here or was fetched.
    pub fn thumbnail(&self, hash: &str) -> Result<Option<Vec<u8>>> {
        match self.waiting_thumbnail(hash)? {
            Some(waiting) => Ok(Some(waiting)),
            None => self.cache.thumbnail(hash),
        }
    }

    /// Keeps a small picture fetched from the office, as long as a record held here shows it.
    pub fn keep_thumbnail(&self, hash: &str, bytes: &[u8]) -> Result<()> {
        self.cache.keep_thumbnail(hash, bytes)
    }

    /// The small picture of a photo that waits here. One that was added before there were any is made now.
    fn waiting_thumbnail(&self, hash: &str) -> Result<Option<Vec<u8>>> {
        if let Some(made) = self.outbox.thumbnail(hash)? {
            return Ok(Some(made));
        }
        let Some((_, bytes)) = self.outbox.photo(hash)? else {
            return Ok(None);
        };
        // What cannot be made small is shown without a picture; the office says what is wrong with it.
        Ok(Picture::read(&bytes).and_then(|picture| picture.thumbnail()).ok())
    }
}
