//! Giving up from another thread.

use std::future::{Future, IntoFuture, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use tokio::sync::watch;

use crate::blocking::background::Waiter;
use crate::error::Error;

/// Lets another thread end a wait. Its clones are the same token.
///
/// ```
/// # use openrouter_workspaces::{Client, Error};
/// use openrouter_workspaces::blocking::CancellationToken;
///
/// # fn example(client: Client, users: Vec<String>) -> Result<(), Box<dyn std::error::Error>> {
/// let token = CancellationToken::new();
/// let on_shutdown = token.clone();
/// std::thread::spawn(move || {
///     // ... wait for a signal ...
///     on_shutdown.cancel();
/// });
///
/// let job = client.add_members("production", users);
/// let so_far = job.so_far();
/// match token.wait(job) {
///     Some(report) => println!("{}", report?),
///     None => println!("left: {:?}", Vec::from_iter(so_far.get().left())),
/// }
///
/// let mut all = client.list().items();
/// while let Some(row) = token.wait(all.try_next()) {
///     let Some(workspace) = row? else { break };
///     println!("{}", workspace.slug);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct CancellationToken(Arc<watch::Sender<bool>>);

impl CancellationToken {
    /// A token that is not cancelled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends all waits with this token, those under way and those to come. It cannot be undone.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether [`cancel`](Self::cancel) was called.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits for a request, a job, or a future of this crate's, as its `wait` does, but not beyond
    /// [`cancel`](Self::cancel): then it is dropped, and the result is `None`.
    ///
    /// If the token is cancelled before, nothing is sent. Else nothing more is sent once this returns, and what had been sent
    /// may have been applied, as with any future that is dropped. A walk goes on with the page that it fetches until it is
    /// dropped itself.
    ///
    /// A thread that must not wait gets an [`Error::InvalidInput`]; see [`blocking`](crate::blocking).
    pub fn wait<T, E: From<Error>>(&self, call: impl IntoFuture<Output = Result<T, E>>) -> Option<Result<T, E>> {
        let waiter = match Waiter::here() {
            Ok(waiter) => waiter,
            Err(refusal) => return Some(Err(Error::from(refusal).into())),
        };
        let mut token = self.0.subscribe();
        waiter.wait(async {
            let mut cancelled = pin!(token.wait_for(|is_cancelled| *is_cancelled));
            let mut call = pin!(call.into_future());
            poll_fn(|cx| match cancelled.as_mut().poll(cx) {
                Poll::Ready(_) => Poll::Ready(None),
                Poll::Pending => call.as_mut().poll(cx).map(Some),
            })
            .await
        })
    }
}
