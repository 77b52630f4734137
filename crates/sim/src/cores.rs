//! Many seeds on all cores.

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Plays seeds on all cores. `done` hears of each as it ends, one at a time and in no order.
pub fn on_all_cores<T>(seeds: Range<u64>, play: impl Fn(u64) -> T + Sync, done: impl FnMut(u64, T) + Send) {
    let next = AtomicU64::new(seeds.start);
    let done = Mutex::new(done);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    let played = play(seed);
                    let Ok(mut done) = done.lock() else { return };
                    done(seed, played);
                }
            });
        }
    });
}
