//! Sets up a workspace for a team. Running it again changes nothing that is as it should be.
//!
//!     OPENROUTER_API_KEY=... cargo run --example onboard_team -- Research research user_abc user_def

use std::error::Error;

use openrouter_workspaces::{BudgetInterval, Client, Error as ApiError};

/// As many members as one call takes.
const BATCH: usize = 100;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [name, slug, users @ ..] = args.as_slice() else {
        return Err("usage: onboard_team <name> <slug> [user id]...".into());
    };
    let client = Client::from_env()?;
    let workspace = match client.get(slug).await {
        Ok(workspace) => workspace,
        Err(ApiError::NotFound(_)) => client.create(name, slug).await?,
        Err(error) => return Err(error.into()),
    };
    println!("{} is {}", workspace.slug, workspace.id);

    for batch in users.chunks(BATCH) {
        let added = client.bulk_add_members(slug, batch).await?;
        println!("{} members added", added.added_count);
    }
    client.set_budget(slug, BudgetInterval::Monthly, 500.0).await?;
    client.set_budget(slug, BudgetInterval::Daily, 50.0).await?;
    println!("budgets: 500 USD a month, 50 USD a day");
    Ok(())
}
