//! The window: the only crate that knows Tauri. It adds who, when and a fresh id, and passes on the rest.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod app;
#[cfg(test)]
mod bindings;
mod bridge;
mod deposits;
mod photos;
mod problem;
mod profile;
mod sending;
mod session;
mod status;
mod updates;
mod vault;
mod worker;

use anyhow::Context as _;
use app::App;
use profile::Profile;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::Arc;
use tauri::{Manager as _, WebviewUrl, WebviewWindowBuilder};

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("BAILIWICK_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let given = match profile_argument() {
        Ok(given) => given,
        Err(sentence) => {
            tracing::error!("{sentence}");
            return ExitCode::from(2);
        }
    };
    match run(given) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The folder given with `--profile DIR`, or in BAILIWICK_PROFILE where a launcher passes no arguments.
fn profile_argument() -> Result<Option<PathBuf>, String> {
    let mut args = std::env::args_os().skip(1);
    let mut given = std::env::var_os("BAILIWICK_PROFILE").map(PathBuf::from);
    while let Some(arg) = args.next() {
        match arg.to_str() {
            Some("--profile") => match args.next() {
                Some(dir) => given = Some(PathBuf::from(dir)),
                None => return Err("--profile needs a folder".to_owned()),
            },
            Some(other) if other.starts_with("--profile=") => {
                given = Some(PathBuf::from(&other["--profile=".len()..]));
            }
            _ => {
                return Err(format!(
                    "{} is not known; accepted is --profile DIR",
                    arg.to_string_lossy()
                ));
            }
        }
    }
    Ok(given)
}

fn run(given: Option<PathBuf>) -> anyhow::Result<()> {
    let mut context = tauri::generate_context!();
    let folder = match given {
        Some(folder) => folder,
        None => default_folder(&context.config().identifier)?,
    };
    let profile = Profile::open(&folder)?;
    // One window per profile: the identifier is what tells one running program from another.
    let identifier = format!("{}.p{}", context.config().identifier, profile.tag());
    context.config_mut().identifier = identifier;
    let app = Arc::new(App::new(profile));
    let app_here = Arc::clone(&app);
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|handle, _, _| {
            if let Some(window) = handle.get_webview_window("main") {
                let _ = window.unminimize();
                let _ = window.set_focus();
            }
        }))
        .plugin(tauri_plugin_updater::Builder::new().build())
        .manage(Arc::clone(&app))
        .on_window_event({
            let app = Arc::clone(&app);
            move |_, event| {
                if matches!(event, tauri::WindowEvent::CloseRequested { .. }) {
                    app.state().profile.note_closing();
                }
            }
        })
        .invoke_handler(tauri::generate_handler![
            bridge::status,
            bridge::sign_in,
            bridge::unlock,
            bridge::lock,
            bridge::sign_out,
            bridge::list,
            bridge::sheet,
            bridge::takers,
            bridge::gaps,
            bridge::news,
            bridge::looked_at,
            bridge::search,
            bridge::submit,
            bridge::undo,
            bridge::outbox,
            bridge::returned,
            bridge::dismiss_returned,
            bridge::retry_returned,
            bridge::access,
            bridge::holdings,
            bridge::seen_receipt,
            photos::add_photo,
            photos::thumbnail,
            photos::photo,
            photos::photo_queue,
            photos::pause_photos,
            photos::hurry_photos,
            photos::remove_photo,
            bridge::basemap,
            bridge::sync_now,
            updates::about,
            updates::newer_version,
            updates::install_newer,
        ])
        .setup(move |tauri_app| {
            WebviewWindowBuilder::new(tauri_app, "main", WebviewUrl::App("index.html".into()))
                .title("Bailiwick")
                .inner_size(1366.0, 768.0)
                .min_inner_size(640.0, 480.0)
                // Nothing but the application itself is ever shown.
                .on_navigation(|url| {
                    matches!(url.scheme(), "tauri") || url.host_str() == Some("tauri.localhost")
                })
                .disable_drag_drop_handler()
                .build()?;
            let handle = tauri_app.handle().clone();
            app.attach(handle);
            // The keyring may take its time, and the window must not wait for it.
            let resuming = Arc::clone(&app);
            std::thread::spawn(move || {
                resuming.resume();
                tauri::async_runtime::spawn(worker::run(resuming));
            });
            Ok(())
        })
        .build(context);
    let window = match built {
        Ok(window) => window,
        // The window that was open ended while it was asked to show itself.
        Err(_) if app_here.state().profile.comes_free() => return begin_again(&app_here),
        Err(error) => return Err(error).context("the window cannot be opened"),
    };
    // Building has shown the window that is open already, and ended here, where the two could find each other. Where they
    // could not, the other one was just ended, or there is nothing to find each other by.
    let is_ours = app_here.state().profile.become_ours();
    anyhow::ensure!(is_ours, "Bailiwick is already open on {}", folder.display());
    window.run(|_, _| {});
    Ok(())
}

/// Starts this program anew: as this very process where the system can.
fn begin_again(app: &App) -> anyhow::Result<()> {
    app.state().profile.note_closing();
    let mut program = Command::new(std::env::current_exe()?);
    program.args(std::env::args_os().skip(1));
    #[cfg(unix)]
    let begun = Err(std::os::unix::process::CommandExt::exec(&mut program));
    #[cfg(not(unix))]
    let begun = program.spawn().map(drop);
    begun.context("the program cannot be started anew")
}

fn default_folder(identifier: &str) -> anyhow::Result<PathBuf> {
    let base = if cfg!(windows) {
        std::env::var_os("LOCALAPPDATA").map(PathBuf::from)
    } else if cfg!(target_os = "macos") {
        std::env::var_os("HOME").map(|home| PathBuf::from(home).join("Library/Application Support"))
    } else {
        let data = std::env::var_os("XDG_DATA_HOME")
            .filter(|data| !data.is_empty())
            .map(PathBuf::from);
        data.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share")))
    };
    Ok(base
        .context("there is no folder for application data; give one with --profile DIR")?
        .join(identifier))
}
