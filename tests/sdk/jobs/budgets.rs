//! Reading and setting all budgets of a workspace.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use openrouter_sandbox::{Behaviour, Fault, FaultPlan, Sandbox, ScriptedResponse, When};
use openrouter_workspaces::jobs::{BudgetReport, Progress};
use openrouter_workspaces::{BudgetInterval, BudgetSet, Client, Error, RetryConfig};
use serde_json::json;

use crate::jobs::support::{client, client_with, requests, sandbox, simulated, with_faults};

/// No budget, in a workspace that is not new: the server tells the flag.
fn none() -> BudgetSet {
    BudgetSet::default().include_byok(false)
}

fn set() -> BudgetSet {
    none().lifetime(4000.0).monthly(1000.0).weekly(300.0).daily(50.0)
}

/// All its limits are below all those of the other set.
fn lower() -> BudgetSet {
    none().lifetime(40.0).monthly(30.0).weekly(20.0).daily(10.0)
}

/// A sandbox with a workspace, which has a budget set.
async fn with(budgets: BudgetSet, sandbox: Sandbox) -> (Sandbox, Client) {
    let client = client(&sandbox);
    sandbox.create_workspace("a").unwrap();
    client.set_budgets("a", budgets).await.unwrap();
    sandbox.clear_journal();
    (sandbox, client)
}

#[tokio::test(start_paused = true)]
async fn what_is_set_comes_back_and_setting_it_again_changes_nothing() {
    let (sandbox, client) = with(set().include_byok(true), sandbox()).await;
    assert_eq!(client.get_budgets("a").await.unwrap(), set().include_byok(true));
    requests(&sandbox);
    let report = client.set_budgets("a", set().include_byok(None)).await.unwrap();
    assert_eq!((report.made.len(), report.left.len(), report.in_force), (0, 0, Some(set().include_byok(true))));
    assert_eq!(requests(&sandbox), ["list_workspace_budgets"]);
}

#[tokio::test(start_paused = true)]
async fn a_set_is_lowered_and_raised_with_a_call_for_each_budget() {
    let (sandbox, client) = with(set(), sandbox()).await;
    for set in [lower(), set(), lower().weekly(None), set().lifetime(None), none()] {
        client.set_budgets("a", set).await.unwrap();
        assert!(requests(&sandbox).len() <= 5);
        assert_eq!(client.get_budgets("a").await.unwrap(), set);
        requests(&sandbox);
    }
}

#[tokio::test(start_paused = true)]
async fn in_force_is_what_the_server_says_and_not_what_was_asked_for() {
    let (sandbox, client) = with(none(), sandbox()).await;
    let mut budget = client.set_budget("a", "daily", 1.0).send_with_meta().await.unwrap();
    budget.data.limit_usd = 33.33;
    sandbox.script("upsert_workspace_budget", [ScriptedResponse::json(200, &json!({"data": budget.data}))]).unwrap();
    let report = client.set_budgets("a", BudgetSet::default().daily(33.333_333)).await.unwrap();
    assert_eq!(report.in_force, Some(none().daily(33.33)));
}

#[tokio::test(start_paused = true)]
async fn in_force_is_what_the_server_says_of_the_flag_too() {
    for (told, in_force) in [(Some(false), Some(false)), (None, Some(true))] {
        let (sandbox, client) = with(none(), sandbox()).await;
        let budget = client.set_budget("a", "daily", 1.0).await.unwrap();
        let mut answer = json!({"data": budget});
        if let Some(told) = told {
            answer["include_byok_in_budgets"] = json!(told);
        }
        sandbox.script("upsert_workspace_budget", [ScriptedResponse::json(200, &answer)]).unwrap();
        let report = client.set_budgets("a", BudgetSet::default().daily(1.0).include_byok(true)).await.unwrap();
        assert_eq!(report.in_force, Some(BudgetSet::default().daily(1.0).include_byok(in_force)), "{told:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn others_are_kept_only_if_that_is_asked_for() {
    let (_sandbox, client) = with(set(), sandbox()).await;
    let weekly = BudgetSet::default().weekly(200.0);
    client.set_budgets("a", weekly).keep_others().await.unwrap();
    assert_eq!(client.get_budgets("a").await.unwrap(), set().weekly(200.0));
    client.set_budgets("a", weekly).await.unwrap();
    assert_eq!(client.get_budgets("a").await.unwrap(), weekly.include_byok(false));
}

#[tokio::test(start_paused = true)]
async fn a_set_out_of_order_is_refused_before_anything_is_sent() {
    let (sandbox, client) = with(set(), sandbox()).await;
    let wrong = [
        (BudgetSet::default().monthly(5.0).daily(5.0), "daily", "must be less than the monthly limit (5), is 5"),
        (BudgetSet::default().lifetime(1.0).weekly(2.0), "weekly", "must be less than the lifetime limit (1), is 2"),
        (BudgetSet::default().weekly(0.0), "weekly", "must be greater than 0, is 0"),
        (BudgetSet::default().weekly(-1.0), "weekly", "must be greater than 0, is -1"),
        (BudgetSet::default().daily(f64::NAN), "daily", "must be a finite number"),
        (BudgetSet::default().lifetime(f64::INFINITY), "lifetime", "must be a finite number"),
    ];
    for (set, field, rule) in wrong {
        let failed = client.set_budgets("a", set).await.unwrap_err();
        let Error::InvalidInput(error) = failed.error() else { panic!("{failed}") };
        assert_eq!((error.field(), error.rule()), (field, rule));
        assert_eq!(error.call().path(), format!("/workspaces/a/budgets/{field}"));
        assert_eq!(failed.so_far().in_force, None);
    }
    assert_eq!(sandbox.journal().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn one_that_collides_with_those_that_are_kept_is_refused_before_anything_is_changed() {
    let (sandbox, client) = with(set(), sandbox()).await;
    let failed = client.set_budgets("a", BudgetSet::default().weekly(50.0)).keep_others().await.unwrap_err();
    assert!(failed.to_string().contains("daily must be less than the weekly limit (50), is 50"), "{failed}");
    assert_eq!(failed.so_far().in_force, Some(set()));
    assert_eq!(requests(&sandbox), ["list_workspace_budgets"]);
}

#[tokio::test(start_paused = true)]
async fn the_flag_alone_is_changed_with_one_call_and_not_at_all_without_a_budget() {
    let (sandbox, client) = with(lower(), sandbox()).await;
    client.set_budgets("a", lower().include_byok(true)).await.unwrap();
    assert_eq!(requests(&sandbox), ["list_workspace_budgets", "upsert_workspace_budget"]);
    assert_eq!(client.get_budgets("a").await.unwrap(), lower().include_byok(true));
    client.set_budgets("a", BudgetSet::default().include_byok(false)).await.unwrap();
    assert_eq!(client.get_budgets("a").await.unwrap(), BudgetSet::default().include_byok(false));
    let failed = client.set_budgets("a", BudgetSet::default().include_byok(true)).await.unwrap_err();
    assert!(failed.to_string().contains("include_byok cannot be changed where there is no budget"), "{failed}");
    // It is the change that is not sent: the budgets were read.
    assert_eq!(failed.error().call().operation(), "set_budget", "{failed}");
}

#[tokio::test(start_paused = true)]
async fn a_failure_half_way_says_what_is_in_force_and_again_finishes_it() {
    for fault in [Fault::status(503), Fault::Reset(When::Before), Fault::Reset(When::After), Fault::status(429)] {
        // The first four set the budgets, and the second of the next four fails.
        let faults = [None, None, None, None, None, Some(fault.clone())];
        let (sandbox, client) = with(set(), with_faults("upsert_workspace_budget", faults)).await;
        let failed = client.set_budgets("a", lower()).await.unwrap_err();
        let so_far = failed.so_far().clone();
        assert_eq!(so_far.in_force, Some(client.get_budgets("a").await.unwrap()), "{fault:?}: {failed}");
        assert_eq!(so_far.unknown, None);
        let applied = usize::from(fault == Fault::Reset(When::After));
        assert_eq!((so_far.made.len(), so_far.left.len()), (1 + applied, 3 - applied), "{failed}");
        assert!(failed.to_string().contains("in force now: 4000 USD lifetime"), "{failed}");
        // What a `main` that returns it prints.
        assert_eq!(format!("{failed:?}"), failed.to_string());
        assert!(format!("{failed:#?}").contains("so_far: BudgetReport {"), "{failed:#?}");
        requests(&sandbox);
        client.set_budgets("a", lower()).await.unwrap();
        assert_eq!(requests(&sandbox).len(), 1 + so_far.left.len());
        assert_eq!(client.get_budgets("a").await.unwrap(), lower());
    }
}

#[tokio::test(start_paused = true)]
async fn dropped_at_any_moment_it_says_what_is_set_and_what_is_left() {
    // The budgets are read, and four of them fall. For 20 ms of each it is not known what becomes of it.
    for (after, made) in [(0, 0), (10, 0), (30, 0), (50, 1), (70, 2), (90, 3), (110, 4)] {
        let (_sandbox, client) = with(set(), sandbox()).await;
        let job = client.set_budgets("a", lower());
        let so_far = job.so_far();
        assert_eq!(so_far.get(), BudgetReport::default());
        let ended = tokio::time::timeout(Duration::from_millis(after), job.into_future()).await;
        assert_eq!(ended.is_ok(), after == 110);
        let report = so_far.get();
        assert_eq!(report.made.len(), made, "after {after} ms");
        let there = client.get_budgets("a").await.unwrap();
        let Some(in_force) = report.in_force else {
            assert!(after < 20 && report.left.is_empty() && there == set(), "after {after} ms: {report}");
            continue;
        };
        // The first of what is left is under way: it may have been done.
        let under_way = report.left.first().map(|step| step.interval.clone());
        assert_eq!((report.left.len(), &report.unknown), (4 - made, &under_way), "after {after} ms: {report}");
        let mut done = in_force;
        report.left.iter().take(1).for_each(|step| step.apply(&mut done));
        assert!([in_force, done].contains(&there), "after {after} ms: {report}, and there is {there}");
        client.set_budgets("a", lower()).await.unwrap();
        assert_eq!(client.get_budgets("a").await.unwrap(), lower());
    }
}

#[tokio::test(start_paused = true)]
async fn a_budget_whose_answer_was_lost_and_that_cannot_be_read_is_said_to_be_unknown() {
    let plan = FaultPlan::default().sequence("upsert_workspace_budget", [Some(Fault::Reset(When::After))]);
    let plan = plan.sequence("list_workspace_budgets", [None, None, Some(Fault::status(503))]);
    let sandbox = simulated().faults(plan).in_memory().unwrap();
    let (_sandbox, client) = with(none(), sandbox).await;
    let failed = client.set_budgets("a", none().daily(1.0)).await.unwrap_err();
    assert_eq!(failed.so_far().unknown, Some(BudgetInterval::Daily), "{failed}");
    assert!(failed.to_string().contains("(the daily limit is not certain)"), "{failed}");
}

#[tokio::test(start_paused = true)]
async fn a_change_whose_answer_was_lost_is_made_if_the_budgets_show_it() {
    for (when, made) in [(When::After, 1), (When::Before, 0)] {
        let (_sandbox, client) = with(none(), with_faults("upsert_workspace_budget", [Some(Fault::Reset(when))])).await;
        let set = none().weekly(200.0);
        let report = match client.set_budgets("a", set).await {
            Ok(report) => report,
            Err(failed) => failed.into_parts().1,
        };
        assert_eq!((report.made.len(), report.left.len()), (made, 1 - made));
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_no_success_if_the_answer_was_lost_and_somebody_elses_budget_collides_with_the_set() {
    let (sandbox, client) =
        with(none(), with_faults("upsert_workspace_budget", [Some(Fault::Reset(When::Before))])).await;
    let somebody = async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        client.set_budget("a", BudgetInterval::Monthly, 100.0).await.unwrap();
    };
    let job = client.set_budgets("a", BudgetSet::default().weekly(200.0)).keep_others().into_future();
    let (result, ()) = tokio::join!(job, somebody);
    let failed = result.unwrap_err();
    assert!(matches!(failed.error(), Error::Transport(_)), "{failed}");
    assert_eq!((failed.so_far().in_force, failed.so_far().left.len()), (Some(none().monthly(100.0)), 1));
    assert_eq!(sandbox.budgets("a").unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn without_retries_a_workspace_that_never_had_a_budget_is_looked_up_by_the_job() {
    let sandbox = simulated().behaviour(Behaviour::BudgetsNotFound, true).in_memory().unwrap();
    sandbox.create_workspace("a").unwrap();
    let client = client(&sandbox);
    assert_eq!(client.get_budgets("a").await.unwrap(), BudgetSet::default());
    assert_eq!(requests(&sandbox), ["list_workspace_budgets", "get_workspace"]);
    assert!(client.snapshot().await.unwrap().is_complete());
    let report = client.set_budgets("a", BudgetSet::default().weekly(2.0)).await.unwrap();
    assert_eq!(report.made.len(), 1);
    assert!(matches!(client.get_budgets("nope").await, Err(Error::NotFound(_))));
}

#[tokio::test(start_paused = true)]
async fn without_look_ups_it_is_looked_up_by_the_job_also_after_a_retry() {
    let faults = FaultPlan::default().sequence("list_workspace_budgets", [Some(Fault::status(503))]);
    let sandbox = simulated().behaviour(Behaviour::BudgetsNotFound, true).faults(faults).in_memory().unwrap();
    sandbox.create_workspace("a").unwrap();
    let client = client_with(&sandbox, RetryConfig::default().reconcile(false));
    assert_eq!(client.get_budgets("a").await.unwrap(), BudgetSet::default());
    assert_eq!(requests(&sandbox), ["list_workspace_budgets", "list_workspace_budgets", "get_workspace"]);
}

#[tokio::test(start_paused = true)]
async fn somebody_else_whose_budget_collides_with_the_rest_half_way_is_the_servers_refusal() {
    let (_sandbox, client) = with(none(), sandbox()).await;
    let somebody = async {
        // Between the monthly limit, which is set after 40 ms, and the daily one, which is set after 60 ms.
        tokio::time::sleep(Duration::from_millis(30)).await;
        client.set_budget("a", BudgetInterval::Weekly, 40.0).await.unwrap();
    };
    let job = client.set_budgets("a", BudgetSet::default().monthly(500.0).daily(50.0)).keep_others().into_future();
    let (result, ()) = tokio::join!(job, somebody);
    let failed = result.unwrap_err();
    assert!(matches!(failed.error(), Error::BadRequest(_)), "{failed}");
    assert!(!failed.to_string().contains("nothing was sent"), "{failed}");
    assert_eq!(failed.so_far().in_force, Some(none().monthly(500.0).weekly(40.0)));
    assert_eq!((failed.so_far().made.len(), failed.so_far().left.len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn somebody_else_who_changes_the_budgets_meanwhile_costs_another_plan() {
    let (sandbox, client) = with(set(), sandbox()).await;
    let somebody = async {
        // Between the daily limit, which is set after 40 ms, and the weekly one, which then collides with it.
        tokio::time::sleep(Duration::from_millis(30)).await;
        client.set_budget("a", BudgetInterval::Daily, 25.0).await.unwrap();
    };
    let (report, ()) = tokio::join!(client.set_budgets("a", lower()), somebody);
    assert_eq!((report.unwrap().in_force, client.get_budgets("a").await.unwrap()), (Some(lower()), lower()));
    let refused = sandbox.journal().iter().filter(|request| request.status == Some(400)).count();
    assert_eq!(refused, 1);
}

#[tokio::test(start_paused = true)]
async fn somebody_else_who_does_so_all_the_time_is_an_error_that_says_what_is_in_force() {
    let (_sandbox, client) = with(set(), sandbox()).await;
    let job = client.set_budgets("a", lower()).into_future();
    let somebody = async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        loop {
            client.set_budget("a", BudgetInterval::Daily, 25.0).await.unwrap();
        }
    };
    let failed = tokio::select! {
        result = job => result.unwrap_err(),
        () = somebody => unreachable!(),
    };
    assert!(matches!(failed.error(), Error::BadRequest(_)), "{failed}");
    assert_eq!(failed.so_far().in_force, Some(set().daily(25.0)));
}

#[tokio::test(start_paused = true)]
async fn a_slug_that_changes_hands_meanwhile_does_not_move_the_budgets() {
    for step in 1..=4 {
        let (sandbox, client) = with(set(), sandbox()).await;
        sandbox
            .before("upsert_workspace_budget", move |account, number| {
                if number == step {
                    account.rename_workspace("a", "b").unwrap();
                    account.create_workspace("a").unwrap();
                }
            })
            .unwrap();
        client.set_budgets("a", lower()).await.unwrap();
        assert_eq!(client.get_budgets("b").await.unwrap(), lower());
        assert_eq!(client.get_budgets("a").await.unwrap(), none());
    }
}

#[tokio::test(start_paused = true)]
async fn one_deadline_covers_all_calls() {
    let (sandbox, client) = with(set(), sandbox()).await;
    let failed = client.set_budgets("a", lower()).timeout(Duration::from_millis(50)).await.unwrap_err();
    let Error::Timeout(error) = failed.error() else { panic!("{failed}") };
    // Of 50 ms, the calls before the last one have taken 40.
    assert_eq!((error.is_total(), error.limit()), (true, Duration::from_millis(10)), "{failed}");
    assert_eq!(failed.so_far().made.len(), 1);
    assert!(sandbox.journal().len() <= 3);
}

#[tokio::test(start_paused = true)]
async fn progress_is_told_from_nothing_to_all() {
    let (_sandbox, client) = with(set(), sandbox()).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = seen.clone();
    let tell = move |Progress { settled, total, .. }| told.lock().unwrap().push((settled, total));
    client.set_budgets("a", lower()).on_progress(tell).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]);
}

#[tokio::test(start_paused = true)]
async fn an_absent_workspace_and_an_account_without_budgets_are_errors() {
    let sandbox = sandbox();
    assert!(matches!(client(&sandbox).get_budgets("nope").await, Err(Error::NotFound(_))));
    requests(&sandbox);
    // The call has looked the workspace up, and the job does not do so again.
    let retries = client_with(&sandbox, RetryConfig::default());
    assert!(matches!(retries.get_budgets("nope").await, Err(Error::NotFound(_))));
    assert_eq!(requests(&sandbox), ["list_workspace_budgets", "get_workspace"]);
    let failed = client(&sandbox).set_budgets("nope", set()).await.unwrap_err();
    assert!(matches!(Error::from(failed), Error::NotFound(_)));
    let sandbox = simulated().behaviour(Behaviour::BudgetsForbidden, true).in_memory().unwrap();
    sandbox.create_workspace("a").unwrap();
    let failed = client(&sandbox).set_budgets("a", set()).await.unwrap_err();
    assert!(failed.to_string().ends_with("; nothing was changed"), "{failed}");
}

#[test]
fn a_set_is_json_and_a_misspelt_interval_is_an_error() {
    let set = set().weekly(None).include_byok(false);
    let json = serde_json::to_string(&set).unwrap();
    assert_eq!(json, r#"{"lifetime":4000.0,"monthly":1000.0,"daily":50.0,"include_byok":false}"#);
    assert_eq!(serde_json::from_str::<BudgetSet>(&json).unwrap(), set);
    assert!(serde_json::from_str::<BudgetSet>(r#"{"montly": 1}"#).is_err());
}
