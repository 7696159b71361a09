//! Gives every team a workspace with its members and budgets. Running it again changes nothing that is as it should be.
//!
//!     echo '{"research": ["user_abc", "user_def"], "sales": []}' | OPENROUTER_API_KEY=... cargo run --example teams

use std::{collections::BTreeMap, error::Error, io::stdin};

use futures_util::{StreamExt, TryStreamExt, stream};
use openrouter_workspaces::{BudgetSet, Client, Error as CallError};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    set_up(&Client::from_env()?, serde_json::from_reader(stdin())?).await
}

pub(crate) async fn set_up(client: &Client, teams: BTreeMap<String, Vec<String>>) -> Result<(), Box<dyn Error>> {
    let budgets = BudgetSet::default().lifetime(9000.0).monthly(1000.0).weekly(300.0).daily(50.0);
    let jobs = teams.iter().map(async |(slug, users)| {
        client.ensure(slug).await?;
        let members = client.sync_members(slug, users).await?;
        let budgets = client.set_budgets(slug, budgets).await?;
        Ok::<_, CallError>(format!("{slug}: {members}; {budgets}"))
    });
    let mut done = stream::iter(jobs).buffered(8);
    while let Some(team) = done.try_next().await? {
        println!("{team}");
    }
    Ok(())
}
