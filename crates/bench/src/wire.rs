//! A server in a process of its own, what it costs, and a client that counts what travels.

use crate::process;
use anyhow::{Context as _, Result, bail};
use reqwest::RequestBuilder;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::Connection as _;
use sqlx::postgres::PgConnection;
use std::io::{BufRead as _, BufReader, Read as _, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use store::Place;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use zstd::stream::write::Decoder;

/// How long a server may still work after its last byte before its processor time is read.
pub const AFTERMATH: Duration = Duration::from_millis(30);

/// Which server a process of this program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
pub enum Which {
    Ours,
    Floor,
}

/// A server under measurement: this program again, in another process.
pub struct Server {
    child: Child,
    _stdout: BufReader<ChildStdout>,
    pub url: String,
    /// Its database works in children of this process, which count.
    database: Option<u32>,
}

impl Server {
    /// Starts a server on the files of a folder.
    pub fn start(which: Which, place: &Place, folder: &Path) -> Result<Server> {
        Server::start_on(which, place, folder, None)
    }

    /// The same on one core of the machine, counted from 0.
    pub fn pinned(which: Which, place: &Place, folder: &Path, core: usize) -> Result<Server> {
        Server::start_on(which, place, folder, Some(core))
    }

    fn start_on(which: Which, place: &Place, folder: &Path, core: Option<usize>) -> Result<Server> {
        let name = match which {
            Which::Ours => "ours",
            Which::Floor => "floor",
        };
        let mut command = match core {
            // Linux's own tool: this program sets nothing of the system itself.
            Some(core) => {
                let mut pinned = Command::new("taskset");
                pinned
                    .arg("--cpu-list")
                    .arg(core.to_string())
                    .arg(std::env::current_exe()?);
                pinned
            }
            None => Command::new(std::env::current_exe()?),
        };
        let mut child = command
            .args(["--serve", name, "--at"])
            .arg(folder)
            .arg("--database")
            .arg(match place {
                Place::Sqlite(file) => format!("sqlite:{}", file.display()),
                Place::Postgres(url) => url.clone(),
            })
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("the server `{name}` cannot be started"))?;
        let mut stdout = BufReader::new(child.stdout.take().context("the server's output")?);
        let mut line = String::new();
        stdout.read_line(&mut line)?;
        let first: Value =
            serde_json::from_str(&line).with_context(|| format!("the server `{name}` did not start"))?;
        let url = first["listening"]
            .as_str()
            .context("the server's address")?
            .to_owned();
        Ok(Server {
            child,
            _stdout: stdout,
            url,
            database: database_process(place)?,
        })
    }

    /// The processor time that it and its database have used, in milliseconds.
    pub fn cpu_ms(&self) -> Result<f64> {
        let own = process::cpu_ms(self.child.id())?;
        match self.database {
            Some(database) => Ok(own + process::family_cpu_ms(database)?),
            None => Ok(own),
        }
    }

    /// How many pages it has read from its embedded database; see [`process::pages_read`].
    pub fn pages_read(&self) -> Result<f64> {
        process::pages_read(self.child.id())
    }

    /// The memory it has now, in thousands of bytes.
    pub fn memory_kb(&self) -> Result<f64> {
        process::memory_kb(self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The process that all of a PostgreSQL server's processes are children of.
fn database_process(place: &Place) -> Result<Option<u32>> {
    let Place::Postgres(url) = place else {
        return Ok(None);
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let own: i32 = runtime.block_on(async {
        let mut db = PgConnection::connect(url).await?;
        sqlx::query_scalar("SELECT pg_backend_pid()")
            .fetch_one(&mut db)
            .await
    })?;
    process::parent_of(u32::try_from(own)?).map(Some)
}

/// Serves on a free port of this machine, says where, and ends with whoever started it.
pub fn serve(router: axum::Router, beside: impl Future<Output = ()> + Send + 'static) -> Result<()> {
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_keep_alive(Duration::from_secs(24 * 60 * 60))
        .build()?;
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        writeln!(
            std::io::stdout(),
            "{}",
            serde_json::json!({ "listening": format!("http://{address}") })
        )?;
        tokio::spawn(beside);
        axum::serve(listener, router).await?;
        Ok(())
    })
}

/// A reply on its way.
pub struct Pending<T>(JoinHandle<Result<(T, u64)>>);

/// A client that unpacks by hand, so that it knows how many bytes travelled.
pub struct Net {
    pub http: reqwest::Client,
    runtime: Runtime,
    bytes: u64,
}

impl Net {
    /// A client without connections.
    pub fn new() -> Result<Net> {
        Ok(Net {
            http: reqwest::Client::builder()
                .no_proxy()
                .gzip(false)
                .zstd(false)
                .build()?,
            runtime: tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()?,
            bytes: 0,
        })
    }

    /// What has travelled so far, in thousands of bytes.
    pub fn wire_kb(&self) -> f64 {
        self.bytes as f64 / 1e3
    }

    /// Sends a request with this body; hands over the reply's bytes, unpacked, as they come.
    pub fn send(
        &mut self,
        request: RequestBuilder,
        body: Vec<u8>,
        take: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        self.bytes += body.len() as u64;
        let request = request
            .header("accept-encoding", "zstd")
            .header("content-type", "application/json")
            .body(body);
        let mut response = self.runtime.block_on(request.send())?;
        let status = response.status();
        let packed = response
            .headers()
            .get("content-encoding")
            .is_some_and(|value| value == "zstd");
        let mut unpacking = Decoder::new(Taker(take))?;
        while let Some(chunk) = self.runtime.block_on(response.chunk())? {
            self.bytes += chunk.len() as u64;
            if packed {
                unpacking.write_all(&chunk)?;
            } else {
                unpacking.get_mut().write_all(&chunk)?;
            }
        }
        unpacking.flush()?;
        if !status.is_success() {
            bail!("the server answered {status}");
        }
        Ok(())
    }

    /// Sends a request whose reply is read while other work goes on.
    pub fn begin<T: DeserializeOwned + Send + 'static>(
        &mut self,
        request: RequestBuilder,
        body: Vec<u8>,
    ) -> Pending<T> {
        self.bytes += body.len() as u64;
        let request = request
            .header("accept-encoding", "zstd")
            .header("content-type", "application/json")
            .body(body);
        Pending(self.runtime.spawn(async move {
            let response = request.send().await?.error_for_status()?;
            let packed = response.bytes().await?;
            let unpacked = zstd::decode_all(&packed[..])?;
            Ok((serde_json::from_slice(&unpacked)?, packed.len() as u64))
        }))
    }

    /// Waits for the reply of a request that was begun.
    pub fn finish<T>(&mut self, pending: Pending<T>) -> Result<T> {
        let (reply, bytes) = self.runtime.block_on(pending.0)??;
        self.bytes += bytes;
        Ok(reply)
    }

    /// Carries out some work and says what it cost, on the wire and at the server.
    pub fn cost<R>(
        &mut self,
        server: &Server,
        work: impl FnOnce(&mut Net) -> Result<R>,
    ) -> Result<(Cost, R)> {
        let (server_cpu, device_cpu) = (server.cpu_ms()?, process::own_cpu_ms()?);
        let (bytes, begun) = (self.bytes, Instant::now());
        let result = work(self)?;
        let wall_ms = millis(begun);
        let device_cpu_ms = process::own_cpu_ms()? - device_cpu;
        std::thread::sleep(AFTERMATH);
        let cost = Cost {
            wall_ms,
            server_cpu_ms: server.cpu_ms()? - server_cpu,
            device_cpu_ms,
            wire_kb: (self.bytes - bytes) as f64 / 1e3,
        };
        Ok((cost, result))
    }
}

/// What some work cost.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    pub wall_ms: f64,
    pub server_cpu_ms: f64,
    pub device_cpu_ms: f64,
    /// Bodies both ways, as they travelled, in thousands of bytes.
    pub wire_kb: f64,
}

/// Milliseconds since an instant.
pub fn millis(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1e3
}

/// Hands written bytes to a function.
struct Taker<F>(F);

impl<F: FnMut(&[u8]) -> Result<()>> Write for Taker<F> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        (self.0)(bytes).map_err(std::io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The size of the files of a folder, in thousands of bytes.
pub fn size_kb(folder: &Path) -> Result<f64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(bytes as f64 / 1e3)
}
