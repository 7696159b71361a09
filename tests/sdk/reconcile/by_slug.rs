//! Updates and deletes that may have been applied: what is named by a slug may be another workspace when they are repeated.

use std::time::Duration;

use openrouter_workspaces::{Delivery, Error, Evidence};
use serde_json::json;

use crate::common::paused::exact;
use crate::reconcile::api::Api;
use crate::reconcile::network::{Step, World};
use crate::reconcile::unreconciled;

/// A minute: long before a call, whatever the clocks do.
const LONG_AGO: u64 = 60_000;

/// A server with a workspace `team` that is a minute old. Returns its id, too.
fn world(steps: impl IntoIterator<Item = Step>) -> (World, String) {
    let world = World::new(450, steps);
    let id = world.api().other_creates("Team", "team", LONG_AGO);
    (world, id)
}

#[tokio::test(start_paused = true)]
async fn a_repeated_update_or_delete_goes_to_the_id_that_the_slug_had() {
    for lost in [Step::status(503), Step::status(503).applied(), Step::reset(), Step::cut()] {
        let (world, id) = world([lost]);
        // A minute is more than what a look-up leaves open, so that one is enough.
        let response = world.client.update("team").name("Crew").send_with_meta().await.unwrap();
        assert_eq!(
            world.lines(),
            ["PATCH /workspaces/team", "GET /workspaces/team", &format!("PATCH /workspaces/{id}")]
        );
        assert_eq!(world.times(), [0, 500, 500]);
        assert_eq!((response.data.name.as_str(), response.attempts()), ("Crew", 3));
        assert_eq!(response.evidence(), Evidence::Repeated);
    }
    let (world, id) = world([Step::status(503)]);
    let response = world.client.delete("team").send_with_meta().await.unwrap();
    assert_eq!(world.lines(), ["DELETE /workspaces/team", "GET /workspaces/team", &format!("DELETE /workspaces/{id}")]);
    assert_eq!((response.attempts(), response.evidence()), (3, Evidence::Repeated));
}

/// How the network and the server's clock can be, and when the other workspace is created; all in milliseconds.
#[derive(Clone, Copy, Debug, Default)]
struct Meanwhile {
    latency: u64,
    /// Of the second look-up, on its way there.
    slow: u64,
    /// By how much `created_at` lags.
    lag: u64,
    /// After the first attempt was done.
    wait: u64,
    whole_seconds: bool,
}

#[tokio::test(start_paused = true)]
async fn a_workspace_that_somebody_else_created_under_the_slug_meanwhile_is_never_deleted() {
    let usual = Meanwhile::default();
    for case in [
        usual,
        Meanwhile { wait: 499, ..usual },
        Meanwhile { latency: 100, ..usual },
        Meanwhile { latency: 200, wait: 300, ..usual },
        Meanwhile { lag: 200, ..usual },
        Meanwhile { lag: 200, latency: 50, ..usual },
        Meanwhile { lag: 200, slow: 600, ..usual },
        Meanwhile { whole_seconds: true, ..usual },
        Meanwhile { whole_seconds: true, wait: 499, ..usual },
    ] {
        for phase in (0..1000).step_by(50) {
            let slow = |step: Step| step.slow(case.latency, case.latency);
            let steps =
                [slow(Step::status(503).applied()), slow(Step::honest()), Step::honest().slow(case.slow, case.latency)];
            let world = World::new(phase, steps);
            world.api().clock.lag = Duration::from_millis(case.lag);
            world.api().clock.whole_seconds = case.whole_seconds;
            world.api().other_creates("Team", "team", LONG_AGO);
            let (deleted, ()) = tokio::join!(world.client.delete("team"), async {
                tokio::time::sleep(Duration::from_millis(case.latency + 1 + case.wait)).await;
                world.api().other_creates("Theirs", "team", 0);
            });
            let what = format!("phase {phase}, {case:?}");
            let error = deleted.expect_err(&what);
            assert_eq!((error.status(), error.delivery()), (Some(503), Delivery::Unknown), "{what}");
            unreconciled(&error);
            assert_eq!(world.api().get("team").expect("theirs is there")["name"], "Theirs", "{what}");
            assert_eq!(world.lines().iter().filter(|line| line.starts_with("DELETE")).count(), 1, "{what}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_workspace_that_somebody_else_created_under_the_slug_meanwhile_is_never_changed() {
    for phase in (0..1000).step_by(50) {
        let replaced = |api: &mut Api| {
            api.delete("team");
            api.other_creates("Theirs", "team", 0);
        };
        let world = World::new(phase, [Step::status(503).after(replaced)]);
        world.api().other_creates("Team", "team", LONG_AGO);
        let error = world.client.update("team").name("Crew").await.unwrap_err();
        unreconciled(&error);
        assert_eq!(world.api().get("team").unwrap()["name"], "Theirs", "phase {phase}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_workspace_that_was_renamed_to_the_slug_meanwhile_is_never_deleted() {
    let (world, _) = world([Step::status(503).applied()]);
    world.api().other_creates("Precious", "precious", LONG_AGO);
    world.then([Step::honest().after(|api| api.change("precious", &json!({"slug": "team"}), 100))]);
    let error = world.client.delete("team").await.unwrap_err();
    assert!(unreconciled(&error).contains("changed"), "{error}");
    assert_eq!(world.api().get("team").unwrap()["name"], "Precious");
}

#[tokio::test(start_paused = true)]
async fn a_repeat_by_the_id_does_not_meet_who_takes_the_slug_after_the_look_up() {
    let swapped = |api: &mut Api| {
        api.delete("team");
        api.other_creates("Theirs", "team", LONG_AGO);
    };
    let (world, _) = world([Step::status(503), Step::honest(), Step::honest().after(swapped)]);
    let response = world.client.delete("team").send_with_meta().await.unwrap();
    assert_eq!((response.status(), response.evidence()), (404, Evidence::Inferred), "it was there, and is gone");
    assert!(response.data.deleted);
    assert_eq!(world.api().get("team").unwrap()["name"], "Theirs");

    let (world, _) = self::world([Step::status(503), Step::honest(), Step::honest().after(swapped)]);
    let error = world.client.update("team").name("Crew").await.unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    assert_eq!(world.api().get("team").unwrap()["name"], "Theirs");
}

#[tokio::test(start_paused = true)]
async fn a_slug_that_looks_like_an_id_without_hyphens_is_looked_up_like_any_other() {
    let slug = "7c9e6679742540de944be07fc1f90ae7";
    let replaced = |api: &mut Api| {
        api.delete(slug);
        api.other_creates("Theirs", slug, 0);
    };
    let world = World::new(450, [Step::status(503).after(replaced)]);
    world.api().other_creates("Team", slug, LONG_AGO);
    unreconciled(&world.client.delete(slug).await.unwrap_err());
    assert_eq!(world.api().get(slug).unwrap()["name"], "Theirs");
}

#[tokio::test(start_paused = true)]
async fn deleting_what_is_not_there_is_not_found_and_never_deleted() {
    // The request that was answered with 503 may have deleted it, but that there ever was one is not known.
    let (world, _) = world([Step::status(503)]);
    let error = world.client.delete("typo").await.unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    assert_eq!((error.attempts(), error.delivery()), (2, Delivery::Unknown));
    assert_eq!(world.lines(), ["DELETE /workspaces/typo", "GET /workspaces/typo"]);
    for first in [vec![], vec![Step::status(429)], vec![Step::refused()]] {
        let requests = first.len() + 1;
        let (world, _) = self::world(first);
        let error = world.client.delete("typo").await.unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
        assert_eq!((error.attempts() as usize, error.delivery()), (requests, Delivery::Answered));
        assert_eq!(world.lines(), vec!["DELETE /workspaces/typo"; requests]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_slug_that_an_attempt_before_has_changed_is_found_under_its_new_name() {
    let (world, id) = world([Step::status(502).applied()]);
    let response = world.client.update("team").slug("crew").name("Crew").send_with_meta().await.unwrap();
    assert_eq!((response.data.slug.as_str(), response.data.id.to_string()), ("crew", id));
    assert_eq!(world.lines(), ["PATCH /workspaces/team", "GET /workspaces/team", "GET /workspaces/crew"]);
    assert_eq!((response.attempts(), response.evidence()), (3, Evidence::Inferred));
}

/// As the real server shows an empty list of tools.
#[tokio::test(start_paused = true)]
async fn a_changed_slug_is_found_also_where_the_server_says_null_for_what_was_sent_and_means_the_same() {
    let normalized = |api: &mut Api| api.change("crew", &json!({"disabled_server_tools": null}), 0);
    let (world, id) = world([Step::status(502).applied(), Step::honest().after(normalized)]);
    let none: [&str; 0] = [];
    let update = world.client.update("team").slug("crew").disabled_server_tools(none);
    let response = update.send_with_meta().await.unwrap();
    assert_eq!((response.data.id.to_string(), response.evidence()), (id, Evidence::Inferred));
}

#[tokio::test(start_paused = true)]
async fn an_update_of_what_is_gone_is_not_found_where_the_new_slug_is_free() {
    let (world, _) = world([Step::status(502).after(|api| api.delete("team"))]);
    let error = world.client.update("team").slug("crew").await.unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(world.lines(), ["PATCH /workspaces/team", "GET /workspaces/team", "GET /workspaces/crew"]);
}

#[tokio::test(start_paused = true)]
async fn another_workspace_under_the_new_slug_is_not_the_result() {
    for (changed, why) in [
        (None, "never changed"),
        (Some((json!({"description": "x"}), LONG_AGO)), "changed before"),
        (Some((json!({"name": "Other"}), 0)), "its name differs"),
    ] {
        let (world, _) = world([Step::status(502).after(|api| api.delete("team"))]);
        world.api().other_creates("Crew", "crew", LONG_AGO);
        if let Some((fields, ago)) = changed {
            world.api().change("crew", &fields, ago);
        }
        let error = world.client.update("team").slug("crew").name("Crew").await.unwrap_err();
        assert!(unreconciled(&error).contains(why), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_named_by_its_id_is_repeated_as_it_is_and_its_404_is_not_found() {
    let (world, id) = world([Step::status(503).after(|api| api.delete("team"))]);
    world.api().other_creates("Another", "b", LONG_AGO);
    let error = world.client.update(id.as_str()).slug("b").await.unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    assert_eq!((error.attempts(), error.delivery()), (2, Delivery::Unknown));
    let line = format!("PATCH /workspaces/{id}");
    assert_eq!(world.lines(), [line.as_str(), line.as_str()], "who has the new slug says nothing");
    assert_eq!(world.api().get("b").unwrap()["name"], "Another");

    let (world, id) = self::world([Step::status(503).applied()]);
    let error = world.client.delete(id.as_str()).await.unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    let line = format!("DELETE /workspaces/{id}");
    assert_eq!((world.lines(), error.delivery()), (vec![line.clone(), line], Delivery::Unknown));
}

#[tokio::test(start_paused = true)]
async fn an_answer_after_which_nothing_is_retried_is_not_looked_up_either() {
    let unreadable = || Step::text(200, "application/json", "{\"data\":").applied();
    for (step, retry) in
        [(Step::status(501), exact()), (unreadable(), exact()), (Step::reset(), exact().retry_connection_errors(false))]
    {
        let (world, _) = world([step]);
        let error = world.client.update("team").name("Crew").retry(retry).await.unwrap_err();
        assert_eq!((error.attempts(), error.delivery()), (1, Delivery::Unknown), "{error}");
        assert_eq!(world.lines(), ["PATCH /workspaces/team"], "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_look_ups_a_slug_is_repeated_as_it_is() {
    let (world, _) = world([Step::status(503)]);
    world.client.update("team").name("Crew").retry(exact().reconcile(false)).await.unwrap();
    assert_eq!(world.lines(), ["PATCH /workspaces/team"; 2]);
}
