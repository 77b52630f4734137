//! The state of the window, and how it changes: sign in, lock, unlock, sign out, and what ends a session from outside.

use crate::deposits::{Deposits, wipe_asked};
use crate::problem::{DAMAGED, Problem, UNREADABLE};
use crate::profile::{Known, Profile, Settings};
use crate::session::{Fresh, Session};
use crate::status::{PhaseName, now};
use crate::vault::{Vault, parse_key};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use device::LeaseState;
use link::Client;
use policy::Millis;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use store::Fault;
use store::sqlite::FileKey;
use sync::SignInRequest;
use tauri::{AppHandle, Emitter as _};
use tokio::sync::Notify;

/// Where the window stands.
pub enum Phase {
    /// The keyring is being asked.
    Starting,
    SignedOut,
    /// Locked by the person; the files are closed.
    Locked,
    /// The lease ran out, or the office ended the sign-in; the files are closed.
    LeaseOver {
        ended: Millis,
    },
    Open(Box<Session>),
}

impl Phase {
    /// The phase's name on the bridge.
    pub fn name(&self) -> PhaseName {
        match self {
            Phase::Starting => PhaseName::Starting,
            Phase::SignedOut => PhaseName::SignedOut,
            Phase::Locked => PhaseName::Locked,
            Phase::LeaseOver { .. } => PhaseName::LeaseOver,
            Phase::Open(_) => PhaseName::Open,
        }
    }
}

/// All that changes.
pub struct State {
    pub profile: Profile,
    pub phase: Phase,
    pub online: bool,
    pub syncing: bool,
    pub problem: Option<Problem>,
}

impl State {
    /// The device of whoever works on this laptop now.
    pub fn open_device(&self) -> Option<String> {
        match &self.phase {
            Phase::Open(session) => Some(session.device_id().to_owned()),
            _ => None,
        }
    }

    /// What whoever was signed in last has left for the office.
    pub fn left(&self) -> Option<Deposits> {
        let current = self.profile.current()?;
        match Deposits::of(&self.profile, &current.device) {
            Ok(left) => left,
            Err(error) => {
                tracing::warn!(%error, "what was left for the office cannot be read");
                None
            }
        }
    }
}

/// The application behind the window.
pub struct App {
    state: Mutex<State>,
    handle: OnceLock<AppHandle>,
    pub versions: AtomicU64,
    /// There is something to exchange.
    pub wake: Notify,
    /// There may be a photo to send.
    pub photos: Notify,
    /// The photo on its way is to be left where it is.
    pub photos_stopped: Notify,
    /// How many bytes of the photo on its way have left.
    pub photo_sent: Arc<AtomicU64>,
    /// There may be something to settle with the office without anybody signed in.
    pub left: Notify,
    /// Somebody else is signed in, or nobody: whatever was going on for them ends.
    pub session_changed: Notify,
}

impl App {
    /// An application with nobody signed in.
    pub fn new(profile: Profile) -> App {
        let state = State {
            profile,
            phase: Phase::Starting,
            online: false,
            syncing: false,
            problem: None,
        };
        App {
            state: Mutex::new(state),
            handle: OnceLock::new(),
            versions: AtomicU64::new(1),
            wake: Notify::new(),
            photos: Notify::new(),
            photos_stopped: Notify::new(),
            photo_sent: Arc::default(),
            left: Notify::new(),
            session_changed: Notify::new(),
        }
    }

    /// Says which window to tell of changes.
    pub fn attach(&self, handle: AppHandle) {
        let _ = self.handle.set(handle);
    }

    /// The state, for one caller at a time.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the window that something has changed.
    pub fn tell(&self) {
        let status = self.status();
        if let Some(handle) = self.handle.get()
            && let Err(error) = handle.emit("changed", status)
        {
            tracing::warn!(%error, "the window was not told");
        }
    }

    /// Ends whatever was going on for whoever was signed in.
    fn tell_of_session(&self) {
        self.session_changed.notify_one();
        self.photos_stopped.notify_waiters();
    }

    /// Works with the open session.
    pub fn with_session<R>(
        &self,
        work: impl FnOnce(&mut Session) -> Result<R, Problem>,
    ) -> Result<R, Problem> {
        match &mut self.state().phase {
            Phase::Open(session) => {
                let done = work(session);
                let is_damage = |problem: &Problem| [DAMAGED, UNREADABLE].contains(&problem.code.as_str());
                if done.as_ref().is_err_and(is_damage) && session.mend()? {
                    self.wake.notify_one();
                }
                done
            }
            _ => Err(Problem::signed_out()),
        }
    }

    /// Opens the files of whoever was signed in last, unless they had locked the window.
    pub fn resume(&self) {
        let mut state = self.state();
        state.phase = Phase::SignedOut;
        match state.profile.current().cloned() {
            Some(_) if state.profile.settings().locked => state.phase = Phase::Locked,
            Some(known) => {
                if let Err(problem) = open_known(&mut state, &known) {
                    state.problem = Some(problem);
                }
            }
            None => {}
        }
        drop(state);
        self.check_lease();
        self.tell();
    }

    /// Signs in at an office: needs a connection.
    pub async fn sign_in(&self, server: &str, username: &str, password: &str) -> Result<(), Problem> {
        let username = username.trim();
        let (known, tag) = {
            let state = self.state();
            (state.profile.known(username).cloned(), state.profile.tag())
        };
        let held = match &known {
            Some(known) => Vault::new(&tag, &known.person).get()?,
            None => None,
        };
        // A key is made only where no file of this person exists yet; otherwise the office gives its copy back.
        let offered = match (&held, &known) {
            (Some(key), _) => Some(FileKey(key.0)),
            (None, Some(_)) => None,
            (None, None) => Some(FileKey(random()?)),
        };
        let request = SignInRequest {
            username: username.to_owned(),
            password: password.to_owned(),
            device_name: device_name(),
            device: known
                .as_ref()
                .filter(|known| !known.is_copy)
                .map(|known| known.device.clone()),
            file_key: offered.as_ref().map(|key| hex::encode(key.0)),
        };
        let reply = match Client::new(server, "")?.sign_in(&request).await {
            Err(trouble) if trouble.code == "wipe" => {
                let problem = wipe_asked();
                self.wipe(&request.device.unwrap_or_default(), problem.clone())?;
                return Err(problem);
            }
            reply => reply?,
        };
        let escrow = reply.file_key.as_deref().and_then(parse_key);
        let person = reply.rights.person.to_string();
        let vault = Vault::new(&tag, &person);
        let key = held.or(escrow).or(offered).ok_or_else(|| {
            Problem::new(
                "key_lost",
                "The key of your files on this laptop is lost, and the office has no copy of it.",
            )
        })?;
        vault.set(&key)?;
        let device_before = known.map(|known| known.device);
        let known = Known {
            person: person.clone(),
            username: username.to_owned(),
            name: reply.rights.name.clone(),
            device: reply.device.clone(),
            verifier: hash(password)?,
            escrowed: reply.file_key.is_some(),
            is_copy: false,
        };
        let mut state = self.state();
        let saved = state.profile.change(|settings| {
            settings.server = Some(server.trim().trim_end_matches('/').to_owned());
            settings.people.retain(|other| other.person != person);
            settings.people.push(known.clone());
            settings.current = Some(person.clone());
            settings.locked = false;
            settings.zone = Some(reply.rights.zone.clone());
        });
        saved.map_err(io)?;
        let fresh = Fresh {
            credential: &reply.credential,
            rights: &reply.rights,
            device: &reply.device,
            device_before: device_before.as_deref(),
        };
        let mut session = Session::open(&state.profile, &person, &key, Some(fresh))?;
        session.device.begin_exchange();
        state.phase = Phase::Open(Box::new(session));
        state.problem = None;
        state.online = true;
        drop(state);
        self.tell_of_session();
        self.wake.notify_one();
        self.tell();
        Ok(())
    }

    /// Closes the files until the password is given again.
    pub fn lock(&self) -> Result<(), Problem> {
        let mut state = self.state();
        state
            .profile
            .change(|settings| settings.locked = true)
            .map_err(io)?;
        state.phase = Phase::Locked;
        drop(state);
        self.tell_of_session();
        self.tell();
        Ok(())
    }

    /// Opens the files again; needs no connection.
    pub fn unlock(&self, password: &str) -> Result<(), Problem> {
        let mut state = self.state();
        let known = state.profile.current().cloned().ok_or_else(Problem::signed_out)?;
        if !verify(&known.verifier, password)? {
            return Err(Problem::new("wrong_password", "The password is not right."));
        }
        open_known(&mut state, &known)?;
        state
            .profile
            .change(|settings| settings.locked = false)
            .map_err(io)?;
        state.problem = None;
        drop(state);
        self.check_lease();
        self.tell_of_session();
        self.wake.notify_one();
        self.tell();
        Ok(())
    }

    /// Signs out: the person's files and key leave this laptop. What is unsent holds it up unless `discard` is said.
    pub async fn sign_out(&self, discard: bool) -> Result<(), Problem> {
        let client = {
            let mut state = self.state();
            let Phase::Open(session) = &mut state.phase else {
                // Switching user from a locked window leaves everything as it is.
                state.phase = Phase::SignedOut;
                state
                    .profile
                    .change(|settings| settings.current = None)
                    .map_err(io)?;
                drop(state);
                self.tell();
                return Ok(());
            };
            let (waiting, returned, photos) = session.device.counts()?;
            if !discard && waiting + returned + photos > 0 {
                return Err(unsent(waiting, returned, photos));
            }
            session.client.clone()
        };
        // Without a connection the credential ends with its lease.
        let _ = client.sign_out().await;
        let mut state = self.state();
        let phase = std::mem::replace(&mut state.phase, Phase::SignedOut);
        if let Phase::Open(session) = phase {
            let Session {
                person,
                vault,
                device,
                deposits,
                ..
            } = *session;
            drop(device);
            deposits.remove().map_err(io)?;
            erase(&mut state, &person, &vault)?;
        }
        state.online = false;
        state.problem = None;
        drop(state);
        self.tell_of_session();
        self.tell();
        Ok(())
    }

    /// Closes the files where the lease has run out.
    pub fn check_lease(&self) {
        let at = now();
        let over =
            self.with_session(|session| Ok((session.device.lease(at)?, session.device.note_clock(at)?)));
        if let Ok((LeaseState::Over(ended), ())) = over {
            self.shut(ended, None);
        }
    }

    /// Closes the files and, where the office keeps a copy, removes the key from this laptop. Unsent work stays, and is left
    /// for the office, sealed.
    pub fn shut(&self, ended: Millis, why: Option<Problem>) {
        let mut state = self.state();
        let phase = std::mem::replace(&mut state.phase, Phase::SignedOut);
        let Phase::Open(mut session) = phase else {
            state.phase = phase;
            return;
        };
        if let Err(problem) = session.leave_sealed() {
            tracing::warn!(code = problem.code, "unsent work waits for its person to sign in");
        }
        let escrowed = state.profile.current().is_some_and(|known| known.escrowed);
        let Session { vault, device, .. } = *session;
        drop(device);
        if escrowed && let Err(problem) = vault.remove() {
            tracing::warn!(code = problem.code, "the key stays in the keyring");
        }
        state.phase = Phase::LeaseOver { ended };
        state.problem = why;
        state.online = false;
        drop(state);
        self.left.notify_one();
        self.tell_of_session();
        self.tell();
    }

    /// Another copy of this laptop works at the office: this one is another laptop from its next sign-in on. The office keeps no
    /// copy of the key for that one, so the key stays.
    pub fn shut_copy(&self, why: Problem) -> Result<(), Problem> {
        let noted = self.state().profile.change(|settings| {
            let current = settings.current.clone();
            for known in &mut settings.people {
                if Some(&known.person) == current.as_ref() {
                    (known.is_copy, known.escrowed) = (true, false);
                }
            }
        });
        noted.map_err(io)?;
        self.shut(now(), Some(why));
        Ok(())
    }

    /// The office wants this laptop emptied: unsent work is left sealed, and everything else of that person goes. Whatever
    /// fails is tried again: the office asks until it is told.
    pub fn wipe(&self, device: &str, why: Problem) -> Result<(), Problem> {
        let mut state = self.state();
        let people = &state.profile.settings().people;
        if let Some(known) = people.iter().find(|known| known.device == device).cloned() {
            let vault = Vault::new(&state.profile.tag(), &known.person);
            let left = leave_and_close(&mut state, &known, &vault);
            // Room for what is still to be sealed, and nothing to be read meanwhile.
            let folder = state.profile.folder_of(&known.person).map_err(io)?;
            device::remove_cache(&folder)?;
            left?;
            erase(&mut state, &known.person, &vault)?;
            if state.profile.settings().current.is_none() {
                state.phase = Phase::SignedOut;
                state.problem = Some(why);
            }
        }
        if let Some(mut deposits) = Deposits::of(&state.profile, device).map_err(io)? {
            deposits.note_erased().map_err(io)?;
        }
        drop(state);
        self.left.notify_one();
        self.tell_of_session();
        self.tell();
        Ok(())
    }
}

/// Leaves a person's unsent work sealed and closes their files, where they are open or can be opened.
fn leave_and_close(state: &mut State, known: &Known, vault: &Vault) -> Result<(), Problem> {
    let is_theirs = |session: &Session| session.person == known.person;
    if matches!(&state.phase, Phase::Open(session) if is_theirs(session)) {
        let ended = Phase::LeaseOver { ended: now() };
        if let Phase::Open(mut session) = std::mem::replace(&mut state.phase, ended) {
            state.online = false;
            return session.leave_sealed();
        }
    }
    // Without the key they were sealed when it was taken away.
    match vault.get()? {
        Some(key) => Session::open(&state.profile, &known.person, &key, None)?.leave_sealed(),
        None => Ok(()),
    }
}

/// Removes a person's files and key from this laptop, and forgets that they were here.
fn erase(state: &mut State, person: &str, vault: &Vault) -> Result<(), Problem> {
    vault.remove()?;
    let folder = state.profile.folder_of(person).map_err(io)?;
    device::remove_cache(&folder)?;
    std::fs::remove_dir_all(folder).map_err(io)?;
    let forget = |settings: &mut Settings| {
        settings.people.retain(|known| known.person != person);
        settings.current = settings.current.take().filter(|current| current != person);
    };
    state.profile.change(forget).map_err(io)
}

fn open_known(state: &mut State, known: &Known) -> Result<(), Problem> {
    let vault = Vault::new(&state.profile.tag(), &known.person);
    // A copy has its key, and opens with it once it has signed in.
    let Some(key) = vault.get()?.filter(|_| !known.is_copy) else {
        state.phase = Phase::LeaseOver { ended: now() };
        return Ok(());
    };
    let session = Session::open(&state.profile, &known.person, &key, None)?;
    state.phase = Phase::Open(Box::new(session));
    Ok(())
}

fn unsent(waiting: u64, returned: u64, photos: u64) -> Problem {
    let plural = |count: u64, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {many}")),
    };
    let parts = [
        plural(
            waiting,
            "change is waiting to be sent",
            "changes are waiting to be sent",
        ),
        plural(
            returned,
            "change was returned to you",
            "changes were returned to you",
        ),
        plural(
            photos,
            "photo is waiting to be sent",
            "photos are waiting to be sent",
        ),
    ];
    let named: Vec<String> = parts.into_iter().flatten().collect();
    Problem::new(
        "unsent_work",
        format!(
            "{}. Signing out would erase this from the laptop.",
            named.join(", ")
        ),
    )
}

fn device_name() -> String {
    let named = ["HOSTNAME", "COMPUTERNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok());
    named
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "laptop".to_owned())
}

/// Random bytes from the operating system.
pub fn random<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Fault::Other(format!("no random bytes: {error}")))?;
    Ok(bytes)
}

fn hash(password: &str) -> Result<String, Problem> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    Ok(hash.map_err(|error| Fault::Other(error.to_string()))?.to_string())
}

fn verify(verifier: &str, password: &str) -> Result<bool, Problem> {
    let parsed = PasswordHash::new(verifier).map_err(|error| Fault::Other(error.to_string()))?;
    Ok(Argon2::default()
        .verify_password(password.as_bytes(), &parsed)
        .is_ok())
}

/// What a file that cannot be written or read is to the screen.
pub fn io(error: std::io::Error) -> Problem {
    match error.kind() {
        std::io::ErrorKind::StorageFull => Fault::DiskFull.into(),
        _ => Fault::Other(error.to_string()).into(),
    }
}
