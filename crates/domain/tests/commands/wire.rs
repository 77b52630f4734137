//! Commands as JSON: named, complete, and nothing beside what they say.

use crate::seen::each;
use domain::{Command, CommandId};
use serde_json::{Value, json};

fn reads(value: Value) -> bool {
    serde_json::from_value::<Command>(value).is_ok()
}

#[test]
fn a_command_reads_back_as_it_was() {
    for (_, command) in each() {
        let value = serde_json::to_value(&command).unwrap();
        assert_eq!(value["name"], command.name());
        assert_eq!(serde_json::from_value::<Command>(value).unwrap(), command);
    }
}

#[test]
fn an_unknown_field_of_a_command_is_refused() {
    for (_, command) in each() {
        let good = serde_json::to_value(&command).unwrap();
        let mut outside = good.clone();
        outside["on_behalf_of"] = json!("laura");
        assert!(!reads(outside), "{} with a field outside", command.name());
        for field in ["by", "at", "status", "assignee_name", "office_says"] {
            let mut inside = good.clone();
            inside["input"][field] = json!("x");
            assert!(!reads(inside), "{} with a {field}", command.name());
        }
    }
}

#[test]
fn a_field_that_is_not_known_inside_a_value_is_refused() {
    let finding = json!({ "answer": "pass", "signed": true });
    let input = json!({ "appointment": "v1", "item": "exits", "finding": finding });
    assert!(!reads(json!({ "name": "record_checklist_item", "input": input })));
}

#[test]
fn values_inside_a_correction_a_slot_and_rules_are_closed() {
    let correction = json!({ "overall": "failed", "summary": "" });
    let rules = json!({ "cutoff_minute": 480, "reschedule_hours": 24, "cancel_hours": 24 });
    let rows = [
        (
            "correct_result",
            "correction",
            json!({ "appointment": "v1", "saw": correction, "correction": correction, "because": "x" }),
        ),
        (
            "reschedule",
            "saw",
            json!({ "appointment": "v1", "day": "2026-11-25", "from_minute": 600, "saw": {} }),
        ),
        (
            "change_calendar_rules",
            "rules",
            json!({ "calendar": "building", "saw": rules, "rules": rules }),
        ),
    ];
    for (name, inside, input) in rows {
        assert!(reads(json!({ "name": name, "input": input })), "{name}");
        let mut more = input.clone();
        more[inside]["signed"] = json!(true);
        assert!(!reads(json!({ "name": name, "input": more })), "{name}");
    }
}

/// A scope is part of a command as well: a limit that is misspelled must not widen the grant.
#[test]
fn a_field_that_is_not_known_inside_a_scope_is_refused() {
    let scope = json!({ "kind": "calendar", "id": "building", "only_team": "north" });
    let input = json!({
        "grant": "g9", "person": "ana", "role": "inspections.manager", "scope": scope, "because": "why not"
    });
    assert!(!reads(json!({ "name": "grant_role", "input": input })));
}

#[test]
fn a_missing_field_is_refused() {
    for (_, command) in each() {
        let Value::Object(input) = serde_json::to_value(&command).unwrap()["input"].clone() else {
            panic!("no input")
        };
        // What has a default is named here; all else must be said.
        let optional = [
            "assignee",
            "priority",
            "special_notes",
            "saw",
            "overlap_accepted",
            "summary",
            "caption",
            "text",
            "from",
            "until",
        ];
        let only_here = [
            ("reschedule", "because"),
            ("block_time", "person"),
            ("block_time", "from_minute"),
            ("block_time", "to_minute"),
        ];
        let has_default =
            |field: &str| optional.contains(&field) || only_here.contains(&(command.name(), field));
        for field in input.keys().filter(|field| !has_default(field)) {
            let mut less = input.clone();
            less.remove(field);
            assert!(
                !reads(json!({ "name": command.name(), "input": less })),
                "{} without {field}",
                command.name()
            );
        }
    }
}

#[test]
fn an_unknown_command_is_refused() {
    for name in ["", "delete_everything", "StartInspection", "start inspection"] {
        assert!(
            !reads(json!({ "name": name, "input": { "appointment": "v1" } })),
            "{name}"
        );
    }
    assert!(!reads(json!({ "name": "start_inspection" })), "no input");
    assert!(
        !reads(json!({ "name": "start_inspection", "input": { "appointment": "a/b" } })),
        "no id"
    );
    assert!(
        !reads(json!({ "name": "start_inspection", "input": { "appointment": "" } })),
        "no id"
    );
}

#[test]
fn a_command_id_is_32_lower_case_hexadecimal_digits() {
    assert_eq!(
        CommandId::from_random(0xbeef).as_str(),
        format!("{:0>32}", "beef")
    );
    let good = "0123456789abcdef0123456789abcdef";
    assert!(CommandId::try_from(good.to_owned()).is_ok());
    for text in [
        "",
        "beef",
        &good[1..],
        &good.to_uppercase(),
        &format!("{good}0"),
        &good.replace('0', "g"),
    ] {
        assert!(CommandId::try_from(text.to_owned()).is_err(), "{text}");
    }
}
