//! What goes on behind the window: the exchange with the office, and listening for what is new.

use crate::app::{App, Phase};
use crate::deposits::{self, wipe_asked};
use crate::problem::Problem;
use crate::sending;
use crate::status::now;
use device::{Reply, Request};
use link::{Client, Heard, Trouble};
use std::sync::Arc;
use std::time::Duration;
use store::Fault;

/// How often the lease is looked at, and a quiet connection is tried.
const TICK: Duration = Duration::from_secs(15);
/// The first wait after a failure; it doubles up to the longest.
const WAIT_FIRST: Duration = Duration::from_millis(500);
const WAIT_LONGEST: Duration = Duration::from_secs(15);

/// Runs until the program ends.
pub async fn run(app: Arc<App>) {
    let listening = tauri::async_runtime::spawn(keep_listening(Arc::clone(&app)));
    tauri::async_runtime::spawn(sending::run(Arc::clone(&app)));
    tauri::async_runtime::spawn(deposits::run(Arc::clone(&app)));
    loop {
        exchange(&app).await;
        app.check_lease();
        tokio::select! {
            () = app.wake.notified() => {}
            () = tokio::time::sleep(TICK) => {}
        }
        if listening.inner().is_finished() {
            return;
        }
    }
}

/// Carries one exchange through, step by step, and tells the window as it goes.
pub async fn exchange(app: &Arc<App>) {
    let begun = app.with_session(|session| {
        session.begin_exchange();
        Ok(())
    });
    if begun.is_err() {
        return;
    }
    let was_online = {
        let mut state = app.state();
        state.syncing = true;
        state.online
    };
    let outcome = steps(app).await;
    let mut state = app.state();
    state.syncing = false;
    match outcome {
        Ok(()) => {
            state.online = true;
            state.problem = None;
            if let (false, Phase::Open(session)) = (was_online, &mut state.phase)
                && let Err(fault) = session.device.hurry_photos()
            {
                tracing::warn!(%fault, "photos wait until their time comes");
            }
        }
        Err(problem) => {
            if let Phase::Open(session) = &mut state.phase {
                session.abandon();
            }
            state.online = false;
            drop(state);
            settle_failure(app, problem);
            return;
        }
    }
    drop(state);
    app.photos.notify_one();
    app.tell();
}

/// A page that is fetched, or commands that travel, while the reply before is taken in.
struct Ahead {
    request: Request,
    reply: tauri::async_runtime::JoinHandle<Result<Reply, Trouble>>,
}

impl Ahead {
    fn fetch(client: Client, request: Request) -> Ahead {
        let asked = request.clone();
        let reply = tauri::async_runtime::spawn(async move { client.send(&asked).await });
        Ahead { request, reply }
    }

    async fn reply(self) -> Result<Reply, Problem> {
        let broken = |error: tauri::Error| Fault::Other(format!("a page was not fetched: {error}"));
        Ok(self.reply.await.map_err(broken)??)
    }
}

async fn steps(app: &Arc<App>) -> Result<(), Problem> {
    let mut ahead: Option<Ahead> = None;
    loop {
        let next = app.with_session(|session| {
            let request = session.device.next_request()?;
            Ok(request.map(|request| (request, session.client.clone(), session.person.clone())))
        })?;
        let Some((request, client, person)) = next else {
            return app.with_session(|session| Ok(session.device.rest()?));
        };
        let reply = match ahead.take_if(|ahead| ahead.request.is_same(&request)) {
            Some(ahead) => ahead.reply().await?,
            None => client.send(&request).await?,
        };
        app.with_session(|session| {
            // Somebody else may have signed in while the answer was on its way.
            if session.person != person {
                return Err(Problem::signed_out());
            }
            if let Some(next) = session.device.request_after(&reply)? {
                ahead = Some(Ahead::fetch(client, next));
            }
            session.settle(now(), &request, reply)
        })?;
        app.state().online = true;
        app.photos.notify_one();
        app.tell();
    }
}

/// A failure that ends the session closes the files; any other is shown and tried again.
pub fn settle_failure(app: &Arc<App>, problem: Problem) {
    match problem.code.as_str() {
        "credential_unknown" | "credential_revoked" | "credential_expired" | "account_off"
        | "credential_missing" => {
            app.shut(now(), Some(problem));
        }
        "fork" => {
            if let Err(problem) = app.shut_copy(problem) {
                tracing::error!(code = problem.code, "this copy of a laptop cannot be closed");
            }
        }
        "wipe" => {
            let device = app.state().open_device();
            if let Some(device) = device
                && let Err(problem) = app.wipe(&device, wipe_asked())
            {
                tracing::error!(code = problem.code, "this laptop is not empty yet");
            }
        }
        "server_unreachable" | "signed_out" => app.tell(),
        _ => {
            app.state().problem = Some(problem);
            app.tell();
        }
    }
}

/// Listens for as long as somebody is signed in, again after every interruption.
async fn keep_listening(app: Arc<App>) {
    let mut wait = WAIT_FIRST;
    loop {
        let client = app.with_session(|session| Ok(session.client.clone()));
        let Ok(client) = client else {
            app.session_changed.notified().await;
            continue;
        };
        tokio::select! {
            () = app.session_changed.notified() => {
                wait = WAIT_FIRST;
                continue;
            }
            listened = listen(&app, &client) => {
                if listened { wait = WAIT_FIRST; }
            }
        }
        app.state().online = false;
        app.tell();
        // A little chance keeps a town's laptops from coming back in one instant.
        let chance = crate::app::random::<1>().map_or(0, |bytes| bytes[0]);
        tokio::select! {
            () = app.session_changed.notified() => {}
            () = tokio::time::sleep(wait + Duration::from_millis(u64::from(chance))) => {}
        }
        wait = (wait * 2).min(WAIT_LONGEST);
    }
}

/// Listens once; true where the office was heard at all.
async fn listen(app: &Arc<App>, client: &Client) -> bool {
    let mut heard_any = false;
    let listened = client.listen(|heard| {
        heard_any = true;
        match heard {
            Heard::Changed | Heard::Ended => app.wake.notify_one(),
        }
    });
    if let Err(trouble) = listened.await {
        let ended = trouble.code != "server_unreachable";
        if ended {
            settle_failure(app, trouble.into());
        }
    }
    heard_any
}
