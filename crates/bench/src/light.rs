//! A client that speaks the protocol and keeps nothing but its place: what the office has to do for a device, without
//! what the device does.

use anyhow::{Context as _, Result, bail, ensure};
use policy::views::View;
use policy::{Kind, Rights};
use reqwest::{Client, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync::{Control, ControlRequest, Cursor, PullReply, PullRequest};

/// A client for any number of such devices, which unpacks nothing by itself.
pub fn client() -> Result<Client> {
    Ok(Client::builder().no_proxy().gzip(false).zstd(false).build()?)
}

/// One signed-in device. Its copy has the same credential and the same place, and can go its own way from there.
#[derive(Clone)]
pub struct Light {
    url: String,
    credential: String,
    held: Vec<View>,
    cursor: Option<Cursor>,
}

impl Light {
    /// A device that has just signed in.
    pub fn new(url: &str, credential: String) -> Light {
        Light {
            url: url.to_owned(),
            credential,
            held: Vec::new(),
            cursor: None,
        }
    }

    /// What the device's person may do and see.
    pub async fn rights(&self, http: &Client) -> Result<Rights> {
        let request = ControlRequest {
            held: Vec::new(),
            cursor: None,
            receipts: Vec::new(),
            turn: None,
        };
        let control: Control = self.post(http, "control", &request).await?;
        Ok(control.rights)
    }

    /// A whole exchange: the control step, then pages until nothing is missing. Gives how many inspections came.
    pub async fn exchange(&mut self, http: &Client) -> Result<usize> {
        let request = ControlRequest {
            held: self.held.clone(),
            cursor: self.cursor.clone(),
            receipts: Vec::new(),
            turn: None,
        };
        let control: Control = self.post(http, "control", &request).await?;
        ensure!(control.lost.is_empty(), "a device has lost {:?}", control.lost);
        self.held.extend(control.gained);
        let mut cursor = control.cursor;
        let mut rows = 0;
        loop {
            let request = PullRequest {
                cursor,
                tallies: false,
            };
            let PullReply::Page(page) = self.post(http, "pull", &request).await? else {
                bail!("rights changed while something was measured");
            };
            let inspections = page.rows.iter().filter(|row| row.kind == Kind::Appointment);
            rows += inspections.count();
            cursor = page.cursor;
            if page.complete {
                break;
            }
        }
        self.cursor = Some(cursor);
        Ok(rows)
    }

    /// The request for the stream that says when something has happened.
    pub fn events(&self, http: &Client) -> RequestBuilder {
        http.get(format!("{}/api/events", self.url))
            .bearer_auth(&self.credential)
    }

    async fn post<T: DeserializeOwned>(&self, http: &Client, path: &str, body: &impl Serialize) -> Result<T> {
        let request = http
            .post(format!("{}/api/sync/{path}", self.url))
            .bearer_auth(&self.credential)
            .header("accept-encoding", "zstd")
            .header("content-type", "application/json")
            .body(serde_json::to_vec(body)?);
        let response = request.send().await?.error_for_status()?;
        let is_packed = response
            .headers()
            .get("content-encoding")
            .is_some_and(|value| value == "zstd");
        let bytes = response.bytes().await.with_context(|| path.to_owned())?;
        if is_packed {
            Ok(serde_json::from_slice(&zstd::decode_all(&bytes[..])?)?)
        } else {
            Ok(serde_json::from_slice(&bytes)?)
        }
    }
}
