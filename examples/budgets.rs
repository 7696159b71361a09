//! Shows the budgets of every workspace, and those that have none.
//!
//!     OPENROUTER_API_KEY=... cargo run --example budgets

use openrouter_workspaces::{Client, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let mut workspaces = client.list().items();
    while let Some(workspace) = workspaces.try_next().await? {
        let budgets = client.list_budgets(workspace.id.to_string()).await?;
        if budgets.data.is_empty() {
            println!("{}: no budget", workspace.slug);
        }
        for budget in budgets.data {
            println!("{}: {} USD {}", workspace.slug, budget.limit_usd, budget.interval());
        }
    }
    Ok(())
}
