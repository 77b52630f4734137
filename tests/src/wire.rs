//! The wire between a laptop and the office: it can be cut, and mended. What passes is counted.

use anyhow::Result;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Which way bytes travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    ToOffice,
    ToLaptop,
}

/// A relay on this machine.
#[derive(Clone)]
pub struct Wire {
    port: u16,
    whole: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
    /// How long each 16 KiB take from the laptop to the office, in milliseconds.
    delay: Arc<AtomicU64>,
    /// How many bytes have passed each way, and how many may before the wire breaks.
    passed: Arc<[AtomicU64; 2]>,
    left: Arc<[AtomicU64; 2]>,
}

impl Wire {
    /// A wire to an address such as `127.0.0.1:40123`.
    pub fn to(office: &str) -> Result<Wire> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let wire = Wire {
            port: listener.local_addr()?.port(),
            whole: Arc::new(AtomicBool::new(true)),
            open: Arc::default(),
            delay: Arc::default(),
            passed: Arc::default(),
            left: Arc::new([AtomicU64::new(u64::MAX), AtomicU64::new(u64::MAX)]),
        };
        let (here, office) = (wire.clone(), office.to_owned());
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                if !here.whole.load(Ordering::SeqCst) {
                    let _ = near.shutdown(Shutdown::Both);
                    continue;
                }
                let Ok(far) = TcpStream::connect(&office) else {
                    continue;
                };
                let _ = here.join(near, far);
            }
        });
        Ok(wire)
    }

    /// The laptop's server address.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Cuts what is open, and refuses what comes.
    pub fn cut(&self) {
        self.whole.store(false, Ordering::SeqCst);
        for stream in self.open.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Lets everything through again.
    pub fn mend(&self) {
        self.whole.store(true, Ordering::SeqCst);
    }

    /// Lets each 16 KiB from the laptop to the office take this long.
    pub fn slow(&self, each: Duration) {
        let delay = u64::try_from(each.as_millis()).unwrap_or(u64::MAX);
        self.delay.store(delay, Ordering::SeqCst);
    }

    /// Breaks one connection, once so many more bytes have passed this way.
    pub fn breaks_after(&self, way: Way, bytes: u64) {
        self.left[way as usize].store(bytes, Ordering::SeqCst);
    }

    /// How many bytes have passed this way.
    pub fn passed(&self, way: Way) -> u64 {
        self.passed[way as usize].load(Ordering::SeqCst)
    }

    /// How many of so many bytes may pass. Where it is fewer the wire breaks here, and not again.
    fn passes(&self, way: Way, length: usize) -> usize {
        let left = &self.left[way as usize];
        let may = left.load(Ordering::SeqCst);
        let part = length.min(usize::try_from(may).unwrap_or(usize::MAX));
        self.passed[way as usize].fetch_add(part as u64, Ordering::SeqCst);
        if part < length {
            left.store(u64::MAX, Ordering::SeqCst);
        } else if may < u64::MAX {
            left.store(may - part as u64, Ordering::SeqCst);
        }
        part
    }

    fn join(&self, near: TcpStream, far: TcpStream) -> std::io::Result<()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.push(near.try_clone()?);
        open.push(far.try_clone()?);
        let at_once = Arc::default();
        let ways = [
            (
                Way::ToOffice,
                near.try_clone()?,
                far.try_clone()?,
                Arc::clone(&self.delay),
            ),
            (Way::ToLaptop, far, near, at_once),
        ];
        for (way, mut from, mut to, delay) in ways {
            let here = self.clone();
            std::thread::spawn(move || {
                let mut bytes = [0; 16 * 1024];
                while let Ok(length) = from.read(&mut bytes) {
                    std::thread::sleep(Duration::from_millis(delay.load(Ordering::SeqCst)));
                    let part = here.passes(way, length);
                    if length == 0 || to.write_all(&bytes[..part]).is_err() {
                        break;
                    }
                    if part < length {
                        let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
                        break;
                    }
                }
                let _ = to.shutdown(Shutdown::Write);
            });
        }
        Ok(())
    }
}
