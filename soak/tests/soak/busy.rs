//! A machine that has more to do than it can.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// Does something while twice as many threads as there are cores keep them busy.
pub fn while_busy<T>(work: impl FnOnce() -> T) -> T {
    let busy = AtomicBool::new(true);
    let threads = thread::available_parallelism().map_or(1, usize::from) * 2;
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while busy.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        let result = work();
        busy.store(false, Ordering::Relaxed);
        result
    })
}
