//! Where requests come in, over a network or in memory.

use std::fmt::Debug;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use crate::sync::lock;

/// Where requests come in, and which can refuse them.
pub(crate) trait Port: Debug + Send + Sync {
    /// Refuses connections for a while.
    fn pause(self: Arc<Self>, duration: Duration);
    /// Refuses connections until further notice, or withdraws that.
    fn set_closed(&self, closed: bool) -> io::Result<()>;
    /// Whether connections are refused now.
    fn is_closed(&self) -> bool;
}

/// As good as for ever: no time can be told that is much later.
const MAX_PAUSE: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

/// The port of a sandbox without a network.
#[derive(Debug, Default)]
pub(crate) struct MemoryPort(Mutex<Closed>);

#[derive(Debug, Default)]
struct Closed {
    until_further_notice: bool,
    until: Option<Instant>,
}

impl Port for MemoryPort {
    fn pause(self: Arc<Self>, duration: Duration) {
        let until = Instant::now().checked_add(duration.min(MAX_PAUSE));
        let mut closed = lock(&self.0);
        closed.until = closed.until.max(until);
    }

    fn set_closed(&self, closed: bool) -> io::Result<()> {
        lock(&self.0).until_further_notice = closed;
        Ok(())
    }

    fn is_closed(&self) -> bool {
        let closed = lock(&self.0);
        closed.until_further_notice || closed.until.is_some_and(|until| Instant::now() < until)
    }
}
