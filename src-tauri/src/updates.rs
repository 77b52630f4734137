//! A newer version of this program: looked for where whoever built it said, and taken only with their signature.

use crate::problem::Problem;
use serde::Serialize;
use tauri::{AppHandle, Manager as _};
use tauri_plugin_updater::{Error, Update, UpdaterExt as _};

/// What this program is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct About {
    pub version: String,
    /// It was built to look for newer versions of itself.
    pub updates_itself: bool,
}

/// This program's version, and whether it looks for newer ones.
#[tauri::command]
pub fn about(handle: AppHandle) -> About {
    About {
        version: handle.package_info().version.to_string(),
        updates_itself: has_places(&handle.config().plugins.0),
    }
}

/// The number of a newer version, where there is one.
#[tauri::command]
pub async fn newer_version(handle: AppHandle) -> Result<Option<String>, Problem> {
    Ok(find(&handle).await?.map(|update| update.version))
}

/// Fetches the newer version, checks its signature, installs it and begins again. What was not sent yet is on the disk and
/// is sent by the newer version.
#[tauri::command]
pub async fn install_newer(handle: AppHandle) -> Result<(), Problem> {
    let Some(update) = find(&handle).await? else {
        let sentence = "There is no newer version any more.";
        return Err(Problem::new("no_update", sentence));
    };
    update.download_and_install(|_, _| {}, || {}).await?;
    if let Some(app) = handle.try_state::<std::sync::Arc<crate::app::App>>() {
        app.state().profile.note_closing();
    }
    handle.restart()
}

async fn find(handle: &AppHandle) -> Result<Option<Update>, Problem> {
    Ok(handle.updater()?.check().await?)
}

/// Whether the configuration this program was built with names places to look at.
fn has_places(plugins: &std::collections::HashMap<String, serde_json::Value>) -> bool {
    plugins
        .get("updater")
        .and_then(|updater| updater["endpoints"].as_array())
        .is_some_and(|places| !places.is_empty())
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        tracing::warn!(%error, "no update");
        match error {
            Error::EmptyEndpoints => {
                let sentence = "This program was built without a place to look for newer versions. Whoever looks after your computer installs them.";
                Problem::new("no_updates_here", sentence)
            }
            Error::Minisign(_) | Error::Base64(_) | Error::SignatureUtf8(_) => {
                let sentence =
                    "The newer version is not signed by those who made this one, so it was not installed.";
                Problem::new("update_not_signed", sentence)
            }
            Error::Reqwest(_) | Error::Network(_) | Error::ReleaseNotFound => {
                let sentence = "Newer versions cannot be looked for now: their server does not answer.";
                Problem::new("updates_unreachable", sentence)
            }
            _ => {
                let sentence = "The newer version could not be installed; this one goes on as it is.";
                Problem::new("update_failed", sentence)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_a_build_that_names_a_place_looks_for_updates() {
        let with = |updater| has_places(&[("updater".to_owned(), updater)].into());
        assert!(!with(json!({ "pubkey": "", "endpoints": [] })));
        assert!(with(
            json!({ "pubkey": "k", "endpoints": ["https://town.example/latest.json"] })
        ));
        assert!(!has_places(&Default::default()));
    }

    #[test]
    fn the_configuration_refuses_what_does_not_say_which_version_was_signed() {
        let text = include_str!("../tauri.conf.json");
        let config: serde_json::Value = serde_json::from_str(text).unwrap();
        let updater = &config["plugins"]["updater"];
        assert_eq!(updater["requireSignedVersion"], true);
        assert!(updater.get("allowDowngrades").is_none());
        assert!(updater.get("dangerousInsecureTransportProtocol").is_none());
        // Keys are given by whoever builds for a town; none is in the sources.
        assert_eq!(updater["pubkey"], "");
    }
}
