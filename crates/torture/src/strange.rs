//! What answers is not the office: garbage, a captive portal, another shape, a bomb. Each is called what it is, changes
//! nothing on the laptop and takes no more memory than the largest reply may.

use crate::here::{Moment, laptop_of};
use crate::laptop::{Laptop, Stop};
use crate::report::Row;
use anyhow::{Context as _, Result};
use sim::Rng;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What a laptop may call it.
const CALLED: [&str; 2] = ["server_unreachable", "not_the_office"];
/// How much more memory than before an answer may take: the largest reply, twice, as it is read.
const MEMORY_MAX: u64 = 256 * 1024 * 1024;
/// How much a bomb unpacks to.
const BOMB: usize = 1 << 30;
/// So much of it is packed at once.
const BOMB_PART: usize = 1 << 20;

struct Strange {
    name: &'static str,
    answer: Vec<u8>,
}

/// Answers every step of an exchange, and a photo, with each of these.
pub async fn everything(seed: u64) -> Result<Row> {
    let mut row = Row::of("strange answers", "device");
    let moment = Moment::usual(&mut Rng::new(seed)).await?;
    // The office is asked for the steps before; the answer to this one is another's.
    for strange in answers()? {
        let strange = Arc::new(strange);
        for step in [
            "/api/sync/control",
            "/api/sync/push",
            "/api/sync/pull",
            "/api/photos/",
        ] {
            row.runs += 1;
            if let Err(error) = one(&mut row, &moment, &strange, step).await {
                row.is_corrupt(&format!("{} to {step}: {error:#}", strange.name));
            }
        }
    }
    Ok(row)
}

async fn one(row: &mut Row, moment: &Moment, strange: &Arc<Strange>, step: &'static str) -> Result<()> {
    let folder = moment.again()?;
    let office = crate::here::Here::serve(folder.path()).await?;
    let portal = Portal::open(&office.url, Arc::clone(strange), step).await?;
    let files = laptop_of(folder.path());
    let mut laptop = Laptop::with(moment.client(&portal.url)?, &files)?;
    let memory = peak_memory()?;
    let called = laptop.drain().await;
    let name = strange.name;
    match called {
        Err(Stop::Trouble(trouble)) if CALLED.contains(&trouble.code.as_str()) => {}
        other => row.is_corrupt(&format!("{name} to {step} was called {other:?}")),
    }
    if peak_memory()? > memory + MEMORY_MAX {
        row.is_corrupt(&format!("{name} to {step} took too much memory"));
    }
    // As if nothing had answered: what the step would have changed has not changed.
    let (waiting, returned, photos) = laptop.device.counts()?;
    let expected = match step {
        "/api/sync/control" | "/api/sync/push" => (3, 0, 1),
        _ => (0, 0, 1),
    };
    if (waiting, returned, photos) != expected {
        row.is_lost(&format!(
            "{name} to {step} left {waiting} waiting, {returned} returned, {photos} photos"
        ));
    }
    if laptop.device.last_sync()? != before(moment)? && step != "/api/photos/" {
        row.is_corrupt(&format!("{name} to {step} was taken for an exchange"));
    }
    laptop.client = moment.client(&office.url)?;
    laptop.drain().await?;
    crate::check::nothing_lost(
        row,
        &crate::here::place(folder.path()),
        folder.path(),
        &moment.saved,
        &laptop,
    )
}

fn before(moment: &Moment) -> Result<Option<policy::Millis>> {
    let files = laptop_of(moment.folder.path());
    let laptop = Laptop::with(moment.client("http://127.0.0.1:9")?, &files)?;
    Ok(laptop.device.last_sync()?)
}

fn reply(head: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut bytes =
        format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n").into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

fn answers() -> Result<Vec<Strange>> {
    const PORTAL: &[u8] = b"<!doctype html><title>Welcome</title><form>Accept the terms to go on</form>";
    let json = "200 OK\r\ncontent-type: application/json";
    let deep = [vec![b'['; 200_000], vec![b']'; 200_000]].concat();
    Ok([
        ("nothing", Vec::new()),
        (
            "garbage",
            (0..4_000_u32)
                .map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0])
                .collect(),
        ),
        ("half a line", b"HTTP/1.1 20".to_vec()),
        ("a portal", reply("200 OK\r\ncontent-type: text/html", PORTAL)),
        ("a portal that says it is JSON", reply(json, PORTAL)),
        (
            "a way elsewhere",
            reply("302 Found\r\nlocation: http://127.0.0.1:9/", b""),
        ),
        (
            "a portal's error",
            reply(
                "511 Network Authentication Required\r\ncontent-type: text/html",
                PORTAL,
            ),
        ),
        (
            "a proxy's error",
            reply(
                "502 Bad Gateway\r\ncontent-type: text/html",
                b"<h1>Bad gateway</h1>",
            ),
        ),
        ("no body", reply(json, b"")),
        (
            "another shape",
            reply(json, br#"{"answers":{"id":7},"page":null,"hash":[]}"#),
        ),
        ("an empty object", reply(json, b"{}")),
        ("null", reply(json, b"null")),
        ("deep brackets", reply(json, &deep)),
        (
            "text that is none",
            reply(json, &[0xff, 0xfe, 0x80, 0x00, 0xc3, 0x28]),
        ),
        (
            "packed by nobody",
            reply(&format!("{json}\r\ncontent-encoding: zstd"), b"not packed at all"),
        ),
        (
            "an endless length",
            b"HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551615\r\n\r\n{".to_vec(),
        ),
        (
            "no number for a length",
            b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n{}".to_vec(),
        ),
        (
            "an endless chunk",
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n{".to_vec(),
        ),
        (
            "endless headers",
            [
                b"HTTP/1.1 200 OK\r\n".to_vec(),
                b"x-more: of the same\r\n".repeat(60_000),
            ]
            .concat(),
        ),
        (
            "a bomb of zstd",
            reply(&format!("{json}\r\ncontent-encoding: zstd"), &zstd_bomb()?),
        ),
        (
            "a bomb of gzip",
            reply(&format!("{json}\r\ncontent-encoding: gzip"), &gzip_bomb()?),
        ),
    ]
    .into_iter()
    .map(|(name, answer)| Strange { name, answer })
    .collect())
}

fn zstd_bomb() -> Result<Vec<u8>> {
    let mut packing = zstd::stream::write::Encoder::new(Vec::new(), 1)?;
    for _ in 0..BOMB / BOMB_PART {
        packing.write_all(&vec![b' '; BOMB_PART])?;
    }
    Ok(packing.finish()?)
}

fn gzip_bomb() -> Result<Vec<u8>> {
    let mut packing = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..BOMB / BOMB_PART {
        packing.write_all(&vec![b' '; BOMB_PART])?;
    }
    Ok(packing.finish()?)
}

/// The most memory this process has had, in bytes, where the system says so.
fn peak_memory() -> Result<u64> {
    let path = Path::new("/proc/self/status");
    if !path.exists() {
        return Ok(0);
    }
    let text = std::fs::read_to_string(path)?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line
        .and_then(|line| line.split_whitespace().next())
        .context("no VmHWM")?;
    Ok(kb.parse::<u64>()? * 1024)
}

/// Stands before the office, and answers one address itself.
struct Portal {
    url: String,
    task: tokio::task::JoinHandle<()>,
}

impl Portal {
    async fn open(office: &str, strange: Arc<Strange>, step: &'static str) -> Result<Portal> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let to = office.strip_prefix("http://").context("an address")?.to_owned();
        let task = tokio::spawn(async move {
            while let Ok((laptop, _)) = listener.accept().await {
                let (strange, to) = (Arc::clone(&strange), to.clone());
                tokio::spawn(async move { answer(laptop, &to, &strange, step).await });
            }
        });
        Ok(Portal { url, task })
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One request to a connection: passed on to the office, or answered here.
async fn answer(mut laptop: TcpStream, to: &str, strange: &Strange, step: &str) -> std::io::Result<()> {
    let mut request = Vec::new();
    let (head, length) = loop {
        let mut part = [0; 4096];
        let read = laptop.read(&mut part).await?;
        if read == 0 {
            return Ok(());
        }
        request.extend_from_slice(&part[..read]);
        if let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .and_then(|length| length.trim().parse::<usize>().ok());
            break (head, end + 4 + length.unwrap_or_default());
        }
    };
    while request.len() < length {
        let mut part = [0; 4096];
        let read = laptop.read(&mut part).await?;
        if read == 0 {
            return Ok(());
        }
        request.extend_from_slice(&part[..read]);
    }
    let asked = head.split(' ').nth(1).unwrap_or_default();
    if asked.starts_with(step) {
        laptop.write_all(&strange.answer).await?;
        return laptop.shutdown().await;
    }
    let mut office = TcpStream::connect(to).await?;
    let end = head.len();
    office.write_all(&request[..end]).await?;
    // The office closes, so that its answer has an end.
    office.write_all(b"\r\nconnection: close").await?;
    office.write_all(&request[end..]).await?;
    tokio::io::copy(&mut office, &mut laptop).await?;
    laptop.shutdown().await
}
