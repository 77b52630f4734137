//! What people do, as they would say it. Commands are made from their names on the wire.

use domain::Command;
use serde_json::{Value, json};

fn command(name: &str, input: Value) -> Command {
    let said = json!({ "name": name, "input": input });
    serde_json::from_value(said.clone()).unwrap_or_else(|error| panic!("{said}: {error}"))
}

pub fn start(visit: &str) -> Command {
    command("start_inspection", json!({ "appointment": visit }))
}

pub fn answer(visit: &str, item: &str, saw: Value, finding: Value) -> Command {
    command(
        "record_checklist_item",
        json!({ "appointment": visit, "item": item, "saw": saw, "finding": finding }),
    )
}

pub fn result(visit: &str, overall: &str) -> Command {
    command(
        "record_result",
        json!({ "appointment": visit, "overall": overall, "summary": "As found" }),
    )
}

pub fn note(visit: &str, id: &str, text: &str) -> Command {
    command(
        "add_note",
        json!({ "appointment": visit, "note": id, "text": text }),
    )
}

pub fn photo(visit: &str, hash: &str, bytes: usize) -> Command {
    photo_of_type(visit, hash, bytes, "image/png")
}

pub fn photo_of_type(visit: &str, hash: &str, bytes: usize, media_type: &str) -> Command {
    let input = json!({ "appointment": visit, "hash": hash, "media_type": media_type, "bytes": bytes, "caption": "x" });
    command("add_photo", input)
}

pub fn request(visit: &str) -> Command {
    command(
        "request_reassignment",
        json!({ "appointment": visit, "reason": "illness", "text": "In bed" }),
    )
}

pub fn reassign(visit: &str, to: &str, saw: Option<&str>) -> Command {
    command("reassign", json!({ "appointment": visit, "to": to, "saw": saw }))
}

/// Given to somebody who has another visit at that time, as a manager may.
pub fn reassign_over(visit: &str, to: &str, saw: &str) -> Command {
    let input = json!({ "appointment": visit, "to": to, "saw": saw, "overlap_accepted": true });
    command("reassign", input)
}

pub fn grant(id: &str, person: &str, role: &str, scope: Value) -> Command {
    let role = format!("inspections.{role}");
    let input =
        json!({ "grant": id, "person": person, "role": role, "scope": scope, "because": "For the test" });
    command("grant_role", input)
}

pub fn withdraw(grant: &str) -> Command {
    command(
        "withdraw_grant",
        json!({ "grant": grant, "because": "For the test" }),
    )
}

pub fn whole_organization() -> Value {
    json!({ "kind": "organization" })
}

pub fn calendar(id: &str) -> Value {
    json!({ "kind": "calendar", "id": id })
}

/// `grant` is what the access will be called.
pub fn break_glass(grant: &str, calendar: &str, because: &str) -> Command {
    let input = json!({ "grant": grant, "calendar": calendar, "because": because });
    command("break_glass", input)
}

pub fn review_access(grant: &str, finding: &str) -> Command {
    let input = json!({ "grant": grant, "finding": finding, "because": "Asked the fire brigade" });
    command("review_access", input)
}
