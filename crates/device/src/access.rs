//! "My access": what I can and cannot do, per calendar, why, and who can change it.

use crate::model::{Access, AccessLine, AccessPlace, AccessRole};
use crate::person::Device;
use policy::inspections::{Action, AppointmentFacts, may};
use policy::{Actor, CalendarId, Millis};
use store::Result;

impl Device {
    /// Asks the rules about every action in every calendar the person knows.
    pub fn access(&self, now: Millis) -> Result<Access> {
        let actor = self.actor(now)?;
        let role = |grant: &policy::Grant| AccessRole {
            title: format!(
                "{} · {}",
                actor
                    .role(&grant.role)
                    .map_or(grant.role.0.as_str(), |role| role.title.as_str()),
                actor.places().title(&grant.scope)
            ),
            because: grant.because.clone(),
            granted_by: grant.granted_by.clone(),
            from: grant.from,
            until: grant.until,
        };
        let place = |(id, place): (&CalendarId, &policy::CalendarPlace)| AccessPlace {
            id: id.to_string(),
            title: place.name.clone(),
            lines: Action::ALL
                .into_iter()
                .map(|action| line(&actor, action, id))
                .collect(),
        };
        Ok(Access {
            name: actor.name().to_owned(),
            roles: actor.rights.grants.iter().map(role).collect(),
            contacts: actor.rights.contacts.clone(),
            places: actor.places().calendars.iter().map(place).collect(),
        })
    }
}

/// The widest reach at which an action is allowed, or the denial at the narrowest.
fn line(actor: &Actor, action: Action, calendar: &CalendarId) -> AccessLine {
    let anybodys = AppointmentFacts::of_calendar(calendar.clone());
    let me = Some(actor.person().clone());
    let assigned = AppointmentFacts {
        assignee: me.clone(),
        ..anybodys.clone()
    };
    let own = AppointmentFacts {
        applicant: me,
        ..anybodys.clone()
    };
    let reaches = [
        (anybodys, "all in this calendar"),
        (assigned, "assigned to you"),
        (own, "where you are the applicant"),
    ];
    let verb = action.verb().to_owned();
    for (facts, reach) in &reaches {
        if may(actor, action, facts).is_ok() {
            return AccessLine {
                verb,
                allowed: true,
                reach: (*reach).to_owned(),
                denial: None,
            };
        }
    }
    let denial = may(actor, action, &reaches[0].0).err();
    AccessLine {
        verb,
        allowed: false,
        reach: String::new(),
        denial,
    }
}
