//! Every kind of call can be waited for, and comes to what `.await` comes to.

use std::sync::{Arc, Mutex};

use openrouter_workspaces::jobs::EnsureOutcome;
use openrouter_workspaces::{BudgetInterval, BudgetSet, Error, RetryConfig};

use crate::blocking::support::{client, sandbox, sandbox_with};

#[test]
fn every_operation_can_be_waited_for() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let created = client.create("Production", "production").description("Live traffic").wait().unwrap();
    let answer = client.get("production").wait_with_meta().unwrap();
    assert_eq!((answer.status(), answer.attempts(), &answer.data), (200, 1, &created));
    assert_eq!(client.update("production").name("Prod").wait().unwrap().name, "Prod");
    assert_eq!(client.list().wait().unwrap().total_count, 2);
    assert_eq!(client.bulk_add_members("production", ["user_1", "user_2"]).wait().unwrap().added_count, 2);
    assert!(client.list_members("production").wait().unwrap().total_count >= 2);
    assert_eq!(client.bulk_remove_members("production", ["user_2"]).wait().unwrap().removed_count, 1);
    client.set_budget("production", BudgetInterval::Monthly, 100.0).wait().unwrap();
    assert_eq!(client.get_budget("production", "monthly").wait().unwrap().limit_usd, 100.0);
    assert_eq!(client.list_budgets("production").wait().unwrap().data.len(), 1);
    assert!(client.delete_budget("production", "monthly").wait().unwrap().deleted);
    assert!(client.delete("production").wait().unwrap().deleted);
}

#[test]
fn every_job_can_be_waited_for() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    assert_eq!(client.ensure("research").wait().unwrap().outcome, EnsureOutcome::Created);
    let users: Vec<_> = (1..=250).map(|number| format!("user_{number}")).collect();
    let progress = Arc::new(Mutex::new(Vec::new()));
    let log = progress.clone();
    let job = client.add_members("research", users.clone());
    let report = job.on_progress(move |progress| log.lock().unwrap().push(progress.settled)).wait().unwrap();
    assert!(report.is_complete());
    assert_eq!(progress.lock().unwrap().last(), Some(&250));
    assert!(client.sync_members("research", &users[..200]).dry_run().wait().unwrap().remove.len() >= 50);
    assert!(client.sync_members("research", &users[..200]).wait().unwrap().is_complete());
    assert!(client.remove_members("research", &users[..100]).wait().unwrap().is_complete());
    let budgets = BudgetSet::default().monthly(500.0).daily(50.0).include_byok(true);
    client.set_budgets("research", budgets).wait().unwrap();
    assert_eq!(client.get_budgets("research").wait().unwrap(), budgets);
    assert_eq!(client.list_members("research").all().wait().unwrap().len(), 100);
    assert_eq!(client.snapshot().wait().unwrap().workspaces.len(), 2);
}

#[test]
fn walks_are_iterators_that_say_where_they_are() {
    let sandbox = sandbox_with(250);
    let client = client(&sandbox);
    let ids = |rows: Vec<openrouter_workspaces::Workspace>| Vec::from_iter(rows.into_iter().map(|row| row.id));
    let all = ids(client.list().items().wait().collect::<Result<Vec<_>, _>>().unwrap());
    assert_eq!(all.len(), 250);
    let pages = client.list().pages().concurrency(4).wait().collect::<Result<Vec<_>, _>>().unwrap();
    assert_eq!(ids(pages.into_iter().flatten().collect()), all);

    let mut rows = client.list().items().wait();
    let first = ids(rows.by_ref().take(120).collect::<Result<_, _>>().unwrap());
    assert_eq!((first.as_slice(), rows.offset()), (&all[..120], 120));
    let point = rows.resume_point();
    drop(rows);
    let rest = client.list().items().resume_from(point).wait().collect::<Result<_, _>>().unwrap();
    assert_eq!(ids(rest), all[120..]);
}

#[test]
fn an_error_is_the_one_that_await_gives() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    match client.get("nope").wait() {
        Err(Error::NotFound(error)) => assert_eq!((error.status(), error.call().path()), (404, "/workspaces/nope")),
        other => panic!("{other:?}"),
    }
    let failed = client.add_members("nope", ["user_1"]).retry(RetryConfig::none()).wait().unwrap_err();
    assert!(matches!(failed.error(), Error::NotFound(_)));
    assert_eq!(Vec::from_iter(failed.so_far().left()), ["user_1"]);
    let mut rows = client.list_members("nope").items().wait();
    assert!(matches!(rows.next(), Some(Err(Error::NotFound(_)))));
    assert!(rows.next().is_none(), "an error ends it");
    assert!(matches!(client.get("a/b").wait(), Err(Error::InvalidInput(_))));
}
