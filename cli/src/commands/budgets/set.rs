//! `orw budgets set`.

use openrouter_workspaces::Error;

use crate::commands::budgets::{Budget, only};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::dollars;
use crate::output::BudgetRow;
use crate::output::changes::Change;

/// Sets a budget, or replaces the one that there is
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    budget: Budget,
    /// The limit in US dollars, such as 100 or 12.50
    #[arg(value_parser = dollars, allow_negative_numbers = true)]
    limit: f64,
    /// Whether spend on one's own provider keys counts, for all budgets of the workspace
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true)]
    include_byok: Option<bool>,
}

impl Args {
    pub(crate) async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let Self { budget, limit, include_byok } = self;
        if context.dry_run {
            let wanted = only(&budget.interval, limit);
            wanted.check().map_err(Error::from)?;
            let (there, byok) = context.budgets(&budget.workspace).await?;
            let all = there.iter().fold(wanted, |set, there| set.or(&only(&there.interval(), there.limit_usd)));
            all.check().map_err(Error::from)?;
            let before = there.iter().find(|there| there.interval() == budget.interval);
            let limit = Change::between(budget.name(), before.map(|before| before.limit_usd).into(), limit.into());
            let after = |after: bool| Change::between("include_byok_in_budgets", byok.into(), after.into());
            let byok = include_byok.and_then(after);
            context.out.changes(&Vec::from_iter(limit.into_iter().chain(byok)))?;
            return Ok(Exit::Done);
        }
        context.sending();
        let mut request = context.client.set_budget(&budget.workspace, budget.interval.clone(), limit);
        if let Some(include) = include_byok {
            request = request.include_byok_in_budgets(include);
        }
        let answer = request.send_with_meta().await?;
        let sentence = format!("the {} is {limit} USD", budget.name());
        context.out.done(&BudgetRow::from(answer), &sentence)?;
        Ok(Exit::Done)
    }
}
