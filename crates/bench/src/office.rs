//! The product's own office, as a server and as a database that is filled and changed from outside.

use crate::{town, wire};
use anyhow::Result;
use domain::Effect;
use policy::{OrgId, PersonId};
use server::{Office, Opening, PhotoPlace, Problem};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::{Account, NewDevice, OfficeTx, Place, write};
use sync::{LEASE_MILLIS, credential_hash};

/// The manager's password.
pub const PASSWORD: &str = "bailiwick-bench";
/// Records are written this many to a transaction, each under a number of its own.
const CHUNK: usize = 1_000;

fn open_office(place: &Place, folder: &Path) -> Result<Office> {
    let opening = Opening {
        database: place.clone(),
        data_dir: folder.to_path_buf(),
        photos: PhotoPlace::below(folder),
        org: OrgId::parse("main")?,
    };
    Office::open(&opening)
}

/// The product's server.
pub fn serve(place: &Place, folder: &Path) -> Result<()> {
    let office = Arc::new(open_office(place, folder)?);
    wire::serve(server::http::router(Arc::clone(&office), false), office.watch())
}

fn failed(problem: Problem) -> anyhow::Error {
    anyhow::anyhow!("{}", problem.sentence)
}

/// Something that no other of these devices has: a number, spread over 32 digits.
fn next_token() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let count = u128::from(COUNT.fetch_add(1, Ordering::Relaxed));
    format!(
        "{:032x}",
        count.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
    )
}

/// The office's database, filled and changed from outside.
pub struct Town {
    office: Office,
}

impl Town {
    /// Makes the database, with whoever works there.
    pub fn make(place: &Place, folder: &Path) -> Result<Town> {
        let office = open_office(place, folder)?;
        let account = Account {
            person: PersonId::parse(town::MANAGER)?,
            username: town::MANAGER.to_owned(),
            password_hash: server::accounts::hash_password(PASSWORD).map_err(failed)?,
            is_active: true,
        };
        let beginnings = town::beginnings()?;
        let done = office.write(async |tx| {
            tx.save_account(&account).await?;
            write(tx, &Effect::puts(beginnings)).await?;
            Ok(())
        });
        done.map_err(failed)?;
        Ok(Town { office })
    }

    /// Opens a database that was made before.
    pub fn open(place: &Place, folder: &Path) -> Result<Town> {
        let office = open_office(place, folder)?;
        Ok(Town { office })
    }

    /// Gives the inspectors of all departments a profile, a grant and an account; gives who they are.
    pub fn hire(&self) -> Result<Vec<PersonId>> {
        let (people, records): (Vec<_>, Vec<_>) = town::inspectors()?.into_iter().unzip();
        let done = self.office.write(async |tx| {
            for person in &people {
                tx.save_account(&Account {
                    person: person.clone(),
                    username: person.to_string(),
                    // No password has this hash: they come in through `seat`.
                    password_hash: String::new(),
                    is_active: true,
                })
                .await?;
            }
            write(tx, &Effect::puts(records.concat())).await?;
            Ok(())
        });
        done.map_err(failed)?;
        Ok(people)
    }

    /// Signs a new device in for each of these people, without the password, whose hashing would cost more than what is
    /// measured; gives the credentials.
    pub fn seat<'a>(&self, people: impl Iterator<Item = &'a PersonId>) -> Result<Vec<String>> {
        let at = self.office.now();
        let done = self.office.write(async |tx| {
            let mut credentials = Vec::new();
            for person in people {
                let (id, credential) = (next_token(), next_token());
                tx.save_device(&NewDevice {
                    id: &id,
                    person,
                    name: "Bench",
                    credential_hash: credential_hash(&credential),
                    file_key: None,
                    at,
                    expires_at: at + LEASE_MILLIS,
                })
                .await?;
                credentials.push(credential);
            }
            Ok(credentials)
        });
        done.map_err(failed)
    }

    /// Moves the manager from one department to another.
    pub fn move_manager(&self, from: usize, to: usize) -> Result<()> {
        let puts = vec![town::grant(from, 1)?, town::grant(to, 0)?];
        let done = self
            .office
            .write(async |tx| Ok(write(tx, &Effect::puts(puts)).await?));
        done.map(drop).map_err(failed)
    }

    /// Makes these departments the manager's too.
    pub fn add_departments(&self, departments: std::ops::Range<usize>) -> Result<()> {
        self.grant(departments, 0)
    }

    /// Takes these departments from the manager.
    pub fn drop_departments(&self, departments: std::ops::Range<usize>) -> Result<()> {
        self.grant(departments, 1)
    }

    fn grant(&self, departments: std::ops::Range<usize>, turn: usize) -> Result<()> {
        let puts = departments
            .map(|department| town::grant(department, turn))
            .collect::<Result<_>>()?;
        let done = self
            .office
            .write(async |tx| Ok(write(tx, &Effect::puts(puts)).await?));
        done.map(drop).map_err(failed)
    }

    /// Writes inspections as they are after a round of changes, each under the next number.
    pub fn write(&self, numbers: impl Iterator<Item = usize>, round: usize) -> Result<()> {
        let records: Vec<_> = numbers
            .map(|number| town::inspection(number, round))
            .collect::<Result<_>>()?;
        for chunk in records.chunks(CHUNK) {
            let done = self.office.write(async |tx| {
                for record in chunk {
                    write(tx, &Effect::puts(vec![record.clone()])).await?;
                }
                Ok(())
            });
            done.map_err(failed)?;
        }
        Ok(())
    }
}
