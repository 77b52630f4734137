//! What a laptop may still do when its person is shut out: leave sealed work, and learn that it is to be emptied. The client's
//! credential is the token for that, which opens nothing else.

use crate::{Client, Trouble, read, unreachable};
use serde_json::Value;
use std::time::Duration;

/// How long a parcel may take: a photo of 8 MiB over a bad connection.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

impl Client {
    /// Delivers a sealed parcel.
    pub async fn deposit(&self, device: &str, sealed: Vec<u8>) -> Result<(), Trouble> {
        let request = self.http.put(self.url(&format!("deposits/{device}")));
        let request = request
            .bearer_auth(&self.credential)
            .body(sealed)
            .timeout(PATIENCE);
        let response = request.send().await.map_err(unreachable)?;
        read::<Value>(response).await.map(drop)
    }

    /// Whether the office wants this laptop emptied.
    pub async fn is_wipe_asked(&self, device: &str) -> Result<bool, Trouble> {
        let response = self.get(&format!("deposits/{device}")).await?;
        match read::<Value>(response).await {
            Ok(_) => Ok(false),
            Err(trouble) if trouble.code == "wipe" => Ok(true),
            Err(trouble) => Err(trouble),
        }
    }

    /// Says that the laptop is empty.
    pub async fn wiped(&self, device: &str) -> Result<(), Trouble> {
        let path = format!("deposits/{device}/wiped");
        self.post::<Value>(&path, &serde_json::json!({})).await.map(drop)
    }
}
