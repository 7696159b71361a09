//! The whole account as one value.

use std::time::Duration;

use openrouter_sandbox::{Behaviour, Fault, FaultPlan};
use openrouter_workspaces::jobs::{Snapshot, SnapshotPart};
use openrouter_workspaces::{BudgetSet, Client, Error};
use tokio::time::Instant;

use crate::jobs::support::{client, requests, sandbox, simulated, users, with_faults};

#[tokio::test(start_paused = true)]
async fn everything_is_in_it_and_it_is_json() {
    let sandbox = simulated().seed_workspaces(3).in_memory().unwrap();
    let client = client(&sandbox);
    client.set_budgets("workspace-2", BudgetSet::default().daily(5.0)).await.unwrap();
    assert!(client.add_members("workspace-3", users(1..=120)).await.unwrap().is_complete());
    let snapshot = client.snapshot().await.unwrap();
    assert!(snapshot.is_complete());
    let slugs: Vec<&str> = snapshot.workspaces.iter().map(|part| part.workspace.slug.as_str()).collect();
    assert_eq!(slugs, ["default", "workspace-1", "workspace-2", "workspace-3"]);
    let members: Vec<usize> = snapshot.workspaces.iter().map(|part| part.members.as_ref().unwrap().len()).collect();
    assert_eq!(members, [300, 0, 0, 120]);
    let daily: Vec<_> = snapshot.workspaces.iter().map(|part| part.budgets.unwrap().daily).collect();
    assert_eq!(daily, [None, None, Some(5.0), None]);
    let json = serde_json::to_string(&snapshot).unwrap();
    assert_eq!(serde_json::from_str::<Snapshot>(&json).unwrap(), snapshot);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_kept_beside_the_rest() {
    let plan = FaultPlan::default().sequence("list_workspace_members", [None, Some(Fault::status(503))]);
    let forbidden = simulated().organization_members(5).seed_workspaces(2).behaviour(Behaviour::BudgetsForbidden, true);
    let sandbox = forbidden.faults(plan).in_memory().unwrap();
    let snapshot = client(&sandbox).snapshot().concurrency(1).await.unwrap();
    let failures: Vec<_> = snapshot.failures.iter().map(|failure| (failure.part, failure.status)).collect();
    let budgets = (SnapshotPart::Budgets, Some(403));
    assert_eq!(failures, [budgets, (SnapshotPart::Members, Some(503)), budgets, budgets]);
    assert_eq!([SnapshotPart::Budgets, SnapshotPart::Members].map(|part| part.to_string()), ["budgets", "members"]);
    assert!(snapshot.failures[0].error.contains("only available on the Enterprise plan"));
    assert_eq!(snapshot.failures[1].workspace, snapshot.workspaces[1].workspace.id);
    let members: Vec<_> = snapshot.workspaces.iter().map(|part| part.members.as_ref().map(Vec::len)).collect();
    assert_eq!(members, [Some(5), None, Some(0)]);
    assert!(!snapshot.is_complete());
}

#[tokio::test(start_paused = true)]
async fn the_list_itself_is_an_error() {
    let sandbox = with_faults("list_workspaces", [Some(Fault::status(503))]);
    assert!(matches!(client(&sandbox).snapshot().await, Err(Error::Api(_))));
}

#[tokio::test(start_paused = true)]
async fn workspaces_that_are_renamed_meanwhile_are_read_and_those_that_are_deleted_are_left_out() {
    let sandbox = simulated().seed_workspaces(3).in_memory().unwrap();
    sandbox
        .before("list_workspace_members", |account, number| {
            if number == 1 {
                account.rename_workspace("workspace-1", "renamed").unwrap();
                account.delete_workspace("workspace-2").unwrap();
                account.create_workspace("workspace-1").unwrap();
            }
        })
        .unwrap();
    let snapshot = client(&sandbox).snapshot().concurrency(1).await.unwrap();
    let slugs: Vec<&str> = snapshot.workspaces.iter().map(|part| part.workspace.slug.as_str()).collect();
    assert_eq!((slugs, snapshot.failures), (vec!["default", "workspace-1", "workspace-3"], vec![]));
}

#[tokio::test(start_paused = true)]
async fn after_the_deadline_nothing_is_sent_and_what_was_read_stays() {
    let sandbox = simulated().seed_workspaces(10).in_memory().unwrap();
    let job = client(&sandbox).snapshot().concurrency(1).timeout(Duration::from_millis(150));
    let snapshot = job.await.unwrap();
    assert_eq!(snapshot.workspaces.len(), 11);
    assert!(snapshot.workspaces[0].members.is_some() && snapshot.workspaces[10].members.is_none());
    assert!(requests(&sandbox).len() <= 8);
}

#[tokio::test(start_paused = true)]
async fn an_empty_account_has_its_default_workspace() {
    let snapshot = client(&sandbox()).snapshot().await.unwrap();
    assert_eq!(snapshot.workspaces.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_for_when_the_time_of_the_job_is_over() {
    let sandbox = simulated().seed_workspaces(50).in_memory().unwrap();
    sandbox.set_faults(FaultPlan::default().rate("list_workspace_members", 1.0, [Fault::Stall])).unwrap();
    let builder = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url());
    let client = builder.http_service(sandbox.service()).build().unwrap();
    let start = Instant::now();
    let snapshot = client.snapshot().timeout(Duration::from_millis(100)).concurrency(8).await.unwrap();
    assert_eq!((start.elapsed(), snapshot.failures.len()), (Duration::from_millis(100), 102));
    // The list, and the members of eight workspaces.
    assert_eq!(requests(&sandbox).len(), 9);
    let last = &snapshot.failures.last().unwrap().error;
    assert!(last.ends_with("timed out: there was no time left to send it"), "{last}");
}
