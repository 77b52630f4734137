//! The laptop's end of the wire: the office over HTTP. What answers is not believed to be an office before it has spoken
//! like one; whatever else it says is a [`Trouble`], and nothing changes.

mod deposits;
mod photos;

use device::{Reply, Request};
use futures::StreamExt as _;
use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;
use sync::{SignInReply, SignInRequest};

/// The largest reply that is read, in bytes.
const REPLY_MAX: usize = 64 * 1024 * 1024;

/// Why a request came to nothing: a stable code and a sentence. Nothing was changed here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub code: String,
    pub sentence: String,
}

impl Trouble {
    fn new(code: &str, sentence: impl Into<String>) -> Trouble {
        Trouble {
            code: code.to_owned(),
            sentence: sentence.into(),
        }
    }
}

/// A connection to one office, with or without a credential.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    server: String,
    credential: String,
}

/// What came of listening.
pub enum Heard {
    Changed,
    /// The office has ended the credential.
    Ended,
}

impl Client {
    /// A client of the office at an address such as `https://office.example`.
    pub fn new(server: &str, credential: &str) -> Result<Client, Trouble> {
        let server = server.trim().trim_end_matches('/').to_owned();
        let wrong = || {
            let sentence = format!(
                "The server address is `{server}`; accepted is something like https://office.example."
            );
            Trouble::new("server_invalid", sentence)
        };
        let url = reqwest::Url::parse(&server).map_err(|_| wrong())?;
        let loopback = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
            let sentence = "The server address must begin with https:// so that nobody can listen in.";
            return Err(Trouble::new("server_invalid", sentence));
        }
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| Trouble::new("fault", format!("No connection can be made: {error}.")))?;
        Ok(Client {
            http,
            server,
            credential: credential.to_owned(),
        })
    }

    /// Signs in.
    pub async fn sign_in(&self, request: &SignInRequest) -> Result<SignInReply, Trouble> {
        let request = self
            .http
            .post(self.url("sign-in"))
            .json(request)
            .timeout(Duration::from_secs(30));
        read(request.send().await.map_err(unreachable)?).await
    }

    /// Ends this device's credential.
    pub async fn sign_out(&self) -> Result<(), Trouble> {
        let request = self.http.post(self.url("sign-out")).bearer_auth(&self.credential);
        let response = request
            .timeout(Duration::from_secs(5))
            .send()
            .await
            .map_err(unreachable)?;
        read::<Value>(response).await.map(drop)
    }

    /// Sends one request of an exchange.
    pub async fn send(&self, request: &Request) -> Result<Reply, Trouble> {
        match request {
            Request::Control(body) => self
                .post("sync/control", body)
                .await
                .map(Box::new)
                .map(Reply::Control),
            Request::Push(body) => self.post("sync/push", body).await.map(Reply::Push),
            Request::Pull(body) => self.post("sync/pull", body).await.map(Reply::Pull),
        }
    }

    /// Fetches the map below the visits.
    pub async fn basemap<T: DeserializeOwned>(&self) -> Result<Option<T>, Trouble> {
        let response = self.get("basemap").await?;
        if response.status() == StatusCode::NOT_FOUND {
            Ok(None)
        } else {
            read(response).await.map(Some)
        }
    }

    /// Listens until the office closes the stream; `heard` is called for each word.
    pub async fn listen(&self, mut heard: impl FnMut(Heard)) -> Result<(), Trouble> {
        let request = self.http.get(self.url("events")).bearer_auth(&self.credential);
        let response = request.send().await.map_err(unreachable)?;
        if !response.status().is_success() {
            return Err(refused(response).await);
        }
        let mut stream = response.bytes_stream();
        let mut text = String::new();
        // The office speaks every 15 seconds, if only to say that it is there.
        while let Ok(chunk) = tokio::time::timeout(Duration::from_secs(45), stream.next()).await {
            let Some(chunk) = chunk else { return Ok(()) };
            text.push_str(&String::from_utf8_lossy(&chunk.map_err(unreachable)?));
            while let Some((line, rest)) = text.split_once('\n') {
                match line.trim_end() {
                    "event: changed" => heard(Heard::Changed),
                    "event: ended" => heard(Heard::Ended),
                    _ => {}
                }
                text = rest.to_owned();
            }
            if text.len() > 4096 {
                return Err(strange());
            }
        }
        Err(Trouble::new("server_unreachable", "The office has gone quiet."))
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/{path}", self.server)
    }

    async fn get(&self, path: &str) -> Result<Response, Trouble> {
        let request = self.http.get(self.url(path)).bearer_auth(&self.credential);
        request
            .timeout(Duration::from_secs(60))
            .send()
            .await
            .map_err(unreachable)
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl serde::Serialize,
    ) -> Result<T, Trouble> {
        let request = self
            .http
            .post(self.url(path))
            .bearer_auth(&self.credential)
            .json(body);
        read(
            request
                .timeout(Duration::from_secs(60))
                .send()
                .await
                .map_err(unreachable)?,
        )
        .await
    }
}

async fn body(response: Response) -> Result<Vec<u8>, Trouble> {
    let mut stream = response.bytes_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        bytes.extend_from_slice(&chunk.map_err(unreachable)?);
        if bytes.len() > REPLY_MAX {
            return Err(strange());
        }
    }
    Ok(bytes)
}

/// Reads a JSON reply. Anything else, such as the page of a captive portal, changes nothing.
async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Trouble> {
    if !response.status().is_success() {
        return Err(refused(response).await);
    }
    let bytes = body(response).await?;
    serde_json::from_slice(&bytes).map_err(|error| {
        tracing::warn!(%error, "an answer that is not the office's");
        strange()
    })
}

async fn refused(response: Response) -> Trouble {
    let status = response.status();
    let said = body(response).await.unwrap_or_default();
    trouble(status, serde_json::from_slice(&said).ok())
}

/// What the office says of a request that came to nothing.
fn trouble(status: StatusCode, said: Option<Value>) -> Trouble {
    let text = |key: &str| {
        said.as_ref()
            .and_then(|said| said.get(key))
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    match (text("code"), text("sentence")) {
        (Some(code), Some(sentence)) => Trouble::new(&code, sentence),
        _ => {
            tracing::warn!(%status, "an answer that is not the office's");
            strange()
        }
    }
}

fn unreachable(error: reqwest::Error) -> Trouble {
    tracing::debug!(%error, "the office cannot be reached");
    Trouble::new(
        "server_unreachable",
        "The office cannot be reached. Check the connection and the server address.",
    )
}

fn strange() -> Trouble {
    let sentence =
        "What answered is not a Bailiwick office. Check the server address, or sign in to the network first.";
    Trouble::new("not_the_office", sentence)
}
