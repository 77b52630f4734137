//! Serving, until it is stopped.

use super::{Failure, say, usage};
use crate::http;
use crate::office::Office;
use crate::photos::tidy;
use crate::{roster, short_log};
use anyhow::Context as _;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use clap::Args;
use serde_json::json;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How long requests that have begun may take when the office is stopped.
const LAST_REQUESTS: Duration = Duration::from_secs(10);
/// How often the office looks whether its certificate was renewed.
const CERTIFICATE_EVERY: Duration = Duration::from_secs(60);

/// How an office is served.
#[derive(Args)]
pub(super) struct Serving {
    /// The address and port; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The certificate for TLS, a PEM file with its chain. A renewed file is taken up without a restart.
    #[arg(long, requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The private key for TLS, a PEM file.
    #[arg(long, requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// A proxy is in front: who asks is the last address in `X-Forwarded-For`.
    #[arg(long)]
    behind_proxy: bool,
}

/// The files of a certificate.
#[derive(Clone)]
struct Certificate {
    cert: PathBuf,
    key: PathBuf,
}

impl Certificate {
    async fn load(&self) -> std::io::Result<RustlsConfig> {
        RustlsConfig::from_pem_file(&self.cert, &self.key).await
    }

    fn changed_at(&self) -> Option<SystemTime> {
        let changed = |file: &PathBuf| std::fs::metadata(file).and_then(|known| known.modified()).ok();
        changed(&self.cert).max(changed(&self.key))
    }

    /// Takes up the files whenever they change. One that cannot be used leaves the old one in place.
    async fn keep_fresh(self, config: RustlsConfig) {
        let mut known = self.changed_at();
        loop {
            tokio::time::sleep(CERTIFICATE_EVERY).await;
            let now = self.changed_at();
            if now == known {
                continue;
            }
            match config.reload_from_pem_file(&self.cert, &self.key).await {
                Ok(()) => known = now,
                Err(error) => tracing::error!(%error, "the renewed certificate cannot be used"),
            }
        }
    }
}

/// Serves an office at an address; says where first.
pub(super) fn serve(office: Arc<Office>, serving: Serving) -> Result<(), Failure> {
    let certificate = match (serving.tls_cert, serving.tls_key) {
        (Some(cert), Some(key)) => Some(Certificate { cert, key }),
        _ => None,
    };
    // Two libraries here bring a provider of their own, so that one has to be named.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime")?;
    let listen = serving.listen;
    let listener = TcpListener::bind(listen).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            anyhow::anyhow!("{listen} is in use by another program; choose another --listen")
        }
        _ => anyhow::anyhow!("{listen} cannot be listened on: {error}"),
    })?;
    listener.set_nonblocking(true).context("the listener")?;
    let address = listener.local_addr().context("the address")?;
    let tls = match &certificate {
        Some(certificate) => Some(runtime.block_on(certificate.load()).map_err(|error| {
            let (cert, key) = (certificate.cert.display(), certificate.key.display());
            usage(format!(
                "--tls-cert {cert} with --tls-key {key} cannot be used: {error}"
            ))
        })?),
        None => None,
    };
    let served = runtime.block_on(async {
        let scheme = if tls.is_some() { "https" } else { "http" };
        // Whoever reads the address may ask for the end at once.
        let asked = asked_to_stop();
        say(&json!({ "listening": format!("{scheme}://{address}") }));
        tokio::spawn(Arc::clone(&office).watch());
        tokio::spawn(tidy::now_and_then(Arc::clone(&office)));
        tokio::spawn(short_log::now_and_then(Arc::clone(&office)));
        tokio::spawn(roster::now_and_then(Arc::clone(&office)));
        let handle = Handle::new();
        tokio::spawn(stop_when(asked, Arc::clone(&office), handle.clone()));
        let service =
            http::router(office, serving.behind_proxy).into_make_service_with_connect_info::<SocketAddr>();
        match (tls, certificate) {
            (Some(tls), Some(certificate)) => {
                tokio::spawn(certificate.keep_fresh(tls.clone()));
                let server = axum_server::from_tcp_rustls(listener, tls)?;
                server.handle(handle).serve(service).await
            }
            _ => {
                axum_server::from_tcp(listener)?
                    .handle(handle)
                    .serve(service)
                    .await
            }
        }
    });
    // Work that waits for the disk is let finish.
    runtime.shutdown_timeout(Duration::from_secs(2));
    Ok(served.context("serving")?)
}

/// Stops taking requests when asked, ends the streams, and lets what has begun finish.
async fn stop_when(asked: impl Future<Output = ()>, office: Arc<Office>, handle: Handle<SocketAddr>) {
    asked.await;
    office.close();
    handle.graceful_shutdown(Some(LAST_REQUESTS));
}

/// Listens from now on; comes to an end when the process is asked to.
#[cfg(unix)]
fn asked_to_stop() -> impl Future<Output = ()> {
    use tokio::signal::unix::{Signal, SignalKind, signal};
    async fn heard(listening: std::io::Result<Signal>) {
        match listening {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    }
    let (interrupt, terminate) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    async {
        tokio::select! {
            () = heard(interrupt) => {}
            () = heard(terminate) => {}
        }
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}
