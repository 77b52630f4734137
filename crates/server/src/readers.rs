//! The connections that only read: a few that are open, lent to one request after the other.

use policy::OrgId;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use store::{AnyTx, Database, Memory, Place, Result};

/// At most so many read at once; whoever comes then waits. More would only take turns on the same cores, and each holds some
/// megabytes, or a process of PostgreSQL.
const READERS_MAX: usize = 16;

/// Connections of one database.
pub struct Readers {
    place: Place,
    org: OrgId,
    memory: Memory,
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Database>,
    lent: usize,
}

impl Readers {
    /// None is open yet. All share what the database's other connections remember.
    pub fn new(place: Place, org: OrgId, memory: Memory) -> Readers {
        Readers {
            place,
            org,
            memory,
            state: Mutex::default(),
            returned: Condvar::new(),
        }
    }

    /// Lends a connection, as soon as one is there.
    pub fn lend(&self) -> Result<Lent<'_>> {
        let mut state = self.state();
        while state.idle.is_empty() && state.lent >= READERS_MAX {
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.lent += 1;
        let mut lent = Lent {
            of: self,
            db: state.idle.pop(),
        };
        drop(state);
        if lent.db.is_none() {
            let db = Database::connect(&self.place, &self.org)?;
            lent.db = Some(db.sharing(&self.memory));
        }
        Ok(lent)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection on loan. It goes back when this ends, unless it does not answer any more.
pub struct Lent<'a> {
    of: &'a Readers,
    db: Option<Database>,
}

impl Lent<'_> {
    /// Carries out something that only reads, in one snapshot, on this thread.
    pub fn read<R, E: From<store::Fault>>(
        mut self,
        work: impl AsyncFnOnce(&mut AnyTx<'_>) -> std::result::Result<R, E>,
    ) -> std::result::Result<R, E> {
        let Some(mut db) = self.db.take() else {
            return Err(store::Fault::Other("no connection was lent".to_owned()).into());
        };
        let result = db.read(work);
        if result.is_ok() || db.answers() {
            self.db = Some(db);
        }
        result
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut state = self.of.state();
        state.lent -= 1;
        state.idle.extend(self.db.take());
        drop(state);
        self.of.returned.notify_one();
    }
}
