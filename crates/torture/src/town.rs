//! A small town for rough treatment: Ana's visits in two calendars, one of which is taken from her on the way, and visits
//! of others that must never reach her laptop.

use anyhow::{Context as _, Result};
use domain::inspections::{AddNote, AddPhoto};
use domain::people::GrantBody;
use domain::{Body, Command, Effect, Record};
use image::{ImageFormat, RgbImage};
use policy::{CalendarId, GrantId, PersonId, RecordId, RoleName, Scope};
use sim::{FIRE, Rng, Town, organization};
use std::io::Cursor;
use std::sync::OnceLock;
use store::sqlite::OutboxPhoto;
use store::{Account, Database, Fault, OfficeTx as _, Place, write};

/// Who works on the laptops.
pub const ANA: &str = "ana";
/// What everybody signs in with.
pub const PASSWORD: &str = "a long enough password";
/// Words that stand in other people's records only.
pub const OTHERS: &str = "Calle Ajena 7f3a91";
/// Words of records that Ana may see until her second role is withdrawn.
pub const WITHDRAWN: &str = "Calle Retirada 5c02d8";
/// How many visits she has in her own calendar, and there are in each of the other two heaps.
pub const VISITS: usize = 24;

/// A town in a database that has none yet.
pub fn build(place: &Place) -> Result<()> {
    build_in_life(place, "first-life")
}

/// The same in a certain life of the database.
pub fn build_in_life(place: &Place, incarnation: &str) -> Result<()> {
    let org = policy::OrgId::parse("main")?;
    let mut db = Database::open(place, &org)?;
    let mut organization = organization(org, "Rough town");
    organization.incarnation = incarnation.to_owned();
    db.ensure_org(&organization)?;
    let records = records()?;
    let accounts = accounts()?;
    db.write(async |tx| {
        write(tx, &Effect::puts(records)).await?;
        for account in &accounts {
            tx.save_account(account).await?;
        }
        Ok::<_, Fault>(())
    })?;
    Ok(())
}

/// Gives Ana her second role, or takes it away, as an administrator's own process would.
pub fn set_second_role(place: &Place, is_withdrawn: bool) -> Result<()> {
    let org = policy::OrgId::parse("main")?;
    let mut db = Database::connect(place, &org)?;
    let record = second_role(is_withdrawn)?;
    db.write(async |tx| write(tx, &Effect::puts(vec![record])).await)?;
    Ok(())
}

/// The visits that Ana keeps.
pub fn visit(number: usize) -> Result<RecordId> {
    Ok(RecordId::parse(format!("visit-a{:02}", number % VISITS))?)
}

fn accounts() -> Result<Vec<Account>> {
    static HASH: OnceLock<String> = OnceLock::new();
    let hash = match HASH.get() {
        Some(hash) => hash.clone(),
        None => {
            let made = server::accounts::hash_password(PASSWORD)
                .map_err(|problem| anyhow::anyhow!(problem.sentence))?;
            HASH.get_or_init(|| made).clone()
        }
    };
    let account = |person: &&str| {
        Ok(Account {
            person: PersonId::parse(*person)?,
            username: (*person).to_owned(),
            password_hash: hash.clone(),
            is_active: true,
        })
    };
    Town::everybody().iter().map(account).collect()
}

fn records() -> Result<Vec<Record>> {
    let mut records = Town::records()?;
    let find = |id: &str| {
        let found = records.iter().find(|record| record.id.as_str() == id);
        found
            .map(|record| record.body.clone())
            .context("the small town has changed")
    };
    let (own, others) = (find("visit-00")?, find("visit-03")?);
    let heaps = [
        ('a', &own, ANA, "Calle Propia"),
        ('b', &others, "carla", OTHERS),
        ('c', &others, ANA, WITHDRAWN),
    ];
    let mut added = Vec::new();
    for (letter, body, assignee, street) in heaps {
        for number in 0..VISITS {
            let Body::Appointment(visit) = body else { continue };
            let mut visit = visit.clone();
            visit.assignee = Some(PersonId::parse(assignee)?);
            visit.address = format!("{street} {number}");
            visit.permit = None;
            added.push(Record::new(
                RecordId::parse(format!("visit-{letter}{number:02}"))?,
                *visit,
            ));
        }
    }
    records.extend(added);
    records.push(second_role(false)?);
    Ok(records)
}

fn second_role(is_withdrawn: bool) -> Result<Record> {
    let body = GrantBody {
        person: PersonId::parse(ANA)?,
        role: RoleName("inspections.inspector".to_owned()),
        scope: Scope::Calendar(CalendarId::parse(FIRE)?),
        from: None,
        until: None,
        granted_by: "Town hall".to_owned(),
        because: "for a while".to_owned(),
        withdrawn: is_withdrawn.then(|| "moved".to_owned()),
        emergency: None,
    };
    Ok(Record::new(GrantId::parse("grant-ana-fire")?, body))
}

/// A note that says which one it is.
pub fn note(rng: &mut Rng) -> Result<Command> {
    let number = rng.bits();
    Ok(AddNote {
        appointment: visit(rng.below(VISITS))?,
        note: RecordId::parse(format!("note-{number:016x}"))?,
        text: format!("Seen at the door, {number:016x}"),
    }
    .into())
}

/// A small photo no other is like, and the command that names it.
pub fn photo(rng: &mut Rng) -> Result<(Command, OutboxPhoto)> {
    let appointment = visit(rng.below(VISITS))?;
    photo_of(rng, appointment, 2)
}

/// The same for a visit, with so many pixels on a side.
pub fn photo_of(rng: &mut Rng, appointment: RecordId, side: u32) -> Result<(Command, OutboxPhoto)> {
    let mut image = RgbImage::new(side, side);
    for pixel in image.pixels_mut() {
        let [red, green, blue, ..] = rng.bits().to_le_bytes();
        *pixel = image::Rgb([red, green, blue]);
    }
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)?;
    let picture = store::picture::Picture::read(&bytes)?;
    let command = AddPhoto {
        appointment,
        hash: blake3::hash(&bytes).to_hex().to_string(),
        media_type: picture.media_type.to_owned(),
        bytes: u32::try_from(bytes.len())?,
        caption: String::new(),
    };
    let photo = OutboxPhoto {
        media_type: picture.media_type.to_owned(),
        thumbnail: picture.thumbnail()?,
        bytes,
    };
    Ok((command.into(), photo))
}
