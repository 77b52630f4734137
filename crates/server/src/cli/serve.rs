//! Serving, until it is stopped.

use super::{Failure, say};
use crate::http;
use crate::office::Office;
use anyhow::Context as _;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;

/// Serves an office at an address; says where first.
pub(super) fn serve(office: Arc<Office>, listen: SocketAddr) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime")?;
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind(listen)
            .await
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::AddrInUse => {
                    anyhow::anyhow!("{listen} is in use by another program; choose another --listen")
                }
                _ => anyhow::anyhow!("{listen} cannot be listened on: {error}"),
            })?;
        let address = listener.local_addr().context("the address")?;
        say(&json!({ "listening": format!("http://{address}") }));
        tokio::spawn(Arc::clone(&office).watch());
        let stopped = async {
            let _ = tokio::signal::ctrl_c().await;
        };
        tokio::select! {
            served = axum::serve(listener, http::router(office)) => served.context("serving")?,
            () = stopped => {}
            () = terminated() => {}
        }
        anyhow::Ok(())
    })?;
    // Streams that are still open do not hold up the end.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    Ok(())
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
