//! The queue of photos: one after another, beside the exchange, so that nothing waits for them.

use crate::app::App;
use crate::problem::Problem;
use crate::status::now;
use crate::worker::settle_failure;
use device::{PhotoOutcome, PhotoProblem, PhotoToSend};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How often the queue is looked at when nothing asks for it: a photo's time may have come.
const TICK: Duration = Duration::from_secs(15);
/// How long nothing may leave before a photo is given up for now.
const STALL: Duration = Duration::from_secs(60);

/// Runs until the program ends.
pub async fn run(app: Arc<App>) {
    loop {
        while send_one(&app).await {}
        tokio::select! {
            () = app.photos.notified() => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

/// Sends the photo whose turn it is; false where there is none.
async fn send_one(app: &Arc<App>) -> bool {
    if !app.state().online {
        return false;
    }
    let next = app.with_session(|session| {
        let photo = session.device.next_photo(now())?;
        Ok(photo.map(|photo| (photo, session.client.clone(), session.person.clone())))
    });
    let (photo, client, person) = match next {
        Ok(Some(next)) => next,
        Ok(None) => return false,
        Err(problem) => {
            tracing::warn!(code = problem.code, "the photos cannot be looked at");
            return false;
        }
    };
    app.photo_sent.store(0, Ordering::Relaxed);
    app.tell();
    let asked = tokio::select! {
        () = app.photos_stopped.notified() => None,
        () = stalled(&app.photo_sent) => Some(Err(stood_still())),
        answered = client.send_photo(&photo, &app.photo_sent) => Some(answered.map_err(Problem::from)),
    };
    let settled = app.with_session(|session| {
        if session.person == person {
            settle(&mut session.device, &photo, asked)
        } else {
            Ok(())
        }
    });
    let goes_on = match settled {
        Ok(()) => true,
        Err(problem) => {
            settle_failure(app, problem);
            false
        }
    };
    app.tell();
    goes_on
}

/// Takes in what came of it. A failure that is not about the photo is given back: the session may have ended.
fn settle(
    device: &mut device::Device,
    photo: &PhotoToSend,
    asked: Option<Result<PhotoOutcome, Problem>>,
) -> Result<(), Problem> {
    let outcome = match asked {
        None => {
            device.abandon_photo();
            return Ok(());
        }
        Some(Ok(outcome)) => outcome,
        Some(Err(problem)) if is_on_the_way(&problem) => PhotoOutcome::Failed(PhotoProblem {
            code: problem.code,
            sentence: problem.sentence,
            refused: false,
        }),
        Some(Err(problem)) => {
            device.abandon_photo();
            return Err(problem);
        }
    };
    Ok(device.settle_photo(now(), photo, outcome)?)
}

/// The connection broke, or somebody else answered: this photo waits, and the next one is tried.
fn is_on_the_way(problem: &Problem) -> bool {
    matches!(problem.code.as_str(), "server_unreachable" | "not_the_office")
}

/// Comes to an end when nothing has left for a while.
async fn stalled(sent: &AtomicU64) {
    let mut before = sent.load(Ordering::Relaxed);
    loop {
        tokio::time::sleep(STALL).await;
        let now = sent.load(Ordering::Relaxed);
        if now == before {
            return;
        }
        before = now;
    }
}

fn stood_still() -> Problem {
    Problem::new(
        "server_unreachable",
        "The connection stood still while the photo was being sent.",
    )
}
