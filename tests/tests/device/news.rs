//! What changed since somebody last looked at it: noted as it arrives, gone once looked at, forgotten with the record.

use crate::doing;
use crate::laptop::{Laptop, id};
use anyhow::{Context as _, Result, ensure};
use domain::Body;
use domain::inspections::{Appointment, News, Priority};
use policy::RecordId;
use std::collections::BTreeSet;

/// What is news on this laptop, by visit.
fn news(laptop: &mut Laptop) -> Result<Vec<(String, Vec<News>)>> {
    let rows = laptop.device()?.news()?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id, row.news.into_iter().collect()))
        .collect())
}

fn is_news(laptop: &mut Laptop, expected: &[(&str, &[News])]) -> Result<()> {
    let found = news(laptop)?;
    let expected: Vec<(String, Vec<News>)> = expected
        .iter()
        .map(|(visit, news)| ((*visit).to_owned(), news.to_vec()))
        .collect();
    ensure!(found == expected, "news are {found:?} and not {expected:?}");
    Ok(())
}

fn change(laptop: &mut Laptop, visit: &str, change: impl FnOnce(&mut Appointment)) -> Result<()> {
    laptop.office_has(visit, |body| {
        if let Body::Appointment(visit) = body {
            change(visit);
        }
    })
}

/// A laptop that has everything, and everything in it seen.
fn laptop(person: &str) -> Result<Laptop> {
    let mut laptop = Laptop::of(person)?;
    laptop.syncs()?;
    is_news(&mut laptop, &[])?;
    Ok(laptop)
}

fn looked_at(laptop: &mut Laptop, visit: &str) -> Result<bool> {
    let ids: Vec<RecordId> = vec![id(visit)];
    Ok(laptop.device()?.looked_at(&ids)?)
}

#[test]
fn what_others_change_is_news_until_it_is_looked_at() -> Result<()> {
    let mut laptop = laptop("ana")?;
    change(&mut laptop, "visit-00", |visit| visit.from_minute = Some(600))?;
    laptop.syncs()?;
    change(&mut laptop, "visit-00", |visit| visit.priority = Priority::Urgent)?;
    change(&mut laptop, "visit-02", |visit| {
        visit.special_notes = "Dog.".to_owned()
    })?;
    laptop.syncs()?;
    let both = [News::Time, News::Priority];
    is_news(
        &mut laptop,
        &[("visit-02", &[News::Instructions]), ("visit-00", &both)],
    )?;
    // It stays while the laptop is shut, and each row tells it.
    laptop.shuts();
    laptop.opens()?;
    let sheet = laptop.device()?.sheet(0, &id("visit-00"))?.context("no visit")?;
    ensure!(sheet.row.news == BTreeSet::from(both), "{:?}", sheet.row.news);
    ensure!(looked_at(&mut laptop, "visit-00")?, "there was news of it");
    is_news(&mut laptop, &[("visit-02", &[News::Instructions])])?;
    ensure!(!looked_at(&mut laptop, "visit-00")?, "there is none any more");
    laptop.shuts();
    laptop.opens()?;
    laptop.syncs()?;
    is_news(&mut laptop, &[("visit-02", &[News::Instructions])])
}

#[test]
fn what_one_is_given_is_new_and_what_is_taken_away_leaves_no_trace() -> Result<()> {
    let mut laptop = laptop("ana")?;
    laptop.office_does(doing::reassign_over("visit-01", "ana", "bruno"))?;
    laptop.syncs()?;
    is_news(&mut laptop, &[("visit-01", &[News::New])])?;
    laptop.office_does(doing::reassign_over("visit-01", "bruno", "ana"))?;
    laptop.syncs()?;
    is_news(&mut laptop, &[])
}

#[test]
fn ones_own_work_is_no_news_whether_it_waits_was_taken_or_was_done_elsewhere() -> Result<()> {
    let mut laptop = laptop("ana")?;
    laptop.takes(doing::start("visit-00"))?;
    laptop.takes(doing::note("visit-00", "n-1", "Nobody opens."))?;
    is_news(&mut laptop, &[])?;
    // Somebody else changes something else before it arrives: that alone is news.
    laptop.office_does(doing::note("visit-00", "n-9", "The owner called."))?;
    laptop.syncs()?;
    is_news(&mut laptop, &[("visit-00", &[News::Note])])?;
    looked_at(&mut laptop, "visit-00")?;

    // On another laptop of hers.
    change(&mut laptop, "visit-02", |visit| {
        let event = serde_json::json!({ "what": "add_note", "by": "Ana Ruiz", "at": 1, "claimed_at": 1 });
        visit
            .history
            .push(serde_json::from_value(event).expect("an event"));
        let note = serde_json::json!({ "id": "n-2", "by": "Ana Ruiz", "at": 1, "text": "From home." });
        visit.notes.push(serde_json::from_value(note).expect("a note"));
    })?;
    laptop.syncs()?;
    is_news(&mut laptop, &[])
}

#[test]
fn what_came_back_refused_is_not_called_somebody_elses_change() -> Result<()> {
    let mut laptop = laptop("ana")?;
    laptop.takes(doing::start("visit-08"))?;
    // Before it arrives the office calls the visit off.
    change(&mut laptop, "visit-08", |visit| {
        visit.status = domain::inspections::Status::Cancelled;
    })?;
    laptop.syncs()?;
    ensure!(
        laptop.device()?.returned()?.len() == 1,
        "the start was not returned"
    );
    is_news(&mut laptop, &[("visit-08", &[News::Cancelled])])
}

/// A new role brings many records; none of them changed since anybody looked.
#[test]
fn a_first_sync_and_a_new_view_note_nothing() -> Result<()> {
    let mut laptop = laptop("ana")?;
    let calendar = doing::calendar("fire");
    laptop.office_does(doing::grant("g-new", "ana", "manager", calendar))?;
    laptop.syncs()?;
    ensure!(
        laptop.device()?.sheet(0, &id("visit-03"))?.is_some(),
        "the new role brought nothing"
    );
    is_news(&mut laptop, &[])?;
    change(&mut laptop, "visit-03", |visit| visit.priority = Priority::Urgent)?;
    laptop.syncs()?;
    is_news(&mut laptop, &[("visit-03", &[News::Priority])])
}

#[test]
fn x_06_news_of_what_a_withdrawn_role_showed_is_forgotten_with_it() -> Result<()> {
    let mut laptop = laptop("ana")?;
    change(&mut laptop, "visit-00", |visit| visit.priority = Priority::Urgent)?;
    laptop.syncs()?;
    ensure!(news(&mut laptop)?.len() == 1);
    laptop.office_does(doing::withdraw("grant-ana"))?;
    laptop.syncs()?;
    is_news(&mut laptop, &[])?;
    let receipts = laptop.device()?.receipts()?;
    ensure!(
        receipts.iter().any(|(receipt, _)| receipt.verified),
        "the removal was not verified"
    );
    laptop.shuts();
    let db = crate::files::through_sql(&laptop.cache())?;
    let left: i64 = db.query_row("SELECT count(*) FROM news", [], |row| row.get(0))?;
    ensure!(left == 0, "{left} lines are left in the file");
    Ok(())
}

/// What makes a cache of today one of the version that had pictures and no news, and its own index of a record's keys.
const BACK_TO_PICTURES: &str = concat!(
    "DROP TABLE news; ALTER TABLE view DROP COLUMN whole; CREATE INDEX record_key_of ON record_key (n); DROP TABLE words;",
    include_str!("../../../migrations/device/0001_cache_words.sql"),
    "INSERT INTO words (rowid, text) SELECT n, text FROM record WHERE text <> '';
     ALTER TABLE record DROP COLUMN keys; ALTER TABLE record DROP COLUMN text; PRAGMA user_version = 2;"
);

/// What everything is found by: index, key, record and words.
fn found_by(laptop: &mut Laptop) -> Result<Vec<String>> {
    laptop.shuts();
    let db = crate::files::through_sql(&laptop.cache())?;
    let sql = "SELECT k.kind || k.name || k.key || r.id || r.keys || r.text FROM record_key k JOIN record r ON r.n = k.n
               ORDER BY 1";
    let rows: Vec<String> = db
        .prepare(sql)?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    db.execute_batch("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
        .context("the index of words does not agree with the records")?;
    drop(db);
    laptop.opens()?;
    Ok(rows)
}

/// A cache of a version without news goes on, and begins to note from its first whole exchange on.
#[test]
fn flt_15_a_cache_of_an_older_version_begins_to_note() -> Result<()> {
    let mut laptop = laptop("ana")?;
    let before = found_by(&mut laptop)?;
    ensure!(!before.is_empty(), "nothing is held");
    laptop.shuts();
    let db = crate::files::through_sql(&laptop.cache())?;
    db.execute_batch(BACK_TO_PICTURES)?;
    drop(db);
    laptop.opens()?;
    ensure!(found_by(&mut laptop)? == before, "it is found by something else");
    change(&mut laptop, "visit-00", |visit| visit.priority = Priority::Urgent)?;
    laptop.syncs()?;
    is_news(&mut laptop, &[])?;
    change(&mut laptop, "visit-00", |visit| {
        visit.priority = Priority::Emergency
    })?;
    laptop.syncs()?;
    is_news(&mut laptop, &[("visit-00", &[News::Priority])])
}
