//! What people give where a workspace, a user, an interval or a setting is asked for: each arrives as what it means.

#![allow(
    clippy::needless_borrows_for_generic_args,
    clippy::cloned_ref_to_slice_refs,
    reason = "references are what is tested"
)]

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use crate::common::fixtures::{ID, budget, member, workspace};
use crate::common::{Mock, Reply};
use openrouter_workspaces::body::{BulkAddWorkspaceMembersRequest, CreateWorkspaceRequest};
use openrouter_workspaces::{
    BudgetInterval, Client, Error, Request, ResetInterval, ServerTool, UserRef, Workspace, WorkspaceBudget,
    WorkspaceMember, WorkspaceRef, operation,
};
use serde_json::{Value, json};
use uuid::Uuid;

fn read<T: serde::de::DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).expect("what the fixture says")
}

/// The same, with another value for a field.
fn read_with<T: serde::de::DeserializeOwned>(mut json: Value, field: &str, value: Value) -> T {
    json[field] = value;
    read(json)
}

#[tokio::test]
async fn a_workspace_is_named_by_anything_that_names_one() {
    let mock = Mock::always(Reply::json(200, json!({"data": workspace()})));
    let client = mock.client();
    let there: Workspace = read(workspace());
    let (id, text): (Uuid, String) = (there.id, "production".to_owned());

    for by_slug in [
        client.get("production"),
        client.get(&"production"),
        client.get(&text),
        client.get(text.clone()),
        client.get(Cow::Borrowed("production")),
        client.get(text.clone().into_boxed_str()),
        client.get(WorkspaceRef::from("production")),
        client.get(&WorkspaceRef::from("production")),
    ] {
        by_slug.await.unwrap();
        mock.requests().last().unwrap().assert("GET /api/v1/workspaces/production", Value::Null);
    }
    for by_id in [client.get(id), client.get(&id), client.get(&there), client.get(there.clone())] {
        by_id.await.unwrap();
        let expected = format!("GET /api/v1/workspaces/{ID}");
        mock.requests().last().unwrap().assert(&expected, Value::Null);
    }
}

#[tokio::test]
async fn every_operation_takes_a_workspace_that_was_read() {
    let there: Workspace = read(workspace());
    let calls: [fn(&Client, &Workspace) -> String; 10] = [
        |client, there| path(client.get(there)),
        |client, there| path(client.update(there)),
        |client, there| path(client.delete(there)),
        |client, there| path(client.list_members(there)),
        |client, there| path(client.bulk_add_members(there, ["user_a"])),
        |client, there| path(client.bulk_remove_members(there, ["user_a"])),
        |client, there| path(client.list_budgets(there)),
        |client, there| path(client.get_budget(there, "daily")),
        |client, there| path(client.set_budget(there, "daily", 1.0)),
        |client, there| path(client.delete_budget(there, "daily")),
    ];
    let mock = Mock::always(Reply::json(200, json!({})));
    for call in calls {
        let request = call(&mock.client(), &there);
        assert!(request.contains(ID), "{request}");
    }
}

fn path<O: operation::Operation>(request: Request<O>) -> String {
    format!("{request:?}")
}

#[tokio::test]
async fn users_are_named_by_any_list_of_texts_and_by_members() {
    let mock = Mock::always(Reply::json(200, json!({"removed_count": 1})));
    let client = mock.client();
    let owned = vec!["user_1".to_owned()];
    let there: WorkspaceMember = read_with(member(), "user_id", json!("user_1"));
    for request in [
        client.bulk_remove_members("a", ["user_1"]),
        client.bulk_remove_members("a", &["user_1"]),
        client.bulk_remove_members("a", vec!["user_1"]),
        client.bulk_remove_members("a", owned.clone()),
        client.bulk_remove_members("a", &owned),
        client.bulk_remove_members("a", owned.as_slice()),
        client.bulk_remove_members("a", owned.iter().map(String::as_str)),
        client.bulk_remove_members("a", [Cow::Borrowed("user_1")]),
        client.bulk_remove_members("a", HashSet::from(["user_1"])),
        client.bulk_remove_members("a", BTreeSet::from(["user_1"]).iter()),
        client.bulk_remove_members("a", Some("user_1")),
        client.bulk_remove_members("a", [UserRef::from("user_1")]),
        client.bulk_remove_members("a", &[UserRef::from("user_1")]),
        client.bulk_remove_members("a", std::slice::from_ref(&there)),
        client.bulk_remove_members("a", vec![there.clone()]),
    ] {
        request.await.unwrap();
        let expected = "POST /api/v1/workspaces/a/members/remove";
        mock.requests().last().unwrap().assert(expected, json!({"user_ids": ["user_1"]}));
    }
}

#[tokio::test]
async fn an_interval_is_also_what_a_budget_that_was_read_says() {
    let mock = Mock::always(Reply::json(200, json!({"data": budget()})));
    let client = mock.client();
    let there: WorkspaceBudget = read(budget());
    for monthly in [
        client.get_budget("a", BudgetInterval::Monthly),
        client.get_budget("a", &BudgetInterval::Monthly),
        client.get_budget("a", "monthly"),
        client.get_budget("a", &"monthly".to_owned()),
        client.get_budget("a", ResetInterval::Monthly),
        client.get_budget("a", &ResetInterval::Monthly),
        client.get_budget("a", &there.reset_interval),
        client.get_budget("a", there.reset_interval.as_ref()),
        client.get_budget("a", there.reset_interval.clone()),
        client.get_budget("a", &there),
    ] {
        monthly.await.unwrap();
        mock.requests().last().unwrap().assert("GET /api/v1/workspaces/a/budgets/monthly", Value::Null);
    }
    let lifetime: WorkspaceBudget = read_with(budget(), "reset_interval", Value::Null);
    for never in [client.get_budget("a", &lifetime.reset_interval), client.get_budget("a", &lifetime)] {
        never.await.unwrap();
        mock.requests().last().unwrap().assert("GET /api/v1/workspaces/a/budgets/lifetime", Value::Null);
    }
    let yearly = ResetInterval::Other("yearly".to_owned());
    assert_eq!(BudgetInterval::from(yearly), BudgetInterval::Other("yearly".to_owned()));
}

#[tokio::test]
async fn tools_are_given_as_any_list_of_texts_or_of_tools() {
    let mock = Mock::always(Reply::json(200, json!({"data": workspace()})));
    let update = mock.client().update("a");
    let (text, tool) = ("openrouter:bash", ServerTool::Bash);
    let texts = vec![text.to_owned()];
    let there: Workspace = read_with(workspace(), "disabled_server_tools", json!([text]));
    for request in [
        update.clone().disabled_server_tools([text]),
        update.clone().disabled_server_tools(&[text]),
        update.clone().disabled_server_tools([text].as_slice()),
        update.clone().disabled_server_tools(vec![text]),
        update.clone().disabled_server_tools(&texts),
        update.clone().disabled_server_tools(texts.as_slice()),
        update.clone().disabled_server_tools([text.to_owned()]),
        update.clone().disabled_server_tools(texts.clone()),
        update.clone().disabled_server_tools([tool.clone()]),
        update.clone().disabled_server_tools(&[tool.clone()]),
        update.clone().disabled_server_tools(std::slice::from_ref(&tool)),
        update.clone().disabled_server_tools(vec![tool.clone()]),
        update.clone().disabled_server_tools(&vec![tool.clone()]),
        update.clone().disabled_server_tools(Some(vec![tool.clone()])),
        update.clone().disabled_server_tools(&there.disabled_server_tools),
    ] {
        request.await.unwrap();
        let expected = json!({"disabled_server_tools": [text]});
        mock.requests().last().unwrap().assert("PATCH /api/v1/workspaces/a", expected);
    }
}

#[tokio::test]
async fn an_unknown_tool_is_refused_in_whatever_list_it_stands() {
    let mock = Mock::always(Reply::json(200, json!({"data": workspace()})));
    let update = mock.client().update("a");
    for request in [
        update.clone().disabled_server_tools(vec!["openrouter:bash", "bahs"]),
        update.clone().disabled_server_tools(&["bahs"]),
        update.clone().disabled_server_tools(vec!["bahs".to_owned()]),
    ] {
        let error = request.await.unwrap_err();
        assert!(matches!(&error, Error::InvalidInput(e) if e.field() == "disabled_server_tools"), "{error}");
        assert!(error.to_string().contains("did you mean `openrouter:bash`?"), "{error}");
    }
    assert!(mock.requests().is_empty());
}

#[tokio::test]
async fn a_setting_that_can_be_cleared_takes_text_by_reference_and_what_a_workspace_has() {
    let mock = Mock::always(Reply::json(200, json!({"data": workspace()})));
    let update = mock.client().update("a");
    let text = "Live".to_owned();
    let optional = Some("Live");
    for (request, expected) in [
        (update.clone().description("Live"), json!("Live")),
        (update.clone().description(&text), json!("Live")),
        (update.clone().description(text.clone()), json!("Live")),
        (update.clone().description(Some(text.clone())), json!("Live")),
        (update.clone().description(&Some(text.clone())), json!("Live")),
        (update.clone().description(optional.map(str::to_owned)), json!("Live")),
        (update.clone().description(&None), Value::Null),
        (update.clone().description(None), Value::Null),
    ] {
        request.await.unwrap();
        mock.requests().last().unwrap().assert("PATCH /api/v1/workspaces/a", json!({"description": expected}));
    }
    update.clone().io_logging_api_key_ids(&vec![7]).await.unwrap();
    mock.requests().last().unwrap().assert("PATCH /api/v1/workspaces/a", json!({"io_logging_api_key_ids": [7]}));
}

#[test]
fn bodies_are_made_of_text_of_any_kind() {
    let slug = "research".to_owned();
    let body = CreateWorkspaceRequest::new("Research", &slug);
    assert_eq!(serde_json::to_value(body).unwrap(), json!({"name": "Research", "slug": "research"}));
    let body = BulkAddWorkspaceMembersRequest::new(["user_1"]);
    assert_eq!(serde_json::to_value(body).unwrap(), json!({"user_ids": ["user_1"]}));
}
