//! Saving an account, and going on with it.

use std::fs;
use std::path::PathBuf;

use openrouter_sandbox::{Behaviour, Sandbox, SavedState};
use serde_json::{Value, json};

use crate::support::Api;

/// A folder that is removed with the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("openrouter-sandbox-{}", uuid::Uuid::new_v4()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub fn file(&self) -> PathBuf {
        self.0.join("state.json")
    }

    pub fn names(&self) -> Vec<String> {
        fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// An account in which there is something of everything.
async fn eventful() -> Api {
    let builder = Sandbox::builder().seed_workspaces(2).scim_member("user_scim").organization_member("ada", "admin");
    let api = Api::with(builder).await;
    let settings = json!({
        "name": "Ünïcode \"quoted\"\n", "slug": "production", "description": "Live", "default_provider_sort": "karma",
        "disabled_server_tools": ["openrouter:bash"], "io_logging_sampling_rate": 0.1 + 0.2,
        "io_logging_api_key_ids": [9_007_199_254_740_993_i64], "is_observability_io_logging_enabled": true,
    });
    api.send("POST", "/workspaces", settings).await.ok(201);
    api.send("PATCH", "/workspaces/production", json!({"default_text_model": "openai/gpt-4o"})).await.ok(200);
    let users = json!({"user_ids": ["user_scim", "ada"]});
    api.send("POST", "/workspaces/production/members/add", users).await.ok(200);
    let budget = json!({"limit_usd": 99.95, "include_byok_in_budgets": true});
    api.send("PUT", "/workspaces/production/budgets/monthly", budget).await.ok(200);
    api.send("PUT", "/workspaces/production/budgets/daily", json!({"limit_usd": 0.1})).await.ok(200);
    api.send("PUT", "/workspaces/workspace-1/budgets/daily", json!({"limit_usd": 1})).await.ok(200);
    api.call("DELETE", "/workspaces/workspace-1/budgets/daily").await.ok(200);
    api.sandbox.add_api_key("production", "ada").unwrap();
    api.call("DELETE", "/workspaces/workspace-2").await.ok(200);
    api
}

/// Everything that requests can see, and what they can do.
async fn seen(api: &Api) -> Vec<Value> {
    let mut seen = Vec::new();
    for path in [
        "/workspaces",
        "/workspaces/default/members",
        "/workspaces/production/members",
        "/workspaces/production/budgets",
        "/workspaces/workspace-1/budgets",
        "/workspaces/default/budgets",
    ] {
        seen.push(api.call("GET", path).await.body);
    }
    for users in [["user_scim"], ["ada"]] {
        let path = "/workspaces/production/members/remove";
        seen.push(api.send("POST", path, json!({"user_ids": users})).await.body);
    }
    seen.push(api.call("DELETE", "/workspaces/default").await.body);
    seen
}

#[tokio::test]
async fn an_account_goes_on_as_it_was_saved() {
    let api = eventful().await;
    let saved = api.sandbox.save();
    let again: SavedState = saved.to_json().parse().unwrap();
    assert_eq!(again, saved);
    let restored = Api::with(Sandbox::builder().state(again)).await;
    assert_eq!(seen(&restored).await, seen(&api).await);
    assert_eq!(restored.sandbox.save(), saved);
}

#[tokio::test]
async fn what_is_saved_is_what_there_was_then() {
    let api = eventful().await;
    let saved = api.sandbox.save();
    api.call("DELETE", "/workspaces/workspace-1").await.ok(200);
    let restored = Sandbox::builder().state(saved).in_memory().unwrap();
    assert_eq!(restored.workspaces().len(), 3);
}

#[tokio::test]
async fn an_account_without_a_default_workspace_goes_on_without() {
    let api = Api::start().await;
    api.call("DELETE", "/workspaces/default?confirm_default_workspace_deletion=true").await.ok(200);
    let restored = Api::with(Sandbox::builder().state(api.sandbox.save())).await;
    assert!(restored.sandbox.workspaces().is_empty());
    restored.send("POST", "/workspaces", json!({"name": "A", "slug": "default"})).await.ok(201);
    restored.call("DELETE", "/workspaces/default").await.ok(200);
}

#[tokio::test]
async fn time_and_ids_go_on_after_what_is_there() {
    let late = "2999-01-01T00:00:00.000Z";
    let text = json!({"version": 1, "workspaces": [{"slug": "a", "created_at": late}]}).to_string();
    let api = Api::with(Sandbox::builder().state(text.parse().unwrap())).await;
    let created = api.send("POST", "/workspaces", json!({"name": "B", "slug": "b"})).await.ok(201);
    assert_eq!(created["data"]["created_at"], late);

    let first = Sandbox::builder().seed(7).seed_workspaces(3).in_memory().unwrap();
    let second = || Sandbox::builder().seed(7).state(first.save()).in_memory().unwrap();
    let ids = |sandbox: Sandbox| -> Vec<String> {
        (0..5).map(|number| sandbox.create_workspace(&format!("new-{number}")).unwrap()).collect()
    };
    let (new, same) = (ids(second()), ids(second()));
    assert_eq!(new, same);
    let there: Vec<Value> = first.workspaces().iter().map(|workspace| workspace["id"].clone()).collect();
    assert!(new.iter().all(|id| !there.contains(&json!(id))));
}

#[tokio::test]
async fn a_state_written_by_hand_needs_little() {
    let text = r#"{
        "version": 1,
        "organization": [{"user_id": "ada", "role": "admin"}, {"user_id": "ben", "scim_managed": true}],
        "workspaces": [
            {"slug": "main", "default": true, "default_guardrail_id": null},
            {"slug": "production", "disabled_server_tools": null, "include_byok_in_budgets": true,
             "members": [{"user_id": "ben"}],
             "budgets": [{"interval": "daily", "limit_usd": 5}, {"interval": "lifetime", "limit_usd": 100}],
             "api_key_owners": ["ben"]}
        ]
    }"#;
    let api = Api::with(Sandbox::builder().state(text.parse().unwrap())).await;
    let body = api.call("GET", "/workspaces").await.ok(200);
    let [main, production] = [&body["data"][0], &body["data"][1]];
    assert_eq!((&main["name"], &main["default_guardrail_id"]), (&json!("main"), &Value::Null));
    assert!(main.get("include_byok_in_budgets").is_none() && main.get("disabled_server_tools").is_none());
    assert!(production["default_guardrail_id"].is_string() && production["disabled_server_tools"].is_null());
    assert_eq!(
        (&production["include_byok_in_budgets"], &production["io_logging_sampling_rate"]),
        (&json!(true), &json!(1.0))
    );
    assert_eq!(api.call("GET", "/workspaces/main/members").await.column("user_id"), ["ada", "ben"]);
    assert_eq!(api.call("GET", "/workspaces/production/members").await.column("role"), ["member"]);
    assert_eq!(api.sandbox.budgets("production").unwrap()[0]["reset_interval"], Value::Null);
    let refused = api.send("POST", "/workspaces/production/members/remove", json!({"user_ids": ["ben"]})).await;
    assert!(refused.refused(403).contains("ben"));
    api.call("GET", "/workspaces/main/budgets").await.refused(404);
    assert_eq!(api.call("GET", "/workspaces/none").await.body["user_id"], "ada");
}

#[tokio::test]
async fn a_slug_may_look_like_the_id_of_another_workspace() {
    let api = Api::start().await;
    let id = api.sandbox.workspaces()[0]["id"].as_str().unwrap().to_owned();
    api.send("POST", "/workspaces", json!({"name": "A", "slug": id})).await.ok(201);
    let mut saved: Value = serde_json::from_str(&api.sandbox.save().to_json()).unwrap();
    saved["workspaces"].as_array_mut().unwrap().reverse();
    let state = saved.to_string().parse().unwrap();
    assert_eq!(Sandbox::builder().state(state).in_memory().unwrap().workspaces().len(), 2);
}

#[tokio::test]
async fn a_state_says_itself_what_its_workspaces_lack() {
    let api = Api::start().await;
    let whole = Sandbox::builder().behaviour(Behaviour::MissingFields, false).state(api.sandbox.save());
    assert_eq!(whole.in_memory().unwrap().workspaces(), api.sandbox.workspaces());
}

#[tokio::test]
async fn a_file_is_written_in_one_step_and_read_again() {
    let (folder, saved) = (Folder::new(), eventful().await.sandbox.save());
    let other_name = folder.0.join("old.json");
    fs::write(folder.file(), "old").unwrap();
    fs::hard_link(folder.file(), &other_name).unwrap();
    SavedState::check_writable(folder.file()).unwrap();
    assert_eq!(fs::read_to_string(folder.file()).unwrap(), "old");
    saved.write(folder.file()).unwrap();
    assert_eq!(SavedState::read(folder.file()).unwrap(), saved);
    assert_eq!(fs::read_to_string(&other_name).unwrap(), "old", "the old file was written to, and not replaced");
    fs::remove_file(other_name).unwrap();
    assert_eq!(folder.names(), ["state.json"], "something was left behind");
}

#[test]
fn a_file_that_cannot_be_written_is_named_and_nothing_is_left_behind() {
    let folder = Folder::new();
    let saved = Sandbox::builder().in_memory().unwrap().save();
    let nowhere = folder.0.join("none").join("state.json");
    for path in [&folder.0, &nowhere] {
        for error in [saved.write(path).unwrap_err(), SavedState::check_writable(path).unwrap_err()] {
            assert!(error.to_string().starts_with(&format!("{}: ", path.display())), "{error}");
        }
    }
    assert!(folder.names().is_empty());
}

#[cfg(unix)]
#[test]
fn a_private_file_stays_private() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    fs::write(folder.file(), "old").unwrap();
    fs::set_permissions(folder.file(), fs::Permissions::from_mode(0o600)).unwrap();
    Sandbox::builder().in_memory().unwrap().save().write(folder.file()).unwrap();
    assert_eq!(fs::metadata(folder.file()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let folder = Folder::new();
    let saved = Sandbox::builder().in_memory().unwrap().save();
    let link = folder.0.join("link.json");
    fs::write(folder.file(), "old").unwrap();
    std::os::unix::fs::symlink(folder.file(), &link).unwrap();
    saved.write(&link).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(SavedState::read(folder.file()).unwrap(), saved);
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_state() {
    let folder = Folder::new();
    fs::write(folder.file(), "\u{feff}{\"version\": 1, \"workspaces\": [{\"slug\": \"a\"}]}").unwrap();
    let state = SavedState::read(folder.file()).unwrap();
    assert_eq!(Sandbox::builder().state(state).in_memory().unwrap().workspaces()[0]["slug"], "a");
}

#[test]
fn who_was_added_to_the_default_workspace_is_no_obstacle_to_going_on() {
    let sandbox = Sandbox::builder().in_memory().unwrap();
    sandbox.account().add_member("default", "user_2").unwrap();
    let same = Sandbox::builder().state(sandbox.save()).in_memory().unwrap();
    assert_eq!(same.members("default").unwrap(), sandbox.members("default").unwrap());
}
