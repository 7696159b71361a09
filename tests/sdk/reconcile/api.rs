//! A truthful server in memory: it does what the API says it does, and has a clock of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, SubsecRound, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::time::Instant;

/// The user whose key the client under test has.
pub const OWN_USER: &str = "user_own";
/// Another user of the same account.
pub const OTHER_USER: &str = "user_other";

/// The server's state.
pub struct Api {
    pub workspaces: Vec<Value>,
    pub members: BTreeMap<String, BTreeSet<String>>,
    pub budgets: BTreeMap<(String, String), f64>,
    pub clock: ServerClock,
    made: u64,
}

/// The server's clock, which runs with the clock of the test.
pub struct ServerClock {
    shown_at_start: DateTime<Utc>,
    start: Instant,
    /// How far the clock that makes `created_at` and `updated_at` is behind the one that makes `Date`.
    pub lag: Duration,
    /// Whether it writes whole seconds.
    pub whole_seconds: bool,
}

impl ServerClock {
    /// A clock that shows this many milliseconds after a full second.
    pub fn new(phase: u64) -> Self {
        let full_second: DateTime<Utc> = "2026-05-20T10:00:00Z".parse().expect("a time");
        let shown_at_start = full_second + Duration::from_millis(phase);
        Self { shown_at_start, start: Instant::now(), lag: Duration::ZERO, whole_seconds: false }
    }

    fn now(&self) -> DateTime<Utc> {
        self.shown_at_start + self.start.elapsed()
    }

    pub fn date(&self) -> String {
        self.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// What is done now, or was done some time ago, is marked with this.
    fn mark(&self, ago: Duration) -> String {
        let at = self.now() - TimeDelta::from_std(self.lag + ago).expect("a short time");
        match self.whole_seconds {
            true => at.trunc_subsecs(0).to_rfc3339_opts(SecondsFormat::Secs, true),
            false => at.to_rfc3339_opts(SecondsFormat::Millis, true),
        }
    }
}

/// A status and a body.
pub type Answer = (u16, Value);

fn error(status: u16, message: &str) -> Answer {
    (status, json!({"error": {"code": status, "message": message}, "user_id": OWN_USER}))
}

impl Api {
    pub fn new(phase: u64) -> Self {
        let clock = ServerClock::new(phase);
        Self { workspaces: Vec::new(), members: BTreeMap::new(), budgets: BTreeMap::new(), clock, made: 0 }
    }

    /// Creates a workspace with defaults where the fields say nothing; how long ago, in milliseconds. Returns its id.
    pub fn create(&mut self, by: &str, fields: &Value, ago: u64) -> String {
        self.made += 1;
        let id = format!("00000000-0000-4000-8000-{:012}", self.made);
        let mut workspace = json!({
            "id": id,
            "name": "",
            "slug": "",
            "description": null,
            "default_text_model": null,
            "default_image_model": null,
            "default_provider_sort": null,
            "default_guardrail_id": "3d813cbb-47fb-52ba-91df-831e1593ac29",
            "disabled_server_tools": null,
            "io_logging_sampling_rate": 1,
            "io_logging_api_key_ids": null,
            "is_observability_io_logging_enabled": false,
            "is_observability_broadcast_enabled": false,
            "is_data_discount_logging_enabled": false,
            "created_at": self.clock.mark(Duration::from_millis(ago)),
            "updated_at": null,
            "created_by": by
        });
        set(&mut workspace, fields);
        self.workspaces.push(workspace);
        id
    }

    /// Somebody else creates a workspace, some milliseconds ago. Returns its id.
    pub fn other_creates(&mut self, name: &str, slug: &str, ago: u64) -> String {
        self.create(OTHER_USER, &json!({"name": name, "slug": slug}), ago)
    }

    /// Changes a workspace, some milliseconds ago.
    pub fn change(&mut self, workspace: &str, fields: &Value, ago: u64) {
        let updated_at = self.clock.mark(Duration::from_millis(ago));
        let workspace = self.get_mut(workspace).expect("a workspace");
        set(workspace, fields);
        workspace["updated_at"] = updated_at.into();
    }

    pub fn delete(&mut self, workspace: &str) {
        let id = self.get_mut(workspace).map(|workspace| workspace["id"].clone());
        self.workspaces.retain(|workspace| Some(&workspace["id"]) != id.as_ref());
    }

    pub fn get(&self, workspace: &str) -> Option<&Value> {
        self.workspaces.iter().find(|there| there["id"] == workspace || there["slug"] == workspace)
    }

    fn get_mut(&mut self, workspace: &str) -> Option<&mut Value> {
        self.workspaces.iter_mut().find(|there| there["id"] == workspace || there["slug"] == workspace)
    }

    /// Does what a request asks for, and answers.
    pub fn apply(&mut self, method: &str, path: &str, body: &Value) -> Answer {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let [workspaces, of_one @ ..] = &segments[..] else { panic!("{method} {path}") };
        assert_eq!(*workspaces, "workspaces", "{method} {path}");
        let Some((workspace, rest)) = of_one.split_first() else {
            assert_eq!(method, "POST", "only creating is about the list");
            return match self.get(body["slug"].as_str().expect("a slug")) {
                Some(_) => error(409, "A workspace with this slug exists already"),
                None => {
                    let id = self.create(OWN_USER, body, 0);
                    (201, json!({"data": self.get(&id)}))
                }
            };
        };
        let Some(there) = self.get(workspace) else { return error(404, "Workspace not found") };
        let id = there["id"].as_str().expect("an id").to_owned();
        match (method, rest) {
            ("GET", []) => (200, json!({"data": there})),
            ("DELETE", []) => {
                self.delete(&id);
                (200, json!({"deleted": true}))
            }
            ("PATCH", []) => {
                let taken =
                    body["slug"].as_str().and_then(|slug| self.get(slug)).is_some_and(|other| other["id"] != *id);
                if taken {
                    return error(409, "A workspace with this slug exists already");
                }
                self.change(&id, body, 0);
                (200, json!({"data": self.get(&id)}))
            }
            ("PUT", ["budgets", interval]) => {
                self.budgets.insert((id, (*interval).to_owned()), body["limit_usd"].as_f64().expect("a number"));
                (200, json!({"data": self.budget(workspace, interval), "include_byok_in_budgets": false}))
            }
            ("DELETE", ["budgets", interval]) => {
                self.budgets.remove(&(id, (*interval).to_owned()));
                (200, json!({"deleted": true}))
            }
            ("POST", ["members", "add"]) => {
                let members = self.members.entry(id.clone()).or_default();
                let before = members.len();
                members.extend(user_ids(body));
                let added = members.len() - before;
                let rows: Vec<Value> = user_ids(body).map(|user| member(&id, &user)).collect();
                (200, json!({"data": rows, "added_count": added}))
            }
            ("POST", ["members", "remove"]) => {
                let members = self.members.entry(id).or_default();
                let before = members.len();
                members.retain(|member| user_ids(body).all(|user| user != *member));
                (200, json!({"removed_count": before - members.len()}))
            }
            _ => panic!("{method} {path}"),
        }
    }

    fn budget(&self, workspace: &str, interval: &str) -> Value {
        let id = self.get(workspace).expect("a workspace")["id"].as_str().expect("an id").to_owned();
        json!({
            "id": "886313e1-3b8a-4372-9b90-0c9aee199e5d",
            "workspace_id": id,
            "limit_usd": self.budgets[&(id.clone(), interval.to_owned())],
            "reset_interval": interval,
            "created_at": "2026-03-02T08:21:00Z",
            "updated_at": "2026-03-05T12:00:00Z"
        })
    }
}

fn set(workspace: &mut Value, fields: &Value) {
    for (field, value) in fields.as_object().expect("an object") {
        workspace[field] = value.clone();
    }
}

fn user_ids(body: &Value) -> impl Iterator<Item = String> {
    body["user_ids"].as_array().expect("a list").iter().map(|user| user.as_str().expect("text").to_owned())
}

fn member(workspace: &str, user: &str) -> Value {
    json!({
        "id": "0f8fad5b-d9cb-469f-a165-70867728950e",
        "workspace_id": workspace,
        "user_id": user,
        "role": "member",
        "created_at": "2026-03-02T08:15:00Z"
    })
}
