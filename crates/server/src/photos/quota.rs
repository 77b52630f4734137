//! How much one person may send on one day, so that neither a mistake nor a stolen laptop fills the office's disk.

use crate::engine::Caller;
use crate::problem::Problem;
use axum::http::StatusCode;
use domain::time::{instant, local};
use policy::{Millis, RecordId};
use store::{OfficeTx, StoredPhoto};

/// How many bytes of photos are taken from one person on one day of the municipality: several hundred photos, some four
/// times what a busy day has.
pub const PHOTO_BYTES_PER_DAY: u64 = 2 * 1024 * 1024 * 1024;

/// Whether a photo still fits into its sender's day, beside what the same laptop has half sent. What the office has from
/// them for that record already counts no further.
pub(super) async fn fits<T: OfficeTx>(
    tx: &mut T,
    caller: &Caller,
    (photo, record): (&StoredPhoto, &RecordId),
    half_sent: u64,
    now: Millis,
) -> Result<(), Problem> {
    if tx.photo_records(&photo.hash).await?.contains(record) {
        return Ok(());
    }
    let zone = tx.org().await?.zone;
    let (today, _) = local(now, &zone);
    let sent = tx
        .photo_bytes_since(&caller.person, instant(today, 0, &zone))
        .await?;
    if sent + half_sent + u64::from(photo.bytes) <= PHOTO_BYTES_PER_DAY {
        return Ok(());
    }
    let tomorrow = today.succ_opt().unwrap_or(today);
    let sentence = format!(
        "The office takes at most 2 GiB of photos from one person a day, and this one no longer fits into today. It takes \
         more from {tomorrow}, 00:00."
    );
    Err(Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "photo_quota",
        sentence,
    ))
}
