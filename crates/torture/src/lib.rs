//! Real processes and real files, killed, cut, filled and damaged, and a count of what is lost, leaked or corrupt afterwards.
//!
//! Everything here drives the product's own parts from outside: the server's program, the device's engine on encrypted files,
//! the laptop's own HTTP client. It has no rule and keeps no record of its own.

pub mod blows;
pub mod check;
pub mod cipher;
pub mod cuts;
pub mod damage;
pub mod disks;
pub mod golden;
pub mod here;
pub mod laptop;
pub mod logs;
pub mod office;
pub mod report;
pub mod strange;
pub mod town;
pub mod upgrade;

/// Milliseconds since 1970, by this machine's clock.
pub fn now() -> policy::Millis {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(policy::Millis::MAX)
}
