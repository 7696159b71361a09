//! What jobs cost: 30 teams, each with a workspace of 130 members and four budgets, where an answer takes 20 ms.

use std::time::Duration;

use futures_util::{TryStreamExt, stream};
use openrouter_sandbox::{Behaviour, Sandbox};
use openrouter_workspaces::{BudgetSet, Client, Error};
use tokio::time::Instant;

use crate::jobs::support::{client, requests, simulated, users};

const CONCURRENCY: usize = 16;

/// A program that gives each team what it is to have, 16 teams at a time.
async fn set_up(client: &Client) -> Result<(), Error> {
    let budgets = BudgetSet::default().lifetime(9000.0).monthly(1000.0).weekly(300.0).daily(50.0);
    let teams = stream::iter((1..=30).map(|team| Ok(format!("team-{team}"))));
    teams
        .try_for_each_concurrent(CONCURRENCY, |slug| async move {
            client.ensure(&slug).name(&slug).description("A team").await?;
            assert!(client.sync_members(&slug, users(1..=130)).await?.is_complete());
            client.set_budgets(&slug, budgets).await?;
            Ok(())
        })
        .await
}

/// How many requests something took, and how long.
async fn measured<T>(sandbox: &Sandbox, what: &str, job: impl Future<Output = T>) -> (usize, Duration) {
    requests(sandbox);
    let start = Instant::now();
    job.await;
    let measured = (requests(sandbox).len(), start.elapsed());
    println!("{what}: {} requests in {:?}", measured.0, measured.1);
    measured
}

#[tokio::test(start_paused = true)]
async fn thirty_teams_are_set_up_again_and_read() {
    // Like the real server, which answers 404 for budgets that were never set.
    let sandbox =
        simulated().organization_members(130).behaviour(Behaviour::BudgetsNotFound, true).in_memory().unwrap();
    let client = client(&sandbox);
    let (count, time) = measured(&sandbox, "from nothing", async { set_up(&client).await.unwrap() }).await;
    assert!(count <= 335 && time <= Duration::from_millis(900), "{count} requests in {time:?}");
    let (count, time) = measured(&sandbox, "again", async { set_up(&client).await.unwrap() }).await;
    assert!(count <= 125 && time <= Duration::from_millis(300), "{count} requests in {time:?}");
    let snapshot = async {
        let snapshot = client.snapshot().concurrency(CONCURRENCY).await.unwrap();
        let members = snapshot.workspaces.iter().filter_map(|part| part.members.as_ref());
        assert_eq!(members.map(Vec::len).collect::<Vec<_>>(), [130; 31]);
    };
    let (count, time) = measured(&sandbox, "snapshot", snapshot).await;
    assert!(count <= 95 && time <= Duration::from_millis(200), "{count} requests in {time:?}");
}
