//! The retry budget: what is taken for retries and look-ups, and what is given back.

use std::time::Duration;

use openrouter_workspaces::GaveUp;

use crate::common::paused::exact;
use crate::reconcile::create::{CREATE, LOOK_UP};
use crate::reconcile::network::{Step, World};

fn world(tokens: u32) -> World {
    World::with(450, [], |builder| builder.retry_budget(tokens))
}

fn failures(number: usize) -> impl Iterator<Item = Step> {
    (0..number).map(|_| Step::status(503))
}

/// How many retries the budget pays for now. They are spent by that.
async fn affordable_retries(world: &World) -> u32 {
    world.then(failures(100));
    let patient = exact().max_attempts(100).max_elapsed_time(Duration::MAX).initial_interval(Duration::ZERO);
    let error = world.client.get("production").retry(patient).await.unwrap_err();
    assert!(matches!(error.gave_up(), Some(GaveUp::BudgetExhausted { .. })), "{error:?}");
    error.attempts() - 1
}

#[tokio::test(start_paused = true)]
async fn a_used_up_budget_stops_the_retries_of_all_clones_and_says_so() {
    let world = world(12);
    world.then(failures(4));
    let spent = Some(GaveUp::BudgetExhausted { tokens: 2, capacity: 12 });
    let error = world.client.get("production").await.unwrap_err();
    assert_eq!((error.attempts(), error.gave_up()), (3, spent.as_ref()));
    assert!(error.to_string().contains("retry budget is used up (2 of 12 tokens left)"), "{error}");
    let error = world.client.clone().delete("staging").await.unwrap_err();
    assert_eq!((error.attempts(), error.gave_up()), (1, spent.as_ref()));
    assert_eq!(world.lines().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn calls_that_are_dropped_while_they_wait_spend_nothing() {
    let world = world(10);
    let calls = 100;
    world.then(failures(3 * calls));
    let short = Duration::from_millis(100);
    for _ in 0..calls {
        tokio::time::timeout(short, world.client.get("production")).await.expect_err("it waits for 0.5 s");
        tokio::time::timeout(short, world.client.create("New", "new")).await.expect_err("it waits for 0.5 s");
        tokio::time::timeout(short, world.client.delete("old")).await.expect_err("it waits for 0.5 s");
    }
    assert_eq!(world.lines().len(), 3 * calls);
    assert_eq!(affordable_retries(&world).await, 2);
}

#[tokio::test(start_paused = true)]
async fn a_look_up_is_paid_for_like_a_retry() {
    let world = world(4);
    world.then([Step::status(503)]);
    let error = world.client.create("Production", "production").await.unwrap_err();
    assert_eq!(error.gave_up(), Some(&GaveUp::BudgetExhausted { tokens: 4, capacity: 4 }));
    assert_eq!(world.lines(), [CREATE]);
}

#[tokio::test(start_paused = true)]
async fn a_success_gives_back_at_most_what_one_retry_cost_however_many_look_ups_it_took() {
    let world = world(30);
    // 5 for the look-up, 5 for its repeat, and 5 for the second create; 5 come back.
    world.then([Step::status(503), Step::status(503)]);
    world.client.create("Production", "production").await.unwrap();
    assert_eq!(world.lines(), [CREATE, LOOK_UP, LOOK_UP, CREATE]);
    assert_eq!(affordable_retries(&world).await, 4);

    // 5 for the look-up, and 5 for the second one, which waits for the server's clock; 5 come back.
    let world = World::with(100, [], |builder| builder.retry_budget(10));
    world.then([Step::status(503).applied()]);
    world.client.create("Production", "production").await.unwrap();
    assert_eq!(world.lines(), [CREATE, LOOK_UP, LOOK_UP]);
    assert_eq!(affordable_retries(&world).await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_gives_nothing_back() {
    let world = world(15);
    // The look-up succeeds, but the call does not.
    world.then([Step::status(503), Step::honest(), Step::status(403)]);
    world.client.create("Production", "production").await.unwrap_err();
    assert_eq!(world.lines(), [CREATE, LOOK_UP, CREATE]);
    assert_eq!(affordable_retries(&world).await, 1);
}

#[tokio::test(start_paused = true)]
async fn every_request_but_the_first_is_paid_for() {
    // Enough for the look-up, and not for the create after it.
    let world = world(9);
    world.then([Step::status(503)]);
    let error = world.client.create("Production", "production").await.unwrap_err();
    assert_eq!(error.gave_up(), Some(&GaveUp::BudgetExhausted { tokens: 4, capacity: 9 }));
    assert_eq!(world.lines(), [CREATE, LOOK_UP]);

    // Enough for the look-up, and not for the one that waits for the server's clock.
    let world = World::with(100, [], |builder| builder.retry_budget(9));
    world.then([Step::status(503).applied()]);
    let error = world.client.create("Production", "production").await.unwrap_err();
    assert!(error.to_string().contains("retry budget is used up"), "{error}");
    assert_eq!(world.lines(), [CREATE, LOOK_UP]);
}
