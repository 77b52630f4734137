//! One small test per line of the requirements that the policy alone can answer.

mod town;

mod public;

mod departments;
mod staff;

mod grants;
