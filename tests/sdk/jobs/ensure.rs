//! A workspace that is to be as described.

use openrouter_sandbox::{Account, Fault, Sandbox, ScriptedResponse, When};
use openrouter_workspaces::body::CreateWorkspaceRequest;
use openrouter_workspaces::jobs::EnsureOutcome;
use openrouter_workspaces::{Client, Error, RetryConfig, ServerTool};

use crate::jobs::support::{client, client_with, requests, sandbox, simulated, with_faults};

fn with_client(sandbox: Sandbox) -> (Sandbox, Client) {
    let client = client(&sandbox);
    (sandbox, client)
}

#[tokio::test(start_paused = true)]
async fn it_is_created_then_left_alone_then_changed_where_it_differs() {
    let (sandbox, client) = with_client(sandbox());
    let ensure = || client.ensure("a").name("A").description("first").disabled_server_tools([ServerTool::Bash]);
    let created = ensure().await.unwrap();
    assert_eq!((created.outcome, created.workspace.name.as_str()), (EnsureOutcome::Created, "A"));
    assert_eq!(requests(&sandbox), ["get_workspace", "create_workspace"]);

    let again = ensure().await.unwrap();
    assert_eq!((again.outcome, again.workspace), (EnsureOutcome::Unchanged, created.workspace.clone()));
    assert_eq!(requests(&sandbox), ["get_workspace"]);

    let changed = ensure().description(None).io_logging_sampling_rate(0.5).await.unwrap();
    let fields = ["description", "io_logging_sampling_rate"].map(str::to_owned).to_vec();
    assert_eq!(changed.outcome, EnsureOutcome::Changed(fields));
    assert_eq!((changed.workspace.id, changed.workspace.description), (created.workspace.id, None));
    let sent = sandbox.journal().pop().unwrap().json().unwrap();
    assert_eq!(sent, serde_json::json!({"description": null, "io_logging_sampling_rate": 0.5}));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_named_is_not_looked_at() {
    let (sandbox, client) = with_client(sandbox());
    client.create("Another name", "a").description("by hand").await.unwrap();
    requests(&sandbox);
    let ensured = client.ensure("a").await.unwrap();
    assert_eq!((ensured.outcome, ensured.workspace.name.as_str()), (EnsureOutcome::Unchanged, "Another name"));
    assert_eq!(client.ensure("b").await.unwrap().workspace.name, "b");
    let ensured = client.ensure_from(CreateWorkspaceRequest::new("New".to_owned(), "a".to_owned())).await.unwrap();
    assert_eq!(ensured.outcome.to_string(), "changed: name");
}

#[tokio::test(start_paused = true)]
async fn no_keys_are_other_than_all_keys_and_no_tools_are_the_same_as_none() {
    let (_sandbox, client) = with_client(sandbox());
    let ensure = || client.ensure("a").disabled_server_tools(Vec::<ServerTool>::new());
    assert_eq!(ensure().io_logging_api_key_ids(None).await.unwrap().outcome, EnsureOutcome::Created);
    let changed = EnsureOutcome::Changed(vec!["io_logging_api_key_ids".to_owned()]);
    for (keys, outcome) in [
        (Some(vec![]), changed.clone()),
        (Some(vec![]), EnsureOutcome::Unchanged),
        (None, changed),
        (None, EnsureOutcome::Unchanged),
    ] {
        let ensured = ensure().io_logging_api_key_ids(keys.clone()).await.unwrap();
        assert_eq!((ensured.outcome, ensured.workspace.io_logging_api_key_ids), (outcome, keys));
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_race_for_the_slug_is_a_read() {
    let (sandbox, client) = with_client(sandbox());
    sandbox.before("create_workspace", |account, _| drop(account.create_workspace("a").unwrap())).unwrap();
    let ensured = client.ensure("a").description("ours").await.unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::Changed(vec!["description".to_owned()]));
    let operations = ["get_workspace", "create_workspace", "get_workspace", "update_workspace"];
    assert_eq!(requests(&sandbox), operations);
}

#[tokio::test(start_paused = true)]
async fn two_at_once_make_one_workspace() {
    let (sandbox, client) = with_client(sandbox());
    let ensure = || client.ensure("a").name("A").into_future();
    let (one, other) = tokio::join!(ensure(), ensure());
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.workspace.id, other.workspace.id);
    let outcomes = [one.outcome, other.outcome];
    assert!(outcomes.contains(&EnsureOutcome::Created) && outcomes.contains(&EnsureOutcome::Unchanged));
    assert_eq!(sandbox.workspaces().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn others_who_delete_it_meanwhile_cost_another_look() {
    let (sandbox, client) = with_client(sandbox());
    sandbox.create_workspace("a").unwrap();
    sandbox
        .before("update_workspace", |account, number| {
            if number == 1 {
                account.delete_workspace("a").unwrap();
            }
        })
        .unwrap();
    let ensured = client.ensure("a").name("A").await.unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::Created);
    // And one who creates and deletes it all the time is an error, in the end.
    let (sandbox, client) = with_client(self::sandbox());
    sandbox.before("create_workspace", |account, _| drop(account.create_workspace("a"))).unwrap();
    sandbox.before("get_workspace", |account, _| drop(account.delete_workspace("a"))).unwrap();
    assert!(matches!(client.ensure("a").await, Err(Error::Conflict(_))));
    assert_eq!(requests(&sandbox).len(), 6);
}

#[tokio::test(start_paused = true)]
async fn one_that_somebody_else_renames_meanwhile_is_not_taken_for_that_of_the_slug() {
    let (sandbox, client) = with_client(sandbox());
    let id = sandbox.create_workspace("a").unwrap();
    sandbox.before("update_workspace", |account, _| drop(account.rename_workspace("a", "b"))).unwrap();
    let ensured = client.ensure("a").name("A").await.unwrap();
    assert_eq!((ensured.outcome, ensured.workspace.slug.as_str()), (EnsureOutcome::Created, "a"));
    assert_ne!(ensured.workspace.id.to_string(), id);
    let operations = ["get_workspace", "update_workspace", "get_workspace", "create_workspace"];
    assert_eq!(requests(&sandbox), operations);
}

#[tokio::test(start_paused = true)]
async fn one_that_is_renamed_each_time_it_is_changed_is_created_in_the_end() {
    let (sandbox, client) = with_client(sandbox());
    sandbox.before("get_workspace", |account, _| drop(account.create_workspace("a"))).unwrap();
    let rename = |account: &Account, call| drop(account.rename_workspace("a", &format!("b-{call}")));
    sandbox.before("update_workspace", rename).unwrap();
    let ensured = client.ensure("a").name("A").await.unwrap();
    assert_eq!((ensured.outcome, ensured.workspace.slug.as_str()), (EnsureOutcome::Created, "a"));
    let looks = ["get_workspace", "update_workspace"].repeat(3);
    assert_eq!(requests(&sandbox), [looks, vec!["create_workspace"]].concat());
}

#[tokio::test(start_paused = true)]
async fn a_create_whose_answer_was_lost_is_found() {
    let (sandbox, client) = with_client(with_faults("create_workspace", [Some(Fault::Reset(When::After))]));
    let ensured = client.ensure("a").name("A").await.unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::Unchanged);
    assert_eq!(requests(&sandbox), ["get_workspace", "create_workspace", "get_workspace"]);
    let (_sandbox, client) = with_client(with_faults("create_workspace", [Some(Fault::Reset(When::Before))]));
    assert!(matches!(client.ensure("a").await, Err(Error::Transport(_))));
    client.ensure("a").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_an_error_and_the_create_is_not_repeated() {
    // Only a 400 may say that there is one with the slug by now, which is looked up.
    for (status, looks_up) in [(400, true), (402, false), (403, false)] {
        let (sandbox, client) = with_client(sandbox());
        sandbox.script("create_workspace", [ScriptedResponse::error(status, "No such model")]).unwrap();
        let error = client.ensure("a").await.unwrap_err();
        assert_eq!(error.status(), Some(status));
        assert!(error.to_string().contains("No such model"), "{error}");
        let expected = ["get_workspace", "create_workspace", "get_workspace"];
        assert_eq!(requests(&sandbox), expected[..if looks_up { 3 } else { 2 }], "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_server_finds_under_another_slug_is_left_alone() {
    let (sandbox, client) = with_client(sandbox());
    let other = serde_json::json!({"data": sandbox.account().workspace("default").unwrap()});
    sandbox.script("get_workspace", [ScriptedResponse::json(200, &other)]).unwrap();
    let ensured = client.ensure("a").description("ours").await.unwrap();
    assert_eq!((ensured.outcome, ensured.workspace.slug.as_str()), (EnsureOutcome::Created, "a"));
    assert_eq!(requests(&sandbox), ["get_workspace", "create_workspace"]);
}

#[tokio::test(start_paused = true)]
async fn invalid_settings_are_refused_before_anything_is_sent() {
    let (sandbox, client) = with_client(sandbox());
    for ensure in [
        client.ensure("Not a slug"),
        client.ensure(""),
        client.ensure("a").name(""),
        client.ensure("a").io_logging_sampling_rate(f64::NAN),
        client.ensure("a").description("x".repeat(501)),
    ] {
        assert!(matches!(ensure.await, Err(Error::InvalidInput(_))));
    }
    assert_eq!(sandbox.journal().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_id_is_refused_and_does_not_become_the_slug_of_another_workspace() {
    let (sandbox, client) = with_client(sandbox());
    let id = client.create("Other", "other").await.unwrap().id;
    requests(&sandbox);
    let Err(Error::InvalidInput(error)) = client.ensure(id.to_string()).await else { panic!("it was taken") };
    assert_eq!(
        (error.field(), error.rule()),
        ("slug", "must not be the id of a workspace, which is looked for by its slug")
    );
    assert!(requests(&sandbox).is_empty());
}

#[tokio::test(start_paused = true)]
async fn it_gets_there_though_much_goes_wrong() {
    let faults = ["reset-after", "reset", "503", "504"].map(|name| name.parse().unwrap());
    for seed in 0..30 {
        let plan = openrouter_sandbox::FaultPlan::new(seed).rate_all(0.3, faults.clone());
        let sandbox = simulated().faults(plan).in_memory().unwrap();
        let client = client_with(&sandbox, RetryConfig::default());
        let mut runs = 0;
        while let Err(error) = client.ensure("a").name("A").description("d").await {
            runs += 1;
            assert!(runs < 20, "{error}");
        }
        let there = sandbox.account().workspace("a").unwrap();
        assert_eq!((&there["name"], &there["description"]), (&"A".into(), &"d".into()));
        assert_eq!(sandbox.workspaces().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_misspelt_setting_is_refused_before_anything_is_sent() {
    let (sandbox, client) = with_client(sandbox());
    let error = client.ensure("team").default_provider_sort("prise").await.unwrap_err();
    assert!(matches!(&error, Error::InvalidInput(e) if e.field() == "default_provider_sort"), "{error}");
    assert!(sandbox.journal().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_empty_list_says_the_same_as_null_only_where_the_contract_says_so() {
    let (sandbox, client) = with_client(sandbox());
    client.create("A", "a").await.unwrap();
    requests(&sandbox);
    // No tool is disabled, either way.
    let ensured = client.ensure("a").disabled_server_tools(Vec::<ServerTool>::new()).await.unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::Unchanged);
    // Null logs all keys, and an empty list none.
    let ensured = client.ensure("a").io_logging_api_key_ids(Vec::<i64>::new()).await.unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::Changed(vec!["io_logging_api_key_ids".to_owned()]));
    assert_eq!(ensured.workspace.io_logging_api_key_ids, Some(Vec::new()));
}
