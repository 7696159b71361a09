//! The example that sets up a workspace for a team.

use openrouter_workspaces::BudgetSet;

use crate::onboard_team::onboard;
use crate::support::{client, members, requests, sandbox, users};

#[tokio::test(start_paused = true)]
async fn it_works_twice_in_a_row_and_on_a_workspace_that_has_budgets() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    onboard(&client, "Research", "research", &users(1..=130)).await.unwrap();
    requests(&sandbox);
    onboard(&client, "Research", "research", &users(1..=130)).await.unwrap();
    assert_eq!(requests(&sandbox).len(), 4, "what is there is read, and nothing is changed");

    // In table order, the limits that it lowers would be refused.
    let higher = BudgetSet::default().lifetime(90_000.0).monthly(9000.0).weekly(5000.0).daily(4000.0);
    client.set_budgets("research", higher).await.unwrap();
    onboard(&client, "Research", "research", &users(1..=130)).await.unwrap();
    let there = client.get_budgets("research").await.unwrap();
    assert_eq!((there.lifetime, there.monthly, there.weekly, there.daily), (None, Some(500.0), None, Some(50.0)));
    assert_eq!(members(&sandbox, "research").len(), 130);
}
