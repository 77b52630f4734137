//! What people do, as they would say it. Commands are made from their names on the wire.

use chrono::NaiveDate;
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

pub fn adopt(work: &str) -> Command {
    command(
        "adopt_returned_work",
        json!({ "work": work, "because": "He called me" }),
    )
}

pub fn discard(work: &str) -> Command {
    command(
        "discard_returned_work",
        json!({ "work": work, "because": "Written down twice" }),
    )
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

pub fn book(fresh: &str, permit: &str, kind: &str, day: NaiveDate, assignee: Option<&str>) -> Command {
    let input = json!({
        "appointment": fresh, "permit": permit, "inspection_type": kind, "day": day, "from_minute": 840,
        "assignee": assignee,
    });
    command("book_appointment", input)
}

pub fn cancel(visit: &str) -> Command {
    command(
        "cancel_appointment",
        json!({ "appointment": visit, "because": "For the test" }),
    )
}

pub fn calendar_rules(calendar: &str) -> Command {
    let saw = json!({ "cutoff_minute": 480, "reschedule_hours": 24, "cancel_hours": 24 });
    let rules = json!({ "cutoff_minute": 600, "reschedule_hours": 0, "cancel_hours": 0 });
    command(
        "change_calendar_rules",
        json!({ "calendar": calendar, "saw": saw, "rules": rules }),
    )
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

/// `grant` is what the access will be called.
pub fn break_glass(grant: &str, calendar: &str, because: &str) -> Command {
    command(
        "break_glass",
        json!({ "grant": grant, "calendar": calendar, "because": because }),
    )
}

pub fn end_access(grant: &str) -> Command {
    command("end_access", json!({ "grant": grant }))
}

pub fn review_access(grant: &str, finding: &str) -> Command {
    command(
        "review_access",
        json!({ "grant": grant, "finding": finding, "because": "Asked the fire brigade" }),
    )
}

pub fn whole_organization() -> Value {
    json!({ "kind": "organization" })
}

pub fn calendar(id: &str) -> Value {
    json!({ "kind": "calendar", "id": id })
}
