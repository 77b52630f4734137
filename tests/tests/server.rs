//! The office as it is shipped: its own process, over HTTP, against everybody who might ask.

#![expect(clippy::expect_used, reason = "what helps a test may fail as a test does")]

#[path = "server/attacks.rs"]
mod attacks;
#[path = "server/bad_input.rs"]
mod bad_input;
#[path = "server/bucket.rs"]
mod bucket;
#[path = "server/caller.rs"]
mod caller;
#[path = "server/channel.rs"]
mod channel;
#[path = "server/copies.rs"]
mod copies;
#[path = "server/deposits.rs"]
mod deposits;
#[path = "server/doing.rs"]
mod doing;
#[path = "server/embedded.rs"]
mod embedded;
#[path = "server/emergency.rs"]
mod emergency;
#[path = "server/faults.rs"]
mod faults;
#[path = "server/grants.rs"]
mod grants;
#[path = "server/inspections.rs"]
mod inspections;
#[path = "server/leaks.rs"]
mod leaks;
#[path = "server/leftovers.rs"]
mod leftovers;
#[path = "server/locations.rs"]
mod locations;
#[path = "server/long_away.rs"]
mod long_away;
#[path = "server/marks.rs"]
mod marks;
#[path = "server/never.rs"]
mod never;
#[path = "server/operations.rs"]
mod operations;
#[path = "server/photos.rs"]
mod photos;
#[path = "server/quotas.rs"]
mod quotas;
#[path = "server/resuming.rs"]
mod resuming;
#[path = "server/returned.rs"]
mod returned;
#[path = "server/sessions.rs"]
mod sessions;
#[path = "server/town.rs"]
mod town;
#[path = "server/wipe.rs"]
mod wipe;
