//! After histories all memory is free again.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicIsize, Ordering};

use soak::{Config, run};

/// Counts the bytes that are allocated.
struct Counting;

static LIVE: AtomicIsize = AtomicIsize::new(0);

// SAFETY: all memory is the system allocator's.
#[allow(unsafe_code, reason = "an allocator cannot be written without")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size() as isize, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size() as isize, Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn memory_goes_back_to_where_it_was() {
    // What is made once is made in the first ones, or when threads happen to need it at the same moment: not in each.
    let mut grown = Vec::new();
    for _ in 0..16 {
        let before = LIVE.load(Ordering::SeqCst);
        assert!(run(Config { ops: 1_000, fault_rate: 0.3, seed: 11, from: 0 }).is_clean());
        grown.push(LIVE.load(Ordering::SeqCst) - before);
        // What grows by doubling now and then does not stay within this four times in a row.
        if grown.last_chunk::<4>().is_some_and(|latest| latest.iter().map(|bytes| bytes.abs()).sum::<isize>() < 1 << 10)
        {
            return;
        }
    }
    panic!("each time some bytes are left: {grown:?}");
}
