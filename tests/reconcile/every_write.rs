//! Every write but creating, when its answer is lost in one way or another: done once, and reported as what it is.

use std::time::Duration;

use openrouter_workspaces::{Delivery, Error, Evidence};

use crate::network::{Step, World};

/// The ways in which an answer is lost after the request was processed.
fn lost_answers() -> Vec<(&'static str, Step)> {
    vec![
        ("a reset", Step::reset().applied()),
        ("500", Step::status(500).applied()),
        ("503", Step::status(503).applied()),
        ("408", Step::status(408).applied()),
        ("a page of a gateway", Step::text(502, "text/html", "<h1>Bad gateway</h1>").applied()),
        ("an empty 504", Step::text(504, "text/plain", "").applied()),
        ("a cut body", Step::cut()),
        ("a body that stalls", Step::stalled()),
        ("silence", Step::silence().applied()),
    ]
}

/// A server with a workspace `team` that has a member and a budget, and the workspace's id.
fn world(lost: Step) -> (World, String) {
    let world = World::with(450, [lost], |builder| builder.attempt_timeout(Duration::from_secs(5)));
    let id = world.api().other_creates("Team", "team", 60_000);
    world.api().members.insert(id.clone(), ["user_2".to_owned()].into());
    world.api().budgets.insert((id.clone(), "monthly".to_owned()), 50.0);
    (world, id)
}

#[tokio::test(start_paused = true)]
async fn an_update_is_done_even_when_it_changes_the_slug() {
    for (name, lost) in lost_answers() {
        let (world, id) = world(lost);
        let updated = world.client.update("team").name("Crew").slug("crew").description("y").await;
        let updated = updated.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((updated.name.as_str(), updated.slug.as_str()), ("Crew", "crew"), "{name}");
        assert_eq!(updated.id.to_string(), id, "{name}");
        let api = world.api();
        let there = api.get("crew").expect("renamed");
        assert_eq!((&there["id"], &there["name"], &there["description"]), (&id.into(), &"Crew".into(), &"y".into()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_delete_is_done_and_not_found_afterwards() {
    for (name, lost) in lost_answers() {
        let (world, _) = world(lost);
        let error = world.client.delete("team").await.expect_err(name);
        assert!(matches!(error, Error::NotFound(_)), "{name}: {error}");
        assert_eq!(error.delivery(), Delivery::Unknown, "{name}: it may have been this call");
        assert!(error.to_string().contains("an attempt may have been applied"), "{error}");
        assert_eq!(world.api().workspaces.len(), 0, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn budgets_are_set_and_deleted() {
    for (name, lost) in lost_answers() {
        let (world, id) = world(lost);
        let request = world.client.set_budget("team", "weekly", 20.0);
        let set = request.send_with_meta().await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((set.data.limit_usd, set.attempts(), set.evidence()), (20.0, 2, Evidence::Repeated), "{name}");
        assert_eq!(world.api().budgets.len(), 2, "{name}");
        assert_eq!(world.api().budgets[&(id, "weekly".to_owned())], 20.0, "{name}");
    }
    for (name, lost) in lost_answers() {
        let (world, _) = world(lost);
        let deleted = world.client.delete_budget("team", "monthly").await;
        assert!(deleted.unwrap_or_else(|error| panic!("{name}: {error}")).deleted, "{name}");
        assert!(world.api().budgets.is_empty(), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn members_are_added_and_removed_and_their_numbers_are_said_to_be_of_a_repeat() {
    for (name, lost) in lost_answers() {
        let (world, id) = world(lost);
        let request = world.client.bulk_add_members("team", ["user_2", "user_3"]);
        let added = request.send_with_meta().await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((added.data.data.len(), world.api().members[&id].len()), (2, 2), "{name}");
        assert_eq!(added.data.added_count, 0, "{name}: the attempt before has added user_3");
        assert_eq!((added.attempts(), added.evidence()), (2, Evidence::Repeated), "{name}");
    }
    for (name, lost) in lost_answers() {
        let (world, id) = world(lost);
        let request = world.client.bulk_remove_members("team", ["user_2"]);
        let removed = request.send_with_meta().await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((removed.data.removed_count, removed.evidence()), (0, Evidence::Repeated), "{name}");
        assert!(world.api().members[&id].is_empty(), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_not_processed_is_repeated_as_the_first_one() {
    for lost in [Step::status(429), Step::refused()] {
        let (world, _) = world(lost);
        let added = world.client.bulk_add_members("team", ["user_2", "user_3"]).send_with_meta().await.unwrap();
        assert_eq!((added.data.added_count, added.attempts(), added.evidence()), (1, 2, Evidence::Answered));
    }
}
