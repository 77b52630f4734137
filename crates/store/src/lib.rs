//! Where records lie, and the one door through which they are written.
//!
//! [`Lookup`] is how a rule's needs are met, on the laptop and in the office alike. [`OfficeTx`] is a transaction of the
//! office's database; [`submit`] is the only way a command becomes a change. The device's two files are here too.

mod book;
mod database;
mod fault;
pub mod location;
mod lookup;
mod office;
pub mod picture;
pub mod postgres;
mod relist;
mod rights;
pub mod sqlite;
mod submit;
mod transfer;

pub use book::{Book, Changes, EntryChange, Memory, RecordChange, RecordRow, ViewChange};
pub use database::{AnyTx, Database, Place, Written};
pub use fault::{Fault, Result};
pub use lookup::{Lookup, find, find_for};
pub use office::{
    Account, DeviceRow, Entry, HeldBy, Holding, NewDevice, OfficeTx, Org, StoredCommand, StoredPhoto,
    ViewHead,
};
pub use relist::relist;
pub use rights::{Standing, rights_of, standing, system_rights};
pub use submit::{Submission, submit, write};
pub use transfer::{There, transfer};
