//! Emptying a laptop from the office, and the ledger of who holds what.

use crate::caller::Holding;
use crate::deposits::door;
use crate::doing;
use crate::town::{PASSWORD, Town};
use anyhow::{Context as _, Result, ensure};
use policy::views::View;
use serde_json::{Value, json};
use sync::{Receipt, SignInReply};

fn device(town: &Town, id: &str) -> Result<Value> {
    let listed = town.office.administrator(&["device", "list"])?;
    let devices = listed["devices"].as_array().context("no devices")?;
    let found = devices.iter().find(|device| device["id"] == id);
    found.cloned().context("the laptop is not listed")
}

fn held(town: &Town, args: &[&str]) -> Result<Vec<Value>> {
    let said = town.office.administrator(args)?;
    Ok(said["held"].as_array().context("no list")?.clone())
}

#[test]
fn x_06_a_laptop_that_is_to_be_emptied_is_told_nothing_else_until_it_is_empty() -> Result<()> {
    let town = Town::open()?;
    let (ana, other) = (town.person("ana")?, town.person("ana")?);
    ana.sees()?;
    let door = door(&ana);
    let path = format!("/api/deposits/{}", ana.device);
    ensure!(door.get(&path)?.status == 200);
    door.post(&format!("{path}/wiped"), &json!({}))?
        .is(400, "wipe_not_asked")?;
    let asked = town.office.administrator(&["device", "wipe", &ana.device])?;
    ensure!(asked["wipe_at"].is_i64(), "{asked}");
    ensure!(
        town.office.administrator(&["device", "wipe", &ana.device])? == asked,
        "asked once"
    );
    for reply in [
        ana.post("/api/sync/control", &json!({ "held": [] }))?,
        ana.push(&[])?,
        ana.get("/api/events")?,
        ana.get("/api/basemap")?,
        door.get(&path)?,
    ] {
        reply.is(410, "wipe")?;
    }
    // Her other laptop goes on; on this one she does not get in before it is empty.
    other.sees()?;
    let sign_in = json!({
        "username": "ana", "password": PASSWORD, "device_name": "laptop", "device": ana.device,
    });
    ana.post("/api/sign-in", &sign_in)?.is(410, "wipe")?;
    let wrong = json!({ "username": "ana", "password": "wrong password", "device_name": "laptop", "device": ana.device });
    ana.post("/api/sign-in", &wrong)?.is(401, "wrong_password")?;
    let stolen = town.person("bruno")?;
    let as_bruno =
        json!({ "username": "bruno", "password": PASSWORD, "device_name": "laptop", "device": ana.device });
    ensure!(
        stolen.post("/api/sign-in", &as_bruno)?.status == 200,
        "another person is another device"
    );

    ensure!(door.post(&format!("{path}/wiped"), &json!({}))?.status == 200);
    ensure!(device(&town, &ana.device)?["wiped_at"].is_i64());
    let left = held(&town, &["ledger", "--device", &ana.device])?;
    ensure!(
        !left.is_empty() && left.iter().all(|row| row["acknowledged"].is_i64()),
        "{left:?}"
    );
    let again = ana.post("/api/sign-in", &sign_in)?;
    let reply: SignInReply = serde_json::from_slice(&again.bytes).with_context(|| again.said())?;
    ensure!(reply.device != ana.device, "an emptied laptop is another device");
    ensure!(reply.file_key.is_none(), "its key is gone for good");
    Ok(())
}

#[test]
fn x_06_the_ledger_says_which_laptop_held_a_record_and_when_it_let_go() -> Result<()> {
    let town = Town::open()?;
    let (ana, marta) = (town.person("ana")?, town.person("marta")?);
    let begun = chrono::Utc::now();
    let mut holding = Holding::default();
    ana.pulls(&mut holding)?;
    marta.sees()?;
    let who = |rows: &[Value]| {
        let mut names: Vec<String> = rows
            .iter()
            .map(|row| row["username"].as_str().unwrap_or_default().to_owned())
            .collect();
        names.sort();
        names.dedup();
        names
    };
    let rows = held(&town, &["ledger", "--record", "v-ana"])?;
    ensure!(who(&rows) == ["ana", "marta"], "{rows:?}");
    ensure!(
        rows.iter()
            .all(|row| row["until"].is_null() && row["from"].is_i64())
    );
    // Her right ends, her laptop proves that it let go.
    crate::returned::withdraw_from_ana(&town)?;
    let control = ana.control(&holding)?;
    let lost: Vec<View> = control.lost;
    ensure!(!lost.is_empty());
    let open = held(&town, &["ledger", "--device", &ana.device])?;
    ensure!(
        open.iter()
            .any(|row| row["until"].is_i64() && row["acknowledged"].is_null()),
        "{open:?}"
    );
    let receipt = Receipt {
        views: lost,
        records: 4,
        at: 1,
        verified: true,
    };
    let now = json!({ "held": [], "cursor": control.cursor, "receipts": [receipt] });
    ensure!(ana.post("/api/sync/control", &now)?.status == 200);
    let of_ana = |args: &[&str]| -> Result<Vec<Value>> {
        let mut rows = held(&town, args)?;
        rows.retain(|row| row["username"] == "ana");
        Ok(rows)
    };
    let ended = of_ana(&["ledger", "--record", "v-ana"])?;
    ensure!(ended.iter().all(|row| row["acknowledged"].is_i64()), "{ended:?}");
    let later = (chrono::Utc::now() + chrono::Duration::seconds(1)).to_rfc3339();
    ensure!(of_ana(&["ledger", "--record", "v-ana", "--at", &later])?.is_empty());
    let before = (begun - chrono::Duration::seconds(60)).to_rfc3339();
    ensure!(held(&town, &["ledger", "--record", "v-ana", "--at", &before])?.is_empty());
    for wrong in [
        &["ledger", "--record", "no-such-visit"][..],
        &["ledger", "--device", "no-such-laptop"],
        &["ledger"],
        &["device", "wipe", "no-such-laptop"],
    ] {
        ensure!(town.office.administrator(wrong).is_err(), "{wrong:?}");
    }
    // Those who may still do their work.
    marta.takes(doing::cancel("v-ana"))?;
    Ok(())
}
