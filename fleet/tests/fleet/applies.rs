//! What has become of each action, and plans that do not fit any more.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use openrouter_sandbox::{Fault, FaultPlan, Sandbox, When};
use openrouter_workspaces::Client;
use openrouter_workspaces_fleet::{ApplyError, ApplyReport, Event, Outcome, Plan, PlanOptions, apply};
use serde_json::json;

use crate::support::{client, converge, described, manifest, members, planned, planned_with, requests, users};

/// What each action has become, as in `a: create: done`.
fn outcomes(report: &ApplyReport) -> Vec<String> {
    let line = |outcome: &Outcome| match outcome {
        Outcome::Failed(_) => "failed".to_owned(),
        other => other.to_string(),
    };
    let lines = report
        .actions()
        .map(|(workspace, report)| format!("{}: {}: {}", workspace.slug, report.action.change, line(&report.outcome)));
    lines.collect()
}

/// A sandbox with three workspaces, where nothing was asked for yet.
fn three() -> (Sandbox, Client) {
    let sandbox = described().seed_workspaces(3).in_memory().unwrap();
    let client = client(&sandbox);
    (sandbox, client)
}

/// What moved, where a plan is refused, and nothing is changed.
async fn moved(sandbox: &Sandbox, client: &Client, plan: &Plan) -> Vec<String> {
    requests(sandbox);
    let error = apply(client, plan).await.expect_err("the plan does not fit");
    let sent = requests(sandbox);
    assert!(sent.iter().all(|operation| operation.starts_with("list_")), "{sent:?}");
    let ApplyError::Moved(moved) = error else { panic!("{error}") };
    moved.iter().map(ToString::to_string).collect()
}

#[tokio::test(start_paused = true)]
async fn a_failure_stops_its_workspace_and_no_other() {
    let (sandbox, client) = three();
    let text = "workspaces:
  - {slug: workspace-1, name: A, members: [user_1], budgets: {daily: 1}}
  - {slug: workspace-2, name: B, members: [user_1, nobody, user_2], budgets: {daily: 1}}
  - {slug: new, budgets: {monthly: 9, daily: 1}}
";
    let plan = planned(&client, &manifest(text)).await;
    let report = apply(&client, &plan).await.unwrap();
    assert_eq!(
        outcomes(&report),
        [
            "workspace-1: change name: done",
            "workspace-1: add 1 member: done",
            "workspace-1: set the daily budget: done",
            "workspace-2: change name: done",
            "workspace-2: add 3 members: failed",
            "workspace-2: set the daily budget: not tried",
            "new: create: done",
            "new: set the monthly budget: done",
            "new: set the daily budget: done",
        ]
    );
    let (workspace, action, failure) = report.failures().next().unwrap();
    assert_eq!((workspace.slug.as_str(), action.change.to_string().as_str()), ("workspace-2", "add 3 members"));
    assert!(failure.error.starts_with("nobody is refused: "), "{}", failure.error);
    let users = failure.members.as_ref().unwrap();
    assert_eq!(users.refused().map(|(user, _)| user).collect::<Vec<_>>(), ["nobody"]);
    // Those that the server takes are members.
    assert_eq!(members(&sandbox, "workspace-2"), ["user_1", "user_2"]);
    assert!(
        report.to_string().starts_with("of 9 actions, 7 are done, 1 failed, and 1 were not tried; workspace-2: add 3")
    );
    assert_eq!(report.workspaces[2].id.unwrap().to_string(), sandbox.account().workspace("new").unwrap()["id"]);
    let value = serde_json::to_value(&report).unwrap();
    assert_eq!(value["workspaces"][1]["actions"][2]["outcome"], json!("not_tried"));
    assert_eq!(value["workspaces"][1]["actions"][1]["members"]["nobody"]["change"], json!("add"));
}

#[tokio::test(start_paused = true)]
async fn what_the_server_answers_is_in_the_failure() {
    let (sandbox, client) = three();
    sandbox.set_faults(FaultPlan::default().sequence("update_workspace", [Some(Fault::status(503))])).unwrap();
    let plan = planned(&client, &manifest("workspaces: [{slug: workspace-1, name: A}]")).await;
    let report = apply(&client, &plan).await.unwrap();
    let (_, _, failure) = report.failures().next().unwrap();
    assert_eq!(failure.status, Some(503));
    assert!(failure.request_id.is_some());
    assert_eq!(serde_json::to_value(failure).unwrap()["delivery"], "unknown");

    // A first request for members that is answered has done nothing, and is told without counts.
    sandbox.set_faults(FaultPlan::default().rate("bulk_add_workspace_members", 1.0, [Fault::status(402)])).unwrap();
    let plan = planned(&client, &manifest("workspaces: [{slug: workspace-2, members: [user_1, user_2]}]")).await;
    let report = apply(&client, &plan).await.unwrap();
    let (_, _, failure) = report.failures().next().unwrap();
    assert_eq!(serde_json::to_value(failure).unwrap()["delivery"], "answered");
    assert!(!failure.error.contains("of 2 users"), "{}", failure.error);
    assert_eq!(failure.members.as_ref().unwrap().left().count(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_was_under_way_when_it_was_dropped_had_begun() {
    let (sandbox, client) = three();
    let plan = planned(&client, &manifest("workspaces: [{slug: workspace-1, name: A, budgets: {daily: 1}}]")).await;
    sandbox.set_faults(FaultPlan::default().rate("update_workspace", 1.0, [Fault::Stall])).unwrap();
    let applying = apply(&client, &plan);
    assert!(format!("{applying:?}").starts_with("Apply"), "{applying:?}");
    let so_far = applying.so_far();
    let stalled = tokio::time::timeout(Duration::from_secs(1), applying.into_future()).await;
    assert!(stalled.is_err());
    assert_eq!(
        outcomes(&so_far.get()),
        [
            "workspace-1: change name: begun, and not known whether it was done",
            "workspace-1: set the daily budget: not tried"
        ]
    );
    assert_eq!(so_far.get().to_string(), "of 2 actions, 0 are done, 0 failed, and 1 were not tried; 1 had begun");
}

#[tokio::test(start_paused = true)]
async fn a_plan_whose_account_cannot_be_read_again_says_which_part_and_why() {
    let (sandbox, client) = three();
    let text = "workspaces: [{slug: workspace-1, members: [user_1], budgets: {daily: 1}}]";
    for (operation, part) in [("list_workspace_members", "members"), ("list_workspace_budgets", "budgets")] {
        let plan = planned(&client, &manifest(text)).await;
        sandbox.set_faults(FaultPlan::default().rate(operation, 1.0, [Fault::status(403)])).unwrap();
        let error = apply(&client, &plan).await.unwrap_err();
        let ApplyError::Unread { slug, part: unread, failure: Some(failure) } = &error else { panic!("{error}") };
        assert_eq!((slug.as_str(), unread.as_str(), failure.status), ("workspace-1", part, Some(403)));
        sandbox.set_faults(FaultPlan::default()).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_is_refused_by_what_it_rests_on_and_names_it() {
    let (sandbox, client) = three();
    let text = "workspaces:
  - {slug: workspace-1, description: x, members: [user_1], budgets: {daily: 1}}
  - {slug: renamed, renamed_from: workspace-2}
  - {slug: new}
";
    let plan = planned_with(&client, &manifest(text), &PlanOptions::default().prune(true)).await;
    assert_eq!(plan.workspaces.len(), 4);
    sandbox.account().add_member("workspace-1", "user_9").unwrap();
    assert_eq!(moved(&sandbox, &client, &plan).await, ["workspace-1: members"]);
    sandbox.account().remove_member("workspace-1", "user_9").unwrap();
    client.set_budget("workspace-1", openrouter_workspaces::BudgetInterval::Daily, 3.0).await.unwrap();
    assert_eq!(moved(&sandbox, &client, &plan).await, ["workspace-1: budgets"]);
    client.delete_budget("workspace-1", openrouter_workspaces::BudgetInterval::Daily).await.unwrap();
    client.update("workspace-1").description("y").await.unwrap();
    assert_eq!(moved(&sandbox, &client, &plan).await, ["workspace-1: description"]);
    client.update("workspace-1").description(None).await.unwrap();
    sandbox.create_workspace("new").unwrap();
    sandbox.create_workspace("renamed").unwrap();
    assert_eq!(moved(&sandbox, &client, &plan).await, ["renamed: slug", "new: slug"]);
    sandbox.delete_workspace("new").unwrap();
    sandbox.delete_workspace("renamed").unwrap();
    sandbox.account().rename_workspace("workspace-1", "elsewhere").unwrap();
    sandbox.delete_workspace("workspace-2").unwrap();
    client.update("workspace-3").name("Used").await.unwrap();
    assert_eq!(
        moved(&sandbox, &client, &plan).await,
        ["workspace-1: slug", "renamed: workspace", "workspace-3: workspace"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_change_of_anything_else_does_not_refuse_a_plan() {
    let (sandbox, client) = three();
    let manifest = manifest("workspaces: [{slug: workspace-1, description: x, members: {include: [user_1]}}]");
    let plan = planned(&client, &manifest).await;
    client.update("workspace-1").name("Else").await.unwrap();
    client.bulk_add_members("workspace-1", ["user_2"]).await.unwrap();
    sandbox.delete_workspace("workspace-2").unwrap();
    assert!(apply(&client, &plan).await.unwrap().is_complete());
    assert_eq!(members(&sandbox, "workspace-1"), ["user_1", "user_2"]);
    assert!(planned(&client, &manifest).await.is_empty());
    // What was done once is not done twice.
    assert_eq!(moved(&sandbox, &client, &plan).await, ["workspace-1: description"]);
}

#[tokio::test(start_paused = true)]
async fn events_come_in_order_and_count_up_to_the_whole() {
    let (sandbox, client) = three();
    sandbox.add_api_key("workspace-2", "user_1").unwrap();
    let text =
        "workspaces: [{slug: workspace-1, name: A, members: [nobody], budgets: {daily: 1}}, {slug: workspace-3}]";
    let plan = planned_with(&client, &manifest(text), &PlanOptions::default().prune(true)).await;
    let lines = Arc::new(Mutex::new(Vec::new()));
    let seen = lines.clone();
    let on_event = move |event: Event<'_>| seen.lock().unwrap().push(event.to_string());
    let report = apply(&client, &plan).concurrency(1).on_event(on_event).await.unwrap();
    assert!(!report.is_complete());
    let lines = lines.lock().unwrap();
    let starts: Vec<&str> = lines.iter().map(|line| line.split(": failed").next().unwrap()).collect();
    assert_eq!(
        starts,
        [
            "workspace-1: change name",
            "1/4 workspace-1: change name: done",
            "workspace-1: add 1 member",
            "3/4 workspace-1: add 1 member",
            "workspace-2: delete",
            "4/4 workspace-2: delete",
        ]
    );
    assert!(lines[5].contains("active API keys"), "{}", lines[5]);
}

#[tokio::test(start_paused = true)]
async fn members_are_added_and_removed_by_the_hundred_without_being_read_again() {
    let sandbox = described().organization_members(250).in_memory().unwrap();
    let client = client(&sandbox);
    let of = |users: Vec<String>| manifest(&format!("workspaces: [{{slug: a, members: [{}]}}]", users.join(", ")));
    let plan = planned(&client, &of(users(1..=250))).await;
    requests(&sandbox);
    assert!(apply(&client, &plan).await.unwrap().is_complete());
    let adds = ["bulk_add_workspace_members"; 3];
    assert_eq!(requests(&sandbox), [&["list_workspaces", "create_workspace"][..], &adds].concat());
    converge(&client, &of(users(1..=40))).await;
    assert_eq!(members(&sandbox, "a").len(), 40);
}

/// The users of the failure of a report with one: those that are done, not known, and left.
fn users_of_failure(report: &ApplyReport) -> [usize; 3] {
    let (_, _, failure) = report.failures().next().expect("one has failed");
    let members = failure.members.as_ref().expect("it is about members");
    let (done, unknown) = (members.added().count() + members.removed().count(), members.unknown().count());
    [done, unknown, members.left().count() - unknown]
}

#[tokio::test(start_paused = true)]
async fn who_is_done_is_known_where_a_later_request_for_members_fails() {
    let reset = Fault::Reset(When::After);
    for (fault, expected) in [
        (Fault::status(503), [100, 100, 50]),
        (Fault::status(429), [100, 0, 150]),
        (Fault::status(404), [100, 0, 150]),
        (reset, [100, 100, 50]),
    ] {
        let sandbox = described().organization_members(250).seed_workspaces(1).in_memory().unwrap();
        let client = client(&sandbox);
        let of = |users: &[String]| {
            manifest(&format!("workspaces: [{{slug: workspace-1, members: [{}]}}]", users.join(", ")))
        };
        let all = of(&users(1..=250));
        let later = |operation: &str| FaultPlan::default().sequence(operation, [None, Some(fault.clone())]);
        sandbox.set_faults(later("bulk_add_workspace_members")).unwrap();
        let report = apply(&client, &planned(&client, &all).await).await.unwrap();
        assert_eq!(users_of_failure(&report), expected, "{report}");
        let text = report.to_string();
        assert!(
            text.contains("; of 250 users, 100 are done or were so already, 0 were refused, and 150 are left"),
            "{text}"
        );
        sandbox.set_faults(FaultPlan::default()).unwrap();
        converge(&client, &all).await;
        sandbox.set_faults(later("bulk_remove_workspace_members")).unwrap();
        let report = apply(&client, &planned(&client, &of(&[])).await).await.unwrap();
        assert_eq!(users_of_failure(&report), expected, "{report}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_done_is_known_where_it_cannot_be_found_out_for_whom_a_later_request_is_refused() {
    let sandbox = described().organization_members(150).seed_workspaces(1).in_memory().unwrap();
    let client = client(&sandbox);
    let named = [users(1..=150), vec!["nobody".to_owned()]].concat().join(", ");
    let plan =
        planned(&client, &manifest(&format!("workspaces: [{{slug: workspace-1, members: {{include: [{named}]}}}}]")))
            .await;
    // The members are read to find that out.
    sandbox.set_faults(FaultPlan::default().rate("list_workspace_members", 1.0, [Fault::status(500)])).unwrap();
    let report = apply(&client, &plan).await.unwrap();
    assert_eq!(users_of_failure(&report), [100, 0, 51], "{report}");
}

#[test]
fn all_that_is_public_can_be_sent_and_shared() {
    fn is<T: Send + Sync + std::fmt::Debug + 'static>() {}
    is::<openrouter_workspaces_fleet::Manifest>();
    is::<openrouter_workspaces_fleet::ManifestErrors>();
    is::<openrouter_workspaces_fleet::Account>();
    is::<openrouter_workspaces_fleet::ReadAccount>();
    is::<openrouter_workspaces_fleet::PlanError>();
    is::<openrouter_workspaces_fleet::Apply>();
    is::<openrouter_workspaces_fleet::SoFar>();
    is::<openrouter_workspaces_fleet::Export>();
    is::<Plan>();
    is::<ApplyError>();
    is::<ApplyReport>();
}
