//! A bucket of an S3-compatible store: another program's code for it, on a folder, over HTTP.

use anyhow::{Context as _, Result};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use std::net::SocketAddr;
use std::path::PathBuf;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

const NAME: &str = "town";
const PREFIX: &str = "office/photos";
const KEYS: (&str, &str) = ("key-of-the-office", "secret-of-the-office");

/// A store with one bucket.
pub struct Bucket {
    root: TempDir,
    address: SocketAddr,
    /// What serves it; none while it does not answer.
    serving: Option<Runtime>,
}

impl Bucket {
    /// Serves an empty bucket.
    pub fn serve() -> Result<Bucket> {
        let root = tempfile::tempdir()?;
        std::fs::create_dir(root.path().join(NAME))?;
        let mut bucket = Bucket {
            root,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            serving: None,
        };
        bucket.start()?;
        Ok(bucket)
    }

    /// Serves again what is there, where it was served before.
    pub fn start(&mut self) -> Result<()> {
        let files = FileSystem::new(self.root.path()).map_err(|error| anyhow::anyhow!("{error:?}"))?;
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(KEYS.0, KEYS.1));
        let service = service.build();
        let runtime = Runtime::new()?;
        let listener = runtime.block_on(TcpListener::bind(self.address))?;
        self.address = listener.local_addr()?;
        runtime.spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    let server = Builder::new(TokioExecutor::new());
                    // Whoever asks breaks off as they like.
                    let _ = server.serve_connection(TokioIo::new(socket), service).await;
                });
            }
        });
        self.serving = Some(runtime);
        Ok(())
    }

    /// It no longer answers.
    pub fn stop(&mut self) {
        if let Some(runtime) = self.serving.take() {
            runtime.shutdown_timeout(std::time::Duration::from_secs(1));
        }
    }

    /// What the environment of an office says of it.
    pub fn environment(&self) -> [(&'static str, String); 6] {
        [
            ("BAILIWICK_PHOTOS", format!("s3://{NAME}/{PREFIX}")),
            ("AWS_ENDPOINT_URL", format!("http://{}", self.address)),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", KEYS.0.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", KEYS.1.to_owned()),
        ]
    }

    /// The file behind a photo.
    pub fn file(&self, name: &str) -> Result<PathBuf> {
        let first = name.get(..2).context("too short a name")?;
        Ok(self.root.path().join(NAME).join(PREFIX).join(first).join(name))
    }
}
