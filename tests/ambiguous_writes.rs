//! Every write, when its answer is lost in one way or another, against a server with state: applied once, and reported as
//! what it is.

use std::time::Duration;

use openrouter_sandbox::{Fault, FaultPlan, Framing, Sandbox, ScriptedResponse, When};
use openrouter_workspaces::{Client, Delivery, Error, RetryConfig};
use serde_json::{Value, json};

/// The ways in which an answer is lost after the request was processed.
fn lost_answers() -> Vec<Fault> {
    vec![
        Fault::Reset(When::After),
        Fault::status(500).after_processing(),
        Fault::status(503).after_processing(),
        Fault::status(408).after_processing(),
        Fault::answer(ScriptedResponse::html(502, "<h1>Bad gateway</h1>")).after_processing(),
        Fault::answer(ScriptedResponse::new(504)).after_processing(),
        Fault::Truncate(Framing::ContentLength),
        Fault::Truncate(Framing::Chunked),
        Fault::Stall,
    ]
}

/// The ways in which a request is lost before it is processed.
fn lost_requests() -> Vec<Fault> {
    vec![Fault::Reset(When::Before), Fault::status(429), Fault::status(503), Fault::Refuse(Duration::from_millis(20))]
}

struct World {
    sandbox: Sandbox,
    client: Client,
}

impl World {
    /// A sandbox with one workspace that has a member and a budget, and then faults for the first calls of an operation.
    async fn new(operation: &str, faults: &[Fault]) -> Self {
        let sandbox = Sandbox::builder().seed_workspaces(1).start().await.expect("a free port");
        let quick = RetryConfig::default().initial_interval(Duration::from_millis(10)).max_attempts(6);
        let client = Client::builder()
            .api_key(sandbox.key())
            .base_url(sandbox.base_url())
            .attempt_timeout(Duration::from_millis(500))
            .retry(quick)
            .build()
            .expect("the settings are valid");
        client.create("Team", "team").await.expect("no faults yet");
        client.bulk_add_members("team", ["user_2"]).await.expect("no faults yet");
        client.set_budget("team", "monthly", 50.0).await.expect("no faults yet");
        let plan = FaultPlan::new(0).sequence(operation, faults.iter().cloned().map(Some));
        sandbox.set_faults(plan).expect("a known operation");
        sandbox.clear_journal();
        Self { sandbox, client }
    }

    fn workspace(&self, slug: &str) -> Option<Value> {
        self.sandbox.workspaces().into_iter().find(|workspace| workspace["slug"] == slug)
    }

    /// How often an operation was processed.
    fn processed(&self, operation: &str) -> usize {
        let journal = self.sandbox.journal();
        journal.iter().filter(|r| r.processed && r.operation.as_deref() == Some(operation)).count()
    }
}

#[tokio::test]
async fn create_makes_one_workspace_and_reports_it() {
    for fault in lost_answers() {
        let world = World::new("create_workspace", std::slice::from_ref(&fault)).await;
        let created = world.client.create("New", "new").description("x").await;
        let created = created.unwrap_or_else(|e| panic!("{fault:?}: {e}"));
        assert_eq!(world.workspace("new").expect("created")["id"], created.id.to_string(), "{fault:?}");
        assert_eq!(world.processed("create_workspace"), 1, "{fault:?}");
        assert_eq!(world.sandbox.workspaces().len(), 4, "{fault:?}: only new is new");
    }
    for fault in lost_requests() {
        let world = World::new("create_workspace", &[fault.clone(), fault.clone()]).await;
        world.client.create("New", "new").await.unwrap_or_else(|e| panic!("{fault:?}: {e}"));
        assert_eq!(world.processed("create_workspace"), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn create_survives_any_mix_of_losses() {
    let world = World::new(
        "create_workspace",
        &[Fault::Reset(When::Before), Fault::status(503), Fault::status(429), Fault::Reset(When::After)],
    )
    .await;
    let created = world.client.create("New", "new").send_with_meta().await.expect("the fourth attempt creates it");
    assert_eq!(created.attempts(), 4);
    assert_eq!(world.processed("create_workspace"), 1);
}

#[tokio::test]
async fn create_that_another_has_made_is_not_taken_for_ours() {
    let world = World::new("create_workspace", &[Fault::Reset(When::Before)]).await;
    // Seeded workspaces are days old.
    let error = world.client.create("Workspace 1", "workspace-1").await.expect_err("the slug is taken");
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert!(error.to_string().contains("older than this call"), "{error}");
    assert_eq!(world.processed("create_workspace"), 0);
}

#[tokio::test]
async fn delete_is_a_success_when_a_lost_attempt_has_done_it() {
    for fault in lost_answers() {
        let world = World::new("delete_workspace", std::slice::from_ref(&fault)).await;
        let answer = world.client.delete("team").await.unwrap_or_else(|e| panic!("{fault:?}: {e}"));
        assert!(answer.deleted);
        assert!(world.workspace("team").is_none());
    }
    let world = World::new("delete_workspace", &[]).await;
    assert!(matches!(world.client.delete("nope").await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn update_is_safe_to_repeat_even_when_it_changes_the_slug() {
    for fault in lost_answers() {
        let world = World::new("update_workspace", std::slice::from_ref(&fault)).await;
        let updated = world.client.update("team").name("Crew").slug("crew").description("y").await;
        let updated = updated.unwrap_or_else(|e| panic!("{fault:?}: {e}"));
        assert_eq!((updated.name.as_str(), updated.slug.as_str()), ("Crew", "crew"));
        let there = world.workspace("crew").expect("renamed");
        assert_eq!((&there["name"], &there["description"]), (&json!("Crew"), &json!("y")));
        assert_eq!(there["id"], updated.id.to_string());
    }
}

#[tokio::test]
async fn budgets_are_safe_to_set_and_to_delete_again() {
    for fault in lost_answers() {
        let world = World::new("upsert_workspace_budget", std::slice::from_ref(&fault)).await;
        let set = world.client.set_budget("team", "weekly", 20.0).include_byok_in_budgets(true).await;
        assert_eq!(set.unwrap_or_else(|e| panic!("{fault:?}: {e}")).data.limit_usd, 20.0);
        let mut limits: Vec<f64> = Vec::new();
        limits.extend(world.sandbox.budgets("team").unwrap().iter().filter_map(|b| b["limit_usd"].as_f64()));
        limits.sort_by(f64::total_cmp);
        assert_eq!(limits, [20.0, 50.0], "{fault:?}");

        let world = World::new("delete_workspace_budget", std::slice::from_ref(&fault)).await;
        let deleted = world.client.delete_budget("team", "monthly").await;
        assert!(deleted.unwrap_or_else(|e| panic!("{fault:?}: {e}")).deleted);
        assert!(world.sandbox.budgets("team").unwrap().is_empty());
    }
}

#[tokio::test]
async fn members_are_safe_to_add_and_to_remove_again() {
    for fault in lost_answers() {
        let world = World::new("bulk_add_workspace_members", std::slice::from_ref(&fault)).await;
        let added = world.client.bulk_add_members("team", ["user_2", "user_3"]).await;
        assert_eq!(added.unwrap_or_else(|e| panic!("{fault:?}: {e}")).data.len(), 2);
        assert_eq!(world.sandbox.members("team").unwrap().len(), 2, "{fault:?}");

        let world = World::new("bulk_remove_workspace_members", std::slice::from_ref(&fault)).await;
        world.client.bulk_remove_members("team", ["user_2"]).await.unwrap_or_else(|e| panic!("{fault:?}: {e}"));
        assert!(world.sandbox.members("team").unwrap().is_empty(), "{fault:?}");
    }
}
