//! Carrying out a plan.

mod check;
mod error;
mod event;
mod members;
mod report;
mod run;
mod step;

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;

use openrouter_workspaces::{Client, MAX_CONCURRENCY};

use crate::apply::event::OnEvent;
use crate::apply::run::Run;
use crate::apply::step::Step;
use crate::plan::{Plan, WorkspacePlan};

pub use error::{ApplyError, Moved};
pub use event::Event;
pub use report::{ActionReport, ApplyReport, Failure, Outcome, SoFar, WorkspaceReport};

/// Carries out a plan.
///
/// A plan that was changed after it was made is refused, and nothing is sent. Then it reads what the plan rests on, and refuses the plan if something of that has moved, before anything is changed.
/// After that, workspaces are worked on side by side, and the actions of each in their order. An action that fails stops its
/// workspace, and no other: the [`ApplyReport`] tells what has become of each action.
///
/// It is no transaction. When it failed, or was dropped, or killed, make a plan again and apply that: it has what is left.
/// What others change between the reading and an action is not seen.
///
/// One request for 100 workspaces, and for each workspace whose members or budgets are changed, those that read them; then
/// one for each action, or for each 100 users. A request on members that the server refuses is split, until it is known
/// for whom, as [`Client::add_members`] does.
///
/// ```
/// # use openrouter_workspaces::Client;
/// # use openrouter_workspaces_fleet::{Account, Manifest, PlanOptions, apply, plan};
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let manifest = Manifest::load(["fleet"])?;
/// let account = Account::read_for(&client, &manifest).await?;
/// let plan = plan(&manifest, &account, &PlanOptions::default())?;
/// let report = apply(&client, &plan).concurrency(16).on_event(|event| println!("{event}")).await?;
/// assert!(report.is_complete(), "{report}");
/// # Ok(())
/// # }
/// ```
pub fn apply(client: &Client, plan: &Plan) -> Apply {
    let so_far = SoFar::new(plan);
    Apply { client: client.clone(), plan: plan.clone(), concurrency: 8, on_event: None, so_far }
}

/// A plan that is not carried out yet: `.await` does it. Made by [`apply`].
#[must_use = "a plan is only carried out by `.await`"]
pub struct Apply {
    client: Client,
    plan: Plan,
    concurrency: usize,
    on_event: Option<OnEvent>,
    so_far: SoFar,
}

impl Apply {
    /// How many requests are under way at the same time at most. Default: 8; at most [`MAX_CONCURRENCY`], which stands for
    /// any larger number, as 1 does for 0.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests.clamp(1, MAX_CONCURRENCY);
        self
    }

    /// Calls this when an action begins and when it ends. It is called by the future itself, which waits for it.
    pub fn on_event(mut self, callback: impl Fn(Event<'_>) + Send + Sync + 'static) -> Self {
        self.on_event = Some(Arc::new(callback));
        self
    }

    /// Finds out whether the plan would be carried out, and changes nothing: a dry run.
    ///
    /// # Errors
    ///
    /// What `.await` would fail with, before anything is changed. What the server would refuse later is not seen.
    pub async fn check(&self) -> Result<(), ApplyError> {
        self.checked_steps().await.map(drop)
    }

    /// The steps of each workspace, if the plan was not changed, and what it rests on has not moved.
    async fn checked_steps(&self) -> Result<Vec<Vec<Step>>, ApplyError> {
        let Self { client, plan, concurrency, .. } = self;
        if !plan.is_unchanged() {
            return Err(ApplyError::Changed);
        }
        if plan.is_empty() {
            return Ok(Vec::new());
        }
        let steps = |workspace: &WorkspacePlan| {
            step::steps(workspace).map_err(|problem| ApplyError::Invalid { slug: workspace.slug.clone(), problem })
        };
        let steps = plan.workspaces.iter().map(steps).collect::<Result<Vec<_>, _>>()?;
        check::check(client, plan, *concurrency).await?;
        Ok(steps)
    }

    async fn run(self) -> Result<ApplyReport, ApplyError> {
        let steps = self.checked_steps().await?;
        let Self { client, plan, concurrency, on_event, so_far } = self;
        let run = Run { client, plan, so_far, on_event };
        run.workspaces(steps, concurrency).await;
        Ok(run.so_far.get())
    }

    /// How far it has come, also while it runs, and after it was dropped.
    pub fn so_far(&self) -> SoFar {
        self.so_far.clone()
    }
}

impl IntoFuture for Apply {
    type Output = Result<ApplyReport, ApplyError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Apply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { plan, concurrency, .. } = self;
        f.debug_struct("Apply").field("plan", plan).field("concurrency", concurrency).finish_non_exhaustive()
    }
}
