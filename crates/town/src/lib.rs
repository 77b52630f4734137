//! The deterministic generator of a demonstration town.
//!
//! Streets, addresses and the basemap are real, read from OpenStreetMap vector tiles; the people, permits and
//! visits are invented. The same map, seed, scale and first day always give the same town, byte for byte:
//! nothing here reads a clock, a random source or a network, and the only files read are the tiles.

mod areas;
mod basemap;
mod catalogue;
mod chance;
mod day;
mod geography;
mod names;
mod office;
mod people;
mod permits;
mod plan;
mod position;
mod results;
mod roads;
mod route;
mod simplify;
mod tiles;
mod timetable;
mod visits;

pub use areas::{Area, AreaClass};
pub use basemap::basemap;
pub use geography::{Address, Bounds, Geography, load};
pub use people::{Grant, Person};
pub use permits::{Permit, PermitStatus};
pub use plan::{Calendar, ChecklistItem, Department, InspectionType, Organization, Plan, plan};
pub use position::Position;
pub use results::{Answer, Outcome, Verdict};
pub use roads::{Road, RoadClass};
pub use visits::{Priority, Visit, VisitStatus};
