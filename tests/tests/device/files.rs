//! The two files of a person: closed to others, honest about damage, and left alone where they are newer.

use crate::doing;
use crate::laptop::{KEY, Laptop};
use anyhow::{Context as _, Result, ensure};
use device::Device;
use policy::Rights;
use rusqlite::Connection;
use std::path::Path;
use store::Fault;
use store::sqlite::{Cache, FileKey, Outbox};
use torture::cipher::{contains, opened, raw};

/// The file through SQL, with its key, as nobody but a test should.
pub fn through_sql(path: &Path) -> Result<Connection> {
    let db = Connection::open(path)?;
    let hex: String = KEY.0.iter().map(|byte| format!("{byte:02x}")).collect();
    db.pragma_update(None, "key", format!("x'{hex}'"))?;
    Ok(db)
}

/// Every text of every table.
pub fn texts(path: &Path) -> Result<String> {
    let db = through_sql(path)?;
    let mut all = String::new();
    let tables: Vec<String> = db
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for table in tables {
        let mut find = db.prepare(&format!("SELECT * FROM \"{table}\""))?;
        let columns = find.column_count();
        let mut rows = find.query([])?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                let value = row.get_ref(column)?;
                if let Ok(bytes) = value.as_bytes() {
                    all.push_str(&String::from_utf8_lossy(bytes));
                    all.push('\n');
                }
            }
        }
    }
    Ok(all)
}

#[test]
fn x_07_and_att_26_the_files_on_the_disk_say_nothing_without_their_key() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    laptop.takes(doing::note("visit-00", "n-1", "rarewordinanote"))?;
    let words = [
        "rarewordinanote",
        "Calle Larga",
        "B-2026-0000",
        "Tomás Vidal",
        "inspections.inspector",
        "CREATE TABLE",
        "SQLite format 3",
    ];
    for closed in [false, true] {
        if closed {
            laptop.shuts();
        }
        let bytes = raw(laptop.folder.path())?;
        for word in words {
            ensure!(!contains(&bytes, word), "`{word}` can be read on the disk");
        }
    }
    // The test would prove nothing if the words were not there for whoever has the key.
    let held = [
        opened(&laptop.cache(), &KEY.0)?,
        opened(&laptop.outbox(), &KEY.0)?,
    ]
    .concat();
    for word in &words[..6] {
        ensure!(contains(&held, word), "`{word}` is not there at all");
    }
    Ok(())
}

#[test]
fn x_07_and_att_26_another_persons_key_opens_nothing() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    laptop.takes(doing::note("visit-00", "n-1", "Mine"))?;
    laptop.shuts();
    let before = raw(laptop.folder.path())?;
    for wrong in [FileKey([0; 32]), FileKey([0x5d; 32])] {
        ensure!(matches!(
            Cache::open(Some(&laptop.cache()), &wrong),
            Err(Fault::Damaged)
        ));
        ensure!(matches!(
            Outbox::open(Some(&laptop.outbox()), &wrong),
            Err(Fault::Damaged)
        ));
    }
    ensure!(raw(laptop.folder.path())? == before, "trying changed the files");
    laptop.opens()?;
    ensure!(laptop.device()?.waiting()?.len() == 1);
    Ok(())
}

#[test]
fn flt_20_a_damaged_cache_is_called_damaged_and_the_outbox_is_whole() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    laptop.takes(doing::note("visit-00", "n-1", "Not sent yet"))?;
    laptop.shuts();
    let whole = std::fs::read(laptop.cache())?;
    let outbox = std::fs::read(laptop.outbox())?;
    let mut damages: Vec<(String, Vec<u8>)> = vec![
        ("no salt".to_owned(), [vec![0; 16], whole[16..].to_vec()].concat()),
        ("cut to a page".to_owned(), whole[..4096].to_vec()),
        (
            "cut within a page".to_owned(),
            whole[..whole.len() - 1000].to_vec(),
        ),
        ("cut to nothing much".to_owned(), whole[..100].to_vec()),
        ("another file".to_owned(), b"Once upon a time".repeat(1000)),
    ];
    for page in 0..whole.len() / 4096 {
        let mut bytes = whole.clone();
        bytes[page * 4096 + 1234] ^= 0x10;
        damages.push((format!("a bit of page {page}"), bytes));
    }
    let (mut noticed, mut fine) = (0, 0);
    for (what, bytes) in damages {
        std::fs::write(laptop.cache(), bytes)?;
        // Reads everything: a page nobody needs may be damaged unnoticed.
        let read = || -> std::result::Result<(), Fault> {
            let cache = Cache::open(Some(&laptop.cache()), &KEY)?;
            cache.rows()?;
            cache.search("Calle", 100)?;
            let outbox = Outbox::open(None, &KEY)?;
            let rights = Rights::nothing(laptop.caller.person.clone(), "Ana", "UTC");
            Device::open(cache, outbox, rights)?.holdings().map(drop)
        };
        match read() {
            Err(Fault::Damaged) => noticed += 1,
            Ok(()) if what.starts_with("a bit") => fine += 1,
            other => anyhow::bail!("{what}: {other:?}"),
        }
        for suffix in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(laptop.folder.path().join(format!("cache.db{suffix}")));
        }
    }
    ensure!(noticed > 12 && noticed > fine, "{noticed} noticed, {fine} not");
    ensure!(
        std::fs::read(laptop.outbox())? == outbox,
        "the outbox was touched"
    );
    // The cache is disposable: without it, the work is still there, and the records come back.
    std::fs::remove_file(laptop.cache())?;
    laptop.opens()?;
    ensure!(laptop.device()?.waiting()?.len() == 1);
    laptop.syncs()?;
    ensure!(laptop.device()?.waiting()?.is_empty() && laptop.device()?.returned()?.is_empty());
    ensure!(
        laptop
            .device()?
            .sheet(0, &crate::laptop::id("visit-00"))?
            .is_some()
    );
    Ok(())
}

#[test]
fn flt_20_an_empty_cache_file_is_filled_again() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    let before = laptop.device()?.held_rows()?;
    laptop.shuts();
    std::fs::write(laptop.cache(), b"")?;
    laptop.opens()?;
    ensure!(laptop.device()?.held_rows()?.is_empty());
    laptop.syncs()?;
    ensure!(laptop.device()?.held_rows()? == before);
    Ok(())
}

#[test]
fn flt_15_and_flt_26_files_of_a_newer_version_are_left_as_they_are() -> Result<()> {
    for journal in ["wal", "delete"] {
        let mut laptop = Laptop::of("ana")?;
        laptop.syncs()?;
        laptop.takes(doing::note("visit-00", "n-1", "Waits for the newer version"))?;
        laptop.shuts();
        for path in [laptop.cache(), laptop.outbox()] {
            let db = through_sql(&path)?;
            db.pragma_update(None, "user_version", 99)?;
            db.query_row(&format!("PRAGMA journal_mode = {journal}"), [], |_| Ok(()))?;
        }
        let before = raw(laptop.folder.path())?;
        let newer = |fault: Option<Fault>| matches!(fault, Some(Fault::Newer { found: 99, .. }));
        ensure!(
            newer(Cache::open(Some(&laptop.cache()), &KEY).err()),
            "the cache was opened"
        );
        ensure!(
            newer(Outbox::open(Some(&laptop.outbox()), &KEY).err()),
            "the outbox was opened"
        );
        ensure!(
            raw(laptop.folder.path())? == before,
            "journal {journal}: a file was touched"
        );
        ensure!(texts(&laptop.outbox())?.contains("Waits for the newer version"));
    }
    Ok(())
}

#[test]
fn sec_4_opening_a_file_writes_no_log_beside_it() -> Result<()> {
    let laptop = Laptop::of("ana")?;
    let wrong = Cache::open(Some(&laptop.outbox()), &FileKey([9; 32]));
    ensure!(wrong.is_err());
    let folder = std::env::current_dir()?;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let written = entry
            .metadata()?
            .modified()?
            .elapsed()
            .unwrap_or_default()
            .as_secs()
            < 2;
        ensure!(
            !(written && entry.file_type()?.is_file()),
            "{:?} was written to",
            entry.file_name()
        );
    }
    Ok(())
}

#[test]
fn rel_10_a_row_the_engine_lost_is_fetched_again_at_the_next_exchange() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    let whole = laptop.device()?.held_rows()?;
    laptop.shuts();
    // A row gone, and the tally with it, as a fault of the engine would leave them.
    let db = through_sql(&laptop.cache())?;
    db.execute(
        "UPDATE view SET count = count - 1, sum = randomblob(16) WHERE name LIKE 'assigned/%'",
        [],
    )?;
    db.execute(
        "DELETE FROM view_row WHERE n = (SELECT n FROM record WHERE id = 'visit-00')",
        [],
    )?;
    drop(db);
    laptop.opens()?;
    ensure!(laptop.device()?.held_rows()? != whole);
    laptop.asked.clear();
    laptop.syncs()?;
    ensure!(laptop.device()?.held_rows()? == whole, "it was not healed");
    let clock = laptop.clock();
    ensure!(laptop.device()?.holdings()?.checked == Some(clock));
    ensure!(
        laptop.asked.iter().filter(|asked| **asked == "control").count() == 2,
        "{:?}",
        laptop.asked
    );
    Ok(())
}

#[test]
fn a_text_changed_behind_the_engines_back_is_not_noticed() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    laptop.shuts();
    let db = through_sql(&laptop.cache())?;
    let changed = db.execute(
        "UPDATE view_row SET body = replace(body, 'Calle Larga 0', 'Calle Corta 0')",
        [],
    )?;
    ensure!(changed > 0);
    drop(db);
    laptop.opens()?;
    laptop.syncs()?;
    // What is wrong today: the tally is kept up as rows come and go and never counted again, so it proves what was
    // received and not what is read. It takes the key to do this; it should still be counted again now and then.
    let held = laptop.device()?.held_rows()?;
    ensure!(
        held.values()
            .any(|body| body.to_string().contains("Calle Corta 0")),
        "mended: say so here"
    );
    Ok(())
}

#[test]
fn rel_10_a_tally_that_never_agrees_ends_the_exchange_all_the_same() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    let clock = laptop.clock();
    laptop.at += 60_000;
    laptop.device()?.begin_exchange();
    // An office whose tally is wrong for good.
    for _ in 0..40 {
        let Some(request) = laptop.device()?.next_request()? else {
            ensure!(
                laptop.device()?.holdings()?.checked == Some(clock),
                "it was called checked"
            );
            ensure!(laptop.device()?.held_rows()?.len() > 10, "the records are gone");
            return Ok(());
        };
        let mut reply = laptop.answer(&request)?;
        if let device::Reply::Pull(sync::PullReply::Page(page)) = &mut reply {
            let wrong = |tally: &mut sync::Tally| tally.sum = sync::Sum(tally.sum.0.wrapping_add(1));
            page.tally.as_mut().map(wrong);
            page.tallies.iter_mut().for_each(|(_, tally)| wrong(tally));
        }
        let now = laptop.clock();
        laptop.device()?.settle(now, &request, reply).context("settle")?;
    }
    anyhow::bail!("the exchange does not end: {:?}", laptop.asked)
}
