//! Histories, many at once, and their results one after the other.

use std::any::Any;
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::mpsc::sync_channel;
use std::thread;

use fastrand::Rng;

/// How many results a thread may be ahead of what was handed on.
const AHEAD: usize = 256;

/// Runs independent histories on as many threads as the machine has cores, and hands their results on in the order of
/// their numbers, so that what becomes of them does not depend on the machine.
///
/// Thread `k` of `n` has the numbers `k`, `k + n`, `k + 2n` and so on: the next result always comes from a known thread.
/// A panic in `one` is the caller's panic, after the results before it were handed on.
pub(crate) fn run<T: Send>(numbers: Range<u64>, one: impl Fn(u64) -> T + Sync, mut each: impl FnMut(u64, T)) {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let mut threads: Vec<_> = (0..cores)
            .map(|first| {
                let (sender, results) = sync_channel(AHEAD);
                let (one, own) = (&one, numbers.clone().skip(first).step_by(cores));
                let thread = scope.spawn(move || {
                    for number in own {
                        // Nobody takes results any more once the caller or another history has panicked.
                        if sender.send(one(number)).is_err() {
                            break;
                        }
                    }
                });
                (results, Some(thread))
            })
            .collect();
        for (number, turn) in numbers.zip((0..cores).cycle()) {
            let (results, thread) = &mut threads[turn];
            match results.recv() {
                Ok(result) => each(number, result),
                Err(_) => match thread.take().map(thread::ScopedJoinHandle::join) {
                    Some(Err(panic)) => resume_unwind(panic),
                    _ => unreachable!("a thread sends a result for each of its numbers, or panics"),
                },
            }
        }
        // Only a thread that was joined has freed what was its own.
        for thread in threads.into_iter().filter_map(|(_, thread)| thread) {
            if let Err(panic) = thread.join() {
                resume_unwind(panic);
            }
        }
    });
}

/// The generator of a history. Neighbours in seed and number get generators that have nothing in common.
pub(crate) fn random(seed: u64, number: u64) -> Rng {
    Rng::with_seed(Rng::with_seed(seed).u64(..) ^ Rng::with_seed(!number).u64(..))
}

/// What a panic says.
pub(crate) fn message(panic: &(dyn Any + Send)) -> &str {
    panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn results_come_in_the_order_of_their_numbers() {
        for numbers in [0..0, 5..6, 7..5_000] {
            let mut came = Vec::new();
            // The later, the quicker: without an order, the last ones would come first.
            let one = |number: u64| (0..(5_000 - number)).fold(number, |sum, n| sum ^ n.wrapping_mul(sum));
            run(numbers.clone(), one, |number, result| came.push((number, result)));
            assert_eq!(came, numbers.map(|number| (number, one(number))).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_panic_of_a_history_is_the_callers_after_the_results_before_it() {
        let mut came = Vec::new();
        let one = |number| if number % 1_000 == 777 { panic!("history {number}") } else { number };
        let panic = catch_unwind(AssertUnwindSafe(|| run(0..1_000_000, one, |number, _| came.push(number))));
        assert_eq!(message(&*panic.unwrap_err()), "history 777");
        assert_eq!(came, (0..777).collect::<Vec<_>>());
    }

    #[test]
    fn a_panic_of_the_caller_stops_the_histories() {
        let begun = AtomicU64::new(0);
        let one = |_| begun.fetch_add(1, Ordering::Relaxed);
        let panic = catch_unwind(AssertUnwindSafe(|| run(0..u64::MAX, one, |_, _| panic!("enough"))));
        assert_eq!(message(&*panic.unwrap_err()), "enough");
        let cores = thread::available_parallelism().map_or(1, usize::from);
        assert!(begun.into_inner() <= ((AHEAD + 2) * cores) as u64);
    }
}
