//! What a person can and cannot do here, who can change it, and why a schedule is empty.

use crate::town::*;
use anyhow::{Result, ensure};

/// The rows of a place: what, whether, which or why not, who can change it.
fn rows(window: &bailiwick_tests::window::Window, place: &str) -> Result<Vec<Vec<String>>> {
    let script = "return [...document.querySelectorAll(arguments[0])].map((row) => [...row.children].map((cell) => cell.textContent))";
    let css = format!("[data-testid=\"place-{place}\"] tbody tr");
    let found = window.script(script, vec![serde_json::json!(css)])?;
    entries(&serde_json::json!({ "rows": found }), "rows")
        .iter()
        .map(strings)
        .collect()
}

fn row<'a>(rows: &'a [Vec<String>], verb: &str) -> Result<&'a [String]> {
    let found = rows.iter().find(|row| row[0] == verb);
    found
        .map(Vec::as_slice)
        .ok_or_else(|| anyhow::anyhow!("there is no line `{verb}` among {rows:?}"))
}

#[test]
fn c_bp_07_my_access_lists_what_i_can_and_cannot_and_who_can_change_it() -> Result<()> {
    shared(|town| {
        let window = &town.ana.window;
        window.click("nav-access")?;
        window.wait_for_screen("access")?;
        window.wait_for("place-cal-building", true)?;
        let roles = window.text("roles")?;
        for wanted in [
            "Inspector · Building inspections",
            "Certified for Building inspections",
            "Given by Town hall",
            "Elisa Prado",
        ] {
            ensure!(roles.contains(wanted), "the roles do not say `{wanted}`: {roles}");
        }
        let building = rows(window, "cal-building")?;
        for verb in [
            "see inspections",
            "record an inspection's status and result",
            "add a note",
            "add a photo",
            "ask for a reassignment",
        ] {
            let row = row(&building, verb)?;
            ensure!(
                row[1] == "Yes" && row[2].contains("assigned to you"),
                "`{verb}` is {row:?}"
            );
        }
        for verb in [
            "reassign an inspection",
            "change many inspections at once",
            "change a calendar's settings",
            "change permissions",
        ] {
            let row = row(&building, verb)?;
            ensure!(row[1] == "No", "`{verb}` is {row:?}");
            ensure!(
                row[2].contains("Inspector · Building inspections"),
                "the reason does not name the role: {row:?}"
            );
        }
        let places = attributes(window, "[data-testid^=\"place-\"]", "data-testid")?;
        ensure!(places.len() >= 2, "only {places:?} are listed");
        for place in places.iter().filter_map(|place| place.strip_prefix("place-")) {
            for row in rows(window, place)? {
                let is_complete = match row[1].as_str() {
                    "Yes" => !row[2].is_empty(),
                    "No" => !row[2].is_empty() && row[3].contains("Elisa Prado"),
                    _ => false,
                };
                ensure!(is_complete, "in {place} a line leaves something open: {row:?}");
            }
        }
        Ok(())
    })
}

#[test]
fn x_01_one_person_reads_every_role_they_have_its_place_its_time_its_giver_and_why() -> Result<()> {
    let office = office("roles")?;
    for grant in [
        [
            "inspections.manager",
            "department/dep-fire",
            "2030-01-02T15:04:05Z",
            "Stands in for Nadia",
        ],
        [
            "inspections.citizen",
            "organization",
            "2031-05-06T15:04:05Z",
            "Owns a house here",
        ],
    ] {
        let [role, scope, until, because] = grant;
        office.administrator(&[
            "grant",
            "add",
            "ana",
            role,
            scope,
            "--until",
            until,
            "--because",
            because,
        ])?;
    }
    let ana = Laptop::of("roles", &office, "ana")?;
    go(&ana.window, "#/access", "access")?;
    let css = "[data-testid=roles] li";
    for wanted in [
        [
            "Inspector · Building inspections",
            "Certified for Building inspections",
            "Given by Town hall",
        ],
        [
            "Manager · Fire",
            "Stands in for Nadia",
            "Given by Server administrator, until 2 January 2030",
        ],
        [
            "Citizen · whole organization",
            "Owns a house here",
            "until 6 May 2031",
        ],
    ] {
        eventually(&format!("a role as {wanted:?}"), || {
            let roles = texts(&ana.window, css)?;
            let is_said = |role: &String| wanted.iter().all(|words| role.contains(words));
            ensure!(
                roles.len() == 3 && roles.iter().any(is_said),
                "the roles are {roles:#?}"
            );
            Ok(())
        })?;
    }
    Ok(())
}

#[test]
fn c_mgr_21_a_place_out_of_reach_is_explained_naming_who_can_widen_it() -> Result<()> {
    shared(|town| {
        let window = &town.marta.window;
        go(window, "#/access", "access")?;
        window.wait_for("place-cal-fire", true)?;
        let fire = rows(window, "cal-fire")?;
        let row = row(&fire, "reassign an inspection")?;
        ensure!(
            row[1] == "No",
            "a manager of other calendars may reassign in Fire safety: {row:?}"
        );
        for wanted in ["Manager · Building inspections", "does not reach Fire safety"] {
            ensure!(
                row[2].contains(wanted),
                "the reason does not say `{wanted}`: {row:?}"
            );
        }
        ensure!(
            row[3].contains("Elisa Prado"),
            "nobody is named who can widen it: {row:?}"
        );
        Ok(())
    })
}

#[test]
fn c_ins_21_an_empty_schedule_says_why_and_whom_to_ask() -> Result<()> {
    let office = office("empty")?;
    let laptop = Laptop::of("empty", &office, "nadia")?;
    let window = &laptop.window;
    window.wait_for("no-role", true)?;
    let said = window.text("no-role")?;
    for wanted in [
        "You have no role",
        "role in a calendar",
        "Ask Elisa Prado",
        "Signed in as Nadia Franco",
        "switch user",
    ] {
        ensure!(
            said.contains(wanted),
            "the empty day does not say `{wanted}`: {said}"
        );
    }
    go(window, "#/access", "access")?;
    says(window, "[data-testid=roles]", "You have no role")?;
    says(window, "[data-testid=roles]", "Elisa Prado")?;

    // An inspector of an active calendar, on a day without visits.
    office.administrator(&[
        "grant",
        "add",
        "nadia",
        "inspections.inspector",
        "calendar/cal-building",
    ])?;
    window.click("nav-today")?;
    window.wait_for("empty-day", true)?;
    let said = window.text("empty-day")?;
    for wanted in [
        "There are no visits on this laptop",
        "Nothing is assigned to you",
        "Why can’t I see my schedule?",
    ] {
        ensure!(
            said.contains(wanted),
            "the empty day does not say `{wanted}`: {said}"
        );
    }
    go(window, "#/access", "access")?;
    says(window, "[data-testid=roles]", "Inspector · Building inspections")
}
