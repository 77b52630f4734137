//! `secure_delete` overwrites a row where it lies. The copies that stay behind where rows moved between pages go too.
//! The files here are not enciphered: the pages are the same, and reading them takes no time.

use anyhow::{Result, ensure};
use domain::Body;
use domain::inspections::Appointment;
use policy::views::View;
use policy::{Kind, RecordId};
use rusqlite::Connection;
use std::path::Path;
use store::sqlite::Cache;
use sync::{Cursor, Page, Removed, Row};

const MINUTE: i64 = 60 * 1000;
const RECORDS: usize = 300;

/// What stands in a record and nowhere else.
fn canary(number: usize) -> String {
    blake3::hash(&number.to_le_bytes()).to_hex()[..32].to_owned()
}

fn view(name: &str) -> Result<View> {
    View::try_from(format!("assigned/{name}/building#onsite")).map_err(anyhow::Error::msg)
}

fn id(number: usize) -> Result<RecordId> {
    Ok(RecordId::parse(format!("visit-{number:03}"))?)
}

/// A visit, longer each time it is written: even ones are Ana's, odd ones Bruno's.
fn row(number: usize, turn: usize) -> Result<Row> {
    let body = Body::Appointment(Box::new(Appointment {
        address: format!("Calle {}", canary(number)),
        special_notes: "x".repeat(number * 7919 % 900 + turn * 300),
        ..Default::default()
    }));
    Ok(Row {
        view: u16::from(number % 2 == 1),
        id: id(number)?,
        kind: Kind::Appointment,
        revision: 1 + i64::try_from(turn)?,
        body: serde_json::value::to_raw_value(&body.to_value()?)?,
    })
}

fn page(rows: Vec<Row>, removed: Vec<Removed>) -> Result<Page> {
    Ok(Page {
        epoch: "an epoch".to_owned(),
        views: vec![view("ana")?, view("bruno")?],
        rows,
        removed,
        cursor: Cursor("somewhere".to_owned()),
        complete: false,
        tally: None,
        tallies: Vec::new(),
        at: 0,
    })
}

/// Records of both, in no order, some of them written twice.
fn filled(path: &Path) -> Result<Cache> {
    let mut cache = Cache::on(Connection::open(path)?)?;
    let order = (0..RECORDS).map(|n| n * 37 % RECORDS);
    for (number, turn) in order.flat_map(|number| (0..=number % 2).map(move |turn| (number, turn))) {
        cache.apply(&page(vec![row(number, turn)?], Vec::new())?, &[], |_, _| {
            Vec::new()
        })?;
    }
    Ok(cache)
}

fn found(path: &Path, numbers: impl Iterator<Item = usize>) -> Result<Vec<usize>> {
    let mut bytes = std::fs::read(path)?;
    bytes.extend(std::fs::read(path.with_extension("db-wal"))?);
    let plain = String::from_utf8_lossy(&bytes);
    Ok(numbers
        .filter(|number| plain.contains(&canary(*number)))
        .collect())
}

#[test]
fn x_06_no_copy_of_a_lost_record_stays_where_rows_moved_between_pages() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("cache.db");
    let mut cache = filled(&path)?;
    ensure!(found(&path, 0..RECORDS)?.len() == RECORDS);
    ensure!(
        cache.forget(&[view("bruno")?], None)?.verified,
        "it is not called gone"
    );
    let left = found(&path, (0..RECORDS).filter(|number| number % 2 == 1))?;
    ensure!(left.is_empty(), "bytes of {left:?} are left");
    ensure!(cache.rows()?.len() == RECORDS / 2);
    Ok(())
}

#[test]
fn x_03_copies_of_records_that_left_one_by_one_go_within_ten_minutes() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("cache.db");
    let mut cache = filled(&path)?;
    let mut remove = |numbers: std::ops::Range<usize>| -> Result<()> {
        let removed = numbers.filter(|number| number % 2 == 1).map(|number| {
            Ok(Removed {
                view: 1,
                id: id(number)?,
            })
        });
        let page = page(Vec::new(), removed.collect::<Result<_>>()?)?;
        Ok(cache.apply(&page, &[], |_, _| Vec::new())?)
    };
    remove(0..RECORDS / 2)?;
    remove(RECORDS / 2..RECORDS - 2)?;
    let odd = |to: usize| (0..to).filter(|number| number % 2 == 1);
    ensure!(
        !found(&path, odd(RECORDS))?.is_empty(),
        "no row has moved: this proves nothing"
    );
    let now = 20_000 * 24 * 60 * MINUTE;
    ensure!(cache.clean_where_due(now)?);
    ensure!(
        found(&path, odd(RECORDS))? == [RECORDS - 1],
        "more or less is left than is held"
    );
    // Not again at once, but after a while; a clock set back does not put it off.
    ensure!(
        !cache.clean_where_due(now + 60 * MINUTE)?,
        "there was nothing to clean"
    );
    let last = page(
        Vec::new(),
        vec![Removed {
            view: 1,
            id: id(RECORDS - 1)?,
        }],
    )?;
    cache.apply(&last, &[], |_, _| Vec::new())?;
    ensure!(!cache.clean_where_due(now + 9 * MINUTE)?, "too soon");
    ensure!(cache.clean_where_due(now - 60 * MINUTE)?);
    ensure!(found(&path, odd(RECORDS))?.is_empty());
    Ok(())
}
