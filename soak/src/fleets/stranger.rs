//! Another client of the account, which gets in between two requests, and does its worst.

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use openrouter_sandbox::{Sandbox, SandboxService};
use openrouter_workspaces::{Client, Error, HttpFuture, HttpService, RetryConfig, reqwest};
use openrouter_workspaces_fleet::Plan;
use serde_json::{Map, Value, json};

use super::Shared;
use super::scenario::{Scenario, settings};
use crate::KEY;
use crate::account::{INTERVALS, Truth, some_of};

/// The other client. Its requests meet faults like any other, and nobody repeats them.
#[derive(Clone)]
pub(super) struct Stranger {
    pub client: Client,
    sandbox: Arc<Sandbox>,
    scenario: Arc<Scenario>,
    /// The id of the default workspace.
    default: String,
}

/// What reaches the server after the other client had its chance.
pub(super) struct Beside {
    pub service: SandboxService,
    pub stranger: Stranger,
    pub world: Shared,
}

impl HttpService for Beside {
    fn call(&self, request: reqwest::Request) -> HttpFuture<'_> {
        let comes = {
            let mut world = self.world.lock();
            let rate = if world.own.is_loud { self.stranger.scenario.stranger } else { 0.0 };
            (rate > 0.0 && world.rng.f64() < rate).then(|| world.rng.fork())
        };
        Box::pin(async move {
            if let Some(mut rng) = comes {
                // What it cannot do, it leaves.
                let _ = self.stranger.interfere(&mut rng).await;
            }
            self.service.call(request).await
        })
    }
}

impl Stranger {
    pub fn new(sandbox: &Arc<Sandbox>, scenario: &Arc<Scenario>, default: String) -> Self {
        let client = Client::builder()
            .api_key(KEY)
            .base_url(sandbox.base_url())
            .http_service(sandbox.service())
            .attempt_timeout(Duration::from_millis(200))
            .retry(RetryConfig::none())
            .build();
        let client = client.unwrap_or_else(|error| panic!("no client: {error}"));
        Self { client, sandbox: sandbox.clone(), scenario: scenario.clone(), default }
    }

    /// Does something that the manifest may or may not be about.
    async fn interfere(&self, rng: &mut Rng) -> Result<(), Error> {
        let all = self.sandbox.workspaces();
        let there = &all[rng.usize(0..all.len())];
        let is_default = there["id"] == self.default.as_str();
        let there = there["slug"].as_str().unwrap_or_default().to_owned();
        let client = &self.client;
        match rng.u8(0..10) {
            0 => client.create("Somebody else's", self.slug(rng)).await.map(drop),
            1 => client.delete(there).await.map(drop),
            2 if !is_default => client.update(there).slug(self.slug(rng)).await.map(drop),
            // Only now and then, for without a workspace of this slug nothing is pruned; and to a slug that no manifest names.
            2 if rng.u8(0..4) == 0 => client.update(there).slug("strangers-default").await.map(drop),
            3..=5 => self.change(&there, settings(rng)).await,
            6 => client.bulk_add_members(there, self.users(rng)).await.map(drop),
            7 => client.bulk_remove_members(there, self.users(rng)).await.map(drop),
            8 => client.delete_budget(there, INTERVALS[rng.usize(0..4)]).await.map(drop),
            _ => client.set_budget(there, INTERVALS[rng.usize(0..4)], f64::from(rng.u32(1..24))).await.map(drop),
        }
    }

    pub async fn change(&self, workspace: &str, settings: Map<String, Value>) -> Result<(), Error> {
        let body = serde_json::from_value(Value::Object(settings));
        let body = body.unwrap_or_else(|error| panic!("no update: {error}"));
        self.client.update_from(workspace, body).await.map(drop)
    }

    /// A slug that the manifest names, or named before, or nobody does.
    fn slug(&self, rng: &mut Rng) -> String {
        let entries = &self.scenario.wanted.entries;
        let entry = entries.get(rng.usize(0..=entries.len())).filter(|entry| entry.slug != "default");
        match entry {
            Some(entry) if rng.bool() => entry.slug.clone(),
            Some(entry) => entry.renamed_from.clone().unwrap_or_else(|| entry.slug.clone()),
            None => format!("strangers-{}", rng.u8(0..9)),
        }
    }

    fn users(&self, rng: &mut Rng) -> Vec<String> {
        let mut users = some_of(rng, &self.scenario.users);
        users.truncate(100);
        users
    }

    /// Changes something that a plan rests on, or only what it does not. What that was, and of which workspace by the
    /// plan's name of it; `None` if there is nothing to change.
    pub async fn change_beside(&self, mut rng: Rng, plan: &Plan, moves: bool) -> Option<(String, String)> {
        let planned = plan.workspaces.get(rng.usize(0..plan.workspaces.len().max(1)))?;
        let id = planned.id.map(|id| id.to_string());
        let part = if moves {
            let parts: Vec<&String> = planned.rests_on.keys().collect();
            parts[rng.usize(0..parts.len())].clone()
        } else {
            let others = ["name", "description", "io_logging_sampling_rate", "members", "budgets"];
            let part = others[rng.usize(0..others.len())];
            // Of a workspace that is created or deleted there is no part that does not matter.
            if id.is_none() || planned.rests_on.contains_key("workspace") || planned.rests_on.contains_key(part) {
                return None;
            }
            part.to_owned()
        };
        let workspace = id.unwrap_or_default();
        let done = match part.as_str() {
            "slug" if workspace.is_empty() => self.client.create("Somebody else's", &planned.slug).await.map(drop),
            "slug" => self.client.update(&workspace).slug("moved-away").await.map(drop),
            "workspace" if rng.bool() => self.client.delete(&workspace).await.map(drop),
            "workspace" => self.change(&workspace, other("name")).await,
            // Everyone belongs to the default one.
            "members" if planned.slug == "default" => return None,
            "members" => self.toggle_member(&workspace).await,
            "budgets" => self.toggle_budget(&workspace).await,
            field if field.starts_with("is_") => {
                let is_on = Truth::of(&self.sandbox, &workspace).is_some_and(|truth| truth.workspace[field] == true);
                self.change(&workspace, [(field.to_owned(), json!(!is_on))].into_iter().collect()).await
            }
            field => self.change(&workspace, other(field)).await,
        };
        done.ok().map(|()| (planned.slug.clone(), part))
    }

    async fn toggle_member(&self, workspace: &str) -> Result<(), Error> {
        let user = &self.scenario.users[0];
        let is_member = Truth::of(&self.sandbox, workspace).is_some_and(|truth| truth.members.contains(user));
        match is_member {
            true => self.client.bulk_remove_members(workspace, [user]).await.map(drop),
            false => self.client.bulk_add_members(workspace, [user]).await.map(drop),
        }
    }

    async fn toggle_budget(&self, workspace: &str) -> Result<(), Error> {
        let truth = Truth::of(&self.sandbox, workspace);
        match truth.and_then(|truth| truth.limits.into_keys().next()) {
            Some(interval) => self.client.delete_budget(workspace, interval.as_str()).await.map(drop),
            None => self.client.set_budget(workspace, "monthly", 500.0).await.map(drop),
        }
    }
}

/// A setting with a value that no account and no manifest has.
fn other(field: &str) -> Map<String, Value> {
    let value = match field {
        "io_logging_sampling_rate" => json!(0.25),
        "default_provider_sort" => json!("latency"),
        "disabled_server_tools" => json!(["openrouter:web_search"]),
        "io_logging_api_key_ids" => json!([9]),
        _ => json!("Somebody else's"),
    };
    [(field.to_owned(), value)].into_iter().collect()
}
