//! Access in an emergency: a calendar is opened with a reason, its supervisors see and review that, and it ends.

use crate::caller::{Caller, Holding};
use crate::doing;
use crate::town::Town;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::office::OfficeProcess;
use bailiwick_tests::wait;
use chrono::Utc;
use domain::Record;
use domain::people::{Emergency, GrantBody};
use policy::inspections::{EMERGENCY_HOURS, UNREVIEWED_MAX, emergency_role};
use policy::{CalendarId, Code, Kind, PersonId, Scope};
use serde_json::json;
use std::time::Duration;
use sync::Receipt;

const WHY: &str = "Smoke behind the wall of number 454";
const OPENED: &str = "calendar/building#onsite";

/// Visits of building that are not Carla's own.
fn visits_of_building(holding: &Holding) -> Vec<String> {
    let ids = holding.ids(Kind::Appointment).into_iter();
    ids.filter(|id| !id.starts_with("v-carla")).collect()
}

/// Control with a receipt for the view that was lost, as a laptop proves that it has let it go.
fn proves(caller: &Caller, holding: &Holding) -> Result<()> {
    let receipt = Receipt {
        views: vec![OPENED.to_owned().try_into().map_err(anyhow::Error::msg)?],
        records: 1,
        at: Utc::now().timestamp_millis(),
        verified: true,
    };
    let request = json!({ "held": holding.views, "cursor": holding.cursor, "receipts": [receipt] });
    let reply = caller.post("/api/sync/control", &request)?;
    ensure!(reply.status == 200, "{}", reply.said());
    Ok(())
}

fn is_acknowledged(town: &Town, caller: &Caller) -> Result<bool> {
    let sql = "SELECT count(*) FROM ledger WHERE device = ? AND view = ? AND until_at IS NOT NULL AND acknowledged_at IS NOT NULL";
    let count: i64 = town.office.look(sql, &[&caller.device, &OPENED])?;
    Ok(count == 1)
}

#[test]
fn c_dept_08_an_inspector_opens_another_calendar_and_its_supervisors_review_that() -> Result<()> {
    let town = Town::open()?;
    let (carla, marta) = (town.person("carla")?, town.person("marta")?);
    let mut holding = carla.sees()?;
    ensure!(visits_of_building(&holding).is_empty());
    let before = Utc::now().timestamp_millis();
    carla.takes(doing::break_glass("e-carla", "building", WHY))?;
    carla.pulls(&mut holding)?;
    ensure!(
        holding.views.iter().any(|view| view.to_string() == OPENED),
        "{:?}",
        holding.views
    );
    let opened = visits_of_building(&holding);
    ensure!(
        opened.contains(&"v-ana".to_owned()) && opened.contains(&"v-bruno".to_owned()),
        "{opened:?}"
    );
    // As whoever is on site sees it: whom to call, and nothing of the applicant beyond that.
    let visit = holding.shows("v-ana")?;
    ensure!(
        visit["contact_phone"] == "Telephone of v-ana" && visit["address"] == "Address of v-ana",
        "{visit}"
    );
    ensure!(
        visit.get("contact_email").is_none() && visit.get("applicant").is_none(),
        "{visit}"
    );
    ensure!(
        holding
            .body("type-building")
            .is_some_and(|kind| kind.get("checklist").is_some())
    );
    for hidden in [
        "p-ana",
        "p-ready",
        "b-building-ana",
        "w-ana",
        "ana",
        "v-elena",
        "g-ana-0",
    ] {
        ensure!(holding.body(hidden).is_none(), "{hidden} was sent");
    }
    // To look, and not to touch.
    carla.refused(doing::note("v-ana", "n-1", "I was here"), Code::OutOfScope)?;
    carla.refused(doing::reassign("v-ana", "carla", Some("ana")), Code::NotGranted)?;
    ensure!(
        crate::returned::tray(&marta)?.is_empty(),
        "what she may not do is nobody's business"
    );

    // Those who supervise building see who, what, why and until when; nobody else hears of it.
    for supervisor in ["marta", "laura"] {
        let shown = town.person(supervisor)?.sees()?.shows("e-carla")?;
        ensure!(
            shown["granted_by"] == "Name of carla" && shown["because"] == WHY,
            "{shown}"
        );
        ensure!(
            shown["emergency"]["calendar_name"] == "Calendar building",
            "{shown}"
        );
        let (from, until) = (
            shown["from"].as_i64().context("from")?,
            shown["until"].as_i64().context("until")?,
        );
        ensure!(
            from >= before && until - from == i64::from(EMERGENCY_HOURS) * 3_600_000,
            "{shown}"
        );
    }
    for other in ["oscar", "elena", "ana", "bruno", "vera", "tomas", "nadia"] {
        let other = town.person(other)?;
        ensure!(other.sees()?.body("e-carla").is_none());
        ensure!(!String::from_utf8_lossy(&other.heard.borrow()).contains(WHY));
        other.refused(doing::review_access("e-carla", "justified"), Code::NotFound)?;
    }
    carla.refused(doing::review_access("e-carla", "justified"), Code::Ceiling)?;

    marta.takes(doing::review_access("e-carla", "not_justified"))?;
    let denial = town
        .person("laura")?
        .refused(doing::review_access("e-carla", "justified"), Code::WrongState)?;
    ensure!(
        denial
            .fact
            .is_some_and(|fact| fact.starts_with("Name of marta found it not justified"))
    );
    let control = carla.pulls(&mut holding)?;
    ensure!(
        control.lost.iter().any(|view| view.to_string() == OPENED),
        "{:?}",
        control.lost
    );
    ensure!(
        visits_of_building(&holding).is_empty(),
        "{:?}",
        holding.ids(Kind::Appointment)
    );
    proves(&carla, &holding)?;
    ensure!(is_acknowledged(&town, &carla)?);
    carla.refused(doing::note("v-ana", "n-2", "Still here"), Code::NotFound)?;
    // She reads what was found, and it stays.
    let own = holding.shows("e-carla")?;
    ensure!(own["emergency"]["review"]["finding"] == "not_justified", "{own}");
    ensure!(
        own["emergency"]["review"]["by"] == "Name of marta" && own["withdrawn"].is_string(),
        "{own}"
    );
    Ok(())
}

#[test]
fn an_emergency_access_ends_by_the_clock() -> Result<()> {
    let town = Town::open()?;
    let carla = town.person("carla")?;
    let until = Utc::now().timestamp_millis() + 3_000;
    let grant = GrantBody {
        person: PersonId::parse("carla")?,
        role: emergency_role(),
        scope: Scope::Calendar(CalendarId::parse("building")?),
        from: Some(until - 4 * 3_600_000),
        until: Some(until),
        granted_by: "Name of carla".to_owned(),
        because: WHY.to_owned(),
        withdrawn: None,
        emergency: Some(Emergency {
            calendar: CalendarId::parse("building")?,
            calendar_name: "Calendar building".to_owned(),
            review: None,
        }),
    };
    town.puts(vec![Record::new(crate::town::id("e-carla"), grant)])?;
    let mut holding = Holding::default();
    carla.pulls(&mut holding)?;
    ensure!(!visits_of_building(&holding).is_empty());
    wait::until("the access to end", Duration::from_secs(10), || {
        Ok((Utc::now().timestamp_millis() > until).then_some(()))
    })?;
    let control = carla.pulls(&mut holding)?;
    ensure!(
        control.lost.iter().any(|view| view.to_string() == OPENED),
        "{:?}",
        control.lost
    );
    ensure!(visits_of_building(&holding).is_empty());
    proves(&carla, &holding)?;
    ensure!(is_acknowledged(&town, &carla)?);
    carla.refused(doing::end_access("e-carla"), Code::WrongState)?;
    // It is reviewed when somebody comes to it.
    town.person("marta")?
        .takes(doing::review_access("e-carla", "justified"))?;
    ensure!(town.office.body("e-carla")?.get("withdrawn").is_none());
    Ok(())
}

#[test]
fn an_emergency_is_not_for_everybody_nor_for_every_calendar_nor_without_end() -> Result<()> {
    let town = Town::open()?;
    for (person, calendar, code) in [
        ("tomas", "building", Code::NotGranted),
        ("nadia", "building", Code::NotGranted),
        ("ana", "building", Code::WrongState),
        ("dora", "building", Code::WrongState),
        ("marta", "building", Code::WrongState),
        ("laura", "building", Code::WrongState),
        ("carla", "electrical", Code::NotFound),
        ("carla", "old", Code::NotFound),
        ("carla", "nowhere", Code::NotFound),
        ("carla", "v-ana", Code::NotFound),
    ] {
        let caller = town.person(person)?;
        let denial = caller.refused(doing::break_glass("e-1", calendar, WHY), code)?;
        ensure!(code == Code::NotFound || denial.who.is_some(), "{denial:?}");
    }
    let carla = town.person("carla")?;
    for because in ["", "   ", "Help!"] {
        carla.refused(doing::break_glass("e-1", "building", because), Code::InvalidInput)?;
    }
    carla.refused(
        doing::break_glass("g-marta-0", "building", WHY),
        Code::AlreadyExists,
    )?;
    // What one has taken is one's own to end, and nobody gives or takes it by hand.
    let laura = town.person("laura")?;
    laura.refused(
        doing::grant("e-1", "nadia", "emergency", doing::calendar("building")),
        Code::NotGranted,
    )?;
    for number in 0..UNREVIEWED_MAX {
        let grant = format!("e-{number}");
        carla.takes(doing::break_glass(&grant, "building", WHY))?;
        carla.refused(doing::break_glass("e-more", "building", WHY), Code::WrongState)?;
        laura.refused(doing::end_access(&grant), Code::NotGranted)?;
        laura.refused(doing::withdraw(&grant), Code::NotGranted)?;
        carla.takes(doing::end_access(&grant))?;
        ensure!(visits_of_building(&carla.sees()?).is_empty());
    }
    let denial = carla.refused(doing::break_glass("e-more", "building", WHY), Code::WrongState)?;
    ensure!(denial.rule == "C-BP-06", "{denial:?}");
    town.person("marta")?
        .takes(doing::review_access("e-0", "justified"))?;
    carla.takes(doing::break_glass("e-more", "building", WHY))
}

#[test]
fn an_office_of_an_earlier_version_shows_its_visits_in_an_emergency_too() -> Result<()> {
    let mut town = Town::open()?;
    town.office.stop()?;
    let of_emergencies = "(SELECT id FROM view WHERE name LIKE 'calendar/%#onsite')";
    town.sql(&format!("DELETE FROM entry WHERE view IN {of_emergencies}"), &[])?;
    town.sql("DELETE FROM view WHERE name LIKE 'calendar/%#onsite'", &[])?;
    town.sql("UPDATE org SET policy_version = 2", &[])?;
    town.office = OfficeProcess::serve(town.folder.path())?;
    let carla = town.person("carla")?;
    carla.takes(doing::break_glass("e-carla", "building", WHY))?;
    let sees = carla.sees()?;
    ensure!(sees.shows("v-ana")?["address"] == "Address of v-ana");
    let version: i64 = town.office.look("SELECT policy_version FROM org", &[])?;
    ensure!(version == i64::from(policy::POLICY_VERSION));
    Ok(())
}
