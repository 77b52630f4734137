//! The inspector's day, as the window lists and shows it.

use crate::town::*;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::wait::until;
use serde_json::json;

fn listed(shared: &Shared) -> Result<Vec<String>> {
    let ids = attributes(&shared.ana.window, "[data-testid^=\"visit-\"]", "data-testid")?;
    Ok(ids
        .iter()
        .filter_map(|id| id.strip_prefix("visit-").map(str::to_owned))
        .collect())
}

#[test]
fn c_ins_01_and_c_ins_15_today_lists_what_the_office_has_assigned() -> Result<()> {
    shared(|town| {
        let window = &town.ana.window;
        let assigned = visits(&town.office, ANA, &today())?;
        ensure!(
            assigned.len() >= 4,
            "the office has only {} visits of Ana's",
            assigned.len()
        );
        window.click("nav-today")?;
        window.wait_for_screen("today")?;
        let ids: Vec<String> = assigned.iter().map(|(id, _)| id.clone()).collect();
        eventually("today's visits", || {
            let listed = listed(town)?;
            ensure!(
                listed == ids,
                "the office has assigned {ids:?}, the window lists {listed:?}"
            );
            Ok(())
        })?;
        let heading = texts(window, "main h1")?.join("");
        ensure!(heading == "Today", "the day is headed `{heading}`");
        for (id, body) in &assigned {
            let status = window.attribute(&format!("visit-{id}"), "data-status")?;
            ensure!(
                status.as_deref() == body["status"].as_str(),
                "{id} is shown as {status:?}, not {}",
                body["status"]
            );
        }
        let next = window.attribute("next-stop", "data-visit")?;
        ensure!(
            next.is_some_and(|next| ids.contains(&next)),
            "the next stop is none of the visits listed"
        );
        Ok(())
    })
}

#[test]
fn c_ins_02_a_day_is_in_order_with_its_times() -> Result<()> {
    shared(|town| {
        let window = &town.ana.window;
        let day = later_days(&town.office, ANA)?
            .into_iter()
            .next()
            .context("no later day")?;
        let assigned = visits(&town.office, ANA, &day)?;
        go_to_day(window, "today", &day, assigned.len())?;
        let times = texts(window, "[data-testid^=\"visit-\"] .visit-time")?;
        let wanted: Vec<String> = assigned
            .iter()
            .map(|(_, body)| clock(&body["from_minute"]) + clock(&body["to_minute"]).as_str())
            .collect();
        ensure!(
            times == wanted,
            "the office has the times {wanted:?}, the window shows {times:?}"
        );
        let mut sorted = times.clone();
        sorted.sort();
        ensure!(sorted == times, "the times are not in order: {times:?}");
        let places = texts(window, "[data-testid^=\"visit-\"] .visit-what strong")?;
        let wanted: Vec<String> = assigned.iter().map(|(_, body)| words(body, "address")).collect();
        ensure!(
            places == wanted,
            "the office has the places {wanted:?}, the window shows {places:?}"
        );
        window.click("prev-day")?;
        eventually("the day before", || {
            let shown = window.attribute("day", "data-day")?;
            ensure!(
                shown.as_ref().is_some_and(|shown| *shown < day),
                "the window shows {shown:?}"
            );
            Ok(())
        })
    })
}

#[test]
fn c_ins_10_nothing_of_other_inspectors_is_listed_or_found() -> Result<()> {
    shared(|town| {
        let window = &town.ana.window;
        let all = json!({ "kind": "appointment", "index": "day", "from": "", "to": "~", "limit": 20000 });
        let held = window.call("list", all)?;
        let held = held.as_array().context("no list")?;
        let strangers = held
            .iter()
            .filter(|row| row["body"]["assignee"] != json!(ANA))
            .count();
        ensure!(
            !held.is_empty() && strangers == 0,
            "of {} visits held, {strangers} are of others",
            held.len()
        );
        ensure!(!window.has("nav-team")?, "there is a way to the team's schedules");
        let (id, theirs) = visits(&town.office, BRUNO, &today())?
            .into_iter()
            .next()
            .context("Bruno has no visit")?;
        for name in ["address", "permit_number"] {
            for found in search(window, &words(&theirs, name))? {
                let body = town.office.body(&found)?;
                let is_own = body["assignee"] == json!(ANA) || body["assignee"].is_null();
                ensure!(
                    is_own && found != id,
                    "by {name} {found} of {} is found",
                    body["assignee"]
                );
            }
            window.press("\u{e00c}")?;
            window.wait_for("palette", false)?;
        }
        go(window, &format!("#/inspection/{id}"), "inspection")?;
        says(window, "main", "You cannot open this visit here")
    })
}

#[test]
fn c_ins_16_the_map_has_a_point_for_every_visit() -> Result<()> {
    shared(|town| {
        let window = &town.ana.window;
        let assigned = visits(&town.office, ANA, &today())?;
        let located = assigned
            .iter()
            .filter(|(_, body)| body["latitude"].is_f64())
            .count();
        ensure!(located == assigned.len(), "only {located} visits have a place");
        for (kept, drawn_with, pins) in [("", "webgl", ".map .pin"), ("svg", "svg", ".map .map-pin")] {
            window.script("localStorage.setItem('map', arguments[0])", vec![json!(kept)])?;
            window.script("location.hash = '#/sync'", vec![])?;
            window.wait_for_screen("sync")?;
            go_to_day(window, "today", &today(), assigned.len())?;
            until(&format!("the map drawn with {drawn_with}"), PATIENCE, || {
                let drawn = window.attribute("map", "data-drawn-with")?;
                let points = window.attribute("map", "data-points")?;
                let seen = count(window, pins)?;
                ensure!(
                    drawn.as_deref() == Some(drawn_with)
                        && points == Some(located.to_string())
                        && seen == located,
                    "drawn with {drawn:?}: {points:?} points, {seen} pins, {located} visits"
                );
                Ok(Some(()))
            })?;
            let titles = if drawn_with == "svg" {
                texts(window, ".map .map-pin title")?
            } else {
                attributes(window, ".map .pin", "aria-label")?
            };
            for (index, (id, body)) in assigned.iter().enumerate() {
                let wanted = format!(
                    "{}. {}–{}, {}",
                    index + 1,
                    clock(&body["from_minute"]),
                    clock(&body["to_minute"]),
                    words(body, "address")
                );
                ensure!(
                    titles.contains(&wanted),
                    "no pin of {id} says `{wanted}`; they say {titles:?}"
                );
            }
        }
        Ok(())
    })
}

#[test]
fn c_ins_19_navigate_and_call_lead_to_the_visit() -> Result<()> {
    shared(|town| {
        let window = &town.ana.window;
        let assigned = visits(&town.office, ANA, &today())?;
        go_to_day(window, "today", &today(), assigned.len())?;
        let next = window
            .attribute("next-stop", "data-visit")?
            .context("no next stop")?;
        let links = attributes(window, "[data-testid=next-stop] a", "href")?;
        let body = town.office.body(&next)?;
        let geo = format!("geo:{},{}", body["latitude"], body["longitude"]);
        let tel = format!("tel:{}", words(&body, "contact_phone").replace(' ', ""));
        for wanted in [&geo, &tel] {
            ensure!(
                links.contains(wanted),
                "the next stop has {links:?}, and not {wanted}"
            );
        }
        open_visit(window, &town.office, &next)?;
        let links = attributes(window, ".particulars a", "href")?;
        for wanted in [&geo, &tel] {
            ensure!(
                links.contains(wanted),
                "the visit has {links:?}, and not {wanted}"
            );
        }
        Ok(())
    })
}

#[test]
fn c_ins_up3_an_assignment_shows_all_an_inspector_needs() -> Result<()> {
    shared(|town| {
        let window = &town.ana.window;
        let days = [vec![today()], later_days(&town.office, ANA)?].concat();
        let all = days
            .iter()
            .map(|day| visits(&town.office, ANA, day))
            .collect::<Result<Vec<_>>>()?
            .concat();
        let noted = |(_, body): &&(String, serde_json::Value)| {
            body["priority"] != json!("normal") && body["special_notes"].is_string()
        };
        let (id, body) = all.iter().find(noted).context("no urgent visit with a note")?;
        let (day, priority) = (words(body, "day"), words(body, "priority"));
        let priority = priority[..1].to_uppercase() + &priority[1..];
        let window_words = format!("{}–{}", clock(&body["from_minute"]), clock(&body["to_minute"]));
        go_to_day(window, "today", &day, visits(&town.office, ANA, &day)?.len())?;
        let line = window.text(&format!("visit-{id}"))?;
        let listed = [
            clock(&body["from_minute"]),
            clock(&body["to_minute"]),
            words(body, "address"),
            words(body, "permit_type"),
            words(body, "inspection_type_name"),
            words(body, "special_notes"),
            priority.clone(),
        ];
        for wanted in &listed {
            ensure!(line.contains(wanted), "the list does not say `{wanted}`: {line}");
        }
        open_visit(window, &town.office, id)?;
        let sheet = texts(window, "main")?.join("");
        let contact = [words(body, "contact_name"), words(body, "contact_phone")];
        for wanted in listed[2..].iter().chain([&window_words]).chain(&contact) {
            ensure!(
                sheet.contains(wanted),
                "the visit does not say `{wanted}`: {sheet}"
            );
        }
        let email = words(body, "contact_email");
        ensure!(
            !email.is_empty() && !sheet.contains(&email),
            "the visit shows the applicant's e-mail {email}"
        );
        Ok(())
    })
}

#[test]
fn c_ins_09_the_permit_of_a_visit_opens_with_its_details() -> Result<()> {
    shared(|town| {
        let window = &town.ana.window;
        let (id, body) = visits(&town.office, ANA, &today())?
            .into_iter()
            .next_back()
            .context("no visit")?;
        let permit = town.office.body(&words(&body, "permit"))?;
        open_visit(window, &town.office, &id)?;
        let link = format!(".particulars a[href=\"#/permit/{}\"]", words(&body, "permit"));
        window.script("document.querySelector(arguments[0]).click()", vec![json!(link)])?;
        window.wait_for_screen("permit")?;
        says(window, "main h1", &format!("Permit {}", words(&permit, "number")))?;
        let shown = texts(window, "main dl")?.join("");
        for name in [
            "permit_type",
            "description",
            "address",
            "contact_name",
            "contact_phone",
        ] {
            let wanted = words(&permit, name);
            ensure!(
                !wanted.is_empty() && shown.contains(&wanted),
                "{name} `{wanted}` is not among: {shown}"
            );
        }
        ensure!(
            !window.text("permit-status")?.is_empty(),
            "the permit shows no status"
        );
        ensure!(
            !shown.contains("Fee") && !shown.contains('@'),
            "an inspector is shown fee or e-mail: {shown}"
        );
        let offered = window.has("book")? && window.attribute("book", "aria-disabled")?.is_none();
        ensure!(!offered, "an inspector is offered to book");
        Ok(())
    })
}

#[test]
fn c_ins_17_a_visit_shows_its_details_and_its_checklist() -> Result<()> {
    shared(|town| {
        let window = &town.ana.window;
        let (id, body) = visits(&town.office, ANA, &today())?
            .into_iter()
            .next_back()
            .context("no visit")?;
        open_visit(window, &town.office, &id)?;
        let head = texts(window, ".inspection-head")?.join("");
        let times = format!("{}–{}", clock(&body["from_minute"]), clock(&body["to_minute"]));
        for wanted in [
            words(&body, "inspection_type_name"),
            words(&body, "address"),
            times,
        ] {
            ensure!(
                head.contains(&wanted),
                "the heading does not say `{wanted}`: {head}"
            );
        }
        let calendar = town.office.body(&words(&body, "calendar"))?;
        let facts = texts(window, ".particulars")?.join("");
        for wanted in [
            words(&calendar, "name"),
            words(&body, "permit_number"),
            words(&body, "assignee_name"),
        ] {
            ensure!(
                facts.contains(&wanted),
                "the particulars do not say `{wanted}`: {facts}"
            );
        }
        let lines = texts(window, "[data-line] .line-text")?;
        let items = checklist(&town.office, &body)?;
        ensure!(
            !items.is_empty() && lines.len() == items.len(),
            "{} lines of {} are shown",
            lines.len(),
            items.len()
        );
        for (line, item) in lines.iter().zip(&items) {
            ensure!(
                line.contains(&words(item, "text")),
                "the line `{line}` does not say `{}`",
                words(item, "text")
            );
        }
        Ok(())
    })
}

#[test]
fn c_ins_03_the_week_has_every_visit_of_its_seven_days() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.ana.window, &town.office);
        window.click("nav-today")?;
        window.wait_for_screen("today")?;
        window.click("show-week")?;
        window.wait_for_screen("week")?;
        window.click("next-week")?;
        let monday: chrono::NaiveDate = today().parse()?;
        let monday = monday.week(chrono::Weekday::Mon).last_day() + chrono::Days::new(1);
        let mut all = Vec::new();
        for day in monday.iter_days().take(7) {
            let day = day.to_string();
            let own: Vec<String> = visits(office, ANA, &day)?
                .into_iter()
                .map(|(id, _)| format!("week-visit-{id}"))
                .collect();
            eventually(&format!("the visits of {day}"), || {
                let column = format!("[data-testid=\"week-{day}\"] [data-week-visit]");
                let shown = attributes(window, &column, "data-testid")?;
                ensure!(shown == own, "the office has {own:?}, the window shows {shown:?}");
                Ok(())
            })?;
            all.extend(own);
        }
        ensure!(all.len() > 1, "the week has only {} visits", all.len());
        window.script("document.querySelector('[data-week-visit]').focus()", vec![])?;
        window.press("\u{e015}")?;
        eventually("the arrow to move on", || {
            let on = window.script("return document.activeElement?.dataset.testid ?? null", vec![])?;
            ensure!(on == json!(all[1]), "the focus is on {on}");
            Ok(())
        })?;
        window.press("\u{e007}")?;
        window.wait_for_screen("inspection")?;
        window.click("back")?;
        window.wait_for_screen("week")?;
        window.click("show-week-table")?;
        eventually("the same visits in the table", || {
            let rows = count(window, "[data-testid^=\"week-row-\"]")?;
            ensure!(rows == all.len(), "{rows} rows for {} visits", all.len());
            Ok(())
        })
    })
}
