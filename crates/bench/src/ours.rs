//! Ours: the product's own device on encrypted files, in this process.

use crate::office::PASSWORD;
use crate::town;
use crate::wire::{self, Net, Pending};
use anyhow::{Context as _, Result, bail};
use device::{Device, Reply, Request};
use domain::CommandId;
use domain::inspections::AddNote;
use policy::{Kind, Millis, Rights};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use store::sqlite::{Cache, FileKey, ListQuery, Outbox};
use sync::{PullReply, PushReply, SignInReply, SignInRequest};

const KEY: FileKey = FileKey([7; 32]);
/// What the window asks a search for.
const SEARCH_LIMIT: usize = 20;

/// What an exchange consisted of.
#[derive(Debug, Clone, Copy, Default)]
pub struct Exchanged {
    /// Inspections that came.
    pub rows: usize,
    /// Commits of the device's cache: one per control step, one per page, one when the proof is noted.
    pub commits: usize,
    /// Until the device had let go of what it may no longer hold.
    pub let_go_ms: f64,
    /// The longest that one reply was taken in, or one request made: nobody else reads the files meanwhile.
    pub held_up_ms: f64,
}

impl Exchanged {
    /// Has something done with the files, and notes how long they were held.
    fn holding<R>(&mut self, work: impl FnOnce() -> R) -> R {
        let begun = Instant::now();
        let done = work();
        self.held_up_ms = self.held_up_ms.max(wire::millis(begun));
        done
    }
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

    /// A device that is signed in already; its files are made where they are missing.
    pub fn seated(url: &str, credential: String, rights: Rights, folder: &Path) -> Result<Laptop> {
        Ok(Laptop {
            device: open(folder, rights)?,
            url: url.to_owned(),
            credential,
        })
    }

    /// What it signs its requests with.
    pub fn credential(&self) -> &str {
        &self.credential
    }

    /// What its person may do and see.
    pub fn rights(&self) -> &Rights {
        self.device.rights()
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
        while let Some(request) = exchanged.holding(|| self.device.next_request())? {
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
            if let Some(next) = exchanged.holding(|| self.device.request_after(&reply))? {
                let sent = self.send(net, &next)?;
                ahead = Some((next, sent));
            }
            exchanged.holding(|| self.device.settle(now(), &request, reply))?;
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
