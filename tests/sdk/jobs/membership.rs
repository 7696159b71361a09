//! Making the members of a workspace those of a list.

use std::sync::{Arc, Mutex};

use openrouter_sandbox::{Fault, Sandbox};
use openrouter_workspaces::jobs::Progress;
use openrouter_workspaces::{Client, Error};

use crate::jobs::support::{client, members, requests, sandbox, sorted, users, with_faults};

/// A workspace with some members.
fn with_members(sandbox: Sandbox, there: impl IntoIterator<Item = usize>) -> (Sandbox, Client) {
    sandbox.create_workspace("a").unwrap();
    for user in users(there) {
        sandbox.account().add_member("a", &user).unwrap();
    }
    let client = client(&sandbox);
    (sandbox, client)
}

#[tokio::test(start_paused = true)]
async fn who_is_missing_is_added_and_who_is_not_wanted_is_removed() {
    let (sandbox, client) = with_members(sandbox(), 1..=150);
    let report = client.sync_members("a", users(101..=250)).await.unwrap();
    assert_eq!((report.added().count(), report.removed().count(), report.already_so().count()), (100, 100, 50));
    assert_eq!(members(&sandbox, "a"), sorted(users(101..=250)));
    assert_eq!(requests(&sandbox).len(), 4);
    assert!(client.sync_members("a", users(101..=250)).await.unwrap().is_complete());
    assert_eq!(requests(&sandbox), ["list_workspace_members"; 2]);
}

#[tokio::test(start_paused = true)]
async fn how_far_it_is_can_be_seen_from_outside() {
    let (_sandbox, client) = with_members(sandbox(), [1, 2, 3]);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = seen.clone();
    let tell = move |Progress { settled, total, .. }| told.lock().unwrap().push((settled, total));
    let job = client.sync_members("a", users([3, 4, 5])).on_progress(tell);
    let so_far = job.so_far();
    let report = job.await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [(1, 5), (3, 5), (5, 5)]);
    assert_eq!((report.iter().count(), so_far.get()), (5, report));
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_tells_and_changes_nothing() {
    let (sandbox, client) = with_members(sandbox(), [1, 2, 3]);
    let diff = client.sync_members("a", users([3, 5, 4, 5])).dry_run().await.unwrap();
    assert_eq!((diff.add, diff.remove, diff.unchanged), (users([5, 4]), users([1, 2]), users([3])));
    let diff = client.sync_members("a", users([5])).keep_others().dry_run().await.unwrap();
    assert_eq!((diff.add, diff.remove), (users([5]), users([])));
    assert_eq!(requests(&sandbox), ["list_workspace_members"; 2]);
}

#[tokio::test(start_paused = true)]
async fn others_are_kept_if_that_is_asked_for() {
    let (sandbox, client) = with_members(sandbox(), [1, 2]);
    assert!(client.sync_members("a", users([2, 3])).keep_others().await.unwrap().is_complete());
    assert_eq!(members(&sandbox, "a"), users([1, 2, 3]));
    assert!(client.sync_members("a", users([])).await.unwrap().is_complete());
    assert_eq!(members(&sandbox, "a"), users([]));
}

#[tokio::test(start_paused = true)]
async fn the_default_workspace_is_refused_before_anything_is_sent() {
    let (sandbox, client) = with_members(sandbox(), []);
    let failed = client.sync_members("default", users([1])).await.unwrap_err();
    assert!(matches!(failed.error(), Error::InvalidInput(_)), "{failed}");
    assert!(client.sync_members("default", users([1])).dry_run().await.is_err());
    assert_eq!(sandbox.journal().len(), 0);
    let id = client.get("default").await.unwrap().id.to_string();
    requests(&sandbox);
    client.sync_members(id.clone(), users([1])).await.unwrap_err();
    // Also where somebody would be added only. Where nothing would be changed, there is nothing to refuse.
    let added_only = client.sync_members(id.clone(), ["stranger"]).keep_others();
    for job in [client.sync_members(id.clone(), users([1])), added_only] {
        let error = job.dry_run().await.unwrap_err();
        assert!(matches!(error, Error::InvalidInput(_)), "{error}");
        assert!(error.call().operation().starts_with("bulk_"), "{error}");
    }
    assert!(client.sync_members(id, users([1])).keep_others().dry_run().await.unwrap().add.is_empty());
    assert!(requests(&sandbox).iter().all(|operation| !operation.starts_with("bulk")));
}

#[tokio::test(start_paused = true)]
async fn nobody_is_removed_if_adding_fails_and_again_finishes_it() {
    let faulty = with_faults("bulk_add_workspace_members", [Some(Fault::status(503))]);
    let (sandbox, client) = with_members(faulty, [1, 2]);
    let failed = client.sync_members("a", users([2, 3])).await.unwrap_err();
    assert_eq!(failed.so_far().left().collect::<Vec<_>>(), ["user_1", "user_3"]);
    assert_eq!(members(&sandbox, "a"), users([1, 2]));
    assert!(client.sync_members("a", users([2, 3])).await.unwrap().is_complete());
    assert_eq!(members(&sandbox, "a"), users([2, 3]));
}

#[tokio::test(start_paused = true)]
async fn nobody_is_removed_for_a_list_of_which_nobody_becomes_a_member() {
    let (sandbox, client) = with_members(sandbox(), [1, 2]);
    let report = client.sync_members("a", ["stranger", "another"]).await.unwrap();
    assert_eq!((report.refused().count(), Vec::from_iter(report.left())), (2, vec!["user_1", "user_2"]));
    assert_eq!(members(&sandbox, "a"), users([1, 2]));
    // Where one of them is, the list is meant.
    let report = client.sync_members("a", ["stranger", "user_2"]).await.unwrap();
    assert_eq!((report.refused().count(), Vec::from_iter(report.removed())), (1, vec!["user_1"]));
    assert_eq!(members(&sandbox, "a"), users([2]));
}

#[tokio::test(start_paused = true)]
async fn a_slug_that_changes_hands_after_the_members_were_read_loses_nobody_elsewhere() {
    let (sandbox, client) = with_members(sandbox(), [1, 2]);
    sandbox
        .before("bulk_add_workspace_members", |account, _| {
            account.rename_workspace("a", "b").unwrap();
            account.create_workspace("a").unwrap();
            account.add_member("a", "user_1").unwrap();
        })
        .unwrap();
    assert!(client.sync_members("a", users([2, 3])).await.unwrap().is_complete());
    assert_eq!((members(&sandbox, "a"), members(&sandbox, "b")), (users([1]), users([2, 3])));
}

#[tokio::test(start_paused = true)]
async fn a_workspace_that_is_deleted_meanwhile_is_an_error() {
    let (sandbox, client) = with_members(sandbox(), [1]);
    sandbox.before("bulk_add_workspace_members", |account, _| account.delete_workspace("a").unwrap()).unwrap();
    let failed = client.sync_members("a", users([2])).await.unwrap_err();
    assert!(matches!(failed.error(), Error::NotFound(_)), "{failed}");
    assert_eq!(failed.so_far().left().count(), 2);
}

#[tokio::test(start_paused = true)]
async fn members_of_two_workspaces_are_not_taken_for_those_of_one() {
    let (sandbox, client) = with_members(sandbox(), 1..=150);
    sandbox
        .before("list_workspace_members", |account, number| {
            if number == 2 {
                account.rename_workspace("a", "b").unwrap();
                account.create_workspace("a").unwrap();
                for user in users(1..=200) {
                    account.add_member("a", &user).unwrap();
                }
            }
        })
        .unwrap();
    let failed = client.sync_members("a", users([1])).await.unwrap_err();
    assert!(failed.to_string().contains("the slug went to another workspace meanwhile"), "{failed}");
    assert_eq!((members(&sandbox, "a").len(), members(&sandbox, "b").len()), (200, 150));
}
