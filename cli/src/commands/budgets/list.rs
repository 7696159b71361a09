//! `orw budgets list`.

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{BudgetRow, counted};

/// Lists the budgets of a workspace
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Slug or id
    workspace: String,
}

impl Args {
    pub(crate) async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let (budgets, byok) = context.budgets(&self.workspace).await?;
        let rows: Vec<BudgetRow> = budgets.into_iter().map(|budget| BudgetRow::new(budget, byok)).collect();
        context.out.list(&rows, &counted(rows.len(), "budget"))?;
        Ok(Exit::Done)
    }
}
