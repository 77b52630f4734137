//! What a laptop leaves when its person is shut out: sealed, taken by a token that opens nothing, decided by nobody but a
//! supervisor.

use crate::caller::{Caller, Holding, Reply, envelope};
use crate::doing;
use crate::returned::tray;
use crate::town::{PHOTO, Town, bytes, id};
use anyhow::{Context as _, Result, ensure};
use domain::Record;
use domain::inspections::{Appointment, Status};
use policy::{Code, RecordId};
use reqwest::Method;
use serde_json::json;
use sync::{
    Answer, Envelope, PUSH_COMMANDS_MAX, Parcel, ParcelOf, credential_hash, deposit_key, deposit_token,
};

const PIXEL: &str = "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a4944415478da6368000000820081da45083b0000000049454e44ae426082";
const PIXEL_HASH: &str = "3c2ce754aa59f302d2408b1fee76bb23097fbc13a3211f37ba3b5d7696ace61a";

/// What a laptop keeps for the day its person is shut out.
struct Left {
    key: String,
    door: Caller,
    device: String,
}

/// The caller with the token their laptop delivers with.
pub fn door(caller: &Caller) -> Caller {
    let token = caller
        .credential
        .as_deref()
        .map(|credential| deposit_token(&credential_hash(credential)));
    caller.with_credential(token.as_deref())
}

impl Left {
    fn by(caller: &Caller) -> Result<Left> {
        Ok(Left {
            key: caller.control(&Holding::default())?.deposit_key,
            door: door(caller),
            device: caller.device.clone(),
        })
    }

    fn path(&self) -> String {
        format!("/api/deposits/{}", self.device)
    }

    fn put(&self, sealed: Vec<u8>) -> Result<Reply> {
        let body = Some(("application/octet-stream", sealed));
        self.door.asks(Method::PUT, &self.path(), body)
    }

    fn commands(&self, commands: &[Envelope]) -> Result<Reply> {
        let what = ParcelOf::Commands(commands.to_vec());
        self.put(sealed(what, Vec::new(), &self.key)?)
    }

    fn photo(&self, record: &str, hash: &str, picture: &str) -> Result<Reply> {
        let what = ParcelOf::Photo {
            record: RecordId::parse(record)?,
            hash: hash.to_owned(),
            media_type: "image/png".to_owned(),
        };
        self.put(sealed(what, bytes(picture), &self.key)?)
    }
}

fn sealed(what: ParcelOf, bytes: Vec<u8>, key: &str) -> Result<Vec<u8>> {
    let sealed = Parcel { what, bytes }.seal(key);
    sealed.map_err(|error| anyhow::anyhow!("{error:?}"))
}

fn done(reply: &Reply) -> Result<()> {
    ensure!(reply.status == 200, "{}", reply.said());
    Ok(())
}

#[test]
fn x_06_what_somebody_switched_off_had_not_sent_is_left_and_waits_for_a_supervisor() -> Result<()> {
    let town = Town::open()?;
    let (hugo, marta) = (town.person("hugo")?, town.person("marta")?);
    let left = Left::by(&hugo)?;
    town.office.administrator(&["user", "off", "hugo"])?;
    let work = [
        envelope(doing::start("v-hugo")),
        envelope(doing::note("v-hugo", "n-1", "Key at number 12.")),
    ];
    done(&left.commands(&work)?)?;
    done(&left.commands(&work)?)?;
    let in_tray = tray(&marta)?;
    ensure!(in_tray.len() == 2, "{in_tray:?}");
    let visit = town.visit("v-hugo")?;
    ensure!(visit.status == Status::Scheduled && visit.notes.iter().all(|note| note.id.as_str() != "n-1"));
    for work in &in_tray {
        ensure!(marta.sees()?.shows(work)?["denial"]["code"] == "held");
        marta.takes(doing::adopt(work))?;
    }
    let visit = town.visit("v-hugo")?;
    ensure!(visit.status == Status::InProgress && visit.notes.iter().any(|note| note.id.as_str() == "n-1"));
    Ok(())
}

#[test]
fn x_06_what_was_left_is_its_authors_again_once_they_sign_in() -> Result<()> {
    let town = Town::open()?;
    let (ana, marta) = (town.person("ana")?, town.person("marta")?);
    let left = Left::by(&ana)?;
    let note = |id: &str| envelope(doing::note("v-ana", id, id));
    let (sent, adopted, discarded) = (note("n-sent"), note("n-adopted"), note("n-discarded"));
    let refused = envelope(doing::result("v-ana", "passed"));
    let all = [sent.clone(), adopted.clone(), discarded.clone(), refused.clone()];
    done(&left.commands(&all)?)?;
    // Whoever holds the token is not Ana: nothing of it counts, although she might have done it.
    ensure!(
        town.visit("v-ana")?
            .notes
            .iter()
            .all(|note| !note.id.as_str().starts_with("n-"))
    );
    let of = |envelope: &Envelope| format!("returned-{}", envelope.id.as_str());
    marta.takes(doing::adopt(&of(&adopted)))?;
    marta.takes(doing::discard(&of(&discarded)))?;
    let answers = ana.give(&all)?;
    ensure!(
        answers[0] == Answer::Taken && answers[1] == Answer::Taken,
        "{answers:?}"
    );
    let denial = |answer: &Answer| match answer {
        Answer::Refused { denial } => Ok(denial.clone()),
        other => Err(anyhow::anyhow!("{other:?}")),
    };
    let said = denial(&answers[2])?;
    ensure!(said.code == Code::WrongState, "{said:?}");
    ensure!(said.fact.is_some_and(|fact| fact.contains("Written down twice")));
    ensure!(
        denial(&answers[3])?.rule != "X-06",
        "it was decided by its own rule"
    );
    let ids: Vec<String> = town
        .visit("v-ana")?
        .notes
        .iter()
        .map(|note| note.id.to_string())
        .collect();
    let count = |id: &str| ids.iter().filter(|other| *other == id).count();
    ensure!(
        (count("n-sent"), count("n-adopted"), count("n-discarded")) == (1, 1, 0),
        "{ids:?}"
    );
    // Nothing is left to decide, and the same answers are given for ever.
    for work in [&sent, &refused] {
        let shown = marta.sees()?.shows(&of(work))?;
        ensure!(shown["decision"]["by"] == "Name of ana", "{shown}");
    }
    ensure!(ana.give(&all)? == answers);
    done(&left.commands(&all)?)?;
    ensure!(ana.give(&all)? == answers);
    Ok(())
}

#[test]
fn x_06_a_photo_that_was_left_is_seen_before_it_is_adopted_and_kept_with_it() -> Result<()> {
    let town = Town::open()?;
    let (hugo, marta) = (town.person("hugo")?, town.person("marta")?);
    let left = Left::by(&hugo)?;
    town.office.administrator(&["user", "off", "hugo"])?;
    // Nothing names it yet.
    left.photo("v-hugo", PIXEL_HASH, PIXEL)?.is(404, "not_found")?;
    let added = envelope(doing::photo("v-hugo", PIXEL_HASH, bytes(PIXEL).len()));
    done(&left.commands(std::slice::from_ref(&added))?)?;
    let photo = format!("/api/photos/{PIXEL_HASH}");
    marta.get(&photo)?.is(404, "not_found")?;
    left.photo("v-hugo", PIXEL_HASH, &PIXEL.replace("68", "69"))?
        .is(422, "wrong_hash")?;
    left.photo("v-bruno", PIXEL_HASH, PIXEL)?.is(404, "not_found")?;
    done(&left.photo("v-hugo", PIXEL_HASH, PIXEL)?)?;
    ensure!(marta.get(&photo)?.bytes == bytes(PIXEL));
    for other in ["bruno", "oscar", "paula"] {
        town.person(other)?.get(&photo)?.is(404, "not_found")?;
    }
    // It is not tidied away, however long nobody decides.
    town.sql("UPDATE photo SET received_at = 0", &[])?;
    town.sql("UPDATE photo_sent SET received_at = 0", &[])?;
    town.database()?
        .write(async |tx| store::OfficeTx::forget_unnamed_photos(tx, i64::MAX).await)?;
    marta.takes(doing::adopt(&format!("returned-{}", added.id.as_str())))?;
    let photos = town.visit("v-hugo")?.photos;
    let photo_now = photos
        .iter()
        .find(|photo| photo.hash == PIXEL_HASH)
        .context("not named")?;
    ensure!(!photo_now.pending, "its bytes are here");
    ensure!(marta.get(&photo)?.bytes == bytes(PIXEL));
    // Now it is the visit's, wherever that goes: other work that names it opens it no more than this did.
    let again = envelope(doing::photo("v-hugo", PIXEL_HASH, bytes(PIXEL).len()));
    done(&left.commands(std::slice::from_ref(&again))?)?;
    ensure!(marta.get(&photo)?.bytes == bytes(PIXEL));
    let elsewhere = Appointment {
        calendar: Some("fire".to_owned().try_into()?),
        team: None,
        ..town.visit("v-hugo")?
    };
    town.puts(vec![Record::new(id("v-hugo"), elsewhere)])?;
    marta.get(&photo)?.is(404, "not_found")
}

#[test]
fn att_4_a_deposit_token_opens_nothing_and_nothing_else_deposits() -> Result<()> {
    let town = Town::open()?;
    let (ana, bruno) = (town.person("ana")?, town.person("bruno")?);
    let left = Left::by(&ana)?;
    for path in ["/api/events", "/api/basemap", &format!("/api/photos/{PHOTO}")] {
        left.door.get(path)?.is(401, "credential_unknown")?;
    }
    for path in ["sync/control", "sync/pull", "sync/push", "sign-out"] {
        left.door
            .post(&format!("/api/{path}"), &json!({}))?
            .is(401, "credential_unknown")?;
    }
    // Neither the credential, nor another laptop's token, nor anything on a laptop that does not exist; all alike.
    let parcel = || {
        sealed(
            ParcelOf::Commands(vec![envelope(doing::start("v-ana"))]),
            Vec::new(),
            &left.key,
        )
    };
    let others = [
        (ana.credential.clone(), left.device.clone()),
        (Left::by(&bruno)?.door.credential, left.device.clone()),
        (left.door.credential.clone(), bruno.device.clone()),
        (left.door.credential.clone(), "0".repeat(32)),
    ];
    let mut said = Vec::new();
    for (credential, device) in others {
        let door = left.door.with_credential(credential.as_deref());
        let path = format!("/api/deposits/{device}");
        let body = Some(("application/octet-stream", parcel()?));
        for reply in [
            door.asks(Method::PUT, &path, body)?,
            door.get(&path)?,
            door.post(&format!("{path}/wiped"), &json!({}))?,
        ] {
            reply.is(401, "token_unknown")?;
            said.push(reply.bytes);
        }
    }
    said.dedup();
    ensure!(said.len() == 1, "the answers differ");
    left.door
        .with_credential(None)
        .get(&left.path())?
        .is(401, "credential_missing")?;
    ensure!(tray(&town.person("marta")?)?.is_empty());
    Ok(())
}

#[test]
fn a_parcel_that_is_none_is_refused_and_nothing_of_it_is_kept() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    let left = Left::by(&ana)?;
    let work = vec![envelope(doing::note("v-ana", "n-1", "Mine"))];
    let good = sealed(ParcelOf::Commands(work), Vec::new(), &left.key)?;
    let mut changed = good.clone();
    changed[50] ^= 1;
    let foreign = sealed(
        ParcelOf::Commands(Vec::new()),
        Vec::new(),
        &deposit_key(b"another office"),
    )?;
    for parcel in [
        Vec::new(),
        b"{}".to_vec(),
        good[..good.len() - 1].to_vec(),
        changed,
        foreign,
    ] {
        left.put(parcel)?.is(422, "parcel_unfit")?;
    }
    let many: Vec<Envelope> = (0..=PUSH_COMMANDS_MAX)
        .map(|n| envelope(doing::note("v-ana", &format!("n-{n}"), "Many")))
        .collect();
    left.commands(&many)?.is(400, "too_many_commands")?;
    left.put(vec![7; 9 * 1024 * 1024])?.is(413, "too_large")?;
    ensure!(town.count("command")? == 0);
    ensure!(tray(&town.person("marta")?)?.is_empty());
    done(&left.put(good)?)
}
