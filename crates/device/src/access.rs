//! "My access": what I can and cannot do, per calendar, why, and who can change it.

use crate::look::LIST_MAX;
use crate::model::{Access, AccessLine, AccessPlace, AccessRole, EmergencyAccess, Row};
use crate::person::Device;
use domain::Body;
use domain::emergency::opening_probe;
use policy::inspections::{Action, AppointmentFacts, EMERGENCY_HOURS, EMERGENCY_ROLE, may};
use policy::{Actor, CalendarId, Code, Denial, GrantId, Kind, Millis, Scope};
use std::collections::BTreeSet;
use store::sqlite::ListQuery;
use store::{Fault, Result};

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
        let (mut may_open, mut stands_against) = (BTreeSet::new(), None);
        for id in actor.places().calendars.keys() {
            let opening = self.affordance(now, &actor, opening_probe(fresh()?, id.clone()))?;
            let is_meant = may(
                &actor,
                Action::BreakGlass,
                &AppointmentFacts::of_calendar(id.clone()),
            )
            .is_ok();
            if opening.allowed {
                may_open.insert(id);
            } else if is_meant || stands_against.is_none() {
                stands_against = opening.denial;
            }
        }
        // Whoever has opened one already, or too many, is one of them too.
        let is_meant = |denial: &Denial| denial.code != Code::NotGranted;
        let opens_in_emergency = !may_open.is_empty() || stands_against.as_ref().is_some_and(is_meant);
        let place = |(id, place): (&CalendarId, &policy::CalendarPlace)| AccessPlace {
            id: id.to_string(),
            title: place.name.clone(),
            lines: Action::ALL
                .into_iter()
                .map(|action| line(&actor, action, id))
                .collect(),
            may_open: may_open.contains(id),
        };
        Ok(Access {
            name: actor.name().to_owned(),
            roles: actor.rights.grants.iter().map(role).collect(),
            contacts: actor.rights.contacts.clone(),
            places: actor.places().calendars.iter().map(place).collect(),
            opens_in_emergency,
            emergency_denial: stands_against.filter(|_| may_open.is_empty()),
        })
    }
}

/// An id that no record has.
fn fresh() -> Result<GrantId> {
    GrantId::parse("probe.access").map_err(|error| Fault::Unreadable(error.to_string()))
}

impl Device {
    /// The calendars the person has opened in an emergency and may look at now.
    pub fn emergencies(&self, now: Millis) -> Result<Vec<EmergencyAccess>> {
        let actor = self.actor(now)?;
        let mut open = Vec::new();
        for grant in &actor.rights.grants {
            let (Scope::Calendar(calendar), Some(until)) = (&grant.scope, grant.until) else {
                continue;
            };
            if grant.role.0 != EMERGENCY_ROLE {
                continue;
            }
            let record = self.held().get(&grant.id.clone().into())?;
            open.push(EmergencyAccess {
                grant: grant.id.clone(),
                calendar: calendar.clone(),
                title: actor.places().calendar_title(calendar),
                until,
                is_ending: record.is_some_and(|record| is_withdrawn(&record.body)),
            });
        }
        Ok(open)
    }

    /// The emergency accesses that wait for a review and are known here, one's own and others', the oldest first.
    pub fn accesses(&self) -> Result<Vec<Row>> {
        self.list(unreviewed())
    }

    /// How many accesses of others wait for a review here.
    pub fn accesses_to_review(&self) -> Result<usize> {
        let me = &self.rights.person;
        let others =
            |record: &domain::Record| matches!(&record.body, Body::Grant(grant) if grant.person != *me);
        Ok(self
            .records(unreviewed())?
            .iter()
            .filter(|record| others(record))
            .count())
    }
}

fn is_withdrawn(body: &Body) -> bool {
    matches!(body, Body::Grant(grant) if grant.withdrawn.is_some())
}

fn unreviewed() -> ListQuery<'static> {
    ListQuery {
        kind: Kind::Grant,
        index: "unreviewed",
        from: "",
        to: "~",
        limit: LIST_MAX,
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
    let for_a_time = format!("for {EMERGENCY_HOURS} hours, to look only, with a reason that is reviewed");
    let verb = action.verb().to_owned();
    for (facts, reach) in &reaches {
        if may(actor, action, facts).is_ok() {
            return AccessLine {
                verb,
                allowed: true,
                reach: match action {
                    Action::BreakGlass => for_a_time,
                    _ => (*reach).to_owned(),
                },
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
