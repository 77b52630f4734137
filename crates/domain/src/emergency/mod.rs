//! Access in an emergency: it is taken with a reason, ends by itself, and is reviewed by those who supervise the calendar.

mod break_glass;
mod end_access;
mod review_access;

pub use break_glass::BreakGlass;
pub use end_access::EndAccess;
pub use review_access::ReviewAccess;

use crate::found::Found;
use crate::people::{AccessFinding, Emergency, GrantBody};
use crate::{Body, Command};
use policy::inspections::BECAUSE_MIN;
use policy::{CalendarId, Code, Denial, GrantId};

/// Commands to try out on a grant, to learn what may be done with it now and why not. Nothing is written.
pub fn probes(id: &GrantId, grant: &GrantBody) -> Vec<Command> {
    if grant.emergency.is_none() {
        return Vec::new();
    }
    let review = ReviewAccess {
        grant: id.clone(),
        finding: AccessFinding::Justified,
        because: "…".to_owned(),
    };
    vec![EndAccess { grant: id.clone() }.into(), review.into()]
}

/// A try to open a calendar. `grant` is an id that no record has.
pub fn opening_probe(grant: GrantId, calendar: CalendarId) -> Command {
    let because = "…".repeat(BECAUSE_MIN);
    BreakGlass {
        grant,
        calendar,
        because,
    }
    .into()
}

/// The grant with what was opened by it; other grants have no emergency to speak of.
fn emergency_or_denied(found: &Found, id: &GrantId) -> Result<(GrantBody, Emergency), Denial> {
    match found.record(&id.clone().into()).map(|record| &record.body) {
        Some(Body::Grant(grant)) => match &grant.emergency {
            Some(emergency) => Ok((grant.clone(), emergency.clone())),
            None => {
                let sentence = "This role was given by somebody, and not taken in an emergency.";
                Err(Denial::new(Code::WrongState, "X-01", sentence))
            }
        },
        _ => Err(Denial::not_found()),
    }
}
