//! Waiting for calls in programs that are not async, with the feature `blocking`.
//!
//! There is one client. What ends in `.await` elsewhere ends in `.wait()` here: [`Request::wait`] and
//! [`Request::wait_with_meta`], [`Job::wait`], and [`Items::wait`] and [`Pages::wait`], which make an iterator of a walk.
//!
//! ```no_run
//! # use openrouter_workspaces::{Client, Error};
//! fn main() -> Result<(), Error> {
//!     let workspaces = Client::from_env()?.list().all().wait()?;
//!     workspaces.iter().for_each(|workspace| println!("{}", workspace.slug));
//!     Ok(())
//! }
//! ```
//!
//! **How it runs.** The first wait starts a thread, which has the timers and the connections of all waits, and fetches the pages
//! of walks, until the process ends. Everything else happens on the thread that waits, so that many threads can wait at the same
//! time, and a callback such as [`on_progress`](Job::on_progress) may take its time, may itself wait, and may panic: the panic
//! goes on in the thread that waits. An [`HttpService`](crate::HttpService) or a source of keys must not block, though: for
//! the pages of a walk it is called on the background thread, which everyone else needs meanwhile.
//!
//! **Deadlines and cancellation.** All timeouts hold as they do with `.await`. Dropping a blocking iterator stops what it
//! fetches. [`CancellationToken`] ends a wait from another thread. Nothing more is sent for what has such an end.
//!
//! **Where it works.** On every thread that may block: those that have nothing to do with tokio, those of `spawn_blocking`,
//! whatever the runtime, and those of a multi-threaded runtime, whose other tasks go on meanwhile. Only what runs in the same
//! task or the same `LocalSet` stands still, as with tokio's `block_in_place`: it must not be what the call waits for. On
//! the thread that a single-threaded runtime (`current_thread`) runs its tasks on, everything would stand still, perhaps even the
//! server. There it is an [`Error::InvalidInput`], and nothing is sent, as it is on the background thread itself, and in the
//! destructors of thread-locals.
//!
//! **What it does not do.** A process that is made by `fork` has no background thread, and waits in it do not end, if the
//! process that it comes from had waited before. A client can be used in runtimes and waits by turns, but a connection is driven
//! where it was made: as long as a single-threaded runtime exists and nobody runs it, a call that gets one of its connections
//! runs into its timeouts. Use a client of its own for waits in such a program, or drop the runtime before.

mod background;
mod cancellation;
mod walk;

use crate::error::Error;
use crate::jobs::{Job, Task};
use crate::operation::{Operation, Request};
#[cfg(doc)]
use crate::paging::{Items, Pages};
use crate::transport::Response;
use background::Waiter;
pub use cancellation::CancellationToken;
pub use walk::Walk;

/// Waiting, with the feature `blocking`.
impl<O: Operation> Request<O> {
    /// Sends the request, and waits for the result on this thread, as long as `.await` would at most.
    ///
    /// On a thread that must not wait it is an [`Error::InvalidInput`], and nothing is sent; [`blocking`](crate::blocking) says
    /// which these are.
    ///
    /// ```no_run
    /// # use openrouter_workspaces::{Client, Error};
    /// # fn main() -> Result<(), Error> {
    /// # let client = Client::from_env()?;
    /// let workspace = client.get("production").wait()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait(self) -> Result<O::Output, Error> {
        Ok(self.wait_with_meta()?.data)
    }

    /// The same as [`wait`](Self::wait), with what [`send_with_meta`](Self::send_with_meta) returns.
    pub fn wait_with_meta(self) -> Result<Response<O::Output>, Error> {
        let waiter = Waiter::here().map_err(|refusal| self.refuse(refusal))?;
        waiter.wait(self.send_with_meta())
    }
}

/// Waiting, with the feature `blocking`.
impl<T, V, E> Job<T>
where
    T: Task<Output = Result<V, E>>,
    E: From<Error>,
{
    /// Runs the job, and waits for its end on this thread, as long as `.await` would at most.
    ///
    /// On a thread that must not wait it is an [`Error::InvalidInput`], and nothing is sent; [`blocking`](crate::blocking) says
    /// which these are. The report of its [`JobError`](crate::JobError) is empty.
    ///
    /// ```no_run
    /// # use openrouter_workspaces::{Client, Error};
    /// # fn main() -> Result<(), Error> {
    /// # let client = Client::from_env()?;
    /// let report = client.add_members("production", ["user_a", "user_b"]).wait()?;
    /// println!("{report}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait(self) -> Result<V, E> {
        let waiter = Waiter::here().map_err(Error::from)?;
        waiter.wait(self.into_future())
    }
}
