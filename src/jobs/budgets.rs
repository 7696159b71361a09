//! Reading and setting all budgets of a workspace.

use std::fmt;

use crate::client::Client;
use crate::error::{Delivery, Error};
use crate::generated::enums::BudgetInterval;
use crate::generated::types::ListWorkspaceBudgetsResponse;
use crate::jobs::budget_plan::BudgetStep;
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
    pub fn get_budgets(&self, workspace: impl Into<WorkspaceRef>) -> Job<GetBudgets> {
        Job::new(GetBudgets { client: self.clone(), workspace: workspace.into().0 })
    }

    /// Makes the budgets of a workspace those of a set: what it does not name is removed, unless
    /// [`keep_others`](Job::keep_others) says otherwise.
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
    /// Between two steps other limits are in force than before or after, and where a budget is replaced by one of another
    /// interval, there is none for a moment. A job that fails half way says in [`BudgetReport`] what is in force; running
    /// it again does the rest.
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
    pub fn set_budgets(&self, workspace: impl Into<WorkspaceRef>, budgets: BudgetSet) -> Job<SetBudgets> {
        let workspace = workspace.into().0;
        Job::new(SetBudgets { client: self.clone(), workspace, budgets, keep_others: false })
    }
}

/// The job of [`Client::get_budgets`]. It results in a [`BudgetSet`], or an [`Error`].
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

/// Reads the budgets of a workspace. A call that makes one request alone cannot tell a workspace that never had a budget from
/// one that does not exist: then the workspace is looked up here.
pub(super) async fn read_budgets(
    client: &Client,
    run: &Run,
    workspace: &str,
) -> Result<ListWorkspaceBudgetsResponse, Error> {
    match run.request(client.list_budgets(workspace)).await {
        Err(error @ Error::NotFound(_)) if error.attempts() < 2 || error.gave_up().is_some() => {
            run.request(client.get(workspace)).await?;
            Ok(ListWorkspaceBudgetsResponse { data: Vec::new(), include_byok_in_budgets: None })
        }
        other => other,
    }
}

/// The job of [`Client::set_budgets`]. It results in a [`BudgetReport`], or a [`JobError`] with one.
#[derive(Debug)]
pub struct SetBudgets {
    client: Client,
    workspace: String,
    budgets: BudgetSet,
    keep_others: bool,
}

impl Job<SetBudgets> {
    /// Leaves the budgets that the set does not name as they are.
    pub fn keep_others(mut self) -> Self {
        self.operation.keep_others = true;
        self
    }
}

/// How far [`Client::set_budgets`] has come.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct BudgetReport {
    /// The budgets that are in force now, as the server said last. `None` if they could not be read at all.
    pub in_force: Option<BudgetSet>,
    /// The budget of which it is not known whether it was changed, because the answer was lost, and the budgets could not
    /// be read again. Neither the old limit nor the new one is certain then.
    pub unknown: Option<BudgetInterval>,
    /// The changes that were made, one whose answer was lost among them if the budgets show it.
    pub made: Vec<BudgetStep>,
    /// The changes that are left, the one that failed among them. Empty after a success.
    pub left: Vec<BudgetStep>,
}

/// As in `in force now: 500 USD monthly; left: 50 USD daily`.
impl fmt::Display for BudgetReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.in_force {
            Some(set) => write!(f, "in force now: {set}")?,
            None => f.write_str("nothing was changed")?,
        }
        if let Some(interval) = &self.unknown {
            write!(f, " (the {} limit is not certain)", interval.as_str())?;
        }
        for (index, step) in self.left.iter().enumerate() {
            write!(f, "{}{step}", if index == 0 { "; left: " } else { ", " })?;
        }
        Ok(())
    }
}

impl Task for SetBudgets {
    type Output = Result<BudgetReport, JobError<BudgetReport>>;

    async fn run(self, run: Run) -> Self::Output {
        let mut report = BudgetReport::default();
        let result = self.perform(&run, &mut report).await;
        result.map_err(|error| JobError::new(error, report.clone()))?;
        Ok(report)
    }
}

impl SetBudgets {
    async fn perform(mut self, run: &Run, report: &mut BudgetReport) -> Result<(), Error> {
        self.check(&self.budgets)?;
        let mut now = self.read(run).await?;
        for plans in 1.. {
            report.in_force = Some(now);
            report.left = self.plan(&now)?;
            let Err(error) = self.apply(run, &mut now, report).await else { break };
            let (unknown, refused) = (error.delivery() == Delivery::Unknown, matches!(error, Error::BadRequest(_)));
            if !unknown && !refused {
                return Err(error);
            }
            let Ok(there) = self.read(run).await else {
                report.unknown = report.left.first().filter(|_| unknown).map(|step| step.interval.clone());
                return Err(error);
            };
            if unknown && report.left.first().is_some_and(|step| step.is_made(&there)) {
                report.made.push(report.left.remove(0));
            }
            // Only where somebody else has changed them, another plan may do better.
            if !refused || there == now || plans >= MAX_PLANS {
                report.in_force = Some(there);
                // Where what somebody else has set collides with the rest, that is left as it was planned.
                let Ok(left) = self.plan(&there) else { return Err(error) };
                report.left = left;
                // What was applied although its answer was lost may have been the last of it.
                return if report.left.is_empty() { Ok(()) } else { Err(error) };
            }
            now = there;
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
        now.steps_to(&wanted).map_err(|error| self.client.list_budgets(&self.workspace).refuse(error))
    }

    /// Refuses a set that the server would not take.
    fn check(&self, set: &BudgetSet) -> Result<(), Error> {
        set.check().map_err(|error| {
            let interval = BudgetInterval::known(error.field()).unwrap_or(BudgetInterval::Lifetime);
            self.client.set_budget(&self.workspace, interval, 1.0).refuse(error)
        })
    }

    /// Does what is left, step by step.
    async fn apply(&mut self, run: &Run, now: &mut BudgetSet, report: &mut BudgetReport) -> Result<(), Error> {
        let before = report.made.len();
        let total = before + report.left.len();
        run.progress(before, total);
        while let Some(step) = report.left.first() {
            let (workspace, interval) = (&self.workspace, step.interval.clone());
            match step.limit_usd {
                Some(limit) => {
                    let mut request = self.client.set_budget(workspace, interval, limit);
                    if let Some(include) = step.include_byok {
                        request = request.include_byok_in_budgets(include);
                    }
                    let set = run.request(request).await?;
                    self.workspace = set.workspace_id.to_string();
                }
                None => {
                    run.request(self.client.delete_budget(workspace, interval)).await?;
                }
            }
            step.apply(now);
            report.in_force = Some(*now);
            report.made.push(report.left.remove(0));
            run.progress(report.made.len(), total);
        }
        Ok(())
    }
}
