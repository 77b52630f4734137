//! Accounts and grants from the command line, through the same door as everybody's commands.

use super::{Failure, Grant, usage};
use crate::office::{Office, random};
use crate::{Problem, accounts};
use anyhow::{Context as _, bail};
use domain::people::{GrantBody, GrantRole, Person, WithdrawGrant};
use domain::returned::Way;
use domain::{Answer, Body, Command, CommandId, Effect, Record};
use policy::views::{Dimension, Mask, View};
use policy::{Actor, GrantId, Kind, Millis, PersonId, RecordId, RoleName, Scope};
use serde_json::{Value, json};
use std::io::{IsTerminal as _, Write as _};
use store::{Account, Lookup as _, OfficeTx, Submission, submit, system_rights, write};
use sync::Envelope;

fn read_password() -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        let _ = writeln!(std::io::stderr(), "The password, then Enter:");
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.chars().count() < accounts::PASSWORD_MIN {
        bail!(
            "the password is too short: at least {} characters are accepted",
            accounts::PASSWORD_MIN
        );
    }
    Ok(password)
}

pub(super) fn add_user(office: &Office, username: &str, name: Option<&str>) -> Result<Value, Failure> {
    let person = PersonId::parse(format!("person-{username}")).map_err(|_| {
        usage(format!(
            "NAME is `{username}`; accepted are letters, digits, `.`, `_` and `-`"
        ))
    })?;
    let password_hash = accounts::hash_password(&read_password()?)?;
    let name = name.unwrap_or(username).to_owned();
    let added = office.write(async |tx| {
        let known = tx.account(username).await?;
        let id = known
            .as_ref()
            .map_or(person.clone(), |account| account.person.clone());
        let account = Account {
            person: id.clone(),
            username: username.to_owned(),
            password_hash,
            is_active: true,
        };
        tx.save_account(&account).await?;
        if known.is_some() {
            return Ok(false);
        }
        let body = Person {
            name,
            username: username.to_owned(),
            ..Person::default()
        };
        write(tx, &Effect::puts(vec![Record::new(id, body)])).await?;
        Ok(true)
    })?;
    Ok(json!({ "username": username, "added": added, "password_changed": !added }))
}

pub(super) fn switch_off(office: &Office, username: &str) -> Result<Value, Failure> {
    let off = office.write(async |tx| {
        let Some(account) = tx.account(username).await? else {
            return Ok(false);
        };
        tx.save_account(&Account {
            is_active: false,
            ..account.clone()
        })
        .await?;
        // The number moves on, so that a serving process hears of it and closes the person's channels.
        tx.next_seq().await?;
        tx.touch(View::new(Dimension::Person(account.person), Mask::Own));
        Ok(true)
    })?;
    if off {
        Ok(json!({ "username": username, "is_active": false }))
    } else {
        Err(unknown_user(username))
    }
}

fn unknown_user(username: &str) -> Failure {
    Failure {
        code: 1,
        sentence: format!("there is no account `{username}`"),
    }
}

pub(super) fn change_grant(office: &Office, grant: Grant) -> Result<Value, Failure> {
    match grant {
        Grant::List => list_grants(office),
        Grant::Add {
            username,
            role,
            scope,
            until,
            because,
        } => {
            let scope = Scope::parse(&scope).map_err(usage)?;
            let role = known_role(&role)?;
            let person = person_of(office, &username)?;
            let id = GrantId::parse(format!("grant-{}", hex::encode(random::<12>()?))).context("an id")?;
            let until = until.map(|until| until.timestamp_millis());
            let grant = id.clone();
            as_system(
                office,
                GrantRole {
                    grant,
                    person,
                    role,
                    scope,
                    from: None,
                    until,
                    because,
                }
                .into(),
            )?;
            Ok(json!({ "granted": id }))
        }
        Grant::Withdraw {
            username,
            role,
            scope,
            because,
        } => {
            let scope = Scope::parse(&scope).map_err(usage)?;
            let role = known_role(&role)?;
            let person = person_of(office, &username)?;
            let held = grants(office, Some(&person))?;
            let matching = held
                .into_iter()
                .filter(|(_, body)| body.withdrawn.is_none() && body.role == role && body.scope == scope);
            let mut withdrawn = Vec::new();
            for (grant, _) in matching {
                as_system(
                    office,
                    WithdrawGrant {
                        grant: grant.clone(),
                        because: because.clone(),
                    }
                    .into(),
                )?;
                withdrawn.push(grant);
            }
            if withdrawn.is_empty() {
                let sentence = format!("{username} does not hold {role} in {scope}");
                return Err(Failure { code: 1, sentence });
            }
            Ok(json!({ "withdrawn": withdrawn }))
        }
    }
}

fn known_role(name: &str) -> Result<RoleName, Failure> {
    let roles = policy::shipped_roles();
    match roles.iter().find(|role| role.name.0 == name) {
        Some(role) => Ok(role.name.clone()),
        None => {
            let names: Vec<&str> = roles.iter().map(|role| role.name.0.as_str()).collect();
            Err(usage(format!(
                "ROLE is `{name}`; accepted are {}",
                names.join(", ")
            )))
        }
    }
}

fn person_of(office: &Office, username: &str) -> Result<PersonId, Failure> {
    let account = office.read(async |tx| Ok(tx.account(username).await?))?;
    account
        .map(|account| account.person)
        .ok_or_else(|| unknown_user(username))
}

fn grants(office: &Office, person: Option<&PersonId>) -> Result<Vec<(GrantId, GrantBody)>, Problem> {
    let prefix = person.map(|person| format!("{person}|")).unwrap_or_default();
    let records = office.read(async |tx| Ok(tx.range(Kind::Grant, "person", &prefix).await?.records))?;
    Ok(records
        .into_iter()
        .filter_map(|record| match record.body {
            Body::Grant(body) => Some((record.id.into(), body)),
            _ => None,
        })
        .collect())
}

fn list_grants(office: &Office) -> Result<Value, Failure> {
    let mut rows = Vec::new();
    for (id, body) in grants(office, None)? {
        let person: RecordId = body.person.clone().into();
        let profile = office.read(async |tx| Ok(tx.record(&person).await?))?;
        let username = match profile {
            Answer::Found(Record {
                body: Body::Person(profile),
                ..
            }) => profile.username,
            _ => body.person.to_string(),
        };
        rows.push(json!({
            "id": id, "username": username, "role": body.role, "scope": body.scope.to_string(), "until": body.until,
            "because": body.because, "granted_by": body.granted_by, "withdrawn": body.withdrawn,
        }));
    }
    Ok(json!({ "grants": rows }))
}

/// Decides a command as the office's own administrator, through the same door as everybody's.
fn as_system(office: &Office, command: Command) -> Result<(), Failure> {
    let at: Millis = office.now();
    let id = CommandId::from_random(u128::from_le_bytes(random::<16>()?));
    let envelope = Envelope {
        id,
        claimed_at: at,
        after: Vec::new(),
        command,
    };
    let answered = office.write(async |tx| {
        let actor = Actor::new(system_rights(tx).await?);
        Ok(submit(
            tx,
            Submission {
                actor: &actor,
                device: "command-line",
                way: Way::Pushed,
                at,
            },
            &envelope,
        )
        .await?)
    })?;
    match answered.answer {
        sync::Answer::Taken => Ok(()),
        sync::Answer::Refused { denial } => Err(Failure {
            code: 1,
            sentence: denial.sentence,
        }),
        sync::Answer::Contested { contest } => Err(Failure {
            code: 1,
            sentence: format!("{} was changed by somebody else", contest.field),
        }),
    }
}
