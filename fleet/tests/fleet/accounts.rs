//! What is read of an account.

use std::sync::{Arc, Mutex};

use openrouter_sandbox::{Account as Others, Fault, FaultPlan};
use openrouter_workspaces::jobs::{SnapshotFailure, SnapshotPart};
use openrouter_workspaces_fleet::{Account, Part};

use crate::support::{client, described};

#[tokio::test(start_paused = true)]
async fn a_snapshot_is_as_good_as_what_is_read() {
    let sandbox = described().seed_workspaces(2).in_memory().unwrap();
    let client = client(&sandbox);
    client.bulk_add_members("workspace-1", ["user_1"]).await.unwrap();
    let read = Account::read(&client).await.unwrap();
    let account = Account::from(client.snapshot().await.unwrap());
    assert_eq!(account, read);
    assert_eq!(account.workspaces.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_a_snapshot_could_not_read_is_a_part_that_failed_of_its_own_workspace() {
    let sandbox = described().seed_workspaces(2).in_memory().unwrap();
    let statuses = |statuses: [u16; 2]| statuses.map(|status| Some(Fault::status(status)));
    let faults = FaultPlan::default()
        .sequence("list_workspace_budgets", statuses([401, 402]))
        .sequence("list_workspace_members", statuses([403, 404]));
    sandbox.set_faults(faults).unwrap();
    let snapshot = client(&sandbox).snapshot().await.unwrap();
    assert!(snapshot.failures.len() >= 3, "{snapshot:?}");
    let account = Account::from(snapshot.clone());
    assert_eq!(account.workspaces.len(), snapshot.workspaces.len());
    for there in &account.workspaces {
        let parts = [(SnapshotPart::Members, failed(&there.members)), (SnapshotPart::Budgets, failed(&there.budgets))];
        for (part, status) in parts {
            let of_it = |failure: &&SnapshotFailure| failure.workspace == there.workspace.id && failure.part == part;
            assert_eq!(status, snapshot.failures.iter().find(of_it).and_then(|failure| failure.status), "{part}");
        }
    }
}

fn failed<T>(part: &Part<T>) -> Option<u16> {
    match part {
        Part::Failed(failure) => failure.status,
        _ => None,
    }
}

#[tokio::test(start_paused = true)]
async fn a_workspace_that_is_deleted_while_the_account_is_read_is_not_in_it() {
    let sandbox = described().seed_workspaces(3).in_memory().unwrap();
    let gone = |others: &Others, _| drop(others.delete_workspace("workspace-2"));
    sandbox.before("list_workspace_members", gone).unwrap();
    let account = Account::read(&client(&sandbox)).await.unwrap();
    let slugs: Vec<&str> = account.workspaces.iter().map(|there| there.workspace.slug.as_str()).collect();
    assert_eq!(slugs, ["default", "workspace-1", "workspace-3"]);
}

#[tokio::test(start_paused = true)]
async fn the_progress_of_reading_counts_each_part() {
    let sandbox = described().seed_workspaces(2).in_memory().unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let lines = seen.clone();
    let reading = Account::read(&client(&sandbox));
    let reading = reading.on_progress(move |progress| lines.lock().unwrap().push((progress.read, progress.total)));
    assert!(format!("{reading:?}").starts_with("ReadAccount"), "{reading:?}");
    reading.await.unwrap();
    assert_eq!(*seen.lock().unwrap(), Vec::from_iter((0..=6).map(|read| (read, 6))));
}
