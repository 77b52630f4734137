//! What a person sees at any time: online or not, last sync, rights as of, what waits.

use crate::app::{App, Phase};
use crate::problem::Problem;
use device::{LeaseState, PhotoState, ReceiptShown};
use policy::Millis;
use serde::Serialize;
use std::sync::atomic::Ordering;

/// Somebody known on this laptop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Account {
    pub username: String,
    pub name: String,
}

/// Rows done of rows expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Progress {
    pub done: u64,
    pub total: u64,
}

/// Where the window stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Phase"))]
pub enum PhaseName {
    #[default]
    Starting,
    SignedOut,
    Locked,
    LeaseOver,
    Open,
}

/// The state of the window.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Status {
    /// Grows with every status made, so that an older one that arrives late is known for what it is.
    pub version: u64,
    pub phase: PhaseName,
    pub server: Option<String>,
    pub person: Option<String>,
    pub name: Option<String>,
    pub username: Option<String>,
    pub roles: String,
    /// Whether the person sees the inspectors of a calendar, and so their days.
    pub supervises: bool,
    pub online: bool,
    pub syncing: bool,
    pub progress: Option<Progress>,
    pub last_sync: Option<Millis>,
    pub rights_as_of: Option<Millis>,
    pub lease_until: Option<Millis>,
    pub lease_ended: Option<Millis>,
    pub waiting: u64,
    pub returned: u64,
    /// Other people's work and emergency accesses that wait for this person to decide.
    pub to_decide: u64,
    /// The calendars that are open in an emergency.
    pub emergencies: Vec<device::EmergencyAccess>,
    pub photos_waiting: u64,
    /// What waited when the files were closed is at the office now.
    pub handed_over: bool,
    /// Of these, how many the office will not have as they are.
    pub photos_refused: u64,
    /// Photos are held back for a better connection.
    pub photos_paused: bool,
    pub zone: String,
    pub today: String,
    pub now_minute: u16,
    pub problem: Option<Problem>,
    pub accounts: Vec<Account>,
    pub forgotten: Option<ReceiptShown>,
}

/// The clock of this laptop.
pub fn now() -> Millis {
    chrono::Utc::now().timestamp_millis()
}

impl App {
    /// The status as it is now.
    pub fn status(&self) -> Status {
        let state = self.state();
        let settings = state.profile.settings();
        let people = settings.people.iter();
        let mut status = Status {
            version: self.versions.fetch_add(1, Ordering::SeqCst),
            phase: state.phase.name(),
            server: settings.server.clone(),
            online: state.online,
            syncing: state.syncing,
            problem: state.problem.clone(),
            accounts: people
                .map(|known| Account {
                    username: known.username.clone(),
                    name: known.name.clone(),
                })
                .collect(),
            zone: settings.zone.clone().unwrap_or_else(|| "UTC".to_owned()),
            ..Status::default()
        };
        if let Some(known) = state.profile.current() {
            status.name = Some(known.name.clone());
            status.username = Some(known.username.clone());
            status.person = Some(known.person.clone());
        }
        if let Phase::LeaseOver { ended } = &state.phase {
            status.lease_ended = Some(*ended);
            if let Some(left) = state.left() {
                status.waiting = left.about.changes;
                status.photos_waiting = left.about.photos;
                status.handed_over = left.is_handed_over().unwrap_or(false);
            }
        }
        let at = now();
        if let Phase::Open(session) = &state.phase
            && let Err(problem) = fill(&mut status, session, at)
        {
            status.problem = Some(problem);
        }
        let (today, minute) = domain::time::local(at, &status.zone);
        status.today = today.to_string();
        status.now_minute = minute;
        status
    }
}

fn fill(status: &mut Status, session: &crate::session::Session, at: Millis) -> Result<(), Problem> {
    let device = &session.device;
    let actor = device.actor(at)?;
    status.name = Some(actor.name().to_owned());
    status.roles = if actor.rights.grants.is_empty() {
        "No role".to_owned()
    } else {
        actor.roles_title()
    };
    status.supervises = policy::people::supervises(&actor);
    status.zone = actor.rights.zone.clone();
    status.progress = device.progress().map(|(done, total)| Progress { done, total });
    status.last_sync = device.last_sync()?;
    status.rights_as_of = device.rights_as_of()?;
    status.lease_until = match device.lease(at)? {
        LeaseState::Until(until) => Some(until),
        LeaseState::None | LeaseState::Over(_) => None,
    };
    (status.waiting, status.returned, status.photos_waiting) = device.counts()?;
    status.to_decide = (device.works_to_decide()?.len() + device.accesses_to_review()?) as u64;
    status.emergencies = device.emergencies(at)?;
    let queue = device.photo_queue(at, 0)?;
    status.photos_paused = queue.paused;
    let refused = queue
        .photos
        .iter()
        .filter(|photo| photo.state == PhotoState::Refused);
    status.photos_refused = refused.count() as u64;
    status.forgotten = device
        .receipts()?
        .into_iter()
        .find(|(_, seen)| !*seen)
        .map(|(receipt, _)| receipt);
    Ok(())
}
