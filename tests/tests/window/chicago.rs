//! Real input in the real window: the inspections of a city, opened by somebody granted one team, and searched by
//! somebody who sees all of it.

use crate::town::folder;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::database::read;
use bailiwick_tests::office::{OfficeProcess, cli};
use bailiwick_tests::wait::until;
use bailiwick_tests::window::Window;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

const PASSWORD: &str = "long enough for a test";
/// A first sync of the whole city, in a build that is not optimized, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(240);

/// The city's file, where the shared folder is there.
fn city() -> Option<PathBuf> {
    let shared = std::env::var_os("BAILIWICK_SHARED")
        .map_or_else(|| bailiwick_tests::root().join("../shared"), PathBuf::from);
    let file = shared.join("data/chicago/inspections.csv.gz");
    if file.exists() {
        return Some(file);
    }
    eprintln!(
        "SKIPPED: {} is missing, so the city was not imported",
        file.display()
    );
    None
}

fn done(folder: &Path, args: &[&str], input: &str) -> Result<()> {
    let output = cli(folder, args, input)?;
    ensure!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

/// An office with the city in it: Gina inspects for team green, Max manages the calendar.
fn office(file: &Path) -> Result<OfficeProcess> {
    let folder = folder("chicago")?;
    let file = file.to_string_lossy();
    let import = [
        "import",
        "inspections",
        &file,
        "--mapping",
        "docs/mappings/chicago-inspections.toml",
    ];
    done(&folder, &import, "")?;
    for (username, role, scope) in [
        ("gina", "inspections.inspector", "team/green"),
        ("max", "inspections.manager", "calendar/food"),
    ] {
        done(
            &folder,
            &["user", "add", username, "--password-stdin"],
            &format!("{PASSWORD}\n"),
        )?;
        done(&folder, &["grant", "add", username, role, scope], "")?;
    }
    OfficeProcess::serve(&folder)
}

fn synced(window: &Window, at_least: u64) -> Result<()> {
    until("the first sync to be complete", PATIENCE, || {
        let holdings = window.call("holdings", json!({}))?;
        let visits = holdings["records"].as_array().context("no counts")?;
        let visits = visits.iter().find(|row| row["kind"] == json!("appointment"));
        let held = visits.and_then(|row| row["count"].as_u64()).unwrap_or(0);
        Ok((held >= at_least && !holdings["checked"].is_null()).then_some(()))
    })?;
    Ok(())
}

#[test]
fn a_city_is_opened_by_team_and_searched_in_an_instant() -> Result<()> {
    let Some(file) = city() else { return Ok(()) };
    let office = office(&file)?;

    let gina = Window::open(&folder("chicago-gina")?)?;
    gina.sign_in(&office.address, "gina", PASSWORD)?;
    let green: u64 = office.look("SELECT count FROM view WHERE name = 'team/green#onsite'", &[])?;
    synced(&gina, green)?;

    // The busiest day of team green, years ago.
    let sql = "SELECT substr(json_extract(r.body, '$.day'), 1, 10) AS day, count(*) FROM record r
               WHERE r.kind = 'appointment' AND json_extract(r.body, '$.team') = 'green'
               GROUP BY day ORDER BY count(*) DESC, day LIMIT 1";
    let busiest = office.rows(sql, &[])?;
    let busiest = busiest.first().context("team green has no day")?;
    let (day, visits): (String, u64) = (read(&busiest[0])?, read(&busiest[1])?);
    gina.script(
        "location.hash = arguments[0]",
        vec![json!(format!("#/today/{day}"))],
    )?;
    gina.wait_for_screen("today")?;
    until("the day's visits in the list", PATIENCE, || {
        let count = "return document.querySelector('.visit-list')?.dataset.count ?? null";
        Ok((gina.script(count, vec![])? == json!(visits.to_string())).then_some(()))
    })?;
    let placed = "SELECT count(*) FROM record r WHERE r.kind = 'appointment' AND json_extract(r.body, '$.team') = 'green'
                  AND json_extract(r.body, '$.day') = ? AND json_extract(r.body, '$.latitude') IS NOT NULL";
    let placed: u64 = office.look(placed, &[&day])?;
    until("the day's visits on the map", PATIENCE, || {
        Ok((gina.attribute("map", "data-points")? == Some(placed.to_string())).then_some(()))
    })?;
    let listed = gina.call(
        "list",
        json!({ "kind": "appointment", "index": "day", "from": "", "to": "~", "limit": 20000 }),
    )?;
    let rows = listed.as_array().context("no list")?;
    ensure!(
        rows.len() as u64 == green,
        "{} visits on the laptop, {green} of team green",
        rows.len()
    );
    ensure!(
        rows.iter().all(|row| row["body"]["team"] == json!("green")),
        "another team's visit is on the laptop"
    );
    gina.close()?;

    let max = Window::open(&folder("chicago-max")?)?;
    max.sign_in(&office.address, "max", PASSWORD)?;
    synced(&max, 27_600)?;
    let found = max.call("search", json!({ "text": "new wayne barbecue", "limit": 20 }))?;
    let wayne = |row: &Value| row["body"]["establishment"] == json!("NEW WAYNE'S BARBECUE & CAJUN INC");
    let found = found.as_array().context("no list")?;
    ensure!(
        found.iter().any(wayne),
        "the establishment was not found among {} results",
        found.len()
    );
    max.close()
}
