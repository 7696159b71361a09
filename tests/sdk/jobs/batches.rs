//! Adding and removing any number of users.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use openrouter_sandbox::{Fault, FaultPlan, Sandbox, ScriptedResponse, When};
use openrouter_workspaces::jobs::{MemberOutcome, MemberReport, Progress};
use openrouter_workspaces::{Client, Error, RetryConfig};
use serde_json::json;
use tokio::time::Instant;

use crate::jobs::support::{client, client_with, members, requests, sandbox, simulated, sorted, users, with_faults};

const ADD: &str = "bulk_add_workspace_members";

/// A client, and a workspace without members.
fn with_workspace(sandbox: Sandbox) -> (Sandbox, Client) {
    sandbox.create_workspace("a").unwrap();
    let client = client(&sandbox);
    (sandbox, client)
}

/// How many users the request named, in the order of the requests that changed something.
fn sizes(sandbox: &Sandbox) -> Vec<usize> {
    let bodies = sandbox.journal().into_iter().filter_map(|request| request.json());
    bodies.map(|body| body["user_ids"].as_array().map_or(0, Vec::len)).collect()
}

fn names<'a>(users: impl Iterator<Item = &'a str>) -> Vec<String> {
    users.map(str::to_owned).collect()
}

#[tokio::test(start_paused = true)]
async fn any_number_is_added_and_removed_in_as_few_requests_as_the_contract_allows() {
    for (count, chunks) in [(0, 0), (1, 1), (99, 1), (100, 1), (101, 2), (299, 3)] {
        let (sandbox, client) = with_workspace(sandbox());
        let report = client.add_members("a", users(1..=count)).await.unwrap();
        assert_eq!(names(report.added()), sorted(users(1..=count)));
        assert!(report.is_complete());
        assert_eq!(requests(&sandbox).len(), 1 + chunks, "{count}");
        let report = client.remove_members("a", users(1..=count)).await.unwrap();
        assert_eq!(names(report.removed()), sorted(users(1..=count)));
        assert_eq!(members(&sandbox, "a"), users([]));
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_named_twice_counts_once_and_who_is_a_member_already_is_told_apart() {
    let (sandbox, client) = with_workspace(sandbox());
    sandbox.account().add_member("a", "user_2").unwrap();
    let report = client.add_members("a", ["user_1", "user_2", "user_1", "user_3", "user_2"]).await.unwrap();
    assert_eq!((names(report.added()), names(report.already_so())), (users([1, 3]), users([2])));
    assert_eq!(sizes(&sandbox), [2]);
    sandbox.clear_journal();
    let report = client.remove_members("a", ["user_1", "user_9", "user_9"]).await.unwrap();
    assert_eq!((names(report.removed()), names(report.already_so())), (users([1]), users([9])));
    assert_eq!(sizes(&sandbox), [1]);
}

#[tokio::test(start_paused = true)]
async fn one_who_is_refused_by_name_does_not_lose_the_others() {
    let (sandbox, client) = with_workspace(sandbox());
    let mut wanted = users(1..=150);
    wanted.insert(30, "stranger".to_owned());
    wanted.insert(130, "another".to_owned());
    let report = client.add_members("a", wanted).await.unwrap();
    let refused: Vec<_> = report.refused().collect();
    let why = "Some users are not members of the organization";
    assert_eq!(refused, [("another", why), ("stranger", why)]);
    assert_eq!(members(&sandbox, "a"), sorted(users(1..=150)));
    assert!(!report.is_complete());
    assert_eq!(report.left().count(), 0);
    let line = "of 152 users, 150 are done or were so already, 2 were refused, and 0 are left";
    assert_eq!(report.to_string(), line);
    // A list, two chunks, and each of them once more.
    assert_eq!(requests(&sandbox).len(), 5);
}

#[tokio::test(start_paused = true)]
async fn those_with_keys_and_those_of_an_identity_provider_stay_and_the_others_go() {
    let (sandbox, client) = with_workspace(simulated().scim_member("user_7").in_memory().unwrap());
    assert!(client.add_members("a", users(1..=120)).await.unwrap().is_complete());
    sandbox.add_api_key("a", "user_5").unwrap();
    let report = client.remove_members("a", users(1..=120)).await.unwrap();
    let refused: Vec<_> = report.refused().map(|(user, _)| user).collect();
    assert_eq!(refused, ["user_5", "user_7"]);
    assert_eq!(members(&sandbox, "a"), users([5, 7]));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_names_nobody_halves_until_it_is_found_for_whom_it_is() {
    let (sandbox, client) = with_workspace(sandbox());
    let nameless = |sandbox: &Sandbox, count| {
        let refusal = ScriptedResponse::json(400, &json!({"error": {"code": 400, "message": "No"}}));
        sandbox.script(ADD, vec![refusal; count]).unwrap();
    };
    // 64, 32, 16, 8, 4, 2 and 1 of them are refused.
    nameless(&sandbox, 7);
    let report = client.add_members("a", users(1..=64)).await.unwrap();
    let refused: Vec<_> = report.refused().collect();
    assert_eq!((refused.len(), refused[0].1, report.added().count()), (1, "No", 63));
    assert_eq!(members(&sandbox, "a").len(), 63);
    assert_eq!(sizes(&sandbox), [64, 32, 16, 8, 4, 2, 1, 1, 2, 4, 8, 16, 32]);
}

#[tokio::test(start_paused = true)]
async fn refusals_of_what_is_sent_are_about_users_and_others_end_the_batch() {
    for (status, is_about_users) in
        [(400, true), (409, true), (413, true), (422, true), (402, false), (405, false), (423, false)]
    {
        let (sandbox, client) = with_workspace(sandbox());
        sandbox.script(ADD, [ScriptedResponse::error(status, "No")]).unwrap();
        let result = client.add_members("a", users(1..=2)).await;
        assert_eq!(result.is_ok_and(|report| report.is_complete()), is_about_users, "{status}");
        let expected: &[usize] = if is_about_users { &[2, 1, 1] } else { &[2] };
        assert_eq!(sizes(&sandbox), expected, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_in_the_message_tells_where_to_divide_and_is_no_verdict() {
    let (sandbox, client) = with_workspace(sandbox());
    sandbox.script(ADD, [ScriptedResponse::error(403, "Some users are not welcome: user_3")]).unwrap();
    let report = client.add_members("a", users(1..=30)).await.unwrap();
    assert!(report.is_complete());
    assert_eq!(sizes(&sandbox), [30, 29, 1]);
}

#[tokio::test(start_paused = true)]
async fn a_chunk_that_fails_leaves_its_users_and_again_finishes_it() {
    for fault in [Fault::status(503), Fault::status(429), Fault::Reset(When::Before), Fault::Reset(When::After)] {
        let (sandbox, client) = with_workspace(with_faults(ADD, [None, Some(fault.clone())]));
        let failed = client.add_members("a", users(1..=299)).concurrency(1).await.unwrap_err();
        let report = failed.so_far();
        let unknown = if fault == Fault::status(429) { 0 } else { 100 };
        assert_eq!((report.added().count(), report.unknown().count(), report.left().count()), (100, unknown, 199));
        assert!(
            failed
                .to_string()
                .ends_with("; of 299 users, 100 are done or were so already, 0 were refused, and 199 are left")
        );
        let left = names(report.left());
        requests(&sandbox);
        let there = members(&sandbox, "a").len();
        let report = client.add_members("a", left).await.unwrap();
        assert!(report.is_complete());
        assert_eq!((report.added().count(), members(&sandbox, "a").len()), (299 - there, 299), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn dropped_at_any_moment_it_says_what_is_left() {
    // A list, and then chunks of 100, 100 and 99, of each of which it is not known what becomes of it for 20 ms.
    for (after, under_way) in [(0, 0), (10, 0), (30, 100), (50, 100), (70, 99), (90, 0)] {
        let (sandbox, client) = with_workspace(sandbox());
        let job = client.add_members("a", users(1..=299)).concurrency(1);
        let so_far = job.so_far();
        assert_eq!(so_far.get(), MemberReport::default());
        let ended = tokio::time::timeout(Duration::from_millis(after), job.into_future()).await;
        let report = so_far.get();
        let there = members(&sandbox, "a");
        assert_eq!(ended.is_ok(), after == 90);
        assert!(report.added().all(|user| there.contains(&user.to_owned())));
        assert_eq!((report.added().count(), report.left().count()), (there.len(), 299 - there.len()));
        assert_eq!(report.unknown().count(), under_way, "after {after} ms");
        let left = names(report.left());
        assert!(client.add_members("a", left).await.unwrap().is_complete());
        assert_eq!(members(&sandbox, "a").len(), 299);
    }
}

#[tokio::test(start_paused = true)]
async fn one_deadline_covers_all_requests() {
    let (_sandbox, client) = with_workspace(sandbox());
    let start = Instant::now();
    let job = client.add_members("a", users(1..=299)).concurrency(1).timeout(Duration::from_millis(50));
    let failed = job.await.unwrap_err();
    assert_eq!(start.elapsed(), Duration::from_millis(50));
    assert!(matches!(failed.error(), Error::Timeout(error) if error.is_total()), "{failed}");
    assert_eq!((failed.so_far().added().count(), failed.so_far().left().count()), (100, 199));
}

#[tokio::test(start_paused = true)]
async fn it_gets_there_though_much_goes_wrong() {
    let faults = ["reset-after", "reset", "503", "504"].map(|name| name.parse().unwrap());
    for seed in 0..20 {
        let plan = FaultPlan::new(seed).rate_all(0.3, faults.clone());
        let sandbox = simulated().faults(plan).in_memory().unwrap();
        sandbox.create_workspace("a").unwrap();
        let client = client_with(&sandbox, RetryConfig::default());
        let mut runs = 0;
        while let Err(failed) = client.add_members("a", users(1..=299)).await {
            assert!(failed.error().is_retryable(), "{failed}");
            runs += 1;
            assert!(runs < 20, "{failed}");
        }
        assert_eq!(members(&sandbox, "a").len(), 299);
    }
}

#[tokio::test(start_paused = true)]
async fn the_default_workspace_is_refused_before_anything_is_changed() {
    let (sandbox, client) = with_workspace(sandbox());
    let failed = client.add_members("default", ["user_1"]).await.unwrap_err();
    assert!(matches!(failed.error(), Error::InvalidInput(error) if error.field() == "workspace"), "{failed}");
    assert_eq!(sandbox.journal().len(), 0);
    let id = client.get("default").await.unwrap().id.to_string();
    requests(&sandbox);
    let failed = client.remove_members(id, ["user_1"]).await.unwrap_err();
    assert!(matches!(failed.error(), Error::InvalidInput(_)), "{failed}");
    // It says that nothing was sent, which is true of the change, and not of the look-up.
    assert_eq!(failed.error().call().operation(), "bulk_remove_members");
    assert_eq!(requests(&sandbox).iter().filter(|operation| operation.starts_with("bulk")).count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_403_that_names_nobody_is_an_error_and_nobody_is_refused() {
    let (sandbox, client) = with_workspace(sandbox());
    let id = client.get("default").await.unwrap().id;
    client.update(id).slug("main").await.unwrap();
    for count in [1, 150] {
        requests(&sandbox);
        let failed = client.remove_members("main", users(1..=count)).concurrency(1).await.unwrap_err();
        assert!(matches!(failed.error(), Error::Forbidden(_)), "{failed}");
        assert_eq!((failed.so_far().left().count(), failed.so_far().refused().count()), (count, 0));
        assert_eq!(sizes(&sandbox).len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn an_absent_workspace_is_an_error_and_everyone_is_left() {
    let (_sandbox, client) = with_workspace(sandbox());
    let failed = client.add_members("nope", users(1..=3)).await.unwrap_err();
    assert_eq!(failed.so_far().left().count(), 3);
    assert!(matches!(failed.into_parts().0, Error::NotFound(_)));
}

#[tokio::test(start_paused = true)]
async fn one_whom_the_answer_does_not_show_is_unknown_unless_the_count_tells() {
    let (sandbox, client) = with_workspace(sandbox());
    for count in [0, 1, -1, i64::MIN] {
        let short = json!({"added_count": count, "data": []});
        sandbox.script(ADD, [ScriptedResponse::json(200, &short)]).unwrap();
        let report = client.add_members("a", users([1, 2])).await.unwrap();
        assert_eq!((report.unknown().count(), report.left().count(), report.is_complete()), (2, 2, false), "{count}");
    }
    sandbox.script(ADD, [ScriptedResponse::json(200, &json!({"added_count": 2, "data": []}))]).unwrap();
    assert!(client.add_members("a", users([1, 2])).await.unwrap().is_complete());
}

#[tokio::test(start_paused = true)]
async fn progress_is_told_at_first_and_after_every_request() {
    let (sandbox, client) = with_workspace(sandbox());
    sandbox.account().add_member("a", "user_7").unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = seen.clone();
    let tell = move |Progress { settled, total, .. }| told.lock().unwrap().push((settled, total));
    let job = client.add_members("a", users(1..=251)).concurrency(1).on_progress(tell);
    assert!(job.await.unwrap().is_complete());
    assert_eq!(*seen.lock().unwrap(), [(1, 251), (101, 251), (201, 251), (251, 251)]);
}

#[tokio::test(start_paused = true)]
async fn a_report_is_json() {
    let (_sandbox, client) = with_workspace(sandbox());
    let report = client.add_members("a", ["user_1", "stranger"]).await.unwrap();
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["user_1"], json!({"change": "add", "outcome": "done"}));
    assert_eq!(serde_json::from_value::<MemberReport>(json).unwrap(), report);
    assert_eq!(report.get("user_1").unwrap().outcome, MemberOutcome::Done);
    assert_eq!(report.get("user_2"), None);
    // And it can be made of what a program knows of its own calls.
    let users = report.iter().map(|(user, status)| (user.to_owned(), status.clone()));
    assert_eq!(users.collect::<MemberReport>(), report);
}
