//! A test of your own code against the API, without a network.
//!
//! ```sh
//! cargo test -p openrouter-sandbox --example in_memory    # as a test
//! cargo run -p openrouter-sandbox --example in_memory     # as a program
//! ```

use std::error::Error;

use openrouter_sandbox::Sandbox;
use openrouter_workspaces::{BudgetInterval, Client};

/// Your own code: a team gets a workspace with its people in it, and 50 USD a month.
async fn onboard(client: &Client, team: &str, people: &[&str]) -> Result<(), openrouter_workspaces::Error> {
    client.create(team, team).await?;
    client.bulk_add_members(team, people.iter().copied()).await?;
    client.set_budget(team, BudgetInterval::Monthly, 50.0).await?;
    Ok(())
}

/// The test. `cargo test` runs it; of a test in your project, `#[tokio::test]` is all that is different.
#[cfg_attr(test, tokio::test)]
async fn a_team_is_onboarded() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::builder().in_memory()?;
    let client = Client::builder()
        .api_key(sandbox.key())
        .base_url(sandbox.base_url())
        .http_service(sandbox.service())
        .build()?;

    onboard(&client, "research", &["user_1", "user_2"]).await?;

    assert_eq!(sandbox.members("research")?.len(), 2);
    assert_eq!(sandbox.budgets("research")?[0]["limit_usd"], 50.0);
    Ok(())
}

#[cfg(not(test))]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    a_team_is_onboarded().await?;
    println!("The team research has its workspace, two members and a budget.");
    Ok(())
}
