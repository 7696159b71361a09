//! Whether a workspace was created during the call, by the server's clock, which tells whole seconds only.

use std::time::Duration;

use openrouter_workspaces::{Client, Error, Workspace};
use serde_json::json;

use crate::common::paused::exact;
use crate::reconcile::api::{Api, OWN_USER};
use crate::reconcile::create::{CREATE, LOOK_UP};
use crate::reconcile::network::{Step, World};
use crate::reconcile::unreconciled;

/// The parts of a second at which the server's clock is when the call begins.
fn phases() -> impl Iterator<Item = u64> {
    (0..1000).step_by(50)
}

/// How long a request, and its answer, is under way.
const LATENCIES: [u64; 8] = [1, 2, 5, 20, 50, 100, 150, 200];

async fn create(client: &Client) -> Result<Workspace, Error> {
    client.create("Production", "production").await
}

/// A server on which there is a workspace that somebody created so many milliseconds ago, just as the call will ask for it.
fn world_with_an_older_one(phase: u64, ago: u64, steps: impl IntoIterator<Item = Step>) -> World {
    let world = World::new(phase, steps);
    world.api().create(OWN_USER, &json!({"name": "Production", "slug": "production"}), ago);
    world
}

/// Creates a workspace whose answer is lost, and looks it up, with latencies; the settings are for the server.
async fn assert_own_is_recognised(phase: u64, latency: u64, tolerance: u64, settings: impl FnOnce(&mut Api)) {
    let steps = std::iter::once(Step::status(504).applied()).chain((0..3).map(|_| Step::honest()));
    let world = World::new(phase, steps.map(|step| step.slow(latency, latency)));
    settings(&mut world.api());
    let retry = exact().clock_tolerance(Duration::from_millis(tolerance));
    let created = world.client.create("Production", "production").retry(retry).await;
    let created = created.unwrap_or_else(|error| panic!("phase {phase}, latency {latency}: {error}"));
    assert_eq!(created.id.to_string(), world.api().workspaces[0]["id"]);
    assert_eq!(world.lines()[0], CREATE);
    assert!(
        !world.lines()[1..].contains(&CREATE.to_owned()),
        "phase {phase}, latency {latency}: it is not created twice"
    );
}

/// Takes a workspace that is older than the call neither for its own, nor for a reason to create one.
async fn assert_not_ours(world: World, description: &str) {
    let error = create(&world.client).await.expect_err(description);
    assert!(unreconciled(&error).contains("older than this call"), "{description}: {error}");
    assert_eq!(error.status(), Some(504));
    assert_eq!(world.lines().iter().filter(|line| *line == CREATE).count(), 1, "{description}");
}

#[tokio::test(start_paused = true)]
async fn an_own_create_is_recognised_at_every_phase_of_the_servers_clock_and_latency() {
    for phase in phases() {
        for latency in LATENCIES {
            assert_own_is_recognised(phase, latency, 250, |_| ()).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_own_create_is_recognised_when_the_latency_varies() {
    for phase in phases() {
        for (there, back) in [(1, 200), (200, 1), (1, 1)] {
            let world = World::new(
                phase,
                [
                    Step::status(504).applied().slow(1, 1),
                    Step::honest().slow(there, back),
                    Step::honest().slow(there, back),
                ],
            );
            create(&world.client).await.unwrap_or_else(|error| panic!("phase {phase}, {there} ms, {back} ms: {error}"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_own_create_is_recognised_when_the_look_up_is_slow() {
    for phase in phases() {
        for (there, back) in [(0, 3000), (3000, 0), (1500, 1500)] {
            let steps = [Step::status(504).applied(), Step::honest().slow(there, back)];
            let world = World::new(phase, steps);
            create(&world.client).await.unwrap_or_else(|error| panic!("phase {phase}, {there} ms, {back} ms: {error}"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_own_create_is_recognised_when_the_look_up_for_its_moment_fails_or_is_slow() {
    let missed: [fn() -> Step; 4] =
        [|| Step::status(503), || Step::reset(), || Step::honest().slow(1, 700), || Step::honest().slow(700, 1)];
    for phase in phases() {
        for (number, missed) in missed.iter().enumerate() {
            let steps = [Step::status(504).applied(), Step::honest().slow(1, 1), missed()];
            let world = World::new(phase, steps.into_iter().chain((0..3).map(|_| Step::honest().slow(1, 1))));
            let created = world.client.create("Production", "production").retry(exact().max_attempts(8)).await;
            created.unwrap_or_else(|error| panic!("phase {phase}, case {number}: {error}"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_own_create_is_recognised_when_created_at_has_whole_seconds() {
    for phase in phases() {
        for latency in LATENCIES {
            assert_own_is_recognised(phase, latency, 250, |api| api.clock.whole_seconds = true).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_own_create_is_recognised_when_created_at_lags_by_less_than_the_tolerance() {
    for phase in phases() {
        for latency in LATENCIES {
            assert_own_is_recognised(phase, latency, 250, |api| api.clock.lag = Duration::from_millis(200)).await;
            assert_own_is_recognised(phase, latency, 2500, |api| api.clock.lag = Duration::from_secs(2)).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_lag_that_is_larger_than_the_tolerance_leaves_the_outcome_unknown() {
    for phase in phases() {
        let world = World::new(phase, [Step::status(504).applied()]);
        world.api().clock.lag = Duration::from_secs(2);
        assert_not_ours(world, &format!("phase {phase}")).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_workspace_that_was_created_half_a_second_before_the_call_is_not_ours() {
    for phase in phases() {
        for latency in [0, 1, 10, 50, 100, 200] {
            let slow = |step: Step| step.slow(latency, latency);
            let steps = [slow(Step::status(504)), slow(Step::honest()), slow(Step::honest())];
            let world = world_with_an_older_one(phase, 500, steps);
            assert_not_ours(world, &format!("phase {phase}, latency {latency}")).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_workspace_that_was_created_two_seconds_before_the_call_is_not_ours_when_the_look_up_is_slow() {
    for phase in phases() {
        for (there, back) in [(0, 3000), (3000, 0), (1500, 1500)] {
            let steps = [Step::status(504), Step::honest().slow(there, back)];
            let world = world_with_an_older_one(phase, 2500, steps);
            assert_not_ours(world, &format!("phase {phase}, {there} ms, {back} ms")).await;
        }
    }
}

/// Where `created_at` has whole seconds, what is a second older, and the tolerance, can be told; nothing finer can.
#[tokio::test(start_paused = true)]
async fn a_workspace_that_is_older_than_a_second_is_not_ours_although_created_at_has_whole_seconds() {
    for phase in phases() {
        let world = World::new(phase, [Step::status(504)]);
        world.api().clock.whole_seconds = true;
        world.api().create(OWN_USER, &json!({"name": "Production", "slug": "production"}), 1300);
        assert_not_ours(world, &format!("phase {phase}")).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_look_up_without_a_date_leaves_the_outcome_unknown() {
    for phase in phases() {
        let world = World::new(phase, [Step::status(504).applied(), Step::honest().dateless()]);
        let error = create(&world.client).await.unwrap_err();
        assert!(unreconciled(&error).contains("does not tell its time"), "{error}");
        assert_eq!(world.lines().len(), 2, "to ask once more is of no use");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_absent_during_the_call_is_recognised_without_a_clock() {
    let world =
        World::new(450, [Step::status(504), Step::honest(), Step::status(504).applied(), Step::honest().dateless()]);
    world.api().clock.lag = Duration::from_secs(3600);
    create(&world.client).await.unwrap();
    assert_eq!(world.lines(), [CREATE, LOOK_UP, CREATE, LOOK_UP]);
}

#[tokio::test(start_paused = true)]
async fn where_there_is_no_attempt_or_no_time_to_ask_once_more_the_outcome_is_unknown() {
    for retry in [exact().max_attempts(2), exact().max_elapsed_time(Duration::from_millis(600))] {
        // A look-up half a second after 0.1 s does not tell enough.
        let world = World::new(100, [Step::status(504).applied()]);
        let error = world.client.create("Production", "production").retry(retry).await.unwrap_err();
        assert!(unreconciled(&error).contains("cannot be told"), "{error}");
        assert_eq!(world.lines().len(), 2);
    }
}
