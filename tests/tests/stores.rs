//! Both databases of an office, side by side. They need a PostgreSQL, which `cargo xtask test` starts.

use anyhow::{Context as _, Result, bail, ensure};
use bailiwick_tests::database::{place, rows};
use bailiwick_tests::office::cli_on;
use bailiwick_tests::program;
use domain::CommandId;
use domain::returned::Way;
use policy::{Actor, Millis, OrgId, PersonId};
use rusqlite::types::Value;
use sim::{Rng, Town, command, organization};
use std::path::{Path, PathBuf};
use store::{Database, Fault, Place, Submission, rights_of, submit, write};
use sync::{Answered, Envelope};

const BEGUN: Millis = 1_764_000_000_000;

/// Every table, in an order that does not depend on the database.
const TABLES: &[(&str, &str)] = &[
    (
        "org",
        "SELECT id, name, zone, seq, incarnation, policy_version, secret FROM org ORDER BY id",
    ),
    ("account", "SELECT * FROM account ORDER BY org, person"),
    ("device", "SELECT * FROM device ORDER BY org, id"),
    (
        "record",
        "SELECT org, id, kind, revision, body FROM record ORDER BY org, id",
    ),
    (
        "record_key",
        "SELECT k.org, k.kind, k.name, k.key, r.id FROM record_key k JOIN record r ON r.n = k.n
         ORDER BY k.org, k.kind, k.name, k.key, r.id",
    ),
    (
        "view",
        "SELECT org, name, seq, count, sum FROM view ORDER BY org, name",
    ),
    (
        "entry",
        "SELECT v.org, v.name, r.id, e.seq, e.present, e.hash FROM entry e
         JOIN view v ON v.id = e.view JOIN record r ON r.n = e.n ORDER BY v.org, v.name, r.id",
    ),
    ("command", "SELECT * FROM command ORDER BY org, id"),
    (
        "ledger",
        "SELECT * FROM ledger ORDER BY org, device, view, from_at",
    ),
    ("photo", "SELECT * FROM photo ORDER BY org, hash"),
    (
        "photo_sent",
        "SELECT * FROM photo_sent ORDER BY org, hash, record",
    ),
    (
        "sign_in",
        "SELECT org, at, username, outcome FROM sign_in ORDER BY org, at, username, outcome",
    ),
];

fn postgres(folder: &Path) -> Result<Place> {
    match place(folder)? {
        Place::Sqlite(_) => bail!("no PostgreSQL: run these through `cargo xtask test --only stories`"),
        postgres => Ok(postgres),
    }
}

/// Everything in a database, table by table.
fn whole(place: &Place) -> Result<Vec<Vec<Vec<Value>>>> {
    TABLES.iter().map(|(_, sql)| rows(place, sql, &[])).collect()
}

/// Both hold the same; otherwise the first table and row that differ.
fn are_the_same(one: &Place, other: &Place) -> Result<usize> {
    let mut count = 0;
    for ((table, _), (left, right)) in TABLES.iter().zip(whole(one)?.into_iter().zip(whole(other)?)) {
        ensure!(
            left.len() == right.len(),
            "{table}: {} and {} rows",
            left.len(),
            right.len()
        );
        for (left, right) in left.iter().zip(&right) {
            ensure!(left == right, "{table}: {left:?} and {right:?}");
        }
        count += left.len();
    }
    Ok(count)
}

fn small_town(place: &Place) -> Result<Database> {
    let org = OrgId::parse("main")?;
    let mut db = Database::open(place, &org)?;
    db.ensure_org(&organization(org, "Small town"))?;
    for record in Town::records()? {
        db.write(async |tx| write(tx, &domain::Effect::puts(vec![record])).await)?;
    }
    Ok(db)
}

/// Gives some commands in one transaction, each by somebody and at a time.
fn give(db: &mut Database, batch: &[(PersonId, Millis, Envelope)]) -> Result<Vec<Answered>> {
    let (answers, _) = db.write(async |tx| {
        let mut answers = Vec::new();
        for (person, at, envelope) in batch {
            let actor = Actor::new(rights_of(tx, person, *at).await?);
            let submission = Submission {
                actor: &actor,
                device: "laptop",
                way: Way::Pushed,
                at: *at,
            };
            answers.push(submit(tx, submission, envelope).await?);
        }
        Ok::<_, Fault>(answers)
    })?;
    Ok(answers)
}

#[test]
fn x_02_the_same_commands_give_the_same_records_on_both_databases() -> Result<()> {
    for seed in 1..=6 {
        let folder = tempfile::tempdir()?;
        let (embedded, server) = (
            Place::Sqlite(folder.path().join("office.db")),
            postgres(folder.path())?,
        );
        let (mut left, mut right) = (small_town(&embedded)?, small_town(&server)?);
        let mut rng = Rng::new(seed);
        let mut taken = 0;
        for step in 0..60 {
            let mut batch = Vec::new();
            for part in 0..=rng.below(6) {
                let number = step * 10 + part;
                let at = BEGUN + 60_000 * i64::try_from(number)?;
                let person = PersonId::parse(["ana", "bruno", "marta", "carla"][rng.below(4)])?;
                let envelope = Envelope {
                    // Now and then a number comes again, with the same change or another.
                    id: CommandId::from_random((number - rng.below(20) / 19 * number.min(7)) as u128),
                    claimed_at: at,
                    after: Vec::new(),
                    command: command(&mut rng, number)?,
                };
                batch.push((person, at, envelope));
            }
            let (here, there) = (give(&mut left, &batch)?, give(&mut right, &batch)?);
            ensure!(here == there, "seed {seed}, step {step}: {here:?} and {there:?}");
            taken += here
                .iter()
                .filter(|one| one.answer == sync::Answer::Taken)
                .count();
        }
        ensure!(taken > 30, "seed {seed}: only {taken} commands were taken");
        drop((left, right));
        are_the_same(&embedded, &server).with_context(|| format!("seed {seed}"))?;
    }
    Ok(())
}

fn done(place: &Place, folder: &Path, args: &[&str]) -> Result<String> {
    let output = cli_on(place, folder, args)?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "{args:?}: {said}");
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn chicago() -> Result<PathBuf> {
    let shared = std::env::var_os("BAILIWICK_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| bailiwick_tests::root().join("../shared"));
    Ok(shared.join("data/chicago/inspections.csv.gz"))
}

#[test]
fn a_city_moved_to_postgresql_and_back_is_the_same_to_the_byte() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = |name: &str| Place::Sqlite(folder.path().join(name));
    let (first, back) = (file("first.db"), file("back.db"));
    let server = postgres(folder.path())?;
    let city = chicago()?;
    let city = city.to_string_lossy();
    let mapping = "docs/mappings/chicago-inspections.toml";
    done(
        &first,
        folder.path(),
        &["import", "inspections", &city, "--mapping", mapping],
    )?;
    let flag = bailiwick_tests::database::flag;
    done(&first, folder.path(), &["move", "--to", &flag(&server)])?;
    let carried = are_the_same(&first, &server)?;
    ensure!(carried > 100_000, "only {carried} rows");
    done(&server, folder.path(), &["move", "--to", &flag(&back)])?;
    are_the_same(&first, &back)?;
    // A backup of the server's is an embedded database as well, and comes back in another life.
    let copy = folder.path().join("copy.db");
    done(&server, folder.path(), &["backup", &copy.to_string_lossy()])?;
    are_the_same(&server, &file("copy.db"))?;
    done(&server, folder.path(), &["restore", &copy.to_string_lossy()])?;
    let life = |place: &Place| rows(place, "SELECT incarnation FROM org", &[]);
    let records = |place: &Place| rows(place, TABLES[3].1, &[]);
    ensure!(
        life(&server)? != life(&first)?,
        "a restored office is in the same life"
    );
    ensure!(records(&server)? == records(&first)?);
    Ok(())
}

#[test]
fn a_move_onto_another_office_or_out_of_one_in_use_changes_nothing() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let embedded = Place::Sqlite(folder.path().join("office.db"));
    let server = postgres(folder.path())?;
    let (here, there) = (small_town(&embedded)?, small_town(&server)?);
    let before = whole(&server)?;
    // Both are open: neither may be carried away.
    for (from, to) in [(&embedded, &server), (&server, &embedded)] {
        let to = bailiwick_tests::database::flag(to);
        let output = cli_on(from, folder.path(), &["move", "--to", &to])?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.code() == Some(1), "{output:?}");
        ensure!(said.contains("in use"), "{said}");
    }
    drop((here, there));
    for (from, to) in [(&embedded, &server), (&server, &embedded)] {
        let to = bailiwick_tests::database::flag(to);
        let output = cli_on(from, folder.path(), &["move", "--to", &to])?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.code() == Some(1), "{output:?}");
        ensure!(said.contains("already"), "{said}");
    }
    ensure!(whole(&server)? == before);
    let nowhere = Place::Sqlite(folder.path().join("nowhere.db"));
    let output = cli_on(
        &nowhere,
        folder.path(),
        &["move", "--to", "postgres://nobody@127.0.0.1:9/none"],
    )?;
    ensure!(output.status.code() == Some(1) && !folder.path().join("nowhere.db").exists());
    let output = cli_on(&embedded, folder.path(), &["move", "--to", "mysql://x"])?;
    ensure!(output.status.code() == Some(2), "{output:?}");
    Ok(())
}

#[test]
fn rel_5_and_flt_3_and_flt_4_laptops_and_servers_killed_lose_nothing() -> Result<()> {
    // A thousand kills each are `cargo xtask torture`; these show that it still strikes, and what it sees.
    let folder = tempfile::tempdir()?;
    let report = folder.path().join("report.json");
    let mut torture = std::process::Command::new(program("bailiwick-torture")?);
    torture.args([
        "--kills", "12", "--only", "laptop", "--only", "server", "--report",
    ]);
    torture.arg(&report);
    let server = std::env::var("BAILIWICK_TEST_POSTGRES").context("no PostgreSQL")?;
    let output = torture.env("BAILIWICK_TORTURE_POSTGRES", server).output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let rows: serde_json::Value = serde_json::from_slice(&std::fs::read(&report)?)?;
    let rows = rows.as_array().context("an array")?;
    ensure!(
        rows.len() == 4 && rows.iter().all(|row| row["runs"] == 12),
        "{rows:?}"
    );
    Ok(())
}
