//! A job with its options, and what it has while it runs.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;

#[cfg(doc)]
use crate::jobs::{AllJob, ChangeMembersJob, EnsureJob, GetBudgetsJob, SetBudgetsJob, SnapshotJob, SyncMembersJob};
use crate::not_a_future::AwaitedFirst;
use crate::operation::{Operation, Request};
use crate::paging::MAX_CONCURRENCY;
use crate::transport::RetryConfig;

/// What a job does, with its arguments. Not for implementing: the jobs are in [`jobs`](crate::jobs).
pub trait Task: Send + Sized + 'static {
    /// What the job results in.
    type Output: Send + 'static;
    #[doc(hidden)]
    fn run(self, run: Run) -> impl Future<Output = Self::Output> + Send;
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many things are settled, be it that they are done or refused: users, budgets, workspaces, or rows.
    pub settled: usize,
    /// How many there are in all, as far as is known.
    pub total: usize,
}

type OnProgress = Arc<dyn Fn(Progress) + Send + Sync>;

/// A job that does not run yet.
///
/// `.await` runs it. Before that it takes the settings of its task, and options for the job as a whole. Dropping the future
/// stops everything at once.
///
/// Further down are the settings of all jobs. The page of a job's own kind has those that it takes:
///
/// - [`ensure`](crate::Client::ensure) makes an [`EnsureJob`]: [`name`](EnsureJob#method.name),
#[doc = crate::generated::create_workspace_settings!("EnsureJob")]
/// - [`sync_members`](crate::Client::sync_members) makes a [`SyncMembersJob`]:
///   [`keep_others`](SyncMembersJob#method.keep_others), [`dry_run`](SyncMembersJob#method.dry_run)
/// - [`add_members`](crate::Client::add_members) and [`remove_members`](crate::Client::remove_members) make a
///   [`ChangeMembersJob`]
/// - [`set_budgets`](crate::Client::set_budgets) makes a [`SetBudgetsJob`]: [`keep_others`](SetBudgetsJob#method.keep_others)
/// - [`get_budgets`](crate::Client::get_budgets) makes a [`GetBudgetsJob`]
/// - [`snapshot`](crate::Client::snapshot) makes a [`SnapshotJob`]
/// - [`all`](Request::all) makes an [`AllJob`]: [`max_rows`](AllJob#method.max_rows)
///
/// All take [`timeout`](Self::timeout), [`retry`](Self::retry), [`concurrency`](Self::concurrency) and
/// [`on_progress`](Self::on_progress).
///
/// ```
/// # use openrouter_workspaces::{BudgetSet, Client, Error, RetryConfig};
/// # use std::time::Duration;
/// # async fn example(client: Client) -> Result<(), Error> {
/// client
///     .set_budgets("production", BudgetSet::default().monthly(500.0).daily(50.0))
///     .timeout(Duration::from_secs(60))
///     .retry(RetryConfig::default().max_attempts(8))
///     .on_progress(|progress| println!("{} of {}", progress.settled, progress.total))
///     .await?;
/// # Ok(())
/// # }
/// ```
///
/// What asks for a future, such as `tokio::spawn` or `join_all`, is given [`into_future()`](IntoFuture::into_future):
///
/// ```
/// # use openrouter_workspaces::Client;
/// # async fn example(client: Client, users: Vec<String>) -> Result<(), Box<dyn std::error::Error>> {
/// let task = tokio::spawn(client.add_members("production", users).into_future());
/// println!("{}", task.await??);
/// # Ok(())
/// # }
/// ```
#[must_use = "a job only runs by `.await`; where a future is asked for, give `.into_future()`"]
pub struct Job<T> {
    /// The name is that of the field of [`Request`], for the generated setters.
    pub(super) operation: T,
    options: Options,
}

struct Options {
    retry: Option<RetryConfig>,
    timeout: Duration,
    concurrency: usize,
    on_progress: Option<OnProgress>,
}

/// For all jobs.
impl<T: Task> Job<T> {
    pub(super) fn new(operation: T) -> Self {
        let timeout = Duration::from_secs(600);
        Self { operation, options: Options { retry: None, timeout, concurrency: 8, on_progress: None } }
    }

    /// The time for the whole job: all its calls, and the waits between their attempts. Default: 10 minutes. The timeout of
    /// a single call is the client's.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = timeout;
        self
    }

    /// Retries each call of the job like this. Default: as the client does.
    pub fn retry(mut self, retry: RetryConfig) -> Self {
        self.options.retry = Some(retry);
        self
    }

    /// How many requests are under way at the same time at most. Default: 8; at most
    /// [`MAX_CONCURRENCY`], which stands for any larger number, as 1 does for 0.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.options.concurrency = requests.clamp(1, MAX_CONCURRENCY);
        self
    }

    /// Calls this whenever the job has got further, and once when it knows how much there is to do. It is called by the
    /// job itself, which waits for it. Jobs that do one thing, such as [`ensure`](crate::Client::ensure) and dry runs, never
    /// call it.
    pub fn on_progress(mut self, callback: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.options.on_progress = Some(Arc::new(callback));
        self
    }

    /// The same options for another task.
    pub(super) fn map<U>(self, task: impl FnOnce(T) -> U) -> Job<U> {
        Job { operation: task(self.operation), options: self.options }
    }
}

impl<T: Task> IntoFuture for Job<T> {
    type Output = T::Output;
    type IntoFuture = Pin<Box<dyn Future<Output = T::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { operation, options } = self;
        Box::pin(async move {
            let deadline = Instant::now().checked_add(options.timeout);
            operation.run(Run { options, deadline }).await
        })
    }
}

#[doc(hidden)]
impl<T: Task> Future for Job<T>
where
    Self: AwaitedFirst,
{
    type Output = T::Output;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        self.never()
    }
}

/// Without the arguments: a key may have been given in the place of a name.
impl<T> fmt::Debug for Job<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Options { retry, timeout, concurrency, .. } = &self.options;
        let mut debug = f.debug_struct("Job");
        debug.field("timeout", timeout).field("concurrency", concurrency).field("retry", retry).finish_non_exhaustive()
    }
}

/// A job that runs.
pub struct Run {
    options: Options,
    deadline: Option<Instant>,
}

impl Run {
    /// A call of the job, with the options of the job.
    pub(super) fn request<O: Operation>(&self, request: Request<O>) -> Request<O> {
        let request = request.deadline(self.deadline);
        match &self.options.retry {
            Some(retry) => request.retry(retry.clone()),
            None => request,
        }
    }

    pub(super) fn concurrency(&self) -> usize {
        self.options.concurrency
    }

    pub(super) fn progress(&self, settled: usize, total: usize) {
        if let Some(callback) = &self.options.on_progress {
            callback(Progress { settled, total });
        }
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}
