//! What a plan does, why, and when there is none.

use openrouter_sandbox::Behaviour;
use openrouter_workspaces::RetryConfig;
use openrouter_workspaces_fleet::{Account, Change, Part, Plan, PlanError, PlanOptions, PlanProblem, plan};
use serde_json::json;

use crate::support::{
    actions, client, client_with, converge, described, manifest, planned, planned_with, requests, sandbox, simulated,
    users,
};

/// The problems that keep a plan from being made.
async fn problems(client: &openrouter_workspaces::Client, text: &str, options: &PlanOptions) -> Vec<PlanProblem> {
    let manifest = manifest(text);
    let account = Account::read_for(client, &manifest).await.unwrap();
    match plan(&manifest, &account, options) {
        Err(PlanError::Problems(problems)) => problems,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn each_action_has_what_was_before_what_is_after_and_why() {
    let sandbox = described().in_memory().unwrap();
    let client = client(&sandbox);
    client.create("Stage", "stage").description("Old").await.unwrap();
    client.bulk_add_members("stage", ["user_1", "user_2"]).await.unwrap();
    client.set_budgets("stage", openrouter_workspaces::BudgetSet::default().monthly(100.0).daily(5.0)).await.unwrap();
    let text = "defaults: {default_provider_sort: price}
workspaces:
  - {slug: staging, renamed_from: stage, description: null, members: [user_2, user_3], budgets: {monthly: 50, weekly: 20}}
  - {slug: new, budgets: {daily: 1}}
";
    let plan = planned(&client, &manifest(text)).await;
    let value = serde_json::to_value(&plan).unwrap();
    let renamed = &value["workspaces"][0];
    assert_eq!(value["version"], 1);
    assert_eq!(
        renamed["actions"],
        json!([
            {
                "action": "update",
                "reason": "the manifest renames `stage`, which keeps its id",
                "fields": [
                    {"field": "default_provider_sort", "before": null, "after": "price"},
                    {"field": "description", "before": "Old", "after": null},
                    {"field": "slug", "before": "stage", "after": "staging"},
                ],
            },
            {
                "action": "add_members",
                "before": 2,
                "users": ["user_3"],
                "reason": "the manifest names them, and they are no members",
            },
            {
                "action": "remove_members",
                "before": 3,
                "users": ["user_1"],
                "reason": "the manifest names all members, and not these",
            },
            {
                "action": "delete_budget",
                "interval": "daily",
                "before": 5.0,
                "reason": "the manifest names all budgets, and not this one",
            },
            {
                "action": "set_budget",
                "interval": "monthly",
                "before": 100.0,
                "after": 50.0,
                "reason": "the limit falls; narrower intervals come first",
            },
            {
                "action": "set_budget",
                "interval": "weekly",
                "before": null,
                "after": 20.0,
                "reason": "there is none; wider intervals come first",
            },
        ])
    );
    let rests_on: Vec<&String> = renamed["rests_on"].as_object().unwrap().keys().collect();
    assert_eq!(rests_on, ["budgets", "default_provider_sort", "description", "members", "slug"]);
    assert_eq!(plan.actions().next().unwrap().1.renamed_from(), Some("stage"));
    assert_eq!(value["workspaces"][1]["id"], json!(null));
    assert_eq!(
        value["workspaces"][1]["actions"][0],
        json!({
            "action": "create",
            "fields": {"default_provider_sort": "price", "name": "new", "slug": "new"},
            "reason": "no workspace has this slug",
        })
    );
    let counts = plan.counts();
    assert_eq!((counts.created, counts.changed, counts.deleted, counts.actions), (1, 1, 0, 8));

    let other = serde_json::to_string(&plan).unwrap().replacen("\"version\":1", "\"version\":2", 1);
    let error = serde_json::from_str::<Plan>(&other).unwrap_err().to_string();
    assert!(error.contains("the plan is of version 2, and only version 1 is known: make the plan again"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_plan_reads_only_what_the_manifest_manages() {
    let sandbox = described().seed_workspaces(7).in_memory().unwrap();
    let client = client(&sandbox);
    requests(&sandbox);
    let text = "workspaces: [{slug: workspace-1, members: []}, {slug: workspace-2, budgets: {}}, {slug: workspace-3, name: x}]";
    let plan = planned(&client, &manifest(text)).await;
    let mut requests = requests(&sandbox);
    requests.sort();
    assert_eq!(requests, ["list_workspace_budgets", "list_workspace_members", "list_workspaces"]);
    assert_eq!(actions(&plan), ["workspace-3: change name"]);
}

#[tokio::test(start_paused = true)]
async fn the_fingerprint_stays_as_long_as_nothing_moves_that_the_plan_rests_on() {
    let sandbox = described().seed_workspaces(2).in_memory().unwrap();
    let client = client(&sandbox);
    let manifest = manifest("workspaces: [{slug: workspace-1, description: x}]");
    let before = planned(&client, &manifest).await;
    client.update("workspace-1").name("Else").await.unwrap();
    client.bulk_add_members("workspace-1", ["user_1"]).await.unwrap();
    client.update("workspace-2").description("y").await.unwrap();
    assert_eq!(planned(&client, &manifest).await, before);
    client.update("workspace-1").description("y").await.unwrap();
    assert_ne!(planned(&client, &manifest).await.fingerprint, before.fingerprint);
}

#[tokio::test(start_paused = true)]
async fn a_rename_that_was_done_is_not_done_again_and_one_onto_another_workspace_is_a_problem() {
    let sandbox = described().in_memory().unwrap();
    let client = client(&sandbox);
    let id = sandbox.create_workspace("stage").unwrap();
    let text = "workspaces: [{slug: staging, renamed_from: stage}]";
    converge(&client, &manifest(text)).await;
    assert_eq!(sandbox.account().workspace("staging").unwrap()["id"], id);
    sandbox.create_workspace("stage").unwrap();
    let found = problems(&client, text, &PlanOptions::default()).await;
    assert_eq!(found, [PlanProblem::BothSlugs { slug: "staging".into(), renamed_from: "stage".into() }]);
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_read_is_a_problem_only_where_it_is_managed() {
    let sandbox = simulated().behaviour(Behaviour::BudgetsForbidden, true).seed_workspaces(2).in_memory().unwrap();
    let client = client(&sandbox);
    let text = "workspaces: [{slug: workspace-1, budgets: {}}, {slug: workspace-2, name: x}]";
    let found = problems(&client, text, &PlanOptions::default()).await;
    let [PlanProblem::NotRead { slug, part: "budgets", error: Some(error) }] = &found[..] else { panic!("{found:?}") };
    assert!(slug == "workspace-1" && error.contains("Enterprise plan"), "{error}");
    let all = Account::read(&client).await.unwrap();
    assert!(matches!(&all.workspaces[2].budgets, Part::Failed(failure) if failure.status == Some(403)));
    let managed = manifest("workspaces: [{slug: workspace-2, name: x}]");
    assert_eq!(actions(&plan(&managed, &all, &PlanOptions::default()).unwrap()), ["workspace-2: change name"]);
    // An account that was read for another manifest.
    let unread = Account::read_for(&client, &managed).await.unwrap();
    let error = plan(&manifest("workspaces: [{slug: workspace-1, members: []}]"), &unread, &PlanOptions::default());
    assert!(error.unwrap_err().to_string().contains("read the account for this manifest"));
}

#[tokio::test(start_paused = true)]
async fn a_workspace_that_never_had_a_budget_is_not_taken_for_deleted_with_or_without_retries() {
    let sandbox = simulated().seed_workspaces(1).in_memory().unwrap();
    let text = "workspaces: [{slug: workspace-1, budgets: {}}]";
    assert!(planned(&client(&sandbox), &manifest(text)).await.is_empty());
    assert!(planned(&client_with(&sandbox, RetryConfig::default()), &manifest(text)).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_default_workspace_is_changed_but_neither_created_nor_pruned() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let options = PlanOptions::default().prune(true);
    let text = "workspaces: [{slug: default, name: Everyone}]";
    assert_eq!(actions(&planned(&client, &manifest(text)).await), ["default: change name"]);
    assert!(planned_with(&client, &manifest("workspaces: []"), &options).await.is_empty());

    sandbox.create_workspace("other").unwrap();
    sandbox.account().rename_workspace("default", "main").unwrap();
    assert_eq!(problems(&client, text, &PlanOptions::default()).await, [PlanProblem::NoDefault]);
    assert_eq!(problems(&client, "workspaces: []", &options).await, [PlanProblem::DefaultNotFound]);
    let anyway =
        planned_with(&client, &manifest("workspaces: [{slug: main}]"), &options.prune_without_default(true)).await;
    assert_eq!(actions(&anyway), ["other: delete"]);
}

#[tokio::test(start_paused = true)]
async fn others_are_deleted_only_if_pruning_is_asked_for() {
    let sandbox = described().seed_workspaces(2).in_memory().unwrap();
    let client = client(&sandbox);
    let manifest = manifest("workspaces: [{slug: workspace-1}, {slug: renamed, renamed_from: workspace-2}]");
    sandbox.create_workspace("other").unwrap();
    assert_eq!(actions(&planned(&client, &manifest).await), ["renamed: change slug"]);
    let pruned = planned_with(&client, &manifest, &PlanOptions::default().prune(true)).await;
    assert_eq!(actions(&pruned), ["renamed: change slug", "other: delete"]);
    let Change::Delete { workspace } = &pruned.workspaces[1].actions[0].change else { panic!("{pruned:?}") };
    assert_eq!(workspace.slug, "other");
}

#[tokio::test(start_paused = true)]
async fn the_flag_of_budgets_travels_with_a_limit_and_is_a_problem_where_there_is_none() {
    let sandbox = described().seed_workspaces(1).in_memory().unwrap();
    let client = client(&sandbox);
    let flag = |flag: bool| {
        manifest(&format!("workspaces: [{{slug: workspace-1, budgets: {{monthly: 5, include_byok: {flag}}}}}]"))
    };
    converge(&client, &flag(true)).await;
    let plan = planned(&client, &flag(false)).await;
    assert_eq!(actions(&plan), ["workspace-1: set the monthly budget"]);
    converge(&client, &flag(false)).await;
    // All limits go, and the flag changes: it is sent with one before that goes.
    let none = "workspaces: [{slug: workspace-1, budgets: {include_byok: true}}]";
    let plan = planned(&client, &manifest(none)).await;
    assert_eq!(actions(&plan), ["workspace-1: set the monthly budget", "workspace-1: delete the monthly budget"]);
    converge(&client, &manifest(none)).await;
    let other = "workspaces: [{slug: workspace-1, budgets: {include_byok: false}}]";
    let found = problems(&client, other, &PlanOptions::default()).await;
    assert_eq!(found, [PlanProblem::ByokWithoutBudget { slug: "workspace-1".into() }]);
}

#[tokio::test(start_paused = true)]
async fn what_a_plan_does_is_counted() {
    let sandbox = described().seed_workspaces(4).in_memory().unwrap();
    let client = client(&sandbox);
    let text = format!(
        "workspaces: [{{slug: workspace-1, name: A}}, {{slug: new, members: [{}]}}, {{slug: newer}}]",
        users(1..=3).join(", ")
    );
    let options = PlanOptions::default().prune(true);
    let counts = planned_with(&client, &manifest(&text), &options).await.counts();
    assert_eq!((counts.created, counts.changed, counts.deleted, counts.actions), (2, 1, 3, 7));
    let counts = planned(&client, &manifest("workspaces: []")).await.counts();
    assert_eq!((counts.created, counts.changed, counts.deleted, counts.actions), (0, 0, 0, 0));
}
