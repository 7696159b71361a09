//! `orw budgets get`.

use crate::commands::budgets::Budget;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::BudgetRow;

/// Shows a budget
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    budget: Budget,
}

impl Args {
    pub(crate) async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let Budget { workspace, interval } = self.budget;
        let answer = context.client.get_budget(workspace, interval).send_with_meta().await?;
        context.out.one(&BudgetRow::from(answer))?;
        Ok(Exit::Done)
    }
}
