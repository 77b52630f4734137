//! The town the tests work in: an office seeded once, laptops, and two windows that many tests share.

use anyhow::{Context as _, Result};
use bailiwick_tests::database::read;
use bailiwick_tests::office::{self, OfficeProcess, PASSWORD};
use bailiwick_tests::wait::until;
use bailiwick_tests::window::Window;
use bailiwick_tests::wire::Wire;
use rusqlite::types::ToSql;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

pub const ANA: &str = "person-ana-ruiz";
pub const BRUNO: &str = "person-bruno-silva";
pub const PATIENCE: Duration = Duration::from_secs(20);
/// A white PNG of one pixel by one.
pub const PHOTO: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==";

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The day it was in the town when the tests began.
pub fn today() -> String {
    static TODAY: OnceLock<String> = OnceLock::new();
    let now = || domain::time::local(chrono::Utc::now().timestamp_millis(), "America/Montevideo").0;
    TODAY.get_or_init(|| now().to_string()).clone()
}

/// An empty folder of this run. What earlier runs left is removed.
pub fn folder(name: &str) -> Result<PathBuf> {
    static RUN: OnceLock<PathBuf> = OnceLock::new();
    let run = RUN.get_or_init(|| {
        let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("window");
        for old in std::fs::read_dir(&all).into_iter().flatten().flatten() {
            let run = old.file_name();
            if !Path::new("/proc").join(run).exists() {
                let _ = std::fs::remove_dir_all(old.path());
            }
        }
        all.join(std::process::id().to_string())
    });
    let folder = run.join(name);
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// An office of its own for one test: a copy of a town seeded once for each first day.
pub fn office_of(name: &str, day: &str) -> Result<OfficeProcess> {
    static SEEDED: Mutex<BTreeMap<String, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut seeded = locked(&SEEDED);
    if !seeded.contains_key(day) {
        let town = folder(&format!("town-{day}"))?;
        office::seed(&town, day)?;
        seeded.insert(day.to_owned(), town);
    }
    let office = folder(&format!("office-{name}"))?;
    for file in std::fs::read_dir(&seeded[day])? {
        let file = file?;
        // The folder of photos is empty.
        if file.file_type()?.is_file() {
            std::fs::copy(file.path(), office.join(file.file_name()))?;
        }
    }
    OfficeProcess::serve(&office)
}

/// The same, with visits from today on.
pub fn office(name: &str) -> Result<OfficeProcess> {
    office_of(name, &today())
}

/// A laptop: its files, its window, and the wire to the office.
pub struct Laptop {
    pub profile: PathBuf,
    pub wire: Wire,
    pub window: Window,
}

impl Laptop {
    /// A new laptop with its window open, nobody signed in.
    pub fn new(name: &str, office: &OfficeProcess) -> Result<Laptop> {
        let profile = folder(&format!("laptop-{name}"))?;
        let wire = Wire::to(office.authority())?;
        let window = Window::open(&profile)?;
        Ok(Laptop {
            profile,
            wire,
            window,
        })
    }

    /// A new laptop with somebody signed in and everything fetched.
    pub fn of(name: &str, office: &OfficeProcess, username: &str) -> Result<Laptop> {
        let laptop = Laptop::new(name, office)?;
        laptop.sign_in(username)?;
        Ok(laptop)
    }

    pub fn sign_in(&self, username: &str) -> Result<()> {
        self.window.sign_in(&self.wire.address(), username, PASSWORD)?;
        self.window.wait_for_screen("today")?;
        self.synced()
    }

    /// Waits until the laptop holds what the office counts.
    pub fn synced(&self) -> Result<()> {
        until("the first sync", PATIENCE, || {
            let status = self.window.call("status", json!({}))?;
            let holdings = self.window.call("holdings", json!({}))?;
            Ok((status["syncing"] == json!(false) && !holdings["checked"].is_null()).then_some(()))
        })?;
        Ok(())
    }

    /// Cuts the wire, and waits until the window says so.
    pub fn offline(&self) -> Result<()> {
        self.wire.cut();
        self.says_online(false)
    }

    /// Mends the wire and asks for a sync, as somebody does who knows that there is a network again.
    pub fn online(&self) -> Result<()> {
        self.wire.mend();
        go(&self.window, "#/sync", "sync")?;
        self.window.click("sync-now")?;
        self.says_online(true)
    }

    pub fn says_online(&self, online: bool) -> Result<()> {
        let wanted = online.to_string();
        until(
            &format!("the status line to say online: {online}"),
            PATIENCE,
            || {
                let said = self.window.attribute("status-line", "data-online")?;
                Ok((said.as_ref() == Some(&wanted)).then_some(()))
            },
        )?;
        Ok(())
    }

    /// Waits until so many changes wait to be sent.
    pub fn waits(&self, count: u64) -> Result<()> {
        let wanted = count.to_string();
        until(&format!("{count} changes to wait"), PATIENCE, || {
            let said = self.window.attribute("status-line", "data-waiting")?;
            match said {
                Some(said) if said == wanted => Ok(Some(())),
                said => anyhow::bail!("the status line says {said:?}"),
            }
        })?;
        Ok(())
    }

    /// Ends the application at once and opens it again, on the same files.
    pub fn after_a_power_cut(self) -> Result<Laptop> {
        let Laptop {
            profile,
            wire,
            window,
        } = self;
        window.kill()?;
        let window = Window::open(&profile)?;
        Ok(Laptop {
            profile,
            wire,
            window,
        })
    }

    /// Closes the window and opens it again on a laptop whose clock is so far from the right time: `+4d`, `-2h`.
    pub fn with_clock(self, from_now: &str) -> Result<Laptop> {
        let clock = [
            // Only the clock on the wall: what waits for a time to pass still does.
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            ("FAKETIME", from_now),
            ("LD_PRELOAD", "/usr/$LIB/faketime/libfaketimeMT.so.1"),
        ];
        self.opened_again(&clock, |_| Ok(()))
    }

    /// Closes the window, does something to the files, and opens it again.
    pub fn closed_while(self, work: impl FnOnce(&Path) -> Result<()>) -> Result<Laptop> {
        self.opened_again(&[], work)
    }

    fn opened_again(
        self,
        environment: &[(&str, &str)],
        work: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<Laptop> {
        let Laptop {
            profile,
            wire,
            window,
        } = self;
        window.close()?;
        work(&profile)?;
        let window = Window::open_with(&profile, environment)?;
        Ok(Laptop {
            profile,
            wire,
            window,
        })
    }

    /// The folder of one person's files.
    pub fn files_of(&self, person: &str) -> PathBuf {
        self.profile.join("people").join(person)
    }
}

/// An office with Ana and Marta at their windows, for tests that change no more than a few visits.
pub struct Shared {
    pub office: OfficeProcess,
    pub ana: Laptop,
    pub marta: Laptop,
}

impl Shared {
    fn open() -> Result<Shared> {
        static OPENED: AtomicUsize = AtomicUsize::new(0);
        let opened = OPENED.fetch_add(1, Ordering::Relaxed);
        let office = office(&format!("shared-{opened}"))?;
        let ana = Laptop::of(&format!("ana-{opened}"), &office, "ana")?;
        let marta = Laptop::of(&format!("marta-{opened}"), &office, "marta")?;
        for window in [&ana.window, &marta.window] {
            end_with_this_process(&[window.application()?, window.helper()])?;
        }
        end_with_this_process(&[office.process().context("the office does not serve")?])?;
        Ok(Shared { office, ana, marta })
    }

    fn refreshed(&self) -> Result<&Shared> {
        fresh(&self.ana.window)?;
        fresh(&self.marta.window)?;
        Ok(self)
    }

    /// Whether the web engine has lost a page while the application went on: a fault of the engine and not of ours.
    fn has_lost_a_page(&self) -> bool {
        let lost = |window: &Window| window.screen().is_err() && window.application().is_ok();
        lost(&self.ana.window) || lost(&self.marta.window)
    }
}

/// Works in the shared town, with both windows as freshly opened. Where the web engine loses a page on the way, the work
/// is done once more in a new town; an application that ends is a failure like any other, and takes no later test along.
pub fn shared(work: impl Fn(&Shared) -> Result<()>) -> Result<()> {
    static SHARED: Mutex<Option<Shared>> = Mutex::new(None);
    let mut shared = locked(&SHARED);
    let mut attempt = || -> Result<(Result<()>, bool)> {
        if shared.as_ref().is_none_or(|town| town.refreshed().is_err()) {
            *shared = Some(Shared::open()?);
        }
        let town = shared.as_ref().context("there is no shared town")?.refreshed()?;
        let done = work(town);
        let lost = done.is_err() && town.has_lost_a_page();
        Ok((done, lost))
    };
    match attempt()? {
        (Err(error), true) => {
            eprintln!("the web engine lost a page, and the test begins again: {error:#}");
            attempt()?.0
        }
        (done, _) => done,
    }
}

/// What lives as long as this process is never dropped; a shell that waits for our end ends it then.
fn end_with_this_process(processes: &[u32]) -> Result<()> {
    static WATCH: Mutex<Option<Child>> = Mutex::new(None);
    let mut watch = locked(&WATCH);
    if watch.is_none() {
        let script = "while read -r one; do all=\"$all $one\"; done; kill $all";
        *watch = Some(
            Command::new("sh")
                .args(["-c", script])
                .stdin(Stdio::piped())
                .spawn()?,
        );
    }
    let child = watch.as_mut().context("there is no watch")?;
    let input = child.stdin.as_mut().context("the watch has no input")?;
    for process in processes {
        writeln!(input, "{process}")?;
    }
    Ok(())
}

/// Loads the page anew, with nothing open and the map as it comes.
pub fn fresh(window: &Window) -> Result<()> {
    let script = "for (const name of ['map', 'language', 'theme', 'team-view']) localStorage.removeItem(name); window.isOld = true; location.hash = '#/sync'; location.reload()";
    window.script(script, vec![])?;
    let is_new = "return !window.isOld && document.querySelector('[data-screen]')?.dataset.screen === 'sync'
        && !!document.querySelector('[data-testid=\"status-line\"]')";
    until("the page to be loaded anew", PATIENCE, || {
        Ok((window.script(is_new, vec![])? == json!(true)).then_some(()))
    })?;
    Ok(())
}

/// Goes to an address within the window.
pub fn go(window: &Window, address: &str, screen: &str) -> Result<()> {
    window.script("location.hash = arguments[0]", vec![json!(address)])?;
    window.wait_for_screen(screen)?;
    Ok(())
}

/// The first of Ana's visits today.
pub fn first_visit(office: &OfficeProcess) -> Result<(String, Value)> {
    let visits = visits(office, ANA, &today())?;
    visits.into_iter().next().context("no visit")
}

/// Waits until the office has a note of these words on a visit.
pub fn note_arrives(office: &OfficeProcess, visit: &str, text: &str) -> Result<()> {
    office_has(office, visit, "the note", |body| {
        entries(body, "notes")
            .iter()
            .any(|note| note["text"] == json!(text))
    })?;
    Ok(())
}

/// Goes to a day on the screen `today` or `team`, and waits until its visits are drawn.
pub fn go_to_day(window: &Window, screen: &str, day: &str, visits: usize) -> Result<()> {
    go(window, &format!("#/{screen}/{day}"), screen)?;
    let drawn = if screen == "today" {
        "[data-testid^=\"visit-\"]"
    } else {
        "[data-testid^=\"bar-\"]"
    };
    until(&format!("{visits} visits on {day}"), PATIENCE, || {
        anyhow::ensure!(
            window.attribute("day", "data-day")?.as_deref() == Some(day),
            "another day is shown"
        );
        let seen = count(window, drawn)?;
        anyhow::ensure!(seen == visits, "{seen} visits are shown");
        Ok(Some(()))
    })?;
    Ok(())
}

/// Opens a visit, and waits until it is the one that is shown.
pub fn open_visit(window: &Window, office: &OfficeProcess, id: &str) -> Result<()> {
    let body = office.body(id)?;
    go(window, &format!("#/inspection/{id}"), "inspection")?;
    let (place, number) = (words(&body, "address"), words(&body, "permit_number"));
    until(&format!("the visit {id} at {place}"), PATIENCE, || {
        let heading = texts(window, "main h1")?.join("");
        let facts = texts(window, ".particulars")?.join("");
        anyhow::ensure!(
            heading == place && facts.contains(&number),
            "the window shows {heading}"
        );
        Ok(Some(()))
    })?;
    Ok(())
}

/// The visits of an inspector on a day as the office has them, in order.
pub fn visits(office: &OfficeProcess, person: &str, day: &str) -> Result<Vec<(String, Value)>> {
    let sql = "SELECT r.id, r.body FROM record_key k JOIN record r ON r.n = k.n
               WHERE k.kind = 'appointment' AND k.name = 'assignee_day' AND k.key LIKE ? ORDER BY k.key";
    records(office, sql, &[&format!("{person}|{day}|%")])
}

/// Ids and bodies that a query finds.
pub fn records(office: &OfficeProcess, sql: &str, args: &[&dyn ToSql]) -> Result<Vec<(String, Value)>> {
    let rows = office.rows(sql, args)?;
    rows.iter()
        .map(|row| {
            let (id, body): (String, String) = (read(&row[0])?, read(&row[1])?);
            Ok((id, serde_json::from_str(&body)?))
        })
        .collect()
}

/// The days after today on which an inspector has visits, as the office has them.
pub fn later_days(office: &OfficeProcess, person: &str) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT json_extract(body, '$.day') AS day FROM record
               WHERE kind = 'appointment' AND json_extract(body, '$.assignee') = ? AND day > ? ORDER BY day";
    let rows = office.rows(sql, &[&person, &today()])?;
    rows.iter().map(|row| read(&row[0])).collect()
}

/// A field of a record that holds text; empty where it is missing.
pub fn words(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap_or_default().to_owned()
}

/// A minute of the day, such as `09:30`.
pub fn clock(minute: &Value) -> String {
    let minute = minute.as_u64().unwrap_or_default();
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// The text of everything that a selector finds.
pub fn texts(window: &Window, css: &str) -> Result<Vec<String>> {
    let script = "return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent)";
    strings(&window.script(script, vec![json!(css)])?)
}

/// An attribute of everything that a selector finds.
pub fn attributes(window: &Window, css: &str, name: &str) -> Result<Vec<String>> {
    let script = "return [...document.querySelectorAll(arguments[0])].map((one) => one.getAttribute(arguments[1]) ?? '')";
    strings(&window.script(script, vec![json!(css), json!(name)])?)
}

pub fn strings(list: &Value) -> Result<Vec<String>> {
    let list = list.as_array().context("no list")?;
    Ok(list
        .iter()
        .map(|one| one.as_str().unwrap_or_default().to_owned())
        .collect())
}

/// How much a selector finds.
pub fn count(window: &Window, css: &str) -> Result<usize> {
    Ok(texts(window, css)?.len())
}

/// Waits until what a selector finds says something.
pub fn says(window: &Window, css: &str, wanted: &str) -> Result<()> {
    until(&format!("{css} to say `{wanted}`"), PATIENCE, || {
        let said = texts(window, css)?;
        anyhow::ensure!(said.iter().any(|text| text.contains(wanted)), "it says {said:?}");
        Ok(Some(()))
    })?;
    Ok(())
}

/// Waits until a question is answered with yes; the last other answer is in the message.
pub fn eventually(what: &str, mut ask: impl FnMut() -> Result<()>) -> Result<()> {
    until(what, PATIENCE, || ask().map(Some))?;
    Ok(())
}

/// Waits until the office has a record as wanted.
pub fn office_has(
    office: &OfficeProcess,
    id: &str,
    what: &str,
    holds: impl Fn(&Value) -> bool,
) -> Result<Value> {
    let ask = || {
        let body = office.body(id)?;
        anyhow::ensure!(holds(&body), "the office has {body}");
        Ok(Some(body))
    };
    Ok(until(&format!("the office to have {what}"), PATIENCE, ask)?.0)
}

/// The entries of a list within a record.
pub fn entries<'a>(body: &'a Value, name: &str) -> &'a [Value] {
    body[name].as_array().map_or(&[], Vec::as_slice)
}

/// The keys of a visit's checklist.
pub fn checklist(office: &OfficeProcess, visit: &Value) -> Result<Vec<Value>> {
    Ok(entries(&office.body(&words(visit, "inspection_type"))?, "checklist").to_vec())
}

/// Types into the palette; the records it lists, once it lists what the laptop finds.
pub fn search(window: &Window, text: &str) -> Result<Vec<String>> {
    let found = window.call("search", json!({ "text": text, "limit": 20 }))?;
    let found = found.as_array().context("no list")?;
    let ids: Vec<String> = found.iter().map(|row| words(row, "id")).collect();
    window.press_with_control("k")?;
    window.fill("search", text)?;
    let results = "[data-testid^=\"search-result-\"]";
    eventually(&format!("the results for {text}"), || {
        let listed = attributes(window, results, "data-testid")?;
        let listed: Vec<&str> = listed
            .iter()
            .filter_map(|id| id.strip_prefix("search-result-"))
            .collect();
        anyhow::ensure!(listed == ids, "found are {ids:?}, listed {listed:?}");
        Ok(())
    })?;
    Ok(ids)
}
