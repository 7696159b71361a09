//! `orw budgets`.

mod apply;
mod delete;
mod get;
mod list;
mod set;

use openrouter_workspaces::{BudgetInterval, BudgetSet, UnknownValue};
use serde_json::Value;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Lists, sets and deletes budgets of a workspace
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    List(list::Args),
    Get(get::Args),
    Set(set::Args),
    Delete(delete::Args),
    Apply(apply::Args),
}

impl Args {
    pub(crate) async fn run(self, context: &Context) -> Result<Exit, Failure> {
        match self.command {
            Command::List(args) => args.run(context).await,
            Command::Get(args) => args.run(context).await,
            Command::Set(args) => args.run(context).await,
            Command::Delete(args) => args.run(context).await,
            Command::Apply(args) => args.run(context).await,
        }
    }
}

/// A budget by its workspace and interval.
#[derive(Debug, clap::Args)]
struct Budget {
    /// Slug or id
    workspace: String,
    /// daily, weekly, monthly or lifetime
    #[arg(value_parser = |text: &str| BudgetInterval::try_from(text).map_err(known))]
    interval: BudgetInterval,
}

impl Budget {
    /// The limit that is in force in the workspace with this slug or id; null if there is none.
    async fn limit(&self, context: &Context, workspace: &str) -> Result<Value, Failure> {
        let (budgets, _) = context.budgets(workspace).await?;
        Ok(budgets.iter().find(|budget| budget.interval() == self.interval).map(|budget| budget.limit_usd).into())
    }

    fn name(&self) -> String {
        format!("{} budget of {}", self.interval.as_str(), self.workspace)
    }
}

/// A set of this budget alone.
fn only(interval: &BudgetInterval, limit: f64) -> BudgetSet {
    let set = BudgetSet::default();
    match interval {
        BudgetInterval::Lifetime => set.lifetime(limit),
        BudgetInterval::Monthly => set.monthly(limit),
        BudgetInterval::Weekly => set.weekly(limit),
        BudgetInterval::Daily => set.daily(limit),
        _ => set,
    }
}

/// What to choose in place of an interval that there is not.
fn known(unknown: UnknownValue) -> String {
    format!("did you mean {}? There are daily, weekly, monthly and lifetime", unknown.nearest())
}
