//! The office's half: sign-in, exchange, push, imports. The rules are elsewhere; handlers unpack, call and wrap.

pub mod accounts;
pub mod cli;
pub mod deposits;
pub mod engine;
pub mod http;
pub mod import;
mod office;
mod photos;
mod problem;
mod readers;
pub mod roster;
mod seed;
mod short_log;

pub use office::{Office, Opening};
pub use photos::{PhotoPlace, photo_seen_by};
pub use problem::Problem;
