//! `.wait()`: calls in programs that are not async, and in the parts of async programs that are not.

mod cancellation;
mod connections;
mod kinds;
mod panics;
mod places;
mod support;
