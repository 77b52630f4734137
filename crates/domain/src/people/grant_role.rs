//! A role is given to a person, in a scope, for a reason.

use super::person::GrantBody;
use super::roster::profile_with;
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::{Found, Need};
use crate::places::{all_calendars, places_of};
use crate::{Body, Record};
use policy::people::may_grant;
use policy::{Code, Denial, GrantId, Kind, Millis, PersonId, RecordId, RoleName, Scope};
use serde::{Deserialize, Serialize};

/// Gives a role. `grant` is a fresh random id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(optional_fields))]
pub struct GrantRole {
    pub grant: GrantId,
    pub person: PersonId,
    pub role: RoleName,
    pub scope: Scope,
    #[serde(default)]
    pub from: Option<Millis>,
    #[serde(default)]
    pub until: Option<Millis>,
    pub because: String,
}

impl Rule for GrantRole {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.person.clone().into()]
    }

    fn needs(&self, _: &Found) -> Vec<Need> {
        vec![
            Need::Record(self.person.clone().into()),
            Need::Record(self.grant.clone().into()),
            Need::Index {
                kind: Kind::Grant,
                index: "person",
                prefix: format!("{}|", self.person),
            },
            all_calendars(),
        ]
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        may_grant(context.actor, &self.role, &self.scope, &self.person)?;
        let Some(Body::Person(_)) = found
            .record(&self.person.clone().into())
            .map(|record| &record.body)
        else {
            return Err(Denial::not_found().into());
        };
        if found.record(&self.grant.clone().into()).is_some() {
            let denial = Denial::new(
                Code::AlreadyExists,
                "X-09",
                "There is already a record with this grant's id.",
            );
            return Err(denial.into());
        }
        let calendars = found.range(Kind::Calendar, "all", "");
        let is_known = places_of(&calendars.records).knows(&self.scope);
        if !is_known && calendars.complete {
            let accepted = "the organization, or a department, a calendar or a team that is there";
            return Err(Denial::invalid("scope", &self.scope, accepted).into());
        }
        if self.because.trim().is_empty() {
            return Err(Denial::invalid("because", "empty", "the reason for the grant, in words").into());
        }
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until <= from
        {
            return Err(
                Denial::invalid("until", context.said(until), "a time after the grant begins").into(),
            );
        }
        let body = GrantBody {
            person: self.person.clone(),
            role: self.role.clone(),
            scope: self.scope.clone(),
            from: self.from,
            until: self.until,
            granted_by: context.actor.name().to_owned(),
            because: self.because.trim().to_owned(),
            withdrawn: None,
            emergency: None,
        };
        let profile = profile_with(context, found, &self.person, (&self.grant, &body));
        let mut puts = vec![Record::new(self.grant.clone(), body)];
        puts.extend(profile);
        Ok(Effect {
            puts,
            asks_office: !is_known,
        })
    }
}
