//! `orw budgets delete`.

use serde_json::Value;

use crate::commands::budgets::Budget;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::changes::Change;

/// Deletes a budget, so that nothing limits the spend of its interval
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    budget: Budget,
}

impl Args {
    pub(crate) async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let id = context.id(&self.budget.workspace).await?;
        let limit = || self.budget.limit(context, &id);
        let before = limit().await?;
        let changes = Vec::from_iter(Change::between(self.budget.name(), before.clone(), Value::Null));
        let question = format!("Delete the {}?", self.budget.name());
        if !context.agree(&changes, &question).await? {
            return Ok(Exit::Done);
        }
        if context.has_asked(&changes) && limit().await? != before {
            return Err(Failure::moved());
        }
        context.sending();
        context.client.delete_budget(id, self.budget.interval.clone()).await?;
        let sentence = match changes.is_empty() {
            true => format!("there is no {}", self.budget.name()),
            false => format!("deleted the {}", self.budget.name()),
        };
        context.out.changed(&changes, &sentence)?;
        Ok(Exit::Done)
    }
}
