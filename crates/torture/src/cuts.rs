//! The network cut after every byte of a full session, in both directions: control, push, pull and a photo.

use crate::check;
use crate::here::{Here, Moment, laptop_of, place};
use crate::laptop::{Laptop, Stop};
use crate::report::{Row, say};
use anyhow::{Context as _, Result, ensure};
use sim::Rng;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Which way bytes travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    ToOffice = 0,
    ToLaptop = 1,
}

/// How the wire stands: to whom, and how many bytes may still pass each way.
#[derive(Clone)]
struct Wire {
    to: SocketAddr,
    left: Arc<[AtomicU64; 2]>,
    cut: Arc<watch::Sender<bool>>,
}

impl Wire {
    fn new(to: SocketAddr) -> Wire {
        Wire {
            to,
            left: Arc::new([AtomicU64::new(u64::MAX), AtomicU64::new(u64::MAX)]),
            cut: Arc::new(watch::Sender::new(false)),
        }
    }

    fn passed(&self, way: Way) -> u64 {
        u64::MAX - self.left[way as usize].load(Ordering::SeqCst)
    }

    /// Passes on what may pass, and cuts the wire after that.
    async fn carry(
        &self,
        way: Way,
        mut from: impl AsyncRead + Unpin,
        mut to: impl AsyncWrite + Unpin,
    ) -> std::io::Result<()> {
        let left = &self.left[way as usize];
        let mut buffer = vec![0; 16 * 1024];
        loop {
            if left.load(Ordering::SeqCst) == 0 {
                self.cut.send_replace(true);
            }
            let read = from.read(&mut buffer).await?;
            if read == 0 {
                return to.shutdown().await;
            }
            let may = usize::try_from(left.load(Ordering::SeqCst))
                .unwrap_or(usize::MAX)
                .min(read);
            to.write_all(&buffer[..may]).await?;
            left.fetch_sub(may as u64, Ordering::SeqCst);
        }
    }

    async fn join(self, mut laptop: TcpStream) -> std::io::Result<()> {
        let mut cut = self.cut.subscribe();
        if *cut.borrow() {
            return Ok(());
        }
        let mut office = TcpStream::connect(self.to).await?;
        laptop.set_nodelay(true)?;
        office.set_nodelay(true)?;
        let (laptop_out, laptop_in) = laptop.split();
        let (office_out, office_in) = office.split();
        let both = async {
            tokio::try_join!(
                self.carry(Way::ToOffice, laptop_out, office_in),
                self.carry(Way::ToLaptop, office_out, laptop_in)
            )
        };
        tokio::select! {
            _ = cut.wait_for(|cut| *cut) => {}
            _ = both => {}
        }
        Ok(())
    }
}

/// A wire at a fixed address, laid anew for each run.
struct Exchange {
    url: String,
    wire: watch::Sender<Option<Wire>>,
    task: JoinHandle<()>,
}

impl Exchange {
    async fn open() -> Result<Exchange> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let (wire, laid) = watch::channel::<Option<Wire>>(None);
        let task = tokio::spawn(async move {
            while let Ok((laptop, _)) = listener.accept().await {
                let wire = laid.borrow().clone();
                if let Some(wire) = wire {
                    tokio::spawn(wire.join(laptop));
                }
            }
        });
        Ok(Exchange { url, wire, task })
    }

    fn lay(&self, office: &Here) -> Result<Wire> {
        let to = office.url.strip_prefix("http://").context("an address")?;
        let wire = Wire::new(to.parse()?);
        self.wire.send_replace(Some(wire.clone()));
        Ok(wire)
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Cuts at every byte, or at every so many.
pub async fn everywhere(every: u64, seed: u64) -> Result<Vec<Row>> {
    let moment = Moment::usual(&mut Rng::new(seed)).await?;
    let exchange = Exchange::open().await?;
    let whole = session(&moment, &exchange, None).await?;
    let mut rows = Vec::new();
    for (way, name) in [
        (Way::ToOffice, "network cut in a request"),
        (Way::ToLaptop, "network cut in a reply"),
    ] {
        let mut row = Row::of(name, "sqlite");
        let length = whole.bytes[way as usize];
        say(&format!("{name}: {length} bytes"));
        let mut after = 0;
        while after < length {
            let cut = session(&moment, &exchange, Some((way, after))).await;
            let cut = cut.with_context(|| format!("{name} after byte {after}"))?;
            row.runs += 1;
            for what in cut.complaints {
                row.is_corrupt(&format!("after byte {after}: {what}"));
            }
            for what in cut.lost {
                row.is_lost(&format!("after byte {after}: {what}"));
            }
            after += every;
        }
        rows.push(row);
    }
    Ok(rows)
}

/// What a session came to.
#[derive(Default)]
struct Session {
    bytes: [u64; 2],
    complaints: Vec<String>,
    lost: Vec<String>,
}

async fn session(moment: &Moment, exchange: &Exchange, cut: Option<(Way, u64)>) -> Result<Session> {
    let folder = moment.again()?;
    let office = Here::serve(folder.path()).await?;
    let wire = exchange.lay(&office)?;
    if let Some((way, after)) = cut {
        wire.left[way as usize].store(after, Ordering::SeqCst);
    }
    let mut session = Session::default();
    let client = moment.client(&exchange.url)?;
    let mut laptop = Laptop::with(client, &laptop_of(folder.path()))?;
    let first = laptop.drain().await;
    session.bytes = [wire.passed(Way::ToOffice), wire.passed(Way::ToLaptop)];
    match (cut, first) {
        (None, done) => {
            done?;
            ensure!(laptop.device.counts()? == (0, 0, 0), "the session was not whole");
        }
        // The last bytes of a session may be after all that matters in it.
        (Some(_), Ok(())) => {}
        (Some(_), Err(Stop::Trouble(trouble))) => {
            if !["server_unreachable", "not_the_office"].contains(&trouble.code.as_str()) {
                session
                    .complaints
                    .push(format!("the cut was called {}", trouble.code));
            }
        }
        (Some(_), Err(stop)) => session.complaints.push(format!("the cut was called {stop}")),
    }
    let ids: Vec<_> = moment.saved.iter().map(|saved| saved.id.clone()).collect();
    let there = check::standing(&place(folder.path()), &ids)?.answered.len();
    if there != 0 && there != ids.len() {
        session
            .complaints
            .push(format!("{there} of {} commands of a push are there", ids.len()));
    }
    // The wire is mended; the same laptop goes on, as it would by itself.
    exchange.lay(&office)?;
    if let Err(stop) = laptop.drain().await {
        session.complaints.push(format!("it does not go on: {stop}"));
        return Ok(session);
    }
    let mut row = Row::of("", "");
    check::nothing_lost(
        &mut row,
        &place(folder.path()),
        folder.path(),
        &moment.saved,
        &laptop,
    )?;
    if row.lost > 0 {
        session.lost.push(format!("{} of what was saved", row.lost));
    }
    if row.corrupt > 0 {
        session.complaints.push("something stands there twice".to_owned());
    }
    if laptop.device.holdings()?.checked.is_none() {
        session.complaints.push("counts and sums do not agree".to_owned());
    }
    Ok(session)
}
