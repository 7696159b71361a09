//! What the server refuses, and what others do at the wrong moment.

use std::time::Duration;

use openrouter_sandbox::{Account as Others, Behaviour, Fault, FaultPlan, Sandbox, ScriptedResponse};
use openrouter_workspaces::{Client, Delivery};
use openrouter_workspaces_fleet::{
    Account, ApplyError, ApplyReport, Part, PlanError, PlanOptions, apply, export, plan,
};
use serde_json::{Value, json};

use crate::support::{
    actions, client, converge, described, manifest, members, planned, planned_with, requests, sandbox, simulated, users,
};

/// The failures of a report, as in `a: change name: status 404`.
fn failures(report: &ApplyReport) -> Vec<String> {
    let line = |status: Option<u16>| status.map_or("some users".to_owned(), |status| format!("status {status}"));
    let failures = report.failures();
    failures
        .map(|(workspace, action, failure)| format!("{}: {}: {}", workspace.slug, action.change, line(failure.status)))
        .collect()
}

/// Those that were refused in the first failure of a report.
fn refused(report: &ApplyReport) -> Vec<String> {
    let (_, _, failure) = report.failures().next().expect("one has failed");
    let users = failure.members.as_ref().expect("it is about members").refused();
    users.map(|(user, _)| user.to_owned()).collect()
}

fn id(sandbox: &Sandbox, slug: &str) -> Value {
    sandbox.account().workspace(slug).unwrap()["id"].clone()
}

async fn applied(client: &Client, text: &str) -> ApplyReport {
    apply(client, &planned(client, &manifest(text)).await).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn slugs_are_swapped_by_one_that_is_free_and_passed_on_one_after_the_other_and_each_keeps_its_id() {
    let sandbox = described().in_memory().unwrap();
    let client = client(&sandbox);
    let (a, b) = (sandbox.create_workspace("a").unwrap(), sandbox.create_workspace("b").unwrap());
    converge(&client, &manifest("workspaces: [{slug: free, renamed_from: a}]")).await;
    converge(&client, &manifest("workspaces: [{slug: a, renamed_from: b}]")).await;
    converge(&client, &manifest("workspaces: [{slug: b, renamed_from: free}]")).await;
    assert_eq!([id(&sandbox, "a"), id(&sandbox, "b")], [json!(b), json!(a)]);
    converge(&client, &manifest("workspaces: [{slug: c, renamed_from: b}]")).await;
    converge(&client, &manifest("workspaces: [{slug: b, renamed_from: a}]")).await;
    assert_eq!([id(&sandbox, "c"), id(&sandbox, "b")], [json!(a), json!(b)]);
}

#[tokio::test(start_paused = true)]
async fn a_slug_that_is_taken_after_the_check_fails_its_rename_or_its_creation_and_stays_anothers() {
    let sandbox = described().seed_workspaces(1).in_memory().unwrap();
    let client = client(&sandbox);
    let text = "workspaces:
  - {slug: renamed, renamed_from: workspace-1, members: [user_1]}
  - {slug: new, members: [user_1], budgets: {daily: 1}}
";
    let plan = planned(&client, &manifest(text)).await;
    let take = |slug: &'static str| move |others: &Others, _| drop(others.create_workspace(slug));
    sandbox.before("update_workspace", take("renamed")).unwrap();
    sandbox.before("create_workspace", take("new")).unwrap();
    let report = apply(&client, &plan).await.unwrap();
    assert_eq!(failures(&report), ["renamed: change slug: status 409", "new: create: status 409"]);
    assert!(members(&sandbox, "new").is_empty() && members(&sandbox, "renamed").is_empty());
    assert!(members(&sandbox, "workspace-1").is_empty() && sandbox.budgets("new").unwrap().is_empty());
    // Then there is one with either slug, and the manifest has to say which is meant.
    sandbox.clear_hooks();
    let account = Account::read_for(&client, &manifest(text)).await.unwrap();
    let error = openrouter_workspaces_fleet::plan(&manifest(text), &account, &PlanOptions::default()).unwrap_err();
    assert!(error.to_string().starts_with("renamed: is to be renamed from `workspace-1`, but there is"), "{error}");
}

/// As somebody who had not joined the organization yet when the first request came.
#[tokio::test(start_paused = true)]
async fn a_refusal_that_holds_for_nobody_when_it_is_looked_into_is_no_failure() {
    for status in [400, 403, 409, 413, 422] {
        let sandbox = described().seed_workspaces(1).in_memory().unwrap();
        let client = client(&sandbox);
        let once = FaultPlan::default().sequence("bulk_add_workspace_members", [Some(Fault::status(status))]);
        let plan = planned(&client, &manifest("workspaces: [{slug: workspace-1, members: [user_1, user_2]}]")).await;
        sandbox.set_faults(once).unwrap();
        let report = apply(&client, &plan).await.unwrap();
        assert!(report.is_complete(), "{status}: {report}");
        assert_eq!(members(&sandbox, "workspace-1"), ["user_1", "user_2"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_workspace_whose_slug_went_to_another_one_is_not_taken_for_it() {
    let text = "workspaces: [{slug: workspace-1, name: A, members: [user_1]}, {slug: workspace-2, name: B}]";
    let replace = |others: &Others| {
        others.delete_workspace("workspace-1").unwrap();
        others.create_workspace("workspace-1").unwrap();
    };
    // Between the plan and its check.
    let sandbox = described().seed_workspaces(2).in_memory().unwrap();
    let client_of = client(&sandbox);
    let plan = planned(&client_of, &manifest(text)).await;
    replace(sandbox.account());
    let error = apply(&client_of, &plan).await.unwrap_err();
    assert!(matches!(&error, ApplyError::Moved(moved) if moved[0].to_string() == "workspace-1: workspace"), "{error}");
    // Between the check and the action.
    let sandbox = described().seed_workspaces(2).in_memory().unwrap();
    let client_of = client(&sandbox);
    let plan = planned(&client_of, &manifest(text)).await;
    let mut left = Some(replace);
    sandbox
        .before("update_workspace", move |others: &Others, _| left.take().map_or((), |replace| replace(others)))
        .unwrap();
    let report = apply(&client_of, &plan).await.unwrap();
    assert_eq!(failures(&report), ["workspace-1: change name: status 404"]);
    let there = sandbox.account().workspace("workspace-1").unwrap();
    assert!(there["name"] != "A" && members(&sandbox, "workspace-1").is_empty(), "{there}");
    assert_eq!(sandbox.account().workspace("workspace-2").unwrap()["name"], "B");
    converge(&client_of, &manifest(text)).await;
}

#[tokio::test(start_paused = true)]
async fn a_workspace_that_somebody_deletes_meanwhile_is_created_by_the_next_plan_and_no_failure_where_it_is_pruned() {
    let sandbox = described().seed_workspaces(2).in_memory().unwrap();
    let client = client(&sandbox);
    let managed = manifest("workspaces: [{slug: workspace-1, members: [user_1]}]");
    let plan = planned_with(&client, &managed, &PlanOptions::default().prune(true)).await;
    assert_eq!(actions(&plan), ["workspace-1: add 1 member", "workspace-2: delete"]);
    let gone = |slug: &'static str| move |others: &Others, _| drop(others.delete_workspace(slug));
    sandbox.before("bulk_add_workspace_members", gone("workspace-1")).unwrap();
    sandbox.before("delete_workspace", gone("workspace-2")).unwrap();
    let report = apply(&client, &plan).await.unwrap();
    assert_eq!(failures(&report), ["workspace-1: add 1 member: status 404"]);
    sandbox.clear_hooks();
    assert_eq!(actions(&planned(&client, &managed).await), ["workspace-1: create", "workspace-1: add 1 member"]);
    converge(&client, &managed).await;
}

#[tokio::test(start_paused = true)]
async fn the_members_of_the_default_workspace_stay_whatever_slug_it_has() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    sandbox.account().rename_workspace("default", "main").unwrap();
    let all = members(&sandbox, "main");
    assert!(all.len() > 2);
    // It cannot be known for the default one, but the server knows.
    let report = applied(&client, "workspaces: [{slug: main, members: [user_1]}]").await;
    assert_eq!(failures(&report), [format!("main: remove {} members: status 403", all.len() - 1)]);
    let (_, _, failure) = report.failures().next().unwrap();
    assert!(failure.error.contains("default workspace"), "{}", failure.error);
    assert_eq!(failure.members.as_ref().unwrap().left().count(), all.len() - 1);
    assert_eq!(members(&sandbox, "main"), all);
}

#[tokio::test(start_paused = true)]
async fn members_who_cannot_be_removed_are_named_and_all_others_are_removed() {
    let sandbox = described().organization_members(120).scim_member("managed").seed_workspaces(2).in_memory().unwrap();
    let client = client(&sandbox);
    let there = [users(1..=110), vec!["managed".to_owned()]].concat();
    for workspace in ["workspace-1", "workspace-2"] {
        for batch in there.chunks(100) {
            client.bulk_add_members(workspace, batch).await.unwrap();
        }
    }
    sandbox.add_api_key("workspace-1", "user_105").unwrap();
    sandbox.add_api_key("workspace-1", "user_7").unwrap();
    let text = "workspaces: [{slug: workspace-1, members: [managed]}, {slug: workspace-2, members: [user_1]}]";
    let report = applied(&client, text).await;
    assert_eq!(
        failures(&report),
        ["workspace-1: remove 110 members: some users", "workspace-2: remove 110 members: some users"]
    );
    assert_eq!(refused(&report), ["user_105", "user_7"]);
    assert_eq!(members(&sandbox, "workspace-1"), ["managed", "user_105", "user_7"]);
    assert_eq!(members(&sandbox, "workspace-2"), ["managed", "user_1"]);
    // Once nothing stands against it, the same manifest does what is left.
    sandbox.revoke_api_keys("workspace-1", "user_105").unwrap();
    sandbox.revoke_api_keys("workspace-1", "user_7").unwrap();
    sandbox.account().set_scim_managed("managed", false).unwrap();
    converge(&client, &manifest(text)).await;
}

#[tokio::test(start_paused = true)]
async fn an_account_without_budgets_creates_the_rest_and_says_why_it_has_none() {
    let sandbox = simulated().behaviour(Behaviour::BudgetsForbidden, true).in_memory().unwrap();
    let client = client(&sandbox);
    let text = "workspaces: [{slug: a, members: [user_1], budgets: {daily: 1}}, {slug: b, budgets: {}}]";
    let report = applied(&client, text).await;
    assert_eq!(failures(&report), ["a: set the daily budget: status 403"]);
    assert!(report.to_string().contains("Enterprise plan"), "{report}");
    assert_eq!(members(&sandbox, "a"), ["user_1"]);
    // From then on, whether there is a budget cannot be known.
    let account = Account::read_for(&client, &manifest(text)).await.unwrap();
    let Err(PlanError::Problems(problems)) = plan(&manifest(text), &account, &PlanOptions::default()) else {
        panic!("there is a plan");
    };
    assert_eq!(problems.len(), 2, "{problems:?}");
    // What is exported of such an account can be planned there.
    let account = Account::read(&client).await.unwrap();
    assert!(account.workspaces.iter().all(|there| matches!(there.budgets, Part::Failed(_))));
    let export = export(&account);
    assert!(export.manifest.workspaces.iter().all(|entry| entry.budgets.is_none()));
    assert!(planned(&client, &export.manifest).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn users_go_by_the_hundred_and_nobody_takes_no_request() {
    for (count, expected) in [(0, 0), (1, 1), (100, 1), (101, 2), (200, 2)] {
        let sandbox = described().organization_members(200).seed_workspaces(1).in_memory().unwrap();
        let client = client(&sandbox);
        let of = |users: &[String]| {
            manifest(&format!("workspaces: [{{slug: workspace-1, members: [{}]}}]", users.join(", ")))
        };
        for (operation, users) in
            [("bulk_add_workspace_members", users(1..=count)), ("bulk_remove_workspace_members", Vec::new())]
        {
            let plan = planned(&client, &of(&users)).await;
            requests(&sandbox);
            assert!(apply(&client, &plan).await.unwrap().is_complete());
            let sent = requests(&sandbox).iter().filter(|sent| *sent == operation).count();
            assert_eq!((sent, members(&sandbox, "workspace-1").len()), (expected, users.len()), "{count}: {operation}");
            assert!(planned(&client, &of(&users)).await.is_empty());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_may_not_be_deleted_keeps_no_other_from_being_pruned() {
    let sandbox = described().seed_workspaces(3).in_memory().unwrap();
    let client = client(&sandbox);
    sandbox.account().add_member("workspace-2", "user_1").unwrap();
    sandbox.add_api_key("workspace-2", "user_1").unwrap();
    let plan = planned_with(&client, &manifest("workspaces: []"), &PlanOptions::default().prune(true)).await;
    let report = apply(&client, &plan).await.unwrap();
    assert_eq!(failures(&report).len(), 1, "{report}");
    let left: Vec<Value> = sandbox.workspaces().into_iter().map(|there| there["slug"].clone()).collect();
    assert_eq!(left, ["default", "workspace-2"]);
}

#[tokio::test(start_paused = true)]
async fn finding_out_who_is_refused_takes_as_long_as_it_takes() {
    let sandbox = described().organization_members(1_500).seed_workspaces(1).in_memory().unwrap();
    let client = client(&sandbox);
    let mut all = users(1..=1_500);
    // One in each request.
    all.chunks_mut(100).for_each(|chunk| chunk[50].insert_str(0, "no_"));
    let text = format!("workspaces: [{{slug: workspace-1, members: [{}]}}]", all.join(", "));
    let plan = planned(&client, &manifest(&text)).await;
    let slow = Duration::from_secs(25);
    let latency = Fault::latency(slow..=slow);
    sandbox.set_faults(FaultPlan::default().rate("bulk_add_workspace_members", 1.0, [latency])).unwrap();
    let report = apply(&client, &plan).await.unwrap();
    assert_eq!(refused(&report).len(), 15, "{report}");
    assert_eq!(members(&sandbox, "workspace-1").len(), 1_485);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_waits_longer_for_a_call_waits_longer_for_budgets_too() {
    let sandbox = described().seed_workspaces(1).in_memory().unwrap();
    let slow = Duration::from_secs(700);
    let client = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).http_service(sandbox.service());
    let client = client.timeout(slow * 2).attempt_timeout(slow * 2).build().unwrap();
    let latency = Fault::latency(slow..=slow);
    sandbox.set_faults(FaultPlan::default().sequence("list_workspace_budgets", [Some(latency)])).unwrap();
    let account =
        Account::read_for(&client, &manifest("workspaces: [{slug: workspace-1, budgets: {}}]")).await.unwrap();
    assert!(matches!(account.by_slug("workspace-1").unwrap().budgets, Part::Read(_)), "{account:?}");
}

#[tokio::test(start_paused = true)]
async fn users_whom_the_answer_does_not_show_are_looked_for_and_are_not_done_while_it_is_not_known() {
    let text = "workspaces: [{slug: workspace-1, members: {include: [user_1, user_2]}}]";
    let nobody = || Some(Fault::answer(ScriptedResponse::json(200, &json!({"data": [], "added_count": 0}))));
    for (times, complete) in [(1, true), (2, false)] {
        let sandbox = described().seed_workspaces(1).in_memory().unwrap();
        let client = client(&sandbox);
        let plan = planned(&client, &manifest(text)).await;
        let faults = FaultPlan::default().sequence("bulk_add_workspace_members", (0..times).map(|_| nobody()));
        sandbox.set_faults(faults).unwrap();
        let report = apply(&client, &plan).await.unwrap();
        assert_eq!(report.is_complete(), complete, "{report}");
        assert_eq!(members(&sandbox, "workspace-1").len(), if complete { 2 } else { 0 });
        for (_, _, failure) in report.failures() {
            assert_eq!(failure.delivery, Delivery::Unknown, "{report}");
            assert!(failure.error.contains("user_1 may be done: the answer does not show"), "{}", failure.error);
        }
    }
}
