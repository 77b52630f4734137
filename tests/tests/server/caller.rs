//! Somebody who asks the office something, over HTTP and without the product's own client. Every byte that comes back is kept.

use anyhow::{Context as _, Result, ensure};
use domain::{Command, CommandId};
use policy::views::View;
use policy::{Code, Denial, Kind};
use reqwest::Method;
use reqwest::blocking::{Client, RequestBuilder};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use sync::{
    Answer, Control, ControlRequest, Cursor, Envelope, PullReply, PullRequest, PushReply, SignInReply,
};

/// One reply, read to its end and unpacked.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub bytes: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.bytes).with_context(|| self.said())
    }

    /// Status and body, for a message.
    pub fn said(&self) -> String {
        format!("{}: {}", self.status, String::from_utf8_lossy(&self.bytes))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The stable code of a problem.
    pub fn code(&self) -> Result<String> {
        Ok(self.json()?["code"]
            .as_str()
            .context("a problem without a code")?
            .to_owned())
    }

    /// Asserts a problem: its status, its code, and a sentence for people.
    pub fn is(&self, status: u16, code: &str) -> Result<()> {
        let said = String::from_utf8_lossy(&self.bytes);
        ensure!(
            self.status == status,
            "expected {status} {code}, got {} {said}",
            self.status
        );
        ensure!(
            self.code()? == code,
            "expected {status} {code}, got {} {said}",
            self.status
        );
        let sentence = self.json()?["sentence"].as_str().unwrap_or_default().to_owned();
        ensure!(sentence.ends_with('.'), "`{sentence}` is not a sentence");
        Ok(())
    }
}

/// Records as they were sent: by view and id, kind and body.
pub type Rows = BTreeMap<(View, String), (Kind, Value)>;

/// What a caller has been given so far.
#[derive(Debug, Clone, Default)]
pub struct Holding {
    pub views: Vec<View>,
    pub cursor: Option<Cursor>,
    pub rows: Rows,
}

impl Holding {
    /// The ids of the records of a kind.
    pub fn ids(&self, kind: Kind) -> Vec<String> {
        let of_kind = self.rows.iter().filter(|(_, (other, _))| *other == kind);
        let mut ids: Vec<String> = of_kind.map(|((_, id), _)| id.clone()).collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// A record as the union of what its views show.
    pub fn body(&self, id: &str) -> Option<Value> {
        let rows = self.rows.iter().filter(|((_, other), _)| other == id);
        let mut fields = serde_json::Map::new();
        for (_, (_, body)) in rows {
            fields.extend(body.as_object().cloned().unwrap_or_default());
        }
        (!fields.is_empty()).then_some(Value::Object(fields))
    }

    /// A record, which must be there.
    pub fn shows(&self, id: &str) -> Result<Value> {
        self.body(id).with_context(|| format!("{id} was not received"))
    }
}

/// A caller with or without a credential.
pub struct Caller {
    http: Client,
    pub address: String,
    pub credential: Option<String>,
    pub device: String,
    /// Every byte of every reply.
    pub heard: RefCell<Vec<u8>>,
}

impl Caller {
    /// Somebody without a credential.
    pub fn nobody(address: &str) -> Result<Caller> {
        // A connection the office has hung up on must not be taken for the next question.
        let http = Client::builder()
            .timeout(Duration::from_secs(60))
            .pool_max_idle_per_host(0)
            .build()?;
        let (credential, heard) = (None, RefCell::default());
        Ok(Caller {
            http,
            address: address.to_owned(),
            credential,
            device: String::new(),
            heard,
        })
    }

    /// Somebody who has signed in.
    pub fn signed_in(address: &str, username: &str, password: &str) -> Result<Caller> {
        let mut caller = Caller::nobody(address)?;
        let reply = caller.sign_in(username, password)?;
        let reply: SignInReply = serde_json::from_slice(&reply.bytes).with_context(|| reply.said())?;
        caller.credential = Some(reply.credential);
        caller.device = reply.device;
        Ok(caller)
    }

    /// One attempt to sign in on a fresh laptop.
    pub fn sign_in(&self, username: &str, password: &str) -> Result<Reply> {
        let body = json!({ "username": username, "password": password, "device_name": "laptop" });
        self.post("/api/sign-in", &body)
    }

    /// The same caller with another credential.
    pub fn with_credential(&self, credential: Option<&str>) -> Caller {
        Caller {
            http: self.http.clone(),
            address: self.address.clone(),
            credential: credential.map(str::to_owned),
            device: self.device.clone(),
            heard: RefCell::default(),
        }
    }

    /// Any request at all.
    pub fn asks(&self, method: Method, path: &str, body: Option<(&str, Vec<u8>)>) -> Result<Reply> {
        let mut request = self.http.request(method, format!("{}{path}", self.address));
        if let Some((media_type, bytes)) = body {
            request = request.header("content-type", media_type).body(bytes);
        }
        self.hears(request)
    }

    /// A question with a header of its own.
    pub fn asks_with(&self, path: &str, (name, value): (&str, &str)) -> Result<Reply> {
        self.hears(
            self.http
                .get(format!("{}{path}", self.address))
                .header(name, value),
        )
    }

    fn hears(&self, mut request: RequestBuilder) -> Result<Reply> {
        if let Some(credential) = &self.credential {
            request = request.bearer_auth(credential);
        }
        let response = request.send()?;
        let status = response.status().as_u16();
        let text =
            |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect();
        let bytes = response.bytes()?.to_vec();
        let mut heard = self.heard.borrow_mut();
        for (name, value) in &headers {
            heard.extend(format!("{name}: {value}\n").into_bytes());
        }
        heard.extend(&bytes);
        heard.push(b'\n');
        Ok(Reply {
            status,
            headers,
            bytes,
        })
    }

    pub fn get(&self, path: &str) -> Result<Reply> {
        self.asks(Method::GET, path, None)
    }

    pub fn post(&self, path: &str, body: &Value) -> Result<Reply> {
        self.asks(
            Method::POST,
            path,
            Some(("application/json", serde_json::to_vec(body)?)),
        )
    }

    pub fn control(&self, holding: &Holding) -> Result<Control> {
        let request = ControlRequest {
            held: holding.views.clone(),
            cursor: holding.cursor.clone(),
            receipts: Vec::new(),
            turn: None,
        };
        let reply = self.post("/api/sync/control", &json!(request))?;
        serde_json::from_slice(&reply.bytes).with_context(|| reply.said())
    }

    /// Control, then pages until nothing is missing: what a device does, without a device.
    pub fn pulls(&self, holding: &mut Holding) -> Result<Control> {
        let control = self.control(holding)?;
        holding.rows.retain(|(view, _), _| !control.lost.contains(view));
        holding.views.retain(|view| !control.lost.contains(view));
        holding.views.extend(
            control
                .gained
                .iter()
                .filter(|view| !holding.views.contains(view))
                .cloned()
                .collect::<Vec<_>>(),
        );
        holding.cursor = Some(control.cursor.clone());
        for _ in 0..1000 {
            let cursor = holding.cursor.clone().context("no cursor")?;
            let reply = self.pull(&cursor)?;
            let PullReply::Page(page) = reply else {
                return self.pulls(holding);
            };
            let view = |index: u16| {
                page.views
                    .get(usize::from(index))
                    .cloned()
                    .context("a row of no view")
            };
            for removed in &page.removed {
                holding
                    .rows
                    .remove(&(view(removed.view)?, removed.id.to_string()));
            }
            for row in &page.rows {
                let body: Value = serde_json::from_str(row.body.get())?;
                holding
                    .rows
                    .insert((view(row.view)?, row.id.to_string()), (row.kind, body));
            }
            holding.cursor = Some(page.cursor);
            if page.complete {
                return Ok(control);
            }
        }
        anyhow::bail!("the pull does not end")
    }

    /// One page.
    pub fn pull(&self, cursor: &Cursor) -> Result<PullReply> {
        let reply = self.post(
            "/api/sync/pull",
            &json!(PullRequest {
                cursor: cursor.clone(),
                tallies: true
            }),
        )?;
        serde_json::from_slice(&reply.bytes).with_context(|| reply.said())
    }

    /// Everything this caller may have, from nothing.
    pub fn sees(&self) -> Result<Holding> {
        let mut holding = Holding::default();
        self.pulls(&mut holding)?;
        Ok(holding)
    }

    /// Sends commands as they are; gives the reply as it is.
    pub fn push(&self, commands: &[Value]) -> Result<Reply> {
        self.post("/api/sync/push", &json!({ "commands": commands }))
    }

    /// Gives commands, and gets an answer to each.
    pub fn give(&self, commands: &[Envelope]) -> Result<Vec<Answer>> {
        let reply = self.post("/api/sync/push", &json!({ "commands": commands }))?;
        ensure!(
            reply.status == 200,
            "push: {} {}",
            reply.status,
            String::from_utf8_lossy(&reply.bytes)
        );
        let reply: PushReply = serde_json::from_slice(&reply.bytes)?;
        let ids = reply.answers.iter().map(|answered| &answered.id);
        ensure!(
            ids.eq(commands.iter().map(|envelope| &envelope.id)),
            "the answers are to other commands"
        );
        Ok(reply
            .answers
            .into_iter()
            .map(|answered| answered.answer)
            .collect())
    }

    /// Gives one command.
    pub fn does(&self, command: impl Into<Command>) -> Result<Answer> {
        Ok(self.give(&[envelope(command)])?.remove(0))
    }

    /// Gives one command that is taken.
    pub fn takes(&self, command: impl Into<Command>) -> Result<()> {
        match self.does(command)? {
            Answer::Taken => Ok(()),
            other => anyhow::bail!("not taken: {other:?}"),
        }
    }

    /// Gives one command that is refused, for this reason.
    pub fn refused(&self, command: impl Into<Command>, code: Code) -> Result<Denial> {
        match self.does(command)? {
            Answer::Refused { denial } if denial.code == code => Ok(denial),
            other => anyhow::bail!("expected a refusal with {code:?}, got {other:?}"),
        }
    }
}

/// A command on its way, with a fresh id.
pub fn envelope(command: impl Into<Command>) -> Envelope {
    Envelope {
        id: fresh_id(),
        claimed_at: chrono::Utc::now().timestamp_millis() - 60_000,
        after: Vec::new(),
        command: command.into(),
    }
}

/// A command id nobody has used yet.
pub fn fresh_id() -> CommandId {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    CommandId::from_random((7_u128 << 100) + u128::from(NEXT.fetch_add(1, Ordering::SeqCst)))
}
