//! The files behind the window: unreadable to others, and mended or left alone when they are damaged.

use crate::town::*;
use anyhow::{Context as _, Result, anyhow, bail, ensure};
use bailiwick_tests::office::PASSWORD;
use bailiwick_tests::program;
use bailiwick_tests::wait::until;
use bailiwick_tests::window::{Window, applications};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files_below(&entry.path(), found),
            Ok(kind) if kind.is_file() => found.push(entry.path()),
            _ => {}
        }
    }
}

/// The files that hold one of these texts, of all that the application writes.
fn files_with(profile: &Path, texts: &[String]) -> Result<Vec<String>> {
    let mut files = Vec::new();
    files_below(profile, &mut files);
    for variable in ["XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"] {
        if let Some(folder) = std::env::var_os(variable) {
            files_below(Path::new(&folder), &mut files);
        }
    }
    let mut found = Vec::new();
    for file in files {
        let bytes = std::fs::read(&file).unwrap_or_default();
        for text in texts {
            let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            for wanted in [text.as_bytes(), &utf16] {
                if bytes.windows(wanted.len()).any(|part| part == wanted) {
                    found.push(format!("`{text}` in {}", file.display()));
                }
            }
        }
    }
    Ok(found)
}

#[test]
fn x_07_what_a_laptop_keeps_is_unreadable_to_the_next_person() -> Result<()> {
    let office = office("cipher")?;
    let laptop = Laptop::of("cipher", &office, "ana")?;
    let window = &laptop.window;
    let (id, body) = first_visit(&office)?;
    laptop.offline()?;
    open_visit(window, &office, &id)?;
    window.fill("note-text", "Spare key under the blue pot.")?;
    window.click("add-note")?;
    laptop.waits(1)?;
    let person = laptop.files_of(ANA);
    for file in ["cache.db", "outbox.db"] {
        let parts = read_parts(&person.join(file))?;
        let length: usize = parts.iter().map(Vec::len).sum();
        ensure!(
            length > 8192,
            "{file} holds {length} bytes, so nothing was looked at"
        );
        let header = std::fs::read(person.join(file))?;
        ensure!(
            !header.starts_with(b"SQLite format 3"),
            "{file} is a plain database"
        );
    }
    let kept: Vec<String> = ["address", "permit_number", "contact_name", "contact_phone"]
        .map(|name| words(&body, name))
        .into_iter()
        .chain(["Spare key under the blue pot.".to_owned(), PASSWORD.to_owned()])
        .collect();
    ensure!(
        kept.iter().all(|text| text.len() > 4),
        "there is little to look for: {kept:?}"
    );
    let readable = files_with(&laptop.profile, &kept)?;
    ensure!(readable.is_empty(), "readable on the disk: {readable:?}");

    // Bruno is next at the same laptop; Ana's files stay closed.
    window.click("lock")?;
    window.click("switch-user")?;
    laptop.wire.mend();
    laptop.sign_in("bruno")?;
    let found = search(window, &words(&body, "permit_number"))?;
    ensure!(!found.contains(&id), "Bruno finds Ana's visit");
    window.press("\u{e00c}")?;
    let all = json!({ "kind": "appointment", "index": "day", "from": "", "to": "~", "limit": 20000 });
    let held = window.call("list", all)?;
    ensure!(!held.to_string().contains(&id), "Bruno's list has Ana's visit");
    ensure!(
        window.call("photo", json!({ "hash": "0".repeat(64) }))?.is_null(),
        "a photo came from nowhere"
    );
    let readable = files_with(&laptop.profile, &kept)?;
    ensure!(readable.is_empty(), "readable on the disk: {readable:?}");
    Ok(())
}

/// Damages a database and its journal; gives what is in them now.
fn overwrite(file: &Path) -> Result<Vec<Vec<u8>>> {
    let damage = |file: &Path| {
        let mut bytes = std::fs::read(file)?;
        for byte in bytes.iter_mut().skip(16).step_by(7) {
            *byte ^= 0x5a;
        }
        std::fs::write(file, &bytes)?;
        Ok(bytes)
    };
    parts(file)
        .iter()
        .filter(|part| part.exists())
        .map(|part| damage(part))
        .collect()
}

fn parts(file: &Path) -> [PathBuf; 2] {
    [file.to_owned(), PathBuf::from(format!("{}-wal", file.display()))]
}

fn read_parts(file: &Path) -> Result<Vec<Vec<u8>>> {
    let read = |part: &PathBuf| Ok(std::fs::read(part)?);
    parts(file)
        .iter()
        .filter(|part| part.exists())
        .map(read)
        .collect()
}

#[test]
fn a_damaged_cache_is_fetched_again_and_unsent_work_survives() -> Result<()> {
    let office = office("cache")?;
    let ana = Laptop::of("cache", &office, "ana")?;
    let assigned = visits(&office, ANA, &today())?;
    let id = assigned.first().context("no visit")?.0.clone();
    ana.offline()?;
    open_visit(&ana.window, &office, &id)?;
    ana.window.fill("note-text", "Older than the damage.")?;
    ana.window.click("add-note")?;
    ana.waits(1)?;
    let cache = ana.files_of(ANA).join("cache.db");
    let ana = ana.closed_while(|_| overwrite(&cache).map(drop))?;
    ana.window.wait_for("status-line", true)?;
    ana.waits(1)?;
    let views = ana.window.call("holdings", json!({}))?["views"].clone();
    ensure!(views == json!([]), "the damaged file was read: {views}");
    ana.online()?;
    ana.synced()?;
    go_to_day(&ana.window, "today", &today(), assigned.len())?;
    let body = office_has(&office, &id, "the note", |body| entries(body, "notes").len() == 1)?;
    ensure!(
        body["notes"][0]["text"] == json!("Older than the damage."),
        "the note says {}",
        body["notes"][0]
    );
    Ok(())
}

#[test]
fn a_damaged_outbox_is_left_alone_and_the_window_says_so() -> Result<()> {
    let office = office("outbox")?;
    let ana = Laptop::of("outbox", &office, "ana")?;
    let (id, _) = first_visit(&office)?;
    ana.offline()?;
    open_visit(&ana.window, &office, &id)?;
    ana.window.fill("note-text", "In the damaged file.")?;
    ana.window.click("add-note")?;
    ana.waits(1)?;
    let outbox = ana.files_of(ANA).join("outbox.db");
    let mut damaged = Vec::new();
    let ana = ana.closed_while(|_| {
        damaged = overwrite(&outbox)?;
        Ok(())
    })?;
    ana.window.wait_for_screen("sign-in")?;
    let said = "The file with your unsent work cannot be opened";
    says(&ana.window, "[data-testid=problem]", said)?;
    // Signing in anew does not replace it either.
    ana.wire.mend();
    ana.window.sign_in(&ana.wire.address(), "ana", PASSWORD)?;
    eventually("the sign-in to say so too", || {
        let busy = ana.window.text("sign-in")?;
        let problem = texts(&ana.window, "[data-testid=problem]")?.join("");
        ensure!(busy == "Sign in" && problem.contains(said), "it says {problem}");
        Ok(())
    })?;
    let now = read_parts(&outbox)?;
    let sizes = |parts: &[Vec<u8>]| parts.iter().map(Vec::len).collect::<Vec<_>>();
    let (before, after) = (sizes(&damaged), sizes(&now));
    ensure!(
        now == damaged,
        "the damaged files were touched: {before:?} bytes became {after:?}"
    );
    Ok(())
}

#[test]
fn flt_21_without_a_keyring_nobody_signs_in_and_nothing_is_kept() -> Result<()> {
    let office = office("keyring")?;
    let profile = folder("laptop-keyring")?;
    let nowhere = folder("no-bus")?.join("socket");
    let address = format!("unix:path={}", nowhere.display());
    let window = Window::open_with(&profile, &[("DBUS_SESSION_BUS_ADDRESS", &address)])?;
    window.sign_in(&office.address, "ana", PASSWORD)?;
    says(&window, "[data-testid=problem]", "no working keyring")?;
    ensure!(
        window.screen()?.as_deref() == Some("sign-in"),
        "the window opened without a keyring"
    );
    let mut files = Vec::new();
    files_below(&profile, &mut files);
    let kept: Vec<&PathBuf> = files
        .iter()
        .filter(|file| file.extension().is_some_and(|kind| kind == "db"))
        .collect();
    ensure!(kept.is_empty(), "without a key there are files: {kept:?}");
    let (_, body) = first_visit(&office)?;
    let readable = files_with(&profile, &[PASSWORD.to_owned(), words(&body, "address")])?;
    ensure!(readable.is_empty(), "readable on the disk: {readable:?}");
    Ok(())
}

/// Starts the application as from the menu, and waits for it to end by itself.
fn second_start(profile: &Path, environment: &[(&str, &str)]) -> Result<std::process::ExitStatus> {
    let mut second = Command::new(program("bailiwick")?)
        .env("BAILIWICK_PROFILE", profile)
        .envs(environment.iter().copied())
        .stderr(Stdio::null())
        .spawn()?;
    let ended = until("the second start to end", PATIENCE, || Ok(second.try_wait()?));
    if ended.is_err() {
        second.kill()?;
        second.wait()?;
        bail!("a second window stays open on the same files");
    }
    Ok(ended?.0)
}

/// Whether a process has a thread for a connection to the message bus.
fn speaks_on_the_bus(process: u32) -> bool {
    let threads = std::fs::read_dir(format!("/proc/{process}/task"));
    let mut names = threads
        .into_iter()
        .flatten()
        .flatten()
        .map(|thread| std::fs::read_to_string(thread.path().join("comm")));
    names.any(|name| name.is_ok_and(|name| name.starts_with("zbus")))
}

#[test]
fn a_window_that_hangs_until_it_is_ended_makes_way_for_the_next() -> Result<()> {
    let office = office("hangs")?;
    let ana = Laptop::of("hangs", &office, "ana")?;
    let signal = |signal: &str, process: u32| -> Result<()> {
        let sent = Command::new("kill")
            .args([signal, &process.to_string()])
            .status()?;
        ensure!(sent.success(), "kill {signal} ended with {sent}");
        Ok(())
    };
    let hangs = ana.window.application()?;
    signal("-STOP", hangs)?;
    let next = std::thread::scope(|scope| {
        let opening = scope.spawn(|| Window::open(&ana.profile));
        until("a second start to wait for the first", PATIENCE, || {
            let running = applications(&ana.profile)?;
            let asks = running.iter().filter(|process| **process != hangs);
            Ok(asks.copied().find(|process| speaks_on_the_bus(*process)))
        })?;
        signal("-KILL", hangs)?;
        opening.join().map_err(|_| anyhow!("the opening panicked"))?
    })?;
    next.wait_for("status-line", true)?;
    Ok(())
}

#[test]
fn flt_23_a_second_start_opens_no_second_window_on_the_same_files() -> Result<()> {
    let office = office("twice")?;
    let ana = Laptop::of("twice", &office, "ana")?;
    let only = applications(&ana.profile)?;
    let ended = second_start(&ana.profile, &[])?;
    ensure!(ended.success(), "the second start ended with {ended}");
    // Where the two cannot find each other on the bus, the lock on the folder still holds.
    let nowhere = format!("unix:path={}", folder("no-bus")?.join("socket").display());
    let ended = second_start(&ana.profile, &[("DBUS_SESSION_BUS_ADDRESS", &nowhere)])?;
    ensure!(
        !ended.success(),
        "the second start ended with {ended}, as if all were well"
    );
    ensure!(
        applications(&ana.profile)? == only,
        "{only:?} became {:?}",
        applications(&ana.profile)?
    );
    go(&ana.window, "#/sync", "sync")?;
    ana.says_online(true)
}
