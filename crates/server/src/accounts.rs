//! Accounts and sign-in. Passwords are hashed with Argon2id; a device's credential is random and only its hash is kept.

use crate::engine::Caller;
use crate::office::{Office, random};
use crate::problem::Problem;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use axum::http::StatusCode;
use planted::{Bug, planted};
use policy::Millis;
use policy::views::{Dimension, Mask, View};
use store::{Account, NewDevice, OfficeTx, rights_of};
use sync::{LEASE_MILLIS, SignInReply, SignInRequest, credential_hash};

/// After this many failed attempts within [`FAILED_WITHIN`], an account waits.
const FAILED_MAX: u32 = 10;
/// 15 minutes, in milliseconds.
const FAILED_WITHIN: Millis = 15 * 60 * 1000;
/// The longest password that is hashed, in bytes.
const PASSWORD_MAX: usize = 1024;
/// The shortest password an account may be given, in characters.
pub const PASSWORD_MIN: usize = 8;

fn hasher() -> Result<Argon2<'static>, Problem> {
    // SEC-8: 19 MiB, two passes, one lane.
    let params = Params::new(19_456, 2, 1, None).map_err(|error| fault(&error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn fault(error: &dyn std::fmt::Display) -> Problem {
    Problem::from(store::Fault::Other(format!("password hashing: {error}")))
}

/// The hash of a password, to keep.
pub fn hash_password(password: &str) -> Result<String, Problem> {
    let hash = hasher()?
        .hash_password(password.as_bytes())
        .map_err(|error| fault(&error))?;
    Ok(hash.to_string())
}

fn password_is(hash: &str, password: &str) -> Result<bool, Problem> {
    use argon2::password_hash::phc::PasswordHash;
    let parsed = PasswordHash::new(hash).map_err(|error| fault(&error))?;
    Ok(hasher()?.verify_password(password.as_bytes(), &parsed).is_ok())
}

/// Signs a person in on a device: checks the password, and gives the device a fresh credential. Whether a username
/// exists cannot be told from the answer.
pub fn sign_in(office: &Office, request: &SignInRequest) -> Result<SignInReply, Problem> {
    let at = office.now();
    let wrong = || Problem::unauthorized("wrong_password", "The username or the password is not right.");
    let (account, failed) = office.read(async |tx| {
        let failed = tx.failed_sign_ins(&request.username, at - FAILED_WITHIN).await?;
        Ok((tx.account(&request.username).await?, failed))
    })?;
    if failed >= FAILED_MAX {
        let sentence = "Too many attempts with this username; wait 15 minutes.";
        return Err(Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_attempts",
            sentence,
        ));
    }
    let right = check(account.as_ref(), &request.password)?;
    let Some(account) = account.filter(|account| right && account.is_active) else {
        note(office, at, &request.username, "refused")?;
        return Err(wrong());
    };
    let credential = hex::encode(random::<32>().map_err(|error| fault(&error))?);
    let fresh = hex::encode(random::<16>().map_err(|error| fault(&error))?);
    let file_key = request.file_key.as_deref().map(parse_key).transpose()?;
    let device_name: String = request.device_name.chars().take(100).collect();
    office.write(async |tx| {
        let known = match &request.device {
            Some(id) => tx.device(id).await?,
            None => None,
        };
        let known = known.filter(|device| device.person == account.person && device.wiped_at.is_none());
        if known.as_ref().is_some_and(|device| device.wipe_at.is_some()) {
            return Err(wipe_asked());
        }
        let device = known.as_ref().map_or(fresh, |device| device.id.clone());
        tx.save_device(&NewDevice {
            id: &device,
            person: &account.person,
            name: &device_name,
            credential_hash: credential_hash(&credential),
            file_key: file_key.as_deref(),
            at,
            expires_at: at + LEASE_MILLIS,
        })
        .await?;
        tx.note_sign_in(at, &account.username, "signed_in").await?;
        let kept = tx.device(&device).await?.and_then(|device| device.file_key);
        let rights = rights_of(tx, &account.person, at).await?;
        Ok(SignInReply {
            device,
            credential,
            rights,
            file_key: kept.map(hex::encode),
        })
    })
}

/// Checks a password. An account that does not exist costs as much as one that does.
fn check(account: Option<&Account>, password: &str) -> Result<bool, Problem> {
    if password.len() > PASSWORD_MAX {
        return Ok(false);
    }
    match account {
        Some(account) => password_is(&account.password_hash, password),
        None => hash_password(password).map(|_| false),
    }
}

/// Ends a device's credential, and tells its own stream, which then ends too.
pub fn sign_out(office: &Office, caller: &Caller) -> Result<(), Problem> {
    let at = office.now();
    let own = View::new(Dimension::Person(caller.person.clone()), Mask::Own);
    office.write(async |tx| {
        tx.revoke_device(&caller.device, at).await?;
        if let Some(username) = tx.username(&caller.person).await? {
            tx.note_sign_in(at, &username, "signed_out").await?;
        }
        tx.touch(own);
        Ok(())
    })
}

fn note(office: &Office, at: Millis, username: &str, outcome: &str) -> Result<(), Problem> {
    let username: String = username.chars().take(64).collect();
    office.write(async |tx| Ok(tx.note_sign_in(at, &username, outcome).await?))
}

fn parse_key(text: &str) -> Result<Vec<u8>, Problem> {
    let wrong = || {
        Problem::bad_request(
            "file_key_invalid",
            "file_key: accepted are 64 hexadecimal digits.",
        )
    };
    hex::decode(text)
        .ok()
        .filter(|key| key.len() == 32)
        .ok_or_else(wrong)
}

/// The office wants this laptop emptied; it answers nothing else to it.
pub fn wipe_asked() -> Problem {
    let sentence = "Your office has asked for this laptop to be emptied.";
    Problem::new(StatusCode::GONE, "wipe", sentence)
}

/// Who a credential belongs to. The row is looked up on each request, so that a revoked one ends at once.
pub async fn caller<T: OfficeTx>(tx: &mut T, credential: &str, at: Millis) -> Result<Caller, Problem> {
    let Some(device) = tx.device_of(&credential_hash(credential)).await? else {
        return Err(Problem::unauthorized(
            "credential_unknown",
            "This laptop is not signed in.",
        ));
    };
    if device.wipe_at.is_some() {
        return Err(wipe_asked());
    }
    if !device.is_active && !planted(Bug::SwitchedOffAnswered) {
        return Err(Problem::unauthorized(
            "account_off",
            "This account has been switched off.",
        ));
    }
    if device.revoked_at.is_some() {
        return Err(Problem::unauthorized(
            "credential_revoked",
            "This laptop has been signed out by the office.",
        ));
    }
    if device.expires_at <= at && !planted(Bug::ExpiredCredentialAnswered) {
        return Err(Problem::unauthorized(
            "credential_expired",
            "The sign-in on this laptop has run out.",
        ));
    }
    Ok(Caller {
        person: device.person,
        device: device.id,
        turn: device.turn,
    })
}
