//! Laptops from the command line: which there are, what they hold, and having one emptied.

use super::{Failure, usage};
use crate::Problem;
use crate::office::Office;
use chrono::{DateTime, FixedOffset};
use clap::Args;
use domain::Answer;
use policy::views::{Dimension, Mask, View};
use policy::{Millis, RecordId};
use serde_json::{Value, json};
use std::collections::HashMap;
use store::{DeviceRow, HeldBy, Holding, Lookup as _, OfficeTx};

/// What is asked of the ledger.
#[derive(Args)]
#[group(skip)]
pub(super) struct Ledger {
    /// The record, by the views it stands in now.
    #[arg(long, required_unless_present = "device", conflicts_with = "device")]
    record: Option<String>,
    /// The laptop, by its id in `device list`.
    #[arg(long)]
    device: Option<String>,
    /// Only what was held at that instant, as RFC 3339.
    #[arg(long)]
    at: Option<DateTime<FixedOffset>>,
}

pub(super) fn list_devices(office: &Office) -> Result<Value, Failure> {
    let devices = named(office)?;
    let row = |(device, username): &(DeviceRow, String)| {
        json!({
            "id": device.id, "name": device.name, "username": username, "seen_at": device.seen_at,
            "expires_at": device.expires_at, "revoked_at": device.revoked_at, "is_active": device.is_active,
            "wipe_at": device.wipe_at, "wiped_at": device.wiped_at,
        })
    };
    Ok(json!({ "devices": devices.iter().map(row).collect::<Vec<_>>() }))
}

/// Every laptop with what its person signs in with.
fn named(office: &Office) -> Result<Vec<(DeviceRow, String)>, Problem> {
    office.read(async |tx| {
        let mut named = Vec::new();
        for device in tx.devices().await? {
            let username = tx.username(&device.person).await?;
            let username = username.unwrap_or_else(|| device.person.to_string());
            named.push((device, username));
        }
        Ok(named)
    })
}

pub(super) fn wipe(office: &Office, id: &str) -> Result<Value, Failure> {
    let at = office.now();
    let device = office.write(async |tx| {
        let Some(device) = tx.device(id).await? else {
            return Ok(None);
        };
        tx.ask_wipe(id, at).await?;
        // The number moves on, so that a serving process hears of it and tells the laptop at once.
        tx.next_seq().await?;
        tx.touch(View::new(Dimension::Person(device.person.clone()), Mask::Own));
        Ok(Some(device))
    })?;
    match device {
        Some(device) => Ok(json!({ "device": id, "wipe_at": device.wipe_at.unwrap_or(at) })),
        None => Err(unknown("laptop", id)),
    }
}

fn unknown(what: &str, id: &str) -> Failure {
    Failure {
        code: 1,
        sentence: format!("there is no {what} `{id}`"),
    }
}

pub(super) fn look_up(office: &Office, asked: &Ledger) -> Result<Value, Failure> {
    let held = match (&asked.record, &asked.device) {
        (Some(record), _) => of_record(office, record)?,
        (None, Some(device)) => of_device(office, device)?,
        (None, None) => return Err(usage("say which --record or which --device")),
    };
    let at = asked.at.map(|at| at.timestamp_millis());
    let names: HashMap<String, (String, String)> = named(office)?
        .into_iter()
        .map(|(device, username)| (device.id, (device.name, username)))
        .collect();
    let row = |holding: &Holding| {
        let (name, username) = names.get(&holding.device).cloned().unwrap_or_default();
        json!({
            "device": holding.device, "device_name": name, "username": username, "view": holding.view,
            "from": holding.from_at, "until": holding.until_at, "acknowledged": holding.acknowledged_at,
        })
    };
    let rows: Vec<Value> = held
        .iter()
        .filter(|holding| at.is_none_or(|at| was_held(holding, at)))
        .map(row)
        .collect();
    Ok(json!({ "record": asked.record, "device": asked.device, "at": at, "held": rows }))
}

/// Whether it lay on the laptop then: until the laptop proved to have let go.
fn was_held(holding: &Holding, at: Millis) -> bool {
    holding.from_at <= at && holding.acknowledged_at.is_none_or(|gone| at < gone)
}

fn of_record(office: &Office, id: &str) -> Result<Vec<Holding>, Failure> {
    let id = RecordId::parse(id).map_err(|error| usage(format!("--record is `{id}`: {error}")))?;
    let held = office.read(async |tx| {
        let Answer::Found(record) = tx.record(&id).await? else {
            return Ok(None);
        };
        let views: Vec<String> = record.views().iter().map(View::to_string).collect();
        Ok(Some(tx.holdings(&HeldBy::Anyone { views: &views }).await?))
    })?;
    held.ok_or_else(|| unknown("record", id.as_str()))
}

fn of_device(office: &Office, id: &str) -> Result<Vec<Holding>, Failure> {
    let held = office.read(async |tx| match tx.device(id).await? {
        Some(_) => Ok(Some(tx.holdings(&HeldBy::Device(id)).await?)),
        None => Ok(None),
    })?;
    held.ok_or_else(|| unknown("laptop", id))
}
