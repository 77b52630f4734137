//! Ours: the product's own server on its embedded database, and the product's own device on encrypted files.

use crate::town;
use crate::wire::{self, Net, Pending};
use anyhow::{Context as _, Result, bail};
use device::{Device, Reply, Request};
use domain::inspections::AddNote;
use domain::{CommandId, Effect};
use policy::{Kind, Millis, OrgId, PersonId, Rights};
use serde::Serialize;
use serde::de::DeserializeOwned;
use server::{Office, Opening, Problem};
use std::path::Path;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use store::sqlite::{Cache, FileKey, ListQuery, Outbox};
use store::{Account, OfficeTx, Place, write};
use sync::{PullReply, PushReply, SignInReply, SignInRequest};

const PASSWORD: &str = "bailiwick-bench";
const KEY: FileKey = FileKey([7; 32]);
/// Records are written this many to a transaction, each under a number of its own.
const CHUNK: usize = 1_000;
/// What the window asks a search for.
const SEARCH_LIMIT: usize = 20;

fn open_office(place: &Place, folder: &Path) -> Result<Office> {
    let opening = Opening {
        database: place.clone(),
        data_dir: folder.to_path_buf(),
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

/// What an exchange consisted of.
#[derive(Debug, Clone, Copy, Default)]
pub struct Exchanged {
    /// Inspections that came.
    pub rows: usize,
    /// Commits of the device's cache: one per control step, one per page, one when the proof is noted.
    pub commits: usize,
    /// Until the device had let go of what it may no longer hold.
    pub let_go_ms: f64,
}

/// A request on its way.
enum Ahead {
    Pull(Pending<PullReply>),
    Push(Pending<PushReply>),
}

impl Ahead {
    fn finish(self, net: &mut Net) -> Result<Reply> {
        Ok(match self {
            Ahead::Pull(pending) => Reply::Pull(net.finish(pending)?),
            Ahead::Push(pending) => Reply::Push(net.finish(pending)?),
        })
    }
}

/// The manager's laptop.
pub struct Laptop {
    device: Device,
    url: String,
    credential: String,
}

fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}

fn open(folder: &Path, rights: Rights) -> Result<Device> {
    let cache = Cache::open(Some(&folder.join("cache.db")), &KEY)?;
    let outbox = Outbox::open(Some(&folder.join("outbox.db")), &KEY)?;
    Ok(Device::open(cache, outbox, rights)?)
}

impl Laptop {
    /// Signs the manager in on a laptop that holds nothing.
    pub fn sign_in(net: &mut Net, url: &str, folder: &Path) -> Result<Laptop> {
        let request = SignInRequest {
            username: town::MANAGER.to_owned(),
            password: PASSWORD.to_owned(),
            device_name: "Bench".to_owned(),
            device: None,
            file_key: None,
        };
        let reply: SignInReply = post(net, url, "", "sign-in", &request)?;
        Ok(Laptop {
            device: open(folder, reply.rights)?,
            url: url.to_owned(),
            credential: reply.credential,
        })
    }

    /// Closes the files; gives what it takes to open them again.
    pub fn close(self) -> impl FnOnce(&Path) -> Result<Laptop> {
        let Laptop {
            device,
            url,
            credential,
        } = self;
        let rights = device.rights().clone();
        drop(device);
        move |folder| {
            Ok(Laptop {
                device: open(folder, rights)?,
                url,
                credential,
            })
        }
    }

    /// A whole exchange, or the part of it that ends when nothing waits here any longer.
    pub fn exchange(&mut self, net: &mut Net, until_sent: bool) -> Result<Exchanged> {
        self.device.begin_exchange();
        self.go_on(net, until_sent)
    }

    /// Something has happened at the office, or here.
    pub fn ask_again(&mut self) {
        self.device.ask_again();
    }

    /// The request for the stream that says when something has happened.
    pub fn events(&self) -> reqwest::RequestBuilder {
        reqwest::Client::new()
            .get(format!("{}/api/events", self.url))
            .bearer_auth(&self.credential)
    }

    /// Asks for the same page so many times and takes none of them in.
    pub fn ask_only(&mut self, net: &mut Net, times: usize) -> Result<()> {
        let request = self.device.next_request()?.context("nothing to ask for")?;
        for _ in 0..times {
            self.send(net, &request)?.finish(net)?;
        }
        Ok(())
    }

    /// What is left of an exchange, or of the part of it before the first pull.
    pub fn go_on(&mut self, net: &mut Net, until_sent: bool) -> Result<Exchanged> {
        let mut exchanged = Exchanged::default();
        let mut ahead: Option<(Request, Ahead)> = None;
        let begun = Instant::now();
        while let Some(request) = self.device.next_request()? {
            if until_sent && matches!(request, Request::Pull(_)) {
                break;
            }
            let reply = match (&request, ahead.take_if(|(asked, _)| asked.is_same(&request))) {
                (Request::Control(body), _) => {
                    Reply::Control(Box::new(self.post(net, "sync/control", body)?))
                }
                (_, Some((_, sent))) => sent.finish(net)?,
                (request, None) => self.send(net, request)?.finish(net)?,
            };
            if let Reply::Pull(PullReply::Page(page)) = &reply {
                exchanged.rows += page
                    .rows
                    .iter()
                    .filter(|row| row.kind == Kind::Appointment)
                    .count();
                exchanged.commits += usize::from(page.complete);
            }
            exchanged.commits += usize::from(!matches!(reply, Reply::Push(_)));
            // As the window does: the next request travels while this reply is taken in.
            if let Some(next) = self.device.request_after(&reply)? {
                let sent = self.send(net, &next)?;
                ahead = Some((next, sent));
            }
            self.device.settle(now(), &request, reply)?;
            if matches!(request, Request::Control(_)) {
                exchanged.let_go_ms = wire::millis(begun);
            }
        }
        Ok(exchanged)
    }

    fn send(&self, net: &mut Net, request: &Request) -> Result<Ahead> {
        let post = |net: &Net, path: &str| {
            let url = format!("{}/api/sync/{path}", self.url);
            net.http.post(url).bearer_auth(&self.credential)
        };
        match request {
            Request::Pull(body) => {
                let post = post(net, "pull");
                Ok(Ahead::Pull(net.begin(post, serde_json::to_vec(body)?)))
            }
            Request::Push(body) => {
                let post = post(net, "push");
                Ok(Ahead::Push(net.begin(post, serde_json::to_vec(body)?)))
            }
            Request::Control(_) => bail!("not a request of this bench"),
        }
    }

    fn post<T: DeserializeOwned>(&self, net: &mut Net, path: &str, body: &impl Serialize) -> Result<T> {
        post(net, &self.url, &self.credential, path, body)
    }

    /// Saves a note on an inspection.
    pub fn save(&mut self, number: usize, note: u128, text: &str) -> Result<()> {
        let command = AddNote {
            appointment: town::id_of(number)?,
            note: policy::RecordId::parse(format!("note-{note:032x}"))?,
            text: text.to_owned(),
        };
        match self
            .device
            .submit(now(), CommandId::from_random(note), command.into(), None)?
        {
            Ok(_) => Ok(()),
            Err(refusal) => bail!("a note was refused: {refusal:?}"),
        }
    }

    /// How many changes wait and how many were returned.
    pub fn waiting(&self) -> Result<(u64, u64)> {
        let (waiting, returned, _) = self.device.counts()?;
        Ok((waiting, returned))
    }

    /// How many inspections are held; an error where the office's proof was not met.
    pub fn held(&self) -> Result<usize> {
        let holdings = self.device.holdings()?;
        holdings.checked.context("the proof after the sync is missing")?;
        let held = holdings
            .records
            .iter()
            .find(|held| held.kind == Kind::Appointment.name());
        Ok(usize::try_from(held.map_or(0, |held| held.count))?)
    }

    /// How many inspections a search finds.
    pub fn search(&self, text: &str) -> Result<usize> {
        Ok(self.device.search(text, SEARCH_LIMIT)?.len())
    }

    /// How many inspections are on the day of this one.
    pub fn day(&self, number: usize) -> Result<usize> {
        let day = town::day_of(number)?;
        let (from, to) = (format!("{day}|"), format!("{day}|~"));
        let query = ListQuery {
            kind: Kind::Appointment,
            index: "day",
            from: &from,
            to: &to,
            limit: usize::MAX,
        };
        Ok(self.device.list(query)?.len())
    }
}

fn post<T: DeserializeOwned>(
    net: &mut Net,
    url: &str,
    credential: &str,
    path: &str,
    body: &impl Serialize,
) -> Result<T> {
    let request = net.http.post(format!("{url}/api/{path}")).bearer_auth(credential);
    let mut reply = Vec::new();
    net.send(request, serde_json::to_vec(body)?, |bytes| {
        reply.extend_from_slice(bytes);
        Ok(())
    })
    .with_context(|| path.to_owned())?;
    Ok(serde_json::from_slice(&reply)?)
}
