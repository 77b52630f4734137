//! A role is taken back. The grant stays on record, with who withdrew it and why.

use super::roster::profile_with;
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::{Found, Need};
use crate::places::all_calendars;
use crate::{Body, Record};
use policy::people::may_grant;
use policy::{Code, Denial, GrantId, Kind, RecordId};
use serde::{Deserialize, Serialize};

/// Withdraws a grant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct WithdrawGrant {
    pub grant: GrantId,
    pub because: String,
}

impl Rule for WithdrawGrant {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.grant.clone().into()]
    }

    fn needs(&self, found: &Found) -> Vec<Need> {
        let mut needs = vec![Need::Record(self.grant.clone().into())];
        if let Some(Body::Grant(grant)) = found
            .record(&self.grant.clone().into())
            .map(|record| &record.body)
        {
            needs.push(Need::Record(grant.person.clone().into()));
            needs.push(Need::Index {
                kind: Kind::Grant,
                index: "person",
                prefix: format!("{}|", grant.person),
            });
            needs.push(all_calendars());
        }
        needs
    }

    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let Some(Body::Grant(grant)) = found
            .record(&self.grant.clone().into())
            .map(|record| &record.body)
        else {
            return Err(Denial::not_found().into());
        };
        may_grant(context.actor, &grant.role, &grant.scope, &grant.person)?;
        if let Some(when) = &grant.withdrawn {
            let denial = Denial::new(Code::WrongState, "X-01", "This grant is already withdrawn.");
            return Err(denial.fact(when.clone()).into());
        }
        if self.because.trim().is_empty() {
            return Err(
                Denial::invalid("because", "empty", "the reason for the withdrawal, in words").into(),
            );
        }
        let mut body = grant.clone();
        let when = context.said(context.at);
        body.withdrawn = Some(format!(
            "{when} by {}: {}",
            context.actor.name(),
            self.because.trim()
        ));
        let profile = profile_with(context, found, &grant.person, (&self.grant, &body));
        let mut puts = vec![Record::new(self.grant.clone(), body)];
        puts.extend(profile);
        Ok(Effect::puts(puts))
    }
}
