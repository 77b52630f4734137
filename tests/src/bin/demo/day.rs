//! The day. Every step is witnessed from the office's database or from the other window, never from the driver.

use crate::report::{Report, STEPS};
use crate::{fresh_folder, say, screens};
use anyhow::{Context as _, Result, bail, ensure};
use bailiwick_tests::database::read;
use bailiwick_tests::office::{OfficeProcess, PASSWORD};
use bailiwick_tests::wait::until;
use bailiwick_tests::window::Window;
use bailiwick_tests::wire::Wire;
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

const ANA: &str = "person-ana-ruiz";
const BRUNO: &str = "person-bruno-silva";
const ANAS_VIEW: &str = "assigned/person-ana-ruiz/cal-building#onsite";
const PATIENCE: Duration = Duration::from_secs(15);

/// A white PNG of one pixel by one.
const PHOTO: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==";

/// The day it is in the town.
pub fn today() -> String {
    domain::time::local(chrono::Utc::now().timestamp_millis(), "America/Montevideo")
        .0
        .to_string()
}

/// The people, the places and what they have done so far.
struct Day {
    office: OfficeProcess,
    anas_wire: Wire,
    martas_wire: Wire,
    ana: Window,
    marta: Window,
    sabotage: Option<String>,
    day: String,
    /// Ana's visits of the day that are still to be made, in order.
    visits: Vec<String>,
    /// What waited on the laptop before the network returned.
    waited: i64,
}

/// Plays the whole day; true where every step held.
pub fn play(sabotage: Option<&str>) -> Result<bool> {
    let folder = fresh_folder()?;
    let day = today();
    let office = OfficeProcess::seeded(&folder.join("office"), &day)?;
    let (anas_wire, martas_wire) = (Wire::to(office.authority())?, Wire::to(office.authority())?);
    let ana = Window::open(&folder.join("ana"))?;
    let marta = Window::open(&folder.join("marta"))?;
    let pictures = folder.join("screens");
    ana.pictures(&pictures, "sign-in")?;
    let mut play = Day {
        visits: Vec::new(),
        waited: 0,
        sabotage: sabotage.map(str::to_owned),
        office,
        anas_wire,
        martas_wire,
        ana,
        marta,
        day,
    };
    let mut report = Report::new(&folder);
    for step in STEPS {
        let begun = Instant::now();
        let outcome = play.step(step);
        let took = begun.elapsed();
        let who = who(step);
        let screenshot = folder.join(format!("steps/{step}.png"));
        play.window_of(who).picture(&screenshot)?;
        say(&format!(
            "{} {step} ({} ms): {}",
            if outcome.is_ok() { "ok  " } else { "FAIL" },
            took.as_millis(),
            outcome
                .as_ref()
                .map_or_else(|error| format!("{error:#}"), Clone::clone)
        ));
        report.add(step, who, &outcome, took, &screenshot)?;
        if outcome.is_err() {
            break;
        }
        play.pictures_after(step, &pictures)?;
    }
    if report.holds() {
        screens::of_the_shut_out(&play.ana, &play.office, &play.anas_wire.address(), &pictures)?;
    }
    let summary = json!({ "steps": STEPS.len(), "held": report.held(), "ok": report.holds() });
    let _ = writeln!(std::io::stdout(), "{summary}");
    Ok(report.holds())
}

fn who(step: &str) -> &'static str {
    match step {
        "supervisor-sees" | "reassign" => "marta",
        "withdraw" => "administrator",
        _ => "ana",
    }
}

impl Day {
    fn window_of(&self, who: &str) -> &Window {
        if who == "marta" { &self.marta } else { &self.ana }
    }

    fn broken(&self, step: &str) -> bool {
        self.sabotage.as_deref() == Some(step)
    }

    fn step(&mut self, step: &str) -> Result<String> {
        match step {
            "sign-in" => self.sign_in(),
            "first-sync" => self.first_sync(),
            "offline" => self.offline(),
            "visit" => self.visit(),
            "photo" => self.photo(),
            "online" => self.online(),
            "arrived-once" => self.arrived_once(),
            "supervisor-sees" => self.supervisor_sees(),
            "reassign" => self.reassign(),
            "laptop-follows" => self.laptop_follows(),
            "withdraw" => self.withdraw(),
            "laptop-forgets" => self.laptop_forgets(),
            other => bail!("there is no step {other}"),
        }
    }

    fn sign_in(&mut self) -> Result<String> {
        let password = if self.broken("sign-in") {
            "not the password"
        } else {
            PASSWORD
        };
        self.ana.sign_in(&self.anas_wire.address(), "ana", password)?;
        let count = "SELECT count(*) FROM sign_in WHERE username = 'ana' AND outcome = 'signed_in'";
        until("the office to note a sign-in", PATIENCE, || {
            Ok((self.office.look::<i64>(count, &[])? == 1).then_some(()))
        })?;
        if self.broken("first-sync") {
            self.anas_wire.cut();
        }
        Ok("the office's database notes one sign-in of ana".to_owned())
    }

    fn first_sync(&mut self) -> Result<String> {
        self.ana.wait_for_screen("today")?;
        let assigned: i64 = self
            .office
            .look("SELECT count FROM view WHERE name = ?", &[&ANAS_VIEW])?;
        let held = "SELECT count(*) FROM ledger WHERE view = ? AND until_at IS NULL";
        until(
            "the ledger to say that the laptop holds Ana's inspections",
            PATIENCE,
            || Ok((self.office.look::<i64>(held, &[&ANAS_VIEW])? == 1).then_some(())),
        )?;
        let (rows, _) = until("Ana's inspections on the laptop", PATIENCE, || {
            let holdings = self.ana.call("holdings", json!({}))?;
            let views = holdings["views"].as_array().context("no views")?.clone();
            let rows = views
                .iter()
                .find(|view| view["view"] == ANAS_VIEW)
                .and_then(|view| view["records"].as_i64());
            Ok(rows.filter(|rows| *rows == assigned))
        })?;
        let strangers = self.strangers()?;
        ensure!(
            strangers == 0,
            "{strangers} inspections of others are on the laptop"
        );
        self.visits = self.anas_visits()?;
        ensure!(
            self.visits.len() >= 4,
            "Ana has only {} visits left today",
            self.visits.len()
        );
        Ok(format!(
            "the ledger says the laptop holds {ANAS_VIEW}; the office counts {assigned} rows in it, the laptop {rows}, and none of anybody else's"
        ))
    }

    /// How many visits on Ana's laptop the office has assigned to others.
    fn strangers(&self) -> Result<usize> {
        let args = json!({ "kind": "appointment", "index": "day", "from": "", "to": "~", "limit": 20000 });
        let listed = self.ana.call("list", args)?;
        let mut strangers = 0;
        for row in listed.as_array().context("no list")? {
            let body = self.office.body(row["id"].as_str().context("no id")?)?;
            strangers += usize::from(body["assignee"] != json!(ANA));
        }
        Ok(strangers)
    }

    fn anas_visits(&self) -> Result<Vec<String>> {
        let sql = "SELECT r.id FROM record_key k JOIN record r ON r.n = k.n
                   WHERE k.kind = 'appointment' AND k.name = 'assignee_day' AND k.key LIKE ? ORDER BY k.key";
        let rows = self.office.rows(sql, &[&format!("{ANA}|{}|%", self.day)])?;
        rows.iter().map(|row| read(&row[0])).collect()
    }

    fn commands_from_ana(&self) -> Result<i64> {
        self.office
            .look("SELECT count(*) FROM command WHERE person = ?", &[&ANA])
    }

    fn offline(&mut self) -> Result<String> {
        self.marta
            .sign_in(&self.martas_wire.address(), "marta", PASSWORD)?;
        self.marta.wait_for_screen("today")?;
        let last = self.visits.last().context("no visit")?.clone();
        if !self.broken("offline") {
            self.anas_wire.cut();
        }
        until("the window to say that it is offline", PATIENCE, || {
            Ok((self.ana.attribute("status-line", "data-online")?.as_deref() == Some("false")).then_some(()))
        })?;
        self.open_visit(&last)?;
        self.ana.fill("note-text", "Gate code is 4410, ring twice.")?;
        self.ana.click("add-note")?;
        self.waits(1)?;
        ensure!(
            self.commands_from_ana()? == 0,
            "a command of Ana's reached the office"
        );
        let notes = self.office.body(&last)?["notes"].as_array().map_or(0, Vec::len);
        ensure!(notes == 0, "the note reached the office");
        Ok(
            "a note waits on the laptop; the office's database has no command of Ana's and no note"
                .to_owned(),
        )
    }

    fn waits(&self, count: i64) -> Result<()> {
        until(&format!("{count} changes to wait"), PATIENCE, || {
            let said = self.ana.attribute("status-line", "data-waiting")?;
            Ok((said.and_then(|said| said.parse::<i64>().ok()) == Some(count)).then_some(()))
        })?;
        Ok(())
    }

    fn open_visit(&self, id: &str) -> Result<()> {
        self.ana.script(
            "location.hash = arguments[0]",
            vec![json!(format!("#/today/{}", self.day))],
        )?;
        self.ana.wait_for_screen("today")?;
        self.ana.click(&format!("visit-{id}"))?;
        self.ana.wait_for_screen("inspection")?;
        Ok(())
    }

    /// The keys of the checklist of a visit.
    fn checklist(&self, visit: &str) -> Result<Vec<String>> {
        let kind = self.office.body(visit)?["inspection_type"]
            .as_str()
            .context("no inspection type")?
            .to_owned();
        let body = self.office.body(&kind)?;
        let items = body["checklist"].as_array().context("no checklist")?;
        Ok(items
            .iter()
            .filter_map(|item| item["key"].as_str().map(str::to_owned))
            .collect())
    }

    fn visit(&mut self) -> Result<String> {
        let visit = self.visits[0].clone();
        self.open_visit(&visit)?;
        self.ana.click("start")?;
        until("the visit to be in progress", PATIENCE, || {
            Ok((self.ana.text("status")? == "In progress").then_some(()))
        })?;
        let keys = self.checklist(&visit)?;
        for (index, key) in keys.iter().enumerate() {
            let answer = if index == 1 { "na" } else { "pass" };
            self.ana.click(&format!("item-{key}-{answer}"))?;
        }
        // The note of before, the start, and one change a line.
        let mut waiting = 2 + i64::try_from(keys.len())?;
        self.waits(waiting)?;
        if !self.broken("visit") {
            self.ana.click("record-result")?;
            self.ana.click("overall-passed_with_conditions")?;
            self.ana
                .fill("summary", "Second handrail to be fixed within a week.")?;
            self.ana.click("confirm-result")?;
        }
        waiting += 1;
        self.waits(waiting)?;
        self.waited = waiting;
        let status = self.office.body(&visit)?["status"].clone();
        ensure!(
            status != json!("completed"),
            "the result reached the office while offline"
        );
        ensure!(
            self.commands_from_ana()? == 0,
            "a command of Ana's reached the office"
        );
        Ok(format!(
            "{waiting} changes wait on the laptop; the office still has the visit as {status}, and no command of Ana's"
        ))
    }

    fn photo(&mut self) -> Result<String> {
        let photo = if self.broken("photo") {
            "bm90IGFuIGltYWdl"
        } else {
            PHOTO
        };
        self.ana
            .choose_file("photo-file", "handrail.png", "image/png", photo)?;
        self.waited += 1;
        self.waits(self.waited)?;
        let stored: i64 = self.office.look("SELECT count(*) FROM photo", &[])?;
        ensure!(stored == 0, "the photo reached the office while offline");
        Ok("the photo waits on the laptop; the office's database has no photo".to_owned())
    }

    fn online(&mut self) -> Result<String> {
        if !self.broken("online") {
            self.anas_wire.mend();
        }
        let waited = self.waited;
        let ((), took) = until("Ana's commands at the office", Duration::from_secs(40), || {
            Ok((self.commands_from_ana()? == waited).then_some(()))
        })?;
        Ok(format!(
            "the office's database has {waited} commands of Ana's, {} ms after the network returned",
            took.as_millis()
        ))
    }

    fn arrived_once(&mut self) -> Result<String> {
        if self.broken("arrived-once") {
            // A second copy of what arrived, as a faulty wire would make it.
            let last = self.visits.last().context("no visit")?.clone();
            let note = json!({ "name": "add_note", "input": { "appointment": last, "note": "note-again", "text": "Gate code is 4410, ring twice." } });
            self.ana.call("submit", json!({ "command": note }))?;
            until("the second copy", PATIENCE, || {
                Ok((self.commands_from_ana()? > self.waited).then_some(()))
            })?;
        }
        until("the photo at the office", PATIENCE, || {
            Ok((self.office.look::<i64>("SELECT count(*) FROM photo", &[])? == 1).then_some(()))
        })?;
        let taken: i64 = self.office.look(
            "SELECT count(*) FROM command WHERE person = ? AND answer = '{\"answer\":\"taken\"}'",
            &[&ANA],
        )?;
        ensure!(
            taken == self.waited,
            "{taken} of {} commands were taken",
            self.waited
        );
        let body = self.office.body(&self.visits[0])?;
        let times = |what: &str| count(&body["history"], |event| event["what"] == json!(what));
        ensure!(
            body["status"] == json!("completed"),
            "the visit is {}",
            body["status"]
        );
        ensure!(
            times("start_inspection") == 1 && times("record_result") == 1,
            "started or completed more than once"
        );
        let findings = body["findings"].as_object().map_or(0, serde_json::Map::len);
        ensure!(
            findings == self.checklist(&self.visits[0])?.len(),
            "{findings} findings arrived"
        );
        ensure!(
            body["photos"].as_array().map_or(0, Vec::len) == 1,
            "not one photo"
        );
        let last = self.office.body(self.visits.last().context("no visit")?)?;
        let notes = count(&last["notes"], |note| {
            note["text"] == json!("Gate code is 4410, ring twice.")
        });
        ensure!(notes == 1, "the note stands {notes} times");
        Ok(format!(
            "the office's database has each of {taken} commands once: one start, {findings} findings, one result, one note, one photo"
        ))
    }

    fn supervisor_sees(&mut self) -> Result<String> {
        if self.broken("supervisor-sees") {
            self.martas_wire.cut();
        }
        self.marta.script(
            "location.hash = arguments[0]",
            vec![json!(format!("#/team/{}", self.day))],
        )?;
        self.marta.wait_for_screen("team")?;
        // A fresh note of Ana's, timed from her click to Marta's laptop.
        let visit = self.visits[1].clone();
        self.open_visit(&visit)?;
        self.ana.click("start")?;
        let begun = Instant::now();
        let sees = || {
            let sheet = self.marta.call("sheet", json!({ "id": visit }))?;
            Ok((sheet["row"]["body"]["status"] == json!("in_progress")).then_some(()))
        };
        until("Marta's window to have it", Duration::from_secs(10), sees)?;
        let took = begun.elapsed();
        ensure!(took < Duration::from_secs(1), "it took {} ms", took.as_millis());
        let done = self.marta.call("sheet", json!({ "id": self.visits[0] }))?;
        ensure!(
            done["row"]["body"]["status"] == json!("completed"),
            "Marta does not see the result"
        );
        Ok(format!(
            "Marta's window has Ana's visit in progress {} ms after Ana's click, and the completed one with its result",
            took.as_millis()
        ))
    }

    fn reassign(&mut self) -> Result<String> {
        let moved = [self.visits[2].clone(), self.visits[3].clone()];
        for visit in &moved {
            // By keyboard: focus on the bar, R for reassign, choose, confirm.
            self.marta.wait_for(&format!("bar-{visit}"), true)?;
            self.marta.script(
                "document.querySelector(arguments[0]).focus()",
                vec![json!(format!("[data-testid=\"bar-{visit}\"]"))],
            )?;
            self.marta.press("r")?;
            self.marta.click(&format!("reassign-to-{BRUNO}"))?;
            if self.broken("reassign") {
                self.marta.press("\u{e00c}")?;
            } else {
                self.marta.click("confirm-reassign")?;
            }
            self.marta.wait_for("confirm-reassign", false)?;
        }
        for visit in &moved {
            until("the office to have Bruno on the visit", PATIENCE, || {
                Ok((self.office.body(visit)?["assignee"] == json!(BRUNO)).then_some(()))
            })?;
        }
        if self.broken("laptop-follows") {
            self.anas_wire.cut();
        }
        Ok("the office's database has Bruno Silva on both visits".to_owned())
    }

    fn laptop_follows(&mut self) -> Result<String> {
        let moved = [self.visits[2].clone(), self.visits[3].clone()];
        for visit in &moved {
            until("the visit to leave Ana's window", PATIENCE, || {
                Ok(self
                    .ana
                    .call("sheet", json!({ "id": visit }))?
                    .is_null()
                    .then_some(()))
            })?;
        }
        let count: i64 = self
            .office
            .look("SELECT count FROM view WHERE name = ?", &[&ANAS_VIEW])?;
        until("the laptop and the office to count the same", PATIENCE, || {
            let holdings = self.ana.call("holdings", json!({}))?;
            let views = holdings["views"].as_array().context("no views")?.clone();
            let here = views
                .iter()
                .find(|view| view["view"] == ANAS_VIEW)
                .and_then(|view| view["records"].as_i64());
            Ok((here == Some(count)).then_some(()))
        })?;
        self.ana.script(
            "location.hash = arguments[0]",
            vec![json!(format!("#/today/{}", self.day))],
        )?;
        for visit in &moved {
            self.ana.wait_for(&format!("visit-{visit}"), false)?;
        }
        Ok(format!(
            "Ana's window no longer has the two visits Marta moved; laptop and office both count {count} rows in {ANAS_VIEW}"
        ))
    }

    fn withdraw(&mut self) -> Result<String> {
        let whose = if self.broken("withdraw") { "bruno" } else { "ana" };
        let args = [
            "grant",
            "withdraw",
            whose,
            "inspections.inspector",
            "calendar/cal-building",
            "--because",
            "Moved to another department",
        ];
        if self.broken("laptop-forgets") {
            self.anas_wire.cut();
        }
        self.office.administrator(&args)?;
        let grants = self.office.administrator(&["grant", "list"])?;
        let rows = grants["grants"].as_array().context("no grants")?.clone();
        let withdrawn = |row: &Value| row["username"] == json!("ana") && !row["withdrawn"].is_null();
        ensure!(rows.iter().any(withdrawn), "Ana's grant still stands");
        Ok("the office's database has Ana's grant as withdrawn".to_owned())
    }

    fn laptop_forgets(&mut self) -> Result<String> {
        let proof = "SELECT count(*) FROM ledger WHERE view = ? AND until_at IS NOT NULL AND acknowledged_at IS NOT NULL";
        let ((), took) = until("the laptop's receipt at the office", PATIENCE, || {
            Ok((self.office.look::<i64>(proof, &[&ANAS_VIEW])? == 1).then_some(()))
        })?;
        let args = json!({ "kind": "appointment", "index": "day", "from": "", "to": "~", "limit": 10 });
        let left = self.ana.call("list", args)?;
        ensure!(
            left.as_array().map(Vec::len) == Some(0),
            "inspections are left on the laptop"
        );
        let found = self
            .ana
            .call("search", json!({ "text": "B-2026", "limit": 10 }))?;
        ensure!(
            found.as_array().map(Vec::len) == Some(0),
            "the search still finds something"
        );
        self.ana.wait_for("forgotten", true)?;
        Ok(format!(
            "the ledger has the laptop's receipt for {ANAS_VIEW} after {} ms; the window lists and finds nothing",
            took.as_millis()
        ))
    }

    fn pictures_after(&self, step: &str, folder: &Path) -> Result<()> {
        match step {
            "first-sync" => {
                screens::take(
                    &self.ana,
                    folder,
                    &format!("#/today/{}", self.day),
                    "today",
                    "today",
                )?;
                let permit = self.office.body(&self.visits[0])?["permit"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned();
                screens::take(
                    &self.ana,
                    folder,
                    &format!("#/permit/{permit}"),
                    "permit",
                    "permit",
                )?;
                screens::take(&self.ana, folder, "#/access", "access", "access")?;
                self.ana.press_with_control("k")?;
                self.ana.fill("search", "B-2026")?;
                self.ana.pictures(folder, "search")?;
                self.ana.press("\u{e00c}")
            }
            "photo" => {
                self.ana.pictures(folder, "inspection")?;
                screens::take(&self.ana, folder, "#/sync", "sync", "sync-offline")?;
                screens::take(
                    &self.ana,
                    folder,
                    &format!("#/today/{}", self.day),
                    "today",
                    "today-offline",
                )
            }
            "supervisor-sees" => {
                self.marta.pictures(folder, "team")?;
                screens::take(
                    &self.marta,
                    folder,
                    &format!("#/today/{}", self.day),
                    "today",
                    "today-supervisor",
                )?;
                screens::take(
                    &self.marta,
                    folder,
                    &format!("#/team/{}", self.day),
                    "team",
                    "team",
                )
            }
            "laptop-forgets" => {
                self.ana.pictures(folder, "today-forgotten")?;
                screens::take(&self.ana, folder, "#/sync", "sync", "sync")
            }
            _ => Ok(()),
        }
    }
}

fn count(list: &Value, wanted: impl Fn(&Value) -> bool) -> usize {
    list.as_array()
        .map_or(0, |rows| rows.iter().filter(|row| wanted(row)).count())
}
