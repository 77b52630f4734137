//! Inspections as the office decides them: inspectors, managers, citizens and everybody else.

use crate::caller::Holding;
use crate::doing;
use crate::town::{Town, VISITS, day, id, records};
use anyhow::{Context as _, Result, ensure};
use domain::inspections::Status;
use policy::{Code, Kind};
use serde_json::{Value, json};
use sync::Answer;

/// The visits of the town that pass a test, as the pull would list them.
fn visits(of: impl Fn(&str, Option<&str>, &str) -> bool) -> Vec<String> {
    let chosen = VISITS
        .iter()
        .filter(|(_, calendar, assignee, applicant, ..)| of(calendar, *assignee, applicant));
    let mut names: Vec<String> = chosen.map(|(visit, ..)| (*visit).to_owned()).collect();
    names.sort();
    names
}

fn fields(body: &Value) -> Vec<&str> {
    body.as_object()
        .map(|fields| fields.keys().map(String::as_str).collect())
        .unwrap_or_default()
}

#[test]
fn c_ins_01_and_c_ins_10_and_c_dept_04_inspectors_receive_what_is_assigned_to_them_in_their_calendars()
-> Result<()> {
    let town = Town::open()?;
    for person in ["bruno", "carla", "elena"] {
        let sees = town.person(person)?.sees()?;
        let expected = visits(|calendar, assignee, _| assignee == Some(person) && calendar != "old");
        ensure!(
            sees.ids(Kind::Appointment) == expected,
            "{person}: {:?}",
            sees.ids(Kind::Appointment)
        );
    }
    let ana = town.person("ana")?.sees()?;
    let own = visits(|_, assignee, applicant| assignee == Some("ana") || applicant == "ana");
    ensure!(ana.ids(Kind::Appointment) == own);
    // A team's inspector receives the team's visits; one of an inactive calendar receives none.
    ensure!(town.person("dora")?.sees()?.ids(Kind::Appointment) == ["v-north"]);
    ensure!(town.person("igor")?.sees()?.ids(Kind::Appointment).is_empty());
    // Their calendars, and no colleague's day.
    let bruno = town.person("bruno")?.sees()?;
    ensure!(bruno.ids(Kind::Calendar) == ["building"] && bruno.ids(Kind::Person) == ["bruno"]);
    let carla = town.person("carla")?.sees()?;
    ensure!(
        carla.ids(Kind::Calendar) == ["building", "fire"],
        "{:?}",
        carla.ids(Kind::Calendar)
    );
    ensure!(
        !fields(&carla.shows("building")?).contains(&"cutoff_minute"),
        "of another calendar only what is public"
    );
    ensure!(fields(&carla.shows("fire")?).contains(&"cutoff_minute"));
    Ok(())
}

#[test]
fn c_ins_05_and_c_ins_06_an_inspector_starts_answers_notes_and_completes() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    let item = "access-building";
    ana.refused(doing::result("v-ana", "passed"), Code::WrongState)?;
    ana.takes(doing::start("v-ana"))?;
    ensure!(town.visit("v-ana")?.status == Status::InProgress);
    let saw = json!(town.visit("v-ana")?.findings[item]);
    ana.takes(doing::answer(
        "v-ana",
        item,
        saw,
        json!({ "answer": "fail", "measurement": 3.5, "observation": "Blocked" }),
    ))?;
    ana.takes(doing::note("v-ana", "n-1", "The owner was there"))?;
    ana.refused(doing::result("v-ana", "passed"), Code::WrongState)?;
    ana.takes(doing::result("v-ana", "failed"))?;
    let visit = town.visit("v-ana")?;
    ensure!(visit.status == Status::Completed && visit.findings[item].observation == "Blocked");
    let note = visit.notes.last().context("a note")?;
    ensure!(note.text == "The owner was there" && note.by == "Name of ana");
    ensure!(visit.result.context("a result")?.by == "Name of ana");
    // What was done is received by the manager, and the applicant reads the result.
    ensure!(
        town.person("marta")?.sees()?.shows("v-ana")?["notes"]
            .to_string()
            .contains("The owner was there")
    );
    ensure!(town.person("tomas")?.sees()?.shows("v-ana")?["result"]["overall"] == "failed");
    Ok(())
}

#[test]
fn c_ins_08_and_c_ins_11_an_inspector_asks_before_the_cutoff_and_never_reassigns() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    ana.takes(doing::request("v-ana"))?;
    let visit = town.visit("v-ana")?;
    ensure!(
        visit.status == Status::RequireReassignment && visit.request.context("a request")?.text == "In bed"
    );
    for visit in ["v-ana", "v-ana-begun", "v-ana-late"] {
        ana.refused(doing::reassign(visit, "bruno", Some("ana")), Code::NotGranted)?;
    }
    ensure!(town.visit("v-ana")?.assignee.context("nobody")?.as_str() == "ana");
    Ok(())
}

#[test]
fn c_mgr_17_a_manager_receives_where_every_visit_is_and_whose_it_is() -> Result<()> {
    let town = Town::open()?;
    let sees = town.person("marta")?.sees()?;
    for (visit, calendar, assignee, ..) in VISITS {
        if !["building", "electrical"].contains(calendar) {
            continue;
        }
        let body = sees.shows(visit)?;
        ensure!(
            body["assignee"] == json!(assignee),
            "{visit}: {}",
            body["assignee"]
        );
        for field in ["address", "day", "from_minute"] {
            ensure!(body.get(field).is_some(), "{visit} comes without {field}");
        }
        let at = town.visit(visit)?;
        ensure!(
            body["latitude"] == json!(at.latitude) && body["longitude"] == json!(at.longitude),
            "{visit} is elsewhere"
        );
    }
    Ok(())
}

#[test]
fn c_ins_22_after_the_cutoff_the_request_is_refused_and_the_cutoff_named() -> Result<()> {
    let town = Town::open()?;
    let denial = town
        .person("ana")?
        .refused(doing::request("v-ana-late"), Code::CutoffPassed)?;
    ensure!(denial.sentence.contains("08:00"), "{denial:?}");
    ensure!(
        denial
            .fact
            .as_deref()
            .is_some_and(|fact| fact.contains(&format!("{} 08:00", day(-1)))),
        "{denial:?}"
    );
    ensure!(town.visit("v-ana-late")?.request.is_none());
    Ok(())
}

#[test]
fn c_ins_09_the_permit_of_an_assigned_visit_is_received_and_no_other() -> Result<()> {
    let town = Town::open()?;
    let bruno = town.person("bruno")?.sees()?;
    ensure!(
        bruno.ids(Kind::Permit) == ["p-asked", "p-bruno", "p-bruno-for-ana"],
        "{:?}",
        bruno.ids(Kind::Permit)
    );
    let permit = bruno.shows("p-bruno")?;
    ensure!(permit["number"] == "Number of p-bruno" && permit["contact_phone"] == "Telephone of p-bruno");
    for hidden in ["contact_email", "fee_paid", "applicant", "people", "teams"] {
        ensure!(permit.get(hidden).is_none(), "{hidden} is shown");
    }
    Ok(())
}

#[test]
fn c_ins_20_a_status_is_refused_where_it_is_not_yours_or_already_completed() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    // Seen because she is the applicant, and assigned to bruno.
    let denial = ana.refused(doing::start("v-bruno-for-ana"), Code::NotAssigned)?;
    ensure!(
        denial.fact.as_deref() == Some("It is assigned to somebody else."),
        "{denial:?}"
    );
    for command in [
        doing::start("v-ana-done"),
        doing::result("v-ana-done", "failed"),
        doing::request("v-ana-done"),
    ] {
        let denial = ana.refused(command, Code::AlreadyCompleted)?;
        ensure!(
            denial
                .fact
                .as_deref()
                .is_some_and(|fact| fact.contains("1970-01-01 00:00")),
            "{denial:?}"
        );
    }
    ensure!(town.visit("v-bruno-for-ana")?.started_at.is_none());
    Ok(())
}

#[test]
fn c_mgr_01_and_c_mgr_02_and_c_dept_05_a_manager_receives_everything_supervised() -> Result<()> {
    let town = Town::open()?;
    let marta = town.person("marta")?.sees()?;
    let expected = visits(|calendar, _, applicant| {
        ["building", "electrical"].contains(&calendar) || applicant == "marta"
    });
    ensure!(
        marta.ids(Kind::Appointment) == expected,
        "{:?}",
        marta.ids(Kind::Appointment)
    );
    // Every inspector of the two calendars, with the phone and without the mail.
    let people = marta.ids(Kind::Person);
    ensure!(
        people == ["ana", "bruno", "elena", "hugo", "marta", "rita", "vera"],
        "{people:?}"
    );
    ensure!(marta.shows("ana")?.get("email").is_none() && marta.shows("ana")?["phone"] == "Phone of ana");
    // Calendars supervised, with their teams; of the others nothing that is not public.
    ensure!(marta.ids(Kind::Calendar) == ["building", "electrical"]);
    ensure!(marta.shows("building")?["teams"][0]["name"] == "North");
    Ok(())
}

#[test]
fn c_mgr_03_and_c_mgr_04_a_manager_answers_a_request_by_reassigning() -> Result<()> {
    let town = Town::open()?;
    let (marta, bruno, ana) = (town.person("marta")?, town.person("bruno")?, town.person("ana")?);
    let (mut with_bruno, mut with_ana) = (Holding::default(), Holding::default());
    bruno.pulls(&mut with_bruno)?;
    ana.pulls(&mut with_ana)?;
    ensure!(with_bruno.body("v-asked").is_some() && with_ana.body("v-asked").is_none());
    ensure!(marta.sees()?.shows("v-asked")?["request"]["text"] == "Request of v-asked");
    marta.takes(doing::reassign("v-asked", "ana", Some("bruno")))?;
    let visit = town.visit("v-asked")?;
    ensure!(
        visit.request.is_none() && visit.status == Status::Scheduled && visit.assignee_name == "Name of ana"
    );
    bruno.pulls(&mut with_bruno)?;
    ana.pulls(&mut with_ana)?;
    for record in ["v-asked", "p-asked"] {
        ensure!(with_bruno.body(record).is_none(), "bruno still has {record}");
        ensure!(with_ana.body(record).is_some(), "ana has not got {record}");
    }
    // Two who reassign the same visit do not overwrite each other.
    let answer = marta.does(doing::reassign("v-asked", "hugo", Some("bruno")))?;
    ensure!(
        matches!(&answer, Answer::Contested { contest } if contest.theirs == "ana"),
        "{answer:?}"
    );
    Ok(())
}

#[test]
fn c_mgr_13_and_c_dept_02_several_departments_and_no_other_unless_granted() -> Result<()> {
    let town = Town::open()?;
    let (marta, oscar) = (town.person("marta")?, town.person("oscar")?);
    marta.refused(doing::reassign("v-carla", "ana", Some("carla")), Code::NotFound)?;
    oscar.refused(doing::reassign("v-elena", "elena", Some("elena")), Code::NotFound)?;
    ensure!(oscar.sees()?.ids(Kind::Appointment) == visits(|calendar, _, _| calendar == "fire"));
    marta.takes(doing::note("v-elena", "n-1", "In the second calendar"))?;
    marta.takes(doing::note("v-ana", "n-2", "In the first"))?;
    // Granted, recorded with a reason, and taken back.
    let because = "Stands in for the fire department";
    town.office.administrator(&[
        "grant",
        "add",
        "marta",
        "inspections.manager",
        "calendar/fire",
        "--because",
        because,
    ])?;
    marta.takes(doing::note("v-carla", "n-3", "And now in fire"))?;
    let listed = town.office.administrator(&["grant", "list"])?;
    let given = listed["grants"]
        .as_array()
        .context("grants")?
        .iter()
        .find(|grant| grant["because"] == because);
    ensure!(
        given.is_some_and(
            |grant| grant["username"] == "marta" && grant["granted_by"] == "Server administrator"
        )
    );
    town.office.administrator(&[
        "grant",
        "withdraw",
        "marta",
        "inspections.manager",
        "calendar/fire",
    ])?;
    marta
        .refused(doing::note("v-carla", "n-4", "No longer"), Code::NotFound)
        .map(drop)
}

#[test]
fn c_mgr_20_a_reassignment_is_refused_with_its_reason() -> Result<()> {
    let town = Town::open()?;
    let marta = town.person("marta")?;
    // Seen as an applicant, and not a manager of that calendar.
    let denial = marta.refused(
        doing::reassign("v-carla-for-marta", "carla", Some("carla")),
        Code::OutOfScope,
    )?;
    ensure!(denial.who.is_some(), "{denial:?}");
    marta.refused(
        doing::reassign("v-ana-done", "bruno", Some("ana")),
        Code::AlreadyCompleted,
    )?;
    for nobody in ["carla", "tomas", "nadia", "no-such-person", "v-ana"] {
        let denial = marta.refused(doing::reassign("v-ana", nobody, Some("ana")), Code::NotEligible)?;
        ensure!(
            denial.rule == "C-MGR-20" && !denial.sentence.contains(nobody),
            "{denial:?}"
        );
    }
    // Who has something else at that time is not available.
    let start = town.visit("v-bruno")?.from_minute.context("a time")?;
    let mut clashing = town.visit("v-ana")?;
    clashing.from_minute = Some(start);
    clashing.to_minute = Some(start + 20);
    town.puts(vec![domain::Record::new(id("v-ana"), clashing)])?;
    marta.refused(doing::reassign("v-ana", "bruno", Some("ana")), Code::Overlap)?;
    ensure!(town.visit("v-ana")?.assignee.context("nobody")?.as_str() == "ana");
    Ok(())
}

#[test]
fn c_mgr_20_a_booking_names_only_an_inspector_of_the_calendar() -> Result<()> {
    let town = Town::open()?;
    let marta = town.person("marta")?;
    for (n, nobody) in ["carla", "tomas", "nadia", "no-such-person"]
        .into_iter()
        .enumerate()
    {
        let answer = marta.does(doing::book(
            &format!("b-{n}"),
            "p-ready",
            "type-building",
            day(4),
            Some(nobody),
        ))?;
        ensure!(
            matches!(answer, Answer::Refused { .. }),
            "{nobody} was given a visit: {answer:?}"
        );
        ensure!(
            !serde_json::to_string(&answer)?.contains(&format!("Name of {nobody}")),
            "{answer:?}"
        );
    }
    marta.takes(doing::book(
        "b-good",
        "p-ready",
        "type-building",
        day(4),
        Some("bruno"),
    ))
}

#[test]
fn c_cit_01_and_c_cit_05_and_c_cit_06_citizens_read_their_visits_results_and_inspectors() -> Result<()> {
    let town = Town::open()?;
    let tomas = town.person("tomas")?.sees()?;
    ensure!(tomas.ids(Kind::Appointment) == visits(|_, _, applicant| applicant == "tomas"));
    let done = tomas.shows("v-ana-done")?;
    ensure!(done["assignee_name"] == "Name of ana" && done["result"]["summary"] == "Summary of v-ana-done");
    for hidden in [
        "notes",
        "photos",
        "findings",
        "history",
        "request",
        "special_notes",
        "assignee",
        "team",
        "source",
        "priority",
    ] {
        ensure!(done.get(hidden).is_none(), "{hidden} is shown to the applicant");
    }
    Ok(())
}

#[test]
fn c_cit_07_and_c_guest_08_nobody_reads_somebody_elses_visit() -> Result<()> {
    let town = Town::open()?;
    for (person, own) in [("tomas", "tomas"), ("paula", "paula"), ("nadia", "nobody")] {
        let caller = town.person(person)?;
        let sees = caller.sees()?;
        let others = visits(|_, _, applicant| applicant != own);
        ensure!(
            !others.is_empty() && others.iter().all(|visit| sees.body(visit).is_none()),
            "{person}"
        );
        for visit in &others {
            caller.refused(doing::note(visit, "n", "x"), Code::NotFound)?;
        }
        let heard = String::from_utf8_lossy(&caller.heard.borrow()).into_owned();
        for visit in &others {
            ensure!(
                !heard.contains(&format!("of {visit}\"")),
                "{person} heard of {visit}"
            );
        }
    }
    Ok(())
}

#[test]
fn c_cit_10_and_c_cit_11_citizens_choose_no_inspector_and_book_for_nobody_else() -> Result<()> {
    let town = Town::open()?;
    let tomas = town.person("tomas")?;
    tomas.refused(doing::reassign("v-ana", "bruno", Some("ana")), Code::NotGranted)?;
    tomas.refused(
        doing::book("b-1", "p-ready", "type-building", day(4), Some("bruno")),
        Code::NotGranted,
    )?;
    tomas.refused(
        doing::book("b-2", "p-of-paula", "type-building", day(4), None),
        Code::NotFound,
    )?;
    tomas.takes(doing::book("b-3", "p-ready", "type-building", day(4), None))?;
    let visit = town.visit("b-3")?;
    ensure!(visit.assignee.is_none() && visit.applicant.context("nobody")?.as_str() == "tomas");
    // One who sees the permit for another reason is told why not.
    let denial = town.person("rita")?.refused(
        doing::book("b-4", "p-rita", "type-building", day(4), None),
        Code::NotApplicant,
    )?;
    ensure!(denial.rule == "C-CIT-11", "{denial:?}");
    ensure!(town.office.body("b-2").is_err() && town.office.body("b-4").is_err());
    Ok(())
}

#[test]
fn c_cit_16_and_c_dept_03_and_c_dept_07_citizens_see_their_own_permits_in_all_departments() -> Result<()> {
    let town = Town::open()?;
    for citizen in ["tomas", "paula"] {
        let sees = town.person(citizen)?.sees()?;
        let mut own: Vec<String> = records()?
            .iter()
            .filter(|record| matches!(&record.body, domain::Body::Permit(permit) if permit.applicant.as_ref().is_some_and(|person| person.as_str() == citizen)))
            .map(|record| record.id.to_string())
            .collect();
        own.sort();
        ensure!(
            sees.ids(Kind::Permit) == own,
            "{citizen}: {:?}",
            sees.ids(Kind::Permit)
        );
        let departments: std::collections::BTreeSet<String> = own
            .iter()
            .map(|permit| Ok(sees.shows(permit)?["calendar"].to_string()))
            .collect::<Result<_>>()?;
        ensure!(
            departments.len() >= 3,
            "{citizen} has permits in {departments:?} only"
        );
    }
    Ok(())
}

#[test]
fn c_cit_17_each_reason_against_a_booking_is_named() -> Result<()> {
    let town = Town::open()?;
    let tomas = town.person("tomas")?;
    let book = |permit: &str, kind: &str| doing::book(&format!("b-{permit}"), permit, kind, day(4), None);
    let mut sentences = std::collections::BTreeSet::new();
    for (permit, kind, word) in [
        ("p-applied", "type-building", "not been issued"),
        ("p-suspended", "type-building", "suspended"),
        ("p-closed", "type-building", "closed"),
        ("p-unpaid", "type-building", "fee"),
        ("p-ready", "type-fire", "not one that can be booked"),
        ("p-ready", "type-other", "not one that can be booked"),
        ("p-ready", "no-such-type", "not one that can be booked"),
    ] {
        let denial = tomas.refused(book(permit, kind), Code::PermitNotReady)?;
        ensure!(
            denial.sentence.contains(word) && denial.rule == "C-CIT-17",
            "{permit}: {denial:?}"
        );
        sentences.insert(denial.sentence);
    }
    ensure!(sentences.len() == 5, "{sentences:?}");
    // Not the applicant: for whoever sees the permit it is said, for whoever does not there is no such permit.
    ensure!(
        town.person("rita")?
            .refused(book("p-rita", "type-building"), Code::NotApplicant)?
            .sentence
            .contains("applicant")
    );
    tomas.refused(book("p-of-paula", "type-building"), Code::NotFound)?;
    tomas.takes(book("p-ready", "type-building"))
}

#[test]
fn c_guest_05_and_c_guest_06_who_is_not_signed_in_books_nothing_and_reads_no_name() -> Result<()> {
    let town = Town::open()?;
    let guest = town.guest()?;
    let before = town.count("record")?;
    let booking = json!(crate::caller::envelope(doing::book(
        "b-guest",
        "p-ready",
        "type-building",
        day(4),
        None
    )));
    guest.push(&[booking])?.is(401, "credential_missing")?;
    for path in [
        "/",
        "/healthz",
        "/metrics",
        "/api/openapi.json",
        "/api/basemap",
        "/api/events",
        "/api/sync/pull",
    ] {
        guest.get(path)?;
    }
    guest.sign_in("ana", "wrong password")?;
    let heard = String::from_utf8_lossy(&guest.heard.borrow()).into_owned();
    for (person, _) in crate::town::PEOPLE {
        ensure!(
            !heard.contains(&format!("Name of {person}")),
            "a guest heard of {person}"
        );
    }
    ensure!(town.count("record")? == before && !heard.contains("v-ana"));
    Ok(())
}

#[test]
fn c_guest_06_and_c_guest_07_what_is_public_names_no_inspector_and_shows_no_day() -> Result<()> {
    // Somebody with an account and no role is shown what everybody is shown.
    let town = Town::open()?;
    let nadia = town.person("nadia")?.sees()?;
    ensure!(
        nadia.ids(Kind::Calendar) == ["building"],
        "{:?}",
        nadia.ids(Kind::Calendar)
    );
    ensure!(nadia.ids(Kind::InspectionType) == ["type-building", "type-other"]);
    for kind in [Kind::Appointment, Kind::Permit] {
        ensure!(nadia.ids(kind).is_empty());
    }
    let calendar = nadia.shows("building")?;
    let mut shown = fields(&calendar);
    shown.sort_unstable();
    ensure!(
        shown
            == [
                "cancel_hours",
                "department",
                "department_name",
                "name",
                "public",
                "requirements",
                "reschedule_hours"
            ],
        "{shown:?}"
    );
    ensure!(nadia.shows("type-building")?.get("checklist").is_none());
    ensure!(nadia.ids(Kind::Person) == ["nadia"] && nadia.ids(Kind::Grant) == ["g-nadia-gone"]);
    Ok(())
}

#[test]
fn c_dept_01_one_person_two_roles_in_two_calendars() -> Result<()> {
    let town = Town::open()?;
    let vera = town.person("vera")?;
    let sees = vera.sees()?;
    ensure!(
        sees.ids(Kind::Appointment)
            == visits(|calendar, assignee, _| calendar == "electrical" || assignee == Some("vera"))
    );
    vera.takes(doing::reassign("v-elena", "elena", Some("elena")))?;
    vera.takes(doing::start("v-vera"))?;
    vera.refused(doing::reassign("v-vera", "ana", Some("vera")), Code::OutOfScope)?;
    vera.refused(doing::start("v-ana"), Code::NotFound)?;
    vera.refused(doing::start("v-carla"), Code::NotFound).map(drop)
}

#[test]
fn c_dept_06_administrators_see_all_departments() -> Result<()> {
    let town = Town::open()?;
    let laura = town.person("laura")?.sees()?;
    let mut all: Vec<String> = records()?.iter().map(|record| record.id.to_string()).collect();
    all.sort();
    let mut seen: Vec<String> = Kind::ALL.iter().flat_map(|kind| laura.ids(*kind)).collect();
    seen.sort();
    ensure!(seen == all);
    ensure!(laura.shows("v-carla")?["contact_email"] == "Mail of v-carla");
    Ok(())
}

#[test]
fn c_cal_04_a_calendar_is_public_or_not_by_one_switch() -> Result<()> {
    let town = Town::open()?;
    let nadia = town.person("nadia")?;
    let mut holding = Holding::default();
    nadia.pulls(&mut holding)?;
    ensure!(holding.body("building").is_some() && holding.body("electrical").is_none());
    let turn = |calendar: &str, public: bool| -> Result<()> {
        let domain::Body::Calendar(mut body) = crate::town::body(&records()?, calendar)?.clone() else {
            anyhow::bail!("no calendar")
        };
        body.public = public;
        town.puts(vec![domain::Record::new(id(calendar), body)])
    };
    turn("building", false)?;
    turn("electrical", true)?;
    nadia.pulls(&mut holding)?;
    ensure!(holding.body("building").is_none() && holding.body("type-building").is_none());
    ensure!(holding.body("electrical").is_some() && holding.body("type-electrical").is_some());
    // Public or not, who works there sees it, and their visits.
    let ana = town.person("ana")?.sees()?;
    ensure!(ana.body("building").is_some() && ana.body("v-ana").is_some());
    ensure!(ana.body("v-elena").is_none(), "public is not the same as open");
    Ok(())
}

#[test]
fn c_bp_01_an_account_begins_with_nothing() -> Result<()> {
    let town = Town::open()?;
    let out = bailiwick_tests::office::cli(
        town.folder.path(),
        &["user", "add", "olga", "--password-stdin"],
        "a fresh password\n",
    )?;
    ensure!(out.status.success(), "{out:?}");
    let olga = crate::caller::Caller::signed_in(&town.office.address, "olga", "a fresh password")?;
    let sees = olga.sees()?;
    ensure!(
        sees.ids(Kind::Appointment).is_empty()
            && sees.ids(Kind::Permit).is_empty()
            && sees.ids(Kind::Grant).is_empty()
    );
    for (visit, ..) in VISITS {
        for command in [
            doing::start(visit),
            doing::note(visit, "n", "x"),
            doing::reassign(visit, "ana", None),
            doing::request(visit),
        ] {
            olga.refused(command, Code::NotFound)?;
        }
    }
    olga.refused(
        doing::book("b", "p-ready", "type-building", day(4), None),
        Code::NotFound,
    )?;
    olga.refused(
        doing::grant("g", "ana", "manager", doing::whole_organization()),
        Code::NotFound,
    )?;
    // Not to herself either, though her own profile she does see.
    olga.refused(
        doing::grant("g", "person-olga", "citizen", doing::whole_organization()),
        Code::Ceiling,
    )
    .map(drop)
}
