//! Roles: several at a time, for a time, given and taken back, and never to oneself.

use crate::caller::Holding;
use crate::doing;
use crate::town::{PHOTO, Town};
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::office::OfficeProcess;
use bailiwick_tests::wait;
use policy::{Code, Kind};
use serde_json::json;
use std::time::{Duration, Instant};
use sync::PullReply;

#[test]
fn x_01_one_person_holds_several_grants_each_with_scope_time_giver_and_reason() -> Result<()> {
    let town = Town::open()?;
    let nadia = town.person("nadia")?;
    let until = "2030-01-02T03:04:05Z";
    town.office.administrator(&[
        "grant",
        "add",
        "nadia",
        "inspections.inspector",
        "calendar/fire",
        "--because",
        "First",
    ])?;
    town.office.administrator(&[
        "grant",
        "add",
        "nadia",
        "inspections.manager",
        "department/dep-building",
        "--until",
        until,
        "--because",
        "Second",
    ])?;
    town.person("laura")?.takes(doing::grant(
        "g-third",
        "nadia",
        "citizen",
        doing::whole_organization(),
    ))?;
    let rights = nadia.control(&Holding::default())?.rights;
    let mut held: Vec<_> = rights
        .grants
        .iter()
        .map(|grant| {
            (
                grant.role.to_string(),
                grant.scope.to_string(),
                grant.until,
                grant.granted_by.clone(),
                grant.because.clone(),
            )
        })
        .collect();
    held.sort();
    let (manager, office) = (
        "inspections.manager".to_owned(),
        "Server administrator".to_owned(),
    );
    let expected = [
        (
            "inspections.citizen".to_owned(),
            "organization".to_owned(),
            None,
            "Name of laura".to_owned(),
            "For the test".to_owned(),
        ),
        (
            "inspections.inspector".to_owned(),
            "calendar/fire".to_owned(),
            None,
            office.clone(),
            "First".to_owned(),
        ),
        (
            manager,
            "department/dep-building".to_owned(),
            Some(1_893_553_445_000),
            office,
            "Second".to_owned(),
        ),
    ];
    ensure!(held == expected, "{held:?}");
    // All of them count: both calendars of the department, and nothing of fire that is not assigned.
    let sees = nadia.sees()?;
    ensure!(sees.body("v-ana").is_some() && sees.body("v-elena").is_some() && sees.body("v-carla").is_none());
    // Without a reason no grant is given.
    let mut silent = json!(crate::caller::envelope(doing::grant(
        "g-4",
        "nadia",
        "manager",
        doing::calendar("fire")
    )));
    silent["command"]["input"]["because"] = json!("  ");
    let reply = town.person("laura")?.push(&[silent])?.json()?;
    ensure!(
        reply["answers"][0]["denial"]["code"] == "invalid_input",
        "{reply}"
    );
    Ok(())
}

#[test]
fn x_01_and_x_06_a_grant_that_ends_by_the_clock_is_gone_at_the_next_exchange() -> Result<()> {
    let town = Town::open()?;
    let nadia = town.person("nadia")?;
    let ends = chrono::Utc::now() + chrono::Duration::seconds(3);
    let until = ends.to_rfc3339();
    town.office.administrator(&[
        "grant",
        "add",
        "nadia",
        "inspections.manager",
        "calendar/fire",
        "--until",
        &until,
    ])?;
    let mut holding = Holding::default();
    nadia.pulls(&mut holding)?;
    ensure!(holding.body("v-carla").is_some() && holding.body("p-carla").is_some());
    let cursor = holding.cursor.clone().context("a cursor")?;
    wait::until("the grant to end", Duration::from_secs(10), || {
        Ok((chrono::Utc::now() > ends).then_some(()))
    })?;
    ensure!(
        matches!(nadia.pull(&cursor)?, PullReply::RightsChanged),
        "the old page is still turned"
    );
    nadia.refused(doing::note("v-carla", "n", "Too late"), Code::NotFound)?;
    let control = nadia.pulls(&mut holding)?;
    ensure!(
        control
            .lost
            .iter()
            .any(|view| view.to_string() == "calendar/fire#limited"),
        "{:?}",
        control.lost
    );
    ensure!(holding.ids(Kind::Appointment).is_empty() && holding.ids(Kind::Permit).is_empty());
    // The ledger says since when she no longer holds it.
    let closed: i64 = town.office.look(
        "SELECT until_at FROM ledger WHERE device = ? AND view = 'calendar/fire#limited'",
        &[&nadia.device],
    )?;
    ensure!(closed >= ends.timestamp_millis());
    Ok(())
}

#[test]
fn x_06_a_withdrawn_role_is_refused_at_every_door_within_a_second() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    let mut holding = Holding::default();
    ana.pulls(&mut holding)?;
    let cursor = holding.cursor.clone().context("a cursor")?;
    let photo = format!("/api/photos/{PHOTO}");
    ensure!(ana.get(&photo)?.status == 200 && holding.body("v-ana-done").is_some());
    ana.takes(doing::note("v-ana", "n-before", "While she may"))?;
    // Another process takes it back; nothing tells the one that answers Ana.
    let withdraw = [
        "grant",
        "withdraw",
        "ana",
        "inspections.inspector",
        "calendar/building",
    ];
    town.office.administrator(&withdraw)?;
    let begun = Instant::now();
    ensure!(matches!(ana.pull(&cursor)?, PullReply::RightsChanged));
    ana.refused(doing::note("v-ana", "n-after", "Too late"), Code::NotFound)?;
    ensure!(ana.get(&photo)?.status == 404);
    let lost = ana.control(&holding)?.lost;
    ensure!(!lost.is_empty(), "she is told of no view she has lost");
    ensure!(
        begun.elapsed() < Duration::from_secs(1),
        "the last door was shut after {:?}",
        begun.elapsed()
    );
    Ok(())
}

#[test]
fn x_01_a_roster_follows_roles_that_begin_and_end_by_the_clock() -> Result<()> {
    let mut town = Town::open()?;
    let laura = town.person("laura")?;
    let turns = chrono::Utc::now() + chrono::Duration::seconds(3);
    let role = |id: &str, calendar: &str, end: &str| {
        let grant = doing::grant(id, "nadia", "inspector", doing::calendar(calendar));
        let mut command = json!(crate::caller::envelope(grant));
        command["command"]["input"][end] = json!(turns.timestamp_millis());
        command
    };
    let roles = [
        role("g-ends", "fire", "until"),
        role("g-begins", "building", "from"),
    ];
    let answers = laura.push(&roles)?.json()?["answers"].clone();
    ensure!(
        answers[0]["answer"] == "taken" && answers[1]["answer"] == "taken",
        "{answers}"
    );
    ensure!(town.office.body("nadia")?["inspects"] == json!(["fire"]));
    wait::until("both to turn", Duration::from_secs(10), || {
        Ok((chrono::Utc::now() > turns).then_some(()))
    })?;
    // The office looks when it starts, and once a minute.
    town.office.stop()?;
    town.office = OfficeProcess::serve(town.folder.path())?;
    wait::until("the roster to follow", Duration::from_secs(10), || {
        Ok((town.office.body("nadia")?["inspects"] == json!(["building"])).then_some(()))
    })?;
    Ok(())
}

#[test]
fn x_01_a_grant_that_has_not_begun_gives_nothing() -> Result<()> {
    let town = Town::open()?;
    let laura = town.person("laura")?;
    let tomorrow = chrono::Utc::now().timestamp_millis() + 86_400_000;
    let mut command = json!(crate::caller::envelope(doing::grant(
        "g-later",
        "nadia",
        "manager",
        doing::calendar("fire")
    )));
    command["command"]["input"]["from"] = json!(tomorrow);
    ensure!(laura.push(&[command])?.json()?["answers"][0]["answer"] == "taken");
    let nadia = town.person("nadia")?;
    ensure!(nadia.sees()?.ids(Kind::Appointment).is_empty());
    nadia
        .refused(doing::note("v-carla", "n", "Too early"), Code::NotFound)
        .map(drop)
}

#[test]
fn c_mgr_12_and_c_mx_15_and_att_23_only_an_administrator_gives_roles_and_nobody_to_themselves() -> Result<()>
{
    let town = Town::open()?;
    let everything = doing::whole_organization;
    let marta = town.person("marta")?;
    marta.refused(
        doing::grant("g-1", "ana", "manager", doing::calendar("building")),
        Code::NotGranted,
    )?;
    marta.refused(
        doing::grant("g-1", "marta", "administrator", everything()),
        Code::Ceiling,
    )?;
    let laura = town.person("laura")?;
    laura.refused(
        doing::grant("g-1", "laura", "inspector", doing::calendar("fire")),
        Code::Ceiling,
    )?;
    laura.refused(doing::withdraw("g-laura-0"), Code::Ceiling)?;
    laura.refused(
        doing::grant("g-1", "nadia", "superuser", everything()),
        Code::NotGranted,
    )?;
    laura.refused(
        doing::grant("g-marta-0", "nadia", "manager", everything()),
        Code::AlreadyExists,
    )?;
    for person in ["ana", "tomas", "nadia"] {
        let caller = town.person(person)?;
        caller.refused(
            doing::grant("g-1", person, "administrator", everything()),
            Code::Ceiling,
        )?;
        for grant in ["g-marta-0", "g-laura-0"] {
            caller.refused(doing::withdraw(grant), Code::NotFound)?;
        }
    }
    ensure!(town.office.body("g-1").is_err());
    // And an administrator does give and take back, with a trace.
    laura.takes(doing::grant("g-1", "nadia", "inspector", doing::calendar("fire")))?;
    ensure!(town.person("nadia")?.sees()?.body("fire").is_some());
    laura.takes(doing::withdraw("g-1"))?;
    ensure!(
        town.office.body("g-1")?["withdrawn"]
            .as_str()
            .is_some_and(|text| text.contains("Name of laura"))
    );
    ensure!(town.person("nadia")?.sees()?.body("fire").is_none());
    Ok(())
}

#[test]
fn a_narrow_administrator_takes_no_calendar_from_an_inspector_they_give_another_role() -> Result<()> {
    let town = Town::open()?;
    town.office
        .administrator(&["grant", "add", "ana", "inspections.inspector", "calendar/fire"])?;
    ensure!(town.office.body("ana")?["inspects"] == json!(["building", "fire"]));
    town.office.administrator(&[
        "grant",
        "add",
        "nadia",
        "inspections.administrator",
        "calendar/building",
    ])?;
    let nadia = town.person("nadia")?;
    nadia.takes(doing::grant(
        "g-narrow",
        "ana",
        "manager",
        doing::calendar("building"),
    ))?;
    // The giver does not see fire, and takes nothing of it.
    ensure!(town.office.body("ana")?["inspects"] == json!(["building", "fire"]));
    Ok(())
}
