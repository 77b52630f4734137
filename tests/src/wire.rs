//! The wire between a laptop and the office: it can be cut, and mended.

use anyhow::Result;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A relay on this machine.
#[derive(Clone)]
pub struct Wire {
    port: u16,
    whole: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
    /// How long each 16 KiB take from the laptop to the office, in milliseconds.
    delay: Arc<AtomicU64>,
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

    fn join(&self, near: TcpStream, far: TcpStream) -> std::io::Result<()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.push(near.try_clone()?);
        open.push(far.try_clone()?);
        let at_once = Arc::default();
        let ways = [
            (near.try_clone()?, far.try_clone()?, Arc::clone(&self.delay)),
            (far, near, at_once),
        ];
        for (mut from, mut to, delay) in ways {
            std::thread::spawn(move || {
                let mut bytes = [0; 16 * 1024];
                while let Ok(length) = from.read(&mut bytes) {
                    std::thread::sleep(Duration::from_millis(delay.load(Ordering::SeqCst)));
                    if length == 0 || to.write_all(&bytes[..length]).is_err() {
                        break;
                    }
                }
                let _ = to.shutdown(Shutdown::Write);
            });
        }
        Ok(())
    }
}
