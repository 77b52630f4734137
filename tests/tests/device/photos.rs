//! Photos on the laptop: kept until the office has confirmed them, sent beside everything else, never in its way.

use crate::doing;
use crate::files::through_sql;
use crate::laptop::{KEY, Laptop, id};
use anyhow::{Context as _, Result, ensure};
use device::{OutboxPhoto, Photo, PhotoOutcome, PhotoProblem, PhotoState, Request, WaitingPhoto};
use domain::{Body, Command, CommandId};
use store::sqlite::{Outbox, QueuedPhoto};
use torture::cipher::{contains, opened};

/// Words that stand nowhere but in a photo's bytes, and nowhere but in its thumbnail.
const RARE: &str = "bytes-51c0a7e2";
const RARE_SMALL: &str = "small-9d24b6f1";

fn picture() -> OutboxPhoto {
    OutboxPhoto {
        media_type: "image/png".to_owned(),
        bytes: format!("{RARE} {}", "x".repeat(3_000_000)).into_bytes(),
        thumbnail: format!("{RARE_SMALL} {}", "y".repeat(9_000)).into_bytes(),
    }
}

fn shown() -> Option<Photo> {
    let OutboxPhoto {
        media_type, bytes, ..
    } = picture();
    Some(Photo { media_type, bytes })
}

fn adds(hash: &str) -> Command {
    doing::photo("visit-00", hash, picture().bytes.len())
}

fn hash(letter: char) -> String {
    letter.to_string().repeat(64)
}

/// A laptop that is in line with the office.
fn synced() -> Result<Laptop> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    Ok(laptop)
}

impl Laptop {
    fn adds_photo(&mut self, command: Command) -> Result<CommandId> {
        self.does_with(command, Some(picture()))?
            .map_err(|refusal| anyhow::anyhow!("refused here: {refusal:?}"))
    }

    /// An exchange, and no photo.
    fn exchanges(&mut self) -> Result<()> {
        self.device()?.begin_exchange();
        while self.step()? {}
        Ok(())
    }

    fn queue(&mut self) -> Result<Vec<WaitingPhoto>> {
        let clock = self.clock();
        Ok(self.device()?.photo_queue(clock, 0)?.photos)
    }

    fn states(&mut self) -> Result<Vec<PhotoState>> {
        Ok(self.queue()?.iter().map(|photo| photo.state).collect())
    }

    fn notes_at_office(&mut self) -> Result<usize> {
        match self.at_office("visit-00")? {
            Body::Appointment(visit) => Ok(visit.notes.len()),
            _ => anyhow::bail!("no visit"),
        }
    }
}

fn problem(refused: bool) -> PhotoProblem {
    PhotoProblem {
        code: "any".to_owned(),
        sentence: "The office says why.".to_owned(),
        refused,
    }
}

#[test]
fn c_ins_07_and_flt_22_a_photos_bytes_are_kept_until_they_are_safe_and_then_freed() -> Result<()> {
    let mut laptop = synced()?;
    let hash = hash('a');
    let size = |laptop: &Laptop| Ok::<_, anyhow::Error>(std::fs::metadata(laptop.outbox())?.len());
    let empty = size(&laptop)?;
    laptop.adds_photo(adds(&hash))?;
    ensure!(laptop.device()?.counts()? == (1, 0, 1));
    ensure!(
        laptop.device()?.photo(&hash)? == shown(),
        "it cannot be looked at before it is sent"
    );
    ensure!(laptop.states()? == [PhotoState::Held]);
    // The command is lost twice on its way: no bytes before it is taken.
    laptop.device()?.begin_exchange();
    laptop.step()?;
    for _ in 0..2 {
        let request = laptop.device()?.next_request()?.context("nothing to send")?;
        ensure!(matches!(request, Request::Push(_)), "{request:?}");
        ensure!(laptop.device()?.next_photo(i64::MAX)?.is_none());
        laptop.device()?.abandon();
    }
    // Cut between the command and the bytes: they follow after a restart.
    laptop.step()?;
    laptop.opens()?;
    ensure!(laptop.device()?.counts()?.2 == 1 && laptop.device()?.photo(&hash)? == shown());
    laptop.exchanges()?;
    ensure!(laptop.states()? == [PhotoState::Waiting]);
    let pages = opened(&laptop.outbox(), &KEY.0)?;
    ensure!(contains(&pages, RARE) && contains(&pages, RARE_SMALL));
    laptop.sends_photos()?;
    ensure!(laptop.photos == [hash.clone()] && laptop.device()?.counts()? == (0, 0, 0));
    // The whole picture is gone from the laptop and its space with it; the small one stays, in the cache.
    ensure!(
        laptop.device()?.photo(&hash)?.is_none(),
        "the whole picture stays"
    );
    ensure!(laptop.device()?.thumbnail(&hash)? == Some(picture().thumbnail));
    let left = size(&laptop)?;
    ensure!(left < empty + 100_000, "{left} bytes are left of {empty}");
    for open in [true, false] {
        if !open {
            laptop.shuts();
        }
        for file in [laptop.outbox(), laptop.cache()] {
            ensure!(!contains(&opened(&file, &KEY.0)?, RARE), "{}", file.display());
        }
    }
    Ok(())
}

#[test]
fn c_ins_07_another_hash_frees_nothing_and_is_said() -> Result<()> {
    let mut laptop = synced()?;
    laptop.adds_photo(adds(&hash('a')))?;
    laptop.exchanges()?;
    let clock = laptop.clock();
    let photo = laptop.device()?.next_photo(clock)?.context("nothing to send")?;
    ensure!(laptop.states()? == [PhotoState::Sending]);
    let other = PhotoOutcome::Kept { hash: hash('b') };
    laptop.device()?.settle_photo(clock, &photo, other)?;
    ensure!(
        laptop.device()?.photo(&hash('a'))? == shown(),
        "the bytes are gone"
    );
    let queue = laptop.queue()?;
    ensure!(queue[0].state == PhotoState::Later, "{queue:?}");
    let said = queue[0].problem.clone().unwrap_or_default();
    ensure!(
        said.contains("another picture") && said.contains("kept here"),
        "{said}"
    );
    // An outcome of the right hash, later, frees it.
    laptop.at += 31_000;
    laptop.sends_photos()?;
    ensure!(laptop.queue()?.is_empty() && laptop.device()?.photo(&hash('a'))?.is_none());
    Ok(())
}

#[test]
fn c_ins_07_a_photo_that_comes_to_nothing_holds_up_neither_the_next_nor_the_exchange() -> Result<()> {
    for refused in [true, false] {
        let mut laptop = synced()?;
        laptop.adds_photo(adds(&hash('a')))?;
        laptop.no_photos = Some(problem(refused));
        laptop.takes(doing::note("visit-00", "n-1", "Not held up"))?;
        laptop.syncs()?;
        ensure!(laptop.device()?.counts()? == (0, 0, 1) && laptop.notes_at_office()? == 1);
        let queue = laptop.queue()?;
        let state = if refused {
            PhotoState::Refused
        } else {
            PhotoState::Later
        };
        ensure!(queue[0].state == state && queue[0].problem.as_deref() == Some("The office says why."));
        ensure!(queue[0].again_at == Some(laptop.clock() + 30_000), "{queue:?}");
        // The next one goes at once, and the first is not asked for again before its time.
        laptop.no_photos = None;
        laptop.adds_photo(adds(&hash('b')))?;
        laptop.takes(doing::note("visit-00", "n-2", "Nor this"))?;
        laptop.at += 29_000;
        laptop.syncs()?;
        ensure!(laptop.photos == [hash('b')] && laptop.notes_at_office()? == 2);
        // Each attempt that comes to nothing makes it wait longer, over a restart too.
        laptop.no_photos = Some(problem(refused));
        laptop.at += 1_000;
        laptop.syncs()?;
        laptop.opens()?;
        ensure!(laptop.queue()?[0].again_at == Some(laptop.clock() + 60_000));
        // A clock that has gone back does not make it wait for ever.
        laptop.ahead = -24 * 60 * 60 * 1000;
        laptop.no_photos = None;
        laptop.syncs()?;
        ensure!(laptop.photos == [hash('b'), hash('a')] && laptop.device()?.counts()? == (0, 0, 0));
    }
    Ok(())
}

#[test]
fn c_ins_07_somebody_who_asks_has_it_tried_again_at_once() -> Result<()> {
    let mut laptop = synced()?;
    laptop.adds_photo(adds(&hash('a')))?;
    laptop.no_photos = Some(problem(true));
    laptop.syncs()?;
    laptop.no_photos = None;
    laptop.sends_photos()?;
    ensure!(laptop.photos.is_empty());
    laptop.device()?.hurry_photos()?;
    laptop.sends_photos()?;
    ensure!(laptop.photos == [hash('a')]);
    Ok(())
}

#[test]
fn x_09_and_c_ins_07_commands_go_before_photos_and_pulls_beside_them() -> Result<()> {
    let mut laptop = synced()?;
    for letter in ['a', 'b'] {
        laptop.adds_photo(adds(&hash(letter)))?;
    }
    let clock = laptop.clock();
    // Nothing before the rights are known, nothing while a change waits.
    laptop.device()?.begin_exchange();
    ensure!(laptop.device()?.next_photo(clock)?.is_none());
    laptop.step()?;
    ensure!(laptop.device()?.next_photo(clock)?.is_none());
    laptop.step()?;
    ensure!(laptop.asked.ends_with(&["control", "push"]), "{:?}", laptop.asked);
    // One is on its way, a slow one; the exchange goes on without it, and new work is not held up.
    let slow = laptop.device()?.next_photo(clock)?.context("nothing to send")?;
    ensure!(laptop.device()?.next_photo(clock)?.is_none(), "two at once");
    laptop.step()?;
    ensure!(laptop.asked.ends_with(&["pull"]));
    laptop.takes(doing::note("visit-00", "n-1", "Typed meanwhile"))?;
    laptop.exchanges()?;
    ensure!(laptop.notes_at_office()? == 1);
    ensure!(laptop.states()? == [PhotoState::Sending, PhotoState::Waiting]);
    let outcome = laptop.takes_photo(&slow);
    laptop.device()?.settle_photo(clock, &slow, outcome)?;
    // Broken off here, it waits as before.
    ensure!(laptop.device()?.next_photo(clock)?.is_some());
    laptop.device()?.abandon_photo();
    ensure!(laptop.states()? == [PhotoState::Waiting]);
    laptop.sends_photos()?;
    ensure!(laptop.photos == [hash('a'), hash('b')]);
    Ok(())
}

#[test]
fn c_ins_07_a_photo_keeps_its_place_only_where_its_calendar_is_known_to_say_so() -> Result<()> {
    let mut laptop = synced()?;
    let visit = id("visit-00");
    ensure!(!laptop.device()?.keeps_photo_location(&visit)?);
    let Body::Appointment(known) = laptop.at_office("visit-00")? else {
        anyhow::bail!("no visit")
    };
    let calendar = known.calendar.context("a calendar")?.to_string();
    laptop.office_has(&calendar, |body| {
        if let Body::Calendar(calendar) = body {
            calendar.photo_location = true;
        }
    })?;
    ensure!(
        !laptop.device()?.keeps_photo_location(&visit)?,
        "it is not known here yet"
    );
    laptop.syncs()?;
    ensure!(laptop.device()?.keeps_photo_location(&visit)?);
    for other in ["visit-nowhere", &calendar] {
        ensure!(!laptop.device()?.keeps_photo_location(&id(other))?, "{other}");
    }
    Ok(())
}

#[test]
fn c_ins_07_paused_photos_wait_and_work_goes_on() -> Result<()> {
    let mut laptop = synced()?;
    laptop.device()?.pause_photos(true)?;
    laptop.adds_photo(adds(&hash('a')))?;
    laptop.syncs()?;
    laptop.opens()?;
    laptop.takes(doing::note("visit-00", "n-1", "Goes all the same"))?;
    laptop.syncs()?;
    let clock = laptop.clock();
    let queue = laptop.device()?.photo_queue(clock, 0)?;
    ensure!(queue.paused && queue.photos.len() == 1 && laptop.photos.is_empty());
    ensure!(queue.photos[0].bytes == picture().bytes.len() as u64);
    ensure!(laptop.notes_at_office()? == 1 && laptop.device()?.counts()? == (0, 0, 1));
    laptop.device()?.pause_photos(false)?;
    laptop.sends_photos()?;
    ensure!(laptop.photos == [hash('a')]);
    Ok(())
}

#[test]
fn x_06_and_c_ins_07_the_photo_of_a_refused_command_is_kept_for_its_author_and_not_sent() -> Result<()> {
    let mut laptop = synced()?;
    let hash = hash('a');
    let refused = laptop.adds_photo(adds(&hash))?;
    laptop.office_does(doing::reassign_over("visit-00", "bruno", "ana"))?;
    laptop.at += 1000;
    laptop.syncs()?;
    ensure!(
        laptop.device()?.returned()?.len() == 1 && laptop.photos.is_empty(),
        "the bytes were sent: {:?}",
        laptop.photos
    );
    ensure!(
        laptop.device()?.photo(&hash)? == shown(),
        "the author's photo is gone"
    );
    ensure!(laptop.states()? == [PhotoState::Held]);
    // Given back, it is tried again as the window tries: a fresh command without bytes, then the returned one is dropped.
    laptop.office_does(doing::reassign_over("visit-00", "ana", "bruno"))?;
    laptop.syncs()?;
    let again = laptop.device()?.returned_command(&refused)?;
    laptop.takes(again.context("nothing returned")?)?;
    laptop.device()?.dismiss(&refused)?;
    ensure!(
        laptop.device()?.photo(&hash)?.is_some(),
        "trying again lost the bytes"
    );
    laptop.syncs()?;
    ensure!(laptop.photos == [hash] && laptop.device()?.counts()? == (0, 0, 0));
    Ok(())
}

#[test]
fn c_ins_07_a_dismissed_photo_is_gone_and_one_two_visits_share_is_sent_for_both() -> Result<()> {
    let mut laptop = synced()?;
    let both = hash('a');
    let first = laptop.adds_photo(adds(&both))?;
    let elsewhere = || doing::photo("visit-02", &both, picture().bytes.len());
    laptop.adds_photo(elsewhere())?;
    ensure!(laptop.device()?.undo(&first)?);
    ensure!(
        laptop.device()?.counts()? == (1, 0, 1),
        "undoing one lost the other's bytes"
    );
    laptop.adds_photo(adds(&both))?;
    laptop.syncs()?;
    ensure!(
        laptop.photos == [both.clone(), both.clone()],
        "{:?}",
        laptop.photos
    );
    ensure!(laptop.device()?.counts()?.2 == 0);
    let refused = laptop.adds_photo(adds(&hash('b')))?;
    laptop.office_does(doing::withdraw("grant-ana"))?;
    laptop.at += 1000;
    laptop.syncs()?;
    ensure!(laptop.device()?.counts()? == (0, 1, 1));
    laptop.device()?.dismiss(&refused)?;
    ensure!(
        laptop.device()?.counts()? == (0, 0, 0),
        "the bytes of dismissed work stay for ever"
    );
    Ok(())
}

#[test]
fn x_06_and_c_ins_07_ones_own_unsent_photo_outlives_the_view_and_the_others_do_not() -> Result<()> {
    let mut laptop = synced()?;
    let own = hash('a');
    laptop.adds_photo(adds(&own))?;
    // Its change is taken and its bytes are not, when the right to the visit ends.
    laptop.exchanges()?;
    laptop.office_does(doing::withdraw("grant-ana"))?;
    laptop.at += 1000;
    laptop.no_photos = Some(problem(true));
    laptop.syncs()?;
    ensure!(laptop.device()?.sheet(0, &id("visit-00"))?.is_none());
    ensure!(laptop.device()?.photo(&own)? == shown(), "unsent work is lost");
    ensure!(laptop.device()?.thumbnail(&own)? == Some(picture().thumbnail));
    ensure!(
        laptop.device()?.holdings()?.photos == 0,
        "a picture stays in the cache"
    );
    let queue = laptop.queue()?;
    ensure!(queue[0].state == PhotoState::Refused && !queue[0].target_title.is_empty());
    // Only its author takes it away, and only what was refused.
    let command = CommandId::try_from(queue[0].id.clone()).map_err(anyhow::Error::msg)?;
    ensure!(laptop.device()?.remove_photo(&command)?);
    ensure!(laptop.queue()?.is_empty() && laptop.device()?.photo(&own)?.is_none());
    ensure!(!laptop.device()?.remove_photo(&command)?);
    Ok(())
}

#[test]
fn c_ins_07_a_photo_that_was_not_refused_cannot_be_removed() -> Result<()> {
    let mut laptop = synced()?;
    let command = laptop.adds_photo(adds(&hash('a')))?;
    ensure!(
        !laptop.device()?.remove_photo(&command)?,
        "while its change waits"
    );
    laptop.no_photos = Some(problem(false));
    laptop.syncs()?;
    ensure!(
        !laptop.device()?.remove_photo(&command)?,
        "while it is tried again"
    );
    ensure!(laptop.device()?.photo(&hash('a'))? == shown());
    Ok(())
}

#[test]
fn flt_15_and_c_ins_07_photos_of_an_older_outbox_are_sent_after_the_update() -> Result<()> {
    let mut laptop = synced()?;
    let commands = [
        laptop.adds_photo(adds(&hash('a')))?,
        laptop.adds_photo(doing::photo("visit-02", &hash('b'), 3))?,
    ];
    laptop.exchanges()?;
    laptop.shuts();
    // The file as the version before left it: a photo and the command that names it, and nothing more.
    let db = through_sql(&laptop.outbox())?;
    db.execute_batch(
        "CREATE TABLE old (hash TEXT PRIMARY KEY, media_type TEXT NOT NULL, bytes BLOB NOT NULL, command TEXT NOT NULL);
         INSERT INTO old SELECT p.hash, p.media_type, p.bytes, s.command FROM photo p JOIN photo_send s USING (hash);
         DROP TABLE photo; DROP TABLE photo_send; ALTER TABLE old RENAME TO photo; ALTER TABLE journal DROP COLUMN n;
         PRAGMA user_version = 1; PRAGMA auto_vacuum = NONE;",
    )?;
    db.execute_batch("VACUUM")?;
    drop(db);
    let queue: Vec<QueuedPhoto> = Outbox::open(Some(&laptop.outbox()), &KEY)?.photo_queue()?;
    let found: Vec<_> = queue
        .iter()
        .map(|photo| {
            (
                photo.command.clone(),
                photo.hash.clone(),
                photo.record.to_string(),
                photo.caption.as_str(),
            )
        })
        .collect();
    let [first, second] = commands;
    ensure!(
        found
            == [
                (first, hash('a'), "visit-00".to_owned(), "x"),
                (second, hash('b'), "visit-02".to_owned(), "x")
            ],
        "{found:?}"
    );
    let mode: i64 = through_sql(&laptop.outbox())?.query_row("PRAGMA auto_vacuum", [], |row| row.get(0))?;
    ensure!(mode == 2, "the file does not give its space back");
    laptop.opens()?;
    laptop.syncs()?;
    ensure!(laptop.photos == [hash('a'), hash('b')] && laptop.device()?.counts()? == (0, 0, 0));
    Ok(())
}
