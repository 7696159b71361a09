//! Reading and setting all budgets of a workspace.

use crate::client::Client;
use crate::error::{Delivery, Error, InvalidInput};
use crate::generated::enums::BudgetInterval;
use crate::generated::types::ListWorkspaceBudgetsResponse;
use crate::jobs::budget_plan::BudgetStep;
use crate::jobs::budget_report::{BudgetReport, BudgetsSoFar};
use crate::jobs::budget_set::BudgetSet;
use crate::jobs::error::JobError;
use crate::jobs::job::{Job, Run, Task};
use crate::names::WorkspaceRef;

/// How often the budgets are read, and the steps planned anew, where somebody else changes them meanwhile.
const MAX_PLANS: usize = 3;

impl Client {
    /// Gets all budgets of a workspace as one value, which [`set_budgets`](Self::set_budgets) takes. Budgets of intervals
    /// that this version does not know are not in it.
    ///
    /// One request, or two where the workspace never had a budget.
    pub fn get_budgets(&self, workspace: impl Into<WorkspaceRef>) -> GetBudgetsJob {
        Job::new(GetBudgets { client: self.clone(), workspace: workspace.into().0 })
    }

    /// Makes the budgets of a workspace those of a set: what it does not name is removed, unless
    /// [`keep_others`](SetBudgetsJob#method.keep_others) says otherwise.
    ///
    /// The order of limits is checked before anything is sent, and, with `keep_others`, once more before anything is
    /// changed. Then it reads what is there, and changes what differs, one call for each budget that does, in an order in
    /// which the server takes every step: deletions, then what falls, then what rises. Where it refuses one because somebody
    /// else has changed the budgets meanwhile, they are read again, up to three times.
    ///
    /// One request to read, and one for each change. [`include_byok`](BudgetSet::include_byok) travels with a change; where
    /// there is none, it takes one more, and where there is no budget at all, it cannot be changed, and is
    /// [`Error::InvalidInput`].
    ///
    /// Changes name the workspace by the id that its budgets tell. One that has none yet is named as it is here until the first
    /// is set: by its slug, if that is given, it goes to whatever has the slug by then.
    ///
    /// Between two steps other limits are in force than before or after, and where a budget is replaced by one of another
    /// interval, there is none for a moment. A job that fails half way says in [`BudgetReport`] what is in force, and one that
    /// is dropped in [`so_far`](SetBudgetsJob#method.so_far); running it again does the rest.
    ///
    /// ```
    /// # use openrouter_workspaces::{BudgetSet, Client, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// // These two and no others.
    /// client.set_budgets("production", BudgetSet::default().monthly(500.0).daily(50.0)).await?;
    ///
    /// // A weekly one besides.
    /// client.set_budgets("production", BudgetSet::default().weekly(200.0)).keep_others().await?;
    ///
    /// // What one workspace has, for another one.
    /// let budgets = client.get_budgets("production").await?;
    /// client.set_budgets("staging", budgets).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_budgets(&self, workspace: impl Into<WorkspaceRef>, budgets: BudgetSet) -> SetBudgetsJob {
        let workspace = workspace.into().0;
        let (client, so_far) = (self.clone(), BudgetsSoFar::default());
        Job::new(SetBudgets { client, workspace, budgets, keep_others: false, so_far })
    }
}

/// What [`Client::get_budgets`] returns. It has no settings of its own, only the options of every [`Job`].
pub type GetBudgetsJob = Job<GetBudgets>;

/// The task of a [`GetBudgetsJob`]. It results in a [`BudgetSet`], or an [`Error`].
#[derive(Debug)]
pub struct GetBudgets {
    client: Client,
    workspace: String,
}

impl Task for GetBudgets {
    type Output = Result<BudgetSet, Error>;

    async fn run(self, run: Run) -> Self::Output {
        let list = read_budgets(&self.client, &run, &self.workspace).await?;
        Ok(BudgetSet::from(&list))
    }
}

/// Reads the budgets of a workspace. A call without look-ups, or without an attempt left for one, cannot tell a workspace that
/// never had a budget from one that does not exist: then the workspace is looked up here.
pub(super) async fn read_budgets(
    client: &Client,
    run: &Run,
    workspace: &str,
) -> Result<ListWorkspaceBudgetsResponse, Error> {
    let list = run.request(client.list_budgets(workspace));
    let looks_up = list.looks_up();
    match list.await {
        Err(error @ Error::NotFound(_)) if !looks_up || error.gave_up().is_some() => {
            run.request(client.get(workspace)).await?;
            Ok(ListWorkspaceBudgetsResponse { data: Vec::new(), include_byok_in_budgets: None })
        }
        other => other,
    }
}

/// What [`Client::set_budgets`] returns.
///
/// Setting of its own: [`keep_others`](SetBudgetsJob#method.keep_others); and [`so_far`](SetBudgetsJob#method.so_far), which
/// tells what a job has done that was dropped.
///
/// The options of every [`Job`] besides.
pub type SetBudgetsJob = Job<SetBudgets>;

/// The task of a [`SetBudgetsJob`]. It results in a [`BudgetReport`], or a [`JobError`] with one.
#[derive(Debug)]
pub struct SetBudgets {
    client: Client,
    workspace: String,
    budgets: BudgetSet,
    keep_others: bool,
    so_far: BudgetsSoFar,
}

/// Only for a [`SetBudgetsJob`].
impl Job<SetBudgets> {
    /// Leaves the budgets that the set does not name as they are.
    pub fn keep_others(mut self) -> Self {
        self.operation.keep_others = true;
        self
    }

    /// How far the job has come, also after it was dropped.
    pub fn so_far(&self) -> BudgetsSoFar {
        self.operation.so_far.clone()
    }
}

impl Task for SetBudgets {
    type Output = Result<BudgetReport, JobError<BudgetReport>>;

    async fn run(self, run: Run) -> Self::Output {
        let so_far = self.so_far.clone();
        let result = self.perform(&run).await;
        let report = so_far.get();
        match result {
            Ok(()) => Ok(report),
            Err(error) => Err(JobError::new(error, report)),
        }
    }
}

impl SetBudgets {
    async fn perform(mut self, run: &Run) -> Result<(), Error> {
        self.check(&self.budgets)?;
        let so_far = self.so_far.clone();
        let mut now = self.read(run).await?;
        let mut refusal = None;
        for plans in 1.. {
            so_far.update(|report| report.in_force = Some(now));
            let steps = match self.plan(&now) {
                Ok(steps) => steps,
                // What was refused before was sent, and where there was nothing before, nothing was changed.
                Err(error) => return Err(refusal.unwrap_or(error)),
            };
            so_far.update(|report| report.left = steps);
            let Err(error) = self.apply(run, &mut now).await else { break };
            let (unknown, refused) = (error.delivery() == Delivery::Unknown, matches!(error, Error::BadRequest(_)));
            if !unknown {
                so_far.update(|report| report.unknown = None);
            }
            if !unknown && !refused {
                return Err(error);
            }
            let Ok(there) = self.read(run).await else { return Err(error) };
            so_far.update(|report| {
                report.unknown = None;
                if unknown && report.left.first().is_some_and(|step| step.is_made(&there)) {
                    report.made.push(report.left.remove(0));
                }
            });
            // Only where somebody else has changed them, another plan may do better.
            if !refused || there == now || plans >= MAX_PLANS {
                so_far.update(|report| report.in_force = Some(there));
                // Where what somebody else has set collides with the rest, that is left as it was planned.
                let Ok(left) = self.plan(&there) else { return Err(error) };
                // What was applied although its answer was lost may have been the last of it.
                let complete = left.is_empty();
                so_far.update(|report| report.left = left);
                return if complete { Ok(()) } else { Err(error) };
            }
            (now, refusal) = (there, Some(error));
        }
        Ok(())
    }

    /// The budgets that are there. From now on the workspace is named by its id, if they tell that.
    async fn read(&mut self, run: &Run) -> Result<BudgetSet, Error> {
        let list = read_budgets(&self.client, run, &self.workspace).await?;
        if let Some(budget) = list.data.first() {
            self.workspace = budget.workspace_id.to_string();
        }
        Ok(BudgetSet::from(&list))
    }

    /// What is to be done where this is there.
    fn plan(&self, now: &BudgetSet) -> Result<Vec<BudgetStep>, Error> {
        let wanted = if self.keep_others { self.budgets.or(now) } else { self.budgets };
        self.check(&wanted)?;
        now.steps_to(&wanted).map_err(|error| self.refuse(error))
    }

    /// Refuses a set that the server would not take.
    fn check(&self, set: &BudgetSet) -> Result<(), Error> {
        set.check().map_err(|error| self.refuse(error))
    }

    /// The change is what is not sent.
    fn refuse(&self, error: InvalidInput) -> Error {
        let interval = BudgetInterval::known(error.field()).unwrap_or(BudgetInterval::Lifetime);
        self.client.set_budget(&self.workspace, interval, 1.0).refuse(error)
    }

    /// Does what is left, step by step.
    async fn apply(&mut self, run: &Run, now: &mut BudgetSet) -> Result<(), Error> {
        let (made, left) = self.so_far.update(|report| (report.made.len(), report.left.clone()));
        let total = made + left.len();
        run.progress(made, total);
        for (made, step) in (made + 1..).zip(left) {
            self.so_far.update(|report| report.unknown = Some(step.interval.clone()));
            self.step(run, &step).await?.apply(now);
            self.so_far.update(|report| {
                report.unknown = None;
                report.in_force = Some(*now);
                report.made.push(report.left.remove(0));
            });
            run.progress(made, total);
        }
        Ok(())
    }

    /// Makes a change, and returns it as the server says that it is made.
    async fn step(&mut self, run: &Run, step: &BudgetStep) -> Result<BudgetStep, Error> {
        let (workspace, interval) = (&self.workspace, step.interval.clone());
        let Some(limit) = step.limit_usd else {
            run.request(self.client.delete_budget(workspace, interval)).await?;
            return Ok(step.clone());
        };
        let mut request = self.client.set_budget(workspace, interval.clone(), limit);
        if let Some(include) = step.include_byok {
            request = request.include_byok_in_budgets(include);
        }
        let answer = run.request(request).send_with_meta().await?;
        self.workspace = answer.data.workspace_id.to_string();
        let include_byok = answer.include_byok_in_budgets().or(step.include_byok);
        Ok(BudgetStep { interval, limit_usd: Some(answer.data.limit_usd), include_byok })
    }
}
