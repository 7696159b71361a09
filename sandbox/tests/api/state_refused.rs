//! States that cannot be.

use std::io::ErrorKind;

use openrouter_sandbox::{InvalidState, Sandbox, SavedState};
use serde_json::{Value, json};

/// Why a text is no state at all.
fn unreadable(text: &str) -> String {
    text.parse::<SavedState>().unwrap_err().to_string()
}

/// Why a sandbox does not start with a state.
fn impossible(state: &Value) -> String {
    let state: SavedState = state.to_string().parse().unwrap();
    let error = Sandbox::builder().state(state).in_memory().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    assert!(error.get_ref().unwrap().is::<InvalidState>());
    error.to_string()
}

#[test]
fn text_that_is_no_state_is_refused_with_field_and_line() {
    for (text, expected) in [
        ("", "EOF while parsing a value at line 1 column 0"),
        ("{\n  \"version\": 1,\n}", "trailing comma at line 3 column 1"),
        ("{\"version\": 1} x", "trailing characters at line 1 column 16"),
        ("{}", "missing field `version` at line 1 column 2"),
        ("{\"version\": \"1\"}", "version: invalid type: string \"1\", expected u64 at line 1 column 15"),
        ("{\"version\": 2, \"new\": 1}", "version: this sandbox reads version 1, and not 2"),
        ("{\"version\": 1,\n \"workspace\": []}", "workspace: unknown field `workspace`, expected"),
        ("{\"version\": 1, \"workspaces\": [{}]}", "workspaces[0]: missing field `slug` at line 1 column 32"),
        (
            "{\"version\": 1, \"workspaces\": [\n{\"slug\": \"a\"},\n{\"slug\": 7}]}",
            "workspaces[1].slug: invalid type: integer `7`, expected a string at line 3 column 10",
        ),
        (
            "{\"version\": 1, \"workspaces\": [{\"slug\": \"a\", \"budgets\": [{\"interval\": \"montly\"}]}]}",
            "workspaces[0].budgets[0].interval: unknown variant `montly`",
        ),
        (
            "{\"version\": 1, \"organization\": [{\"user_id\": \"a\", \"roel\": \"b\"}]}",
            "organization[0].roel: unknown field",
        ),
    ] {
        let message = unreadable(text);
        assert!(message.starts_with(expected), "{message}");
    }
}

#[test]
fn what_the_api_would_refuse_is_refused_with_its_field() {
    let with =
        |workspaces: Value| json!({"version": 1, "organization": [{"user_id": "ada"}], "workspaces": workspaces});
    let id = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
    let budgets = |budgets: Value| with(json!([{"slug": "a", "budgets": budgets}]));
    for (state, expected) in [
        (json!({"version": 1, "organization": [{"user_id": "a"}, {"user_id": "a"}]}), "organization[1].user_id: a is"),
        (
            json!({"version": 1, "organization": [{"user_id": "a", "created_at": "now"}]}),
            "organization[0].created_at: now",
        ),
        (with(json!([{"slug": "a"}, {"slug": "a"}])), "workspaces[1].slug: another workspace is called a"),
        (with(json!([{"slug": "A"}])), "workspaces[0].slug: the value does not match"),
        (with(json!([{"slug": "a", "name": ""}])), "workspaces[0].name: the value is shorter"),
        (with(json!([{"slug": "a", "io_logging_sampling_rate": 2}])), "workspaces[0].io_logging_sampling_rate: "),
        (with(json!([{"slug": "a", "desciption": "x"}])), "workspaces[0].desciption: a workspace has no such field"),
        (with(json!([{"slug": "a", "id": id}, {"slug": "b", "id": id}])), "workspaces[1].id: "),
        (
            with(json!([{"slug": "a", "default": true}, {"slug": "b", "default": true}])),
            "workspaces[1].default: another",
        ),
        (
            with(json!([{"slug": "a", "default": true, "members": [{"user_id": "ada"}]}])),
            "workspaces[0].members: everyone",
        ),
        (with(json!([{"slug": "a", "created_at": "2026-01-01"}])), "workspaces[0].created_at: 2026-01-01 is no time"),
        (with(json!([{"slug": "a", "updated_at": "yesterday"}])), "workspaces[0].updated_at: "),
        (
            with(json!([{"slug": "a", "members": [{"user_id": "ben"}]}])),
            "workspaces[0].members[0].user_id: the organization has no user ben",
        ),
        (
            with(json!([{"slug": "a", "members": [{"user_id": "ada"}, {"user_id": "ada"}]}])),
            "workspaces[0].members[1].user_id: ada is there already",
        ),
        (budgets(json!([{"interval": "daily", "limit_usd": 0}])), "workspaces[0].budgets[0].limit_usd: the value is"),
        (
            budgets(json!([{"interval": "daily", "limit_usd": 5}, {"interval": "weekly", "limit_usd": 5}])),
            "workspaces[0].budgets[1].limit_usd: Budget limits must strictly decrease",
        ),
        (
            budgets(json!([{"interval": "daily", "limit_usd": 5}, {"interval": "daily", "limit_usd": 5}])),
            "workspaces[0].budgets[1].interval: there is a daily budget already",
        ),
    ] {
        let message = impossible(&state);
        assert!(message.starts_with(expected), "{message} instead of {expected}");
    }
}
