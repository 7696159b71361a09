//! Sets up a workspace for a team. Running it again changes nothing that is as it should be.
//!
//!     OPENROUTER_API_KEY=... cargo run --example onboard_team -- Research research user_abc user_def

use std::error::Error;

use openrouter_workspaces::{BudgetSet, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [name, slug, users @ ..] = args.as_slice() else {
        return Err("usage: onboard_team <name> <slug> [user id]...".into());
    };
    onboard(&Client::from_env()?, name, slug, users).await
}

pub(crate) async fn onboard(client: &Client, name: &str, slug: &str, users: &[String]) -> Result<(), Box<dyn Error>> {
    let ensured = client.ensure(slug).name(name).await?;
    println!("{slug} is {}: {}", ensured.workspace.id, ensured.outcome);

    let members = client.add_members(slug, users).await?;
    println!("{} members added, {} were there", members.added().count(), members.already_so().count());
    for (user, why) in members.refused() {
        println!("{user} is refused: {why}");
    }

    let budgets = client.set_budgets(slug, BudgetSet::default().monthly(500.0).daily(50.0)).await?;
    println!("{budgets}");
    Ok(())
}
