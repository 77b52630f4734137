//! What is lost is gone: from the tables, the keys, the full text, the photos, the journal and the free pages.

use crate::doing;
use crate::files::texts;
use crate::laptop::{KEY, Laptop, id};
use anyhow::{Result, ensure};
use device::Photo;
use domain::Body;
use policy::Code;
use torture::cipher::{contains, opened};

/// A word that stands nowhere else.
const RARE: &str = "f3b19c0a7e5d4428";
const RARE_PHOTO: &str = "photo-4f1e9a77c0d2";

/// Fills what ana sees of one visit and its permit with a rare word, and gives her laptop a photo of it.
fn prepared() -> Result<Laptop> {
    let mut laptop = Laptop::of("ana")?;
    laptop.office_has("visit-00", |body| {
        if let Body::Appointment(visit) = body {
            visit.address = format!("Street {RARE}");
            visit.special_notes = format!("Beware {RARE}");
            visit.contact_name = format!("Contact {RARE}");
            visit.photos = serde_json::from_value(serde_json::json!([{
                "hash": "e".repeat(64), "media_type": "image/png", "bytes": 3, "by": "x", "at": 1, "caption": RARE,
            }])).expect("a photo");
        }
    })?;
    laptop.office_has("permit-00", |body| {
        if let Body::Permit(permit) = body {
            permit.description = format!("Works {RARE}");
        }
    })?;
    laptop.syncs()?;
    let bytes = format!("{RARE_PHOTO} {}", "x".repeat(20_000)).into_bytes();
    laptop.device()?.keep_photo(
        &"e".repeat(64),
        &Photo {
            media_type: "image/png".to_owned(),
            bytes,
        },
    )?;
    let small = format!("{RARE_PHOTO} {}", "y".repeat(9_000)).into_bytes();
    laptop.device()?.keep_thumbnail(&"e".repeat(64), &small)?;
    Ok(laptop)
}

/// The word stands in the tables, and in the pages as they lie on the disk.
fn stands(laptop: &Laptop) -> Result<(bool, bool)> {
    let tables = texts(&laptop.cache())?;
    let pages = opened(&laptop.cache(), &KEY.0)?;
    // The full-text index shares the beginnings of words, so the end of the word is looked for.
    let end = &RARE[4..];
    let photo = contains(&pages, RARE_PHOTO) || tables.contains(RARE_PHOTO);
    Ok((tables.contains(end) || photo, contains(&pages, end) || photo))
}

fn is_gone(laptop: &mut Laptop) -> Result<()> {
    ensure!(
        laptop.device()?.search(RARE, 10)?.is_empty(),
        "the search still finds it"
    );
    ensure!(
        laptop.device()?.sheet(0, &id("visit-00"))?.is_none(),
        "the visit can be opened"
    );
    ensure!(
        laptop.device()?.photo(&"e".repeat(64))?.is_none()
            && laptop.device()?.thumbnail(&"e".repeat(64))?.is_none(),
        "the photo can be opened"
    );
    // What was on its way while it was forgotten is not kept either.
    let late = Photo {
        media_type: "image/png".to_owned(),
        bytes: RARE_PHOTO.as_bytes().to_vec(),
    };
    laptop.device()?.keep_photo(&"e".repeat(64), &late)?;
    laptop.device()?.keep_thumbnail(&"e".repeat(64), &late.bytes)?;
    ensure!(
        stands(laptop)? == (false, false),
        "while open: in tables and pages {:?}",
        stands(laptop)?
    );
    laptop.shuts();
    ensure!(
        stands(laptop)? == (false, false),
        "when shut: in tables and pages {:?}",
        stands(laptop)?
    );
    laptop.opens()
}

#[test]
fn x_06_and_flt_17_a_withdrawn_grant_leaves_nothing_on_the_disk() -> Result<()> {
    let mut laptop = prepared()?;
    ensure!(
        stands(&laptop)? == (true, true),
        "the word is not there to be forgotten"
    );
    ensure!(
        laptop.device()?.search(RARE, 10)?.len() == 2
            && laptop.device()?.photo(&"e".repeat(64))?.is_some()
            && laptop.device()?.thumbnail(&"e".repeat(64))?.is_some()
    );
    let queued = laptop.takes(doing::note(
        "visit-00",
        "n-1",
        "Typed while the grant was withdrawn",
    ))?;
    laptop.office_does(doing::withdraw("grant-ana"))?;
    laptop.at += 1000;
    laptop.syncs()?;
    is_gone(&mut laptop)?;
    // The work comes back to its author, whole and with a reason.
    let returned = laptop.device()?.returned()?;
    ensure!(returned.len() == 1 && returned[0].id == queued.as_str());
    ensure!(
        returned[0].input["text"] == "Typed while the grant was withdrawn"
            && returned[0].input["note"] == "n-1"
    );
    ensure!(
        returned[0]
            .denial
            .as_ref()
            .is_some_and(|denial| denial.code == Code::NotFound && denial.sentence.len() > 20)
    );
    // The removal was proved, said to the person, and is in the office's ledger.
    let receipts = laptop.device()?.receipts()?;
    ensure!(
        receipts.len() == 1 && receipts[0].0.verified && receipts[0].0.records >= 12,
        "{receipts:?}"
    );
    ensure!(
        receipts[0]
            .0
            .titles
            .iter()
            .any(|title| title.contains("Building inspections")),
        "{receipts:?}"
    );
    let ledger = laptop.folder.path().join("office-copy.db");
    laptop.office.backup(&ledger)?;
    let (until, acknowledged): (i64, i64) = rusqlite::Connection::open(&ledger)?.query_row(
        "SELECT until_at, acknowledged_at FROM ledger WHERE device = 'laptop-of-ana' AND view = 'assigned/ana/building#onsite'",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    ensure!(
        until == laptop.at && acknowledged == laptop.at,
        "{until} {acknowledged}"
    );
    let open: i64 = rusqlite::Connection::open(&ledger)?.query_row(
        "SELECT count(*) FROM ledger WHERE device = 'laptop-of-ana' AND view NOT LIKE 'assigned/%' AND until_at IS NULL",
        [],
        |row| row.get(0),
    )?;
    ensure!(
        open == 2,
        "{open} views are held: the public offer and the own profile"
    );
    Ok(())
}

#[test]
fn x_03_and_sec_4_a_visit_given_to_somebody_else_leaves_nothing_on_the_disk() -> Result<()> {
    let mut laptop = prepared()?;
    let before = laptop.device()?.held_rows()?.len();
    laptop.office_does(doing::reassign_over("visit-00", "bruno", "ana"))?;
    laptop.at += 1000;
    laptop.syncs()?;
    is_gone(&mut laptop)?;
    // The visit and its permit, and nothing else: no grant was lost, so there is nothing to confess.
    ensure!(laptop.device()?.held_rows()?.len() == before - 2);
    ensure!(laptop.device()?.receipts()?.is_empty());
    Ok(())
}

#[test]
fn x_06_what_another_view_still_shows_stays_with_that_views_fields() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    // Ana is also the applicant of a visit assigned to her.
    laptop.office_has("visit-00", |body| {
        if let Body::Appointment(visit) = body {
            visit.applicant = Some(policy::PersonId::parse("ana").expect("an id"));
            visit.special_notes = format!("Beware {RARE}");
        }
    })?;
    laptop.syncs()?;
    ensure!(stands(&laptop)?.0);
    laptop.office_does(doing::withdraw("grant-ana"))?;
    laptop.office_does(doing::grant(
        "grant-as-citizen",
        "ana",
        "citizen",
        doing::whole_organization(),
    ))?;
    laptop.at += 1000;
    laptop.syncs()?;
    let sheet = laptop.device()?.sheet(0, &id("visit-00"))?;
    let body = sheet
        .ok_or_else(|| anyhow::anyhow!("her own visit is gone"))?
        .row
        .body;
    ensure!(
        body["contact_email"] == "tomas@town.example"
            && body.get("special_notes").is_none_or(|text| text == ""),
        "{body}"
    );
    ensure!(stands(&laptop)? == (false, false));
    Ok(())
}

#[test]
fn x_06_the_name_of_a_team_goes_with_the_right_to_know_it() -> Result<()> {
    let leaves: [fn(&mut Laptop) -> Result<()>; 2] = [
        |laptop| laptop.office_does(doing::withdraw("grant-ana")),
        |laptop| {
            laptop.office_has("building", |body| {
                if let Body::Calendar(calendar) = body {
                    calendar.teams.clear();
                }
            })
        },
    ];
    for leave in leaves {
        let mut laptop = Laptop::of("ana")?;
        laptop.office_has("building", |body| {
            if let Body::Calendar(calendar) = body {
                calendar.teams[0].name = RARE.to_owned();
            }
        })?;
        laptop.syncs()?;
        ensure!(
            stands(&laptop)? == (true, true),
            "it is not there to be forgotten"
        );
        leave(&mut laptop)?;
        laptop.at += 1000;
        laptop.syncs()?;
        ensure!(
            stands(&laptop)? == (false, false),
            "it is left in the rights of before"
        );
    }
    Ok(())
}

#[test]
fn flt_18_and_x_06_an_empty_set_of_rights_is_applied() -> Result<()> {
    let mut laptop = prepared()?;
    laptop.office_does(doing::withdraw("grant-ana"))?;
    laptop.office_has("building", |body| {
        if let Body::Calendar(calendar) = body {
            calendar.public = false;
        }
    })?;
    laptop.at += 1000;
    laptop.syncs()?;
    let rows = laptop.device()?.held_rows()?;
    ensure!(
        rows.keys().all(|(view, _)| view.to_string() == "person/ana#own"),
        "{:?}",
        rows.keys()
    );
    is_gone(&mut laptop)?;
    ensure!(laptop.device()?.holdings()?.photos == 0);
    Ok(())
}

#[test]
fn flt_17_a_page_of_rights_that_changed_meanwhile_is_not_applied() -> Result<()> {
    let mut laptop = prepared()?;
    laptop.office_has("visit-02", |body| {
        if let Body::Appointment(visit) = body {
            visit.special_notes = "A change to pull".to_owned();
        }
    })?;
    laptop.device()?.begin_exchange();
    ensure!(laptop.step()?);
    let request = laptop
        .device()?
        .next_request()?
        .ok_or_else(|| anyhow::anyhow!("nothing to ask"))?;
    // The page is on its way when a second exchange, after a withdrawal, has already been settled.
    let stale = laptop.answer(&request)?;
    laptop.office_does(doing::withdraw("grant-ana"))?;
    laptop.at += 1000;
    laptop.syncs()?;
    let after = laptop.device()?.held_rows()?;
    let clock = laptop.clock();
    laptop.device()?.settle(clock, &request, stale)?;
    ensure!(
        laptop.device()?.held_rows()? == after,
        "an old page put records back"
    );
    is_gone(&mut laptop)
}
